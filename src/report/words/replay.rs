//! What a replay says: which outages of the log were played, and what each was mapped to.

use crate::report::text::{count, grouped};
use crate::scenario::Scenario;
use crate::study::mapping::Reason;
use crate::study::replay::Replay;
use crate::units::show_duration;
use crate::world::kind::Kind;

/// Most causes that are named.
const CAUSES: usize = 12;

/// How many rows of a log were played, and why the others were not.
#[derive(Debug, Clone, Copy)]
pub struct Rows {
    /// All rows.
    pub all: usize,
    /// Incidents that were played.
    pub played: usize,
    /// Rows that are drills and no outages.
    pub drills: usize,
}

/// What was replayed, with the availability that the log shows.
pub fn title(scenario: &Scenario, replay: &Replay, rows: Rows) -> String {
    let unusable = rows.all - rows.played - rows.drills;
    let mut left_out = Vec::new();
    if unusable > 0 {
        left_out.push(format!("{} without a start and an end", count(unusable, "row")));
    }
    if rows.drills > 0 {
        left_out.push(count(rows.drills, "drill"));
    }
    let left_out = match &left_out[..] {
        [] => String::new(),
        some => format!(" Left out: {}.", some.join(", ")),
    };
    let logged = &replay.logged;
    format!(
        "{}: {} of {}; {}, {} of downtime, the longest {}; availability {:.4}\u{a0}% over {}.{left_out}",
        scenario.title(),
        count(rows.played, "incident"),
        count(rows.all, "row"),
        count(logged.outages, "outage"),
        show_duration(logged.hours),
        show_duration(logged.longest),
        100.0 * (1.0 - logged.hours / replay.window.max(f64::MIN_POSITIVE)),
        show_duration(replay.window),
    )
}

/// How to read the table.
pub fn reading(replay: &Replay, seed: u64) -> String {
    format!(
        "Totals over the whole log, means of {} of each strategy's own random times, seed {seed}.",
        count(replay.draws, "draw")
    )
}

/// Which cause was mapped to which kind of component, the most frequent first.
pub fn mapping(all: &[(String, (Kind, Reason), u64)]) -> String {
    let one = |(name, (kind, reason), number): &(String, (Kind, Reason), u64)| {
        let name = if name.is_empty() { "no cause given" } else { name };
        let why = if *reason == Reason::Rest { " by default" } else { "" };
        format!("{name} ({}) to {}{why}", grouped(*number), kind.word())
    };
    let mut words: Vec<String> = all.iter().take(CAUSES).map(one).collect();
    if all.len() > CAUSES {
        words.push(format!("{} more", all.len() - CAUSES));
    }
    format!("Mapped: {}. Change it with --map.", words.join("; "))
}
