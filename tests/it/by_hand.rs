//! One scenario that was worked by hand, and every command that says something about it: two
//! strategies, one uncertain rate, one price.
//!
//! The host fails after a mean of 1,000 h up. "Repair" is then down for 10 h. "Restart" costs 5,000 a
//! year and is down for 1 h; while the first host is repaired it has no other to go to, so a second
//! failure in those 10 h is awaited for 5 h on average. An hour of downtime costs 100.

use crate::sensitivity::TWO;
use serde_json::Value;
use std::fs;
use std::process::Command;

const YEAR: f64 = 8760.0;

/// Hours of downtime a year of both, where the host is up for `mean` hours on average.
fn downtime(mean: f64) -> [f64; 2] {
    let (repair, restart) = (10.0, 1.0);
    let restart = restart + repair / mean * (0.5 * repair - restart);
    [YEAR * repair / (mean + repair), YEAR * restart / (mean + restart)]
}

/// Cost a year of both.
fn costs(mean: f64, price: f64) -> [f64; 2] {
    let [repair, restart] = downtime(mean);
    [price * repair, 5000.0 + price * restart]
}

/// The price of an hour at which both cost the same: 64.4.
fn price() -> f64 {
    let [repair, restart] = downtime(1000.0);
    5000.0 / (repair - restart)
}

/// How many times rarer the fault must be for both to cost the same: 1.57.
fn factor() -> f64 {
    let excess = |factor: f64| {
        let [repair, restart] = costs(1000.0 * factor, 100.0);
        repair - restart
    };
    let (mut low, mut high) = (1.0, 3.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        *(if excess(middle) > 0.0 { &mut low } else { &mut high }) = middle;
    }
    low
}

fn said(arguments: &[&str], text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("two.toml"), text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    let done = command.args(arguments).current_dir(folder.path()).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&said(&[arguments, &["--format", "json"]].concat(), TWO)).unwrap()
}

fn near(value: &Value, truth: f64, part: f64) {
    let value = value.as_f64().unwrap();
    assert!((value / truth - 1.0).abs() < part, "{value} {truth}");
}

fn find<'a>(rows: &'a Value, wanted: &[(&str, &str)]) -> &'a Value {
    let is = |row: &&Value| wanted.iter().all(|(key, value)| row[*key] == *value);
    rows.as_array().unwrap().iter().find(is).unwrap_or_else(|| panic!("{wanted:?} in {rows}"))
}

/// The value of a flip, which its interval holds, and the truth with it.
fn flips(answer: &Value, at: &str, part: f64) {
    let inputs = [("costs.downtime_hour", price()), ("fault.\"host\".every", factor())];
    for (input, truth) in inputs {
        let flip = find(&answer["flips"], &[("input", input)]);
        assert_eq!((&flip["from"], &flip["to"]), (&"Restart".into(), &"Repair".into()), "{at}");
        near(&flip["at"], truth, part);
        let [low, high] = ["low", "high"].map(|end| flip[end].as_f64().unwrap());
        assert!(low < truth && truth < high, "{at}: {input} {low} {truth} {high}");
    }
    // Of both inputs together: the logarithm of their product is normal.
    let share = &find(&answer["choice"], &[("strategy", "Restart")]);
    let [low, high] = ["low", "high"].map(|end| share[end].as_f64().unwrap());
    let truth = truth_of_choice();
    assert!(low - 0.01 < truth && truth < high + 0.01, "{at}: {low} {truth} {high}");
}

/// The share of both ranges in which the restart costs less, on a fine grid of them.
fn truth_of_choice() -> f64 {
    const MANY: usize = 300;
    // The 95 % point of the normal density is 1.645.
    let sd = 2_f64.ln() / 1.644_853_6;
    let value = |k: usize, guess: f64| {
        let u = (k as f64 + 0.5) / MANY as f64;
        guess * (sd * quantile(u)).exp()
    };
    let pays = |k: &usize| {
        let [repair, restart] = costs(value(k / MANY, 1000.0), value(k % MANY, 100.0));
        restart < repair
    };
    (0..MANY * MANY).filter(pays).count() as f64 / (MANY * MANY) as f64
}

