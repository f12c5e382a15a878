//! What a reader declares of each key that it asks for, for the schema.

use serde_json::Map;

use super::Json;

/// One step of a path in the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TreeStep {
    /// Into a key of a table.
    Key(&'static str),
    /// Into the tables of a list: of a document, into that one.
    Each(usize),
}

/// What one key declared.
#[derive(Debug, Clone)]
pub(super) struct Declaration {
    pub(super) steps: Vec<TreeStep>,
    pub(super) schema: Json,
    pub(super) default: Option<Json>,
    pub(super) doc: &'static str,
    pub(super) required: bool,
    pub(super) definitions: Definitions,
}

/// What is demanded of a whole table, beyond its keys one by one.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// The path of the table.
    pub(super) steps: Vec<TreeStep>,
    /// A schema that the table must fit, too.
    pub(super) schema: Json,
}

/// Shared parts of the schema, by name; refer to one as `{ "$ref": "#/$defs/NAME" }`.
#[derive(Debug, Clone, Default)]
pub struct Definitions(pub(super) Map<String, Json>);

impl Definitions {
    /// Adds the definition `name`. The first of a name stays.
    pub fn add(&mut self, name: &str, schema: impl FnOnce() -> Json) {
        if !self.0.contains_key(name) {
            self.0.insert(name.to_owned(), schema());
        }
    }
}
