//! Dates on which something stops, announced by the vendor of the sync engine or the cloud.
//!
//! Such a date is no matter of chance: who misses it is down on that day. The table is what was
//! known on the day that each line names; dates are moved, and new ones come.

use super::calendar::Calendar;
use super::kind::Kind;
use jiff::civil::{Date, date};

/// A date on which something stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KnownDate {
    /// The day.
    pub date: Date,
    /// What happens to whom.
    pub what: &'static str,
    /// What stops for those who miss it; `None` where synchronisation goes on.
    pub stops: Option<Kind>,
    /// The day on which this was known.
    pub known_on: Date,
    /// Where it stands.
    pub source: &'static str,
}

impl KnownDate {
    /// Does the day begin within a trial?
    pub fn is_within(&self, calendar: &Calendar) -> bool {
        (0.0..calendar.horizon()).contains(&calendar.hours_of(self.date.at(0, 0, 0, 0)))
    }
}

/// The day on which the sources were last looked at.
const LOOKED_AT: Date = date(2026, 11, 29);

/// The dates, in their order.
pub static KNOWN_DATES: [KnownDate; 4] = [
    KnownDate {
        date: date(2023, 10, 1),
        what: "synchronisation stops for version 1 of the sync engine",
        stops: Some(Kind::Engine),
        known_on: LOOKED_AT,
        source: "Entra docs, version history",
    },
    KnownDate {
        date: date(2026, 6, 1),
        what: "a hard match is refused for users with roles in the cloud, so to switch \
               synchronisation off and on again does not bring administrators back",
        stops: None,
        known_on: LOOKED_AT,
        source: "Entra docs, what's new; the consequence is our inference",
    },
    KnownDate {
        date: date(2026, 9, 30),
        what: "synchronisation stops for builds below 2.5.79.0",
        stops: Some(Kind::Engine),
        known_on: LOOKED_AT,
        source: "Entra docs, prerequisites",
    },
    KnownDate {
        date: date(2027, 4, 7),
        what: "synchronisation stops for builds below 2.6.84.0, and for servers that do not sign \
               in as an application",
        stops: Some(Kind::Engine),
        known_on: LOOKED_AT,
        source: "two independent projects that cite the version history; the vendor's own page \
                 was not seen",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    #[test]
    fn dates_are_in_order_and_were_known_on_a_day() {
        assert!(KNOWN_DATES.windows(2).all(|pair| pair[0].date < pair[1].date));
        assert!(KNOWN_DATES.iter().all(|known| !known.source.is_empty()));
    }

    #[test]
    fn a_day_is_within_a_trial_if_it_begins_there() {
        let cut = &KNOWN_DATES[3];
        let calendar = |month: i8, day: i8, horizon: f64| {
            let start = date(2027, month, day).at(0, 0, 0, 0);
            Calendar::new(start, TimeZone::get("Europe/Berlin").unwrap(), &[], horizon).unwrap()
        };
        assert!(cut.is_within(&calendar(1, 4, 8760.0)));
        assert!(cut.is_within(&calendar(4, 7, 1.0)));
        assert!(!cut.is_within(&calendar(4, 8, 8760.0)));
        // From 1 April, after the clocks have changed: six days of 24 hours.
        assert!(!cut.is_within(&calendar(4, 1, 144.0)));
        assert!(cut.is_within(&calendar(4, 1, 144.5)));
    }
}
