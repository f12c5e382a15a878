//! Durations as people write them, and back.
//!
//! Inside the program every duration is an `f64` of hours. This module is the only place that knows
//! how the text form looks: numbers with units (`1h 30m`, `45 min`, `1.5d`), ISO 8601 (`PT2H`) and
//! clock form (`01:30:00`). A day is 24 h, a week 168 h and a year 365 d, always; a month is
//! refused, because it has no one length. No file, no distribution and no calendar enters here.
//!
//! Numbers with units are read here and not by `jiff`, for three reasons: fractions of a day or
//! week are allowed, the value is exact to the last bit (so that a printed scenario reads back the
//! same), and an error can name the unit that was meant. A test holds the spellings against `jiff`.

use jiff::Span;

/// Hours in a year of 365 days.
pub const HOURS_PER_YEAR: f64 = 8760.0;
/// Times of which half are longer are hardly meant, hours: ten thousand years.
pub const AGES: f64 = 10_000.0 * HOURS_PER_YEAR;
/// Hours in a week of seven days.
pub const HOURS_PER_WEEK: f64 = 168.0;
/// Hours in a day, daylight saving or not.
pub const HOURS_PER_DAY: f64 = 24.0;

const MINUTES_PER_HOUR: f64 = 60.0;
const SECONDS_PER_HOUR: f64 = 3600.0;
/// What a month is counted as when a message proposes days for it.
const DAYS_PROPOSED_FOR_A_MONTH: f64 = 30.0;

/// Why a text is not a duration. `Display` says what is wrong; [`DurationError::help`] what to
/// write.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DurationError {
    /// Nothing but white space.
    #[error("the duration is empty")]
    Empty,
    /// A number with nothing after it.
    #[error("`{number}` has no unit")]
    NoUnit {
        /// The number as written.
        number: String,
    },
    /// A word that is no unit of time.
    #[error("unknown unit `{unit}`")]
    UnknownUnit {
        /// The number before it, as written.
        number: String,
        /// The word as written.
        unit: String,
        /// The unit it resembles most, if any does.
        nearest: Option<&'static str>,
    },
    /// A number of months.
    #[error("a month has no fixed length")]
    Month {
        /// How many months were written.
        months: f64,
    },
    /// A minus sign, or "ago".
    #[error("`{text}` is negative")]
    Negative {
        /// The whole text.
        text: String,
    },
    /// Not a number, infinite, or too large for a number.
    #[error("`{text}` is not a finite duration")]
    NotFinite {
        /// The whole text.
        text: String,
    },
    /// Something other than a number where a number must stand.
    #[error("expected a number with a unit, found `{found}`")]
    NoNumber {
        /// What stands there.
        found: String,
    },
    /// A number with two points, or with underscores that are not between digits.
    #[error("`{number}` is not a number")]
    BadNumber {
        /// The number as written.
        number: String,
    },
    /// A comma between two digits: thousands for some, decimals for others.
    #[error("the comma in `{text}` can be read in two ways")]
    Comma {
        /// The whole text.
        text: String,
    },
    /// A unit after a smaller one, or twice.
    #[error("`{second}` stands after `{first}`, but units go from large to small, each once")]
    Order {
        /// The earlier unit as written.
        first: String,
        /// The later unit as written.
        second: String,
    },
    /// Looks like ISO 8601 or a clock, but is not.
    #[error("`{text}` is not an ISO 8601 or clock duration")]
    Malformed {
        /// The whole text.
        text: String,
    },
}

