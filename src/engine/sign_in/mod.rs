//! Sign-in: when nobody can sign in, and what people do about it.
//!
//! Sign-in works while one agent of each sort is up, with its site and link, and a domain controller
//! can be reached; users inside need no Web Application Proxy. Those in a site that is cut off lose nothing
//! by it: they reach no cloud. Sign-in is no part of the service: its loss is no outage, and only what the agents have
//! in common with the sync server (machine, site, link, directory) joins the two. Agents that have
//! machines of their own are paths that carry nothing and are never promoted, so that faults, common
//! modes and repairs are those of everything else. Without `[pass_through]` or `[federated]` none of
//! this is there.
//!
//! A promotion that switches pass-through off for the tenant leaves users to the hashes of their
//! passwords, at once, where the cloud has them.
//!
//! When sign-in is lost, people are called and decide. Then they switch it to password hashes, where
//! that can be done, until the agents are back. Whoever does that is not taken from other work.

pub(super) mod loss;

use super::event::{ActiveFaultId, Event};
use super::faults::is_copy;

use super::observe::{Alarm, Observer, SignInWork, TraceEvent, Without};
use super::outage::Cause;
use super::state::ActiveFault;
use super::topology::{Component, FIRST_SIGN_IN, SignInPath};
use super::trial::Trial;
use crate::strategy::{MACHINE, Strategy};
use crate::world::World;
use crate::world::fault::Carrier;
use crate::world::kind::Kind;
use crate::world::service::Services;
use crate::world::sign_in::SignInService;
use crate::world::streams::{Draws, EventKey, Purpose};
use crate::world::whereabouts::Users;
use loss::{Response, SignInLoss, Switching};

/// When people hear of an active fault: by its onset, what struck by itself before what the same event
/// took as well, then by component; and which it is.
type Turn = (u64, bool, usize, ActiveFaultId);

/// Tells the draws of a loss of sign-in apart from those of the outage that the same event made.
const SIGN_IN: u64 = 0x7369_676e_5f69_6e21;

/// The paths of the agents under a strategy; none where sign-in is not played.
pub(super) fn paths(world: &World, strategy: &Strategy) -> Vec<SignInPath> {
    let sorts = world.sign_in.iter().flat_map(|service| (0..).zip(&service.groups));
    let agents = sorts.flat_map(|(sort, agents)| {
        let sites = strategy.sign_in.sites(agents);
        (0..).zip(sites).map(move |(number, &site)| {
            let on_server = agents.on_server && number == 0;
            SignInPath { site, on_server, sort }
        })
    });
    agents.collect()
}

/// What traces call the agent of that path: "sign-in agent 2".
pub(super) fn name(world: &World, strategy: &Strategy, path: u8) -> String {
    let mut number = usize::from(path.saturating_sub(FIRST_SIGN_IN));
    for agents in world.sign_in.iter().flat_map(|service| &service.groups) {
        let count = strategy.sign_in.sites(agents).len();
        if number < count {
            return format!("{} {}", agents.noun, number + 1);
        }
        number -= count;
    }
    String::new()
}

/// Does the fault have anything to strike: the strategy, or agents of sign-in?
pub(super) fn can_strike(world: &World, strategy: &Strategy, fault: usize) -> bool {
    let fault = &world.faults[fault];
    !strategy.is_immune_to(fault) || (world.sign_in.is_some() && fault.strikes_sign_in())
}

