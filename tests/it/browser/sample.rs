//! The page of a real run: the built-in scenario, with a hostile and a long name among its
//! strategies.

use outlast::internals::{
    Page, Run, Unwatched, harm_by_hour, pictures, risk_metric, run, timeline_at,
};
use outlast::{Design, MetricQuantile, Results, Scenario, Trials};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// A name that would be markup.
pub const HOSTILE: &str = "<script>alert(1)</script>";
const LONG: &str = "Availability group in both data centres, staging server in the second, rebuild";

const TRIALS: u64 = 600;

/// The tolerances of the sample: limits in stale user-hours and hours, and the shares that are asked.
pub const TOLERANCES: [(f64, f64); 2] = [(5_000.0, 0.95), (24.0, 0.95)];

/// The page of a small run.
pub fn page() -> String {
    page_with(TOLERANCES)
}

/// The page of the same trials held against other tolerances.
pub fn page_with([stale, longest]: [(f64, f64); 2]) -> String {
    let embedded = Scenario::embedded().unwrap().text;
    let (before, rest) = embedded.split_once("[tolerance]\n").unwrap();
    let after = rest.split_once("\n[").unwrap().1;
    let tolerance = |name: &str, (limit, confidence): (f64, f64)| {
        format!("{name} = {{ limit = {limit:?}, confidence = {confidence} }}\n")
    };
    let text = [
        before,
        "[tolerance]\n",
        &tolerance("stale_user_hours", stale),
        &tolerance("longest_outage_hours", longest),
        "\n[",
        after,
    ];
    let text = text
        .concat()
        .replace("\"Virtual machine + script\"", &format!("\"{HOSTILE}\""))
        .replace("\"Staging server + rebuild + script\"", &format!("\"{LONG}\""))
        .replace("objects = 60_000", "objects = 160_000");
    let scenario = Scenario::read(text, Path::new("."), "sample").unwrap();
    let names: Vec<&str> = scenario.strategies.iter().map(|s| s.name.as_str()).collect();
    assert!(names.contains(&HOSTILE) && names.contains(&LONG), "{names:?}");
    assert!(!scenario.warnings.is_empty());
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..TRIALS, threads: 2, design };
    let ended = run(&scenario, &trials, &AtomicBool::new(false), &mut Unwatched).unwrap();
    let Some(whole) = ended else { panic!("nobody stopped it") };
    let results = Results::new(&scenario, &whole, 0.95);
    let quantile = MetricQuantile { metric: risk_metric(&scenario), at: 0.99 };
    let year = timeline_at(&scenario, &trials, 3, quantile);
    let harm = harm_by_hour(&scenario, 3, 1);
    let (year, harm) = (year.as_ref(), harm.as_ref());
    let pictures = pictures(&Run { scenario: &scenario, results: &results, year, harm, work: &[] });
    assert!(pictures.len() >= 9, "{pictures:?}");
    let page = Page {
        scenario: &scenario,
        results: &results,
        pictures: &pictures,
        seed: 1,
        command: &format!("outlast run scenarios/default.toml --seed 1 --trials {TRIALS}"),
        notes: &[],
        robustness: None,
        made: jiff::Timestamp::UNIX_EPOCH,
    };
    page.to_html().unwrap()
}
