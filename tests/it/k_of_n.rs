//! Strategies with more paths than any table of a scenario asks for: the engine plays n paths of
//! which k are needed, and several standbys in their order. The strategies are made here, through
//! the library.

use crate::bench::{AT_ONCE, assert_mean, assert_share, assert_variance, column, scenario};
use crate::world_bench::{Chain, quiet};
use outlast::internals::{Component, KOfN, Layout, Path};
use outlast::{Engine, Metric, Metrics, NullObserver, Scenario, Scratch, Strategy};

const TRIALS: u64 = 1_500;
const HORIZON: f64 = 300.0;

/// A world of one fault, in which nobody waits for anything and nothing is changed.
fn world_of(strikes: &str, keys: &str) -> Scenario {
    scenario(&format!(
        r#"
schema = 1
name = "agents"
horizon = "{HORIZON}h"
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
{AT_ONCE}
[[fault]]
name = "crash"
strikes = "{strikes}"
{keys}
[[strategy]]
name = "repair"
"#
    ))
}

const EXPONENTIAL: &str = r#"
every = { exponential = { mean = "10h" } }
repair = { exponential = { mean = "5h" } }
common_mode = 0.0
"#;

/// A path in each of `sites`, all active, of which so many are needed.
fn agents(sites: &[u8], needed: usize) -> Strategy {
    let mut strategy = Strategy::new("agents".to_owned(), 0.0, Vec::new());
    let paths =
        (1..).zip(sites).map(|(n, site)| Path::new(&format!("agent {n}"), *site, true)).collect();
    strategy.layout = Layout { paths, needed, standby_check: 0.0, agents: None };
    strategy
}

/// Plays the strategy and asks of each trial whether the service is up at `moments`.
fn play<const N: usize>(
    scenario: &Scenario,
    strategy: &Strategy,
    moments: [f64; N],
) -> (Vec<Metrics>, [Vec<f64>; N]) {
    let engine = Engine::new(&scenario.world, strategy);
    let mut scratch = Scratch::new();
    let mut up = moments.map(|_| Vec::new());
    let trials = (0..TRIALS)
        .map(|trial| {
            let metrics = engine.play(8, trial, &mut scratch, &mut NullObserver);
            for (up, at) in up.iter_mut().zip(moments) {
                let mut outages = scratch.outages().iter();
                let is_down = outages.any(|outage| outage.onset <= at && at < outage.end);
                up.push(if is_down { 0.0 } else { 1.0 });
            }
            metrics
        })
        .collect();
    (trials, up)
}

#[test]
fn k_of_n_agents_are_up_as_long_and_as_often_as_theory_says() {
    let component = Component::of_means(10.0, 5.0);
    // By server each agent is one component, by link each of two sites is.
    for (strikes, sites, components, needed) in [
        ("server", &[0, 1, 2, 3][..], 4, 1),
        ("server", &[0, 0, 1, 1], 4, 2),
        ("host", &[0, 1, 2], 3, 3),
        ("link", &[0, 1, 0, 1], 2, 1),
    ] {
        let truth = KOfN { component, count: components, needed };
        let moments = [3.0, HORIZON - 1.0];
        let world = world_of(strikes, EXPONENTIAL);
        let (trials, up) = play(&world, &agents(sites, needed), moments);
        let name = format!("{needed} of {components} by {strikes}");
        for (up, at) in up.iter().zip(moments) {
            let what = format!("{name}, up at {at}");
            assert_share(&what, up, truth.availability(at), |up| up > 0.5);
        }
        let downtime = column(&trials, Metric::DowntimeHours);
        let expected = truth.expected(HORIZON);
        assert_mean(&format!("{name}, downtime"), &downtime, expected.downtime);
        assert_mean(
            &format!("{name}, outages"),
            &column(&trials, Metric::Outages),
            expected.outages,
        );
        // The standard error rests on this.
        assert_variance(&format!("{name}, downtime"), &downtime, truth.downtime_variance(HORIZON));
    }
}

