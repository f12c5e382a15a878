//! The methods of [`Section`] for plain values: text, flags, numbers, durations, lists.

use std::ops::RangeInclusive;

use super::{
    Choice, Count, Duration, Flag, List, Name, Number, Probability, Range, Section, Text, quote,
};

impl Section<'_> {
    /// Text.
    pub fn text(&mut self, key: &'static str, default: &str, doc: &'static str) -> String {
        self.get_as(key, &Text, &quote(default), doc)
    }

    /// Text that must be written; empty after an error. Empty text is an error too.
    pub fn required_text(&mut self, key: &'static str, doc: &'static str) -> String {
        let text = self.required_as(key, &Name, doc);
        if self.written(key).and_then(|node| node.text()).is_some_and(|text| text.trim().is_empty())
        {
            self.error(key, format!("`{key}` is empty"), "write at least one letter");
        }
        text
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, default: bool, doc: &'static str) -> bool {
        self.get_as(key, &Flag, if default { "true" } else { "false" }, doc)
    }

    /// A finite number within `range`.
    pub fn number(
        &mut self,
        key: &'static str,
        default: f64,
        range: Range,
        doc: &'static str,
    ) -> f64 {
        self.get_as(key, &Number(range), &format!("{default:?}"), doc)
    }

    /// A finite number within `range` that must be written.
    pub fn required_number(&mut self, key: &'static str, range: Range, doc: &'static str) -> f64 {
        self.required_as(key, &Number(range), doc)
    }

    /// A finite number within `range` that may be absent.
    pub fn optional_number(
        &mut self,
        key: &'static str,
        range: Range,
        doc: &'static str,
    ) -> Option<f64> {
        self.optional_as(key, &Number(range), doc)
    }

    /// A whole number within `range`.
    pub fn count(
        &mut self,
        key: &'static str,
        default: u64,
        range: RangeInclusive<u64>,
        doc: &'static str,
    ) -> u64 {
        self.get_as(key, &Count(range), &default.to_string(), doc)
    }

    /// A probability, 0 to 1.
    pub fn probability(&mut self, key: &'static str, default: f64, doc: &'static str) -> f64 {
        self.get_as(key, &Probability, &format!("{default:?}"), doc)
    }

    /// A duration of 0 or more, in hours.
    pub fn duration(&mut self, key: &'static str, default: &str, doc: &'static str) -> f64 {
        self.get_as(key, &Duration::ANY, &quote(default), doc)
    }

    /// A duration above 0, in hours.
    pub fn positive_duration(
        &mut self,
        key: &'static str,
        default: &str,
        doc: &'static str,
    ) -> f64 {
        self.get_as(key, &Duration::POSITIVE, &quote(default), doc)
    }

    /// A duration above 0 that may be absent, in hours.
    pub fn optional_positive_duration(
        &mut self,
        key: &'static str,
        doc: &'static str,
    ) -> Option<f64> {
        self.optional_as(key, &Duration::POSITIVE, doc)
    }

    /// The value that stands for one of several words. `options` is not empty.
    pub fn choice<T: Copy>(
        &mut self,
        key: &'static str,
        options: &[(&'static str, T)],
        default: &'static str,
        doc: &'static str,
    ) -> T {
        self.get_as(key, &Choice { options }, &quote(default), doc)
    }

    /// The value that stands for one of several words and must be written.
    pub fn required_choice<T: Copy>(
        &mut self,
        key: &'static str,
        options: &[(&'static str, T)],
        doc: &'static str,
    ) -> T {
        self.required_as(key, &Choice { options }, doc)
    }

    /// The values that stand for several words, none twice, in the order written.
    pub fn list_of_choices<T: Copy>(
        &mut self,
        key: &'static str,
        options: &[(&'static str, T)],
        default: &[&'static str],
        doc: &'static str,
    ) -> Vec<T> {
        let form = List { item: Choice { options }, distinct: true, plural: "words" };
        self.get_as(key, &form, &list(default.iter().map(|word| quote(word))), doc)
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}
