//! What reading leaves behind: findings, assumptions and, when asked, declarations for the schema.

use std::ops::Range;

use super::schema::{Declaration, Demand};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// The scenario runs, but is probably not what was meant.
    Warning,
}

/// One thing that is wrong, or worth knowing, about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Error or warning.
    pub severity: Severity,
    /// The text it is about, in bytes of the document; `None` when it is about the whole.
    pub span: Option<Range<usize>>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

/// The value that a key has in this reading, given or by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// Dotted, with the name of a table where it has one: `strategy."Staging server".annual_cost`.
    pub key: String,
    /// The value as TOML text.
    pub value: String,
    /// Whether the document left it out.
    pub is_default: bool,
    /// What the key is for.
    pub doc: String,
    /// The comment beside it in the document, if there is one.
    pub comment: Option<String>,
}

/// A file that a document names, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its path as the document writes it.
    pub path: String,
    /// What was in it.
    pub text: String,
}

/// Everything one reading of a document found.
#[derive(Debug, Default)]
pub struct Log {
    /// Errors and warnings; sorted by place once the reading has ended.
    pub findings: Vec<Finding>,
    /// Every value, in the order of reading.
    pub assumptions: Vec<Assumption>,
    /// The other files that were read, each once, in the order of reading.
    pub inputs: Vec<Input>,
    /// Declarations in the order of reading; `Some` only in describe mode.
    pub(super) declarations: Option<Vec<Declaration>>,
    /// What is demanded of whole tables, in the order of reading; only in describe mode.
    pub(super) demands: Vec<Demand>,
    /// The document has syntax errors: what seems missing may be their fault alone.
    pub(super) broken: bool,
    /// Errors ever recorded.
    pub(super) errors: usize,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an error about the text at `span`.
    pub fn error(&mut self, span: Option<Range<usize>>, message: String, help: &str) {
        self.push(Severity::Error, span, message, help);
    }

    /// Records a warning about the text at `span`.
    pub fn warn(&mut self, span: Option<Range<usize>>, message: String, help: &str) {
        self.push(Severity::Warning, span, message, help);
    }

    /// Whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    /// How many errors have been recorded so far; compare before and after to see whether a reading
    /// went well.
    pub fn errors_so_far(&self) -> usize {
        self.errors
    }

    /// Notes that a file was read.
    pub(super) fn read_file(&mut self, path: &str, text: &str) {
        if self.inputs.iter().all(|input| input.path != path) {
            self.inputs.push(Input { path: path.to_owned(), text: text.to_owned() });
        }
    }

    fn push(
        &mut self,
        severity: Severity,
        span: Option<Range<usize>>,
        message: String,
        help: &str,
    ) {
        self.errors += usize::from(severity == Severity::Error);
        let help = (!help.is_empty()).then(|| help.to_owned());
        self.findings.push(Finding { severity, span, message, help });
    }

    /// Brings the findings into the order of the document and drops exact repetitions.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
        self.findings.dedup();
    }
}
