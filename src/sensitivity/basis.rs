//! Functions of a point in which results are expanded: orthonormal polynomials of each coordinate,
//! and products of two.
//!
//! A coordinate of a point is even between 0 and 1. Most inputs are lognormal or normal on a
//! logit scale, so results are smooth in the normal deviate of the coordinate: those are expanded in
//! Hermite polynomials (Ghanem and Spanos 1991, "Stochastic finite elements"). Where the coordinate
//! itself is the input, Legendre polynomials fit (Xiu and Karniadakis 2002, "The Wiener-Askey
//! polynomial chaos", SIAM Journal on Scientific Computing 24). A cost is a straight line in a price, so
//! a price has that line alone. A choice has a function for each of its values but one.
//!
//! Over the cube every function has mean 0 and variance 1, and no two are correlated. So the square
//! of a coefficient is the variance that its function makes.

use crate::numeric::normal_quantile;

/// How results depend on one coordinate.
#[derive(Debug, Clone, PartialEq)]
pub enum Axis {
    /// Smooth in the normal deviate: Hermite polynomials up to this degree.
    Normal(usize),
    /// Smooth in the coordinate: Legendre polynomials up to this degree.
    Even(usize),
    /// A choice between values with these probabilities, in the order of the coordinate.
    Choice(Vec<f64>),
    /// A price, of which a cost is a straight line.
    Price(Line),
}

/// A value in its standard deviations from its mean, by quantile.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// In the middle of so many equal slices of the quantiles.
    values: Vec<f64>,
}

impl Line {
    /// From the value at each quantile; none where it is always the same.
    pub fn new(value: impl Fn(f64) -> Option<f64>) -> Option<Line> {
        const SLICES: usize = 4000;
        let at = |slice: usize| value((slice as f64 + 0.5) / SLICES as f64);
        let values: Vec<f64> = (0..SLICES).map(at).collect::<Option<_>>()?;
        let mean = values.iter().sum::<f64>() / SLICES as f64;
        let square = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        let deviation = (square / SLICES as f64).sqrt();
        let values = values.iter().map(|value| (value - mean) / deviation).collect();
        (deviation > 0.0 && deviation.is_finite()).then_some(Line { values })
    }

    fn at(&self, u: f64) -> f64 {
        let last = self.values.len() - 1;
        let place = (u * self.values.len() as f64 - 0.5).clamp(0.0, last as f64);
        let from = place as usize;
        let (a, b) = (self.values[from], self.values[(from + 1).min(last)]);
        a + (place - from as f64) * (b - a)
    }
}

/// A polynomial of one coordinate, by its number among those of the coordinate, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Factor {
    /// The coordinate.
    pub coordinate: usize,
    /// Which of its polynomials.
    pub order: usize,
}

/// A function of a point: one polynomial, or the product of two of different coordinates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    /// The polynomial.
    pub first: Factor,
    /// What it is multiplied by.
    pub second: Option<Factor>,
}

impl Term {
    /// Does it depend on that coordinate alone?
    pub fn is_main(&self, coordinate: usize) -> bool {
        self.first.coordinate == coordinate && self.second.is_none()
    }
}

impl Axis {
    /// How many polynomials the coordinate has.
    pub fn count(&self) -> usize {
        match self {
            Axis::Normal(degree) | Axis::Even(degree) => *degree,
            Axis::Choice(weights) => weights.len().saturating_sub(1),
            Axis::Price(_) => 1,
        }
    }

    /// Its polynomials at `u`, added to `to`.
    pub fn push(&self, u: f64, to: &mut Vec<f64>) {
        match self {
            Axis::Normal(degree) => hermite(normal_quantile(u), *degree, to),
            Axis::Even(degree) => legendre(2.0 * u - 1.0, *degree, to),
            Axis::Choice(weights) => choice(weights, u, to),
            Axis::Price(line) => to.push(line.at(u)),
        }
    }
}

/// Hermite polynomials divided by the root of n!, which makes them orthonormal under the normal
/// density.
pub fn hermite(z: f64, degree: usize, to: &mut Vec<f64>) {
    let (mut before, mut now) = (0.0, 1.0);
    for n in 0..degree {
        let next = (z * now - (n as f64).sqrt() * before) / ((n + 1) as f64).sqrt();
        (before, now) = (now, next);
        to.push(now);
    }
}

/// Legendre polynomials times the root of 2n + 1, orthonormal for an even x between -1 and 1.
fn legendre(x: f64, degree: usize, to: &mut Vec<f64>) {
    let (mut before, mut now) = (0.0, 1.0);
    for n in 0..degree {
        let k = n as f64;
        let next = ((2.0 * k + 1.0) * x * now - k * before) / (k + 1.0);
        (before, now) = (now, next);
        to.push(now * (2.0 * k + 3.0).sqrt());
    }
}

/// For each value but the last: how far the choice is that value and none before it, against those
/// after it (Helmert's contrasts, with weights).
fn choice(weights: &[f64], u: f64, to: &mut Vec<f64>) {
    let mut through = 0.0;
    let chosen = weights.iter().position(|weight| {
        through += weight;
        u < through
    });
    let chosen = chosen.unwrap_or(weights.len().saturating_sub(1));
    let mut after: f64 = weights.iter().sum();
    for (value, weight) in weights.iter().enumerate().take(weights.len().saturating_sub(1)) {
        let both = after;
        after -= weight;
        to.push(match chosen.cmp(&value) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => (after / (weight * both)).sqrt(),
            std::cmp::Ordering::Greater => -(weight / (after * both)).sqrt(),
        });
    }
}

