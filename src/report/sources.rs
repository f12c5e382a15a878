//! Where the defaults come from, as the project's own list of facts has it.
//!
//! `docs/facts.md` says of every default where it is from; it is part of the program, so that the
//! page cannot say anything else.

use std::collections::BTreeMap;

const FACTS: &str = include_str!("../../docs/facts.md");

/// The sections of the facts that list defaults, with what comes before their keys.
const SECTIONS: [(&str, &str); 10] = [
    ("### Top of the file", ""),
    ("### `[organisation]`", "organisation."),
    ("### `[[site]]`", "site."),
    ("### `[workload.*]`", "workload."),
    ("### `[operations]`", "operations."),
    ("### `[[watch]]`", "watch."),
    ("### `[[planned]]`", "planned."),
    ("### `[sync]`", "sync."),
    ("### `[[fault]]`", "fault."),
    ("### `[[strategy]]`", "strategy."),
];

/// Where defaults come from, by key without the names of tables: `strategy.staging.promote`.
#[derive(Debug)]
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
            let [keys, _, source] = cells[..] else {
                continue;
            };
            for key in keys.split(", ").filter_map(|key| key.strip_prefix('`')) {
                let key = format!("{before}{}", key.trim_end_matches('`'));
                sources.insert(key, plain(source));
            }
        }
        Sources(sources)
    }

    /// Where the default of a dotted key comes from; names of tables in it do not count.
    /// A table that is written on one line has one source.
    pub fn source(&self, key: &str) -> Option<&str> {
        let key = unnamed(key);
        let table = || key.rsplit_once('.').and_then(|(table, _)| self.0.get(table));
        self.0.get(&key).or_else(table).map(String::as_str)
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
    fn names_of_tables_do_not_count() {
        assert_eq!(unnamed("horizon"), "horizon");
        assert_eq!(unnamed(r#"fault."a.b \" c".repair"#), "fault.repair");
        assert_eq!(unnamed(r#"strategy."x".staging.promote"#), "strategy.staging.promote");
    }
}
