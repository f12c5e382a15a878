//! One reader at one page: his state, and the work that answers it.
//!
//! No socket enters here. A session has one worker at most; a change stops what it is at and gives it
//! the new state. What the worker has to show it puts down piece by piece, each with a number that
//! only grows, and whoever waits takes the pieces that are newer than those he has.

use super::answer::{Job, Pieces};
use super::bench::{Bench, Made, Wrong};
use super::change;
use super::form::Form;
use super::settings::Settings;
use crate::keys::Json;
use crate::scenario::{Change, Spec};
use crate::study::partial::Partial;
use crate::study::results::Results;
use serde_json::{Map, json};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Most trials of a state.
const MOST_TRIALS: u64 = 1_000_000;
/// Most sessions: each open page is one.
const MOST_SESSIONS: usize = 8;
/// Trials that are played before anything else.
const FIRST_TRIALS: u64 = 64;
/// Most trials between two looks at the clock.
const MOST_AT_ONCE: u64 = 8192;
/// When the first numbers are due, and how much later each next ones.
const FIRST_DUE: Duration = Duration::from_millis(30);
const DUE_AFTER: f64 = 2.5;

/// The state that a page asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Its number, given by the page.
    pub number: u64,
    /// What was done to the scenario.
    pub changes: Vec<Change>,
    /// How many trials are asked for.
    pub trials: u64,
    /// The controls that the page has.
    pub shape: String,
}

impl State {
    /// A state as the page sends it.
    pub fn read(json: &Json, settings: &Settings) -> Option<State> {
        let trials = match json.get("trials") {
            None | Some(Json::Null) => settings.trials,
            Some(trials) => trials.as_u64()?,
        };
        Some(State {
            number: json.get("number").and_then(Json::as_u64).unwrap_or_default(),
            changes: change::list(json.get("changes")?)?,
            trials: trials.clamp(1, MOST_TRIALS),
            shape: json.get("shape").and_then(Json::as_str).unwrap_or_default().to_owned(),
        })
    }
}

/// All sessions of a scenario that was opened.
#[derive(Debug)]
pub struct Explorer {
    settings: Settings,
    /// The scenario as it was opened; what reading it needs is its own, so only one reads at a time.
    opened: Mutex<Spec>,
    /// By name, the one that was asked last at the end.
    sessions: Mutex<Vec<(String, Arc<Session>)>>,
    /// What is made on demand now; the next demand ends it.
    demand: Mutex<Arc<AtomicBool>>,
}

impl Explorer {
    /// An explorer of this scenario.
    pub fn new(mut opened: Spec, settings: Settings) -> Explorer {
        let _ = opened.compile();
        let opened = Mutex::new(opened);
        Explorer { settings, opened, sessions: Mutex::default(), demand: Mutex::default() }
    }

    /// How states are played.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The scenario that was opened.
    pub fn opened(&self) -> Spec {
        locked(&self.opened).clone()
    }

    /// The session of that name; a new one takes the place of the oldest where there are too many.
    pub fn session(&self, name: &str) -> Arc<Session> {
        let mut sessions = locked(&self.sessions);
        let known = sessions.iter().position(|(known, _)| known == name);
        let entry = match known {
            Some(at) => sessions.remove(at),
            None => (name.to_owned(), Arc::new(Session::new(self.opened()))),
        };
        let session = Arc::clone(&entry.1);
        sessions.push(entry);
        if sessions.len() > MOST_SESSIONS {
            sessions.remove(0).1.close();
        }
        session
    }

    /// The session of that name, if there is one.
    pub fn known_session(&self, name: &str) -> Option<Arc<Session>> {
        let sessions = locked(&self.sessions);
        sessions.iter().find(|(known, _)| known == name).map(|(_, session)| Arc::clone(session))
    }

    /// A state, made for a demand of its own.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn job(&self, state: &State) -> Result<Job, Vec<Wrong>> {
        let Made { spec, scenario } = Bench::new(self.opened()).make(&state.changes);
        let (changes, trials) = (state.changes.clone(), state.trials);
        scenario.map(|scenario| Job { changes, spec, scenario, trials })
    }

    /// The scenario of a state as a file, comments kept.
    pub fn toml(&self, state: &State) -> String {
        Bench::new(self.opened()).make(&state.changes).spec.to_toml()
    }

    /// A flag for a new demand; the one before is set.
    pub fn demand(&self) -> Arc<AtomicBool> {
        let mut demand = locked(&self.demand);
        demand.store(true, Ordering::Relaxed);
        *demand = Arc::default();
        Arc::clone(&demand)
    }

    /// Ends all work.
    pub fn close(&self) {
        locked(&self.demand).store(true, Ordering::Relaxed);
        locked(&self.sessions).drain(..).for_each(|(_, session)| session.close());
    }
}

