//! What a log says of an assumed distribution, or of an assumed rate: the verdict, and how sure
//! it is.

use crate::evidence::assumption::{
    Durations, Exceedance, Part, QuantileRow, Rate, RateVerdict, Ratio, TAIL, Verdict,
};
use crate::report::text::{count, duration, level, percent, plural, rough};
use crate::stats::Interval;

/// An assumed distribution against a log: the verdict, what the log shows further out, the test,
/// and what is only bounded. A sentence each; [`rule`] says how sure it all is.
pub fn durations(check: &Durations) -> Vec<String> {
    let mut words = vec![verdict(check)];
    words.extend(beyond(check));
    words.extend(test(check));
    words.extend(mean(check));
    words.extend(super::lower_bounds(check.bounds, &check.incidents.to_string()));
    words
}

fn incidents(number: usize) -> String {
    count(number, "incident")
}

/// A factor to two digits.
fn factor(factor: f64) -> String {
    match factor {
        x if x >= 1e6 => "a million".to_owned(),
        x if x >= 9.5 => rough(x),
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
        // The log ends before it.
        estimate if estimate.is_nan() => range(ratio.interval),
        estimate => format!("{} ({})", factor(estimate), range(ratio.interval)),
    }
}

/// Assumption over log, of a ratio that is log over assumption: how many times too much is assumed.
fn inverse(ratio: &Ratio) -> Ratio {
    let Interval { low, high } = ratio.interval;
    Ratio {
        estimate: 1.0 / ratio.estimate,
        interval: Interval { low: 1.0 / high, high: 1.0 / low },
    }
}

/// "the log's median is 9h 12m where the scenario assumes 4h".
fn quantile(row: &QuantileRow, only: bool) -> String {
    let assumed = duration(row.assumed);
    let observed = row.observed.map_or_else(|| "no known time".to_owned(), duration);
    if row.probability == 0.5 {
        return format!("the log's median is {observed} where the scenario assumes {assumed}");
    }
    let only = if only { "only " } else { "" };
    format!(
        "{only}1 in {} lasts longer than {observed} where the scenario assumes {assumed}",
        (1.0 / (1.0 - row.probability)).round()
    )
}

fn quantiles(check: &Durations) -> String {
    match [check.row(0.5), check.row(TAIL).filter(|row| row.observed.is_some())] {
        [Some(median), Some(tail)] => {
            let tail = quantile(tail, false).replace("the scenario assumes", "it assumes");
            format!("{}, and {tail}", quantile(median, false))
        }
        [Some(median), None] => quantile(median, false),
        _ => String::new(),
    }
}

fn verdict(check: &Durations) -> String {
    let middle = check.factor.as_ref().map(factor_and_range).unwrap_or_default();
    match &check.verdict {
        Verdict::Supported => format!(
            "Supported: recovery takes {middle} times as long as assumed in the middle, and {} times \
             where the longest tenth begins; {}.",
            factor_and_range(&check.tail),
            quantiles(check)
        ),
        Verdict::Optimistic { part, by } => format!("Optimistic {}.", difference(check, *part, by)),
        Verdict::Pessimistic { part, by } => {
            format!("Pessimistic {}.", difference(check, *part, &inverse(by)))
        }
        Verdict::WrongShape { probability, by } => format!(
            "Wrong shape: in the middle recovery takes {middle} times as long as assumed, but {}, a \
             factor of {}.",
            outlasting(check, *probability, by.estimate < 1.0),
            factor_and_range(by)
        ),
        Verdict::CannotTell { more } => cannot_tell(check, *more),
    }
}

fn difference(check: &Durations, part: Part, by: &Ratio) -> String {
    if by.estimate == f64::INFINITY {
        return format!("without limit: {}", quantiles(check));
    }
    let by = factor_and_range(by);
    match part {
        Part::All => format!("by a factor of {by}: {}", quantiles(check)),
        Part::Beyond { probability } => format!(
            "in the tail by a factor of {by}: {}. In the middle the log is consistent with {}",
            outlasting(check, probability, false),
            check.factor.map(|middle| consistent(middle.interval)).unwrap_or_default()
        ),
    }
}

