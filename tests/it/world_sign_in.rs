//! Sign-in as a service: what a loss of it costs by the hour of the week, what ends it, and when two
//! agents over two sites are both lost; by hand, and against a chain.

use crate::bench::{assert_mean, assert_variance, column, scenario};
use crate::world_bench::{
    GROUP, NEVER, Quiet, STAGING, down_in_both_sites, quiet, repair, trials_of,
};
use outlast::{Metric, Scenario};
use std::path::Path;

/// A quiet organisation of 1,000 users who all want to sign in all the time, through agents in these
/// sites; more keys of the table follow.
fn through(sites: &str, keys: &str) -> Quiet {
    let table = format!(
        "[pass_through]\nagents = [{sites}]\ndetection = \"0s\"\nbusiest_share = 1.0\n\
         profile = \"flat\"\nper_user_year = 0.0\n{keys}"
    );
    let users = "users = 1000\n";
    quiet().with(users, &format!("{users}sign_in = \"pass-through\"\n")).table(&table)
}

const ONE: &str = "\"same\"";
const BY_HAND: &str = "fallback = \"3h\"\nfallback_elsewhere = \"30h\"\n";
const NO_FALLBACK: &str = "fallback = \"never\"\n";
const NO_HASHES: &str = "hashes = false\nfallback = \"never\"\n";

/// Users who cannot sign in for so many hours.
fn lost(text: &Quiet, hours: f64) {
    text.play().metric_is(Metric::SignInUserHours, 1_000.0 * hours);
}

fn of_agents(hours: f64) -> String {
    format!("{}only = \"sign-in\"\n", repair(hours))
}

// ---------------------------------------------------------- what a loss costs

#[test]
fn a_loss_over_a_weekend_costs_what_the_profile_says() {
    // The only agent is lost from Friday 16:00 to Monday 09:30: 2 office hours of weight 10, then
    // 62 hours of weight 1, then 1.5 office hours. Half of the users want to sign in in the busiest
    // hours, so a twentieth in the others.
    let text = through(ONE, NO_FALLBACK)
        .fault("it", "host", &[112.0], &repair(65.5))
        .strategy("it", &[])
        .text()
        .replace(
            "busiest_share = 1.0\nprofile = \"flat\"",
            "busiest_share = 0.5\nprofile = \"office\"",
        )
        .replace("per_user_year = 0.0\nfallback", "per_user_year = 300.0\nfallback");
    let user_hours = 1_000.0 * (0.5 * 3.5 + 0.05 * 62.0);
    let trials = trials_of(&scenario(&text), 0, 51, 4_000);
    let told = column(&trials, Metric::SignInUserHours);
    assert!(told.iter().all(|one| (one - user_hours).abs() < 1e-6), "{} {user_hours}", told[0]);
    // 300 tries a user and year, as the same profile goes: its mean weight is 618 / 168.
    let mean_share = 0.5 / (10.0 / (618.0 / 168.0));
    let tries = 300.0 / (8_760.0 * mean_share) * user_hours;
    let failed = column(&trials, Metric::SignInFailed);
    assert_mean("tries", &failed, tries);
    assert_variance("tries", &failed, tries);
}

#[test]
fn without_the_table_nothing_is_played() {
    let plain = quiet().with("users = 1000\n", "users = 1000\nsign_in = \"pass-through\"\n");
    let told = plain.fault("it", "host", &[112.0], &repair(65.5)).strategy("it", &[]).play();
    told.metric_is(Metric::SignInUserHours, 0.0).outages_are(&[(112.0, 177.5)]);
}

// ---------------------------------------------------------------- what ends it

