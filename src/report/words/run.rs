//! What a run says: the recommendation with its reasons.

use super::caution::cautions;
use super::kept::{alternatives, kept_by, measured, shortfall};
use super::robustness::leader;
use super::{
    choice, condition, judged, label, limit, money, period, periods, risk_words, with_unit,
};
use crate::metric::Metric;
use crate::report::text::{capitalized, count, figure, level, percent, plural, quoted};
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::sensitivity::robustness::Robustness;
use crate::study::decide::{CauseShare, DecidingTolerance, DecisionReason, Rival, risk_metric};
use crate::study::limits::bands;
use crate::study::results::Results;
use crate::study::verdict::{Compliance, Verdict};
use crate::units::show_duration;

/// The recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// One sentence.
    pub headline: String,
    /// What has to be known with it: a strategy does not suit the organisation; most of the harm comes from one fault, and its rate is a
    /// judgement.
    pub cautions: Vec<String>,
    /// What it costs, how well it keeps each tolerance, what would change it: a sentence each.
    pub reasons: Vec<String>,
}

/// Says which strategy to choose, and why; and first of all, where it is known, that another one is
/// the choice more often over the ranges of the assumptions.
pub fn recommendation(
    scenario: &Scenario,
    results: &Results,
    robustness: Option<&Robustness>,
) -> Recommendation {
    let case = Case { scenario, results };
    let leader = robustness.and_then(|one| leader(scenario, one));
    let unfit = super::fitness::said(scenario, results);
    // What ails a strategy that cannot be chosen is no caution.
    let dominant = results.decision.dominant.iter().filter(|one| scenario.suits(one.strategy));
    let dominant = cautions(scenario, &dominant.copied().collect::<Vec<_>>());
    let cautions = leader.into_iter().chain(unfit.first).chain(dominant).collect();
    let mut reasons = case.reasons();
    reasons.extend(unfit.last);
    Recommendation { headline: case.headline(), cautions, reasons }
}

/// What a table of the run shows: scenario, horizon, trials and seed.
pub fn title(scenario: &Scenario, results: &Results, seed: u64) -> String {
    let horizon = show_duration(scenario.world.horizon);
    let trials = count(results.summary.trials, "trial");
    format!("{}: horizon {horizon}, {trials}, seed {seed}", scenario.title())
}

/// How to read the table of a run that shows these tolerances too.
pub fn reading(scenario: &Scenario, results: &Results, shown: &[Tolerance]) -> String {
    let interval = if results.summary.trials > 1 {
        format!(" ± is the {} interval of the mean;", level(results.confidence))
    } else {
        String::new()
    };
    let restore = shown.iter().find(|one| one.criterion == Criterion::RestoreHours);
    let of_outages = restore.map_or(String::new(), |one| {
        let planned = results.summary.strategies.iter().any(|one| one.planned > 0);
        let but = if planned { " that were not planned" } else { "" };
        format!(" (of restore time: {} of outages{but})", percent(one.confidence))
    });
    format!(
        "Per {};{interval} 95\u{a0}% of {} stay within p95{of_outages}.",
        period(scenario),
        periods(scenario)
    )
}

/// What the mark of a figure means that misses its tolerance.
pub const MISSED: &str = "x: misses its tolerance.";

/// What the mark of a figure means that may keep its tolerance or not.
pub const OPEN: &str = "?: too few trials to tell whether it keeps its tolerance.";

/// What a column of stale user-hours shows.
pub const STALE: &str = "Stale: time with an outdated cloud password, summed over users.";

/// What a column of user-hours without sign-in shows.
pub const SIGN_IN: &str = "No sign-in: hours in which users are locked out, summed over users.";

/// What a column of lost writeback requests shows.
pub const LOST: &str = "Writeback lost: password resets that were refused until the user gave up.";

/// What a column of cost shows.
pub const COST: &str = "Cost: spending (annual cost, labour) and priced harm together.";

/// What columns of cost and spending show.
pub const SPENDING: &str =
    "Spending: annual cost and labour. Cost: spending and priced harm together.";

/// What a table of variants of fitted distributions shows.
pub fn variants(scenario: &Scenario) -> String {
    format!(
        "{} with parameter uncertainty (uncertain), and with the best fit only (best fit):",
        capitalized(risk_words(risk_metric(scenario)))
    )
}

/// What a share of outages hides.
const MORE_OUTAGES: &str = " It counts outages, not years: a strategy that adds short outages keeps \
                            it more easily.";

