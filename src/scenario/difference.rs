//! In which inputs scenarios differ.

use super::Scenario;
use crate::keys::Assumption;

/// An input that is not the same in all of some scenarios.
#[derive(Debug, Clone, PartialEq)]
pub struct InputDifference {
    /// The path of the key, as `outlast check` lists it, or of a whole table.
    pub path: String,
    /// By scenario: the value as TOML text; `None` where the scenario has no such key or table.
    pub values: Vec<Option<String>>,
    /// Whether it is a table that not every scenario has.
    pub is_table: bool,
    /// What the key is for; empty for a table.
    pub doc: &'static str,
}

/// What stands for the value of a table that is there.
const THERE: &str = "there";

/// The inputs in which these scenarios differ: in the order of the first, then of those after it.
/// The names of scenarios are left out. A table that only some have is one difference.
pub fn differences(scenarios: &[&Scenario]) -> Vec<InputDifference> {
    let mut differences: Vec<InputDifference> = Vec::new();
    for (at, scenario) in scenarios.iter().enumerate() {
        for one in &scenario.assumptions {
            let key = &*one.key;
            // What an earlier scenario has too was looked at there.
            let earlier = scenarios[..at].iter().any(|other| other.assumption(key).is_some());
            if earlier || matches!(key, "name" | "schema") {
                continue;
            }
            let found: Vec<Option<&Assumption>> =
                scenarios.iter().map(|scenario| scenario.assumption(key)).collect();
            if found.iter().all(|other| other.is_some_and(|other| same(one, other))) {
                continue;
            }
            let Some(difference) = difference(scenarios, one, &found) else { continue };
            if !differences.iter().any(|known| known.path == difference.path) {
                differences.push(difference);
            }
        }
    }
    differences
}

fn difference(
    scenarios: &[&Scenario],
    one: &Assumption,
    found: &[Option<&Assumption>],
) -> Option<InputDifference> {
    let has = |scenario: &Scenario, table: &str| {
        let inside = |key: &str| key.strip_prefix(table).is_some_and(|rest| rest.starts_with('.'));
        scenario.assumptions.iter().any(|one| inside(&one.key))
    };
    let missing = |table: &&str| scenarios.iter().any(|scenario| !has(scenario, table));
    if let Some(table) = tables(&one.key).find(missing) {
        let there = |scenario: &&Scenario| has(scenario, table).then(|| THERE.to_owned());
        return Some(InputDifference {
            path: table.to_owned(),
            values: scenarios.iter().map(there).collect(),
            is_table: true,
            doc: "",
        });
    }
    let value = |one: &Option<&Assumption>| one.map(|one| one.value.to_string());
    Some(InputDifference {
        path: one.key.to_string(),
        values: found.iter().map(value).collect(),
        is_table: false,
        doc: one.doc,
    })
}

/// Whether two values are the same, however they are written.
fn same(one: &Assumption, other: &Assumption) -> bool {
    if one.value == other.value {
        return true;
    }
    if let (Some(one), Some(other)) = (&one.distribution, &other.distribution) {
        return one == other;
    }
    let number = |one: &Assumption| one.value.replace('_', "").parse::<f64>().ok();
    number(one).is_some_and(|value| number(other) == Some(value))
}

/// The tables that a key stands in, the outermost first. Dots in quoted names part nothing.
fn tables(key: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let dots = key.char_indices().filter(move |(_, c)| {
        quoted ^= *c == '"';
        *c == '.' && !quoted
    });
    dots.map(|(at, _)| &key[..at]).filter(|table| !matches!(*table, "strategy" | "fault" | "site"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn scenario(text: &str) -> Scenario {
        Scenario::read(text.to_owned(), Path::new(""), "x").unwrap()
    }

    fn told(scenarios: &[&Scenario]) -> Vec<(String, Vec<Option<String>>)> {
        differences(scenarios).into_iter().map(|one| (one.path, one.values)).collect()
    }

    #[test]
    fn values_are_compared_however_they_are_written() {
        let one = scenario(
            "name = \"x\"\n[organisation]\nusers = 25_000\n[operations]\ncall_out = \"1h\"\n\
             decision = \"5m\"\n[[strategy]]\nname = \"a\"\n",
        );
        let two = scenario(
            "name = \"y\"\n[organisation]\nusers = 25000\n[operations]\ncall_out = \"60m\"\n\
             decision = \"6m\"\n[[strategy]]\nname = \"a\"\n",
        );
        let values = vec![Some("\"5m\"".to_owned()), Some("\"6m\"".to_owned())];
        assert_eq!(told(&[&one, &two]), [("operations.decision".to_owned(), values)]);
        assert!(told(&[&one, &one]).is_empty());
    }

    #[test]
    fn a_table_that_one_lacks_is_one_difference() {
        let one = scenario("name = \"x\"\n[[strategy]]\nname = \"a\"\n");
        let two = scenario(
            "name = \"x\"\n[costs]\n[[strategy]]\nname = \"a\"\n[strategy.rebuild]\n\
             [[strategy]]\nname = \"b. c\"\n",
        );
        let told = told(&[&one, &two]);
        let paths: Vec<&str> = told.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["strategy.\"a\".rebuild", "strategy.\"b. c\"", "costs"]);
        assert!(told.iter().all(|(_, values)| *values == [None, Some(THERE.to_owned())]));
    }
}
