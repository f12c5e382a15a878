//! outlast as a module of Python: the words of Python around `outlast::notebook`, which does the work.

#![forbid(unsafe_code)]

mod answer;
mod attend;
mod errors;
mod scenario;
mod setting;
mod table;

use pyo3::prelude::*;

/// Which recovery strategy for a directory synchronisation server outlasts the outages it will really have.
///
/// Load or parse a scenario, set what you want to be otherwise, and run it::
///
///     import outlast
///     scenario = outlast.Scenario.default().set("operations.decision", "10m")
///     answer = scenario.run(trials=10_000, seed=1)
///     answer.headline          # the decision in a sentence
///     answer.summary           # every metric of every strategy; pandas, polars and pyarrow take it
///
/// The same scenario, seed and number of trials give the same bits as the program `outlast run`.
#[pymodule(name = "outlast")]
fn exported(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<scenario::Scenario>()?;
    module.add_class::<answer::Answer>()?;
    module.add_class::<table::Table>()?;
    module.add("ScenarioError", module.py().get_type::<errors::ScenarioError>())?;
    module.add("PathError", module.py().get_type::<errors::PathError>())
}
