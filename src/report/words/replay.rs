//! What a replay says: which outages of the log were played, and what each was mapped to.

use crate::evidence::sample::LeftOut;
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
pub struct Rows<'a> {
    /// All rows.
    pub all: usize,
    /// Incidents that were played.
    pub played: usize,
    /// Rows that are drills and no outages.
    pub drills: usize,
    /// Rows that are not played, and why.
    pub left_out: &'a [LeftOut],
    /// Lines of incidents that are played up to a lower bound.
    pub bounds: &'a [u64],
}

/// Rows that are not played, or not to their end: a line for each reason.
pub fn accounts(rows: Rows<'_>) -> Vec<String> {
    let mut words = super::log::left_out(rows.left_out);
    if rows.drills > 0 {
        words.push(format!("Left out, drills: {}", count(rows.drills, "row")));
    }
    if !rows.bounds.is_empty() {
        words.push(format!("Played up to a lower bound: {}", super::log::lines_of(rows.bounds)));
    }
    words
}

/// Said first: incidents of which nothing tells what they struck, `named` by the text to map and how
/// often, of so many; and the options that would tell.
pub fn unknown_causes(named: &[(String, u64)], of: usize) -> Option<(String, Vec<String>)> {
    let number = named.iter().map(|(_, n)| n).sum::<u64>();
    let consequence = "They are played as a server's.";
    (number > 0).then(|| {
        (
            super::unknown::warning((number, of as u64), named, consequence),
            super::unknown::options(named),
        )
    })
}

/// What was replayed, with the availability that the log shows.
pub fn title(scenario: &Scenario, replay: &Replay, rows: Rows<'_>) -> String {
    let logged = &replay.logged;
    format!(
        "{}: {} of {}. The log itself has {}, {} of downtime, the longest {}: an availability of \
         {:.4}\u{a0}% over {}.",
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
        "Totals over the whole log, means of {} of each strategy's own random times, seed {seed}. \
         Labour: what a strategy does, and where repair in place ended an outage all staffed hours of \
         it, the most that it can have been, since the log does not tell how long people worked. A log \
         does not tell how much of an incident passed before anybody noticed. So an incident that is \
         repaired in place lasts as long as the log says, and an alarm alone saves nothing here: repair in \
         place has less downtime than the log itself only where a last resort ends an incident sooner. \
         `outlast run` shows what an alarm saves. Faults that only another \
         strategy has, such as those of agents, are in no log of yours.",
        count(replay.draws, "draw")
    )
}

/// Which cause was mapped to which kind of component, the most frequent first.
pub fn mapping(all: &[(String, (Kind, Reason), u64)]) -> String {
    let one = |(name, (kind, reason), number): &(String, (Kind, Reason), u64)| {
        let name = if name.is_empty() { "no cause given" } else { name };
        let why = match reason {
            Reason::Rest | Reason::Unknown => " by default",
            _ => "",
        };
        format!("{name} ({}) to {}{why}", grouped(*number), kind.word())
    };
    let mut words: Vec<String> = all.iter().take(CAUSES).map(one).collect();
    if all.len() > CAUSES {
        words.push(format!("{} more", all.len() - CAUSES));
    }
    format!("Mapped: {}. Change it with --map.", words.join("; "))
}
