//! The one rule by which everything chooses.

/// The rule: the cheapest of the strategies that qualify, and the first of several that cost the same.
/// What makes a strategy qualify depends on what is known: a verdict of a run, an estimate, or nothing
/// where no tolerance is set.
pub fn cheapest(costs: &[f64], qualifies: impl Fn(usize) -> bool) -> Option<usize> {
    let qualified = (0..costs.len()).filter(|&at| qualifies(at));
    qualified.min_by(|&a, &b| costs[a].total_cmp(&costs[b]))
}
