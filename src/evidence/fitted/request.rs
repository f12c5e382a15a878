//! What the table of a fitted distribution asks for.

use crate::evidence::fit::Family;
use crate::evidence::log::{
    DateFormat, Incident, IncidentLog, Open, ReadOptions, Role, unit_hours,
};
use crate::evidence::sample::Quantity;
use crate::keys::{Choice, Flag, Form, Log, Node, Text, meant, quote};
use jiff::tz::TimeZone;

/// Every key of the table.
const KEYS: [&str; 13] = [
    "file",
    "family",
    "variable",
    "column",
    "columns",
    "unit",
    "date_format",
    "time_zone",
    "until",
    "open",
    "cause",
    "component",
    "uncertainty",
];

/// The table, read.
#[derive(Debug)]
pub(super) struct FitRequest<'a> {
    /// Where the file is named.
    pub(super) file: Node<'a>,
    /// The file, as it is named.
    pub(super) name: &'a str,
    /// The family; the best when `None`.
    pub(super) family: Option<Family>,
    /// Which durations.
    pub(super) quantity: Quantity,
    /// How the log is to be read.
    pub(super) options: ReadOptions,
    /// Whether what the sample leaves open is to count.
    pub(super) uncertainty: bool,
    /// Only incidents with this cause, or this component.
    only: Vec<(Node<'a>, &'static str, &'a str)>,
}

impl<'a> FitRequest<'a> {
    /// Reads the table; `None` after an error.
    pub(super) fn read(node: &Node<'a>, log: &mut Log) -> Option<FitRequest<'a>> {
        let before = log.errors_so_far();
        node.refuse_unknown_keys(&KEYS, log);
        let file = node.get("file");
        if file.is_none() {
            node.error(log, "`file` is missing".to_owned(), "write { file = \"drills.csv\" }");
        }
        let name = file.and_then(|node| text(&node, log));
        let families: Vec<(&'static str, Option<Family>)> = [("best", None)]
            .into_iter()
            .chain(Family::ALL.map(|family| (family.name(), Some(family))))
            .collect();
        let family = chosen(node, "family", &families, log);
        let quantities =
            [Quantity::Recovery, Quantity::Between].map(|quantity| (quantity.name(), quantity));
        let quantity = chosen(node, "variable", &quantities, log);
        let open = chosen(node, "open", &Open::NAMED, log);
        let uncertainty =
            node.get("uncertainty").is_none_or(|node| Flag.read(&node, log).unwrap_or_default());
        let mut options = ReadOptions {
            columns: columns(node, log),
            open: open.unwrap_or_default(),
            ..ReadOptions::default()
        };
        read_times(node, &mut options, log);
        if let Some((node, text)) = text_at(node, "unit", log) {
            options.unit = unit_hours(text);
            if options.unit.is_none() {
                let message = format!("{} is no unit of time", quote(text));
                node.error(log, message, "units are \"s\", \"min\", \"h\", \"d\" and \"weeks\"");
            }
        }
        let only = ["cause", "component"]
            .into_iter()
            .filter_map(|key| text_at(node, key, log).map(|(node, wanted)| (node, key, wanted)));
        let only = only.collect();
        if log.errors_so_far() > before {
            return None;
        }
        let (file, name) = (file?, name?);
        let quantity = quantity.unwrap_or(Quantity::Recovery);
        Some(FitRequest { file, name, family: family?, quantity, options, uncertainty, only })
    }

    /// Whether an incident counts.
    pub(super) fn takes(&self, incident: &Incident) -> bool {
        self.only.iter().all(|(_, what, wanted)| same(of(incident, what), wanted))
    }

    /// A cause or component that no row has.
    pub(super) fn unmatched(&self, log: &IncidentLog) -> Option<(Node<'a>, &'static str, &'a str)> {
        let has =
            |what: &str, wanted: &str| log.incidents.iter().any(|i| same(of(i, what), wanted));
        self.only.iter().find(|(_, what, wanted)| !has(what, wanted)).copied()
    }

    /// "cause power, component db-1", if there is a choice.
    pub(super) fn only(&self) -> Option<String> {
        let only: Vec<String> =
            self.only.iter().map(|(_, what, wanted)| format!("{what} \"{wanted}\"")).collect();
        (!only.is_empty()).then(|| only.join(", "))
    }

    /// All that decides what is fitted, besides the text of the log.
    pub(super) fn canonical(&self) -> String {
        let ReadOptions { columns, date_format, time_zone, until, open, unit, .. } = &self.options;
        let columns: Vec<_> =
            columns.iter().map(|(role, heading)| (role.name(), heading)).collect();
        let only: Vec<_> = self.only.iter().map(|(_, what, wanted)| (what, wanted)).collect();
        let zone = time_zone.as_ref().and_then(TimeZone::iana_name);
        let family = self.family.map(Family::name);
        let unit = unit.map_or_else(String::new, |hours| format!(" {hours}"));
        format!(
            "{family:?} {} {columns:?} {:?} {zone:?} {:?} {open:?} {only:?}{unit}",
            self.quantity.name(),
            date_format.name(),
            until.map(|until| until.as_second()),
        )
    }
}

/// The different causes, or components, of a log, in the order of their first row.
pub(super) fn values(log: &IncidentLog, what: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for incident in &log.incidents {
        let value = of(incident, what);
        if !value.is_empty() && !found.iter().any(|known| same(known, value)) {
            found.push(value.to_owned());
        }
    }
    found
}

fn of<'i>(incident: &'i Incident, what: &str) -> &'i str {
    if what == "cause" { &incident.cause } else { &incident.component }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

/// A text; `None` after an error.
fn text<'a>(node: &Node<'a>, log: &mut Log) -> Option<&'a str> {
    Text.read(node, log)?;
    node.text()
}

