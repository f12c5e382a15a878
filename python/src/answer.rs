//! An answer: the decision in words, tables, charts.

use crate::table::{Table, arrow_error, escaped};
use outlast::notebook;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// What came of a run: the decision in words, the tables of the command line as columns, and charts.
///
/// A table is an attribute: ``answer.summary``, ``answer.comparison``, ``answer.tolerance``, ``answer.outages``, and
/// ``answer.cost`` where the scenario has prices, ``answer.trials`` where ``raw=True`` asked for it. ``answer.tables`` lists
/// their names. In a notebook the answer shows itself with its charts.
#[pyclass(frozen, module = "outlast")]
pub struct Answer {
    answer: notebook::Answer,
    tables: Vec<Table>,
    names: Vec<String>,
}

impl Answer {
    pub fn new(mut answer: notebook::Answer) -> PyResult<Answer> {
        let tables = std::mem::take(&mut answer.tables).into_iter();
        let tables = tables.map(|(name, columns)| Table::new(&name, columns));
        let tables = tables.collect::<Result<Vec<_>, _>>().map_err(|error| arrow_error(&error))?;
        let names = answer.json["summary"].as_array().into_iter().flatten();
        let mut names: Vec<String> =
            names.filter_map(|row| row["strategy"].as_str()).map(str::to_owned).collect();
        names.dedup();
        Ok(Answer { answer, tables, names })
    }
}

#[pymethods]
impl Answer {
    /// What was asked, in a line.
    #[getter]
    fn title(&self) -> &str {
        &self.answer.title
    }

    /// The answer in a sentence.
    #[getter]
    fn headline(&self) -> &str {
        &self.answer.headline
    }

    /// What is to be kept in mind with the answer, and why it is so.
    #[getter]
    fn sentences(&self) -> Vec<String> {
        self.answer.sentences.clone()
    }

    /// The strategy to choose, by its name; None where none is recommended.
    #[getter]
    fn strategy(&self) -> Option<&str> {
        self.answer.json["recommendation"]["strategy"].as_str()
    }

    /// The names of all strategies, in the order of the scenario.
    #[getter]
    fn strategies(&self) -> Vec<String> {
        self.names.clone()
    }

    /// How many trials were played.
    #[getter]
    fn trials_played(&self) -> Option<u64> {
        self.answer.json["trials"].as_u64()
    }

    /// Whether Ctrl-C stopped it, so that it is of fewer trials than were asked for.
    #[getter]
    fn interrupted(&self) -> bool {
        self.answer.is_interrupted
    }

    /// The names of the tables.
    #[getter]
    fn tables(&self) -> Vec<String> {
        self.tables.iter().map(|table| table.name.clone()).collect()
    }

    /// All of it as plain dicts and lists: what ``outlast run --format json`` prints, without its files.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        py.import("json")?.call_method1("loads", (self.answer.json.to_string(),))
    }

    /// The charts as SVG text, by name.
    fn charts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let all = PyDict::new(py);
        for chart in py.detach(|| self.answer.charts()) {
            all.set_item(chart.name, chart.svg)?;
        }
        Ok(all)
    }

    fn __getattr__(&self, name: &str) -> PyResult<Table> {
        let table = self.tables.iter().find(|table| table.name == name);
        table.map(Table::shared).ok_or_else(|| {
            let known = self.tables().join(", ");
            PyAttributeError::new_err(format!("the answer has no table {name}; it has {known}"))
        })
    }

    fn __dir__(slf: &Bound<'_, Self>) -> PyResult<Vec<String>> {
        let class = slf.get_type().dir()?.extract::<Vec<String>>()?;
        Ok(class.into_iter().chain(slf.get().tables()).collect())
    }

    fn __str__(&self) -> String {
        let lines =
            [&self.answer.title, &self.answer.headline].into_iter().chain(&self.answer.sentences);
        lines.map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    fn __repr__(&self) -> String {
        format!("<outlast.Answer: {}>", self.answer.headline)
    }

    /// The answer in words, and the charts.
    fn _repr_html_(&self, py: Python<'_>) -> String {
        let charts = py.detach(|| self.answer.charts());
        let sentences: String =
            self.answer.sentences.iter().map(|one| format!("<li>{}</li>", escaped(one))).collect();
        let figures: String = charts
            .iter()
            .map(|chart| {
                let source = data_url(&chart.svg);
                format!(
                    "<figure><figcaption><b>{}</b></figcaption><img alt=\"{}\" src=\"{source}\"><p>{}</p></figure>",
                    escaped(&chart.title),
                    escaped(&chart.title),
                    escaped(&chart.explanation)
                )
            })
            .collect();
        format!(
            "<p>{}</p><p><b>{}</b></p><ul>{sentences}</ul><details open><summary>Charts</summary>{figures}</details>",
            escaped(&self.answer.title),
            escaped(&self.answer.headline)
        )
    }
}

/// A drawing as an address of its own, so that names within it cannot meet those of another drawing of the page.
fn data_url(svg: &str) -> String {
    let mut url = String::from("data:image/svg+xml,");
    for byte in svg.bytes() {
        match byte {
            b'%' | b'#' | b'"' | b'<' | b'>' | b'&' | b'?' | b'\n' | b'\r' | b'\t' | 0x80.. => {
                url.push_str(&format!("%{byte:02X}"));
            }
            byte => url.push(char::from(byte)),
        }
    }
    url
}