/// How a quantile differs; where a log has hardly a duration beyond it, by the share of durations
/// that are longer than assumed.
fn outlasting(check: &Durations, probability: f64, only: bool) -> String {
    if let Some(far) = check.exceedance_in_place_of(probability) {
        return format!(
            "{}{} of the log last longer than {} where the scenario assumes {}",
            if only { "only " } else { "" },
            share(far),
            duration(far.hours),
            percent(far.assumed)
        );
    }
    check.row(probability).map(|row| quantile(row, only)).unwrap_or_default()
}

/// "a recovery 0.6 to 2.9 times as long as assumed".
fn consistent(interval: Interval) -> String {
    match (interval.low > 0.0, interval.high < f64::INFINITY) {
        (false, false) => "a recovery of any length".to_owned(),
        _ => format!("a recovery {} times as long as assumed", range(interval)),
    }
}

fn cannot_tell(check: &Durations, more: Option<u64>) -> String {
    let rest = match more {
        None => "no log will be long enough to settle it".to_owned(),
        Some(more) => {
            let further = if check.incidents == 0 { "" } else { " more" };
            let condition =
                if check.factor_is_estimate() { "" } else { " if the assumption is right" };
            format!("about {}{further} would settle it{condition}", rough(more as f64))
        }
    };
    let with = match (check.incidents, &check.factor) {
        (0, _) => "without incidents".to_owned(),
        (n, Some(_)) => format!("with {}", incidents(n)),
        (n, None) => format!("with {}, none seen to its end", incidents(n)),
    };
    let Some(middle) = &check.factor else { return format!("Cannot tell {with}: {rest}.") };
    let tail = match check.tail.interval {
        Interval { low: 0.0, high: f64::INFINITY } => String::new(),
        interval => format!(" in the middle and {} times in its longest tenth", range(interval)),
    };
    let consistent = consistent(middle.interval);
    format!("Cannot tell {with}: the log is consistent with {consistent}{tail}; {rest}.")
}

/// Of fewer no share in percent is told: only how many of how many.
const FEWEST_FOR_PERCENT: usize = 10;

/// The share of the log that lasts longer, where there are enough for one.
fn share(far: &Exceedance) -> String {
    match far.known < FEWEST_FOR_PERCENT {
        true => format!("{} of {}", far.longer, far.known),
        false => percent(far.observed),
    }
}

fn beyond(check: &Durations) -> Option<String> {
    let worst = check.worst_exceedance().filter(|worst| worst.known > 0)?;
    let Exceedance { longer, known, interval, .. } = *worst;
    let unknown = check.incidents - known;
    let rest = match unknown {
        0 => String::new(),
        _ => format!("; of {unknown} more it is not known"),
    };
    let seen = match known < FEWEST_FOR_PERCENT {
        true => format!("{longer} of {known} in the log{rest}"),
        false => format!(
            "{} in the log ({longer} of {known}{rest}; {} to {})",
            percent(worst.observed),
            percent(interval.low),
            percent(interval.high)
        ),
    };
    let (hours, assumed) = (duration(worst.hours), percent(worst.assumed));
    Some(format!("Longer than {hours}: {assumed} as assumed, {seen}."))
}

fn test(check: &Durations) -> Option<String> {
    let tests = check.tests?;
    let rejects = check.is_rejected();
    let gap = match check.incidents < FEWEST_FOR_PERCENT {
        true => String::new(),
        false => format!("; the largest gap is {} of the incidents", percent(tests.distances.ks)),
    };
    let far = format!(
        "{}{} of logs drawn from the assumption lie at least as far from it (Anderson-Darling){gap}",
        if rejects { "no more than " } else { "" },
        percent(tests.p.ad),
    );
    Some(match (rejects, &check.verdict) {
        (false, _) => format!("As a whole the log does not contradict the assumption: {far}."),
        (true, Verdict::Supported) => format!(
            "There is a difference, but it is too small to matter: {far}, yet middle and tail agree \
             to within a factor of {}.",
            factor(check.margin)
        ),
        (true, Verdict::CannotTell { .. }) => format!(
            "The assumption is not exactly right: {far}. Whether that matters is undecided."
        ),
        (true, _) => format!("Chance does not explain the difference: {far}."),
    })
}

