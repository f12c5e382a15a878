//! What must hold: limits on metrics per horizon, and on the restore time of each outage.

use crate::keys::{Range, Section};
use crate::metric::Metric;

/// What a tolerance limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Criterion {
    /// A metric of a trial.
    Metric(Metric),
    /// The restore time of an outage: the RTO.
    RestoreHours,
}

impl Criterion {
    /// The name in files and in the scenario.
    pub fn name(self) -> &'static str {
        match self {
            Criterion::Metric(metric) => metric.name(),
            Criterion::RestoreHours => "restore_hours",
        }
    }
}

/// A limit that must be kept with a probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// What is limited.
    pub criterion: Criterion,
    /// The limit, in the criterion's unit; equal is within.
    pub limit: f64,
    /// The probability with which it must be kept.
    pub confidence: f64,
}

/// Reads the `[tolerance]` table.
pub(super) fn read(top: &mut Section<'_>) -> Vec<Tolerance> {
    let mut section =
        top.section("tolerance", "limits that a strategy has to keep, each with a probability");
    let mut tolerances = Vec::new();
    let doc = "limit, and the probability with which it must be kept";
    for metric in Metric::ALL {
        let criterion = Criterion::Metric(metric);
        tolerances.extend(read_one(section.optional_section(metric.name(), doc), criterion));
    }
    let doc = "limit of the restore time of an outage (the RTO), hours, and the share of all outages \
               that keep it";
    let restore = section.optional_section("restore_hours", doc);
    tolerances.extend(read_one(restore, Criterion::RestoreHours));
    section.finish();
    tolerances
}

fn read_one(section: Option<Section<'_>>, criterion: Criterion) -> Option<Tolerance> {
    let mut section = section?;
    let limit = section.required_number("limit", Range::NonNegative, "the most that is tolerated");
    let confidence = section.number(
        "confidence",
        0.95,
        Range::Between(0.0, 1.0),
        "the probability with which the limit must be kept",
    );
    if confidence <= 0.0 {
        section.warn(
            "confidence",
            "a limit that never has to be kept says nothing".into(),
            "give the probability with which it must be kept, such as 0.95",
        );
    } else if confidence >= 1.0 {
        section.warn(
            "confidence",
            "no number of trials can show that a limit is always kept".into(),
            "give the probability with which it must be kept, such as 0.99",
        );
    }
    section.finish();
    Some(Tolerance { criterion, limit, confidence })
}

/// Refuses a limit on cost where nothing has a price.
pub(super) fn refuse_cost(top: &mut Section<'_>, tolerances: &[Tolerance]) {
    let cost = Criterion::Metric(Metric::Cost);
    if tolerances.iter().any(|tolerance| tolerance.criterion == cost) {
        let place = top.span_of(&["tolerance", Metric::Cost.name()]);
        let message = "cost is limited, and nothing has a price".to_owned();
        top.error_at(place, message, "add a [costs] table, or leave the limit out");
    }
}
