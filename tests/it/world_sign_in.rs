//! Sign-in as a service: what a loss of it costs by the hour of the week, what ends it, and when two
//! agents over two sites are both lost; by hand, and against a chain.

use crate::bench::{assert_mean, assert_variance, column, scenario};
use crate::world_bench::{
    GROUP, NEVER, Quiet, STAGING, down_in_both_sites, quiet, repair, trials_of,
};
use outlast::{Metric, Metrics, Scenario};
use std::path::Path;

/// A quiet organisation of 1,000 users, none of them in a site, who need to sign in once an hour, through
/// agents in these sites; more keys of the table follow.
fn through(sites: &str, keys: &str) -> Quiet {
    through_of(1.0, sites, keys)
}

/// The same where this share of the users is in no site.
fn through_of(outside: f64, sites: &str, keys: &str) -> Quiet {
    let table = format!(
        "[pass_through]\nagents = [{sites}]\ndetection = \"0s\"\noutside = {outside:?}\n\
         profile = \"flat\"\nper_user_year = 8760.0\n{keys}"
    );
    let users = "users = 1000\n";
    quiet().with(users, &format!("{users}sign_in = \"pass-through\"\n")).table(&table)
}

const ONE: &str = "\"same\"";
const BY_HAND: &str = "fallback = \"3h\"\nfallback_elsewhere = \"30h\"\n";
const NO_FALLBACK: &str = "fallback = \"never\"\n";
const NO_HASHES: &str = "hashes = false\nfallback = \"never\"\n";

const DOWN: Metric = Metric::SignInDownHours;

/// Hours for which a user is locked out on average, of so many in which nobody can sign in: once an hour
/// he needs to, so that after t hours all but e^-t are.
fn locked_out(hours: f64) -> f64 {
    hours - 1.0 + (-hours).exp()
}

/// Nobody can sign in for so many hours on end.
fn lost(text: &Quiet, hours: f64) {
    let told = text.play();
    told.metric_is(DOWN, hours).metric_is(Metric::SignInUserHours, 1_000.0 * locked_out(hours));
}

fn of_agents(hours: f64) -> String {
    format!("{}only = \"sign-in\"\n", repair(hours))
}

// ---------------------------------------------------------- what a loss costs

/// The only agent is lost at `at`, and it is known how often a user needs to sign in in an hour of
/// weight 1.
fn lost_by_profile(
    profile: &str,
    mean_weight: f64,
    often: f64,
    at: f64,
    hours: f64,
) -> Vec<Metrics> {
    let per_user_year = often * mean_weight * 8_760.0;
    let text = through(ONE, NO_FALLBACK)
        .fault("it", "host", &[at], &repair(hours))
        .strategy("it", &[])
        .text()
        .replace("profile = \"flat\"", &format!("profile = \"{profile}\""))
        .replace("per_user_year = 8760.0", &format!("per_user_year = {per_user_year:?}"));
    trials_of(&scenario(&text), 0, 51, 4_000)
}

#[test]
fn those_locked_out_over_a_weekend_follow_the_profile() {
    // From Friday 16:00 to Monday 09:30: two office hours at 0.06 needed sign-ins an hour, 62 other hours
    // at 0.006, then 1.5 office hours. All but e^-0.12, e^-0.492, e^-0.582 are locked out at their ends.
    let trials = lost_by_profile("office", 618.0 / 168.0, 0.006, 112.0, 65.5);
    let e = |x: f64| (-x).exp();
    let free = (1.0 - e(0.12)) / 0.06
        + e(0.12) * (1.0 - e(0.372)) / 0.006
        + e(0.492) * (1.0 - e(0.09)) / 0.06;
    let user_hours = 1_000.0 * (65.5 - free);
    let told = column(&trials, Metric::SignInUserHours);
    assert!(told.iter().all(|one| (one - user_hours).abs() < 1e-6), "{} {user_hours}", told[0]);
    assert!((user_hours - 16_820.0).abs() < 10.0, "{user_hours}");
    // Each user counts once.
    let share = 1.0 - e(0.582);
    let failed = column(&trials, Metric::SignInFailed);
    assert_mean("users locked out", &failed, 1_000.0 * share);
    assert_variance("users locked out", &failed, 1_000.0 * share * (1.0 - share));
}

