//! A scenario as a notebook sees it: values of keys, and what is wrong with it.

use crate::keys::{Json, PathError, Severity};
use crate::report::diagnostics::place;
use crate::scenario::{ScenarioError, Spec};

/// What is assumed for a key.
#[derive(Debug, Clone, PartialEq)]
pub struct Value {
    /// The full path of the key.
    pub path: String,
    /// The value as a TOML file would state it; absent where the key may be left out and is.
    pub value: Option<Json>,
}

/// What is assumed for every key that a path or pattern stands for.
///
/// # Errors
/// There is none; the error names the nearest.
pub fn values(spec: &mut Spec, path: &str) -> Result<Vec<Value>, PathError> {
    let paths: Vec<String> = spec.matching(path)?.into_iter().map(str::to_owned).collect();
    let value = |path: String| {
        let found = spec.get(&path)?;
        Ok(Value { value: found.map(|one| of_toml(&one.value)), path })
    };
    paths.into_iter().map(value).collect()
}

/// The value that stands for itself in TOML; what is none is its own text.
fn of_toml(written: &str) -> Json {
    let table: Option<toml::Table> = toml::from_str(&format!("v = {written}")).ok();
    let value = table.and_then(|mut table| table.remove("v"));
    let json = value.and_then(|value| serde_json::to_value(value).ok());
    json.unwrap_or_else(|| written.into())
}

/// Something that is wrong with a scenario, or probably not meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// Whether it keeps the scenario from being played.
    pub is_error: bool,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
    /// The line of the text, from 1, if it is about a line.
    pub line: Option<usize>,
    /// The first character of that line that it is about, from 1.
    pub column: Option<usize>,
    /// The key that stands on that line, or that was set.
    pub key: Option<String>,
}

/// Everything that an error says.
pub fn faults(error: &ScenarioError) -> Vec<Fault> {
    let ScenarioError::Wrong { findings, text, .. } = error else {
        let message = error.to_string();
        return vec![Fault {
            is_error: true,
            message,
            help: None,
            line: None,
            column: None,
            key: None,
        }];
    };
    let fault = |finding: &crate::keys::Finding| {
        let in_file = finding.span.as_ref().filter(|_| finding.option.is_none());
        let place = in_file.map(|span| place(text, span));
        let words = finding.option.as_deref().or(place.as_ref().map(|place| place.text));
        let key = words.and_then(|words| words.split_once('=')).map(|(key, _)| key.trim());
        let key = key.map(|key| key.strip_prefix("--set ").unwrap_or(key));
        Fault {
            is_error: finding.severity == Severity::Error,
            message: finding.message.clone(),
            help: finding.help.clone(),
            line: place.as_ref().map(|place| place.line),
            column: place.as_ref().map(|place| place.column),
            key: key.map(str::to_owned),
        }
    };
    findings.iter().map(fault).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn an_error_has_its_place() {
        let text = "name = \"x\"\n[operations]\ndécision = 1\n";
        let error = Spec::parse(text, Path::new(""), "x").compile().unwrap_err();
        let faults = faults(&error);
        let fault = faults.iter().find(|one| one.line == Some(3)).unwrap();
        assert!(fault.is_error);
        // A key without quotes has plain letters only: the second character is wrong.
        assert_eq!((fault.column, fault.key.as_deref()), (Some(2), Some("décision")));
    }

    #[test]
    fn a_pattern_has_a_value_for_each_key() {
        let mut spec = Spec::embedded();
        spec.set("operations.decision", "10m").unwrap();
        let found = values(&mut spec, "operations.decision").unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].value, Some("10m".into()));
        assert!(values(&mut spec, "strategy.*.annual_cost").unwrap().len() > 1);
        assert!(values(&mut spec, "operations.decison").is_err());
    }
}
