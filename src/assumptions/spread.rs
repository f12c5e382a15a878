//! How one input varies: from a quantile of its range to a value, and to what is set.

use super::{Unit, Value};
use crate::distribution::Distribution;
use crate::keys::{Range, Setting};
use crate::numeric::{NORMAL_95, normal_quantile};
use crate::scenario::KeyNumber;
use std::sync::Arc;

/// Beyond this share of either end a range is cut off: what nobody would bet on is not tried.
const CUT: f64 = 0.001;

/// How an input varies.
#[derive(Debug, Clone)]
pub(super) enum Spread {
    /// A number above 0, whose logarithm varies; of a probability the logarithm of the odds.
    Number(Halves, KeyNumber),
    /// One of several values with their shares, that of the guess first.
    Choice(Vec<(Setting, f64)>),
    /// One of the distributions that a fit leaves possible, by mean.
    Fit(Arc<FitRange>),
}

/// A normal distribution around a guess, cut in two there: the guess is the median, and each side
/// has a scale of its own, so that both points are met wherever the guess lies between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Halves {
    /// Standard deviations below and above, on the scale that varies.
    below: f64,
    above: f64,
}

impl Halves {
    /// By how far the 5 % and 95 % points lie below and above the guess, on the scale that varies.
    fn new([down, up]: [f64; 2]) -> Halves {
        Halves { below: down / NORMAL_95, above: up / NORMAL_95 }
    }

    /// How far from the guess, on the scale that varies.
    fn shift(self, quantile: f64) -> f64 {
        let deviate = normal_quantile(quantile.clamp(CUT, 1.0 - CUT));
        deviate * if deviate < 0.0 { self.below } else { self.above }
    }
}

/// The distributions that a fit leaves possible.
#[derive(Debug)]
pub(super) struct FitRange {
    /// The fit with all that it leaves open.
    whole: Distribution,
    /// What is possible, by mean, each with that over the mean of the best fit.
    possible: Vec<(f64, Distribution)>,
}

impl FitRange {
    /// `None` where the distribution is no uncertain fit.
    pub(super) fn new(whole: &Distribution) -> Option<FitRange> {
        let uncertain = whole.as_uncertain()?;
        let best = uncertain.best().mean();
        let ratio = |one: &Distribution| (one.mean() / best, one.clone());
        let mut possible: Vec<_> = uncertain.possible().iter().map(ratio).collect();
        possible.sort_by(|a, b| a.0.total_cmp(&b.0));
        Some(FitRange { whole: whole.clone(), possible })
    }

    fn at(&self, quantile: f64) -> Option<&(f64, Distribution)> {
        let place = (quantile.clamp(0.0, 1.0) * self.possible.len() as f64) as usize;
        self.possible.get(place.min(self.possible.len() - 1))
    }
}

/// Where the guess of all but choices lies.
const MIDDLE: f64 = 0.5;

impl Spread {
    /// Values whose 5 % and 95 % points are these.
    pub(super) fn by_points(key: KeyNumber, points: [f64; 2]) -> Spread {
        let scale = |number| match key {
            KeyNumber::Probability(_) => logit(number),
            _ => libm::log(number),
        };
        let (guess, [low, high]) = (scale(key.assumed()), points.map(scale));
        Spread::Number(Halves::new([guess - low, high - guess]), key)
    }

    /// Values within a factor of what is assumed, with these 5 % and 95 % points of it; of a
    /// probability a factor of the odds.
    pub(super) fn by_factor(key: KeyNumber, factors: [f64; 2]) -> Spread {
        let [low, high] = factors.map(libm::log);
        Spread::Number(Halves::new([-low, high]), key)
    }

    /// The value at a quantile.
    pub(super) fn value(&self, quantile: f64) -> Value {
        match self {
            Spread::Number(halves, key) => Value::Number(number(*halves, key, quantile)),
            Spread::Choice(_) => Value::Word(self.setting(quantile).to_toml()),
            Spread::Fit(_) if quantile == MIDDLE => Value::Number(1.0),
            Spread::Fit(fit) => Value::Number(fit.at(quantile).map_or(1.0, |(ratio, _)| *ratio)),
        }
    }

    /// What is set at a quantile.
    pub(super) fn setting(&self, quantile: f64) -> Setting {
        match self {
            Spread::Number(halves, key) => key.setting(number(*halves, key, quantile)),
            Spread::Choice(values) => chosen(values, quantile),
            Spread::Fit(fit) if quantile == MIDDLE => Setting::from(fit.whole.clone()),
            Spread::Fit(fit) => {
                let possible = fit.at(quantile).map_or(&fit.whole, |(_, possible)| possible);
                Setting::from(possible.clone())
            }
        }
    }

    /// What is set for a value; none of what has no number.
    pub(super) fn setting_of(&self, number: f64) -> Option<Setting> {
        match self {
            Spread::Number(_, key) => Some(key.setting(number)),
            Spread::Choice(_) | Spread::Fit(_) => None,
        }
    }

    /// The quantile of the guess.
    pub(super) fn quantile_of_guess(&self) -> f64 {
        match self {
            Spread::Choice(values) => values.first().map_or(MIDDLE, |(_, share)| 0.5 * share),
            _ => MIDDLE,
        }
    }

    /// What the values are, where the key does not count money.
    pub(super) fn unit(&self) -> Unit {
        match self {
            Spread::Number(_, key) => match key {
                KeyNumber::Number(..) | KeyNumber::Whole(..) => Unit::Number,
                KeyNumber::Probability(_) => Unit::Probability,
                KeyNumber::Hours(_) => Unit::Duration,
                KeyNumber::Times(_) => Unit::Factor,
            },
            Spread::Fit(_) => Unit::Factor,
            Spread::Choice(_) => Unit::Choice,
        }
    }

    /// The values of a choice with their shares.
    pub(super) fn shares(&self) -> Option<Vec<(String, f64)>> {
        match self {
            Spread::Choice(values) => {
                Some(values.iter().map(|(setting, share)| (setting.to_toml(), *share)).collect())
            }
            _ => None,
        }
    }

    /// Whether its values have an order, so that it can move together with others.
    pub(super) fn is_ordered(&self) -> bool {
        !matches!(self, Spread::Choice(_))
    }
}

/// The number at a quantile.
fn number(halves: Halves, key: &KeyNumber, quantile: f64) -> f64 {
    let (assumed, shift) = (key.assumed(), halves.shift(quantile));
    let product = || assumed * libm::exp(shift);
    match key {
        _ if quantile == MIDDLE => assumed,
        KeyNumber::Probability(_) => 1.0 / (1.0 + libm::exp(-(logit(assumed) + shift))),
        KeyNumber::Number(_, Range::Between(low, high)) => product().clamp(*low, *high),
        KeyNumber::Whole(_, [least, most]) => product().round().clamp(*least as f64, *most as f64),
        KeyNumber::Number(..) | KeyNumber::Hours(_) | KeyNumber::Times(_) => product(),
    }
}

/// The logarithm of the odds.
fn logit(share: f64) -> f64 {
    libm::log(share) - libm::log1p(-share)
}

/// The value into whose share a quantile falls.
fn chosen(values: &[(Setting, f64)], quantile: f64) -> Setting {
    let mut end = 0.0;
    let within = |(_, share): &&(Setting, f64)| {
        end += share;
        quantile < end
    };
    let found = values.iter().find(within).or(values.last());
    found.map_or(Setting::Text(String::new()), |(setting, _)| setting.clone())
}
