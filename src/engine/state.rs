//! What a trial keeps while it runs: components, active faults, paths, the response in hand.

use super::clock::ClockState;
use super::event::ActiveFaultId;
use super::outage::{Cause, Outage, Reports, RestoredBy, Stoppage};
use super::queue::Queue;
use super::topology::{Component, Topology};
use super::workload::Backlogs;
use crate::strategy::{Effect, SPARES, TemporaryHost};
use crate::world::rare::ConditionalStrike;
use crate::world::streams::EventKey;

/// Something that is broken, from its onset until it is repaired, overwritten or written off.
#[derive(Debug, Clone)]
pub(super) struct ActiveFault {
    /// In use; the slot is free otherwise.
    pub(super) live: bool,
    pub(super) cause: Cause,
    pub(super) event: EventKey,
    /// What is broken; nothing for a split brain or a planned move.
    pub(super) component: Option<Component>,
    /// People work on it.
    pub(super) by_person: bool,
    /// Time that its repair takes, hours; infinite = never.
    pub(super) repair: f64,
    /// The repair runs by the clock, not in staffed hours.
    pub(super) by_clock: bool,
    /// When the repair began.
    pub(super) repair_start: Option<f64>,
    /// When people took it up.
    pub(super) taken_up: Option<f64>,
    /// People know of it.
    pub(super) known: bool,
    /// What broke has been replaced: it no longer takes the path down.
    pub(super) replaced: bool,
    /// The spare that stands in for it: protection, path, number.
    pub(super) spare: Option<SpareSlot>,
    /// The service runs on a temporary host because of it.
    pub(super) temporary_host: Option<TemporaryHost>,
}

impl ActiveFault {
    /// What stops the service as a whole for `repair` hours of hands-on work: nothing is broken.
    pub(super) fn stop(cause: Cause, event: EventKey, repair: f64) -> ActiveFault {
        ActiveFault {
            live: true,
            cause,
            event,
            component: None,
            by_person: true,
            repair,
            by_clock: false,
            repair_start: None,
            taken_up: None,
            known: false,
            replaced: false,
            spare: None,
            temporary_host: None,
        }
    }

    /// Since when people work on its repair; nobody works on what cannot be repaired.
    pub(super) fn work_since(&self) -> Option<f64> {
        self.taken_up.filter(|_| self.by_person && self.repair.is_finite())
    }
}

/// A spare of a protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpareSlot {
    /// Index of [`Scratch::spares_away`]: the spares of its protection for its path.
    pub(super) row: usize,
    pub(super) number: usize,
}

/// A move from a temporary host to a server of the service's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlannedMove {
    /// Hands-on work, hours.
    pub(super) hours: f64,
    /// The spare that it frees.
    pub(super) frees: Option<SpareSlot>,
}

/// What a path can do now, and what it needs at its return.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PathState {
    /// How many of its components are down that not every path shares. Counted apart: a standby
    /// with none of them down can be promoted as soon as somebody can sign in to the cloud, and an
    /// old server with none of them down is back.
    pub(super) own_down: u32,
    /// How many of those are down that every path shares.
    pub(super) common_down: u32,
    /// It cannot run delta cycles since then.
    pub(super) unable_since: Option<f64>,
    /// Its last return.
    pub(super) resumed: Option<Return>,
    /// Imports and full syncs in hand are done then.
    pub(super) ready_at: f64,
    /// A full import is due at its return.
    pub(super) full_import: bool,
    /// A full sync is due at its return.
    pub(super) full_sync: bool,
    /// A rebuilt server goes on with the database of the old one.
    pub(super) attached: bool,
    /// Age of a restored database at the onset of the outage, hours.
    pub(super) database_age: f64,
    /// Its server was not shut out: hours of work to end the split brain at its return.
    pub(super) unfenced: Option<f64>,
}

/// When a path could run delta cycles again, and since when it had not been able to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Return {
    pub(super) at: f64,
    pub(super) unable_since: f64,
}

impl PathState {
    /// Can it run delta cycles, and carry the service if it is active?
    pub(super) fn is_up(&self) -> bool {
        self.own_down == 0 && self.common_down == 0
    }
}

/// A protection that is being tried, and what will come of it.
#[derive(Debug)]
pub(super) struct Action {
    /// Index of the protection.
    pub(super) protection: usize,
    pub(super) outcome: Result<Effect, &'static str>,
}

/// The people's response to the outage in hand.
#[derive(Debug, Default)]
pub(super) struct Response {
    pub(super) arrived: bool,
    pub(super) decided: bool,
    /// What people are trying now.
    pub(super) attempt: Option<Action>,
    /// Until then the attempt only waits, and can be given up for something better.
    pub(super) waits_until: f64,
    /// Hands-on stretches of the attempt, from and to.
    pub(super) work: Vec<(f64, f64)>,
    /// By protection.
    pub(super) tries: Vec<Tries>,
}

