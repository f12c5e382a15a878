//! How calendar types are written in a scenario.

use super::profile::{HOURS, Profile, Season};
use super::staffing::Staffing;
use crate::keys::{Form, Json, List, Log, Node, Number, Of, Range, Value, nearest, quote};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::json;

impl Value for Staffing {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        let staffing = Staffing::parse(node.text()?);
        node.checked(staffing, "such as \"Mon-Fri 09:00-17:00\", or \"24x7\"", log)
    }
    fn expects() -> String {
        "staffed hours such as \"24x7\", \"office\" or \"Mon-Fri 09:00-17:00\"".to_owned()
    }
    fn schema() -> Json {
        let examples = ["24x7", "office", "Mon-Fri 09:00-17:00"];
        json!({ "type": "string", "pattern": Staffing::pattern(), "examples": examples })
    }
    fn harmless() -> Self {
        Staffing::always()
    }
}

impl Value for Profile {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        let made = if let Some(text) = node.text() {
            match text {
                "flat" => Ok(Profile::flat()),
                "office" => Ok(Profile::office()),
                "mornings" => Ok(Profile::mornings()),
                path => return read_profile_file(node, path, log),
            }
        } else {
            let weights =
                List { item: Number(Range::NonNegative), distinct: false, plural: "weights" };
            node.items()?;
            Profile::from_weights(&weights.read(node, log)?)
        };
        let help =
            "write \"flat\", \"office\", \"mornings\", the path of a CSV file, or 168 weights";
        node.checked(made, help, log)
    }
    fn expects() -> String {
        format!("\"flat\", \"office\", \"mornings\", the path of a CSV file, or {HOURS} weights")
    }
    fn schema() -> Json {
        json!({ "anyOf": [
            { "enum": NAMED },
            { "type": "string", "minLength": 1, "title": "path of a CSV file with dow,hour,weight" },
            { "type": "array", "items": { "type": "number", "minimum": 0 },
              "minItems": HOURS, "maxItems": HOURS },
        ] })
    }
    fn harmless() -> Self {
        Profile::flat()
    }
}

/// The profiles that have a name.
const NAMED: [&str; 3] = ["flat", "office", "mornings"];

/// Rows of a file that are shown when they are wrong; the others are counted.
const SHOWN: usize = 20;

fn read_profile_file(node: &Node<'_>, path: &str, log: &mut Log) -> Option<Profile> {
    // A word that is no path and near one of ours was hardly meant to be a file.
    let is_word = !path.contains(['.', '/', '\\']) && !node.base().join(path).exists();
    if let Some(near) = nearest(path, &NAMED).filter(|_| is_word) {
        let message = format!("there is no profile {}", quote(path));
        node.error(log, message, &format!("did you mean {}?", quote(near)));
        return None;
    }
    let text = node.load(path, log)?;
    let errors = match Profile::from_csv(&text) {
        Ok(profile) => return Some(profile),
        Err(errors) => errors,
    };
    for error in errors.iter().take(SHOWN) {
        node.error(log, format!("{}: {error}", quote(path)), "");
    }
    if errors.len() > SHOWN {
        node.error(log, format!("and {} more lines of {}", errors.len() - SHOWN, quote(path)), "");
    }
    None
}

impl Value for Season {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        if !node.is_table() {
            node.expected(log, &Self::expects(), "");
            return None;
        }
        node.refuse_unknown_keys(&["from", "to", "factor"], log);
        let part = |key: &str, log: &mut Log| {
            let found = node.get(key);
            if found.is_none() {
                node.error(log, format!("`{key}` is missing"), &Season::expects());
            }
            found
        };
        let from = part("from", log).and_then(|node| Date::read(&node, log));
        let to = part("to", log).and_then(|node| Date::read(&node, log));
        let factor = part("factor", log)
            .and_then(|node| Form::read(&Number(Range::NonNegative), &node, log));
        let season = Season::new(from?, to?, factor?);
        node.checked(season, "the first day comes before the last", log)
    }
    fn expects() -> String {
        "a season such as { from = \"2027-09-20\", to = \"2027-10-03\", factor = 6.0 }".to_owned()
    }
    fn schema() -> Json {
        json!({
            "type": "object",
            "additionalProperties": false,
            "required": ["from", "to", "factor"],
            "properties": {
                "from": Date::schema(),
                "to": Date::schema(),
                "factor": { "type": "number", "minimum": 0 },
            },
        })
    }
    fn harmless() -> Self {
        Season { from: Date::harmless(), to: Date::harmless(), factor: 1.0 }
    }
}

/// A time zone with its name.
#[derive(Debug, Clone)]
pub struct Zone(
    /// The zone.
    pub TimeZone,
);

impl Value for Zone {
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self> {
        let text = node.text()?;
        match TimeZone::get(text) {
            Ok(zone) => Some(Zone(zone)),
            Err(_) => {
                let message = format!("there is no time zone {}", quote(text));
                let help = match nearest_zone(text) {
                    Some(near) => format!("did you mean {}?", quote(&near)),
                    None => "IANA names: \"UTC\", \"Europe/Berlin\", \"America/New_York\"".into(),
                };
                node.error(log, message, &help);
                None
            }
        }
    }
    fn expects() -> String {
        "the IANA name of a time zone such as \"Europe/Berlin\"".to_owned()
    }
    fn schema() -> Json {
        json!({ "type": "string", "examples": ["UTC", "Europe/Berlin", "America/New_York"] })
    }
    fn harmless() -> Self {
        Zone(TimeZone::UTC)
    }
}

/// The time zone that was most likely meant, by its whole name or by the city in it.
fn nearest_zone(written: &str) -> Option<String> {
    let database = jiff::tz::db();
    let zones: Vec<_> = database.available().collect();
    let names: Vec<&str> = zones.iter().map(|zone| zone.as_str()).collect();
    let city = |name: &&str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let cities: Vec<String> = names.iter().map(city).collect();
    let by_city = || {
        let cities: Vec<&str> = cities.iter().map(String::as_str).collect();
        let near = nearest(written, &cities)?;
        names.get(cities.iter().position(|city| *city == near)?).copied()
    };
    nearest(written, &names).or_else(by_city).map(str::to_owned)
}

/// Dates, none twice.
pub type Dates = List<Of<Date>>;

/// The form of a list of dates.
pub fn dates() -> Dates {
    List { item: Of::new(), distinct: true, plural: "dates" }
}
