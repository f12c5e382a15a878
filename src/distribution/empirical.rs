//! The distribution of observed durations.

use super::family::Parameter;
use super::{Distribution, DistributionError, Properties, Rng, power};
use rand::Rng as _;

/// One of a list of durations, each equally likely; a value that stands twice is twice as likely.
///
/// Parameter: the durations, hours. Drawn by multiplying a 64-bit word with the length, the high
/// half being the place in the list (D. Lemire, *Fast Random Integer Generation in an Interval*,
/// 2019; without his rejection: the bias is below length / 2^64).
#[derive(Debug, Clone, PartialEq)]
pub struct Empirical {
    /// In ascending order.
    values: Vec<f64>,
}

impl Distribution {
    /// One of these durations, hours, each equally likely.
    ///
    /// # Errors
    /// The list is empty, or one entry is no duration.
    pub fn empirical(mut values: Vec<f64>) -> Result<Distribution, DistributionError> {
        for value in &mut values {
            Parameter::Duration.check("observed duration", *value)?;
            // No -0: it would sort and print apart.
            *value += 0.0;
        }
        values.sort_by(f64::total_cmp);
        match (values.first(), values.last()) {
            (Some(first), Some(last)) if first == last => Ok(Distribution::constant_of(*first)),
            (Some(_), Some(_)) => Ok(Distribution::Empirical(Empirical { values })),
            _ => Err(DistributionError::NoValues),
        }
    }
}

impl Empirical {
    /// The distribution given that it is at most `max`; some values are.
    pub(super) fn up_to(&self, max: f64) -> Result<Distribution, DistributionError> {
        Distribution::empirical(self.values[..self.rank(max)].to_vec())
    }

    /// The durations in ascending order, hours.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    #[inline]
    pub(super) fn sample(&self, rng: &mut Rng) -> f64 {
        let place = (u128::from(rng.next_u64()) * self.values.len() as u128) >> 64;
        self.values[place as usize]
    }

    /// How many values are at most x.
    fn rank(&self, x: f64) -> usize {
        self.values.partition_point(|value| *value <= x)
    }

    fn count(&self) -> f64 {
        self.values.len() as f64
    }
}

impl Properties for Empirical {
    fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.count()
    }
    fn variance(&self) -> f64 {
        let mean = self.mean();
        self.values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / self.count()
    }
    fn cdf(&self, x: f64) -> f64 {
        self.rank(x) as f64 / self.count()
    }
    fn survival(&self, x: f64) -> f64 {
        (self.values.len() - self.rank(x)) as f64 / self.count()
    }
    fn quantile(&self, p: f64) -> f64 {
        // The first rank whose share reaches p, by the division that `cdf` makes.
        let mut rank = ((p * self.count()).ceil() as usize).clamp(1, self.values.len());
        while rank > 1 && (rank - 1) as f64 / self.count() >= p {
            rank -= 1;
        }
        self.values[rank - 1]
    }
    fn partial_moment(&self, order: u8, max: f64) -> f64 {
        let below = &self.values[..self.rank(max)];
        below.iter().map(|x| power(*x, order)).sum::<f64>() / self.count()
    }
    fn scaled(&self, factor: f64) -> Distribution {
        Distribution::Empirical(Empirical {
            values: self.values.iter().map(|x| x * factor).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;

    #[test]
    fn every_observed_duration_is_equally_likely() -> Result<(), DistributionError> {
        let distribution = Distribution::empirical(vec![3.0, 1.0, 2.0, 2.0, 0.0, 9.0, 4.0])?;
        let rng = &mut judge::generator(5);
        let (draws, mut seen) = (200_000, [0_u32; 10]);
        for _ in 0..draws {
            seen[distribution.sample(rng) as usize] += 1;
        }
        let expected = |value: usize| match value {
            2 => 2.0 / 7.0,
            0 | 1 | 3 | 4 | 9 => 1.0 / 7.0,
            _ => 0.0,
        };
        let cells = (0..10).map(|k| (f64::from(seen[k]), f64::from(draws) * expected(k)));
        judge::fits("empirical", cells);
        judge::has_moments("empirical", |rng| distribution.sample(rng), 3.0, 52.0 / 7.0);
        assert!(
            (distribution.mean() - 3.0).abs() < 1e-15
                && (distribution.variance() - 52.0 / 7.0).abs() < 1e-14
        );
        Ok(())
    }

    #[test]
    fn quantiles_are_the_first_values_to_reach_the_share() -> Result<(), DistributionError> {
        let distribution = Distribution::empirical((1..=10).map(f64::from).collect())?;
        for rank in 1..=10_u8 {
            let p = f64::from(rank) / 10.0;
            assert_eq!(distribution.quantile(p), f64::from(rank));
            assert_eq!(distribution.cdf(f64::from(rank)), p);
        }
        assert_eq!(distribution.quantile(0.0), 1.0);
        assert_eq!(distribution.quantile(0.101), 2.0);
        assert_eq!(distribution.survival(10.0), 0.0);
        assert_eq!(distribution.survival(0.99), 1.0);
        Ok(())
    }

    #[test]
    fn no_value_is_refused_and_one_is_a_constant() {
        assert_eq!(Distribution::empirical(vec![]), Err(DistributionError::NoValues));
        assert_eq!(Distribution::empirical(vec![2.0]), Ok(Distribution::constant_of(2.0)));
        assert_eq!(Distribution::empirical(vec![0.0, -0.0]), Ok(Distribution::constant_of(0.0)));
        assert!(matches!(
            Distribution::empirical(vec![1.0, f64::NAN]),
            Err(DistributionError::NotAllowed { wanted: Parameter::Duration, .. })
        ));
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        judge::pinned(
            &Distribution::empirical(vec![1.0, 2.0, 3.0, 4.0, 5.0]),
            [0x4014_0000_0000_0000, 0x4010_0000_0000_0000],
        );
    }
}
