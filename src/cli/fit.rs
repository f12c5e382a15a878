//! `outlast fit`: what an incident log says.

mod answer;
mod backtest_answer;
mod json;
mod table;

use super::failure::Failure;
use super::log_folder::LogFolder;
use super::options::{ConfidenceOption, LogOptions, ThreadsOption};
use super::output::{command_line, file_name};
use super::signals::leave_on_signals;
use super::terminal::bar;
use super::{output, parse};
use crate::evidence::analysis::{Analysis, AnalysisOptions};
use crate::evidence::backtest::{Backtest, BacktestOptions, backtest};
use crate::evidence::fit::Family;
use crate::evidence::log::IncidentLog;
use crate::evidence::sample::variables;
use crate::keys::quote;
use crate::report::fits::FitPage;
use crate::report::{PAGE, fits, pictures};
use answer::Fitted;
use jiff::Timestamp;
use std::path::PathBuf;

/// More groups than this are a slip of the pen.
const MOST_GROUPS: usize = 100;

/// Fit distributions to the recovery times of an incident log, and to the times between failures
///
/// The log is a CSV file with a start and an end for each incident, or with a column of durations.
/// Columns are recognised by their headings, the delimiter and the text encoding by themselves.
///
/// Exponential, lognormal, Weibull, gamma, inverse Gaussian and log-logistic distributions are
/// fitted by maximum likelihood, and a mixture of two lognormals where the log calls for one. The
/// answer says which distribution is best and why, what its tail gets wrong and whether the log is
/// long enough, and gives the line for the scenario.
///
/// Every row is used or accounted for. An incident marked open or aborted is a lower bound; so is
/// one without an end if it may still be open, otherwise it is left out (see --open). Rows of zero
/// length, rows with the end before the start or with times that cannot be read, and duplicates are
/// left out. All of these are listed by line.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  outlast fit incidents.csv
  outlast fit tickets.csv --columns start=opened,end=resolved --date-format day-first
  outlast fit drills.csv --durations minutes
  outlast fit tickets.csv --durations seconds_open=s         a column of seconds
  outlast fit incidents.csv --by cause -o output/incidents      with charts
  outlast fit incidents.csv --backtest                          would forecasts have been right?
  outlast fit incidents.csv --format json                       for scripts")]
pub(super) struct FitOptions {
    /// The log (CSV)
    #[arg(value_name = "INCIDENTS.csv")]
    log: PathBuf,
    /// The column of durations: numbers (hours, unless the heading names another unit, or =UNIT does)
    /// or text such as 1h 30m
    #[arg(long, value_name = "HEADING[=UNIT]", value_parser = parse::durations)]
    durations: Option<(String, Option<f64>)>,
    /// Fit each group of rows as well, one group for each value of this column
    #[arg(long, value_name = "HEADING")]
    by: Option<String>,
    /// Fit only these families
    #[arg(long, value_name = "NAME,…", value_delimiter = ',', value_parser = parse::family)]
    family: Vec<Family>,
    /// Bootstrap samples for the p-values of each fit, 0 for none; by default 999, and fewer for
    /// large logs
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    bootstrap: Option<u32>,
    /// Backtest: forecast the second half of the log from what was known before
    ///
    /// The second half is cut into equal stretches. For each, the distributions are fitted to the
    /// log before it, and its number of outages and its downtime are forecast, with the uncertainty
    /// that a short history leaves. Then the forecast intervals are compared with what happened.
    #[arg(long)]
    backtest: bool,
    /// With --backtest: how many stretches to forecast
    #[arg(long, value_name = "N", default_value = "10", requires = "backtest",
          value_parser = clap::value_parser!(u16).range(1..=1000))]
    origins: u16,
    #[command(flatten)]
    reading: LogOptions,
    #[command(flatten)]
    threads: ThreadsOption,
    #[command(flatten)]
    intervals: ConfidenceOption,
}

impl FitOptions {
    fn log(&self) -> Result<IncidentLog, Failure> {
        self.reading.load(&self.log, self.durations.as_ref(), self.by.as_deref())
    }

    fn analysis_options(&self) -> AnalysisOptions {
        let all = Family::ALL.to_vec();
        AnalysisOptions {
            families: if self.family.is_empty() { all } else { self.family.clone() },
            seed: self.reading.seed.seed,
            confidence: self.intervals.confidence,
            replicates: self.bootstrap.map(|count| count as usize),
            threads: self.threads.count(),
        }
    }
}

/// Fits a log.
pub(super) fn fit(options: &FitOptions) -> Result<(), Failure> {
    let target = options.reading.output.as_deref();
    leave_on_signals(target)?;
    let log = options.log()?;
    if log.groups.len() > MOST_GROUPS {
        return Err(Failure::Input(format!(
            "--by {} makes {} groups; choose a column with at most {MOST_GROUPS} different values",
            quote(options.by.as_deref().unwrap_or_default()),
            log.groups.len()
        )));
    }
    let variables = variables(&log);
    if variables.iter().all(|variable| variable.sample.is_empty()) {
        return Err(Failure::input(log.nothing_left()));
    }
    let folder = LogFolder::begin(target, &fits::FILES)?;
    let bar = bar("{bar:30} {msg} {human_pos} of {human_len}, {eta} to go", true);
    bar.set_length(variables.len() as u64);
    bar.set_message("fitting variables,");
    let analysis = options.analysis_options();
    let fitted = bar.wrap_iter(variables.iter()).map(|variable| Analysis::new(variable, &analysis));
    let analyses: Vec<Analysis> = fitted.collect();
    let backtest = if options.backtest {
        bar.set_message("backtest, after variables,");
        let origins = options.origins.into();
        let asked = BacktestOptions { origins, first: 0.5, analysis };
        Some(backtest(&log, &asked).map_err(Failure::input)?)
    } else {
        None
    };
    bar.set_message("drawing charts, after variables,");
    let analysed = Analysed { log: &log, analyses: &analyses, backtest: backtest.as_ref() };
    let files = folder.map(|folder| write(options, analysed, folder)).transpose()?;
    bar.finish_and_clear();
    let fitted = Fitted {
        name: options.log.display().to_string(),
        log: &log,
        analyses: &analyses,
        backtest: backtest.as_ref(),
        seed: options.reading.seed.seed,
        files: files.unwrap_or_default(),
    };
    output::answer(&fitted, options.reading.printing.format)
}

/// A log with what was found in it.
#[derive(Clone, Copy)]
struct Analysed<'a> {
    log: &'a IncidentLog,
    analyses: &'a [Analysis],
    backtest: Option<&'a Backtest>,
}

/// Writes tables, charts and the page; the paths of the files.
fn write(
    options: &FitOptions,
    Analysed { log, analyses, backtest }: Analysed<'_>,
    folder: LogFolder<'_>,
) -> Result<Vec<String>, Failure> {
    let drawn = fits::pictures(analyses);
    let mut pictures = Vec::new();
    for pictures_of in &drawn {
        pictures.extend(pictures::files(pictures_of)?);
    }
    let page = FitPage {
        name: &file_name(&options.log),
        log,
        analyses,
        backtest,
        command: &command_line(),
        made: Timestamp::now(),
    };
    pictures.push((PAGE.to_owned(), fits::page(&page, drawn).to_html()?.into_bytes()));
    let tables = fits::tables(log, analyses);
    let more =
        json::manifest(log, analyses, options.reading.seed.seed, options.intervals.confidence);
    folder.fill(tables, pictures, ("fit", &options.log), more)
}
