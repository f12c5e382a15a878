//! The weekly profile of a workload: how the 168 hours of a local week compare, and how seasons
//! change them.
//!
//! A [`Profile`] has mean 1 over one week, so it shapes a rate and does not change its level.
//! Holidays and seasons are left out of that mean on purpose: the change that nobody makes on a
//! holiday is not made up for on another day. A year with holidays or a quiet season therefore has
//! fewer changes than its nominal rate says.
//!
//! Rates per hour, calendars and users never enter here; [`crate::world::rates`] puts them
//! together.

use jiff::civil::Date;
use thiserror::Error;

use crate::units::HOURS_PER_YEAR;

/// Hours of a week, as a count.
pub const HOURS: usize = 168;
const SUNDAY: usize = 6 * 24;
const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Why weights are not a profile, or dates not a season.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProfileError {
    /// Not 168 weights.
    #[error(
        "a profile has {HOURS} weights, one for each hour of the week from Monday 00:00 on; there \
         are {found}"
    )]
    Count {
        /// Number of weights given.
        found: usize,
    },
    /// A weight is negative, infinite or not a number.
    #[error(
        "the weight {weight} for {} is not usable; a weight is a finite number, 0 or more",
        name(*.hour_of_week)
    )]
    Weight {
        /// Position, 0 is Monday 00:00.
        hour_of_week: usize,
        /// The weight as given.
        weight: f64,
    },
    /// Every weight is zero.
    #[error("all weights are zero; at least one hour of the week needs a positive weight")]
    AllZero,
    /// The sum of the weights is more than a double can hold.
    #[error(
        "the weights are too large to be added up; only their ratios matter, so write smaller ones"
    )]
    TooLarge,
    /// The table is not CSV.
    #[error("the profile is not a table in CSV: {0}")]
    Table(#[from] csv::Error),
    /// A column is missing.
    #[error(
        "the profile has no column \"{column}\"; its first line is \"{header}\", and has to name \
         dow, hour and weight"
    )]
    Column {
        /// The missing column.
        column: &'static str,
        /// The header line as found.
        header: String,
    },
    /// A field does not hold what its column needs.
    #[error("line {line}: \"{text}\" in column {column} is not usable; write {expected}")]
    Field {
        /// Line of the file, from 1.
        line: usize,
        /// Name of the column.
        column: &'static str,
        /// The field as found.
        text: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Two rows speak of the same hour.
    #[error(
        "line {line}: {} is given a second time, first on line {first}; write each hour of the \
         week once",
        name(*.hour_of_week)
    )]
    Twice {
        /// Line of the second row.
        line: usize,
        /// Line of the first row.
        first: usize,
        /// Position, 0 is Monday 00:00.
        hour_of_week: usize,
    },
    /// Some hours have no row.
    #[error(
        "{missing} of {HOURS} hours have no row, the first of them {} (dow {}, hour {}); write \
         each hour of the week once",
        name(*.hour_of_week), .hour_of_week / 24, .hour_of_week % 24
    )]
    Missing {
        /// How many hours have no row.
        missing: usize,
        /// The first of them, 0 is Monday 00:00.
        hour_of_week: usize,
    },
    /// A season ends before it starts.
    #[error(
        "the season from \"{from}\" to \"{to}\" ends before it starts; give the first and the \
         last day, both included"
    )]
    SeasonOrder {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// The factor of a season is negative, infinite or not a number.
    #[error(
        "the season's factor {factor} is not usable; a factor is a finite number, 0 or more (1 \
         changes nothing)"
    )]
    SeasonFactor {
        /// The factor as given.
        factor: f64,
    },
}

/// "Tuesday 13:00" for an hour of the week.
fn name(hour_of_week: usize) -> String {
    let day = DAYS.get(hour_of_week / 24).copied().unwrap_or("no day");
    format!("{day} {:02}:00", hour_of_week % 24)
}

/// Weights of the 168 hours of a local week, with mean 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    weights: [f64; HOURS],
}

impl Profile {
    /// Every hour alike.
    pub fn flat() -> Profile {
        Profile { weights: [1.0; HOURS] }
    }

    /// Office hours: Monday to Friday from 08:00 to 18:00 weigh ten times as much as any other
    /// hour.
    pub fn office() -> Profile {
        let weight = |hour: usize| {
            if hour / 24 < 5 && (8..18).contains(&(hour % 24)) { 10.0 } else { 1.0 }
        };
        Profile::normalised(std::array::from_fn(weight), 618.0)
    }

