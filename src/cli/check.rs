//! `outlast check`: what a scenario assumes.

mod cures;
mod dates;
mod ranges;

use super::failure::Failure;
use super::options::FormatOption;
use super::output;
use super::output::Answer;
use super::scenario_options::ScenarioOptions;
use super::terminal::heading;
use crate::keys::{Assumption, Json};
use crate::report::answers::fits_json;
use crate::report::diagnostics;
use crate::report::sources::Sources;
use crate::report::text::{harmless, item, paragraph, width, wrap};
use crate::report::{self, words};
use crate::scenario::Scenario;
use crate::strategy::Strategy;
use crate::strategy::fitness::Fitness;
use clap::builder::styling::Style;
use serde_json::json;
use std::path::PathBuf;

/// Check a scenario and list everything it assumes
///
/// Lists every value that a run would use, whether you wrote it or left it out: a * marks a
/// default, a + what --set says. Warnings point out what can be run but is a known trap. All errors
/// of the file are shown at once, each at its place. How far the assumptions may be off is listed
/// too, with where each range comes from: docs/uncertainty.md.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast check                                the scenario built into the program
  outlast check office.toml
  outlast check office.toml --format json      every value, for scripts
  outlast check --dates                        days on which something stops, as is known")]
pub(super) struct CheckOptions {
    /// The scenario file (TOML); without it, the one built into the program
    #[arg(value_name = "SCENARIO")]
    scenario: Option<PathBuf>,
    /// List the known dates on which something stops, and those that lie in a trial of the scenario
    ///
    /// Versions are retired and ways to sign in end on days that are announced. The list is what
    /// was known on the day that each line names.
    #[arg(long)]
    dates: bool,
    #[command(flatten)]
    changes: ScenarioOptions,
    #[command(flatten)]
    printing: FormatOption,
}

/// Checks a scenario.
pub(super) fn check(options: &CheckOptions) -> Result<(), Failure> {
    let format = options.printing.format;
    let path = options.scenario.as_deref();
    if options.dates {
        let scenario = path.map(|path| options.changes.load(Some(path))).transpose()?;
        return output::answer(&dates::Dates { scenario }, format);
    }
    let scenario = options.changes.load(path)?;
    output::answer(&Checked { scenario, is_built_in: path.is_none() }, format)
}

/// A scenario that can be run.
struct Checked {
    scenario: Scenario,
    /// No file was given.
    is_built_in: bool,
}

impl Checked {
    /// How many values --set gave.
    fn set(&self) -> usize {
        self.scenario.assumptions.iter().filter(|assumption| assumption.is_set).count()
    }

    /// How many values were given, and how many left to their defaults.
    fn counts(&self) -> (usize, usize) {
        let defaults =
            self.scenario.assumptions.iter().filter(|assumption| assumption.is_default).count();
        (self.scenario.assumptions.len() - defaults, defaults)
    }
}

impl Answer for Checked {
    fn text(&self) -> String {
        let (given, defaults) = self.counts();
        let summary = words::check::summary(&self.scenario);
        let totals = words::check::totals(given, defaults, self.set());
        let built_in = self.is_built_in.then(|| words::check::BUILT_IN.to_owned());
        let built_in: Vec<String> = built_in.into_iter().collect();
        let mut text: String = [built_in, summary, vec![totals + "."]]
            .concat()
            .iter()
            .map(|line| paragraph(line))
            .collect();
        text.push('\n');
        text.push_str(&listing(&self.scenario.assumptions, &Sources::read()));
        text.push('\n');
        text.push_str(&fits(&self.scenario));
        text.push_str(&ranges::text(&self.scenario));
        text.push_str(&cures::text(&self.scenario));
        text.push_str(&fitness(&self.scenario));
        text.push_str(&diagnostics::warnings(&self.scenario));
        text
    }

    fn json(&self) -> Json {
        let (given, defaults) = self.counts();
        let sources = Sources::read();
        let assumption = |assumption: &Assumption| {
            json!({
                "key": &*assumption.key,
                "value": &*assumption.value,
                "default": assumption.is_default,
                "set": assumption.is_set,
                "doc": assumption.doc,
                "comment": assumption.comment.as_deref(),
                "source": sources.stated(assumption),
            })
        };
        json!({
            "scenario": self.scenario.name,
            "summary": words::check::summary(&self.scenario),
            "assumptions": self.scenario.assumptions.iter().map(assumption).collect::<Json>(),
            "given": given,
            "defaults": defaults,
            "fits": fits_json(&self.scenario),
            "ranges": ranges::to_json(&self.scenario),
            "cures": report::cures::to_json(&self.scenario),
            "fitness": fitness_json(&self.scenario),
            "warnings": diagnostics::to_json(&self.scenario.warnings, &self.scenario.text),
        })
    }
}

/// What the distributions are that are fitted to logs.
fn fits(scenario: &Scenario) -> String {
    let fits: String = scenario.fits.iter().map(|fit| item(&words::fit::summary(fit))).collect();
    if fits.is_empty() { fits } else { format!("{}{fits}\n", heading("fitted to logs")) }
}

/// Which strategies suit the organisation, where that is in question.
fn fitness(scenario: &Scenario) -> String {
    let told: String = words::fitness::all(scenario).iter().map(|told| item(told)).collect();
    if told.is_empty() { told } else { format!("{}{told}\n", heading(words::fitness::TITLE)) }
}

