//! What a comparison means, in plain sentences.

use super::verdict::{is_estimate, rejects};
use super::{
    BEYOND, Durations, Exceedance, Part, QuantileRow, Rate, RateVerdict, Ratio, TAIL, Verdict,
};
use crate::evidence::words::{percent, round, span};
use crate::stats::Interval;

/// The paragraphs on an assumed distribution: the verdict, what the log shows further out, the
/// test, what is only bounded, and how sure it all is.
pub(super) fn durations(found: &Durations) -> Vec<String> {
    let mut words = vec![verdict(found)];
    words.extend(beyond(found));
    words.extend(test(found));
    words.extend(mean(found));
    words.extend(bounds(found));
    words.extend(sure(found));
    words
}

/// "1 incident", "12 incidents".
fn counted(count: usize) -> String {
    format!("{count} incident{}", if count == 1 { "" } else { "s" })
}

/// A factor to two digits.
fn factor(factor: f64) -> String {
    match factor {
        x if x >= 1e6 => "a million".to_owned(),
        x if x >= 9.5 => round(x),
        x if x >= 0.995 => format!("{x:.1}"),
        x if x >= 0.0095 => format!("{x:.2}"),
        _ => "less than 0.01".to_owned(),
    }
}

/// "0.6 to 2.9", with open ends said.
fn range(Interval { low, high }: Interval) -> String {
    match (low > 0.0, high < f64::INFINITY) {
        (true, true) => format!("{} to {}", factor(low), factor(high)),
        (true, false) => format!("{} or more", factor(low)),
        (false, true) => format!("at most {}", factor(high)),
        (false, false) => "any".to_owned(),
    }
}

fn factor_and_range(ratio: &Ratio) -> String {
    match ratio.estimate {
        // The watch ends before it.
        estimate if estimate.is_nan() => range(ratio.interval),
        estimate => format!("{} ({})", factor(estimate), range(ratio.interval)),
    }
}

/// "the log's median is 9h 12m where the scenario assumes 4h".
fn place(row: &QuantileRow, only: bool) -> String {
    let assumed = span(row.assumed);
    let observed = row.observed.map_or_else(|| "no known time".to_owned(), span);
    if row.probability == 0.5 {
        return format!("the log's median is {observed} where the scenario assumes {assumed}");
    }
    let only = if only { "only " } else { "" };
    format!(
        "{only}1 in {} lasts longer than {observed} where the scenario assumes {assumed}",
        (1.0 / (1.0 - row.probability)).round()
    )
}

/// As [`place`], after the scenario has been named.
fn further(row: &QuantileRow) -> String {
    place(row, false).replace("the scenario assumes", "it assumes")
}

fn places(found: &Durations) -> String {
    let shown = [found.row(0.5), found.row(TAIL).filter(|row| row.observed.is_some())];
    match shown {
        [Some(middle), Some(tail)] => format!("{}, and {}", place(middle, false), further(tail)),
        [Some(middle), None] => place(middle, false),
        _ => String::new(),
    }
}

fn verdict(found: &Durations) -> String {
    match &found.verdict {
        Verdict::Supported => format!(
            "Supported: recovery takes {} times as long as assumed in the middle, and {} times where \
             the longest tenth begins; {}.",
            found.factor.as_ref().map(factor_and_range).unwrap_or_default(),
            factor_and_range(&found.tail),
            places(found)
        ),
        Verdict::Optimistic { part, by } => {
            format!("Optimistic {}.", difference(found, *part, by))
        }
        Verdict::Pessimistic { part, by } => {
            format!("Pessimistic {}.", difference(found, *part, by))
        }
        Verdict::WrongShape { probability, by } => bent(found, *probability, by),
        Verdict::CannotTell { more } => open(found, *more),
    }
}

fn difference(found: &Durations, part: Part, by: &Ratio) -> String {
    if by.estimate == f64::INFINITY {
        return format!("without limit: {}", places(found));
    }
    let (by, middle) = (factor_and_range(by), found.factor.map(|middle| fits(middle.interval)));
    match part {
        Part::All => format!("by a factor {by}: {}", places(found)),
        Part::Beyond { probability } => format!(
            "in the tail by a factor {by}: {}. In the middle the log fits {}",
            outlasting(found, probability, false),
            middle.unwrap_or_default()
        ),
    }
}

