//! What a trial keeps while it runs: components, active faults, paths, people, the response.

use super::Engine;
use super::clock::ClockState;
use super::crew::People;
use super::event::ActiveFaultId;
use super::outage::{Cause, Outage, Reports, RestoredBy, Stoppage};
use super::queue::Queue;
use super::sign_in::loss::{SignInLoss, SignInState};
use super::topology::{Component, Topology};
use super::workload::Backlogs;
use crate::strategy::{Effect, Own, SPARES, Steps, TemporaryHost};
use crate::world::kind::Kinds;
use crate::world::rare::ConditionalStrike;
use crate::world::service::Services;
use crate::world::streams::EventKey;

/// Something that is broken, from its onset until it is repaired, overwritten or written off.
#[derive(Debug, Clone)]
pub(super) struct ActiveFault {
    /// In use; the slot is free otherwise.
    pub(super) live: bool,
    pub(super) onset: f64,
    pub(super) cause: Cause,
    pub(super) event: EventKey,
    /// What is broken; nothing for a split brain or planned work.
    pub(super) component: Option<Component>,
    /// The parts of the service that it stops.
    pub(super) stops: Services,
    /// People work on it.
    pub(super) by_person: bool,
    /// Time that its repair takes, hours; infinite = never.
    pub(super) repair: f64,
    /// The repair runs by the clock, not in staffed hours.
    pub(super) by_clock: bool,
    /// When the repair began.
    pub(super) repair_start: Option<f64>,
    /// When the repair will be done; infinite before it has begun.
    pub(super) repair_end: f64,
    /// When people took it up.
    pub(super) taken_up: Option<f64>,
    /// A person is bound by its repair.
    pub(super) has_person: bool,
    /// People know of it.
    pub(super) known: bool,
    /// What broke has been replaced: it no longer takes the path down.
    pub(super) replaced: bool,
    /// The spare that stands in for it.
    pub(super) spare: Option<SpareSlot>,
    /// Number of the new machine that took its place; 0 of what no new machine has replaced.
    pub(super) new_machine: u32,
}

impl ActiveFault {
    /// What stops parts of the service for `repair` hours of hands-on work: nothing is broken.
    pub(super) fn stop(cause: Cause, event: EventKey, repair: f64, stops: Services) -> ActiveFault {
        ActiveFault {
            live: true,
            onset: 0.0,
            cause,
            event,
            component: None,
            stops,
            by_person: true,
            repair,
            by_clock: false,
            repair_start: None,
            repair_end: f64::INFINITY,
            taken_up: None,
            has_person: false,
            known: false,
            replaced: false,
            spare: None,
            new_machine: 0,
        }
    }

    /// Since when people work on its repair. A repair that runs by the clock needs nobody to go on;
    /// those who have come are with it all the same.
    pub(super) fn work_since(&self) -> Option<f64> {
        let since = if self.by_clock { self.taken_up } else { self.repair_start };
        since.filter(|_| self.by_person && self.repair.is_finite())
    }
}

/// How something breaks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Breakage {
    pub(super) cause: Cause,
    pub(super) event: EventKey,
    /// The parts of the service that it stops.
    pub(super) stops: Services,
    /// Time that the repair takes, hours; infinite = never.
    pub(super) repair: f64,
    pub(super) by_person: bool,
    /// The repair runs by the clock, not in staffed hours.
    pub(super) by_clock: bool,
    /// It begins at the onset.
    pub(super) at_once: bool,
    /// The same event struck another component of its kind.
    pub(super) common_mode: bool,
}

/// What is worked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nobody has begun.
    Queued,
    /// The server in service: what it stops, if it stops anything.
    InPlace(Option<ActiveFaultId>),
    /// The standby, which then takes over.
    Standby(u8),
    /// The server that was in service before.
    Old(u8),
}

/// Planned work in hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlannedJob {
    pub(super) index: u16,
    pub(super) event: EventKey,
    /// When a person began it, and this part of it.
    pub(super) start: f64,
    pub(super) since: f64,
    pub(super) stage: Stage,
}

/// A spare of a protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpareSlot {
    /// Index of [`Scratch::spares_away`]: the spares of its protection for its path.
    pub(super) row: usize,
    pub(super) number: usize,
}

/// A path whose server runs on a temporary host.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnTemporaryHost {
    pub(super) host: TemporaryHost,
    /// The spare that it is: it is free again once the service has left it.
    pub(super) spare: Option<SpareSlot>,
    /// The move to a server of its own is planned, or only waits for the service to be up.
    pub(super) moving: bool,
}

/// A server that a new machine has replaced in its own site, and that is being repaired behind it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeftServer {
    /// Only its machine was broken: once that is repaired it can serve.
    pub(super) is_whole: bool,
    /// Since when it has not been able to run delta cycles.
    pub(super) unable_since: f64,
    /// Number of the new machine.
    pub(super) new_machine: u32,
    /// Probability that the new machine is shut out where people cannot reach it, once this server
    /// serves again.
    pub(super) fenced: f64,
}

