//! One table of a document, read key by key.

use std::ops::Range;

use super::schema::{Declaration, Step};
use super::{Assumption, Document, Form, Json, Log, Node, Of, Value, quote};

/// One table of the document. When the table is not written, every key takes its default.
///
/// Each key must be read once, whatever the other keys say: reading declares it. When the section
/// goes out of scope, every written key that was not declared is reported as unknown;
/// [`Section::finish`] only says so sooner.
#[derive(Debug)]
pub struct Section<'a> {
    document: &'a Document<'a>,
    /// The table, if it is written.
    node: Option<Node<'a>>,
    /// Where findings about the whole table point: its header or that of the table around it.
    header: Option<Range<usize>>,
    /// For people: `strategy."Staging server".staging`.
    path: String,
    /// For the schema.
    steps: Vec<Step>,
    known: Vec<&'static str>,
    log: &'a mut Log,
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
    pub(super) fn root(document: &'a Document<'a>, log: &'a mut Log) -> Self {
        let node = Some(document.root());
        let (path, steps) = (String::new(), Vec::new());
        Self { document, node, header: None, path, steps, known: Vec::new(), log }
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
        let written = self.written(key);
        if let Some(value) = written.and_then(|node| read_or_complain(form, &node, self.log)) {
            let text = written.map(|node| node.to_toml()).unwrap_or_default();
            let comment = written.and_then(|node| node.comment());
            self.assume(key, (text, comment), false, doc);
            return Some(value);
        }
        match absent {
            Absent::Default(default) => {
                self.assume(key, (default.to_owned(), None), true, doc);
                self.read_default(key, form, default)
            }
            Absent::Required if written.is_none() => {
                self.missing(key, &form.expects());
                None
            }
            Absent::Required | Absent::Optional => None,
        }
    }

    fn read_default<F: Form>(&mut self, key: &str, form: &F, default: &str) -> Option<F::Output> {
        let text = format!("value = {default}");
        let document = Document::parse(&text, self.document.base());
        let mut log = Log::new();
        let node = document.root().get("value")?;
        let value = form.read(&node, &mut log);
        for finding in log.findings {
            // A default is ours: a finding here is a fault of the program, said and not hidden.
            let message = format!("the default {default} of `{key}`: {}", finding.message);
            self.log.error(None, message, "");
        }
        value
    }

    fn declare<F: Form>(
        &mut self,
        key: &'static str,
        form: &F,
        absent: Absent<'_>,
        doc: &'static str,
    ) {
        self.known.push(key);
        let Some(declarations) = &mut self.log.declarations else {
            return;
        };
        let default = match absent {
            Absent::Default(default) => {
                let text = format!("value = {default}");
                let document = Document::parse(&text, "");
                document.root().get("value").map(|node| node.to_json())
            }
            Absent::Optional | Absent::Required => None,
        };
        let required = matches!(absent, Absent::Required);
        let mut definitions = super::Definitions::default();
        form.define(&mut definitions);
        let mut steps = self.steps.clone();
        steps.push(Step::Key(key));
        let schema = form.schema();
        declarations.push(Declaration { steps, schema, default, doc, required, definitions });
    }

    fn declare_table(&mut self, key: &'static str, schema: Json, doc: &'static str) {
        self.known.push(key);
        let mut steps = self.steps.clone();
        steps.push(Step::Key(key));
        if let Some(declarations) = &mut self.log.declarations {
            declarations.push(Declaration {
                steps,
                schema,
                default: None,
                doc,
                required: false,
                definitions: super::Definitions::default(),
            });
        }
    }

    fn assume(
        &mut self,
        key: &str,
        (value, comment): (String, Option<String>),
        is_default: bool,
        doc: &str,
    ) {
        let (key, doc) = (self.dotted(key), doc.to_owned());
        self.log.assumptions.push(Assumption { key, value, is_default, doc, comment });
    }

    fn missing(&mut self, key: &str, expects: &str) {
        // After a syntax error nobody knows what is missing.
        if self.log.broken || self.log.declarations.is_some() {
            return;
        }
        let name = if self.node.is_some() { key.to_owned() } else { self.dotted(key) };
        let help = format!("add `{key} = …` with {expects}");
        self.log.error(self.header.clone(), format!("`{name}` is missing"), &help);
    }

    fn dotted(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of `key` as the user wrote it.
    pub fn written(&self, key: &str) -> Option<Node<'a>> {
        self.node.and_then(|node| node.get(key))
    }

    /// Whether the user wrote `key`.
    pub fn has(&self, key: &str) -> bool {
        self.written(key).is_some()
    }

    /// Whether the user wrote this table at all.
    pub fn is_written(&self) -> bool {
        self.node.is_some()
    }

    /// Where the value of `key` stands; the header of the table when it is not written.
    pub fn span(&self, key: &str) -> Option<Range<usize>> {
        let value = self.written(key).map(|node| node.span());
        value.or_else(|| self.header.clone())
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

    /// The table `[key]`; when it is not written, one whose keys all take their defaults.
    pub fn section(&mut self, key: &'static str, doc: &'static str) -> Section<'_> {
        self.declare_table(key, super::schema::table(), doc);
        let node = self.table_at(key);
        self.inner(key, &[Step::Key(key)], node)
    }

    /// The table `[key]` if it is written; always, when the schema is being described.
    pub fn optional_section(
        &mut self,
        key: &'static str,
        doc: &'static str,
    ) -> Option<Section<'_>> {
        self.declare_table(key, super::schema::table(), doc);
        let node = self.table_at(key);
        let wanted = node.is_some() || self.log.declarations.is_some();
        wanted.then(|| self.inner(key, &[Step::Key(key)], node))
    }

    /// Reads each table `[[key]]` with `reader`, in the order of the document; once, over nothing,
    /// when the schema is being described.
    pub fn sections<T>(
        &mut self,
        key: &'static str,
        doc: &'static str,
        mut reader: impl FnMut(Section<'_>) -> T,
    ) -> Vec<T> {
        self.declare_table(key, super::schema::tables(), doc);
        let way = [Step::Key(key), Step::Each];
        let mut results = Vec::new();
        for (index, node) in self.tables_at(key).into_iter().enumerate() {
            let name = node.get("name").and_then(|name| name.text()).map(quote);
            let segment = name.map_or(format!("{key}[{index}]"), |name| format!("{key}.{name}"));
            results.push(reader(self.inner(&segment, &way, Some(node))));
        }
        if self.log.declarations.is_some() {
            results.push(reader(self.inner(key, &way, None)));
        }
        results
    }

    /// Ends the reading of this table: written keys that were not read are unknown.
    pub fn finish(self) {}

    fn inner(&mut self, segment: &str, way: &[Step], node: Option<Node<'a>>) -> Section<'_> {
        let header = node.map(|node| node.span()).or_else(|| self.header.clone());
        let (path, steps) = (self.dotted(segment), [&self.steps, way].concat());
        let log = &mut *self.log;
        Section { document: self.document, node, header, path, steps, known: Vec::new(), log }
    }

    /// The table at `key`. Of a list of tables the first, after an error.
    fn table_at(&mut self, key: &str) -> Option<Node<'a>> {
        let node = self.node?.get(key)?;
        if node.is_table() {
            return Some(node);
        }
        let first = node.items().and_then(|items| items.first().copied());
        let first = first.filter(Node::is_table);
        let help = format!("write [{}] once, with single brackets", self.dotted(key));
        let what = if first.is_some() { "one table" } else { "a table" };
        node.expected(self.log, what, if first.is_some() { &help } else { "" });
        first
    }

    /// The tables at `key`. A single table counts as a list of one, after an error.
    fn tables_at(&mut self, key: &str) -> Vec<Node<'a>> {
        let Some(node) = self.written(key) else {
            return Vec::new();
        };
        let help = format!("write [[{}]] with double brackets", self.dotted(key));
        let Some(mut items) = node.items() else {
            node.expected(self.log, "a list of tables", &help);
            return if node.is_table() { vec![node] } else { Vec::new() };
        };
        for item in items.iter().filter(|item| !item.is_table()) {
            item.expected(self.log, "a table", &help);
        }
        items.retain(Node::is_table);
        items
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        if let Some(node) = self.node {
            node.refuse_unknown_keys(&self.known, self.log);
        }
    }
}

/// Reads a value; if the form gives none and no reason, the reason is what it expects.
fn read_or_complain<F: Form>(form: &F, node: &Node<'_>, log: &mut Log) -> Option<F::Output> {
    let before = log.errors_so_far();
    let value = form.read(node, log);
    if value.is_none() && log.errors_so_far() == before {
        node.expected(log, &form.expects(), "");
    }
    value
}
