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

    /// Puts `value` at the end of a way of a document, with the tables on the way that are not
    /// there. Nothing happens where something that is no table stands in the way.
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
                    let item = Item::table(value.span.clone(), value.stamp);
                    let name_span = value.span.clone();
                    pairs.push(Pair { name: (*key).to_owned(), name_span, item });
                    pairs.len() - 1
                });
                pairs[index].item.put(rest, value);
            }
            (TreeStep::Each(index), Content::List(items)) => {
                if let Some(item) = items.get_mut(*index) {
                    item.put(rest, value);
                }
            }
            _ => {}
        }
    }

    /// Whether two values say the same, wherever they stand and however they are spelled.
    pub(super) fn same(&self, other: &Item) -> bool {
        match (&self.content, &other.content) {
            (Content::Text { text: a, .. }, Content::Text { text: b, .. }) => a == b,
            (
                Content::Integer { whole: a, number: x },
                Content::Integer { whole: b, number: y },
            ) => a == b && x.map(f64::to_bits) == y.map(f64::to_bits),
            (Content::Float(a), Content::Float(b)) => a.map(f64::to_bits) == b.map(f64::to_bits),
            (Content::Flag(a), Content::Flag(b)) => a == b,
            (Content::Date(a), Content::Date(b)) => a == b,
            (Content::List(a), Content::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Content::Table(a), Content::Table(b)) => {
                let alike = |pair: &Pair| {
                    b.iter().any(|other| pair.name == other.name && pair.item.same(&other.item))
                };
                a.len() == b.len() && a.iter().all(alike)
            }
            _ => false,
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
