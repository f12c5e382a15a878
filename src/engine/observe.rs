//! Watching a trial without slowing those that nobody watches.

use super::outage::RestoredBy;
use crate::world::kind::Kind;
use crate::world::service::Services;

/// What an observer is told, in the order of time.
#[derive(Debug, Clone, PartialEq)]
pub enum TraceEvent<'a> {
    /// A fault struck.
    Struck {
        /// Its name.
        fault: &'a str,
        /// What it struck serves.
        role: Role,
        /// By the same event as another one of its kind.
        common_mode: bool,
    },
    /// The service, or parts of it, went down.
    Down {
        /// The parts.
        parts: Services,
    },
    /// Within an outage other parts are down than before.
    PartsDown {
        /// Those that are down now.
        parts: Services,
    },
    /// No domain controller can be reached any more: their sites are lost.
    DirectoryLost,
    /// A domain controller can be reached again.
    DirectoryBack,
    /// An alarm was raised.
    Alarm {
        /// By whom.
        by: Alarm,
        /// The channel that saw it, where there is one.
        channel: Option<&'a str>,
    },
    /// A person is at work.
    Arrived,
    /// It was decided what to do.
    Decided,
    /// A repair in place began.
    RepairBegan {
        /// The provider does it.
        by_provider: bool,
        /// How long it will take, hours; infinite = never.
        hours: f64,
        /// When it will be done: hands-on work rests outside staffed hours.
        until: f64,
    },
    /// A repair ended.
    Repaired {
        /// The component had been replaced: it is a spare or standby again.
        in_background: bool,
    },
    /// A repair ended because what was broken has been overwritten.
    RepairMoot,
    /// The machine is lost that stood in for it, and the first server, just mended, serves again.
    OwnServerServes,
    /// A repair was given up, since what is broken is being installed anew.
    RepairGivenUp,
    /// People install an agent on another server, since that is done before its repair.
    InstalledElsewhere {
        /// Hands-on work, hours.
        hours: f64,
    },
    /// The job of the agents is in quarantine: it goes on at its next attempt.
    Quarantined {
        /// Then.
        until: f64,
    },
    /// An automatic protection began to act.
    AutomaticBegan(&'a str),
    /// A person began to try a protection.
    AttemptBegan {
        /// The protection.
        protection: &'a str,
        /// Its steps.
        steps: &'a [crate::strategy::Step],
        /// When it will be over.
        until: f64,
    },
    /// A protection would help and cannot begin.
    Blocked {
        /// The protection.
        protection: &'a str,
        /// Why.
        why: &'a str,
    },
    /// A protection failed.
    Failed {
        /// The protection.
        protection: &'a str,
        /// Why.
        why: &'a str,
    },
    /// A protection worked.
    Worked(&'a str),
    /// What was being tried was given up, since the service came back otherwise.
    Abandoned(&'a str),
    /// What was being tried broke off, since what it stood on is lost.
    BrokenOff(&'a str),
    /// People begin to find out why an attempt failed.
    DiagnosisBegan {
        /// How long it will take, hours of hands-on work.
        hours: f64,
    },
    /// Work waits for a person.
    WaitsForPerson {
        /// Which work.
        what: &'static str,
    },
    /// Work that has waited has a person.
    PersonFree {
        /// Which work.
        what: &'static str,
        /// How long it has waited, hours.
        hours: f64,
    },
    /// The service now runs in another site.
    Relocated {
        /// Its name; none where the directory was restored since all sites were lost.
        site: Option<&'a str>,
    },
    /// Planned work had to give way.
    PlannedPostponed {
        /// Its name.
        name: &'a str,
    },
    /// Planned work began.
    PlannedBegan {
        /// Its name.
        name: &'a str,
        /// It is done on the standby.
        standby: bool,
        /// How long it will take, hours.
        hours: f64,
    },
    /// Planned work on one server is done.
    PlannedEnded {
        /// Its name.
        name: &'a str,
        /// It has left the server broken.
        wrong: bool,
    },
    /// The standby has taken over as planned.
    Swung,
    /// People keep to the repair until then before they turn to a protection.
    KeepsToRepair {
        /// When they turn to it, hours.
        until: f64,
    },
    /// Nothing more can be tried; the repair is waited for.
    OutOfOptions,
    /// The service is back.
    Up(RestoredBy),
    /// An import or full sync begins after a return.
    FullCycle {
        /// A full import.
        import: bool,
        /// A full sync.
        sync: bool,
        /// When it is done.
        until: f64,
    },
    /// A server that took over goes through the passwords that changed while it did not carry them, before
    /// it synchronises any.
    FirstPass {
        /// When it is done.
        until: f64,
    },
    /// Writeback is offered again.
    WritebackOffered,
    /// Pending deletes stopped the export.
    GuardTripped {
        /// How many are pending.
        deletes: u64,
        /// When a person has cleared it.
        cleared: f64,
    },
    /// The backlog of objects began to drain.
    ObjectsSynced {
        /// Object changes that waited.
        changes: u64,
    },
    /// The backlog of passwords began to drain.
    PasswordsSynced {
        /// Users who waited.
        users: u64,
        /// Their stale user-hours up to then.
        user_hours: f64,
    },
    /// All backlogs of an outage are worked off.
    Current,
    /// Soft-deleted objects were purged.
    Purged(u64),
    /// Writeback requests of one outage, when it was over.
    Requests {
        /// Attempts refused.
        failed: u64,
        /// Requests that succeeded at a retry.
        delayed: u64,
        /// Requests given up.
        lost: u64,
    },
    /// A password change that was caught in an outage.
    PasswordChanged,
    /// A writeback request was refused for the first time.
    RequestRefused,
    /// Users cannot sign in any more.
    SignInLost {
        /// Which of them.
        who: Without,
    },
    /// Users can sign in again.
    SignInBack {
        /// By password hashes, while the agents are still down.
        on_hashes: bool,
        /// Nobody who could not is within reach of the cloud any more.
        cut_off: bool,
    },
    /// Users say that they cannot sign in.
    SignInAlarm,
    /// A promotion has switched pass-through off for the tenant.
    SignInOff {
        /// Users sign in by password hashes from now on.
        on_hashes: bool,
    },
    /// Work began that brings sign-in back.
    SignInSwitching {
        /// What is done.
        what: SignInWork,
        /// When it will be done.
        until: f64,
    },
    /// What a loss of sign-in came to.
    SignInsFailed {
        /// Users times hours in which they were locked out.
        user_hours: f64,
        /// Users who were.
        failed: u64,
    },
}

impl TraceEvent<'_> {
    /// The name in files.
    pub fn name(&self) -> &'static str {
        match self {
            TraceEvent::Struck { .. } => "fault",
            TraceEvent::Down { .. } => "service_down",
            TraceEvent::PartsDown { .. } => "parts_down",
            TraceEvent::DirectoryLost => "directory_lost",
            TraceEvent::DirectoryBack => "directory_back",
            TraceEvent::Alarm { .. } => "alarm",
            TraceEvent::Arrived => "arrival",
            TraceEvent::Decided => "decision",
            TraceEvent::RepairBegan { .. } => "repair_begins",
            TraceEvent::Repaired { .. } | TraceEvent::RepairMoot => "repair_ends",
            TraceEvent::OwnServerServes => "own_server_serves",
            TraceEvent::RepairGivenUp => "repair_given_up",
            TraceEvent::InstalledElsewhere { .. } => "installed_elsewhere",
            TraceEvent::Quarantined { .. } => "quarantined",
            TraceEvent::AutomaticBegan(_) => "automatic_begins",
            TraceEvent::AttemptBegan { .. } => "attempt_begins",
            TraceEvent::Blocked { .. } => "blocked",
            TraceEvent::Failed { .. } => "failed",
            TraceEvent::Worked(_) => "worked",
            TraceEvent::Abandoned(_) => "abandoned",
            TraceEvent::BrokenOff(_) => "broken_off",
            TraceEvent::DiagnosisBegan { .. } => "diagnosis_begins",
            TraceEvent::WaitsForPerson { .. } => "waits_for_person",
            TraceEvent::PersonFree { .. } => "person_free",
            TraceEvent::Relocated { .. } => "relocated",
            TraceEvent::PlannedPostponed { .. } => "planned_postponed",
            TraceEvent::PlannedBegan { .. } => "planned_begins",
            TraceEvent::PlannedEnded { .. } => "planned_ends",
            TraceEvent::Swung => "swing",
            TraceEvent::KeepsToRepair { .. } => "keeps_to_repair",
            TraceEvent::OutOfOptions => "waits",
            TraceEvent::Up(_) => "service_up",
            TraceEvent::FullCycle { .. } => "full_cycle",
            TraceEvent::FirstPass { .. } => "first_pass",
            TraceEvent::WritebackOffered => "writeback_offered",
            TraceEvent::GuardTripped { .. } => "guard_tripped",
            TraceEvent::ObjectsSynced { .. } => "objects_synced",
            TraceEvent::PasswordsSynced { .. } => "passwords_synced",
            TraceEvent::Current => "current",
            TraceEvent::Purged(_) => "purged",
            TraceEvent::Requests { .. } => "requests",
            TraceEvent::PasswordChanged => "password_changed",
            TraceEvent::RequestRefused => "request_refused",
            TraceEvent::SignInLost { .. } => "sign_in_lost",
            TraceEvent::SignInBack { .. } => "sign_in_back",
            TraceEvent::SignInAlarm => "sign_in_alarm",
            TraceEvent::SignInOff { .. } => "sign_in_off",
            TraceEvent::SignInSwitching { .. } => "sign_in_switching",
            TraceEvent::SignInsFailed { .. } => "sign_ins_failed",
        }
    }
}

/// Whom a fault concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The path in service.
    Service,
    /// A standby.
    Standby,
    /// A site in which nothing of the strategy stands.
    OtherSite,
    /// A machine through which users sign in.
    SignIn,
}

