//! Every chart with names and numbers that break careless ones: sound in both palettes.

use super::bars::{Bars, Ends, Signs};
use super::checks::{assert_sound_in_both, hard_names, texts};
use super::cost_risk::{CostRisk, CostRiskPoint};
use super::differences::{Difference, Differences};
use super::distribution::DistributionChart;
use super::exceedance::{Exceedance, Series};
use super::heat::Heat;
use super::predictive::PredictiveCheck;
use super::quantile_pairs::{Pair, QuantilePairs};
use super::restore::{Quantiles, Restore, RestoreRow};
use super::timeline::{Lane, Timeline, TimelineOutage};
use super::variants::{VariantMark, VariantRow, Variants};
use super::*;

/// How many strategies, and the size of their numbers.
const CASES: [(usize, f64); 7] =
    [(1, 0.0), (1, 1.0), (3, 1e-9), (8, 37.0), (12, 1e4), (12, 1e60), (2, 1e99)];

/// A number of its own for each strategy, over six powers of ten.
fn varied(index: usize, size: f64) -> f64 {
    size * libm::pow(10.0, (index * 7 % 13) as f64 / 2.0 - 6.0)
}

fn estimate(mean: f64) -> Estimate {
    Estimate { mean, low: 0.5 * mean, high: 2.0 * mean }
}

fn limits(value: f64, count: usize) -> Vec<Limit> {
    hard_names().into_iter().take(count).map(|label| Limit { label, value, share: 0.1 }).collect()
}

fn titles() -> (String, String) {
    (hard_names()[0].clone(), hard_names()[3].clone())
}

fn exceedance(count: usize, size: f64) -> Exceedance {
    let (title, x_label) = titles();
    let one = |(index, name): (usize, String)| {
        let steps: Vec<(f64, f64)> = (0..40)
            .map(|k| (varied(index, size) * f64::from(k), 1.0 - f64::from(k) / 39.0))
            .collect();
        let band = steps.iter().map(|(x, p)| (*x, 0.8 * p, p.sqrt())).collect();
        Series { name, steps, band }
    };
    let series = hard_names().into_iter().take(count).enumerate().map(one).collect();
    Exceedance {
        title,
        x_label,
        series,
        limits: limits(size, count % 4),
        interval: "i".into(),
        recommended: (count > 1).then_some(1),
    }
}

fn differences(count: usize, size: f64) -> Differences {
    let (title, x_label) = titles();
    let row = |(index, strategy): (usize, String)| {
        let mean = varied(index, size) * if index % 2 == 0 { 1.0 } else { -1.0 };
        let spread = mean.abs() * if index % 3 == 0 { 2.0 } else { 0.5 };
        let difference = Estimate { mean, low: mean - spread, high: mean + spread };
        Difference { strategy, difference, lower: 0.3, higher: 0.7 }
    };
    let rows = hard_names().into_iter().take(count).enumerate().map(row).collect();
    Differences { reference: title.clone(), title, x_label, interval: "interval".into(), rows }
}

fn cost_risk(count: usize, size: f64) -> CostRisk {
    let (title, x_label) = titles();
    let point = |(index, strategy): (usize, String)| CostRiskPoint {
        strategy,
        cost: estimate(varied(index, size)),
        risk: estimate(varied(count - index, size)),
    };
    let points = hard_names().into_iter().take(count).enumerate().map(point).collect();
    let y_label = x_label.clone();
    let (interval, front) = ("interval".into(), (0..count).collect());
    CostRisk { title, x_label, y_label, interval, points, front, recommended: Some(0) }
}

fn restore(count: usize, size: f64) -> Restore {
    let (title, x_label) = titles();
    let row = |(index, strategy): (usize, String)| {
        let at = varied(index, size);
        let quantiles =
            Quantiles { shares: [0.0, 0.5, 1.0, 2.0, 9.0].map(|s| s * at), longest: at, mean: at };
        let quantiles = (index % 4 != 3).then_some(quantiles);
        RestoreRow { strategy, outages: 1234, open: (index % 2) as u64, planned: 0, quantiles }
    };
    let rows = hard_names().into_iter().take(count).enumerate().map(row).collect();
    Restore { title, x_label, rows, limits: limits(size, count % 3), recommended: None }
}

