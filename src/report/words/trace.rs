//! The story of one trial: a sentence for each event, and the headings between them.

use super::{sign_in, spoken};
use crate::engine::Engine;
use crate::engine::observe::{Alarm, Place, Role, TraceEvent};
use crate::engine::outage::RestoredBy;
use crate::report::text::{amount, count, grouped, list, quoted};
use crate::scenario::Scenario;
use crate::strategy::Step;
use crate::strategy::layout::STANDBY;
use crate::study::trace::{Line, Trace, TracedOutage};
use crate::units::show_duration;
use crate::world::service::Services;

/// What is told: scenario, trial, strategy, and that the trial contains a rare disaster.
pub fn title(scenario: &Scenario, trace: &Trace) -> Vec<String> {
    let Trace { trial, seed, strategy, .. } = trace;
    let lead = format!("{}, trial {trial} of seed {seed}: {strategy}", scenario.title());
    [lead].into_iter().chain(disaster(scenario, trace)).chain(servers(trace)).collect()
}

/// As [`title`], for two strategies side by side, whose names stand below.
pub fn title_of_both(scenario: &Scenario, trace: &Trace) -> Vec<String> {
    let Trace { trial, seed, .. } = trace;
    let lead = format!("{}, trial {trial} of seed {seed}, under two strategies", scenario.title());
    [lead].into_iter().chain(disaster(scenario, trace)).chain(servers(trace)).collect()
}

/// That the trial contains a rare disaster.
fn disaster(scenario: &Scenario, trace: &Trace) -> Option<String> {
    let names: Vec<&str> = scenario.rare_disasters().collect();
    let names = names.join(", ");
    let told = format!("(One of the trials drawn with a rare disaster: {names}.)");
    trace.with_disaster.then_some(told)
}

/// What stands where the other strategy has an outage and this one has none.
pub const NO_OUTAGE: &str = "no outage";

/// "Outage 1: server crash, down 4h 5m, current after 4h 35m; restored by staging"
pub fn outage(number: usize, traced: &TracedOutage) -> String {
    let outage = &traced.outage;
    let parts = match outage.parts {
        Services::ALL => String::new(),
        some => format!("{} ", parts_list(some)),
    };
    let restored = if outage.restored > outage.end {
        format!(", synced after {}", show_duration(outage.restore_hours()))
    } else {
        String::new()
    };
    format!(
        "Outage {number}: {}, {parts}down {}{restored}, current after {}; {}",
        traced.fault,
        show_duration(outage.down_hours()),
        show_duration(outage.current_hours()),
        ended(outage.restored_by, &traced.restored_by),
    )
}

/// The heading of an outage that other events have interrupted.
pub fn outage_again(number: usize, traced: &TracedOutage) -> String {
    format!("Outage {number}, continued: {}", traced.fault)
}

/// How an outage ended, after what it was.
fn ended(by: RestoredBy, name: &str) -> String {
    match by {
        RestoredBy::Nothing => "still down at the horizon".to_owned(),
        RestoredBy::PlannedWork => "over with the planned work".to_owned(),
        RestoredBy::MoveBack => "over with the move".to_owned(),
        RestoredBy::LastResort => "restored by a new server as last resort".to_owned(),
        _ => format!("restored by {}", spoken(name)),
    }
}

/// What stands where no fault struck.
pub const NOTHING: &str = "No fault strikes in this trial.";

fn keeps_to_repair(until: &str) -> String {
    format!("engineer tries the repair until {until}")
}

