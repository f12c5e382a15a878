//! Forms: how one kind of value is read from a node, described and written.
//!
//! [`Value`] is for types that can be read in one way only (a distribution, a date). [`Form`] is
//! the general case, a reader with parameters: a number within a range, one of several words.
//! [`Of`] makes the first into the second.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use serde_json::json;

use super::declaration::Definitions;
use super::quantity::Quantity;
use super::{Json, Log, Node, listed, nearest, quote};
use crate::distribution::Distribution;

/// A type that can be read from a document.
pub trait Value: Sized {
    /// Reads the value. `None` after an error has been recorded in `log`.
    fn read(node: &Node<'_>, log: &mut Log) -> Option<Self>;
    /// What is wanted, as it follows the word "expected": `a date such as "2027-01-04"`.
    fn expects() -> String;
    /// The JSON Schema of the value; it may refer to what [`Value::define`] adds.
    fn schema() -> Json;
    /// The distribution that the value is, if it is one.
    fn distribution(&self) -> Option<&Distribution> {
        None
    }
    /// What kind of quantity it is, which decides how it may vary.
    fn quantity(&self) -> Quantity {
        Quantity::Choice
    }
    /// The JSON Schema of the value with a `factor` in its own table, where it may stand there.
    fn schema_beside_factor() -> Option<Json> {
        None
    }
    /// A value that does no harm, for reading on after an error.
    fn harmless() -> Self;
    /// Adds the shared definitions that [`Value::schema`] refers to.
    fn define(_definitions: &mut Definitions) {}
}

/// A way to read a value, with parameters. The methods are those of [`Value`].
pub trait Form {
    /// What is read.
    type Output;
    /// See [`Value::read`].
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<Self::Output>;
    /// See [`Value::expects`].
    fn expects(&self) -> String;
    /// See [`Value::schema`].
    fn schema(&self) -> Json;
    /// See [`Value::harmless`].
    fn harmless(&self) -> Self::Output;
    /// See [`Value::distribution`].
    fn distribution<'o>(&self, _output: &'o Self::Output) -> Option<&'o Distribution> {
        None
    }
    /// See [`Value::quantity`].
    fn quantity(&self, _output: &Self::Output) -> Quantity {
        Quantity::Choice
    }
    /// See [`Value::schema_beside_factor`].
    fn schema_beside_factor(&self) -> Option<Json> {
        None
    }
    /// See [`Value::define`].
    fn define(&self, _definitions: &mut Definitions) {}
}

/// Reads a value; if the form gives none and no reason, the reason is what it expects.
pub(super) fn read_or_complain<F: Form>(
    form: &F,
    node: &Node<'_>,
    log: &mut Log,
) -> Option<F::Output> {
    let before = log.errors_so_far();
    let value = form.read(node, log);
    if value.is_none() && log.errors_so_far() == before {
        node.expected(log, &form.expects(), "");
    }
    value
}

/// The form of a type that implements [`Value`].
#[derive(Debug, Clone, Copy)]
pub struct Of<T>(PhantomData<T>);

impl<T> Of<T> {
    /// The form.
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T> Default for Of<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Value> Form for Of<T> {
    type Output = T;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<T> {
        T::read(node, log)
    }
    fn expects(&self) -> String {
        T::expects()
    }
    fn schema(&self) -> Json {
        T::schema()
    }
    fn harmless(&self) -> T {
        T::harmless()
    }
    fn distribution<'o>(&self, output: &'o T) -> Option<&'o Distribution> {
        output.distribution()
    }
    fn quantity(&self, output: &T) -> Quantity {
        output.quantity()
    }
    fn schema_beside_factor(&self) -> Option<Json> {
        T::schema_beside_factor()
    }
    fn define(&self, definitions: &mut Definitions) {
        T::define(definitions);
    }
}

/// Text without unseen characters ([`is_unseen`]), which would break lines of tables, steer terminals, or
/// make two names look like one.
#[derive(Debug, Clone, Copy)]
pub struct Text;

/// What [`Text`] allows, and what [`Name`] does, as patterns of the schema.
const PLAIN: &str = r"^[^\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$";
const PLAIN_AND_VISIBLE: &str = r"^([^\x00-\x20\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff=+@-]| [^\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]*[^\x00-\x20\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff])[^\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]*$";

/// The longest name, in characters: names stand in tables and charts.
const LONGEST_NAME: usize = 200;
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 4] = ['=', '+', '-', '@'];

impl Form for Text {
    type Output = String;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<String> {
        if let Some(text) = node.text() {
            let Some((place, unseen)) = unseen_character(text) else {
                return Some(text.to_owned());
            };
            let code = u32::from(unseen);
            let what = if unseen.is_control() { "a control" } else { "an invisible" };
            let message = format!("the text holds {what} character (U+{code:04X})");
            let help = "leave it out: a text is one line of visible characters";
            log.error(Some(node.span_of_part(place)), message, help);
            return None;
        }
        let simple = node.items().is_none() && !node.is_table();
        let help = format!("write \"{}\"", node.source());
        node.expected(log, &self.expects(), if simple { &help } else { "" });
        None
    }
    fn expects(&self) -> String {
        "text in quotes".to_owned()
    }
    fn schema(&self) -> Json {
        json!({ "type": "string", "pattern": PLAIN })
    }
    fn harmless(&self) -> String {
        String::new()
    }
    fn quantity(&self, _output: &String) -> Quantity {
        Quantity::Fixed
    }
}

/// Whether a character is none that anybody sees, and changes how others are shown: a control character,
/// a break of a line, a mark that turns the direction of a text, or a blank without width. Those that
/// join or part letters of a script are none of them.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The first unseen character of a text: its place in bytes, and what it is.
fn unseen_character(text: &str) -> Option<(std::ops::Range<usize>, char)> {
    let found = text.char_indices().find(|(_, c)| is_unseen(*c));
    found.map(|(at, c)| (at..at + c.len_utf8(), c))
}

