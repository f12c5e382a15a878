//! The simulation: one trial of one strategy in one world.
//!
//! Two layers. The first is a discrete-event simulation of faults, people and recoveries
//! (`trial`): a few events for each fault, whatever the horizon. The second ([`workload`]) draws
//! what the outages did to passwords, objects and writeback requests, as aggregates whose cost does
//! not grow with the number of users. An [`observer`](observe::Observer) can watch; one that does
//! not costs nothing.
//!
//! A trial allocates nothing once its [`Scratch`] has grown: keep one for each thread. Files,
//! threads, statistics over trials and charts never enter.
//!
//! **Paths and places.** A strategy describes its paths in a
//! [`Layout`](crate::strategy::layout::Layout): a name, a site and the kinds needed for each, which
//! are active, and how many active ones the service needs. A protection adds paths in its
//! `arrange`; nothing here counts on one or two. `topology` numbers the components once, by how far
//! a kind is shared ([`Kind::scope`](crate::world::kind::Kind::scope)). Sites, their links, the
//! cloud, the tenant and the directory belong to the world. A path stands in a site, and can move
//! to another.
//!
//! **Services that fail apart** (export, password sync, writeback). `parts_up` in `service` is the
//! only place that goes from the state of the paths to the parts of the service. Each time in which
//! a part is down is a [`Stoppage`](outage::Stoppage), and each file of `workload` takes those of
//! its own part.
//!
//! **Order.** At one moment repairs and attempts end, then faults strike, then people act on all
//! of it, then planned work begins. So the order of tables in a scenario decides nothing.

mod agents;
mod attempt;
mod clock;
mod crew;
mod effects;
mod event;
mod faults;
mod last_resort;
mod machines;
pub mod observe;
pub mod outage;
mod overwrite;
mod people;
mod planned;
mod queue;
mod recovery;
mod service;
mod sign_in;
mod state;
mod topology;
mod trial;
pub mod workload;

use crate::metric::Metrics;
use crate::strategy::Strategy;
use crate::world::World;
use crate::world::fault::{Clocks, RepairBegins};
use crate::world::kind::Kind;
use crate::world::rare::{Condition, Rare};
use crate::world::streams::name_key;
use crate::world::sync::Sync;
use clock::Clock;
use observe::Observer;
use topology::Topology;
use workload::Evaluation;

pub(crate) use sign_in::loss::SignInLoss;
pub use state::Scratch;

/// A strategy in a world, compiled for playing trials. It is immutable: threads share it.
#[derive(Debug)]
pub struct Engine<'a> {
    world: &'a World,
    strategy: &'a Strategy,
    /// Cycles and rates, where they are not those of the world.
    sync: Option<Sync>,
    /// The components of its paths.
    topology: Topology,
    /// One clock for each fault source and each component that it can strike.
    clocks: Vec<Clock>,
    /// Which clocks strike a component, by component.
    clocks_of: Vec<Vec<u16>>,
    /// The order in which fault sources strike that strike at one moment: not that of the scenario.
    fault_order: Vec<usize>,
    /// The same for planned work.
    planned_order: Vec<usize>,
    /// By protection: the owner of its draws, the name of its table.
    owners: Vec<u64>,
    /// People can do something: try a protection, repair what no provider repairs, or restore a
    /// directory that was lost with its sites. Where they cannot, alarms change nothing and are left
    /// out.
    needs_people: bool,
}

/// The numbers of what has these keys, in the order of the keys.
fn by_key(keys: impl Iterator<Item = u64>) -> Vec<usize> {
    let keys: Vec<u64> = keys.collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by_key(|index| keys[*index]);
    order
}