/// An event in a sentence without its full stop.
pub fn event(engine: &Engine<'_>, place: Place, event: &TraceEvent<'_>) -> String {
    use TraceEvent as E;
    match event {
        E::Struck { fault, role, common_mode } => {
            let is_planned = engine.world().planned.iter().any(|planned| planned.name == *fault);
            struck(fault, is_planned, place, strikes(*role, *common_mode))
        }
        E::Down { parts } => down(*parts),
        E::PartsDown { parts } => format!("down now: {}", parts_list(*parts)),
        E::DirectoryLost => "every site with domain controllers is down: no directory".into(),
        E::DirectoryBack => "directory can be reached again".into(),
        E::Alarm { by, channel } => alarm(*by, *channel),
        E::Arrived => "engineer starts work".into(),
        E::Decided => "response decided".into(),
        E::RepairBegan { by_provider, hours, until } => {
            format!("{}{}", repair(*by_provider, *hours), until_when(engine, *hours, *until))
        }
        E::Repaired { in_background } => repaired(*in_background).into(),
        E::RepairGivenUp | E::RepairMoot | E::OwnServerServes => end_of_repair(event).into(),
        E::InstalledElsewhere { hours } => installed_elsewhere(*hours),
        E::Quarantined { until } => quarantined(&when(engine, *until)),
        E::AutomaticBegan(name) => format!("{} starts automatically", spoken(name)),
        E::AttemptBegan { protection, steps, until } => {
            format!("{}: {}; until {}", spoken(protection), plan(steps), when(engine, *until))
        }
        E::Blocked { protection, why } => format!("{} cannot start: {why}", spoken(protection)),
        E::Failed { protection, why } => format!("{} fails: {why}", spoken(protection)),
        E::Worked(name) => format!("{} succeeds", spoken(name)),
        E::Abandoned(name) => format!("{} abandoned: no longer needed", spoken(name)),
        E::BrokenOff(name) => format!("{} broken off: what it needs is lost", spoken(name)),
        E::DiagnosisBegan { hours } => diagnosis(*hours),
        E::WaitsForPerson { what } => format!("{what} waits: everybody is at work already"),
        E::PersonFree { what, hours } => person_free(what, *hours),
        E::Relocated { site } => relocated(*site),
        E::PlannedPostponed { name } => format!("{name} put off by a week: {NOT_WHOLE}"),
        E::PlannedBegan { name, standby, hours } => planned_work(name, *standby, *hours),
        E::PlannedEnded { name, wrong } => planned_end(name, *wrong),
        E::Swung => "standby takes over as planned; nothing stops".into(),
        E::KeepsToRepair { until } => keeps_to_repair(&when(engine, *until)),
        E::OutOfOptions => "no options left; waiting for the repair".into(),
        E::Up(by) => up(*by, engine.restored_by_name(*by)),
        E::FullCycle { import, sync, until } => {
            format!("{} until {}", full_cycle(*import, *sync), when(engine, *until))
        }
        E::FirstPass { until } => first_pass(&when(engine, *until)),
        E::WritebackOffered => "writeback available again".into(),
        E::GuardTripped { deletes, cleared } => guard(*deletes, &when(engine, *cleared)),
        E::ObjectsSynced { changes } => {
            format!("export of {} starts", count(*changes, "waiting object change"))
        }
        E::PasswordsSynced { users, user_hours } => password_sync(*users, *user_hours),
        E::Current => "no backlog left".into(),
        E::Purged(objects) => purged(*objects),
        E::Requests { failed, delayed, lost } => requests(*failed, *delayed, *lost),
        E::PasswordChanged => "password change that the cloud does not get".into(),
        E::RequestRefused => "writeback request refused".into(),
        of_sign_in => sign_in::event(of_sign_in, |time| when(engine, time)).unwrap_or_default(),
    }
}

fn installed_elsewhere(hours: f64) -> String {
    format!("agent goes to another server, {} of work", show_duration(hours))
}

fn quarantined(until: &str) -> String {
    format!("job of the agents in quarantine; it goes on {until}")
}

fn diagnosis(hours: f64) -> String {
    format!("engineer looks for the reason; it takes {}", show_duration(hours))
}

fn person_free(what: &str, hours: f64) -> String {
    format!("{what} has a person, after a wait of {}", show_duration(hours))
}

fn relocated(site: Option<&str>) -> String {
    let place = site
        .map_or("where the directory was restored".to_owned(), |site| format!("in site {site}"));
    format!("server stands {place} from now on")
}

/// Why planned work is put off.
const NOT_WHOLE: &str = "the service is not whole, or other planned work is under way";

fn when(engine: &Engine<'_>, hours: f64) -> String {
    engine.world().calendar.show(hours)
}

/// "1 delete stops", "3 deletes stop".
fn subject(number: u64, thing: &str, [one, many]: [&str; 2]) -> String {
    format!("{} {}", count(number, thing), if number == 1 { one } else { many })
}

/// A fault, or planned work, takes something down: a component, or the service itself.
fn struck(fault: &str, is_planned: bool, place: Place, strikes: &str) -> String {
    match (is_planned, place.kind) {
        (true, None) => format!("planned stop for {fault}"),
        (true, Some(_)) => format!("{fault} has left it broken"),
        (false, None) => format!("{fault} begins"),
        // The name of a fault may be a sentence of its own.
        (false, Some(_)) => format!("{} {strikes}", quoted(fault)),
    }
}

