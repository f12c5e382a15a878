//! Rare disasters: fault sources so rare that few trials meet them, and so grave that those few
//! decide the tail.
//!
//! Of a site that is lost once in fifty years, 10,000 plain trials of a year hold some two hundred
//! losses, and everything beyond p98 rests on them. So the years are divided into two strata, with
//! and without a disaster ([`Condition`]), and each is played often enough. The share of each
//! stratum among all years is known exactly, since the sources are Poisson processes in absolute
//! time (Cochran 1977, "Sampling techniques", chapter 5).
//!
//! What is rare is decided from the world alone, so that the strategies which are compared change
//! nothing. Only the instance on the first server's path counts; the standby's is as it was.

use super::fault::{Carrier, Fault};
use super::gravity::{Circumstances, Gravities};
use super::streams::{EventKey, Purpose, Streams};
use crate::distribution::draws::{uniform, unit_exponential};

/// Most strikes in a horizon that still count as rare.
const MOST_STRIKES: f64 = 0.1;
/// A source with a smaller part of the spread than this is left to chance.
const LEAST_PART: f64 = 0.01;
/// The disasters together must make at least this part of the spread, or dividing the years would
/// cost the ordinary ones more than it gains.
const LEAST_WHOLE: f64 = 0.5;

/// What is given of a trial before it is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Condition {
    /// Nothing: a plain trial.
    #[default]
    Nothing,
    /// No disaster strikes within the horizon.
    NoDisaster,
    /// At least one disaster strikes within the horizon.
    Disaster,
}

/// The rare and grave fault sources of a world.
#[derive(Debug, Clone, PartialEq)]
pub struct Rare {
    horizon: f64,
    /// Index of each source, and the strikes of it and those before it to be expected.
    sources: Vec<(u16, f64)>,
}

/// A strike that is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConditionalStrike {
    /// When, hours.
    pub time: f64,
    /// Index of the fault source.
    pub fault: u16,
}

impl Rare {
    /// Finds the disasters among `faults`; none where dividing the years would not help.
    ///
    /// A source counts by its part of the spread of what outages do: strikes to be expected times
    /// the mean fourth power of the outage that repair in place would leave, since exposure grows
    /// with the square of an outage and its variance with the square of that.
    pub fn find(faults: &[Fault], circumstances: &Circumstances<'_>) -> Option<Rare> {
        Rare::find_with(faults, circumstances, &mut Gravities::default())
    }

    /// As [`Rare::find`], with what was judged before.
    pub fn find_with(
        faults: &[Fault],
        circumstances: &Circumstances<'_>,
        gravities: &mut Gravities,
    ) -> Option<Rare> {
        let horizon = circumstances.horizon;
        let moments = gravities.judge(faults, circumstances);
        let judged: Vec<(f64, f64)> = faults
            .iter()
            .zip(moments)
            .map(|(fault, moment)| {
                let strikes = fault.onsets.expected_within(horizon);
                // What strikes machines of sign-in makes no outage, and what strikes agents makes none where a
                // sync server is.
                let spares_servers = matches!(fault.only, Some(Carrier::SignIn | Carrier::Agents));
                (strikes, if spares_servers { 0.0 } else { strikes * moment })
            })
            .collect();
        let whole: f64 = judged.iter().map(|(_, spread)| spread).sum();
        let (mut sources, mut strikes, mut part) = (Vec::new(), 0.0, 0.0);
        for (index, (fault, (expected, spread))) in faults.iter().zip(&judged).enumerate() {
            let grave = *spread >= LEAST_PART * whole && whole > 0.0;
            if grave && *expected <= MOST_STRIKES && fault.onsets.poisson_mean().is_some() {
                strikes += expected;
                part += spread;
                sources.push((index as u16, strikes));
            }
        }
        let helps = !sources.is_empty() && part >= LEAST_WHOLE * whole;
        helps.then_some(Rare { horizon, sources })
    }

    /// The probability that a disaster strikes within the horizon.
    pub fn probability(&self) -> f64 {
        -libm::expm1(-self.expected())
    }

    /// The indices of the fault sources.
    pub fn sources(&self) -> impl Iterator<Item = usize> {
        self.sources.iter().map(|(index, _)| usize::from(*index))
    }

    /// Strikes to be expected within the horizon.
    fn expected(&self) -> f64 {
        self.sources.last().map_or(0.0, |(_, strikes)| *strikes)
    }