impl<'a> Engine<'a> {
    /// Compiles `strategy` in `world`.
    pub fn new(world: &'a World, strategy: &'a Strategy) -> Self {
        let agents = sign_in::paths(world, strategy);
        let topology = Topology::new(&strategy.layout, agents, world.sites.len());
        let mut clocks = Vec::new();
        let mut clocks_of = vec![Vec::new(); topology.count()];
        let mut fault_order = by_key(world.faults.iter().map(|fault| fault.key));
        fault_order.retain(|index| sign_in::can_strike(world, strategy, *index));
        for &index in &fault_order {
            let fault = &world.faults[index];
            let is_immune = strategy.is_immune_to(fault);
            let struck = topology.of_kind(fault.strikes).iter().filter(|component| {
                if component.is_of_sign_in() { fault.strikes_sign_in() } else { !is_immune }
            });
            let most = match fault.clocks {
                Clocks::Each => usize::MAX,
                Clocks::One => 1,
            };
            for &component in struck.take(most) {
                let is_rare = |rare: &Rare| rare.sources().any(|source| source == index);
                let rare = component.instance == 0 && world.rare.as_ref().is_some_and(is_rare);
                if let Some(clock) = Clock::new(fault, index, component, rare) {
                    clocks_of[component.index()].push(clocks.len() as u16);
                    clocks.push(clock);
                }
            }
        }
        // By table and not by strategy: strategies that share a table share its luck.
        let owners = strategy.protections.iter().map(|table| name_key(table.name())).collect();
        let needs_people = !strategy.protections.is_empty()
            || world.sign_in.is_some()
            || world.operations.user_reports > 0
            || world.operations.last_resort.is_some()
            || world.operations.disable_by_hand.is_some()
            || world.faults.iter().any(|fault| {
                fault.needs_people()
                    || fault.repair_begins == RepairBegins::Alarm
                    || fault.strikes == Kind::Site
                    || fault.takes_servers > 0.0
            });
        let planned = world.planned.iter().filter(|_| strategy.layout.is_updated_by_people());
        let planned_order = by_key(planned.map(|planned| planned.key));
        Engine {
            world,
            strategy,
            sync: agents::sync(world, strategy),
            topology,
            clocks,
            clocks_of,
            fault_order,
            planned_order,
            owners,
            needs_people,
        }
    }

    /// Plays trial number `trial` under `seed` and returns its metrics, without cost. Its outages
    /// are in the scratch afterwards.
    pub fn play<O: Observer>(
        &self,
        seed: u64,
        trial: u64,
        scratch: &mut Scratch,
        observer: &mut O,
    ) -> Metrics {
        self.play_given(Condition::Nothing, seed, trial, scratch, observer)
    }

    /// Plays a trial of which something is given; in a world without rare disasters nothing can be,
    /// and the trial is a plain one.
    pub fn play_given<O: Observer>(
        &self,
        given: Condition,
        seed: u64,
        trial: u64,
        scratch: &mut Scratch,
        observer: &mut O,
    ) -> Metrics {
        let streams = crate::world::streams::Streams::new(seed, trial);
        let given = if self.world.rare.is_some() { given } else { Condition::Nothing };
        let mut metrics = Metrics::default();
        trial::run(self, streams, given, scratch, observer, &mut metrics);
        let mut evaluation = Evaluation {
            world: self.world,
            sync: self.sync(),
            streams: &streams,
            has_cloud_passwords: self.strategy.has_cloud_passwords(&self.world.organisation),
            outages: &mut scratch.outages,
            stoppages: scratch.stoppages.each_ref().map(Vec::as_slice),
            unreachable: &scratch.unreachable,
            busy: &scratch.people.busy,
            people: self.world.operations.people,
            reports: &scratch.reports,
            sign_in_losses: &mut scratch.sign_in.losses,
            metrics: &mut metrics,
            observer,
        };
        workload::evaluate(&mut evaluation, &mut scratch.backlogs);
        metrics
    }

    /// The world.
    pub fn world(&self) -> &'a World {
        self.world
    }

    /// The strategy.
    pub fn strategy(&self) -> &'a Strategy {
        self.strategy
    }

    /// Its cycles and rates.
    fn sync(&self) -> &Sync {
        self.sync.as_ref().unwrap_or(&self.world.sync)
    }

    /// What traces call a path of the strategy, or of sign-in.
    pub fn path_name(&self, path: u8) -> String {
        match self.strategy.layout.paths.get(usize::from(path)) {
            Some(own) => own.name.clone(),
            None => sign_in::name(self.world, self.strategy, path),
        }
    }

    /// What caused an outage, as the tables call it.
    pub fn cause_name(&self, cause: outage::Cause) -> &'a str {
        match cause {
            outage::Cause::Fault(index) => &self.world.faults[usize::from(index)].name,
            outage::Cause::SplitBrain => "split brain",
            outage::Cause::MoveBack => "planned move back",
            outage::Cause::Planned(index) => &self.world.planned[usize::from(index)].name,
        }
    }

    /// What ended an outage, as the tables call it.
    pub fn restored_by_name(&self, restored_by: outage::RestoredBy) -> &'a str {
        match restored_by {
            outage::RestoredBy::Repair => "repair",
            outage::RestoredBy::Protection(index) => {
                self.strategy.protections[usize::from(index)].name()
            }
            outage::RestoredBy::Fencing => "fencing",
            outage::RestoredBy::MoveBack => "move back",
            outage::RestoredBy::PlannedWork => "planned work done",
            outage::RestoredBy::LastResort => last_resort::LAST_RESORT_NAME,
            outage::RestoredBy::Nothing => "open at the horizon",
        }
    }
}
