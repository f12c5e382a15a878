use super::*;

const SINGLE: [Family; 6] = [
    Family::Exponential,
    Family::Lognormal,
    Family::Weibull,
    Family::Gamma,
    Family::InverseGaussian,
    Family::Loglogistic,
];

/// W. H. Von Alven (editor), *Reliability Engineering* (1964): active repair times of an airborne
/// transceiver, hours.
pub(crate) const TRANSCEIVER: [f64; 46] = [
    0.2, 0.3, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.7, 0.7, 0.7, 0.8, 0.8, 1.0, 1.0, 1.0, 1.0, 1.1, 1.3,
    1.5, 1.5, 1.5, 1.5, 2.0, 2.0, 2.2, 2.5, 2.7, 3.0, 3.0, 3.3, 3.3, 4.0, 4.0, 4.5, 4.7, 5.0, 5.4,
    5.4, 7.0, 7.5, 8.8, 9.0, 10.3, 22.0, 24.5,
];

fn fit(family: Family, observed: &[f64], censored: &[f64]) -> Result<Estimate, Unfit> {
    Estimate::fit(family, &Sample::new(observed.to_vec(), censored.to_vec()))
}

fn near(name: &str, found: f64, truth: f64, tolerance: f64) {
    let error = (found - truth).abs() / truth.abs();
    assert!(error <= tolerance, "{name}: {found}, should be {truth}");
}

#[test]
fn the_classical_repair_times_have_their_published_fits() {
    // Lognormal, Weibull, gamma, exponential from an independent calculation to nine digits; the
    // inverse Gaussian as in R. S. Chhikara and J. L. Folks (1977): mean 3.61, lambda 1.66.
    for (family, values, log_likelihood) in [
        (Family::Lognormal, &[0.658392378, 1.10179096][..], -100.016324),
        (Family::Weibull, &[0.898582781, 3.39134039], -104.469714),
        (Family::Gamma, &[0.93229227, 3.8684454], -104.930943),
        (Family::Exponential, &[3.60652174], -105.006215),
        (Family::InverseGaussian, &[3.60652174, 1.65885], f64::NAN),
    ] {
        let found = fit(family, &TRANSCEIVER, &[]).unwrap();
        for (found, truth) in found.values().iter().zip(values) {
            near(family.name(), *found, *truth, if truth == &1.65885 { 3e-6 } else { 2e-9 });
        }
        if log_likelihood.is_finite() {
            near(family.name(), found.log_likelihood, log_likelihood, 6e-9);
        }
    }
}

#[test]
fn bounds_and_complete_durations_give_what_an_independent_search_finds() {
    // Nelder and Mead's method on the textbook log-likelihoods, to 1e-13.
    let observed = [0.2, 0.5, 1.0, 1.0, 3.3, 7.0, 20.0];
    let censored = [0.7, 4.0, 25.0];
    for (family, values, log_likelihood, plain, plain_likelihood) in [
        (
            Family::Exponential,
            &[8.957142857][..],
            -22.34715909008493,
            &[4.714285714][..],
            -17.854181886878166,
        ),
        (
            Family::Lognormal,
            &[1.2683595716, 1.8372296986],
            -20.198278152783768,
            &[0.54756853296, 1.4715567022],
            -16.469795137161285,
        ),
        (
            Family::Weibull,
            &[0.62961839671, 7.9932434053],
            -20.819213484711124,
            &[0.70619392138, 3.6612444267],
            -16.97671511019249,
        ),
        (
            Family::Gamma,
            &[0.54630610158, 19.2257106999],
            -21.072491826480405,
            &[0.61393497465, 7.6788030702],
            -17.177511231392184,
        ),
        (
            Family::Loglogistic,
            &[0.89264301212, 3.4048262675],
            -20.449299014210965,
            &[1.1325506082, 1.6253625459],
            -16.739974204803207,
        ),
    ] {
        for (bounds, values, truth) in
            [(&censored[..], values, log_likelihood), (&[][..], plain, plain_likelihood)]
        {
            let found = fit(family, &observed, bounds).unwrap();
            near(family.name(), found.log_likelihood, truth, 1e-12);
            for (found, value) in found.values().iter().zip(values) {
                // What a search by values alone can tell.
                near(family.name(), *found, *value, 3e-7);
            }
        }
    }
    let found = fit(Family::InverseGaussian, &observed, &[]).unwrap();
    near("inverse Gaussian", found.log_likelihood, -16.15422552019391, 1e-13);
    // With these bounds its mean runs away: the limit is a distribution without mean.
    assert_eq!(fit(Family::InverseGaussian, &observed, &censored), Err(Unfit::NoMaximum));
}

#[test]
fn a_fit_follows_the_unit_at_any_scale() {
    for family in SINGLE {
        let base = fit(family, &TRANSCEIVER, &[30.0]).ok();
        for scale in [1e-9, 1e-3, 1e6, 1e12] {
            let hours: Vec<f64> = TRANSCEIVER.iter().map(|x| x * scale).collect();
            let found = fit(family, &hours, &[30.0 * scale]).ok();
            assert_eq!(found.is_some(), base.is_some());
            let (Some(found), Some(base)) = (found, base) else { continue };
            let shift = 46.0 * libm::log(scale);
            let near_to =
                |a: f64, b: f64| assert!((a - b).abs() < 1e-7 * b.abs(), "{family:?} {a} {b}");
            near_to(found.log_likelihood + shift, base.log_likelihood);
            for p in [0.1, 0.5, 0.95] {
                let quantile = |e: &Estimate| e.distribution().unwrap().quantile(p);
                near_to(quantile(&found) / scale, quantile(&base));
            }
        }
    }
}

