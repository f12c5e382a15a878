//! What the tests of the world as it is share: a quiet organisation in which nothing takes time,
//! nothing fails by itself and nobody is short of people; its outages; Markov chains.

use crate::bench::{play_one, scenario};
pub use outlast::internals::Chain;
use outlast::{Engine, Metric, Metrics, NullObserver, Scenario, Scratch};

/// Promotion takes 1 h and works.
pub const STAGING: &str = r#"
[strategy.staging]
site = "other"
promote = "1h"
verify = false
success = 1.0
fenced = 1.0
standby_check = "0s"
"#;

/// An image of yesterday in 2 h, in the other site too; restarts after 6 min.
pub const REPLICA: &str = r#"
[strategy.virtual_machine]
restart = "6m"
capacity = 1.0
site = "other"
image_age = "1d"
restore_image = "2h"
success = 1.0
move_success = 1.0
fenced = 1.0
"#;

/// Installed in 4 h on a spare server; a bought one takes 5 days.
pub const REBUILD: &str = r#"
[strategy.rebuild]
spare = "server"
install = "4h"
switch_on = "0s"
procure = "120h"
reconfigure = "3h"
move_back = "30m"
success = 1.0
fenced = 1.0
"#;

/// Failover after 36 s; by force 1 h.
pub const GROUP: &str = r#"
[strategy.sql_high_availability]
replication = "synchronous"
failover = "36s"
force_failover = "1h"
subnets = 1
failover_success = 1.0
success = 1.0
"#;

/// Full import and full sync of the 3,600 objects of a quiet scenario, hours.
pub const IMPORT: f64 = 1.0;
pub const SYNC: f64 = 2.0;

/// A scenario under construction.
#[derive(Clone)]
pub struct Quiet {
    text: String,
    tables: String,
}

/// 400 h from a Monday. Cycles, alarms, people and decisions come at once, there are as many people
/// as it takes, and nobody sets up a new server as a last resort.
pub fn quiet() -> Quiet {
    Quiet {
        text: r#"
schema = 1
name = "quiet"
horizon = "400h"
start = "2027-01-04"
[organisation]
users = 1000
objects = 3600
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
[sync]
object_cycle = "0s"
password_cycle = "0s"
heartbeat = "0s"
delete_guard = 0
import_per_second = 1.0
sync_per_second = 0.5
credential_life = "0s"
[operations]
detection = "0s"
call_out = "0s"
decision = "0s"
staffed = "24x7"
overtime = "0s"
diagnose = "0s"
tries = 1
people = "unlimited"
last_resort = "never"
repair_first = "0s"
restore_directory = "9000d"
disable_by_hand = "never"
"#
        .to_owned(),
        tables: String::new(),
    }
}

impl Quiet {
    /// The scenario with `from`, which must be there, replaced by `to`.
    #[track_caller]
    pub fn with(mut self, from: &str, to: &str) -> Quiet {
        assert!(self.text.contains(from), "no {from} in {}", self.text);
        self.text = self.text.replace(from, to);
        self
    }

    /// Replaces the whole line of a key of which there is one.
    #[track_caller]
    pub fn set(mut self, key: &str, value: &str) -> Quiet {
        let is_key = |line: &&str| line.starts_with(&format!("{key} = "));
        assert_eq!(self.text.lines().filter(is_key).count(), 1, "{key}");
        let lines: Vec<String> = self
            .text
            .lines()
            .map(|line| if is_key(&line) { format!("{key} = {value}") } else { line.to_owned() })
            .collect();
        self.text = lines.join("\n") + "\n";
        self
    }

    /// Without the line of a key.
    #[track_caller]
    pub fn without(mut self, key: &str) -> Quiet {
        let lines: Vec<&str> =
            self.text.lines().filter(|line| !line.starts_with(&format!("{key} = "))).collect();
        assert_eq!(lines.len() + 1, self.text.lines().count(), "{key}");
        self.text = lines.join("\n") + "\n";
        self
    }

    pub fn horizon(self, hours: f64) -> Quiet {
        self.set("horizon", &format!("\"{hours}h\""))
    }

    /// More tables, after those of the organisation: sites, watch, planned work.
    pub fn table(mut self, text: &str) -> Quiet {
        self.tables += text;
        self.tables.push('\n');
        self
    }

    /// A fault at fixed `hours`; `keys` are lines of its table.
    pub fn fault(self, name: &str, strikes: &str, hours: &[f64], keys: &str) -> Quiet {
        let at: Vec<String> = hours.iter().map(|hour| format!("\"{hour}h\"")).collect();
        let at = at.join(", ");
        let share = if keys.contains("common_mode") { "" } else { "common_mode = 0.0\n" };
        self.table(&format!(
            "[[fault]]\nname = \"{name}\"\nstrikes = \"{strikes}\"\nat = [{at}]\n{share}{keys}"
        ))
    }

    /// A fault with exponential up time and repair.
    pub fn clock(self, name: &str, strikes: &str, up: f64, repair: f64, share: f64) -> Quiet {
        self.table(&format!(
            "[[fault]]\nname = \"{name}\"\nstrikes = \"{strikes}\"\n\
             every = {{ exponential = {{ mean = \"{up}h\" }} }}\n\
             repair = {{ exponential = {{ mean = \"{repair}h\" }} }}\ncommon_mode = {share:?}"
        ))
    }

