//! The tables of a run, column by column. What a table is and how it is written: [`super::table`].

use super::table::{Rows, Table};
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::study::compare::Difference;
use crate::study::decide::risk_metric;
use crate::study::restore_steps::RestoreStep;
use crate::study::results::Results;
use crate::study::summary::{StrategyResult, Summary};
use crate::study::timeline::TrialTimeline;
use crate::study::verdict::Verdict;
use crate::study::when::HarmByHour;
use crate::study::work::{WorkPart, WorkShares};

/// `summary.csv`: every metric of every strategy.
pub fn summary(summary: &Summary) -> Table {
    Rows::new(summary.strategies.iter().flat_map(|strategy| &strategy.rows))
        .column("strategy", |row| &row.strategy)
        .column("metric", |row| row.metric.name())
        .column("unit", |row| &row.unit)
        .column("trials", |row| row.trials)
        .column("mean", |row| row.mean)
        .interval("ci_low", "ci_high", |row| row.mean_interval)
        .column("sd", |row| row.sd)
        .column("p50", |row| row.p50)
        .column("p90", |row| row.p90)
        .column("p95", |row| row.p95)
        .column("p99", |row| row.p99)
        .column("max", |row| row.max)
        .interval("p95_low", "p95_high", |row| row.p95_interval)
        .interval("p99_low", "p99_high", |row| row.p99_interval)
        .interval("p50_low", "p50_high", |row| row.p50_interval)
        .interval("p90_low", "p90_high", |row| row.p90_interval)
        .table()
}

/// `outages.csv`: the outages of every strategy, by what began and what ended them, weighted where
/// disasters are drawn more often.
pub fn outages(summary: &Summary) -> Table {
    Rows::new(summary.strategies.iter().flat_map(|strategy| &strategy.outages))
        .column("strategy", |row| &row.strategy)
        .column("fault", |row| &row.fault)
        .column("restored_by", |row| &row.restored_by)
        .column("outages", |row| row.outages)
        .column("restore_mean", |row| row.restore_mean)
        .column("restore_p50", |row| row.restore_p50)
        .column("restore_p95", |row| row.restore_p95)
        .column("current_mean", |row| row.current_mean)
        .column("stale_user_hours_share", |row| row.stale_user_hours_share)
        .column("per_trial", |row| row.per_trial)
        .column("parts", |row| row.parts.words())
        .table()
}

/// `sign_in.csv`: the losses of sign-in of every strategy, by what began them, weighted where disasters are
/// drawn more often.
pub fn sign_in(summary: &Summary) -> Table {
    Rows::new(summary.strategies.iter().flat_map(|strategy| &strategy.sign_in))
        .column("strategy", |row| &row.strategy)
        .column("fault", |row| &row.fault)
        .column("losses", |row| row.losses)
        .column("per_trial", |row| row.per_trial)
        .column("hours_mean", |row| row.hours_mean)
        .column("hours_per_trial", |row| row.hours)
        .column("user_hours_per_trial", |row| row.user_hours)
        .column("user_hours_share", |row| row.share)
        .table()
}

/// `comparison.csv`: every pair of strategies, by metric.
pub fn comparison(results: &Results) -> Table {
    compared(results, results.differences.iter())
}

/// The pairs of one metric.
pub fn comparison_of(results: &Results, metric: Metric) -> Table {
    compared(results, results.differences.iter().filter(|pair| pair.metric == metric))
}

fn compared<'a>(results: &Results, pairs: impl Iterator<Item = &'a Difference>) -> Table {
    Rows::new(pairs)
        .column("metric", |pair| pair.metric.name())
        .column("strategy_a", |pair| name(results, pair.a))
        .column("strategy_b", |pair| name(results, pair.b))
        .column("mean_difference", |pair| pair.mean)
        .interval("ci_low", "ci_high", |pair| pair.interval)
        .column("share_a_lower", |pair| pair.a_lower)
        .column("share_b_lower", |pair| pair.b_lower)
        .table()
}

/// Mean hours of an outage by step, for each strategy; the work in its parts where they are known, of
/// which `work` has the shares by strategy.
pub fn steps(results: &Results, work: &[Option<WorkShares>]) -> Table {
    let hours = |result: &StrategyResult, step: RestoreStep| {
        result.steps.map(|steps| steps[step as usize].1)
    };
    let total = |result: &StrategyResult| {
        result.steps.map(|steps| steps.iter().map(|(_, hours)| hours).sum::<f64>())
    };
    let mut rows = Rows::new(results.summary.strategies.iter().enumerate())
        .column("strategy", |(_, result)| &result.name)
        .column("detect", |(_, result)| hours(result, RestoreStep::Detect))
        .column("wait_until_staffed", |(_, result)| hours(result, RestoreStep::WaitUntilStaffed))
        .column("call_out", |(_, result)| hours(result, RestoreStep::CallOut))
        .column("decide", |(_, result)| hours(result, RestoreStep::Decide));
    if work.is_empty() {
        rows = rows.column("work", |(_, result)| hours(result, RestoreStep::Work));
    }
    for part in WorkPart::ALL.into_iter().filter(|_| !work.is_empty()) {
        rows = rows.column(part.key(), |(at, result)| {
            // What was not watched is other work.
            let unwatched = if part == WorkPart::Other { 1.0 } else { 0.0 };
            let share = work.get(at).copied().flatten().map(|shares| shares[part as usize]);
            Some(hours(result, RestoreStep::Work)? * share.unwrap_or(unwatched))
        });
    }
    rows.column("full_sync", |(_, result)| hours(result, RestoreStep::FullSync))
        .column("drain", |(_, result)| hours(result, RestoreStep::Drain))
        .column("total", |(_, result)| total(result))
        .table()
}

