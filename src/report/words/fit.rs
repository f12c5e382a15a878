//! What a fit to a log says: which distribution, why, how well it fits, what its tail misses,
//! whether the log is long enough, and whether one distribution can describe it at all.

use crate::evidence::analysis::{Analysis, Fit, Flag};
use crate::evidence::fitted::FitSummary;
use crate::evidence::judgement::{AS_GOOD, TailMisfit};
use crate::evidence::log::{IncidentLog, Role};
use crate::evidence::sample::{LeftOut, Quantity};
use crate::evidence::trend::Trend;
use crate::report::text::{
    capitalized, count, duration, figure, grouped, level, list, percent, plural, rough,
};
use crate::units::show_duration;

/// Fewer complete durations than this cannot tell families apart.
const FEW: usize = 10;
/// Lines named for each reason before the rest is only a number.
const LINES: usize = 12;

/// What was read: "incidents.csv: 41 rows, read as start, end".
pub fn title(name: &str, log: &IncidentLog) -> String {
    let named = |role: Role| {
        let heading = log.headings.get(log.columns.place(role)?)?;
        Some(if heading == role.name() {
            heading.clone()
        } else {
            format!("{} = {heading}", role.name())
        })
    };
    let roles: Vec<String> = Role::ALL.into_iter().filter_map(named).collect();
    format!("{name}: {}, read as {}", count(log.len(), "row"), roles.join(", "))
}

/// What a variable is called over its table.
pub fn heading(analysis: &Analysis) -> String {
    let quantity = match analysis.variable.quantity {
        Quantity::Recovery => "Recovery time",
        Quantity::Between => "Time between failures",
    };
    match &analysis.variable.group {
        Some(group) if group.is_empty() => format!("{quantity}, no group given"),
        Some(group) => format!("{quantity}, {group}"),
        None => quantity.to_owned(),
    }
}

fn noun(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Recovery => "recovery times",
        Quantity::Between => "times between failures",
    }
}

/// What the sample holds, and which rows it leaves out: a line each.
pub fn sample(analysis: &Analysis) -> Vec<String> {
    let variable = &analysis.variable;
    let mut lines = vec![extent(analysis)];
    lines.extend(left_out(&variable.left_out));
    if !variable.censored_lines.is_empty() {
        lines.push(format!("Lower bounds: {}", lines_of(&variable.censored_lines)));
    }
    lines
}

fn extent(analysis: &Analysis) -> String {
    let sample = &analysis.variable.sample;
    let observed = sample.observed();
    let mut words = count(sample.len(), "duration");
    if !sample.censored().is_empty() {
        let bounds = count(sample.censored().len(), "lower bound");
        words.push_str(&format!(", {bounds} among them"));
    }
    if let [only] = observed {
        words.push_str(&format!("; the complete one took {}", show_duration(*only)));
    } else if let (Some(first), Some(last)) = (observed.first(), observed.last()) {
        let mean = observed.iter().map(|x| x / observed.len() as f64).sum::<f64>();
        let middle = |index: usize| observed[index / 2];
        let median = 0.5 * (middle(observed.len() - 1) + middle(observed.len()));
        words.push_str(&format!(
            "; complete ones from {} to {}, median {}, mean {}",
            show_duration(*first),
            show_duration(*last),
            show_duration(median),
            show_duration(mean)
        ));
    }
    words
}

