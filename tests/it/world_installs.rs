//! Installations: beside a first server that lives, over it, and in another site; and when the
//! service works again, by hand.

use crate::bench::play_one;
use crate::world_bench::{
    GROUP, IMPORT, NEVER, Quiet, REBUILD, REPLICA, STAGING, SYNC, quiet, repair,
};
use outlast::Metric;

/// Without a spare server at hand: what is there is installed over.
fn over() -> String {
    REBUILD.replace("\"server\"", "\"procure\"")
}

/// On a domain controller, in the other site too, where one is had after 5 h.
fn on_a_controller() -> String {
    REBUILD.replace("\"server\"", "\"domain-controller\"")
        + "site = \"other\"\nelsewhere = \"5h\"\n"
}

fn broken(hours: f64) -> Quiet {
    quiet().fault("it", "engine", &[100.0], &repair(hours))
}

// --------------------------------------------------------------- works again

#[test]
fn an_outage_lasts_until_imports_and_full_syncs_are_done() {
    let gone = || quiet().fault("it", "server", &[100.0], NEVER);
    let told = gone().strategy("it", &[REBUILD]).play();
    told.outages_are(&[(100.0, 104.0)]);
    told.metric_is(Metric::DowntimeHours, 4.0);
    told.metric_is(Metric::LongestOutageHours, 4.0 + IMPORT + SYNC);
    // A standby has them behind it.
    let told = gone().strategy("it", &[STAGING]).play();
    told.metric_is(Metric::LongestOutageHours, 1.0);
    // The link is cut in mid-sync from 106 to 107, and the sync of 3 h begins again.
    let told =
        gone().fault("dig", "link", &[106.0], &repair(1.0)).strategy("it", &[REBUILD]).play();
    told.outages_are(&[(100.0, 104.0), (106.0, 107.0)]);
    told.metric_is(Metric::LongestOutageHours, 7.0 + IMPORT + SYNC);
    // At the horizon it is cut.
    let told = gone().horizon(105.0).strategy("it", &[REBUILD]).play();
    told.metric_is(Metric::LongestOutageHours, 5.0);
}

#[test]
fn a_restored_directory_is_imported_by_every_server() {
    for (kind, whole) in [("directory", IMPORT + SYNC), ("tenant", 0.0)] {
        for tables in [&[][..], &[STAGING], &[REPLICA], &[REBUILD]] {
            let text = quiet().fault("it", kind, &[100.0], &repair(10.0)).strategy("it", tables);
            let told = text.play();
            told.outages_are(&[(100.0, 110.0)]);
            told.metric_is(Metric::LongestOutageHours, 10.0 + whole);
        }
    }
    // Nothing is restored where its sites are only dark.
    let told = quiet()
        .table("[[site]]\nname = \"main\"")
        .fault("fire", "site", &[100.0], &repair(10.0))
        .strategy("it", &[])
        .play();
    told.metric_is(Metric::LongestOutageHours, 10.0);
}

// ------------------------------------------------------------ beside the first

#[test]
fn a_spare_server_is_installed_while_the_first_is_repaired() {
    // Whichever is done first ends the outage; the repair goes on behind the spare.
    for (hours, end, labour) in [(3.0, 103.0, 3.0 + 3.0), (50.0, 104.0, 4.0 + 50.0)] {
        let told = broken(hours).strategy("it", &[REBUILD]).play();
        told.outages_are(&[(100.0, end)]).metric_is(Metric::LabourHours, labour);
    }
}

#[test]
fn a_first_server_that_is_repaired_is_the_next_spare() {
    // The spare serves from 104 and dies. The first one is whole again at 150: whoever waits for a
    // server to be bought turns to it.
    let dead = |at: f64| broken(50.0).fault("dead", "server", &[at], NEVER);
    for (at, end) in [(120.0, 154.0), (160.0, 164.0)] {
        let told = dead(at).strategy("it", &[REBUILD]).play();
        told.outages_are(&[(100.0, 104.0), (at, end)]);
    }
}