/// The interval of the mean needs a shape that is right, so it is shown only where nothing speaks
/// against that.
fn mean(check: &Durations) -> Option<String> {
    let mean = check.mean.filter(|mean| mean.estimate.is_finite())?;
    let times = if check.is_rejected() { factor(mean.estimate) } else { factor_and_range(&mean) };
    Some(format!(
        "On average, which the longest recoveries dominate, recovery takes {times} times as long as \
         assumed."
    ))
}

/// The rule of all verdicts of a comparison, from one of its checks.
pub fn rule(check: &Durations) -> String {
    format!(
        "Every verdict holds at {} confidence. One on recovery times looks at three things, the middle, \
         the longest tenth and the whole, so each has a third of the risk: as a whole, a log contradicts \
         what is assumed where at most {} of logs drawn from that lie as far from it. Factors up to {} \
         are treated as unimportant.",
        level(check.confidence),
        percent(check.rejects_from()),
        factor(check.margin)
    )
}

/// An assumed rate against a log, in a sentence. `noun` says what is counted: incidents, or events that
/// begin several at once.
pub fn rate(check: &Rate, noun: &str) -> String {
    let by = factor_and_range(&check.ratio);
    let seen = format!(
        "{} in {} are {} a year where the scenario assumes {}",
        count(check.incidents as usize, noun),
        years(check.years),
        rough(check.per_year),
        rough(check.assumed_per_year)
    );
    match check.verdict {
        RateVerdict::Supported if check.assumed_per_year == 0.0 => format!(
            "Supported: the scenario assumes none, and the log shows none in {}.",
            years(check.years)
        ),
        RateVerdict::Supported => format!("Supported: {seen}, a factor of {by}."),
        RateVerdict::Optimistic(_) => format!("Optimistic by a factor of {by}: {seen}."),
        RateVerdict::Pessimistic(_) if check.incidents == 0 => format!(
            "Pessimistic: no incident in {}, where the scenario expects {}; the log is consistent \
             with at most {} times the assumed rate.",
            years(check.years),
            rough(check.expected),
            factor(check.ratio.interval.high)
        ),
        RateVerdict::Pessimistic(_) => {
            let by = factor_and_range(&inverse(&check.ratio));
            format!("Pessimistic by a factor of {by}: {seen}.")
        }
        RateVerdict::CannotTell { more, years } => rate_unknown((check, noun), more, years),
    }
}

fn rate_unknown((check, noun): (&Rate, &str), more: Option<u64>, time: Option<f64>) -> String {
    let consistent = format!(
        "the log is consistent with {} times the assumed rate",
        range(check.ratio.interval)
    );
    let observed = years(check.years);
    match (more, time) {
        (Some(0), Some(time)) => format!(
            "Cannot tell: no incident in {observed}, where the scenario expects {}; {consistent}. \
             About {} more without any would show it to be too high.",
            rough(check.expected),
            years(time)
        ),
        (Some(more), Some(time)) => format!(
            "Cannot tell with {} in {observed}: {consistent}; about {} more would settle it, {} at \
             this pace.",
            count(check.incidents as usize, noun),
            rough(more as f64),
            years(time)
        ),
        _ if check.years > 0.0 => format!(
            "Cannot tell with {} in {observed}: {consistent}, and no log will be long enough to \
             settle it.",
            count(check.incidents as usize, noun)
        ),
        _ => "Cannot tell: the log does not say how long it was kept.".to_owned(),
    }
}

