//! What stands before the tables of a workbook.

use super::run::{Recommendation, reading, recommendation, title};
use super::trials::sampling;
use crate::scenario::Scenario;
use crate::sensitivity::robustness::Robustness;
use crate::study::results::Results;

/// The answer of a run for those who get its tables alone: what was played, the recommendation, and how
/// figures are to be read.
pub fn answer(
    scenario: &Scenario,
    results: &Results,
    robustness: Option<&Robustness>,
    seed: u64,
) -> Vec<String> {
    let Recommendation { headline, cautions, reasons } =
        recommendation(scenario, results, robustness);
    let mut words = vec![title(scenario, results, seed), headline];
    words.extend(cautions.into_iter().chain(reasons));
    words.extend(sampling(scenario, results.summary.design));
    words.push(reading(scenario, results, &[]));
    words
}