#[test]
fn nobody_is_bound_twice_by_a_repair_and_an_installation() {
    // One person repairs until 150 and cannot install beside.
    let told = broken(50.0).set("people", "1").strategy("it", &[REBUILD]).play();
    told.outages_are(&[(100.0, 150.0)]);
}

// ------------------------------------------------------------ over what is there

#[test]
fn an_installation_over_the_first_server_ends_its_repair() {
    for tables in [over(), on_a_controller()] {
        for people in ["\"unlimited\"", "1"] {
            let text = broken(50.0).set("people", people).set("repair_first", "\"2h\"");
            let told = text.strategy("it", &[&tables]).play();
            told.outages_are(&[(100.0, 106.0)]).metric_is(Metric::LabourHours, 2.0 + 4.0);
        }
    }
}

#[test]
fn nobody_installs_over_what_is_repaired_sooner() {
    // At 102 two hours are left of 4 h, and five of 7 h.
    for (hours, end) in [(4.0, 104.0), (6.0, 106.0), (7.0, 106.0)] {
        let text = broken(hours).set("repair_first", "\"2h\"").strategy("it", &[&over()]);
        text.play().outages_are(&[(100.0, end)]);
    }
}

#[test]
fn a_repair_that_was_given_up_in_vain_begins_anew() {
    // Given up at 102, begun again at 106 when the new installation does not sync.
    let fails = over().replace("\nsuccess = 1.0", "\nsuccess = 0.0");
    let text = broken(50.0).set("repair_first", "\"2h\"").strategy("it", &[&fails]);
    let told = text.play();
    told.outages_are(&[(100.0, 156.0)]).metric_is(Metric::LabourHours, 2.0 + 4.0 + 50.0);
}

#[test]
fn a_repair_that_covers_the_outage_goes_on_by_the_clock() {
    let keys = repair(50.0) + "repair_covers = \"outage\"\n";
    let fails = over().replace("\nsuccess = 1.0", "\nsuccess = 0.0");
    for (tables, end) in [(over(), 104.0), (fails, 150.0)] {
        let text = quiet().fault("it", "engine", &[100.0], &keys).strategy("it", &[&tables]);
        text.play().outages_are(&[(100.0, end)]);
    }
}

#[test]
fn a_database_apart_is_not_installed_over() {
    // The group fails, and by hand it is tried from 100 to 101. Then the server is installed over,
    // which ends the repair of its account and not that of the database: that goes on behind.
    let group = GROUP
        .replace("failover_success = 1.0", "failover_success = 0.0")
        .replace("\nsuccess = 1.0", "\nsuccess = 0.0");
    let text = quiet().fault("it", "database", &[100.0], &repair(10.0)).fault(
        "account",
        "engine",
        &[100.0],
        &repair(50.0),
    );
    let told = text.strategy("it", &[&group, &over()]).play();
    told.outages_are(&[(100.0, 105.0)]);
    told.metric_is(Metric::LabourHours, 1.0 + 1.0 + 4.0 + 10.0);
}

#[test]
fn nothing_of_a_server_serves_while_it_is_installed_anew() {
    // The export alone is broken from 100 on. From 102 to 106 the whole server is.
    let text = quiet()
        .fault("it", "export", &[100.0], &repair(50.0))
        .set("repair_first", "\"2h\"")
        .strategy("it", &[&over()]);
    let (_, outages) = play_one(&text.scenario(), 0, 0);
    assert_eq!(outages[0].parts.words(), "all");
    // On a spare server beside it, the rest goes on.
    let text = quiet().fault("it", "export", &[100.0], &repair(50.0)).strategy("it", &[REBUILD]);
    let (_, outages) = play_one(&text.scenario(), 0, 0);
    assert_eq!(outages[0].parts.words(), "export");
    // In vain: what works of the old one serves again, and is down again at the next try.
    let fails = over().replace("\nsuccess = 1.0", "\nsuccess = 0.0");
    let text = quiet()
        .fault("it", "export", &[100.0], &repair(50.0))
        .set("tries", "2")
        .strategy("it", &[&fails]);
    text.play().outages_are(&[(100.0, 158.0)]);
}

