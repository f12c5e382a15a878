//! Where the defaults come from, as the project's own list of facts has it.
//!
//! `docs/facts.md` says of every default where it is from; it is part of the program, so that the
//! page cannot say anything else.

use crate::keys::{Assumption, quote};
use std::collections::BTreeMap;

const FACTS: &str = include_str!("../../docs/facts.md");

/// The sections of the facts that list defaults, with what comes before their keys.
const SECTIONS: [(&str, &str); 11] = [
    ("### Top of the file", ""),
    ("### `[organisation]`", "organisation."),
    ("### `[[site]]`", "site."),
    ("### `[workload.*]`", "workload."),
    ("### `[operations]`", "operations."),
    ("### `[[watch]]`", "watch."),
    ("### `[[planned]]`", "planned."),
    ("### `[sync]`", "sync."),
    ("### `[uncertainty]`", "uncertainty."),
    ("### `[[fault]]`", "fault."),
    ("### `[[strategy]]`", "strategy."),
];

/// What stands for a source where a key needs none.
const NO_SOURCE: &str = "-";

/// Where defaults come from, by key without the names of tables: `strategy.staging.promote`.
#[derive(Debug, Default)]
pub struct Sources(BTreeMap<String, String>);

impl Sources {
    /// Reads the list.
    pub fn read() -> Sources {
        let mut sources = BTreeMap::new();
        let mut before = None;
        for line in FACTS.lines() {
            if line.starts_with('#') {
                let section = SECTIONS.iter().find(|(heading, _)| *heading == line);
                before = section.map(|(_, before)| *before);
                if line.starts_with("### `[tolerance]`") {
                    // Its keys are written whole.
                    before = Some("");
                }
            }
            let (Some(before), Some(row)) = (before, line.strip_prefix("| ")) else {
                continue;
            };
            let cells: Vec<&str> = row.trim_end_matches(" |").split(" | ").collect();
            match cells[..] {
                // All tables of the kind together, or one of them by its name.
                ["tables", _, source] => {
                    sources.insert(before.trim_end_matches('.').to_owned(), plain(source));
                }
                [name, _, _, _, source] => {
                    sources.insert(format!("{before}{}", quote(name)), plain(source));
                }
                [keys, _, source] => {
                    for key in keys.split(", ").filter_map(|key| key.strip_prefix('`')) {
                        let key = format!("{before}{}", key.trim_end_matches('`'));
                        sources.insert(key, plain(source));
                    }
                }
                _ => {}
            }
        }
        Sources(sources)
    }

    /// What is said of where a value comes from: the comment beside it in the scenario, or what the
    /// list of facts says of a default.
    pub fn stated<'a>(&'a self, assumption: &'a Assumption) -> Option<&'a str> {
        let by_default = || self.source(&assumption.key).filter(|_| assumption.is_default);
        let stated = assumption.comment.as_deref().or_else(by_default);
        stated.filter(|source| *source != NO_SOURCE)
    }

    /// Where the default of a dotted key comes from: the key itself, where that has a source, or
    /// its table.
    pub fn source(&self, key: &str) -> Option<&str> {
        let table = key.rsplit_once('.').map_or("", |(table, _)| table);
        let own = self.0.get(&unnamed(key));
        let sourced = own.filter(|source| *source != NO_SOURCE);
        let by_name = || self.0.get(table).or_else(|| self.0.get(&unnamed(table)));
        sourced.or_else(by_name).or(own).map(String::as_str)
    }
}

/// The key without names: `strategy."Staging server".staging.promote` is
/// `strategy.staging.promote`.
fn unnamed(key: &str) -> String {
    let mut parts = Vec::new();
    let mut rest = key;
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            let mut escaped = false;
            let end = quoted.char_indices().find(|&(_, c)| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            rest = end.map_or("", |(at, _)| quoted[at + 1..].trim_start_matches('.'));
        } else {
            let (part, after) = rest.split_once('.').unwrap_or((rest, ""));
            parts.push(part);
            rest = after;
        }
    }
    parts.join(".")
}

/// The text without marks for print.
fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_without_a_source_of_its_own_has_that_of_its_table() {
        let sources = Sources::read();
        let source = |key| sources.source(key).unwrap();
        assert!(
            source(r#"watch."mail of a day without synchronisation".after"#)
                .contains("stop-register")
        );
        assert!(source(r#"site."main".name"#).contains("one place for the server"));
        assert!(source("operations.last_resort.after").contains("nobody waits for weeks"));
    }

    #[test]
    fn names_of_tables_do_not_count() {
        assert_eq!(unnamed("horizon"), "horizon");
        assert_eq!(unnamed(r#"fault."a.b \" c".repair"#), "fault.repair");
        assert_eq!(unnamed(r#"strategy."x".staging.promote"#), "strategy.staging.promote");
    }
}
