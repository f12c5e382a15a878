//! A document with its changes as TOML text, comments and order kept where that can be.

use super::declaration::Step;
use super::node::key;
use super::tree::{Content, Item};
use super::{Document, Node};

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
        if read.syntax_is_right() && read.root.same(&self.spelled_out().root) {
            return edited;
        }
        // No place was found for a new key: everything anew, on lines of their own.
        let entries = self.root().entries().unwrap_or_default();
        let line = |(name, node): (&str, Node<'_>)| format!("{} = {}\n", key(name), node.to_toml());
        entries.into_iter().map(|entry| line((entry.name, entry.node))).collect()
    }

    /// With every computed distribution replaced by its text.
    fn spelled_out(&self) -> Document {
        let root = self.root();
        let text: String = root
            .entries()
            .unwrap_or_default()
            .iter()
            .map(|entry| format!("{} = {}\n", key(entry.name), entry.node.to_toml()))
            .collect();
        Document::parse(&text, self.base())
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
            let Some((Step::Key(name), table)) = change.way.split_last() else {
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
        table: &[Step],
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
    fn new_table(&self, original: &Document, table: &[Step], line: &str, end: &mut String) {
        let names: Vec<String> = table
            .iter()
            .filter_map(|step| match step {
                Step::Key(name) => Some(key(name)),
                Step::Each(_) => None,
            })
            .collect();
        let in_list = table.iter().any(|step| matches!(step, Step::Each(_)));
        // A table of a list can only be written below its own header.
        if in_list || original.root.at(&table[..1]).is_some_and(|item| !is_open(item)) {
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
            let written = original.root.at(&[]).map_or(&[][..], Item::pairs);
            let written = written.iter().find(|old| old.name == pair.name);
            let old = match written.map(|old| &old.item.content) {
                Some(Content::List(items)) => items.len(),
                _ => 0,
            };
            let changed = items[old.min(items.len())..]
                .iter()
                .any(|item| item.stamp > 0 && matches!(item.content, Content::Table(_)));
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

/// Whether a table may get further tables below it by headers of their own.
fn is_open(item: &Item) -> bool {
    matches!(item.content, Content::Table(_))
}
