//! Options that several commands have, and what of them needs the scenario or the log to be read.
//!
//! A command flattens the groups that it understands, so that an option has one name, one default
//! and one explanation everywhere.

use super::failure::Failure;
use super::output::Format;
use super::parse;
use crate::evidence::log::{DateFormat, Incident, IncidentLog, Open, ReadOptions, Role};
use crate::keys::{meant, quote};
use crate::metric::Metric;
use crate::scenario::Scenario;
use crate::study::design::Design;
use crate::study::mapping::{Mapping, Target};
use crate::world::kind::Kind;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// Where random draws start.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Computation")]
pub(super) struct SeedOption {
    /// Seed of the random draws
    ///
    /// The same input and seed give the same results, on any machine and with any number of
    /// threads. Another seed shows how much of a result is chance.
    #[arg(long, short, value_name = "S", default_value = "1", value_parser = parse::number,
        allow_negative_numbers = true)]
    pub(super) seed: u64,
}

/// How trials are drawn.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Computation")]
pub(super) struct SamplingOptions {
    #[command(flatten)]
    pub(super) seed: SeedOption,
    /// Draw all trials in the same way, even where trials with a rare disaster would be drawn more
    /// often
    ///
    /// A disaster that strikes once in fifty years occurs in few of 10,000 trials, and the worst
    /// years rest on those few. So, where it helps, one trial in four is drawn with a disaster and
    /// carries less weight (stratified sampling).
    #[arg(long)]
    pub(super) plain: bool,
}

impl SamplingOptions {
    pub(super) fn design(&self, scenario: &Scenario) -> Design {
        if self.plain { Design::Plain } else { Design::from_world(&scenario.world) }
    }
}

/// How many threads work.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Computation")]
pub(super) struct ThreadsOption {
    /// Number of threads; by default, one for each core. The results do not depend on it
    #[arg(long, short, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024),
        allow_negative_numbers = true)]
    threads: Option<u16>,
}

impl ThreadsOption {
    pub(super) fn count(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }
}

/// How sure intervals are.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Computation")]
pub(super) struct ConfidenceOption {
    /// Confidence level of intervals and verdicts, between 0 and 1
    #[arg(long, value_name = "P", default_value = "0.95", value_parser = parse::confidence,
        allow_negative_numbers = true)]
    pub(super) confidence: f64,
}

/// In which form an answer is printed.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct FormatOption {
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    pub(super) format: Format,
}

/// What every command has that reads a log: how it is read, and where the answer goes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading the log")]
pub(super) struct LogOptions {
    /// Which column has which role, where its heading does not tell: start, end, duration, unit,
    /// cause, component, id, status; start_time and end_time for a time of day beside its date
    #[arg(long, value_name = "ROLE=HEADING,…", value_delimiter = ',', value_parser = parse::column)]
    columns: Vec<(Role, String)>,
    /// How times are written: iso, day-first, month-first, serial, unix, or a pattern such as
    /// "%d.%m.%Y %H:%M"
    #[arg(long, value_name = "FORMAT", default_value = "iso", value_parser = parse::date_format)]
    date_format: DateFormat,
    /// The unit of durations that are plain numbers, such as s, min, h or d; by default, as the
    /// heading or a column of units says, otherwise hours
    #[arg(long, value_name = "UNIT", value_parser = parse::unit)]
    unit: Option<f64>,
    /// The time zone of times that state none, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = parse::time_zone)]
    time_zone: TimeZone,
    /// The delimiter, if it is not recognised: one character, or tab
    #[arg(long, value_name = "C", value_parser = parse::delimiter)]
    delimiter: Option<u8>,
    /// When observation ended: incidents that went on, and the time since the last one, count up to
    /// then; what began later is left out
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// How to treat an incident without an end: as still open if it can be (judged), as still open
    /// in any case (censored), or as an error, which is left out (left-out). One that the log itself
    /// marks as open is a lower bound by every rule
    #[arg(long, value_name = "RULE", default_value = "judged",
        value_parser = parse::one_of(&Open::NAMED))]
    open: Open,
    #[command(flatten)]
    pub(super) seed: SeedOption,
    #[command(flatten)]
    pub(super) printing: FormatOption,
    /// Folder for tables and charts; without this option, none are written
    #[arg(long, short, value_name = "DIR", help_heading = "Output")]
    pub(super) output: Option<PathBuf>,
}

