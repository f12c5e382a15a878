//! Paths of keys: `strategy."Staging server".staging.promote`, and patterns such as
//! `strategy.*.staging.promote`.

use std::ops::Range;
use std::sync::Arc;

use super::declaration::TreeStep;
use super::log::Known;
use super::node::key;
use super::{Document, Finding, Log, Section, Setting, listed, nearest};

/// The keys that a document has, written or not, as one reading of it found them.
#[derive(Debug, Clone)]
pub struct Paths {
    known: Vec<(Vec<String>, Known)>,
    absent: Vec<Vec<String>>,
}

/// Why a path leads to no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", if help.is_empty() { String::new() } else { format!(": {help}") })]
pub struct PathError {
    /// What is wrong.
    pub message: String,
    /// What would be right; may be empty.
    pub help: String,
    /// The part of the path that is wrong, in bytes.
    pub span: Range<usize>,
}

impl PathError {
    fn new(message: impl Into<String>, help: impl Into<String>, span: Range<usize>) -> PathError {
        PathError { message: message.into(), help: help.into(), span }
    }

    /// A pattern where one key is wanted.
    pub fn several(path: &str) -> PathError {
        let message = format!("`{path}` stands for several keys");
        PathError::new(message, "name one of them", 0..path.len())
    }
}

/// One segment of a path: a name, or any.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    pub(super) name: String,
    is_any: bool,
    span: Range<usize>,
}

impl Segment {
    fn takes(&self, name: &str) -> bool {
        self.is_any || self.name == name
    }
}

impl Paths {
    /// The keys that a reading knew.
    pub fn new(log: &Log) -> Paths {
        let names = |path: &str| {
            let segments = split(path).map(|(segments, _)| segments).unwrap_or_default();
            segments.into_iter().map(|segment| segment.name).collect()
        };
        Paths {
            known: log.known.iter().map(|known| (names(&known.path), known.clone())).collect(),
            absent: log.absent.iter().map(|path| names(path)).collect(),
        }
    }

    /// The keys that have been read by now, in any table.
    pub fn of(section: &Section<'_>) -> Paths {
        Paths::new(section.log)
    }

    /// Every path with what its key is for.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.known.iter().map(|(_, known)| (&*known.path, known.doc))
    }

    /// The full paths of the keys that a path or pattern stands for.
    ///
    /// # Errors
    /// There is none.
    pub fn matching(&self, path: &str) -> Result<Vec<&str>, PathError> {
        let (segments, _) = split(path)?;
        Ok(self.find(&segments)?.into_iter().map(|known| &*known.path).collect())
    }

    fn find(&self, segments: &[Segment]) -> Result<Vec<&Known>, PathError> {
        let fits = |names: &&(Vec<String>, Known)| {
            names.0.len() == segments.len()
                && names.0.iter().zip(segments).all(|(name, segment)| segment.takes(name))
        };
        let found: Vec<&Known> = self.known.iter().filter(fits).map(|(_, known)| known).collect();
        if found.is_empty() { Err(self.explain(segments)) } else { Ok(found) }
    }

    /// Why no key is meant, with the nearest path there is.
    fn explain(&self, segments: &[Segment]) -> PathError {
        let agree = |names: &[String], many: usize| {
            names.iter().zip(segments).take(many).all(|(name, segment)| segment.takes(name))
        };
        let depth = (1..=segments.len())
            .find(|depth| {
                !self.known.iter().any(|(names, _)| names.len() >= *depth && agree(names, *depth))
            })
            .unwrap_or(segments.len());
        let wrong = &segments[depth - 1];
        let span = wrong.span.clone();
        let missing = |names: &&Vec<String>| {
            names.len() <= segments.len() && agree(names, names.len()) && names.len() >= depth
        };
        if let Some(table) = self.absent.iter().find(missing) {
            let names: Vec<String> = table.iter().map(|name| key(name)).collect();
            let message = format!("the scenario has no table `{}`", names.join("."));
            let help = "only keys of tables that are there can be set: add the table to the file";
            return PathError::new(message, help, span);
        }
        let below = |many: usize| {
            let inside =
                |names: &&(Vec<String>, Known)| names.0.len() > many && agree(&names.0, many);
            let mut next: Vec<&str> =
                self.known.iter().filter(inside).map(|(names, _)| names[many].as_str()).collect();
            next.dedup();
            next
        };
        let whole = below(segments.len());
        if !whole.is_empty() {
            let help = format!("name a key of it: {}", listed(&whole, "or"));
            return PathError::new(format!("`{}` is a table", written(segments)), help, span);
        }
        let help = match self.nearest(segments) {
            Some(path) => format!("did you mean `{path}`?"),
            None => match below(depth - 1) {
                known if known.is_empty() => {
                    format!("`{}` is one value: set it whole", written(&segments[..depth - 1]))
                }
                known => format!("known here: {}", listed(&known, "and")),
            },
        };
        PathError::new(format!("there is no key `{}`", written(segments)), help, span)
    }

    /// The known path whose segments are, one after the other, nearest to those that are written.
    fn nearest(&self, segments: &[Segment]) -> Option<String> {
        let mut left: Vec<&Vec<String>> = self.known.iter().map(|(names, _)| names).collect();
        left.retain(|names| names.len() == segments.len());
        let mut chosen = Vec::new();
        for (index, segment) in segments.iter().enumerate() {
            let names: Vec<&str> = left.iter().map(|names| names[index].as_str()).collect();
            if !names.iter().any(|name| segment.takes(name)) {
                let near = nearest(&segment.name, &names)?.to_owned();
                left.retain(|names| names[index] == near);
                chosen.push(key(&near));
            } else {
                left.retain(|names| segment.takes(&names[index]));
                chosen.push(if segment.is_any { "*".to_owned() } else { key(&segment.name) });
            }
        }
        Some(chosen.join("."))
    }
}