/// What a change of the state is answered with at once.
#[derive(Debug)]
pub struct Reply {
    /// The controls, their values, and what is wrong.
    pub json: Map<String, Json>,
    /// Whether the state is being played.
    pub is_played: bool,
}

/// What there is for one who waits.
#[derive(Debug, PartialEq)]
pub enum Waited {
    /// The pieces that are newer.
    Pieces(Json),
    /// Nothing yet.
    Nothing,
    /// It is about a state that is no longer played.
    Gone,
}

/// One page.
#[derive(Debug)]
pub struct Session {
    bench: Mutex<(Bench, Option<Form>)>,
    desk: Mutex<Desk>,
    /// There is a new job, or a new piece.
    news: Condvar,
}

/// What lies between the page and the worker.
#[derive(Debug, Default)]
struct Desk {
    /// The state that is played.
    number: u64,
    job: Option<Job>,
    /// Ends the work on the state.
    stop: Arc<AtomicBool>,
    /// Number of the newest piece.
    version: u64,
    pieces: BTreeMap<&'static str, (u64, Json)>,
    has_worker: bool,
    is_closed: bool,
}

impl Session {
    fn new(opened: Spec) -> Session {
        let bench = Bench::new(opened);
        Session { bench: Mutex::new((bench, None)), desk: Mutex::default(), news: Condvar::new() }
    }

    /// Takes a new state: what was played ends, and the new one begins. A state that is wrong is not
    /// played, and the one before goes on.
    pub fn change(self: &Arc<Self>, state: &State, settings: &Settings) -> Reply {
        let mut bench = locked(&self.bench);
        let Made { mut spec, scenario } = bench.0.make(&state.changes);
        let form = Form::of(&mut spec);
        let mut json = Map::new();
        json.insert("number".to_owned(), state.number.into());
        json.insert("shape".to_owned(), form.shape.as_str().into());
        let known = bench.1.as_ref().filter(|known| known.shape == state.shape);
        match known.filter(|known| known.shape == form.shape) {
            // The page knows all but the values that differ from those it was given.
            Some(known) => {
                let differs = |(path, value): &(&String, &Option<String>)| {
                    known.values.get(*path) != Some(value)
                };
                let values = form.values.iter().filter(differs);
                json.insert("values".to_owned(), json!(values.collect::<BTreeMap<_, _>>()));
            }
            None => {
                json.insert("form".to_owned(), form.json());
                json.insert("values".to_owned(), json!({}));
                bench.1 = Some(form);
            }
        }
        // What a control goes back to: its value where all tables are as now and no key is set.
        json.insert("opened".to_owned(), json!(bench.0.opened_values(&state.changes)));
        let is_played = scenario.is_ok();
        match scenario {
            Ok(scenario) => {
                json.insert("wrong".to_owned(), json!([]));
                let (changes, trials) = (state.changes.clone(), state.trials);
                self.begin(state.number, Job { changes, spec, scenario, trials }, settings);
            }
            Err(wrong) => {
                json.insert("wrong".to_owned(), json!(wrong));
            }
        }
        Reply { json, is_played }
    }

    fn begin(self: &Arc<Self>, number: u64, job: Job, settings: &Settings) {
        let mut desk = locked(&self.desk);
        desk.stop.store(true, Ordering::Relaxed);
        desk.stop = Arc::default();
        desk.number = number;
        desk.pieces.clear();
        desk.job = Some(job);
        if !desk.has_worker {
            desk.has_worker = true;
            let (session, settings) = (Arc::clone(self), settings.clone());
            std::thread::spawn(move || session.work(&settings));
        }
        self.news.notify_all();
    }