impl DurationError {
    /// What to write instead, as a short phrase.
    pub fn help(&self) -> String {
        match self {
            Self::NoUnit { number } if number.trim_matches(['0', '.']).is_empty() => {
                "write \"0s\"".to_owned()
            }
            Self::NoUnit { number } => {
                format!("write \"{number}h\", \"{number}m\" or \"{number}d\"")
            }
            Self::UnknownUnit { number, nearest: Some(unit), .. } => {
                let unit = if number == "1" { unit.trim_end_matches('s') } else { unit };
                format!("write \"{number} {unit}\"")
            }
            Self::UnknownUnit { .. } => {
                "units are s, m, h, d, weeks and y, in full or short".to_owned()
            }
            Self::Month { months } => {
                format!("write days: \"{}d\"", months * DAYS_PROPOSED_FOR_A_MONTH)
            }
            Self::Negative { .. } => "write a duration of 0 or more".to_owned(),
            Self::Comma { .. } => {
                "write \"1000h\" or \"1_000h\", and \"1.5h\" with a point".to_owned()
            }
            Self::Malformed { .. } => "write \"1h 30m\", \"PT1H30M\" or \"01:30:00\"".to_owned(),
            Self::Order { .. } => "write \"1h 30m\", not \"30m 1h\"".to_owned(),
            Self::Empty
            | Self::NotFinite { .. }
            | Self::NoNumber { .. }
            | Self::BadNumber { .. } => {
                "write a number with its unit, such as \"45m\", \"1h 30m\" or \"90d\"".to_owned()
            }
        }
    }
}

/// One unit of time: its length in hours and its spellings, the first of which is proposed in help.
struct Unit {
    hours: f64,
    spellings: &'static [&'static str],
}

const UNITS: [Unit; 8] = [
    Unit { hours: HOURS_PER_YEAR, spellings: &["years", "year", "yrs", "yr", "y"] },
    Unit { hours: HOURS_PER_WEEK, spellings: &["weeks", "week", "wks", "wk", "w"] },
    Unit { hours: HOURS_PER_DAY, spellings: &["days", "day", "d"] },
    Unit { hours: 1.0, spellings: &["hours", "hour", "hrs", "hr", "h"] },
    Unit { hours: 1.0 / MINUTES_PER_HOUR, spellings: &["minutes", "minute", "mins", "min", "m"] },
    Unit { hours: 1.0 / SECONDS_PER_HOUR, spellings: &["seconds", "second", "secs", "sec", "s"] },
    Unit { hours: 1e-3 / SECONDS_PER_HOUR, spellings: &["milliseconds", "millisecond", "ms"] },
    Unit {
        hours: 1e-6 / SECONDS_PER_HOUR,
        spellings: &["microseconds", "microsecond", "us", "µs"],
    },
];
const MONTHS: [&str; 5] = ["months", "month", "mons", "mos", "mo"];

/// Reads a duration and gives it in hours, 0 or more and finite.
///
/// # Errors
/// Everything that is not such a duration; see [`DurationError`].
pub fn parse_duration(text: &str) -> Result<f64, DurationError> {
    let whole = || text.trim().to_owned();
    let body = text.trim();
    if body.is_empty() {
        return Err(DurationError::Empty);
    }
    if body.starts_with(['-', '−']) || body.ends_with(" ago") {
        return Err(DurationError::Negative { text: whole() });
    }
    let lower = body.to_ascii_lowercase();
    if lower.starts_with("nan") || lower.starts_with("inf") || lower.starts_with('∞') {
        return Err(DurationError::NotFinite { text: whole() });
    }
    let hours = if lower.starts_with('p') || body.contains(':') {
        hours_of_span(body)?
    } else {
        hours_of_pairs(body.trim_start_matches('+').trim_start())?
    };
    if hours.is_finite() { Ok(hours) } else { Err(DurationError::NotFinite { text: whole() }) }
}

/// ISO 8601 and clock forms, by `jiff`.
fn hours_of_span(text: &str) -> Result<f64, DurationError> {
    let malformed = |_| DurationError::Malformed { text: text.to_owned() };
    let span: Span = text.parse().map_err(malformed)?;
    if span.get_months() != 0 {
        return Err(DurationError::Month { months: f64::from(span.get_months()) });
    }
    if span.is_negative() {
        return Err(DurationError::Negative { text: text.to_owned() });
    }
    // No span of `jiff` reaches 2^53 seconds, so that only its sub-second parts are ever rounded.
    let seconds = span.get_seconds() as f64
        + span.get_milliseconds() as f64 / 1e3
        + span.get_microseconds() as f64 / 1e6
        + span.get_nanoseconds() as f64 / 1e9;
    Ok(f64::from(span.get_years()) * HOURS_PER_YEAR
        + f64::from(span.get_weeks()) * HOURS_PER_WEEK
        + f64::from(span.get_days()) * HOURS_PER_DAY
        + f64::from(span.get_hours())
        + span.get_minutes() as f64 / MINUTES_PER_HOUR
        + seconds / SECONDS_PER_HOUR)
}

