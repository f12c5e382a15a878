//! Kinds of event in a trial, and which comes first among those of one moment.

/// Index of an active fault in the trial's table.
pub(super) type ActiveFaultId = u32;

/// What happens. Where several happen at one time, the order is that of [`Event::class`], then of
/// scheduling:
///
/// | class | events | why |
/// |---|---|---|
/// | 0 | a repair, an attempt, planned work or a switch of sign-in ends | what is back at `t` is up at `t`: intervals are half-open |
/// | 1 | a fault strikes | an onset at `t` finds what came back at `t` |
/// | 2 | what acts by itself begins | it finds all that has struck, and is quicker than people |
/// | 3 | alarms, arrivals, decisions | people come and decide on all that has happened |
/// | 4 | people look at what there is to do | they know who has come, and what goes first |
/// | 5 | planned work begins, people look at sign-in | plans give way to everything else; sign-in depends on what is done to the server |
///
/// Nothing at or past the horizon happens: it is never scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The repair of an active fault is done.
    Repaired(ActiveFaultId),
    /// An automatic protection has worked or failed.
    AutomaticEnds(ActiveFaultId),
    /// The attempt in hand is over.
    AttemptEnds,
    /// People know why the last attempt failed.
    DiagnosisEnds,
    /// The planned work in hand is done, or a part of it.
    PlannedEnds,
    /// A fault source's clock strikes.
    Strike(u16),
    /// The next fixed onset of a fault source.
    FixedStrike(u16),
    /// All that strikes at this moment has struck: what acts by itself on an active fault begins.
    AutomaticBegins(ActiveFaultId),
    /// Monitoring, or the check of the standby, raises the alarm.
    Alarm(ActiveFaultId),
    /// Users' requests raise the alarm.
    UserAlarm,
    /// A person is at work because of an active fault.
    Arrival(ActiveFaultId),
    /// The first person called for the outage is at work.
    TeamArrival,
    /// It is decided what to do.
    Decided,
    /// What the attempt in hand had to wait for is there: a person can begin.
    AttemptReady,
    /// People have kept to their repair for as long as they meant to.
    RepairTried,
    /// The time of the last resort has come.
    LastResortDue,
    /// People look at what there is to do: something has changed at this moment.
    Plan,
    /// A planned move from a temporary host can begin, by path.
    MoveBack(u8),
    /// A server that takes the place of a temporary host has been procured, by path.
    Procured(u8),
    /// Planned work is due.
    PlannedDue(u16),
    /// Sign-in has been switched, to hashes or on again.
    SignInSwitched,
    /// Pass-through, which a promotion had switched off while users went on by hashes, is on again.
    SignInOn,
    /// Somebody knows that nobody can sign in.
    SignInAlarm,
    /// A person is at work on that.
    SignInArrival,
    /// It is decided what to do about it.
    SignInDecided,
    /// Something has changed while nobody can sign in: people look at it.
    SignInLook,
}

impl Event {
    /// Order among events of one time.
    pub(super) fn class(self) -> u8 {
        match self {
            Event::Repaired(_)
            | Event::AutomaticEnds(_)
            | Event::AttemptEnds
            | Event::DiagnosisEnds
            | Event::PlannedEnds
            | Event::SignInSwitched
            | Event::SignInOn => 0,
            Event::Strike(_) | Event::FixedStrike(_) => 1,
            Event::AutomaticBegins(_) => 2,
            Event::Alarm(_)
            | Event::UserAlarm
            | Event::Arrival(_)
            | Event::TeamArrival
            | Event::Decided
            | Event::AttemptReady
            | Event::SignInAlarm
            | Event::SignInArrival
            | Event::SignInDecided => 3,
            Event::RepairTried | Event::LastResortDue | Event::Plan => 4,
            Event::MoveBack(_) | Event::Procured(_) | Event::PlannedDue(_) | Event::SignInLook => 5,
        }
    }

    /// Does the event belong to this active fault?
    pub(super) fn concerns(self, active_fault: ActiveFaultId) -> bool {
        match self {
            Event::Repaired(id)
            | Event::AutomaticEnds(id)
            | Event::AutomaticBegins(id)
            | Event::Alarm(id)
            | Event::Arrival(id) => id == active_fault,
            _ => false,
        }
    }

    /// Does the event belong to the attempt in hand, or to finding out why it failed?
    pub(super) fn is_of_attempt(self) -> bool {
        matches!(self, Event::AttemptEnds | Event::AttemptReady | Event::DiagnosisEnds)
    }

    /// Does the event belong to a loss of sign-in?
    pub(super) fn is_of_sign_in(self) -> bool {
        matches!(
            self,
            Event::SignInSwitched
                | Event::SignInAlarm
                | Event::SignInArrival
                | Event::SignInDecided
                | Event::SignInLook
        )
    }

    /// Does the event belong to the response to the outage in hand?
    pub(super) fn is_of_response(self) -> bool {
        self.is_of_attempt()
            || matches!(
                self,
                Event::UserAlarm
                    | Event::TeamArrival
                    | Event::Decided
                    | Event::RepairTried
                    | Event::LastResortDue
            )
    }
}