#[test]
fn switching_to_hashes_ends_the_loss_at_its_time() {
    let agent = |keys: &str| {
        through(ONE, keys).fault("it", "engine", &[100.0], &of_agents(50.0)).strategy("it", &[])
    };
    lost(&agent(NO_FALLBACK), 50.0);
    let told = agent(BY_HAND).play();
    // Synchronisation goes on, and both the agent and the switch are worked on.
    told.outages_are(&[]).metric_is(Metric::LabourHours, 53.0);
    told.metric_is(Metric::SignInUserHours, 3_000.0);
    // People who are called, come and decide.
    let late = agent(BY_HAND).set("call_out", "\"2h\"").set("decision", "\"1h\"").text().replace(
        "[pass_through]\nagents = [\"same\"]\ndetection = \"0s\"",
        "[pass_through]\nagents = [\"same\"]\ndetection = \"30m\"",
    );
    let told = crate::world_bench::told(&scenario(&late), 0, 0);
    told.metric_is(Metric::SignInUserHours, 6_500.0);
    // An agent that is back sooner ends it, and the work ends too.
    let quick = through(ONE, BY_HAND)
        .fault("it", "engine", &[100.0], &of_agents(2.0))
        .strategy("it", &[])
        .play();
    quick.metric_is(Metric::SignInUserHours, 2_000.0).metric_is(Metric::LabourHours, 4.0);
}

#[test]
fn without_the_sync_server_it_is_done_elsewhere() {
    let server = through(ONE, BY_HAND).fault("it", "host", &[100.0], &repair(50.0));
    lost(&server.clone().strategy("it", &[]), 30.0);
    // The agent is still lost when the server is back: then it is done there.
    let both = through(ONE, BY_HAND).fault("it", "host", &[100.0], &repair(10.0)).fault(
        "agent",
        "engine",
        &[100.0],
        &of_agents(50.0),
    );
    lost(&both.strategy("it", &[]), 13.0);
    // A standby that has taken over is a server to do it on: promoted at 101.
    lost(&server.clone().strategy("it", &[STAGING]), 4.0);
    // With Cloud Sync there is none.
    let agents =
        "[strategy.cloud_sync]\nagents = 2\nsites = [\"same\", \"other\"]\nquarantine = \"0s\"\n";
    let agent = through(ONE, BY_HAND).fault("it", "engine", &[100.0], &of_agents(50.0));
    lost(&agent.strategy("it", &[agents]), 30.0);
}

#[test]
fn from_another_machine_it_is_done_in_staffed_hours_and_counts_as_labour() {
    // The only agent is lost and never mended, and Cloud Sync leaves no sync server to switch on.
    let agents =
        "[strategy.cloud_sync]\nagents = 2\nsites = [\"same\", \"other\"]\nquarantine = \"0s\"\n";
    let lost_at = |at: f64, call_out: &str, elsewhere: &str| {
        let keys = format!("fallback = \"1h\"\nfallback_elsewhere = \"{elsewhere}\"\n");
        through(ONE, &keys)
            .set("staffed", "\"Mon-Fri 09:00-17:00\"")
            .set("call_out", call_out)
            .fault("it", "engine", &[at], &format!("{NEVER}only = \"sign-in\"\n"))
            .strategy("it", &[agents])
            .play()
    };
    // Friday 16:00: an hour on that day, two on Monday.
    let told = lost_at(112.0, "\"0s\"", "3h");
    told.metric_is(Metric::SignInUserHours, 67_000.0).metric_is(Metric::LabourHours, 3.0);
    // Friday 18:00: somebody comes on Monday at 10:00, and has done it at 13:00.
    let told = lost_at(114.0, "\"1h\"", "3h");
    told.metric_is(Metric::SignInUserHours, 67_000.0).metric_is(Metric::LabourHours, 3.0);
}

#[test]
fn work_elsewhere_that_the_sync_server_makes_needless_counts_as_far_as_it_has_come() {
    // The host is lost from 100 to 110, the agent for 50 h: 10 h elsewhere, then 3 h on the sync server,
    // and the repairs of both.
    let told = through(ONE, BY_HAND)
        .fault("it", "host", &[100.0], &repair(10.0))
        .fault("agent", "engine", &[100.0], &of_agents(50.0))
        .strategy("it", &[])
        .play();
    told.metric_is(Metric::SignInUserHours, 13_000.0).metric_is(Metric::LabourHours, 73.0);
}

// ------------------------------------------------------------ users outside

/// A farm: this share of users is outside, and its AD FS servers and Web Application Proxies stand in
/// these sites.
fn farm(outside: f64, servers: &str, proxies: &str, keys: &str) -> Quiet {
    let table = format!(
        "[federated]\nservers = [{servers}]\nproxies = [{proxies}]\noutside = {outside:?}\ndetection = \"0s\"\n\
         profile = \"flat\"\n{keys}"
    );
    let users = "users = 1000\n";
    quiet().with(users, &format!("{users}sign_in = \"federated\"\n")).table(&table)
}

