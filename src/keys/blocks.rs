//! Whole tables of a document's text: taken out, added and copied, with the comments that go with them.
//!
//! The text is edited, not written anew, so that all else in it stays as its author wrote it. Each
//! edit is checked by reading the text again: where it did more or less than it should, it is
//! refused and nothing changes.

use std::ops::Range;

use serde_json::Value;

use super::node::key;
use super::path::split;
use super::tree::{Item, Pair};
use super::{Document, Json, quote};

/// Why a table could not be taken out, added or copied.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", if help.is_empty() { String::new() } else { format!(": {help}") })]
pub struct TableError {
    /// What is wrong.
    pub message: String,
    /// What would be right; may be empty.
    pub help: String,
}

fn error(message: impl Into<String>, help: &str) -> TableError {
    TableError { message: message.into(), help: help.to_owned() }
}

/// One step of a way through the tree.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Each(usize),
}

/// The text that belongs to one header: the comments right above it, and its keys.
#[derive(Debug, Clone)]
struct Block {
    way: Vec<Step>,
    span: Range<usize>,
}

impl Document {
    /// The text without a table, or without one of a list.
    ///
    /// # Errors
    /// There is none, or it shares its lines with others.
    pub fn without_table(&self, path: &str) -> Result<String, TableError> {
        let (way, item) = self.way_of(path)?;
        let blocks = self.blocks_within(&way);
        let mut cuts: Vec<Range<usize>> =
            blocks.into_iter().map(|block| self.with_blank_line(block.span)).collect();
        // What stands in no block of its own stands on lines of the table around it.
        let around = self.item_at(&way[..way.len() - 1]);
        let name = way.last().and_then(|step| match step {
            Step::Key(name) => Some(name),
            Step::Each(_) => None,
        });
        let pair = around
            .zip(name)
            .and_then(|(around, name)| around.pairs().iter().find(|pair| pair.name == *name));
        match pair {
            Some(pair) if cuts.is_empty() => self.lines_of(pair, &mut cuts)?,
            None if cuts.is_empty() => return Err(on_one_line(path)),
            _ => {}
        }
        let mut text = self.text().to_owned();
        cuts.sort_by_key(|cut| cut.start);
        for cut in cuts.into_iter().rev() {
            text.replace_range(cut, "");
        }
        let expected = pruned(without(self.root().to_json(), &way));
        let _ = item;
        self.checked(text, path, |json| pruned(json) == expected)
    }

