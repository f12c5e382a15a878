//! One variable of a log, fitted by every family, compared, tested and judged.

use super::fit::{Estimate, Family, Unfit};
use super::goodness::{Bootstrap, Distances, distances, resolution};
use super::sample::{Quantity, Variable};
use super::trend::{Trend, trend};
use super::uncertainty::possible_distributions;
use crate::distribution::Distribution;
use crate::numeric::normal_deviate;
use crate::stats::interval::central_interval;

/// Durations beyond this many are resampled less often, so that the work stays the same.
const FULL_WORK: usize = 1000;
/// Replicates unless said otherwise.
const REPLICATES: usize = 999;
/// Fewest replicates by default: of so long a log hardly anything is left open.
const FEWEST_REPLICATES: usize = 39;
/// Replicates of a mixture, whose refits are slow.
const MIXTURE_REPLICATES: usize = 199;
/// By so much must the mixture's BIC be better than any single distribution's: "strong" evidence
/// (R. E. Kass and A. E. Raftery, *Bayes Factors*, 1995).
const MIXTURE_MARGIN: f64 = 6.0;

/// How a variable is to be analysed.
#[derive(Debug, Clone)]
pub struct AnalysisOptions {
    /// The families; a mixture among them is shown only where it is warranted.
    pub families: Vec<Family>,
    /// Seed of the resampling.
    pub seed: u64,
    /// Confidence of the intervals, between 0 and 1.
    pub confidence: f64,
    /// Replicates of each fit; a sensible number when absent, none when 0.
    pub replicates: Option<usize>,
    /// Threads; they change no result.
    pub threads: usize,
}

impl Default for AnalysisOptions {
    fn default() -> Self {
        AnalysisOptions {
            families: Family::ALL.to_vec(),
            seed: 1,
            confidence: 0.95,
            replicates: None,
            threads: 1,
        }
    }
}

/// What is remarkable about a fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// A shape so extreme that the distribution is a point, or spread without end.
    Degenerate,
    /// A component of the mixture holds almost nothing or has shrunk onto a point.
    Collapsed,
    /// The mean is infinite.
    InfiniteMean,
    /// The variance is infinite.
    InfiniteVariance,
}

impl Flag {
    /// The name in files.
    pub fn name(self) -> &'static str {
        match self {
            Flag::Degenerate => "degenerate",
            Flag::Collapsed => "collapsed",
            Flag::InfiniteMean => "infinite_mean",
            Flag::InfiniteVariance => "infinite_variance",
        }
    }

    /// Whether a fit with it is not recommended, however likely it makes the log.
    pub fn disqualifies(self) -> bool {
        self != Flag::InfiniteVariance
    }
}

/// A family fitted to a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The parameters and the likelihood.
    pub estimate: Estimate,
    /// The distribution they make.
    pub distribution: Distribution,
    /// For each parameter its interval; absent for a mixture without replicates.
    pub intervals: Option<Vec<(f64, f64)>>,
    /// Akaike's criterion.
    pub aic: f64,
    /// Akaike's criterion with the correction for small samples; `None` when there are too few
    /// complete durations for the number of parameters.
    pub aicc: Option<f64>,
    /// Schwarz's criterion; with lower bounds its n is the number of complete durations (C. T.
    /// Volinsky and A. E. Raftery, 2000).
    pub bic: f64,
    /// Distances of the sample from the distribution.
    pub distances: Distances,
    /// Their p-values; `None` without replicates.
    pub p: Option<Distances>,
    /// Replicates that could not be fitted.
    pub failed: usize,
    /// Distributions that the truth may be.
    pub possible: Vec<Distribution>,
    /// Largest gaps (KS) of the replicates, ascending.
    pub gaps: Vec<f64>,
    /// What is remarkable.
    pub flags: Vec<Flag>,
}

impl Fit {
    /// Whether it may be recommended at all.
    pub fn is_sound(&self) -> bool {
        self.aicc.is_some() && !self.flags.iter().any(|flag| flag.disqualifies())
    }

    /// The gap between log and distribution that only a share `p` of samples of the distribution
    /// exceed; `None` without replicates.
    pub fn critical_gap(&self, p: f64) -> Option<f64> {
        let last = self.gaps.len().checked_sub(1)? as f64;
        self.gaps.get(((1.0 - p) * last).ceil() as usize).copied()
    }

