//! `outlast replay`: logged outages played against every strategy.

use super::failure::Failure;
use super::log_folder::LogFolder;
use super::options::{LogOptions, MappingOptions, ThreadsOption};
use super::output::{Answer, command_line, file_name, written};
use super::scenario_options::ScenarioOptions;
use super::signals::leave_on_signals;
use super::terminal::{bar, figures_table, stacked};
use super::{output, parse};
use crate::evidence::fitted::Fits;
use crate::evidence::log::{Incident, IncidentLog, Recovery, Why, hours_after, hours_between};
use crate::evidence::sample::LeftOut;
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::folder::MANIFEST;
use crate::report::replays::{REPLAY, ReplayPage};
use crate::report::table::{Rows, Table};
use crate::report::text::{figure, harmless, paragraph};
use crate::report::words::replay as words;
use crate::report::{PAGE, pictures, replays};
use crate::scenario::Scenario;
use crate::study::mapping::{Reason, mappable, said, tally};
use crate::study::replay::{Draws, LoggedIncident, Replay, replay};
use crate::world::kind::Kind;
use jiff::Timestamp;
use serde_json::json;
use std::path::PathBuf;

/// Play logged outages at their real times against every strategy
///
/// Every incident of the log strikes at the time at which it did and is over when it was over. A
/// strategy can only end it sooner: some protections act by themselves; for others, people notice,
/// come and decide as the scenario says. So "repair in place" reproduces the log, except where a last resort ends an incident sooner, and the other
/// strategies show what they would have done. What a strategy leaves to chance is drawn several
/// times.
///
/// What an incident struck (link, site, host, server, database, cloud, engine) is taken from its
/// component and cause: first as --map says, then by the name of a fault of the scenario, then by
/// words such as hardware (host), software (server), network (link), power (site), SQL (database),
/// upgrade or configuration (engine). Where none of these tells, it is what --unmapped says; without
/// that it is taken for a server's, and the answer says so first.
///
/// An incident that is only known to have lasted so long, such as one still open, is played as long as
/// that.
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
    /// How many incidents the JSON lists with what each strategy made of them, the first of the log;
    /// replay.csv has them all
    #[arg(long, value_name = "N", default_value = "100")]
    outages: usize,
    #[command(flatten)]
    mapping: MappingOptions,
    #[command(flatten)]
    reading: LogOptions,
    #[command(flatten)]
    threads: ThreadsOption,
}

/// Replays a log.
pub(super) fn run(options: &ReplayOptions) -> Result<(), Failure> {
    let target = options.reading.output.as_deref();
    leave_on_signals(target)?;
    let mut spec = options.changes.spec(Some(&options.scenario), Fits::default())?;
    let scenario = spec.compile()?;
    let log = options.reading.load(&options.log, None, None)?;
    let mapping = options.mapping.mapping(&log)?;
    // Drills are no outages.
    let struck =
        |incident: &Incident| mapping.kind_of(&scenario, &incident.component, &incident.cause);
    let (used, left_out) = sorted(&log, struck);
    let Some(first) = used.iter().map(|incident| incident.start).min() else {
        return Err(Failure::Input(format!(
            "no incident of {} has a start and an end to replay; name the columns with --columns",
            options.log.display()
        )));
    };
    let incidents = logged(first, &used);
    let start = first.to_zoned(scenario.zone().clone()).datetime();
    let watched = log.until.filter(|_| log.until_given).map(|until| hours_between(first, until));
    let folder = LogFolder::begin(target, &FILES)?;
    let seed = options.reading.seed.seed;
    let draws = Draws { seed, count: options.trials, threads: options.threads.count() };
    let bar = bar("{bar:30} {human_pos} of {human_len} strategies, {eta} to go", true);
    let told = |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    };
    let played = replay(&spec, &scenario, (start, watched), &incidents, draws, told)
        .map_err(|error| Failure::Input(format!("cannot replay the log: {error}")))?;
    bar.finish_and_clear();
    let mut answer = ReplayAnswer {
        scenario: &scenario,
        log: &log,
        used: &used,
        left_out: &left_out,
        outages: options.outages,
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
        let table = answer.table(usize::MAX);
        let drawn = answer.drawn(&file_name(&options.log), &table)?;
        answer.files = folder.fill([(REPLAY, table)], drawn, ("replay", &options.log), more)?;
        answer.files.retain(|file| !file.ends_with(MANIFEST));
    }
    output::answer(&answer, options.reading.printing.format)
}

