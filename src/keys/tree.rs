//! The tree of values that a document is, free of the text that it was read from.
//!
//! Every value knows its place in the document's texts (see `source`) and the number of the last
//! change at it or below it, so that a reader can tell what is as it was. A value may also be a
//! distribution that the program computed and no text could spell in full.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeInteger, DeValue};

use super::declaration::TreeStep;
use crate::distribution::Distribution;

/// One value.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) content: Content,
    pub(super) span: Range<usize>,
    /// The number of the last change here or below; 0 is the document as it was parsed.
    pub(super) stamp: u64,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(super) enum Content {
    /// Text; without quotes where an option of the command line gave it so.
    Text { text: String, is_quoted: bool },
    /// A whole number: `None` with more than 38 digits. Beside it as a number with a point.
    Integer { whole: Option<i128>, number: Option<f64> },
    /// A number with a point, `nan` and `inf` too.
    Float(Option<f64>),
    /// `true` or `false`.
    Flag(bool),
    /// A date or date-time, in its standard text form.
    Date(String),
    /// A list.
    List(Vec<Item>),
    /// A table, its keys in the order of the document.
    Table(Vec<Pair>),
    /// A distribution that was computed.
    Distribution(Box<Distribution>),
}

/// A key of a table with its value.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) name_span: Range<usize>,
    pub(super) item: Item,
}

impl Item {
    /// The tree of what the parser understood, all places moved by `offset`.
    pub(super) fn parsed(value: &Spanned<DeValue<'_>>, offset: usize) -> Item {
        let place = |place: usize| place.wrapping_add(offset);
        let at = |span: Range<usize>| place(span.start)..place(span.end);
        let content = match value.get_ref() {
            DeValue::String(text) => Content::Text { text: text.to_string(), is_quoted: true },
            DeValue::Integer(digits) => Content::Integer {
                whole: i128::from_str_radix(digits.as_str(), digits.radix()).ok(),
                number: number_of(digits),
            },
            DeValue::Float(float) => Content::Float(float.as_str().parse().ok()),
            DeValue::Boolean(flag) => Content::Flag(*flag),
            DeValue::Datetime(date) => Content::Date(date.to_string()),
            DeValue::Array(array) => {
                Content::List(array.iter().map(|item| Item::parsed(item, offset)).collect())
            }
            DeValue::Table(table) => {
                let mut pairs: Vec<Pair> = table
                    .iter()
                    .map(|(name, value)| Pair {
                        name: name.get_ref().to_string(),
                        name_span: at(name.span()),
                        item: Item::parsed(value, offset),
                    })
                    .collect();
                pairs.sort_by_key(|pair| pair.name_span.start);
                Content::Table(pairs)
            }
        };
        Item { content, span: at(value.span()), stamp: 0 }
    }

    /// An empty table that stands at `span`.
    pub(super) fn table(span: Range<usize>, stamp: u64) -> Item {
        Item { content: Content::Table(Vec::new()), span, stamp }
    }

    /// The keys of a table; none of another value.
    pub(super) fn pairs(&self) -> &[Pair] {
        match &self.content {
            Content::Table(pairs) => pairs,
            _ => &[],
        }
    }

    /// The values of a list; none of another value.
    pub(super) fn items(&self) -> &[Item] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.content, Content::Table(_))
    }

    /// The value at the end of a way, if it is there.
    pub(super) fn at(&self, way: &[TreeStep]) -> Option<&Item> {
        way.iter().try_fold(self, |item, step| match (step, &item.content) {
            (TreeStep::Key(key), Content::Table(pairs)) => {
                pairs.iter().find(|pair| pair.name == *key).map(|pair| &pair.item)
            }
            (TreeStep::Each(index), Content::List(items)) => items.get(*index),
            _ => None,
        })
    }

    /// Puts `value` at the end of a way of a document, with the tables and lists on the way that are
    /// not there. Nothing happens where something that is neither stands in the way.
    pub(super) fn put(&mut self, way: &[TreeStep], value: Item) {
        self.stamp = value.stamp;
        let Some((step, rest)) = way.split_first() else {
            *self = value;
            return;
        };
        match (step, &mut self.content) {
            (TreeStep::Key(key), Content::Table(pairs)) => {
                let index = pairs.iter().position(|pair| pair.name == *key);
                let index = index.unwrap_or_else(|| {
                    let content = match rest.first() {
                        Some(TreeStep::Each(_)) => Content::List(Vec::new()),
                        _ => Content::Table(Vec::new()),
                    };
                    let (span, name_span) = (value.span.clone(), value.span.clone());
                    let item = Item { content, span, stamp: value.stamp };
                    pairs.push(Pair { name: (*key).to_owned(), name_span, item });
                    pairs.len() - 1
                });
                pairs[index].item.put(rest, value);
            }
            (TreeStep::Each(index), Content::List(items)) => match items.get_mut(*index) {
                Some(item) => item.put(rest, value),
                None => items.push(value),
            },
            _ => {}
        }
    }
}

fn number_of(digits: &DeInteger<'_>) -> Option<f64> {
    match i128::from_str_radix(digits.as_str(), digits.radix()) {
        Ok(whole) => Some(whole as f64),
        Err(_) if digits.radix() == 10 => digits.as_str().parse().ok(),
        Err(_) => None,
    }
}
