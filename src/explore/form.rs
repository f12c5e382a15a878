//! What controls there are: one for each key, made of its declaration.
//!
//! A key's schema says what it takes, the reading of the scenario what it has, and the list of facts
//! where a default is from. Nothing about a single key is said here.

use crate::keys::{Assumption, Json};
use crate::report::sources::Sources;
use crate::report::words::spoken;
use crate::scenario::{DEFAULT, Listing, Spec, schema};
use serde_json::{Map, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

/// By path: the value as TOML; none where a key has none.
pub type Values = BTreeMap<String, Option<String>>;

/// The controls of a scenario, and a name of their kind and order: as long as it is the same, only
/// values have changed.
#[derive(Debug)]
pub struct Form {
    /// Name of what there is.
    pub shape: String,
    listing: Listing,
    /// The values.
    pub values: Values,
}

impl Form {
    /// The controls of a scenario, as far as it can be read.
    pub fn of(spec: &mut Spec) -> Form {
        let listing = spec.listing();
        let values = values(&listing);
        let mut hash = Sha256::new();
        let tables = listing.tables.iter().map(|(path, is)| format!("{path} {is}"));
        for line in listing.keys.iter().map(|(path, _)| path.clone()).chain(tables) {
            hash.update(line.as_bytes());
            hash.update(b"\n");
        }
        let shape = hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        Form { shape, listing, values }
    }
}

impl Form {
    /// All controls, for the page.
    pub fn json(&self) -> Json {
        json(&self.listing)
    }
}

fn values(listing: &Listing) -> Values {
    let absent = listing.keys.iter().map(|(path, _)| (path.clone(), None));
    let mut values: Values = absent.collect();
    for one in &listing.assumptions {
        values.insert(one.key.to_string(), Some(one.value.to_string()));
    }
    values
}

fn json(listing: &Listing) -> Json {
    static SOURCES: OnceLock<Sources> = OnceLock::new();
    let sources = SOURCES.get_or_init(Sources::read);
    let known: BTreeMap<&str, &Assumption> =
        listing.assumptions.iter().map(|one| (&*one.key, one)).collect();
    let key = |(path, doc): &(String, &'static str)| {
        let names = names(path);
        let assumption = known.get(path.as_str()).copied();
        let mut control = declared(&names);
        let (table, key) = split(path);
        control.insert("path".to_owned(), path.as_str().into());
        control.insert("table".to_owned(), table.into());
        control.insert("key".to_owned(), key.into());
        control.insert("doc".to_owned(), (*doc).into());
        if let Some(one) = assumption {
            control.insert("value".to_owned(), (*one.value).into());
            control.insert("given".to_owned(), (!one.is_default).into());
            control.insert("source".to_owned(), sources.stated(one).into());
        }
        Json::Object(control)
    };
    let table = |(path, is): &(String, bool)| {
        let names = names(path);
        let declared = at(&names);
        json!({
            "path": path,
            "there": is,
            "title": title(path),
            "doc": declared.and_then(|one| one["description"].as_str()),
            // What must be stated when it is put in.
            "needs": declared.map(|one| one["required"].clone()),
        })
    };
    let mut titles = Map::new();
    for (path, _) in &listing.keys {
        let (table, _) = split(path);
        if !titles.contains_key(table) {
            titles.insert(table.to_owned(), title(table).into());
        }
    }
    json!({
        "keys": listing.keys.iter().map(key).collect::<Json>(),
        "tables": listing.tables.iter().map(table).collect::<Json>(),
        "titles": titles,
        "templates": templates(),
    })
}

/// The strategies of the embedded scenario, which can be added to any.
fn templates() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let mut spec = Spec::parse(DEFAULT, Path::new(""), "");
        let scenario = spec.compile();
        scenario.map_or_else(
            |_| Vec::new(),
            |scenario| scenario.strategies.iter().map(|one| one.name.clone()).collect(),
        )
    })
}

