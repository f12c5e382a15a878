//! A page with real content: the built-in scenario, with a hostile and a long name among its
//! strategies.

use outlast::metric::Metric;
use outlast::report::page::{
    Assumption, Curves, DataTable, Explorer, Figure, Page, Provenance, Recommendation, Sampling,
    Verdict, VerdictRow, Warning,
};
use outlast::report::tables::{Cell, Table};
use outlast::report::{pictures, tables};
use outlast::scenario::Scenario;
use outlast::stats::Interval;
use outlast::study::run::{Ended, Trials, Unwatched, run};
use outlast::study::summary::{StrategyResult, Summary};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A name that would be markup.
pub const HOSTILE: &str = "<script>alert(1)</script>";
const LONG: &str = "Availability group in both data centres, staging server in the second, rebuild";

const TRIALS: u64 = 600;

/// The page of a small run.
pub fn page() -> Page {
    let embedded = Scenario::embedded().unwrap().text;
    let text = embedded
        .replace("\"Virtual machine with host restart\"", &format!("\"{HOSTILE}\""))
        .replace("\"SQL availability group + staging + rebuild\"", &format!("\"{LONG}\""));
    let scenario = Scenario::read(text, Path::new("."), "sample").unwrap();
    let names: Vec<&str> = scenario.strategies.iter().map(|s| s.name.as_str()).collect();
    assert!(names.contains(&HOSTILE) && names.contains(&LONG), "{names:?}");
    let trials = Trials { seed: 1, range: 0..TRIALS, threads: 2 };
    let ended = run(&scenario, &trials, &AtomicBool::new(false), &mut Unwatched).unwrap();
    let Ended::Complete(whole) = ended else { panic!("nobody stopped it") };
    let summary = Summary::new(&scenario, whole, 0.95);
    Page {
        title: "Default organisation".into(),
        subtitle: format!("Horizon 365 d, {TRIALS} trials, seed 1"),
        recommendation: recommendation(&summary),
        explorer: explorer(&scenario, &summary),
        figures: figures(&summary),
        tables: data_tables(&summary),
        assumptions: assumptions(&scenario),
        warnings: vec![Warning {
            message: "two strategies differ in their cost only".into(),
            help: Some("give them the same annual cost or remove one".into()),
        }],
        method: method(),
        closed_forms: None,
        provenance: Provenance {
            version: "0.1.0".into(),
            seed: 1,
            trials: TRIALS,
            scenario: Some("scenarios/default.toml".into()),
            sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".into(),
            command: format!("outlast run scenarios/default.toml --seed 1 --trials {TRIALS}"),
        },
    }
}

fn recommendation(summary: &Summary) -> Recommendation {
    let limit = 5_000.0;
    let verdict = |result: &StrategyResult| {
        let within = result.sample(Metric::StaleUserHours).unwrap().count_at_most(limit);
        let probability = within as f64 / summary.trials as f64;
        let half = 2.0 * (probability * (1.0 - probability) / summary.trials as f64).sqrt();
        let (low, high) = (probability - half, (probability + half).min(1.0));
        VerdictRow {
            strategy: result.name.clone(),
            criterion: "At most 5,000 stale user-hours a year".into(),
            wanted: 0.95,
            probability,
            interval: Some(Interval { low, high }),
            verdict: match (low >= 0.95, high < 0.95) {
                (true, _) => Verdict::Met,
                (_, true) => Verdict::Missed,
                _ => Verdict::Undecided,
            },
        }
    };
    let overview = |result: &StrategyResult| {
        let mean = |metric| Cell::Number(result.row(metric).map(|row| row.mean));
        let p95 = |metric| Cell::Number(result.row(metric).map(|row| row.p95));
        vec![
            Cell::Text(result.name.clone()),
            mean(Metric::DowntimeHours),
            mean(Metric::StaleUserHours),
            p95(Metric::StaleUserHours),
            mean(Metric::Cost),
        ]
    };
    Recommendation {
        headline: "Keep a staging server: it is the cheapest strategy that keeps stale passwords \
                   within 5,000 user-hours in 95 % of years."
            .into(),
        strategy: Some("Staging server".into()),
        probability: Some((0.973, "is the cheapest that meets every tolerance".into())),
        reasons: vec![
            "Rebuilding on a spare server costs less in a usual year, and misses the tolerance."
                .into(),
            "The staging server with virtual machines meets it too, for 3,200 USD a year more."
                .into(),
            "The answer hangs on how often a promotion fails: assumed in 5 of 100.".into(),
        ],
        verdicts: summary.strategies.iter().map(verdict).collect(),
        overview: Some(Table {
            columns: vec![
                "Strategy",
                "Downtime, mean h",
                "Stale user-hours, mean",
                "Stale user-hours, p95",
                "Cost, mean USD",
            ],
            rows: summary.strategies.iter().map(overview).collect(),
        }),
    }
}