#[test]
fn a_monday_morning_locks_out_more_than_the_hours_before_it() {
    // Half of a working day's sign-ins come from 07:00 to 10:00: 20 of a weight of 121. With 0.005 in an
    // hour of weight 1 they are 0.1 an hour.
    let e = |x: f64| (-x).exp();
    let morning = lost_by_profile("mornings", 653.0 / 168.0, 0.005, 7.0, 3.0);
    let user_hours = 1_000.0 * (3.0 - (1.0 - e(0.3)) / 0.1);
    let told = column(&morning, Metric::SignInUserHours);
    assert!(told.iter().all(|one| (one - user_hours).abs() < 1e-6), "{} {user_hours}", told[0]);
    assert_mean("users", &column(&morning, Metric::SignInFailed), 1_000.0 * (1.0 - e(0.3)));
    // From 04:00 to 07:00 nearly nobody needs to.
    let night = lost_by_profile("mornings", 653.0 / 168.0, 0.005, 4.0, 3.0);
    let user_hours = 1_000.0 * (3.0 - (1.0 - e(0.015)) / 0.005);
    let told = column(&night, Metric::SignInUserHours);
    assert!(told.iter().all(|one| (one - user_hours).abs() < 1e-6), "{} {user_hours}", told[0]);
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
    told.metric_is(DOWN, 3.0);
    // People who are called, come and decide.
    let late = agent(BY_HAND).set("call_out", "\"2h\"").set("decision", "\"1h\"").text().replace(
        "[pass_through]\nagents = [\"same\"]\ndetection = \"0s\"",
        "[pass_through]\nagents = [\"same\"]\ndetection = \"30m\"",
    );
    let told = crate::world_bench::told(&scenario(&late), 0, 0);
    told.metric_is(DOWN, 6.5);
    // An agent that is back sooner ends it, and the work ends too.
    let quick = through(ONE, BY_HAND)
        .fault("it", "engine", &[100.0], &of_agents(2.0))
        .strategy("it", &[])
        .play();
    quick.metric_is(DOWN, 2.0).metric_is(Metric::LabourHours, 4.0);
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
    told.metric_is(DOWN, 67.0).metric_is(Metric::LabourHours, 3.0);
    // Friday 18:00: somebody comes on Monday at 10:00, and has done it at 13:00.
    let told = lost_at(114.0, "\"1h\"", "3h");
    told.metric_is(DOWN, 67.0).metric_is(Metric::LabourHours, 3.0);
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
    told.metric_is(DOWN, 13.0).metric_is(Metric::LabourHours, 73.0);
}

// ------------------------------------------------------------ users outside

/// Where users work.
const IN_OTHER: &str = "[[site]]\nname = \"main\"\n[[site]]\nname = \"other\"\nusers = 5\n";
const THREE_TO_ONE: &str =
    "[[site]]\nname = \"main\"\nusers = 300\n[[site]]\nname = \"other\"\nusers = 100\n";

/// A farm: this share of users is outside, and its AD FS servers and Web Application Proxies stand in
/// these sites. Whoever is inside works in the other site.
fn farm(outside: f64, servers: &str, proxies: &str, keys: &str) -> Quiet {
    let table = format!(
        "[federated]\nservers = [{servers}]\nproxies = [{proxies}]\noutside = {outside:?}\ndetection = \"0s\"\n\
         profile = \"flat\"\nper_user_year = 8760.0\n{keys}"
    );
    let users = "users = 1000\n";
    quiet().with(users, &format!("{users}sign_in = \"federated\"\n")).table(IN_OTHER).table(&table)
}

const OTHER: &str = "\"other\"";

/// Users of one place are locked out by these shares, each for some hours on end.
#[track_caller]
fn locked_out_are(text: &Quiet, shares: &[(f64, f64)]) {
    let hours = shares.iter().map(|(share, hours)| share * locked_out(*hours)).sum::<f64>();
    text.play().metric_is(Metric::SignInUserHours, 1_000.0 * hours);
}