/// Numbers with units, largest first: `1h 30m`, `2 hours and 3 minutes`, `1.5d`.
fn hours_of_pairs(text: &str) -> Result<f64, DurationError> {
    let bytes = text.as_bytes();
    if bytes.windows(3).any(|w| w[1] == b',' && w[0].is_ascii_digit() && w[2].is_ascii_digit()) {
        return Err(DurationError::Comma { text: text.to_owned() });
    }
    let mut total = 0.0;
    let mut last: Option<(&str, f64)> = None;
    let mut rest = text;
    while !rest.is_empty() {
        let (written, after) = split_while(rest, |c| c.is_ascii_digit() || matches!(c, '.' | '_'));
        if written.is_empty() {
            let found = rest.split_whitespace().next().unwrap_or(rest).to_owned();
            return Err(DurationError::NoNumber { found });
        }
        let value = read_number(written)?;
        let (word, after) = split_while(after.trim_start(), char::is_alphabetic);
        let hours = hours_of_unit(written, value, word)?;
        if let Some((first, _)) = last.filter(|(_, larger)| hours >= *larger) {
            return Err(DurationError::Order { first: first.to_owned(), second: word.to_owned() });
        }
        // Division keeps "10s" at the very number 10 / 3600, whatever the unit's rounding.
        total += if hours < 1.0 { value / (1.0 / hours).round() } else { value * hours };
        last = Some((word, hours));
        let joined = after.trim_start_matches(',').trim_start();
        rest = joined.strip_prefix("and ").unwrap_or(joined).trim_start();
    }
    Ok(total)
}

/// A regular expression that matches every text which [`parse_duration`] accepts, and few others;
/// for schemas, so without anchors and in the dialect that JavaScript shares with others.
pub fn duration_pattern() -> String {
    let any_case = |spelling: &&str| match *spelling {
        // A capital M is neither minutes nor months.
        "m" => "m".to_owned(),
        _ => spelling.chars().map(either_case).collect::<String>(),
    };
    let spellings = UNITS.iter().flat_map(|unit| unit.spellings);
    let units: Vec<String> = spellings.map(any_case).collect();
    let pair = format!(r"[0-9._]+\s*(?:{})", units.join("|"));
    let pairs = format!(r"\+*\s*{pair}(?:,*\s*(?:and\s)?\s*{pair})*,*");
    let iso = r"[Pp](?:[0-9.,]+[YyWwDd])*(?:[Tt](?:[0-9.,]+[HhMmSs])+)?";
    let clock = ".*[0-9]:[0-9].*";
    format!("(?:{pairs}|{iso}|{clock})")
}

fn either_case(letter: char) -> String {
    let upper = letter.to_ascii_uppercase();
    if upper == letter { letter.to_string() } else { format!("[{upper}{letter}]") }
}

fn split_while(text: &str, keep: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !keep(c)).unwrap_or(text.len()))
}

fn read_number(written: &str) -> Result<f64, DurationError> {
    let bad = || DurationError::BadNumber { number: written.to_owned() };
    let misplaced = written.split('_').any(|part| {
        part.is_empty() || part.starts_with('.') && part != written || part.ends_with('.')
    });
    if written.contains('_') && misplaced {
        return Err(bad());
    }
    written.replace('_', "").parse().map_err(|_| bad())
}

