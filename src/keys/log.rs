//! What reading leaves behind: findings, assumptions and, when asked, declarations for the schema.

use std::ops::Range;
use std::sync::Arc;

use super::declaration::{Declaration, Demand, TreeStep};
use super::quantity::{Quantity, Uncertainty};
use crate::distribution::Distribution;

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
    /// The text that the place is in, where it is not the document: a value that was set, with its
    /// key.
    pub option: Option<Arc<str>>,
}

impl Finding {
    /// An error about the text at `span`; without help where it is empty.
    pub fn error(span: Option<Range<usize>>, message: String, help: &str) -> Finding {
        let help = (!help.is_empty()).then(|| help.to_owned());
        Finding { severity: Severity::Error, span, message, help, option: None }
    }
}

/// Where a key stands in the tree of its document.
#[derive(Debug, Clone, PartialEq)]
pub struct Place(pub(super) Arc<[TreeStep]>);

/// The value that a key has in this reading, given or by default.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// Dotted, with the name of a table where it has one: `strategy."Staging server".annual_cost`.
    pub key: Arc<str>,
    /// Where it stands, or would stand, in the document.
    pub place: Place,
    /// The value as TOML text.
    pub value: Arc<str>,
    /// What kind of quantity it is, with the value as a number.
    pub quantity: Quantity,
    /// How sure the value is, where that is stated beside it.
    pub uncertainty: Option<Arc<Uncertainty>>,
    /// The distribution that it stands for, if it is one.
    pub distribution: Option<Arc<Distribution>>,
    /// Whether the document left it out.
    pub is_default: bool,
    /// Whether it was set, and does not stand in the document.
    pub is_set: bool,
    /// What the key is for.
    pub doc: &'static str,
    /// The comment beside it in the document, if there is one.
    pub comment: Option<Arc<str>>,
}

/// A distribution that was fitted to a log.
#[derive(Debug, Clone)]
pub(super) struct FitNote {
    number: u64,
    warnings: Vec<Finding>,
}

/// A key that this reading of a document knows, written or not.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// As in [`Assumption::key`].
    pub(super) path: Arc<str>,
    /// The way to it in the tree.
    pub(super) way: Arc<[TreeStep]>,
    /// What it is for.
    pub(super) doc: &'static str,
}

/// A file that a document names, as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its path as the document writes it.
    pub path: String,
    /// What was in it.
    pub text: Arc<str>,
}

