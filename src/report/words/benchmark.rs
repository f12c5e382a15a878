//! What a comparison of a scenario with a log says: of each kind of component or step of recovery,
//! and of the choice.

use super::fit::stopped;
use super::input::of_path;
use super::log::together;
use super::{assumption, condition, judged, risk_words};
use crate::benchmark::assumed::{AssumedFailures, Span};
use crate::benchmark::{
    ASSUMED, AssumptionCheck, BEST_FIT, Benchmark, RECOVERY, RECOVERY_AND_RATES, Subject,
    UnknownIncidents, VariantResult,
};
use crate::report::text::{capitalized, count, figure, grouped, list, percent, quoted};
use crate::scenario::Scenario;
use crate::study::decide::{DecisionReason, risk_metric};
use crate::study::mapping::Reason;
use crate::study::verdict::Verdict;
use crate::units::show_duration;

/// Causes of a kind that are named.
const CAUSES: usize = 6;
/// Rows that are named where they are left out.
const LINES: usize = 5;

/// What is compared with what. `observed_given` tells that the user said how long the log observed.
pub fn title(
    scenario: &Scenario,
    benchmark: &Benchmark,
    log: (&str, usize),
    span: Span,
    observed_given: bool,
) -> String {
    let (name, rows) = log;
    let how = subtitle(benchmark, rows, span, observed_given);
    format!("{} against {name}: {how}", scenario.title())
}

/// How much of a log is compared, and how.
pub fn subtitle(benchmark: &Benchmark, rows: usize, span: Span, observed_given: bool) -> String {
    let observed = match benchmark.observed {
        _ if benchmark.unknown.as_ref().is_some_and(UnknownIncidents::left_out) => {
            "without rates".to_owned()
        }
        None => "without times, so rates are not compared".to_owned(),
        Some(hours) if observed_given => format!("over {}", show_duration(hours)),
        Some(hours) => format!(
            "over {}, measured from its first incident, which is left out of every rate (--observed)",
            show_duration(hours)
        ),
    };
    let incidents = |one: &AssumptionCheck| matches!(one.subject, Subject::Kind(_));
    let measures = match span {
        _ if !benchmark.compared.iter().any(incidents) => "",
        Span::Outage => " Durations are taken as whole outages, people's delays included (--span).",
        Span::Repair => " Durations are taken as hands-on repair (--span).",
    };
    format!("{} {observed}.{measures}", count(rows, "row"))
}

/// Said first: incidents of which nothing tells what they struck, and the options that would.
pub fn unknown_causes(benchmark: &Benchmark) -> Option<(String, Vec<String>)> {
    let unknown = benchmark.unknown.as_ref()?;
    let consequence = if unknown.count == unknown.of {
        "They are left out, so nothing is compared."
    } else if unknown.left_out() {
        "That is more than a tenth, so they are left out: recovery times are compared for the others, \
         and no rate, since they may be of any kind."
    } else {
        "They are taken for the server's."
    };
    let warning = super::unknown::warning((unknown.count, unknown.of), &unknown.named, consequence);
    Some((warning, super::unknown::options(&unknown.named)))
}

/// What the table of variants shows: `shown` are the names of its columns.
pub fn variants(scenario: &Scenario, shown: &[&str], trials: u64, seed: u64) -> String {
    let mut words = format!(
        "{}, {} of each variant, seed {seed}.",
        capitalized(risk_words(risk_metric(scenario))),
        count(trials, "trial"),
    );
    for (name, meaning) in [
        (RECOVERY, "uses the log's recovery times with parameter uncertainty"),
        (RECOVERY_AND_RATES, "also uses its rates"),
        (BEST_FIT, "uses the best fit only"),
    ] {
        if shown.contains(&name) {
            words.push_str(&format!(" \"{name}\" {meaning}."));
        }
    }
    words
}

/// How to read the table of tolerances.
pub fn tolerances(scenario: &Scenario) -> String {
    let periods = super::periods(scenario);
    format!("Share of {periods} (of outages, for the restore time) within the tolerance:")
}