    /// The interval of a quantile over the distributions that the truth may be; `None` without
    /// replicates.
    pub fn quantile_interval(&self, p: f64, confidence: f64) -> Option<(f64, f64)> {
        let mut points: Vec<f64> =
            self.possible.iter().map(|distribution| distribution.quantile(p)).collect();
        points.sort_by(f64::total_cmp);
        central_interval(&points, confidence).map(|ends| (ends.low, ends.high))
    }
}

/// A variable and what was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The durations.
    pub variable: Variable,
    /// Fits by AICc, the best first.
    pub fits: Vec<Fit>,
    /// Families without a fit, and why.
    pub unfit: Vec<(Family, Unfit)>,
    /// Index of the recommended fit.
    pub best: Option<usize>,
    /// The unit to which durations are rounded, hours.
    pub resolution: Option<f64>,
    /// Tests of the order of the gaps; for times between failures.
    pub trend: Option<Trend>,
    /// Replicates of each fit.
    pub replicates: usize,
    /// Confidence of the intervals.
    pub confidence: f64,
}

impl Analysis {
    /// Fits a variable.
    pub fn new(variable: &Variable, options: &AnalysisOptions) -> Analysis {
        let sample = &variable.sample;
        let completed = sample.observed().len();
        let replicates = options.replicates.unwrap_or_else(|| by_default(sample.len()));
        let mut analysis = Analysis {
            variable: variable.clone(),
            fits: Vec::new(),
            unfit: Vec::new(),
            best: None,
            resolution: resolution(sample),
            trend: None,
            replicates,
            confidence: options.confidence,
        };
        for family in &options.families {
            match Estimate::fit(*family, sample) {
                Ok(estimate) => analysis.fits.extend(fit(variable, estimate)),
                Err(_) if *family == Family::Mixture => {}
                Err(why) => analysis.unfit.push((*family, why)),
            }
        }
        analysis.drop_unwarranted_mixture();
        for fit in &mut analysis.fits {
            resample(fit, variable, replicates, options);
        }
        let key = |fit: &Fit| fit.aicc.unwrap_or(fit.aic);
        analysis.fits.sort_by(|a, b| key(a).total_cmp(&key(b)));
        // Where all is the same, or nearly, a distribution with a spread would only say less.
        let same = analysis.unfit.iter().any(|(_, why)| *why == Unfit::AllTheSame);
        if !same && !analysis.is_nearly_constant() {
            analysis.best = analysis.fits.iter().position(Fit::is_sound);
        }
        if variable.quantity == Quantity::Between {
            let purpose = purpose(variable);
            analysis.trend = trend(&variable.gaps, variable.since_last, options.seed, &purpose);
        }
        debug_assert!(analysis.fits.iter().all(|fit| fit.estimate.count() <= completed.max(1)));
        analysis
    }

    /// Fits a variable by the family that is recommended for it, and no other: which one that is,
    /// needs no replicates. Without a recommendation, all fits without replicates.
    pub fn with_best_family(variable: &Variable, options: &AnalysisOptions) -> Analysis {
        let all =
            Analysis::new(variable, &AnalysisOptions { replicates: Some(0), ..options.clone() });
        match all.recommended() {
            Some(best) => {
                let families = vec![best.estimate.family];
                Analysis::new(variable, &AnalysisOptions { families, ..options.clone() })
            }
            None => all,
        }
    }

    /// The recommended fit.
    pub fn recommended(&self) -> Option<&Fit> {
        self.best.and_then(|index| self.fits.get(index))
    }

    /// The recommended distribution as a scenario states it: `{ lognormal = { … } }`.
    pub fn toml(&self) -> Option<String> {
        let rounded = self.recommended()?.estimate.rounded_distribution().ok()?;
        Some(rounded.to_toml())
    }

    /// What to write into a fault of the scenario: the distribution, and of recovery times that they run
    /// from the onset, as those of incidents do. None where nothing fits.
    pub fn scenario_lines(&self) -> Option<String> {
        let toml = self.toml()?;
        Some(match self.variable.quantity {
            Quantity::Recovery => format!("repair = {toml}\nrepair_covers = \"outage\""),
            Quantity::Between => format!("every = {toml}"),
        })
    }

    /// Two components must earn their five parameters, and a log must be long enough to tell.
    fn drop_unwarranted_mixture(&mut self) {
        let is_mixture = |fit: &Fit| fit.estimate.family == Family::Mixture;
        let single = self.fits.iter().filter(|fit| !is_mixture(fit) && fit.is_sound());
        let least = single.map(|fit| fit.bic).fold(f64::INFINITY, f64::min);
        self.fits.retain(|fit| !is_mixture(fit) || fit.bic < least - MIXTURE_MARGIN);
    }
}