/// All of them want to sign in all the time.
fn all_want(keys: &str) -> String {
    format!("busiest_share = 1.0\n{keys}")
}

const OTHER: &str = "\"other\"";

#[test]
fn whoever_is_inside_needs_no_proxy() {
    let link = |text: Quiet| text.fault("it", "link", &[100.0], &repair(20.0)).strategy("it", &[]);
    // The link of the first site takes the only proxy, or the only server.
    lost(&link(farm(0.3, OTHER, ONE, &all_want(NO_FALLBACK))), 0.3 * 20.0);
    lost(&link(farm(0.3, ONE, OTHER, &all_want(NO_FALLBACK))), 20.0);
    // From 105 to 109 no controller can be reached, and nobody signs in.
    let text = farm(0.3, OTHER, ONE, &all_want(NO_FALLBACK))
        .fault("controllers", "directory", &[105.0], &repair(4.0))
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[]);
    lost(&text, 0.3 * 16.0 + 4.0);
    // People switch to hashes for the users outside too, in 3 h, and go on with that where others are
    // lost as well.
    let by_hand = "fallback = \"3h\"\nfallback_elsewhere = \"3h\"\n";
    lost(&link(farm(0.3, OTHER, ONE, &all_want(by_hand))), 0.3 * 3.0);
    let text = farm(0.3, OTHER, ONE, &all_want(by_hand))
        .fault("controllers", "directory", &[101.0], &repair(4.0))
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[]);
    lost(&text, 0.3 + 2.0);
}

#[test]
fn where_nobody_is_outside_nobody_misses_a_proxy() {
    let none = farm(0.0, OTHER, ONE, "busiest_share = 1.0\nfallback = \"3h\"\n");
    let told = none.fault("it", "link", &[100.0], &repair(20.0)).strategy("it", &[]).play();
    told.metric_is(Metric::SignInUserHours, 0.0).metric_is(Metric::LabourHours, 0.0);
}

#[test]
fn tries_of_a_loss_in_parts_are_one_poisson_count() {
    // 876 times a user and year are 0.1 an hour: of 1,000 users 100 want to at any time, once an hour.
    let text = farm(0.3, OTHER, ONE, &format!("per_user_year = 876.0\n{NO_FALLBACK}"))
        .fault("controllers", "directory", &[105.0], &repair(4.0))
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[]);
    let tries = 100.0 * (0.3 * 16.0 + 4.0);
    let failed = column(&trials_of(&text.scenario(), 0, 55, 4_000), Metric::SignInFailed);
    assert_mean("tries", &failed, tries);
    assert_variance("tries", &failed, tries);
}

#[test]
fn without_a_controller_nobody_signs_in() {
    let keys = "repair = \"40h\"\n";
    let text = |fallback: &str| {
        through("\"same\", \"other\"", fallback)
            .fault("it", "directory", &[100.0], keys)
            .strategy("it", &[])
    };
    lost(&text(NO_FALLBACK), 40.0);
    lost(&text(BY_HAND), 3.0);
}

// ------------------------------------------------------------- who is an agent

#[test]
fn one_agent_of_each_sort_is_enough() {
    let two = "\"same\", \"other\"";
    let struck = |sites: &str, kind: &str, keys: &str| {
        through(sites, NO_FALLBACK).fault("it", kind, &[100.0], keys).strategy("it", &[])
    };
    for kind in ["host", "server", "link", "site"] {
        lost(&struck(ONE, kind, &repair(10.0)), 10.0);
        lost(&struck(two, kind, &repair(10.0)), 0.0);
        let both = format!("{}common_mode = 1.0\n", repair(10.0));
        lost(&struck(two, kind, &both), 10.0);
    }
    // What is a fault of the sync server alone leaves the agent on it alone.
    for (kind, keys) in [("server", "only = \"servers\"\n"), ("database", ""), ("engine", "")] {
        lost(&struck(ONE, kind, &(repair(10.0) + keys)), 0.0);
    }
    // The event takes each server too.
    let ransomware = format!("{}takes_servers = 1.0\n", repair(10.0));
    lost(&struck(two, "tenant", &ransomware), 10.0);
    // A farm whose users are all outside: one server and one proxy.
    let farm = |servers: &str, proxies: &str| {
        let text = farm(1.0, servers, proxies, &all_want(NO_FALLBACK));
        text.fault("it", "link", &[100.0], &repair(10.0)).strategy("it", &[])
    };
    lost(&farm(two, two), 0.0);
    lost(&farm(two, ONE), 10.0);
    lost(&farm(ONE, two), 10.0);
    lost(&farm(OTHER, OTHER), 0.0);
}