fn bars(count: usize, size: f64) -> Bars {
    let (title, x_label) = titles();
    let hours = |row: usize| {
        (0..count).map(|part| if row == 2 { 0.0 } else { varied(row + part, size) }).collect()
    };
    Bars {
        title,
        x_label,
        parts: hard_names().into_iter().take(count).collect(),
        signs: if count > 8 { Signs::Digits } else { Signs::Letters },
        rows: hard_names()
            .into_iter()
            .take(count)
            .enumerate()
            .map(|(i, n)| (n, hours(i)))
            .collect(),
        nothing: "no downtime",
        longest: count.is_multiple_of(2),
        ends: Ends::Sums,
        recommended: (count > 1).then_some(1),
    }
}

fn timeline(count: usize) -> Timeline {
    let (title, x_label) = titles();
    let outage = |index: usize| TimelineOutage {
        start: 60.0 * index as f64,
        back: 60.0 * index as f64 + 90.0,
        current: 60.0 * index as f64 + 200.0,
        cause: hard_names()[index % 12].clone(),
    };
    let lane = |(index, strategy): (usize, String)| Lane {
        strategy,
        outages: (0..40 * index).map(|k| outage(k % 140)).take(60).collect(),
    };
    Timeline {
        title,
        x_label,
        why: "one year in 100 has more".into(),
        recommended: (count > 1).then_some(1),
        horizon: 8760.0,
        ticks: vec![(0.0, "Jan".into()), (4380.0, "Jul".into()), (8760.0, "Jan 2028".into())],
        causes: hard_names().into_iter().take(10).collect(),
        lanes: hard_names().into_iter().take(count).enumerate().map(lane).collect(),
    }
}

fn variants(count: usize, size: f64) -> Variants {
    let (title, x_label) = titles();
    let mark = |index: usize| VariantMark {
        mean: estimate(varied(index, size)),
        p95: varied(index + 1, size),
        recommended: index.is_multiple_of(3),
    };
    let row = |(index, strategy): (usize, String)| VariantRow {
        strategy,
        marks: (0..3)
            .map(|variant| (index + variant != 4).then(|| mark(index + variant)))
            .collect(),
    };
    Variants {
        title,
        x_label,
        variants: hard_names().into_iter().take(3).collect(),
        rows: hard_names().into_iter().take(count).enumerate().map(row).collect(),
        limit: limits(size, count % 2).pop(),
    }
}

fn distribution(count: usize, size: f64) -> DistributionChart {
    let (title, x_label) = titles();
    let steps: Vec<(f64, f64)> =
        (1..=40).map(|k| (size.max(1e-9) * f64::from(k * k), f64::from(k) / 40.0)).collect();
    let band = steps.iter().map(|(x, p)| (*x, 0.8 * p, *p)).collect();
    DistributionChart {
        y_label: x_label.clone(),
        steps_label: title.clone(),
        title,
        x_label,
        before: 0.0,
        bounds: vec![steps[3].0, steps[20].0],
        curves: hard_names()
            .into_iter()
            .take(count % 4)
            .map(|name| (name, steps.clone()))
            .collect(),
        band: (count != 1).then(|| (hard_names()[0].clone(), band)),
        steps,
    }
}

fn quantile_pairs(size: f64) -> QuantilePairs {
    let (title, x_label) = titles();
    let at = |k: u32| size.max(1e-9) * f64::from(k * k);
    let pair =
        |k: u32| Pair { observed: at(k), expected: at(k + 1), low: at(k) / 2.0, high: 3.0 * at(k) };
    let (y_label, band_label) = (x_label.clone(), title.clone());
    QuantilePairs { title, x_label, y_label, band_label, pairs: (1..40).map(pair).collect() }
}

fn predictive(counts: &[u64]) -> PredictiveCheck {
    let (title, x_label) = titles();
    PredictiveCheck {
        y_label: x_label.clone(),
        band_label: title.clone(),
        notes: vec![title.clone()],
        title,
        x_label,
        counts: counts.to_vec(),
        expected: counts.iter().sum::<u64>() as f64 / counts.len() as f64,
        band: (1, 10),
    }
}

fn heat(value: impl Fn(usize, usize) -> Option<f64>) -> Heat {
    let (title, x_label) = titles();
    let values = std::array::from_fn(|day| std::array::from_fn(|hour| value(day, hour)));
    Heat { unit: x_label.clone(), title, x_label, values }
}

