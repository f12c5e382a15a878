//! Recovery, scenario by scenario: fixed onsets and constant durations, so that every time can be
//! computed by hand from the description of the model. This file holds the builder that the others
//! use, each table and each pair of tables against each kind of fault, the people, and the race
//! between repair and protection.

use crate::bench::{play, play_one, scenario};
use outlast::{Engine, Metric, Metrics, Outage};

/// Promotion takes 1 h and works; nobody checks the standby.
pub const STAGING: &str = r#"
[strategy.staging]
site = "other"
promote = "1h"
verify = false
success = 1.0
fenced = 1.0
standby_check = "10000d"
"#;

/// Restart after 6 min, an image of yesterday in 2 h, all in one site.
pub const MACHINE: &str = r#"
[strategy.virtual_machine]
restart = "6m"
capacity = 1.0
site = "same"
image_age = "1d"
restore_image = "2h"
success = 1.0
move_success = 1.0
fenced = 1.0
"#;

/// Failover after 36 s = 0.01 h in one subnet; by force 1 h.
pub const GROUP: &str = r#"
[strategy.sql_high_availability]
replication = "synchronous"
failover = "36s"
force_failover = "1h"
subnets = 1
success = 1.0
failover_success = 1.0
"#;

/// Installed in 4 h on a spare server; a bought one takes 5 days.
pub const REBUILD: &str = r#"
[strategy.rebuild]
switch_on = "0s"
spare = "server"
install = "4h"
procure = "120h"
reconfigure = "3h"
move_back = "30m"
success = 1.0
fenced = 1.0
"#;

/// Full import and full sync of the 3,600 objects of these scenarios, hours.
pub const IMPORT: f64 = 1.0;
pub const SYNC: f64 = 2.0;

/// A fault at fixed `hours` that the standby does not share.
pub fn fault(name: &str, strikes: &str, hours: &[f64], repair: &str) -> String {
    let at: Vec<String> = hours.iter().map(|hour| format!("\"{hour}h\"")).collect();
    format!(
        "[[fault]]\nname = \"{name}\"\nstrikes = \"{strikes}\"\nat = [{}]\nrepair = \"{repair}\"\n\
         common_mode = 0.0\n",
        at.join(", ")
    )
}

/// A fault after each `up` of up time.
pub fn renewal(name: &str, strikes: &str, up: &str, repair: &str) -> String {
    fault(name, strikes, &[], repair).replace("at = []", &format!("every = \"{up}\""))
}

/// The same fault, which strikes the standby too.
pub fn in_common(fault: &str) -> String {
    fault.replace("common_mode = 0.0", "common_mode = 1.0")
}

/// A scenario under construction: 400 h from a Monday, no workload, nothing waits, people at once.
pub struct Case(String);

/// The scenario of these faults against a strategy of these tables.
pub fn case(faults: &[String], tables: &[&str]) -> Case {
    Case(format!(
        r#"
schema = 1
name = "recovery"
horizon = "400h"
start = "2027-01-04"
[organisation]
users = 10
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
passwords_per_minute = 1e12
[operations]
detection = "0s"
call_out = "0s"
decision = "0s"
staffed = "24x7"
overtime = "0s"
diagnose = "0s"
people = "unlimited"
last_resort = "never"
repair_first = "0s"
disable_by_hand = "never"
{}
[[strategy]]
name = "it"
{}
"#,
        faults.concat(),
        tables.concat()
    ))
}

impl Case {
    /// The scenario with `from`, which must be there, replaced by `to`.
    pub fn with(self, from: &str, to: &str) -> Case {
        assert!(self.0.contains(from), "no {from} in {}", self.0);
        Case(self.0.replace(from, to))
    }

    pub fn horizon(self, hours: u32) -> Case {
        self.with("horizon = \"400h\"", &format!("horizon = \"{hours}h\""))
    }

    pub fn decision(self, decision: &str) -> Case {
        self.with("decision = \"0s\"", &format!("decision = \"{decision}\""))
    }

    /// Alarm after 1 h, a person half an hour later, a decision after another quarter.
    pub fn slow_people(self) -> Case {
        self.with("detection = \"0s\"", "detection = \"1h\"")
            .with("call_out = \"0s\"", "call_out = \"30m\"")
            .decision("15m")
    }

