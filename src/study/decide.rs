//! Which strategy to choose: the cheapest that meets every tolerance, and how sure that is.
//!
//! The words for it are made elsewhere; here are the facts that they need.

use super::cheapest::cheapest;
use super::compare::{Difference, difference};
use super::partial::Partial;
use super::summary::{StrategyResult, Summary};
use super::verdict::{Compliance, Verdict};
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::stats::Interval;
use crate::world::sync::SignIn;

/// What a run says about the choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The strategy to choose, by its place in the scenario; none where the trials, or the
    /// tolerances, leave it open.
    pub strategy: Option<usize>,
    /// Why, or why not.
    pub reason: DecisionReason,
    /// The probability, given the trials, that no other strategy should have been chosen.
    pub probability: Option<f64>,
    /// By strategy: what it costs in a trial, on average, as far as it is known.
    pub costs: Vec<f64>,
    /// The next cheapest strategy that meets every tolerance too: its cost minus that of the
    /// chosen one.
    pub runner_up: Option<Rival>,
    /// The verdict that stands most against each strategy that is cheaper and does not surely meet
    /// every tolerance; the cheapest first.
    pub cheaper: Vec<Verdict>,
    /// The tolerance that decides it; none without a choice.
    pub deciding: Option<DecidingTolerance>,
    /// Strategies that no other beats in both cost and risk, cheapest first.
    pub front: Vec<usize>,
    /// By strategy: spending and risk.
    pub risks: Vec<Risk>,
    /// The faults that make more than half of the harm of a strategy.
    pub dominant: Vec<DominantFault>,
}

/// A fault that makes more than half of a strategy's mean harm, by the metric of its risk.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DominantFault {
    /// The strategy.
    pub strategy: usize,
    /// The fault, by its place in the world.
    pub fault: usize,
    /// Its part of the harm.
    pub share: f64,
}

/// Why a strategy is chosen, or none is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecisionReason {
    /// It is the cheapest that meets every tolerance.
    Cheapest,
    /// There is only one strategy that meets every tolerance.
    OnlyOne,
    /// None meets every tolerance.
    NoneMeets,
    /// The trials do not tell whether any meets every tolerance.
    Undecided,
    /// There is no tolerance, and one strategy is best in cost and in risk.
    Dominates,
    /// There is no tolerance, and less risk costs more: there are several to choose from.
    Front,
}

/// Another strategy, compared with the chosen one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// The strategy.
    pub strategy: usize,
    /// Its cost minus that of the chosen one.
    pub extra_cost: f64,
    /// Interval of that; absent where costs are not simulated.
    pub interval: Option<Interval>,
}

/// The tolerance that leaves the chosen strategy the least room.
#[derive(Debug, Clone, PartialEq)]
pub struct DecidingTolerance {
    /// The tolerance.
    pub tolerance: Tolerance,
    /// The lowest limit that the strategy would keep with the probability that is asked for.
    pub lowest_limit: f64,
    /// The fault behind most of it; absent where there is none.
    pub cause: Option<CauseShare>,
}

/// A fault and its part of a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseShare {
    /// The fault's name.
    pub fault: String,
    /// Between 0 and 1.
    pub share: f64,
}

/// What a strategy spends and what it risks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Risk {
    /// Annual cost over the horizon, and labour where it has a price: mean over trials.
    pub spending: f64,
    /// Its interval.
    pub spending_interval: Option<Interval>,
    /// Mean of the risk's metric.
    pub risk: f64,
    /// Its interval.
    pub risk_interval: Option<Interval>,
}

/// The metric that stands for risk: users who cannot sign in where that is played, stale passwords where
/// sign-in uses them, downtime elsewhere.
pub fn risk_metric(scenario: &Scenario) -> Metric {
    match scenario.world.organisation.sign_in {
        _ if scenario.world.sign_in.is_some() => Metric::SignInUserHours,
        SignIn::PasswordHashSync => Metric::StaleUserHours,
        _ => Metric::DowntimeHours,
    }
}

