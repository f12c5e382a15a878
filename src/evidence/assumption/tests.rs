//! The promises of this module, by simulation at fixed seeds: each claim fails once in 1,000 seeds
//! if it is right.

use super::pointwise::SurvivalCurve;
use super::*;
use crate::distribution::Rng;
use crate::evidence::substreams::Substreams;
use crate::stats::interval::binomial_test_two_sided;
use crate::threads::each;

/// The usual assumption: 4 h, and 1 in 20 longer than 14 h.
fn usual() -> Distribution {
    Distribution::lognormal_median_p95(4.0, 14.0).unwrap()
}

/// Distributions of every kind: smooth, with atoms, with an infinite mean, bounded.
fn distributions() -> Vec<(&'static str, Distribution)> {
    let quick = (3.0, Distribution::constant_of(1.0));
    let slow = (2.0, Distribution::weibull(9.0, 0.8).unwrap());
    vec![
        ("lognormal", usual()),
        ("weibull", Distribution::weibull(3.0, 0.7).unwrap()),
        ("no mean", Distribution::loglogistic(2.0, 0.8).unwrap()),
        ("uniform", Distribution::uniform(1.0, 5.0).unwrap()),
        ("mixture", Distribution::mixture(vec![quick, slow]).unwrap()),
        ("list", Distribution::empirical(vec![1.0, 2.0, 2.5, 8.0]).unwrap()),
        ("constant", Distribution::constant_of(4.0)),
    ]
}

/// Durations of a distribution, each watched for a time of its own if a watch is given.
fn drawn(
    distribution: &Distribution,
    watch: Option<&Distribution>,
    n: usize,
    rng: &mut Rng,
) -> Sample {
    let (mut observed, mut censored) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let hours = distribution.sample(rng);
        match watch.map(|watch| watch.sample(rng)) {
            Some(end) if end < hours => censored.push(end),
            _ => observed.push(hours),
        }
    }
    Sample::new(observed, censored)
}

/// Samples of a distribution, and what is asked of each.
fn rounds<T: Send>(
    name: &str,
    (distribution, watch, n): (&Distribution, Option<&Distribution>, usize),
    count: usize,
    ask: impl Fn(&Sample, u64) -> T + Sync,
) -> Vec<T> {
    let streams = Substreams::new(41, &[name]);
    each(count, 2, |round| {
        ask(&drawn(distribution, watch, n, &mut streams.replicate(round as u64)), round as u64)
    })
}

fn counted(hits: &[bool]) -> (u64, u64) {
    (hits.iter().filter(|hit| **hit).count() as u64, hits.len() as u64)
}

#[track_caller]
fn exactly(name: &str, hits: &[bool], share: f64) {
    let (inside, all) = counted(hits);
    assert!(binomial_test_two_sided(inside, all, share) > 0.001, "{name}: {inside} of {all}");
}

/// Where discreteness makes an interval wider than it need be.
#[track_caller]
fn at_least(name: &str, hits: &[bool], share: f64) {
    let (inside, all) = counted(hits);
    let p = binomial_test_two_sided(inside, all, share);
    assert!(inside as f64 >= share * all as f64 || p > 0.002, "{name}: {inside} of {all}");
}

#[track_caller]
fn at_most(name: &str, hits: &[bool], share: f64) {
    let turned: Vec<bool> = hits.iter().map(|hit| !hit).collect();
    at_least(name, &turned, 1.0 - share);
}

fn quick(seed: u64) -> Options {
    Options { seed, replicates: Some(199), ..Options::default() }
}

fn factor(distribution: &Distribution, sample: &Sample, confidence: f64) -> Option<Ratio> {
    Stretch::new(distribution, sample).ratio(normal_deviate(confidence))
}

fn verdict(distribution: &Distribution, sample: &Sample, options: &Options) -> &'static str {
    let criteria = Criteria::new(distribution, sample, &SurvivalCurve::new(sample), options);
    let found = criteria
        .factor
        .and_then(|f| settled(&criteria.rows, criteria.tests, f, criteria.tail, options));
    found.map_or("cannot_tell", |verdict| verdict.name())
}

