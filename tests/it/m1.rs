//! M1, the reference workload of benches/m1, against its closed forms and a simulation of its own.
//!
//! M1 has a server that fails 4 times a year, 10,000 users with 5 password changes and 2 writeback
//! requests a year in an office week, and four distributions of the time to restore. Its words are
//! not quite ours, and the scenarios are written so that the numbers are:
//!
//! - Its sync instant is the end of the outage and a lag uniform on 2 min. Ours is the next
//!   password cycle, and cycles are 2 min apart; the end of an outage has a uniform phase.
//! - It counts a stale user's time from the first change. We count from the cycle that this change
//!   missed, and only changes whose cycle was missed. Both ends lie on cycles then, and the mean is
//!   the same but for rate x cycle^2 / 12 an outage (2e-6 of the whole for hours; for failovers of
//!   seconds, which mostly miss no cycle, the mean is that of M1 and the spread is larger).
//! - It keeps stale users of an outage apart from those of the next, even if that begins in the
//!   lag; we make one episode of both. One trial in 30,000.
//! - Its writeback is back with the server: heartbeat 0.
//! - Its faults of database and server never overlap; see sqlha.toml.

use crate::bench::scenario;
use crate::individual::Dice;
use outlast::{Engine, Metric, Metrics, NullObserver, Scratch};
use std::path::Path;

const TRIALS: u64 = 100_000;
const HORIZON: f64 = 8760.0;
const USERS: f64 = 10_000.0;
const LAG: f64 = 2.0 / 60.0;

const METRICS: [Metric; 7] = [
    Metric::DowntimeHours,
    Metric::Outages,
    Metric::StaleUserHours,
    Metric::StaleUsers,
    Metric::PeakStaleUsers,
    Metric::WritebackFailedAttempts,
    Metric::WritebackLost,
];

fn text(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/m1/{name}.toml"));
    std::fs::read_to_string(path).unwrap()
}

/// Trials, and the onsets and ends of their outages.
fn play(text: &str, seed: u64) -> (Vec<Metrics>, Vec<Vec<(f64, f64)>>) {
    let scenario = scenario(text);
    let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
    let mut scratch = Scratch::new();
    (0..TRIALS)
        .map(|trial| {
            let metrics = engine.play(seed, trial, &mut scratch, &mut NullObserver);
            (metrics, scratch.outages().iter().map(|o| (o.onset, o.end)).collect())
        })
        .unzip()
}

/// Weight of the hour that holds `t`; Monday is day 0.
fn weight(t: f64) -> f64 {
    let hour = t.rem_euclid(168.0).floor() as usize;
    let office = hour / 24 <= 4 && (8..18).contains(&(hour % 24));
    (if office { 10.0 } else { 1.0 }) * 168.0 / 618.0
}

// ---- closed forms
// ---------------------------------------------------------------------------------