    /// People work Mon-Fri 09:00-17:00.
    pub fn office_hours(self) -> Case {
        self.with("\"24x7\"", "\"Mon-Fri 09:00-17:00\"")
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn play(&self) -> FitSummary {
        let scenario = scenario(&self.0);
        let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
        let (metrics, outages) = play_one(&scenario, 0, 0);
        let by = outages.iter().map(|o| engine.restored_by_name(o.restored_by).into()).collect();
        let cause = outages.iter().map(|o| engine.cause_name(o.cause).into()).collect();
        FitSummary { metrics, outages, by, cause }
    }

    pub fn play_many(&self, seed: u64, trials: u64) -> Vec<Metrics> {
        play(&scenario(&self.0), seed, trials)
    }
}

/// One trial as it went.
pub struct FitSummary {
    pub metrics: Metrics,
    pub outages: Vec<Outage>,
    pub by: Vec<String>,
    pub cause: Vec<String>,
}

/// Sums of a few durations in seconds and hours agree to this.
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9 * a.abs().max(1.0)
}

impl FitSummary {
    /// The outages are these: onset, end, restored by.
    #[track_caller]
    pub fn outages_are(&self, expected: &[(f64, f64, &str)]) -> &FitSummary {
        let told: Vec<(f64, f64, &str)> = self
            .outages
            .iter()
            .zip(&self.by)
            .map(|(outage, by)| (outage.onset, outage.end, by.as_str()))
            .collect();
        let same = told.len() == expected.len()
            && told
                .iter()
                .zip(expected)
                .all(|(t, e)| close(t.0, e.0) && close(t.1, e.1) && t.2 == e.2);
        assert!(same, "outages {told:?}, by hand {expected:?}");
        let downtime = expected.iter().map(|outage| outage.1 - outage.0).sum();
        self.metric_is(Metric::DowntimeHours, downtime);
        self.metric_is(Metric::Outages, expected.len() as f64)
    }

    #[track_caller]
    pub fn metric_is(&self, metric: Metric, expected: f64) -> &FitSummary {
        let told = self.metrics[metric];
        assert!(close(told, expected), "{} {told}, by hand {expected}", metric.name());
        self
    }

    #[track_caller]
    pub fn labour_is(&self, hours: f64) -> &FitSummary {
        self.metric_is(Metric::LabourHours, hours)
    }

    #[track_caller]
    pub fn catch_up_is(&self, hours: f64) -> &FitSummary {
        self.metric_is(Metric::CatchUpHours, hours)
    }

    /// Alarm, arrival and decision of an outage.
    #[track_caller]
    pub fn people_are(&self, outage: usize, expected: [f64; 3]) -> &FitSummary {
        let outage = &self.outages[outage];
        let told = [outage.alarm, outage.arrival, outage.decided];
        let same = told.iter().zip(expected).all(|(t, e)| t.is_some_and(|t| close(t, e)));
        assert!(same, "people {told:?}, by hand {expected:?}");
        self
    }
}

const KINDS: [&str; 13] = [
    "link",
    "site",
    "host",
    "server",
    "database",
    "cloud",
    "tenant",
    "directory",
    "engine",
    "password-sync",
    "writeback",
    "export",
    "contents",
];

/// For each kind of fault at 100 h with a repair of 50 h, the hours that the outage lasts; what is
/// shorter than the repair is by the protection named. The first six are link, site, host, server,
/// database and contents; cloud, tenant and directory are always repaired; engine and the services
/// that fail alone come last.
#[track_caller]
fn restores_after(tables: &[&str], path: [(f64, &str); 6], software: (f64, &str)) {
    let [link, site, host, server, database, contents] = path;
    let [r, s] = [REPAIRED, software];
    let expected = [link, site, host, server, database, r, r, r, s, s, s, s, contents];
    for (kind, (hours, by)) in KINDS.iter().zip(expected) {
        println!("{kind} against {tables:?}");
        let told = case(&[fault("it", kind, &[100.0], "50h")], tables).play();
        told.outages_are(&[(100.0, 100.0 + hours, by)]);
    }
}

const REPAIRED: (f64, &str) = (50.0, "repair");
const PROMOTED: (f64, &str) = (1.0, "staging");
const RESTARTED: (f64, &str) = (0.1, "virtual_machine");
const RESTORED: (f64, &str) = (2.0, "virtual_machine");
const FAILED_OVER: (f64, &str) = (0.01, "sql_high_availability");
const REBUILT: (f64, &str) = (4.0, "rebuild");

#[test]
fn without_a_table_everything_is_repaired_in_place() {
    restores_after(&[], [REPAIRED; 6], REPAIRED);
}

