//! The texts that a document is made of: the file, and each value that was set.
//!
//! All their bytes are counted in one row, so that a place is two numbers whatever text it is in. A
//! text that is replaced gives its numbers to no other.

use std::ops::Range;
use std::sync::Arc;

/// Where a text comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The document itself.
    File,
    /// Text of the program's own, in the place of what the document leaves out.
    Default,
    /// A value that was set.
    Set,
}

/// One text, and the number of its first byte.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) start: usize,
    pub(super) text: Arc<str>,
    pub(super) origin: Origin,
}

/// All the texts, in the order of their numbers.
#[derive(Debug, Clone)]
pub(super) struct Sources {
    list: Vec<Source>,
    next: usize,
}

impl Sources {
    /// Those of a document with this text.
    pub(super) fn new(text: &str, origin: Origin) -> Sources {
        let mut sources = Sources { list: Vec::new(), next: 0 };
        sources.add(text.into(), origin);
        sources
    }

    /// Adds a text, and gives the number of its first byte.
    pub(super) fn add(&mut self, text: Arc<str>, origin: Origin) -> usize {
        let start = self.next;
        // The place behind the last byte belongs to a text too: errors at its end point there.
        self.next += text.len() + 1;
        self.list.push(Source { start, text, origin });
        start
    }

    /// Forgets the text that begins at `start`.
    pub(super) fn forget(&mut self, start: usize) {
        if let Ok(index) = self.list.binary_search_by_key(&start, |source| source.start) {
            self.list.remove(index);
        }
    }

    /// The document's own text.
    pub(super) fn file(&self) -> &str {
        self.list.first().map_or("", |source| &source.text)
    }

    /// The text that holds a place.
    pub(super) fn at(&self, place: usize) -> Option<&Source> {
        let index = self.list.partition_point(|source| source.start <= place).checked_sub(1)?;
        self.list.get(index)
    }

    /// The text from `span.start` on, to the end of the text that holds it, and the part of it
    /// that is the span.
    pub(super) fn rest(&self, span: &Range<usize>) -> Option<(&str, &str)> {
        let source = self.at(span.start)?;
        let rest = source.text.get(span.start - source.start..)?;
        Some((rest, rest.get(..span.end.checked_sub(span.start)?)?))
    }
}