/// Gauss and Legendre's five points on -1..1.
const NODES: [(f64, f64); 5] = [
    (0.0, 0.568_888_888_888_888_9),
    (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
    (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
    (0.906_179_845_938_664, 0.236_926_885_056_189_1),
];

/// Expected stale user-hours, stale users, requests lost and attempts failed, given the outages.
fn expected(outages: &[(f64, f64)]) -> [f64; 4] {
    let (a, b, r) = (5.0 / 8760.0, USERS * 2.0 / 8760.0, 2.0);
    let (mut stale, mut lost, mut failed, mut mass) = (0.0, 0.0, 0.0, 0.0);
    for &(start, end) in outages {
        let synced = ((end / LAG - 1e-9).ceil() * LAG).min(HORIZON);
        let (mut from, mut here) = (start, 0.0);
        while from < end {
            // No step longer than a quarter of an hour, none over a full hour.
            let to = ((from * 4.0 + 1e-9).floor() / 4.0 + 0.25).min(end);
            let w = weight(0.5 * (from + to));
            for (node, share) in NODES {
                let t = 0.5 * (from + to) + 0.5 * (to - from) * node;
                let step = 0.5 * (to - from) * share;
                stale -= USERS * step * f64::exp_m1(-a * (here + w * (t - from)));
                let x = r * (end - t);
                let (once, twice) = (-f64::exp_m1(-x), 1.0 - f64::exp(-x) * (1.0 + x));
                lost += b * w * step * twice;
                failed += b * w * step * (1.0 + once + twice);
            }
            here += w * (to - from);
            from = to;
        }
        stale -= USERS * (synced - end) * f64::exp_m1(-a * here);
        mass += here;
    }
    [stale, -USERS * f64::exp_m1(-a * mass), lost, failed]
}

#[test]
fn closed_forms_given_the_outages_hold_on_average() {
    let mut found = Vec::new();
    for (k, name) in ["rebuild", "staging", "vm", "sqlha"].into_iter().enumerate() {
        let (trials, outages) = play(&text(name), 300 + k as u64);
        let expected: Vec<[f64; 4]> = outages.iter().map(|outages| expected(outages)).collect();
        for (which, metric) in [
            Metric::StaleUserHours,
            Metric::StaleUsers,
            Metric::WritebackLost,
            Metric::WritebackFailedAttempts,
        ]
        .into_iter()
        .enumerate()
        {
            // What the outages explain is taken out: the test is far sharper than one of means.
            let rest: Vec<f64> =
                trials.iter().zip(&expected).map(|(m, e)| m[metric] - e[which]).collect();
            let n = rest.len() as f64;
            let mean = rest.iter().sum::<f64>() / n;
            let variance = rest.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
            let z = mean / (variance / n).sqrt();
            let truth = expected.iter().map(|e| e[which]).sum::<f64>() / n;
            if std::env::var_os("OUTLAST_SHOW").is_some() {
                eprintln!("{name:8} {:26} {truth:10.4} {mean:+.5} {z:+.2}", metric.name());
            }
            if z.abs() >= 4.0 {
                found.push(format!("{name} {}: {truth}, off by {mean}, {z:.1}", metric.name()));
            }
        }
    }
    assert!(found.is_empty(), "\n  {}", found.join("\n  "));
}

// ---- simulation, event by event
// -------------------------------------------------------------------

struct Alone {
    dice: Dice,
    /// By user: the last outage and the last trial in which he was stale.
    stale_in: Vec<[u64; 2]>,
    count: u64,
}

impl Alone {
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.dice.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.dice.uniform()).cos()
    }

    fn lognormal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    fn down(&mut self, name: &str) -> f64 {
        if name == "sqlha" && self.dice.uniform() < 0.3 {
            return (10.0 + 50.0 * self.dice.uniform()) / 3600.0;
        }
        let detection = self.lognormal(0.5, 0.8);
        let rest = match name {
            "staging" => self.lognormal(0.75, 0.6),
            "vm" if self.dice.uniform() < 0.9 => self.lognormal(0.33, 0.5),
            _ => self.lognormal(6.0, 0.5),
        };
        detection + rest
    }

    /// Arrivals in an outage, by thinning under the highest rate.
    fn arrivals(&mut self, per_user_year: f64, (start, end): (f64, f64)) -> Vec<f64> {
        let most = weight(12.0);
        let mean = 8760.0 / (USERS * per_user_year * most);
        let mut times = Vec::new();
        let mut time = start;
        loop {
            time += self.dice.exponential(mean);
            if time >= end.min(HORIZON) {
                return times;
            }
            if self.dice.uniform() * most < weight(time) {
                times.push(time);
            }
        }
    }

    fn trial(&mut self, name: &str, trial: u64) -> Metrics {
        let mut out = Metrics::default();
        let mut outages = Vec::new();
        let mut time = self.dice.exponential(2190.0);
        while time < HORIZON {
            let end = time + self.down(name);
            outages.push((time, end));
            time = end + self.dice.exponential(2190.0);
        }
        for &(start, end) in &outages {
            out[Metric::Outages] += 1.0;
            out[Metric::DowntimeHours] += end.min(HORIZON) - start;
            let synced = (end + LAG * self.dice.uniform()).min(HORIZON);
            self.count += 1;
            let mut here = 0.0;
            for change in self.arrivals(5.0, (start, end)) {
                let user = self.dice.below(USERS as u64);
                if self.stale_in[user][0] == self.count {
                    continue;
                }
                if self.stale_in[user][1] != trial {
                    out[Metric::StaleUsers] += 1.0;
                }
                self.stale_in[user] = [self.count, trial];
                out[Metric::StaleUserHours] += synced - change;
                here += 1.0;
            }
            out[Metric::PeakStaleUsers] = out[Metric::PeakStaleUsers].max(here);
            for request in self.arrivals(2.0, (start, end)) {
                let mut time = request;
                for attempt in 1..=3 {
                    if time >= HORIZON || !outages.iter().any(|(s, e)| *s <= time && time < *e) {
                        break;
                    }
                    out[Metric::WritebackFailedAttempts] += 1.0;
                    if attempt == 3 {
                        out[Metric::WritebackLost] += 1.0;
                    }
                    time += self.dice.exponential(0.5);
                }
            }
        }
        out
    }
}

fn alone(name: &str, seed: u64) -> Vec<Metrics> {
    let stale_in = vec![[0, u64::MAX]; USERS as usize];
    let mut alone = Alone { dice: Dice(seed << 32), stale_in, count: 0 };
    (0..TRIALS).map(|trial| alone.trial(name, trial)).collect()
}

