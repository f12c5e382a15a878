//! Each trap is warned of at its place, and only where it is one.

use crate::keys::{Finding, Severity};
use crate::scenario::{Scenario, ScenarioError};
use std::path::Path;

/// The findings of a scenario: its warnings, or all if it is wrong, as "place | message | help".
pub(super) fn findings(lines: &str) -> Vec<String> {
    let text = format!("name = \"x\"\n{lines}\n[[strategy]]\nname = \"plain\"\n");
    let show = |finding: &Finding| {
        let place = finding.span.clone().map_or("", |span| &text[span]);
        let first = place.lines().next().unwrap_or_default();
        let mark = if finding.severity == Severity::Error { "error: " } else { "" };
        format!("{mark}{first} | {} | {}", finding.message, finding.help.as_deref().unwrap_or(""))
    };
    match Scenario::read(text.clone(), Path::new(""), "x") {
        Ok(scenario) => scenario.warnings.iter().map(show).collect(),
        Err(ScenarioError::Wrong { findings, .. }) => findings.iter().map(show).collect(),
        Err(error) => vec![error.to_string()],
    }
}

/// The findings about a fault with these lines, in a year without a known date.
fn of_fault(lines: &str) -> Vec<String> {
    let fault =
        format!("[[fault]]\nname = \"cut\"\nstrikes = \"tenant\"\nrepair = \"1h\"\n{lines}");
    findings(&format!("start = \"2028-01-03\"\n{fault}"))
}

pub(super) const EVERY: &str = "every = { exponential = { mean = \"300d\" } }\n";
pub(super) const NONE: [&str; 0] = [];

#[test]
fn times_outside_a_trial_never_come() {
    for (at, expected) in [
        (
            "at = [\"2027-12-31\"]",
            "[\"2027-12-31\"] | \"cut\" never strikes: a trial begins on 2028-01-03 | give times \
             within the trial, or another start or horizon",
        ),
        (
            "at = [\"2029-01-02\"]",
            "[\"2029-01-02\"] | \"cut\" never strikes: a trial ends after 365d | give times \
             within the horizon, or a longer horizon",
        ),
        (
            "at = [\"2027-12-31\", \"9d\", \"366d\"]",
            "[\"2027-12-31\", \"9d\", \"366d\"] | 2 of 3 times never come: a trial runs from \
             2028-01-03 to 2029-01-02 | give times within the trial, or another start or horizon",
        ),
    ] {
        assert_eq!(of_fault(at), [expected]);
    }
    let both = of_fault(&format!("{EVERY}at = [\"2027-12-31\"]"));
    assert_eq!(both.len(), 1);
    assert!(both[0].contains("no time of \"cut\" ever comes: a trial begins on"), "{both:?}");
    assert_eq!(of_fault("at = [\"2028-01-03\", \"2029-01-01\"]"), NONE);
}

#[test]
fn a_time_to_failure_that_is_always_the_same_may_never_end() {
    let never = "\"10y\" | \"cut\" never strikes: it comes 3650d after the start of every trial, and a \
                 trial ends after 365d | for one that comes at random: every = { exponential = { mean = \
                 \"3650d\" } }";
    assert_eq!(of_fault("every = \"10y\""), [never]);
    for strikes in ["every = \"300d\"", EVERY, "every = \"10y\"\nat = [\"9d\"]"] {
        assert_eq!(of_fault(strikes), NONE, "{strikes}");
    }
}

#[test]
fn planned_work_that_never_begins_is_told() {
    let planned =
        |lines: &str| of_fault(&format!("{EVERY}[[planned]]\nname = \"upgrade\"\n{lines}"));
    assert_eq!(
        planned("at = [\"364d\"]\nwindow = \"Sun 08:00\""),
        ["[\"364d\"] | \"upgrade\" is never begun in a trial | a trial runs from Mon 2028-01-03 \
          00:00 to Tue 2029-01-02 00:00: give times within it"]
    );
    assert!(
        planned("every = \"3 years\"")[0].starts_with("\"3 years\" | \"upgrade\" is never begun")
    );
    assert_eq!(planned("every = \"365d\"\nwindow = \"Sun 08:00\""), NONE);
    let twice = planned("at = [\"9d\"]\n[[planned]]\nname = \"upgrade\"\nat = [\"1d\"]");
    assert_eq!(twice.len(), 1);
    assert!(twice[0].contains("two tables [[planned]] named \"upgrade\""), "{twice:?}");
}