impl<O: Observer> Trial<'_, O> {
    /// Sign-in that asks agents; none where it is not played, or the cloud checks passwords by itself.
    fn service(&self) -> Option<&'_ SignInService> {
        let by_hashes = self.engine.strategy.sign_in.by_hashes;
        self.engine.world.sign_in.as_ref().filter(|_| !by_hashes)
    }

    /// Can the fault strike this component, of the strategy or of sign-in?
    pub(super) fn can_strike(&self, fault: u16, component: Component) -> bool {
        let engine = self.engine;
        // Without sign-in only what can be struck has come here.
        let Some(_) = &engine.world.sign_in else { return true };
        let fault = &engine.world.faults[usize::from(fault)];
        if component.is_of_sign_in() {
            return fault.strikes_sign_in();
        }
        !engine.strategy.is_immune_to(fault)
    }

    /// Something has changed: compares sign-in with what it was.
    pub(super) fn settle_sign_in(&mut self, event: EventKey) {
        if self.service().is_none() {
            return;
        }
        let lost = self.without_sign_in();
        let cut_off = self.users_cut_off();
        let state = &mut self.scratch.sign_in;
        if lost.is_none() {
            state.on_hashes = false;
        }
        let refused = if state.on_hashes { Users::NONE } else { lost.without(cut_off) };
        match (state.response, refused.is_none()) {
            (None, false) => self.begin_loss(event, refused),
            (Some(_), true) => self.end_loss(!lost.is_none()),
            (Some(response), false) => {
                if refused != response.who {
                    self.change_loss(refused);
                }
                // People see what else happens once all of it has happened.
                self.schedule(self.now, Event::SignInLook);
            }
            (None, true) => {}
        }
    }

    fn begin_loss(&mut self, event: EventKey, who: Users) {
        let event = EventKey { source: event.source ^ SIGN_IN, ..event };
        let (since, cause) = (self.now, self.cause_of_loss());
        let (alarmed, decided, work) = (false, false, None);
        let response = Response { since, who, event, cause, alarmed, decided, work };
        self.scratch.sign_in.response = Some(response);
        self.tell_of_loss(who);
        let Some(service) = self.service() else { return };
        let delay = self.streams.hours(&service.detection, Purpose::Detection, event);
        self.schedule(self.now + delay, Event::SignInAlarm);
    }

    /// The fault that struck last of those that keep agents down; where none does, a promotion has switched
    /// pass-through off, and what began that outage counts.
    fn cause_of_loss(&self) -> Cause {
        let keeping =
            self.scratch.active_faults.iter().filter(|fault| self.keeps_agent_down(fault));
        let key = |fault: &&ActiveFault| {
            let place = fault.component.map_or(0, Component::index);
            (fault.onset.to_bits(), !is_copy(fault.event), std::cmp::Reverse(place))
        };
        keeping.max_by_key(key).map_or_else(|| self.outage_cause(), |fault| fault.cause)
    }

    /// Others than before cannot sign in; people go on with what they do about it.
    fn change_loss(&mut self, who: Users) {
        self.keep_loss();
        let Some(response) = &mut self.scratch.sign_in.response else { return };
        (response.since, response.who) = (self.now, who);
        self.tell_of_loss(who);
    }

    /// Tells who cannot sign in from now on.
    fn tell_of_loss(&mut self, refused: Users) {
        let all = self.all_users();
        let cut_off = self.users_cut_off().among(all);
        let who = match (refused == all.without(cut_off), cut_off.is_none()) {
            (true, true) => Without::All,
            (true, false) => Without::WithinReach,
            _ => Without::Outside,
        };
        self.note(None, || TraceEvent::SignInLost { who });
    }

    /// Keeps what the loss in hand has come to.
    fn keep_loss(&mut self) {
        let Some(Response { since, who, event, cause, .. }) = self.scratch.sign_in.response else {
            return;
        };
        let (from, to, user_hours) = (since, self.now, 0.0);
        let loss = SignInLoss { from, to, event, cause, who, user_hours };
        self.scratch.sign_in.losses.push(loss);
    }

    fn end_loss(&mut self, is_lost: bool) {
        self.give_up_switching();
        self.keep_loss();
        self.scratch.sign_in.response = None;
        self.scratch.queue.cancel(Event::is_of_sign_in);
        let on_hashes = self.scratch.sign_in.on_hashes;
        let cut_off = is_lost && !on_hashes;
        self.note(None, || TraceEvent::SignInBack { on_hashes, cut_off });
    }

    /// At the horizon everything open is cut.
    pub(super) fn finish_sign_in(&mut self) {
        self.give_up_switching();
        self.count_switching_on();
        self.keep_loss();
        self.scratch.sign_in.response = None;
    }

    fn all_users(&self) -> Users {
        self.service().map_or(Users::NONE, |service| service.whereabouts.all())
    }

    /// Who cannot sign in, whether or not they reach the cloud.
    fn without_sign_in(&self) -> Users {
        match self.scratch.sign_in.switched_off {
            Some(_) => self.all_users(),
            None => self.without_agents(),
        }
    }

    /// Who is without an agent, or a domain controller within reach?
    fn without_agents(&self) -> Users {
        let all = self.all_users();
        if self.shared_down.has(Kind::Directory) {
            return all;
        }
        let is_lost = |sort: u8| {
            let agents = (FIRST_SIGN_IN..).zip(&self.engine.topology.sign_in);
            let own = agents.filter(|(_, agent)| agent.sort == sort);
            let mut up = own.map(|(path, agent)| self.is_agent_up(path, *agent)).peekable();
            // A farm may have no load balancer.
            up.peek().is_some() && !up.any(|is_up| is_up)
        };
        let groups = self.service().map_or(&[][..], |service| &service.groups);
        let lost = (0..).zip(groups).filter(|(sort, _)| is_lost(*sort));
        let who = lost.map(|(_, agents)| match agents.outside {
            false => all,
            true => all.among(Users::OUTSIDE),
        });
        who.fold(Users::NONE, Users::and)
    }

    /// Who works in a site that is cut off from the cloud: they reach no sign-in of any kind.
    fn users_cut_off(&self) -> Users {
        let sites = 0..self.engine.world.sites.len() as u8;
        let cut_off = sites.filter(|site| !self.is_place_up(*site)).map(Users::in_site);
        cut_off.fold(Users::NONE, Users::and)
    }

    fn is_agent_up(&self, path: u8, agent: SignInPath) -> bool {
        let site = if agent.on_server { self.path(0).site } else { agent.site };
        self.path(path).own_down == 0
            && self.is_place_up(site)
            && (!agent.on_server || self.is_machine_up(0))
    }

    /// Is the machine of a path up? A fault of the sync service alone leaves it running, and while a
    /// server is installed anew nothing on it runs.
    fn is_machine_up(&self, path: u8) -> bool {
        let faults = self.scratch.active_faults.iter();
        let is_lost = faults.filter(|fault| fault.live && !fault.replaced).any(|fault| {
            let of_machine = |c: Component| c.path() == Some(path) && MACHINE.has(c.kind);
            fault.component.is_some_and(of_machine)
                && fault.stops == Services::ALL
                && !self.is_of_servers_alone(fault)
        });
        !is_lost && !self.is_being_installed(path)
    }

    fn is_of_servers_alone(&self, fault: &ActiveFault) -> bool {
        match fault.cause {
            Cause::Fault(source) => {
                let source = &self.engine.world.faults[usize::from(source)];
                source.only == Some(Carrier::Servers)
            }
            _ => false,
        }
    }

    /// Does an active fault keep an agent from working?
    fn keeps_agent_down(&self, fault: &ActiveFault) -> bool {
        let stops_it = fault.live && !fault.replaced && fault.stops == Services::ALL;
        let Some(component) = fault.component.filter(|_| stops_it) else { return false };
        if component.is_of_sign_in() || component.kind == Kind::Directory {
            return true;
        }
        let agents = &self.engine.topology.sign_in;
        let on_server = agents.iter().any(|agent| agent.on_server);
        match (component.path(), component.site()) {
            (Some(path), _) => {
                on_server
                    && path == 0
                    && MACHINE.has(component.kind)
                    && !self.is_of_servers_alone(fault)
            }
            (None, Some(site)) => {
                agents.iter().any(|agent| !agent.on_server && agent.site == site)
                    || (on_server && self.path(0).site == site)
            }
            _ => false,
        }
    }

    /// Users cannot sign in, and say so: whoever repairs what keeps the agents down hears of it.
    pub(super) fn sign_in_alarm(&mut self) {
        let Some(response) = &mut self.scratch.sign_in.response else { return };
        response.alarmed = true;
        let event = response.event;
        self.note(None, || TraceEvent::SignInAlarm);
        self.tell_of_agents();
        let at = self.call_out(event);
        self.schedule(at, Event::SignInArrival);
    }

    /// People hear of all that keeps agents down, in the order in which it broke: its place in the
    /// table of active faults tells nothing.
    fn tell_of_agents(&mut self) {
        let mut told = None;
        while let Some(next) = self.next_to_tell(told) {
            told = Some(next);
            self.raise_alarm(next.3, Some(Alarm::Users));
        }
    }

    /// The first active fault after `told` that keeps an agent down.
    fn next_to_tell(&self, told: Option<Turn>) -> Option<Turn> {
        let all = (0..).zip(&self.scratch.active_faults);
        let keeping = all.filter(|(_, fault)| self.keeps_agent_down(fault));
        // Times are not negative, so their bits are in their order.
        let key = |(id, fault): (ActiveFaultId, &ActiveFault)| {
            let place = fault.component.map_or(0, Component::index);
            (fault.onset.to_bits(), is_copy(fault.event), place, id)
        };
        keeping.map(key).filter(|one| told.is_none_or(|told| *one > told)).min()
    }

    pub(super) fn sign_in_arrival(&mut self) {
        let Some(Response { event, .. }) = self.scratch.sign_in.response else { return };
        let decision = &self.engine.world.operations.decision;
        let delay = self.streams.hours(decision, Purpose::Decision, event);
        self.schedule(self.now + delay, Event::SignInDecided);
    }

    pub(super) fn sign_in_decided(&mut self) {
        if let Some(response) = &mut self.scratch.sign_in.response {
            response.decided = true;
        }
        self.schedule(self.now, Event::SignInLook);
    }

    /// Something has changed while nobody can sign in: people hear of it, and do what can be done now.
    pub(super) fn look_at_sign_in(&mut self) {
        let Some(response) = self.scratch.sign_in.response else { return };
        if response.alarmed {
            self.tell_of_agents();
        }
        if !response.decided {
            return;
        }
        let by_hand = self.work_by_hand(&response);
        let goes_on = response.work.is_some_and(|work| match by_hand {
            Some(other) => {
                work.what == other.what
                    || (work.what == SignInWork::Elsewhere && work.until <= other.until)
            }
            None => work.what == SignInWork::Elsewhere,
        });
        if goes_on {
            return;
        }
        self.give_up_switching();
        if let Some(work) = by_hand.or_else(|| self.work_elsewhere(&response)) {
            self.begin_switching(work);
        }
    }

    /// Can anything be set on the sync server in service: are its machine, its site, its link and the
    /// cloud up?
    fn is_connect_up(&self) -> bool {
        let path = self.active.first();
        self.engine.strategy.carrier() == Carrier::Servers
            && !self.shared_down.has(Kind::Cloud)
            && self.is_place_up(self.path(path).site)
            && self.is_machine_up(path)
    }

    /// What people can do on the sync server: switch pass-through on again where that is all that is
    /// missing, or else sign-in to hashes.
    fn work_by_hand(&self, response: &Response) -> Option<Switching> {
        if !self.is_connect_up() {
            return None;
        }
        let switched_off =
            self.scratch.sign_in.switched_off.filter(|_| self.without_agents().is_none());
        let (what, hours) = match switched_off {
            Some(hours) => (SignInWork::SwitchOn, hours),
            None => {
                let by_hand = &self.service()?.fallback.as_ref()?.by_hand;
                let hours = self.streams.hours(by_hand, Purpose::Fallback, response.event);
                (SignInWork::ByHand, hours)
            }
        };
        let until = self.engine.world.staffed.work_end(self.now, hours);
        Some(Switching { what, start: self.now, hours, until })
    }

    fn work_elsewhere(&self, response: &Response) -> Option<Switching> {
        let elsewhere = &self.service()?.fallback.as_ref()?.elsewhere;
        let hours = self.streams.hours(elsewhere, Purpose::FallbackElsewhere, response.event);
        let until = self.engine.world.staffed.work_end(self.now, hours);
        Some(Switching { what: SignInWork::Elsewhere, start: self.now, hours, until })
    }

    fn begin_switching(&mut self, work: Switching) {
        self.give_up_switching();
        let Switching { what, until, .. } = work;
        self.note(None, || TraceEvent::SignInSwitching { what, until });
        if let Some(response) = &mut self.scratch.sign_in.response {
            response.work = Some(work);
        }
        self.schedule(until, Event::SignInSwitched);
    }

    /// The work in hand ends, done or not: it counts as far as it has come.
    fn give_up_switching(&mut self) {
        let response = self.scratch.sign_in.response.as_mut();
        let Some(work) = response.and_then(|response| response.work.take()) else { return };
        self.scratch.queue.cancel(|event| event == Event::SignInSwitched);
        self.labour += self.engine.world.staffed.worked(work.start, work.hours, self.now);
    }

    pub(super) fn sign_in_switched(&mut self) {
        let Some(Response { work: Some(work), event, .. }) = self.scratch.sign_in.response else {
            return;
        };
        match work.what {
            SignInWork::SwitchOn => {
                self.scratch.sign_in.switched_off = None;
                self.scratch.sign_in.is_mended = true;
            }
            SignInWork::ByHand | SignInWork::Elsewhere => self.scratch.sign_in.on_hashes = true,
        }
        self.settle_sign_in(event);
    }

    /// A server that stood by carries the service now: where it was set up with another sign-in
    /// option, pass-through is off for the whole tenant. The cloud then checks passwords against the
    /// hashes that it has; where it has none, nobody can sign in.
    pub(super) fn switch_sign_in_off(&mut self, path: u8, event: EventKey) {
        let Some(service) = self.service() else { return };
        let state = &self.scratch.sign_in;
        let is_asked = service.groups.iter().any(|agents| agents.on_server);
        if !is_asked || path == 0 || state.is_mended || state.switched_off.is_some() {
            return;
        }
        let mut tables = self.engine.strategy.protections.iter().zip(&self.engine.owners);
        let hours = tables.find_map(|(table, owner)| {
            table.switches_sign_in_off(&Draws::new(&self.streams, *owner, event, 0))
        });
        let (Some(hours), on_hashes) = (hours, service.hashes) else { return };
        self.scratch.sign_in.switched_off = Some(hours);
        self.note(None, || TraceEvent::SignInOff { on_hashes });
        if on_hashes {
            self.scratch.sign_in.on_hashes = true;
            self.scratch.sign_in.switching_on = Some(self.now);
            self.schedule(self.engine.world.staffed.work_end(self.now, hours), Event::SignInOn);
        }
    }

    /// Pass-through is on again for the tenant, and nobody was kept from signing in.
    pub(super) fn sign_in_on(&mut self) {
        self.count_switching_on();
        self.scratch.sign_in.switched_off = None;
        self.scratch.sign_in.is_mended = true;
        self.settle_sign_in(EventKey::default());
    }

    /// The work to switch it on again counts as far as it has come.
    fn count_switching_on(&mut self) {
        let state = &mut self.scratch.sign_in;
        if let (Some(since), Some(hours)) = (state.switching_on.take(), state.switched_off) {
            self.labour += self.engine.world.staffed.worked(since, hours, self.now);
        }
    }
}
