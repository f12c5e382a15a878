//! The page of a study of the assumptions: what the answer hangs on, in words, pictures and tables.

use super::charts::picture::Picture;
use super::page::plain::{Block, Part, PlainPage};
use super::sensitivity::{ACCEPTABILITY, INFORMATION, SOBOL, TORNADO, tables};
use super::words::robustness::{FIRST_FLIP, robustness};
use super::words::sensitivity as words;
use crate::scenario::Scenario;
use crate::sensitivity::study::Study;
use jiff::Timestamp;

/// What the page is made from.
#[derive(Debug, Clone, Copy)]
pub struct SensitivityPage<'a> {
    /// What was studied.
    pub scenario: &'a Scenario,
    /// What came of it.
    pub study: &'a Study,
    /// Confidence of the intervals.
    pub confidence: f64,
    /// Trials of each point.
    pub trials: u64,
    /// Seed of all random draws.
    pub seed: u64,
    /// The command that makes it again.
    pub command: &'a str,
    /// When it was made.
    pub made: Timestamp,
}

/// The page; the pictures are those of [`super::sensitivity::pictures`].
pub fn page(page: &SensitivityPage<'_>, pictures: Vec<Picture>) -> PlainPage {
    let SensitivityPage { scenario, study, confidence, trials, seed, .. } = *page;
    let mut pictures = pictures;
    let mut charts = |name: &str| -> Vec<Block> {
        let (own, others) = std::mem::take(&mut pictures)
            .into_iter()
            .partition(|one: &Picture| one.name.split('-').next() == Some(name));
        pictures = others;
        own.into_iter().map(Block::Chart).collect()
    };
    let all = tables(scenario, study, confidence);
    let table = |name: &str, file: &'static str| {
        let found = all.iter().find(|(own, _)| *own == file);
        found.map(|(_, table)| Block::Table(name.to_owned(), table.clone(), file))
    };
    let part = |title: &str, parts: [Vec<Block>; 3]| Part {
        title: title.to_owned(),
        blocks: parts.into_iter().flatten().collect(),
    };
    let listed = |name: &str, file| table(name, file).into_iter().collect::<Vec<_>>();
    let mut parts = vec![answer(scenario, study)];
    let text = |text: String| vec![Block::Text(text)];
    parts.push(part(
        "Each assumption alone",
        [
            text(words::tornado(scenario, study, confidence)),
            charts("tornado"),
            listed("Every assumption alone", TORNADO),
        ],
    ));
    parts.push(part(
        "All assumptions at once",
        [text(words::HOW_INDICES_READ.to_owned()), charts("sobol"), listed("Every index", SOBOL)],
    ));
    let curve = charts("acceptability");
    if !curve.is_empty() {
        let rows = listed("Every value", ACCEPTABILITY);
        parts.push(part("The choice against one assumption", [Vec::new(), curve, rows]));
    }
    parts.push(part(
        "What is worth measuring",
        [
            text(words::HOW_INFORMATION_READS.to_owned()),
            charts("information"),
            listed("What each assumption is worth", INFORMATION),
        ],
    ));
    parts.push(part("Command", [vec![Block::Code(page.command.to_owned())], vec![], vec![]]));
    PlainPage {
        title: format!("What the choice hangs on: {}", scenario.name),
        subtitle: format!("{}.", words::title(scenario, study, trials, seed)),
        made: page.made,
        parts,
    }
}

/// The answer: how likely each strategy is, what changes the choice, what to measure first.
fn answer(scenario: &Scenario, study: &Study) -> Part {
    let stands = robustness(scenario, &study.robustness);
    let mut blocks = vec![Block::Headline(stands.share)];
    if !stands.otherwise.is_empty() {
        blocks.push(Block::Text(stands.otherwise));
    }
    blocks.extend(words::answer(scenario, study).into_iter().map(Block::Text));
    blocks.push(Block::Text(stands.flips_heading));
    if !stands.flips.is_empty() {
        blocks.push(Block::List(stands.flips));
        if let Some(command) = stands.first_flip {
            blocks.push(Block::Text(FIRST_FLIP.to_owned()));
            blocks.push(Block::Code(command));
        }
    }
    Part { title: "The answer".to_owned(), blocks }
}
