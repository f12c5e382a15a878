//! The tables within a table: one, perhaps one, or a list of them.

use super::Section;
use crate::keys::declaration::{Declaration, TreeStep};
use crate::keys::log::Known;
use crate::keys::schema;
use crate::keys::{Assumption, Definitions, Json, Node, Place, Quantity, quote};

/// The most tables of a list: what has more is no scenario that anybody wrote.
const MOST_TABLES: usize = 1000;

impl<'a> Section<'a> {
    /// The table `[key]`; when it is not written, one whose keys all take their defaults.
    pub fn section(&mut self, key: &'static str, doc: &'static str) -> Section<'_> {
        self.declare_table(key, schema::table(), false, doc);
        let node = self.table_at(key);
        self.inner(key, &[TreeStep::Key(key)], node)
    }

    /// The table `[key]` if it is written; always, when the schema is being described.
    pub fn optional_section(
        &mut self,
        key: &'static str,
        doc: &'static str,
    ) -> Option<Section<'_>> {
        self.declare_table(key, schema::table(), false, doc);
        let node = self.table_at(key);
        if !self.log.is_quiet {
            let path = self.dotted(key).into();
            match node {
                Some(_) => self.log.optional.push(path),
                None => self.log.absent.push(path),
            }
        }
        let wanted = node.is_some() || self.log.declarations.is_some();
        wanted.then(|| self.inner(key, &[TreeStep::Key(key)], node))
    }

    /// As [`Section::optional_section`], with help for a value that stands where the table should:
    /// none where the value says nothing of what is meant.
    pub fn optional_section_or(
        &mut self,
        key: &'static str,
        doc: &'static str,
        help: impl Fn(Node<'_>) -> Option<String>,
    ) -> Option<Section<'_>> {
        let value = self.written(key).filter(|node| !node.is_table() && node.items().is_none());
        if let Some((node, help)) = value.and_then(|node| Some((node, help(node)?))) {
            self.declare_table(key, schema::table(), false, doc);
            node.expected(self.log, "a table", &help);
            return None;
        }
        self.optional_section(key, doc)
    }

    /// As [`Section::section`], or `None` where `"never"` stands in the place of the table.
    pub fn section_or_never(
        &mut self,
        key: &'static str,
        doc: &'static str,
    ) -> Option<Section<'_>> {
        self.declare_table(key, schema::table_or_never(), false, doc);
        let known = self.know(key, doc);
        let Some(node) = self.written(key).filter(|node| !node.is_table()) else {
            let node = self.table_at(key);
            return Some(self.inner(key, &[TreeStep::Key(key)], node));
        };
        if node.text().is_some_and(|text| text.trim() == "never") {
            let Known { path, way, doc } = known?;
            self.log.assumptions.push(Assumption {
                key: path,
                place: Place(way),
                value: node.to_toml().into(),
                quantity: Quantity::Choice,
                uncertainty: None,
                distribution: None,
                is_default: node.is_default(),
                is_set: node.is_set(),
                doc,
                comment: node.comment().map(Into::into),
            });
        } else {
            node.expected(self.log, "a table, or \"never\"", "");
        }
        None
    }

    /// Reads each table `[[key]]` with `reader`, in the order of the document; once, over nothing,
    /// when the schema is being described.
    pub fn sections<T>(
        &mut self,
        key: &'static str,
        doc: &'static str,
        reader: impl FnMut(Section<'_>) -> T,
    ) -> Vec<T> {
        self.declare_table(key, schema::tables(0), false, doc);
        self.read_tables(key, reader)
    }

    /// As [`Section::sections`]; without any table an error (its message and help) is recorded at
    /// the end of the document, where one is to be added.
    pub fn required_sections<T>(
        &mut self,
        key: &'static str,
        doc: &'static str,
        none: (&str, &str),
        reader: impl FnMut(Section<'_>) -> T,
    ) -> Vec<T> {
        self.declare_table(key, schema::tables(1), true, doc);
        let before = self.log.errors;
        let results = self.read_tables(key, reader);
        if results.is_empty() && self.log.errors == before && !self.log.broken {
            let end = self.document.text().len();
            let place = self.written(key).map_or(end..end, |node| node.span());
            self.log.error(Some(place), none.0.to_owned(), none.1);
        }
        results
    }

    fn read_tables<T>(
        &mut self,
        key: &'static str,
        mut reader: impl FnMut(Section<'_>) -> T,
    ) -> Vec<T> {
        let mut results = Vec::new();
        let mut tables = self.tables_at(key);
        if tables.len() > MOST_TABLES {
            let header = self.header_of(key);
            let message = format!("there are {} tables [[{header}]]", tables.len());
            tables[MOST_TABLES].error(self.log, message, &format!("the most is {MOST_TABLES}"));
            tables.truncate(MOST_TABLES);
        }
        for (index, node) in tables.into_iter().enumerate() {
            let segment = self.segment(key, index, &node);
            let way = [TreeStep::Key(key), TreeStep::Each(index)];
            results.push(reader(self.inner(&segment, &way, Some(node))));
        }
        if self.log.declarations.is_some() {
            results.push(reader(self.inner(key, &[TreeStep::Key(key), TreeStep::Each(0)], None)));
        }
        results
    }

    /// What stands for a table of a list in paths.
    fn segment(&self, key: &str, index: usize, table: &Node<'_>) -> String {
        if self.log.is_quiet {
            return String::new();
        }
        let name = table.get("name").and_then(|name| name.text()).map(quote);
        name.map_or(format!("{key}[{index}]"), |name| format!("{key}.{name}"))
    }

    fn declare_table(
        &mut self,
        key: &'static str,
        schema: Json,
        required: bool,
        doc: &'static str,
    ) {
        self.known.push(key);
        let steps = self.steps_to(key);
        if let Some(declarations) = &mut self.log.declarations {
            let (default, definitions) = (None, Definitions::default());
            declarations.push(Declaration { steps, schema, default, doc, required, definitions });
        }
    }

    fn inner(&mut self, segment: &str, way: &[TreeStep], node: Option<Node<'a>>) -> Section<'_> {
        let header = node.map(|node| node.span()).or_else(|| self.header.clone());
        let (path, steps) = match self.log.is_quiet {
            true => (String::new(), Vec::new()),
            false => (self.dotted(segment), [&self.steps, way].concat()),
        };
        let log = &mut *self.log;
        let (document, fitter) = (self.document, self.fitter);
        Section { document, fitter, node, header, path, steps, known: Vec::new(), log }
    }

    /// The table at `key`. Of a list of tables the first, after an error.
    fn table_at(&mut self, key: &str) -> Option<Node<'a>> {
        let node = self.node?.get(key)?;
        if node.is_table() {
            return Some(node);
        }
        let first = node.items().and_then(|items| items.first().copied());
        let first = first.filter(Node::is_table);
        let header = self.header_of(key);
        let (what, help) = match first {
            Some(_) => ("one table", format!("write [{header}] once, with single brackets")),
            None => {
                ("a table", format!("write [{header}] on a line of its own, and its keys below"))
            }
        };
        node.expected(self.log, what, &help);
        first
    }

    /// The tables at `key`. A single table counts as a list of one, after an error.
    fn tables_at(&mut self, key: &str) -> Vec<Node<'a>> {
        let Some(node) = self.written(key) else {
            return Vec::new();
        };
        let help = format!("write [[{}]] with double brackets", self.dotted(key));
        let Some(mut items) = node.items() else {
            let entries = node.entries().unwrap_or_default();
            // Only what stands in headers of its own, [strategy.staging], before any [[strategy]].
            if !entries.is_empty() && entries.iter().all(|entry| entry.node.is_table()) {
                let inner = format!("{}.{}", self.dotted(key), entries[0].name);
                let message = format!("[{inner}] stands before any [[{}]]", self.dotted(key));
                let help = format!("write [[{}]] with its name above it", self.dotted(key));
                node.error(self.log, message, &help);
                return Vec::new();
            }
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