#[test]
fn whoever_is_inside_needs_no_proxy() {
    let link = |text: Quiet| text.fault("it", "link", &[100.0], &repair(20.0)).strategy("it", &[]);
    // The link of the first site takes the only proxy, or the only server.
    locked_out_are(&link(farm(0.3, OTHER, ONE, NO_FALLBACK)), &[(0.3, 20.0)]);
    locked_out_are(&link(farm(0.3, ONE, OTHER, NO_FALLBACK)), &[(1.0, 20.0)]);
    // From 105 to 109 no controller can be reached, and nobody signs in.
    let text = farm(0.3, OTHER, ONE, NO_FALLBACK)
        .fault("controllers", "directory", &[105.0], &repair(4.0))
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[]);
    locked_out_are(&text, &[(0.3, 20.0), (0.7, 4.0)]);
    text.play().metric_is(DOWN, 20.0);
    // People switch to hashes for the users outside too, in 3 h, and go on with that where others are
    // lost as well.
    let by_hand = "fallback = \"3h\"\nfallback_elsewhere = \"3h\"\n";
    locked_out_are(&link(farm(0.3, OTHER, ONE, by_hand)), &[(0.3, 3.0)]);
    let text = farm(0.3, OTHER, ONE, by_hand)
        .fault("controllers", "directory", &[101.0], &repair(4.0))
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[]);
    locked_out_are(&text, &[(0.3, 3.0), (0.7, 2.0)]);
}

#[test]
fn where_nobody_is_outside_nobody_misses_a_proxy() {
    let none = farm(0.0, OTHER, ONE, "fallback = \"3h\"\n");
    let told = none.fault("it", "link", &[100.0], &repair(20.0)).strategy("it", &[]).play();
    told.metric_is(Metric::SignInUserHours, 0.0).metric_is(DOWN, 0.0);
    told.metric_is(Metric::LabourHours, 0.0);
}

#[test]
fn users_locked_out_in_a_loss_in_parts_are_one_binomial_count() {
    let text = farm(0.3, OTHER, ONE, NO_FALLBACK)
        .fault("controllers", "directory", &[105.0], &repair(4.0))
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[])
        .text()
        .replace("per_user_year = 8760.0", "per_user_year = 876.0");
    // 0.1 an hour: those outside cannot for 20 h, those inside for 4 h of these.
    let share = 0.3 * (1.0 - (-2.0_f64).exp()) + 0.7 * (1.0 - (-0.4_f64).exp());
    let failed = column(&trials_of(&scenario(&text), 0, 55, 4_000), Metric::SignInFailed);
    assert_mean("users locked out", &failed, 1_000.0 * share);
    assert_variance("users locked out", &failed, 1_000.0 * share * (1.0 - share));
}

#[test]
fn a_farm_with_load_balancers_needs_one_of_them() {
    let two = "\"same\", \"other\"";
    let link = |balancers: &str, own: &str| {
        let keys = format!("balancers = [{balancers}]\n{NO_FALLBACK}");
        let text = farm(1.0, two, two, &keys).fault("it", "link", &[100.0], &repair(10.0));
        text.strategy("it", &[own])
    };
    lost(&link("", ""), 0.0);
    lost(&link(ONE, ""), 10.0);
    lost(&link(OTHER, ""), 0.0);
    lost(&link(two, ""), 0.0);
    // A strategy may have its own, or none.
    lost(&link(ONE, "[strategy.sign_in]\nbalancers = []\n"), 0.0);
    lost(&link("", "[strategy.sign_in]\nbalancers = [\"same\"]\n"), 10.0);
    // Users inside need one too.
    let keys = format!("balancers = [{ONE}]\n{NO_FALLBACK}");
    let text = farm(0.0, two, two, &keys).fault("it", "link", &[100.0], &repair(10.0));
    lost(&text.strategy("it", &[]), 10.0);
}

#[test]
fn where_the_cloud_checks_passwords_no_agent_is_missed_and_passwords_can_be_stale() {
    let changes = "[workload.password_changes]\nper_user_year = 0.0";
    let often = "[workload.password_changes]\nprofile = \"flat\"\nper_user_year = 50.0";
    let struck = |text: Quiet, tables: &[&str]| {
        text.with(changes, often)
            .fault("controllers", "directory", &[50.0], &repair(5.0))
            .fault("it", "host", &[100.0], &repair(40.0))
            .strategy("it", tables)
            .scenario()
    };
    let hashes = "[strategy.sign_in]\nby_hashes = true\n";
    let played = |scenario: &Scenario| {
        let told = crate::world_bench::told(scenario, 0, 0).metrics;
        [Metric::SignInUserHours, DOWN, Metric::StaleUserHours, Metric::LabourHours]
            .map(|metric| told[metric])
    };
    let agents = played(&struck(through(ONE, NO_FALLBACK), &[]));
    assert_eq!(agents[..3], [1_000.0 * (locked_out(5.0) + locked_out(40.0)), 45.0, 0.0]);
    let by_hashes = played(&struck(through(ONE, NO_FALLBACK), &[hashes]));
    assert_eq!(by_hashes[..2], [0.0, 0.0]);
    // As many passwords are stale as where all sign in so.
    let plain = played(&struck(quiet(), &[]));
    assert!(by_hashes[2] > 0.0);
    assert_eq!(by_hashes[2..], plain[2..]);
}