/// The functions of a regression; the constant comes first and is no term.
#[derive(Debug, Clone, PartialEq)]
pub struct Basis {
    /// By coordinate.
    pub axes: Vec<Axis>,
    /// The terms, after the constant.
    pub terms: Vec<Term>,
}

impl Basis {
    /// All polynomials of every coordinate alone.
    pub fn main(axes: Vec<Axis>) -> Basis {
        let of = |(coordinate, axis): (usize, &Axis)| {
            (1..=axis.count())
                .map(move |order| Term { first: Factor { coordinate, order }, second: None })
        };
        let terms = axes.iter().enumerate().flat_map(of).collect();
        Basis { axes, terms }
    }

    /// The same with polynomials of prices: whether something is the choice is no straight line of a
    /// price, as a cost is.
    pub fn curved(&self) -> Basis {
        let degree = |axis: &Axis| if let Axis::Normal(degree) = axis { *degree } else { 1 };
        let most = self.axes.iter().map(degree).max().unwrap_or(1);
        let axis = |axis: &Axis| match axis {
            Axis::Price(_) => Axis::Normal(most),
            other => other.clone(),
        };
        let products = self.terms.iter().filter_map(|term| Some([term.first, term.second?]));
        Basis::main(self.axes.iter().map(axis).collect()).with(products)
    }

    /// Adds products.
    pub fn with(mut self, products: impl IntoIterator<Item = [Factor; 2]>) -> Basis {
        let term = |[first, second]: [Factor; 2]| Term { first, second: Some(second) };
        self.terms.extend(products.into_iter().map(term));
        self
    }

    /// How many numbers [`Basis::row`] gives.
    pub fn len(&self) -> usize {
        self.terms.len() + 1
    }

    /// 1, then every term at a point.
    pub fn row(&self, point: &[f64]) -> Vec<f64> {
        let mut values = Vec::new();
        let mut starts = Vec::with_capacity(self.axes.len());
        for (axis, u) in self.axes.iter().zip(point) {
            starts.push(values.len());
            axis.push(*u, &mut values);
        }
        let value = |factor: Factor| values[starts[factor.coordinate] + factor.order - 1];
        let term = |term: &Term| value(term.first) * term.second.map_or(1.0, value);
        std::iter::once(1.0).chain(self.terms.iter().map(term)).collect()
    }

    /// Products of polynomials of different coordinates among these, whose degrees add up to
    /// `degree` at most.
    pub fn products(&self, coordinates: &[usize], degree: usize) -> Vec<[Factor; 2]> {
        let mut products = Vec::new();
        for (place, &a) in coordinates.iter().enumerate() {
            for &b in &coordinates[place + 1..] {
                for i in 1..=self.axes[a].count() {
                    for j in 1..=self.axes[b].count() {
                        if i + j <= degree {
                            let [first, second] = [(a, i), (b, j)]
                                .map(|(coordinate, order)| Factor { coordinate, order });
                            products.push([first, second]);
                        }
                    }
                }
            }
        }
        products
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::normal_cdf;

    /// Means of products over a fine grid of the coordinate.
    fn products(axis: &Axis) -> Vec<Vec<f64>> {
        let (many, count) = (200_000, axis.count() + 1);
        let mut sums = vec![vec![0.0; count]; count];
        for k in 0..many {
            let mut row = vec![1.0];
            axis.push((k as f64 + 0.5) / f64::from(many), &mut row);
            for (sums, a) in sums.iter_mut().zip(&row) {
                sums.iter_mut().zip(&row).for_each(|(sum, b)| *sum += a * b / f64::from(many));
            }
        }
        sums
    }

    #[test]
    fn functions_of_a_coordinate_are_orthonormal() {
        let choice = Axis::Choice(vec![0.2, 0.5, 0.3]);
        for axis in [Axis::Normal(3), Axis::Even(6), choice] {
            for (a, row) in products(&axis).iter().enumerate() {
                for (b, value) in row.iter().enumerate() {
                    let truth = f64::from(u8::from(a == b));
                    assert!((value - truth).abs() < 5e-3, "{axis:?} {a} {b}: {value}");
                }
            }
        }
    }

    #[test]
    fn a_row_holds_what_its_terms_say() {
        let basis = Basis::main(vec![Axis::Normal(2), Axis::Normal(1)]);
        let products = basis.products(&[0, 1], 2);
        assert_eq!(products.len(), 1);
        let basis = basis.with(products);
        let row = basis.row(&[normal_cdf(2.0), normal_cdf(-1.0)]);
        let truth = [1.0, 2.0, 3.0 / 2_f64.sqrt(), -1.0, -2.0];
        for (value, truth) in row.iter().zip(truth) {
            assert!((value - truth).abs() < 1e-9, "{row:?}");
        }
        assert_eq!(basis.len(), 5);
    }
}