#[test]
fn planned_work_outside_the_staffed_hours_is_told() {
    let planned = |staffed: &str, when: &str| {
        of_fault(&format!(
            "{EVERY}[operations]\nstaffed = \"{staffed}\"\nlast_resort = {{ after = \"1d\", takes = \
             \"1d\" }}\n[[planned]]\nname = \"upgrade\"\n{when}"
        ))
    };
    let saturday = "at = [\"2028-05-06\"]\nwindow = \"Sat 09:00\"";
    assert_eq!(
        planned("Mon-Fri 08:00-18:00", saturday),
        [
            "[\"2028-05-06\"] | \"upgrade\" begins on Sat 2028-05-06 09:00, outside the staffed hours | \
          people come for it all the same, and are paid for it: change its `window`, or leave it if that \
          is meant"
        ]
    );
    for staffed in ["Mon-Fri 08:00-18:00, Sat 09:00-12:00", "24x7"] {
        assert_eq!(planned(staffed, saturday), NONE);
    }
    // The day's end is no longer staffed.
    let twice = "at = [\"2028-05-04\", \"2028-05-05\"]\nwindow = \"18:00\"";
    assert!(planned("Mon-Fri 08:00-18:00", twice)[0].contains("18:00 and once more, outside"));
}

#[test]
fn a_known_date_wants_a_fault_on_that_day() {
    let year = |lines: &str| {
        let fault = "[[fault]]\nname = \"cut\"\nstrikes = \"tenant\"\nrepair = \"1h\"";
        findings(&format!("start = \"2027-01-04\"\n{lines}\n{fault}\n{EVERY}"))
    };
    let warned = year("horizon = \"100d\"");
    assert_eq!(warned.len(), 1);
    assert!(
        warned[0].starts_with(
            "\"2027-01-04\" | 2027-04-07 lies in a trial, and no fault strikes on that day: \
             synchronisation stops for builds below 2.6.84.0"
        ),
        "{warned:?}"
    );
    assert!(warned[0].contains("kind \"engine\" with at = [\"2027-04-07\"]"), "{warned:?}");
    assert_eq!(year("horizon = \"93d\""), NONE);
    for at in ["2027-04-07", "2027-04-07 09:00"] {
        assert_eq!(
            year(&format!(
                "[[fault]]\nname = \"day\"\nstrikes = \"engine\"\nrepair = \"1h\"\nat = [\"{at}\"]"
            )),
            NONE
        );
    }
    let day =
        "[[fault]]\nname = \"day\"\nstrikes = \"engine\"\nrepair = \"1h\"\nat = [\"2027-04-08\"]";
    assert_eq!(year(day).len(), 1);
}

