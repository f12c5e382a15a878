//! What the readers of the world make of right and wrong text.

use super::fault::FaultKeys;
use super::operations::OperationsKeys;
use super::planned::PlannedKeys;
use super::service::{Service, Services};
use super::site::{Site, Sites};
use super::watch::Watch;
use super::workload::{CompiledWorkload, WorkloadKeys};
use super::*;
use crate::distribution::Distribution;
use crate::keys::{Document, Section};
use crate::world::kind::Kind;
use crate::world::streams::name_key;
use jiff::civil::date;
use jiff::tz::TimeZone;

/// What `reader` reads of `text`, and each finding as "place | message | help".
fn read<T>(text: &str, reader: impl FnOnce(&mut Section<'_>) -> T) -> (T, Vec<String>) {
    let document = Document::parse(text, "");
    let (value, log) = document.read(None, |mut section| reader(&mut section));
    let show = |finding: crate::keys::Finding| {
        let place = finding.span.map_or("", |span| &text[span]);
        format!("{place} | {} | {}", finding.message, finding.help.unwrap_or_default())
    };
    (value, log.findings.into_iter().map(show).collect())
}

/// The one finding of `text`.
fn finding<T>(text: &str, reader: impl FnOnce(&mut Section<'_>) -> T) -> String {
    let (_, findings) = read(text, reader);
    assert_eq!(findings.len(), 1, "{findings:?}");
    findings.into_iter().next().unwrap_or_default()
}

fn calendar(zone: &str, horizon: f64) -> Calendar {
    let start = date(2027, 1, 4).at(0, 0, 0, 0);
    Calendar::new(start, TimeZone::get(zone).unwrap(), &[], horizon).unwrap()
}

fn hours(text: &str) -> Distribution {
    read(&format!("x = {text}"), |section| section.required_distribution("x", "x")).0
}

#[test]
fn a_site_has_controllers_unless_it_says_no() {
    let (site, findings) = read("name = \"Bonn\"", Site::read);
    assert_eq!((site, findings.len()), (Site::new("Bonn", true), 0));
    let (site, _) = read("name = \"Bonn\"\ndomain_controllers = false", Site::read);
    assert!(!site.domain_controllers && site.key == name_key("Bonn"));
    assert_eq!(
        finding("name = \"same\"", Site::read),
        "\"same\" | \"same\" cannot be the name of a site | in a strategy \"same\" is the first \
         site; give another name"
    );
    assert_eq!(
        finding("name = \"Bonn\"\ndomain_controllers = 1", Site::read),
        "1 | expected true or false, found the integer 1 | write true"
    );
}

#[test]
fn a_strategy_names_a_site_by_its_name_or_by_where_it_is() {
    let site = |sites: &Sites, text: &str| {
        read(text, |section| sites.read_reference(section, "site", "other", "where it is"))
    };
    let default = Sites::default();
    let three = Sites(["Bonn", "Köln", "Ulm"].map(|name| Site::new(name, true)).to_vec());
    for (sites, text, number) in [
        (&default, "", 1),
        (&default, "site = \"same\"", 0),
        (&default, "site = \"main\"", 0),
        (&three, "", 1),
        (&three, "site = \"Ulm\"", 2),
    ] {
        assert_eq!(site(sites, text), (number, Vec::new()), "{text}");
    }
    // A site that is called "other" is that one, wherever it stands.
    let named = Sites(["main", "second", "other"].map(|name| Site::new(name, true)).to_vec());
    assert_eq!(site(&named, "").0, 2);
    assert_eq!(
        site(&three, "site = \"Uml\"").1,
        ["\"Uml\" | there is no site \"Uml\" | did you mean \"Ulm\"?"]
    );
    assert_eq!(
        site(&three, "site = \"Zermatt\"").1,
        [
            "\"Zermatt\" | there is no site \"Zermatt\" | write \"same\", \"other\", \"Bonn\", \"Köln\" or \"Ulm\""
        ]
    );
    let one = Sites(vec![Site::new("Bonn", true)]);
    assert_eq!(
        site(&one, "site = \"other\"").1,
        [
            "\"other\" | there is no other site than \"Bonn\" | add a second [[site]], or write site = \"same\""
        ]
    );
    // What is not written is an error at the table.
    assert_eq!(
        site(&one, "").1,
        [
            " | there is no other site than \"Bonn\" | add a second [[site]], or write site = \"same\""
        ]
    );
    assert_eq!(
        site(&three, "site = 2").1,
        [
            "2 | expected a site: \"same\", \"other\", \"Bonn\", \"Köln\" or \"Ulm\", found the integer 2 | "
        ]
    );
}

#[test]
fn a_channel_sees_kinds_and_names() {
    let text = "name = \"ping\"\nsees = [\"link\", \"password-sync\", \"flood\"]\nafter = \"5m\"\nworks = 0.5";
    let (ping, findings) = read(text, Watch::read);
    assert_eq!(findings, [""; 0]);
    assert_eq!((ping.works, ping.after.constant(), ping.annual_cost), (0.5, Some(5.0 / 60.0), 0.0));
    assert!(ping.sees(None, Some(Kind::Link)) && ping.sees(None, Some(Kind::PasswordSync)));
    assert!(ping.sees(Some(name_key("flood")), Some(Kind::Site)));
    assert!(!ping.sees(Some(name_key("fire")), Some(Kind::Site)) && !ping.sees(None, None));
    let (all, findings) = read("name = \"people\"\nafter = \"1d\"", Watch::read);
    assert!(findings.is_empty() && all.works == 1.0);
    assert!(all.sees(None, None) && all.sees(Some(1), Some(Kind::Tenant)));
    assert_eq!(
        finding("name = \"x\"", Watch::read),
        " | `after` is missing | add `after = …` with a distribution such as \"8h\", \
         \"1h to 9h\" or { exponential = { mean = \"4h\" } }"
    );
    let with = |line: &str| finding(&format!("name = \"x\"\nafter = \"1h\"\n{line}"), Watch::read);
    assert_eq!(
        with("sees = \"*\""),
        "\"*\" | expected a list of kinds or names of faults, found the text \"*\" | write [\"*\"]"
    );
    assert_eq!(
        with("sees = [\"\"]"),
        "\"\" | a name is empty | write a kind, the name of a fault, or \"*\""
    );
    assert_eq!(
        with("works = 70"),
        "70 | expected a probability from 0 to 1, found the integer 70 | write 0.7"
    );
    assert!(with("works = 1.0").starts_with("1.0 | the channel is assumed to be set up and alive"));
    assert!(with("works = 0").starts_with("0 | the channel never raises an alarm | "));
    assert!(with("annual_cost = 5.0").contains("annual_cost"), "only a strategy pays");
}

#[test]
fn a_strategy_pays_for_its_own_channels() {
    let text = "[[watch]]\nname = \"script\"\nafter = \"5m\"\nannual_cost = 300";
    let (watch, findings) = read(text, Watch::read_all);
    assert!(findings.is_empty());
    assert_eq!((watch.len(), watch[0].annual_cost), (1, 300.0));
    assert_eq!(
        finding(&text.replace("300", "-1"), Watch::read_all),
        "-1 | expected a number from 0 to 1_000_000_000_000, found the integer -1 | the least is 0"
    );
}

#[test]
fn people_try_again_and_find_a_way_in_the_end() {
    let (OperationsKeys { operations, detection }, findings) = read("", OperationsKeys::read);
    assert!(findings.is_empty() && detection.is_none());
    assert_eq!((operations.tries, operations.people), (2, Some(2)));
    assert_eq!(operations.diagnose, hours("\"30m to 4h\""));
    assert_eq!(operations.restore_directory, hours("\"8h to 40h\""));
    let last_resort = operations.last_resort.unwrap();
    assert_eq!((last_resort.after, last_resort.takes), (48.0, hours("\"8h to 32h\"")));
    let by_hand = operations.disable_by_hand.unwrap();
    assert_eq!((by_hand.probability, by_hand.after), (0.5, hours("\"30m to 4h\"")));

    let text = "detection = \"2h\"\ntries = 1\npeople = \"unlimited\"\nlast_resort = \"never\"\n\
                disable_by_hand = { after = \"1h\" }\n";
    let (OperationsKeys { operations, detection }, findings) = read(text, OperationsKeys::read);
    assert_eq!(findings, [""; 0]);
    assert_eq!(detection, Some(hours("\"2h\"")));
    assert_eq!((operations.tries, operations.people, operations.last_resort), (1, None, None));
    assert_eq!(operations.disable_by_hand.unwrap().after, hours("\"1h\""));
    let text = "people = 5\n[last_resort]\nafter = \"3d\"\n";
    let (OperationsKeys { operations, .. }, _) = read(text, OperationsKeys::read);
    assert_eq!(operations.people, Some(5));
    assert_eq!(operations.last_resort.unwrap().after, 72.0);
}

#[test]
fn what_is_wrong_with_people_is_said_at_its_place() {
    for (text, expected) in [
        (
            "people = \"unlimted\"",
            "\"unlimted\" | expected a whole number from 1 to 10_000 or \"unlimited\", found the text \"unlimted\" | write \"unlimited\"",
        ),
        (
            "people = 0",
            "0 | expected a whole number from 1 to 10_000, found the integer 0 | the least is 1",
        ),
        (
            "tries = 0",
            "0 | expected a whole number from 1 to 100, found the integer 0 | the least is 1",
        ),
        (
            "last_resort = \"2d\"",
            "\"2d\" | expected a table, or \"never\", found the text \"2d\" | ",
        ),
        (
            "last_resort = { after = \"2d\", take = \"1d\" }",
            "take | unknown key `take` | did you mean `takes`?",
        ),
        (
            "last_resort = { after = \"1d to 2d\" }",
            "\"1d to 2d\" | expected a duration such as \"2h 30m\", found the text \"1d to 2d\" | write one duration; a range \
             makes a distribution, which this key is not",
        ),
        (
            "disable_by_hand = { probability = 2 }",
            "2 | expected a probability from 0 to 1, found the integer 2 | a probability is a share, \
             such as 0.05 or \"5 %\"",
        ),
        ("disable_by_hand = false", "false | expected a table, or \"never\", found false | "),
    ] {
        assert_eq!(finding(text, OperationsKeys::read), expected);
    }
}

/// A fault of which only some lines matter.
fn fault(lines: &str) -> String {
    format!("name = \"x\"\nstrikes = \"tenant\"\nrepair = \"1h\"\n{lines}")
}

#[test]
fn a_fault_strikes_by_the_clock_and_on_dates() {
    let text = fault(
        "every = { exponential = { mean = \"300d\" } }\nprobability = 0.1\n\
         at = [2027-04-07, \"2027-01-05 12:00\", \"100h\", \"2026-12-31\"]",
    );
    let (keys, findings) = read(&text, FaultKeys::read);
    assert_eq!(findings, [""; 0]);
    let onsets = keys.compile(&calendar("Europe/Berlin", 8760.0)).onsets;
    // 93 days after 4 January, one hour of them lost to summer time.
    assert_eq!(onsets.fixed, [36.0, 100.0, 93.0 * 24.0 - 1.0]);
    assert_eq!((onsets.probability, onsets.every.is_some()), (0.1, true));
    assert!((onsets.expected_within(8760.0) - (8760.0 / 7200.0 + 0.3)).abs() < 1e-12);
    assert_eq!(onsets.poisson_mean(), None);
    let utc = keys.compile(&calendar("UTC", 8760.0)).onsets;
    assert_eq!(utc.fixed, [36.0, 100.0, 93.0 * 24.0]);
    assert_eq!(utc.fixed_at(1), Some(100.0));
}

#[test]
fn what_is_wrong_with_the_times_of_a_fault_is_said_at_its_place() {
    for (lines, expected) in [
        (
            "at = [\"2027-13-01\"]",
            "\"2027-13-01\" | expected a date or date and time such as \"2027-01-04\" or \
             \"2027-01-04 08:00\", found the text \"2027-13-01\" | dates are written year-month-day",
        ),
        (
            "at = [\"2027-04-07 08:00Z\"]",
            "\"2027-04-07 08:00Z\" | expected a date or date and time such as \"2027-01-04\" or \
             \"2027-01-04 08:00\", found the text \"2027-04-07 08:00Z\" | write local time; the zone stands in `time_zone`",
        ),
        (
            "at = [100]",
            "100 | expected a duration such as \"2h 30m\", found the integer 100 | write \"100h\"",
        ),
        (
            "at = [\"soon\"]",
            "\"soon\" | expected a duration from the start such as \"100h\", or a date (and time) \
             such as \"2027-04-07\", found the text \"soon\" | ",
        ),
        (
            "at = \"2027-04-07\"",
            "\"2027-04-07\" | expected a list of times, found the text \"2027-04-07\" | write [\"2027-04-07\"]",
        ),
        (
            "",
            " | it is not said when the fault strikes | add `every = { exponential = { mean = \
             \"300d\" } }`, or `at = [\"100h\"]`",
        ),
        (
            "every = \"9d\"\nprobability = 0.5",
            "0.5 | probability has no effect on a fault without fixed times | it is that of each \
             time in `at`; how often `every` strikes, its distribution says",
        ),
        (
            "at = [\"9d\"]\nprobability = 0",
            "0 | the fault never strikes at its fixed times: their probability is 0 | give the \
             probability that you miss the date, or leave the times out",
        ),
        (
            "at = []",
            "[] | the fault never strikes: its list of times is empty | give it times, or leave it \
             out",
        ),
    ] {
        assert_eq!(finding(&fault(lines), FaultKeys::read), expected);
    }
}

/// The starts of planned work.
fn starts(lines: &str, zone: &str, horizon: f64) -> Vec<f64> {
    let text = format!("name = \"x\"\n{lines}");
    let (keys, findings) = read(&text, PlannedKeys::read);
    assert_eq!(findings, [""; 0], "{lines}");
    keys.compile(&calendar(zone, horizon)).starts
}

#[test]
fn planned_work_begins_in_its_window() {
    let day = 24.0;
    // 4 January 2027 is a Monday. Half a year later the yearly work waits for Saturday.
    let yearly = starts("every = \"365d\"\nwindow = \"Sat 08:00\"", "UTC", 8760.0);
    assert_eq!(yearly, [187.0 * day + 8.0]);
    assert_eq!(starts("every = \"365d\"", "UTC", 8760.0), [182.5 * day]);
    assert_eq!(starts("every = \"30d\"", "UTC", 8760.0).len(), 12);
    // By summer time 08:00 is an hour earlier.
    let berlin = starts("at = [\"2027-05-08\"]\nwindow = \"Sat 08:00\"", "Europe/Berlin", 8760.0);
    assert_eq!(berlin, [124.0 * day + 7.0]);
    // The clocks skip 02:30 on 28 March 2027 and show it twice on 31 October.
    let lines = "at = [\"2027-03-28\", \"2027-10-31\"]\nwindow = \"02:30\"";
    let (spring, autumn) = (83.0 * day + 2.5, 300.0 * day + 2.5 - 1.0);
    assert_eq!(starts(lines, "Europe/Berlin", 8760.0), [spring, autumn]);
    // At the very time of the window it begins at once, a moment later a week later.
    assert_eq!(starts("at = [\"8h\"]\nwindow = \"Mon 08:00\"", "UTC", 8760.0), [8.0]);
    assert_eq!(starts("at = [\"9h\"]\nwindow = \"Mon 08:00\"", "UTC", 8760.0), [7.0 * day + 8.0]);
    assert_eq!(starts("at = [\"9h\"]\nwindow = \"Mon-Fri 08:00\"", "UTC", 8760.0), [day + 8.0]);
    // Two that meet in one window are one; none before the start or from the horizon on.
    let lines = "at = [\"5d\", \"4d\", \"2026-12-01\", \"400d\"]\nwindow = \"Sun 06:00\"";
    assert_eq!(starts(lines, "UTC", 8760.0), [6.0 * day + 6.0]);
    assert_eq!(starts("at = [\"1d\"]\nwindow = \"Sun 06:00\"", "UTC", 100.0), [0.0; 0]);
}

#[test]
fn planned_work_says_what_it_stops() {
    let text = "name = \"upgrade\"\nat = [\"9d\"]\nstops = \"export\"\nfull_sync = true\n\
                goes_wrong = 0.05\nwork = \"2h\"";
    let (keys, findings) = read(text, PlannedKeys::read);
    assert_eq!(findings, [""; 0]);
    let planned = keys.compile(&calendar("UTC", 8760.0));
    assert_eq!((planned.stops, planned.full_sync), (Services::only(Service::Export), true));
    assert_eq!((planned.goes_wrong, planned.work.constant()), (0.05, Some(2.0)));
    assert_eq!((planned.repair, planned.key), (hours("\"2h to 8h\""), name_key("upgrade")));
    for (word, services) in [("all", Services::ALL), ("nothing", Services::NONE)] {
        let (keys, _) = read(&text.replace("export", word), PlannedKeys::read);
        assert_eq!(keys.compile(&calendar("UTC", 8760.0)).stops, services);
    }
    let with = |lines: &str| finding(&format!("name = \"x\"\n{lines}"), PlannedKeys::read);
    for (lines, expected) in [
        (
            "every = \"365d\"\nat = [\"9d\"]",
            "[\"9d\"] | planned work has either `every` or `at`, not both | make two [[planned]] of it",
        ),
        (
            "",
            " | it is not said when the work is done | add `every = \"365d\"`, or `at = [\"2027-05-08\"]`",
        ),
        (
            "at = [\"9d\"]\nstops = \"exports\"",
            "\"exports\" | expected \"all\", \"nothing\", \"export\", \"password-sync\" or \
             \"writeback\", found the text \"exports\" | write \"export\"",
        ),
        (
            "at = [\"9d\"]\nwindow = \"Saturday\"",
            "\"Saturday\" | \"Saturday\" is no time of a week | write a day and a time such as \
             \"Sat 08:00\", or a time such as \"20:00\"",
        ),
        (
            "at = [\"9d\"]\nwindow = \"Sat 24:00\"",
            "\"Sat 24:00\" | \"Sat 24:00\" is no time of a week | write a day and a time such as \
             \"Sat 08:00\", or a time such as \"20:00\"",
        ),
    ] {
        assert_eq!(with(lines), expected);
    }
}

#[test]
fn devices_are_a_share_of_what_is_exported() {
    let compile = |text: &str| {
        let (keys, findings) = read(text, WorkloadKeys::read);
        assert_eq!(findings, [""; 0]);
        let calendar = Arc::new(calendar("UTC", 168.0));
        CompiledWorkload::default().compile(&keys, &calendar, 100).objects
    };
    let plain = compile("");
    assert_eq!((plain.deletes, plain.disables), (0.01, 0.005));
    assert_eq!((plain.joins, plain.devices), (0.002, 0.0));
    let objects = compile(
        "[object_changes]\nper_hour = 30.0\ndevices_per_hour = 10.0\ndeletes = 0.2\njoins = 0.4",
    );
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    near(objects.deletes, 0.15);
    near(objects.joins, 0.3);
    near(objects.devices, 0.25);
    near(objects.rates.between(0.0, 168.0), 40.0 * 168.0);
    let none = compile("[object_changes]\nper_hour = 0.0");
    assert_eq!((none.devices, none.rates.between(0.0, 168.0)), (0.0, 0.0));
    assert_eq!(
        finding("[object_changes]\ndeletes = 0.5\njoins = 0.6", WorkloadKeys::read),
        "0.6 | deletes, disables and joins are 1.105 of all changes | they are different changes: \
         their shares add up to 1 at the most"
    );
}

#[test]
fn a_credential_lives_for_ninety_days() {
    assert_eq!(read("", Sync::read).0.credential_life, 90.0 * 24.0);
    assert_eq!(read("credential_life = \"0s\"", Sync::read).0.credential_life, 0.0);
    assert_eq!(
        finding("credential_life = 90", Sync::read),
        "90 | expected a duration such as \"2h 30m\", found the integer 90 | write \"90h\""
    );
}
