//! A document with its changes as TOML text, comments and order kept where that can be.

use super::Document;
use super::declaration::TreeStep;
use super::node::key;
use super::tree::{Content, Pair};

impl Document {
    /// The document as TOML text that reads to the same values. A value that was set stands in the
    /// place of the one before; a key that was not written is added to its table. A distribution
    /// that no text can spell is written as what it is for a single duration.
    pub fn to_toml(&self) -> String {
        if self.changes.is_empty() {
            return self.text().to_owned();
        }
        let edited = self.edited();
        let read = Document::parse(&edited, self.base());
        let anew = self.anew();
        let wanted = Document::parse(&anew, self.base());
        if read.syntax_is_right() && read.root().to_json() == wanted.root().to_json() {
            return edited;
        }
        // No place was found for a new key.
        anew
    }

    /// Every key of the top on a line of its own, without comments; every computed distribution by
    /// its text. What the document leaves out, and nobody has changed, it leaves out again.
    fn anew(&self) -> String {
        let is_left_out = |pair: &&Pair| pair.item.stamp == 0 && self.node(&pair.item).is_default();
        let line =
            |pair: &Pair| format!("{} = {}\n", key(&pair.name), self.node(&pair.item).to_toml());
        self.root.pairs().iter().filter(|pair| !is_left_out(pair)).map(line).collect()
    }

    /// The text with each change made where it belongs.
    fn edited(&self) -> String {
        let mut edits: Vec<(usize, usize, String)> = Vec::new();
        let mut end = String::new();
        let original = Document::parse(self.text(), self.base());
        for change in &self.changes {
            let Some(item) = self.root.at(&change.way) else {
                continue;
            };
            let value = self.node(item).to_toml();
            if let Some(old) = original.root.at(&change.way) {
                edits.push((old.span.start, old.span.end, value));
                continue;
            }
            let Some((TreeStep::Key(name), table)) = change.way.split_last() else {
                continue;
            };
            let line = format!("{} = {value}", key(name));
            match self.place_in(&original, table) {
                Some((at, before, after)) => edits.push((at, at, format!("{before}{line}{after}"))),
                None => self.new_table(&original, table, &line, &mut end),
            }
        }
        edits.sort_by_key(|(start, ..)| *start);
        let mut text = String::new();
        let mut at = 0;
        for (start, stop, replacement) in edits {
            text.push_str(self.text().get(at..start).unwrap_or_default());
            text.push_str(&replacement);
            at = stop;
        }
        text.push_str(self.text().get(at..).unwrap_or_default());
        if !end.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text + &end + &self.added_tables(&original)
    }

    /// Where a new key goes in a table that is written: the place, and what stands around the key.
    fn place_in(
        &self,
        original: &Document,
        table: &[TreeStep],
    ) -> Option<(usize, &'static str, &'static str)> {
        if table.is_empty() {
            return Some((0, "", "\n"));
        }
        let item = original.root.at(table)?;
        let source = original.node(item).source();
        if source.starts_with('{') {
            let is_empty = item.pairs().is_empty();
            return Some((item.span.start + 1, " ", if is_empty { " " } else { "," }));
        }
        let is_header = source.starts_with('[');
        let line = self.text().get(item.span.end..)?;
        let end = item.span.end + line.find('\n').unwrap_or(line.len());
        is_header.then_some((end, "\n", ""))
    }

    /// A table that is not written, with one line, at the end.
    fn new_table(&self, original: &Document, table: &[TreeStep], line: &str, end: &mut String) {
        let name = |step: &TreeStep| match step {
            TreeStep::Key(name) => Some(key(name)),
            TreeStep::Each(_) => None,
        };
        // A table of a list can only be written below its own header.
        let Some(names) = table.iter().map(name).collect::<Option<Vec<_>>>() else {
            return;
        };
        if original.root.at(&table[..1]).is_some_and(|item| !item.is_table()) {
            return;
        }
        let header = format!("[{}]\n", names.join("."));
        match end.find(&header) {
            Some(at) => end.insert_str(at + header.len(), &format!("{line}\n")),
            None => end.push_str(&format!("{header}{line}\n")),
        }
    }

    /// The tables of lists that are not in the file and have to be, since one of them was changed
    /// or added.
    fn added_tables(&self, original: &Document) -> String {
        let mut text = String::new();
        for pair in self.root.pairs() {
            let Content::List(items) = &pair.item.content else {
                continue;
            };
            let written = original.root.pairs().iter().find(|old| old.name == pair.name);
            let old = written.map_or(0, |old| old.item.items().len());
            let changed =
                items[old.min(items.len())..].iter().any(|item| item.stamp > 0 && item.is_table());
            if pair.item.stamp == 0 || !changed {
                continue;
            }
            for item in &items[old..] {
                text.push_str(&format!("\n[[{}]]\n", key(&pair.name)));
                for inner in item.pairs() {
                    let node = self.node(&inner.item);
                    let comment = node.comment().map(|comment| format!("  # {comment}"));
                    let comment = comment.unwrap_or_default();
                    text.push_str(&format!("{} = {}{comment}\n", key(&inner.name), node.to_toml()));
                }
            }
        }
        text
    }
}