#[test]
fn channels_see_what_there_is() {
    let watch = |sees: &str| {
        let all = "[[watch]]\nname = \"all\"\nafter = \"9h\"\n";
        of_fault(&format!("{EVERY}{all}[[watch]]\nname = \"w\"\nafter = \"1h\"\nsees = [{sees}]"))
    };
    assert_eq!(watch("\"tenant\", \"link\""), NONE);
    assert_eq!(watch("\"cut\""), NONE);
    assert_eq!(
        watch("\"tennant\""),
        ["[\"tennant\"] | \"w\" sees \"tennant\", and no fault has that name | did you mean \
          \"tenant\"?"]
    );
    assert_eq!(
        watch("\"tenant\", \"earthquake\""),
        [
            "[\"tenant\", \"earthquake\"] | \"w\" sees \"earthquake\", and no fault has that name | write a \
          kind such as \"server\", the name of a fault, or \"*\""
        ]
    );
    assert_eq!(
        watch("\"link\", \"site\""),
        ["[\"link\", \"site\"] | \"w\" never sees anything: no fault is of a kind that it sees | \
          add a [[fault]] of such a kind, or let it see others"]
    );
    let own = of_fault(&format!(
        "{EVERY}[[strategy]]\nname = \"script\"\n[[strategy.watch]]\nname = \"w\"\nafter = \"1h\"\nsees = [\"flood\"]"
    ));
    assert_eq!(own.len(), 1);
    assert!(own[0].starts_with("\"script\" | \"w\" sees \"flood\""), "{own:?}");
}

#[test]
fn somebody_learns_of_each_fault() {
    let blind = "[[watch]]\nname = \"ping\"\nafter = \"1h\"\nsees = [\"ping\"]\n\
                 [[fault]]\nname = \"ping\"\nstrikes = \"link\"\nrepair = \"1h\"\nat = [\"1d\"]\n";
    let fault = |lines: &str| of_fault(&format!("{EVERY}{lines}"));
    let told = fault(blind);
    assert_eq!(
        told,
        [
            "\"cut\" | with \"plain\", nobody learns of \"cut\": no [[watch]] sees it | add a channel \
          with sees = [\"*\"], such as people who notice in the end"
        ]
    );
    assert_eq!(fault(&format!("detection = \"1h\"\n{blind}")), NONE);
    assert_eq!(fault(&format!("{blind}[operations]\nuser_reports = 3")), NONE);
    // A strategy with a channel of its own is not blind.
    let own = "[[strategy]]\nname = \"script\"\n[[strategy.watch]]\nname = \"w\"\nafter = \"1h\"\n";
    let told = fault(&format!("{blind}{own}"));
    assert!(told.len() == 1 && told[0].contains("with \"plain\", nobody"), "{told:?}");
    let other = "[[strategy]]\nname = \"other\"\n";
    let told = fault(&format!("{blind}{other}"));
    assert!(told.len() == 1 && told[0].contains("with any strategy, nobody"), "{told:?}");
    // The channels that hold without a word see everything.
    assert_eq!(fault(""), NONE);
}

#[test]
fn detection_is_short_for_one_channel() {
    let short = "[operations]\ndetection = \"2h\"\n";
    assert_eq!(of_fault(&format!("{EVERY}{short}")), NONE);
    let both = format!("{EVERY}{short}[[watch]]\nname = \"w\"\nafter = \"1h\"\n");
    assert_eq!(
        of_fault(&both),
        [
            "error: \"2h\" | `detection` is short for one [[watch]], and there are such tables too | \
          keep one of both: leave `detection` out, or the tables [[watch]]"
        ]
    );
    let scenario = |lines: &str| {
        let text = format!("name = \"x\"\n{lines}\n[[strategy]]\nname = \"plain\"\n");
        Scenario::read(text, Path::new(""), "x").unwrap()
    };
    let watch = |scenario: &Scenario| -> Vec<String> {
        scenario.world.watch.iter().map(|watch| watch.name.clone()).collect()
    };
    let (one, four) = (scenario(short), scenario(""));
    assert_eq!(watch(&one), ["monitoring"]);
    assert_eq!(
        watch(&four),
        [
            "ping",
            "Connect Health",
            "mail of a day without synchronisation",
            "mail of the provisioning job",
            "somebody notices"
        ]
    );
    let listed = |scenario: &Scenario| {
        scenario.assumptions.iter().filter(|one| one.key.starts_with("watch.")).count()
    };
    assert_eq!(listed(&one), 0);
    assert!(listed(&four) > 8);
    assert_eq!(four.world.sites, crate::world::site::Sites::default());
}

