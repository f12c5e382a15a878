//! What a run says, in plain words: the recommendation and its reasons.
//!
//! The same sentences go to the terminal, to scripts and to the page. They state what was computed
//! and nothing else.

use super::text::{count, figure, grouped, percent, quoted};
use crate::metric::Metric;
use crate::scenario::{Criterion, Scenario, Tolerance};
use crate::study::closed_form::ClosedForm;
use crate::study::decide::{CauseShare, DecidingTolerance, DecisionReason, Rival, risk_metric};
use crate::study::design::Design;
use crate::study::results::Results;
use crate::study::stopping::{Goal, GoalOutcome, Precision};
use crate::study::verdict::{Compliance, Verdict};
use crate::units::{HOURS_PER_YEAR, show_duration};

/// What a trial is as long as: "year", or "horizon of 90d".
pub fn period(scenario: &Scenario) -> String {
    let horizon = scenario.world.horizon;
    if horizon == HOURS_PER_YEAR {
        "year".to_owned()
    } else {
        format!("horizon of {}", show_duration(horizon))
    }
}

/// The recommendation.
#[derive(Debug, Clone, PartialEq)]
pub struct Recommendation {
    /// One sentence.
    pub headline: String,
    /// Why, what nearly beat it, what it hangs on: a sentence each.
    pub reasons: Vec<String>,
}

/// Says which strategy to choose, and why.
pub fn recommendation(scenario: &Scenario, results: &Results) -> Recommendation {
    let speaker = Speaker { scenario, results };
    Recommendation { headline: speaker.headline(), reasons: speaker.reasons() }
}

/// How the trials were drawn, where that is not the plain way.
pub fn sampling(scenario: &Scenario, design: Design) -> Option<String> {
    let Design::Strata { disaster } = design else {
        return None;
    };
    let names: Vec<String> = scenario.rare_disasters().map(quoted).collect();
    let trials = trials_of(scenario);
    Some(format!(
        "Rare disasters ({}) strike in {} of {trials}. One of four {trials} is drawn with one and \
         counts for less in proportion: the tail is sharper, and no estimate is biased by it.",
        names.join(", "),
        percent(disaster),
    ))
}

/// What theory knows, beside its estimate: a sentence each.
pub fn closed_forms(scenario: &Scenario, forms: &[ClosedForm]) -> Vec<String> {
    let say = |form: &ClosedForm| {
        let off = match form.standard_errors {
            Some(off) => format!("{off:+.1} standard errors off"),
            None => "nothing varies".to_owned(),
        };
        format!(
            "Closed form: the mean of {} for {} is {}; the trials say {} ({off}).",
            form.metric.name(),
            quoted(&scenario.strategies[form.strategy].name),
            figure(form.truth, 5),
            figure(form.estimate, 5),
        )
    };
    forms.iter().map(say).collect()
}

/// How a run to a goal ended, if it had one.
pub fn stopping(
    scenario: &Scenario,
    goal: Goal,
    reached: &GoalOutcome,
    (trials, most): (u64, u64),
) -> String {
    let played = count(trials, "trial");
    let name = reached.strategy.map_or(String::new(), |at| quoted(&scenario.strategies[at].name));
    let value = reached.value.map_or("unknown".to_owned(), percent);
    let more = match reached.needs {
        Some(needs) => format!("about {} trials would do", figure(needs as f64, 2)),
        None => "more trials are needed".to_owned(),
    };
    match (goal, reached.met) {
        (Goal::Precision(Precision { metric, quantile, relative, .. }), met) => {
            let what = quantile.map_or("mean".to_owned(), |p| format!("p{}", 100.0 * p));
            let of = format!("{what} of {} is known to ±{value} for {name}", metric.name());
            if met {
                format!(
                    "After {played} the {of}, where it is widest; ±{} was asked for.",
                    percent(relative)
                )
            } else {
                format!(
                    "Stopped at the most trials allowed, {}: the {of}; ±{} was asked for, and {more}.",
                    grouped(most),
                    percent(relative)
                )
            }
        }
        (_, true) => format!("After {played} the choice is settled."),
        (_, false) => format!(
            "Stopped at the most trials allowed, {}: the choice is not settled; {more}.",
            grouped(most)
        ),
    }
}

/// What a criterion is judged on: "outages", or what trials are.
pub fn judged(scenario: &Scenario, criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::RestoreHours => "outages",
        Criterion::Metric(_) => trials_of(scenario),
    }
}

/// What trials are: "years", or "trials" of another length.
pub fn trials_of(scenario: &Scenario) -> &'static str {
    if scenario.world.horizon == HOURS_PER_YEAR { "years" } else { "trials" }
}

/// A tolerance as a condition: "stale_user_hours within 5,000".
pub fn condition(tolerance: &Tolerance) -> String {
    let unit = if tolerance.criterion == Criterion::RestoreHours { "\u{a0}h" } else { "" };
    format!("{} within {}{unit}", tolerance.criterion.name(), limit(tolerance.limit))
}