/// The normal quantile, by halving of Simpson's integral of the density.
fn quantile(u: f64) -> f64 {
    let below = |z: f64| {
        let steps = 200;
        let density = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
        let h = z / f64::from(steps);
        let inner = |k: i32| f64::from(if k % 2 == 1 { 4 } else { 2 }) * density(f64::from(k) * h);
        let sum: f64 = (1..steps).map(inner).sum();
        0.5 + h / 3.0 * (density(0.0) + density(z) + sum)
    };
    let (mut low, mut high) = (-5.0, 5.0);
    for _ in 0..40 {
        let middle = f64::midpoint(low, high);
        *(if below(middle) < u { &mut low } else { &mut high }) = middle;
    }
    low
}

#[test]
fn a_run_and_a_study_say_what_was_worked_by_hand() {
    let run = json(&["run", "two.toml", "-n", "4000"]);
    assert_eq!(run["recommendation"]["strategy"], "Restart");
    for (strategy, cost) in ["Repair", "Restart"].into_iter().zip(costs(1000.0, 100.0)) {
        let row = find(&run["summary"], &[("strategy", strategy), ("metric", "cost")]);
        near(&row["mean"], cost, 0.02);
    }
    flips(&run["robustness"], "run", 0.05);
    let study = ["sensitivity", "two.toml", "--points", "256", "--against", "costs.downtime_hour"];
    flips(&json(&study), "sensitivity", 0.05);
}

/// What Repair costs more than Restart, over a fine grid of both ranges: by rate, by price.
struct Grid {
    prices: Vec<f64>,
    /// By rate: for each price.
    more: Vec<Vec<f64>>,
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), one| (sum + one, count + 1.0));
    sum / count
}

impl Grid {
    fn new() -> Grid {
        const MANY: usize = 200;
        let sd = 2_f64.ln() / 1.644_853_6;
        let all = |guess: f64| -> Vec<f64> {
            let value = |k: usize| {
                let u = (k as f64 + 0.5) / MANY as f64;
                guess * (sd * quantile(u.clamp(0.001, 0.999))).exp()
            };
            (0..MANY).map(value).collect()
        };
        let prices = all(100.0);
        let more = |rate: f64| {
            let of = |price: &f64| {
                let [repair, restart] = costs(rate, *price);
                repair - restart
            };
            prices.iter().map(of).collect()
        };
        Grid { more: all(1000.0).into_iter().map(more).collect(), prices }
    }

    /// The mean at each rate, and at each price.
    fn means(&self) -> [Vec<f64>; 2] {
        let by_rate = self.more.iter().map(|row| mean(row.iter().copied())).collect();
        let by_price =
            (0..self.prices.len()).map(|at| mean(self.more.iter().map(|row| row[at]))).collect();
        [by_rate, by_price]
    }

    fn all(&self) -> impl Iterator<Item = f64> + Clone {
        self.more.iter().flatten().copied()
    }

    fn variance(&self) -> f64 {
        variance(self.all())
    }
}

fn variance(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let middle = mean(values.clone());
    mean(values.map(|one| (one - middle).powi(2)))
}

/// The truth lies in the interval of a number, or within `room` of it.
fn holds(row: &Value, [low, high]: [&str; 2], truth: f64, room: f64) {
    let [from, to] = [low, high].map(|end| row[end].as_f64().unwrap());
    assert!(from - room < truth && truth < to + room, "{truth} is not in {from} to {to}: {row}");
}