/// What the times of a kind or a step are called in titles: "Recovery time, server", "Drills, rebuild:
/// install".
pub fn times(subject: &Subject) -> String {
    match subject {
        Subject::Kind(kind) => format!("Recovery time, {}", kind.word()),
        Subject::Step { key, .. } => format!("Drills, {}", of_path(key)),
    }
}

/// "server: 24 incidents (Software 20, no cause given 4)"
pub fn heading(check: &AssumptionCheck) -> String {
    let cause = |(name, reason, number): &(String, Reason, u64)| {
        let name = if name.is_empty() { "no cause given" } else { name };
        let why = match reason {
            Reason::Rest | Reason::Unknown => ", by default",
            _ => "",
        };
        format!("{name} {}{why}", grouped(*number))
    };
    let mut causes: Vec<String> = check.from.iter().take(CAUSES).map(cause).collect();
    if check.from.len() > CAUSES {
        causes.push(format!("{} more", check.from.len() - CAUSES));
    }
    let causes =
        if causes.is_empty() { String::new() } else { format!(" ({})", causes.join(", ")) };
    let noun = match check.subject {
        Subject::Kind(_) => "incident",
        Subject::Step { .. } => "drill",
    };
    format!("{}: {}{causes}", check.subject.name(), count(check.incidents, noun))
}

/// What the log says of a kind or a step: a sentence each.
pub fn findings(check: &AssumptionCheck) -> Vec<String> {
    let mut words: Vec<String> = left_out(check).into_iter().collect();
    words.extend(recovery(check));
    words.extend(rate(check));
    words.extend(order(check));
    words.extend(check.rate_taken().map(|rate| {
        format!(
            "Used instead: {} a year: the log's incidents and half an incident (Jeffreys' prior), with \
             the uncertainty of so few.",
            figure(rate, 3)
        )
    }));
    words.extend(fit_used(check));
    words
}

/// What the starts say against one rate with independent incidents.
fn order(check: &AssumptionCheck) -> Vec<String> {
    let Some(between) = check.between.as_ref().filter(|_| check.rate.is_some()) else {
        return Vec::new();
    };
    let mut words: Vec<String> = together(between).map(|words| words + ".").into_iter().collect();
    let Some(trend) = check.trend else { return words };
    if let Some(stopped) = stopped(between, &trend) {
        words.push(format!("{stopped}: one rate for all of the log misleads."));
    } else if trend.drifts() {
        let way = if trend.laplace.statistic > 0.0 { "more" } else { "less" };
        words.push(format!(
            "Its incidents become {way} frequent along the log (p = {:.3}): one rate for all of it \
             misleads.",
            trend.trend.p
        ));
    }
    if let Some(bursts) = trend.bursts() {
        words.push(format!(
            "Its incidents come in bursts: counts in equal windows vary {:.1} times as much as those \
             of independent ones, so the interval of the rate is too narrow by a factor of about {:.1}.",
            bursts.statistic,
            bursts.statistic.sqrt()
        ));
    }
    words
}

/// Rows that do not count, by line and reason.
fn left_out(check: &AssumptionCheck) -> Option<String> {
    let all = &check.recovery.left_out;
    let mut rows: Vec<String> =
        all.iter().take(LINES).map(|row| format!("line {} ({})", row.line, row.why)).collect();
    if all.len() > LINES {
        rows.push(format!("{} more", all.len() - LINES));
    }
    let number = count(all.len(), "row");
    (!rows.is_empty()).then(|| format!("Left out, {number}: {}.", rows.join(", ")))
}