/// After the name of a fault; before both stands what it strikes: "second server: ".
fn strikes(role: Role, common_mode: bool) -> &'static str {
    match (role, common_mode) {
        (Role::Service, true) => "strikes too (common mode), and it is in service",
        (Role::Service, false) => "strikes",
        (Role::Standby, true) => "strikes too (common mode), while it stands by",
        (Role::Standby, false) => "strikes while it stands by; nobody knows yet",
        (Role::SignIn, true) => "strikes too (common mode), where users sign in",
        (Role::SignIn, false) => "strikes where users sign in",
        (Role::OtherSite, true) => "strikes here too (common mode); no server stands here",
        (Role::OtherSite, false) => "strikes; no server stands here",
    }
}

/// What the trace calls the server that stood by at the start: by then it may be the one in service.
const SECOND: &str = "second";

/// That there are two servers, where the trace names the second.
fn servers(trace: &Trace) -> Option<String> {
    let names = |line: &Line| line.path.as_deref() == Some(STANDBY);
    trace.lines.iter().any(names).then(|| {
        "The second server stands by at the start; after a promotion or a planned swing the first \
         does."
            .to_owned()
    })
}

/// Where an event happened: "first server", "second server, engine", "main site", "directory".
pub fn place(line: &Line) -> Option<String> {
    let component = spoken(line.component?);
    let server = |name: &str| if name == STANDBY { SECOND.to_owned() } else { name.to_owned() };
    Some(match (&line.path, &line.site) {
        (Some(path), _) if component == "server" => format!("{} server", server(path)),
        (Some(path), _) => format!("{} server, {component}", server(path)),
        (None, Some(site)) => format!("{site} {component}"),
        (None, None) => component,
    })
}

fn down(parts: Services) -> String {
    match parts {
        Services::ALL => "service down".into(),
        some => format!("{} down; the rest of the service is up", parts_list(some)),
    }
}

/// "export, password sync and writeback"
fn parts_list(parts: Services) -> String {
    let words: Vec<String> = parts.iter().map(|part| spoken(part.word())).collect();
    list(&words)
}

fn up(by: RestoredBy, name: &str) -> String {
    match by {
        RestoredBy::PlannedWork | RestoredBy::MoveBack => "service up as planned".to_owned(),
        RestoredBy::LastResort => "service restored by a new server as last resort".to_owned(),
        _ => format!("service restored by {}", spoken(name)),
    }
}

/// When hands-on work will be done that rests at night.
fn until_when(engine: &Engine<'_>, hours: f64, until: f64) -> String {
    if hours.is_infinite() || until.is_infinite() || engine.world().staffed.is_always() {
        return String::new();
    }
    format!(", until {}", when(engine, until))
}

fn alarm(by: Alarm, channel: Option<&str>) -> String {
    match (by, channel) {
        (Alarm::Monitoring, Some(channel)) => format!("{} raises the alarm", quoted(channel)),
        (Alarm::Monitoring, None) => "monitoring raises the alarm".into(),
        (Alarm::StandbyCheck, _) => "standby check finds it down".into(),
        (Alarm::Users, _) => "user reports raise the alarm".into(),
        (Alarm::PlannedWork, _) => "those who did the planned work raise the alarm".into(),
    }
}

fn repair(by_provider: bool, hours: f64) -> String {
    let whose = if by_provider { "provider starts repair" } else { "repair in place starts" };
    if hours.is_infinite() {
        format!("{whose}; it will never succeed")
    } else if by_provider {
        format!("{whose}; it takes {}", show_duration(hours))
    } else {
        // It rests at night: the end may be later than so many hours from now.
        format!("{whose}: {} of hands-on work", show_duration(hours))
    }
}

fn end_of_repair(event: &TraceEvent<'_>) -> &'static str {
    match event {
        TraceEvent::RepairGivenUp => "repair given up; the software is installed anew over it",
        TraceEvent::OwnServerServes => {
            "the first server is mended; it serves in the place of the lost one"
        }
        _ => "failed component overwritten; nothing left to repair",
    }
}

fn repaired(in_background: bool) -> &'static str {
    match in_background {
        true => "failed component repaired; the service does not run on it",
        false => "failed component repaired",
    }
}