#[test]
fn a_strategy_may_have_agents_of_its_own() {
    let scenario = through("\"same\", \"other\"", NO_FALLBACK)
        .fault("it", "link", &[100.0], &repair(10.0))
        .strategy("two", &[])
        .strategy("one", &["[strategy.sign_in]\nagents = [\"same\"]\n"])
        .scenario();
    for (strategy, hours) in [(0, 0.0), (1, 10.0)] {
        let told = crate::world_bench::told(&scenario, strategy, 0);
        told.metric_is(Metric::SignInUserHours, 1_000.0 * hours);
    }
}

#[test]
fn an_agent_that_is_not_missed_is_mended_when_all_are_lost() {
    // The second agent is lost at 100, and nobody looks. At 150 the first is lost too: both are worked
    // on from then on.
    let blind = "[[watch]]\nname = \"blind\"\nsees = [\"cloud\"]\nafter = \"0s\"\n";
    let text = through("\"same\", \"other\"", NO_FALLBACK)
        .without("detection")
        .table(blind)
        .fault("second", "host", &[100.0], &of_agents(4.0))
        .fault("first", "host", &[150.0], &repair(10.0))
        .strategy("it", &[]);
    // Nobody sees the sync server either, but users call.
    let told = text.play();
    told.outages_are(&[(150.0, 160.0)]).metric_is(Metric::SignInUserHours, 4_000.0);
    told.metric_is(Metric::LabourHours, 14.0);
    // Somebody who looks at agents mends it at once.
    let looks = "[[watch]]\nname = \"ping\"\nsees = [\"*\"]\nafter = \"2h\"\nstandby = true\n";
    let told = text.table(looks).play();
    told.metric_is(Metric::SignInUserHours, 0.0);
}

// ------------------------------------------------------------------- the trap

#[test]
fn a_promotion_with_another_sign_in_option_switches_it_off() {
    let trap = STAGING.replace("[strategy.staging]", "[strategy.staging]\nsame_sign_in = false");
    let with = |table: &str, keys: &str| {
        through("\"same\", \"other\"", keys)
            .fault("it", "database", &[100.0], NEVER)
            .strategy("it", &[table])
    };
    let database = |table: &str| with(table, NO_HASHES);
    // Promoted at 101 in an hour; switched on again in the hour of another promotion.
    database(&trap).play().outages_are(&[(100.0, 101.0)]);
    lost(&database(&trap), 1.0);
    // With hashes in the cloud nobody notices, and that hour of work is the same. Until it is done the
    // loss of all agents is none of sign-in, nor later, before they are back; afterwards it is.
    let hashes = with(&trap, NO_FALLBACK);
    lost(&hashes, 0.0);
    hashes.play().metric_is(Metric::LabourHours, 2.0);
    let later = |at: f64| {
        let both = format!("{}common_mode = 1.0\n", of_agents(5.0));
        with(&trap, NO_FALLBACK).fault("agents", "engine", &[at], &both)
    };
    lost(&later(101.25), 0.0);
    lost(&later(110.0), 5.0);
    lost(&database(STAGING), 0.0);
    lost(&database(GROUP), 0.0);
    // A planned one does it too: the standby takes over at 104, and nothing else stops.
    let planned = "[[planned]]\nname = \"upgrade\"\nat = [\"100h\"]\nwork = \"4h\"\nstops = \"all\"\ngoes_wrong = 0.0\n";
    let text = through("\"same\", \"other\"", NO_HASHES)
        .table(planned)
        .fault("no matter", "tenant", &[300.0], &(repair(1.0) + "stops = \"nothing\"\n"))
        .strategy("it", &[&trap]);
    text.play().outages_are(&[]);
    lost(&text, 1.0);
    // It is warned of.
    let scenario = Scenario::read(text.text(), Path::new(""), "it").unwrap();
    assert!(scenario.warnings.iter().any(|it| it.message.contains("switches pass-through")));
}