impl Document {
    /// Sets the keys that a path or pattern stands for, and says how many they are. Whether the
    /// value is right, the next reading finds.
    ///
    /// # Errors
    /// The path stands for no key of `paths`.
    pub fn set(
        &mut self,
        paths: &Paths,
        path: &str,
        setting: &Setting,
    ) -> Result<usize, PathError> {
        let value = setting.to_toml();
        self.set_as(paths, path, setting, &|path| format!("{path} = {value}"), value.len())
    }

    /// Sets what an option `PATH=VALUE` says, as [`Document::set`]. `word` is the name of the
    /// option, such as `--set`.
    ///
    /// # Errors
    /// The finding, which points into the option.
    pub fn set_option(
        &mut self,
        paths: &Paths,
        word: &str,
        option: &str,
    ) -> Result<usize, Finding> {
        let word = format!("{word} ");
        let written = format!("{word}{option}");
        let wrong = |error: PathError| {
            let span = error.span.start + word.len()..error.span.end + word.len();
            let finding = Finding::error(Some(span), error.message, &error.help);
            Finding { option: Some(written.as_str().into()), ..finding }
        };
        let (segments, end) = split(option).map_err(wrong)?;
        let Some(value) = option.get(end + 1..) else {
            let help = "write a path, = and a value: operations.staffed=office";
            let message = "there is no `=` in this option";
            return Err(wrong(PathError::new(message, help, 0..option.len())));
        };
        let (path, value) = (&option[..end], value.trim());
        let from_end = option.trim_end().len();
        let setting = Setting::parse(value);
        // Of a pattern the errors say which of its keys they are about.
        let is_pattern = segments.iter().any(|segment| segment.is_any);
        let shown = |path: &str| match is_pattern {
            true => format!("{word}{path}={value}"),
            false => written[..word.len() + from_end].to_owned(),
        };
        self.set_as(paths, path, &setting, &shown, value.len()).map_err(wrong)
    }

    fn set_as(
        &mut self,
        paths: &Paths,
        path: &str,
        setting: &Setting,
        written: &dyn Fn(&str) -> String,
        length: usize,
    ) -> Result<usize, PathError> {
        let (segments, _) = split(path)?;
        let found: Vec<(Arc<str>, Arc<[TreeStep]>)> = paths
            .find(&segments)?
            .into_iter()
            .map(|known| (known.path.clone(), known.way.clone()))
            .collect();
        for (path, way) in &found {
            let written = written(path);
            self.set_at(way, setting, &written, written.len() - length);
        }
        Ok(found.len())
    }
}

/// Whether a pattern stands for a full path.
pub fn is_match(pattern: &str, path: &str) -> bool {
    let (Ok((pattern, _)), Ok((path, _))) = (split(pattern), split(path)) else {
        return false;
    };
    pattern.len() == path.len()
        && pattern.iter().zip(&path).all(|(one, name)| one.takes(&name.name))
}

fn written(segments: &[Segment]) -> String {
    let one = |segment: &Segment| if segment.is_any { "*".to_owned() } else { key(&segment.name) };
    segments.iter().map(one).collect::<Vec<_>>().join(".")
}

/// The segments of a path, and where it ends: at the first `=` outside of quotes, or with the text.
/// Names with a dot or an equals sign stand in quotes; spaces need none.
pub(super) fn split(path: &str) -> Result<(Vec<Segment>, usize), PathError> {
    let mut segments = Vec::new();
    let mut at = 0;
    loop {
        let rest = &path[at..];
        at += rest.len() - rest.trim_start().len();
        let (name, is_quoted, length) = segment(&path[at..], at)?;
        let span = at..at + length;
        if name.is_empty() && !is_quoted {
            let message = "a path has a name between its dots";
            return Err(PathError::new(message, "such as operations.detection", span));
        }
        let is_any = name == "*" && !is_quoted;
        segments.push(Segment { name, is_any, span });
        at += length;
        let rest = &path[at..];
        at += rest.len() - rest.trim_start().len();
        match path[at..].chars().next() {
            Some('.') => at += 1,
            None | Some('=') => return Ok((segments, at)),
            Some(other) => {
                let message = format!("`{other}` follows a name in quotes");
                let span = at..at + other.len_utf8();
                return Err(PathError::new(message, "names are parted by dots", span));
            }
        }
    }
}

/// The first name of a path that begins at `at`: whether it is in quotes, and its length as written.
fn segment(path: &str, at: usize) -> Result<(String, bool, usize), PathError> {
    let Some(mark) = path.chars().next().filter(|first| matches!(first, '"' | '\'')) else {
        let end = path.find(['.', '=']).unwrap_or(path.len());
        let name = path[..end].trim_end();
        return Ok((name.to_owned(), false, name.len()));
    };
    let mut name = String::new();
    let mut letters = path.char_indices().skip(1);
    while let Some((index, letter)) = letters.next() {
        match letter {
            _ if letter == mark => return Ok((name, true, index + 1)),
            '\\' if mark == '"' => name.extend(letters.next().map(|(_, escaped)| escaped)),
            _ => name.push(letter),
        }
    }
    let help = format!("write the closing `{mark}`");
    Err(PathError::new("the name is not closed", help, at..at + path.len()))
}
