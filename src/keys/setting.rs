//! What a key can be set to.

use toml::de::DeTable;

use super::quote;
use super::tree::{Content, Item};
use crate::distribution::Distribution;

/// A value for a key: TOML, text, or a distribution that was computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Setting {
    /// A TOML value as it would stand in a file.
    Toml(String),
    /// Text.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A distribution, whether or not a file could state it.
    Distribution(Box<Distribution>),
}

impl Setting {
    /// The setting that `written` stands for: the TOML value, or else the text itself, so that
    /// `office` needs no quotes.
    pub fn parse(written: &str) -> Setting {
        let written = written.trim();
        if is_toml_value(written) {
            Setting::Toml(written.to_owned())
        } else {
            Setting::Text(written.to_owned())
        }
    }

    /// As it would stand in a file.
    pub fn to_toml(&self) -> String {
        match self {
            Setting::Toml(written) => written.clone(),
            Setting::Text(text) => quote(text),
            Setting::Number(number) => format!("{number:?}"),
            Setting::Distribution(distribution) => distribution.to_toml(),
        }
    }

    /// The value; it stands at byte `at` of `written`, whose first byte has the number `start`.
    pub(super) fn item(&self, written: &str, at: usize, start: usize, stamp: u64) -> Item {
        let span = start + at..start + written.len();
        let content = match self {
            Setting::Distribution(distribution) => Content::Distribution(distribution.clone()),
            Setting::Number(number) => Content::Float(Some(*number)),
            Setting::Text(text) => {
                let is_quoted = written.get(at..).is_some_and(|value| value == quote(text));
                Content::Text { text: text.clone(), is_quoted }
            }
            Setting::Toml(toml) => {
                let document = format!("{KEY}{toml}");
                let (table, _) = DeTable::parse_recoverable(&document);
                // Places within the value count from where it stands; the sum wraps back.
                let offset = span.start.wrapping_sub(KEY.len());
                let value = table.get_ref().get("v");
                return value.map_or(Item::table(span, stamp), |value| Item {
                    stamp,
                    ..Item::parsed(value, offset)
                });
            }
        };
        Item { content, span, stamp }
    }
}

/// What makes a document of a value.
const KEY: &str = "v = ";

/// Whether the text is one TOML value and nothing more.
fn is_toml_value(written: &str) -> bool {
    let document = format!("{KEY}{written}");
    let Ok(table) = DeTable::parse(&document) else { return false };
    let table = table.get_ref();
    // Neither a second key on another line, nor a comment.
    table.len() == 1 && table.get("v").is_some_and(|value| value.span().end == document.len())
}

impl From<f64> for Setting {
    fn from(number: f64) -> Self {
        match number.is_finite() {
            true => Setting::Number(number),
            // No key takes it; the error shows what it is.
            false => Setting::Toml(if number.is_nan() { "nan" } else { "inf" }.to_owned()),
        }
    }
}

impl From<u64> for Setting {
    fn from(number: u64) -> Self {
        Setting::Toml(number.to_string())
    }
}

impl From<bool> for Setting {
    fn from(flag: bool) -> Self {
        Setting::Toml(flag.to_string())
    }
}

impl From<&str> for Setting {
    fn from(text: &str) -> Self {
        Setting::Text(text.to_owned())
    }
}

impl From<Distribution> for Setting {
    fn from(distribution: Distribution) -> Self {
        Setting::Distribution(Box::new(distribution))
    }
}