#[test]
fn people_are_no_machines() {
    let people = |lines: &str| of_fault(&format!("{EVERY}[operations]\n{lines}"));
    assert_eq!(
        people("people = 1"),
        ["1 | one person is at hand day and night, every day | people sleep and are on leave: \
          give more people, or the hours in which one is there"]
    );
    assert_eq!(people("people = 1\nstaffed = \"office\""), NONE);
    assert_eq!(
        people("last_resort = \"never\""),
        [
            "\"never\" | nobody ever sets up a new server, however long an outage lasts | people find \
          a way in the end: say after how long, { after = \"2d\", takes = \"1d to 4d\" }"
        ]
    );
}

#[test]
fn a_fault_that_is_never_repaired_ends_by_the_last_resort_or_never() {
    let never = |kind: &str, lines: &str| {
        findings(&format!(
            "start = \"2028-01-03\"\n{lines}\n[[fault]]\nname = \"cut\"\nstrikes = \"{kind}\"\nrepair = \"never\"\n{EVERY}"
        ))
    };
    assert_eq!(never("server", ""), NONE);
    assert_eq!(never("site", ""), NONE);
    assert!(never("tenant", "")[0].contains("an outage by \"cut\" never ends"));
    assert!(never("site", "[[site]]\nname = \"only\"")[0].contains("never ends"));
}

#[test]
fn the_directory_is_somewhere() {
    let sites = |controllers: [bool; 2]| {
        let site =
            |(name, has)| format!("[[site]]\nname = \"{name}\"\ndomain_controllers = {has}\n");
        let sites: String = ["a", "b"].into_iter().zip(controllers).map(site).collect();
        of_fault(&format!("{EVERY}{sites}"))
    };
    assert_eq!(sites([false, true]), NONE);
    let told = sites([false, false]);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("error: [[site]] | no site has domain controllers | "), "{told:?}");
    let twins = of_fault(&format!("{EVERY}[[site]]\nname = \"a\"\n[[site]]\nname = \"a\""));
    assert!(twins.len() == 1 && twins[0].contains("two tables [[site]] named \"a\""), "{twins:?}");
}

/// The findings of a scenario with these lines and strategies.
fn of_strategies(lines: &str, strategies: &[&str]) -> Vec<String> {
    let strategies = strategies.join("\n");
    findings(&format!(
        "[[fault]]\nname = \"cut\"\nstrikes = \"host\"\nrepair = \"1h\"\ncommon_mode = 0.1\n{EVERY}{lines}\n{strategies}"
    ))
}

#[test]
fn sizes_that_nobody_states_fit_the_users() {
    let strategy = ["[[strategy]]\nname = \"a\"\nannual_cost = 0"];
    assert_eq!(
        of_strategies("[organisation]\nusers = 5_000", &strategy),
        ["5_000 | 60,000 objects and 20 changes of objects an hour are the default for 25,000 \
          users, and here are 5,000 | give your own, or as many for each user as the default has: \
          objects = 12_000, [workload.object_changes] per_hour = 4.0"]
    );
    let one = of_strategies("[organisation]\nusers = 50_000\nobjects = 90_000", &strategy);
    assert_eq!(one.len(), 1);
    assert!(one[0].starts_with("50_000 | 20 changes of objects an hour are"), "{one:?}");
    assert!(one[0].ends_with("[workload.object_changes] per_hour = 40.0"), "{one:?}");
    let stated =
        "[organisation]\nusers = 8000\nobjects = 19_000\n[workload.object_changes]\nper_hour = 6.5";
    assert_eq!(of_strategies(stated, &strategy), NONE);
    // Not far from those of the default, and not stated at all.
    assert_eq!(of_strategies("[organisation]\nusers = 30_000", &strategy), NONE);
    assert_eq!(of_strategies("", &strategy), NONE);
}