#[test]
fn a_staging_server_elsewhere_helps_against_all_that_is_not_shared() {
    restores_after(&[STAGING], [PROMOTED; 6], PROMOTED);
}

#[test]
fn a_staging_server_in_the_same_site_shares_site_and_link() {
    let [r, p] = [REPAIRED, PROMOTED];
    let near = STAGING.replace("other", "same");
    restores_after(&[&near], [r, r, p, p, p, p], p);
}

#[test]
fn a_virtual_machine_restarts_after_the_host_and_is_restored_for_the_guest() {
    let [r, v] = [REPAIRED, RESTORED];
    restores_after(&[MACHINE], [r, r, RESTARTED, v, v, v], r);
}

#[test]
fn a_virtual_machine_with_another_site_moves_there() {
    let v = RESTORED;
    let far = MACHINE.replace("same", "other");
    restores_after(&[&far], [v, v, RESTARTED, v, v, v], REPAIRED);
}

#[test]
fn an_availability_group_helps_against_the_database_only() {
    // Its replicas hold the same rows.
    let r = REPAIRED;
    restores_after(&[GROUP], [r, r, r, r, FAILED_OVER, r], r);
}

#[test]
fn a_rebuild_cures_what_an_installation_replaces() {
    // The specification bars the start while link or cloud is down. A site that is down takes link
    // and spare with it, so the engine's reading, no rebuild then, is the sensible one.
    let [r, n] = [REPAIRED, REBUILT];
    restores_after(&[REBUILD], [r, r, n, n, n, n], n);
}

#[test]
fn staging_and_virtual_machine_together() {
    let [p, v] = [PROMOTED, RESTORED];
    // By default the machine is tried before the staging server.
    restores_after(&[STAGING, MACHINE], [p, p, RESTARTED, v, v, v], p);
}

#[test]
fn staging_and_availability_group_together() {
    let p = PROMOTED;
    restores_after(&[STAGING, GROUP], [p, p, p, p, FAILED_OVER, p], p);
}

#[test]
fn staging_and_rebuild_together() {
    restores_after(&[STAGING, REBUILD], [PROMOTED; 6], PROMOTED);
}

#[test]
fn virtual_machine_and_availability_group_together() {
    // The rows live apart, so an image does not bring them back.
    let [r, v] = [REPAIRED, RESTORED];
    restores_after(&[MACHINE, GROUP], [r, r, RESTARTED, v, FAILED_OVER, r], r);
}

#[test]
fn virtual_machine_and_rebuild_together() {
    let [r, v] = [REPAIRED, RESTORED];
    restores_after(&[MACHINE, REBUILD], [r, r, RESTARTED, v, v, v], REBUILT);
}

#[test]
fn availability_group_and_rebuild_together() {
    let [r, n] = [REPAIRED, REBUILT];
    restores_after(&[GROUP, REBUILD], [r, r, n, n, FAILED_OVER, n], n);
}

#[test]
fn all_four_tables_together() {
    let p = PROMOTED;
    let all = [STAGING, MACHINE, GROUP, REBUILD];
    restores_after(&all, [p, p, RESTARTED, RESTORED, FAILED_OVER, p], p);
}

// ------------------------------------------------------------------ people

fn server(repair: &str) -> String {
    fault("server", "server", &[100.0], repair)
}

#[test]
fn people_are_alarmed_then_arrive_then_decide() {
    // Repair in place begins with the arrival, a promotion with the decision.
    let told = case(&[server("2h")], &[]).slow_people().play();
    told.outages_are(&[(100.0, 103.5, "repair")]).people_are(0, [101.0, 101.5, 101.75]);
    told.labour_is(2.0);
    let told = case(&[server("50h")], &[STAGING]).slow_people().play();
    told.outages_are(&[(100.0, 102.75, "staging")]).people_are(0, [101.0, 101.5, 101.75]);
    told.labour_is(1.0 + 50.0);
}

#[test]
fn providers_repair_from_the_onset_and_without_our_labour() {
    for kind in ["link", "site", "cloud"] {
        let told = case(&[fault("it", kind, &[100.0], "2h")], &[]).slow_people().play();
        told.outages_are(&[(100.0, 102.0, "repair")]).labour_is(0.0);
    }
    for kind in ["host", "server", "database", "engine"] {
        let told = case(&[fault("it", kind, &[100.0], "2h")], &[]).slow_people().play();
        told.outages_are(&[(100.0, 103.5, "repair")]).labour_is(2.0);
    }
}

