//! `outlast replay`: logged outages played against every strategy.

use super::failure::Failure;
use super::log_folder::LogFolder;
use super::options::{LogOptions, MappingOptions};
use super::output::Answer;
use super::scenario_options::ScenarioOptions;
use super::signals::stop_on_signals;
use super::terminal::{figures_table, stacked};
use super::{output, parse};
use crate::evidence::fitted::Fits;
use crate::evidence::log::{Incident, IncidentLog, Why, hours_between};
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::folder::MANIFEST;
use crate::report::table::{Rows, Table};
use crate::report::text::{figure, harmless, paragraph};
use crate::report::words::replay as words;
use crate::scenario::Scenario;
use crate::study::mapping::{Reason, said, tally};
use crate::study::replay::{Draws, LoggedIncident, Replay, replay};
use crate::world::kind::Kind;
use jiff::Timestamp;
use serde_json::json;
use std::path::PathBuf;

/// The table of a replay.
const REPLAY: &str = "replay.csv";

/// Play logged outages at their real times against every strategy
///
/// Every incident of the log strikes at the time at which it did and is over when it was over. A
/// strategy can only end it sooner: some protections act by themselves; for others, people notice,
/// come and decide as the scenario says. So "repair in place" reproduces the log, and the other
/// strategies show what they would have done. What a strategy leaves to chance is drawn several
/// times.
///
/// What an incident struck (link, site, host, server, database, cloud, engine) is taken from its
/// component and cause: first as --map says, then by the name of a fault of the scenario, then by
/// words such as hardware (host), software (server), network (link), power (site), SQL (database),
/// upgrade or configuration (engine). Where none of these tells, it is what --unmapped says.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast replay office.toml incidents.csv
  outlast replay office.toml tickets.csv --columns start=opened,end=closed --map Hardware=host
  outlast replay office.toml incidents.csv -o output/replay          replay.csv
  outlast replay office.toml incidents.csv --format json             for scripts")]
pub(super) struct ReplayOptions {
    /// The scenario file (TOML)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// The log (CSV) with a start and an end for each incident
    #[arg(value_name = "INCIDENTS.csv")]
    log: PathBuf,
    /// How many trials to play; each draws anew what a strategy leaves to chance
    #[arg(long, short = 'n', value_name = "N", default_value = "100",
        value_parser = parse::trials, allow_negative_numbers = true)]
    trials: u64,
    #[command(flatten)]
    mapping: MappingOptions,
    #[command(flatten)]
    reading: LogOptions,
}

/// Replays a log.
pub(super) fn run(options: &ReplayOptions) -> Result<(), Failure> {
    let mut spec = options.changes.spec(Some(&options.scenario), Fits::default())?;
    let scenario = spec.compile()?;
    let log = options.reading.load(&options.log, [], None)?;
    let mapping = options.mapping.mapping(&log)?;
    // Drills are no outages.
    let struck =
        |incident: &Incident| mapping.kind_of(&scenario, &incident.component, &incident.cause);
    let incidents = log.incidents.iter();
    let used: Vec<PlayedIncident<'_>> =
        incidents.filter_map(|incident| PlayedIncident::new(incident, struck(incident)?)).collect();
    let Some(first) = used.iter().map(|incident| incident.start).min() else {
        return Err(Failure::Input(format!(
            "no incident of {} has a start and an end to replay; name the columns with --columns",
            options.log.display()
        )));
    };
    let incidents = logged(first, &used);
    let start = first.to_zoned(scenario.zone().clone()).datetime();
    let stop = stop_on_signals()?;
    let target = options.reading.output.as_deref();
    let folder = LogFolder::begin(target, &FILES)?;
    let seed = options.reading.seed.seed;
    let draws = Draws { seed, count: options.trials };
    let played = replay(&spec, &scenario, start, &incidents, draws, &stop)
        .map_err(|error| Failure::Input(format!("cannot replay the log: {error}")))?;
    let Some(played) = played else {
        return Err(Failure::Work("stopped".into()));
    };
    let mut answer = ReplayAnswer {
        scenario: &scenario,
        log: &log,
        used: &used,
        drills: log.incidents.iter().filter(|incident| struck(incident).is_none()).count(),
        replay: &played,
        seed,
        files: Vec::new(),
    };
    if let Some(folder) = folder {
        let more = json!({
            "scenario": scenario.text,
            "set": scenario.options,
            "seed": seed,
            "trials": options.trials,
        });
        let table = [(REPLAY, answer.table())];
        answer.files = folder.fill(table, Vec::new(), ("replay", &options.log), more)?;
        answer.files.retain(|file| !file.ends_with(MANIFEST));
    }
    output::answer(&answer, options.reading.printing.format)
}

/// The incidents in hours from the first.
fn logged(first: Timestamp, used: &[PlayedIncident<'_>]) -> Vec<LoggedIncident> {
    let one = |one: &PlayedIncident<'_>| {
        // Both from the first, so that one that begins where another ends does so to the bit.
        let onset = hours_between(first, one.start);
        LoggedIncident { onset, hours: hours_between(first, one.end) - onset, kind: one.kind }
    };
    used.iter().map(one).collect()
}