    /// A strategy of these tables.
    pub fn strategy(self, name: &str, tables: &[&str]) -> Quiet {
        self.table(&format!("[[strategy]]\nname = \"{name}\"\n{}", tables.concat()))
    }

    pub fn text(&self) -> String {
        format!("{}{}", self.text, self.tables)
    }

    pub fn scenario(&self) -> Scenario {
        scenario(&self.text())
    }

    /// One trial of the only strategy.
    pub fn play(&self) -> Told {
        told(&self.scenario(), 0, 0)
    }

    /// Trials of the strategy of that number.
    pub fn trials(&self, strategy: usize, seed: u64, trials: u64) -> Vec<Metrics> {
        trials_of(&self.scenario(), strategy, seed, trials)
    }
}

/// The metric of that name.
pub fn metric(name: &str) -> Metric {
    let found = Metric::ALL.into_iter().find(|metric| metric.name() == name);
    found.unwrap_or_else(|| panic!("no metric {name}"))
}

/// Trials of the strategy of that number.
pub fn trials_of(scenario: &Scenario, strategy: usize, seed: u64, trials: u64) -> Vec<Metrics> {
    let engine = Engine::new(&scenario.world, &scenario.strategies[strategy]);
    let mut scratch = Scratch::new();
    (0..trials).map(|k| engine.play(seed, k, &mut scratch, &mut NullObserver)).collect()
}

/// A fault's repair of so many hours.
pub fn repair(hours: f64) -> String {
    format!("repair = \"{hours}h\"\n")
}

pub const NEVER: &str = "repair = \"never\"\n";

/// One trial as it went.
pub struct Told {
    pub metrics: Metrics,
    /// Onset, end, what brought the service back, what took it down.
    pub outages: Vec<(f64, f64, String, String)>,
}

pub fn told(scenario: &Scenario, strategy: usize, trial: u64) -> Told {
    let engine = Engine::new(&scenario.world, &scenario.strategies[strategy]);
    let (metrics, outages) = play_one(scenario, strategy, trial);
    let outages = outages
        .iter()
        .map(|o| {
            let by = engine.restored_by_name(o.restored_by).to_owned();
            (o.onset, o.end, by, engine.cause_name(o.cause).to_owned())
        })
        .collect();
    Told { metrics, outages }
}

/// Sums of a few durations in hours agree to this.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * a.abs().max(1.0)
}

impl Told {
    /// Onsets and ends are these.
    #[track_caller]
    pub fn outages_are(&self, expected: &[(f64, f64)]) -> &Told {
        let same = self.outages.len() == expected.len()
            && self.outages.iter().zip(expected).all(|(t, e)| close(t.0, e.0) && close(t.1, e.1));
        assert!(same, "outages {:?}, by hand {expected:?}", self.outages);
        self
    }

    #[track_caller]
    pub fn metric_is(&self, metric: Metric, expected: f64) -> &Told {
        let told = self.metrics[metric];
        assert!(close(told, expected), "{} {told}, by hand {expected}", metric.name());
        self
    }
}

/// Mean and variance of the hours of 400 in which two machines are both of no use, each in a site of its
/// own. A machine fails after 50 h and is repaired in 20 h, each for itself. Either site closes after
/// 80 h for 15 h by its own clock, and with probability `c` the other too, each with a repair of its
/// own; all times are exponential. The state: who is down of the machines, and how many repairs each
/// site has outstanding.
pub fn down_in_both_sites(c: f64) -> (f64, f64) {
    let (l, m) = (1.0 / 50.0, 1.0 / 20.0);
    let (closes, opens) = (1.0 / 80.0, 1.0 / 15.0);
    let most = 5;
    let state = |a: usize, b: usize, x: usize, y: usize| ((a * 2 + b) * most + x) * most + y;
    let mut rates = Vec::new();
    for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        for x in 0..most {
            for y in 0..most {
                let here = state(a, b, x, y);
                rates.push((here, state(1 - a, b, x, y), if a == 0 { l } else { m }));
                rates.push((here, state(a, 1 - b, x, y), if b == 0 { l } else { m }));
                let mut go = |x: usize, y: usize, rate: f64| {
                    if x < most && y < most && rate > 0.0 {
                        rates.push((here, state(a, b, x, y), rate));
                    }
                };
                if x == 0 {
                    go(1, y, closes * (1.0 - c));
                    go(1, y + 1, closes * c);
                } else {
                    go(x - 1, y, x as f64 * opens);
                }
                if y == 0 {
                    go(x, 1, closes * (1.0 - c));
                    go(x + 1, 1, closes * c);
                } else {
                    go(x, y - 1, y as f64 * opens);
                }
            }
        }
    }
    let down = |s: usize| {
        let (a, b, x, y) =
            (s / (2 * most * most), s / (most * most) % 2, s / most % most, s % most);
        if (a > 0 || x > 0) && (b > 0 || y > 0) { 1.0 } else { 0.0 }
    };
    Chain::new(rates).reward(400.0, down)
}
