//! What a server holds, events that take servers, old servers that return, what people try first,
//! and the passwords that a new or a promoted server has to work off.

use crate::bench::{assert_mean, assert_share, assert_variance, column};
use crate::world_bench::{
    GROUP, IMPORT, NEVER, Quiet, REBUILD, REPLICA, STAGING, SYNC, close, metric, quiet, repair,
};
use outlast::Metric;

const TRIALS: u64 = 20_000;

// ------------------------------------------------------------------- contents

#[test]
fn an_image_brings_back_what_the_server_held_with_its_age() {
    // An image of 22 days asks for a full import and a full sync.
    let old = REPLICA.replace("image_age = \"1d\"", "image_age = \"22d\"");
    let text = quiet().fault("bad edit", "contents", &[100.0], &repair(50.0));
    let told = text.clone().strategy("it", &[&old]).play();
    told.outages_are(&[(100.0, 102.0)]).metric_is(Metric::CatchUpHours, IMPORT + SYNC);
    // Nobody repairs what is being overwritten.
    told.metric_is(Metric::LabourHours, 2.0);
    // A database that lives apart has kept the damaged rows.
    text.strategy("it", &[&old, GROUP]).play().outages_are(&[(100.0, 150.0)]);
}

#[test]
fn a_database_apart_does_not_survive_damage_to_what_it_holds() {
    // The account of a server is not in its database.
    for (kind, catch_up) in [("engine", 0.0), ("server", 0.0), ("contents", IMPORT + SYNC)] {
        let told = quiet()
            .with("[sync]", "[sync]\npasswords_per_minute = 1e12")
            .fault("it", kind, &[100.0], &repair(50.0))
            .strategy("it", &[GROUP, REBUILD])
            .play();
        told.outages_are(&[(100.0, 104.0)]).metric_is(Metric::CatchUpHours, catch_up);
    }
}

#[test]
fn what_an_image_holds_too_is_cured_by_a_new_installation_alone() {
    // A database that is full, or a build that is cut off: last night's image is no better.
    for (table, kind, end) in [
        (REPLICA.to_owned(), "contents", 102.0),
        (REPLICA.to_owned(), "engine", 150.0),
        (open(REBUILD), "engine", 104.0),
    ] {
        let text =
            untangled().fault("it", kind, &[100.0], &(repair(50.0) + "only = \"servers\"\n"));
        text.strategy("it", &[&table]).play().outages_are(&[(100.0, end)]);
    }
}

#[test]
fn planned_work_that_goes_wrong_leaves_what_an_image_brings_back() {
    // Monday 20:00 to 22:00 = 20 to 22 h; those who did it see it at once.
    let plan = "[[planned]]\nname = \"upgrade\"\nat = [\"2027-01-04T20:00\"]\nwork = \"2h\"\n\
                stops = \"nothing\"\nfull_sync = false\ngoes_wrong = 1.0\nrepair = \"30h\"";
    for (tables, end) in
        [(&[][..], 52.0), (&[REPLICA], 24.0), (&[GROUP, REPLICA], 52.0), (&[GROUP, REBUILD], 26.0)]
    {
        quiet().table(plan).strategy("it", tables).play().outages_are(&[(22.0, end)]);
    }
}

// -------------------------------------------------------- events that take servers

#[test]
fn an_event_takes_each_server_by_its_share() {
    // The first server is struck for 20 h whether or not it is taken itself; the standby serves
    // after 1 h unless it is taken.
    let p = 0.3;
    let keys = format!("{}common_mode = 0.0\ntakes_servers = {p:?}\n", repair(20.0));
    let text = quiet().fault("ransom", "engine", &[100.0], &keys).strategy("it", &[STAGING]);
    let downtime = column(&text.trials(0, 61, TRIALS), Metric::DowntimeHours);
    assert_share("both", &downtime, p, |hours| close(hours, 20.0));
    assert_share("one", &downtime, 1.0 - p, |hours| close(hours, 1.0));
    assert_mean("downtime", &downtime, 20.0 * p + 1.0 - p);
}