#[test]
fn the_factor_lies_in_its_interval() {
    for (name, distribution) in distributions() {
        for n in [2, 7, 40] {
            let stretched = distribution.scaled(2.3);
            let hits = rounds(name, (&stretched, None, n), 1000, |sample, _| {
                let interval = factor(&distribution, sample, 0.9).unwrap().interval;
                interval.low <= 2.3 * (1.0 + 1e-8) && 2.3 * (1.0 - 1e-8) <= interval.high
            });
            at_least(&format!("{name} {n}"), &hits, 0.9);
            if n == 40 && ["lognormal", "weibull", "no mean", "uniform"].contains(&name) {
                exactly(name, &hits, 0.9);
            }
        }
    }
}

#[test]
fn with_lower_bounds_too() {
    let watch = Distribution::exponential(20.0).unwrap();
    for (name, distribution) in &distributions()[..3] {
        let stretched = distribution.scaled(2.3);
        let hits = rounds(name, (&stretched, Some(&watch), 30), 1000, |sample, _| {
            factor(distribution, sample, 0.9).is_none_or(|found| found.interval.contains(2.3))
        });
        exactly(name, &hits, 0.9);
    }
}

#[test]
fn and_if_the_shape_is_wrong() {
    // The factor that no end of durations would give.
    let limit = |distribution: &Distribution, truth: &Distribution| {
        let points = (0..4000).map(|k| truth.quantile((f64::from(k) + 0.5) / 4000.0)).collect();
        factor(distribution, &Sample::new(points, vec![]), 0.5).unwrap().estimate
    };
    for (name, truth) in [
        ("wider", Distribution::lognormal(1.0, 1.6).unwrap()),
        ("narrower", Distribution::lognormal(2.0, 0.3).unwrap()),
        ("skew", Distribution::weibull(9.0, 0.5).unwrap()),
        ("two kinds", distributions()[4].1.clone()),
    ] {
        let right = limit(&usual(), &truth);
        for n in [8, 40] {
            let hits = rounds(name, (&truth, None, n), 1000, |sample, _| {
                factor(&usual(), sample, 0.9).unwrap().interval.contains(right)
            });
            at_least(&format!("{name} {n}"), &hits, 0.9);
        }
    }
}

#[test]
fn quantiles_and_shares_lie_in_their_intervals() {
    let watch = Distribution::exponential(9.0).unwrap();
    for (name, distribution) in distributions() {
        for (n, watch) in [(6, None), (60, None), (6, Some(&watch)), (60, Some(&watch))] {
            let found = rounds(name, (&distribution, watch, n), 1000, |sample, _| {
                let curve = SurvivalCurve::new(sample);
                let mut hits: Vec<bool> = PROBABILITIES
                    .map(|p| curve.quantile_interval(p, 0.9).contains(distribution.quantile(p)))
                    .to_vec();
                hits.extend(BEYOND.map(|p| {
                    let hours = distribution.quantile(p);
                    let (_, interval) = curve.longer(hours, 0.9);
                    interval.contains(distribution.survival(hours))
                }));
                hits
            });
            for place in 0..PROBABILITIES.len() + BEYOND.len() {
                let hits: Vec<bool> = found.iter().map(|hits| hits[place]).collect();
                at_least(&format!("{name} {n} {} {place}", watch.is_some()), &hits, 0.9);
            }
        }
    }
}

#[test]
fn the_ratio_of_means_lies_in_its_interval_whatever_the_variance() {
    let heavy = Distribution::loglogistic(2.0, 1.4).unwrap();
    assert_eq!(heavy.variance(), f64::INFINITY);
    for (name, distribution) in
        [("usual", usual()), ("heavy", heavy), ("mixture", distributions()[4].1.clone())]
    {
        let stretched = distribution.scaled(0.4);
        let hits = rounds(name, (&stretched, None, 9), 600, |sample, round| {
            let options = Options { replicates: Some(199), ..quick(round) };
            stretch::means(&distribution, sample, &options).unwrap().interval.contains(0.4)
        });
        exactly(name, &hits, 0.95);
    }
}

