//! What an analysis means, in plain sentences: which distribution, why, how good, what its tail
//! gets wrong, whether the log is long enough, and whether one distribution can be right at all.

mod tail;

use super::analysis::{Analysis, Fit, Flag};
use super::fit::{Family, Unfit};
use super::sample::Quantity;
use super::trend::Trend;
use crate::units::{HOURS_PER_YEAR, show_duration};
use tail::tail;

/// AICc within this of the best is as good (K. P. Burnham and D. R. Anderson, *Model Selection and
/// Multimodel Inference*, 2002, section 2.6).
const AS_GOOD: f64 = 2.0;
/// A test speaks against its null from here on.
const REJECTS: f64 = 0.05;
/// Of two tests of the same fit each has half of that.
const REJECTS_ONE_OF_TWO: f64 = 0.025;
/// Fewer complete durations than this cannot tell families apart.
const FEW: usize = 10;
/// The 95 % point is known well enough when it is known to within this factor.
const WELL: f64 = 1.25;

/// The paragraphs on an analysis.
pub(super) fn of(analysis: &Analysis) -> Vec<String> {
    let mut words = Vec::new();
    match analysis.recommended() {
        None => words.push(nothing(analysis)),
        Some(best) => {
            words.push(choice(analysis, best));
            words.extend(goodness(analysis, best));
            words.push(tail(analysis, best));
            words.extend(enough(analysis, best));
        }
    }
    words.extend(passed_over(analysis));
    words.extend(bounds(analysis));
    if analysis.variable.quantity == Quantity::Between {
        words.extend(analysis.trend.as_ref().map(order));
    }
    words
}

fn noun(analysis: &Analysis) -> &'static str {
    match analysis.variable.quantity {
        Quantity::Recovery => "recovery times",
        Quantity::Between => "times between failures",
    }
}

/// "1 complete duration", "12 complete durations".
fn counted(count: usize) -> String {
    format!("{count} complete duration{}", if count == 1 { "" } else { "s" })
}

/// A duration; one that no plan reaches is not told in days.
pub(super) fn span(hours: f64) -> String {
    if hours > 20.0 * HOURS_PER_YEAR { "decades".to_owned() } else { show_duration(hours) }
}

/// A share in percent, as small as it may be.
pub(super) fn percent(share: f64) -> String {
    match 100.0 * share {
        p if p < 0.1 => "less than 0.1 %".to_owned(),
        p if p < 9.95 => format!("{p:.1} %"),
        p => format!("{p:.0} %"),
    }
}

/// Why no distribution is recommended.
fn nothing(analysis: &Analysis) -> String {
    let observed = analysis.variable.sample.observed();
    let same = analysis.unfit.iter().any(|(_, why)| *why == Unfit::AllTheSame);
    match observed {
        [] => "No incident was seen to its end, so there is nothing to fit.".to_owned(),
        [first, ..] if same && observed.len() > 1 => format!(
            "All {} are {}: no law can be told from that. A scenario would write the constant.",
            counted(observed.len()),
            show_duration(*first)
        ),
        [first, .., last] if is_nearly_constant(analysis) => format!(
            "The {} hardly differ, from {} to {}: a law with a spread would say less than the \
             constant.",
            counted(observed.len()),
            show_duration(*first),
            show_duration(*last)
        ),
        _ if observed.len() < 3 => format!(
            "{} {} too few to choose a law by; three are the least, and ten or more worth trusting.",
            counted(observed.len()),
            if observed.len() == 1 { "is" } else { "are" }
        ),
        _ => "None of the families gives a law that could be recommended.".to_owned(),
    }
}

/// Whether the likeliest distribution is all but a point.
pub(super) fn is_nearly_constant(analysis: &Analysis) -> bool {
    let narrow = |fit: &Fit| {
        fit.flags.contains(&Flag::Degenerate) && {
            let spread = fit.distribution.quantile(0.95) / fit.distribution.quantile(0.05);
            spread < 1.05
        }
    };
    analysis.fits.first().is_some_and(narrow)
}

/// Fits that are as good as the best by their AICc, the best itself left out.
fn rivals<'a>(analysis: &'a Analysis, best: &'a Fit) -> impl Iterator<Item = &'a Fit> {
    let limit = best.aicc.unwrap_or(f64::NEG_INFINITY) + AS_GOOD;
    analysis.fits.iter().filter(move |fit| {
        fit.is_sound() && fit.aicc.is_some_and(|aicc| aicc <= limit) && *fit != best
    })
}