fn bent(found: &Durations, probability: f64, by: &Ratio) -> String {
    let middle = found.factor.as_ref().map(factor_and_range).unwrap_or_default();
    format!(
        "Wrong shape: in the middle recovery takes {middle} times as long as assumed, but {}, a \
         factor {}.",
        outlasting(found, probability, by.estimate < 1.0),
        factor_and_range(by)
    )
}

/// How a quantile differs: by its place, or where a log has hardly a duration beyond it, by the
/// share of those that outlast the assumption.
fn outlasting(found: &Durations, probability: f64, only: bool) -> String {
    let row = found.row(probability);
    let unseen = row.is_some_and(|row| row.observed.is_none());
    let few = (1.0 - probability) * (found.incidents as f64) < 2.0 || probability > TAIL || unseen;
    let far = BEYOND.iter().zip(&found.beyond).find(|(p, _)| few && **p == probability);
    if let Some((_, far)) = far {
        return format!(
            "{}{} of the log last longer than {} where the scenario assumes {}",
            if only { "only " } else { "" },
            share(far.observed),
            span(far.hours),
            share(far.assumed)
        );
    }
    row.map(|row| place(row, only)).unwrap_or_default()
}

/// "a recovery from 0.6 to 2.9 times as long as assumed".
fn fits(interval: Interval) -> String {
    match (interval.low > 0.0, interval.high < f64::INFINITY) {
        (false, false) => "a recovery of any length".to_owned(),
        (true, true) => format!("a recovery from {} times as long as assumed", range(interval)),
        _ => format!("a recovery {} times as long as assumed", range(interval)),
    }
}

fn open(found: &Durations, more: Option<u64>) -> String {
    let rest = match more {
        None => "no log will be long enough to settle it".to_owned(),
        Some(more) => {
            let further = if found.incidents == 0 { "" } else { " more" };
            let given = if is_estimate(found.incidents) && found.factor.is_some() {
                ""
            } else {
                " if the assumption is right"
            };
            format!("about {}{further} would settle it{given}", round(more as f64))
        }
    };
    let with = match (found.incidents, &found.factor) {
        (0, _) => "without incidents".to_owned(),
        (n, Some(_)) => format!("with {}", counted(n)),
        (n, None) => format!("with {}, none seen to its end", counted(n)),
    };
    let Some(middle) = &found.factor else { return format!("Cannot tell {with}: {rest}.") };
    let fits = fits(middle.interval);
    let tail = match found.tail.interval {
        Interval { low: 0.0, high: f64::INFINITY } => String::new(),
        interval => format!(" in the middle and {} times in its longest tenth", range(interval)),
    };
    format!("Cannot tell {with}: the log fits {fits}{tail}; {rest}.")
}

/// The place of the tail at which the shares differ most.
fn beyond(found: &Durations) -> Option<String> {
    if found.incidents == 0 {
        return None;
    }
    let apart = |place: &Exceedance| {
        let Interval { low, high } = place.interval;
        (low - place.assumed).max(place.assumed - high) / (high - low)
    };
    let worst = found.beyond.iter().skip(1).max_by(|a, b| apart(a).total_cmp(&apart(b)))?;
    Some(format!(
        "Longer than {} last {} by the assumption, {} by the log ({} to {}).",
        span(worst.hours),
        share(worst.assumed),
        share(worst.observed),
        share(worst.interval.low),
        share(worst.interval.high)
    ))
}

/// A share in percent; none is none.
fn share(share: f64) -> String {
    if share == 0.0 { "0 %".to_owned() } else { percent(share) }
}

fn test(found: &Durations) -> Option<String> {
    let tests = found.tests?;
    let rejects = rejects(tests.p.ad, found.confidence);
    let far = format!(
        "of logs drawn from the assumption {}{} lie at least as far from it (Anderson-Darling); the \
         largest gap is {} of the incidents",
        if rejects { "no more than " } else { "" },
        percent(tests.p.ad),
        percent(tests.distances.ks)
    );
    Some(match (rejects, &found.verdict) {
        (false, _) => format!("As a whole the log does not contradict the assumption: {far}."),
        (true, Verdict::Supported) => format!(
            "A difference is there but too small to matter: {far}, yet what a plan hangs on is within \
             a factor {}.",
            factor(found.margin)
        ),
        (true, Verdict::CannotTell { .. }) => {
            format!("The assumption is not exactly right: {far}. Whether that matters is open.")
        }
        (true, _) => format!("Chance does not explain the difference: {far}."),
    })
}