    /// The text with a table that is not there yet; `body` is an inline table of its keys, or empty.
    ///
    /// # Errors
    /// It is there, or the table around it has no place for it.
    pub fn with_table(&self, path: &str, body: &str) -> Result<String, TableError> {
        let (segments, _) = split(path).map_err(|wrong| error(wrong.message, &wrong.help))?;
        let names: Vec<String> = segments.into_iter().map(|segment| segment.name).collect();
        let (outer, name) = self.walk(&names);
        if outer.len() + name.len() < 1 || name.is_empty() {
            return Err(error(format!("`{path}` is there already"), ""));
        }
        let inner = outer.iter().rposition(|step| matches!(step, Step::Each(_)));
        let mut header: Vec<String> = Vec::new();
        header.extend(outer.iter().filter_map(|step| match step {
            Step::Key(name) => Some(key(name)),
            Step::Each(_) => None,
        }));
        header.extend(name.iter().map(|name| key(name)));
        let keys =
            Document::parse(&format!("v = {}", if body.is_empty() { "{}" } else { body }), "");
        let keys = keys.root().get("v").filter(|node| node.is_table()).map(|table| {
            let entries = table.entries().unwrap_or_default();
            let line = |entry: super::node::Entry<'_>| {
                format!("{} = {}\n", key(entry.name), entry.node.source())
            };
            entries.into_iter().map(line).collect::<String>()
        });
        let keys =
            keys.ok_or_else(|| error(format!("{body} is no table"), "write { key = value }"))?;
        let block = format!("[{}]\n{keys}", header.join("."));
        let at = match inner {
            // A table of one of a list stands below that one.
            Some(inner) => self.end_of(&outer[..=inner]).ok_or_else(|| on_one_line(path))?,
            None => self.text().len(),
        };
        let text = self.inserted(at, &block);
        let mut way = outer;
        way.extend(name.into_iter().map(Step::Key));
        let before = pruned(self.root().to_json());
        self.checked(text, path, |json| pruned(without(json, &way)) == before)
    }

    /// The text with a copy of one table of a list, behind it and under another name.
    ///
    /// # Errors
    /// There is none, or it stands on a line with others.
    pub fn with_copy(&self, path: &str, name: &str) -> Result<String, TableError> {
        let (way, _) = self.way_of(path)?;
        let (copy, at) = (self.table_text(path, name)?, self.end_of(&way));
        let at = at.ok_or_else(|| on_one_line(path))?;
        self.pasted_at(at, &way, &copy, path)
    }

    /// The text with a table of another document added to the list that it is from, under a name.
    ///
    /// # Errors
    /// The other document has none at that path, or here the list stands on one line.
    pub fn with_foreign(
        &self,
        other: &Document,
        path: &str,
        name: &str,
    ) -> Result<String, TableError> {
        let (way, _) = other.way_of(path)?;
        let text = other.table_text(path, name)?;
        let list = &way[..way.len() - 1];
        let count = self.item_at(list).map_or(0, |list| list.items().len());
        let last = count
            .checked_sub(1)
            .and_then(|last| self.end_of(&[list, &[Step::Each(last)]].concat()));
        if count > 0 && last.is_none() {
            return Err(on_one_line(path));
        }
        let at = last.unwrap_or(self.text().len());
        self.pasted_at(at, &[list, &[Step::Each(0)]].concat(), &text, path)
    }

    /// The text with a comment of its own beside a key, in the place of the one that stood there. The
    /// text as it is where the key is not written, or shares its line.
    pub fn with_comment(&self, path: &str, comment: &str) -> String {
        let text = self.text().to_owned();
        let Ok((segments, _)) = split(path) else { return text };
        let names: Vec<String> = segments.into_iter().map(|segment| segment.name).collect();
        let (way, rest) = self.walk(&names);
        let Some(item) = self.item_at(&way).filter(|_| rest.is_empty()) else { return text };
        let end = item.span.end;
        let Some(below) = self.comment_after(end) else { return text };
        format!("{}  # {comment}\n{}", &text[..end], &text[end + below..])
    }

    /// The text of all tables `[[key]]`, with their comments; empty where there are none.
    pub fn list_text(&self, list: &str) -> String {
        let blocks = self.blocks_within(&[Step::Key(list.to_owned())]);
        let texts = blocks.iter().filter_map(|block| self.text().get(block.span.clone()));
        texts.map(|text| format!("\n{text}")).collect()
    }

    fn pasted_at(
        &self,
        at: usize,
        way: &[Step],
        text: &str,
        path: &str,
    ) -> Result<String, TableError> {
        let list = &way[..way.len() - 1];
        let count = self.item_at(list).map_or(0, |list| list.items().len());
        let text = self.inserted(at, text);
        self.checked(text, path, |json| {
            at_way(&json, list).and_then(Value::as_array).map_or(0, Vec::len) == count + 1
        })
    }

    /// The text of one table of a list and of all within it, with another name.
    fn table_text(&self, path: &str, name: &str) -> Result<String, TableError> {
        let (way, item) = self.way_of(path)?;
        let old = item.pairs().iter().find(|pair| pair.name == "name");
        let old = old.ok_or_else(|| error(format!("`{path}` has no name"), ""))?.item.span.clone();
        let mut text = String::new();
        for Block { span, .. } in self.blocks_within(&way) {
            let part = self.text().get(span.clone()).unwrap_or_default();
            if span.contains(&old.start) && old.end <= span.end {
                let (from, to) = (old.start - span.start, old.end - span.start);
                text.push_str(part.get(..from).unwrap_or_default());
                text.push_str(&quote(name));
                text.push_str(part.get(to..).unwrap_or_default());
            } else {
                text.push_str(part);
            }
        }
        if text.is_empty() { Err(on_one_line(path)) } else { Ok(text) }
    }

    /// Reads an edited text again and gives it, if it says what it should.
    fn checked(
        &self,
        text: String,
        path: &str,
        is_right: impl FnOnce(Json) -> bool,
    ) -> Result<String, TableError> {
        let read = Document::parse(&text, self.base());
        match read.syntax_is_right() && is_right(read.root().to_json()) {
            true => Ok(text),
            false => Err(on_one_line(path)),
        }
    }

    /// Puts a block on lines of its own, with a blank line before it.
    fn inserted(&self, at: usize, block: &str) -> String {
        let (before, after) = self.text().split_at(at);
        let line = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        let end = if block.ends_with('\n') { "" } else { "\n" };
        format!("{before}{line}\n{block}{end}{after}")
    }

    /// Where the last block of a table ends, and of all within it.
    fn end_of(&self, way: &[Step]) -> Option<usize> {
        self.blocks_within(way).last().map(|block| block.span.end)
    }

    fn blocks_within(&self, way: &[Step]) -> Vec<Block> {
        let is_within = |block: &Block| block.way.starts_with(way);
        self.blocks().into_iter().filter(is_within).collect()
    }

    /// All blocks, in the order of the text.
    fn blocks(&self) -> Vec<Block> {
        let mut headers: Vec<(usize, Vec<Step>)> = Vec::new();
        self.gather(&self.root, &mut Vec::new(), &mut headers);
        // A table that is only named in the header of another stands nowhere: of two the longer way.
        headers.sort_by(|a, b| (a.0, b.1.len()).cmp(&(b.0, a.1.len())));
        headers.dedup_by_key(|(start, _)| *start);
        let starts: Vec<usize> = headers.iter().map(|(start, _)| self.lead(*start)).collect();
        let ends = starts.iter().skip(1).copied().chain([self.text().len()]);
        let block = |((_, way), (start, end)): ((usize, Vec<Step>), (usize, usize))| Block {
            way,
            span: start..self.last_key(start, end),
        };
        headers.into_iter().zip(starts.iter().copied().zip(ends)).map(block).collect()
    }

    fn gather(&self, item: &Item, way: &mut Vec<Step>, headers: &mut Vec<(usize, Vec<Step>)>) {
        let is_header =
            self.text().get(item.span.start..).is_some_and(|text| text.starts_with('['));
        if item.is_table() && is_header && !way.is_empty() {
            headers.push((item.span.start, way.clone()));
        }
        for pair in item.pairs() {
            way.push(Step::Key(pair.name.clone()));
            self.gather(&pair.item, way, headers);
            way.pop();
        }
        for (at, one) in item.items().iter().enumerate().filter(|(_, one)| one.is_table()) {
            way.push(Step::Each(at));
            self.gather(one, way, headers);
            way.pop();
        }
    }

    /// Where the comments begin that stand right above a header.
    fn lead(&self, header: usize) -> usize {
        let mut start = self.line_start(header);
        while let Some(above) = start.checked_sub(1).map(|end| self.line_start(end)) {
            if !self.text()[above..start].trim_start().starts_with('#') {
                break;
            }
            start = above;
        }
        start
    }

    /// The end of the last line of a block that holds anything but comments after a blank line: those
    /// belong to what follows.
    fn last_key(&self, start: usize, end: usize) -> usize {
        let lines: Vec<&str> = self.text()[start..end].split_inclusive('\n').collect();
        let is_key = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let last = lines.iter().rposition(is_key).unwrap_or_default();
        let comments = lines[last + 1..].iter().take_while(|line| !line.trim().is_empty()).count();
        start + lines[..=last + comments].iter().map(|line| line.len()).sum::<usize>()
    }

    fn line_start(&self, at: usize) -> usize {
        self.text()[..at].rfind('\n').map_or(0, |end| end + 1)
    }

    /// A part of the text with the blank line behind it.
    fn with_blank_line(&self, span: Range<usize>) -> Range<usize> {
        let rest = &self.text()[span.end..];
        let blank = rest.split_inclusive('\n').next().filter(|line| line.trim().is_empty());
        span.start..span.end + blank.map_or(0, str::len)
    }

    /// The lines on which a key stands by itself, and the comments that go on below it.
    fn lines_of(&self, pair: &Pair, cuts: &mut Vec<Range<usize>>) -> Result<(), TableError> {
        let text = self.text();
        let opening = text.get(pair.item.span.start..).unwrap_or_default();
        if pair.item.is_table() && !opening.starts_with('{') {
            return pair.item.pairs().iter().try_for_each(|inner| self.lines_of(inner, cuts));
        }
        let (start, stop) = (self.line_start(pair.name_span.start), pair.item.span.end);
        let before = text.get(start..pair.name_span.start).unwrap_or_default();
        let is_alone = before.trim().is_empty() || before.trim().ends_with('.');
        let rest = self.comment_after(stop).filter(|_| is_alone);
        cuts.push(start..stop + rest.ok_or_else(|| on_one_line(&pair.name))?);
        Ok(())
    }

    /// How long the rest of a value's line is, with the comment lines that go on below it; none where
    /// another value stands on the line.
    fn comment_after(&self, value: usize) -> Option<usize> {
        let mut lines = self.text().get(value..)?.split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        let goes_on =
            |line: &&str| line.starts_with([' ', '\t']) && line.trim_start().starts_with('#');
        let below: usize = lines.take_while(goes_on).map(str::len).sum();
        let is_alone = first.trim().is_empty() || first.trim_start().starts_with('#');
        is_alone.then_some(first.len() + below)
    }

    /// The way to a table that is there.
    fn way_of(&self, path: &str) -> Result<(Vec<Step>, &Item), TableError> {
        let (segments, _) = split(path).map_err(|wrong| error(wrong.message, &wrong.help))?;
        let names: Vec<String> = segments.into_iter().map(|segment| segment.name).collect();
        let (way, rest) = self.walk(&names);
        let item = self.item_at(&way).filter(|item| rest.is_empty() && item.is_table());
        match item {
            Some(item) if !way.is_empty() => Ok((way, item)),
            _ => Err(error(format!("there is no table `{path}` in the file"), "")),
        }
    }

    /// As far as names lead into the tree, and the names that lead to nothing.
    fn walk(&self, names: &[String]) -> (Vec<Step>, Vec<String>) {
        let (mut item, mut way) = (&self.root, Vec::new());
        for (at, name) in names.iter().enumerate() {
            let named = |one: &&Item| {
                let pair = one.pairs().iter().find(|pair| pair.name == "name");
                pair.is_some_and(|pair| self.node(&pair.item).text() == Some(name))
            };
            let found = match item.is_table() {
                true => item
                    .pairs()
                    .iter()
                    .find(|pair| pair.name == *name)
                    .map(|pair| (Step::Key(name.clone()), &pair.item)),
                false => item
                    .items()
                    .iter()
                    .position(|one| named(&one))
                    .map(|place| (Step::Each(place), &item.items()[place])),
            };
            let Some((step, inner)) = found else { return (way, names[at..].to_vec()) };
            way.push(step);
            item = inner;
        }
        (way, Vec::new())
    }

    fn item_at(&self, way: &[Step]) -> Option<&Item> {
        way.iter().try_fold(&self.root, |item, step| match step {
            Step::Key(name) => {
                item.pairs().iter().find(|pair| pair.name == *name).map(|pair| &pair.item)
            }
            Step::Each(at) => item.items().get(*at),
        })
    }
}