    /// Mornings: Monday to Friday from 07:00 to 10:00 weigh twenty times as much as an hour of the night or
    /// the weekend, and from 10:00 to 18:00 six times: half of a working day comes before ten.
    pub fn mornings() -> Profile {
        let weight = |hour: usize| match (hour / 24 < 5, hour % 24) {
            (true, 7..10) => 20.0,
            (true, 10..18) => 6.0,
            _ => 1.0,
        };
        Profile::normalised(std::array::from_fn(weight), 653.0)
    }

    /// A profile from 168 weights, Monday 00:00 first. Only their ratios matter.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] if there are not 168, if one is negative or not finite, or if all are zero.
    pub fn from_weights(weights: &[f64]) -> Result<Profile, ProfileError> {
        let hours: [f64; HOURS] =
            weights.try_into().map_err(|_| ProfileError::Count { found: weights.len() })?;
        for (hour_of_week, &weight) in hours.iter().enumerate() {
            if !(weight.is_finite() && weight >= 0.0) {
                return Err(ProfileError::Weight { hour_of_week, weight });
            }
        }
        let sum: f64 = hours.iter().sum();
        // A mean too small to divide by is as good as zero.
        if sum / (HOURS as f64) < f64::MIN_POSITIVE {
            return Err(ProfileError::AllZero);
        }
        if !sum.is_finite() {
            return Err(ProfileError::TooLarge);
        }
        Ok(Profile::normalised(hours, sum))
    }

    /// A profile from a CSV table with the columns `dow` (0 is Monday), `hour` (0 to 23) and
    /// `weight`, in any order of columns and rows; each of the 168 hours once. Other columns are
    /// ignored.
    ///
    /// # Errors
    ///
    /// [`ProfileError`]: one for each row that is wrong, with its line; otherwise one for the
    /// whole.
    pub fn from_csv(text: &str) -> Result<Profile, Vec<ProfileError>> {
        let (hours, wrong) = Profile::rows(text).map_err(|error| vec![error])?;
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let missing = hours.iter().filter(|hour| hour.is_none()).count();
        if let Some(hour_of_week) = hours.iter().position(Option::is_none) {
            return Err(vec![ProfileError::Missing { missing, hour_of_week }]);
        }
        let weights: Vec<f64> = hours.into_iter().flatten().map(|(_, weight)| weight).collect();
        Profile::from_weights(&weights).map_err(|error| vec![error])
    }

    /// Line and weight of each hour of the week that has a row, and the rows that are wrong.
    fn rows(text: &str) -> Result<Rows, ProfileError> {
        let mut table = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .flexible(true)
            .from_reader(text.as_bytes());
        let header = table.headers()?.clone();
        let column = |column: &'static str| {
            header.iter().position(|title| title.eq_ignore_ascii_case(column)).ok_or_else(|| {
                ProfileError::Column { column, header: header.iter().collect::<Vec<_>>().join(",") }
            })
        };
        let columns = [column("dow")?, column("hour")?, column("weight")?];
        let (mut hours, mut wrong) = (vec![None; HOURS], Vec::new());
        for record in table.records() {
            let record = record?;
            // The reader's own count of lines misses blank ones before a row.
            let place = record.position().map_or(0, |place| place.byte() as usize);
            let line = line_of(text.as_bytes(), place);
            match parse_row(line, &record, columns) {
                Ok((hour_of_week, weight)) => match hours[hour_of_week] {
                    None => hours[hour_of_week] = Some((line, weight)),
                    Some((first, _)) => {
                        wrong.push(ProfileError::Twice { line, first, hour_of_week });
                    }
                },
                Err(error) => wrong.push(error),
            }
        }
        Ok((hours, wrong))
    }

    /// Weight of an hour of the week, 0 to 167 with Monday 00:00 as 0. On a holiday it is the
    /// weight of the same hour of a Sunday.
    #[inline]
    pub fn weight(&self, hour_of_week: usize, holiday: bool) -> f64 {
        let hour = if holiday { SUNDAY + hour_of_week % 24 } else { hour_of_week % HOURS };
        self.weights[hour]
    }

    /// All 168 weights, Monday 00:00 first; their mean is 1.
    pub fn weights(&self) -> &[f64; HOURS] {
        &self.weights
    }

    fn normalised(weights: [f64; HOURS], sum: f64) -> Profile {
        let mean = sum / HOURS as f64;
        Profile { weights: weights.map(|weight| weight / mean) }
    }
}

/// Line and weight by hour of the week, where there is a row; and the rows that are wrong.
type Rows = (Vec<Option<(usize, f64)>>, Vec<ProfileError>);