#[test]
fn agents_and_few_people_are_the_machine_repair_chain() {
    // The state is how many of three are down; the service is down with all of them. Up times of
    // 30 h, repairs of 10 h, `people` at work.
    for people in [1, 2] {
        let mut rates = Vec::new();
        for down in 0..3_usize {
            rates.push((down, down + 1, (3 - down) as f64 / 30.0));
            rates.push((down + 1, down, (down + 1).min(people) as f64 / 10.0));
        }
        let all_down = |down: usize| if down == 3 { 1.0 } else { 0.0 };
        let (mean, variance) = Chain::new(rates.clone()).reward(HORIZON, all_down);
        let world = quiet()
            .set("people", &people.to_string())
            .horizon(HORIZON)
            .clock("crash", "server", 30.0, 10.0, 0.0)
            .strategy("repair", &[])
            .scenario();
        let strategy = agents(&[0, 0, 0], 1);
        let engine = Engine::new(&world.world, &strategy);
        let mut scratch = Scratch::new();
        let (mut downtime, mut first) = (Vec::new(), Vec::new());
        for trial in 0..4 * TRIALS {
            let metrics = engine.play(9, trial, &mut scratch, &mut NullObserver);
            downtime.push(metrics[Metric::DowntimeHours]);
            first.push(scratch.outages().first().map_or(HORIZON, |outage| outage.onset));
        }
        assert_mean(&format!("downtime with {people}"), &downtime, mean);
        assert_variance(&format!("downtime with {people}"), &downtime, variance);
        // To the first loss of all, cut at the horizon: nothing leaves that state any more.
        rates.retain(|(from, _, _)| *from < 3);
        let chain = Chain::new(rates);
        let (mean, variance) = chain.reward(HORIZON, |down| 1.0 - all_down(down));
        assert_mean(&format!("first loss with {people}"), &first, mean);
        assert_variance(&format!("first loss with {people}"), &first, variance);
    }
}

#[test]
fn a_common_mode_takes_each_other_agent_by_a_draw_of_its_own() {
    let keys = "at = [\"100h\"]\nrepair = \"10h\"\ncommon_mode = 0.6\n";
    let world = world_of("server", keys);
    // So many of the other three are struck that fewer than needed are left.
    for (needed, share) in [(3, 1.0 - 0.4_f64.powi(3)), (2, 0.648), (1, 0.6_f64.powi(3))] {
        let strategy = agents(&[0, 0, 1, 1], needed);
        let (trials, _) = play(&world, &strategy, []);
        let downtime = column(&trials, Metric::DowntimeHours);
        assert_share(&format!("{needed} needed"), &downtime, share, |hours| hours > 0.0);
        assert!(downtime.iter().all(|hours| [0.0, 10.0].contains(hours)));
    }
}

#[test]
fn standbys_are_promoted_in_their_order_and_a_dead_one_is_passed_over() {
    let text = r#"
[[strategy]]
name = "staging"
[strategy.staging]
promote = "1h"
success = 1.0
fenced = 1.0
[[fault]]
name = "again"
strikes = "server"
at = ["200h"]
repair = "50h"
common_mode = 0.0
"#;
    let keys = "at = [\"100h\"]\nrepair = \"300h\"\ncommon_mode = 0.0\n";
    let mut scenario = world_of("server", &format!("{keys}{text}"));
    let outages = |strategy: &Strategy| -> Vec<(f64, f64)> {
        let engine = Engine::new(&scenario.world, strategy);
        let mut scratch = Scratch::new();
        engine.play(1, 0, &mut scratch, &mut NullObserver);
        scratch.outages().iter().map(|outage| (outage.onset, outage.end)).collect()
    };
    // One standby is used up at the second fault, and its repair is waited for.
    let one = outages(&scenario.strategies[0]);
    assert_eq!(one, [(100.0, 101.0), (200.0, 250.0)]);
    scenario.strategies[0].layout.paths.push(Path::new("second standby", 1, false));
    let two = outages(&scenario.strategies[0]);
    assert_eq!(two, [(100.0, 101.0), (200.0, 201.0)]);
}