/// What came of a protection in the outage in hand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tries {
    /// How often it was tried.
    pub(super) count: u32,
    /// It failed for good.
    pub(super) spent: bool,
    /// It failed for want of something at this count of returns; another return may bring it.
    pub(super) failed_at: Option<u64>,
}

/// The disasters that a trial is given.
#[derive(Debug, Default)]
pub(super) struct ConditionalStrikes {
    /// Any are: also that there are none.
    pub(super) known: bool,
    /// In the order of time.
    pub(super) plan: Vec<ConditionalStrike>,
}

impl ConditionalStrikes {
    /// The strikes, if they are given.
    pub(super) fn strikes(&self) -> Option<&[ConditionalStrike]> {
        self.known.then_some(&self.plan)
    }
}

/// The memory of a trial, kept between trials so that none allocates. One for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) queue: Queue,
    pub(super) given: ConditionalStrikes,
    pub(super) clock_states: Vec<ClockState>,
    /// By component: how many active faults take it down.
    pub(super) down: Vec<u32>,
    pub(super) active_faults: Vec<ActiveFault>,
    /// The automatic protections at work, each with the active fault that it works on. Seldom any,
    /// and too large to stand with every active fault.
    pub(super) automatic: Vec<(ActiveFaultId, Action)>,
    pub(super) free: Vec<ActiveFaultId>,
    /// By fault source: the next of its fixed onsets.
    pub(super) next_fixed: Vec<usize>,
    /// By path.
    pub(super) paths: Vec<PathState>,
    /// By protection, then by path: how many active faults each spare stands in for.
    pub(super) spares_away: Vec<[u32; SPARES]>,
    pub(super) response: Response,
    /// Planned moves that wait for the service to be up.
    pub(super) moves_due: Vec<PlannedMove>,
    /// The trial's outages.
    pub(super) outages: Vec<Outage>,
    /// By service: when it was down.
    pub(super) stoppages: [Vec<Stoppage>; 3],
    /// Arrival times of requests drawn to raise an alarm.
    pub(super) reports: Vec<f64>,
    /// What the second layer works with.
    pub(super) backlogs: Backlogs,
}

impl Scratch {
    /// An empty memory.
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// The outages of the last trial.
    pub fn outages(&self) -> &[Outage] {
        &self.outages
    }

    /// Ready for a new trial of a strategy with `protections` and a world with `faults`.
    pub(super) fn reset(&mut self, topology: &Topology, protections: usize, faults: usize) {
        let paths = topology.paths().len();
        self.queue.clear();
        self.clock_states.clear();
        refill(&mut self.down, topology.count(), 0);
        self.active_faults.clear();
        self.automatic.clear();
        self.free.clear();
        refill(&mut self.next_fixed, faults, 0);
        refill(&mut self.paths, paths, PathState::default());
        refill(&mut self.spares_away, protections * paths, [0; SPARES]);
        self.response.reset(protections);
        self.moves_due.clear();
        self.outages.clear();
        self.stoppages.iter_mut().for_each(Vec::clear);
        self.reports.clear();
    }

    /// How many active faults keep a spare away.
    pub(super) fn away(&mut self, slot: SpareSlot) -> &mut u32 {
        &mut self.spares_away[slot.row][slot.number]
    }

    /// Puts an active fault into a free slot.
    pub(super) fn add(&mut self, active_fault: ActiveFault) -> ActiveFaultId {
        match self.free.pop() {
            Some(id) => {
                self.active_faults[id as usize] = active_fault;
                id
            }
            None => {
                self.active_faults.push(active_fault);
                (self.active_faults.len() - 1) as ActiveFaultId
            }
        }
    }
}

impl Response {
    /// Ready for a new outage.
    pub(super) fn reset(&mut self, protections: usize) {
        refill(&mut self.tries, protections, Tries::default());
        self.begin_again();
    }

    /// The outage goes on after a return that lasted no time: draws already made are not repeated.
    pub(super) fn begin_again(&mut self) {
        self.arrived = false;
        self.decided = false;
        self.attempt = None;
        self.work.clear();
        for tries in &mut self.tries {
            *tries = Tries { count: tries.count, ..Tries::default() };
        }
    }
}

impl Outage {
    /// An outage that begins now.
    pub(super) fn begin(onset: f64, cause: Cause, event: EventKey) -> Outage {
        Outage {
            onset,
            end: f64::INFINITY,
            cause,
            restored_by: RestoredBy::Nothing,
            alarm: None,
            arrival: None,
            decided: None,
            ready: f64::INFINITY,
            full_cycle: false,
            current: f64::INFINITY,
            stale_user_hours: 0.0,
            purged_objects: 0,
            event,
            reports: Reports { first: 0, end: 0, until: onset },
        }
    }
}

fn refill<T: Clone>(vector: &mut Vec<T>, length: usize, value: T) {
    vector.clear();
    vector.resize(length, value);
}
