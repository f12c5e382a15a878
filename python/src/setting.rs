//! A value of Python as it would stand in a scenario.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

/// What stands after `=` on the command line. A text is taken as it is there: TOML, or else text.
pub fn written(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() { Ok(text.to_string()) } else { toml(value) }
}

fn toml(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(answer) = value.cast::<PyBool>() {
        return Ok(answer.is_true().to_string());
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(value.str()?.to_string());
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        return Ok(format!("{:?}", number.value()));
    }
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(serde_json::Value::from(text.to_string()).to_string());
    }
    if let Ok(table) = value.cast::<PyDict>() {
        let pair = |(key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
            let key = serde_json::Value::from(key.str()?.to_string());
            Ok(format!("{key} = {}", toml(&value)?))
        };
        let pairs = table.iter().map(pair).collect::<PyResult<Vec<_>>>()?;
        return Ok(format!("{{ {} }}", pairs.join(", ")));
    }
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() {
        let items = value.try_iter()?.map(|item| toml(&item?)).collect::<PyResult<Vec<_>>>()?;
        return Ok(format!("[{}]", items.join(", ")));
    }
    // Numbers of numpy and their like.
    if let Ok(number) = value.extract::<f64>() {
        return Ok(format!("{number:?}"));
    }
    let kind = value.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "a value of a scenario is a str, a number, a bool, a list or a dict, not {kind}"
    )))
}
