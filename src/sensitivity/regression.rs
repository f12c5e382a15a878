//! Least squares of many results on the same functions of the points, with every block of points
//! left out in turn.
//!
//! All results share one set of functions, so what is fitted to a difference of two results is the
//! difference of what is fitted to them. Sums are kept by block of points, which makes a fit without
//! one block cheap; how a number changes from one such fit to the next gives its error (the
//! jackknife by groups: Miller 1974, "The jackknife - a review", Biometrika 61).

use super::basis::Basis;
use crate::numeric::normal_deviate;
use crate::stats::Interval;
use crate::threads::each;

/// Sums over some points, from which a fit follows.
#[derive(Debug, Clone)]
pub struct Sums {
    /// How many points.
    points: f64,
    /// Of products of functions, the lower half by rows.
    xx: Vec<f64>,
    /// Of a function times a result, by function.
    xy: Vec<f64>,
    /// Of the squares of a result.
    yy: Vec<f64>,
    functions: usize,
    results: usize,
}

impl Sums {
    fn new(functions: usize, results: usize) -> Sums {
        Sums {
            points: 0.0,
            xx: vec![0.0; functions * functions],
            xy: vec![0.0; functions * results],
            yy: vec![0.0; results],
            functions,
            results,
        }
    }

    fn add(&mut self, x: &[f64], y: &[f64]) {
        self.points += 1.0;
        for (at, a) in x.iter().enumerate() {
            let row = &mut self.xx[at * self.functions..][..at + 1];
            row.iter_mut().zip(x).for_each(|(sum, b)| *sum += a * b);
            let row = &mut self.xy[at * self.results..][..self.results];
            row.iter_mut().zip(y).for_each(|(sum, b)| *sum += a * b);
        }
        self.yy.iter_mut().zip(y).for_each(|(sum, b)| *sum += b * b);
    }

    /// Adds the points of another, `sign` times.
    fn merge(&mut self, other: &Sums, sign: f64) {
        self.points += sign * other.points;
        let pairs = [(&mut self.xx, &other.xx), (&mut self.xy, &other.xy)];
        for (mine, theirs) in pairs.into_iter().chain([(&mut self.yy, &other.yy)]) {
            mine.iter_mut().zip(theirs).for_each(|(sum, more)| *sum += sign * more);
        }
    }

    /// The fit; none where the points are too few for the functions.
    fn fit(&self) -> Option<Fit> {
        let (functions, results) = (self.functions, self.results);
        let degrees = self.points - functions as f64;
        if degrees < 1.0 {
            return None;
        }
        let root = Root::new(&self.xx, functions)?;
        let mut fit = Fit {
            coefficients: Vec::with_capacity(results),
            variances: Vec::with_capacity(results),
            inverse: root.inverse_diagonal(),
        };
        for result in 0..results {
            let right: Vec<f64> = (0..functions).map(|at| self.xy[at * results + result]).collect();
            let solved = root.solve(&right);
            let explained: f64 = solved.iter().zip(&right).map(|(a, b)| a * b).sum();
            fit.variances.push((self.yy[result] - explained).max(0.0) / degrees);
            fit.coefficients.push(solved);
        }
        Some(fit)
    }
}

/// The root of a matrix: a lower triangle that gives it when multiplied by its own transpose
/// (Cholesky).
struct Root {
    rows: Vec<f64>,
    size: usize,
}