fn hours_of_unit(number: &str, value: f64, word: &str) -> Result<f64, DurationError> {
    if word.is_empty() {
        return Err(DurationError::NoUnit { number: number.to_owned() });
    }
    // A capital M is minutes for some and months for others, so that it is neither here.
    let lower = if word == "M" { word.to_owned() } else { word.to_lowercase() };
    if MONTHS.contains(&lower.as_str()) {
        return Err(DurationError::Month { months: value });
    }
    let spelled = UNITS.iter().find(|unit| unit.spellings.contains(&lower.as_str()));
    spelled.map(|unit| unit.hours).ok_or_else(|| DurationError::UnknownUnit {
        number: number.to_owned(),
        unit: word.to_owned(),
        nearest: nearest_unit(&word.to_lowercase()),
    })
}

fn nearest_unit(word: &str) -> Option<&'static str> {
    // Comparing costs the product of the lengths, and no unit is this long.
    const LONGEST: usize = 20;
    if word.len() > LONGEST {
        return None;
    }
    let distances = UNITS.iter().flat_map(|unit| {
        unit.spellings.iter().map(move |spelling| (strsim::osa_distance(word, spelling), unit))
    });
    let (distance, unit) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance < word.chars().count().min(3)).then(|| unit.spellings[0])
}

/// Shows a duration for people: at most two neighbouring units, rounded (`1h 30m`, `12d 4h`,
/// `45s`).
///
/// Days are the largest unit, so that `365d` stays `365d`. Under ten seconds two decimals are kept.
/// Infinity is shown as `never`.
pub fn show_duration(hours: f64) -> String {
    if hours.is_nan() {
        return "not a number".to_owned();
    }
    if hours < 0.0 {
        return format!("-{}", show_duration(-hours));
    }
    if hours.is_infinite() {
        return "never".to_owned();
    }
    let seconds = hours * SECONDS_PER_HOUR;
    // Each limit is where rounding to the smaller unit would already reach the next pair.
    if seconds < 9.995 {
        return format!("{}s", (seconds * 100.0).round() / 100.0);
    }
    if seconds < 3599.5 {
        return two_units(seconds, "m", 60.0, "s");
    }
    let minutes = hours * MINUTES_PER_HOUR;
    if minutes < 1439.5 {
        return two_units(minutes, "h", 60.0, "m");
    }
    two_units(hours, "d", HOURS_PER_DAY, "h")
}

/// A duration with four digits in the unit that people would state it in: days from two on, else
/// hours, minutes or seconds.
pub fn round_duration(hours: f64) -> f64 {
    let units = [(48.0, 24.0), (1.0, 1.0), (1.0 / 60.0, 1.0 / 60.0)];
    let found = units.into_iter().find(|(least, _)| hours >= *least);
    let unit = found.map_or(1.0 / SECONDS_PER_HOUR, |(_, unit)| unit);
    format!("{:.3e}", hours / unit).parse().map_or(hours, |rounded: f64| rounded * unit)
}

/// `amount` counts the small unit; `ratio` of them make a large one.
fn two_units(amount: f64, large: &str, ratio: f64, small: &str) -> String {
    let rounded = amount.round();
    let (whole, rest) = ((rounded / ratio).floor(), rounded % ratio);
    match (whole > 0.0, rest > 0.0) {
        (true, true) => format!("{whole}{large} {rest}{small}"),
        (true, false) => format!("{whole}{large}"),
        (false, _) => format!("{rest}{small}"),
    }
}

/// Shows a duration for people as [`show_duration`] does where that rounds nothing away, else by hours,
/// minutes and seconds (`3h 56m 1s`), and in hours where it is no whole number of seconds.
///
/// Eleven digits count: what a computation left behind them is not shown.
pub fn show_whole_duration(hours: f64) -> String {
    let hours = format!("{hours:.11e}").parse::<f64>().unwrap_or(hours);
    let tells_it = |shown: &String| {
        parse_duration(shown).is_ok_and(|read| (read - hours).abs() <= 1e-11 * hours)
    };
    let seconds = (SECONDS_PER_HOUR * hours).round();
    let is_whole = (SECONDS_PER_HOUR * hours - seconds).abs() <= 1e-6;
    let by_clock = is_whole.then(|| three_units(seconds));
    let shown = [Some(show_duration(hours)), by_clock].into_iter().flatten().find(tells_it);
    shown.unwrap_or_else(|| format!("{hours}h"))
}

