//! A parsed document: its tree, the texts it was read from and what was wrong with its syntax.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::declaration::TreeStep;
use super::source::{Origin, Sources};
use super::syntax::{self, SyntaxError};
use super::tree::{Content, Item};
use super::{Finding, Fitter, Log, Node, Place, Section, Setting};

/// A TOML document with the place of every value. Parsing never fails: syntax errors are findings
/// of the reading, and what could be understood is read all the same.
#[derive(Debug, Clone)]
pub struct Document {
    pub(super) sources: Sources,
    base: PathBuf,
    pub(super) root: Item,
    syntax: Vec<SyntaxError>,
    pub(super) changes: Vec<Change>,
    stamp: u64,
}

/// A value that was set: where, and where its text begins.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) way: Arc<[TreeStep]>,
    start: usize,
}

/// The key of the document of a default.
pub(super) const DEFAULT_KEY: &str = "value";

impl Document {
    /// Parses `text`; relative paths in it will count from the folder `base`.
    pub fn parse(text: &str, base: impl Into<PathBuf>) -> Self {
        Document::parse_from(Origin::File, text, base.into())
    }

    /// A document of the program's own, with a default at [`DEFAULT_KEY`].
    pub(super) fn of_default(default: &str, base: &Path) -> Self {
        Document::parse_from(Origin::Default, &format!("{DEFAULT_KEY} = {default}"), base.into())
    }