/// Files that a replay may write.
const FILES: [&str; 2] = [MANIFEST, REPLAY];

/// An incident that is replayed.
struct PlayedIncident<'a> {
    incident: &'a Incident,
    start: Timestamp,
    end: Timestamp,
    kind: Kind,
    /// Why it has that kind.
    reason: Reason,
}

impl<'a> PlayedIncident<'a> {
    /// An incident with a start, and an end that is not before it; duplicates do not count.
    fn new(incident: &'a Incident, (kind, reason): (Kind, Reason)) -> Option<Self> {
        let (start, end) = (incident.start?, incident.end?);
        let is_duplicate = matches!(incident.start_left_out, Some(Why::Duplicate { .. }));
        let counts = end >= start && !is_duplicate;
        counts.then_some(PlayedIncident { incident, start, end, kind, reason })
    }
}

/// What is said of a replay.
struct ReplayAnswer<'a> {
    scenario: &'a Scenario,
    log: &'a IncidentLog,
    used: &'a [PlayedIncident<'a>],
    /// Rows that are drills, and no outages.
    drills: usize,
    replay: &'a Replay,
    seed: u64,
    files: Vec<String>,
}

/// What the columns of the answer show.
const COLUMNS: [(&str, Metric, &str); 6] = [
    ("Outages", Metric::Outages, "count"),
    ("Downtime", Metric::DowntimeHours, "h"),
    ("Longest\noutage", Metric::LongestOutageHours, "h"),
    ("Stale", Metric::StaleUserHours, "user-h"),
    ("Writeback\nlost", Metric::WritebackLost, "count"),
    ("Labour", Metric::LabourHours, "h"),
];

impl ReplayAnswer<'_> {
    /// One row for each incident and strategy.
    fn table(&self) -> Table {
        let rows = self.replay.outages.iter().map(|row| (row, &self.used[row.incident]));
        Rows::new(rows)
            .column("line", |(_, used)| used.incident.line)
            .column("id", |(_, used)| &used.incident.id)
            .column("start", |(_, used)| used.start.to_string())
            .column("end", |(_, used)| used.end.to_string())
            .column("cause", |(_, used)| &used.incident.cause)
            .column("component", |(_, used)| used.kind.word())
            .column("logged_hours", |(_, used)| hours_between(used.start, used.end))
            .column("strategy", |(row, _)| &self.scenario.strategies[row.strategy].name)
            .column("restore_hours", |(row, _)| row.restore_hours)
            .column("restore_p5", |(row, _)| row.restore_p5)
            .column("restore_p95", |(row, _)| row.restore_p95)
            .column("restored_by", |(row, _)| &row.restored_by)
            .table()
    }

    /// What was taken for what, most frequent first.
    fn mapped(&self) -> Vec<(String, (Kind, Reason), u64)> {
        tally(self.used.iter().map(|one| {
            (said(&one.incident.component, &one.incident.cause), (one.kind, one.reason))
        }))
    }

    fn strategies(&self) -> String {
        let headings = COLUMNS.iter().map(|(name, _, unit)| (*name, *unit));
        let strategies = self.scenario.strategies.iter().zip(&self.replay.means);
        let rows = strategies.map(|(strategy, means)| {
            let figures = COLUMNS.iter().map(|(_, metric, _)| figure(means[*metric], 4));
            (harmless(&strategy.name), figures.collect())
        });
        figures_table("Strategy", stacked(headings), rows)
    }
}

impl Answer for ReplayAnswer<'_> {
    fn text(&self) -> String {
        let rows =
            words::Rows { all: self.log.len(), played: self.used.len(), drills: self.drills };
        let files = match &self.files[..] {
            [] => "Every outage: --output DIR or --format json.".to_owned(),
            files => format!("Written: {}.", files.join(", ")),
        };
        format!(
            "{}\n{}\n\n{}{}{}",
            paragraph(&words::title(self.scenario, self.replay, rows)),
            self.strategies(),
            paragraph(&words::reading(self.replay, self.seed)),
            paragraph(&words::mapping(&self.mapped())),
            paragraph(&files)
        )
    }

    fn json(&self) -> Json {
        let priced = self.scenario.costs.is_some();
        let strategies = self.scenario.strategies.iter().zip(&self.replay.means);
        let totals = strategies.map(|(one, means)| {
            let means: serde_json::Map<String, Json> = Metric::available(priced)
                .map(|metric| (metric.name().to_owned(), means[metric].into()))
                .collect();
            json!({ "strategy": one.name, "means": means })
        });
        let mapping = self.mapped().into_iter().map(|(name, (kind, reason), count)| {
            json!({ "name": name, "kind": kind.word(), "why": reason.word(), "incidents": count })
        });
        json!({
            "scenario": self.scenario.name,
            "merged_downtime_hours": self.replay.logged.hours,
            "episodes": self.replay.logged.outages,
            "window_hours": self.replay.window,
            "incidents": self.used.len(),
            "left_out": self.log.len() - self.used.len(),
            "seed": self.seed,
            "trials": self.replay.draws,
            "mapping": mapping.collect::<Json>(),
            "strategies": totals.collect::<Json>(),
            "outages": self.table(),
            "files": self.files,
        })
    }
}
