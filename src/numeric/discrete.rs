//! Counts: binomial and Poisson probabilities, and the waiting times that hang on them.

/// Probabilities of a binomial distribution.
pub(crate) struct Binomial {
    /// The outcome that the first mass belongs to. Outcomes without a mass add less than 1e-35.
    pub(crate) first: u64,
    pub(crate) masses: Vec<f64>,
}

impl Binomial {
    /// The distribution of the number of successes in `count` trials of probability `p`, `0 < p <
    /// 1`.
    ///
    /// By the ratio of neighbouring probabilities, outwards from the most likely outcome, then
    /// scaled to add up to 1: no logarithm, no gamma function, and an error of about 1e-16 a step.
    pub(crate) fn new(count: u64, p: f64) -> Self {
        const NEGLIGIBLE: f64 = 1e-40;
        let odds = p / (1.0 - p);
        // P(B = k + 1) / P(B = k)
        let ratio = |k: u64| (count - k) as f64 / (k + 1) as f64 * odds;
        let mode = (((count as f64 + 1.0) * p) as u64).min(count);
        let mut masses = vec![1.0];
        let (mut k, mut mass) = (mode, 1.0);
        while k > 0 && mass > NEGLIGIBLE {
            k -= 1;
            mass /= ratio(k);
            masses.push(mass);
        }
        let first = k;
        masses.reverse();
        (k, mass) = (mode, 1.0);
        while k < count && mass > NEGLIGIBLE {
            mass *= ratio(k);
            k += 1;
            masses.push(mass);
        }
        let total: f64 = masses.iter().sum();
        masses.iter_mut().for_each(|mass| *mass /= total);
        Binomial { first, masses }
    }
}

/// The masses of a Poisson distribution, one after the other, without underflow of the first.
pub(crate) struct Poisson {
    ln_mean: f64,
    ln_mass: f64,
    count: f64,
}

impl Poisson {
    /// Begins at the mass of 0.
    pub(crate) fn new(mean: f64) -> Poisson {
        Poisson { ln_mean: libm::log(mean), ln_mass: -mean, count: 0.0 }
    }

    /// P(K = k) at the present count k.
    pub(crate) fn mass(&self) -> f64 {
        libm::exp(self.ln_mass)
    }

    /// Goes on to the next count.
    pub(crate) fn next(&mut self) {
        self.count += 1.0;
        self.ln_mass += self.ln_mean - libm::log(self.count);
    }
}

/// P(Erlang(k, rate 1) <= x): 1 minus the first k Poisson masses.
pub(crate) fn erlang_cdf(k: u32, x: f64) -> f64 {
    let mut poisson = Poisson::new(x);
    // From the other end where that end is the small one.
    if f64::from(k) > x {
        for _ in 0..k {
            poisson.next();
        }
        let (mut sum, mut mass) = (0.0, poisson.mass());
        while mass > 1e-18 * sum && mass > 0.0 {
            sum += mass;
            poisson.next();
            mass = poisson.mass();
        }
        return sum;
    }
    let mut below = 0.0;
    for _ in 0..k {
        below += poisson.mass();
        poisson.next();
    }
    f64::max(1.0 - below, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::DiscreteCDF;

    #[test]
    fn the_binomial_distribution_agrees_with_an_independent_one() {
        for (n, p) in [(1, 0.3), (10, 0.5), (50, 0.99), (1000, 0.05), (20_000, 0.5)] {
            let distribution = Binomial::new(n, p);
            let reference = statrs::distribution::Binomial::new(p, n).unwrap();
            let mut cumulative = 0.0;
            for (k, mass) in (distribution.first..).zip(&distribution.masses) {
                cumulative += mass;
                assert!((cumulative - reference.cdf(k)).abs() <= 1e-9, "{n} {p} {k}");
            }
            assert!((cumulative - 1.0).abs() <= 1e-13, "{n} {p}: {cumulative}");
        }
        let even = Binomial::new(4, 0.5);
        for (mass, expected) in even.masses.iter().zip([1.0, 4.0, 6.0, 4.0, 1.0]) {
            assert!((mass - expected / 16.0).abs() <= 1e-16);
        }
    }

    #[test]
    fn an_erlang_wait_is_one_of_gamma_shape() {
        for (k, x) in [(1, 0.3), (2, 5.0), (7, 7.0), (40, 20.0), (40, 80.0)] {
            let truth = crate::numeric::gamma_tails(f64::from(k), x).0;
            assert!((erlang_cdf(k, x) / truth - 1.0).abs() < 1e-12, "{k} {x}");
        }
    }
}