/// The hour of the week and the weight of one row.
fn parse_row(
    line: usize,
    record: &csv::StringRecord,
    columns: [usize; 3],
) -> Result<(usize, f64), ProfileError> {
    let field = |which: usize| record.get(columns[which]).unwrap_or("");
    let wrong = |which: usize, column, expected| ProfileError::Field {
        line,
        column,
        text: field(which).to_owned(),
        expected,
    };
    let whole =
        |which: usize, most: usize| field(which).parse().ok().filter(|n: &usize| *n <= most);
    let day = whole(0, 6)
        .ok_or_else(|| wrong(0, "dow", "a whole number from 0 (Monday) to 6 (Sunday)"))?;
    let hour = whole(1, 23).ok_or_else(|| wrong(1, "hour", "a whole number from 0 to 23"))?;
    let weight = field(2)
        .parse()
        .ok()
        .filter(|weight: &f64| weight.is_finite() && *weight >= 0.0)
        .ok_or_else(|| wrong(2, "weight", "a number, 0 or more, with a point for decimals"))?;
    Ok((day * 24 + hour, weight))
}

/// Line, from 1, of the first row at or after a byte.
fn line_of(bytes: &[u8], place: usize) -> usize {
    let (before, after) = bytes.split_at(place.min(bytes.len()));
    // A row's place may be the line end, or the blank lines, before it.
    let blank = after.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    1 + before.iter().chain(blank).filter(|byte| **byte == b'\n').count()
}

/// A span of local dates in which every weight is multiplied by a factor.
///
/// Where seasons overlap, their factors multiply.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Season {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Factor on the weights; 1 changes nothing, 0 stops the workload.
    pub factor: f64,
}

impl Season {
    /// A season from its first to its last day.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] if it ends before it starts, or the factor is negative or not finite.
    pub fn new(from: Date, to: Date, factor: f64) -> Result<Season, ProfileError> {
        if to < from {
            return Err(ProfileError::SeasonOrder { from, to });
        }
        if !(factor.is_finite() && factor >= 0.0) {
            return Err(ProfileError::SeasonFactor { factor });
        }
        Ok(Season { from, to, factor })
    }

    /// The factor on a date: this season's within it, else 1.
    pub fn factor_on(&self, date: Date) -> f64 {
        if (self.from..=self.to).contains(&date) { self.factor } else { 1.0 }
    }
}