fn on_one_line(path: &str) -> TableError {
    let message = format!("the file writes `{path}` on a line together with other things");
    error(message, "change it in the file itself")
}

fn at_way<'j>(json: &'j Json, way: &[Step]) -> Option<&'j Json> {
    way.iter().try_fold(json, |json, step| match step {
        Step::Key(name) => json.get(name),
        Step::Each(at) => json.get(at),
    })
}

/// A value without what stands at the end of a way.
fn without(mut json: Json, way: &[Step]) -> Json {
    fn take(json: &mut Json, way: &[Step]) {
        match (way, json) {
            ([Step::Key(name)], Json::Object(table)) => {
                table.shift_remove(name);
            }
            ([Step::Each(at)], Json::Array(list)) if *at < list.len() => {
                list.remove(*at);
            }
            ([Step::Key(name), rest @ ..], Json::Object(table)) => {
                if let Some(inner) = table.get_mut(name) {
                    take(inner, rest);
                }
            }
            ([Step::Each(at), rest @ ..], Json::Array(list)) => {
                if let Some(inner) = list.get_mut(*at) {
                    take(inner, rest);
                }
            }
            _ => {}
        }
    }
    take(&mut json, way);
    json
}

/// A value without empty tables and lists: whether those are written makes no difference here.
fn pruned(json: Json) -> Json {
    let is_empty = |json: &Json| {
        json.as_object().is_some_and(|table| table.is_empty())
            || json.as_array().is_some_and(Vec::is_empty)
    };
    match json {
        Json::Object(table) => {
            let inner = table.into_iter().map(|(name, json)| (name, pruned(json)));
            inner.filter(|(_, json)| !is_empty(json)).collect()
        }
        Json::Array(list) => list.into_iter().map(pruned).filter(|one| !is_empty(one)).collect(),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# About the file.

name = \"x\"

# Who works.
[operations]
call_out = \"1h\"  # a guess
last_resort = { after = \"2d\" }   # judgement
                        # goes on

# ---- Strategies ----

# The first.
[[strategy]]
name = \"a b\"   # its name
[strategy.staging]
success = 0.9

[[strategy]]
name = \"c\"
[[strategy.watch]]
name = \"script\"

# ---- Prices ----

[costs]
labour_hour = 90.0
";

    fn document() -> Document {
        Document::parse(TEXT, "")
    }

    #[test]
    fn a_table_goes_with_the_comment_above_it_and_nothing_else() {
        let without = document().without_table("strategy.a b").unwrap();
        let expected = TEXT.replace(
            "# The first.\n[[strategy]]\nname = \"a b\"   # its name\n[strategy.staging]\nsuccess = 0.9\n\n",
            "",
        );
        assert_eq!(without, expected);
        let without = document().without_table("costs").unwrap();
        assert_eq!(without, TEXT.replace("[costs]\nlabour_hour = 90.0\n", ""));
        let without = document().without_table("strategy.\"a b\".staging").unwrap();
        assert_eq!(without, TEXT.replace("[strategy.staging]\nsuccess = 0.9\n\n", ""));
        let without = document().without_table("strategy.c.watch.script").unwrap();
        assert_eq!(without, TEXT.replace("[[strategy.watch]]\nname = \"script\"\n\n", ""));
    }

    #[test]
    fn a_table_on_one_line_goes_with_its_comment() {
        let without = document().without_table("operations.last_resort").unwrap();
        let line =
            "last_resort = { after = \"2d\" }   # judgement\n                        # goes on\n";
        assert_eq!(without, TEXT.replace(line, ""));
    }

    #[test]
    fn a_table_is_added_below_the_one_that_it_belongs_to() {
        let with = document().with_table("strategy.c.rebuild", "{ success = 0.8 }").unwrap();
        let after = "name = \"script\"\n";
        let added = format!("{after}\n[strategy.rebuild]\nsuccess = 0.8\n");
        assert_eq!(with, TEXT.replace(after, &added));
        let with = document().with_table("tolerance.cost", "{ limit = 5.0 }").unwrap();
        assert_eq!(with, format!("{TEXT}\n[tolerance.cost]\nlimit = 5.0\n"));
        assert!(document().with_table("costs", "").is_err());
    }

    #[test]
    fn a_copy_has_another_name_and_all_else() {
        let with = document().with_copy("strategy.\"a b\"", "d \"e\"").unwrap();
        let copy = "success = 0.9\n\n# The first.\n[[strategy]]\nname = \"d \\\"e\\\"\"   # its name\n\
                    [strategy.staging]\nsuccess = 0.9\n";
        assert_eq!(with, TEXT.replacen("success = 0.9\n", copy, 1));
    }

    #[test]
    fn a_table_of_another_file_is_added_at_the_end_of_the_list() {
        let small = Document::parse("name = \"y\"\n[[strategy]]\nname = \"z\"\n[costs]\n", "");
        let with = small.with_foreign(&document(), "strategy.a b", "new").unwrap();
        let expected = "name = \"y\"\n[[strategy]]\nname = \"z\"\n\n# The first.\n[[strategy]]\n\
                        name = \"new\"   # its name\n[strategy.staging]\nsuccess = 0.9\n[costs]\n";
        assert_eq!(with, expected);
    }

    #[test]
    fn a_comment_takes_the_place_of_the_one_before() {
        let with = document().with_comment("operations.last_resort", "your answer");
        let old = "}   # judgement\n                        # goes on\n";
        assert_eq!(with, TEXT.replace(old, "}  # your answer\n"));
        let with = document().with_comment("costs.labour_hour", "dear");
        assert_eq!(with, TEXT.replace("= 90.0\n", "= 90.0  # dear\n"));
        assert_eq!(document().with_comment("costs.nothing", "x"), TEXT);
    }

    #[test]
    fn what_shares_its_line_is_refused() {
        let text = "name = \"x\"\nstrategy = [{ name = \"a\", staging = {} }, { name = \"b\" }]\n";
        let document = Document::parse(text, "");
        assert!(document.without_table("strategy.a").is_err());
        assert!(document.with_copy("strategy.a", "c").is_err());
        assert!(document.without_table("strategy.nobody").is_err());
    }
}