/// Who cannot sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// Those outside the organisation's network: no Web Application Proxy is up.
    Outside,
    /// All who still reach the cloud; the others work in a site that is cut off.
    WithinReach,
    /// Nobody can.
    All,
}

/// What is done so that users can sign in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInWork {
    /// Sign-in is switched to password hashes on the sync server.
    ByHand,
    /// It is switched from another machine, because there is no sync server.
    Elsewhere,
    /// Pass-through is switched on again on the sync server.
    SwitchOn,
}

/// Who raised an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alarm {
    /// Those who did planned work.
    PlannedWork,
    /// Monitoring of the service.
    Monitoring,
    /// The check of the standby.
    StandbyCheck,
    /// Users whose requests were refused.
    Users,
}

/// Where something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The kind of component, if it concerns one.
    pub kind: Option<Kind>,
    /// The path, if it concerns one.
    pub path: Option<u8>,
    /// The site, if it concerns one as a whole.
    pub site: Option<u8>,
    /// Number of the outage in the trial, from 0, if it concerns one.
    pub outage: Option<usize>,
}

/// Told what happens in a trial. All of it compiles away where [`WATCHES`](Self::WATCHES) is false.
pub trait Observer {
    /// Does it want to be told?
    const WATCHES: bool;

    /// Something happened at `time`.
    fn happened(&mut self, time: f64, place: Place, what: TraceEvent<'_>) {
        let _ = (time, place, what);
    }
}

/// Watches nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NullObserver;

impl Observer for NullObserver {
    const WATCHES: bool = false;
}
