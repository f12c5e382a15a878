//! A distribution that a scenario takes from a log: `{ fitted = { file = "drills.csv", family =
//! "best" } }`.
//!
//! The log is read as `outlast fit` reads it, the family fitted, and what so few durations leave
//! open goes into the run: the distribution is uncertain ([`Distribution::uncertain`]) and each
//! trial takes one of the distributions that the truth may be
//! ([`possible_distributions`](super::uncertainty::possible_distributions)). What was fitted is
//! told ([`FitSummary`]), so that a planner sees the distribution behind the file.
//!
//! The replicates have a seed of their own: a scenario means the same under every seed of a run.

mod request;

use super::analysis::{Analysis, AnalysisOptions, Fit};
use super::fit::Family;
use super::log::{IncidentLog, LogError};
use super::sample::{Quantity, Variable, variable_of};
use super::substreams::Substreams;
use crate::distribution::{Distribution, Origin};
use crate::keys::{Finding, Fitter, Log, Node, listed, meant};
use rand::Rng as _;
use request::FitRequest;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Seed of the replicates.
const SEED: u64 = 1;
/// A test speaks against the distribution from here on; of the two tests each has half.
const REJECTS: f64 = 0.05;
/// Fewer durations than this are pointed out.
const FEW: usize = 5;
/// How sure the interval of the 95 % point is.
const CONFIDENCE: f64 = 0.95;

/// How fitted distributions are to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fits {
    /// Whether what a small sample leaves open is carried into the trials; otherwise the fit is
    /// taken for the truth.
    pub uncertainty: bool,
    /// Threads that fit replicates; they change no result.
    pub threads: usize,
}

impl Default for Fits {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Fits { uncertainty: true, threads }
    }
}

/// What a fitted distribution was fitted to, and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct FitSummary {
    /// The table as the scenario writes it.
    pub spelled: String,
    /// The file, as the scenario writes it.
    pub file: String,
    /// Which durations.
    pub quantity: Quantity,
    /// Complete durations.
    pub complete: usize,
    /// Durations known only to be at least so long.
    pub censored: usize,
    /// Lines that do not count.
    pub left_out: Vec<u64>,
    /// The family.
    pub family: Family,
    /// The fit itself, as a scenario would state it.
    pub best: String,
    /// Distributions that the truth may be; 0 where the fit is taken for the truth.
    pub possible: usize,
    /// The family is the best by AICc, and not one that the scenario names.
    pub by_aicc: bool,
    /// Which incidents of the log count, as the scenario writes it; `None` for all.
    pub only: Option<String>,
    /// Median of the best fit, hours.
    pub median: f64,
    /// The 95 % point of the best fit, hours.
    pub p95: f64,
    /// Its interval; `None` where the best fit is used alone.
    pub p95_interval: Option<(f64, f64)>,
    key: u64,
    distribution: Distribution,
    /// What runs but may mislead.
    warnings: Vec<Finding>,
}

/// Reads fitted distributions, and remembers what it fitted, since a fit takes its time. Clones remember
/// together.
#[derive(Debug, Clone, Default)]
pub struct FitReader {
    fits: Fits,
    known: Arc<Mutex<Vec<FitSummary>>>,
}

impl FitReader {
    /// A reader that takes fits so.
    pub fn new(fits: Fits) -> FitReader {
        FitReader { fits, known: Arc::default() }
    }

    /// What was fitted. Nobody who holds it can fail, so that it is whole in any case.
    fn known(&self) -> MutexGuard<'_, Vec<FitSummary>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was fitted, by the numbers that a reading of a document noted.
    pub fn summaries(&self, numbers: &[u64]) -> Vec<FitSummary> {
        let known = self.known();
        let of = |number: &u64| known.iter().find(|known| known.number() == *number).cloned();
        numbers.iter().filter_map(of).collect()
    }
}

