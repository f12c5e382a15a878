//! When the watch over a log ended, and which incidents were then still open.
//!
//! The last moment of a log is its latest start, or the latest end of an incident of usual length:
//! that one ticket was closed in November says nothing of who watched since January.

use super::row::Row;
use super::{Incident, ReadOptions, Recovery, Why, hours_between};
use crate::units::show_duration;
use jiff::Timestamp;

/// What an incident without an end, and without a word that it is open, is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Open {
    /// Still open if the end of the watch is given, or if it began no longer before the last moment
    /// of the log than nine in ten incidents took; else its end was not written down, and it is left
    /// out.
    #[default]
    Judged,
    /// Still open: a lower bound.
    Censored,
    /// Its end was not written down: left out.
    LeftOut,
}

impl Open {
    /// All, by the names that the command line and scenarios have for them.
    pub const NAMED: [(&'static str, Open); 3] =
        [("judged", Open::Judged), ("censored", Open::Censored), ("left-out", Open::LeftOut)];
}

/// The watch over a log with times.
pub(super) struct Watch {
    /// Its end, as given or as the log tells.
    pub(super) until: Timestamp,
    pub(super) given: bool,
    /// The latest moment in the log, of whatever length its incident is: what is known to be open
    /// was open then.
    latest: Timestamp,
    /// What nine in ten incidents took at most, hours.
    usual: Option<f64>,
    open: Open,
}

impl Watch {
    /// `None` in a log without times.
    pub(super) fn new(rows: &[Row], options: &ReadOptions) -> Option<Watch> {
        let mut took: Vec<f64> = rows.iter().filter_map(|row| row.incident.took()).collect();
        took.sort_by(f64::total_cmp);
        // The longest tenth is left out, at least one of several.
        let unusual = if took.len() > 1 { took.len().div_ceil(10) } else { 0 };
        let usual = took[..took.len() - unusual].last().copied();
        let starts = || rows.iter().filter_map(|row| row.incident.counted_start());
        let ends = || rows.iter().filter_map(|row| Some((row.incident.end?, &row.incident)));
        let is_usual =
            |incident: &Incident| incident.took().is_none_or(|hours| Some(hours) <= usual);
        let usual_ends = ends().filter(|(_, incident)| is_usual(incident)).map(|(end, _)| end);
        let last = starts().chain(usual_ends).max()?;
        let latest = starts().chain(ends().map(|(end, _)| end)).max()?;
        let (until, given) = match options.until {
            Some(until) => (until, true),
            None => (last, false),
        };
        let latest = if given { until } else { latest };
        Some(Watch { until, given, latest, usual, open: options.open })
    }

    /// Decides of a row what the end of the watch decides.
    pub(super) fn decide(&self, row: &mut Row) {
        let (is_open, undecided) = (row.open, row.undecided);
        let incident = &mut row.incident;
        let Some(start) = incident.counted_start() else { return };
        if self.given && start > self.until {
            incident.start_left_out = Some(Why::AfterUntil);
            incident.recovery = Recovery::LeftOut(Why::AfterUntil);
            return;
        }
        let bound = if is_open || self.open == Open::Censored { self.latest } else { self.until };
        let bound = hours_between(start, bound);
        let judged = match self.open {
            Open::Judged => self.given || self.usual.is_some_and(|usual| bound <= usual),
            Open::Censored => true,
            Open::LeftOut => false,
        };
        if is_open || undecided && judged {
            incident.recovery = if bound > 0.0 {
                Recovery::AtLeast(bound)
            } else {
                Recovery::LeftOut(Why::JustOpened)
            };
        } else if self.given {
            cut(incident, bound, self.until);
        }
    }

    /// What is said of incidents without an end and without a word that they are open.
    pub(super) fn note(&self, rows: &[Row]) -> Option<String> {
        let undecided = || rows.iter().filter(|row| row.undecided && !row.open);
        let all = undecided().count();
        let open =
            undecided().filter(|row| matches!(row.incident.recovery, Recovery::AtLeast(_))).count();
        if all == 0 || self.open != Open::Judged {
            return None;
        }
        let until = self.until;
        let judged = match (self.given, self.usual) {
            (true, _) => format!("since the log was watched until {until}"),
            (false, Some(usual)) => format!(
                "open is what began at most {} before {until}, the last moment of the log: nearly all \
                 others were over within that time",
                show_duration(usual)
            ),
            (false, None) => "nothing tells how long incidents take".to_owned(),
        };
        let longest = undecided()
            .filter_map(|row| Some(hours_between(row.incident.start?, self.latest)))
            .fold(0.0, f64::max);
        let taken = match all {
            1 => "it as a lower bound of".to_owned(),
            _ => format!("all {all} as lower bounds of up to"),
        };
        Some(format!(
            "{all} without an end, and no word whether open or over: {open} judged still open, {} left \
             out ({judged}). --open censored would take {taken} {}, --open left-out none",
            all - open,
            show_duration(longest)
        ))
    }
}

/// What came after the end of the watch was not seen.
fn cut(incident: &mut Incident, bound: f64, until: Timestamp) {
    let (Recovery::Took(hours) | Recovery::AtLeast(hours)) = incident.recovery else { return };
    if hours > bound {
        incident.end = incident.end.filter(|end| *end <= until);
        incident.recovery =
            if bound > 0.0 { Recovery::AtLeast(bound) } else { Recovery::LeftOut(Why::JustOpened) };
    }
}
