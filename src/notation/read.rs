//! Reading: every form, and every error at the value that is wrong.

use serde_json::json;

use super::family::{FAMILIES, Family, NAMES, Parameter, Shape};
use super::spelling::{read_range, read_text};
use super::{column, schema};
use crate::distribution::{Distribution, DistributionError};
use crate::keys::{
    Definitions, Duration, Form, Json, List, Log, Node, Number, Range, Section, Value, listed,
    nearest, quote,
};
use crate::units::{parse_duration, show_duration};

pub(super) const EXPECTED: &str =
    "a distribution such as \"8h\", \"1h to 9h\" or { exponential = { mean = \"4h\" } }";

/// How `{ fitted = … }` is read: lent by a room that knows logs
/// ([`crate::keys::Document::lending`]).
pub struct Fitter(pub FitterFn);

/// Reads the table of a fitted distribution; `None` after an error.
pub type FitterFn = Box<dyn Fn(&Node<'_>, &mut Log) -> Option<Distribution>>;

impl std::fmt::Debug for Fitter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fitter").finish_non_exhaustive()
    }
}

impl Value for Distribution {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        if let Some(text) = node.text() {
            return read_text(node, text, log);
        }
        if node.is_table() {
            return read_table(node, log);
        }
        let number = node.number().filter(|number| Range::NonNegative.contains(*number));
        let help = number.map(|_| format!("write \"{}h\"", node.source())).unwrap_or_default();
        node.expected(log, EXPECTED, &help);
        None
    }
    fn expects() -> String {
        EXPECTED.to_owned()
    }
    fn schema() -> Json {
        json!({ "$ref": "#/$defs/distribution" })
    }
    fn show(&self) -> String {
        self.to_toml()
    }
    fn harmless() -> Self {
        Distribution::constant_of(1.0)
    }
    fn define(definitions: &mut Definitions) {
        definitions.add("distribution", schema::distribution);
        Duration::ANY.define(definitions);
        Duration::POSITIVE.define(definitions);
    }
}

/// A distribution, or `"never"`: that which never comes to an end.
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionOrNever(
    /// `None` is never.
    pub Option<Distribution>,
);

impl Value for DistributionOrNever {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        if let Some(text) = node.text() {
            if text.trim() == "never" {
                return Some(Self(None));
            }
            if parse_duration(text).is_err() && nearest(text.trim(), &["never"]).is_some() {
                node.expected(log, &Self::expects(), "write \"never\"");
                return None;
            }
        }
        Distribution::read(node, log).map(|distribution| Self(Some(distribution)))
    }
    fn expects() -> String {
        format!("{EXPECTED}, or \"never\"")
    }
    fn schema() -> Json {
        json!({ "anyOf": [{ "const": "never" }, Distribution::schema()] })
    }
    fn show(&self) -> String {
        self.0.as_ref().map_or_else(|| quote("never"), Distribution::to_toml)
    }
    fn harmless() -> Self {
        Self(Some(Distribution::harmless()))
    }
    fn define(definitions: &mut Definitions) {
        Distribution::define(definitions);
    }
}

impl Section<'_> {
    /// A distribution; `default` is a TOML value such as `r#""20m to 1h""#`.
    pub fn distribution(
        &mut self,
        key: &'static str,
        default: &str,
        doc: &'static str,
    ) -> Distribution {
        self.get(key, default, doc)
    }

    /// A distribution that must be written; constantly one hour after an error.
    pub fn required_distribution(&mut self, key: &'static str, doc: &'static str) -> Distribution {
        self.required(key, doc)
    }

    /// A distribution that may be absent.
    pub fn optional_distribution(
        &mut self,
        key: &'static str,
        doc: &'static str,
    ) -> Option<Distribution> {
        self.optional(key, doc)
    }

    /// A distribution, or `None` for `"never"`; `default` as in [`Section::distribution`].
    pub fn distribution_or_never(
        &mut self,
        key: &'static str,
        default: &str,
        doc: &'static str,
    ) -> Option<Distribution> {
        self.get::<DistributionOrNever>(key, default, doc).0
    }

    /// A distribution that must be written, or `None` for `"never"`.
    pub fn required_distribution_or_never(
        &mut self,
        key: &'static str,
        doc: &'static str,
    ) -> Option<Distribution> {
        self.required::<DistributionOrNever>(key, doc).0
    }
}