    /// Draws the disasters of a trial, in the order of time.
    ///
    /// The first comes by inversion of its distribution given that it lies within the horizon;
    /// those after it are a Poisson process as ever.
    pub fn plan(&self, streams: &Streams, given: Condition, strikes: &mut Vec<ConditionalStrike>) {
        strikes.clear();
        if given != Condition::Disaster {
            return;
        }
        let mut rng = streams.world(Purpose::Disasters, EventKey::default());
        let expected = self.expected();
        let mut passed = -libm::log1p(-uniform(&mut rng) * self.probability());
        while passed < expected {
            let which = uniform(&mut rng) * expected;
            let at = self.sources.iter().find(|(_, through)| which < *through);
            if let Some((fault, _)) = at.or(self.sources.last()) {
                strikes.push(ConditionalStrike {
                    time: passed / expected * self.horizon,
                    fault: *fault,
                });
            }
            passed += unit_exponential(&mut rng);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::world::fault::Onsets;
    use crate::world::kind::Kind;
    use crate::world::operations::Operations;
    use crate::world::site::Sites;

    fn source(name: &str, years: f64, repair: Option<f64>) -> Fault {
        let onsets = Onsets::every(Distribution::exponential(years * 8760.0).unwrap());
        let repair = repair.map(Distribution::constant_of);
        Fault { repair, ..Fault::new(name.to_owned(), Kind::Site, onsets) }
    }

    fn find(faults: &[Fault]) -> Option<Rare> {
        let operations = Operations::at_once();
        let circumstances = Circumstances {
            watch: &[],
            operations: &operations,
            sites: &Sites::default(),
            horizon: 8760.0,
        };
        Rare::find(faults, &circumstances)
    }

    #[test]
    fn rare_and_grave_it_must_be() {
        let often = source("often", 0.5, Some(4.0));
        let lost = source("lost", 50.0, Some(500.0));
        let blip = source("blip", 50.0, Some(0.1));
        let never = source("never mended", 200.0, None);
        let of = |faults: &[&Fault]| {
            let faults: Vec<Fault> = faults.iter().map(|fault| (*fault).clone()).collect();
            find(&faults).map(|rare| rare.sources().collect::<Vec<_>>())
        };
        assert_eq!(of(&[&often, &lost]), Some(vec![1]));
        assert_eq!(of(&[&never, &often, &lost]), Some(vec![0]));
        assert_eq!(of(&[&often, &blip]), None);
        assert_eq!(of(&[&often]), None);
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn the_probability_is_that_of_a_poisson_process() {
        let rare = find(&[source("lost", 50.0, Some(500.0))]).unwrap();
        assert!((rare.probability() - 0.019_801_326_693_244_7).abs() < 1e-15);
    }

    #[test]
    fn a_plan_has_the_distribution_of_a_process_given_a_strike() {
        // Two sources, 0.05 and 0.025 strikes: given one, the first is uniform to first order.
        let faults = [source("a", 20.0, Some(500.0)), source("b", 40.0, Some(500.0))];
        let rare = find(&faults).unwrap();
        let expected: f64 = 0.075;
        let n = 40_000_u64;
        let (mut strikes, mut of_a, mut first_half, mut plan) = (0_u64, 0_u64, 0_u64, Vec::new());
        for trial in 0..n {
            let streams = Streams::new(1, trial);
            rare.plan(&streams, Condition::NoDisaster, &mut plan);
            assert!(plan.is_empty());
            rare.plan(&streams, Condition::Disaster, &mut plan);
            assert!(plan.windows(2).all(|pair| pair[0].time < pair[1].time));
            assert!(plan.iter().all(|strike| strike.time < 8760.0));
            strikes += plan.len() as u64;
            of_a += plan.iter().filter(|strike| strike.fault == 0).count() as u64;
            first_half += u64::from(plan[0].time < 4380.0);
        }
        let n = n as f64;
        let none = 1.0 - (-expected).exp();
        // E[N | N > 0] and Var[N | N > 0] of a Poisson count.
        let mean = expected / none;
        let variance = (expected + expected * expected) / none - mean * mean;
        let z = (strikes as f64 - n * mean) / (n * variance).sqrt();
        assert!(z.abs() < 4.0, "{z}");
        let share = (1.0 - (-expected / 2.0_f64).exp()) / none;
        let z = (first_half as f64 - n * share) / (n * share * (1.0 - share)).sqrt();
        assert!(z.abs() < 4.0, "{z}");
        let total = strikes as f64;
        let z = (of_a as f64 - total * 2.0 / 3.0) / (total * 2.0 / 9.0).sqrt();
        assert!(z.abs() < 4.0, "{z}");
    }
}