/// The incidents that are played, and the rows that are not; drills are neither.
fn sorted<'l>(
    log: &'l IncidentLog,
    struck: impl Fn(&Incident) -> Option<(Kind, Reason)>,
) -> (Vec<PlayedIncident<'l>>, Vec<LeftOut>) {
    let (mut used, mut left_out) = (Vec::new(), Vec::new());
    for incident in &log.incidents {
        match struck(incident).map(|struck| PlayedIncident::new(incident, struck)) {
            Some(Ok(played)) => used.push(played),
            Some(Err(why)) => left_out.push(LeftOut { line: incident.line, why }),
            None => {}
        }
    }
    (used, left_out)
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
const FILES: [&str; 7] = [
    MANIFEST,
    REPLAY,
    PAGE,
    pictures::PLACES[0],
    pictures::PLACES[1],
    pictures::PLACES[2],
    pictures::PLACES[3],
];

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
    /// An incident with a start and an end, or a time that it lasted at least; otherwise why it is
    /// none. A zero length is an outage that was over at once.
    fn new(incident: &'a Incident, (kind, reason): (Kind, Reason)) -> Result<Self, Why> {
        if let Some(why) = &incident.start_left_out {
            return Err(why.clone());
        }
        let start = incident.start.ok_or(Why::NoStart)?;
        let end = match &incident.recovery {
            Recovery::Took(hours) | Recovery::AtLeast(hours) => hours_after(start, *hours),
            Recovery::LeftOut(Why::ZeroLength) => Some(start),
            Recovery::LeftOut(why) => return Err(why.clone()),
        };
        let end = incident.end.or(end).ok_or(Why::NoEnd)?;
        Ok(PlayedIncident { incident, start, end, kind, reason })
    }

    /// Whether it went on after what is played.
    fn is_bound(&self) -> bool {
        matches!(self.incident.recovery, Recovery::AtLeast(_))
    }
}

