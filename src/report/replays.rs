//! A log played against every strategy, as a page: what would have been, incident by incident.

use super::charts::bars::{Bars, Ends, Signs};
use super::charts::picture::Picture;
use super::page::plain::{Block, Part, PlainPage};
use super::table::{Cell, Rows, Table};
use super::words::replay as words;
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::study::replay::Replay;
use crate::world::kind::Kind;
use jiff::Timestamp;

/// The table of a replay.
pub const REPLAY: &str = "replay.csv";

/// What a page of a replay is made from.
#[derive(Debug)]
pub struct ReplayPage<'a> {
    /// What was played.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub replay: &'a Replay,
    /// Name of the log.
    pub name: &'a str,
    /// How many rows were played.
    pub rows: words::Rows<'a>,
    /// What each incident struck, in the order of the incidents.
    pub kinds: &'a [Kind],
    /// What nothing tells, and the options that would.
    pub unknown: Option<(String, Vec<String>)>,
    /// What was taken for what.
    pub mapping: String,
    /// A row for each incident and strategy.
    pub table: Table,
    /// What the draws begin from.
    pub seed: u64,
    /// The command that makes it again.
    pub command: &'a str,
    /// When it was made.
    pub made: Timestamp,
}

/// The chart: hours without service by strategy and by what was struck.
pub fn picture(scenario: &Scenario, replay: &Replay, kinds: &[Kind]) -> Picture {
    let known = Kind::ALL.into_iter().filter(|kind| kinds.contains(kind));
    let known: Vec<Kind> = known.collect();
    let hours = |strategy: usize| {
        let of = |kind: &Kind| {
            let rows = replay.outages.iter().filter(|row| row.strategy == strategy);
            let struck = rows.filter(|row| kinds.get(row.incident) == Some(kind));
            struck.map(|row| row.restore_hours).sum()
        };
        known.iter().map(of).collect::<Vec<f64>>()
    };
    let names = scenario.strategies.iter().map(|strategy| strategy.name.clone()).enumerate();
    let chart = Bars {
        title: "How long the logged incidents would have lasted".to_owned(),
        x_label: "time to restore, all incidents of the log".to_owned(),
        parts: known.iter().map(|kind| kind.word().to_owned()).collect(),
        signs: Signs::Digits,
        rows: names.map(|(at, name)| (name, hours(at))).collect(),
        nothing: "nothing lasted",
        longest: false,
        ends: Ends::Sums,
        recommended: None,
    };
    let title = chart.title.clone();
    let explanation = "The times of all incidents added up, by what each struck. Repaired in place, an \
                       incident lasts as long as the log says; a strategy can only end it sooner. \
                       Incidents that overlap count each for itself.";
    Picture::bare("restore-by-strategy", move |palette| chart.draw(palette)).told(
        &title,
        explanation,
        totals(scenario, replay),
    )
}

/// A row for each strategy: its totals over the whole log.
fn totals(scenario: &Scenario, replay: &Replay) -> Table {
    let columns: [(&'static str, Metric); 6] = [
        ("outages", Metric::Outages),
        ("downtime_hours", Metric::DowntimeHours),
        ("longest_outage_hours", Metric::LongestOutageHours),
        ("stale_user_hours", Metric::StaleUserHours),
        ("writeback_lost", Metric::WritebackLost),
        ("labour_hours", Metric::LabourHours),
    ];
    let strategies = scenario.strategies.iter().zip(&replay.means);
    let mut rows =
        Rows::new(strategies).column("strategy", |(strategy, _)| Cell::from(&strategy.name));
    for (name, metric) in columns {
        rows = rows.column(name, |(_, means)| means[metric]);
    }
    rows.table()
}

/// The page.
pub fn page(replay: ReplayPage<'_>) -> PlainPage {
    let mut blocks = Vec::new();
    if let Some((warning, options)) = replay.unknown {
        blocks.push(Block::Caution(warning));
        blocks.push(Block::Code(options.join("\n")));
    }
    let (scenario, played) = (replay.scenario, replay.replay);
    blocks.push(Block::Table("Totals by strategy".into(), totals(scenario, played), REPLAY));
    blocks.push(Block::Text(words::reading(played, replay.seed)));
    blocks.push(Block::Chart(picture(scenario, played, replay.kinds)));
    let mut rows: Vec<Block> = Vec::new();
    rows.extend(words::accounts(replay.rows).into_iter().map(Block::Text));
    rows.push(Block::Text(replay.mapping));
    rows.push(Block::Table("Every incident under every strategy".into(), replay.table, REPLAY));
    PlainPage {
        title: format!("{} under every strategy", replay.name),
        subtitle: words::title(scenario, played, replay.rows),
        made: replay.made,
        parts: vec![
            Part { title: "What the strategies would have done".into(), blocks },
            Part { title: "Incidents".into(), blocks: rows },
            Part {
                title: "Run it again".into(),
                blocks: vec![Block::Code(replay.command.to_owned())],
            },
        ],
    }
}
