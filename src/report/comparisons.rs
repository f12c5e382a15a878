//! Scenarios against the first of them, on disk: what differs, what that changes, and the chart.

use super::charts::picture::Picture;
use super::charts::variants::Variants;
use super::folder::MANIFEST;
use super::table::{Rows, Table};
use super::variants::{self, Variant};
use super::words;
use crate::keys::Json;
use crate::scenario::InputDifference;
use crate::study::cases::CaseResult;
use crate::study::choice::Choice;
use crate::study::contrast::Change;
use serde_json::json;

/// Every file that a comparison may write, as [`super::folder::Folder::begin`] wants them named.
pub const FILES: [&str; 11] = [
    MANIFEST,
    CHOICES,
    INPUTS,
    CHANGES,
    super::VARIANTS,
    super::VERDICTS,
    super::sweeps::SWEEP,
    super::pictures::PLACES[0],
    super::pictures::PLACES[1],
    super::pictures::PLACES[2],
    super::pictures::PLACES[3],
];

const CHOICES: &str = "choices.csv";
const INPUTS: &str = "inputs.csv";
const CHANGES: &str = "changes.csv";

/// Cases that a chart shows side by side.
const MOST_VARIANTS: usize = 7;

/// Cases that were played over the same worlds.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// Every variant; the first is what the others are compared with.
    pub variants: &'a [Variant<'a>],
    /// What came of each.
    pub played: &'a [CaseResult],
    /// In which inputs they differ.
    pub inputs: &'a [InputDifference],
}

impl<'a> Comparison<'a> {
    /// What a variant changes, with the variant: of every variant but the first.
    pub fn changes(self) -> impl Iterator<Item = (&'a Variant<'a>, &'a Change)> {
        let others = self.variants.iter().zip(self.played).skip(1);
        others.flat_map(|(variant, played)| {
            played.changes.iter().map(move |change| (variant, change))
        })
    }
}

/// The tables, by file name.
pub fn tables(comparison: Comparison<'_>) -> Vec<(&'static str, Table)> {
    vec![
        (CHOICES, choices(comparison.variants)),
        (INPUTS, inputs(comparison)),
        (CHANGES, changes(comparison)),
        (super::VARIANTS, variants::table(comparison.variants)),
        (super::VERDICTS, variants::verdicts(comparison.variants)),
    ]
}

/// `choices.csv`: what each variant chooses.
pub fn choices(variants: &[Variant<'_>]) -> Table {
    let chosen = |variant: &Variant<'_>| {
        let choice = Choice::of(variant.scenario, variant.results);
        choice.strategy.map_or("", |at| variant.scenario.strategies[at].name.as_str()).to_owned()
    };
    Rows::new(variants)
        .column("variant", |variant| variant.name)
        .column("strategy", chosen)
        .column("settled", |variant| Choice::of(variant.scenario, variant.results).settled)
        .column("probability", |variant| variant.results.decision.probability)
        .table()
}

/// `inputs.csv`: a row for each input that differs and each variant.
pub fn inputs(comparison: Comparison<'_>) -> Table {
    let rows = comparison.inputs.iter().flat_map(|input| {
        comparison
            .variants
            .iter()
            .zip(&input.values)
            .map(move |(variant, value)| (input, variant, value))
    });
    Rows::new(rows)
        .column("path", |(input, ..)| &input.path)
        .column("variant", |(_, variant, _)| variant.name)
        .column("value", |(.., value)| value.as_deref().unwrap_or_default())
        .column("meaning", |(input, ..)| input.doc)
        .table()
}

/// `changes.csv`: a row for each variant, strategy and metric: the variant minus the first, paired.
pub fn changes(comparison: Comparison<'_>) -> Table {
    let share = |pick: fn((f64, f64)) -> f64| {
        move |(_, change): (&Variant<'_>, &Change)| change.lower_and_higher.map(pick)
    };
    Rows::new(comparison.changes())
        .column("variant", |(variant, _)| variant.name)
        .column("strategy", |(variant, change)| &variant.scenario.strategies[change.other].name)
        .column("metric", |(_, change)| change.metric.name())
        .column("unit", |(variant, change)| {
            change.metric.unit(variant.scenario.currency()).to_owned()
        })
        .column("mean_difference", |(_, change)| change.mean)
        .interval("ci_low", "ci_high", |(_, change)| change.interval)
        .column("share_lower", share(|shares| shares.0))
        .column("share_higher", share(|shares| shares.1))
        .table()
}

/// All of it, for scripts: one JSON object whose keys stay. `asked` is the seed, the trials of each variant
/// and the confidence of intervals.
pub fn json(comparison: Comparison<'_>, asked: (u64, u64, f64)) -> Json {
    let (seed, trials, confidence) = asked;
    let names: Vec<&str> = comparison.variants.iter().map(|variant| variant.name).collect();
    let variant = |variant: &Variant<'_>| {
        json!({
            "name": variant.name,
            "scenario": variant.scenario.name,
            "path": variant.scenario.path.as_ref().map(|path| path.display().to_string()),
            "set": variant.scenario.options,
        })
    };
    json!({
        "compared": comparison.variants.iter().map(variant).collect::<Json>(),
        "seed": seed,
        "trials": trials,
        "confidence": confidence,
        "inputs": inputs(comparison),
        "changes": changes(comparison),
        "choices": choices(comparison.variants),
        "words": words::compare::choices(comparison, &names),
        "recommendations": variants::recommendations(comparison.variants),
        "variants": variants::table(comparison.variants),
        "verdicts": variants::verdicts(comparison.variants),
        "notes": words::compare::notes(comparison),
    })
}

/// The chart of all variants.
pub fn pictures(comparison: Comparison<'_>) -> Vec<Picture> {
    let shown = &comparison.variants[..comparison.variants.len().min(MOST_VARIANTS)];
    let chart = variants::chart(shown, "What the variants do to each strategy");
    let picture = |chart: Variants| Picture::bare("variants", move |palette| chart.draw(palette));
    chart.map(picture).into_iter().collect()
}
