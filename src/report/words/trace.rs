//! The story of one trial: a sentence for each event, and the headings between them.

use crate::engine::Engine;
use crate::engine::observe::{Alarm, Role, TraceEvent};
use crate::report::text::{amount, count, grouped};
use crate::scenario::Scenario;
use crate::strategy::Step;
use crate::study::trace::{Trace, TracedOutage};
use crate::units::show_duration;
use crate::world::service::{Service, Services};

/// What is told: scenario, trial, strategy, and that the trial contains a rare disaster.
pub fn title(scenario: &Scenario, trace: &Trace) -> Vec<String> {
    let Trace { trial, seed, strategy, .. } = trace;
    let mut lines = vec![format!("{}, trial {trial} of seed {seed}: {strategy}", scenario.title())];
    if trace.with_disaster {
        let names: Vec<&str> = scenario.rare_disasters().collect();
        let names = names.join(", ");
        lines.push(format!("(One of the trials drawn with a rare disaster: {names}.)"));
    }
    lines
}

/// "Outage 1: server crash, down 4h 5m, current after 4h 35m; restored by staging"
pub fn outage(number: usize, traced: &TracedOutage) -> String {
    let outage = &traced.outage;
    let end = if outage.is_open() {
        "still down at the horizon".to_owned()
    } else {
        format!("restored by {}", traced.restored_by)
    };
    format!(
        "Outage {number}: {}, down {}, current after {}; {end}",
        traced.fault,
        show_duration(outage.restore_hours()),
        show_duration(outage.current_hours()),
    )
}

/// What stands where no fault struck.
pub const NOTHING: &str = "No fault strikes in this trial.";

/// An event in a sentence without its full stop.
pub fn event(engine: &Engine<'_>, event: &TraceEvent<'_>) -> String {
    let when = |hours: f64| engine.world().calendar.show(hours);
    match event {
        TraceEvent::Struck { fault, role, common_mode } => {
            format!("{fault} strikes{}", whom(*role, *common_mode))
        }
        TraceEvent::Down { parts } => down(*parts),
        TraceEvent::PartsDown { parts } => format!("still down: {}", parts_list(*parts)),
        TraceEvent::DirectoryLost => {
            "every site with domain controllers is down: the directory cannot be reached".into()
        }
        TraceEvent::DirectoryBack => "domain controllers can be reached again".into(),
        TraceEvent::Alarm { by, channel: Some(channel) } if *by == Alarm::Monitoring => {
            format!("\"{channel}\" raises the alarm")
        }
        TraceEvent::Alarm { by, .. } => alarm(*by).into(),
        TraceEvent::Arrived => "on-call engineer starts work".into(),
        TraceEvent::Decided => "response decided".into(),
        TraceEvent::RepairBegan { by_provider, hours, until } => {
            format!("{}{}", repair(*by_provider, *hours), until_when(engine, *hours, *until))
        }
        TraceEvent::Repaired { in_background: true } => {
            "failed component repaired; it is on standby now".into()
        }
        TraceEvent::Repaired { in_background: false } => "failed component repaired".into(),
        TraceEvent::RepairMoot => "failed component overwritten; nothing left to repair".into(),
        TraceEvent::AutomaticBegan(name) => format!("{name} starts automatically"),
        TraceEvent::AttemptBegan { protection, steps, until } => {
            format!("{protection}: {}; until {}", plan(steps), when(*until))
        }
        TraceEvent::Blocked { protection, why } => format!("{protection} cannot start: {why}"),
        TraceEvent::Failed { protection, why } => format!("{protection} fails: {why}"),
        TraceEvent::Worked(name) => format!("{name} succeeds"),
        TraceEvent::Abandoned(name) => format!("{name} abandoned: no longer needed"),
        TraceEvent::BrokenOff(name) => format!("{name} broken off: what it works on is lost"),
        TraceEvent::DiagnosisBegan { hours } => {
            format!("engineer looks for the reason; it takes {}", show_duration(*hours))
        }
        TraceEvent::WaitsForPerson { what } => format!("{what} waits: everybody is busy"),
        TraceEvent::PersonFree { what, hours } => {
            format!("somebody is free for {what}, which has waited {}", show_duration(*hours))
        }
        TraceEvent::Relocated { site } => format!("service runs in site {site} from now on"),
        TraceEvent::PlannedPostponed { name } => {
            format!(
                "{name} postponed by a week: the service is not whole, or other planned work is in hand"
            )
        }
        TraceEvent::PlannedBegan { name, standby, hours } => {
            let place = if *standby { " on the standby" } else { "" };
            format!("{name} starts{place}; it takes {}", show_duration(*hours))
        }
        TraceEvent::PlannedEnded { name, wrong: false } => format!("{name} done"),
        TraceEvent::PlannedEnded { name, wrong: true } => {
            format!("{name} done, and the server does not sync afterwards")
        }
        TraceEvent::Swung => "standby takes over as planned".into(),
        TraceEvent::OutOfOptions => "no options left; waiting for the repair".into(),
        TraceEvent::Up(by) => format!("service restored by {}", engine.restored_by_name(*by)),
        TraceEvent::FullCycle { import, sync, until } => {
            format!("{} until {}", full_cycle(*import, *sync), when(*until))
        }
        TraceEvent::WritebackOffered => "writeback available again".into(),
        TraceEvent::GuardTripped { deletes, cleared } => {
            let deletes = subject(*deletes, "pending delete", ["stops", "stop"]);
            format!("{deletes} the export until {}", when(*cleared))
        }
        TraceEvent::ObjectsSynced { changes } => {
            format!("export of {} starts", count(*changes, "waiting object change"))
        }
        TraceEvent::PasswordsSynced { users, user_hours } => {
            let users = count(*users, "user");
            let hours = amount(*user_hours, true);
            format!("password sync of {users} starts: {hours} stale user-hours so far")
        }
        TraceEvent::Current => "no backlog left".into(),
        TraceEvent::Purged(objects) => {
            let objects = subject(*objects, "soft-deleted object", ["is", "are"]);
            format!("{objects} purged from the cloud for good")
        }
        TraceEvent::Requests { failed, delayed, lost } => format!(
            "writeback: {} refused, {} delayed, {} lost",
            count(*failed, "attempt"),
            count(*delayed, "request"),
            grouped(*lost)
        ),
        TraceEvent::PasswordChanged => "password change that the cloud does not get".into(),
        TraceEvent::RequestRefused => "writeback request refused".into(),
    }
}