#[test]
fn a_fault_may_have_a_detection_of_its_own() {
    let fast = server("2h") + "detection = \"6m\"\n";
    let told = case(&[fast], &[]).slow_people().play();
    told.outages_are(&[(100.0, 102.6, "repair")]).people_are(0, [100.1, 100.6, 100.85]);
}

#[test]
fn the_call_out_waits_for_the_next_staffed_hour() {
    // Friday 14:00, alarm at 18:00, so Monday 09:00 = 177 h and half an hour; promoted before the
    // repair (177.5 to 179.5) is done.
    let friday = fault("it", "server", &[110.0], "2h");
    let told = case(&[friday], &[STAGING])
        .slow_people()
        .with("detection = \"1h\"", "detection = \"4h\"")
        .office_hours()
        .play();
    told.outages_are(&[(110.0, 178.75, "staging")]).people_are(0, [114.0, 177.5, 177.75]);
    told.labour_is(3.0);
}

#[test]
fn a_call_out_that_began_in_staffed_hours_may_end_after_them() {
    // Alarm on Friday at 16:45: the person is there at 17:15, and works from Monday 09:00 on.
    let friday = fault("it", "server", &[111.75], "2h");
    let told = case(&[friday], &[]).slow_people().office_hours().play();
    told.outages_are(&[(111.75, 179.0, "repair")]).labour_is(2.0);
    assert_eq!((told.outages[0].alarm, told.outages[0].arrival), (Some(112.75), Some(113.25)));
}

#[test]
fn a_promotion_rests_when_nobody_is_there() {
    // Friday 16:00: one hour of the two before the week-end, the other on Monday.
    let friday = fault("it", "server", &[112.0], "50h");
    let slow = STAGING.replace("promote = \"1h\"", "promote = \"2h\"");
    let told = case(&[friday], &[&slow]).office_hours().play();
    told.outages_are(&[(112.0, 178.0, "staging")]);
}

#[test]
fn automatic_protection_needs_nobody() {
    // Sunday. The restart takes 6 min; the host is mended by people on Monday, 177 to 180.
    let sunday = fault("it", "host", &[150.0], "3h");
    let told = case(&[sunday], &[MACHINE]).slow_people().office_hours().play();
    told.outages_are(&[(150.0, 150.1, "virtual_machine")]).labour_is(3.0);
    let sunday = fault("it", "database", &[150.0], "3h");
    let told = case(&[sunday], &[GROUP]).slow_people().office_hours().play();
    told.outages_are(&[(150.0, 150.01, "sql_high_availability")]).labour_is(3.0);
}

#[test]
fn labour_and_outage_are_cut_at_the_horizon() {
    let late = fault("it", "server", &[390.0], "50h");
    let told = case(std::slice::from_ref(&late), &[]).play();
    told.outages_are(&[(390.0, 400.0, "open at the horizon")]).labour_is(10.0);
    let told = case(&[late], &[STAGING]).play();
    told.outages_are(&[(390.0, 391.0, "staging")]).labour_is(1.0 + 10.0);
}

// ------------------------------------------------------------- the race

#[test]
fn a_repair_that_is_done_first_wins_and_the_abandoned_promotion_was_work() {
    let slow = STAGING.replace("promote = \"1h\"", "promote = \"4h\"");
    let told = case(&[server("1h")], &[&slow]).play();
    told.outages_are(&[(100.0, 101.0, "repair")]).labour_is(1.0 + 1.0);
    // With people: repair 101.5 to 102.5, promotion from 101.75 on for 0.75 h.
    let told = case(&[server("1h")], &[&slow]).slow_people().play();
    told.outages_are(&[(100.0, 102.5, "repair")]).labour_is(1.0 + 0.75);
    // A provider's repair is no labour of ours.
    let told = case(&[fault("it", "link", &[100.0], "1h")], &[&slow]).play();
    told.outages_are(&[(100.0, 101.0, "repair")]).labour_is(1.0);
}

#[test]
fn a_repair_done_before_the_decision_leaves_nothing_to_try() {
    let told = case(&[server("1h")], &[STAGING]).decision("5h").play();
    told.outages_are(&[(100.0, 101.0, "repair")]).labour_is(1.0);
}

#[test]
fn a_repair_outruns_rebuild_and_image_too() {
    // Nobody restores an image over what is repaired sooner.
    let by_force = GROUP.replace("synchronous", "asynchronous");
    for (table, labour) in [(MACHINE, 0.5), (REBUILD, 0.5 + 0.5), (&by_force, 0.5 + 0.5)] {
        let told = case(&[fault("it", "database", &[100.0], "30m")], &[table]).play();
        told.outages_are(&[(100.0, 100.5, "repair")]).labour_is(labour);
    }
}

