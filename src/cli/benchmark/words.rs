//! What `outlast benchmark` says of one kind of component, or of one step of recovery.

use crate::benchmark::{AssumptionCheck, Subject};
use crate::report::text::{count, figure, grouped};
use crate::study::mapping::Reason;

/// Causes of a kind that are named.
const CAUSES: usize = 6;
/// Rows that are named where they are left out.
const LINES: usize = 5;

/// "server: 24 incidents (Software 20, no cause given 4)"
pub(super) fn heading(one: &AssumptionCheck) -> String {
    let mut causes: Vec<String> = one
        .from
        .iter()
        .take(CAUSES)
        .map(|(name, reason, count)| {
            let name = if name.is_empty() { "no cause given" } else { name };
            let why = if *reason == Reason::Rest { ", as nothing tells" } else { "" };
            format!("{name} {}{why}", grouped(*count))
        })
        .collect();
    if one.from.len() > CAUSES {
        causes.push(format!("{} more", one.from.len() - CAUSES));
    }
    let causes =
        if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
    let noun = match one.subject {
        Subject::Kind(_) => "incident",
        Subject::Step { .. } => "drill",
    };
    format!("{}: {}{causes}", one.subject.name(), count(one.incidents, noun))
}

/// Rows that do not count, by line and reason.
fn left_out(one: &AssumptionCheck) -> Option<String> {
    let all = &one.recovery.left_out;
    let mut rows: Vec<String> =
        all.iter().take(LINES).map(|row| format!("line {} ({})", row.line, row.why)).collect();
    if all.len() > LINES {
        rows.push(format!("{} more", all.len() - LINES));
    }
    let left_out = count(all.len(), "row");
    (!rows.is_empty()).then(|| format!("Left out, {left_out}: {}.", rows.join(", ")))
}

/// What is to be said of a kind.
pub(super) fn words(one: &AssumptionCheck) -> Vec<String> {
    let mut words: Vec<String> = left_out(one).into_iter().collect();
    match (&one.assumed, &one.durations) {
        (Some(_), Some(durations)) => words.extend(durations.words.iter().cloned()),
        (None, _) => words.push(format!(
            "The scenario has no fault that strikes the {}. {}",
            one.subject.name(),
            if one.has_rate() {
                "With the log's rates it gets one."
            } else {
                "The log is too short to give it one."
            }
        )),
        (Some(assumed), None) if assumed.recovery.is_none() => words.push(
            "The scenario never repairs it in place, so there is no recovery time to compare."
                .to_owned(),
        ),
        (Some(_), None) => {}
    }
    if let Some(assumed) = one.assumed.as_ref().filter(|a| a.never > 0.0 && a.recovery.is_some()) {
        words.push(format!(
            "{:.0} % of the assumed strikes are never repaired in place; they are left out here.",
            100.0 * assumed.never
        ));
    }
    if one.assumed.as_ref().is_some_and(|assumed| assumed.is_fixed)
        && matches!(one.subject, Subject::Kind(_))
    {
        words.push("Its faults come at fixed times: there is no rate to compare.".to_owned());
    }
    if let Some(rate) = &one.rate {
        // A log of other people's servers is silent too.
        let silent = " So it is if the log would have told of it.";
        let silent = if one.incidents == 0 { silent } else { "" };
        words.push(format!("{}{silent}", rate.words));
    }
    if let Some(trend) = one.trend.filter(|trend| trend.trend.p < 0.05) {
        let way = if trend.laplace.statistic > 0.0 { "more" } else { "less" };
        words.push(format!(
            "Its incidents came {way} and {way} often (p = {:.3}): one rate for all of the log \
             misleads.",
            trend.trend.p
        ));
    }
    words.extend(one.rate_taken().map(|rate| {
        format!(
            "Played in its place: {} a year, the log's with half an incident at the assumed rate, \
             and with what so few leave open.",
            figure(rate, 3)
        )
    }));
    words.extend(in_its_place(one));
    words
}

/// What takes the place of the assumed recovery time; the line to paste follows.
fn in_its_place(one: &AssumptionCheck) -> Option<String> {
    one.assumed.as_ref()?.recovery.as_ref()?;
    let fit = one.fit.as_ref()?.recommended()?;
    let unbounded =
        fit.possible.iter().filter(|distribution| !distribution.variance().is_finite()).count();
    let unbounded = if unbounded * 100 > fit.possible.len() {
        let share = 100.0 * unbounded as f64 / fit.possible.len() as f64;
        format!(
            " {share:.0} % of these laws have no finite variance: rely on percentiles with them, and \
             not on means."
        )
    } else {
        String::new()
    };
    let recoveries = match one.recovery.sample.len() {
        1 => "1 recovery".to_owned(),
        some => format!("{} recoveries", grouped(some as u64)),
    };
    Some(format!(
        "Played in its place: {}, the best fit to {recoveries}, with what they leave open.{unbounded} \
         The fit alone, to paste:",
        fit.estimate.family.distribution_words(),
    ))
}
