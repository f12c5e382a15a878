//! What a fit to a log says: which distribution, why, how well it fits, what its tail misses,
//! whether the log is long enough, and whether one distribution can describe it at all.

use crate::evidence::analysis::{Analysis, Fit, Flag};
use crate::evidence::fit::Family;
use crate::evidence::fitted::FitSummary;
use crate::evidence::judgement::{AS_GOOD, TailMisfit};
use crate::evidence::sample::{Quantity, Variable};
use crate::evidence::trend::Trend;
use crate::report::text::{
    capitalized, count, duration, figure, grouped, level, list, percent, rough,
};
use crate::units::show_duration;

/// Fewer complete durations than this cannot tell families apart.
const FEW: usize = 10;
/// So many equal durations make a component by themselves.
const FEW_OF_ONE: usize = 5;
/// A test with a p-value below this hardly lets a fit pass.
const HARDLY: f64 = 0.1;

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
             Anderson-Darling, KS Kolmogorov-Smirnov; {}).",
            replicates(analysis)
        ));
    }
    words
}

/// "999 replicates, 199 of the mixture": no p is below one over that.
fn replicates(analysis: &Analysis) -> String {
    let mixture = analysis.fits.iter().find(|fit| fit.estimate.family == Family::Mixture);
    let fewer = mixture.map(|fit| fit.gaps.len() + fit.failed);
    let fewer = fewer.filter(|fewer| *fewer != analysis.replicates);
    let fewer = fewer.map(|fewer| format!(", {} of the mixture", grouped(fewer as u64)));
    format!("{}{}", count(analysis.replicates, "replicate"), fewer.unwrap_or_default())
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
        words.extend(analysis.trend.as_ref().map(|trend| order(analysis, trend)));
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
    let next = others.filter_map(|fit| Some((fit.aicc?, fit))).next();
    match (&rivals[..], next.zip(best.aicc)) {
        // The lead is what AICc charges for more parameters: the durations favour neither.
        ([], Some(((_, next), _))) if as_likely(next, best) => format!(
            "The log cannot tell families apart: {name} has the lowest AICc because it has fewer \
             parameters, and {} makes the {noun} as likely.",
            next.estimate.family.distribution_words()
        ),
        ([], Some(((next, _), own))) => format!(
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

fn as_likely(other: &Fit, best: &Fit) -> bool {
    other.estimate.log_likelihood > best.estimate.log_likelihood - 0.5 * AS_GOOD
}

fn goodness(analysis: &Analysis, best: &Fit) -> Option<String> {
    let p = best.p?;
    let gap = percent(best.distances.ks);
    if !best.is_rejected() {
        let closer = closer(analysis, p.ad);
        return Some(format!(
            "{}: {} of samples drawn from it lie as far from their own fit (Anderson-Darling). The \
             largest gap between log and distribution is {gap} of the durations.{closer}",
            if closer.is_empty() { "It fits" } else { "It is not rejected, but only just" },
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

/// A test that hardly lets the best fit pass where another family lies closer to the log.
fn closer(analysis: &Analysis, p: f64) -> String {
    let others = analysis.fits.iter().filter(|fit| p < HARDLY && fit.is_sound());
    let closest = others
        .filter_map(|fit| Some((fit.p?.ad, fit)))
        .filter(|(other, _)| *other > 2.0 * p && *other > HARDLY)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    closest.map_or_else(String::new, |(other, fit)| {
        format!(
            " {} lies closer ({}), though less likely by its AICc: look at both charts.",
            capitalized(&fit.estimate.family.distribution_words()),
            percent(other)
        )
    })
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
            let seen = match seen {
                0 => "none of the log lasts".to_owned(),
                1 => "1 duration of the log lasts".to_owned(),
                seen => format!("{} of the log last", count(seen, "duration")),
            };
            format!(
                "Its tail is too {weight}: {seen} longer than {}, where it expects {}. A plan based on \
                 it {effect} the worst cases.",
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
    Some(if tail.is_enough && n < FEW {
        format!("{known}, if the family is right, which {} cannot tell.", count(n, "duration"))
    } else if tail.is_enough {
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
                .to_owned()
        }
        Some(Flag::Collapsed) => collapsed(analysis),
        _ => "its parameters are at the edge of its family".to_owned(),
    };
    let name = fit.estimate.family.distribution_words();
    Some(format!("{} has a lower AICc but is not recommended: {reason}.", capitalized(&name)))
}

/// Why a mixture has a component with no spread: one value that many durations share, or too few
/// durations.
fn collapsed(analysis: &Analysis) -> String {
    match analysis.variable.sample.commonest() {
        Some((hours, times)) if times >= FEW_OF_ONE => format!(
            "one of its components is a single value. {} of the durations are exactly {}: likely a \
             placeholder or the shortest that the log can show, not a time that recovery took",
            percent(times as f64 / analysis.variable.sample.observed().len() as f64),
            show_duration(hours)
        ),
        _ => "one of its components rests on almost no data".to_owned(),
    }
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

/// What the order of the gaps says, and the time since the last failure.
fn order(analysis: &Analysis, trend: &Trend) -> String {
    let mut words = if let Some(stopped) = stopped(&analysis.variable, trend) {
        format!(
            "{stopped}: one distribution for all of the log describes neither the time before nor now."
        )
    } else if trend.drifts() {
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

/// "Failures have stopped: none in the last 154d, where one came every 5d before (p < 0.001)".
pub(super) fn stopped(variable: &Variable, trend: &Trend) -> Option<String> {
    let (test, since) = trend.stopped().zip(variable.since_last)?;
    let p = if test.p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {:.3}", test.p) };
    Some(format!(
        "Failures have stopped, or their recording: none in the last {}, where one came every {} \
         before ({p})",
        show_duration(since),
        show_duration(since / test.statistic)
    ))
}

/// What to paste, with what the log and the scenario measure differently.
pub const UP_TIME: &str = "(The log measures from start to start. A scenario measures from the \
                           return of service, which is shorter by the repair.)";

/// What the second line to paste says of recovery times.
pub const COVERS: &str = "(Times from onset to service hold detection and travel too. Leave out the \
                          second line if the log holds hands-on repair alone.)";

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
    use crate::evidence::sample::Sample;

    fn findings_on(hours: &[f64]) -> Vec<String> {
        let variable = Variable {
            sample: Sample::new(hours.to_vec(), vec![]),
            ..Variable::none(Quantity::Recovery)
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
}