/// What is said of a replay.
struct ReplayAnswer<'a> {
    scenario: &'a Scenario,
    log: &'a IncidentLog,
    used: &'a [PlayedIncident<'a>],
    /// Rows that are not played, and why.
    left_out: &'a [LeftOut],
    /// Incidents that the JSON lists.
    outages: usize,
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
    /// One row for each incident and strategy, of so many incidents.
    fn table(&self, incidents: usize) -> Table {
        let rows = self.replay.outages.iter().filter(|row| row.incident < incidents);
        let rows = rows.map(|row| (row, &self.used[row.incident]));
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

    fn rows<'r>(&'r self, bounds: &'r [u64]) -> words::Rows<'r> {
        words::Rows {
            all: self.log.len(),
            played: self.used.len(),
            drills: self.drills,
            left_out: self.left_out,
            bounds,
        }
    }

    /// The chart and the page, as files.
    fn drawn(&self, name: &str, table: &Table) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let picture = replays::picture(self.scenario, self.replay);
        let mut files = pictures::files(std::slice::from_ref(&picture))?;
        let page = replays::page(ReplayPage {
            scenario: self.scenario,
            replay: self.replay,
            name,
            rows: self.rows(&self.bounds()),
            unknown: self.unknown_causes(),
            mapping: words::mapping(&self.mapped()),
            table: table.clone(),
            seed: self.seed,
            command: &command_line(),
            made: Timestamp::now(),
        });
        files.push((PAGE.to_owned(), page.to_html()?.into_bytes()));
        Ok(files)
    }

    /// What was taken for what, most frequent first.
    fn mapped(&self) -> Vec<(String, (Kind, Reason), u64)> {
        tally(self.used.iter().map(|one| {
            (said(&one.incident.component, &one.incident.cause), (one.kind, one.reason))
        }))
    }

    /// Lines of incidents that are played up to a lower bound.
    fn bounds(&self) -> Vec<u64> {
        let bounds = self.used.iter().filter(|used| used.is_bound());
        bounds.map(|used| used.incident.line).collect()
    }

    /// Before all else: what nothing tells, and the options that would.
    fn unknown_causes(&self) -> Option<(String, Vec<String>)> {
        let unknown = self.used.iter().filter(|one| one.reason == Reason::Unknown);
        let named =
            tally(unknown.map(|one| {
                (mappable(&one.incident.component, &one.incident.cause).to_owned(), ())
            }));
        let named: Vec<(String, u64)> = named.into_iter().map(|(name, (), n)| (name, n)).collect();
        words::unknown_causes(&named, self.used.len())
    }

    fn unknown(&self) -> String {
        self.unknown_causes().map_or_else(String::new, |(warning, options)| {
            format!("{}  {}\n\n", paragraph(&warning), options.join("\n  "))
        })
    }

    fn strategies(&self) -> String {
        let headings = COLUMNS.iter().map(|(name, _, unit)| (*name, *unit));
        let strategies = self.scenario.strategies.iter().zip(&self.replay.means);
        let rows = strategies.map(|(strategy, means)| {
            let figures = COLUMNS.iter().map(|(_, metric, _)| figure(means[*metric], 4));
            (harmless(&strategy.name), figures.collect())
        });
        let logged = &self.replay.logged;
        let log = COLUMNS.iter().map(|(_, metric, _)| match metric {
            Metric::Outages => figure(logged.outages as f64, 4),
            Metric::DowntimeHours => figure(logged.hours, 4),
            Metric::LongestOutageHours => figure(logged.longest, 4),
            _ => "-".to_owned(),
        });
        let log = (replays::LOG_ITSELF.to_owned(), log.collect());
        figures_table("Strategy", stacked(headings), std::iter::once(log).chain(rows))
    }
}

impl Answer for ReplayAnswer<'_> {
    fn text(&self) -> String {
        let bounds = self.bounds();
        let rows = self.rows(&bounds);
        let files = match &self.files[..] {
            [] => "Every outage: --output DIR, or --format json with --outages.".to_owned(),
            files => written(files),
        };
        let notes = self.log.notes.iter().map(|note| paragraph(&format!("Note: {note}.")));
        format!(
            "{}{}{}{}\n{}\n\n{}{}{}",
            self.unknown(),
            paragraph(&words::title(self.scenario, self.replay, rows)),
            words::accounts(rows).iter().map(|words| paragraph(words)).collect::<String>(),
            notes.collect::<String>(),
            self.strategies(),
            paragraph(&words::reading(self.replay, self.seed)),
            paragraph(&words::mapping(&self.mapped())),
            paragraph(&files)
        )
    }

    fn json(&self) -> Json {
        let strategies = self.scenario.strategies.iter().zip(&self.replay.means);
        let totals = strategies.map(|(one, means)| {
            let means: serde_json::Map<String, Json> = self
                .scenario
                .metrics()
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
            "left_out": self.left_out.iter().map(|row| {
                json!({ "line": row.line, "why": row.why.to_string() })
            }).collect::<Json>(),
            "lower_bounds": self.bounds(),
            "drills": self.drills,
            "unknown": self.unknown_causes().map(|(warning, options)| {
                json!({ "warning": warning, "options": options })
            }),
            "notes": self.log.notes,
            "seed": self.seed,
            "trials": self.replay.draws,
            "mapping": mapping.collect::<Json>(),
            "strategies": totals.collect::<Json>(),
            "outages": self.table(self.outages),
            "outages_of_incidents": { "listed": self.outages.min(self.used.len()), "of": self.used.len() },
            "files": self.files,
        })
    }
}
