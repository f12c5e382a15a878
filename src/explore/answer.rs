//! What a state is answered with: pieces of the report, made of what has been played so far.

use super::flips::flips;
use super::settings::Settings;
use crate::keys::Json;
use crate::report::charts::{ChartError, Run, pictures};
use crate::report::page::Page;
use crate::scenario::{Change, Scenario, Spec};
use crate::sensitivity::asked::{Asked, Scale};
use crate::sensitivity::robustness::{self, Robustness};
use crate::study::decide::risk_metric;
use crate::study::design::Design;
use crate::study::partial::Partial;
use crate::study::results::Results;
use crate::study::run::{Trials, Unwatched, run};
use crate::study::search::MetricQuantile;
use crate::study::timeline::{TrialTimeline, timeline_at};
use crate::study::when::{HarmByHour, harm_by_hour};
use crate::study::work::{WorkShares, work_shares};
use serde_json::json;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// The quantile of the year that the timeline shows, as in a run.
const BAD_YEAR: f64 = 0.99;

/// A state that is played.
#[derive(Debug)]
pub struct Job {
    /// What was done to the scenario.
    pub changes: Vec<Change>,
    /// The scenario as a tree of values.
    pub spec: Spec,
    /// Ready to run.
    pub scenario: Scenario,
    /// How many trials are asked for.
    pub trials: u64,
}

/// What is looked at besides the trials.
#[derive(Debug, Default)]
pub struct Besides {
    year: Option<TrialTimeline>,
    harm: Option<HarmByHour>,
    work: Vec<Option<WorkShares>>,
}

