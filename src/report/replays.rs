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

/// What stands for the log itself beside the strategies.
pub const LOG_ITSELF: &str = "the log itself";

/// The chart: downtime by strategy and by what began it. Its sums are the downtimes of the table.
pub fn picture(scenario: &Scenario, replay: &Replay) -> Picture {
    let hours = |place: usize| replay.downtime.iter().map(move |row| row[place]);
    let places = (0..=Kind::ALL.len()).filter(|place| hours(*place).any(|hours| hours > 0.0));
    let places: Vec<usize> = places.collect();
    let name = |place: &usize| Kind::ALL.get(*place).map_or("other", |kind| kind.word());
    let strategies = scenario.strategies.iter().zip(&replay.downtime);
    let chart = Bars {
        title: "How long the service would have been down".to_owned(),
        x_label: "downtime over the whole log".to_owned(),
        parts: places.iter().map(|place| name(place).to_owned()).collect(),
        signs: Signs::Digits,
        rows: strategies
            .map(|(strategy, row)| {
                (strategy.name.clone(), places.iter().map(|place| row[*place]).collect())
            })
            .collect(),
        nothing: "nothing was down",
        longest: false,
        ends: Ends::Sums,
        recommended: None,
    };
    let title = chart.title.clone();
    let explanation = "The downtime of the table by what began each outage; incidents that overlap count \
                       once.";
    Picture::bare("restore-by-strategy", move |palette| chart.draw(palette)).told(
        &title,
        explanation,
        totals(scenario, replay),
    )
}

/// A row for the log itself, and one for each strategy: totals over the whole log.
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
    let mut table = rows.table();
    let logged = &replay.logged;
    let known = [logged.outages as f64, logged.hours, logged.longest];
    let unknown = columns.len() - known.len();
    let figures = known.map(Some).into_iter().chain(std::iter::repeat_n(None, unknown));
    let log = std::iter::once(Cell::from(LOG_ITSELF)).chain(figures.map(Cell::Number));
    table.rows.insert(0, log.collect());
    table
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
    blocks.push(Block::Chart(picture(scenario, played)));
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