/// "1 delete stops", "3 deletes stop".
fn subject(number: u64, thing: &str, [one, many]: [&str; 2]) -> String {
    format!("{} {}", count(number, thing), if number == 1 { one } else { many })
}

fn whom(role: Role, common_mode: bool) -> &'static str {
    match (role, common_mode) {
        (Role::Service, true) => " the server in service too (common mode)",
        (Role::Service, false) => "",
        (Role::Standby, true) => " the standby too (common mode)",
        (Role::Standby, false) => " the standby; nobody knows yet",
        (Role::OtherSite, true) => " another site too (common mode)",
        (Role::OtherSite, false) => " a site in which no server stands",
    }
}

fn down(parts: Services) -> String {
    if parts == Services::ALL {
        "service down".into()
    } else {
        format!("part of the service down: {}", parts_list(parts))
    }
}

fn parts_list(parts: Services) -> String {
    let words: Vec<&str> = parts.iter().map(Service::word).collect();
    words.join(", ")
}

/// When hands-on work will be done that rests at night.
fn until_when(engine: &Engine<'_>, hours: f64, until: f64) -> String {
    if hours.is_infinite() || until.is_infinite() || engine.world().staffed.is_always() {
        return String::new();
    }
    format!(", until {}", engine.world().calendar.show(until))
}

fn alarm(by: Alarm) -> &'static str {
    match by {
        Alarm::Monitoring => "monitoring raises the alarm",
        Alarm::StandbyCheck => "standby check finds the standby down",
        Alarm::Users => "user reports raise the alarm",
        Alarm::PlannedWork => "those who did the planned work see it",
    }
}

fn repair(by_provider: bool, hours: f64) -> String {
    let whose = if by_provider { "provider starts repair" } else { "repair in place starts" };
    if hours.is_infinite() {
        format!("{whose}; it will never succeed")
    } else {
        format!("{whose}; it takes {}", show_duration(hours))
    }
}

fn full_cycle(import: bool, sync: bool) -> &'static str {
    match (import, sync) {
        (true, true) => "full import and full sync run",
        (true, false) => "full import runs",
        _ => "full sync runs",
    }
}

fn plan(steps: &[Step]) -> String {
    let step = |step: &Step| format!("{} ({})", step.what, show_duration(step.hours));
    steps.iter().map(step).collect::<Vec<_>>().join(", then ")
}
