//! `outlast trace`: one trial as a story, of one strategy or of two side by side.

mod pair;

use super::failure::Failure;
use super::options::{SamplingOptions, ThreadsOption, known, strategy};
use super::scenario_options::ScenarioOptions;
use super::signals::stop_on_signals;
use super::{output, parse};
use crate::keys::Json;
use crate::report::table::{Rows, Table};
use crate::report::text::{amount, figure, harmless, paragraph, width, wrap};
use crate::report::words::trace as words;
use crate::scenario::{Criterion, Scenario};
use crate::study::player::Player;
use crate::study::run::Trials;
use crate::study::search::find_criterion;
use crate::study::trace::{Line, Trace, TracedOutage, trace};
use crate::units::show_duration;
use serde_json::{Map, json};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Show one trial of one strategy, or of two side by side, event by event
///
/// What struck, who noticed and when, what was tried, what failed, what succeeded, when everything
/// was current again, and what it cost. A trial is the same as in a run with the same seed: take
/// its number from trials.csv (run --raw), or let --worst find it.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast trace office.toml --strategy \"Staging server\" --trial 17
  outlast trace office.toml --strategy \"Staging server\" --worst stale_user_hours
  outlast trace office.toml --strategy \"Staging server\" --worst cost --at p99
  outlast trace office.toml --strategy \"Staging server\" --worst restore_hours
                                   the trial with the longest outage
  outlast trace office.toml --strategy \"Staging server\" --strategy \"Repair in place only\"
                                   the same trial under both")]
pub(super) struct TraceOptions {
    /// The scenario file (TOML); without one, the built-in scenario
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    #[command(flatten)]
    changes: ScenarioOptions,
    /// The strategy, by its name in the scenario; two of them are told side by side
    #[arg(long, value_name = "NAME", required = true)]
    strategy: Vec<String>,
    /// The number of the trial, from 0
    #[arg(long, value_name = "K", default_value = "0", conflicts_with = "worst",
        value_parser = parse::number, allow_negative_numbers = true)]
    trial: u64,
    /// Find the trial in which this is largest among --trials, for the first strategy: a metric, or
    /// restore_hours, the longest restore time of any outage
    #[arg(long, value_name = "CRITERION", value_parser = parse::criterion)]
    worst: Option<Criterion>,
    /// With --worst: the trial at this percentile instead, such as p99
    #[arg(long, value_name = "P", value_parser = parse::percentile, requires = "worst",
        allow_negative_numbers = true)]
    at: Option<f64>,
    /// With --worst: how many trials to search
    #[arg(long, value_name = "N", default_value = "10000", value_parser = parse::trials,
        allow_negative_numbers = true)]
    trials: u64,
    #[command(flatten)]
    sampling: SamplingOptions,
    #[command(flatten)]
    threads: ThreadsOption,
    /// Show also each password change and each request that an outage held up
    #[arg(long, help_heading = "Output")]
    arrivals: bool,
    /// How the timeline is printed
    #[arg(long, value_enum, default_value = "text", help_heading = "Output")]
    format: TraceFormat,
}

/// The form of a timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TraceFormat {
    /// For people
    Text,
    /// One row for each event
    Csv,
    /// For scripts: one JSON object
    Json,
}

/// Tells a trial.
pub(super) fn run(options: &TraceOptions) -> Result<(), Failure> {
    let scenario = options.changes.load(options.scenario.as_deref())?;
    let indices: Vec<usize> =
        options.strategy.iter().map(|name| strategy(&scenario, name)).collect::<Result<_, _>>()?;
    let (first, second) = match indices[..] {
        [one] => (one, None),
        [one, two] if one != two => (one, Some(two)),
        [_, _] => {
            let why = "--strategy names the same strategy twice; name two different ones";
            return Err(Failure::Input(why.to_owned()));
        }
        [..] => {
            let why = "--strategy takes one strategy or two; leave the others out";
            return Err(Failure::Input(why.to_owned()));
        }
    };
    let trial = match options.worst {
        None => options.trial,
        Some(criterion) => search(options, &scenario, first, criterion)?,
    };
    let design = options.sampling.design(&scenario);
    let player = Player::new(&scenario, options.sampling.seed.seed, design);
    let told = |at| trace(&player, at, trial, options.arrivals, words::event);
    let first = told(first);
    let Some(second) = second.map(told) else {
        return match options.format {
            TraceFormat::Text => output::print(&text(&scenario, &first)),
            TraceFormat::Csv => output::print(&csv(&first)?),
            TraceFormat::Json => output::print(&format!("{:#}\n", to_json(&scenario, &first))),
        };
    };
    let both = pair::Both { scenario: &scenario, first: &first, second: &second };
    match options.format {
        TraceFormat::Text => output::print(&both.text()),
        TraceFormat::Csv => output::print(&both.csv()?),
        TraceFormat::Json => output::print(&format!("{:#}\n", both.to_json())),
    }
}

fn search(
    options: &TraceOptions,
    scenario: &Scenario,
    strategy: usize,
    criterion: Criterion,
) -> Result<u64, Failure> {
    if let Criterion::Metric(metric) = criterion {
        known(scenario, metric)?;
    }
    let trials = Trials {
        seed: options.sampling.seed.seed,
        range: 0..options.trials,
        threads: options.threads.count(),
        design: options.sampling.design(scenario),
    };
    let wanted = (criterion, options.at.unwrap_or(1.0));
    let stop = stop_on_signals()?;
    find_criterion(scenario, strategy, &trials, wanted, &stop).ok_or_else(|| {
        if stop.load(Ordering::Relaxed) {
            Failure::StoppedSearch
        } else {
            Failure::Work("no trial was found".into())
        }
    })
}