impl Root {
    fn new(lower: &[f64], size: usize) -> Option<Root> {
        let mut rows = lower.to_vec();
        for i in 0..size {
            // Functions that differ by rounding alone are told apart by this much.
            let own = rows[i * size + i] * (1.0 + 1e-12);
            for j in 0..=i {
                let (above, here) = rows.split_at(i * size);
                let products = |other: &[f64]| -> f64 {
                    other[..j].iter().zip(&here[..j]).map(|(a, b)| a * b).sum()
                };
                let rest = if i == j {
                    own - products(here)
                } else {
                    here[j] - products(&above[j * size..])
                };
                rows[i * size + j] = if i != j {
                    rest / rows[j * size + j]
                } else if rest > 0.0 {
                    rest.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Root { rows, size })
    }

    fn forward(&self, right: &[f64], from: usize) -> Vec<f64> {
        let mut solved = right.to_vec();
        for i in from..self.size {
            let row = &self.rows[i * self.size..][..i];
            let sum: f64 = row[from..].iter().zip(&solved[from..i]).map(|(a, b)| a * b).sum();
            solved[i] = (solved[i] - sum) / self.rows[i * self.size + i];
        }
        solved
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut solved = self.forward(right, 0);
        for i in (0..self.size).rev() {
            solved[i] /= self.rows[i * self.size + i];
            let (value, row) = (solved[i], &self.rows[i * self.size..][..i]);
            solved[..i].iter_mut().zip(row).for_each(|(left, a)| *left -= value * a);
        }
        solved
    }

    /// The diagonal of the matrix's inverse.
    fn inverse_diagonal(&self) -> Vec<f64> {
        let mut diagonal = vec![0.0; self.size];
        for column in 0..self.size {
            let mut unit = vec![0.0; self.size];
            unit[column] = 1.0;
            let solved = self.forward(&unit, column);
            diagonal[column] = solved[column..].iter().map(|a| a * a).sum();
        }
        diagonal
    }
}

/// Coefficients of every result.
#[derive(Debug, Clone)]
pub struct Fit {
    /// By result, then by function; the constant first.
    pub coefficients: Vec<Vec<f64>>,
    /// By result: the variance about the fit.
    pub variances: Vec<f64>,
    /// By function: the variance of its coefficient where the variance about the fit is 1.
    pub inverse: Vec<f64>,
}

/// How many variances of its estimate a coefficient loses of its square. One would leave a third of
/// what is only noise, in part; at two a coefficient is believed that would lower Akaike's
/// criterion.
const DOUBT: f64 = 2.0;

impl Fit {
    /// The variance of the estimate of a coefficient.
    pub fn variance(&self, result: usize, function: usize) -> f64 {
        self.variances[result] * self.inverse[function]
    }

    /// Without what may be noise: each coefficient is shortened by as much as it is uncertain, down
    /// to 0 (the nonnegative garrote: Breiman 1995, "Better subset regression using the nonnegative
    /// garrote", Technometrics 37).
    pub fn shrunk(&self) -> Fit {
        let mut shrunk = self.clone();
        for (result, coefficients) in shrunk.coefficients.iter_mut().enumerate() {
            for (at, value) in coefficients.iter_mut().enumerate().skip(1) {
                let noise = self.variances[result] * self.inverse[at];
                let square = *value * *value;
                *value *= if square > 0.0 { (1.0 - DOUBT * noise / square).max(0.0) } else { 0.0 };
            }
        }
        shrunk
    }

    /// A result at a point, whose functions are `row`.
    pub fn at(&self, result: usize, row: &[f64]) -> f64 {
        self.coefficients[result].iter().zip(row).map(|(a, b)| a * b).sum()
    }
}

/// A fit to all points, and one without each block.
#[derive(Debug)]
pub struct Jackknife {
    /// To all points.
    pub whole: Fit,
    /// Without each block in turn.
    pub without: Vec<Fit>,
}

impl Jackknife {
    /// Each fit without what may be noise.
    pub fn shrunk(&self) -> Jackknife {
        let without = self.without.iter().map(Fit::shrunk).collect();
        Jackknife { whole: self.whole.shrunk(), without }
    }
}

/// Fits `results` (one row a point) to the functions of `points`, in blocks that follow each other
/// and are as equal as they can be. None where there are too few points.
pub fn fit(
    basis: &Basis,
    points: &[Vec<f64>],
    results: &[Vec<f64>],
    blocks: usize,
    threads: usize,
) -> Option<Jackknife> {
    let (sums, whole) = sums(basis, points, results, (blocks, threads))?;
    let without = each(blocks, threads, |block| {
        let mut rest = whole.clone();
        rest.merge(&sums[block], -1.0);
        rest.fit()
    });
    Some(Jackknife { whole: whole.fit()?, without: without.into_iter().collect::<Option<_>>()? })
}

/// Fits `results` to the functions of `points`, without leaving any out. None where there are too few
/// points.
pub fn fit_whole(
    basis: &Basis,
    points: &[Vec<f64>],
    results: &[Vec<f64>],
    threads: usize,
) -> Option<Fit> {
    /// So many that threads have work, and the same for any number of them.
    const PARTS: usize = 16;
    sums(basis, points, results, (PARTS, threads))?.1.fit()
}

/// The sums over each block, and over all.
fn sums(
    basis: &Basis,
    points: &[Vec<f64>],
    results: &[Vec<f64>],
    (blocks, threads): (usize, usize),
) -> Option<(Vec<Sums>, Sums)> {
    let count = points.len().min(results.len());
    let columns = results.first()?.len();
    let sums = each(blocks, threads, |block| {
        let mut sums = Sums::new(basis.len(), columns);
        for at in block * count / blocks..(block + 1) * count / blocks {
            sums.add(&basis.row(&points[at]), &results[at]);
        }
        sums
    });
    let mut whole = Sums::new(basis.len(), columns);
    sums.iter().for_each(|block| whole.merge(block, 1.0));
    Some((sums, whole))
}

/// An estimate with its interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Where the truth lies at the asked confidence.
    pub interval: Interval,
}

impl Estimate {
    /// From the number that all blocks give, and those without each block in turn.
    ///
    /// The first-order bias of a number that is no sum is removed (Quenouille 1956), and the
    /// interval is Student's for as many values as there are blocks.
    pub fn jackknife(whole: f64, without: &[f64], confidence: f64) -> Estimate {
        let blocks = without.len() as f64;
        if blocks < 2.0 {
            let interval = Interval { low: f64::NEG_INFINITY, high: f64::INFINITY };
            return Estimate { value: whole, interval };
        }
        let mean = without.iter().sum::<f64>() / blocks;
        let squares: f64 = without.iter().map(|value| (value - mean).powi(2)).sum();
        let error = ((blocks - 1.0) / blocks * squares).sqrt();
        let value = blocks * whole - (blocks - 1.0) * mean;
        let half = student(confidence, blocks - 1.0) * error;
        Estimate { value, interval: Interval { low: value - half, high: value + half } }
    }