/// A server that was not shut out when another took its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unfenced {
    /// Hands-on work to end the split brain at its return, hours.
    pub(super) untangle: f64,
    /// When the other one took its place.
    pub(super) since: f64,
}

/// An old server that a new machine has replaced on its own path, and that nobody shut out.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeftBehind {
    pub(super) server: Unfenced,
    /// It stands in this site.
    pub(super) site: u8,
    /// Number of the new machine that took its place: what that replaced is repaired before the old
    /// server is up again.
    pub(super) new_machine: u32,
}

/// What a path can do now, and what it needs at its return.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct PathState {
    /// The site in which it stands.
    pub(super) site: u8,
    /// How many of its own components are down without which it does nothing.
    pub(super) own_down: u32,
    /// The parts of the service that something stops on it, beside what stops it whole.
    pub(super) parts_down: Services,
    /// The parts of the service that it carries if it is active, as of the last look.
    pub(super) carries: Services,
    /// Planned work is done on it: it cannot be promoted.
    pub(super) in_work: bool,
    /// It cannot run delta cycles since then.
    pub(super) unable_since: Option<f64>,
    /// Its last return.
    pub(super) resumed: Option<Return>,
    /// Imports and full syncs in hand are done then.
    pub(super) ready_at: f64,
    /// A full cycle after planned work is done then, which holds exports only.
    pub(super) exports_from: f64,
    /// How long its server is busy with passwords that are not of this outage, once it is ready:
    /// those of all users after a rebuild, hours.
    pub(super) first_pass: f64,
    /// That is done then, which holds passwords only.
    pub(super) passwords_from: f64,
    /// When it last ceased to carry the service; none if it carries it, or never has.
    pub(super) inactive_since: Option<f64>,
    /// A full import is due at its return.
    pub(super) full_import: bool,
    /// A full sync is due at its return.
    pub(super) full_sync: bool,
    /// A rebuilt server goes on with the database of the old one.
    pub(super) attached: bool,
    /// Age of a restored database at the onset of the outage, hours.
    pub(super) database_age: f64,
    /// Its server was not shut out when another was promoted.
    pub(super) unfenced: Option<Unfenced>,
    /// Its server runs on a temporary host.
    pub(super) temporary: Option<OnTemporaryHost>,
    /// The server that it ran on before.
    pub(super) left: Option<LeftServer>,
    /// What stands ready, should the machine be lost that it runs on.
    pub(super) own: Option<Own>,
}

/// When a path could run delta cycles again, and since when it had not been able to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Return {
    pub(super) at: f64,
    pub(super) unable_since: f64,
}

/// An automatic protection at work.
#[derive(Debug)]
pub(super) struct Automatism {
    /// The active fault that it works on.
    pub(super) on: ActiveFaultId,
    /// Index of the protection.
    pub(super) protection: usize,
    pub(super) outcome: Result<Effect, &'static str>,
}

/// How far an attempt has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Its first steps only wait: it can be given up for something better.
    Waiting,
    /// It waits for a person.
    Queued,
    /// A person is at it.
    Working,
}

/// A protection that is being tried, and what will come of it.
#[derive(Debug)]
pub(super) struct Action {
    /// Index of the protection; one past the last is the last resort.
    pub(super) protection: usize,
    /// The path in trouble.
    pub(super) path: u8,
    /// The site in which the work is done, where its loss breaks the work off.
    pub(super) site: Option<u8>,
    /// What the work stands on, on that path.
    pub(super) ground: Kinds,
    /// The kinds on that path that the work overwrites, whose repair rests meanwhile.
    pub(super) overwrites: Kinds,
    pub(super) steps: Steps,
    /// When it will be done, if nothing comes between and people are free.
    pub(super) until: f64,
    pub(super) outcome: Result<Effect, &'static str>,
    pub(super) phase: Phase,
}

/// The people's response to the outage in hand.
#[derive(Debug, Default)]
pub(super) struct Response {
    /// When the first person comes who has been called; infinite where nobody has been.
    pub(super) comes: f64,
    pub(super) arrived: bool,
    pub(super) decided: bool,
    /// What people are trying now.
    pub(super) attempt: Option<Action>,
    /// Hands-on stretches of the attempt, from and to.
    pub(super) work: Vec<(f64, f64)>,
    /// People are to find out why this protection failed, and since when a person is at it.
    pub(super) diagnosis: Option<Diagnosis>,
    /// By protection, and at the end the last resort.
    pub(super) tries: Vec<Tries>,
    /// People keep to their repair until a time that is scheduled.
    pub(super) keeps_to_repair: bool,
    /// People have found that nothing more can be tried.
    pub(super) out_of_options: bool,
}

/// Finding out why an attempt failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Diagnosis {
    /// Hands-on work, hours.
    pub(super) hours: f64,
    /// When a person began.
    pub(super) start: Option<f64>,
}