/// So many replicates that the work does not grow with a large sample.
fn by_default(size: usize) -> usize {
    (REPLICATES * FULL_WORK / size.max(FULL_WORK)).max(FEWEST_REPLICATES)
}

/// What keeps the random streams of variables apart.
fn purpose(variable: &Variable) -> String {
    format!("{} {}", variable.quantity.name(), variable.group.as_deref().unwrap_or_default())
}

fn fit(variable: &Variable, estimate: Estimate) -> Option<Fit> {
    let distribution = estimate.distribution().ok()?;
    let n = variable.sample.observed().len() as f64;
    let k = estimate.count() as f64;
    let aic = 2.0 * k - 2.0 * estimate.log_likelihood;
    let rest = n - k - 1.0;
    Some(Fit {
        aic,
        aicc: (rest > 0.0).then(|| aic + 2.0 * k * (k + 1.0) / rest),
        bic: k * libm::log(n) - 2.0 * estimate.log_likelihood,
        distances: distances(&variable.sample, &distribution),
        p: None,
        failed: 0,
        possible: Vec::new(),
        gaps: Vec::new(),
        intervals: None,
        flags: flags(&estimate, &distribution),
        distribution,
        estimate,
    })
}

fn flags(estimate: &Estimate, distribution: &Distribution) -> Vec<Flag> {
    let v = estimate.values();
    let extreme = |shape: f64| !(0.02..=1e3).contains(&shape);
    let degenerate = match estimate.family {
        Family::Exponential => false,
        Family::Lognormal => !(1e-3..=10.0).contains(&v[1]),
        Family::Weibull | Family::Loglogistic => extreme(v[0]),
        Family::Gamma => !(0.02..=1e6).contains(&v[0]),
        Family::InverseGaussian => !(1e-4..=1e6).contains(&(v[1] / v[0])),
        Family::Mixture => false,
    };
    let mut flags = Vec::new();
    if degenerate {
        flags.push(Flag::Degenerate);
    }
    if estimate.collapsed {
        flags.push(Flag::Collapsed);
    }
    if !distribution.mean().is_finite() {
        flags.push(Flag::InfiniteMean);
    } else if !distribution.variance().is_finite() {
        flags.push(Flag::InfiniteVariance);
    }
    flags
}

/// Adds what needs replicates or the likelihood's surface.
fn resample(fit: &mut Fit, variable: &Variable, replicates: usize, options: &AnalysisOptions) {
    let sample = &variable.sample;
    let deviate = normal_deviate(options.confidence);
    fit.intervals = fit.estimate.intervals(sample, deviate * deviate);
    let count = match fit.estimate.family {
        Family::Mixture => replicates.min(MIXTURE_REPLICATES),
        _ => replicates,
    };
    let key = (options.seed, purpose(variable));
    let bootstrap = Bootstrap::run(&fit.estimate, sample, (key.0, &key.1), count, options.threads);
    fit.p = bootstrap.p_values(&fit.distances);
    fit.failed = bootstrap.failed;
    fit.gaps = bootstrap.replicates.iter().map(|r| r.distances.ks).collect();
    fit.gaps.sort_by(f64::total_cmp);
    fit.possible = possible_distributions(&fit.estimate, &bootstrap);
    if fit.intervals.is_none() {
        fit.intervals = percentiles(fit.estimate.count(), &bootstrap, options.confidence);
    }
}