/// A text of one letter at least, not longer than a table can take, that no spreadsheet takes for a
/// formula; otherwise as [`Text`]. That it is not empty, the section says, which knows the key.
#[derive(Debug, Clone, Copy)]
pub struct Name;

impl Form for Name {
    type Output = String;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<String> {
        let name = Text.read(node, log)?;
        if name.starts_with(FORMULA) {
            let message = "a spreadsheet takes a name that begins so for a formula".to_owned();
            let help = format!("write \"{}\"", name.trim_start_matches(FORMULA).trim_start());
            node.error(log, message, if help.len() > 9 { &help } else { "begin with a letter" });
            return None;
        }
        let length = name.chars().count();
        if length > LONGEST_NAME {
            let message = format!("the name has {length} characters; the most is {LONGEST_NAME}");
            node.error(log, message, "names stand in tables and charts: a short one reads best");
            return None;
        }
        Some(name)
    }
    fn expects(&self) -> String {
        Text.expects()
    }
    fn schema(&self) -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": LONGEST_NAME, "pattern": PLAIN_AND_VISIBLE })
    }
    fn harmless(&self) -> String {
        Text.harmless()
    }
    fn quantity(&self, _output: &String) -> Quantity {
        Quantity::Fixed
    }
}

/// `true` or `false`.
#[derive(Debug, Clone, Copy)]
pub struct Flag;

impl Form for Flag {
    type Output = bool;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<bool> {
        if node.flag().is_none() {
            let meant = match node.text().map(str::to_lowercase).as_deref().unwrap_or(node.source())
            {
                "true" | "yes" | "on" | "1" => "write true",
                "false" | "no" | "off" | "0" => "write false",
                _ => "",
            };
            node.expected(log, &self.expects(), meant);
        }
        node.flag()
    }
    fn expects(&self) -> String {
        "true or false".to_owned()
    }
    fn schema(&self) -> Json {
        json!({ "type": "boolean" })
    }
    fn harmless(&self) -> bool {
        false
    }
}

/// One of several words, each standing for a value.
#[derive(Debug, Clone)]
pub struct Choice<'o, T> {
    /// The words and their values; the first is the harmless one.
    pub options: &'o [(&'static str, T)],
}

impl<T: Copy> Form for Choice<'_, T> {
    type Output = T;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<T> {
        let found =
            node.text().and_then(|text| self.options.iter().find(|(name, _)| *name == text));
        if found.is_none() {
            let names: Vec<_> = self.options.iter().map(|(name, _)| *name).collect();
            let written = node.text().unwrap_or_else(|| node.source());
            let help = nearest(written, &names).map(|name| format!("write {}", quote(name)));
            node.expected(log, &self.expects(), &help.unwrap_or_default());
        }
        found.map(|(_, value)| *value)
    }
    fn expects(&self) -> String {
        let names: Vec<_> = self.options.iter().map(|(name, _)| quote(name)).collect();
        listed(&names, "or").replace('`', "")
    }
    fn schema(&self) -> Json {
        json!({ "enum": self.options.iter().map(|(name, _)| *name).collect::<Vec<_>>() })
    }
    fn harmless(&self) -> T {
        self.options[0].1
    }
}

/// How many errors of one list are shown; after these, the others are only counted.
const SHOWN: usize = 10;

/// A list of values of one form.
#[derive(Debug, Clone)]
pub struct List<F> {
    /// The form of each value.
    pub item: F,
    /// Whether the same value may not stand twice.
    pub distinct: bool,
    /// What one value is called, in the plural: "dates".
    pub plural: &'static str,
}

impl<F: Form> Form for List<F> {
    type Output = Vec<F::Output>;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<Self::Output> {
        let Some(items) = node.items() else {
            let scalar = !node.is_table();
            let help = if scalar { format!("write [{}]", node.source()) } else { String::new() };
            node.expected(log, &self.expects(), &help);
            return None;
        };
        let before = log.errors_so_far();
        // Compared as JSON, so that 'a' and "a" are the same.
        let mut seen = BTreeSet::new();
        let mut values = Vec::with_capacity(items.len());
        let (mut hidden, mut first_hidden) = (0, None);
        for item in &items {
            if log.errors_so_far() - before >= SHOWN {
                let mut rest = Log::new();
                if self.item.read(item, &mut rest).is_none() {
                    hidden += 1;
                    first_hidden = first_hidden.or(Some(item.span()));
                }
                continue;
            }
            if self.distinct && !seen.insert(item.to_json().to_string()) {
                item.error(log, format!("{} stands twice in this list", item.found()), "keep one");
            }
            values.extend(self.item.read(item, log));
        }
        if hidden > 0 {
            log.error(first_hidden, format!("and {hidden} more of these {}", self.plural), "");
        }
        (log.errors_so_far() == before).then_some(values)
    }
    fn expects(&self) -> String {
        format!("a list of {}", self.plural)
    }
    fn schema(&self) -> Json {
        let mut schema = json!({ "type": "array", "items": self.item.schema() });
        if let (Some(object), true) = (schema.as_object_mut(), self.distinct) {
            object.insert("uniqueItems".to_owned(), true.into());
        }
        schema
    }
    fn harmless(&self) -> Self::Output {
        Vec::new()
    }
    fn quantity(&self, _values: &Self::Output) -> Quantity {
        match self.item.quantity(&self.item.harmless()) {
            Quantity::Fixed => Quantity::Fixed,
            _ => Quantity::Choice,
        }
    }
    fn define(&self, definitions: &mut Definitions) {
        self.item.define(definitions);
    }
}
