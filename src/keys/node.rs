//! One value of a document, with its place.

use std::any::Any;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeInteger, DeString, DeValue};

use super::load::load_bytes;
use super::{Json, Log, listed, load_text, nearest, quote};

/// How much of the user's text a message quotes.
const QUOTED_CHARACTERS: usize = 40;

/// One value of a document: what it is, where it stands, and where files named in it are found.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    pub(super) value: &'a Spanned<DeValue<'a>>,
    pub(super) text: &'a str,
    pub(super) base: &'a Path,
    pub(super) lent: Option<&'a dyn Any>,
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
        self.value.span()
    }

    /// The folder from which relative paths in the document count.
    pub fn base(&self) -> &'a Path {
        self.base
    }

    /// What was lent to the reading of the document, if it is a `T`.
    pub fn lent<T: 'static>(&self) -> Option<&'a T> {
        self.lent?.downcast_ref()
    }

    /// The value as the user wrote it.
    pub fn source(&self) -> &'a str {
        self.text.get(self.span()).unwrap_or_default()
    }

    /// The text of a string.
    pub fn text(&self) -> Option<&'a str> {
        self.value.get_ref().as_str()
    }

    /// The value of `true` or `false`.
    pub fn flag(&self) -> Option<bool> {
        self.value.get_ref().as_bool()
    }

    /// A whole number. `None` for other kinds and for numbers of more than 38 digits.
    pub fn integer(&self) -> Option<i128> {
        let digits = self.value.get_ref().as_integer()?;
        i128::from_str_radix(digits.as_str(), digits.radix()).ok()
    }

    /// A number with or without a point; `nan` and `inf` are numbers here.
    pub fn number(&self) -> Option<f64> {
        match self.value.get_ref() {
            DeValue::Float(float) => float.as_str().parse().ok(),
            DeValue::Integer(digits) => number_of(digits),
            _ => None,
        }
    }

    /// A TOML date or date-time, in its standard text form.
    pub fn date_text(&self) -> Option<String> {
        self.value.get_ref().as_datetime().map(ToString::to_string)
    }

    /// The values of a list.
    pub fn items(&self) -> Option<Vec<Node<'a>>> {
        let array = self.value.get_ref().as_array()?;
        Some(array.iter().map(|value| Node { value, ..*self }).collect())
    }

    /// The keys of a table, in the order of the document.
    pub fn entries(&self) -> Option<Vec<Entry<'a>>> {
        let table = self.value.get_ref().as_table()?;
        let entry = |(name, value): (&'a Spanned<DeString<'a>>, _)| Entry {
            name: name.get_ref(),
            name_span: name.span(),
            node: Node { value, ..*self },
        };
        let mut entries: Vec<_> = table.iter().map(entry).collect();
        entries.sort_by_key(|entry| entry.name_span.start);
        Some(entries)
    }

    /// The value of `key`, when this is a table that has it.
    pub fn get(&self, key: &str) -> Option<Node<'a>> {
        let value = self.value.get_ref().as_table()?.get(key)?;
        Some(Node { value, ..*self })
    }

    /// Whether this is a table.
    pub fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
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
        match self.value.get_ref() {
            DeValue::String(text) => format!("the text \"{}\"", shorten(text)),
            DeValue::Integer(_) => format!("the integer {quoted}"),
            DeValue::Float(_) => format!("the number {quoted}"),
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(date) => format!("the date {date}"),
            DeValue::Array(array) if array.iter().next().is_none() => "an empty list".to_owned(),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        }
    }

    /// Records an error about this value.
    pub fn error(&self, log: &mut Log, message: String, help: &str) {
        log.error(Some(self.span()), message, help);
    }

    /// As [`Node::load`], of a file that need not be UTF-8: `decode` makes text of its bytes.
    pub fn load_decoded(
        &self,
        name: &str,
        decode: impl Fn(&[u8]) -> String,
        log: &mut Log,
    ) -> Option<String> {
        match load_bytes(&self.base.join(name)) {
            Ok(bytes) => {
                let text = decode(&bytes);
                log.read_file(name, &text);
                Some(text)
            }
            Err(error) => {
                self.error(log, error.to_string(), "paths count from the scenario's folder");
                None
            }
        }
    }

    /// Reads the file that this value names; `name` counts from the folder of the document. `None`
    /// after an error. The file becomes one of the inputs in the log.
    pub fn load(&self, name: &str, log: &mut Log) -> Option<String> {
        match load_text(&self.base.join(name)) {
            Ok(text) => {
                log.read_file(name, &text);
                Some(text)
            }
            Err(error) => {
                self.error(log, error.to_string(), "paths count from the scenario's folder");
                None
            }
        }
    }

    /// Records the error "expected …, found …" about this value.
    pub fn expected(&self, log: &mut Log, what: &str, help: &str) {
        self.error(log, format!("expected {what}, found {}", self.found()), help);
    }

    /// Records an error for every key of this table that is not `known`, naming the nearest.
    pub fn refuse_unknown_keys(&self, known: &[&str], log: &mut Log) {
        for entry in self.entries().unwrap_or_default() {
            if known.contains(&entry.name) {
                continue;
            }
            let help = match nearest(entry.name, known) {
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
        let span = self.span();
        let value = self.text.get(span.clone())?;
        let after = match value.find('\n') {
            Some(end) => &value[..end],
            None => self.text.get(span.end..)?.lines().next()?,
        };
        let comment = after.split_once('#')?.1.trim();
        (!comment.is_empty()).then(|| comment.to_owned())
    }

    /// The value as TOML text on one line, comments left out.
    pub fn to_toml(&self) -> String {
        if let Some(items) = self.items() {
            let items: Vec<_> = items.iter().map(Node::to_toml).collect();
            return format!("[{}]", items.join(", "));
        }
        if let Some(entries) = self.entries() {
            let pair = |entry: &Entry<'_>| {
                let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let plain = !entry.name.is_empty() && entry.name.chars().all(bare);
                let name = if plain { entry.name.to_owned() } else { quote(entry.name) };
                format!("{name} = {}", entry.node.to_toml())
            };
            let pairs: Vec<_> = entries.iter().map(pair).collect();
            return if pairs.is_empty() {
                "{}".into()
            } else {
                format!("{{ {} }}", pairs.join(", "))
            };
        }
        self.text().filter(|_| self.source().contains('\n')).map_or(self.source().to_owned(), quote)
    }

    /// The value as JSON; dates become text. `null` for `nan` and `inf`.
    pub fn to_json(&self) -> Json {
        if let Some(items) = self.items() {
            return items.iter().map(Node::to_json).collect();
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

fn number_of(digits: &DeInteger<'_>) -> Option<f64> {
    match i128::from_str_radix(digits.as_str(), digits.radix()) {
        Ok(whole) => Some(whole as f64),
        Err(_) if digits.radix() == 10 => digits.as_str().parse().ok(),
        Err(_) => None,
    }
}

/// The user's text on one line, cut when it is long.
pub(super) fn shorten(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= QUOTED_CHARACTERS {
        return line;
    }
    line.chars().take(QUOTED_CHARACTERS).chain(['…']).collect()
}
