//! A parsed document: its text, its tree and what was wrong with its syntax.

use std::any::Any;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::syntax::{self, SyntaxError};
use super::{Log, Node, Section};

/// A TOML document with the place of every value. Parsing never fails: syntax errors are findings
/// of the reading, and what could be understood is read all the same.
#[derive(Debug, Clone)]
pub struct Document<'t> {
    text: &'t str,
    base: PathBuf,
    root: Spanned<DeValue<'t>>,
    syntax: Vec<SyntaxError>,
    lent: Option<&'t dyn Any>,
    replaced: &'t [(String, String)],
}

impl<'t> Document<'t> {
    /// Parses `text`; relative paths in it will count from the folder `base`.
    pub fn parse(text: &'t str, base: impl Into<PathBuf>) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        let root = Spanned::new(table.span(), DeValue::Table(table.into_inner()));
        let syntax = syntax::slips(text, &root, &errors);
        Self { text, base: base.into(), root, syntax, lent: None, replaced: &[] }
    }

    /// Lends the reading something that a room above has and one below asks for by its type: see
    /// [`Node::lent`].
    pub fn lending(self, lent: &'t dyn Any) -> Self {
        Self { lent: Some(lent), ..self }
    }

    /// Reads other values in the place of those that are written or left out: for a key as
    /// [`Assumption`](super::Assumption) names it, a value as TOML text.
    pub fn replacing(self, replaced: &'t [(String, String)]) -> Self {
        Self { replaced, ..self }
    }

    /// The value in the place of a key's own.
    pub(super) fn replacement(&self, key: &str) -> Option<&'t str> {
        self.replaced.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// What is lent, for a document that is read within this one.
    pub(super) fn lent(&self) -> Option<&'t dyn Any> {
        self.lent
    }

    /// The text that was parsed.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// The folder from which relative paths count.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The whole document as a value.
    pub fn root(&self) -> Node<'_> {
        Node { value: &self.root, text: self.text, base: &self.base, lent: self.lent }
    }

    /// Reads the document with `reader`, which receives the top-level table, and gives its result
    /// together with all findings (in the order of the document) and assumptions.
    pub fn read<T>(&self, reader: impl FnOnce(Section<'_>) -> T) -> (T, Log) {
        let mut log = Log { broken: !self.syntax.is_empty(), ..Log::new() };
        let result = reader(Section::root(self, &mut log));
        if log.broken {
            log.findings
                .retain(|finding| !self.syntax.iter().any(|slip| slip.overshadows(finding)));
            log.findings.extend(self.syntax.iter().map(|slip| slip.finding.clone()));
        }
        log.sort();
        (result, log)
    }
}