/// The same for scripts.
fn fitness_json(scenario: &Scenario) -> Json {
    let organisation = &scenario.world.organisation;
    let of = |strategy: &Strategy| {
        let required: Json = strategy
            .fitness(organisation)
            .map(|(requirement, fitness)| {
                let suits = match fitness {
                    Fitness::Suits => Some(true),
                    Fitness::Fails => Some(false),
                    Fitness::NotChecked => None,
                };
                json!({ "requirement": words::fitness::word(requirement), "suits": suits })
            })
            .collect();
        let suits = strategy.suits(organisation);
        json!({ "strategy": strategy.name, "suits": suits, "requirements": required })
    };
    scenario.strategies.iter().map(of).collect()
}

/// The widest value that has its documentation beside it and not below.
const WIDEST_BESIDE: usize = 24;

/// The assumptions by table, with what each is for where it first occurs, and where it comes from.
fn listing(assumptions: &[Assumption], sources: &Sources) -> String {
    let mut listing = String::new();
    let mut explained = Vec::new();
    for group in assumptions.chunk_by(|a, b| split(a).0 == split(b).0) {
        let table = group.first().map_or("", |assumption| split(assumption).0);
        if !table.is_empty() {
            listing.push_str(&format!("\n{}", heading(table)));
        }
        let width = |text: &str| text.chars().count();
        let keys = group.iter().map(|assumption| width(split(assumption).1)).max();
        let values = group.iter().map(|assumption| width(&assumption.value));
        let values = values.filter(|value| *value <= WIDEST_BESIDE).max();
        let columns = Columns { key: keys.unwrap_or_default(), value: values.unwrap_or_default() };
        for assumption in group {
            let what = (split(assumption).1, &assumption.doc);
            let is_new = !explained.contains(&what);
            if is_new {
                explained.push(what);
            }
            let doc = if is_new { assumption.doc } else { "" };
            let source = sources.stated(assumption).map(|source| format!("[{}]", harmless(source)));
            let told: Vec<String> =
                [doc.to_owned()].into_iter().filter(|doc| !doc.is_empty()).chain(source).collect();
            columns.push_line(assumption, &told.join(" "), &mut listing);
        }
    }
    listing
}

/// Widths of the columns in one table.
struct Columns {
    key: usize,
    value: usize,
}

impl Columns {
    fn push_line(&self, assumption: &Assumption, told: &str, listing: &mut String) {
        let mark = match assumption {
            Assumption { is_set: true, .. } => '+',
            Assumption { is_default: true, .. } => '*',
            _ => ' ',
        };
        let start = format!("{mark} {:<1$} = ", split(assumption).1, self.key);
        let value_at = start.len();
        listing.push_str(&start);
        let value = wrap(&harmless(&assumption.value), width() - value_at);
        let beside = value.len() == 1 && value[0].chars().count() <= self.value;
        listing.push_str(&value.join(&format!("\n{}", " ".repeat(value_at))));
        if !told.is_empty() {
            let doc_at = value_at + self.value + 2;
            if beside {
                let used = value[0].chars().count();
                listing.push_str(&" ".repeat(self.value + 2 - used));
            } else {
                listing.push_str(&format!("\n{}", " ".repeat(doc_at)));
            }
            let dim = Style::new().dimmed();
            let doc = wrap(told, width() - doc_at);
            let doc = doc.join(&format!("{dim:#}\n{}{dim}", " ".repeat(doc_at)));
            listing.push_str(&format!("{dim}{doc}{dim:#}"));
        }
        listing.push('\n');
    }
}

/// The table that an assumption is in, and its key there.
fn split(assumption: &Assumption) -> (&str, &str) {
    assumption.key.rsplit_once('.').unwrap_or(("", &assumption.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::{Document, Quantity};

    fn assumption(key: &str, value: &str, is_default: bool, doc: &'static str) -> Assumption {
        let document = Document::parse("a = 1", "");
        let ((), log) = document.read(None, |mut top| {
            top.flag("a", false, "");
        });
        let place = log.assumptions[0].place.clone();
        let (key, value, is_set) = (key.into(), value.into(), false);
        Assumption {
            key,
            place,
            value,
            quantity: Quantity::Choice,
            uncertainty: None,
            distribution: None,
            is_default,
            is_set,
            doc,
            comment: None,
        }
    }

    fn plain(listing: &str) -> String {
        anstream::adapter::strip_str(listing).to_string()
    }

    #[test]
    fn lists_by_table_with_defaults_marked_and_each_key_explained_once() {
        let list = [
            assumption("name", "\"x\"", false, "its name"),
            assumption("horizon", "\"365d\"", true, "simulated time"),
            assumption("strategy.\"a.b\".name", "\"a.b\"", false, "what it is called"),
            assumption("strategy.\"c\".name", "\"c\"", false, "what it is called"),
        ];
        let expected = "  name    = \"x\"     its name
* horizon = \"365d\"  simulated time

strategy.\"a.b\"
  name = \"a.b\"  what it is called

strategy.\"c\"
  name = \"c\"
";
        assert_eq!(plain(&listing(&list, &Sources::default())), expected);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let list = [
            assumption("fault.\"a\".repair", &"{ mixture = [ ] } ".repeat(9), false, "time"),
            assumption(
                "fault.\"a\".every",
                "\"1h\"",
                true,
                "many words many words many words many words many words many words many words many words",
            ),
        ];
        let listing = plain(&listing(&list, &Sources::default()));
        assert!(listing.lines().all(|line| line.chars().count() <= width()), "{listing}");
    }

    #[test]
    fn a_scenario_without_faults_lists_the_default_ones() {
        let text = "name = \"x\"\n[[strategy]]\nname = \"a\"\n".to_owned();
        let scenario = Scenario::read(text, std::path::Path::new(""), "x").unwrap();
        let all = &scenario.assumptions;
        let faults: Vec<_> = all.iter().filter(|a| a.key.starts_with("fault.")).collect();
        assert!(faults.len() > 10 && faults.iter().all(|assumption| assumption.is_default));
    }
}
