//! The limit of the machine: the reference workload with nothing but its arithmetic.
//!
//! M1 with its strategy "rebuild" (benches/m1/rebuild.toml), written by hand for this one case: one
//! generator, no events, no streams, no strategies, no statistics beyond sums. It is not how one
//! should write a simulation; it says how much of outlast's time is spent on being one.
//!
//! `limit changes TRIALS [USERS] [SEED]` draws every password change and every request one by one.
//! `limit outages TRIALS` draws the outages alone. Both print means with standard errors.

use outlast::internals::{Rng, standard_normal, uniform, unit_exponential};
use rand::{Rng as _, SeedableRng};
use std::time::Instant;

const HORIZON: f64 = 8760.0;
/// Mean of the weekly weights: 50 hours of ten and 118 of one.
const MEAN_WEIGHT: f64 = 618.0 / 168.0;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, or: u64| words.get(at).and_then(|w| w.parse().ok()).unwrap_or(or);
    let (trials, users, seed) = (number(1, 100_000), number(2, 10_000), number(3, 1));
    let mut rng = Rng::seed_from_u64(seed);
    let mut columns = [[0.0_f64; 2]; 7];
    let start = Instant::now();
    if words.first().is_some_and(|word| word == "outages") {
        for _ in 0..trials {
            add(&mut columns, &outages(&mut rng));
        }
    } else {
        let mut loop_ = Loop::new(users as usize);
        for trial in 0..trials {
            add(&mut columns, &loop_.trial(trial as u32, &mut rng));
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let names = [
        "outages",
        "downtime_hours",
        "stale_user_hours",
        "stale_users",
        "peak_stale_users",
        "writeback_failed_attempts",
        "writeback_lost",
    ];
    for (name, [sum, squares]) in names.into_iter().zip(columns) {
        let n = trials as f64;
        let mean = sum / n;
        println!("{name} {mean} {}", ((squares / n - mean * mean) / (n - 1.0)).sqrt());
    }
    eprintln!("{seconds} s, {:.0} trials/s", trials as f64 / seconds);
}

fn add(columns: &mut [[f64; 2]; 7], row: &[f64; 7]) {
    for ([sum, squares], value) in columns.iter_mut().zip(row) {
        *sum += value;
        *squares += value * value;
    }
}

/// An outage's length: noticing, then repair.
fn length(rng: &mut Rng) -> f64 {
    let lognormal = |median: f64, sigma: f64, z: f64| median * libm::exp(sigma * z);
    lognormal(0.5, 0.8, standard_normal(rng)) + lognormal(6.0, 0.5, standard_normal(rng))
}

fn outages(rng: &mut Rng) -> [f64; 7] {
    let (mut time, mut row) = (0.0, [0.0; 7]);
    loop {
        time += unit_exponential(rng) * (HORIZON / 4.0);
        if time >= HORIZON {
            return row;
        }
        let end = time + length(rng);
        row[0] += 1.0;
        row[1] += end.min(HORIZON) - time;
        time = end;
    }
}

struct Loop {
    /// Hourly weight over its mean, of a week.
    weights: [f64; 168],
    /// By user: the last outage in which the user was stale, and the last trial.
    stale_in: Vec<u32>,
    stale_at: Vec<u32>,
    outage: u32,
    windows: Vec<(f64, f64)>,
}

impl Loop {
    fn new(users: usize) -> Loop {
        let mut weights = [1.0 / MEAN_WEIGHT; 168];
        for day in 0..5 {
            weights[24 * day + 8..24 * day + 18].fill(10.0 / MEAN_WEIGHT);
        }
        let (stale_in, stale_at) = (vec![0; users], vec![u32::MAX; users]);
        Loop { weights, stale_in, stale_at, outage: 0, windows: Vec::new() }
    }

    fn trial(&mut self, trial: u32, rng: &mut Rng) -> [f64; 7] {
        self.windows.clear();
        let mut row = [0.0; 7];
        let mut time = unit_exponential(rng) * (HORIZON / 4.0);
        while time < HORIZON {
            let end = time + length(rng);
            row[0] += 1.0;
            row[1] += end.min(HORIZON) - time;
            self.windows.push((time, end));
            time = end + unit_exponential(rng) * (HORIZON / 4.0);
        }
        for window in 0..self.windows.len() {
            self.changes(window, trial, rng, &mut row);
            self.requests(window, rng, &mut row);
        }
        row
    }

    /// Every change of a window, its user chosen, its staleness added.
    fn changes(&mut self, window: usize, trial: u32, rng: &mut Rng, row: &mut [f64; 7]) {
        let users = self.stale_in.len();
        let (start, end) = self.windows[window];
        let synced = (end + uniform(rng) * (2.0 / 60.0)).min(HORIZON);
        self.outage += 1;
        let (mut stale, mut hours, mut first) = (0_u32, 0.0, 0_u32);
        let rate = users as f64 * 5.0 / HORIZON;
        let (stale_in, stale_at, outage) = (&mut self.stale_in, &mut self.stale_at, self.outage);
        arrivals(&self.weights, rate, start, end.min(HORIZON), rng, |time, rng| {
            let user = ((u128::from(rng.next_u64()) * users as u128) >> 64) as usize;
            if stale_in[user] != outage {
                stale_in[user] = outage;
                stale += 1;
                hours += synced - time;
                first += u32::from(stale_at[user] != trial);
                stale_at[user] = trial;
            }
        });
        row[2] += hours;
        row[3] += f64::from(first);
        row[4] = row[4].max(f64::from(stale));
    }

    /// Every request of a window, followed through its attempts.
    fn requests(&mut self, window: usize, rng: &mut Rng, row: &mut [f64; 7]) {
        let rate = self.stale_in.len() as f64 * 2.0 / HORIZON;
        let (start, end) = self.windows[window];
        let later = &self.windows[window..];
        let (mut failed, mut lost) = (0_u32, 0_u32);
        arrivals(&self.weights, rate, start, end.min(HORIZON), rng, |time, rng| {
            let mut at = time;
            failed += 1;
            for attempt in 1..3 {
                at += 0.5 * unit_exponential(rng);
                let refused = at < end || later.iter().any(|(from, to)| *from <= at && at < *to);
                if at >= HORIZON || !refused {
                    return;
                }
                failed += 1;
                lost += u32::from(attempt == 2);
            }
        });
        row[5] += f64::from(failed);
        row[6] += f64::from(lost);
    }
}

/// Arrivals of a Poisson process whose rate goes by the hour of the week.
fn arrivals(
    weights: &[f64; 168],
    rate: f64,
    start: f64,
    end: f64,
    rng: &mut Rng,
    mut arrived: impl FnMut(f64, &mut Rng),
) {
    let mut hour = start as usize;
    let mut from = start;
    // The exponential mass that is left to the next arrival goes on from hour to hour.
    let mut left = unit_exponential(rng);
    while from < end {
        let to = ((hour + 1) as f64).min(end);
        let here = rate * weights[hour % 168];
        let gap = 1.0 / here;
        let mut time = from + left * gap;
        while time < to {
            arrived(time, rng);
            time += unit_exponential(rng) * gap;
        }
        left = (time - to) * here;
        from = to;
        hour += 1;
    }
}