/// Password changes a user makes a year if passwords expire after `max_age` hours, a positive
/// number, and nobody changes one earlier: one change per maximum age.
pub fn changes_per_user_year(max_age: f64) -> f64 {
    HOURS_PER_YEAR / max_age
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// A complete table in which the weight of an hour is its number plus one.
    fn table() -> Vec<String> {
        let row = |hour: usize| format!("{},{},{}", hour / 24, hour % 24, hour + 1);
        std::iter::once("dow,hour,weight".to_owned()).chain((0..HOURS).map(row)).collect()
    }

    fn read(lines: &[String]) -> Result<Profile, ProfileError> {
        Profile::from_csv(&lines.join("\n")).map_err(|mut errors| errors.remove(0))
    }

    fn message(lines: &[String]) -> String {
        read(lines).unwrap_err().to_string()
    }

    // Promise: a profile has mean 1 over a week and keeps ratios.

    #[test]
    fn the_mean_over_a_week_is_one() {
        let ramp: Vec<f64> = (0..168).map(f64::from).collect();
        for profile in [Profile::flat(), Profile::office(), Profile::from_weights(&ramp).unwrap()] {
            let sum: f64 = profile.weights().iter().sum();
            assert!((sum / 168.0 - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn office_hours_weigh_ten_times_as_much() {
        let office = Profile::office();
        assert_eq!(office.weight(8, false), 10.0 / (618.0 / 168.0));
        assert_eq!(office.weight(7, false), 1.0 / (618.0 / 168.0));
        assert_eq!(office.weight(17, false), office.weight(4 * 24 + 8, false));
        assert_eq!(office.weight(18, false), office.weight(7, false));
        assert_eq!(office.weight(5 * 24 + 12, false), office.weight(7, false));
    }

    #[test]
    fn a_holiday_is_a_sunday() {
        let ramp: Vec<f64> = (0..168).map(f64::from).collect();
        let profile = Profile::from_weights(&ramp).unwrap();
        assert_eq!(profile.weight(24 + 13, true), profile.weight(6 * 24 + 13, false));
    }

    #[test]
    fn weights_that_are_no_profile_are_refused() {
        let refuse = |weights: &[f64]| Profile::from_weights(weights).unwrap_err().to_string();
        assert!(refuse(&[1.0; 24]).contains("there are 24"));
        assert!(refuse(&[0.0; 168]).contains("all weights are zero"));
        assert!(refuse(&[f64::MAX; 168]).contains("too large"));
        for bad in [-1.0, f64::NAN, f64::INFINITY] {
            let mut weights = [1.0; 168];
            weights[24 + 13] = bad;
            assert!(refuse(&weights).contains("Tuesday 13:00"));
        }
    }

    // Promise: a table is read in any order, and a wrong one is refused at its line.

    #[test]
    fn a_table_is_read_in_any_order() {
        let mut lines = table();
        lines[1..].reverse();
        let expected: Vec<f64> = (1..=168).map(f64::from).collect();
        let expected = Profile::from_weights(&expected).unwrap();
        assert_eq!(read(&lines).unwrap(), expected);
        let turned: Vec<String> = table()
            .iter()
            .map(|line| line.split(',').rev().collect::<Vec<_>>().join(" , ") + ",note")
            .collect();
        assert_eq!(read(&turned).unwrap(), expected);
        let windows = format!("\u{feff}{}\r\n", table().join("\r\n"));
        assert_eq!(Profile::from_csv(&windows).unwrap(), expected);
    }

    #[test]
    fn a_wrong_field_is_refused_at_its_line() {
        let cases = [
            ("7,0,1", "line 5: \"7\" in column dow"),
            ("Mon,0,1", "line 5: \"Mon\" in column dow"),
            ("0,24,1", "line 5: \"24\" in column hour"),
            ("0,3", "line 5: \"\" in column weight"),
            ("0,3,-1", "line 5: \"-1\" in column weight"),
            ("0,3,inf", "line 5: \"inf\" in column weight"),
            ("0,3,\"1,5\"", "line 5: \"1,5\" in column weight"),
            ("0,2,9", "line 5: Monday 02:00 is given a second time, first on line 4"),
        ];
        for (row, expected) in cases {
            let mut lines = table();
            lines[4] = row.to_owned();
            assert!(message(&lines).starts_with(expected), "{}", message(&lines));
        }
    }

    #[test]
    fn lines_are_counted_over_blank_lines_and_any_line_end() {
        let mut lines = table();
        lines[4] = "0,3,x".to_owned();
        lines.insert(2, String::new());
        lines.insert(2, String::new());
        for end in ["\n", "\r\n"] {
            let error = Profile::from_csv(&lines.join(end)).unwrap_err().remove(0);
            assert!(error.to_string().starts_with("line 7:"), "{error}");
        }
    }

    #[test]
    fn missing_rows_and_columns_are_named() {
        let mut lines = table();
        lines.remove(1 + 24 + 13);
        assert!(message(&lines).contains("1 of 168 hours have no row"));
        assert!(message(&lines).contains("Tuesday 13:00 (dow 1, hour 13)"));
        lines[0] = "day,hour,weight".to_owned();
        assert!(
            message(&lines).contains("no column \"dow\"; its first line is \"day,hour,weight\"")
        );
        assert!(message(&[]).contains("no column"));
    }

    #[test]
    fn every_wrong_row_is_named() {
        let mut lines = table();
        lines[4] = "0,3,x".to_owned();
        lines[9] = "0,24,1".to_owned();
        lines[12] = "0,2,9".to_owned();
        let errors = Profile::from_csv(&lines.join("\n")).unwrap_err();
        let begins: Vec<String> =
            errors.iter().map(|error| error.to_string().chars().take(8).collect()).collect();
        assert_eq!(begins, ["line 5: ", "line 10:", "line 13:"]);
    }

    // Promise: seasons hold whole local dates, both ends included.

    #[test]
    fn a_season_includes_its_last_day() {
        let summer = Season::new(date(2027, 7, 1), date(2027, 8, 31), 0.5).unwrap();
        assert_eq!(summer.factor_on(date(2027, 6, 30)), 1.0);
        assert_eq!(summer.factor_on(date(2027, 7, 1)), 0.5);
        assert_eq!(summer.factor_on(date(2027, 8, 31)), 0.5);
        assert_eq!(summer.factor_on(date(2027, 9, 1)), 1.0);
        assert!(Season::new(date(2027, 8, 31), date(2027, 7, 1), 0.5).is_err());
        assert!(Season::new(date(2027, 7, 1), date(2027, 7, 1), f64::NAN).is_err());
        assert!(Season::new(date(2027, 7, 1), date(2027, 7, 1), -0.1).is_err());
    }

    #[test]
    fn a_maximum_age_of_ninety_days_is_four_changes_a_year() {
        assert!((changes_per_user_year(90.0 * 24.0) - 365.0 / 90.0).abs() < 1e-15);
    }
}