fn explorer(scenario: &Scenario, summary: &Summary) -> Explorer {
    let steps = |result: &StrategyResult, metric| {
        let sample = result.sample(metric).unwrap();
        let all = sample.len() as f64;
        sample.counts().map(|(x, _)| (x, sample.count_above(x) as f64 / all)).collect()
    };
    let curves = |metric: Metric| {
        let words = metric.name().replace('_', " ");
        let (first, rest) = words.split_at(1);
        Curves {
            name: metric.name().into(),
            label: first.to_uppercase() + rest,
            unit: metric.unit(scenario.currency()).into(),
            meaning: format!("The {words} of one trial, over the whole horizon."),
            tolerance: (metric == Metric::StaleUserHours).then_some((5_000.0, 0.95)),
            steps: summary.strategies.iter().map(|result| steps(result, metric)).collect(),
        }
    };
    let first = [Metric::StaleUserHours, Metric::DowntimeHours, Metric::Cost];
    let others = Metric::ALL.into_iter().filter(|metric| !first.contains(metric));
    Explorer {
        period: "year".into(),
        strategies: summary.strategies.iter().map(|result| result.name.clone()).collect(),
        metrics: first.into_iter().chain(others).map(curves).collect(),
        sampling: Some(Sampling { trials: summary.trials, confidence: 0.95, z: 1.959_964 }),
    }
}

fn figures(summary: &Summary) -> Vec<Figure> {
    let table = || tables::outages(summary);
    let figure = |(id, svg): (&str, String)| Figure {
        id: id.into(),
        title: svg.split("<title>").nth(1).unwrap().split("</title>").next().unwrap().into(),
        explanation: "A curve further to the left is better. Where it is flat, nothing lies \
                      between; where it falls steeply, many years are alike."
            .into(),
        svg,
        table: (id == "downtime-by-cause").then(table),
    };
    pictures::pictures(summary, "year").unwrap().into_iter().map(figure).collect()
}

fn data_tables(summary: &Summary) -> Vec<DataTable> {
    vec![
        DataTable {
            id: "summary".into(),
            title: "Every metric of every strategy".into(),
            explanation: "Means and percentiles over all trials, with their 95 % intervals. The \
                          same numbers with all digits are in summary.csv."
                .into(),
            table: tables::summary(summary),
            chosen_by: Some("metric"),
        },
        DataTable {
            id: "outages".into(),
            title: "Outages by cause and end".into(),
            explanation: "Times in hours. The same numbers are in outages.csv.".into(),
            table: tables::outages(summary),
            chosen_by: Some("strategy"),
        },
    ]
}

fn assumptions(scenario: &Scenario) -> Vec<Assumption> {
    let assumption = |known: &outlast::keys::Assumption| {
        let (section, key) = match known.key.rsplit_once('.') {
            Some((section, key)) => (section, key),
            None => ("scenario", known.key.as_str()),
        };
        Assumption {
            section: section.into(),
            key: key.into(),
            value: known.value.clone(),
            is_default: known.is_default,
            meaning: known.doc.clone(),
            source: key.starts_with("re").then(|| {
                "derived: median 1.1 h, 90 % 5.1 h, 99 % 55 h (LANL hardware: 1.15, 5.3, 58)".into()
            }),
        }
    };
    scenario.assumptions.iter().map(assumption).collect()
}

fn method() -> Vec<String> {
    [
        "Each trial is one possible year. Faults, repairs and people's delays are drawn from the \
         assumed laws; every strategy meets the same world in the same trial, so that differences \
         are due to the strategies.",
        "Intervals hold the true value of the model in 95 % of such studies. They say nothing of \
         how sure the assumptions are.",
    ]
    .map(str::to_owned)
    .to_vec()
}
