//! Reading the parameters of a family: one complete set of them, each of its kind.

use super::phrases::{example, parameters, takes, takes_range};
use super::text::read_range;
use crate::distribution::Distribution;
use crate::distribution::family::{Parameter, Parameters, ParametricFamily};
use crate::keys::{Duration, Form, Log, Node, Number, Range, listed};
use crate::units::show_duration;

/// The distribution of a family, from a table of parameters or, where it may be, a range.
pub(super) fn read(
    family: &ParametricFamily,
    node: &Node<'_>,
    log: &mut Log,
) -> Option<Distribution> {
    if let Some(text) = node.text()
        && let Some(at) = text.find(" to ")
        && takes_range(family)
    {
        return read_range(node, text, at, log);
    }
    let Some(entries) = node.entries() else {
        let (what, help) = (format!("a table with {}", takes(family)), example(family.name));
        node.expected(log, &what, &format!("write {help}"));
        return None;
    };
    let before = log.errors_so_far();
    refuse_unknown_parameters(family, node, log);
    let written: Vec<&str> = entries.iter().map(|entry| entry.name).collect();
    let fits = |set: &&Parameters| {
        set.named.len() == written.len() && set.named.iter().all(|(name, _)| written.contains(name))
    };
    if log.errors_so_far() > before {
        return None;
    }
    let Some(set) = family.parameters.iter().find(fits) else {
        let message = format!("{} takes {}", family.name, takes(family));
        let found = if written.is_empty() { "nothing".to_owned() } else { listed(&written, "and") };
        let help = format!("write {}", example(family.name));
        node.error(log, format!("{message}; found {found}"), &help);
        return None;
    };
    let values = read_values(set, node, log)?;
    if set.ascending && !ascends(set, &values, node, log) {
        return None;
    }
    node.checked((set.make)(&values), "", log)
}

/// How a parameter is written.
pub(super) fn form(parameter: Parameter) -> &'static dyn Form<Output = f64> {
    match parameter {
        Parameter::PositiveDuration => &Duration::POSITIVE,
        Parameter::Duration => &Duration::ANY,
        Parameter::PositiveNumber => &Number(Range::Positive),
        Parameter::NonNegativeNumber => &Number(Range::NonNegative),
        Parameter::Number => &Number(Range::Any),
    }
}

fn refuse_unknown_parameters(family: &ParametricFamily, node: &Node<'_>, log: &mut Log) {
    let known = parameters(family);
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

/// All parameters of a set, or `None` after the errors of every one that is wrong.
fn read_values(set: &Parameters, node: &Node<'_>, log: &mut Log) -> Option<Vec<f64>> {
    let read = |(name, kind): &(&'static str, Parameter)| form(*kind).read(&node.get(name)?, log);
    let values: Vec<Option<f64>> = set.named.iter().map(read).collect();
    values.into_iter().collect()
}

/// Whether the first value is below the last and the others lie between; an error at the one that
/// does not.
fn ascends(set: &Parameters, values: &[f64], node: &Node<'_>, log: &mut Log) -> bool {
    let named: Vec<_> = set.named.iter().map(|(name, _)| *name).zip(values).collect();
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