/// What the schema says of a key: its kind, its limits, its words, its default.
fn declared(names: &[String]) -> Map<String, Json> {
    let mut control = Map::new();
    let Some(schema) = at(names) else { return control };
    control.insert("default".to_owned(), schema.get("default").map_or(Json::Null, toml));
    // A key that takes a guess with its range states the plain form first.
    let plain = match schema["anyOf"].as_array().and_then(|forms| forms.first()) {
        Some(first)
            if schema.get("type").is_none()
                && !is_percentage(schema)
                && hours(schema).is_none() =>
        {
            first
        }
        _ => schema,
    };
    let limits = |control: &mut Map<String, Json>, of: &Json| {
        for (name, key) in
            [("least", "minimum"), ("above", "exclusiveMinimum"), ("most", "maximum")]
        {
            if let Some(limit) = of.get(key) {
                control.insert(name.to_owned(), limit.clone());
            }
        }
    };
    let number = hours(plain);
    let kind = if is_percentage(plain) {
        "probability"
    } else if let Some(number) = number {
        limits(&mut control, number);
        "hours"
    } else if let Some(words) = plain["enum"].as_array() {
        control.insert("words".to_owned(), words.clone().into());
        "choice"
    } else {
        match (plain["$ref"].as_str().unwrap_or_default(), plain["type"].as_str()) {
            ("#/$defs/distribution", _) => "times",
            (name, _) if name.ends_with("duration") => "duration",
            (_, Some("boolean")) => "switch",
            (_, Some("integer")) => {
                limits(&mut control, plain);
                "whole"
            }
            (_, Some("number")) => {
                limits(&mut control, plain);
                "number"
            }
            (_, Some("string")) => "text",
            _ => "toml",
        }
    };
    control.insert("kind".to_owned(), kind.into());
    control
}

/// What a key takes as a number, where it takes hours as a number or as a duration.
fn hours(schema: &Json) -> Option<&Json> {
    let [number, duration] = &schema["anyOf"].as_array()?[..] else { return None };
    let is = duration["$ref"].as_str()?.ends_with("duration") && number["type"] == "number";
    is.then_some(number)
}

fn is_percentage(schema: &Json) -> bool {
    schema["anyOf"]
        .as_array()
        .is_some_and(|forms| forms.iter().any(|form| form["title"] == "percentage"))
}

/// A value of the schema as TOML.
fn toml(json: &Json) -> Json {
    fn written(json: &Json) -> String {
        match json {
            Json::String(text) => crate::keys::quote(text),
            Json::Array(list) => {
                format!("[{}]", list.iter().map(written).collect::<Vec<_>>().join(", "))
            }
            Json::Object(table) => {
                let pairs: Vec<String> = table
                    .iter()
                    .map(|(key, value)| format!("{key} = {}", written(value)))
                    .collect();
                format!("{{ {} }}", pairs.join(", "))
            }
            other => other.to_string(),
        }
    }
    written(json).into()
}

/// The declaration at a path.
fn at(names: &[String]) -> Option<&'static Json> {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    let mut at = SCHEMA.get_or_init(schema);
    for name in names {
        at = match at.get("properties").and_then(|keys| keys.get(name)) {
            Some(key) => match key.get("items").filter(|items| items.get("properties").is_some()) {
                Some(items) => items,
                None => key,
            },
            // The name of one of a list: its declaration is that of all.
            None if at.get("properties").is_some() => at,
            None => return None,
        };
    }
    Some(at)
}