// ------------------------------------------------------- sites that are cut off

#[test]
fn users_of_a_site_that_is_cut_off_lose_nothing_by_its_agents() {
    let two_in_one = "\"same\", \"same\"";
    let text = |outside: f64, sites: &str, kind: &str| {
        through_of(outside, sites, NO_FALLBACK)
            .table(THREE_TO_ONE)
            .fault("it", kind, &[100.0], &repair(20.0))
            .strategy("it", &[])
    };
    for kind in ["link", "site"] {
        // Three in ten are outside; of the seven inside a quarter works in the other site.
        locked_out_are(&text(0.3, two_in_one, kind), &[(0.3 + 0.7 * 0.25, 20.0)]);
        locked_out_are(&text(0.3, "\"same\", \"other\"", kind), &[]);
        locked_out_are(&text(0.0, two_in_one, kind), &[(0.25, 20.0)]);
    }
    // Where nobody says who works where, all work in the first site: nobody is left to call.
    let all_in_main = through_of(0.0, two_in_one, BY_HAND)
        .fault("it", "link", &[100.0], &repair(20.0))
        .strategy("it", &[])
        .play();
    all_in_main.metric_is(DOWN, 0.0).metric_is(Metric::LabourHours, 0.0);
}

#[test]
fn who_is_cut_off_for_a_while_is_locked_out_before_and_after() {
    // No agent from 100 to 150; the first site is cut off from 110 to 130.
    let text = through_of(0.3, "\"same\", \"other\"", NO_FALLBACK)
        .table(THREE_TO_ONE)
        .fault("agents", "engine", &[100.0], &(of_agents(50.0) + "common_mode = 1.0\n"))
        .fault("it", "link", &[110.0], &repair(20.0))
        .strategy("it", &[]);
    let main = 0.7 * 0.75;
    locked_out_are(&text, &[(1.0 - main, 50.0), (main, 10.0), (main, 20.0)]);
    text.play().metric_is(DOWN, 50.0);
    // A user of the first site who is locked out twice counts once.
    let failed = column(&trials_of(&text.scenario(), 0, 56, 2_000), Metric::SignInFailed);
    let share = (1.0 - main) * (1.0 - (-50.0_f64).exp()) + main * (1.0 - (-30.0_f64).exp());
    assert!(failed.iter().sum::<f64>() / 2_000.0 > 999.9 * share);
    // Where all work there, the loss ends when they are cut off, and comes back with their link. Whoever
    // was at it is called again.
    let all_in_main = through_of(0.0, "\"same\", \"other\"", "fallback = \"15h\"\n")
        .fault("agents", "engine", &[100.0], &(of_agents(50.0) + "common_mode = 1.0\n"))
        .fault("it", "link", &[110.0], &repair(20.0))
        .strategy("it", &[]);
    locked_out_are(&all_in_main, &[(1.0, 10.0), (1.0, 15.0)]);
}

#[test]
fn without_faults_of_sites_it_makes_no_difference_in_which_site_agents_stand() {
    let hours = |sites: &str| {
        let scenario = through_of(0.3, sites, BY_HAND)
            .without("detection")
            .table("[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n")
            .clock("crash", "server", 50.0, 20.0, 0.3)
            .strategy("it", &[])
            .scenario();
        column(&trials_of(&scenario, 0, 57, 300), Metric::SignInUserHours)
    };
    let one_site = hours("\"same\", \"same\"");
    assert!(one_site.iter().any(|hours| *hours > 0.0));
    assert_eq!(one_site, hours("\"same\", \"other\""));
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
        let text = farm(1.0, servers, proxies, NO_FALLBACK);
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
        told.metric_is(DOWN, hours);
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
    told.outages_are(&[(150.0, 160.0)]).metric_is(DOWN, 4.0);
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
    let hours = column(&trials, DOWN);
    assert_mean("hours without sign-in", &hours, mean);
    assert_variance("hours without sign-in", &hours, variance);
}