/// A family with its parameters, and perhaps `max`.
fn read_table(node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    let before = log.errors_so_far();
    let mut distribution = None;
    let mut first: Option<&str> = None;
    let mut max = None;
    for entry in node.entries()? {
        match (entry.name, first) {
            ("max", _) => max = Some(entry.node),
            (name, Some(first)) if NAMES.contains(&name) => {
                let message = format!("two distributions in one table: `{first}` and `{name}`");
                log.error(Some(entry.name_span), message, "keep one, or write a mixture of both");
            }
            (name, _) if NAMES.contains(&name) => {
                first = Some(name);
                distribution = read_family(name, &entry.node, log);
            }
            (name, _) => {
                let help = match nearest(name, &NAMES) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("distributions are {}", listed(&NAMES, "and")),
                };
                let message = format!("unknown distribution `{name}`");
                log.error(Some(entry.name_span), message, &help);
            }
        }
    }
    // Read even when the family is wrong, so that its errors come in the same go.
    let max = max.map(|node| (node, Duration::POSITIVE.read(&node, log)));
    if first.is_none() && log.errors_so_far() == before {
        let message = "the table names no distribution".to_owned();
        node.error(
            log,
            message,
            "write { exponential = { mean = \"4h\" }, max = \"3d\" } or the like",
        );
    }
    let distribution = distribution.filter(|_| log.errors_so_far() == before)?;
    match max {
        Some((node, hours)) => truncate(distribution, &node, hours?, log),
        None => Some(distribution),
    }
}

fn truncate(
    distribution: Distribution,
    node: &Node<'_>,
    max: f64,
    log: &mut Log,
) -> Option<Distribution> {
    if distribution.cdf(max) <= 0.0 {
        let message = format!("max {} leaves nothing of the distribution", node.source());
        let shortest = distribution.quantile(0.0);
        let help = if shortest > 0.0 {
            let shortest = show_duration(shortest);
            format!("the shortest duration is {shortest}: write a longer max")
        } else {
            let rare = show_duration(distribution.quantile(1e-6));
            format!("only one duration in a million is below {rare}: write a longer max")
        };
        node.error(log, message, &help);
        return None;
    }
    made(Distribution::truncated(distribution, max), node, log)
}

fn read_family(name: &str, node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    match (name, FAMILIES.iter().find(|family| family.name == name)) {
        (_, Some(family)) => read_parameters(family, node, log),
        ("empirical", None) => read_empirical(node, log),
        ("fitted", None) => read_fitted(node, log),
        (_, None) => read_mixture(node, log),
    }
}

pub(super) fn example(name: &str) -> String {
    match FAMILIES.iter().find(|family| family.name == name) {
        Some(family) => format!("{{ {name} = {} }}", family.example()),
        None if name == "empirical" => "{ empirical = [\"1h\", \"2h\"] }".to_owned(),
        None if name == "fitted" => "{ fitted = { file = \"drills.csv\" } }".to_owned(),
        None => "{ mixture = [{ weight = 0.9, of = \"1h\" }, { weight = 0.1, of = \"8h\" }] }"
            .to_owned(),
    }
}

fn read_parameters(family: &Family, node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    if let Some(text) = node.text()
        && let Some(at) = text.find(" to ")
        && schema::takes_range(family)
    {
        return read_range(node, text, at, log);
    }
    let Some(entries) = node.entries() else {
        let (what, help) = (format!("a table with {}", family.takes()), example(family.name));
        node.expected(log, &what, &format!("write {help}"));
        return None;
    };
    let before = log.errors_so_far();
    refuse_unknown_parameters(family, node, log);
    let written: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    let fits = |shape: &&Shape| {
        shape.parameters.len() == written.len()
            && shape.parameters.iter().all(|(name, _)| written.contains(name))
    };
    if log.errors_so_far() > before {
        return None;
    }
    let Some(shape) = family.shapes.iter().find(fits) else {
        let message = format!("{} takes {}", family.name, family.takes());
        let found = if written.is_empty() { "nothing".to_owned() } else { listed(&written, "and") };
        let help = format!("write {}", example(family.name));
        node.error(log, format!("{message}; found {found}"), &help);
        return None;
    };
    let values = read_values(shape, node, log)?;
    if shape.ascending && !ascends(shape, &values, node, log) {
        return None;
    }
    made((shape.make)(&values), node, log)
}

fn refuse_unknown_parameters(family: &Family, node: &Node<'_>, log: &mut Log) {
    let known = family.parameters();
    let outside = node.entries().unwrap_or_default().into_iter().find(|entry| entry.name == "max");
    match outside.filter(|_| !known.contains(&"max")) {
        Some(entry) => {
            let message = format!("`max` stands inside `{}`", family.name);
            let inner = example(family.name);
            let inner = inner.trim_end_matches(" }");
            let help = format!("write it beside the family: {inner} }}, max = … }}");
            log.error(Some(entry.name_span), message, &help);
            let known: Vec<_> = known.into_iter().chain(["max"]).collect();
            node.refuse_unknown_keys(&known, log);
        }
        None => node.refuse_unknown_keys(&known, log),
    }
}

