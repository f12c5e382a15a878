//! Kinds of event in a trial, and which comes first among those of one moment.

/// Index of an active fault in the trial's table.
pub(super) type ActiveFaultId = u32;

/// What happens. Where several happen at one time, the order is that of [`Event::class`], then of
/// scheduling:
///
/// | class | events | why |
/// |---|---|---|
/// | 0 | a repair or an attempt ends | what is back at `t` is up at `t`: intervals are half-open |
/// | 1 | a fault strikes | an onset at `t` finds what came back at `t` |
/// | 2 | alarms, arrivals, decisions | people act on what has happened |
/// | 3 | a planned move begins | plans give way to everything else |
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
    /// A fault source's clock strikes.
    Strike(u16),
    /// The next fixed onset of a fault source.
    FixedStrike(u16),
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
    /// A planned move back can begin.
    MoveBack(ActiveFaultId),
}

impl Event {
    /// Order among events of one time.
    pub(super) fn class(self) -> u8 {
        match self {
            Event::Repaired(_) | Event::AutomaticEnds(_) | Event::AttemptEnds => 0,
            Event::Strike(_) | Event::FixedStrike(_) => 1,
            Event::Alarm(_)
            | Event::UserAlarm
            | Event::Arrival(_)
            | Event::TeamArrival
            | Event::Decided => 2,
            Event::MoveBack(_) => 3,
        }
    }

    /// Does the event belong to this active fault?
    pub(super) fn concerns(self, active_fault: ActiveFaultId) -> bool {
        match self {
            Event::Repaired(id)
            | Event::AutomaticEnds(id)
            | Event::Alarm(id)
            | Event::Arrival(id)
            | Event::MoveBack(id) => id == active_fault,
            _ => false,
        }
    }

    /// Does the event belong to the response to the outage in hand?
    pub(super) fn is_of_response(self) -> bool {
        matches!(self, Event::AttemptEnds | Event::UserAlarm | Event::TeamArrival | Event::Decided)
    }
}
