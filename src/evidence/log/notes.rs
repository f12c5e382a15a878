//! What a reader of the answer should know of how a log was read.

use super::{Incident, Recovery, Why, hours_between};
use crate::units::show_duration;

/// Lines and words that are named before the rest is only a number.
const NAMED: usize = 8;
/// Durations of which half are so many times as long as the log are in another unit.
const ABSURD: f64 = 2.0;

/// What was noticed along the rows.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// Finished sentences, without a full stop.
    pub(super) all: Vec<String>,
    /// Lines with a local time that came twice.
    pub(super) twice: Vec<u64>,
    /// Lines with a local time that never came.
    pub(super) never: Vec<u64>,
    /// Dates with dots were read as day, month, year.
    pub(super) dotted: bool,
    /// Plain numbers were read as hours because nothing names their unit.
    pub(super) unit_is_guessed: bool,
    /// States that are not known, each with its first line.
    states: Vec<(String, u64)>,
}

impl Notes {
    /// The state of an incident without an end, which says nothing of whether it is over.
    pub(super) fn unknown_state(&mut self, word: &str, line: u64) {
        if !word.is_empty() && !self.states.iter().any(|(known, _)| known == word) {
            self.states.push((word.to_owned(), line));
        }
    }

    /// All notes, in words.
    pub(super) fn finish(
        self,
        incidents: &[Incident],
        duration_heading: Option<&String>,
        by_day: bool,
    ) -> Vec<String> {
        let mut all = self.all;
        all.extend(within_a_day(incidents).filter(|_| by_day));
        if self.dotted {
            all.push("dates with dots are read as day.month.year".to_owned());
        }
        if !self.twice.is_empty() {
            all.push(format!(
                "local times that came twice, when the clocks went back: {}; read as the first of the \
                 two, an end before its start as the second",
                lines(self.twice)
            ));
        }
        if !self.never.is_empty() {
            all.push(format!(
                "local times that never came, since the clocks went forward over them: {}; read as an \
                 hour later",
                lines(self.never)
            ));
        }
        if !self.states.is_empty() {
            let named = self.states.iter().take(NAMED);
            let named: Vec<String> =
                named.map(|(word, line)| format!("\"{word}\" (line {line})")).collect();
            let more = if self.states.len() > NAMED { ", …" } else { "" };
            all.push(format!(
                "states that are not known, and are taken neither for open nor for over: {}{more}",
                named.join(", ")
            ));
        }
        if self.unit_is_guessed {
            all.extend(duration_heading.and_then(|heading| absurd(incidents, heading)));
        }
        all
    }
}

/// Where starts and ends tell the day only, what was over on the same day has no length.
fn within_a_day(incidents: &[Incident]) -> Option<String> {
    let zero = |incident: &&Incident| {
        incident.recovery == Recovery::LeftOut(Why::ZeroLength) && incident.end == incident.start
    };
    let count = incidents.iter().filter(zero).count();
    (count > 0).then(|| {
        format!(
            "starts and ends tell the day only: {count} that were over on the day they began have no \
             length and are left out, so recovery times look longer than they are"
        )
    })
}

fn lines(mut lines: Vec<u64>) -> String {
    lines.dedup();
    let shown: Vec<String> = lines.iter().take(NAMED).map(u64::to_string).collect();
    let more = if lines.len() > NAMED { ", …" } else { "" };
    let noun = if lines.len() == 1 { "line" } else { "lines" };
    format!("{noun} {}{more}", shown.join(", "))
}

/// Durations that cannot be hours: half of them outlast the log itself.
fn absurd(incidents: &[Incident], heading: &str) -> Option<String> {
    let starts = || incidents.iter().filter_map(Incident::counted_start);
    let log = hours_between(starts().min()?, starts().max()?);
    let mut took: Vec<f64> = incidents.iter().filter_map(Incident::took).collect();
    took.sort_by(f64::total_cmp);
    let median = took.get(took.len() / 2).copied()?;
    (took.len() >= 3 && log > 0.0 && median > ABSURD * log).then(|| {
        format!(
            "`{heading}` names no unit, so its numbers are read as hours; but then half of the \
             incidents lasted {} or more, in a log of {}. Say --unit s or --unit min",
            show_duration(median),
            show_duration(log)
        )
    })
}