impl Fitter for FitReader {
    fn fit(&self, node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
        let asked = FitRequest::read(node, log);
        // Also when the table is wrong, so that all errors come in the same go.
        let named = node.get("file").and_then(|file| Some((file, file.text()?)));
        let text = named.and_then(|(file, name)| file.load_decoded(name, IncidentLog::decode, log));
        let (asked, text) = (asked?, text?);
        let uncertainty = self.fits.uncertainty && asked.uncertainty;
        let key = asked.key(&text);
        let at = asked.file.span();
        let known = self.known().iter().find(|known| known.is(key, uncertainty)).cloned();
        if let Some(known) = known {
            log.fitted(known.number(), &known.warnings, at);
            return Some(known.distribution);
        }
        let before = log.findings.len();
        let variable = variable(&asked, &text, log)?;
        let fit = choose(&asked, &variable, self.fits.threads, log)?;
        warn(&asked, &variable, &fit, log);
        let warnings: Vec<Finding> = log.findings.drain(before..).collect();
        let spelled = format!("fitted = {}", node.to_toml());
        let possible = if uncertainty { fit.possible.clone() } else { Vec::new() };
        let count = possible.len();
        let distribution = Distribution::uncertain(
            key,
            fit.distribution.clone(),
            possible,
            Some(Origin::Fit(spelled.clone())),
        );
        let summary = FitSummary {
            by_aicc: asked.family.is_none(),
            only: asked.only(),
            median: fit.distribution.quantile(0.5),
            p95: fit.distribution.quantile(0.95),
            p95_interval: fit.quantile_interval(0.95, CONFIDENCE).filter(|_| count > 0),
            spelled,
            file: asked.name.to_owned(),
            quantity: variable.quantity,
            complete: variable.sample.observed().len(),
            censored: variable.sample.censored().len(),
            left_out: variable.left_out.iter().map(|row| row.line).collect(),
            family: fit.estimate.family,
            best: fit.distribution.to_toml(),
            possible: count,
            key,
            distribution: distribution.clone(),
            warnings,
        };
        log.fitted(summary.number(), &summary.warnings, at);
        self.known().push(summary);
        Some(distribution)
    }
}

impl FitSummary {
    fn is(&self, key: u64, uncertainty: bool) -> bool {
        self.key == key && (self.possible > 0) == uncertainty
    }

    /// Tells it from others, the same fit taken for the truth among them.
    fn number(&self) -> u64 {
        self.key.rotate_left(1) ^ u64::from(self.possible > 0)
    }
}

impl FitRequest<'_> {
    /// Tells one fit from another, so that two places with the same fit share what is uncertain.
    fn key(&self, text: &str) -> u64 {
        Substreams::new(SEED, &["fitted", text, &self.canonical()]).replicate(0).next_u64()
    }
}

/// The durations that are asked for; `None` after an error.
fn variable(asked: &FitRequest<'_>, text: &str, log: &mut Log) -> Option<Variable> {
    let wrong = |log: &mut Log, error: &LogError| {
        let name = asked.name;
        match error {
            LogError::NoTimes { missing, columns } => asked.file.error(
                log,
                format!("`{name}`: {missing}; its columns are {columns}"),
                "say which is which: columns = { start = \"…\", end = \"…\" }, or column = \"…\"",
            ),
            other => {
                let message = other.to_string().replace("--date-format ", "date_format = ");
                asked.file.error(log, format!("`{name}`: {message}"), "");
            }
        }
    };
    let read = IncidentLog::read(text.as_bytes(), &asked.options);
    let read = read.map_err(|error| wrong(log, &error)).ok()?;
    for note in &read.notes {
        log.warn(Some(asked.file.span()), format!("`{}`: {note}", asked.name), "");
    }
    if let Some((node, what, wanted)) = asked.unmatched(&read) {
        let known = request::values(&read, what);
        let shown: Vec<&str> = known.iter().take(20).map(String::as_str).collect();
        let message = format!("no row of `{}` has the {what} \"{wanted}\"", asked.name);
        let help = match shown[..] {
            [] => format!("the log has no column for the {what}"),
            _ => meant(wanted, &shown, "it has"),
        };
        node.error(log, message, &help);
        return None;
    }
    let found = variable_of(&read, asked.quantity, |incident| asked.takes(incident));
    let usable = found.filter(|variable| !variable.sample.is_empty());
    if usable.is_none() {
        match asked.quantity {
            Quantity::Recovery if read.columns.durations_are_between() => {
                let message = format!("`{}` tells times between failures", asked.name);
                asked.file.error(log, message, "write variable = \"between\" beside the file");
            }
            Quantity::Recovery => wrong(log, &read.nothing_left()),
            Quantity::Between => {
                let message = format!("`{}` tells no times between failures", asked.name);
                asked.file.error(log, message, "they need at least two incidents with a start");
            }
        }
    }
    usable
}

