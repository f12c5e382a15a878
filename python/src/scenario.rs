//! A scenario in Python.

use crate::answer::Answer;
use crate::attend::{Attended, attend};
use crate::errors::{of_path, of_scenario};
use crate::setting::written;
use outlast::Spec;
use outlast::notebook::{self, CompareAsked, RunAsked, SensitivityAsked};
use pyo3::exceptions::{PyKeyboardInterrupt, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// A scenario: the organisation, its faults, its people and the strategies to compare.
///
/// It does not change: ``set`` gives a new one. ``scenario["operations.decision"]`` is what is assumed for a key; with a
/// ``*`` for any one name, a dict of all keys that fit: ``scenario["strategy.*.annual_cost"]``.
#[pyclass(frozen, module = "outlast")]
pub struct Scenario {
    spec: Mutex<Spec>,
}

impl Scenario {
    /// A scenario that can be played.
    fn checked(py: Python<'_>, mut spec: Spec) -> PyResult<Scenario> {
        let checked = py.detach(|| spec.compile().map(drop));
        checked.map_err(|error| of_scenario(py, &error))?;
        Ok(Scenario { spec: Mutex::new(spec) })
    }

    fn spec(&self) -> Spec {
        self.spec.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[pymethods]
impl Scenario {
    /// The scenario in a file (TOML).
    ///
    /// Raises ScenarioError with every place that is wrong.
    #[staticmethod]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Scenario> {
        let spec = Spec::load(&path).map_err(|error| of_scenario(py, &error))?;
        Scenario::checked(py, spec)
    }

    /// The scenario of a text (TOML); files that it names are looked for in the folder ``base``.
    #[staticmethod]
    #[pyo3(signature = (text, base=None))]
    fn parse(py: Python<'_>, text: &str, base: Option<PathBuf>) -> PyResult<Scenario> {
        let base = base.unwrap_or_default();
        Scenario::checked(py, Spec::parse(text, Path::new(&base), "the scenario"))
    }

    /// The scenario that outlast has within.
    #[staticmethod]
    fn default(py: Python<'_>) -> PyResult<Scenario> {
        Scenario::checked(py, Spec::embedded())
    }

    /// What is assumed for a key; for a pattern with ``*``, a dict by path. Durations are text, as in a file: "30m".
    fn __getitem__<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        let mut spec = self.spec();
        let found = py.detach(|| notebook::values(&mut spec, path));
        let found = found.map_err(|error| of_path(py, path, &error.to_string()))?;
        let loads = py.import("json")?.getattr("loads")?;
        let value = |value: Option<serde_json::Value>| match value {
            Some(value) => loads.call1((value.to_string(),)),
            None => Ok(py.None().into_bound(py)),
        };
        if let ([one], false) = (&found[..], path.contains('*')) {
            return value(one.value.clone());
        }
        let all = PyDict::new(py);
        for one in found {
            all.set_item(one.path, value(one.value)?)?;
        }
        Ok(all.into_any())
    }

    /// The same scenario with every key that a path or pattern stands for set to a value.
    ///
    /// A str is what would stand in the file or after ``--set PATH=``: "10m", "office", "1h to 4h".
    /// Numbers, bool, lists and dicts stand for themselves. A path that names no key raises PathError at once; whether the
    /// value is right may depend on other keys, so ``check`` and ``run`` say so, with ScenarioError.
    fn set(&self, py: Python<'_>, path: &str, value: &Bound<'_, PyAny>) -> PyResult<Scenario> {
        let mut spec = self.spec();
        spec.matching(path).map(drop).map_err(|error| of_path(py, path, &error.to_string()))?;
        let option = format!("{path}={}", written(value)?);
        py.detach(|| spec.set_option(&option));
        Ok(Scenario { spec: Mutex::new(spec) })
    }

    /// Every path with what its key is for: a dict.
    fn paths<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        let mut spec = self.spec();
        for (path, doc) in spec.paths() {
            all.set_item(path, doc)?;
        }
        Ok(all)
    }

    /// Raises ScenarioError if the scenario cannot be played; gives itself otherwise.
    fn check<'py>(slf: PyRef<'py, Self>, py: Python<'py>) -> PyResult<PyRef<'py, Self>> {
        let mut spec = slf.spec();
        py.detach(|| spec.compile().map(drop)).map_err(|error| of_scenario(py, &error))?;
        Ok(slf)
    }

    /// The scenario as text (TOML), with all that was set.
    fn to_toml(&self) -> String {
        self.spec().to_toml()
    }

    /// Plays the scenario: ``trials`` possible years, each with every strategy, and sums them up.
    ///
    /// trials: how many; with ``until_decided``, the most (1,000,000 by default).
    /// seed: where random draws start. The same seed gives the same bits as ``outlast run``.
    /// threads: how many; by default one for each core. The results do not depend on it.
    /// until_decided: play until it is clear which strategy to choose, with the probability ``confidence``.
    /// confidence: of all intervals, between 0 and 1.
    /// progress: True or False; a function that is called with the trials done and planned; by default, shown on a
    ///   terminal and in a notebook, by tqdm where that is installed.
    /// robustness: say how well the choice stands if the assumptions are wrong (takes as long as 10,000 trials).
    /// raw: keep every trial, in ``answer.trials``: 8 bytes for each metric, strategy and trial.
    ///
    /// Other threads of Python go on meanwhile. Ctrl-C ends the run within a second and gives the answer of the trials
    /// that are done by then, with ``answer.interrupted`` set; KeyboardInterrupt is raised where none are.
    #[pyo3(signature = (trials=None, *, seed=1, threads=None, until_decided=false, confidence=0.95, progress=None,
        robustness=true, raw=false))]
    #[allow(clippy::too_many_arguments)]
    fn run(
        &self,
        py: Python<'_>,
        trials: Option<u64>,
        seed: u64,
        threads: Option<usize>,
        until_decided: bool,
        confidence: f64,
        progress: Option<&Bound<'_, PyAny>>,
        robustness: bool,
        raw: bool,
    ) -> PyResult<Answer> {
        let trials = trials.unwrap_or(if until_decided { 1_000_000 } else { 10_000 });
        let threads = sound(trials, threads, confidence)?;
        let asked = RunAsked { trials, seed, threads, confidence, until_decided, robustness, raw };
        let spec = self.spec();
        answered(py, attend(py, progress, |task| notebook::run(spec, &asked, task))?)
    }

    /// Compares the scenario with others, over the same trials.
    ///
    /// others: by name, each a Scenario, or a dict of what is changed in this one: {"operations.decision": "10m"}.
    /// trials: of each scenario. The other arguments are those of ``run``.
    ///
    /// The answer has the tables choices, inputs (what differs), changes (what that changes, with intervals), variants and
    /// verdicts. Ctrl-C raises KeyboardInterrupt within a second.
    #[pyo3(signature = (others, trials=10_000, *, seed=1, threads=None, confidence=0.95, progress=None, name="as assumed"))]
    #[allow(clippy::too_many_arguments)]
    fn compare(
        slf: &Bound<'_, Self>,
        others: &Bound<'_, PyDict>,
        trials: u64,
        seed: u64,
        threads: Option<usize>,
        confidence: f64,
        progress: Option<&Bound<'_, PyAny>>,
        name: &str,
    ) -> PyResult<Answer> {
        let py = slf.py();
        let threads = sound(trials, threads, confidence)?;
        let mut named = vec![(name.to_owned(), slf.get().spec())];
        for (name, other) in others.iter() {
            let spec = match other.cast::<Scenario>() {
                Ok(scenario) => scenario.get().spec(),
                Err(_) => {
                    let mut changed = slf.clone();
                    for (path, value) in other.cast::<PyDict>()?.iter() {
                        let path: String = path.extract()?;
                        changed = Bound::new(py, changed.get().set(py, &path, &value)?)?;
                    }
                    changed.get().spec()
                }
            };
            named.push((name.extract()?, spec));
        }
        if named.len() < 2 {
            return Err(PyValueError::new_err("others: at least one scenario to compare with"));
        }
        let asked = CompareAsked { trials, seed, threads, confidence };
        answered(py, attend(py, progress, |task| notebook::compare(named, &asked, task))?)
    }

    /// Says which assumptions the answer hangs on: every one varies over its range.
    ///
    /// points: how many points of the ranges are played, rounded up to whole blocks of 64. The other arguments are those of
    /// ``run``. The answer has the tables inputs, outputs, tornado, sobol, information and acceptability.
    /// Ctrl-C raises KeyboardInterrupt.
    #[pyo3(signature = (points=2048, *, seed=1, threads=None, confidence=0.95, progress=None))]
    fn sensitivity(
        &self,
        py: Python<'_>,
        points: u64,
        seed: u64,
        threads: Option<usize>,
        confidence: f64,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Answer> {
        let threads = sound(points, threads, confidence)?;
        let asked = SensitivityAsked { points, seed, threads, confidence };
        let spec = self.spec();
        answered(py, attend(py, progress, |task| notebook::sensitivity(spec, &asked, task))?)
    }

    fn __repr__(&self) -> String {
        format!("<outlast.Scenario {}>", self.spec().name())
    }
}