/// What to write for a key that a table does not have and people look for there: the table by its
/// last name, empty at the top; the key; and the help.
pub type Advice = (&'static str, &'static str, &'static str);

/// How many errors are kept, and how many warnings: nobody reads more before mending these, and a file
/// that is no scenario at all must not fill the memory with them.
pub const MOST_FINDINGS: usize = 1000;

/// Everything one reading of a document found.
#[derive(Debug, Default, Clone)]
pub struct Log {
    /// Errors and warnings; sorted by place once the reading has ended.
    pub findings: Vec<Finding>,
    /// Every value, in the order of reading.
    pub assumptions: Vec<Assumption>,
    /// The other files that were read, each once, in the order of reading.
    pub inputs: Vec<Input>,
    /// The distributions that were fitted to logs, each once, in the order of reading.
    pub(super) fits: Vec<FitNote>,
    /// Every key, written or not, in the order of reading.
    pub(super) known: Vec<Known>,
    /// The paths of tables that may be written and are not.
    pub(super) absent: Vec<Arc<str>>,
    /// The paths of tables that may be left out and are written.
    pub(super) optional: Vec<Arc<str>>,
    /// Declarations in the order of reading; `Some` only in describe mode.
    pub(super) declarations: Option<Vec<Declaration>>,
    /// What is demanded of whole tables, in the order of reading; only in describe mode.
    pub(super) demands: Vec<Demand>,
    /// What to say of keys that are not there.
    pub(super) advice: &'static [&'static [Advice]],
    /// The document has syntax errors: what seems missing may be their fault alone.
    pub(super) broken: bool,
    /// Errors ever recorded.
    pub(super) errors: usize,
    /// Errors and warnings that were to be kept, those beyond the most too.
    pub(super) kept_errors: usize,
    pub(super) kept_warnings: usize,
    /// Only what the keys mean is wanted, not a list of them.
    pub(super) is_quiet: bool,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Records an error about the text at `span`.
    pub fn error(&mut self, span: Option<Range<usize>>, message: String, help: &str) {
        self.errors += 1;
        self.keep(Finding::error(span, message, help));
    }

    /// Records a warning about the text at `span`.
    pub fn warn(&mut self, span: Option<Range<usize>>, message: String, help: &str) {
        let severity = Severity::Warning;
        self.keep(Finding { severity, ..Finding::error(span, message, help) });
    }

    /// Keeps a finding, unless there are too many of its kind already; the first that is not kept
    /// leaves a word.
    fn keep(&mut self, finding: Finding) {
        let kept = match finding.severity {
            Severity::Error => &mut self.kept_errors,
            Severity::Warning => &mut self.kept_warnings,
        };
        *kept += 1;
        if *kept <= MOST_FINDINGS {
            self.findings.push(finding);
        } else if *kept == MOST_FINDINGS + 1 {
            let message = "there is more to say than is listed".to_owned();
            let help = Some("mend these first".to_owned());
            self.findings.push(Finding { message, help, span: None, ..finding });
        }
    }

    /// Whether further errors are no longer kept.
    pub(super) fn is_full(&self) -> bool {
        self.kept_errors > MOST_FINDINGS
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
            self.inputs.push(Input { path: path.to_owned(), text: text.into() });
        }
    }

    /// Adds everything that another reading left behind.
    pub(super) fn append(&mut self, other: &Log) {
        self.errors += other.errors;
        self.findings.extend_from_slice(&other.findings);
        self.assumptions.extend_from_slice(&other.assumptions);
        self.known.extend_from_slice(&other.known);
        self.absent.extend_from_slice(&other.absent);
        self.optional.extend_from_slice(&other.optional);
        for Input { path, text } in &other.inputs {
            self.read_file(path, text);
        }
        for fit in &other.fits {
            if self.fits.iter().all(|known| known.number != fit.number) {
                self.fits.push(fit.clone());
            }
        }
    }

    /// Notes that a distribution was fitted to a log. Its warnings, at `at`, are given only for the
    /// first place in the document that takes it.
    pub fn fitted(&mut self, number: u64, warnings: &[Finding], at: Range<usize>) {
        if self.fits.iter().all(|known| known.number != number) {
            let here = |finding: &Finding| Finding { span: Some(at.clone()), ..finding.clone() };
            self.fits.push(FitNote { number, warnings: warnings.iter().map(here).collect() });
        }
    }

    /// The numbers of the distributions that were fitted to logs, each once.
    pub fn fits(&self) -> Vec<u64> {
        self.fits.iter().map(|fit| fit.number).collect()
    }

    /// Every key that can be set, written or not, with what it is for, in the order of reading.
    pub fn keys(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.known.iter().map(|known| (&*known.path, known.doc))
    }

    /// The paths of the tables that may be left out, and whether each is written.
    pub fn optional_tables(&self) -> impl Iterator<Item = (&str, bool)> {
        let there = self.optional.iter().map(|path| (&**path, true));
        there.chain(self.absent.iter().map(|path| (&**path, false)))
    }

    /// Moves the warnings of fits to the other findings.
    pub(super) fn warn_of_fits(&mut self) {
        self.findings.extend(self.fits.iter_mut().flat_map(|fit| fit.warnings.drain(..)));
    }

    /// Brings the findings into the order of the document and drops exact repetitions.
    pub(super) fn sort(&mut self) {
        self.findings.sort_by_key(|finding| finding.span.as_ref().map(|span| span.start));
        self.findings.dedup();
    }
}