#[test]
fn a_server_that_is_taken_has_a_repair_of_its_own() {
    // The longer of two exponential repairs with p: mean 3/2, second moment 7/2.
    let p = 0.4;
    let keys =
        format!("repair = {{ exponential = {{ mean = \"10h\" }} }}\ntakes_servers = {p:?}\n");
    let text = quiet().fault("ransom", "directory", &[100.0], &keys).strategy("it", &[]);
    let downtime = column(&text.trials(0, 62, TRIALS), Metric::DowntimeHours);
    let (mean, square) = (10.0 * (1.0 - p) + 15.0 * p, 200.0 * (1.0 - p) + 350.0 * p);
    assert_mean("downtime", &downtime, mean);
    assert_variance("downtime", &downtime, square - mean * mean);
}

#[test]
fn whoever_repairs_the_site_does_not_repair_the_server() {
    // The fire is over at 110. People are alarmed at 102 and work on the server until 112.
    let keys = repair(10.0) + "takes_servers = 1.0\n";
    let told = quiet()
        .set("detection", "\"2h\"")
        .fault("fire", "site", &[100.0], &keys)
        .strategy("it", &[])
        .play();
    told.outages_are(&[(100.0, 112.0)]).metric_is(Metric::LabourHours, 10.0);
}

// -------------------------------------------------------------- repair comes first

/// Noticed at once and decided after 1 h; people keep to their repair for 3 h more.
fn patient() -> Quiet {
    quiet().set("decision", "\"1h\"").set("repair_first", "\"3h\"")
}

#[test]
fn people_keep_to_a_repair_of_their_own_before_they_promote() {
    for (hours, end) in [(2.0, 102.0), (4.0, 104.0), (4.5, 104.5), (50.0, 105.0)] {
        let text = patient().fault("it", "server", &[100.0], &repair(hours));
        text.strategy("it", &[STAGING]).play().outages_are(&[(100.0, end)]);
    }
    // Not to one that a provider makes, nor to one that nobody can make.
    let text = patient().fault("it", "site", &[100.0], &repair(50.0));
    text.strategy("it", &[STAGING]).play().outages_are(&[(100.0, 102.0)]);
    let text = patient().fault("it", "server", &[100.0], NEVER);
    text.strategy("it", &[STAGING]).play().outages_are(&[(100.0, 102.0)]);
}

#[test]
fn people_turn_to_the_standby_when_more_is_down_than_they_can_repair() {
    // The link is cut for half an hour at 102: no use to wait.
    let text = patient()
        .fault("it", "server", &[100.0], &repair(50.0))
        .fault("dig", "link", &[102.0], &repair(0.5))
        .strategy("it", &[STAGING]);
    text.play().outages_are(&[(100.0, 103.0)]);
}

#[test]
fn people_keep_to_their_repair_before_the_last_resort() {
    let resort = "{ after = \"2h\", takes = \"5h\", fenced = 1.0 }";
    let text = patient().set("last_resort", resort);
    // From 101 + 3 on; what is never repaired, from 100 + 2 on.
    for (keys, end) in [(repair(200.0), 109.0), (NEVER.to_owned(), 107.0)] {
        let text = text.clone().fault("it", "server", &[100.0], &keys);
        text.strategy("it", &[]).play().outages_are(&[(100.0, end)]);
    }
}

#[test]
fn planned_work_that_stands_in_the_way_is_theirs_as_well() {
    // The upgrade stops the export from 20 to 30 h; the server dies at 22 and is repaired at 24.5.
    let plan = "[[planned]]\nname = \"upgrade\"\nat = [\"2027-01-04T20:00\"]\nwork = \"10h\"\n\
                stops = \"export\"\nfull_sync = false\ngoes_wrong = 0.0";
    let told = patient()
        .table(plan)
        .fault("it", "server", &[22.0], &repair(2.5))
        .strategy("it", &[REBUILD])
        .play();
    told.outages_are(&[(20.0, 30.0)]).metric_is(Metric::LabourHours, 10.0 + 2.5);
}

#[test]
fn a_channel_does_not_see_what_it_misses() {
    let watch = "[[watch]]\nname = \"script\"\nsees = [\"*\"]\nmisses = [\"rules\", \"host\"]\n\
                 after = \"1h\"\n[[watch]]\nname = \"mail\"\nsees = [\"*\"]\nafter = \"24h\"";
    let text = quiet().without("detection").table(watch);
    for (name, kind, end) in
        [("rules", "engine", 134.0), ("key", "engine", 111.0), ("rack", "host", 134.0)]
    {
        let text = text.clone().fault(name, kind, &[100.0], &repair(10.0));
        text.strategy("it", &[]).play().outages_are(&[(100.0, end)]);
    }
}

