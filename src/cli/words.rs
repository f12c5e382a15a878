//! `outlast words`: what the words of tables, charts and messages mean.

use super::failure::Failure;
use super::options::FormatOption;
use super::output::{self, Answer};
use super::terminal::heading;
use crate::keys::Json;
use crate::report::glossary::{Word, find, words};
use crate::report::text::{width, wrap};
use serde_json::json;

/// Say what the words of tables, charts and messages mean
///
/// Without a word all of them; with one, those that it is part of.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast words                     all words
  outlast words \"common mode\"       one of them
  outlast words p95 --format json   for scripts")]
pub(super) struct WordsOptions {
    /// A word, or a part of one
    #[arg(value_name = "WORD")]
    word: Option<String>,
    #[command(flatten)]
    printing: FormatOption,
}

/// Says what words mean.
pub(super) fn run(options: &WordsOptions) -> Result<(), Failure> {
    let words = match &options.word {
        None => words(),
        Some(word) => find(word),
    };
    if words.is_empty() {
        let word = options.word.as_deref().unwrap_or_default();
        return Err(Failure::Input(format!(
            "`{word}` is in no list of words; `outlast words` shows them all"
        )));
    }
    output::answer(&Words(words), options.printing.format)
}

/// Words to be told.
struct Words(Vec<Word>);

impl Answer for Words {
    fn text(&self) -> String {
        let one = |word: &Word| {
            let unit = match word.unit.as_str() {
                "" => String::new(),
                unit => format!(" ({unit})"),
            };
            let meaning = wrap(&word.meaning, width() - 4).join("\n    ");
            format!("{}    {meaning}\n", heading(&format!("{}{unit}", word.term)))
        };
        self.0.iter().map(one).collect()
    }

    fn json(&self) -> Json {
        let one =
            |word: &Word| json!({ "term": word.term, "meaning": word.meaning, "unit": word.unit });
        json!({ "words": self.0.iter().map(one).collect::<Json>() })
    }
}