/// Intervals of parameters between the percentiles of the replicates.
fn percentiles(count: usize, bootstrap: &Bootstrap, confidence: f64) -> Option<Vec<(f64, f64)>> {
    let interval = |index: usize| {
        let mut values: Vec<f64> =
            bootstrap.replicates.iter().map(|r| r.estimate.values()[index]).collect();
        values.sort_by(f64::total_cmp);
        central_interval(&values, confidence).map(|ends| (ends.low, ends.high))
    };
    (0..count).map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fit::TRANSCEIVER;
    use crate::evidence::judgement::NoRecommendation;
    use crate::evidence::sample::Sample;

    fn variable(hours: &[f64]) -> Variable {
        Variable {
            sample: Sample::new(hours.to_vec(), vec![]),
            ..Variable::none(Quantity::Recovery)
        }
    }

    fn analysed(hours: &[f64]) -> Analysis {
        let options = AnalysisOptions { replicates: Some(19), ..AnalysisOptions::default() };
        Analysis::new(&variable(hours), &options)
    }

    #[test]
    fn the_classical_repair_times_are_inverse_gaussian_or_lognormal() {
        let found = analysed(&TRANSCEIVER);
        assert_eq!(found.fits.len(), 6);
        assert_eq!(found.unfit, []);
        let order: Vec<_> = found.fits.iter().map(|fit| fit.estimate.family.name()).collect();
        assert_eq!(order[..2], ["inverse_gaussian", "lognormal"]);
        let lognormal = &found.fits[1];
        assert!((lognormal.aic - 204.032648).abs() < 1e-6);
        assert!((lognormal.aicc.unwrap() - (lognormal.aic + 12.0 / 43.0)).abs() < 1e-12);
        let bic = 2.0 * 46.0_f64.ln() + 200.032648;
        assert!((lognormal.bic - bic).abs() < 1e-6);
        assert_eq!(found.best, Some(0));
        assert_eq!(found.resolution, Some(0.1));
        let toml = found.toml().unwrap();
        assert_eq!(toml, r#"{ inverse_gaussian = { mean = "3.60652h", lambda = "1.65885h" } }"#);
    }

    #[test]
    fn degenerate_winners_are_flagged_and_not_recommended() {
        // A log-logistic of shape below 1 has no mean.
        let heavy: Vec<f64> = (1..30)
            .map(|k| Distribution::loglogistic(1.0, 0.7).unwrap().quantile(f64::from(k) / 30.0))
            .collect();
        let found = analysed(&heavy);
        let loglogistic =
            found.fits.iter().find(|fit| fit.estimate.family == Family::Loglogistic).unwrap();
        assert_eq!(loglogistic.flags, [Flag::InfiniteMean]);
        assert!(!loglogistic.is_sound());
        assert_ne!(found.recommended().unwrap().estimate.family, Family::Loglogistic);
        // Nearly the same every time: every shape runs away.
        let flat: Vec<f64> = (0..20).map(|k| 4.0 + 1e-6 * f64::from(k)).collect();
        let found = analysed(&flat);
        assert!(
            found
                .fits
                .iter()
                .filter(|fit| fit.estimate.family != Family::Exponential)
                .all(|fit| fit.flags.contains(&Flag::Degenerate))
        );
        assert_eq!(found.best, None);
        assert!(matches!(
            found.no_recommendation(),
            Some(NoRecommendation::NearlyConstant { count: 20, .. })
        ));
    }

    #[test]
    fn one_family_that_fails_leaves_the_table_to_the_others() {
        let mut with_bounds = variable(&[0.2, 0.5, 1.0, 1.0, 3.3, 7.0, 20.0]);
        with_bounds.sample =
            Sample::new(with_bounds.sample.observed().to_vec(), vec![0.7, 4.0, 25.0]);
        let options = AnalysisOptions { replicates: Some(19), ..AnalysisOptions::default() };
        let found = Analysis::new(&with_bounds, &options);
        assert_eq!(found.unfit, [(Family::InverseGaussian, Unfit::NoMaximum)]);
        assert_eq!(found.fits.len(), 5);
        assert!(found.best.is_some());
    }

    #[test]
    fn a_mixture_is_shown_only_where_it_is_warranted() {
        let one: Vec<f64> = (1..200)
            .map(|k| Distribution::lognormal(0.0, 1.0).unwrap().quantile(f64::from(k) / 200.0))
            .collect();
        assert!(analysed(&one).fits.iter().all(|fit| fit.estimate.family != Family::Mixture));
        let two: Vec<f64> =
            one.iter().map(|x| x.powf(0.3)).chain(one.iter().map(|x| 50.0 * x.powf(0.3))).collect();
        let found = analysed(&two);
        let best = found.recommended().unwrap();
        assert_eq!(best.estimate.family, Family::Mixture);
        assert_eq!(best.intervals.as_ref().map(Vec::len), Some(5));
        assert!(found.toml().unwrap().starts_with("{ mixture = [{ weight = 0.5, of = { lognormal"));
    }

    #[test]
    fn few_durations_get_no_recommendation_and_no_panic() {
        for hours in [&[][..], &[1.0], &[1.0, 2.0], &[2.0, 2.0, 2.0], &[1.0, 2.0, 3.0]] {
            let found = analysed(hours);
            assert_eq!(found.best.is_some(), hours == [1.0, 2.0, 3.0], "{hours:?}");
            assert_eq!(found.no_recommendation().is_none(), found.best.is_some());
        }
    }

    #[test]
    fn large_samples_are_resampled_less() {
        assert_eq!([1, 1000, 2000, 100_000, usize::MAX].map(by_default), [999, 999, 499, 39, 39]);
    }
}