impl LogOptions {
    /// Reads the log. `durations` is a column that another option names, perhaps with its unit; `by`
    /// is the one that groups it.
    pub(super) fn load(
        &self,
        path: &Path,
        durations: Option<&(String, Option<f64>)>,
        by: Option<&str>,
    ) -> Result<IncidentLog, Failure> {
        let mut options = self.read_options(by)?;
        if let Some((heading, unit)) = durations {
            options.columns.push((Role::Duration, heading.clone()));
            options.unit = unit.or(options.unit);
        }
        IncidentLog::load(path, &options).map_err(Failure::input)
    }

    fn read_options(&self, by: Option<&str>) -> Result<ReadOptions, Failure> {
        let until = self.until.as_ref().map(|text| {
            self.date_format.moment(text, &self.time_zone).ok_or_else(|| {
                let form = format!("--until {} is not a time of the form", quote(text));
                Failure::Input(format!("{form} {}", self.date_format.name()))
            })
        });
        Ok(ReadOptions {
            columns: self.columns.clone(),
            date_format: self.date_format.clone(),
            time_zone: Some(self.time_zone.clone()),
            delimiter: self.delimiter,
            by: by.map(str::to_owned),
            until: until.transpose()?,
            open: self.open,
            unit: self.unit,
        })
    }
}

/// What incidents struck.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Assigning incidents")]
pub(super) struct MappingOptions {
    /// Which kind of component a cause or component of the log means: link, site, host, server,
    /// database, cloud, engine; or, for a drill, which time of the scenario it measures, such as
    /// rebuild.install
    #[arg(long, value_name = "NAME=KIND,…", value_delimiter = ',', value_parser = parse::target)]
    map: Vec<(String, Target)>,
    /// The kind of component for incidents that no name or word assigns to one; without it, that of
    /// all faults of the scenario if it is one, and otherwise unknown
    #[arg(long, value_name = "KIND", value_parser = parse::kind)]
    unmapped: Option<Kind>,
}

impl MappingOptions {
    /// The mapping, if every name in it is in the log, once.
    pub(super) fn mapping(&self, log: &IncidentLog) -> Result<Mapping, Failure> {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        for (place, (name, target)) in self.map.iter().enumerate() {
            let has = |one: &Incident| same(&one.component, name) || same(&one.cause, name);
            if !log.incidents.iter().any(has) {
                return Err(Failure::Input(format!(
                    "--map: no component or cause of the log is {}; --columns says which columns \
                     hold them",
                    quote(name)
                )));
            }
            let before = &self.map[..place];
            if before.iter().any(|(other, to)| same(other, name) && to != target) {
                return Err(Failure::Input(format!("--map: {} is mapped twice", quote(name))));
            }
        }
        Ok(Mapping { given: self.map.clone(), rest: self.unmapped })
    }
}

/// The place of the strategy that is so called, if the scenario has one.
pub(super) fn strategy(scenario: &Scenario, name: &str) -> Result<usize, Failure> {
    if let Some(index) = scenario.strategies.iter().position(|strategy| strategy.name == name) {
        return Ok(index);
    }
    let names: Vec<&str> = scenario.strategies.iter().map(|s| s.name.as_str()).collect();
    let meant = meant(name, &names, "it has");
    Err(Failure::Input(format!("the scenario has no strategy `{name}`; {meant}")))
}

/// The metric, if the trials of the scenario have it.
pub(super) fn known(scenario: &Scenario, metric: Metric) -> Result<Metric, Failure> {
    if metric == Metric::Cost && scenario.costs.is_none() {
        let why = "the scenario has no prices, so no trial has a cost; add a [costs] table";
        return Err(Failure::Input(why.into()));
    }
    Ok(metric)
}