    /// The pieces of a state that are newer than `after`, once there are any.
    pub fn wait(&self, number: u64, after: u64, at_most: Duration) -> Waited {
        let until = Instant::now() + at_most;
        let mut desk = locked(&self.desk);
        loop {
            if desk.number != number || desk.is_closed {
                return Waited::Gone;
            }
            let newer = desk.pieces.iter().filter(|(_, (version, _))| *version > after);
            let newer: Map<String, Json> =
                newer.map(|(name, (_, json))| ((*name).to_owned(), json.clone())).collect();
            if !newer.is_empty() {
                let mut pieces = newer;
                pieces.insert("version".to_owned(), desk.version.into());
                pieces.insert("number".to_owned(), number.into());
                return Waited::Pieces(Json::Object(pieces));
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Waited::Nothing;
            }
            let waited = self.news.wait_timeout(desk, left);
            desk = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends all work of the session.
    pub fn close(&self) {
        let mut desk = locked(&self.desk);
        desk.is_closed = true;
        desk.stop.store(true, Ordering::Relaxed);
        self.news.notify_all();
    }

    /// What the worker does until the session is closed.
    fn work(&self, settings: &Settings) {
        loop {
            let mut desk = locked(&self.desk);
            let (number, job, stop) = loop {
                if desk.is_closed {
                    return;
                }
                if let Some(job) = desk.job.take() {
                    break (desk.number, job, Arc::clone(&desk.stop));
                }
                desk = self.news.wait(desk).unwrap_or_else(PoisonError::into_inner);
            };
            drop(desk);
            let show = |pieces: Pieces| self.show(number, pieces);
            let played = catch_unwind(AssertUnwindSafe(|| play(&job, settings, &stop, &show)));
            let failed = match played {
                Ok(Ok(())) => continue,
                Ok(Err(why)) => why,
                Err(_) => "the program failed on this state; the terminal says where".to_owned(),
            };
            self.show(number, vec![("failed", failed.into()), ("stage", "failed".into())]);
        }
    }

    /// Puts pieces down, if their state is still the one that is looked at.
    fn show(&self, number: u64, pieces: Pieces) {
        let mut desk = locked(&self.desk);
        if desk.number != number {
            return;
        }
        desk.version += 1;
        let version = desk.version;
        for (name, json) in pieces {
            desk.pieces.insert(name, (version, json));
        }
        self.news.notify_all();
    }
}

/// Plays a state, and shows what there is to show: numbers from few trials first, then the charts,
/// numbers from more trials, and at the end how sure the choice is.
fn play(
    job: &Job,
    settings: &Settings,
    stop: &AtomicBool,
    show: &dyn Fn(Pieces),
) -> Result<(), String> {
    let began = Instant::now();
    let stopped = || stop.load(Ordering::Relaxed);
    let failed = |error: crate::report::charts::ChartError| error.to_string();
    let mut whole: Partial = job.nothing_yet(settings);
    let (mut done, mut chunk, mut due, mut has_charts) = (0, FIRST_TRIALS, FIRST_DUE, false);
    while done < job.trials {
        let next = (done + chunk).min(job.trials);
        let Some(part) = job.play(settings, done..next, stop) else { return Ok(()) };
        whole.merge(&part);
        (done, chunk) = (next, (2 * chunk).min(MOST_AT_ONCE));
        let is_whole = done == job.trials;
        if !is_whole && began.elapsed() < due {
            continue;
        }
        let results = Results::new(&job.scenario, &whole, settings.confidence);
        let mut pieces = job.numbers(settings, &results, None);
        pieces.push(("of", job.trials.into()));
        pieces.push(("milliseconds", (began.elapsed().as_millis() as u64).into()));
        pieces.push(("stage", if is_whole { "weighing" } else { "playing" }.into()));
        if stopped() {
            return Ok(());
        }
        show(pieces);
        if !has_charts && !is_whole {
            has_charts = true;
            let charts = job.figures(settings, &results, &Default::default(), stop);
            if stopped() {
                return Ok(());
            }
            show(charts.map_err(failed)?);
        }
        if is_whole && !stopped() {
            let besides = job.besides(settings, &results, stop);
            if stopped() {
                return Ok(());
            }
            let charts = job.figures(settings, &results, &besides, stop);
            if stopped() {
                return Ok(());
            }
            show(charts.map_err(failed)?);
            let sure = job.robustness(settings, &results, stop);
            if stopped() {
                return Ok(());
            }
            let mut pieces = job.sure(settings, &results, sure.as_ref());
            pieces.push(("stage", "whole".into()));
            show(pieces);
        }
        due = began.elapsed().mul_f64(DUE_AFTER);
    }
    Ok(())
}

/// What a lock guards; a thread that failed with it has left it whole.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