/// What came of a protection in the outage in hand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tries {
    /// How often it was begun.
    pub(super) count: u32,
    /// How often it failed by itself.
    pub(super) failures: u32,
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
    /// By component: how many active faults there are on it.
    pub(super) broken: Vec<u32>,
    /// By component: how many of them stop all that needs it.
    pub(super) down: Vec<u32>,
    pub(super) active_faults: Vec<ActiveFault>,
    /// The automatic protections at work. Seldom any, and too large to stand with every fault.
    pub(super) automatic: Vec<Automatism>,
    /// Old servers that may return. Seldom any.
    pub(super) left_behind: Vec<LeftBehind>,
    pub(super) free: Vec<ActiveFaultId>,
    /// By fault source: the next of its fixed onsets.
    pub(super) next_fixed: Vec<usize>,
    /// By path.
    pub(super) paths: Vec<PathState>,
    /// By protection, then by path: how many active faults each spare stands in for.
    pub(super) spares_away: Vec<[u32; SPARES]>,
    pub(super) response: Response,
    pub(super) people: People,
    /// Planned work in hand.
    pub(super) planned: Option<PlannedJob>,
    /// By planned work: the next of its times.
    pub(super) next_planned: Vec<usize>,
    /// The trial's outages.
    pub(super) outages: Vec<Outage>,
    /// By part of the service: when it was down.
    pub(super) stoppages: [Vec<Stoppage>; 3],
    /// When the directory could not be reached, from and to.
    pub(super) unreachable: Vec<(f64, f64)>,
    /// Arrival times of requests drawn to raise an alarm.
    pub(super) reports: Vec<f64>,
    /// How it stands with sign-in.
    pub(super) sign_in: SignInState,
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

    /// When users could not sign in during the last trial.
    pub(crate) fn sign_in_losses(&self) -> &[SignInLoss] {
        &self.sign_in.losses
    }

    /// Ready for a new trial.
    pub(super) fn reset(&mut self, engine: &Engine<'_>) {
        let topology: &Topology = &engine.topology;
        let protections = engine.strategy.protections.len();
        let paths = topology.numbers();
        self.queue.clear();
        self.clock_states.clear();
        refill(&mut self.broken, topology.count(), 0);
        refill(&mut self.down, topology.count(), 0);
        self.active_faults.clear();
        self.automatic.clear();
        self.left_behind.clear();
        self.free.clear();
        refill(&mut self.next_fixed, engine.world.faults.len(), 0);
        self.paths.clear();
        let places = engine.strategy.layout.paths.iter();
        self.paths.extend(places.map(|path| PathState {
            site: path.site,
            carries: Services::ALL,
            ..PathState::default()
        }));
        if !topology.sign_in.is_empty() {
            self.paths.resize(paths, PathState::default());
            for (path, agent) in topology.sign_in_paths().zip(&topology.sign_in) {
                // What stands on a server is where that server is.
                let site = if agent.on_server { u8::MAX } else { agent.site };
                self.paths[usize::from(path)].site = site;
            }
        }
        self.sign_in.reset();
        refill(&mut self.spares_away, protections * paths, [0; SPARES]);
        self.response.reset(protections);
        self.people.reset(engine.world.operations.people);
        self.planned = None;
        refill(&mut self.next_planned, engine.world.planned.len(), 0);
        self.outages.clear();
        self.stoppages.iter_mut().for_each(Vec::clear);
        self.unreachable.clear();
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
        refill(&mut self.tries, protections + 1, Tries::default());
        self.begin_again();
    }

    /// The outage goes on after a return that lasted no time: draws already made are not repeated.
    pub(super) fn begin_again(&mut self) {
        self.comes = f64::INFINITY;
        self.arrived = false;
        self.decided = false;
        self.attempt = None;
        self.work.clear();
        self.diagnosis = None;
        self.keeps_to_repair = false;
        self.out_of_options = false;
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
            parts: Services::NONE,
            end: f64::INFINITY,
            cause,
            restored_by: RestoredBy::Nothing,
            alarm: None,
            arrival: None,
            decided: None,
            ready: f64::INFINITY,
            full_cycle: false,
            restored: f64::INFINITY,
            is_open: true,
            current: f64::INFINITY,
            stale_user_hours: 0.0,
            purged_objects: 0,
            event,
        }
    }
}

impl Stoppage {
    /// A part of the service goes down now, in the outage of that index.
    pub(super) fn begin(onset: f64, event: EventKey, outage: usize) -> Stoppage {
        Stoppage {
            onset,
            end: f64::INFINITY,
            ready: f64::INFINITY,
            full_cycle: false,
            event,
            outage: outage as u32,
            reports: Reports { first: 0, end: 0, until: onset },
            rewrites_since: None,
        }
    }
}

fn refill<T: Clone>(vector: &mut Vec<T>, length: usize, value: T) {
    vector.clear();
    vector.resize(length, value);
}