fn recovery(check: &AssumptionCheck) -> Vec<String> {
    let Some(assumed) = &check.assumed else {
        let rest = if check.has_rate() {
            "The log's rate and recovery times add one."
        } else {
            "The log is too short to add one."
        };
        let kind = check.subject.name();
        return vec![format!("The scenario has no fault that strikes the {kind}. {rest}")];
    };
    let mut words = match (&check.durations, &assumed.recovery) {
        (Some(durations), _) => assumption::durations(durations),
        (None, None) => vec![
            "The scenario never repairs it in place, so there is no recovery time to compare."
                .to_owned(),
        ],
        (None, Some(_)) => Vec::new(),
    };
    if assumed.never > 0.0 && assumed.recovery.is_some() {
        words.push(format!(
            "{:.0}\u{a0}% of the assumed faults are never repaired in place; the comparison leaves \
             them out.",
            100.0 * assumed.never
        ));
    }
    words
}

/// What a rate counts: incidents, or events where some incidents start together.
pub fn counted(check: &AssumptionCheck) -> &'static str {
    let are_events = check.between.as_ref().is_some_and(|between| between.together > 0);
    if are_events { "event" } else { "incident" }
}

fn rate(check: &AssumptionCheck) -> Vec<String> {
    let mut words = Vec::new();
    let of_kind = check.assumed.as_ref().filter(|_| matches!(check.subject, Subject::Kind(_)));
    if of_kind.is_some_and(|assumed| assumed.is_fixed) {
        words.push("All its faults come at fixed times: there is no rate to compare.".to_owned());
    }
    if let Some(rate) = &check.rate {
        words.extend(of_kind.and_then(dated));
        // A log of other people's servers is silent too.
        let silent = " This holds only if the log would have recorded one.";
        let silent = if check.incidents == 0 { silent } else { "" };
        words.push(assumption::rate(rate, counted(check)) + silent);
    }
    words
}

/// Strikes that the assumed rate leaves out.
fn dated(assumed: &AssumedFailures) -> Option<String> {
    let named: Vec<String> = assumed.dated.iter().map(|name| quoted(name)).collect();
    let verb = if named.len() == 1 { "comes" } else { "come" };
    (!named.is_empty()).then(|| {
        format!(
            "{} {verb} at fixed times, which the assumed rate leaves out. A log does not tell such \
             strikes from others.",
            list(&named)
        )
    })
}

/// What takes the place of the assumed recovery time; the line to paste follows.
fn fit_used(check: &AssumptionCheck) -> Option<String> {
    check.assumed.as_ref()?.recovery.as_ref()?;
    let fit = check.fit.as_ref()?.recommended()?;
    let unbounded = fit.possible.iter().filter(|one| !one.variance().is_finite()).count();
    let unbounded = if unbounded * 100 > fit.possible.len() {
        let share = 100.0 * unbounded as f64 / fit.possible.len() as f64;
        format!(
            " {share:.0}\u{a0}% of the plausible distributions have no finite variance: rely on \
             percentiles, not on means."
        )
    } else {
        String::new()
    };
    let is_drill = matches!(check.subject, Subject::Step { .. });
    let rejected = match fit.p.filter(|_| fit.is_rejected()) {
        Some(p) => format!(
            " The tests reject it all the same (p = {}), so the log is not as it says: see `outlast \
             fit` for where.",
            figure(p.ad.min(p.ks), 2)
        ),
        None => String::new(),
    };
    Some(format!(
        "Used instead: {}, the best fit to {}, with parameter uncertainty.{rejected}{unbounded} The \
         best fit alone, to paste:",
        fit.estimate.family.distribution_words(),
        count(check.recovery.sample.len(), if is_drill { "drill" } else { "recovery" }),
    ))
}

/// What the evidence does to the choice: whether it changes, which evidence decides that, which
/// tolerances change, and whether parameter uncertainty matters.
pub fn answer(benchmark: &Benchmark) -> Vec<String> {
    let (Some(before), Some(after)) = (benchmark.played(ASSUMED), benchmark.with_evidence()) else {
        return vec![nothing(benchmark)];
    };
    let mut words = vec![choice(before, after)];
    words.extend(deciding(benchmark, before));
    let verdicts = before.results.verdicts.iter().zip(&after.results.verdicts);
    let changed = verdicts.filter(|(old, new)| old.compliance != new.compliance);
    words.extend(changed.map(|(old, new)| verdict(after, old, new)));
    words.extend(uncertainty(benchmark, after));
    words.extend(super::fitness::never_chosen(&before.scenario));
    words
}

