//! What each assumption does alone, on demand.

use super::answer::Job;
use super::settings::Settings;
use crate::keys::Json;
use crate::report::page::Page;
use crate::report::sensitivity as report;
use crate::sensitivity::asked::Asked;
use crate::sensitivity::options::Options;
use crate::sensitivity::study::study;
use crate::study::results::Results;
use serde_json::json;
use std::sync::atomic::AtomicBool;

/// How much is played: what an answer within seconds allows.
const POINTS: u64 = 256;
const POINT_TRIALS: u64 = 16;
const CHANGE_TRIALS: u64 = 256;

impl Job {
    /// The chart of single assumptions, widest first. None where nothing varies, or `stop` was set.
    ///
    /// # Errors
    /// Why it cannot be made, in words.
    pub fn tornado(&self, settings: &Settings, stop: &AtomicBool) -> Result<Option<Json>, String> {
        let Some(whole) = self.play(settings, 0..self.trials, stop) else { return Ok(None) };
        let Settings { seed, threads, confidence, .. } = *settings;
        let results = Results::new(&self.scenario, &whole, confidence);
        let scenario = &self.scenario;
        let asked = Asked { spec: &self.spec, scenario, results: &results, seed, threads };
        let options = Options {
            points: POINTS,
            trials: POINT_TRIALS,
            change_trials: CHANGE_TRIALS,
            pairs: 0,
            pair_trials: POINT_TRIALS,
            confidence,
            quantity: None,
            against: None,
            breach: 0.0,
            drill_cost: None,
        };
        let studied = study(asked, &options, stop, |_| ()).map_err(|error| error.to_string())?;
        let Some(studied) = studied else { return Ok(None) };
        let mut pictures = report::pictures(scenario, &studied, confidence);
        pictures.truncate(1);
        let page = Page {
            scenario,
            results: &results,
            robustness: None,
            pictures: &pictures,
            seed,
            command: "",
            notes: &[],
            made: jiff::Timestamp::UNIX_EPOCH,
        };
        let figures = page.live_figures(stop).map_err(|error| error.to_string())?;
        Ok(figures.into_iter().next().map(|one| json!({ "title": one.title, "html": one.html })))
    }
}
