//! Which default range a value has of which nothing is said, by what kind of quantity it is.

use super::WhyFixed;
use crate::keys::{Assumption, Quantity};
use crate::scenario::DefaultFactors;

/// Is it a price, or what a strategy costs each year or once? How long that is spread is none.
pub fn is_price(path: &str) -> bool {
    let is_cost = ["annual_cost", "one_off_cost"].iter().any(|key| path.ends_with(key));
    is_cost || (path.starts_with("costs.") && path != "costs.years")
}

/// The factor either way of an assumption of which nothing is said, above 1; of a probability that of
/// its odds. Or why it has none.
///
/// Work and waiting take times; how often something happens or goes through is a rate; money is a
/// price. A plain duration outside of `[operations]` is a setting (a cycle, a check, the life of a
/// credential, the horizon), and so are counts and words: people decide on these, or look them up.
/// Limits of tolerances are decisions too.
pub(super) fn default_range(
    assumption: &Assumption,
    factors: Option<&DefaultFactors>,
) -> Result<f64, WhyFixed> {
    let path = &*assumption.key;
    let key = path.rsplit('.').next().unwrap_or(path);
    let kind = match assumption.quantity {
        Quantity::Fixed | Quantity::Choice | Quantity::Whole(..) => None,
        Quantity::Probability(_) => Some(Kind::Odds),
        Quantity::Number(..) if is_price(path) => Some(Kind::Price),
        Quantity::Number(..) => key.contains("per_").then_some(Kind::Rate),
        Quantity::Duration(_) if path.starts_with("planned.") && key == "every" => Some(Kind::Rate),
        Quantity::Duration(_) => path.starts_with("operations.").then_some(Kind::Time),
        Quantity::Distribution(_) if key == "every" => Some(Kind::Rate),
        Quantity::Distribution(_) => Some(Kind::Time),
    };
    let kind = kind.ok_or(WhyFixed::Decided)?;
    if is_off(assumption) {
        return Err(WhyFixed::Off);
    }
    let factors = factors.ok_or(WhyFixed::NoDefault)?;
    let factor = match kind {
        Kind::Time => factors.time,
        Kind::Rate => factors.rate,
        Kind::Price => factors.price,
        Kind::Odds => factors.odds,
    };
    if factor > 1.0 { Ok(factor) } else { Err(WhyFixed::NoDefault) }
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Time,
    Rate,
    Price,
    Odds,
}

/// Whether a value says that something is not so at all, or always.
fn is_off(assumption: &Assumption) -> bool {
    let zero = assumption.distribution.as_ref().is_some_and(|one| one.is_always_zero());
    match assumption.quantity {
        Quantity::Probability(share) => share <= 0.0 || share >= 1.0,
        quantity => zero || quantity.number() == Some(0.0),
    }
}
