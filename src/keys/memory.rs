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
    /// It left no list of what is assumed.
    is_quiet: bool,
}

impl<T> Default for Memory<T> {
    fn default() -> Self {
        Memory { last: None }
    }
}

impl Section<'_> {
    /// What `reader` reads of keys of this table; taken from `memory` where none of these keys, nor
    /// anything below them, has changed since it was read. The reader must depend on nothing else.
    pub fn remember<T: Clone>(
        &mut self,
        memory: &mut Memory<T>,
        reader: impl FnOnce(&mut Self) -> T,
    ) -> T {
        self.remember_since(0, memory, reader)
    }

    /// The same for a reader that depends on something else besides, which last changed at `since`.
    pub fn remember_since<T: Clone>(
        &mut self,
        since: u64,
        memory: &mut Memory<T>,
        reader: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.log.declarations.is_some() {
            return reader(self);
        }
        let is_quiet = self.log.is_quiet;
        let is_unchanged = |last: &&Reading<T>| {
            last.stamp == self.last_change(&last.known).max(since) && last.is_quiet <= is_quiet
        };
        if let Some(last) = memory.last.as_ref().filter(is_unchanged) {
            self.log.append(&last.log);
            self.known.extend_from_slice(&last.known);
            return last.value.clone();
        }
        let known = self.known.len();
        let Log { broken, advice, .. } = *self.log;
        let outer = Log { broken, advice, is_quiet, ..Log::new() };
        let outer = std::mem::replace(self.log, outer);
        let value = reader(self);
        let log = std::mem::replace(self.log, outer);
        self.log.append(&log);
        let known = self.known[known..].to_vec();
        let stamp = self.last_change(&known).max(since);
        memory.last = Some(Reading { stamp, value: value.clone(), log, known, is_quiet });
        value
    }

    /// The number of the last change at or below one of these keys; 0 is the document as it was
    /// parsed.
    pub fn last_change(&self, keys: &[&str]) -> u64 {
        let written = keys.iter().filter_map(|key| self.around(key));
        written.map(|node| node.item.stamp).max().unwrap_or_default()
    }
}
