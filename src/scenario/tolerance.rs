//! What must hold: limits on metrics per horizon, and on the restore time of each outage.

use super::costs::Costs;
use crate::keys::{Hours, Node, Number, Range, Section, Share};
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

    /// Whether it is a time and not a count or a sum over users.
    fn is_in_hours(self) -> bool {
        match self {
            Criterion::Metric(metric) => metric.unit("") == "h",
            Criterion::RestoreHours => true,
        }
    }
}

/// The whole table, for a limit that stands alone.
fn whole(criterion: Criterion, node: Node<'_>) -> Option<String> {
    let is_limit = node.number().is_some() || node.text().is_some();
    let name = criterion.name();
    is_limit.then(|| format!("write {name} = {{ limit = {}, confidence = 0.95 }}", node.to_toml()))
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
    let mut criteria: Vec<(Criterion, &str)> =
        Metric::ALL.into_iter().map(|metric| (Criterion::Metric(metric), doc)).collect();
    criteria.push((
        Criterion::RestoreHours,
        "limit of the restore time of an outage (the RTO), hours, and the share of all outages \
         that keep it; planned outages are left out",
    ));
    for (criterion, doc) in criteria {
        let help = |node: Node<'_>| whole(criterion, node);
        let table = section.optional_section_or(criterion.name(), doc, help);
        tolerances.extend(read_one(table, criterion));
    }
    section.finish();
    tolerances
}

fn read_one(section: Option<Section<'_>>, criterion: Criterion) -> Option<Tolerance> {
    let mut section = section?;
    let doc = "the most that is tolerated";
    let limit = match criterion.is_in_hours() {
        true => section.required_as("limit", &Hours, doc),
        false => section.required_as("limit", &Number(Range::NonNegative), doc),
    };
    let doc = "the probability with which the limit must be kept";
    let confidence = section.get_as("confidence", &Share, "0.95", doc);
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

/// Refuses limits of what is not there: of cost without prices, of sign-in where it is not played.
pub(super) fn refuse(
    top: &mut Section<'_>,
    tolerances: &[Tolerance],
    costs: Option<&Costs>,
    is_sign_in_played: bool,
) {
    refuse_cost(top, tolerances, costs);
    refuse_sign_in(top, tolerances, is_sign_in_played);
}

fn refuse_sign_in(top: &mut Section<'_>, tolerances: &[Tolerance], is_played: bool) {
    for tolerance in tolerances {
        if let Criterion::Metric(metric) = tolerance.criterion
            && metric.is_of_sign_in()
            && !is_played
        {
            let place = top.span_of(&["tolerance", metric.name()]);
            let message = format!("{} are limited, and sign-in is not played", metric.label());
            top.error_at(
                place,
                message,
                "add [pass_through] or [federated], or leave the limit out",
            );
        }
    }
}

fn refuse_cost(top: &mut Section<'_>, tolerances: &[Tolerance], costs: Option<&Costs>) {
    let cost = Criterion::Metric(Metric::Cost);
    if costs.is_none() && tolerances.iter().any(|tolerance| tolerance.criterion == cost) {
        let place = top.span_of(&["tolerance", Metric::Cost.name()]);
        let message = "cost is limited, and nothing has a price".to_owned();
        top.error_at(place, message, "add a [costs] table, or leave the limit out");
    }
}