#[test]
fn the_tests_reject_a_true_assumption_as_often_as_they_say() {
    let watch = Distribution::exponential(9.0).unwrap();
    let to_half_hours = |sample: &Sample| {
        let half = |x: &f64| (2.0 * x).round() / 2.0;
        Sample::new(sample.observed().iter().map(half).collect(), vec![])
    };
    let p = |distribution: &Distribution, sample: &Sample, seed: u64| {
        let options = Options { replicates: Some(99), ..quick(seed) };
        let p = percentiles::check(distribution, sample, &options).1.unwrap().p;
        [p.ks <= 0.1, p.ad <= 0.1]
    };
    let judge = |name: &str, found: Vec<[bool; 2]>| {
        for place in [0, 1] {
            let hits: Vec<bool> = found.iter().map(|hits| hits[place]).collect();
            exactly(&format!("{name} {place}"), &hits, 0.1);
        }
    };
    for (name, distribution) in distributions() {
        judge(
            name,
            rounds(name, (&distribution, None, 25), 1000, |sample, round| {
                p(&distribution, sample, round)
            }),
        );
    }
    let distribution = usual();
    let bounded = rounds("bounds", (&distribution, Some(&watch), 40), 1000, |sample, round| {
        p(&distribution, sample, round)
    });
    judge("bounds", bounded);
    let rounded = rounds("rounded", (&distribution, None, 40), 1000, |sample, round| {
        p(&distribution, &to_half_hours(sample), round)
    });
    judge("rounded", rounded);
}

#[test]
fn each_tenth_of_the_predictive_check_stays_in_its_band() {
    let (distribution, watch) = (usual(), Distribution::exponential(9.0).unwrap());
    for (name, watch) in [("plain", None), ("bounds", Some(&watch))] {
        let found = rounds(name, (&distribution, watch, 50), 400, |sample, round| {
            let options = Options { replicates: Some(1), ..quick(round) };
            let (pit, _) = percentiles::check(&distribution, sample, &options);
            assert_eq!(pit.counts.iter().sum::<u64>(), 50);
            pit.counts.map(|count| (pit.band.0..=pit.band.1).contains(&count))
        });
        for place in 0..percentiles::BARS {
            let hits: Vec<bool> = found.iter().map(|hits| hits[place]).collect();
            at_least(&format!("{name} {place}"), &hits, 0.95);
        }
    }
}

#[test]
fn a_true_assumption_is_seldom_called_wrong() {
    let wrong = |found: &str| !["supported", "cannot_tell"].contains(&found);
    let watch = Distribution::exponential(9.0).unwrap();
    for (name, distribution) in distributions() {
        for (n, watch) in [(2, None), (9, None), (60, None), (400, None), (60, Some(&watch))] {
            let count = if n > 100 { 100 } else { 300 };
            let hits = rounds(name, (&distribution, watch, n), count, |sample, round| {
                wrong(verdict(&distribution, sample, &quick(round)))
            });
            at_most(&format!("{name} {n} {}", watch.is_some()), &hits, 0.05);
        }
    }
}

#[test]
fn an_assumption_at_the_margin_is_seldom_supported() {
    for (name, by) in [("above", 1.5), ("below", 1.0 / 1.5)] {
        for n in [60, 250] {
            let truth = usual().scaled(by);
            let hits = rounds(name, (&truth, None, n), 400, |sample, round| {
                verdict(&usual(), sample, &quick(round)) == "supported"
            });
            at_most(&format!("{name} {n}"), &hits, 0.05);
        }
    }
}

#[test]
fn clear_cases_are_called_what_they_are() {
    let wide = Distribution::lognormal_median_p95(4.0, 60.0).unwrap();
    let rare = |far: f64| {
        Distribution::mixture(vec![(0.96, usual()), (0.04, Distribution::constant_of(far))])
    };
    for (name, truth, n, expected) in [
        ("three times", usual().scaled(3.0), 20, "optimistic"),
        ("a third", usual().scaled(1.0 / 3.0), 20, "pessimistic"),
        ("as assumed", usual(), 500, "supported"),
        ("hardly more", usual().scaled(1.03), 3000, "supported"),
        ("wide", wide, 300, "wrong_shape"),
        // Beyond the longest tenth: found by the test and the 99 % quantile.
        ("rare", rare(400.0).unwrap(), 1500, "wrong_shape"),
    ] {
        let hits = rounds(name, (&truth, None, n), 40, |sample, round| {
            verdict(&usual(), sample, &quick(round)) == expected
        });
        at_least(name, &hits, 0.95);
    }
}

#[test]
fn a_difference_that_is_sure_and_too_small_to_matter_supports() {
    let sample =
        drawn(&usual().scaled(1.08), None, 10_000, &mut Substreams::new(5, &[]).replicate(0));
    let found = Durations::compare(&usual(), &sample, &Options::default());
    assert_eq!(found.verdict, Verdict::Supported);
    assert!(found.tests.unwrap().p.ad < 0.01 && found.factor.unwrap().interval.low > 1.0);
    assert!(found.is_rejected());
}

