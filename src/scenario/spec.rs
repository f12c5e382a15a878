//! A scenario as a plain tree of values, each with a path.
//!
//! What a study varies is a key of the tree: [`Spec::set`] changes it, [`Spec::compile`] makes a
//! [`Scenario`] ready to run of the whole. Compiling again reads and draws anew only what a change
//! has touched, so that a study may ask thousands of times.

use super::parts::{Compiler, Parts, Yardstick};
use super::{DEFAULT, Scenario, ScenarioError};
use crate::evidence::fitted::{FitReader, Fits};
use crate::keys::{
    Assumption, Document, Finding, LoadError, Log, PathError, Paths, Place, Setting, Unreadable,
    load_text,
};
use std::path::{Path, PathBuf};

/// A scenario that can be changed key by key.
///
/// A path names tables and keys, parted by dots, as `outlast check` lists them:
/// `operations.detection`, `strategy."Staging server".staging.promote`. Every key of a table that
/// is there has one, whether the file writes it or leaves it to its default; `*` stands for any one
/// name.
///
/// ```
/// use outlast::Spec;
///
/// let mut spec = Spec::embedded();
/// spec.set("operations.staffed", "office")?;
/// spec.set("strategy.*.staging.success", 0.8)?;
/// let scenario = spec.compile()?;
/// assert_eq!(scenario.assumption("operations.staffed").unwrap().value, "\"office\"".into());
/// assert!(spec.set("operations.stafed", "office").unwrap_err().help.contains("operations.staffed"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Spec {
    document: Document,
    name: String,
    path: Option<PathBuf>,
    fits: FitReader,
    compiler: Compiler,
    paths: Option<Paths>,
    /// Options that name no key: errors of the next compilation.
    misfits: Vec<Finding>,
    /// The options that were set, as they were given.
    options: Vec<String>,
}

impl Spec {
    /// The scenario of that text. Files that it names are looked for in `base`; `name` is what
    /// messages call it. What is wrong with the text, [`Spec::compile`] says.
    pub fn parse(text: &str, base: &Path, name: &str) -> Spec {
        let mut document = Document::parse(text, base);
        // A scenario without faults takes the documented set of the embedded default, and so it is
        // with sites, and with channels where no `detection` stands for them.
        let operations = document.root().get("operations");
        let has_detection = operations.is_some_and(|table| table.get("detection").is_some());
        for key in ["site", "watch", "fault"] {
            if key != "watch" || !has_detection {
                document.supplement(key, DEFAULT);
            }
        }
        Spec {
            document,
            name: name.to_owned(),
            path: None,
            fits: FitReader::default(),
            compiler: Compiler::default(),
            paths: None,
            misfits: Vec::new(),
            options: Vec::new(),
        }
    }

    /// The scenario in the file at `path`.
    ///
    /// # Errors
    /// The file cannot be read, or is no UTF-8 text.
    pub fn load(path: &Path) -> Result<Spec, ScenarioError> {
        let name = path.display().to_string();
        let text = match load_text(path) {
            Err(LoadError { reason: Unreadable::NotUtf8 { byte, utf16, shown, .. }, .. }) => {
                return Err(not_utf8(name, byte, utf16, shown));
            }
            loaded => loaded?,
        };
        Ok(Spec::of_file(&text, path, &name))
    }

    /// The scenario of that text, which is or was that of the file at `path`.
    pub fn of_file(text: &str, path: &Path, name: &str) -> Spec {
        let base = path.parent().unwrap_or(Path::new(""));
        Spec { path: Some(path.to_owned()), ..Spec::parse(text, base, name) }
    }

    /// The embedded default.
    pub fn embedded() -> Spec {
        Spec::parse(DEFAULT, Path::new(""), "the default scenario")
    }

    /// Takes distributions that are fitted to logs as `fits` says.
    pub fn take_fits(&mut self, fits: Fits) {
        self.fits = FitReader::new(fits);
        let is_forced = self.compiler.is_forced;
        self.compiler = Compiler::default();
        self.compiler.is_forced = is_forced;
    }

    /// Allows trials that take very long, and more strategies than can be compared soon.
    pub fn force(&mut self) {
        self.compiler.is_forced = true;
    }

    /// What messages call the scenario.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every path, with what its key is for, in the order in which keys are read.
    pub fn paths(&mut self) -> impl Iterator<Item = (&str, &'static str)> {
        self.known_paths().iter()
    }

    /// The full paths of the keys that a path or pattern stands for.
    ///
    /// # Errors
    /// There is none; the error names the nearest.
    pub fn matching(&mut self, path: &str) -> Result<Vec<&str>, PathError> {
        self.known_paths().matching(path)
    }

    /// The value of a key with its default, its documentation and its comment; `None` where it may
    /// be left out and is, or is wrong.
    ///
    /// # Errors
    /// The path does not name one key.
    pub fn get(&mut self, path: &str) -> Result<Option<Assumption>, PathError> {
        let log = self.read().1;
        let full = match Paths::new(&log).matching(path)?[..] {
            [one] => one.to_owned(),
            [..] => return Err(PathError::several(path)),
        };
        Ok(log.assumptions.into_iter().find(|assumption| *assumption.key == *full))
    }