/// One line for each reason, with the lines of the file.
fn left_out(rows: &[LeftOut]) -> Vec<String> {
    let mut kinds: Vec<(&'static str, Vec<u64>)> = Vec::new();
    for row in rows {
        match kinds.iter_mut().find(|(kind, _)| *kind == row.why.kind()) {
            Some((_, lines)) => lines.push(row.line),
            None => kinds.push((row.why.kind(), vec![row.line])),
        }
    }
    kinds.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    let line = |(kind, lines): &(&str, Vec<u64>)| {
        format!("Left out, {kind}: {}, {}", count(lines.len(), "row"), lines_of(lines))
    };
    kinds.iter().map(line).collect()
}

/// "line 3", "lines 3, 8, 9 and 4 more".
fn lines_of(lines: &[u64]) -> String {
    let shown: Vec<String> = lines.iter().take(LINES).map(u64::to_string).collect();
    let more = lines.len().saturating_sub(LINES) as u64;
    let rest = if more > 0 {
        format!(" and {} more (all in --format json)", grouped(more))
    } else {
        String::new()
    };
    format!("{} {}{rest}", plural(lines.len() as u64, "line"), shown.join(", "))
}

/// How to read the table of fits, below it.
pub fn legend(analysis: &Analysis) -> String {
    let mut words = String::new();
    if let Some(best) = analysis.recommended() {
        let names = best.estimate.family.parameters();
        let interval = |(name, (low, high)): (&&str, &(f64, f64))| {
            format!("{name} from {} to {}", parameter(name, *low), parameter(name, *high))
        };
        let ends = best.intervals.iter().flatten();
        let intervals: Vec<String> = names.iter().zip(ends).map(interval).collect();
        words.push_str("* recommended");
        if !intervals.is_empty() {
            let level = level(analysis.confidence);
            words.push_str(&format!("; {level} intervals: {}", intervals.join(", ")));
        }
        words.push_str(". ");
    }
    if analysis.replicates > 0 {
        words.push_str(&format!(
            "p: share of samples of the distribution at least as far from their own fit (AD \
             Anderson-Darling, KS Kolmogorov-Smirnov; {} replicates).",
            grouped(analysis.replicates as u64)
        ));
    }
    words
}

/// The value of a parameter: times read as durations.
pub fn parameter(name: &str, value: f64) -> String {
    match value {
        x if !x.is_finite() => "infinity".to_owned(),
        x if matches!(name, "mean" | "scale" | "lambda") => show_duration(x),
        x => figure(x, 3),
    }
}

/// What is remarkable about a fit, below its family.
pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Degenerate => "at its edge",
        Flag::Collapsed => "collapsed",
        Flag::InfiniteMean => "infinite mean",
        Flag::InfiniteVariance => "infinite variance",
    }
}

/// The families that could not be fitted: a line each.
pub fn unfitted(analysis: &Analysis) -> impl Iterator<Item = String> {
    analysis.unfit.iter().map(|(family, why)| format!("No fit: {}: {why}", family.words()))
}

/// What an analysis means: a paragraph each.
pub fn findings(analysis: &Analysis) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(why) = analysis.no_recommendation() {
        words.push(capitalized(&format!("{why}.")));
    }
    if let Some(best) = analysis.recommended() {
        words.push(choice(analysis, best));
        words.extend(goodness(analysis, best));
        words.push(tail(analysis, best));
        words.extend(precision(analysis, best));
    }
    words.extend(passed_over(analysis));
    words.extend(lower_bounds(analysis));
    if analysis.variable.quantity == Quantity::Between {
        words.extend(analysis.trend.as_ref().map(order));
    }
    words
}

fn complete(count_of: usize) -> String {
    count(count_of, "complete duration")
}

fn choice(analysis: &Analysis, best: &Fit) -> String {
    let name = best.estimate.family.distribution_words();
    let noun = noun(analysis.variable.quantity);
    let n = analysis.variable.sample.observed().len();
    if n < FEW {
        return format!(
            "Of all families, {name} has the lowest AICc, but {} cannot tell families apart: treat it \
             as a guess.",
            complete(n)
        );
    }
    let rivals: Vec<String> =
        analysis.rivals(best).map(|fit| fit.estimate.family.distribution_words()).collect();
    let others = analysis.fits.iter().filter(|fit| fit.is_sound() && *fit != best);
    let next = others.filter_map(|fit| fit.aicc).next();
    match (&rivals[..], next.zip(best.aicc)) {
        ([], Some((next, own))) => format!(
            "The {noun} are best described by {name}: its AICc is {:.1} below that of the next \
             family, {}.",
            next - own,
            if next - own >= 10.0 { "which leaves the others no support" } else { "a clear lead" }
        ),
        ([], None) => format!("The {noun} are described by {name}, the only one fitted."),
        (rivals, _) => format!(
            "The {noun} are best described by {name}, but {} fit{} as well (AICc within \
             {AS_GOOD}): the log cannot tell them apart.",
            list(rivals),
            if rivals.len() == 1 { "s" } else { "" }
        ),
    }
}

fn goodness(analysis: &Analysis, best: &Fit) -> Option<String> {
    let p = best.p?;
    let gap = percent(best.distances.ks);
    if !best.is_rejected() {
        return Some(format!(
            "It fits: {} of samples drawn from it lie as far from their own fit (Anderson-Darling). \
             The largest gap between log and distribution is {gap} of the durations.",
            percent(p.ad)
        ));
    }
    let n = analysis.variable.sample.len();
    let advice = if n < 2 * FEW {
        "With so few durations no better one can be named: the log itself as an empirical \
         distribution is as good a guess."
    } else if n >= 500 && best.distances.ks < 0.05 {
        "With so many durations even small differences show; judge by the charts whether this one \
         matters."
    } else if analysis.variable.group.is_none() {
        "See the Q-Q chart for where it fails, fit incidents of a kind (--by), or use the log itself \
         as an empirical distribution."
    } else {
        "See the Q-Q chart for where it fails, or use the log itself as an empirical distribution."
    };
    Some(format!(
        "But it does not fit: only {} of samples drawn from it lie as far from their own fit ({}). \
         The largest gap between log and distribution is {gap} of the durations. {advice}",
        percent(p.ad.min(p.ks)),
        if p.ad <= p.ks { "Anderson-Darling" } else { "Kolmogorov-Smirnov" }
    ))
}