    fn parse_from(origin: Origin, text: &str, base: PathBuf) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let root = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        let syntax = syntax::errors(text, &root, &errors);
        let root = Item::parsed(&root, 0);
        let sources = Sources::new(text, origin);
        Self { sources, base, root, syntax, changes: Vec::new(), stamp: 0 }
    }

    /// The text that was parsed, without what was set since.
    pub fn text(&self) -> &str {
        self.sources.file()
    }

    /// Whether the text was TOML.
    pub(super) fn syntax_is_right(&self) -> bool {
        self.syntax.is_empty()
    }

    /// The folder from which relative paths count.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The whole document as a value.
    pub fn root(&self) -> Node<'_> {
        self.node(&self.root)
    }

    /// A value of the document's tree.
    pub(super) fn node<'a>(&'a self, item: &'a Item) -> Node<'a> {
        Node { item, sources: &self.sources, base: &self.base, fitter: None, without: None }
    }

    /// Reads the document with `reader`, which receives the top-level table, and gives its result
    /// together with all findings (in the order of the document) and assumptions. Distributions are
    /// fitted to logs by the `fitter`, if there is one.
    pub fn read<T>(
        &self,
        fitter: Option<&dyn Fitter>,
        reader: impl FnOnce(Section<'_>) -> T,
    ) -> (T, Log) {
        self.read_into(Log::new(), fitter, reader)
    }

    /// As [`Document::read`], without lists of what is assumed and of what can be set. What is wrong
    /// is found all the same, but may not be said in full: read again for that.
    pub fn read_quietly<T>(
        &self,
        fitter: Option<&dyn Fitter>,
        reader: impl FnOnce(Section<'_>) -> T,
    ) -> (T, Log) {
        self.read_into(Log { is_quiet: true, ..Log::new() }, fitter, reader)
    }

    fn read_into<T>(
        &self,
        log: Log,
        fitter: Option<&dyn Fitter>,
        reader: impl FnOnce(Section<'_>) -> T,
    ) -> (T, Log) {
        let mut log = Log { broken: !self.syntax.is_empty(), ..log };
        let result = reader(Section::root(self, fitter, &mut log));
        log.warn_of_fits();
        if log.broken {
            log.findings
                .retain(|finding| !self.syntax.iter().any(|error| error.overshadows(finding)));
            log.findings.extend(self.syntax.iter().map(|error| error.finding.clone()));
        }
        log.sort();
        log.findings = log.findings.into_iter().map(|finding| self.localised(finding)).collect();
        (result, log)
    }

    /// A finding with its place counted from the start of the text that holds it.
    fn localised(&self, finding: Finding) -> Finding {
        let Some(source) = finding.span.as_ref().and_then(|span| self.sources.at(span.start))
        else {
            return finding;
        };
        let local = |span: Range<usize>| span.start - source.start..span.end - source.start;
        match source.origin {
            Origin::File => finding,
            // Text of the program's own: the user has no place to look at.
            Origin::Default => Finding { span: None, ..finding },
            Origin::Set => {
                let span = finding.span.map(local);
                Finding { span, option: Some(source.text.clone()), ..finding }
            }
        }
    }

    /// Takes the tables `[[key]]` of another document, as text of the program's own, where this one
    /// has none.
    pub fn supplement(&mut self, key: &'static str, other: &str) {
        let is_empty = match self.root.at(&[TreeStep::Key(key)]).map(|item| &item.content) {
            None => true,
            Some(Content::List(items)) => items.is_empty(),
            Some(_) => false,
        };
        if !is_empty {
            return;
        }
        let (table, _) = DeTable::parse_recoverable(other);
        if let Some(value) = table.get_ref().get(key) {
            let start = self.sources.add(other.into(), Origin::Default);
            let item = Item::parsed(value, start);
            self.root.put(&[TreeStep::Key(key)], item);
        }
    }

    /// Sets the value at the end of a way. `written` is how a message shows who set it to what, and
    /// `at` where in it the value stands.
    pub(super) fn set_at(
        &mut self,
        way: &Arc<[TreeStep]>,
        setting: &Setting,
        written: &str,
        at: usize,
    ) {
        let start = self.begin_change(way, written);
        let item = setting.item(written, at, start, self.stamp);
        self.root.put(way, item);
    }

    /// Sets the value at a place. An error of it does not name its key.
    pub fn put(&mut self, place: &Place, setting: &Setting) {
        let written = match setting {
            // To write one out takes longer than all else, and is wanted by nobody here.
            Setting::Distribution(_) => "a distribution".to_owned(),
            setting => setting.to_toml(),
        };
        self.set_at(&place.0, setting, &written, 0);
    }

    /// Adds a table at the end of the list `[[key]]`, at the top or within a table of another list.
    pub fn add_table(
        &mut self,
        within: Option<(&'static str, usize)>,
        key: &'static str,
        entries: &[(&'static str, Setting)],
    ) {
        let outer = within.map(|(list, at)| [TreeStep::Key(list), TreeStep::Each(at)]);
        let mut steps: Vec<TreeStep> = outer.into_iter().flatten().collect();
        steps.push(TreeStep::Key(key));
        let index = self.root.at(&steps).map_or(0, |list| list.items().len());
        steps.push(TreeStep::Each(index));
        let prefix = within.map_or(String::new(), |(list, _)| format!("{list}."));
        let written = format!("[[{prefix}{key}]]");
        let steps: Arc<[TreeStep]> = steps.into();
        let start = self.begin_change(&steps, &written);
        let mut table = Item::table(start..start + written.len(), self.stamp);
        for (name, setting) in entries {
            let text = format!("{name} = {}", setting.to_toml());
            let start = self.sources.add(text.as_str().into(), Origin::Set);
            let item = setting.item(&text, name.len() + 3, start, self.stamp);
            table.put(&[TreeStep::Key(name)], item);
        }
        self.root.put(&steps, table);
    }

    /// Notes a change; what was set there before is forgotten.
    fn begin_change(&mut self, way: &Arc<[TreeStep]>, written: &str) -> usize {
        self.stamp += 1;
        let start = self.sources.add(written.into(), Origin::Set);
        let known = |change: &Change| Arc::ptr_eq(&change.way, way);
        let index = self.changes.iter().position(known);
        let index = index.or_else(|| self.changes.iter().position(|change| change.way == *way));
        match index {
            None => self.changes.push(Change { way: way.clone(), start }),
            Some(index) => {
                let old = std::mem::replace(&mut self.changes[index].start, start);
                self.sources.forget(old);
            }
        }
        start
    }
}