/// Decides.
///
/// A strategy qualifies when it suits the organisation and all its verdicts are "met". The probability of a right choice is at
/// least 1 minus the sum, over every way to be wrong, of its probability given the trials: that the
/// chosen one misses a tolerance, and for every other strategy that it is cheaper and meets them
/// all. That is Bonferroni's bound, which holds for any dependence between strategies in the same
/// worlds, with normal posteriors: the approximate probability of correct selection of Chen, Lin,
/// Yücesan and Chick (2000), "Simulation budget allocation for further enhancing the efficiency of
/// ordinal optimization", Discrete Event Dynamic Systems 10.
pub fn decide(
    scenario: &Scenario,
    whole: &Partial,
    summary: &Summary,
    verdicts: &[Verdict],
    confidence: f64,
) -> Decision {
    let known = Known { scenario, whole, verdicts, confidence, costs: costs(scenario, summary) };
    let risks = risks(scenario, summary);
    let suits: Vec<bool> = (0..risks.len()).map(|index| scenario.suits(index)).collect();
    let front = front(&risks, &suits);
    let qualified = known.all().filter(|&index| known.meets(index)).count();
    let cheapest = cheapest(&known.costs, |index| known.meets(index));
    let (strategy, reason) = if scenario.tolerances.is_empty() {
        match front[..] {
            [only] => (Some(only), DecisionReason::Dominates),
            _ => (None, DecisionReason::Front),
        }
    } else {
        match cheapest {
            Some(only) if qualified == 1 => (Some(only), DecisionReason::OnlyOne),
            Some(best) => (Some(best), DecisionReason::Cheapest),
            None if known.all().any(|index| !known.misses(index)) => {
                (None, DecisionReason::Undecided)
            }
            None => (None, DecisionReason::NoneMeets),
        }
    };
    let by_tolerance = strategy.filter(|_| !scenario.tolerances.is_empty());
    let best = by_tolerance.or(cheapest);
    Decision {
        strategy,
        reason,
        probability: by_tolerance.map(|chosen| known.probability(chosen)),
        runner_up: by_tolerance.and_then(|chosen| known.runner_up(chosen)),
        cheaper: known.cheaper(best),
        deciding: by_tolerance
            .and_then(|chosen| known.deciding(&summary.strategies[chosen], chosen)),
        dominant: dominant(scenario, summary),
        front,
        risks,
        costs: known.costs,
    }
}

/// Mean cost of a trial: simulated where there are prices, the annual cost otherwise.
fn costs(scenario: &Scenario, summary: &Summary) -> Vec<f64> {
    let horizon = scenario.world.horizon;
    let of = |(strategy, result): (&crate::strategy::Strategy, &StrategyResult)| {
        let simulated = result.row(Metric::Cost).map(|row| row.mean);
        simulated.unwrap_or_else(|| strategy.fixed_cost(horizon))
    };
    scenario.strategies.iter().zip(&summary.strategies).map(of).collect()
}

fn risks(scenario: &Scenario, summary: &Summary) -> Vec<Risk> {
    let price = scenario.costs.as_ref().map_or(0.0, |costs| costs.labour_price());
    let metric = risk_metric(scenario);
    let of = |(strategy, result): (&crate::strategy::Strategy, &StrategyResult)| {
        let fixed = strategy.fixed_cost(scenario.world.horizon);
        let labour = result.row(Metric::LabourHours);
        let risk = result.row(metric);
        Risk {
            spending: fixed + labour.map_or(0.0, |row| price * row.mean),
            spending_interval: labour
                .and_then(|row| row.mean_interval)
                .map(|interval| interval.map(|mean| fixed + price * mean)),
            risk: risk.map_or(f64::NAN, |row| row.mean),
            risk_interval: risk.and_then(|row| row.mean_interval),
        }
    };
    scenario.strategies.iter().zip(&summary.strategies).map(of).collect()
}

/// Of the strategies that suit the organisation, those that no other beats in one without losing in
/// the other, cheapest first.
fn front(risks: &[Risk], suits: &[bool]) -> Vec<usize> {
    let all = || (0..risks.len()).filter(|&index| suits[index]);
    let beaten = |of: &Risk| {
        all().map(|index| &risks[index]).any(|other| {
            other.spending <= of.spending
                && other.risk <= of.risk
                && (other.spending < of.spending || other.risk < of.risk)
        })
    };
    let mut front: Vec<usize> = all().filter(|&index| !beaten(&risks[index])).collect();
    front.sort_by(|&a, &b| risks[a].spending.total_cmp(&risks[b].spending));
    front
}

/// What a choice is made from.
struct Known<'a> {
    scenario: &'a Scenario,
    whole: &'a Partial,
    verdicts: &'a [Verdict],
    confidence: f64,
    costs: Vec<f64>,
}