/// The tail of the log, that of the distribution, and that of its rivals.
fn tail(analysis: &Analysis, best: &Fit) -> String {
    let sample = &analysis.variable.sample;
    let longest = duration(sample.observed().last().copied().unwrap_or(0.0));
    let point = |p: f64| duration(best.distribution.quantile(p));
    let far = format!(
        "it expects 1 in 20 to last longer than {} and 1 in 100 longer than {}",
        point(0.95),
        point(0.99)
    );
    let mut words = match analysis.tail_misfit(best) {
        Some(TailMisfit { seen: 1, expected, .. }) if expected < 1.0 => format!(
            "Its tail is too light: it expects a duration as long as the longest of the log, \
             {longest}, once in {} such logs. A plan based on it understates the worst cases.",
            rough(1.0 / expected)
        ),
        Some(TailMisfit { from, seen, expected }) => {
            let (weight, effect) = if seen as f64 > expected {
                ("light", "understates")
            } else {
                ("heavy", "overstates")
            };
            let seen = if seen == 0 { "none".to_owned() } else { count(seen, "duration") };
            format!(
                "Its tail is too {weight}: {seen} of the log last longer than {}, where it expects \
                 {}. A plan based on it {effect} the worst cases.",
                duration(from),
                rough(expected)
            )
        }
        None if !sample.censored().is_empty() => {
            capitalized(&format!("{far}; the longest complete one of the log is {longest}."))
        }
        None => format!(
            "Its tail agrees with the log as far as the log goes: {far}; the longest of the log is \
             {longest}."
        ),
    };
    if let Some(other) = analysis.diverging_rival(best) {
        words.push_str(&format!(
            " Further out the families differ: the 99 % point is {} by this distribution and {} by \
             {}, which fits as well.",
            point(0.99),
            duration(other.distribution.quantile(0.99)),
            other.estimate.family.distribution_words()
        ));
    }
    words
}

fn precision(analysis: &Analysis, best: &Fit) -> Option<String> {
    let tail = analysis.tail_precision(best)?;
    let n = analysis.variable.sample.observed().len();
    let known = format!(
        "Precision{}: the 95 % point lies between {} and {} ({} interval){}",
        if best.is_rejected() { ", if the distribution were right" } else { "" },
        duration(tail.low),
        duration(tail.high),
        level(analysis.confidence),
        if tail.mean_is_open { ", and the log sets no upper limit to the mean" } else { "" }
    );
    Some(if tail.is_enough {
        format!("{known}; {} are enough to plan by.", count(n, "duration"))
    } else {
        format!(
            "{known}; about {} durations would narrow that to within a quarter. A plan based on {n} \
             carries this uncertainty.",
            rough(tail.needed)
        )
    })
}

/// A fit with a lower AICc that is not recommended.
fn passed_over(analysis: &Analysis) -> Option<String> {
    let fit = analysis.passed_over()?;
    let reason = match fit.flags.iter().find(|flag| flag.disqualifies()) {
        Some(Flag::InfiniteMean) => {
            "it has no finite mean, so estimates from it never settle; with a `max` it could be used"
        }
        Some(Flag::Collapsed) => "one of its components rests on almost no data",
        _ => "its parameters are at the edge of its family",
    };
    let name = fit.estimate.family.distribution_words();
    Some(format!("{} has a lower AICc but is not recommended: {reason}.", capitalized(&name)))
}

fn lower_bounds(analysis: &Analysis) -> Option<String> {
    let sample = &analysis.variable.sample;
    let (censored, all) = (sample.censored().len(), sample.len());
    let longest = sample.observed().last().copied().unwrap_or(0.0);
    let beyond = censored - sample.censored().partition_point(|x| *x <= longest);
    let mut words = super::lower_bounds(censored, &format!("{all} durations"))?;
    if 2 * censored > all {
        words.push_str(
            " That is more than half: what the distribution says beyond them is guesswork.",
        );
    } else if beyond > 0 {
        let which = match (beyond, censored) {
            (1, 1) => "It is".to_owned(),
            (1, _) => "1 of them is".to_owned(),
            _ => format!("{beyond} of them are"),
        };
        words.push_str(&format!(
            " {which} longer than any complete one, so the tail of the fit rests on what is not \
             known."
        ));
    }
    Some(words)
}

