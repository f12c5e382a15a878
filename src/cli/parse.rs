//! Parsers for the values of options: text as it was typed to a value, or why it is not one.
//!
//! Every error says what would be right, most by an example. A parser knows nothing of the scenario
//! or the log; what has to be looked up in them is in `options`.

use crate::evidence::fit::Family;
use crate::evidence::log::{DateFormat, Role, unit_hours};
use crate::keys::{listed, meant};
use crate::metric::Metric;
use crate::scenario::Criterion;
use crate::study::mapping::Target;
use crate::units::{DurationError, HOURS_PER_YEAR, parse_duration};
use crate::world::kind::Kind;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use jiff::tz::TimeZone;
use std::time::Duration;

/// One of a few words, each with its value.
pub(super) fn one_of<T: Copy + Send + Sync + 'static>(
    words: &'static [(&'static str, T)],
) -> impl TypedValueParser<Value = T> {
    let value = |word: String| words.iter().find(|(known, _)| *known == word).map(|known| known.1);
    let names = words.iter().map(|(word, _)| *word);
    PossibleValuesParser::new(names).try_map(move |word| value(word).ok_or("no such word"))
}

/// A number of trials: `10000` or `10_000`.
pub(super) fn trials(text: &str) -> Result<u64, String> {
    match text.replace('_', "").parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err("write a whole number of at least 1, such as 10000 or 10_000".to_owned()),
    }
}

/// A seed, or the number of a trial.
pub(super) fn number(text: &str) -> Result<u64, String> {
    let wrong = || format!("write a whole number from 0 to {}, such as 17", u64::MAX);
    text.replace('_', "").parse().map_err(|_| wrong())
}

/// A shard: `3/10` is the third of ten.
pub(super) fn shard(text: &str) -> Result<(u64, u64), String> {
    let wrong = || "write which shard of how many, from 1/N to N/N, such as 3/10".to_owned();
    let (number, count) = text.split_once('/').ok_or_else(wrong)?;
    let (number, count) =
        (number.parse().map_err(|_| wrong())?, count.parse().map_err(|_| wrong())?);
    if (1..=count).contains(&number) { Ok((number, count)) } else { Err(wrong()) }
}

/// A range of trials or points: `0..500`.
pub(super) fn part_range(text: &str) -> Result<(u64, u64), String> {
    let wrong = || "write the first number and the one after the last, such as 0..500".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let (from, to) = (number(from).map_err(|_| wrong())?, number(to).map_err(|_| wrong())?);
    if from < to { Ok((from, to)) } else { Err(wrong()) }
}

/// A time of the clock: `5m`.
pub(super) fn time(text: &str) -> Result<Duration, String> {
    let hours =
        parse_duration(text).map_err(|error| format!("{error}: write a time such as 5m"))?;
    Duration::try_from_secs_f64(hours * 3600.0).map_err(|_| "write a time such as 5m".to_owned())
}

/// A half-width relative to its estimate: `1%` is 0.01.
pub(super) fn precision(text: &str) -> Result<f64, String> {
    let wrong = || "write a percentage of the estimate, such as 1% or 0.5%".to_owned();
    let number = text.strip_suffix('%').ok_or_else(wrong)?.trim();
    match number.parse::<f64>() {
        Ok(percent) if percent > 0.0 && percent < 100.0 => Ok(percent / 100.0),
        _ => Err(wrong()),
    }
}

/// A confidence level, strictly between 0 and 1.
pub(super) fn confidence(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number < 1.0 => Ok(number),
        Ok(percent) if (1.0..100.0).contains(&percent) => Err(format!(
            "write a number between 0 and 1; for {percent} % write {}",
            percent / 100.0
        )),
        _ => Err("write a number between 0 and 1, such as 0.95".to_owned()),
    }
}

/// A percentile as a probability: `p99` is 0.99.
pub(super) fn percentile(text: &str) -> Result<f64, String> {
    let number = text.strip_prefix(['p', 'P']).unwrap_or(text).trim_end_matches('%');
    match number.parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent / 100.0),
        _ => Err("write a percentile from p0 to p100, such as p99 or p99.9".into()),
    }
}

/// What is so called, in any case and with hyphens or spaces, among what has a name. `what` is one
/// of them, and `those` are all.
fn named<T: Copy>(
    text: &str,
    known: &[T],
    name: fn(T) -> &'static str,
    (what, those): (&str, &str),
) -> Result<T, String> {
    let wanted = text.trim().to_lowercase().replace(['-', ' '], "_");
    let names: Vec<&str> = known.iter().map(|one| name(*one)).collect();
    known.iter().copied().find(|one| name(*one) == wanted).ok_or_else(|| {
        format!("there is no {what} `{text}`; {}", meant(&wanted, &names, &format!("{those} are")))
    })
}

/// A metric, by its name in the tables.
pub(super) fn metric(text: &str) -> Result<Metric, String> {
    named(text, &Metric::ALL, Metric::name, ("metric", "metrics"))
}

