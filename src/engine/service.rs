//! Components up and down, and with them the service: when its parts go down and come back.
//!
//! The service has three parts ([`Service`]): the export of objects, the sync of passwords, and
//! writeback. A part is up while enough active paths are up on which it is not broken by itself,
//! and nothing stops it. An outage is a time in which any part is down.

use super::clock::Strikes;
use super::event::Event;
use super::observe::{Observer, TraceEvent};
use super::outage::{Cause, Outage, Reports, RestoredBy, Stoppage};
use super::state::{PathState, Return, Scratch};
use super::topology::Component;
use super::trial::Trial;
use crate::distribution::draws::unit_exponential;
use crate::strategy::SiteSet;
use crate::world::kind::{Kind, Kinds, Scope};
use crate::world::service::{Service, Services};
use crate::world::streams::{EventKey, Purpose};
use crate::world::sync::Sync;

impl<O: Observer> Trial<'_, O> {
    /// An active fault more is on the component, and stops these parts of what needs it.
    pub(super) fn take_down(&mut self, component: Component, stops: Services) {
        let index = component.index();
        if stops == Services::ALL {
            self.scratch.down[index] += 1;
            if self.scratch.down[index] == 1 {
                self.count(component, true);
            }
        } else {
            self.find_parts_down();
        }
        self.scratch.broken[index] += 1;
        // Broken already: clocks stand still.
        if self.scratch.broken[index] > 1 {
            return;
        }
        let clocks = &self.engine.clocks_of[component.index()];
        for &index in clocks {
            let clock = &self.engine.clocks[usize::from(index)];
            clock.pause(&mut self.scratch.clock_states[usize::from(index)], self.now);
        }
        if !clocks.is_empty() {
            self.scratch
                .queue
                .cancel(|event| matches!(event, Event::Strike(index) if clocks.contains(&index)));
        }
    }

    /// One active fault less is on the component: it is over, or what broke has been replaced.
    pub(super) fn bring_up(&mut self, component: Component, stopped: Services) {
        let index = component.index();
        if stopped == Services::ALL {
            self.scratch.down[index] -= 1;
            if self.scratch.down[index] == 0 {
                self.count(component, false);
                if component.kind == Kind::Site {
                    self.regain_directory();
                }
            }
        } else {
            self.find_parts_down();
        }
        self.scratch.broken[index] -= 1;
        if self.scratch.broken[index] > 0 {
            return;
        }
        for &index in &self.engine.clocks_of[index] {
            let clock = &self.engine.clocks[usize::from(index)];
            let Scratch { clock_states, given, .. } = &mut *self.scratch;
            let strikes = Strikes { streams: &self.streams, given: given.strikes() };
            let state = &mut clock_states[usize::from(index)];
            clock.resume(state, strikes, self.now);
            let next = state.next;
            self.schedule(next, Event::Strike(index));
        }
    }

    /// A component has gone down or come up: what it belongs to takes note.
    fn count(&mut self, component: Component, is_down: bool) {
        let kind = component.kind;
        match kind.scope() {
            Scope::Common => {
                if kind == Kind::Directory {
                    if is_down {
                        self.unreachable_since = self.now;
                    } else {
                        self.scratch.unreachable.push((self.unreachable_since, self.now));
                    }
                }
                let down = self.shared_down;
                self.shared_down = if is_down { down.with(kind) } else { down.without(kind) };
            }
            Scope::Site => {
                let down = if kind == Kind::Site { &mut self.dark } else { &mut self.cut_off };
                let site = component.instance;
                *down = if is_down { down.with(site) } else { down.without(site) };
            }
            Scope::Path => {
                let path = &mut self.scratch.paths[usize::from(component.instance)];
                path.own_down = path.own_down.wrapping_add_signed(if is_down { 1 } else { -1 });
            }
        }
    }

    /// Which parts of the service active faults stop on each path, beside those that stop it whole.
    pub(super) fn find_parts_down(&mut self) {
        for path in self.engine.topology.paths() {
            let faults = self.scratch.active_faults.iter();
            let stops = faults
                .filter(|fault| fault.live && !fault.replaced && fault.stops != Services::ALL)
                .filter(|fault| fault.component.is_some_and(|c| self.takes_down(c, path)))
                .fold(Services::NONE, |stops, fault| stops.union(fault.stops));
            self.scratch.paths[usize::from(path)].parts_down = stops;
        }
    }

    pub(super) fn path(&self, path: u8) -> &PathState {
        &self.scratch.paths[usize::from(path)]
    }

    /// Can the path run delta cycles, and carry the service if it is active?
    #[inline]
    pub(super) fn is_up(&self, path: u8) -> bool {
        let state = self.path(path);
        let needs = self.engine.topology.needs(path);
        let mut place = Kinds::NONE;
        if self.dark.has(state.site) {
            place = place.with(Kind::Site);
        }
        if self.cut_off.has(state.site) {
            place = place.with(Kind::Link);
        }
        state.own_down == 0 && !needs.intersects(self.shared_down.union(place))
    }

    /// Is the room of the site up?
    pub(super) fn is_site_up(&self, site: u8) -> bool {
        !self.dark.has(site)
    }

    /// Does this kind fail, of what a path in `site` needs?
    pub(super) fn is_down(&self, kind: Kind, path: u8, site: u8) -> bool {
        match kind.scope() {
            Scope::Common => self.shared_down.has(kind),
            Scope::Site if kind == Kind::Site => self.dark.has(site),
            Scope::Site => self.cut_off.has(site),
            Scope::Path => {
                let component = self.engine.topology.component(kind, path);
                component.is_some_and(|component| self.scratch.down[component.index()] > 0)
            }
        }
    }

    /// The sites that are up with their link, and of which nothing is broken for a part either.
    /// Where the directory has been restored since all of its sites are lost, that place is one too:
    /// its number comes after those of the world's sites, and no fault strikes it.
    pub(super) fn sites_up(&self) -> SiteSet {
        let broken = &self.scratch.broken;
        let component = |kind, site| self.engine.topology.component(kind, site);
        let whole = |kind, site| component(kind, site).is_none_or(|c| broken[c.index()] == 0);
        let sites = self.engine.world.sites.len() as u8;
        let up = (0..sites)
            .filter(|site| whole(Kind::Site, *site) && whole(Kind::Link, *site))
            .fold(SiteSet::default(), SiteSet::with);
        if self.is_directory_elsewhere() { up.with(sites) } else { up }
    }

    /// Is the site up with its link?
    pub(super) fn is_place_up(&self, site: u8) -> bool {
        !self.dark.has(site) && !self.cut_off.has(site)
    }

    /// Does a path need this component now?
    pub(super) fn takes_down(&self, component: Component, path: u8) -> bool {
        match component.kind.scope() {
            Scope::Path => component.instance == path,
            Scope::Site => component.instance == self.path(path).site,
            Scope::Common => true,
        }
    }

    /// Does an active path need this component now?
    pub(super) fn is_active(&self, component: Component) -> bool {
        if component.kind.scope() == Scope::Path {
            return self.active.has(component.instance);
        }
        let mut paths = self.engine.topology.paths();
        paths.any(|path| self.active.has(path) && self.takes_down(component, path))
    }

    /// Is every part of the service up?
    #[inline]
    pub(super) fn all_up(&self) -> bool {
        self.up == Services::ALL
    }

    /// The parts that a path carries now.
    fn carried(&self, path: u8) -> Services {
        if self.is_up(path) {
            Services::ALL.minus(self.path(path).parts_down)
        } else {
            Services::NONE
        }
    }

    /// The rule of the service: the parts for which enough active paths are up, and which nothing
    /// stops.
    pub(super) fn parts_up(&self) -> Services {
        let mut up = if self.active.is_single() {
            self.path(self.active.first()).carries
        } else {
            self.parts_of_many()
        };
        if self.stops != [0; 3] {
            for (service, stops) in Service::ALL.into_iter().zip(self.stops) {
                if stops > 0 {
                    up = up.without(service);
                }
            }
        }
        up
    }

    fn parts_of_many(&self) -> Services {
        let mut up = Services::NONE;
        for service in Service::ALL {
            let paths = self.engine.topology.paths().filter(|path| self.active.has(*path));
            let carrying = paths.filter(|path| self.carried(*path).has(service)).count();
            if carrying >= self.engine.topology.needed {
                up = up.with(service);
            }
        }
        up
    }

    /// The path with which enough are done with their imports and full syncs.
    pub(super) fn last_needed(&self) -> &PathState {
        // By far the most strategies have one, and every outage ends here.
        if self.active.is_single() {
            return self.path(self.active.first());
        }
        let is_before = |a: u8, b: u8| {
            let by_time = self.path(a).ready_at.total_cmp(&self.path(b).ready_at);
            by_time.then(a.cmp(&b)).is_lt()
        };
        let carrying = || {
            self.engine.topology.paths().filter(|path| self.active.has(*path) && self.is_up(*path))
        };
        let rank = |path: u8| carrying().filter(|other| is_before(*other, path)).count();
        let last = carrying().find(|path| rank(*path) + 1 == self.engine.topology.needed);
        self.path(last.unwrap_or(self.active.first()))
    }

    /// Something has changed, by what `cause` and `event` say: compares the service with what it
    /// was, and looks for two servers that are active at once.
    pub(super) fn settle(&mut self, by: RestoredBy, cause: Cause, event: EventKey) {
        self.update(by, cause, event);
        if !(self.unfenced.is_empty() && self.scratch.left_behind.is_empty()) {
            self.find_split_brain(event);
        }
        self.settle_sign_in(event);
    }

    /// Compares the service with what it was, and begins or ends what changes with it.
    fn update(&mut self, by: RestoredBy, cause: Cause, event: EventKey) {
        for path in self.engine.topology.paths() {
            self.update_path(path);
        }
        if !self.unfenced.is_empty() {
            self.resume_unfenced();
        }
        let (before, up) = (self.up, self.parts_up());
        if up == before {
            return;
        }
        self.up = up;
        if before == Services::ALL {
            self.begin_outage(cause, event);
        } else if up != Services::ALL {
            self.note(None, || TraceEvent::PartsDown { parts: Services::ALL.minus(up) });
        }
        for service in before.minus(up).iter() {
            self.begin_stoppage(service, cause, event);
        }
        for service in up.minus(before).iter() {
            self.end_stoppage(service);
        }
        if up == Services::ALL {
            self.end_outage(by);
        }
    }

    /// A path that cannot run delta cycles falls behind; the length decides what it needs at its
    /// return.
    pub(super) fn update_path(&mut self, path: u8) {
        let now = self.now;
        let world = self.engine.world;
        let carries = self.carried(path);
        let is_able = carries.has(Service::Export);
        let state = &mut self.scratch.paths[usize::from(path)];
        state.carries = carries;
        match (is_able, state.unable_since) {
            (false, None) => {
                // A return that lasted no time was none.
                state.unable_since = match state.resumed {
                    Some(last) if last.at == now => Some(last.unable_since),
                    _ => Some(now),
                };
                // What was in hand is begun again at the return; what was done is done.
                if now >= state.ready_at {
                    state.full_import = false;
                    state.full_sync = false;
                }
                if now >= state.passwords_from {
                    state.first_pass = 0.0;
                }
            }
            (true, Some(since)) => {
                let age = now - since + state.database_age;
                let has_database = self.engine.topology.needs(path).has(Kind::Database);
                state.unable_since = None;
                state.resumed = Some(Return { at: now, unable_since: since });
                state.database_age = 0.0;
                state.full_sync |= age > Sync::FULL_SYNC_AFTER && !state.attached && has_database;
                state.attached = false;
                state.full_import |= age > Sync::FULL_IMPORT_AFTER && has_database;
                state.full_sync |= age > Sync::FULL_IMPORT_AFTER && has_database;
                let objects = world.organisation.objects;
                let import = if state.full_import { world.sync.import_hours(objects) } else { 0.0 };
                let sync = if state.full_sync { world.sync.sync_hours(objects) } else { 0.0 };
                state.ready_at = now + import + sync;
                state.passwords_from = state.ready_at + state.first_pass;
            }
            _ => {}
        }
    }

    fn begin_outage(&mut self, cause: Cause, event: EventKey) {
        // Touching outages are one.
        if let Some(last) = self.scratch.outages.last_mut()
            && last.end == self.now
        {
            self.scratch.response.begin_again();
            last.end = f64::INFINITY;
            last.ready = f64::INFINITY;
            last.full_cycle = false;
            last.restored_by = RestoredBy::Nothing;
            return;
        }
        self.scratch.response.reset(self.engine.strategy.protections.len());
        self.scratch.outages.push(Outage::begin(self.now, cause, event));
        let parts = Services::ALL.minus(self.up);
        self.note(None, || TraceEvent::Down { parts });
    }

    fn begin_stoppage(&mut self, service: Service, cause: Cause, event: EventKey) {
        let outage = self.scratch.outages.len().saturating_sub(1);
        if let Some(outage) = self.scratch.outages.last_mut() {
            outage.parts = outage.parts.with(service);
        }
        let stoppages = &mut self.scratch.stoppages[service as usize];
        match stoppages.last_mut() {
            Some(last) if last.end == self.now && last.outage == outage as u32 => {
                last.end = f64::INFINITY;
                last.ready = f64::INFINITY;
                last.full_cycle = false;
                return;
            }
            _ => stoppages.push(Stoppage::begin(self.now, event, outage)),
        }
        if service == Service::Writeback {
            self.draw_reports(cause, event);
        }
    }

    /// When what holds this part after a return is done: now, or later.
    pub(super) fn ready(&self, service: Service) -> f64 {
        let path = self.last_needed();
        let ready = match service {
            Service::Export => path.ready_at.max(path.exports_from),
            Service::PasswordSync => path.ready_at.max(path.passwords_from),
            Service::Writeback => self.now,
        };
        ready.max(self.now)
    }

    fn end_stoppage(&mut self, service: Service) {
        let now = self.now;
        let ready = self.ready(service);
        if let Some(stoppage) = self.scratch.stoppages[service as usize].last_mut() {
            stoppage.end = now;
            stoppage.ready = ready;
            stoppage.full_cycle = ready > now;
        }
        if self.engine.strategy.layout.quarantine().is_some() {
            self.hold_in_quarantine(service);
        }
    }

    /// Draws requests until the n-th refused one, or until somebody is sure to have noticed.
    fn draw_reports(&mut self, cause: Cause, event: EventKey) {
        let wanted = self.engine.world.operations.user_reports;
        let rates = &self.engine.world.workload.writeback.rates;
        if wanted == 0 || matches!(cause, Cause::MoveBack | Cause::Planned(_)) || rates.is_zero() {
            return;
        }
        let kind = match cause {
            Cause::Fault(fault) => Some(self.engine.world.faults[usize::from(fault)].strikes),
            _ => None,
        };
        let noticed = self.noticed_at(cause, event, kind).min(self.engine.world.horizon);
        let mut rng = self.streams.world(Purpose::Reports, event);
        let first = self.scratch.reports.len();
        let mut at = self.now;
        let mut until = noticed;
        for number in 1..=wanted {
            at = rates.invert(at, unit_exponential(&mut rng));
            if at >= noticed {
                break;
            }
            self.scratch.reports.push(at);
            if number == wanted {
                until = at;
                self.schedule(at, Event::UserAlarm);
            }
        }
        let end = self.scratch.reports.len();
        if let Some(stoppage) = self.scratch.stoppages[Service::Writeback as usize].last_mut() {
            stoppage.reports = Reports { first, end, until };
        }
    }
}