/// Pieces by name.
pub type Pieces = Vec<(&'static str, Json)>;

impl Job {
    fn design(&self, settings: &Settings) -> Design {
        match settings.plain {
            true => Design::Plain,
            false => Design::from_world(&self.scenario.world),
        }
    }

    /// The statistics of no trial.
    pub fn nothing_yet(&self, settings: &Settings) -> Partial {
        let Scenario { strategies, tolerances, .. } = &self.scenario;
        Partial::new(self.design(settings), strategies.len(), tolerances.len())
    }

    fn trials(&self, settings: &Settings, range: Range<u64>) -> Trials {
        let Settings { seed, threads, .. } = *settings;
        Trials { seed, range, threads, design: self.design(settings) }
    }

    /// Plays some trials; none where `stop` was set.
    pub fn play(
        &self,
        settings: &Settings,
        range: Range<u64>,
        stop: &AtomicBool,
    ) -> Option<Partial> {
        let trials = self.trials(settings, range);
        match run(&self.scenario, &trials, stop, &mut Unwatched) {
            Ok(part) => part,
            Err(never) => match never {},
        }
    }

    /// One bad year, when outages hurt, and what the work is made of.
    pub fn besides(&self, settings: &Settings, results: &Results, stop: &AtomicBool) -> Besides {
        let stopped = || stop.load(Ordering::Relaxed);
        let decision = &results.decision;
        let shown = decision.strategy.or(decision.front.first().copied()).unwrap_or_default();
        let trials = self.trials(settings, 0..results.summary.trials);
        let quantile = MetricQuantile { metric: risk_metric(&self.scenario), at: BAD_YEAR };
        let mut besides = Besides::default();
        if !stopped() {
            besides.year = timeline_at(&self.scenario, &trials, shown, quantile);
        }
        if !stopped() {
            besides.harm = harm_by_hour(&self.scenario, shown, settings.seed);
        }
        if !stopped() {
            besides.work = work_shares(&self.scenario, settings.seed, results.summary.trials);
        }
        besides
    }

    /// How well the choice stands; none where that cannot be said.
    pub fn robustness(
        &self,
        settings: &Settings,
        results: &Results,
        stop: &AtomicBool,
    ) -> Option<Robustness> {
        let Settings { seed, threads, confidence, .. } = *settings;
        let asked = Asked { spec: &self.spec, scenario: &self.scenario, results, seed, threads };
        robustness::robustness(asked, Scale::RUN, confidence, stop).ok().flatten()
    }

    /// The command that plays the same trials again.
    fn command(&self, settings: &Settings, trials: u64) -> String {
        let mut words = vec!["outlast".to_owned(), "run".to_owned()];
        let are_settings = self.changes.iter().all(|one| matches!(one, Change::Set { .. }));
        if are_settings {
            words.extend(settings.words.iter().cloned());
            for change in &self.changes {
                if let Change::Set { path, value } = change {
                    words.extend(["--set".to_owned(), format!("{path}={value}")]);
                }
            }
        } else {
            words.push("scenario.toml".to_owned());
        }
        words.extend(["--trials".to_owned(), trials.to_string()]);
        words.extend(["--seed".to_owned(), settings.seed.to_string()]);
        if settings.confidence != 0.95 {
            words.extend(["--confidence".to_owned(), settings.confidence.to_string()]);
        }
        words.extend(settings.plain.then(|| "--plain".to_owned()));
        let words: Vec<String> = words.iter().map(|word| (settings.quote)(word)).collect();
        words.join(" ")
    }

    /// Words and numbers: what is shown first, and anew as trials come in.
    pub fn numbers(
        &self,
        settings: &Settings,
        results: &Results,
        sure: Option<&Robustness>,
    ) -> Pieces {
        let command = self.command(settings, results.summary.trials);
        let page = self.page(settings, results, sure, &command);
        vec![
            ("trials", results.summary.trials.into()),
            ("answer", page.live_answer().into()),
            ("words", page.live_words().into()),
            ("strategies", page.live_strategies().into()),
            ("numbers", page.live_numbers()),
            ("curves", page.live_curves()),
            ("warnings", page.live_warnings().into()),
            ("command", command.into()),
        ]
    }

    /// The charts; fewer where `stop` was set.
    ///
    /// # Errors
    /// One could not be drawn.
    pub fn figures(
        &self,
        settings: &Settings,
        results: &Results,
        besides: &Besides,
        stop: &AtomicBool,
    ) -> Result<Pieces, ChartError> {
        let pictures = pictures(&self.run(results, besides));
        let page = Page { pictures: &pictures, ..self.page(settings, results, None, "") };
        let figure = |one: crate::report::page::live::LiveFigure| json!({ "name": one.name, "title": one.title, "html": one.html });
        Ok(vec![("figures", page.live_figures(stop)?.into_iter().map(figure).collect())])
    }

    /// How sure, and what flips it.
    pub fn sure(
        &self,
        settings: &Settings,
        results: &Results,
        sure: Option<&Robustness>,
    ) -> Pieces {
        let mut pieces = match sure {
            Some(_) => self.numbers(settings, results, sure),
            None => Vec::new(),
        };
        let flips = sure.map_or(json!([]), |sure| flips(&self.scenario, sure));
        pieces.push(("flips", flips));
        pieces
    }

    /// The whole page as a run writes it; none where `stop` was set.
    ///
    /// # Errors
    /// A chart could not be drawn.
    pub fn report(
        &self,
        settings: &Settings,
        stop: &AtomicBool,
    ) -> Result<Option<String>, ChartError> {
        let Some(whole) = self.play(settings, 0..self.trials, stop) else { return Ok(None) };
        let results = Results::new(&self.scenario, &whole, settings.confidence);
        let besides = self.besides(settings, &results, stop);
        let sure = self.robustness(settings, &results, stop);
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let pictures = pictures(&self.run(&results, &besides));
        let command = self.command(settings, self.trials);
        let page = self.page(settings, &results, sure.as_ref(), &command);
        Page { pictures: &pictures, ..page }.to_html().map(Some)
    }

    fn run<'a>(&'a self, results: &'a Results, besides: &'a Besides) -> Run<'a> {
        Run {
            scenario: &self.scenario,
            results,
            year: besides.year.as_ref(),
            harm: besides.harm.as_ref(),
            work: &besides.work,
        }
    }

    fn page<'a>(
        &'a self,
        settings: &Settings,
        results: &'a Results,
        robustness: Option<&'a Robustness>,
        command: &'a str,
    ) -> Page<'a> {
        Page {
            scenario: &self.scenario,
            results,
            robustness,
            pictures: &[],
            seed: settings.seed,
            command,
            notes: &[],
            made: jiff::Timestamp::now(),
        }
    }
}