#[test]
fn sizes_taken_over_from_the_default_fit_the_users() {
    let strategy = ["[[strategy]]\nname = \"a\"\nannual_cost = 0"];
    let office = |objects: &str, changes: &str, devices: &str| {
        let lines = format!(
            "[organisation]\nusers = 5_000\nobjects = {objects}\n[workload.object_changes]\n\
             per_hour = {changes}\ndevices_per_hour = {devices}"
        );
        of_strategies(&lines, &strategy)
    };
    assert_eq!(office("12_000", "4.0", "0.14"), NONE);
    // What `init` wrote, with only the users changed.
    assert_eq!(
        office("60_000", "20.0", "0.7"),
        [
            "5_000 | 60,000 objects, 20 changes of objects an hour and 0.7 new devices an hour are the \
          default for 25,000 users, and here are 5,000 | give your own, or as many for each user as the \
          default has: objects = 12_000, [workload.object_changes] per_hour = 4.0, \
          [workload.object_changes] devices_per_hour = 0.14"
        ]
    );
    // A year's changes given as those of an hour, and those of an hour as those of a second.
    assert_eq!(
        office("12_000", "400.0", "0.0014"),
        [
            "400.0 | 400 changes of objects an hour are 100 times as many for each user as the default \
             has | if that is not meant: [workload.object_changes] per_hour = 4.0",
            "0.0014 | 0.0014 new devices an hour are 100 times fewer for each user than the default has \
             | if that is not meant: [workload.object_changes] devices_per_hour = 0.14"
        ]
    );
}

#[test]
fn a_full_sql_server_has_room_for_many_objects() {
    let strategy = ["[[strategy]]\nname = \"a\"\nannual_cost = 0"];
    let objects = "[organisation]\nobjects = 120_000";
    let told = of_strategies(objects, &strategy);
    assert_eq!(told.len(), 1);
    assert!(told[0].ends_with("and say so: [sync] full_sql_server = true"), "{told:?}");
    assert_eq!(
        of_strategies(&format!("{objects}\n[sync]\nfull_sql_server = true"), &strategy),
        NONE
    );
}

#[test]
fn what_is_kept_ready_costs_something_where_prices_count() {
    let ready = "[[strategy]]\nname = \"ready\"\n[strategy.virtual_machine]";
    let watched = "[[strategy]]\nname = \"watched\"\n[[strategy.watch]]\nname = \"s\"\nsees = [\"*\"]\nafter = \"1h\"";
    let help = "the choice is made by cost: say what it costs a year, or that it is nothing: annual_cost = 0";
    assert_eq!(
        of_strategies("[costs]", &[ready]),
        [format!(
            "\"ready\" | \"ready\" costs nothing to keep ready: `annual_cost` is left out | {help}"
        )]
    );
    assert_eq!(
        of_strategies("[costs]", &[ready, watched]),
        [format!(
            "\"ready\" | \"ready\" and 1 other strategy cost nothing to keep ready: `annual_cost` is \
             left out | {help}"
        )]
    );
    assert_eq!(of_strategies("", &[ready, watched]), NONE);
    let paid = format!("{watched}\nannual_cost = 0");
    let free = ready.replace("[strategy.", "annual_cost = 0\n[strategy.");
    assert_eq!(of_strategies("[costs]", &[&free, &paid]), NONE);
}

#[test]
fn a_replica_elsewhere_is_no_cluster() {
    let machine =
        |lines: &str| format!("[[strategy]]\nname = \"vm\"\n[strategy.virtual_machine]\n{lines}");
    assert_eq!(
        of_strategies("", &[&machine("site = \"other\"")]),
        [
            "\"other\" | the machine also restarts by itself on another host of its own site: `capacity` is \
          left at 0.98 | a replica alone does not: write capacity = 0; a cluster with a replica \
          does: write capacity = 0.98"
        ]
    );
    assert_eq!(of_strategies("", &[&machine("site = \"other\"\ncapacity = 0")]), NONE);
    assert_eq!(of_strategies("", &[&machine("site = \"same\"")]), NONE);
}