#[test]
fn an_image_is_restored_over_a_guest_and_ends_its_repair() {
    // Given up at 102 and restored by 104; a repair of 3 h is done sooner.
    for (hours, end, labour) in [(50.0, 104.0, 2.0 + 2.0), (3.0, 103.0, 3.0)] {
        let text = quiet()
            .fault("it", "contents", &[100.0], &repair(hours))
            .set("repair_first", "\"2h\"")
            .strategy("it", &[REPLICA]);
        text.play().outages_are(&[(100.0, end)]).metric_is(Metric::LabourHours, labour);
    }
}

#[test]
fn nobody_installs_anew_for_a_wrong_rule() {
    let keys = repair(50.0) + "stops = \"export\"\n";
    for (tables, end) in [(REBUILD, 150.0), (REPLICA, 102.0), (STAGING, 101.0)] {
        let text = quiet().fault("it", "contents", &[100.0], &keys).strategy("it", &[tables]);
        text.play().outages_are(&[(100.0, end)]);
    }
}

// ---------------------------------------------------------------- switched on

#[test]
fn a_server_from_a_backup_is_checked_before_it_serves() {
    // Installed by 104, imported and synced by 107, checked and switched on by 108.
    let checked = REBUILD.replace("switch_on = \"0s\"", "switch_on = \"1h\"");
    let told = quiet().fault("it", "server", &[100.0], NEVER).strategy("it", &[&checked]).play();
    told.outages_are(&[(100.0, 104.0 + IMPORT + SYNC + 1.0)]);
    told.metric_is(Metric::LongestOutageHours, 8.0).metric_is(Metric::LabourHours, 5.0);
    // Its database is new, even after ten days of waiting for a machine.
    let late = checked.replace("\"server\"", "\"procure\"").replace("120h", "240h");
    let told = quiet().fault("it", "server", &[100.0], NEVER).strategy("it", &[&late]).play();
    told.outages_are(&[(100.0, 348.0)]).metric_is(Metric::LongestOutageHours, 248.0);
    // Without a backup the wizard starts it; with the old database there is nothing to import.
    let by_hand = format!("{checked}configuration_backup = false\n");
    let told = quiet().fault("it", "server", &[100.0], NEVER).strategy("it", &[&by_hand]).play();
    told.outages_are(&[(100.0, 107.0)]).metric_is(Metric::LongestOutageHours, 7.0 + IMPORT + SYNC);
    let text = quiet().fault("it", "server", &[100.0], NEVER);
    text.strategy("it", &[GROUP, &checked]).play().outages_are(&[(100.0, 105.0)]);
}

// ------------------------------------------------------------- the last resort

#[test]
fn the_last_resort_does_not_wait_for_a_server_that_is_ordered() {
    // Ordered for 220, installed by 224. After 50 h people set up another in 10 h; not if that
    // takes them 100 h.
    for (takes, end) in [("10h", 160.0), ("100h", 224.0)] {
        let told = quiet()
            .set("last_resort", &format!("{{ after = \"50h\", takes = \"{takes}\" }}"))
            .fault("it", "server", &[100.0], NEVER)
            .strategy("it", &[&over()])
            .play();
        told.outages_are(&[(100.0, end)]);
    }
}

// ------------------------------------------------------------------- overtime

#[test]
fn people_finish_what_they_can_finish_soon() {
    // Monday 15:00 is 15 h. Office hours end at 17:00, and people stay for two hours at most.
    let cases = [(2.0, 17.0), (4.0, 19.0), (4.5, 24.0 + 11.5), (10.0, 24.0 + 17.0), (12.0, 43.0)];
    for (hours, end) in cases {
        let told = quiet()
            .set("staffed", "\"office\"")
            .set("overtime", "\"2h\"")
            .fault("it", "server", &[15.0], &repair(hours))
            .strategy("it", &[])
            .play();
        told.outages_are(&[(15.0, end)]).metric_is(Metric::LabourHours, hours);
    }
    // Whoever comes at 18:00 to what was alarmed at 16:00 does what takes an hour.
    for (hours, end) in [(1.0, 19.0), (1.5, 24.0 + 10.5)] {
        let told = quiet()
            .set("staffed", "\"office\"")
            .set("overtime", "\"2h\"")
            .set("call_out", "\"2h\"")
            .fault("it", "server", &[16.0], &repair(hours))
            .strategy("it", &[])
            .play();
        told.outages_are(&[(16.0, end)]).metric_is(Metric::LabourHours, hours);
    }
}