fn listed(fits: &[&Fit]) -> String {
    let names: Vec<_> = fits.iter().map(|fit| fit.estimate.family.distribution_words()).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

fn choice(analysis: &Analysis, best: &Fit) -> String {
    let name = best.estimate.family.distribution_words();
    let noun = noun(analysis);
    let n = analysis.variable.sample.observed().len();
    let rivals: Vec<&Fit> = rivals(analysis, best).collect();
    if n < FEW {
        return format!(
            "Of all families {name} has the lowest AICc, but {} cannot tell families apart: take it as a \
             guess with a shape.",
            counted(n)
        );
    }
    let next =
        analysis.fits.iter().filter(|fit| fit.is_sound() && *fit != best).find_map(|f| f.aicc);
    match (&rivals[..], next.zip(best.aicc)) {
        ([], Some((next, own))) => format!(
            "The {noun} are best described by {name}: its AICc is {:.1} below that of the \
             next family, which {}.",
            next - own,
            if next - own >= 10.0 { "leaves the others no support" } else { "favours it clearly" }
        ),
        ([], None) => format!("The {noun} are described by {name}, the only one fitted."),
        (rivals, _) => format!(
            "The {noun} are best described by {name}, but {} {} as good (AICc within \
             {AS_GOOD}): the log cannot tell them apart.",
            listed(rivals),
            if rivals.len() == 1 { "is" } else { "are" }
        ),
    }
}

fn goodness(analysis: &Analysis, best: &Fit) -> Option<String> {
    let p = best.p?;
    let gap = percent(best.distances.ks);
    let worst = p.ad.min(p.ks);
    if worst > REJECTS_ONE_OF_TWO {
        return Some(format!(
            "It fits: of samples truly drawn from it, {} lie as far from their fit (Anderson-Darling). \
             The largest gap between log and law is {gap} of the durations.",
            percent(p.ad)
        ));
    }
    let n = analysis.variable.sample.len();
    let small = n >= 500 && best.distances.ks < 0.05;
    let reading = if n < 2 * FEW {
        "With so few durations no better one can be named: the log itself as an empirical law is as \
         good a guess."
    } else if small {
        "With so many durations small departures show; judge by the charts whether this one matters."
    } else if analysis.variable.group.is_none() {
        "The best of these families is not a good one: look at the Q-Q chart for where it fails, fit \
         incidents of a kind (--by), or take the log itself as an empirical law."
    } else {
        "The best of these families is not a good one: look at the Q-Q chart for where it fails, or \
         take the log itself as an empirical law."
    };
    Some(format!(
        "But it does not fit: of samples truly drawn from it, only {} lie as far from their fit \
         ({}). The largest gap between log and law is {gap} of the durations. {reading}",
        percent(worst),
        if p.ad <= p.ks { "Anderson-Darling" } else { "Kolmogorov-Smirnov" }
    ))
}

/// A number of things to two digits.
pub(super) fn round(number: f64) -> String {
    if number >= 1e6 {
        return "a million or more".to_owned();
    }
    if number < 0.05 {
        return "less than 0.1".to_owned();
    }
    if number < 9.5 {
        return format!("{}", (number * 10.0).round() / 10.0);
    }
    let scale = libm::pow(10.0, libm::floor(libm::log10(number)) - 1.0);
    format!("{}", (number / scale).round() * scale)
}

fn enough(analysis: &Analysis, best: &Fit) -> Option<String> {
    let (low, high) = best.quantile_interval(0.95, analysis.confidence)?;
    let n = analysis.variable.sample.observed().len() as f64;
    let level = percent(analysis.confidence);
    if !(low > 0.0 && high.is_finite() && high > low) {
        return None;
    }
    // The interval narrows as one over the root of n.
    let spread = 0.5 * libm::log(high / low) / libm::log(WELL);
    let needed = n * spread * spread;
    let doubt = best.p.is_some_and(|p| p.ad.min(p.ks) <= REJECTS_ONE_OF_TWO);
    let sure = format!(
        "How sure that is{}: the 95 % point lies between {} and {} ({level} interval)",
        if doubt { ", if the law were right" } else { "" },
        span(low),
        span(high)
    );
    let mean = match best.estimate.family {
        Family::InverseGaussian | Family::Exponential => best.intervals.as_ref().map(|i| i[0].1),
        _ => None,
    };
    let sure = match mean {
        Some(most) if !most.is_finite() => format!("{sure}, and the log sets no limit to the mean"),
        _ => sure,
    };
    Some(if spread <= 1.0 {
        format!("{sure}; {n} durations are enough to plan by.")
    } else {
        format!(
            "{sure}; about {} durations would tell it to within a quarter. Planning by {} means \
             carrying that doubt along.",
            round(needed),
            n
        )
    })
}

/// Fits that would have won, or look like winning, and are not recommended.
fn passed_over(analysis: &Analysis) -> Option<String> {
    let best = analysis.best.unwrap_or(analysis.fits.len());
    let above: Vec<&Fit> =
        analysis.fits.iter().take(best).filter(|fit| fit.aicc.is_some()).collect();
    let reason = |fit: &&Fit| match fit.flags.iter().find(|flag| flag.disqualifies()) {
        Some(Flag::InfiniteMean) => "has no finite mean, so a simulation with it never settles",
        Some(Flag::Collapsed) => "has a component that rests on almost nothing",
        _ => "has run to the edge of its family",
    };
    let first = above.first()?;
    let more = if first.flags.contains(&Flag::InfiniteMean) {
        "; with a `max` it could be used"
    } else {
        ""
    };
    let name = first.estimate.family.distribution_words();
    let reason = reason(first);
    Some(format!("A lower AICc has {name}, which is not recommended: it {reason}{more}."))
}

fn bounds(analysis: &Analysis) -> Option<String> {
    let sample = &analysis.variable.sample;
    let (censored, all) = (sample.censored().len(), sample.len());
    let longest = sample.observed().last().copied().unwrap_or(0.0);
    let beyond =
        all - sample.observed().len() - sample.censored().partition_point(|x| *x <= longest);
    if censored == 0 {
        return None;
    }
    let mut words = format!(
        "{censored} of {all} durations {} not seen to the end and count{} as {}.",
        if censored == 1 { "was" } else { "were" },
        if censored == 1 { "s" } else { "" },
        if censored == 1 { "a lower bound" } else { "lower bounds" }
    );
    if 2 * censored > all {
        words.push_str(" That is more than half: what the law says beyond them is guesswork.");
    } else if beyond > 0 {
        let which = match (beyond, censored) {
            (1, 1) => "It is".to_owned(),
            (1, _) => "1 of them is".to_owned(),
            _ => format!("{beyond} of them are"),
        };
        words.push_str(&format!(
            " {which} longer than any complete one, and what the law says of long outages rests on \
             that."
        ));
    }
    Some(words)
}

/// What the order of the gaps says.
fn order(trend: &Trend) -> String {
    let drifts = trend.trend.p <= REJECTS;
    let bursts = trend.dispersion.filter(|test| test.p <= REJECTS && test.statistic > 1.0);
    let remembers = trend.lag.p <= REJECTS && trend.lag.statistic > 0.0;
    let mut words = if drifts {
        format!(
            "Failures become {} frequent along the log (trend test p = {:.3}): one law for all of it \
             describes neither its beginning nor its end. Fit the part that resembles the time you \
             plan for.",
            if trend.laplace.statistic > 0.0 { "more" } else { "less" },
            trend.trend.p
        )
    } else {
        format!("No trend along the log (p = {:.2}).", trend.trend.p)
    };
    if let Some(test) = bursts {
        let between = format!(
            " Failures come in bursts: counts in equal windows vary {:.1} times as much as those of \
             a Poisson process",
            test.statistic
        );
        words.push_str(&between);
        words.push_str(if drifts || remembers {
            ", and no renewal law can show that."
        } else {
            "; a law with a coefficient of variation above 1 shows part of that."
        });
    }
    if remembers {
        words.push_str(&format!(
            " A short gap follows a short one (rank correlation {:.2}, p = {:.3}): independent draws \
             of any law miss that, and give too few bad weeks.",
            trend.lag.statistic, trend.lag.p
        ));
    }
    words
}

/// The families that could not be fitted, in words.
pub fn unfitted(unfit: &[(Family, Unfit)]) -> Vec<String> {
    unfit.iter().map(|(family, why)| format!("{}: {why}", family.words())).collect()
}