// ------------------------------------------------------------ servers that return

fn open(table: &str) -> String {
    table.replace("fenced = 1.0", "fenced = 0.0")
}

/// A diagnosis takes 2 h.
fn untangled() -> Quiet {
    quiet().set("diagnose", "\"2h\"")
}

#[test]
fn a_replaced_machine_that_returns_unfenced_splits_the_brain() {
    for kind in ["host", "server"] {
        let text = untangled().fault("it", kind, &[100.0], &repair(50.0));
        let told = text.clone().strategy("it", &[&open(REBUILD)]).play();
        told.outages_are(&[(100.0, 104.0), (150.0, 152.0)]);
        assert_eq!(told.outages[1].3, "split brain");
        told.metric_is(Metric::LabourHours, 4.0 + 50.0 + 2.0);
        text.strategy("it", &[REBUILD]).play().outages_are(&[(100.0, 104.0)]);
    }
    // Alarm and arrival as ever: an hour and half an hour.
    let told = untangled()
        .set("detection", "\"1h\"")
        .set("call_out", "\"30m\"")
        .fault("it", "server", &[100.0], &repair(50.0))
        .strategy("it", &[&open(REBUILD)])
        .play();
    told.outages_are(&[(100.0, 105.5), (151.5, 155.0)]);
    // An installation in place has no old server.
    for kind in ["database", "engine", "contents", "export"] {
        let text = untangled().fault("it", kind, &[100.0], &repair(50.0));
        text.strategy("it", &[&open(REBUILD)]).play().outages_are(&[(100.0, 104.0)]);
    }
}

#[test]
fn whoever_moves_away_from_a_dark_site_meets_its_server_when_it_is_lit() {
    let elsewhere = open(REBUILD) + "site = \"other\"\nelsewhere = \"10h\"\n";
    for (table, end) in [(elsewhere, 114.0), (open(REPLICA), 102.0)] {
        let site = untangled().fault("fire", "site", &[100.0], &repair(50.0));
        let told = site.clone().strategy("it", &[&table]).play();
        told.outages_are(&[(100.0, end), (150.0, 152.0)]);
        // A server whose site has only lost its way to the cloud is within reach.
        let text = untangled().fault("dig", "link", &[100.0], &repair(50.0));
        text.strategy("it", &[&table]).play().outages_are(&[(100.0, end)]);
        // It is no server in service before its link is there as well.
        let told = site.fault("dig", "link", &[100.0], &repair(90.0));
        let told = told.strategy("it", &[&table]).play();
        told.outages_are(&[(100.0, end), (190.0, 192.0)]);
    }
    // The same of a standby that was promoted.
    let told = untangled()
        .fault("fire", "site", &[100.0], &repair(50.0))
        .strategy("it", &[&open(STAGING)])
        .play();
    told.outages_are(&[(100.0, 101.0), (150.0, 151.0)]);
}

#[test]
fn a_machine_in_a_dark_site_returns_when_both_are_back() {
    let elsewhere = open(REBUILD) + "site = \"other\"\nelsewhere = \"10h\"\n";
    for (site, server) in [(50.0, 80.0), (80.0, 50.0)] {
        let text = untangled().fault("fire", "site", &[100.0], &repair(site)).fault(
            "crash",
            "server",
            &[100.0],
            &repair(server),
        );
        let told = text.clone().strategy("it", &[&elsewhere]).play();
        told.outages_are(&[(100.0, 114.0), (180.0, 182.0)]);
        // Nobody repairs a guest whose image runs elsewhere.
        text.strategy("it", &[&open(REPLICA)]).play().outages_are(&[(100.0, 102.0)]);
    }
}

#[test]
fn the_last_resort_leaves_an_old_server_behind() {
    let resort = "{ after = \"10h\", takes = \"24h\", fenced = 0.0 }";
    for kind in ["site", "host", "server"] {
        let text = untangled().fault("it", kind, &[100.0], &repair(90.0)).strategy("it", &[]);
        let told = text.clone().set("last_resort", resort).play();
        told.outages_are(&[(100.0, 134.0), (190.0, 192.0)]);
        let told = text.set("last_resort", &resort.replace("0.0", "1.0")).play();
        told.outages_are(&[(100.0, 134.0)]);
    }
}

