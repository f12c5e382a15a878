//! What was read of a part of a document, kept until that part changes.

use super::{Log, Section};

/// The result of one reading, and what it left behind.
#[derive(Debug, Clone)]
pub struct Memory<T> {
    last: Option<Reading<T>>,
}

#[derive(Debug, Clone)]
struct Reading<T> {
    stamp: u64,
    value: T,
    log: Log,
    known: Vec<&'static str>,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Memory { last: None }
    }
}

impl Section<'_> {
    /// What `reader` reads of this table, or of one below it; taken from `memory` where it was read
    /// after the change `stamp` before. The reader must depend on nothing else.
    pub fn remember<T: Clone>(
        &mut self,
        stamp: u64,
        memory: &mut Memory<T>,
        reader: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.log.declarations.is_some() {
            return reader(self);
        }
        if let Some(last) = memory.last.as_ref().filter(|last| last.stamp == stamp) {
            self.log.append(&last.log);
            self.known.extend_from_slice(&last.known);
            return last.value.clone();
        }
        let known = self.known.len();
        let outer = Log { broken: self.log.broken, ..Log::new() };
        let outer = std::mem::replace(self.log, outer);
        let value = reader(self);
        let log = std::mem::replace(self.log, outer);
        self.log.append(&log);
        let known = self.known[known..].to_vec();
        memory.last = Some(Reading { stamp, value: value.clone(), log, known });
        value
    }

    /// The number of the last change in this table; 0 is the document as it was parsed.
    pub fn stamp(&self) -> u64 {
        self.node.map_or(0, |node| node.item.stamp)
    }

    /// The number of the last change at or below `key`.
    pub fn stamp_of(&self, key: &str) -> u64 {
        self.written(key).map_or(0, |node| node.item.stamp)
    }

    /// As [`Section::remember`], of a reader of some keys of this table: until one of them changes.
    pub fn remember_keys<T: Clone>(
        &mut self,
        memory: &mut Memory<T>,
        reader: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let known = memory.last.as_ref().map_or(&[][..], |last| &last.known);
        let stamp = known.iter().map(|key| self.stamp_of(key)).max().unwrap_or_default();
        self.remember(stamp, memory, reader)
    }
}
