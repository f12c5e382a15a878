//! How many people can work at once, as it is written.

use crate::keys::{Count, Form, Json, Log, Node, Quantity, Value, nearest};
use serde_json::json;

/// A number of people, or no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct People(
    /// `None` is without limit.
    pub Option<u32>,
);

const WITHOUT_LIMIT: &str = "unlimited";

fn number() -> Count {
    Count(1..=10_000)
}

impl Value for People {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        match node.text() {
            Some(WITHOUT_LIMIT) => return Some(People(None)),
            Some(text) if nearest(text, &[WITHOUT_LIMIT]).is_some() => {
                node.expected(log, &Self::expects(), "write \"unlimited\"");
                return None;
            }
            _ => {}
        }
        let count = number().read(node, log)?;
        Some(People(u32::try_from(count).ok()))
    }
    fn expects() -> String {
        format!("{} or \"unlimited\"", number().expects())
    }
    fn schema() -> Json {
        json!({ "anyOf": [{ "const": WITHOUT_LIMIT }, number().schema()] })
    }
    fn quantity(&self) -> Quantity {
        match self.0 {
            Some(people) => number().quantity(&u64::from(people)),
            None => Quantity::Choice,
        }
    }
    fn harmless() -> Self {
        People(Some(2))
    }
}