/// The names of a path.
fn names(path: &str) -> Vec<String> {
    let (mut names, mut name, mut quoted, mut escaped) = (Vec::new(), String::new(), false, false);
    for letter in path.chars() {
        match letter {
            _ if escaped => {
                name.push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' if !quoted => names.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    names.push(name);
    names
}

/// The table and the last name of a path.
fn split(path: &str) -> (&str, &str) {
    let (mut quoted, mut escaped, mut last) = (false, false, None);
    for (at, letter) in path.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' if !quoted => last = Some(at),
            _ => {}
        }
    }
    last.map_or(("", path), |at| (&path[..at], &path[at + 1..]))
}

/// A table as people call it: `Staging server: staging`, `operations`.
fn title(table: &str) -> String {
    let names = names(table);
    match &names[..] {
        [list, name, rest @ ..] if is_list(list) => {
            let rest: Vec<String> = rest.iter().map(|name| spoken(name)).collect();
            let rest =
                if rest.is_empty() { String::new() } else { format!(": {}", rest.join(", ")) };
            format!("{name}{rest}")
        }
        names => names.iter().map(|name| spoken(name)).collect::<Vec<_>>().join(": "),
    }
}

fn is_list(name: &str) -> bool {
    at(&[]).is_some_and(|top| top["properties"][name]["items"].get("properties").is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> Form {
        Form::of(&mut Spec::embedded())
    }

    fn control(form: &Form, path: &str) -> Json {
        let all = form.json()["keys"].as_array().unwrap().clone();
        all.iter().find(|one| one["path"] == path).cloned().unwrap_or_else(|| panic!("{path}"))
    }

    #[test]
    fn each_kind_of_key_has_its_control() {
        let form = form();
        let kind = |path| control(&form, path)["kind"].as_str().unwrap().to_owned();
        assert_eq!(kind("operations.call_out"), "times");
        assert_eq!(kind("operations.overtime"), "duration");
        assert_eq!(kind("fault.\"internet link\".common_mode"), "probability");
        assert_eq!(kind("costs.labour_hour"), "number");
        assert_eq!(kind("organisation.users"), "whole");
        assert_eq!(kind("organisation.sign_in"), "choice");
        assert_eq!(kind("strategy.\"Staging server\".staging.verify"), "switch");
        assert_eq!(
            kind("strategy.\"Cloud Sync, three agents + script\".cloud_sync.agents"),
            "whole"
        );
        assert_eq!(kind("tolerance.longest_outage_hours.limit"), "hours");
        assert_eq!(kind("name"), "text");
        let all = form.json()["keys"].as_array().unwrap().clone();
        let odd: Vec<&Json> = all.iter().filter(|one| one.get("kind").is_none()).collect();
        assert!(odd.is_empty(), "{odd:?}");
    }

    #[test]
    fn a_control_says_what_its_key_means_and_where_its_value_is_from() {
        let form = form();
        let users = control(&form, "organisation.users");
        assert_eq!(users["value"], "25_000");
        assert_eq!(users["default"], "25000");
        assert_eq!((&users["least"], &users["most"]), (&json!(1), &json!(100_000_000)));
        assert_eq!(users["doc"], "users with a password that is synced");
        assert!(users["source"].as_str().unwrap().starts_with("judgement"));
        let sign_in = control(&form, "organisation.sign_in");
        assert_eq!(sign_in["words"], json!(["password-hash-sync", "pass-through", "federated"]));
        let retry = control(&form, "workload.writeback.retry");
        assert_eq!(retry["default"], "{ exponential = { mean = \"30m\" } }");
        // It may be left out, and is: there is a control all the same.
        assert_eq!(control(&form, "organisation.largest_group").get("value"), None);
    }

    #[test]
    fn tables_that_may_be_left_out_are_told() {
        let form = form();
        let table = |path: &str| {
            let all = form.json()["tables"].as_array().unwrap().clone();
            all.iter().find(|one| one["path"] == path).cloned().unwrap()
        };
        assert_eq!(table("costs")["there"], true);
        let rebuild = table("strategy.\"Staging server\".rebuild");
        assert_eq!(
            (&rebuild["there"], &rebuild["title"]),
            (&json!(false), &json!("Staging server: rebuild"))
        );
        let cost = table("tolerance.cost");
        assert_eq!(cost["there"], false);
        assert!(cost["needs"].as_array().unwrap().contains(&json!("limit")), "{cost}");
    }

    #[test]
    fn the_shape_changes_with_the_keys_and_not_with_their_values() {
        let mut spec = Spec::embedded();
        spec.set("operations.people", 5_u64).unwrap();
        assert_eq!(Form::of(&mut spec).shape, form().shape);
        let edit = crate::scenario::Edit::Without("costs".into());
        assert_ne!(Form::of(&mut spec.edited(&edit).unwrap()).shape, form().shape);
    }

    #[test]
    fn paths_are_taken_apart_at_dots_outside_of_quotes() {
        assert_eq!(names("strategy.\"a. \\\"b\\\"\".staging"), ["strategy", "a. \"b\"", "staging"]);
        assert_eq!(split("strategy.\"a.b\".cost"), ("strategy.\"a.b\"", "cost"));
        assert_eq!(split("name"), ("", "name"));
    }
}