    /// As [`Estimate::jackknife`], around the number that all blocks give. A count of choices is no
    /// smooth number: removing its bias would double its error, and the bias is small beside that.
    pub fn around(whole: f64, without: &[f64], confidence: f64) -> Estimate {
        let Estimate { value, interval } = Estimate::jackknife(whole, without, confidence);
        Estimate { value: whole, interval: interval.map(|end| end + whole - value) }
    }

    /// Kept within limits that the truth keeps.
    pub fn within(self, least: f64, most: f64) -> Estimate {
        let Estimate { value, interval } = self;
        let keep = |x: f64| x.clamp(least, most);
        Estimate { value: keep(value), interval: interval.map(keep) }
    }
}

/// Student's deviate, by the first terms of its expansion about the normal one (Fisher and Cornish
/// 1960); within 1 % from seven degrees of freedom on.
pub fn student(confidence: f64, degrees: f64) -> f64 {
    let z = normal_deviate(confidence);
    let (z3, z5) = (z.powi(3), z.powi(5));
    z + (z3 + z) / (4.0 * degrees) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * degrees * degrees)
}

#[cfg(test)]
mod tests {
    use super::super::basis::Axis;
    use super::super::design::Points;
    use super::*;

    #[test]
    fn a_polynomial_is_found_exactly() {
        let points = Points { seed: 1, dimensions: 2 };
        let points: Vec<Vec<f64>> = (0..128).map(|number| points.point(number)).collect();
        let basis = Basis::main(vec![Axis::Even(2), Axis::Even(2)]);
        let truth = [3.0, -1.0, 0.5, 2.0, 0.25];
        let value = |point: &Vec<f64>| -> f64 {
            basis.row(point).iter().zip(truth).map(|(a, b)| a * b).sum()
        };
        let results: Vec<Vec<f64>> = points.iter().map(|p| vec![value(p), 0.0]).collect();
        let fitted = fit(&basis, &points, &results, 4, 2).unwrap();
        for one in std::iter::once(&fitted.whole).chain(&fitted.without) {
            for (value, truth) in one.coefficients[0].iter().zip(truth) {
                assert!((value - truth).abs() < 1e-6, "{value} {truth}");
            }
            assert!(one.variances[0] < 1e-8 && one.coefficients[1].iter().all(|b| *b == 0.0));
        }
        assert!(fit(&basis, &points[..4], &results, 2, 1).is_none());
    }

    #[test]
    fn students_deviate_is_that_of_tables() {
        for (degrees, truth) in [(7.0, 2.365), (15.0, 2.131), (31.0, 2.040)] {
            let value = student(0.95, degrees);
            assert!((value / truth - 1.0).abs() < 0.01, "{degrees}: {value}");
        }
    }

    #[test]
    fn the_interval_of_a_mean_is_the_ordinary_one() {
        let values = [1.0, 2.0, 4.0, 7.0, 3.0];
        let mean = values.iter().sum::<f64>() / 5.0;
        let without: Vec<f64> = values.iter().map(|x| (5.0 * mean - x) / 4.0).collect();
        let estimate = Estimate::jackknife(mean, &without, 0.95);
        let variance: f64 = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 4.0;
        let half = student(0.95, 4.0) * (variance / 5.0).sqrt();
        assert!((estimate.value - mean).abs() < 1e-12);
        assert!((estimate.interval.half_width() / half - 1.0).abs() < 1e-9);
    }
}