impl Known<'_> {
    /// The strategies that may be chosen: they suit the organisation.
    fn all(&self) -> impl Iterator<Item = usize> {
        (0..self.costs.len()).filter(|&index| self.scenario.suits(index))
    }

    fn verdicts_on(&self, strategy: usize) -> impl Iterator<Item = &Verdict> {
        self.verdicts.iter().filter(move |verdict| verdict.strategy == strategy)
    }

    /// Suits the organisation, and surely meets every tolerance.
    fn meets(&self, strategy: usize) -> bool {
        self.scenario.suits(strategy)
            && self.verdicts_on(strategy).all(|verdict| verdict.compliance == Compliance::Met)
    }

    /// Surely misses one.
    fn misses(&self, strategy: usize) -> bool {
        self.verdicts_on(strategy).any(|verdict| verdict.compliance == Compliance::Missed)
    }

    /// Other minus chosen, where costs are simulated.
    fn cost_difference(&self, other: usize, chosen: usize) -> Option<Difference> {
        self.scenario.costs.as_ref()?;
        difference(self.whole, Metric::Cost, (other, chosen), self.confidence)
    }

    /// The probability that `other` is cheaper than `chosen`.
    fn probability_cheaper(&self, other: usize, chosen: usize) -> f64 {
        let by = self.costs[other] - self.costs[chosen];
        match self.cost_difference(other, chosen) {
            Some(difference) if difference.standard_error.is_some_and(|error| error > 0.0) => {
                difference.probability_below()
            }
            _ => f64::from(u8::from(by < 0.0)),
        }
    }

    fn probability(&self, chosen: usize) -> f64 {
        let missed: f64 = self.verdicts_on(chosen).map(Verdict::probability_missed).sum();
        let beaten: f64 = self
            .all()
            .filter(|&other| other != chosen)
            .map(|other| {
                let meets =
                    self.verdicts_on(other).map(|verdict| 1.0 - verdict.probability_missed());
                meets.fold(self.probability_cheaper(other, chosen), f64::min)
            })
            .sum();
        (1.0 - missed - beaten).max(0.0)
    }

    fn runner_up(&self, chosen: usize) -> Option<Rival> {
        let next = cheapest(&self.costs, |other| other != chosen && self.meets(other))?;
        Some(Rival {
            strategy: next,
            extra_cost: self.costs[next] - self.costs[chosen],
            interval: self.cost_difference(next, chosen).and_then(|difference| difference.interval),
        })
    }

    /// Cheaper than the chosen one, or all where none is, and not sure to meet every tolerance.
    fn cheaper(&self, chosen: Option<usize>) -> Vec<Verdict> {
        let limit = chosen.map_or(f64::INFINITY, |chosen| self.costs[chosen]);
        let mut cheaper: Vec<Verdict> = self
            .all()
            .filter(|&index| self.costs[index] < limit && !self.meets(index))
            .filter_map(|index| {
                self.verdicts_on(index).copied().max_by(|a, b| {
                    let missed = |verdict: &Verdict| {
                        let short = verdict.within.map_or(0.0, |within| within.share);
                        (verdict.probability_missed(), verdict.tolerance.confidence - short)
                    };
                    let (a, b) = (missed(a), missed(b));
                    a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
                })
            })
            .collect();
        cheaper.sort_by(|a, b| self.costs[a.strategy].total_cmp(&self.costs[b.strategy]));
        cheaper
    }

    /// The tolerance with the least room, by the ratio of the lowest possible limit to its own.
    fn deciding(&self, result: &StrategyResult, chosen: usize) -> Option<DecidingTolerance> {
        let judged = self.verdicts_on(chosen).filter_map(|verdict| {
            let lowest_limit = result.lowest_limit(&verdict.tolerance)?;
            Some((verdict.tolerance, lowest_limit, lowest_limit / verdict.tolerance.limit))
        });
        let (tolerance, lowest_limit, _) = judged.max_by(|a, b| a.2.total_cmp(&b.2))?;
        let cause = main_cause(result, tolerance.criterion);
        Some(DecidingTolerance { tolerance, lowest_limit, cause })
    }
}

/// The faults that make more than half of the harm of a strategy. A scenario with one fault has
/// nothing to compare it with.
fn dominant(scenario: &Scenario, summary: &Summary) -> Vec<DominantFault> {
    const HALF: f64 = 0.5;
    let faults = &scenario.world.faults;
    if faults.len() < 2 {
        return Vec::new();
    }
    let criterion = Criterion::Metric(risk_metric(scenario));
    let of = |strategy: usize| {
        let CauseShare { fault, share } = main_cause(&summary.strategies[strategy], criterion)?;
        let fault = faults.iter().position(|known| known.name == fault)?;
        (share > HALF).then_some(DominantFault { strategy, fault, share })
    };
    (0..scenario.strategies.len()).filter_map(of).collect()
}

/// The fault with the greatest part of what the criterion counts.
fn main_cause(result: &StrategyResult, criterion: Criterion) -> Option<CauseShare> {
    let parts = match criterion {
        // A loss of sign-in is no outage, and has causes of its own.
        Criterion::Metric(metric) if metric.is_of_sign_in() => {
            result.sign_in_by_fault(|row| match metric {
                Metric::SignInDownHours => row.hours,
                _ => row.user_hours,
            })
        }
        _ => result.by_fault(|row| match criterion {
            Criterion::Metric(Metric::StaleUserHours) => row.stale_user_hours_share.unwrap_or(0.0),
            Criterion::RestoreHours if row.is_planned => 0.0,
            Criterion::Metric(Metric::Outages) | Criterion::RestoreHours => row.per_trial,
            Criterion::Metric(_) => row.outage_hours,
        }),
    };
    let whole: f64 = parts.iter().map(|(_, amount)| amount).sum();
    let (fault, amount) = parts.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (whole > 0.0).then(|| CauseShare { fault: fault.to_owned(), share: amount / whole })
}