// --------------------------------------------------------- others who repair

#[test]
fn another_team_begins_when_it_is_told() {
    for (begins, end) in [("onset", 110.0), ("alarm", 113.0)] {
        let keys = repair(10.0) + &format!("repair_begins = \"{begins}\"\n");
        let told = quiet()
            .set("detection", "\"2h\"")
            .set("call_out", "\"1h\"")
            .fault("firewall", "link", &[100.0], &keys)
            .strategy("it", &[])
            .play();
        told.outages_are(&[(100.0, end)]).metric_is(Metric::LabourHours, 0.0);
    }
}

// --------------------------------------------------------------- another site

#[test]
fn a_controller_elsewhere_is_left_for_a_server_that_is_bought() {
    // Dark from 100 on: a controller at 105, installed until 109; its own server 5 days later.
    let dark = || quiet().fault("fire", "site", &[100.0], NEVER);
    let told = dark().strategy("it", &[&on_a_controller()]).play();
    told.outages_are(&[(100.0, 109.0), (229.0, 229.5)]);
    // A spare server's like needs no move.
    let spare = on_a_controller().replace("domain-controller", "server");
    dark().strategy("it", &[&spare]).play().outages_are(&[(100.0, 109.0)]);
}

#[test]
fn where_no_controller_can_be_used_a_server_is_bought_elsewhere_too() {
    let unusable = on_a_controller() + "dc_usable = false\n";
    for tables in [unusable, on_a_controller().replace("domain-controller", "procure")] {
        let text = quiet().fault("fire", "site", &[100.0], NEVER).strategy("it", &[&tables]);
        text.play().outages_are(&[(100.0, 224.0)]);
    }
}

// ------------------------------------------------------- standbys that are looked at

#[test]
fn a_channel_may_look_at_standbys() {
    // Both hosts die at 99, and people repair the first. The standby's next check is at 168; where
    // the ping looks at it, its host is repaired at once as well. So it takes over at 134 from a
    // server that dies at 130; otherwise people find it dead then, repair it, and promote it at 136.
    let staging = STAGING.replace("standby_check = \"0s\"", "standby_check = \"168h\"");
    for (standby, end) in [("true", 134.0), ("false", 136.0)] {
        let told = quiet()
            .without("detection")
            .set("repair_first", "\"2h\"")
            .table(&format!(
                "[[site]]\nname = \"main\"\n[[site]]\nname = \"other\"\n\
                 [[watch]]\nname = \"ping\"\nsees = [\"*\"]\nafter = \"1h\"\nstandby = {standby}"
            ))
            .fault("power", "host", &[99.0], &(repair(1.0) + "common_mode = 1.0\n"))
            .fault("dead", "server", &[130.0], &repair(18.0))
            .strategy("it", &[&staging])
            .play();
        told.outages_are(&[(99.0, 101.0), (130.0, end)]);
    }
}

// ----------------------------------------------------------------- immune strategies

#[test]
fn a_fault_does_not_strike_a_strategy_that_is_immune_to_it() {
    for (immune, struck) in [("\"old\"", false), ("\"engine\"", false), ("\"host\"", true)] {
        for keys in [repair(10.0), repair(10.0) + "common_mode = 1.0\n"] {
            let told = quiet()
                .fault("old", "engine", &[100.0], &keys)
                .fault("other", "server", &[200.0], &repair(5.0))
                .strategy("it", &[&format!("immune_to = [{immune}]")])
                .play();
            let both = [(100.0, 110.0), (200.0, 205.0)];
            told.outages_are(if struck { &both } else { &both[1..] });
        }
    }
    // By a clock, too.
    let text = quiet().clock("old", "engine", 10.0, 1.0, 0.0);
    let told = text.strategy("it", &["immune_to = [\"*\"]"]).play();
    told.outages_are(&[]);
}
