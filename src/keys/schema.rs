//! The JSON Schema of a document, from the very code that reads it.
//!
//! The reader runs over an empty document and every key that it asks for leaves a declaration; here
//! the declarations become one schema (draft 2020-12), in the order of reading.

use serde_json::{Map, json};

use super::declaration::{Declaration, Demand, TreeStep};
use super::{Document, Json, Log, Section};

/// An empty table of the schema.
pub(super) fn table() -> Json {
    json!({ "type": "object", "additionalProperties": false, "properties": {} })
}

/// An empty table of the schema, or the word "never" in its place.
pub(super) fn table_or_never() -> Json {
    let mut table = table();
    if let Some(object) = table.as_object_mut() {
        object.insert("type".to_owned(), json!(["object", "string"]));
        object.insert("pattern".to_owned(), r"^\s*never\s*$".into());
    }
    table
}

/// An empty list of tables of the schema, of which so many must be written.
pub(super) fn tables(least: u64) -> Json {
    let mut tables = json!({ "type": "array", "items": table() });
    if let (Some(object), true) = (tables.as_object_mut(), least > 0) {
        object.insert("minItems".to_owned(), least.into());
    }
    tables
}

/// The JSON Schema of the documents that `reader` reads.
///
/// In this mode no section is absent, each list of tables has one table, and nothing is missing.
pub fn describe<T>(title: &str, reader: impl FnOnce(Section<'_>) -> T) -> Json {
    let document = Document::parse("", "");
    let mut log = Log { declarations: Some(Vec::new()), ..Log::new() };
    reader(Section::root(&document, None, &mut log));
    let mut root = table();
    let mut shared = Map::new();
    for declaration in log.declarations.into_iter().flatten() {
        let Declaration { steps, mut schema, default, doc, required, definitions } = declaration;
        for (name, definition) in definitions.0 {
            shared.entry(name).or_insert(definition);
        }
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), doc.into());
            object.extend(default.map(|default| ("default".to_owned(), default)));
        }
        place(&mut root, &steps, schema, required);
    }
    for Demand { steps, schema } in log.demands {
        demand(&mut root, &steps, schema);
    }
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    whole.insert("title".to_owned(), title.into());
    if let Json::Object(root) = root {
        whole.extend(root);
    }
    if !shared.is_empty() {
        whole.insert("$defs".to_owned(), Json::Object(shared));
    }
    Json::Object(whole)
}

/// Puts `schema` at the end of the path `steps`. A key that is declared twice keeps the first.
fn place(root: &mut Json, steps: &[TreeStep], schema: Json, required: bool) {
    let Some((TreeStep::Key(key), way)) = steps.split_last() else {
        return;
    };
    let Some(table) = table_at(root, way) else {
        return;
    };
    if required && let Some(names) = table.entry("required").or_insert(json!([])).as_array_mut() {
        names.push((*key).into());
    }
    if let Some(properties) = table.get_mut("properties").and_then(Json::as_object_mut) {
        properties.entry(*key).or_insert(schema);
    }
}

/// Adds a demand to the table at the end of the path `steps`.
fn demand(root: &mut Json, steps: &[TreeStep], schema: Json) {
    let Some(table) = table_at(root, steps) else {
        return;
    };
    if let Some(all) = table.entry("allOf").or_insert(json!([])).as_array_mut() {
        all.push(schema);
    }
}

fn table_at<'r>(mut at: &'r mut Json, way: &[TreeStep]) -> Option<&'r mut Map<String, Json>> {
    for step in way {
        at = match step {
            TreeStep::Key(name) => at.get_mut("properties")?.get_mut(name)?,
            TreeStep::Each(_) => at.get_mut("items")?,
        };
    }
    at.as_object_mut()
}
