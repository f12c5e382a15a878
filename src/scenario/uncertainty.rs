//! The `[uncertainty]` table: how far what says nothing of itself may be off, and what moves
//! together.

use crate::keys::{
    Form, Json, List, Log, Memory, Node, Number, Paths, Quantity, Range, Section, Value,
};
use serde_json::json;
use std::sync::Arc;

/// The `[uncertainty]` table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct UncertaintyKeys {
    /// Groups of patterns of paths: what one group matches moves as one.
    pub together: Vec<Vec<String>>,
    /// Patterns of paths that several strategies state alike, and that vary one by one all the same.
    pub apart: Vec<String>,
    /// Patterns of paths that are known: nothing is assumed of how far they may be off.
    pub known: Vec<String>,
    /// How far off a value may be that says nothing of itself; `None` is not at all.
    pub default: Option<DefaultFactors>,
}

/// Factors either way, 1 or more: from one over it to it lie 90 % of what the value may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DefaultFactors {
    /// Of times that work and waiting take.
    pub time: f64,
    /// Of how often something happens.
    pub rate: f64,
    /// Of money.
    pub price: f64,
    /// Of the odds of a probability.
    pub odds: f64,
}

const FACTORS: DefaultFactors = DefaultFactors { time: 2.0, rate: 3.0, price: 3.0, odds: 2.0 };
const DEFAULT: &str = "{ time = 2.0, rate = 3.0, price = 3.0, odds = 2.0 }";
const OFF: &str = "off";
const NAMES: [&str; 4] = ["time", "rate", "price", "odds"];
const ALLOWED: Range = Range::Between(1.0, 1000.0);

/// What `default` may be.
#[derive(Debug, Clone, Copy)]
struct Default(Option<DefaultFactors>);

impl Value for Default {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        if node.text().is_some_and(|text| text.trim() == OFF) {
            return Some(Default(None));
        }
        if !node.is_table() {
            node.expected(log, &Self::expects(), "");
            return None;
        }
        let before = log.errors_so_far();
        node.refuse_unknown_keys(&NAMES, log);
        let mut factor = |name: &str, otherwise: f64| {
            let read = |node: Node<'_>| Form::read(&Number(ALLOWED), &node, log);
            node.get(name).and_then(read).unwrap_or(otherwise)
        };
        let factors = DefaultFactors {
            time: factor("time", FACTORS.time),
            rate: factor("rate", FACTORS.rate),
            price: factor("price", FACTORS.price),
            odds: factor("odds", FACTORS.odds),
        };
        (log.errors_so_far() == before).then_some(Default(Some(factors)))
    }
    fn expects() -> String {
        format!("factors such as {DEFAULT}, or \"{OFF}\"")
    }
    fn schema() -> Json {
        let factor = Number(ALLOWED).schema();
        let properties: serde_json::Map<_, _> =
            NAMES.iter().map(|name| ((*name).to_owned(), factor.clone())).collect();
        json!({ "anyOf": [
            { "const": OFF },
            { "type": "object", "additionalProperties": false, "properties": properties },
        ] })
    }
    fn quantity(&self) -> Quantity {
        Quantity::Fixed
    }
    fn harmless() -> Self {
        Default(None)
    }
}

/// A path of a key, in which `*` stands for any one name.
#[derive(Debug, Clone, Copy)]
struct Pattern;

impl Form for Pattern {
    type Output = String;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<String> {
        if node.text().is_none() {
            node.expected(log, &self.expects(), "");
        }
        node.text().map(str::to_owned)
    }
    fn expects(&self) -> String {
        "the path of a key such as \"operations.call_out\" or \"fault.*.every\"".to_owned()
    }
    fn schema(&self) -> Json {
        json!({ "type": "string", "minLength": 1, "examples": ["operations.*", "fault.*.every"] })
    }
    fn quantity(&self, _pattern: &String) -> Quantity {
        Quantity::Fixed
    }
    fn harmless(&self) -> String {
        String::new()
    }
}

const PATHS: List<Pattern> = List { item: Pattern, distinct: true, plural: "paths" };
const GROUPS: List<List<Pattern>> = List { item: PATHS, distinct: true, plural: "lists of paths" };

/// Reads the table, after all others, so that paths of keys that are not there are refused.
pub(super) fn read(
    top: &mut Section<'_>,
    memory: &mut Memory<Arc<UncertaintyKeys>>,
) -> Arc<UncertaintyKeys> {
    let keys = top.remember(memory, |top| Arc::new(read_table(top)));
    refuse_strange_paths(top, &keys);
    keys
}

fn read_table(top: &mut Section<'_>) -> UncertaintyKeys {
    let doc =
        "how far the assumptions may be off, for `outlast sensitivity` and what a run says of it";
    let mut section = top.section("uncertainty", doc);
    UncertaintyKeys {
        default: section
            .get::<Default>(
                "default",
                DEFAULT,
                "factor either way that holds for times, rates, prices and odds without a range of \
                 their own; \"off\" = only what has one varies",
            )
            .0,
        together: section.get_as(
            "together",
            &GROUPS,
            "[]",
            "lists of paths; what is in one list moves as one: [[\"operations.*\"], [\"fault.*.every\"]]",
        ),
        apart: section.get_as(
            "apart",
            &PATHS,
            "[]",
            "paths that vary one by one where several strategies state the same, as if they were one",
        ),
        known: section.get_as(
            "known",
            &PATHS,
            "[]",
            "paths of values that are known, so that `default` does not hold for them",
        ),
    }
}

/// Refuses paths that no key of the scenario has.
fn refuse_strange_paths(top: &mut Section<'_>, keys: &UncertaintyKeys) {
    if top.is_quiet() || keys.together.is_empty() && keys.apart.is_empty() && keys.known.is_empty()
    {
        return;
    }
    let Some(table) = top.written("uncertainty") else {
        return;
    };
    let paths = Paths::of(top);
    let mut nodes: Vec<Node<'_>> = Vec::new();
    for key in ["apart", "known", "together"] {
        nodes.extend(table.get(key).and_then(|node| node.items()).unwrap_or_default());
    }
    while let Some(node) = nodes.pop() {
        nodes.extend(node.items().unwrap_or_default());
        let error = node.text().and_then(|text| paths.matching(text).err());
        if let Some(error) = error {
            top.error_at(Some(node.span_of_part(error.span)), error.message, &error.help);
        }
    }
}