/// The interval of the mean needs a shape that is right, so it is shown only where nothing speaks
/// against that.
fn mean(found: &Durations) -> Option<String> {
    let mean = found.mean.filter(|mean| mean.estimate.is_finite())?;
    let rejects = found.tests.is_some_and(|tests| rejects(tests.p.ad, found.confidence));
    let times = if rejects { factor(mean.estimate) } else { factor_and_range(&mean) };
    Some(format!(
        "On average, which the longest decide, recovery takes {times} times as long as assumed."
    ))
}

fn bounds(found: &Durations) -> Option<String> {
    let (bounds, all) = (found.bounds, found.incidents);
    if bounds == 0 {
        return None;
    }
    let (was, lower) = if bounds == 1 {
        ("was not seen to its end and counts as a lower bound", "its")
    } else {
        ("were not seen to the end and count as lower bounds", "their")
    };
    Some(format!("{bounds} of {all} {was} of {lower} length."))
}

fn sure(found: &Durations) -> Option<String> {
    found.factor?;
    Some(format!(
        "Ranges in the verdict hold together with {}, others each for itself; factors up to {} are \
         taken not to matter.",
        percent(found.confidence),
        factor(found.margin)
    ))
}

/// The sentence on a rate.
pub(super) fn rate(found: &Rate) -> String {
    let by = factor_and_range(&found.ratio);
    let seen = format!(
        "{} in {} make {} a year where the scenario assumes {}",
        counted(found.incidents as usize),
        years(found.years),
        round(found.per_year),
        round(found.assumed_per_year)
    );
    match found.verdict {
        RateVerdict::Supported if found.assumed_per_year == 0.0 => {
            format!(
                "Supported: the scenario assumes none, and the log shows none in {}.",
                years(found.years)
            )
        }
        RateVerdict::Supported => format!("Supported: {seen}, a factor {by}."),
        RateVerdict::Optimistic(_) => format!("Optimistic by a factor {by}: {seen}."),
        RateVerdict::Pessimistic(_) if found.incidents == 0 => format!(
            "Pessimistic: no incident in {}, where the scenario expects {}; the log fits at most {} \
             times the assumed rate.",
            years(found.years),
            round(found.expected),
            factor(found.ratio.interval.high)
        ),
        RateVerdict::Pessimistic(_) => format!("Pessimistic by a factor {by}: {seen}."),
        RateVerdict::CannotTell { more, years } => untold(found, more, years),
    }
}

fn untold(found: &Rate, more: Option<u64>, time: Option<f64>) -> String {
    let (fits, watched) = (range(found.ratio.interval), years(found.years));
    match (more, time) {
        (Some(0), Some(time)) => format!(
            "Cannot tell: no incident in {watched}, where the scenario expects {}; the log fits {fits} \
             times the assumed rate. About {} more without any would show it to be too high.",
            round(found.expected),
            years(time)
        ),
        (Some(more), Some(time)) => format!(
            "Cannot tell with {} in {watched}: the log fits {fits} times the assumed rate; about {} \
             more would settle it, {} at this pace.",
            counted(found.incidents as usize),
            round(more as f64),
            years(time)
        ),
        _ if found.years > 0.0 => format!(
            "Cannot tell with {} in {watched}: the log fits {fits} times the assumed rate, and no log \
             will be long enough to settle it.",
            counted(found.incidents as usize)
        ),
        _ => "Cannot tell: the log does not say how long it was kept.".to_owned(),
    }
}

