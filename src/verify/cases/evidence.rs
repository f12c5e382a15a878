//! What is made of an incident log: fits, distances, survival curves, tests for a trend.

use crate::distribution::Distribution;
use crate::evidence::fit::{Estimate, Family};
use crate::evidence::goodness::distances;
use crate::evidence::sample::Sample;
use crate::metric::Metric::DowntimeHours;
use crate::scenario::ScenarioError;
use crate::verify::case::{Case, Cases, Luck, column, exact, moments, worked};
use crate::verify::organisation::quiet;
use libm::log;

const MECHANISM: &str = "Logs";

pub(super) fn cases() -> Vec<Cases> {
    vec![worked(MECHANISM, fits), worked(MECHANISM, curves), worked(MECHANISM, recovered)]
}

/// The parameters of a fit.
fn fitted(family: Family, observed: &[f64], censored: &[f64]) -> Vec<f64> {
    let sample = Sample::new(observed.to_vec(), censored.to_vec());
    Estimate::fit(family, &sample).map_or_else(|_| vec![f64::NAN; 2], |fit| fit.values().to_vec())
}

/// Fits whose parameters have a closed form.
fn fits(_: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let hours = [1.0, 2.0, 4.0, 8.0];
    let logs = hours.map(log);
    let mu = logs.iter().sum::<f64>() / 4.0;
    let sigma = (logs.iter().map(|x| (x - mu) * (x - mu)).sum::<f64>() / 4.0).sqrt();
    let harmonic = hours.iter().map(|x| 1.0 / x).sum::<f64>() / 4.0;
    let lognormal = fitted(Family::Lognormal, &hours, &[]);
    let gaussian = fitted(Family::InverseGaussian, &hours, &[]);
    let with_bounds = fitted(Family::Exponential, &hours, &[5.0, 10.0]);
    Ok(vec![
        exact("exponential fit with lower bounds", "total time by failures", 7.5, with_bounds[0]),
        exact("lognormal fit: mu", "mean of the logarithms", mu, lognormal[0]),
        exact("lognormal fit: sigma", "spread of the logarithms", sigma, lognormal[1]),
        exact("inverse Gaussian fit: mean", "mean", 3.75, gaussian[0]),
        exact(
            "inverse Gaussian fit: lambda",
            "Tweedie 1957",
            1.0 / (harmonic - 1.0 / 3.75),
            gaussian[1],
        ),
    ])
}

/// Curves and distances that can be worked by hand.
fn curves(_: &Luck) -> Result<Vec<Case>, ScenarioError> {
    let sample = Sample::new(vec![1.0, 2.0, 4.0], vec![3.0]);
    // 3/4 after 1 h, 1/2 after 2 h; the bound of 3 h leaves the last alone.
    let curve = sample.kaplan_meier();
    let at = |place: usize| curve.get(place).map_or(f64::NAN, |step| step.survival);
    let greenwood = curve.get(1).map_or(f64::NAN, |step| step.log_variance);
    let exponential = Distribution::exponential(1.0).ok();
    let gap = exponential
        .map_or(f64::NAN, |one| distances(&Sample::new(vec![log(2.0)], vec![]), &one).ks);
    Ok(vec![
        exact("survival after a bound", "Kaplan and Meier 1958", 0.5, at(1)),
        exact("variance of the survival", "Greenwood 1926", 1.0 / 12.0 + 1.0 / 6.0, greenwood),
        exact("distance of one point at the median", "Kolmogorov and Smirnov", 0.5, gap),
    ])
}

/// Logs drawn from a known distribution, and fitted: the estimates have the mean and the spread that
/// theory gives them.
fn recovered(luck: &Luck) -> Result<Vec<Case>, ScenarioError> {
    const SAMPLE: usize = 50;
    let lengths = "repair = { lognormal = { median = \"4h\", sigma = 0.5 } }\n";
    let scenario = quiet().set("horizon=100000h").fault("link", &[100.0], lengths).scenario()?;
    let logs = column(&scenario, luck, DowntimeHours);
    let found: Vec<Vec<f64>> =
        logs.chunks_exact(SAMPLE).map(|log| fitted(Family::Lognormal, log, &[])).collect();
    let n = found.len() as f64;
    let (mu, _) = moments(found.iter().map(|fit| fit[0]));
    let squares = found.iter().map(|fit| fit[1] * fit[1] / 0.25);
    let (spread, error) = moments(squares);
    let part = (SAMPLE as f64 - 1.0) / SAMPLE as f64;
    Ok(vec![
        Case {
            name: "mean of many fits: mu".to_owned(),
            source: "normal distribution",
            truth: log(4.0),
            estimate: mu,
            error: Some(0.5 / (SAMPLE as f64 * n).sqrt()),
        },
        Case {
            name: "mean of many fits: sigma squared".to_owned(),
            source: "(n - 1)/n of the truth",
            truth: part,
            estimate: spread,
            error,
        },
    ])
}