#[test]
fn a_repair_finishes_before_a_slow_restart() {
    let slow = MACHINE.replace("6m", "3h");
    // People do not wait for it: they set about the image as well, and abandon it.
    let told = case(&[fault("it", "host", &[100.0], "1h")], &[&slow]).play();
    told.outages_are(&[(100.0, 101.0, "repair")]).labour_is(1.0 + 1.0);
}

// -------------------------------------------------- order of preference

fn preferring(order: &str) -> String {
    format!("prefer = [{order}]\n")
}

#[test]
fn the_order_of_preference_decides_and_not_the_speed() {
    let order = preferring("\"rebuild\", \"staging\"");
    let told = case(&[server("50h")], &[&order, STAGING, REBUILD]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild")]);
    let order = preferring("\"staging\", \"virtual_machine\"");
    let told = case(&[server("50h")], &[&order, STAGING, MACHINE]).play();
    told.outages_are(&[(100.0, 101.0, "staging")]);
}

#[test]
fn a_promotion_that_fails_costs_its_time_and_hands_over() {
    let failing = STAGING.replace("success = 1.0", "success = 0.0");
    let told = case(&[server("50h")], &[&failing, REBUILD]).play();
    // It is tried twice in one outage.
    told.outages_are(&[(100.0, 106.0, "rebuild")]);
    // Alone it leaves only the repair.
    let told = case(&[server("50h")], &[&failing]).play();
    told.outages_are(&[(100.0, 150.0, "repair")]).labour_is(2.0 + 50.0);
    // What was tried in vain is gone over once, in the order given.
    let order = preferring("\"rebuild\", \"staging\"");
    let told = case(&[server("50h")], &[&order, &failing, REBUILD]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild")]);
}

#[test]
fn a_restart_without_capacity_leaves_it_to_people() {
    // The specification is silent on whether people find room where the automatism finds none. The
    // engine lets them move the image to the other host, which is sensible: they can switch off
    // what matters less.
    let full = MACHINE.replace("capacity = 1.0", "capacity = 0.0");
    let host = fault("it", "host", &[100.0], "50h");
    let told = case(std::slice::from_ref(&host), &[&full]).play();
    told.outages_are(&[(100.0, 102.0, "virtual_machine")]);
    let order = preferring("\"rebuild\", \"virtual_machine\"");
    let told = case(&[host], &[&order, &full, REBUILD]).play();
    told.outages_are(&[(100.0, 104.0, "rebuild")]);
}

#[test]
fn verification_adds_a_full_cycle_before_the_switch() {
    let careful = STAGING.replace("verify = false", "verify = true");
    let told = case(&[server("50h")], &[&careful]).play();
    told.outages_are(&[(100.0, 101.0 + IMPORT + SYNC, "staging")]);
    // The cycle is the machine's time, not ours.
    told.labour_is(1.0 + 50.0);
}

// --------------------------------------------------------- several faults

#[test]
fn overlapping_and_touching_faults_of_different_kinds_are_one_outage() {
    let (a, b) = (fault("a", "server", &[100.0], "5h"), fault("b", "link", &[103.0], "7h"));
    case(&[a.clone(), b], &[]).play().outages_are(&[(100.0, 110.0, "repair")]);
    let b = fault("b", "database", &[105.0], "5h");
    case(&[a.clone(), b], &[]).play().outages_are(&[(100.0, 110.0, "repair")]);
    let b = fault("b", "cloud", &[101.0], "1h");
    case(&[a.clone(), b], &[]).play().outages_are(&[(100.0, 105.0, "repair")]);
    let b = fault("b", "engine", &[100.0], "6h");
    case(&[a, b], &[]).play().outages_are(&[(100.0, 106.0, "repair")]);
}

#[test]
fn one_promotion_answers_two_faults_at_once() {
    let faults = [server("50h"), fault("link", "link", &[100.0], "60h")];
    case(&faults, &[STAGING]).play().outages_are(&[(100.0, 101.0, "staging")]);
}

#[test]
fn a_second_fault_during_the_promotion_does_not_matter_to_the_standby() {
    let faults = [server("50h"), fault("link", "link", &[100.5], "60h")];
    case(&faults, &[STAGING]).play().outages_are(&[(100.0, 101.0, "staging")]);
}

#[test]
fn an_engine_fault_of_one_server_is_cured_by_promotion_and_one_of_both_is_not() {
    let upgrade = fault("bad upgrade", "engine", &[100.0], "60h");
    let faults = [server("50h"), upgrade.clone()];
    case(&faults, &[STAGING]).play().outages_are(&[(100.0, 101.0, "staging")]);
    // A standby that the same upgrade broke is found dead, and the promotion was in vain.
    let told = case(&[in_common(&upgrade)], &[STAGING]).play();
    told.outages_are(&[(100.0, 160.0, "repair")]);
    // One rebuild cures both faults.
    case(&faults, &[REBUILD]).play().outages_are(&[(100.0, 104.0, "rebuild")]);
}

#[test]
fn a_failover_helps_little_when_the_server_is_down_too() {
    let faults = [server("10h"), fault("database", "database", &[100.0], "50h")];
    case(&faults, &[GROUP]).play().outages_are(&[(100.0, 110.0, "repair")]);
}

#[test]
fn a_restart_of_the_machine_and_a_repair_of_its_link() {
    let faults = [fault("host", "host", &[100.0], "50h"), fault("link", "link", &[100.0], "3h")];
    let told = case(&faults, &[MACHINE]).play();
    told.outages_are(&[(100.0, 103.0, "repair")]);
}

#[test]
fn a_fault_that_joins_a_running_outage_has_people_already_there() {
    // The link at 100 brought them at 101.5; the server follows at 110, and the link is back at
    // 112. The specification says that a repair starts when a person has arrived, and one has.
    let faults =
        [fault("link", "link", &[100.0], "12h"), fault("server", "server", &[110.0], "4h")];
    let told = case(&faults, &[]).slow_people().play();
    told.people_are(0, [101.0, 101.5, 101.75]);
    told.outages_are(&[(100.0, 114.0, "repair")]);
}

#[test]
fn people_who_were_called_come_although_the_first_cause_is_gone() {
    // The link is out from 100 to 100.8; the alarm is at 100.5, somebody there at 101. The server,
    // struck at 100.7, keeps the service down, and its repair begins with that arrival.
    let faults =
        [fault("link", "link", &[100.0], "48m"), fault("server", "server", &[100.7], "2h")];
    let told = case(&faults, &[])
        .with("detection = \"0s\"", "detection = \"30m\"")
        .with("call_out = \"0s\"", "call_out = \"30m\"")
        .play();
    told.people_are(0, [100.5, 101.0, 101.0]).outages_are(&[(100.0, 103.0, "repair")]);
}

/// A fault whose repair time is that of whole outages, as logs tell them.
fn logged(hours: &[f64], repair: &str) -> String {
    let fault = fault("crash", "server", hours, repair);
    format!("{fault}repair_covers = \"outage\"\n")
}

#[test]
fn a_repair_that_covers_the_outage_holds_people_s_delays_already() {
    // People are there at 11:30, an hour and a half after the onset, and work until it is over.
    let told = case(&[logged(&[10.0], "5h")], &[]).slow_people().play();
    told.outages_are(&[(10.0, 15.0, "repair")]).metric_is(Metric::LabourHours, 3.5);
    // As short as its detection: nobody has come.
    let told = case(&[logged(&[10.0], "1h")], &[]).slow_people().play();
    told.outages_are(&[(10.0, 11.0, "repair")]).metric_is(Metric::LabourHours, 0.0);
    // It runs by the clock: Monday 16:00 to Tuesday 16:00. Work on Monday from 16:00 (call-out at
    // once) and on Tuesday from 09:00.
    let told = case(&[logged(&[16.0], "24h")], &[]).office_hours().play();
    told.outages_are(&[(16.0, 40.0, "repair")]).metric_is(Metric::LabourHours, 1.0 + 7.0);
}

#[test]
fn a_protection_can_end_it_sooner() {
    let told = case(&[logged(&[10.0], "5h")], &[STAGING]).slow_people().play();
    told.outages_are(&[(10.0, 12.75, "staging")]);
}

#[test]
fn a_standby_that_fails_unseen_is_not_mended_before_it_is_seen() {
    // Struck with the first server at 10:00; the standby's own repair waits for somebody to see it.
    let both = in_common(&logged(&[10.0], "5h"));
    let told = case(&[both], &[STAGING]).slow_people().play();
    told.outages_are(&[(10.0, 15.0, "repair")]);
}