/// `tolerance.csv`: every strategy held against every tolerance.
pub fn tolerance(results: &Results) -> Table {
    let rows = Rows::new(&results.verdicts);
    with_verdicts(rows, |verdict| (&results.summary, verdict)).table()
}

/// Adds the columns of a verdict on a strategy of a summary.
pub(super) fn with_verdicts<'a, R: Copy>(
    rows: Rows<R>,
    verdict: impl Fn(R) -> (&'a Summary, &'a Verdict),
) -> Rows<R> {
    let tolerance = |row| verdict(row).1.tolerance;
    let within = |row| verdict(row).1.within;
    let strategy = |row| {
        let (summary, verdict) = verdict(row);
        &summary.strategies[verdict.strategy].name
    };
    rows.column("strategy", strategy)
        .column("criterion", |row| tolerance(row).criterion.name())
        .column("limit", |row| tolerance(row).limit)
        .column("confidence", |row| tolerance(row).confidence)
        .column("probability_within", |row| within(row).map(|within| within.share))
        .interval("ci_low", "ci_high", |row| within(row).map(|within| within.interval))
        .column("verdict", |row| verdict(row).1.compliance.word())
}

/// `cost.csv`: what every strategy costs, in all and part by part, and what of it is spent and what
/// is harm that has a price. The tail is the worst one in twenty trials.
pub fn cost(results: &Results, currency: &str) -> Table {
    Rows::new(&results.costs)
        .column("strategy", |row| name(results, row.strategy))
        .column("part", |row| row.part)
        .column("unit", |_| currency)
        .column("mean", |row| row.mean)
        .interval("ci_low", "ci_high", |row| row.interval)
        .column("share", |row| row.share)
        .column("p50", |row| row.p50)
        .column("p95", |row| row.p95)
        .column("p99", |row| row.p99)
        .column("tail_mean", |row| row.tail_mean)
        .interval("tail_low", "tail_high", |row| row.tail_interval)
        .column("spending", |row| row.spending)
        .column("harm", |row| row.harm())
        .table()
}

/// Spending and risk of every strategy.
pub fn risks(scenario: &Scenario, results: &Results) -> Table {
    let decision = &results.decision;
    let risk = |index: usize| decision.risks[index];
    Rows::new(0..decision.risks.len())
        .column("strategy", |index| name(results, index))
        .column("spending", |index| risk(index).spending)
        .interval("spending_low", "spending_high", |index| risk(index).spending_interval)
        .column("risk_metric", |_| risk_metric(scenario).name())
        .column("risk", |index| risk(index).risk)
        .interval("risk_low", "risk_high", |index| risk(index).risk_interval)
        .column("on_the_front", |index| decision.front.contains(&index))
        .table()
}

/// The outages of one trial under every strategy.
pub fn timeline(results: &Results, timeline: &TrialTimeline) -> Table {
    let strategies = results.summary.strategies.iter().zip(&timeline.lanes);
    let rows = strategies.flat_map(|(strategy, lane)| {
        lane.outages.iter().map(move |(outage, cause)| (strategy, cause, outage))
    });
    Rows::new(rows)
        .column("strategy", |(strategy, ..)| &strategy.name)
        .column("cause", |(_, cause, _)| cause)
        .column("onset_hours", |(.., outage)| outage.onset)
        .column("restore_hours", |(.., outage)| outage.restore_hours())
        .column("current_hours", |(.., outage)| outage.current_hours())
        .table()
}

/// What an outage does by the hour of the week in which it begins.
pub fn harm(harm: &HarmByHour) -> Table {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    Rows::new((0..DAYS.len()).flat_map(|day| (0..24).map(move |hour| (day, hour))))
        .column("day", |(day, _)| DAYS[day])
        .column("hour", |(_, hour): (usize, usize)| hour)
        .column(harm.metric.name(), |(day, hour)| harm.hours[day][hour])
        .table()
}

/// What theory knows, beside its estimate.
pub fn closed_forms(results: &Results) -> Table {
    Rows::new(&results.closed_forms)
        .column("strategy", |form| name(results, form.strategy))
        .column("metric", |form| form.metric.name())
        .column("truth", |form| form.truth)
        .column("estimate", |form| form.estimate)
        .column("standard_errors", |form| form.standard_errors)
        .table()
}

/// The name of a strategy, by its place in the scenario.
fn name(results: &Results, strategy: usize) -> &str {
    &results.summary.strategies[strategy].name
}