fn three_units(seconds: f64) -> String {
    let parts = [("h", (seconds / 3600.0).floor()), ("m", (seconds / 60.0).floor() % 60.0)];
    let parts = parts.into_iter().chain([("s", seconds % 60.0)]).filter(|(_, size)| *size > 0.0);
    parts.map(|(unit, size)| format!("{size}{unit}")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Accepted spellings and their hours; the ones that `jiff` also knows are marked.
    const ACCEPTED: &[(&str, f64, bool)] = &[
        ("2m", 2.0 / 60.0, true),
        ("1h 30m", 1.5, true),
        ("1h30m", 1.5, true),
        ("45 min", 0.75, true),
        ("90d", 2160.0, true),
        ("1.5d", 36.0, false),
        ("0.5 weeks", 84.0, false),
        (".5d", 12.0, false),
        ("2 weeks", 336.0, true),
        ("1 wk 4 days", 264.0, true),
        ("10s", 10.0 / 3600.0, true),
        ("90 secs", 0.025, true),
        ("250ms", 0.25 / 3600.0, true),
        ("1y", 8760.0, true),
        ("1 year", 8760.0, true),
        ("0.5y", 4380.0, false),
        ("1y1d", 8784.0, true),
        ("1.5h", 1.5, true),
        ("3 days, 4 hours, 30 minutes", 76.5, true),
        ("2 hours and 30 minutes", 2.5, false),
        ("1_000h", 1000.0, false),
        ("2 Hours", 2.0, false),
        ("2H", 2.0, false),
        ("0s", 0.0, true),
        ("0d", 0.0, true),
        ("+2h", 2.0, true),
        (" 2h ", 2.0, false),
        ("PT2H", 2.0, true),
        ("pt2h", 2.0, true),
        ("P1DT12H", 36.0, true),
        ("P2W", 336.0, true),
        ("01:30:00", 1.5, true),
        ("1d 01:00:00", 25.0, true),
    ];

    #[test]
    fn accepts_every_spelling_of_the_table() {
        for (text, hours, _) in ACCEPTED {
            assert_eq!(parse_duration(text), Ok(*hours), "{text:?}");
        }
    }

    #[test]
    fn agrees_with_jiff_where_both_accept() {
        for (text, hours, jiff_accepts) in ACCEPTED {
            let span = text.parse::<Span>();
            assert_eq!(span.is_ok(), *jiff_accepts, "{text:?}");
            if let Ok(span) = span {
                let days = jiff::SpanRelativeTo::days_are_24_hours();
                // Years have no fixed length for `jiff`: take them out first.
                let rest = span.years(0).total((jiff::Unit::Hour, days)).unwrap();
                let theirs = rest + f64::from(span.get_years()) * 8760.0;
                assert!((theirs - hours).abs() < 1e-12, "{text:?}: {theirs} against {hours}");
            }
        }
    }

    #[test]
    fn refuses_with_a_reason_and_a_remedy() {
        let cases = [
            ("", "the duration is empty", "such as \"45m\""),
            ("3 hourz", "unknown unit `hourz`", "write \"3 hours\""),
            ("1 hourz", "unknown unit `hourz`", "write \"1 hour\""),
            ("3 minuets", "unknown unit `minuets`", "write \"3 minutes\""),
            ("3 parsec", "unknown unit `parsec`", "units are s, m, h, d, weeks and y"),
            ("5M", "unknown unit `M`", "write \"5 minutes\""),
            ("1mo", "a month has no fixed length", "write days: \"30d\""),
            ("1.5 months", "a month has no fixed length", "write days: \"45d\""),
            ("P2M", "a month has no fixed length", "write days: \"60d\""),
            ("5", "`5` has no unit", "write \"5h\", \"5m\" or \"5d\""),
            ("1h 30", "`30` has no unit", "write \"30h\""),
            ("0", "`0` has no unit", "write \"0s\""),
            ("-2h", "`-2h` is negative", "0 or more"),
            ("−2h", "`−2h` is negative", "0 or more"),
            ("2h ago", "`2h ago` is negative", "0 or more"),
            ("-PT2H", "`-PT2H` is negative", "0 or more"),
            ("NaN h", "`NaN h` is not a finite duration", "such as"),
            ("inf", "`inf` is not a finite duration", "such as"),
            ("soon", "expected a number with a unit, found `soon`", "such as"),
            ("1h x", "expected a number with a unit, found `x`", "such as"),
            ("1.2.3h", "`1.2.3` is not a number", "such as"),
            ("1__0h", "`1__0` is not a number", "such as"),
            ("_1h", "`_1` is not a number", "such as"),
            ("1_.5h", "`1_.5` is not a number", "such as"),
            ("1,000h", "the comma in `1,000h` can be read in two ways", "\"1_000h\""),
            (
                "30m 1h",
                "`h` stands after `m`, but units go from large to small, each once",
                "1h 30m",
            ),
            (
                "1h 1h",
                "`h` stands after `h`, but units go from large to small, each once",
                "1h 30m",
            ),
            ("P1.5D", "`P1.5D` is not an ISO 8601 or clock duration", "\"PT1H30M\""),
            ("9:00", "`9:00` is not an ISO 8601 or clock duration", "\"01:30:00\""),
        ];
        for (text, message, help) in cases {
            let error = parse_duration(text).expect_err(text);
            assert_eq!(error.to_string(), message, "{text:?}");
            assert!(error.help().contains(help), "{text:?}: {}", error.help());
        }
        let endless = format!("{}h", "9".repeat(400));
        assert!(matches!(parse_duration(&endless), Err(DurationError::NotFinite { .. })));
    }

    #[test]
    fn reads_back_the_shortest_digits_to_the_last_bit() {
        for hours in [0.1, 1.0 / 3.0, 1.234_567_890_123_456_7, 8_759.999_999_999_9, 1e-9] {
            assert_eq!(parse_duration(&format!("{hours}h")), Ok(hours));
        }
    }

    #[test]
    fn shows_at_most_two_units() {
        let cases = [
            (0.0, "0s"),
            (0.12 / 3600.0, "0.12s"),
            (9.999 / 3600.0, "10s"),
            (45.0 / 3600.0, "45s"),
            (59.6 / 3600.0, "1m"),
            (61.0 / 3600.0, "1m 1s"),
            (0.75, "45m"),
            (1.0, "1h"),
            (3599.7 / 3600.0, "1h"),
            (1.5, "1h 30m"),
            (23.9999, "1d"),
            (24.0, "1d"),
            (292.0, "12d 4h"),
            (8760.0, "365d"),
            (-1.5, "-1h 30m"),
            (f64::INFINITY, "never"),
        ];
        for (hours, text) in cases {
            assert_eq!(show_duration(hours), text, "{hours}");
        }
    }

    #[test]
    fn a_whole_duration_loses_nothing() {
        let seconds = 1.0 / 3600.0;
        let shown = [
            (4.0, "4h"),
            (0.0, "0s"),
            (1.0 / 3.0, "20m"),
            (3.0 + 56.0 / 60.0 + seconds, "3h 56m 1s"),
            (60.0 + 5.0 * seconds, "60h 5s"),
            (0.1 * seconds, "0.1s"),
            (1.0 + 0.5 * seconds, "1.00013888889h"),
        ];
        for (hours, text) in shown {
            assert_eq!(show_whole_duration(hours), text, "{hours}");
        }
    }

    #[test]
    fn what_is_shown_reads_back_to_within_five_per_cent() {
        let mut hours = 2e-4;
        while hours < 1e5 {
            let back = parse_duration(&show_duration(hours)).unwrap();
            assert!((back - hours).abs() <= hours * 0.05, "{hours}: {back}");
            hours *= 1.37;
        }
    }
}