/// The number of incidents at which the log is said to settle it, and how often it does there.
#[test]
fn at_the_number_that_would_settle_it_chances_are_about_even() {
    let ideal = |truth: &Distribution, n: u32| {
        let points = (0..n).map(|k| truth.quantile((f64::from(k) + 0.5) / f64::from(n))).collect();
        Sample::new(points, vec![])
    };
    for (name, distribution, by, n) in [
        ("as assumed", usual(), 1.0, 12),
        ("a little more", usual(), 1.15, 12),
        ("twice", usual(), 2.0, 5),
        ("weibull", Distribution::weibull(3.0, 0.7).unwrap(), 0.95, 25),
    ] {
        let truth = distribution.scaled(by);
        let first = ideal(&truth, n);
        let found = Durations::compare(&distribution, &first, &quick(1));
        let Verdict::CannotTell { more: Some(more) } = found.verdict else {
            panic!("{name}: {:?}", found.verdict)
        };
        let total = n as usize + more as usize;
        let settles = |n: usize| {
            rounds(name, (&truth, None, n), 250, |sample, round| {
                verdict(&distribution, sample, &quick(round)) != "cannot_tell"
            })
        };
        // With two thirds of them it is more often open, with half as many again more often
        // settled.
        at_most(&format!("{name} {total}"), &settles(total * 2 / 3), 0.5);
        at_least(&format!("{name} {total}"), &settles(total * 3 / 2), 0.5);
    }
}

#[test]
fn garwood_and_the_verdict_on_a_rate_hold_for_every_rate() {
    // Exact: the chance of each count for each true mean.
    for tenths in 1..300 {
        let mean = 0.1 * f64::from(tenths);
        let (mut mass, mut inside, mut wrong) = ((-mean).exp(), 0.0, 0.0);
        for count in 0..120 {
            // The assumption is the truth.
            let rate = Rate::compare(mean, count, crate::units::HOURS_PER_YEAR, 0.95);
            inside += if rate.interval.contains(mean) { mass } else { 0.0 };
            let called = ["optimistic", "pessimistic"].contains(&rate.verdict.name());
            wrong += if called { mass } else { 0.0 };
            mass *= mean / (count + 1) as f64;
        }
        assert!(inside >= 0.95 && wrong <= 0.05, "{mean}: {inside} {wrong}");
    }
}

#[test]
fn threads_change_no_bit() {
    let watch = Distribution::exponential(9.0).unwrap();
    for watch in [None, Some(&watch)] {
        let sample = drawn(&usual(), watch, 40, &mut Substreams::new(3, &[]).replicate(0));
        let of = |threads| Durations::compare(&usual(), &sample, &Options { threads, ..quick(9) });
        let one = format!("{:?}", of(1));
        assert_eq!(format!("{:?}", of(2)), one);
        assert_eq!(format!("{:?}", of(3)), one);
        let other = Options { purpose: "host".into(), ..quick(9) };
        assert_ne!(format!("{:?}", Durations::compare(&usual(), &sample, &other)), one);
    }
}

#[test]
fn short_logs_ties_and_odd_distributions_get_an_answer() {
    let mut distributions = distributions();
    let sometimes =
        vec![(3.0, Distribution::constant_of(0.0)), (1.0, Distribution::exponential(2.0).unwrap())];
    distributions.push(("zero", Distribution::constant_of(0.0)));
    distributions.push(("mostly zero", Distribution::mixture(sometimes).unwrap()));
    for (name, distribution) in &distributions {
        for (observed, censored) in [
            (vec![], vec![]),
            (vec![3.0], vec![]),
            (vec![1e-6, 1e9], vec![]),
            (vec![4.0; 30], vec![]),
            (vec![], vec![2.0, 9.0]),
            (vec![4.0, 4.0, 4.0], vec![4.0]),
            ((1..60).map(f64::from).collect(), vec![70.0]),
        ] {
            let sample = Sample::new(observed, censored);
            let found = Durations::compare(distribution, &sample, &quick(1));
            assert_eq!((found.incidents, found.rows.len()), (sample.len(), 7));
            assert_eq!(found.factor.is_none(), sample.observed().is_empty());
            if sample.len() < 2 && !distribution.is_always_zero() {
                assert_eq!(found.verdict.name(), "cannot_tell", "{name}");
            }
        }
    }
}
