//! The JSON Schema of a distribution.

use serde_json::{Map, json};

use super::parameters::form;
use super::phrases::{fitted_families, takes_range};
use crate::distribution::FAMILIES;
use crate::distribution::family::Parameter;
use crate::keys::{Duration, Form, Json, factor_schema};
use crate::units::duration_pattern;

/// What a distribution may be; calls itself `#/$defs/distribution`.
pub(super) fn distribution() -> Json {
    json!({ "description": "a distribution of a duration", "anyOf": forms() })
}

/// A distribution with a factor by which its times may be off, in the table of its family.
pub(super) fn distribution_with_factor() -> Json {
    let beside = |mut form: Json| {
        let properties = form.get_mut("properties")?.as_object_mut()?;
        properties.insert("factor".to_owned(), factor_schema());
        form.get_mut("required")?.as_array_mut()?.push("factor".into());
        Some(form)
    };
    let forms: Vec<Json> = forms().into_iter().filter_map(beside).collect();
    json!({ "description": "a distribution, and how far its times may be off", "anyOf": forms })
}

fn forms() -> Vec<Json> {
    let body = duration_pattern();
    let text = json!({
        "type": "string",
        "pattern": format!(r"^\s*{body}(?:\s+to\s+{body})?\s*$"),
        "description": "a duration, which is constant, or a range of two, whose 5 % and 95 % points they are",
        "examples": ["8h", "1h to 9h"]
    });
    let mut forms = vec![text];
    forms.extend(FAMILIES.iter().map(|family| {
        let mut sets: Vec<Json> = family.parameters.iter().map(|set| table(set.named)).collect();
        if takes_range(family) {
            let range = format!(r"^\s*{body}\s+to\s+{body}\s*$");
            sets.push(json!({ "type": "string", "pattern": range, "examples": ["1h to 9h"] }));
        }
        let one = sets.len() == 1;
        beside_max(family.name, if one { sets.remove(0) } else { json!({ "anyOf": sets }) })
    }));
    let durations = json!({ "type": "array", "items": Duration::ANY.schema(), "minItems": 1 });
    let file =
        closed(&[("file", json!({ "type": "string" })), ("column", json!({ "type": "string" }))]);
    forms.push(beside_max("empirical", json!({ "anyOf": [durations, file] })));
    let weight = json!({ "type": "number", "minimum": 0 });
    let part = closed(&[("weight", weight), ("of", json!({ "$ref": "#/$defs/distribution" }))]);
    forms.push(beside_max("mixture", json!({ "type": "array", "items": part, "minItems": 1 })));
    forms.push(beside_max("fitted", fitted()));
    forms
}

/// A distribution fitted to a log; what each key means is said where it is read, in the room of
/// evidence.
fn fitted() -> Json {
    let families = fitted_families();
    let text = json!({ "type": "string" });
    let roles = ["start", "end", "duration", "cause", "component", "id", "status"];
    let roles: Map<_, _> = roles.iter().map(|role| ((*role).to_owned(), text.clone())).collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["file"],
        "properties": {
            "file": { "type": "string", "title": "path of an incident log, from the scenario's folder" },
            "family": { "enum": families, "default": families[0] },
            "variable": { "enum": ["recovery", "between"], "default": "recovery" },
            "column": { "type": "string", "title": "heading of a column of durations" },
            "columns": {
                "type": "object", "additionalProperties": false, "properties": roles,
                "title": "headings of the columns"
            },
            "unit": { "type": "string" },
            "date_format": { "type": "string", "default": "iso" },
            "time_zone": { "type": "string", "default": "UTC" },
            "until": { "type": "string", "title": "end of the watch" },
            "open": { "enum": ["judged", "censored", "left-out"], "default": "judged" },
            "cause": { "type": "string", "title": "only incidents with this cause" },
            "component": { "type": "string", "title": "only incidents of this component" },
            "uncertainty": { "type": "boolean", "default": true },
        },
    })
}

fn table(parameters: &[(&'static str, Parameter)]) -> Json {
    let property = |(name, kind): &(&'static str, Parameter)| (*name, form(*kind).schema());
    closed(&parameters.iter().map(property).collect::<Vec<_>>())
}

/// A table in which every key is required and no other allowed.
fn closed(properties: &[(&str, Json)]) -> Json {
    let names: Vec<_> = properties.iter().map(|(name, _)| *name).collect();
    let map: Map<_, _> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": map, "required": names })
}

fn beside_max(name: &str, schema: Json) -> Json {
    json!({
        "type": "object",
        "additionalProperties": false,
        "properties": { name: schema, "max": Duration::POSITIVE.schema() },
        "required": [name]
    })
}