/// The fit of the family that is asked for, or of the best; `None` after an error.
fn choose(
    asked: &FitRequest<'_>,
    variable: &Variable,
    threads: usize,
    log: &mut Log,
) -> Option<Fit> {
    let options = AnalysisOptions {
        families: asked.family.map_or(Family::ALL.to_vec(), |family| vec![family]),
        seed: SEED,
        confidence: CONFIDENCE,
        replicates: None,
        threads,
    };
    let name = asked.name;
    let Some(family) = asked.family else {
        let best = Analysis::with_best_family(variable, &options);
        if let Some(why) = best.no_recommendation() {
            let help = format!("{why}; name a `family`, or write the distribution by hand");
            asked.file.error(log, format!("`{name}`: no distribution can be recommended"), &help);
        }
        return best.recommended().cloned();
    };
    let analysis = Analysis::new(variable, &options);
    if analysis.fits.is_empty() {
        let why = analysis.unfit.first().map(|(_, why)| format!(": {why}")).unwrap_or_default();
        let message = format!("{} cannot be fitted to `{name}`{why}", family.distribution_words());
        asked.file.error(log, message, "choose another family, or \"best\"");
    }
    analysis.fits.into_iter().next()
}

/// What runs but may mislead.
fn warn(asked: &FitRequest<'_>, variable: &Variable, fit: &Fit, log: &mut Log) {
    let at = Some(asked.file.span());
    let left_out: Vec<String> =
        variable.left_out.iter().take(10).map(|row| row.line.to_string()).collect();
    if !left_out.is_empty() {
        let all = variable.left_out.len();
        let more = if all > left_out.len() { ", …" } else { "" };
        let rows = if all == 1 { "1 row is".to_owned() } else { format!("{all} rows are") };
        let lines = left_out.join(", ");
        let message = format!("{rows} left out of `{}`: lines {lines}{more}", asked.name);
        log.warn(at.clone(), message, "`outlast fit` tells the reason of each");
    }
    let complete = variable.sample.observed().len();
    if complete < FEW {
        let message =
            format!("{complete} durations of `{}` are few for a distribution", asked.name);
        log.warn(at.clone(), message, "its tail is the family's, not the log's");
    }
    if fit.flags.iter().any(|flag| flag.disqualifies()) {
        let flags: Vec<&str> = fit.flags.iter().map(|flag| flag.name()).collect();
        let message = format!("the fit to `{}` is {}", asked.name, listed(&flags, "and"));
        log.warn(at.clone(), message, "choose another family, or \"best\"");
    }
    if let Some(p) = fit.p.filter(|p| p.ks.min(p.ad) < 0.5 * REJECTS) {
        let message = format!(
            "`{}` speaks against {} (p = {:.3})",
            asked.name,
            fit.estimate.family.distribution_words(),
            p.ks.min(p.ad)
        );
        log.warn(at, message, "look at the charts of `outlast fit`; `empirical` takes it as it is");
    }
}

#[cfg(test)]
mod tests;
