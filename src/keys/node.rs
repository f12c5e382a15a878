//! One value of a document, with its place.

use std::ops::Range;
use std::path::Path;

use super::load::{LIMIT, LoadError, load_bytes, load_text};
use super::source::{Origin, Sources};
use super::tree::{Content, Item, Pair};
use super::{Fitter, Json, Log, listed, nearest, quote};
use crate::distribution::Distribution;

/// How much of the user's text a message quotes.
const QUOTED_CHARACTERS: usize = 40;

/// One value of a document: what it is, where it stands, and where files named in it are found.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(super) item: &'a Item,
    pub(super) sources: &'a Sources,
    pub(super) base: &'a Path,
    pub(super) fitter: Option<&'a dyn Fitter>,
    /// A key of this table that says something of the value and is no part of it.
    pub(super) without: Option<&'static str>,
}

/// One key of a table with its value.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The key.
    pub name: &'a str,
    /// Where the key stands.
    pub name_span: Range<usize>,
    /// Its value.
    pub node: Node<'a>,
}

impl<'a> Node<'a> {
    /// Where the value stands, in bytes of the document; a table's is its header.
    pub fn span(&self) -> Range<usize> {
        self.item.span.clone()
    }

    /// The folder from which relative paths in the document count.
    pub fn base(&self) -> &'a Path {
        self.base
    }

    /// Who can fit distributions to logs, if anybody.
    pub fn fitter(&self) -> Option<&'a dyn Fitter> {
        self.fitter
    }

    /// Whether it stands in text of the program's own, because the document leaves it out.
    pub fn is_default(&self) -> bool {
        self.origin() == Some(Origin::Default)
    }

    /// Whether it was set, and does not stand in the document.
    pub(super) fn is_set(&self) -> bool {
        self.origin() == Some(Origin::Set)
    }

    fn origin(&self) -> Option<Origin> {
        self.sources.at(self.item.span.start).map(|source| source.origin)
    }

    /// The value as the user wrote it.
    pub fn source(&self) -> &'a str {
        self.sources.rest(&self.item.span).map_or("", |(_, written)| written)
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&'a str> {
        match &self.item.content {
            Content::Text { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The value of `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        match self.item.content {
            Content::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// A whole number. `None` for other kinds and for numbers of more than 38 digits.
    pub fn integer(&self) -> Option<i128> {
        match self.item.content {
            Content::Integer { whole, .. } => whole,
            _ => None,
        }
    }

    /// A number with or without a point; `nan` and `inf` are numbers here.
    pub fn number(&self) -> Option<f64> {
        match self.item.content {
            Content::Float(number) | Content::Integer { number, .. } => number,
            _ => None,
        }
    }

    /// A TOML date or date-time, in its standard text form.
    pub fn date_text(&self) -> Option<String> {
        match &self.item.content {
            Content::Date(date) => Some(date.clone()),
            _ => None,
        }
    }

    /// A distribution that was computed and set here.
    pub fn distribution(&self) -> Option<&'a Distribution> {
        match &self.item.content {
            Content::Distribution(distribution) => Some(distribution),
            _ => None,
        }
    }

    /// The values of a list.
    pub fn items(&self) -> Option<Vec<Node<'a>>> {
        match &self.item.content {
            Content::List(items) => Some(items.iter().map(|item| self.inner(item)).collect()),
            _ => None,
        }
    }

    /// The keys of a table, in the order of the document.
    pub fn entries(&self) -> Option<Vec<Entry<'a>>> {
        let entry = |pair: &'a Pair| Entry {
            name: &pair.name,
            name_span: pair.name_span.clone(),
            node: self.inner(&pair.item),
        };
        let is_part = |pair: &&Pair| self.without.is_none_or(|without| pair.name != without);
        self.is_table().then(|| self.item.pairs().iter().filter(is_part).map(entry).collect())
    }

    fn inner(&self, item: &'a Item) -> Node<'a> {
        Node { item, without: None, ..*self }
    }

    /// The value of `key`, when this is a table that has it.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let pair = self.item.pairs().iter().find(|pair| pair.name == key)?;
        (self.without != Some(&*pair.name)).then(|| self.inner(&pair.item))
    }

    /// Whether this is a table.
    pub fn is_table(&self) -> bool {
        self.item.is_table()
    }

    /// Where a part of a string stands, `part` counted in bytes of [`Node::text`]. The whole string
    /// when it is written with escapes, which move the places.
    pub fn span_of_part(&self, part: Range<usize>) -> Range<usize> {
        let written = self.source();
        let at = self.text().filter(|text| !text.is_empty()).and_then(|text| written.find(text));
        match at {
            Some(at) => self.span().start + at + part.start..self.span().start + at + part.end,
            None => self.span(),
        }
    }

    /// What stands here, for a message: "the integer 3", "the text \"abc\"", "a list".
    pub fn found(&self) -> String {
        let quoted = shorten(self.source());
        match &self.item.content {
            Content::Text { text, .. } => format!("the text \"{}\"", shorten(text)),
            Content::Integer { .. } => format!("the integer {quoted}"),
            Content::Float(_) => format!("the number {quoted}"),
            Content::Flag(flag) => flag.to_string(),
            Content::Date(date) => format!("the date {date}"),
            Content::List(items) if items.is_empty() => "an empty list".to_owned(),
            Content::List(_) => "a list".to_owned(),
            Content::Table(_) => "a table".to_owned(),
            Content::Distribution(_) => "a distribution".to_owned(),
        }
    }

    /// Records an error about this value.
    pub fn error(&self, log: &mut Log, message: String, help: &str) {
        log.error(Some(self.span()), message, help);
    }

    /// What was made of this value, or `None` after the error that says why it makes nothing.
    pub fn checked<T, E: std::fmt::Display>(
        &self,
        made: Result<T, E>,
        help: &str,
        log: &mut Log,
    ) -> Option<T> {
        made.map_err(|error| self.error(log, error.to_string(), help)).ok()
    }

    /// As [`Node::load`], of a file that need not be UTF-8: `decode` makes text of its bytes.
    pub fn load_decoded(
        &self,
        name: &str,
        decode: impl Fn(&[u8]) -> String,
        log: &mut Log,
    ) -> Option<String> {
        let bytes = load_bytes(&self.base.join(name), LIMIT);
        self.loaded(name, bytes.map(|bytes| decode(&bytes)), log)
    }

    /// Reads the file that this value names; `name` counts from the folder of the document. `None`
    /// after an error. The file becomes one of the inputs in the log.
    pub fn load(&self, name: &str, log: &mut Log) -> Option<String> {
        self.loaded(name, load_text(&self.base.join(name)), log)
    }

    fn loaded(&self, name: &str, text: Result<String, LoadError>, log: &mut Log) -> Option<String> {
        let text = self.checked(text, "paths count from the scenario's folder", log)?;
        log.read_file(name, &text);
        Some(text)
    }

    /// Records the error "expected …, found …" about this value.
    pub fn expected(&self, log: &mut Log, what: &str, help: &str) {
        self.error(log, format!("expected {what}, found {}", self.found()), help);
    }

    /// Records an error for every key of this table that is not `known`, naming the nearest.
    pub fn refuse_unknown_keys(&self, known: &[&str], log: &mut Log) {
        self.refuse_unknown_keys_of("", known, log);
    }

    /// As [`Node::refuse_unknown_keys`], in the table of that name, of which there may be advice.
    pub(super) fn refuse_unknown_keys_of(&self, table: &str, known: &[&str], log: &mut Log) {
        for entry in self.entries().unwrap_or_default() {
            if known.contains(&entry.name) {
                continue;
            }
            if log.is_full() {
                return;
            }
            let advice = log
                .advice
                .iter()
                .copied()
                .flatten()
                .find(|(of, key, _)| *of == table && *key == entry.name);
            let help = match nearest(entry.name, known) {
                _ if advice.is_some() => {
                    advice.map(|(.., help)| (*help).to_owned()).unwrap_or_default()
                }
                Some(name) => format!("did you mean `{name}`?"),
                None if known.is_empty() => "no key is known here".to_owned(),
                None => format!("known here: {}", listed(known, "and")),
            };
            let message = format!("unknown key `{}`", shorten(entry.name));
            log.error(Some(entry.name_span), message, &help);
        }
    }

    /// The comment on the line of the value, or on its first line where it has several.
    pub fn comment(&self) -> Option<String> {
        let (rest, value) = self.sources.rest(&self.item.span)?;
        let after = match value.find('\n') {
            Some(end) => &value[..end],
            None => rest.get(value.len()..)?.lines().next()?,
        };
        let comment = after.split_once('#')?.1.trim();
        (!comment.is_empty()).then(|| comment.to_owned())
    }

    /// The value as TOML text on one line, comments left out.
    pub fn to_toml(self) -> String {
        if let Some(items) = self.items() {
            let items: Vec<_> = items.into_iter().map(Node::to_toml).collect();
            return format!("[{}]", items.join(", "));
        }
        if let Some(entries) = self.entries() {
            let pair =
                |entry: &Entry<'_>| format!("{} = {}", key(entry.name), entry.node.to_toml());
            let pairs: Vec<_> = entries.iter().map(pair).collect();
            return if pairs.is_empty() {
                "{}".into()
            } else {
                format!("{{ {} }}", pairs.join(", "))
            };
        }
        match &self.item.content {
            Content::Distribution(distribution) => distribution.to_toml(),
            Content::Text { text, is_quoted } if !is_quoted || self.source().contains('\n') => {
                quote(text)
            }
            _ => self.source().to_owned(),
        }
    }

    /// The value as JSON; dates become text. `null` for `nan` and `inf`.
    pub fn to_json(self) -> Json {
        if let Some(items) = self.items() {
            return items.into_iter().map(Node::to_json).collect();
        }
        if let Some(entries) = self.entries() {
            let pairs = entries.iter().map(|entry| (entry.name.to_owned(), entry.node.to_json()));
            return Json::Object(pairs.collect());
        }
        if let Some(whole) = self.integer().and_then(|whole| i64::try_from(whole).ok()) {
            return whole.into();
        }
        let date = || self.date_text().map(Json::from);
        let other = self.text().map(Json::from).or_else(|| self.flag().map(Json::from));
        other.or_else(|| self.number().map(Json::from)).or_else(date).unwrap_or_default()
    }
}

/// A key as TOML writes it: in quotes where it has to be.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quote(name) }
}

/// The user's text on one line, cut when it is long.
pub(super) fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED_CHARACTERS {
        return line;
    }
    line.chars().take(QUOTED_CHARACTERS).chain(['…']).collect()
}