/// All parameters of a shape, or `None` after the errors of every one that is wrong.
fn read_values(shape: &Shape, node: &Node<'_>, log: &mut Log) -> Option<Vec<f64>> {
    let read = |(name, kind): &(&'static str, Parameter)| {
        let value = node.get(name)?;
        match kind {
            Parameter::PositiveDuration => Duration::POSITIVE.read(&value, log),
            Parameter::Duration => Duration::ANY.read(&value, log),
            Parameter::PositiveNumber => Number(Range::Positive).read(&value, log),
            Parameter::Number => Number(Range::Any).read(&value, log),
        }
    };
    let values: Vec<Option<f64>> = shape.parameters.iter().map(read).collect();
    values.into_iter().collect()
}

/// Whether the first value is below the last and the others lie between; an error at the one that
/// does not.
fn ascends(shape: &Shape, values: &[f64], node: &Node<'_>, log: &mut Log) -> bool {
    let named: Vec<_> = shape.parameters.iter().map(|(name, _)| *name).zip(values).collect();
    let (Some((low_name, low)), Some((high_name, high))) = (named.first(), named.last()) else {
        return true;
    };
    let written = |name| node.get(name).map_or("", |node: Node<'_>| node.source());
    let mut point = |name: &str, message: String, help: &str| {
        log.error(node.get(name).map(|node| node.span()), message, help);
        false
    };
    let (low_text, high_text) = (written(low_name), written(high_name));
    if low >= high {
        let message = format!("`{high_name}` {high_text} is not above `{low_name}` {low_text}");
        let help = if low > high {
            "did you swap them?".to_owned()
        } else {
            let constant = show_duration(**low);
            format!("write a longer `{high_name}`, or \"{constant}\" for a constant")
        };
        return point(high_name, message, &help);
    }
    let outside = named.iter().find(|(_, value)| !(*low..=*high).contains(value));
    outside.is_none_or(|(name, _)| {
        let text = written(name);
        let help = format!("write one from {low_text} to {high_text}");
        point(name, format!("`{name}` {text} lies outside `{low_name}` to `{high_name}`"), &help)
    })
}

fn read_empirical(node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    let values = if node.is_table() {
        column::read(node, log)?
    } else if let Some(items) = node.items() {
        if items.is_empty() {
            node.error(log, "the list is empty".to_owned(), "write at least one duration");
            return None;
        }
        List { item: Duration::ANY, distinct: false, plural: "durations" }.read(node, log)?
    } else {
        let what = "a list of durations or a table with `file` and `column`";
        node.expected(log, what, &format!("write {}", example("empirical")));
        return None;
    };
    made(Distribution::empirical(values), node, log)
}

fn read_fitted(node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    let Some(Fitter(read)) = node.lent() else {
        node.error(log, "nothing can be fitted here".to_owned(), "");
        return None;
    };
    if !node.is_table() {
        let help = format!("write {}", example("fitted"));
        node.expected(log, "a table with the `file` of a log", &help);
        return None;
    }
    read(node, log)
}

fn read_mixture(node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    let what = "a list of tables with `weight` and `of`";
    let Some(items) = node.items().filter(|items| !items.is_empty()) else {
        node.expected(log, what, &format!("write {}", example("mixture")));
        return None;
    };
    let parts: Vec<_> = items.iter().map(|item| read_part(item, log)).collect();
    let parts: Vec<(f64, Distribution)> = parts.into_iter().collect::<Option<_>>()?;
    if parts.iter().all(|(weight, _)| *weight <= 0.0) {
        node.error(log, "all weights are 0".to_owned(), "write at least one weight above 0");
        return None;
    }
    made(Distribution::mixture(parts), node, log)
}

fn read_part(item: &Node<'_>, log: &mut Log) -> Option<(f64, Distribution)> {
    if !item.is_table() {
        item.expected(log, "a table with `weight` and `of`", "write { weight = 0.5, of = \"1h\" }");
        return None;
    }
    let before = log.errors_so_far();
    item.refuse_unknown_keys(&["weight", "of"], log);
    let unknown = log.errors_so_far() > before;
    let missing = ["weight", "of"].into_iter().find(|key| item.get(key).is_none());
    if let Some(key) = missing.filter(|_| !unknown) {
        item.error(log, format!("`{key}` is missing"), "write { weight = 0.5, of = \"1h\" }");
    }
    let weight = item.get("weight").map(|node| Number(Range::NonNegative).read(&node, log));
    let distribution = item.get("of").map(|node| Distribution::read(&node, log));
    Some((weight??, distribution??))
}

/// The distribution, or an error at `node` with the reason why it is none.
pub(super) fn made(
    distribution: Result<Distribution, DistributionError>,
    node: &Node<'_>,
    log: &mut Log,
) -> Option<Distribution> {
    distribution.map_err(|error| node.error(log, error.to_string(), "")).ok()
}

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