/// What the order of the gaps says.
fn order(trend: &Trend) -> String {
    let mut words = if trend.drifts() {
        format!(
            "Failures become {} frequent along the log (trend test p = {:.3}): one distribution for \
             all of it describes neither its beginning nor its end. Fit the part that resembles the \
             time you plan for.",
            if trend.laplace.statistic > 0.0 { "more" } else { "less" },
            trend.trend.p
        )
    } else {
        format!("No trend along the log (p = {:.2}).", trend.trend.p)
    };
    if let Some(test) = trend.bursts() {
        words.push_str(&format!(
            " Failures come in bursts: counts in equal windows vary {:.1} times as much as those of \
             a Poisson process{}",
            test.statistic,
            if trend.drifts() || trend.has_memory() {
                ", which no renewal process can show."
            } else {
                "; a distribution with a coefficient of variation above 1 shows part of that."
            }
        ));
    }
    if trend.has_memory() {
        words.push_str(&format!(
            " Short gaps follow short ones (rank correlation {:.2}, p = {:.3}): independent draws of \
             any distribution miss that and give too few bad weeks.",
            trend.lag.statistic, trend.lag.p
        ));
    }
    words
}

/// What to paste, with what the log and the scenario measure differently.
pub const UP_TIME: &str = "(The log measures from start to start. A scenario measures from the \
                           return of service, which is shorter by the repair.)";

/// A distribution that a scenario has fitted to a log: "The lognormal distribution, best by AICc,
/// fitted to 12 recovery times of `drills.csv`: …".
pub fn summary(fit: &FitSummary) -> String {
    let name = capitalized(&fit.family.distribution_words());
    let chosen = if fit.by_aicc { ", best by AICc," } else { "" };
    let lower_bounds = match fit.censored {
        0 => String::new(),
        censored => format!(" ({censored} of them lower bounds)"),
    };
    let only = fit.only.as_ref().map(|only| format!(" ({only})")).unwrap_or_default();
    let uncertainty = match fit.p95_interval {
        Some((low, high)) => format!(
            "; with parameter uncertainty the 95 % point lies between {} and {}, and each trial uses \
             one of {} plausible distributions",
            show_duration(low),
            show_duration(high),
            grouped(fit.possible as u64)
        ),
        None => "; best fit only, without parameter uncertainty".to_owned(),
    };
    format!(
        "{name}{chosen} fitted to {} {}{lower_bounds} of `{}`{only}: median {}, 95 % point \
         {}{uncertainty}.",
        grouped((fit.complete + fit.censored) as u64),
        noun(fit.quantity),
        fit.file,
        show_duration(fit.median),
        show_duration(fit.p95),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::analysis::AnalysisOptions;
    use crate::evidence::sample::{Sample, Variable};

    fn findings_on(hours: &[f64]) -> Vec<String> {
        let variable = Variable {
            quantity: Quantity::Recovery,
            group: None,
            sample: Sample::new(hours.to_vec(), vec![]),
            left_out: vec![],
            censored_lines: vec![],
            gaps: vec![],
            since_last: None,
        };
        let options = AnalysisOptions { replicates: Some(19), ..AnalysisOptions::default() };
        findings(&Analysis::new(&variable, &options))
    }

    #[test]
    fn no_recommendation_has_a_reason() {
        for (hours, reason) in [
            (&[][..], "No incident was seen to its end, so there is nothing to fit."),
            (
                &[1.0],
                "1 complete duration is too few to choose a distribution; 3 is the minimum, 10 or \
                 more is better.",
            ),
            (
                &[2.0, 2.0, 2.0],
                "All 3 complete durations are 2h; a constant describes them better than a \
                 distribution.",
            ),
        ] {
            assert_eq!(findings_on(hours)[0], reason);
        }
        let guess = &findings_on(&[1.0, 2.0, 3.0])[0];
        assert!(guess.ends_with("cannot tell families apart: treat it as a guess."), "{guess}");
    }

    #[test]
    fn lines_are_named_up_to_a_dozen() {
        assert_eq!(lines_of(&[3]), "line 3");
        assert_eq!(lines_of(&[3, 8]), "lines 3, 8");
        let all: Vec<u64> = (1..=14).collect();
        assert!(lines_of(&all).ends_with("12 and 2 more (all in --format json)"));
    }
}