fn planned_work(name: &str, on_standby: bool, hours: f64) -> String {
    let place = if on_standby { " on the standby" } else { "" };
    format!("{name} starts{place}; it takes {}", show_duration(hours))
}

fn planned_end(name: &str, wrong: bool) -> String {
    let wrong = if wrong { "; it has gone wrong, and the server does not sync" } else { "" };
    format!("{name} done{wrong}")
}

fn full_cycle(import: bool, sync: bool) -> &'static str {
    match (import, sync) {
        (true, true) => "full import and full sync run",
        (true, false) => "full import runs",
        _ => "full sync runs",
    }
}

fn first_pass(until: &str) -> String {
    format!("first pass of passwords runs until {until}")
}

fn guard(deletes: u64, cleared: &str) -> String {
    let deletes = subject(deletes, "pending delete", ["stops", "stop"]);
    format!("{deletes} the export until {cleared}")
}

fn password_sync(users: u64, user_hours: f64) -> String {
    let (users, hours) = (count(users, "user"), amount(user_hours, true));
    format!("password sync of {users} starts: {hours} stale user-hours so far")
}

fn purged(objects: u64) -> String {
    let objects = subject(objects, "soft-deleted object", ["is", "are"]);
    format!("{objects} purged from the cloud for good")
}

fn requests(failed: u64, delayed: u64, lost: u64) -> String {
    format!(
        "writeback: {} refused, {} delayed, {} lost",
        count(failed, "attempt"),
        count(delayed, "request"),
        grouped(lost)
    )
}

fn plan(steps: &[Step]) -> String {
    let step = |step: &Step| format!("{} ({})", step.what, show_duration(step.hours));
    steps.iter().map(step).collect::<Vec<_>>().join(", then ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::kind::Kind;
    use crate::world::service::Service;

    #[test]
    fn each_event_is_a_sentence_that_can_be_read_aloud() {
        let scenario = Scenario::embedded().unwrap();
        let engine = Engine::new(&scenario.world, &scenario.strategies[0]);
        let some = Services::ALL.without(Service::Export);
        let place = Place { kind: Some(Kind::Site), ..Place::default() };
        use TraceEvent as E;
        for (told, sentence) in [
            (
                E::Struck { fault: "flood", role: Role::OtherSite, common_mode: true },
                "\"flood\" strikes here too (common mode); no server stands here",
            ),
            (
                E::Struck { fault: "crash", role: Role::Standby, common_mode: false },
                "\"crash\" strikes while it stands by; nobody knows yet",
            ),
            (E::Down { parts: Services::ALL }, "service down"),
            (
                E::Down { parts: some },
                "password sync and writeback down; the rest of the service is up",
            ),
            (
                E::PartsDown { parts: Services::ALL },
                "down now: export, password sync and writeback",
            ),
            (
                E::Alarm { by: Alarm::Monitoring, channel: Some("ping") },
                "\"ping\" raises the alarm",
            ),
            (E::AutomaticBegan("sql_groups"), "SQL groups starts automatically"),
            (E::DiagnosisBegan { hours: 1.5 }, "engineer looks for the reason; it takes 1h 30m"),
            (
                E::WaitsForPerson { what: "the repair" },
                "the repair waits: everybody is at work already",
            ),
            (
                E::PersonFree { what: "the repair", hours: 2.0 },
                "the repair has a person, after a wait of 2h",
            ),
            (
                E::PlannedBegan { name: "upgrade", standby: true, hours: 1.0 },
                "upgrade starts on the standby; it takes 1h",
            ),
            (
                E::PlannedEnded { name: "upgrade", wrong: true },
                "upgrade done; it has gone wrong, and the server does not sync",
            ),
            (E::Up(RestoredBy::PlannedWork), "service up as planned"),
            (E::Up(RestoredBy::LastResort), "service restored by a new server as last resort"),
            (
                E::PasswordsSynced { users: 1, user_hours: 0.5 },
                "password sync of 1 user starts: 0.5 stale user-hours so far",
            ),
            (E::Purged(1), "1 soft-deleted object is purged from the cloud for good"),
            (E::Relocated { site: Some("other") }, "server stands in site other from now on"),
            (
                E::Relocated { site: None },
                "server stands where the directory was restored from now on",
            ),
        ] {
            assert_eq!(event(&engine, place, &told), sentence);
        }
        let split = E::Struck { fault: "split brain", role: Role::Service, common_mode: false };
        assert_eq!(event(&engine, Place::default(), &split), "split brain begins");
    }
}