fn nothing(benchmark: &Benchmark) -> String {
    let both = benchmark.compared.iter().any(|one| one.assumed.is_some() && one.incidents > 0);
    let why = if both {
        "no kind has three different recovery times, the minimum for a distribution"
    } else if benchmark.compared.iter().all(|one| one.incidents == 0) {
        "of no incident it is known that it struck a kind of the scenario"
    } else {
        "it has no incident of a kind that strikes in the scenario"
    };
    format!("The log replaces no assumption: {why}. The choice stays as assumed.")
}

/// How every verdict is reached, where recovery times are compared.
pub fn rule(benchmark: &Benchmark) -> Option<String> {
    benchmark.compared.iter().find_map(|one| one.durations.as_ref()).map(assumption::rule)
}

/// The choice of a variant, as the object of "recommends".
fn chosen(played: &VariantResult) -> String {
    let decision = &played.results.decision;
    match (decision.strategy, decision.reason) {
        (Some(index), _) => {
            let name = quoted(&played.scenario.strategies[index].name);
            let is_clear = decision.probability.is_none_or(|sure| sure >= super::choice::CLEAR);
            if is_clear { name } else { format!("{name} (undecided: more trials may change that)") }
        }
        (None, DecisionReason::Front) => "no single strategy, since no tolerance is set".to_owned(),
        (None, DecisionReason::Undecided) => "none yet: more trials are needed".to_owned(),
        (None, _) => "none, since no strategy meets every tolerance".to_owned(),
    }
}

fn choice(before: &VariantResult, after: &VariantResult) -> String {
    let name = chosen(after);
    // "None yet" and "none" are both no choice, and not the same answer.
    if chosen(before) == name {
        return format!(
            "The choice stands: the study recommends {name}, as assumed and with the log's evidence."
        );
    }
    format!(
        "The choice changes: as assumed, the study recommends {}; with the log's evidence, {name}.",
        chosen(before),
    )
}

/// The evidence that changes the choice by itself.
fn deciding(benchmark: &Benchmark, before: &VariantResult) -> Option<String> {
    let mut single = benchmark.played.iter().filter_map(|one| Some((one, one.only?))).peekable();
    single.peek()?;
    let changing: Vec<&str> = single
        .filter(|(one, _)| one.results.decision.strategy != before.results.decision.strategy)
        .filter_map(|(_, place)| Some(benchmark.compared.get(place)?.subject.name()))
        .collect();
    Some(match &changing[..] {
        [] => "No single piece of evidence changes the choice: it takes several.".to_owned(),
        [one] => format!("The evidence about the {one} decides: it alone changes the choice."),
        several => format!("Each of these changes the choice alone: {}.", several.join(", ")),
    })
}

fn verdict(played: &VariantResult, old: &Verdict, new: &Verdict) -> String {
    let share = |verdict: &Verdict| {
        let share = verdict.within.map_or("-".to_owned(), |within| percent(within.share));
        format!("{share} ({})", verdict.compliance.word())
    };
    format!(
        "{} keeps {} in {} of {} as assumed, and in {} with the evidence.",
        quoted(&played.scenario.strategies[new.strategy].name),
        condition(&played.scenario, &new.tolerance),
        share(old),
        judged(&played.scenario, new.tolerance.criterion),
        share(new),
    )
}

/// Where the best fit alone would lead to another choice.
fn uncertainty(benchmark: &Benchmark, after: &VariantResult) -> Option<String> {
    let best_fit = benchmark.played(BEST_FIT)?;
    if best_fit.results.decision.strategy == after.results.decision.strategy {
        return None;
    }
    Some(format!(
        "With the best fit only, the study would recommend {}: the log is too short to ignore \
         parameter uncertainty.",
        chosen(best_fit)
    ))
}
