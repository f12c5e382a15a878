//! Agents of Cloud Sync: k of n over two sites against a chain, and by hand what happens when some
//! or all of them fail, whom that wakes, where a new one is installed, and when the job goes on.

use crate::bench::{assert_mean, assert_variance, column};
use crate::world_bench::{NEVER, Quiet, close, down_in_both_sites, quiet, repair, trials_of};
use outlast::Metric;

/// Three agents in two sites; a new one takes 1 h.
const AGENTS: &str = r#"
[strategy.cloud_sync]
agents = 3
sites = ["same", "other"]
cycle = "0s"
quarantine = "0s"
install_agent = "1h"
success = 1.0
"#;

fn agents(sites: &str) -> String {
    let count = sites.split(',').count();
    AGENTS
        .replace("agents = 3", &format!("agents = {count}"))
        .replace("[\"same\", \"other\"]", &format!("[{sites}]"))
}

fn two() -> String {
    agents("\"same\", \"other\"")
}

// ------------------------------------------------------------------ k of n

#[test]
fn agents_over_two_sites_with_a_common_closure_are_the_chain() {
    // Two agents, one in each site. Their servers fail each for itself, and are repaired before a
    // new installation of 900 h would be. Either site closes by its own clock, and with probability
    // c the other too, each with a repair of its own. The state: who is down of the servers, and
    // how many repairs each site has outstanding.
    let c = 0.3;
    let (mean, variance) = down_in_both_sites(c);
    let late = two().replace("install_agent = \"1h\"", "install_agent = \"9000h\"");
    // Somebody looks at each agent, missed or not.
    let looks = "[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n";
    let scenario = quiet()
        .without("detection")
        .table(looks)
        .clock("crash", "server", 50.0, 20.0, 0.0)
        .clock("closed", "site", 80.0, 15.0, c)
        .strategy("agents", &[&late])
        .scenario();
    let downtime = column(&trials_of(&scenario, 0, 41, 20_000), Metric::DowntimeHours);
    assert_mean("downtime", &downtime, mean);
    assert_variance("downtime", &downtime, variance);
}

#[test]
fn one_of_two_is_not_missed_and_both_are() {
    let lost = |share: f64| {
        let keys = repair(10.0) + &format!("common_mode = {share:?}\n");
        quiet().fault("it", "engine", &[100.0], &keys).strategy("it", &[&two()])
    };
    // Nobody sees that one is lost, and nobody works on it.
    lost(0.0).play().outages_are(&[]).metric_is(Metric::LabourHours, 0.0);
    lost(1.0).play().outages_are(&[(100.0, 110.0)]).metric_is(Metric::LabourHours, 20.0);
}

#[test]
fn what_was_not_missed_is_mended_when_all_are_lost() {
    // The first agent is lost at 100, and nobody knows. At 150 the link of its site is cut: an agent
    // in the other site goes on.
    let text = quiet().fault("first", "engine", &[100.0], &repair(10.0)).fault(
        "way",
        "link",
        &[150.0],
        &repair(30.0),
    );
    text.clone().strategy("it", &[&two()]).play().outages_are(&[]);
    // Both in that site: nothing is left. The first is set up in the other site at 151, and its account
    // is mended at 160.
    let told = text.strategy("it", &[&agents("\"same\", \"same\"")]).play();
    told.outages_are(&[(150.0, 160.0)]);
}

#[test]
fn somebody_who_looks_at_agents_mends_one_that_is_not_missed() {
    let looks = "[[watch]]\nname = \"ping\"\nsees = [\"*\"]\nafter = \"2h\"\nstandby = true\n";
    let told = quiet()
        .without("detection")
        .table(looks)
        .fault("it", "engine", &[100.0], &repair(10.0))
        .strategy("it", &[&two()])
        .play();
    told.outages_are(&[]).metric_is(Metric::LabourHours, 10.0);
}

// ------------------------------------------------------------ new installations

#[test]
fn an_agent_whose_machine_is_lost_goes_to_another_server() {
    let all_lost = |kind: &str, keys: &str| {
        let keys = format!("{keys}common_mode = 1.0\n");
        let text = quiet().fault("it", kind, &[100.0], &keys).strategy("it", &[&two()]);
        text.play()
    };
    for kind in ["host", "server"] {
        // Both are installed anew in 1 h, by two people.
        let told = all_lost(kind, NEVER);
        told.outages_are(&[(100.0, 101.0)]).metric_is(Metric::LabourHours, 2.0);
        // A repair that is done sooner is waited for.
        all_lost(kind, &repair(0.5)).outages_are(&[(100.0, 100.5)]);
        let whole = repair(30.0) + "repair_covers = \"outage\"\n";
        all_lost(kind, &whole).outages_are(&[(100.0, 101.0)]);
    }
    // The account and the build are those of all agents.
    all_lost("engine", &repair(30.0)).outages_are(&[(100.0, 130.0)]);
}