/// Years, or months where they are few.
fn years(years: f64) -> String {
    let (number, unit) =
        if years < 1.0 { (rough(12.0 * years), "month") } else { (rough(years), "year") };
    format!("{number} {}", plural(if number == "1" { 1 } else { 2 }, unit))
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
        Cannot tell with 2 incidents: the log is consistent with a recovery of any length; about 110 more \
        would settle it if the assumption is right.\n\
        Cannot tell with 7 incidents: the log is consistent with a recovery 0.33 to 3.0 times as long \
        as assumed in the middle and 0.38 or more times in its longest tenth; about 110 more \
        would settle it.\n\
        Cannot tell with 30 incidents: the log is consistent with a recovery 0.69 to 1.4 times as long \
        as assumed in the middle and 0.63 or more times in its longest tenth; about 70 more \
        would settle it.\n\
        Supported: recovery takes 1.0 (0.91 to 1.1) times as long as assumed in the middle, \
        and 0.99 (0.86 to 1.2) times where the longest tenth begins; the log's median is 3h \
        59m where the scenario assumes 4h, and 1 in 10 lasts longer than 10h 34m where it \
        assumes 10h 37m.\n\
        Optimistic by a factor of 2.3 (1.7 to 3.1): the log's median is 9h 1m where the scenario \
        assumes 4h, and 1 in 10 lasts longer than 1d 1h where it assumes 10h 37m.\n\
        Pessimistic by a factor of 2.0 (1.5 to 2.7): the log's median is 1h 58m where the \
        scenario assumes 4h, and 1 in 10 lasts longer than 5h 22m where it assumes 10h 37m.\n\
        Optimistic in the tail by a factor of 2.8 (1.3 to 17): 1 in 10 lasts longer than 1d 6h \
        where the scenario assumes 10h 37m. In the middle the log is consistent with a recovery 0.53 to \
        1.9 times as long as assumed.\n\
        Wrong shape: in the middle recovery takes 1.0 (0.78 to 1.3) times as long as assumed, \
        but 1 in 10 lasts longer than 1d 8h where the scenario assumes 10h 37m, a factor of 3.1 \
        (2.2 to 5.0).";
    const RATES: &str = "\
        Supported: 52 incidents in 4.4 years are 12 a year where the scenario assumes 11, a \
        factor of 1.1 (0.80 to 1.4).\n\
        Optimistic by a factor of 2.3 (1.7 to 3.0): 52 incidents in 4.4 years are 12 a year \
        where the scenario assumes 5.2.\n\
        Pessimistic by a factor of 2.0 (1.5 to 2.7): 50 incidents in 5 years are 10 a year \
        where the scenario assumes 20.\n\
        Cannot tell with 7 incidents in 2 years: the log is consistent with 0.47 to 2.4 times the assumed \
        rate; about 54 more would settle it, 15 years at this pace.\n\
        Cannot tell: no incident in 7.2 months, where the scenario expects 1.2; the log is consistent with \
        at most 3.1 times the assumed rate. About 1.2 years more without any would show it to \
        be too high.\n\
        Pessimistic: no incident in 6 years, where the scenario expects 12; the log is consistent with at \
        most 0.31 times the assumed rate.\n\
        Supported: the scenario assumes none, and the log shows none in 1 year.\n\
        Cannot tell: the log does not say how long it was kept.";

    /// The verdict on evenly spread durations of a distribution.
    fn verdict_on(truth: &Distribution, n: u32) -> String {
        let points = (0..n).map(|k| truth.quantile((f64::from(k) + 0.5) / f64::from(n))).collect();
        let options = Options { replicates: Some(199), ..Options::default() };
        let check = Durations::compare(&usual(), &Sample::new(points, vec![]), &options);
        durations(&check)[0].clone()
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
    fn few_incidents_are_counted_and_not_turned_into_a_share() {
        let told = |observed: Vec<f64>, bounds: Vec<f64>| {
            let options = Options { replicates: Some(199), ..Options::default() };
            let check = Durations::compare(&usual(), &Sample::new(observed, bounds), &options);
            durations(&check).join(" ")
        };
        // One ticket, open for two weeks.
        let one = told(vec![], vec![336.0]);
        assert!(one.contains("as assumed, 1 of 1 in the log."), "{one}");
        // Of the three that were given up within the hour it is not known.
        let few = told(vec![2.0, 3.0, 90.0], vec![0.5, 0.5, 0.5]);
        assert!(few.contains("1 of 3 in the log; of 3 more it is not known."), "{few}");
        assert!(!few.contains("gap"), "{few}");
        // Two of twelve: 17 %, by Clopper and Pearson from 2.1 to 48 %.
        let enough = told([vec![1.0; 10], vec![100.0; 2]].concat(), vec![]);
        assert!(enough.contains("in the log (2 of 12; 2.1"), "{enough}");
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
            rate(
                &Rate::compare(assumed, incidents, years * crate::units::HOURS_PER_YEAR, 0.95),
                "incident",
            )
        });
        assert_eq!(found.join("\n"), RATES);
    }
}
