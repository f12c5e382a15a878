//! Outages at known times and of known length.

/// What a set of repairs does to the service that they all take down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Downtime {
    /// Separate outages; touching ones are one.
    pub outages: u64,
    /// Length of their union, hours.
    pub hours: f64,
    /// The longest, hours.
    pub longest: f64,
}

/// The union of the intervals (onset, length), cut at the horizon. Onsets at or past the horizon do
/// not happen.
pub fn union(intervals: &[(f64, f64)], horizon: f64) -> Downtime {
    let mut within: Vec<(f64, f64)> = intervals
        .iter()
        .filter(|(onset, _)| *onset < horizon)
        .map(|(onset, length)| (*onset, (onset + length).min(horizon)))
        .collect();
    within.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut merged: Vec<(f64, f64)> = Vec::new();
    for (onset, end) in within {
        match merged.last_mut() {
            Some(last) if onset <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((onset, end)),
        }
    }
    Downtime {
        outages: merged.len() as u64,
        hours: merged.iter().map(|(onset, end)| end - onset).sum(),
        longest: merged.iter().map(|(onset, end)| end - onset).fold(0.0, f64::max),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_count_once_and_the_horizon_cuts() {
        let intervals =
            [(10.0, 5.0), (12.0, 1.0), (15.0, 2.0), (40.0, 1.0), (95.0, 50.0), (100.0, 1.0)];
        let expected = Downtime { outages: 3, hours: 13.0, longest: 7.0 };
        assert_eq!(union(&intervals, 100.0), expected);
        assert_eq!(union(&[], 100.0), Downtime::default());
    }
}