#[test]
fn an_agent_is_installed_in_a_site_that_is_up() {
    let here = agents("\"same\", \"same\"");
    for kind in ["site", "link"] {
        let text = quiet().fault("it", kind, &[100.0], NEVER);
        text.clone().strategy("it", &[&here]).play().outages_are(&[(100.0, 101.0)]);
        text.clone().strategy("it", &[&two()]).play().outages_are(&[]);
        // Both sites are lost: nothing can be installed anywhere.
        let keys = format!("{}common_mode = 1.0\n", repair(30.0));
        let text = quiet().fault("it", kind, &[100.0], &keys);
        text.strategy("it", &[&two()]).play().outages_are(&[(100.0, 130.0)]);
    }
    // Not while the cloud is down.
    let text =
        quiet().fault("it", "site", &[100.0], NEVER).fault("cloud", "cloud", &[99.0], &repair(6.0));
    text.strategy("it", &[&here]).play().outages_are(&[(99.0, 106.0)]);
    // In vain.
    let fails = here.replace("success = 1.0", "success = 0.0");
    let text = quiet().fault("it", "site", &[100.0], &repair(20.0));
    let told = text.strategy("it", &[&fails]).play();
    told.outages_are(&[(100.0, 120.0)]).metric_is(Metric::LabourHours, 1.0);
}

#[test]
fn a_new_agent_imports_nothing_and_makes_no_split_brain() {
    // The first site is back at 200 with the old agents.
    let told = quiet()
        .fault("it", "site", &[100.0], &repair(100.0))
        .strategy("it", &[&agents("\"same\", \"same\"")])
        .play();
    told.outages_are(&[(100.0, 101.0)]);
    told.metric_is(Metric::LongestOutageHours, 1.0);
    // Nor is anything to be imported after weeks: an agent has no database.
    let told = quiet()
        .horizon(2_000.0)
        .fault("it", "cloud", &[100.0], &repair(1_000.0))
        .strategy("it", &[&two()])
        .play();
    told.metric_is(Metric::LongestOutageHours, 1_000.0);
}

#[test]
fn a_last_resort_is_an_agent_too() {
    let resort = "{ after = \"10h\", takes = \"4h\", fenced = 0.0 }";
    let told = quiet()
        .set("last_resort", resort)
        .fault("it", "engine", &[100.0], &format!("{NEVER}common_mode = 1.0\n"))
        .strategy("it", &[&two()])
        .play();
    told.outages_are(&[(100.0, 114.0)]);
    told.metric_is(Metric::LongestOutageHours, 14.0);
}

// ------------------------------------------------------ what cannot strike an agent

#[test]
fn faults_of_a_sync_server_do_not_strike_agents() {
    for kind in ["database", "contents", "export", "password-sync", "writeback"] {
        let keys = format!("{}common_mode = 1.0\n", repair(10.0));
        let text = quiet().fault("it", kind, &[100.0], &keys);
        text.strategy("it", &[&two()]).play().outages_are(&[]);
    }
    // What both have may be a fault of one of them alone.
    for (kind, only, struck) in [
        ("tenant", "all", true),
        ("tenant", "servers", false),
        ("tenant", "agents", true),
        ("engine", "servers", false),
        ("engine", "agents", true),
    ] {
        let keys = format!("{}common_mode = 1.0\nonly = \"{only}\"\n", repair(10.0));
        let text = quiet().fault("it", kind, &[100.0], &keys);
        let outages: &[(f64, f64)] = if struck { &[(100.0, 110.0)] } else { &[] };
        text.clone().strategy("it", &[&two()]).play().outages_are(outages);
        // A server has it the other way round.
        let told = text.strategy("it", &[]).play();
        assert_eq!(told.outages.is_empty(), only == "agents", "{kind} {only}");
    }
    // Agents update themselves.
    let upgrade =
        "[[planned]]\nname = \"upgrade\"\nat = [\"100h\"]\nwork = \"2h\"\nstops = \"all\"\n";
    let told = quiet().table(upgrade).strategy("it", &[&two()]).play();
    told.outages_are(&[]).metric_is(Metric::LabourHours, 0.0);
}

// -------------------------------------------------------------------- a watch

#[test]
fn a_channel_looks_at_those_alone_that_it_is_for() {
    // Sees it after an hour, and the other way to notice takes ten.
    let of = |only: &str| {
        format!(
            "[[watch]]\nname = \"w\"\nafter = \"1h\"\n{only}[[watch]]\nname = \"late\"\nafter = \"10h\"\n"
        )
    };
    for (only, server, agents) in
        [("", 3.0, 3.0), ("only = \"servers\"\n", 3.0, 12.0), ("only = \"agents\"\n", 12.0, 3.0)]
    {
        for (table, hours) in [("", server), (two().as_str(), agents)] {
            let text = quiet()
                .without("detection")
                .table(&of(only))
                .fault("it", "tenant", &[100.0], &repair(2.0))
                .strategy("it", &[table]);
            text.play().outages_are(&[(100.0, 100.0 + hours)]);
        }
    }
}

