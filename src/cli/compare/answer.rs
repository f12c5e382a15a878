//! What `outlast compare` prints of variants.

use crate::cli::output::{Answer, written};
use crate::cli::terminal::{figures_table, heading, stacked};
use crate::cli::variants;
use crate::keys::Json;
use crate::metric::Metric;
use crate::report::comparisons::{self, Comparison};
use crate::report::text::{capitalized, figure, harmless, item, list, paragraph, width, wrap};
use crate::report::variants::{Variant, strategies};
use crate::report::words::{compare as words, label};
use crate::scenario::Criterion;
use crate::study::contrast::Change;

/// Cases that were played.
pub(super) struct ComparisonAnswer<'a> {
    pub(super) comparison: Comparison<'a>,
    pub(super) seed: u64,
    pub(super) trials: u64,
    pub(super) confidence: f64,
    pub(super) files: Vec<String>,
}

/// Cases whose changes are shown side by side; the others are in the files.
const MOST_VARIANTS: usize = 2;
/// Inputs that are shown.
const MOST_INPUTS: usize = 20;

impl ComparisonAnswer<'_> {
    /// The letters of the variants, with their names and what was set in them.
    fn variants(&self) -> String {
        let line = |(at, variant): (usize, &Variant<'_>)| {
            let set = match &variant.scenario.options[..] {
                [] => String::new(),
                options if options.join("; ") == variant.name => String::new(),
                options => format!(": {}", options.join("; ")),
            };
            let line = harmless(&format!("{}{set}", variant.name));
            format!("  {}  {}\n", letter(at), wrap(&line, width() - 5).join("\n     "))
        };
        self.comparison.variants.iter().enumerate().map(line).collect()
    }

    fn inputs(&self) -> String {
        let Comparison { inputs, .. } = self.comparison;
        if inputs.is_empty() {
            return paragraph(words::SAME);
        }
        let mut text = String::new();
        for input in inputs.iter().take(MOST_INPUTS) {
            text.push_str(&format!("  {}\n", harmless(&input.path)));
            for (which, value) in words::values(input) {
                let letters: Vec<String> = which.into_iter().map(letter).collect();
                let line = harmless(&format!("{}: {value}", list(&letters)));
                text.push_str(&format!("    {}\n", wrap(&line, width() - 6).join("\n      ")));
            }
        }
        if inputs.len() > MOST_INPUTS {
            let more = inputs.len() - MOST_INPUTS;
            text.push_str(&format!("  and {more} more: --output DIR or --format json\n"));
        }
        text
    }

    fn changes(&self) -> String {
        let Comparison { variants, played, .. } = self.comparison;
        let shown = 1..variants.len().min(1 + MOST_VARIANTS);
        let first = variants[0].scenario;
        let columns: Vec<(usize, Metric)> = shown
            .flat_map(|variant| {
                words::shown_metrics(first).into_iter().map(move |one| (variant, one))
            })
            .collect();
        let headings = columns.iter().map(|(variant, metric)| {
            let noun = capitalized(label(Criterion::Metric(*metric)));
            // "Stale user-hours" says its unit.
            let unit = metric.unit(variants[*variant].scenario.currency());
            let unit = if noun.ends_with(unit) { "" } else { unit };
            (format!("{}\n{}", letter(*variant), variants::heading(&noun)), harmless(unit))
        });
        let headings: Vec<(String, String)> = headings.collect();
        let rows = strategies(variants).into_iter().map(|name| {
            let figures = columns.iter().map(|&(variant, metric)| {
                let is = |change: &&Change| {
                    let strategy = &variants[variant].scenario.strategies[change.other];
                    change.metric == metric && strategy.name == name
                };
                played[variant].changes.iter().find(is).map_or_else(|| "-".to_owned(), changed)
            });
            (harmless(name), figures.collect())
        });
        figures_table("Strategy", stacked(headings.iter().map(|(a, b)| (a, b))), rows)
    }

    fn choices(&self) -> String {
        let letters: Vec<String> = (0..self.comparison.variants.len()).map(letter).collect();
        let mut sentences = words::choices(self.comparison, &letters).into_iter();
        let lead = sentences.next().unwrap_or_default();
        let each: String = sentences.map(|one| item(&one)).collect();
        format!("{}{each}", paragraph(&lead))
    }
}

/// What a variant is called in the answer: A, B, C; those after Z by their numbers.
fn letter(variant: usize) -> String {
    match u8::try_from(variant) {
        Ok(place) if place < 26 => char::from(b'A' + place).to_string(),
        _ => format!("#{}", variant + 1),
    }
}

/// A change with its interval below.
fn changed(change: &Change) -> String {
    let sign = if change.mean > 0.0 { "+" } else { "" };
    let interval =
        change.interval.map(|interval| format!("\n±{}", figure(interval.half_width(), 2)));
    format!("{sign}{}{}", figure(change.mean, 3), interval.unwrap_or_default())
}

impl Answer for ComparisonAnswer<'_> {
    fn text(&self) -> String {
        let Comparison { variants, .. } = self.comparison;
        let first = &variants[0];
        let notes: String =
            words::notes(self.comparison).iter().map(|note| paragraph(note)).collect();
        let files = match &self.files[..] {
            [] => "Tables and a chart: --output DIR; all figures: --format json.".to_owned(),
            files => written(files),
        };
        let blank = if notes.is_empty() { "" } else { "\n" };
        format!(
            "{}{}\n{}{}\n{}{}{}\n\n{}{}\n{notes}{blank}{}",
            paragraph(&words::title(first.scenario, variants.len(), self.trials, self.seed)),
            self.variants(),
            heading("What differs"),
            self.inputs(),
            heading("What that changes"),
            paragraph(&words::changes(first, self.confidence, variants.len())),
            self.changes(),
            heading("The choice"),
            self.choices(),
            paragraph(&files),
        )
    }

    fn json(&self) -> Json {
        let asked = (self.seed, self.trials, self.confidence);
        let mut all = comparisons::json(self.comparison, asked);
        all["files"] = self.files.iter().map(String::as_str).collect();
        all
    }
}