#[test]
fn tiny_and_degenerate_samples_are_refused_with_the_reason_and_never_panic() {
    use Family::{Exponential, Lognormal, Mixture};
    assert_eq!(fit(Exponential, &[], &[1.0]), Err(Unfit::TooFew { fewest: 1 }));
    assert_eq!(fit(Exponential, &[2.0], &[]).unwrap().values(), [2.0]);
    assert_eq!(fit(Lognormal, &[2.0], &[]), Err(Unfit::TooFew { fewest: 2 }));
    assert_eq!(fit(Mixture, &[2.0; 39], &[]), Err(Unfit::TooFew { fewest: 40 }));
    let hard: [(&[f64], &[f64]); 12] = [
        (&[], &[]),
        (&[1.0, 1.0], &[]),
        (&[1.0, 1.0, 1.0], &[0.5]),
        (&[1.0, 1.0, 1.0], &[2.0]),
        (&[1.0, 1.0 + 1e-15], &[]),
        (&[1.0, 1.000_001], &[]),
        (&[1e-300, 1e300], &[]),
        (&[5e-324, 1e308, 1e308], &[1e308]),
        (&[1.0, 2.0], &[1e300]),
        (&[1e-12, 1e-12, 1e12], &[1e-12, 1e12]),
        (&[1e308, 1.1e308, 1.2e308], &[]),
        (&[1.0, 2.0, 3.0], &[1e-200; 50]),
    ];
    for (observed, censored) in hard {
        for family in Family::ALL {
            let sample = Sample::new(observed.to_vec(), censored.to_vec());
            if let Ok(found) = Estimate::fit(family, &sample) {
                assert!(found.log_likelihood.is_finite(), "{family:?} {observed:?}");
                assert!(found.distribution().is_ok());
                let _ = found.rounded_distribution();
                for (low, high) in found.intervals(&sample, 3.84).unwrap_or_default() {
                    assert!(low <= high, "{family:?} {observed:?}: {low} {high}");
                }
            }
        }
    }
    for family in SINGLE.into_iter().filter(|family| *family != Exponential) {
        assert_eq!(fit(family, &[3.0; 10], &[1.0]), Err(Unfit::AllTheSame), "{family:?}");
    }
}

#[test]
fn no_values_nearby_are_likelier() {
    // An independent judge of every maximum: the textbook likelihood through the distributions' own
    // tails.
    let observed = &TRANSCEIVER[..30];
    let censored = &TRANSCEIVER[20..40];
    for family in SINGLE {
        for bounds in [&[][..], censored] {
            let Ok(found) = fit(family, observed, bounds) else {
                panic!("{family:?}");
            };
            let value = |v: &[f64; 5]| {
                let distribution = distribution(family, v).unwrap();
                let h = 1e-4;
                let density = |x: &f64| {
                    let (a, b) = (x * (1.0 - h), x * (1.0 + h));
                    let whole = distribution.cdf(b) - distribution.cdf(a);
                    let tail = distribution.survival(a) - distribution.survival(b);
                    libm::log(if distribution.cdf(*x) < 0.5 { whole } else { tail } / (b - a))
                };
                let complete: f64 = observed.iter().map(density).sum();
                complete + bounds.iter().map(|x| libm::log(distribution.survival(*x))).sum::<f64>()
            };
            let top = value(&found.values);
            near(family.name(), top, found.log_likelihood, 1e-6);
            for place in 0..found.count() {
                for step in [-1e-2, 1e-2] {
                    let mut moved = found.values;
                    moved[place] += step * moved[place].abs().max(0.1);
                    assert!(value(&moved) < top, "{family:?} {place} {step}");
                }
            }
        }
    }
}

#[test]
fn intervals_of_known_form_come_out() {
    let sample = Sample::new(TRANSCEIVER.to_vec(), vec![]);
    // Lognormal, without bounds: n ln(1 + (mu - mean)^2 / s^2) = chi-square.
    let found = Estimate::fit(Family::Lognormal, &sample).unwrap();
    let [mu, sigma] = [found.values()[0], found.values()[1]];
    let chi = 3.841_458_820_694_124_f64;
    let half = sigma * ((chi / 46.0).exp() - 1.0).sqrt();
    let intervals = found.intervals(&sample, chi).unwrap();
    near("low", intervals[0].0, mu - half, 1e-7);
    near("high", intervals[0].1, mu + half, 1e-7);
    for end in [intervals[1].0, intervals[1].1] {
        let r = sigma / end;
        let fall = 46.0 * (0.5 * r * r - 0.5 - r.ln());
        near("sigma", 2.0 * fall, chi, 1e-6);
    }
    // Exponential: the same for lower bounds.
    let sample = Sample::new(vec![1.0, 2.0, 6.0], vec![3.0, 3.0]);
    let found = Estimate::fit(Family::Exponential, &sample).unwrap();
    assert_eq!(found.values(), [5.0]);
    let (low, high) = found.intervals(&sample, chi).unwrap()[0];
    for end in [low, high] {
        let r = 5.0 / end;
        near("mean", 6.0 * (r - 1.0 - r.ln()), chi, 1e-9);
    }
}
