//! One table of a document, read key by key.

mod tables;

use std::ops::Range;
use std::sync::Arc;

use serde_json::json;

use super::declaration::{Declaration, Demand, TreeStep};
use super::document::DEFAULT_KEY;
use super::log::Known;
use super::quantity::Uncertainty;
use super::uncertain;
use super::{Advice, Assumption, Document, Fitter, Form, Json, Log, Node, Of, Place, Value};

/// One table of the document. When the table is not written, every key takes its default.
///
/// Each key must be read once, whatever the other keys say: reading declares it. When the section
/// goes out of scope, every written key that was not declared is reported as unknown;
/// [`Section::finish`] only says so sooner.
#[derive(Debug)]
pub struct Section<'a> {
    document: &'a Document,
    fitter: Option<&'a dyn Fitter>,
    /// The table, if it is written.
    pub(super) node: Option<Node<'a>>,
    /// Where findings about the whole table point: its header or that of the table around it.
    header: Option<Range<usize>>,
    /// For people: `strategy."Staging server".staging`.
    path: String,
    /// For the schema.
    steps: Vec<TreeStep>,
    pub(super) known: Vec<&'static str>,
    pub(super) log: &'a mut Log,
}

/// What holds for a key that is not written, or is wrong.
#[derive(Clone, Copy)]
enum Absent<'t> {
    /// This TOML value holds.
    Default(&'t str),
    /// It may be absent.
    Optional,
    /// It is an error.
    Required,
}

impl<'a> Section<'a> {
    pub(super) fn root(
        document: &'a Document,
        fitter: Option<&'a dyn Fitter>,
        log: &'a mut Log,
    ) -> Self {
        let node = Some(Node { fitter, ..document.root() });
        let (path, steps) = (String::new(), Vec::new());
        Self { document, fitter, node, header: None, path, steps, known: Vec::new(), log }
    }

    /// The value of `key`, or `default`, which is a TOML value such as `"\"2h\""` or `"{ a = 1 }"`.
    pub fn get<T: Value>(&mut self, key: &'static str, default: &str, doc: &'static str) -> T {
        self.get_as(key, &Of::new(), default, doc)
    }

    /// The value of `key`, which must be written. [`Value::harmless`] after an error.
    pub fn required<T: Value>(&mut self, key: &'static str, doc: &'static str) -> T {
        self.required_as(key, &Of::new(), doc)
    }

    /// The value of `key` if it is written and right.
    pub fn optional<T: Value>(&mut self, key: &'static str, doc: &'static str) -> Option<T> {
        self.optional_as(key, &Of::new(), doc)
    }

    /// As [`Section::get`], with any form.
    pub fn get_as<F: Form>(
        &mut self,
        key: &'static str,
        form: &F,
        default: &str,
        doc: &'static str,
    ) -> F::Output {
        self.read(key, form, Absent::Default(default), doc).unwrap_or_else(|| form.harmless())
    }

    /// As [`Section::required`], with any form.
    pub fn required_as<F: Form>(
        &mut self,
        key: &'static str,
        form: &F,
        doc: &'static str,
    ) -> F::Output {
        self.read(key, form, Absent::Required, doc).unwrap_or_else(|| form.harmless())
    }

    /// As [`Section::optional`], with any form.
    pub fn optional_as<F: Form>(
        &mut self,
        key: &'static str,
        form: &F,
        doc: &'static str,
    ) -> Option<F::Output> {
        self.read(key, form, Absent::Optional, doc)
    }

    fn read<F: Form>(
        &mut self,
        key: &'static str,
        form: &F,
        absent: Absent<'_>,
        doc: &'static str,
    ) -> Option<F::Output> {
        self.declare(key, form, absent, doc);
        let known = self.know(key, doc);
        let written = self.around(key);
        if let Some(node) = written
            && let Some((value, uncertainty)) = uncertain::read(form, &node, self.log)
        {
            self.assume(known, form, &value, (node, uncertainty));
            return Some(value);
        }
        match absent {
            Absent::Default(default) => self.read_default((key, known), form, default),
            Absent::Required if written.is_none() => {
                self.missing(key, &form.expects());
                None
            }
            Absent::Required | Absent::Optional => None,
        }
    }