/// Years, or months where they are few.
fn years(years: f64) -> String {
    if years < 1.0 {
        let months = round(12.0 * years);
        return format!("{months} month{}", if months == "1" { "" } else { "s" });
    }
    let years = round(years);
    format!("{years} year{}", if years == "1" { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::evidence::assumption::Options;
    use crate::evidence::sample::Sample;

    fn usual() -> Distribution {
        Distribution::lognormal_median_p95(4.0, 14.0).unwrap()
    }

    const DURATIONS: &str = "\
        Cannot tell without incidents: about 120 would settle it if the assumption is right.\n\
        Cannot tell with 2 incidents: the log fits a recovery of any length; about 110 more \
        would settle it if the assumption is right.\n\
        Cannot tell with 7 incidents: the log fits a recovery from 0.33 to 3.0 times as long \
        as assumed in the middle and 0.38 or more times in its longest tenth; about 110 more \
        would settle it.\n\
        Cannot tell with 30 incidents: the log fits a recovery from 0.69 to 1.4 times as long \
        as assumed in the middle and 0.63 or more times in its longest tenth; about 70 more \
        would settle it.\n\
        Supported: recovery takes 1.0 (0.91 to 1.1) times as long as assumed in the middle, \
        and 0.99 (0.86 to 1.2) times where the longest tenth begins; the log's median is 3h \
        59m where the scenario assumes 4h, and 1 in 10 lasts longer than 10h 34m where it \
        assumes 10h 37m.\n\
        Optimistic by a factor 2.3 (1.7 to 3.1): the log's median is 9h 1m where the scenario \
        assumes 4h, and 1 in 10 lasts longer than 1d 1h where it assumes 10h 37m.\n\
        Pessimistic by a factor 0.50 (0.37 to 0.67): the log's median is 1h 58m where the \
        scenario assumes 4h, and 1 in 10 lasts longer than 5h 22m where it assumes 10h 37m.\n\
        Optimistic in the tail by a factor 2.8 (1.3 to 17): 1 in 10 lasts longer than 1d 6h \
        where the scenario assumes 10h 37m. In the middle the log fits a recovery from 0.53 to \
        1.9 times as long as assumed.\n\
        Wrong shape: in the middle recovery takes 1.0 (0.78 to 1.3) times as long as assumed, \
        but 1 in 10 lasts longer than 1d 8h where the scenario assumes 10h 37m, a factor 3.1 \
        (2.2 to 5.0).";
    const RATES: &str = "\
        Supported: 52 incidents in 4.4 years make 12 a year where the scenario assumes 11, a \
        factor 1.1 (0.80 to 1.4).\n\
        Optimistic by a factor 2.3 (1.7 to 3.0): 52 incidents in 4.4 years make 12 a year \
        where the scenario assumes 5.2.\n\
        Pessimistic by a factor 0.50 (0.37 to 0.66): 50 incidents in 5 years make 10 a year \
        where the scenario assumes 20.\n\
        Cannot tell with 7 incidents in 2 years: the log fits 0.47 to 2.4 times the assumed \
        rate; about 54 more would settle it, 15 years at this pace.\n\
        Cannot tell: no incident in 7.2 months, where the scenario expects 1.2; the log fits \
        at most 3.1 times the assumed rate. About 1.2 years more without any would show it to \
        be too high.\n\
        Pessimistic: no incident in 6 years, where the scenario expects 12; the log fits at \
        most 0.31 times the assumed rate.\n\
        Supported: the scenario assumes none, and the log shows none in 1 year.\n\
        Cannot tell: the log does not say how long it was kept.";

    /// The verdict on evenly spread durations of a distribution.
    fn verdict_on(truth: &Distribution, n: u32) -> String {
        let points = (0..n).map(|k| truth.quantile((f64::from(k) + 0.5) / f64::from(n))).collect();
        let options = Options { replicates: Some(199), ..Options::default() };
        Durations::of(&usual(), &Sample::new(points, vec![]), &options).words[0].clone()
    }

    #[test]
    fn each_verdict_says_what_it_means() {
        let wide = Distribution::lognormal_median_p95(4.0, 60.0).unwrap();
        let found = [
            (usual(), 0),
            (usual(), 2),
            (usual(), 7),
            (usual(), 30),
            (usual(), 400),
            (usual().scaled(2.3), 46),
            (usual().scaled(0.5), 46),
            (wide.clone(), 50),
            (wide, 300),
        ]
        .map(|(truth, n)| verdict_on(&truth, n));
        assert_eq!(found.join("\n"), DURATIONS);
    }

    #[test]
    fn rates_have_words_too() {
        let found = [
            (11.0, 52, 4.4),
            (5.2, 52, 4.4),
            (20.0, 50, 5.0),
            (3.0, 7, 2.0),
            (2.0, 0, 0.6),
            (2.0, 0, 6.0),
            (0.0, 0, 1.0),
            (1.0, 3, 0.0),
        ]
        .map(|(assumed, incidents, years)| {
            Rate::of(assumed, incidents, years * crate::units::HOURS_PER_YEAR, 0.95).words
        });
        assert_eq!(found.join("\n"), RATES);
    }
}