/// A limit as it was given, thousands apart.
pub fn limit(value: f64) -> String {
    let digits = if value >= 1.0 { value.log10() as usize + 3 } else { 3 };
    let shown = figure(value, digits.min(15));
    if shown.contains('.') {
        shown.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        shown
    }
}

struct Speaker<'a> {
    scenario: &'a Scenario,
    results: &'a Results,
}

impl Speaker<'_> {
    fn name(&self, strategy: usize) -> String {
        quoted(&self.scenario.strategies[strategy].name)
    }

    fn headline(&self) -> String {
        let decision = &self.results.decision;
        let chosen = decision.strategy.map(|strategy| self.name(strategy)).unwrap_or_default();
        let sure = decision.probability.map_or(String::new(), |probability| {
            let bound = if probability < 0.99999 { "at least " } else { "" };
            format!(
                " (right with probability {bound}{}, given the assumptions)",
                // Simulation makes nothing certain.
                percent(probability.min(1.0 - 1e-9))
            )
        });
        match decision.reason {
            DecisionReason::Cheapest => {
                format!("Choose {chosen}: the cheapest that meets every tolerance{sure}.")
            }
            DecisionReason::OnlyOne => {
                format!("Choose {chosen}: the only one that meets every tolerance{sure}.")
            }
            DecisionReason::NoneMeets => "No strategy meets every tolerance.".to_owned(),
            DecisionReason::Undecided => format!(
                "{} do not tell which strategy meets every tolerance.",
                count(self.results.summary.trials, "trial")
            ),
            DecisionReason::Dominates => {
                format!("No tolerance is set; {chosen} spends least and risks least of all.")
            }
            DecisionReason::Front => {
                let names: Vec<String> = decision.front.iter().map(|&at| self.name(at)).collect();
                format!(
                    "No tolerance is set. From cheap to safe, none beaten in both: {}.",
                    names.join(", ")
                )
            }
        }
    }

    fn reasons(&self) -> Vec<String> {
        let decision = &self.results.decision;
        let mut reasons = Vec::new();
        if let Some(chosen) = decision.strategy {
            reasons.extend(self.cost_of(chosen));
            let of_it = self.results.verdicts.iter().filter(|verdict| verdict.strategy == chosen);
            reasons.extend(of_it.map(|verdict| format!("It keeps {}.", self.kept(verdict))));
        } else if self.scenario.tolerances.is_empty() {
            reasons.extend(decision.front.iter().map(|&at| self.trade(at)));
        } else {
            reasons.extend(self.nearest());
            reasons.extend(self.scenario.tolerances.iter().map(|tolerance| self.met_by(tolerance)));
        }
        reasons.extend(decision.runner_up.as_ref().map(|rival| self.rival(rival)));
        reasons.extend(decision.strategy.into_iter().flat_map(|chosen| self.cheaper(chosen)));
        reasons.extend(decision.deciding.as_ref().map(|hinge| self.hinge(hinge)));
        reasons
    }

    /// Cheaper strategies that do not surely qualify: those that come nearest.
    fn cheaper(&self, chosen: usize) -> Vec<String> {
        const SHOWN: usize = 3;
        let costs = &self.results.decision.costs;
        let mut cheaper = self.results.decision.cheaper.clone();
        cheaper.sort_by(|a, b| shortfall(a).total_cmp(&shortfall(b)));
        let mut said: Vec<String> = cheaper
            .iter()
            .take(SHOWN)
            .map(|verdict| {
                let (keeps, tells) = match verdict.compliance {
                    Compliance::Missed => ("keeps", ""),
                    _ => ("may keep", "; the trials do not tell"),
                };
                format!(
                    "{} would be cheaper by {}, and {keeps} {}{tells}.",
                    self.name(verdict.strategy),
                    self.money(costs[chosen] - costs[verdict.strategy]),
                    self.kept(verdict)
                )
            })
            .collect();
        if cheaper.len() > SHOWN {
            let more = cheaper.len() - SHOWN;
            let (are, fall) = if more == 1 { ("is", "falls") } else { ("are", "fall") };
            said.push(format!("{more} more {are} cheaper and {fall} shorter of a tolerance."));
        }
        said
    }

    fn money(&self, amount: f64) -> String {
        format!("{} {}", figure(amount, 3), self.scenario.currency()).trim_end().to_owned()
    }

    fn cost_of(&self, strategy: usize) -> Option<String> {
        let rows = self.results.costs.iter().filter(|row| row.strategy == strategy);
        let total = rows.clone().find(|row| row.part == "total");
        let period = period(self.scenario);
        let Some(total) = total else {
            let cost = self.results.decision.costs[strategy];
            return (cost > 0.0).then(|| format!("It costs {} a {period}.", self.money(cost)));
        };
        let mut parts: Vec<_> = rows.filter(|row| row.part != "total" && row.mean > 0.0).collect();
        parts.sort_by(|a, b| b.mean.total_cmp(&a.mean));
        let parts: Vec<String> = parts
            .iter()
            .take(3)
            .map(|row| format!("{} for {}", figure(row.mean, 3), row.part))
            .collect();
        let parts =
            if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) };
        Some(format!(
            "It costs {} a {period} on average{parts}, and {} in the worst of twenty {}.",
            self.money(total.mean),
            self.money(total.tail_mean),
            trials_of(self.scenario),
        ))
    }

    /// "stale_user_hours within 5,000 in 97.1 % of years (95 % is asked)".
    fn kept(&self, verdict: &Verdict) -> String {
        let tolerance = &verdict.tolerance;
        let of = judged(self.scenario, tolerance.criterion);
        let share = match verdict.within {
            Some(within) => percent(within.share),
            None => "an unknown share".to_owned(),
        };
        format!(
            "{} in {share} of {of} ({} is asked)",
            condition(tolerance),
            percent(tolerance.confidence)
        )
    }

    fn trade(&self, strategy: usize) -> String {
        let risk = self.results.decision.risks[strategy];
        let metric = risk_metric(self.scenario);
        format!(
            "{}: spends {} and risks {} {} a {} on average.",
            self.name(strategy),
            self.money(risk.spending),
            figure(risk.risk, 3),
            risk_words(metric),
            period(self.scenario),
        )
    }

    /// The strategy that falls least short.
    fn nearest(&self) -> Option<String> {
        let worst = |strategy: usize| {
            let of_it = self.results.verdicts.iter().filter(|one| one.strategy == strategy);
            of_it.max_by(|a, b| shortfall(a).total_cmp(&shortfall(b)))
        };
        let all = 0..self.scenario.strategies.len();
        let judged = all.filter_map(worst).filter(|verdict| verdict.within.is_some());
        let nearest = judged.min_by(|a, b| shortfall(a).total_cmp(&shortfall(b)))?;
        let result = &self.results.summary.strategies[nearest.strategy];
        let reached = result.lowest_limit(&nearest.tolerance).map_or(String::new(), |reached| {
            let asked = percent(nearest.tolerance.confidence);
            format!("; {asked} stay within {}", figure(reached, 3))
        });
        Some(format!(
            "{} comes nearest: it keeps {}{reached}.",
            self.name(nearest.strategy),
            self.kept(nearest)
        ))
    }

    /// How many strategies meet a tolerance.
    fn met_by(&self, tolerance: &Tolerance) -> String {
        let of_it = || self.results.verdicts.iter().filter(|one| one.tolerance == *tolerance);
        let count = |answer| of_it().filter(|verdict| verdict.compliance == answer).count();
        let (met, open, all) =
            (count(Compliance::Met), count(Compliance::Undecided), of_it().count());
        let met = if met == 0 { "none".to_owned() } else { met.to_string() };
        let open = match open {
            0 => String::new(),
            open => format!(", and the trials do not tell of {open}: try --until-decided"),
        };
        format!("{} is met by {met} of {all} strategies{open}.", condition(tolerance))
    }

    fn rival(&self, rival: &Rival) -> String {
        let interval = rival.interval.map_or(String::new(), |interval| {
            format!(" ({} to {})", figure(interval.low, 3), figure(interval.high, 3))
        });
        format!(
            "The next cheapest that qualifies is {}, dearer by {}{interval}: so much more could \
             the choice cost before it changes.",
            self.name(rival.strategy),
            self.money(rival.extra_cost),
        )
    }

    fn hinge(&self, hinge: &DecidingTolerance) -> String {
        let Tolerance { criterion, limit: most, confidence } = hinge.tolerance;
        let cause = hinge.cause.as_ref().map_or(String::new(), |CauseShare { fault, share }| {
            let of = match criterion {
                Criterion::RestoreHours => "of its outages",
                Criterion::Metric(Metric::StaleUserHours) => "of its stale user-hours",
                Criterion::Metric(Metric::Outages) => "of its outages",
                Criterion::Metric(_) => "of its downtime",
            };
            format!(
                " {} makes {} {of}: check that assumption first.",
                quoted(fault),
                percent(*share)
            )
        });
        format!(
            "It hangs most on {}: the limit is {}, and {} stay within {}.{cause}",
            criterion.name(),
            limit(most),
            percent(confidence),
            figure(hinge.lowest_limit, 3),
        )
    }
}

/// By how much of its trials or outages a strategy falls short of a tolerance.
fn shortfall(verdict: &Verdict) -> f64 {
    verdict
        .within
        .map_or(f64::INFINITY, |within| (verdict.tolerance.confidence - within.share).max(0.0))
}

/// What the metric that stands for risk is called in a sentence.
pub fn risk_words(metric: Metric) -> &'static str {
    match metric {
        Metric::StaleUserHours => "stale user-hours",
        _ => "hours of downtime",
    }
}