/// The text of a key, with its place; `None` without one, and after an error.
fn text_at<'a>(node: &Node<'a>, key: &str, log: &mut Log) -> Option<(Node<'a>, &'a str)> {
    let node = node.get(key)?;
    Some((node, text(&node, log)?))
}

/// One of several words, the first when the key is absent; `None` after an error.
fn chosen<T: Copy>(
    node: &Node<'_>,
    key: &str,
    options: &[(&'static str, T)],
    log: &mut Log,
) -> Option<T> {
    let form = Choice { options };
    match node.get(key) {
        Some(node) => form.read(&node, log),
        None => Some(form.harmless()),
    }
}

/// Which column is what.
fn columns(node: &Node<'_>, log: &mut Log) -> Vec<(Role, String)> {
    let mut found = Vec::new();
    let column = text_at(node, "column", log);
    found.extend(column.map(|(_, heading)| (Role::Duration, heading.to_owned())));
    let Some(table) = node.get("columns") else {
        return found;
    };
    let Some(entries) = table.entries() else {
        let help = "write { start = \"opened\", end = \"closed\" }";
        table.expected(log, "a table of roles and headings", help);
        return found;
    };
    let roles = Role::ALL.map(Role::name);
    for entry in entries {
        match Role::ALL.into_iter().find(|role| role.name() == entry.name) {
            Some(role) => {
                found.extend(text(&entry.node, log).map(|heading| (role, heading.to_owned())));
            }
            None => {
                let help = meant(entry.name, &roles, "roles are");
                log.error(Some(entry.name_span), format!("unknown role `{}`", entry.name), &help);
            }
        }
    }
    found
}

/// How times are written, in which zone, and when the watch ended.
fn read_times(node: &Node<'_>, options: &mut ReadOptions, log: &mut Log) {
    if let Some((node, text)) = text_at(node, "date_format", log) {
        match text.parse::<DateFormat>() {
            Ok(format) => options.date_format = format,
            Err(why) => node.error(log, format!("{} is no date format", quote(text)), &why),
        }
    }
    let mut zone = TimeZone::UTC;
    if let Some((node, text)) = text_at(node, "time_zone", log) {
        match TimeZone::get(text) {
            Ok(found) => zone = found,
            Err(_) => {
                let help = "IANA names: \"UTC\", \"Europe/Berlin\", \"America/New_York\"";
                node.error(log, format!("there is no time zone {}", quote(text)), help);
            }
        }
    }
    if let Some((node, text)) = text_at(node, "until", log) {
        options.until = options.date_format.moment(text, &zone);
        if options.until.is_none() {
            let form = format!("write it as the log does ({})", options.date_format.name());
            node.error(log, format!("{} is not a time", quote(text)), &form);
        }
    }
    options.time_zone = Some(zone);
}