/// The results that a recommendation rests on.
struct Case<'a> {
    scenario: &'a Scenario,
    results: &'a Results,
}

impl Case<'_> {
    fn name(&self, strategy: usize) -> String {
        quoted(&self.scenario.strategies[strategy].name)
    }

    fn headline(&self) -> String {
        let decision = &self.results.decision;
        let chosen = decision.strategy.map(|strategy| self.name(strategy)).unwrap_or_default();
        let sure = decision.probability.map_or_else(String::new, choice::sure);
        if let Some(undecided) = self.undecided() {
            return undecided;
        }
        match decision.reason {
            DecisionReason::Cheapest => choice::cheapest(self.scenario, &chosen, &sure),
            // Others may meet them too, and cost more.
            DecisionReason::OnlyOne if self.is_another_open() => {
                choice::cheapest(self.scenario, &chosen, &sure)
            }
            DecisionReason::OnlyOne => choice::only(&chosen, &sure),
            DecisionReason::NoneMeets => choice::NONE.to_owned(),
            DecisionReason::Undecided => choice::open(self.results.summary.trials),
            DecisionReason::Dominates => self.dominates(&chosen),
            DecisionReason::Front => {
                let names: Vec<String> = decision.front.iter().map(|&at| self.name(at)).collect();
                format!(
                    "No tolerance is set. Pareto-optimal in spending and risk, the lowest spending first: {}.",
                    names.join(", ")
                )
            }
        }
    }

    /// Whether a strategy that is not chosen may meet every tolerance all the same.
    fn is_another_open(&self) -> bool {
        let misses = |at: usize| {
            let mut own = self.results.verdicts.iter().filter(|one| one.strategy == at);
            own.any(|verdict| verdict.compliance == Compliance::Missed)
        };
        let chosen = self.results.decision.strategy;
        let others = (0..self.scenario.strategies.len()).filter(|at| chosen != Some(*at));
        others.into_iter().any(|at| self.scenario.suits(at) && !misses(at))
    }

    /// No tolerance is set, and no other strategy is as good in spending and risk.
    fn dominates(&self, chosen: &str) -> String {
        if self.scenario.strategies.len() == 1 {
            return format!(
                "No tolerance is set, and {chosen} is the only strategy: nothing to choose."
            );
        }
        if !money::is_anything_priced(self.scenario) {
            return format!(
                "No tolerance is set, and nothing has a price; {chosen} has the lowest risk, \
                 whatever it costs."
            );
        }
        format!("No tolerance is set; {chosen} has both the lowest spending and the lowest risk.")
    }

    /// The strategy that spends least of those that meet every tolerance, where it is not the chosen
    /// one: its harm is priced at so much more.
    fn least_spending(&self, chosen: usize) -> Option<String> {
        let decision = &self.results.decision;
        let spending = |at: usize| decision.risks[at].spending;
        let harm = |at: usize| decision.costs[at] - spending(at);
        let qualifies = |at: &usize| {
            let mut verdicts = self.results.verdicts.iter().filter(|one| one.strategy == *at);
            self.scenario.suits(*at)
                && verdicts.all(|verdict| verdict.compliance == Compliance::Met)
        };
        let all = (0..decision.costs.len()).filter(qualifies);
        let least = all.min_by(|a, b| spending(*a).total_cmp(&spending(*b)))?;
        (spending(least) < spending(chosen)).then(|| {
            format!(
                "{} spends less ({} against {}), but its harm is priced at {} more.",
                self.name(least),
                figure(spending(least), 3),
                self.money(spending(chosen)),
                self.money(harm(least) - harm(chosen)),
            )
        })
    }

    /// Two strategies that the trials do not tell apart, with what they cost; none where the choice is
    /// right with a probability of [`choice::CLEAR`].
    fn undecided(&self) -> Option<String> {
        let decision = &self.results.decision;
        let chosen = decision.strategy?;
        if decision.probability? >= choice::CLEAR {
            return None;
        }
        let rival = self.undecided_rival()?;
        let cost = |at: usize| {
            let money = self.money(decision.costs[at]);
            choice::at_cost(&self.name(at), &money, period(self.scenario))
        };
        Some(choice::between(&cost(chosen), &cost(rival)))
    }

    /// The other one of those two.
    fn undecided_rival(&self) -> Option<usize> {
        let decision = &self.results.decision;
        let open = |verdict: &&Verdict| verdict.compliance == Compliance::Undecided;
        let cheaper = decision.cheaper.iter().find(open).map(|verdict| verdict.strategy);
        cheaper.or(decision.runner_up.as_ref().map(|rival| rival.strategy))
    }

    fn reasons(&self) -> Vec<String> {
        let decision = &self.results.decision;
        let mut reasons = Vec::new();
        if let Some(chosen) = decision.strategy {
            if self.undecided().is_some() {
                let named: Vec<usize> =
                    self.undecided_rival().into_iter().chain([chosen]).collect();
                reasons.extend(alternatives(self.scenario, self.results, &named));
            }
            let cost = money::cost(self.scenario, self.results, chosen);
            // After a sentence about two, "it" would be either.
            reasons.extend(cost.map(|words| match self.undecided() {
                Some(_) => words.replacen("It", &self.name(chosen), 1),
                None => words,
            }));
            reasons.extend(self.least_spending(chosen));
            let verdicts = self.results.verdicts.iter().filter(|one| one.strategy == chosen);
            reasons.extend(verdicts.map(|verdict| format!("It keeps {}.", self.share(verdict))));
        } else if self.scenario.tolerances.is_empty() {
            reasons.extend(decision.front.iter().map(|&at| self.trade_off(at)));
        } else {
            if decision.reason == DecisionReason::Undecided {
                reasons.extend(alternatives(self.scenario, self.results, &[]));
            }
            reasons.extend(self.closest());
            reasons.extend(
                self.scenario
                    .tolerances
                    .iter()
                    .map(|one| kept_by(self.scenario, self.results, one)),
            );
        }
        reasons.extend(
            decision
                .strategy
                .zip(decision.runner_up.as_ref())
                .map(|(chosen, rival)| self.rival(chosen, rival)),
        );
        reasons.extend(decision.strategy.into_iter().flat_map(|chosen| self.cheaper(chosen)));
        reasons.extend(decision.deciding.as_ref().map(|deciding| self.deciding(deciding)));
        reasons.extend(decision.deciding.as_ref().and_then(|one| self.limits(&one.tolerance)));
        reasons.extend(super::payback::sentences(self.scenario, self.results));
        reasons
    }

    /// Cheaper strategies that may miss a tolerance: those that come closest.
    fn cheaper(&self, chosen: usize) -> Vec<String> {
        const SHOWN: usize = 3;
        let costs = &self.results.decision.costs;
        let mut cheaper = self.results.decision.cheaper.clone();
        cheaper.sort_by(|a, b| shortfall(a).total_cmp(&shortfall(b)));
        let sentence = |verdict: &Verdict| {
            let less = self.money(costs[chosen] - costs[verdict.strategy]);
            let (name, share) = (self.name(verdict.strategy), self.share(verdict));
            match verdict.compliance {
                Compliance::Missed => format!("{name} costs {less} less, but keeps {share}."),
                _ => format!("{name} costs {less} less and is undecided: it keeps {share}."),
            }
        };
        let mut sentences: Vec<String> = cheaper.iter().take(SHOWN).map(sentence).collect();
        if cheaper.len() > SHOWN {
            let more = (cheaper.len() - SHOWN) as u64;
            let (cost, miss) = if more == 1 { ("costs", "misses") } else { ("cost", "miss") };
            let strategies = plural(more, "strategy");
            sentences.push(format!(
                "{more} more {strategies} {cost} less and {miss} a tolerance by more."
            ));
        }
        sentences
    }

    fn money(&self, amount: f64) -> String {
        money::money(self.scenario, amount)
    }

    /// "stale user-hours within 5,000 in 97.1 % of years (required: 95 %)".
    fn share(&self, verdict: &Verdict) -> String {
        let tolerance = &verdict.tolerance;
        let share = match verdict.within {
            Some(within) => percent(within.share),
            None => "an unknown share".to_owned(),
        };
        format!(
            "{} in {share} of {} (required: {})",
            condition(self.scenario, tolerance),
            judged(self.scenario, tolerance.criterion),
            percent(tolerance.confidence)
        )
    }

    fn trade_off(&self, strategy: usize) -> String {
        let risk = self.results.decision.risks[strategy];
        format!(
            "{} spends {} and risks {} {} a {} on average.",
            self.name(strategy),
            self.money(risk.spending),
            figure(risk.risk, 3),
            risk_words(risk_metric(self.scenario)),
            period(self.scenario),
        )
    }

    /// The strategy that comes closest to meeting every tolerance.
    fn closest(&self) -> Option<String> {
        // What is kept has room, which no shortfall has: an open tolerance is the one with least.
        let room = |verdict: &Verdict| {
            verdict.within.map_or(f64::NAN, |within| within.share - verdict.tolerance.confidence)
        };
        let worst = |strategy: usize| {
            let verdicts = self.results.verdicts.iter().filter(|one| one.strategy == strategy);
            verdicts.min_by(|a, b| room(a).total_cmp(&room(b)))
        };
        let all = (0..self.scenario.strategies.len()).filter(|at| self.scenario.suits(*at));
        let judged = all.filter_map(worst).filter(|verdict| verdict.within.is_some());
        let closest = judged.max_by(|a, b| room(a).total_cmp(&room(b)))?;
        let result = &self.results.summary.strategies[closest.strategy];
        let reached = result.lowest_limit(&closest.tolerance).map_or(String::new(), |reached| {
            format!("; {}", self.stay_within(&closest.tolerance, reached))
        });
        Some(format!(
            "{} comes closest: it keeps {}{reached}.",
            self.name(closest.strategy),
            self.share(closest)
        ))
    }

    /// "95 % of outages stay within 8.86 h".
    fn stay_within(&self, tolerance: &Tolerance, reached: f64) -> String {
        format!(
            "{} of {} stay within {}",
            percent(tolerance.confidence),
            judged(self.scenario, tolerance.criterion),
            with_unit(self.scenario, tolerance.criterion, measured(reached))
        )
    }

    fn rival(&self, chosen: usize, rival: &Rival) -> String {
        if !money::is_anything_priced(self.scenario) {
            return format!("{} meets every tolerance too.", self.name(rival.strategy));
        }
        let interval = rival.interval.map_or(String::new(), |interval| {
            format!(" ({} to {})", figure(interval.low, 3), figure(interval.high, 3))
        });
        format!(
            "The next cheapest that meets every tolerance is {}. It costs {}{interval} a {} more. If \
             {} cost that much more than assumed, the choice would change.",
            self.name(rival.strategy),
            self.money(rival.extra_cost),
            period(self.scenario),
            self.name(chosen),
        )
    }

    fn deciding(&self, deciding: &DecidingTolerance) -> String {
        let tolerance = &deciding.tolerance;
        let criterion = tolerance.criterion;
        let cause = deciding.cause.as_ref().map_or(String::new(), |CauseShare { fault, share }| {
            let of = match criterion {
                Criterion::RestoreHours | Criterion::Metric(Metric::Outages) => "its outages come",
                Criterion::Metric(Metric::StaleUserHours) => "its stale user-hours come",
                Criterion::Metric(Metric::SignInDownHours) => "its hours without sign-in come",
                Criterion::Metric(metric) if metric.is_of_sign_in() => {
                    "its user-hours without sign-in come"
                }
                Criterion::Metric(_) => "the time of its outages comes",
            };
            format!(" {} of {of} from {}.", percent(*share), quoted(fault))
        });
        let counts = match criterion {
            Criterion::RestoreHours => MORE_OUTAGES,
            Criterion::Metric(_) => "",
        };
        format!(
            "The deciding tolerance is {}: the limit is {}, and {}.{counts}{cause}",
            label(criterion),
            with_unit(self.scenario, criterion, limit(tolerance.limit)),
            self.stay_within(tolerance, deciding.lowest_limit),
        )
    }
}

/// The choice at other limits of a tolerance, where that is not the same for all.
impl Case<'_> {
    fn limits(&self, tolerance: &Tolerance) -> Option<String> {
        let Results { decision, verdicts, summary, .. } = self.results;
        let bands = bands(self.scenario, tolerance, decision, verdicts, &summary.strategies);
        let unit = |limit| with_unit(self.scenario, tolerance.criterion, measured(limit));
        let (first, others) = bands.split_first().filter(|(_, others)| !others.is_empty())?;
        let mut choices = vec![format!("{} from {}", self.name(first.strategy), unit(first.from))];
        choices.extend(
            others
                .iter()
                .map(|band| format!("{} from {}", self.name(band.strategy), unit(band.from))),
        );
        Some(format!(
            "At another limit of {} these trials would choose: none below {}, {}.",
            label(tolerance.criterion),
            unit(first.from),
            choices.join(", ")
        ))
    }
}