#[test]
fn a_server_is_set_up_where_the_directory_was_restored() {
    // Both sites burn from 100 to 600. The directory is restored elsewhere at 120, and a server is
    // set up beside it from 148 to 172. Nothing strikes it there; its old server returns with its
    // site.
    let common = |hours: f64| repair(hours) + "common_mode = 1.0\n";
    let resort = "{ after = \"48h\", takes = \"24h\", fenced = 0.0 }";
    let told = untangled()
        .horizon(700.0)
        .set("restore_directory", "\"20h\"")
        .set("last_resort", resort)
        .fault("fire", "site", &[100.0], &common(500.0))
        .fault("flood", "site", &[200.0], &common(50.0))
        .fault("dig", "link", &[300.0], &common(50.0))
        .fault("crash", "host", &[400.0], &repair(5.0))
        .strategy("it", &[])
        .play();
    told.outages_are(&[(100.0, 172.0), (400.0, 405.0), (600.0, 602.0)]);
}

#[test]
fn each_of_several_old_servers_returns_in_its_time() {
    // A server bought within the hour takes 4 h to install; the second one dies under it.
    let table = open(REBUILD)
        .replace("spare = \"server\"", "spare = \"procure\"")
        .replace("\"120h\"", "\"1h\"");
    let told = untangled()
        .fault("first", "server", &[100.0], &repair(100.0))
        .fault("second", "server", &[110.0], &repair(40.0))
        .strategy("it", &[&table])
        .play();
    told.outages_are(&[(100.0, 105.0), (110.0, 115.0), (150.0, 152.0), (200.0, 202.0)]);
}

#[test]
fn an_old_server_returns_unfenced_by_its_share() {
    let table = REBUILD.replace("fenced = 1.0", "fenced = 0.7");
    let text = untangled().fault("it", "server", &[100.0], &repair(50.0)).strategy("it", &[&table]);
    let downtime = column(&text.trials(0, 63, TRIALS), Metric::DowntimeHours);
    assert_share("fenced", &downtime, 0.7, |hours| close(hours, 4.0));
    assert_share("unfenced", &downtime, 0.3, |hours| close(hours, 6.0));
}

// ------------------------------------------------------------------- passwords

/// 1,200 users, whose passwords a server syncs in two hours.
fn two_hours_of_passwords() -> Quiet {
    quiet().set("users", "1200").with("[sync]", "[sync]\npasswords_per_minute = 10.0")
}

/// Of them one user in `hours` hours changes the password, at any time of the week.
fn with_changes(text: Quiet, hours: f64) -> Quiet {
    let year = 8_760.0 / hours;
    text.with(
        "[workload.password_changes]\nper_user_year = 0.0",
        &format!("[workload.password_changes]\nper_user_year = {year:?}\nprofile = \"flat\""),
    )
}

#[test]
fn a_new_server_syncs_the_passwords_of_all_users_first() {
    let text = two_hours_of_passwords()
        .fault("it", "server", &[100.0], &repair(50.0))
        .strategy("it", &[REBUILD]);
    let told = text.play();
    told.outages_are(&[(100.0, 104.0)]).metric_is(Metric::CatchUpHours, IMPORT + SYNC + 2.0);
    // Whoever changed the password from 100 to 109 is stale until 109 (and six seconds for each).
    let (n, a, d) = (1_200.0, 1.0 / 4_000.0_f64, 9.0);
    let p = 1.0 - (-a * d).exp();
    let trials = with_changes(text, 4_000.0).trials(0, 64, TRIALS);
    assert_mean("user-hours", &column(&trials, Metric::StaleUserHours), n * (d - p / a));
}

#[test]
fn an_image_or_a_database_apart_has_the_passwords() {
    for tables in [&[REPLICA][..], &[GROUP, REBUILD]] {
        let text = two_hours_of_passwords().fault("it", "server", &[100.0], &repair(50.0));
        text.strategy("it", tables).play().metric_is(Metric::CatchUpHours, 0.0);
    }
}