#[test]
fn every_chart_is_sound_with_hard_names_and_numbers() {
    for (count, size) in CASES {
        assert_sound_in_both(|palette| exceedance(count, size).draw(palette));
        assert_sound_in_both(|palette| differences(count, size).draw(palette));
        assert_sound_in_both(|palette| cost_risk(count, size).draw(palette));
        assert_sound_in_both(|palette| restore(count, size / 1e40).draw(palette));
        assert_sound_in_both(|palette| bars(count, size / 10.0).draw(palette));
        assert_sound_in_both(|palette| variants(count, size).draw(palette));
        assert_sound_in_both(|palette| distribution(count, size / 1e4).draw(palette));
        assert_sound_in_both(|palette| quantile_pairs(size / 1e4).draw(palette));
        assert_sound_in_both(|palette| timeline(count).draw(palette));
    }
    for counts in [&[0; 10][..], &[5; 10], &[2, 1, 0, 4, 3, 5, 4, 3, 6, 25], &[9_999_999; 10]] {
        assert_sound_in_both(|palette| predictive(counts).draw(palette));
    }
    assert_sound_in_both(|palette| heat(|_, _| None).draw(palette));
    assert_sound_in_both(|palette| heat(|_, _| Some(7.0)).draw(palette));
    assert_sound_in_both(|palette| {
        heat(|day, hour| (day < 5).then_some((day * 24 + hour) as f64 * 1e6)).draw(palette)
    });
}

#[test]
fn a_number_without_a_place_is_refused_and_named() {
    let mut chart = restore(1, 1.0);
    chart.rows[0].strategy = "Rebuild".into();
    for bad in [f64::NAN, f64::INFINITY, 1e200] {
        chart.rows[0].quantiles = Some(Quantiles { shares: [bad; 5], longest: 1.0, mean: 1.0 });
        let error = chart.draw(&Palette::LIGHT).unwrap_err().to_string();
        assert!(error.contains("no place for a number of `Rebuild"), "{error}");
    }
    for chart in [exceedance(2, f64::NAN), exceedance(2, f64::INFINITY)] {
        assert!(matches!(chart.draw(&Palette::LIGHT), Err(ChartError::Misplaced { .. })));
    }
    assert!(heat(|_, _| Some(f64::NAN)).draw(&Palette::DARK).is_err());
}

#[test]
fn nothing_to_draw_is_refused() {
    let error = differences(0, 1.0).draw(&Palette::LIGHT).unwrap_err().to_string();
    assert!(error.ends_with("has no strategies; give at least one"), "{error}");
}

#[test]
fn a_cause_has_one_sign_and_one_colour_in_all_charts() {
    let mut year = timeline(1);
    year.lanes[0].outages = vec![TimelineOutage {
        start: 0.0,
        back: 4000.0,
        current: 4000.0,
        cause: year.causes[2].clone(),
    }];
    let mut causes = bars(10, 1.0);
    (causes.parts, causes.signs) = (year.causes.clone(), Signs::Digits);
    for svg in [year.draw(&Palette::LIGHT), causes.draw(&Palette::LIGHT)].map(Result::unwrap) {
        assert!(texts(&svg).contains(&"3".to_owned()));
        assert!(svg.contains(&Palette::LIGHT.areas[2].hexadecimal()));
    }
}

#[test]
fn an_axis_says_when_it_is_logarithmic() {
    let svg = exceedance(2, 1.0).draw(&Palette::LIGHT).unwrap();
    assert!(svg.contains("(logarithmic axis)"));
}

#[test]
fn equal_hours_are_counted_and_a_single_one_is_named() {
    let svg = heat(|day, hour| Some(if (day, hour) == (3, 9) { 5.0 } else { 1.0 }));
    let said = texts(&svg.draw(&Palette::LIGHT).unwrap());
    let want = "Greatest: 5, Thursday 9:00 to 10:00. Least: 1, in 167 hours of the week.";
    assert!(said.contains(&want.to_owned()), "{said:?}");
}

#[test]
fn what_lies_outside_of_the_band_is_read_out() {
    let svg = predictive(&[2, 1, 0, 4, 3, 5, 4, 3, 6, 25]).draw(&Palette::LIGHT).unwrap();
    let said = texts(&svg);
    let want =
        "The slowest tenth that was assumed holds 25 of 53 (47\u{a0}%), against 5.3 expected.";
    assert!(said.contains(&want.to_owned()) && said.contains(&"▲ 25".to_owned()), "{said:?}");
}
