//! Availability groups and what is done wrong with them.

use crate::bench::{assert_share, column};
use crate::recovery::{Case, GROUP, IMPORT, REBUILD, STAGING, SYNC, case, fault};
use outlast::Metric;

fn database(tables: &[&str]) -> Case {
    case(&[fault("it", "database", &[100.0], "50h")], tables)
}

fn group_with(keys: &str) -> String {
    format!("{GROUP}{keys}\n")
}

fn asynchronous() -> String {
    GROUP.replace("synchronous", "asynchronous")
}

#[test]
fn a_synchronous_group_fails_over_by_itself_without_loss() {
    let told = database(&[GROUP]).slow_people().play();
    told.outages_are(&[(100.0, 100.01, "sql_high_availability")]).catch_up_is(0.0);
    // People still mend the replica that was lost.
    told.labour_is(50.0);
}

#[test]
fn an_asynchronous_group_is_forced_by_a_person_and_imports_everything() {
    let told = database(&[&asynchronous()]).slow_people().play();
    told.outages_are(&[(100.0, 102.75, "sql_high_availability")]).labour_is(1.0 + 50.0);
    // A full import and no more: the deltas that it brings are synced by the next cycles.
    told.catch_up_is(IMPORT);
    assert!(told.outages[0].full_cycle);
}

#[test]
fn an_asynchronous_group_never_acts_by_itself() {
    let told =
        database(&[&asynchronous()]).with("detection = \"0s\"", "detection = \"200h\"").play();
    told.outages_are(&[(100.0, 301.0, "sql_high_availability")]);
}

#[test]
fn a_second_fault_of_an_asynchronous_group_finds_no_replica() {
    let faults = [
        fault("first", "database", &[100.0], "30h"),
        fault("second", "database", &[110.0], "10h"),
        fault("third", "database", &[200.0], "30h"),
    ];
    case(&faults, &[&asynchronous()]).play().outages_are(&[
        (100.0, 101.0, "sql_high_availability"),
        (110.0, 120.0, "repair"),
        (200.0, 201.0, "sql_high_availability"),
    ]);
}

#[test]
fn a_group_enabled_after_the_installation_is_inert() {
    for group in [GROUP.to_owned(), asynchronous()] {
        let inert = group + "enabled_before_install = false\n";
        database(&[&inert]).play().outages_are(&[(100.0, 150.0, "repair")]).labour_is(50.0);
        database(&[&inert, STAGING]).play().outages_are(&[(100.0, 101.0, "staging")]);
    }
}

#[test]
fn a_failover_without_logins_does_not_serve() {
    let locked = group_with("logins_on_replica = false");
    database(&[&locked]).play().outages_are(&[(100.0, 150.0, "repair")]);
    // Forced twice in vain, an hour of work each.
    let forced = asynchronous() + "logins_on_replica = false\n";
    let told = database(&[&forced]).play();
    told.outages_are(&[(100.0, 150.0, "repair")]).labour_is(2.0 + 50.0);
    // The next table is tried.
    database(&[&forced, STAGING]).play().outages_are(&[(100.0, 103.0, "staging")]);
    // People try to reconnect the service to the replica that came up, which takes them as long as
    // to force a failover and fails for the same reason. The specification does not say that they
    // try; that what fails costs its time it does.
    database(&[&locked, STAGING]).play().outages_are(&[(100.0, 103.0, "staging")]);
}

#[test]
fn one_address_across_subnets_waits_for_the_name_service() {
    // Failover 0.01 h, replication of the directory 0.5 h, and then the record: at most its life
    // of 20 min. Whether a client waits for all of it is open.
    let within = group_with("dns_ttl = \"20m\"\ndirectory_replication = \"30m\"");
    let across = within.replace("subnets = 1", "subnets = 2");
    for trial in database(&[&across]).play_many(1, 200) {
        let wait = trial[Metric::DowntimeHours] - 0.51;
        assert!((-1e-9..=20.0 / 60.0 + 1e-9).contains(&wait), "{wait}");
    }
    let told = database(&[&across]).play();
    assert_eq!(told.by, ["sql_high_availability"]);
    told.catch_up_is(0.0);
    // In one subnet the address moves, and nobody asks the name service.
    database(&[&within]).play().outages_are(&[(100.0, 100.01, "sql_high_availability")]);
}

#[test]
fn with_all_addresses_registered_half_of_the_reconnects_time_out() {
    let both = group_with("register_all_providers_ip = 1").replace("subnets = 1", "subnets = 2");
    let trials = database(&[&both]).play_many(1, 10_000);
    let downtime = column(&trials, Metric::DowntimeHours);
    assert_share("connected at once", &downtime, 0.5, |hours| hours < 0.01 + 1e-9);
    assert!(downtime.iter().all(|hours| *hours >= 0.01 - 1e-9 && *hours <= 50.0));
    // One subnet has one address, whatever is registered.
    let one = group_with("register_all_providers_ip = 1");
    database(&[&one]).play().outages_are(&[(100.0, 100.01, "sql_high_availability")]);
}

#[test]
fn a_group_does_not_protect_the_server_before_it() {
    let told = case(&[fault("it", "server", &[100.0], "50h")], &[GROUP]).play();
    told.outages_are(&[(100.0, 150.0, "repair")]).catch_up_is(0.0);
}

#[test]
fn a_rebuild_when_the_replica_is_away_as_well() {
    // The second database fault finds no replica; the installation makes a new database, so
    // everything is imported.
    let faults =
        [fault("first", "database", &[100.0], "80h"), fault("second", "database", &[110.0], "90h")];
    let told = case(&faults, &[GROUP, REBUILD]).play();
    told.outages_are(&[(100.0, 100.01, "sql_high_availability"), (110.0, 114.0, "rebuild")]);
    told.catch_up_is(IMPORT + SYNC);
}