// ------------------------------------------------------------------ quarantine

/// All agents are cut off at 100 for so long; people come so many hours after that.
fn cut_off(hours: f64, detection: f64) -> Quiet {
    let keys = format!("{}common_mode = 1.0\n", repair(hours));
    let table = two().replace("quarantine = \"0s\"", "quarantine = \"4h\"");
    quiet()
        .set("detection", &format!("\"{detection}h\""))
        .fault("it", "link", &[100.0], &keys)
        .strategy("it", &[&table])
}

#[test]
fn after_a_long_failure_the_job_goes_on_at_its_next_attempt() {
    // Attempts are made 6, 12 and 24 hours after the beginning, and then each day.
    for (hours, detection, restored) in [
        (4.0, 90.0, 4.0),
        (5.0, 90.0, 6.0),
        (6.5, 90.0, 12.0),
        (12.0, 90.0, 12.0),
        (13.0, 90.0, 24.0),
        (24.0, 90.0, 24.0),
        (30.0, 90.0, 48.0),
        // Whoever has come restarts it.
        (30.0, 29.0, 30.0),
    ] {
        let told = cut_off(hours, detection).play();
        told.outages_are(&[(100.0, 100.0 + hours)]);
        told.metric_is(Metric::DowntimeHours, hours);
        told.metric_is(Metric::LongestOutageHours, restored);
    }
}

#[test]
fn whoever_was_called_restarts_the_job_when_they_come() {
    // Cut off from 100 to 105. Somebody is called at 102 and comes at 105.5: not at 106.
    let told = cut_off(5.0, 2.0).set("call_out", "\"3.5h\"").play();
    told.outages_are(&[(100.0, 105.0)]).metric_is(Metric::LongestOutageHours, 5.5);
    // Called after it is over, which is never.
    let told = cut_off(5.0, 6.0).set("call_out", "\"3.5h\"").play();
    told.metric_is(Metric::LongestOutageHours, 6.0);
}

#[test]
fn quarantine_holds_passwords_and_objects_and_not_writeback() {
    // One object change an hour, by a flat profile, over 5 h of failure and 1 h of quarantine:
    // the changes of 6 h wait half of that on average. Requests are refused for 5 h alone.
    let busy = |detection: f64| {
        cut_off(5.0, detection)
            .with("per_hour = 0.0", "per_hour = 1.0\nprofile = \"flat\"")
            .with(
                "[workload.writeback]\nper_user_year = 0.0",
                "[workload.writeback]\nper_user_year = 876.0\nprofile = \"flat\"\nattempts = 1",
            )
            .with(
                "[workload.password_changes]\nper_user_year = 0.0",
                "[workload.password_changes]\nper_user_year = 0.876\nprofile = \"flat\"",
            )
            .scenario()
    };
    for (detection, held) in [(90.0, 6.0), (1.0, 5.0)] {
        let trials = trials_of(&busy(detection), 0, 42, 4_000);
        let objects = column(&trials, Metric::ObjectDelayHours);
        assert_mean("objects", &objects, held * held / 2.0);
        // Of 1,000 users each changes at the rate r: stale from the first change on.
        let r = 0.876 / 8760.0;
        let stale = 1_000.0 * (held + (-r * held).exp_m1() / r);
        assert_mean("passwords", &column(&trials, Metric::StaleUserHours), stale);
        let refused = column(&trials, Metric::WritebackFailedAttempts);
        assert_mean("writeback", &refused, 1_000.0 * 876.0 / 8760.0 * 5.0);
    }
}

#[test]
fn agents_have_cycles_of_their_own() {
    // Down from 100 h to 100 h 3 min; the next cycle of 2 min is at 100 h 4 min, of 30 min at
    // 100 h 30 min. What came at and after 99 h 30 min waits for that one.
    let text = |tables: &str| {
        quiet()
            .set("object_cycle", "\"30m\"")
            .set("per_hour", "60.0\nprofile = \"flat\"")
            .fault("it", "tenant", &[100.0], &repair(0.05))
            .strategy("it", &[tables])
            .scenario()
    };
    let short = two().replace("cycle = \"0s\"", "cycle = \"2m\"");
    for (tables, cycle, back) in [(short.as_str(), 1.0 / 30.0, 2.0), ("", 0.5, 1.0)] {
        let trials = trials_of(&text(tables), 0, 43, 4_000);
        let delayed = column(&trials, Metric::DelayedObjectChanges);
        // Late is what an earlier cycle would have taken: all from the last cycle before 100 to
        // the last before the return.
        let late = if close(cycle, 0.5) { 0.5 } else { back * cycle };
        assert_mean("delayed", &delayed, 60.0 * late);
    }
}