/// A strategy that can be promoted, and perhaps be rebuilt.
fn staged(name: &str, staging: &str, rebuild: bool) -> String {
    let rebuild = if rebuild { "\n[strategy.rebuild]" } else { "" };
    format!("[[strategy]]\nname = \"{name}\"\n[strategy.staging]\n{staging}{rebuild}")
}

#[test]
fn a_table_that_two_strategies_share_says_the_same_in_both() {
    let alone = staged("a", "promote = \"8h\"", false);
    let told = of_strategies("", &[&alone, &staged("a + b", "", true)]);
    assert_eq!(
        told,
        [
            "[strategy.staging] | strategy.\"a + b\".staging: promote is \"20m to 1h 30m\" by default, and \
          \"8h\" in \"a\" | write promote = \"8h\" in \"a + b\" too, or change it in all of them for one \
          run: --set \"strategy.*.staging.promote=8h\"; where they differ on purpose, say # on purpose \
          beside the value"
        ]
    );
    // Forgotten in the simpler one.
    let other =
        of_strategies("", &[&staged("a", "", false), &staged("a + b", "success = 0.5", true)]);
    assert_eq!(other.len(), 1);
    assert!(other[0].contains("write success = 0.5 in \"a\" too"), "{other:?}");
    // The same, written otherwise; on purpose; one of two simpler ones; neither is more than the
    // other.
    let same = staged("a + b", "promote = \"480m\"", true);
    let meant = staged("a + b", "promote = \"1h\" # on purpose: rehearsed", true);
    let far = staged("far", "promote = \"1h\"", false);
    let far_too = staged("far + b", "promote = \"1h\"", true);
    for strategies in [
        vec![&alone, &same],
        vec![&alone, &meant],
        vec![&alone, &far, &far_too],
        vec![&alone, &far],
    ] {
        let strategies: Vec<&str> = strategies.into_iter().map(String::as_str).collect();
        assert_eq!(of_strategies("", &strategies), NONE);
    }
}

#[test]
fn a_channel_more_is_no_reason_for_another_table() {
    let watched = format!(
        "{}\n[[strategy.watch]]\nname = \"s\"\nsees = [\"*\"]\nafter = \"1h\"",
        staged("a + s", "promote = \"20m to 1h 30m\"", false)
    );
    let told = of_strategies("", &[&staged("a", "promote = \"8h\"", false), &watched]);
    assert_eq!(told.len(), 1);
    assert!(
        told[0].contains("\"a + s\".staging: promote is \"20m to 1h 30m\", and \"8h\" in \"a\" |"),
        "{told:?}"
    );
}

#[test]
fn all_simpler_strategies_and_all_keys_stand_in_one_warning() {
    // Two simpler ones agree on one key and not on the other; the larger one was forgotten.
    let a = staged("a", "promote = \"8h\"\nsuccess = 0.5", false);
    let b = staged("b", "promote = \"8h\"\nsuccess = 0.6", false);
    let told = of_strategies("", &[&a, &b, &staged("a + c", "", true)]);
    assert_eq!(
        told,
        [
            "[strategy.staging] | strategy.\"a + c\".staging: success is 0.95 by default, and 0.5 in \"a\", \
          0.6 in \"b\"; promote is \"20m to 1h 30m\" by default, and \"8h\" in \"a\" and \"b\" | write \
          promote = \"8h\" in \"a + c\" too, or change it in all of them for one run: --set \
          \"strategy.*.staging.promote=8h\"; where they differ on purpose, say # on purpose beside the \
          value"
        ]
    );
    // What agrees with one that is itself forgotten is forgotten too: both are named at once.
    let channel = "\n[[strategy.watch]]\nname = \"s\"\nsees = [\"*\"]\nafter = \"1h\"";
    let middle = staged("a + s", "", false) + channel;
    let most = staged("a + s + c", "", true) + channel;
    let told = of_strategies("", &[&staged("a", "promote = \"8h\"", false), &middle, &most]);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("\"a + s\".staging: promote") && told[1].contains("\"a + s + c\""));
}