    /// Notes that a key may be set; `None` where no list is wanted.
    pub(super) fn know(&mut self, key: &'static str, doc: &'static str) -> Option<Known> {
        if self.log.is_quiet {
            return None;
        }
        let known = Known { path: self.dotted(key).into(), way: self.steps_to(key).into(), doc };
        self.log.known.push(known.clone());
        Some(known)
    }

    fn read_default<F: Form>(
        &mut self,
        (key, known): (&'static str, Option<Known>),
        form: &F,
        default: &str,
    ) -> Option<F::Output> {
        let document = Document::of_default(default, self.document.base());
        let mut log = Log::new();
        let node = Node { fitter: self.fitter, ..document.root() }.get(DEFAULT_KEY)?;
        let value = form.read(&node, &mut log);
        for finding in log.findings {
            // A finding here is a fault of the program, said and not hidden.
            let path = self.dotted(key);
            let message = format!("the value {default} of `{path}`: {}", finding.message);
            self.log.error(None, message, "");
        }
        self.assume(known, form, value.as_ref()?, (node, None));
        value
    }

    /// Notes the value that a key has, and how sure it is.
    fn assume<F: Form>(
        &mut self,
        known: Option<Known>,
        form: &F,
        value: &F::Output,
        (node, uncertainty): (Node<'_>, Option<Uncertainty>),
    ) {
        let Some(Known { path, way, doc }) = known else { return };
        self.log.assumptions.push(Assumption {
            key: path,
            place: Place(way),
            value: node.value().to_toml().into(),
            quantity: form.quantity(value),
            uncertainty: uncertainty.map(Arc::new),
            distribution: form.distribution(value).cloned().map(Arc::new),
            is_default: node.is_default(),
            is_set: node.is_set(),
            doc,
            comment: node.comment().map(Arc::from),
        });
    }

    fn declare<F: Form>(
        &mut self,
        key: &'static str,
        form: &F,
        absent: Absent<'_>,
        doc: &'static str,
    ) {
        self.known.push(key);
        let steps = self.steps_to(key);
        let Some(declarations) = &mut self.log.declarations else {
            return;
        };
        let default = match absent {
            Absent::Default(default) => {
                let document = Document::of_default(default, self.document.base());
                document.root().get(DEFAULT_KEY).map(Node::to_json)
            }
            Absent::Optional | Absent::Required => None,
        };
        let required = matches!(absent, Absent::Required);
        let mut definitions = super::Definitions::default();
        form.define(&mut definitions);
        let schema = uncertain::schema(form);
        declarations.push(Declaration { steps, schema, default, doc, required, definitions });
    }

    fn missing(&mut self, key: &str, expects: &str) {
        // After a syntax error nobody knows what is missing.
        if self.log.broken || self.log.declarations.is_some() {
            return;
        }
        let name = if self.node.is_some() { key.to_owned() } else { self.dotted(key) };
        let help = format!("add `{key} = …` with {expects}");
        let place = self.header.clone().or(Some(0..0));
        self.log.error(place, format!("`{name}` is missing"), &help);
    }

    fn steps_to(&self, key: &'static str) -> Vec<TreeStep> {
        [&self.steps[..], &[TreeStep::Key(key)]].concat()
    }

    fn dotted(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Lets `key` stand without reading it.
    pub fn pass_over(&mut self, key: &'static str) {
        self.known.push(key);
    }

    /// The value of `key` as the user wrote it; of an uncertain one the guess.
    pub fn written(&self, key: &str) -> Option<Node<'a>> {
        self.around(key).map(Node::value)
    }

    /// What has been read so far, in all tables; nothing where no list is wanted.
    pub fn assumptions(&self) -> &[Assumption] {
        &self.log.assumptions
    }

    /// Whether anything was wrong so far, in any table.
    pub fn has_errors(&self) -> bool {
        self.log.has_errors()
    }

    /// Whether no list of keys is wanted, so that none can be looked up either.
    pub fn is_quiet(&self) -> bool {
        self.log.is_quiet
    }

    /// What stands at `key`: the value, or the table of a guess and what is said of it.
    pub(super) fn around(&self, key: &str) -> Option<Node<'a>> {
        self.node.and_then(|node| node.get(key))
    }

    /// Whether the user wrote `key`.
    pub fn has(&self, key: &str) -> bool {
        self.written(key).is_some()
    }

    /// Where the value of `key` stands; the header of the table when it is not written.
    pub fn span(&self, key: &str) -> Option<Range<usize>> {
        let value = self.written(key).map(|node| node.span());
        value.or_else(|| self.header.clone())
    }

    /// Where the value at the end of a path of keys stands, if the user wrote it.
    pub fn span_of(&self, path: &[&str]) -> Option<Range<usize>> {
        let (first, rest) = path.split_first()?;
        let value = rest.iter().try_fold(self.written(first)?, |node, key| node.get(key));
        value.map(|node| node.span())
    }

    /// Records a warning at a place that was noted before.
    pub fn warn_at(&mut self, span: Option<Range<usize>>, message: String, help: &str) {
        self.log.warn(span, message, help);
    }

    /// Demands that at most one of two keys is written; if both are, the error `message` is
    /// recorded at the second. The keys themselves are read apart from that.
    pub fn at_most_one(&mut self, keys: [&'static str; 2], message: &str, help: &str) {
        self.demand(json!({ "not": { "required": keys } }));
        if keys.iter().all(|key| self.has(key)) {
            self.error(keys[1], message.to_owned(), help);
        }
    }

    /// Demands that exactly one of two keys is written: as [`Section::at_most_one`] with `both`, a
    /// message and its help; where none is, the error `none` is recorded.
    pub fn exactly_one(&mut self, keys: [&'static str; 2], both: (&str, &str), none: (&str, &str)) {
        self.demand(json!({ "oneOf": keys.map(|key| json!({ "required": [key] })) }));
        match keys.map(|key| self.has(key)) {
            [true, true] => self.error(keys[1], both.0.to_owned(), both.1),
            [false, false] if !self.log.broken => self.error(keys[0], none.0.to_owned(), none.1),
            _ => {}
        }
    }

    /// Demands that at least one of two keys is written; where none is, the error `message` is
    /// recorded at the header.
    pub fn at_least_one(&mut self, keys: [&'static str; 2], message: &str, help: &str) {
        self.demand(json!({ "anyOf": keys.map(|key| json!({ "required": [key] })) }));
        if !keys.iter().any(|key| self.has(key)) && !self.log.broken {
            self.error(keys[0], message.to_owned(), help);
        }
    }

    fn demand(&mut self, schema: Json) {
        if self.log.declarations.is_some() {
            self.log.demands.push(Demand { steps: self.steps.clone(), schema });
        }
    }

    /// Records a warning at the value of `key`, or at the header when it is not written.
    pub fn warn(&mut self, key: &str, message: String, help: &str) {
        self.log.warn(self.span(key), message, help);
    }

    /// Records an error at the value of `key`, or at the header when it is not written.
    pub fn error(&mut self, key: &str, message: String, help: &str) {
        self.log.error(self.span(key), message, help);
    }

    /// Records an error at a place that was noted before.
    pub fn error_at(&mut self, span: Option<Range<usize>>, message: String, help: &str) {
        self.log.error(span, message, help);
    }

    /// Has advice at hand for keys that the tables of this document do not have.
    pub fn take_advice(&mut self, advice: &'static [&'static [Advice]]) {
        self.log.advice = advice;
    }

    /// The last name of the table, empty at the top and where no list of keys is wanted.
    fn name(&self) -> &'static str {
        let names = self.steps.iter().rev().filter_map(|step| match step {
            TreeStep::Key(key) => Some(*key),
            TreeStep::Each(_) => None,
        });
        names.into_iter().next().unwrap_or_default()
    }

    /// How the header of a table within this one is written, without brackets: `strategy.staging`.
    pub(super) fn header_of(&self, key: &str) -> String {
        let names = self.steps.iter().filter_map(|step| match step {
            TreeStep::Key(key) => Some(*key),
            TreeStep::Each(_) => None,
        });
        names.chain([key]).collect::<Vec<_>>().join(".")
    }

    /// Ends the reading of this table: written keys that were not read are unknown.
    pub fn finish(self) {}
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        if let Some(node) = self.node {
            node.refuse_unknown_keys_of(self.name(), &self.known, self.log);
        }
    }
}
