//! Reading: every form, and every error at the value that is wrong.

use serde_json::json;

use super::phrases::{EXPECTED, example, names};
use super::text::read_text;
use super::{column, parameters, schema};
use crate::distribution::{Distribution, FAMILIES};
use crate::keys::{
    Definitions, Duration, Form, Json, List, Log, Node, Number, Quantity, Range, Section, Value,
    meant, nearest,
};
use crate::units::{AGES, parse_duration, show_duration};

/// Warns of times that nobody lives to see: mostly a number in another unit, or its logarithm.
fn warn_of_ages(node: &Node<'_>, distribution: &Distribution, log: &mut Log) {
    // The mean costs less, and is at least half of the median.
    if 2.0 * distribution.mean() > AGES && distribution.quantile(0.5) > AGES {
        let message = "half of these times are longer than 10,000 years".to_owned();
        let help =
            "check the unit; `mu` is the natural logarithm of hours: 1.39 for a median of 4 h";
        log.warn(Some(node.span()), message, help);
    }
}

impl Value for Distribution {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        if let Some(computed) = node.distribution() {
            return Some(computed.clone());
        }
        let read = match node.text() {
            Some(text) => Some(read_text(node, text, log)),
            None => node.is_table().then(|| read_table(node, log)),
        };
        if let Some(read) = read {
            return read.inspect(|distribution| warn_of_ages(node, distribution, log));
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
    fn distribution(&self) -> Option<&Distribution> {
        Some(self)
    }
    fn quantity(&self) -> Quantity {
        Quantity::Distribution(self.constant().is_some())
    }
    fn schema_beside_factor() -> Option<Json> {
        Some(json!({ "$ref": "#/$defs/distribution_with_factor" }))
    }
    fn harmless() -> Self {
        Distribution::constant_of(1.0)
    }
    fn define(definitions: &mut Definitions) {
        definitions.add("distribution", schema::distribution);
        definitions.add("distribution_with_factor", schema::distribution_with_factor);
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
    fn distribution(&self) -> Option<&Distribution> {
        self.0.as_ref()
    }
    fn quantity(&self) -> Quantity {
        self.0.as_ref().map_or(Quantity::Choice, Value::quantity)
    }
    fn schema_beside_factor() -> Option<Json> {
        Distribution::schema_beside_factor()
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

    /// A distribution, or `None` for `"never"`.
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
    let (before, known) = (log.errors_so_far(), names());
    let mut distribution = None;
    let mut first: Option<&str> = None;
    let mut max = None;
    for entry in node.entries()? {
        match (entry.name, first) {
            ("max", _) => max = Some(entry.node),
            (name, Some(first)) if known.contains(&name) => {
                let message = format!("two distributions in one table: `{first}` and `{name}`");
                log.error(Some(entry.name_span), message, "keep one, or write a mixture of both");
            }
            (name, _) if known.contains(&name) => {
                first = Some(name);
                distribution = read_family(name, &entry.node, log);
            }
            (name, _) => {
                let help = meant(name, &known, "distributions are");
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
    node.checked(Distribution::truncated(distribution, max), "", log)
}

fn read_family(name: &str, node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    match (name, FAMILIES.iter().find(|family| family.name == name)) {
        (_, Some(family)) => parameters::read(family, node, log),
        ("empirical", None) => read_empirical(node, log),
        ("fitted", None) => read_fitted(node, log),
        (_, None) => read_mixture(node, log),
    }
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
    node.checked(Distribution::empirical(values), "", log)
}

fn read_fitted(node: &Node<'_>, log: &mut Log) -> Option<Distribution> {
    let Some(fitter) = node.fitter() else {
        node.error(log, "nothing can be fitted here".to_owned(), "");
        return None;
    };
    if !node.is_table() {
        let help = format!("write {}", example("fitted"));
        node.expected(log, "a table with the `file` of a log", &help);
        return None;
    }
    fitter.fit(node, log)
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
    node.checked(Distribution::mixture(parts), "", log)
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

#[cfg(test)]
#[path = "read_tests.rs"]
mod tests;