// ---- text ---------------------------------------------------------------------------------------

fn text(scenario: &Scenario, told: &Trace) -> String {
    let title = words::title(scenario, told);
    let mut text: String = title.iter().map(|line| paragraph(line)).collect();
    let mut outage = None;
    let mut begun = BTreeSet::new();
    let mut clock = Clock::default();
    for line in &told.lines {
        if line.outage.is_some() && line.outage != outage {
            outage = line.outage;
            let number = line.outage.unwrap_or_default();
            if let Some(traced) = told.outages.get(number - 1) {
                text.push_str(&heading(number, traced, begun.insert(number)));
            }
        } else if line.outage.is_none() && outage.is_some() {
            outage = None;
            text.push_str("\nMeanwhile\n");
        }
        let onset = line.outage.and_then(|number| told.outages.get(number - 1));
        text.push_str(&row(line, &clock.after(line, onset.map(|traced| traced.outage.onset))));
    }
    if told.lines.is_empty() {
        text.push_str(&format!("\n{}\n", words::NOTHING));
    }
    text.push_str(&summary(scenario, told));
    text
}

/// What an outage was, where it is told of for the first time; later only which it is.
fn heading(number: usize, traced: &TracedOutage, is_first: bool) -> String {
    let words = if is_first { words::outage } else { words::outage_again };
    let line = harmless(&words(number, traced));
    format!("\n{}\n", wrap(&line, width() - 2).join("\n  "))
}

/// When, how long after the onset, where, what.
fn row(line: &Line, after: &str) -> String {
    let start = format!("  {}  {after:>9}  ", line.when);
    set(&start, &what(line), width())
}

/// How long after an onset lines are, said where it is not as in the line above.
#[derive(Default)]
struct Clock {
    onset: Option<f64>,
    last: String,
}

impl Clock {
    fn after(&mut self, line: &Line, onset: Option<f64>) -> String {
        let after = match onset {
            Some(onset) if line.hours > onset => format!("+{}", show_duration(line.hours - onset)),
            _ => String::new(),
        };
        if (onset, &after) == (self.onset, &self.last) {
            return String::new();
        }
        (self.onset, self.last) = (onset, after.clone());
        after
    }
}

/// Where and what.
fn what(line: &Line) -> String {
    let place = words::place(line).map(|place| format!("{place}: ")).unwrap_or_default();
    harmless(&format!("{place}{}", line.detail))
}

/// Text behind its start, within so many columns.
fn set(start: &str, text: &str, columns: usize) -> String {
    let width = start.chars().count();
    let lines = wrap(text, columns.saturating_sub(width)).join(&format!("\n{}", " ".repeat(width)));
    format!("{start}{lines}\n")
}

fn summary(scenario: &Scenario, told: &Trace) -> String {
    let mut text = "\nTotals\n".to_owned();
    for metric in scenario.metrics() {
        let value = told.metrics[metric];
        let shown = amount(value, metric.is_count());
        let unit = metric.unit(scenario.currency());
        text.push_str(&format!("  {:<26} {shown:>12}  {}\n", metric.name(), harmless(unit)));
    }
    for (part, cost) in told.cost.iter().filter(|(_, cost)| *cost > 0.0) {
        text.push_str(&format!("    of it {:<18} {:>12}\n", part, figure(*cost, 4)));
    }
    text
}

// ---- files and scripts --------------------------------------------------------------------------

fn csv(told: &Trace) -> Result<String, Failure> {
    written(&with_lines(Rows::new(&told.lines)).table())
}

/// Adds the columns of a line.
fn with_lines(rows: Rows<&Line>) -> Rows<&Line> {
    rows.column("hours", |line| line.hours)
        .column("when", |line| &line.when)
        .column("outage", |line| line.outage.map(|number| number as f64))
        .column("what", |line| line.what)
        .column("component", |line| line.component.unwrap_or_default())
        .column("path", |line| line.path.as_deref().unwrap_or_default())
        .column("site", |line| line.site.as_deref().unwrap_or_default())
        .column("parts", |line| line.parts.as_deref().unwrap_or_default())
        .column("channel", |line| line.channel.as_deref().unwrap_or_default())
        .column("detail", |line| &line.detail)
}

fn written(table: &Table) -> Result<String, Failure> {
    let mut csv = Vec::new();
    table.write_csv(&mut csv).map_err(|error| Failure::cannot_write("the timeline", &error))?;
    Ok(String::from_utf8_lossy(&csv).into_owned())
}

fn to_json(scenario: &Scenario, told: &Trace) -> Json {
    let outage = |traced: &TracedOutage| {
        json!({
            "fault": traced.fault,
            "restored_by": traced.restored_by,
            "parts": traced.outage.parts.words(),
            "onset": traced.outage.onset,
            "restore_hours": traced.outage.restore_hours(),
            "current_hours": traced.outage.current_hours(),
            "stale_user_hours": traced.outage.stale_user_hours,
        })
    };
    let metrics: Map<String, Json> = scenario
        .metrics()
        .map(|metric| (metric.name().to_owned(), told.metrics[metric].into()))
        .collect();
    let cost: Map<String, Json> =
        told.cost.iter().map(|(part, cost)| ((*part).to_owned(), (*cost).into())).collect();
    json!({
        "scenario": scenario.name,
        "strategy": told.strategy,
        "seed": told.seed,
        "trial": told.trial,
        "with_disaster": told.with_disaster,
        "events": told.lines,
        "outages": told.outages.iter().map(outage).collect::<Json>(),
        "metrics": metrics,
        "cost": cost,
    })
}
