//! What a distribution gets wrong in the tail, by which plans are made.

use super::{rivals, round, span};
use crate::evidence::analysis::{Analysis, Fit};
use crate::numeric::beta_tails;

/// The tail as the log has it, as the distribution has it, and as the rivals have it.
pub(super) fn tail(analysis: &Analysis, best: &Fit) -> String {
    let longest = analysis.variable.sample.observed().last().copied().unwrap_or(0.0);
    let point = |p: f64| span(best.distribution.quantile(p));
    let mut words = match departure(analysis, best) {
        Some(Departure { seen: 1, expected, .. }) if expected < 1.0 => format!(
            "Its tail is too light: by the law a duration as long as the longest of the log, {}, \
             comes once in {} such logs. A plan by it meets too few of the worst.",
            span(longest),
            round(1.0 / expected)
        ),
        Some(Departure { from, seen, expected }) if seen as f64 > expected => format!(
            "Its tail is too light: {seen} durations of the log last longer than {}, by the law it \
             would be {}. A plan by it meets too few of the worst.",
            span(from),
            round(expected)
        ),
        Some(Departure { from, seen, expected }) => format!(
            "Its tail is too heavy: {} of the log last longer than {}, by the law it would be {}. A \
             plan by it meets too many of the worst.",
            if seen == 0 { "none".to_owned() } else { format!("{seen} durations") },
            span(from),
            round(expected)
        ),
        None if !analysis.variable.sample.censored().is_empty() => format!(
            "By it 1 in 20 lasts longer than {}, 1 in 100 longer than {}; the longest complete one of \
             the log is {}.",
            point(0.95),
            point(0.99),
            span(longest)
        ),
        None => format!(
            "Its tail agrees with the log as far as the log goes: 1 in 20 lasts longer than {}, 1 in \
             100 longer than {}; the longest of the log is {}.",
            point(0.95),
            point(0.99),
            span(longest)
        ),
    };
    let far = |fit: &Fit| fit.distribution.quantile(0.99);
    let other = rivals(analysis, best).max_by(|a, b| apart(a, best).total_cmp(&apart(b, best)));
    if let Some(other) = other.filter(|other| apart(other, best) > libm::log(1.2)) {
        words.push_str(&format!(
            " There families part: the 99 % point is {} by this law and {} by {}, which fits as well.",
            span(far(best)),
            span(far(other)),
            other.estimate.family.distribution_words()
        ));
    }
    words
}

/// A place in the tail where log and distribution differ by more than chance.
struct Departure {
    from: f64,
    seen: usize,
    expected: f64,
}

/// The place of the tail, if any, where the count beyond it is least likely by the distribution;
/// below 1 % it is no chance. Lower bounds hide what lies beyond them, so a sample with bounds
/// tells nothing.
fn departure(analysis: &Analysis, best: &Fit) -> Option<Departure> {
    let sample = &analysis.variable.sample;
    if !sample.censored().is_empty() {
        return None;
    }
    let observed = sample.observed();
    let n = observed.len() as f64;
    let longest = observed.last().copied()?;
    let places =
        [0.1, 0.05, 0.02, 0.01, 0.005, 0.002].map(|share| best.distribution.quantile(1.0 - share));
    let mut worst: Option<(f64, Departure)> = None;
    for from in places.into_iter().chain([longest.next_down()]) {
        let share = best.distribution.survival(from);
        let seen = observed.len() - observed.partition_point(|x| *x <= from);
        if !(share > 0.0 && share < 1.0) {
            continue;
        }
        // P(K >= k) and P(K <= k) of a binomial K, by the incomplete beta function.
        let k = seen as f64;
        let at_least =
            |k: f64| if k > 0.0 { beta_tails(k, n - k + 1.0, share, 1.0 - share).0 } else { 1.0 };
        let chance = at_least(k).min(1.0 - if k < n { at_least(k + 1.0) } else { 0.0 });
        let expected = n * share;
        if chance < 0.01 && worst.as_ref().is_none_or(|(least, _)| chance < *least) {
            worst = Some((chance, Departure { from, seen, expected }));
        }
    }
    worst.map(|(_, departure)| departure)
}

/// How far two distributions are apart at the 99 % point, as a logarithm.
fn apart(fit: &Fit, other: &Fit) -> f64 {
    libm::log(fit.distribution.quantile(0.99) / other.distribution.quantile(0.99)).abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::evidence::analysis::AnalysisOptions;
    use crate::evidence::fit::Family;
    use crate::evidence::sample::{Quantity, Sample, Variable};

    fn words(hours: Vec<f64>, family: Family) -> String {
        let variable = Variable {
            quantity: Quantity::Recovery,
            group: None,
            sample: Sample::new(hours, vec![]),
            left_out: vec![],
            censored_lines: vec![],
            gaps: vec![],
            since_last: None,
        };
        let families = vec![family];
        let options =
            AnalysisOptions { families, replicates: Some(0), ..AnalysisOptions::default() };
        let analysis = Analysis::of(&variable, &options);
        tail(&analysis, analysis.recommended().unwrap())
    }

    fn quantiles(distribution: &Distribution) -> Vec<f64> {
        (1..400).map(|k| distribution.quantile(f64::from(k) / 400.0)).collect()
    }

    #[test]
    fn a_tail_is_called_light_heavy_or_right_as_it_is() {
        let distribution = Distribution::lognormal(0.0, 1.0).unwrap();
        assert!(words(quantiles(&distribution), Family::Lognormal).starts_with("Its tail agrees"));
        let mut long = quantiles(&distribution);
        long.extend([60.0, 70.0, 80.0, 90.0]);
        let light = words(long, Family::Lognormal);
        assert!(light.starts_with("Its tail is too light: "), "{light}");
        let even = Distribution::uniform(0.0, 10.0).unwrap();
        let heavy = words(quantiles(&even), Family::Lognormal);
        assert!(heavy.starts_with("Its tail is too heavy: none of the log"), "{heavy}");
    }
}
