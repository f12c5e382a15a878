//! Reads a TOML document key by key.
//!
//! One declaration, such as `section.duration("horizon", "365d", "simulated span")`, gives the
//! value, its default, its documentation, its error message, its place in the JSON Schema and its
//! line in the list of what is assumed. No other table of keys exists, so that none can disagree.
//!
//! Reading never stops: a key that is wrong leaves a [`Finding`] that points at the very text and
//! takes its default, so that all the errors of a file come at once. Start with [`Document::read`];
//! a room that has a type of its own implements [`Value`] for it. What a key *means* never enters
//! here, nor does anything about faults, strategies or terminals.

mod blocks;
mod date;
mod declaration;
mod digits;
mod document;
mod form;
mod load;
mod log;
mod memory;
mod node;
mod number;
mod path;
mod plain;
mod quantity;
mod range;
mod schema;
mod section;
mod setting;
mod source;
mod syntax;
mod tree;
mod uncertain;
mod write;

pub use blocks::TableError;
pub use declaration::Definitions;
pub use document::Document;
pub use form::{Choice, Flag, Form, List, Name, Of, Text, Value, is_unseen};
pub use load::{LoadError, Unreadable, load_bytes, load_text};
pub use log::{Advice, Assumption, Finding, Input, Log, MOST_FINDINGS, Place, Severity};
pub use memory::Memory;
pub use node::Node;
pub use number::{Count, Duration, Hours, Number, Probability, Share};
pub use path::{PathError, Paths, is_match};
pub use quantity::{Quantity, Uncertainty};
pub use range::Range;
pub use schema::describe;
pub use section::Section;
pub use setting::Setting;
pub use uncertain::factor_schema;

use crate::distribution::Distribution;

/// Somebody who fits distributions to logs; he knows logs, and here nobody does.
pub trait Fitter: std::fmt::Debug {
    /// Reads the table of a fitted distribution; `None` after an error. The fit's number goes into
    /// [`Log::fitted`].
    fn fit(&self, node: &Node<'_>, log: &mut Log) -> Option<Distribution>;
}

/// A JSON value, as the schema is made of.
pub type Json = serde_json::Value;

/// Help with a name that is not known: "did you mean `repair`?", or all there are, with `these`
/// before them: "kinds are `host` and `site`".
pub fn meant(written: &str, known: &[&str], these: &str) -> String {
    match nearest(written, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{these} {}", listed(known, "and")),
    }
}

/// The name among `known` that `written` was most likely meant to be, if any is near enough.
///
/// Case, hyphens and spaces do not count; a beginning of three letters or more is enough.
pub fn nearest<'k>(written: &str, known: &[&'k str]) -> Option<&'k str> {
    const NEAR_ENOUGH: f64 = 0.6;
    // Comparing costs the product of the lengths, and no key is this long.
    const LONGEST: usize = 60;
    if written.len() > LONGEST {
        return None;
    }
    let plain = |name: &str| name.to_lowercase().replace(['-', ' '], "_");
    let written = plain(written);
    let likeness = |name: &str| {
        let name = plain(name);
        let begins = written.chars().count() >= 3 && name.starts_with(&written);
        let distance = strsim::normalized_damerau_levenshtein(&written, &name);
        if begins { distance.max(NEAR_ENOUGH) } else { distance }
    };
    let scored = known.iter().map(|name| (likeness(name), *name));
    let near = scored.filter(|(score, _)| *score >= NEAR_ENOUGH);
    near.max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// Text as a TOML string in quotes.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Joins names for a sentence: `a`, `b` or `c` (with the given last word).
pub fn listed<S: AsRef<str>>(names: &[S], last_word: &str) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {last_word} {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests;