/// The number of threads, if what was asked can be played.
fn sound(trials: u64, threads: Option<usize>, confidence: f64) -> PyResult<usize> {
    if trials == 0 {
        return Err(PyValueError::new_err("trials: at least 1"));
    }
    if !(confidence > 0.0 && confidence < 1.0) {
        return Err(PyValueError::new_err("confidence: between 0 and 1, such as 0.95"));
    }
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.unwrap_or_else(cores);
    if !(1..=1024).contains(&threads) {
        return Err(PyValueError::new_err("threads: from 1 to 1024"));
    }
    Ok(threads)
}

/// What the work came to.
type Done = Result<Option<notebook::Answer>, outlast::ScenarioError>;

/// The answer; after Ctrl-C that of what was done, or `KeyboardInterrupt` where that is nothing. Whatever else
/// interrupts is raised.
fn answered(py: Python<'_>, attended: Attended<Done>) -> PyResult<Answer> {
    let Attended { value, interruption } = attended;
    let answer = value.map_err(|error| of_scenario(py, &error))?;
    let is_ctrl_c = |error: &PyErr| error.is_instance_of::<PyKeyboardInterrupt>(py);
    match (answer, interruption) {
        (Some(answer), None) => Answer::new(answer),
        (Some(answer), Some(error)) if is_ctrl_c(&error) => Answer::new(answer),
        (_, Some(error)) => Err(error),
        (None, None) => Err(PyKeyboardInterrupt::new_err("stopped before anything was known")),
    }
}