/// What a tolerance can limit, by its name in the scenario.
pub(super) fn criterion(text: &str) -> Result<Criterion, String> {
    let all: Vec<Criterion> =
        Metric::ALL.into_iter().map(Criterion::Metric).chain([Criterion::RestoreHours]).collect();
    named(text, &all, Criterion::name, ("criterion", "criteria"))
}

/// How long a log was kept, hours. Months count here, as twelfths of a year.
pub(super) fn observed(text: &str) -> Result<f64, String> {
    // Of "1y 6mo" the error tells the months alone.
    let is_one_unit =
        text.trim_start_matches(|c: char| !c.is_alphabetic()).chars().all(char::is_alphabetic);
    let hours = match parse_duration(text) {
        Err(DurationError::Month { months }) if is_one_unit => Ok(months * HOURS_PER_YEAR / 12.0),
        other => other,
    };
    match hours {
        Ok(hours) if hours > 0.0 => Ok(hours),
        _ => Err("write a duration such as 3y, 18mo or 400d".to_owned()),
    }
}

/// A factor above 1.
pub(super) fn margin(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 1.0 && factor.is_finite() => Ok(factor),
        _ => Err("write a number above 1, such as 1.5".to_owned()),
    }
}

/// A family of distributions, by its name in the tables.
pub(super) fn family(text: &str) -> Result<Family, String> {
    named(text, &Family::ALL, Family::name, ("family", "families"))
}

/// A kind of component.
pub(super) fn kind(text: &str) -> Result<Kind, String> {
    let step = "; a drill is mapped to a time such as rebuild.install";
    named(text, &Kind::ALL, Kind::word, ("kind", "kinds")).map_err(|wrong| wrong + step)
}

/// What a cause or component of a log is: `Hardware=host`, `rebuild drill=rebuild.install`.
pub(super) fn target(text: &str) -> Result<(String, Target), String> {
    let (name, word) = text.split_once('=').ok_or("write NAME=KIND, such as Hardware=host")?;
    let word = word.trim();
    let target =
        if word.contains('.') { Target::Step(word.to_owned()) } else { Target::Kind(kind(word)?) };
    Ok((name.trim().to_owned(), target))
}

/// The heading of a column that has a role: `start=opened`.
pub(super) fn column(text: &str) -> Result<(Role, String), String> {
    let names = Role::ALL.map(Role::name);
    let form = || format!("write ROLE=HEADING, where ROLE is {}", listed(&names, "or"));
    let (role, heading) = text.split_once('=').ok_or_else(form)?;
    Ok((named(role, &Role::ALL, Role::name, ("role", "roles"))?, heading.trim().to_owned()))
}

/// A unit of time: hours in one of it.
pub(super) fn unit(text: &str) -> Result<f64, String> {
    unit_hours(text).ok_or_else(|| "write a unit of time: s, min, h, d or weeks".to_owned())
}

/// The heading of a column of durations, perhaps with its unit: `duration=s`.
pub(super) fn durations(text: &str) -> Result<(String, Option<f64>), String> {
    Ok(match text.rsplit_once('=') {
        Some((heading, word)) if unit_hours(word).is_some() => {
            (heading.trim().to_owned(), unit_hours(word))
        }
        _ => (text.trim().to_owned(), None),
    })
}

/// How the times of a log are written.
pub(super) fn date_format(text: &str) -> Result<DateFormat, String> {
    text.parse()
}

/// A zone of the IANA database.
pub(super) fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| {
        "write a time zone of the IANA database, such as UTC or Europe/Berlin".to_owned()
    })
}

/// The character between the fields of a log.
pub(super) fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [one] if !b"\"\r\n".contains(one) => Ok(*one),
        _ if matches!(text, "tab" | "\\t") => Ok(b'\t'),
        _ => Err("write one character, such as \";\", or tab".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_trials_is_whole_and_at_least_one() {
        assert_eq!(trials("1"), Ok(1));
        assert_eq!(trials("1_000_000"), Ok(1_000_000));
        for wrong in ["0", "-1", "1.5", "many", "_", "99999999999999999999"] {
            assert!(trials(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_precision_is_a_percentage() {
        assert_eq!(precision("1%"), Ok(0.01));
        assert_eq!(precision("0.5 %"), Ok(0.005));
        for wrong in ["1", "0%", "100%", "-1%", "nan%", "%", "few"] {
            assert!(precision(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_log_may_have_been_kept_for_months() {
        assert_eq!(observed("18mo"), observed("1.5y"));
        assert_eq!(observed("2y"), Ok(17_520.0));
        assert!(observed("0d").is_err() && observed("mo").is_err() && observed("1y 6mo").is_err());
    }

    #[test]
    fn confidence_lies_strictly_between_0_and_1() {
        assert_eq!(confidence("0.9"), Ok(0.9));
        for wrong in ["0", "1", "-0.5", "nan", "inf", "much", "100"] {
            assert!(confidence(wrong).is_err(), "{wrong}");
        }
        assert!(confidence("95").unwrap_err().contains("for 95 % write 0.95"));
    }
}
