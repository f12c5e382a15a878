//! `outlast fit`: what an incident log says.

mod answer;
mod backtest_answer;
mod json;
mod table;

use super::failure::Failure;
use super::log_options::LogOptions;
use super::output::{self, Format};
use super::run::confidence;
use crate::evidence::analysis::{Analysis, AnalysisOptions};
use crate::evidence::backtest::{BacktestOptions, backtest};
use crate::evidence::fit::Family;
use crate::evidence::log::{IncidentLog, Role};
use crate::evidence::sample::{Variable, variables};
use crate::keys::{listed, nearest, quote};
use crate::report::fits;
use crate::report::folder::Folder;
use crate::report::manifest::of_log;
use answer::Fitted;
use std::path::PathBuf;

/// More groups than this are a slip of the pen.
const MOST_GROUPS: usize = 100;

/// Fit recovery times and times between failures to an incident log
///
/// The log is a CSV file with a start and an end for each incident, or with a column of durations.
/// Columns are recognised by their headings, the delimiter and the text encoding by themselves.
///
/// Exponential, lognormal, Weibull, gamma, inverse Gaussian and log-logistic distributions are
/// fitted by maximum likelihood, and a mixture of two lognormals where the log asks for one. The
/// answer says which distribution is best and why, what its tail gets wrong and whether the log is
/// long enough, and gives the line for the scenario.
///
/// Every row counts or is accounted for. An incident marked open or aborted is a lower bound; one
/// without an end is one too if it may still be open, else it is left out (--open). Rows of zero
/// length, with the end before the start, with times that cannot be read, and duplicates are left
/// out. All are listed by line.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast fit incidents.csv
  outlast fit tickets.csv --columns start=opened,end=resolved --date-format day-first
  outlast fit drills.csv --durations minutes
  outlast fit incidents.csv --by cause -o output/incidents      with charts
  outlast fit incidents.csv --backtest                          would it have foretold the rest?
  outlast fit incidents.csv --format json                       for scripts")]
pub(super) struct FitOptions {
    /// The log (CSV)
    #[arg(value_name = "INCIDENTS.csv")]
    log: PathBuf,
    /// The column that holds durations: numbers (hours, unless the heading names another unit) or
    /// text such as 1h 30m
    #[arg(long, value_name = "HEADING")]
    durations: Option<String>,
    /// Fit each group too: the values of this column
    #[arg(long, value_name = "HEADING")]
    by: Option<String>,
    /// Fit these families only
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = family)]
    family: Vec<Family>,
    /// Seed of the resampling
    #[arg(long, short, value_name = "S", default_value = "1",
        value_parser = super::trace::number, allow_negative_numbers = true)]
    seed: u64,
    /// How sure the intervals are, between 0 and 1
    #[arg(long, value_name = "P", default_value = "0.95", value_parser = confidence)]
    confidence: f64,
    /// How often each fit is resampled for its p-values; 999 when absent, fewer for large logs, 0
    /// for none
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    bootstrap: Option<u32>,
    /// How many threads work; without it, one for each core. The results are the same
    #[arg(long, short, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Check the distributions on the log itself: its beginning foretells the rest
    ///
    /// The second half of the log is cut into equal stretches. At the beginning of each, what was
    /// known then is fitted, and the number of outages and the downtime of the stretch are
    /// foretold, with the doubt that a short history leaves. Then intervals and what came are
    /// compared.
    #[arg(long)]
    backtest: bool,
    /// With --backtest: how many stretches
    #[arg(long, value_name = "N", default_value = "10", requires = "backtest",
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    origins: u16,
    /// How the answer is printed
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Folder for tables and charts; without it, none are written
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    reading: LogOptions,
}

fn family(text: &str) -> Result<Family, String> {
    let names = Family::ALL.map(Family::name);
    let wanted = text.trim().to_lowercase().replace(['-', ' '], "_");
    match Family::ALL.into_iter().find(|family| family.name() == wanted) {
        Some(family) => Ok(family),
        None => Err(match nearest(&wanted, &names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("families are {}", listed(&names, "and")),
        }),
    }
}

impl FitOptions {
    fn log(&self) -> Result<IncidentLog, Failure> {
        let durations = self.durations.iter().map(|heading| (Role::Duration, heading.clone()));
        self.reading.load(&self.log, durations, self.by.as_deref())
    }

    fn analysis_options(&self) -> AnalysisOptions {
        let all = Family::ALL.to_vec();
        AnalysisOptions {
            families: if self.family.is_empty() { all } else { self.family.clone() },
            seed: self.seed,
            confidence: self.confidence,
            replicates: self.bootstrap.map(|count| count as usize),
            threads: super::threads(self.threads),
        }
    }
}

/// Fits a log.
pub(super) fn fit(options: &FitOptions) -> Result<(), Failure> {
    let log = options.log()?;
    if log.groups.len() > MOST_GROUPS {
        return Err(Failure::Input(format!(
            "--by {} makes {} groups; choose a column with at most {MOST_GROUPS} different values",
            quote(options.by.as_deref().unwrap_or_default()),
            log.groups.len()
        )));
    }
    let found = variables(&log);
    if found.iter().all(|variable| variable.sample.is_empty()) {
        return Err(log.nothing_left().into());
    }
    let analysis_options = options.analysis_options();
    let analyse = |variable: &Variable| Analysis::of(variable, &analysis_options);
    let analyses: Vec<Analysis> = found.iter().map(analyse).collect();
    let tested = options.backtest.then(|| {
        let analysis = analysis_options.clone();
        backtest(&log, &BacktestOptions { origins: options.origins.into(), first: 0.5, analysis })
    });
    let tested = tested.transpose().map_err(|error| Failure::Input(error.to_string()))?;
    let files = match &options.output {
        Some(target) => write(options, target, &log, &analyses)?,
        None => Vec::new(),
    };
    let name = options.log.display().to_string();
    let backtest = tested.as_ref();
    let fitted =
        Fitted { name, log: &log, analyses: &analyses, backtest, seed: options.seed, files };
    output::answer(&fitted, options.format)
}

/// Writes tables and charts; the paths of the files.
fn write(
    options: &FitOptions,
    target: &std::path::Path,
    log: &IncidentLog,
    analyses: &[Analysis],
) -> Result<Vec<String>, Failure> {
    let folder = Folder::begin(target, &fits::FILES)?;
    fits::tables(&folder, log, analyses)?;
    let failed = |error| Failure::Work(format!("cannot draw a chart: {error}"));
    for (path, picture) in fits::pictures(analyses).map_err(failed)? {
        folder.write(&path, &picture)?;
    }
    let more = json::manifest(options, log, analyses);
    let manifest = of_log("fit", &options.log, more);
    folder.write(crate::report::folder::MANIFEST, manifest.as_bytes())?;
    let files = folder.files();
    folder.commit()?;
    Ok(files.iter().map(|file| target.join(file).display().to_string()).collect())
}