    /// Sets every key that a path or pattern stands for, and says how many they are. The value is
    /// checked as if it stood in the file, by [`Spec::compile`], since whether it is right may
    /// depend on other keys.
    ///
    /// Keys of a table that may be left out and is (`[costs]`, or a strategy's `[staging]`) cannot
    /// be set: whether the table is there is an assumption of its own, to be made in the file.
    ///
    /// # Errors
    /// The path stands for no key; the error names the nearest.
    pub fn set(&mut self, path: &str, value: impl Into<Setting>) -> Result<usize, PathError> {
        self.known_paths();
        let Some(paths) = &self.paths else { return Ok(0) };
        let many = self.document.set(paths, path, &value.into())?;
        self.forget_paths(path);
        Ok(many)
    }

    /// Sets what an option `PATH=VALUE` of the command line says. VALUE is TOML; what is none
    /// counts as text. An option that is wrong is an error of [`Spec::compile`].
    pub fn set_option(&mut self, option: &str) {
        self.set_option_of("--set", option);
    }

    /// As [`Spec::set_option`], for an option of that name, which errors show.
    pub fn set_option_of(&mut self, word: &str, option: &str) {
        self.known_paths();
        let Some(paths) = &self.paths else { return };
        match self.document.set_option(paths, word, option) {
            Ok(_) => self.forget_paths(option.split('=').next().unwrap_or_default()),
            Err(finding) => self.misfits.push(finding),
        }
        self.options.push(option.to_owned());
    }

    /// Sets the value at the place of a key, as [`Spec::set`], for a study that sets many.
    pub(crate) fn put(&mut self, place: &Place, value: &Setting) {
        self.document.put(place, value);
    }

    /// Adds a fault source.
    pub fn add_fault(&mut self, keys: &[(&'static str, Setting)]) {
        self.document.add_table(None, "fault", keys);
        self.paths = None;
    }

    /// Adds a channel of its own to the strategy of that number, by which people learn of an outage.
    pub fn add_watch(&mut self, strategy: usize, keys: &[(&'static str, Setting)]) {
        self.document.add_table(Some(("strategy", strategy)), "watch", keys);
        self.paths = None;
    }

    /// The scenario as TOML text with all that was set, comments and order kept where that can be.
    pub fn to_toml(&self) -> String {
        self.document.to_toml()
    }

    /// The scenario, ready to run.
    ///
    /// # Errors
    /// The file, or something that was set, is wrong: all that is.
    pub fn compile(&mut self) -> Result<Scenario, ScenarioError> {
        let read = self.read();
        self.finish(read, None)
    }

    /// The scenario, ready to run, without the list of what it assumes, as one point of a study. What
    /// is wrong may not be said in full: [`Spec::compile`] says it.
    pub(crate) fn compile_point(&mut self, base: &Yardstick) -> Result<Scenario, ScenarioError> {
        let Spec { document, fits, compiler, .. } = self;
        let read = document.read_quietly(Some(fits), |top| Parts::read(top, compiler));
        self.finish(read, Some(base))
    }

    fn finish(
        &mut self,
        (parts, mut log): (Option<Parts>, Log),
        yardstick: Option<&Yardstick>,
    ) -> Result<Scenario, ScenarioError> {
        log.findings.extend(self.misfits.iter().cloned());
        let wrong = log.has_errors();
        let text = self.document.text().to_owned();
        match parts {
            Some(parts) if !wrong => {
                let fits = self.fits.summaries(&log.fits());
                let world = self.compiler.world(&parts, yardstick);
                Ok(Scenario {
                    name: parts.settings.name.clone(),
                    text,
                    path: self.path.clone(),
                    options: self.options.clone(),
                    world,
                    strategies: parts.strategies,
                    tolerances: parts.tolerances,
                    costs: parts.costs,
                    uncertainty: parts.uncertainty,
                    assumptions: log.assumptions,
                    inputs: log.inputs,
                    fits,
                    warnings: log.findings,
                    zone: parts.settings.zone.0.clone(),
                })
            }
            _ => {
                Err(ScenarioError::Wrong { findings: log.findings, text, name: self.name.clone() })
            }
        }
    }

    /// What reading it leaves behind.
    pub(super) fn log(&mut self) -> Log {
        self.read().1
    }

    /// The folder from which its paths count.
    pub(super) fn base(&self) -> &Path {
        self.document.base()
    }

    /// The same scenario with another text, into which went what was set.
    pub(super) fn with_text(&self, text: &str) -> Spec {
        let mut spec = Spec::parse(text, self.document.base(), &self.name);
        spec.path.clone_from(&self.path);
        spec.fits = self.fits.clone();
        spec.compiler.is_forced = self.compiler.is_forced;
        spec.misfits.clone_from(&self.misfits);
        spec
    }

    fn read(&mut self) -> (Option<Parts>, Log) {
        let Spec { document, fits, compiler, .. } = self;
        document.read(Some(fits), |top| Parts::read(top, compiler))
    }

    fn known_paths(&mut self) -> &Paths {
        if self.paths.is_none() {
            self.paths = Some(Paths::new(&self.read().1));
        }
        self.paths.get_or_insert_with(|| Paths::new(&Log::new()))
    }

    /// A name that was set is part of other paths.
    fn forget_paths(&mut self, path: &str) {
        if path.trim_end().ends_with("name") {
            self.paths = None;
        }
    }
}

fn not_utf8(name: String, byte: usize, utf16: bool, text: String) -> ScenarioError {
    let length = text.get(byte..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let help = if utf16 { "it looks like UTF-16: save it as UTF-8" } else { "save it as UTF-8" };
    let message = format!("the file is not UTF-8 text, from byte {byte} on");
    let finding = Finding::error(Some(byte..byte + length), message, help);
    ScenarioError::Wrong { findings: vec![finding], text, name }
}