#[test]
fn without_a_stated_share_each_sign_in_is_wanted_for_an_hour() {
    // 876 times a user and year are 0.1 an hour; of 1,000 users 100 want to at any time, and each of them
    // tries once an hour. Ten an hour each are no more than all of them.
    let text = |per_user_year: f64| {
        through(ONE, NO_FALLBACK)
            .fault("it", "host", &[112.0], &repair(20.0))
            .strategy("it", &[])
            .text()
            .replace("busiest_share = 1.0\n", "")
            .replace(
                "per_user_year = 0.0\nfallback",
                &format!("per_user_year = {per_user_year}\nfallback"),
            )
    };
    for (per_user_year, user_hours, tries) in
        [(876.0, 2_000.0, 2_000.0), (87_600.0, 20_000.0, 200_000.0)]
    {
        let trials = trials_of(&scenario(&text(per_user_year)), 0, 54, 400);
        let told = column(&trials, Metric::SignInUserHours);
        assert!(told.iter().all(|one| (one - user_hours).abs() < 1e-6), "{} {user_hours}", told[0]);
        assert_mean("tries", &column(&trials, Metric::SignInFailed), tries);
    }
}

// ------------------------------------------------------------------- a build

#[test]
fn a_build_comes_by_one_clock_however_many_agents_there_are() {
    let builds = |agents: &str, more: &str| {
        through(agents, NO_FALLBACK)
            .table(&format!(
                "[[fault]]\nname = \"build\"\nstrikes = \"engine\"\nonly = \"sign-in\"\n\
                 every = {{ exponential = {{ mean = \"400h\" }} }}\n\
                 repair = {{ uniform = {{ min = \"1h\", max = \"9h\" }} }}\n{more}"
            ))
            .table("[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n")
            .without("detection")
            .strategy("it", &[])
            .scenario()
    };
    let hours = |agents: &str, more: &str| -> Vec<f64> {
        let trials = trials_of(&builds(agents, more), 0, 53, 400);
        column(&trials, Metric::SignInUserHours)
    };
    let one = hours(ONE, "common_mode = 1.0\n");
    assert!(one.iter().any(|hours| *hours > 0.0));
    // With five of them the loss is the same to the bit: one build, one repair.
    let all = "\"same\", \"same\", \"other\", \"other\", \"other\"";
    assert_eq!(one, hours(all, "clock = \"one\"\ncommon_mode = 1.0\n"));
    // Where it stops at the first, the others go on.
    assert!(hours(all, "clock = \"one\"\ncommon_mode = 0.0\n").iter().all(|hours| *hours == 0.0));
    // Each with a clock of its own is struck five times as often.
    let work = |more: &str| {
        let trials = trials_of(&builds(all, more), 0, 53, 400);
        column(&trials, Metric::LabourHours).iter().sum::<f64>()
    };
    let (each, single) =
        (work("common_mode = 0.0\n"), work("clock = \"one\"\ncommon_mode = 0.0\n"));
    assert!((each / single - 5.0).abs() < 0.4, "{each} {single}");
}

// ----------------------------------------------------------------- k of n

#[test]
fn two_agents_over_two_sites_with_a_common_closure_are_the_chain() {
    // One agent on the sync server, one on a machine of its own in the other site. Both machines fail
    // each for itself. Either site closes by its own clock, and with probability c the other too, each
    // with a repair of its own. The state: who is down of the machines, and how many repairs each site
    // has outstanding.
    let c = 0.3;
    let (mean, variance) = down_in_both_sites(c);
    let looks = "[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n";
    let scenario = through("\"same\", \"other\"", NO_FALLBACK)
        .without("detection")
        .table(looks)
        .clock("crash", "server", 50.0, 20.0, 0.0)
        .clock("closed", "site", 80.0, 15.0, c)
        .strategy("it", &[])
        .scenario();
    let trials = trials_of(&scenario, 0, 52, 20_000);
    let hours: Vec<f64> =
        column(&trials, Metric::SignInUserHours).iter().map(|it| it / 1_000.0).collect();
    assert_mean("hours without sign-in", &hours, mean);
    assert_variance("hours without sign-in", &hours, variance);
}