#[test]
fn a_promoted_server_syncs_what_has_changed_since_it_served_last() {
    // The standby never served: all passwords, two hours. The old server, promoted again at 201,
    // served until 101; since then only three days have seen changes, by each user once in 144 h.
    let silent = "seasons = [{ from = \"2027-01-08\", to = \"2027-01-08\", factor = 0.0 }, \
                  { from = \"2027-01-12\", to = \"2027-03-01\", factor = 0.0 }]";
    let text = with_changes(two_hours_of_passwords(), 144.0)
        .with("[workload.writeback]", &format!("{silent}\n[workload.writeback]"));
    let told = |hours: &[f64]| {
        let text = text.clone().fault("it", "server", hours, &repair(50.0));
        text.strategy("it", &[STAGING]).play()
    };
    told(&[100.0]).outages_are(&[(100.0, 101.0)]).metric_is(Metric::CatchUpHours, 2.0);
    let changed = 1.0 - (-0.5_f64).exp();
    let told = told(&[100.0, 200.0]);
    told.outages_are(&[(100.0, 101.0), (200.0, 201.0)]);
    told.metric_is(Metric::CatchUpHours, 2.0 + 2.0 * changed);
}

#[test]
fn a_planned_change_of_servers_costs_no_pass_of_passwords() {
    let plan = "[[planned]]\nname = \"upgrade\"\nat = [\"2027-01-04T20:00\"]\nwork = \"2h\"\n\
                stops = \"all\"\nfull_sync = false\ngoes_wrong = 0.0";
    let told = two_hours_of_passwords()
        .table(plan)
        .fault("late", "cloud", &[399.0], &repair(0.5))
        .strategy("it", &[STAGING])
        .play();
    told.outages_are(&[(399.0, 399.5)]).metric_is(Metric::CatchUpHours, 0.0);
    // Twice two hours of work and one of the change.
    told.metric_is(Metric::LabourHours, 5.0).metric_is(metric("planned_hours"), 0.0);
}

#[test]
fn a_promotion_for_the_sake_of_writeback_stops_passwords_for_their_pass() {
    let text = two_hours_of_passwords().fault("it", "writeback", &[100.0], &repair(50.0));
    let told = text.strategy("it", &[STAGING]).play();
    told.outages_are(&[(100.0, 101.0)]).metric_is(Metric::CatchUpHours, 2.0);
}

#[test]
fn what_an_attempt_did_to_the_database_of_a_server_at_work_is_done_at_once() {
    // Writeback alone is broken at 100. A database apart goes on at 104 with a new server, and has
    // no leave from a full sync after ten days of a link that is cut later.
    let text = quiet()
        .horizon(1_000.0)
        .with("[sync]", "[sync]\npasswords_per_minute = 1e12")
        .fault("it", "writeback", &[100.0], &repair(50.0))
        .fault("dig", "link", &[300.0], &repair(240.0));
    let told = text.strategy("it", &[GROUP, REBUILD]).play();
    told.outages_are(&[(100.0, 104.0), (300.0, 540.0)]).metric_is(Metric::CatchUpHours, SYNC);
    // An image of 22 days, for the sake of passwords: import and sync now, and not when the link
    // has been cut for an hour.
    let old = REPLICA.replace("image_age = \"1d\"", "image_age = \"22d\"");
    let told = quiet()
        .fault("it", "contents", &[100.0], &format!("{}stops = \"password-sync\"\n", repair(50.0)))
        .fault("dig", "link", &[300.0], &repair(1.0))
        .strategy("it", &[&old])
        .play();
    told.outages_are(&[(100.0, 102.0), (300.0, 301.0)]);
    told.metric_is(Metric::CatchUpHours, IMPORT + SYNC);
}

#[test]
fn a_rebuild_for_the_sake_of_writeback_stops_passwords_for_its_import() {
    // Writeback is broken at 100 and back at 104 on a server that imports until 107 and then syncs
    // the passwords of all: whoever changes one from 104 to 109 is stale until 109.
    let text = two_hours_of_passwords()
        .fault("it", "writeback", &[100.0], &repair(50.0))
        .strategy("it", &[REBUILD]);
    let told = text.play();
    told.outages_are(&[(100.0, 104.0)]).metric_is(Metric::CatchUpHours, IMPORT + SYNC + 2.0);
    let (n, a, d) = (1_200.0, 1.0 / 4_000.0_f64, 5.0);
    let p = 1.0 - (-a * d).exp();
    let trials = with_changes(text, 4_000.0).trials(0, 65, TRIALS);
    assert_mean("user-hours", &column(&trials, Metric::StaleUserHours), n * (d - p / a));
}