#[test]
fn every_number_of_a_study_is_that_worked_by_hand() {
    let told =
        json(&["sensitivity", "two.toml", "--points", "1024", "--against", "costs.downtime_hour"]);
    let grid = Grid::new();
    let inputs = ["fault.\"host\".every", "costs.downtime_hour"];
    // One at a time, at half and twice the guess.
    let ends = [
        [500.0, 2000.0].map(|rate| costs(rate, 100.0)),
        [50.0, 200.0].map(|price| costs(1000.0, price)),
    ];
    for (input, ends) in inputs.into_iter().zip(ends) {
        let bar = find(&told["tornado"], &[("input", input)]);
        let [low, high] = ends.map(|[repair, restart]| repair - restart);
        holds(bar, ["at_low_low", "at_low_high"], low, 0.02 * low.abs());
        holds(bar, ["at_high_low", "at_high_high"], high, 0.02 * high.abs());
    }
    let means = grid.means();
    let firsts = [0, 1].map(|at| variance(means[at].iter().copied()) / grid.variance());
    let saved = |more: &mut dyn Iterator<Item = f64>| mean(more.map(|more| (-more).max(0.0)));
    for (at, input) in inputs.into_iter().enumerate() {
        // The first result is what decides.
        let index = find(&told["sobol"], &[("input", input)]);
        holds(index, ["first_low", "first_high"], firsts[at], 0.01);
        holds(index, ["total_low", "total_high"], 1.0 - firsts[1 - at], 0.01);
        let worth = find(&told["information"], &[("input", input)]);
        let truth = saved(&mut means[at].iter().copied());
        holds(worth, ["low", "high"], truth, 0.05 * truth);
    }
    let all = saved(&mut grid.all());
    holds(&told["evpi"], ["low", "high"], all, 0.03 * all);
    for row in told["acceptability"].as_array().unwrap() {
        if row["strategy"] == "Restart" {
            let price = row["value"].as_f64().unwrap();
            let nearest = grid.prices.iter().position(|one| *one >= price);
            let at = nearest.unwrap_or(grid.prices.len() - 1);
            let truth = mean(grid.more.iter().map(|row| f64::from(u8::from(row[at] > 0.0))));
            holds(row, ["low", "high"], truth, 0.02);
        }
    }
}

#[test]
fn target_finds_the_same_values() {
    let between = ["target", "two.toml", "-n", "2000", "--between", "Repair", "Restart", "--vary"];
    for (input, truth) in [("costs.downtime_hour", price()), ("fault.host.every", factor())] {
        let told = json(&[&between[..], &[input]].concat());
        near(&told["value"], truth, 0.04);
        let [low, high] = ["low", "high"].map(|end| told[end].as_f64().unwrap());
        assert!(low < truth && truth < high, "{input}: {low} {truth} {high}");
    }
    // 400 h a year are kept by both, whoever is asked.
    let each = ["target", "two.toml", "-n", "500", "--keep", "downtime_hours", "--vary"];
    let told = json(&[&each[..], &["costs.downtime_hour"]].concat());
    let answers = told["answers"].as_array().unwrap();
    let all: Vec<_> = answers.iter().map(|one| (&one["strategies"][0], &one["all"])).collect();
    let yes = Value::from(true);
    assert_eq!(all, [(&"Repair".into(), &yes), (&"Restart".into(), &yes)]);
}

#[test]
fn compare_and_sweep_turn_where_the_others_say() {
    let with = format!("costs.downtime_hour={}", 0.9 * price());
    let told = json(&["compare", "two.toml", "-n", "2000", "--with", &with]);
    let chosen: Vec<&Value> =
        told["choices"].as_array().unwrap().iter().map(|row| &row["strategy"]).collect();
    assert_eq!(chosen, ["Restart", "Repair"]);
    for (strategy, hours) in ["Repair", "Restart"].into_iter().zip(downtime(1000.0)) {
        let row = find(&told["changes"], &[("strategy", strategy), ("metric", "cost")]);
        near(&row["mean_difference"], (0.9 * price() - 100.0) * hours, 0.03);
    }
    let [below, above] = [0.9, 1.1].map(|part| (part * price()).round());
    let sweep = format!("costs.downtime_hour={below},{above}");
    let told = json(&["compare", "two.toml", "-n", "2000", "--sweep", &sweep]);
    for (value, strategy) in [(below, "Repair"), (above, "Restart")] {
        let value = format!("{value}");
        let wanted = [("value", &*value), ("strategy", strategy), ("metric", "cost")];
        assert_eq!(find(&told["sweep"], &wanted)["chosen"], "yes");
    }
}

#[test]
fn where_both_cost_the_same_the_terminal_names_both() {
    let [repair, restart] = costs(1000.0, 100.0);
    let annual = format!("annual_cost = {:.1}", 5000.0 + repair - restart);
    let text = TWO.replace("annual_cost = 5000.0", &annual);
    let told = said(&["run", "two.toml", "-n", "500"], &text).replace(['\n', '\u{a0}'], " ");
    let (_, after) = told.split_once("Undecided between ").unwrap_or_else(|| panic!("{told}"));
    let named = after.split("--until-decided").next().unwrap_or_default();
    assert!(named.contains("\"Repair\"") && named.contains("\"Restart\""), "{told}");
    // After two names "it" would be either.
    let first = after.split("  - ").nth(1).unwrap_or_default();
    assert!(first.starts_with("\"Re") && first.contains("\" costs "), "{told}");
}