fn sorted(trials: &[Metrics], metric: Metric) -> Vec<f64> {
    let mut values: Vec<f64> = trials.iter().map(|m| m[metric]).collect();
    values.sort_by(f64::total_cmp);
    values
}

fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// The order statistics that hold the p-quantile with 95 % probability.
fn quantile(sorted: &[f64], p: f64) -> [f64; 3] {
    let n = sorted.len() as f64;
    let half = 1.96 * (n * p * (1.0 - p)).sqrt();
    [p * n, p * n - half, p * n + half].map(|rank| sorted[(rank as usize).min(sorted.len() - 1)])
}

fn agree(name: &str, engine: &[Metrics], single: &[Metrics]) -> Vec<String> {
    let mut found = Vec::new();
    for metric in METRICS {
        let (a, b) = (sorted(engine, metric), sorted(single, metric));
        let ((x, ex), (y, ey)) = (mean_and_error(&a), mean_and_error(&b));
        let z = (x - y) / ex.hypot(ey);
        let mut line = format!(
            "{name:8} {:26} {x:.4} +- {:.4}, {y:.4} +- {:.4}, {z:+.2}",
            metric.name(),
            1.96 * ex,
            1.96 * ey
        );
        let mut good = z.abs() < 4.0;
        for p in [0.5, 0.95, 0.99] {
            let ([q, low, high], [truth, truth_low, truth_high]) =
                (quantile(&a, p), quantile(&b, p));
            line += &format!(
                "; p{:.0} {q:.2} [{low:.2}, {high:.2}], {truth:.2} [{truth_low:.2}, {truth_high:.2}]",
                100.0 * p
            );
            // The share of the engine's trials up to M1's quantile is p, to 4 standard errors of
            // the difference; a count may step over it.
            let n = a.len() as f64;
            let error = (p * (1.0 - p) * (1.0 / n + 1.0 / b.len() as f64)).sqrt();
            let below = a.partition_point(|v| *v < truth) as f64 / n;
            let up_to = a.partition_point(|v| *v <= truth) as f64 / n;
            good &= below < p + 4.0 * error && up_to > p - 4.0 * error;
        }
        if std::env::var_os("OUTLAST_SHOW").is_some() {
            eprintln!("{line}");
        }
        if !good {
            found.push(line);
        }
    }
    found
}

#[test]
fn means_and_quantiles_are_those_of_a_simulation_by_itself() {
    let mut found = Vec::new();
    for (k, name) in ["rebuild", "staging", "vm", "sqlha"].into_iter().enumerate() {
        let single = alone(name, 320 + k as u64);
        found.extend(agree(name, &play(&text(name), 310 + k as u64).0, &single));
        if name == "rebuild" {
            // The same distribution from the strategy's own table.
            let table = text(name)
                .replace(
                    "repair = { lognormal = { median = \"6h\", sigma = 0.5 } }",
                    "repair = \"never\"",
                )
                .replace("[sync]", "[sync]\nimport_per_second = 1e12\nsync_per_second = 1e12")
                + "[strategy.rebuild]\nsuccess = 1.0\nspare = \"procure\"\nprocure = \"0s\"\nswitch_on = \"0s\"\n\
                   install = { lognormal = { median = \"6h\", sigma = 0.5 } }\n";
            found.extend(agree("rebuild table", &play(&table, 330).0, &single));
        }
    }
    assert!(found.is_empty(), "\n  {}", found.join("\n  "));
}

#[test]
fn the_staging_table_is_near_m1_but_for_a_standby_that_can_fail() {
    // One outage in a hundred meets a dead standby and waits for a repair of 12 h; else the
    // distribution is the same. Seen at 100,000 trials: downtime 3.6 % longer, stale user-hours 19
    // % more.
    let table = text("staging").replace(
        "repair = { lognormal = { median = \"45m\", sigma = 0.6 } }",
        "repair = \"12h\"\ncommon_mode = 0.0",
    ) + "[strategy.staging]\nsite = \"other\"\nsuccess = 1.0\nfenced = 1.0\nstandby_check = \"0s\"\n\
           promote = { lognormal = { median = \"45m\", sigma = 0.6 } }\n";
    let (engine, _) = play(&table, 340);
    let single = alone("staging", 341);
    for line in agree("staging table", &engine, &single) {
        eprintln!("{line}");
    }
    let mean = |trials: &[Metrics]| mean_and_error(&sorted(trials, Metric::DowntimeHours)).0;
    let ratio = mean(&engine) / mean(&single);
    assert!((1.0..1.1).contains(&ratio), "{ratio}");
}
