//! Errors as exceptions, each with its place.

use outlast::notebook::{Fault, faults};
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

create_exception!(
    outlast,
    ScenarioError,
    PyValueError,
    "The scenario is wrong.\n\n`findings` lists everything that is wrong, a dict each with `is_error`, `message`, `help`, \
     `line` and `column` (from 1) and `key`; `line`, `column`, `key` and `message` are those of the first error."
);
create_exception!(
    outlast,
    PathError,
    ScenarioError,
    "No key of the scenario has that path. `message` says so and `help` names the nearest."
);

/// What is wrong with a scenario, as an exception.
pub fn of_scenario(py: Python<'_>, error: &outlast::ScenarioError) -> PyErr {
    let faults = faults(error);
    let words: Vec<String> = faults.iter().filter(|fault| fault.is_error).map(in_words).collect();
    let raised = ScenarioError::new_err(words.join("\n"));
    match with_places(py, &raised, &faults) {
        Ok(()) => raised,
        Err(error) => error,
    }
}

/// A path that names no key, as an exception.
pub fn of_path(py: Python<'_>, path: &str, message: &str) -> PyErr {
    let raised = PathError::new_err(message.to_owned());
    let (key, message) = (Some(path.to_owned()), message.to_owned());
    let fault = Fault { is_error: true, message, help: None, line: None, column: None, key };
    match with_places(py, &raised, &[fault]) {
        Ok(()) => raised,
        Err(error) => error,
    }
}

/// "line 3, column 1: unknown key; write …".
fn in_words(fault: &Fault) -> String {
    let place = match (fault.line, fault.column, &fault.key) {
        (Some(line), Some(column), _) => format!("line {line}, column {column}: "),
        (_, _, Some(key)) => format!("{key}: "),
        _ => String::new(),
    };
    let help = fault.help.as_ref().map_or_else(String::new, |help| format!("; {help}"));
    format!("{place}{}{help}", fault.message)
}

fn with_places(py: Python<'_>, raised: &PyErr, faults: &[Fault]) -> PyResult<()> {
    let findings = PyList::empty(py);
    for fault in faults {
        let finding = PyDict::new(py);
        finding.set_item("is_error", fault.is_error)?;
        finding.set_item("message", &fault.message)?;
        finding.set_item("help", fault.help.as_deref())?;
        finding.set_item("line", fault.line)?;
        finding.set_item("column", fault.column)?;
        finding.set_item("key", fault.key.as_deref())?;
        findings.append(finding)?;
    }
    let value = raised.value(py);
    value.setattr("findings", findings)?;
    let first = faults.iter().find(|fault| fault.is_error);
    value.setattr("message", first.map(|fault| fault.message.as_str()))?;
    value.setattr("line", first.and_then(|fault| fault.line))?;
    value.setattr("column", first.and_then(|fault| fault.column))?;
    value.setattr("key", first.and_then(|fault| fault.key.as_deref()))
}
