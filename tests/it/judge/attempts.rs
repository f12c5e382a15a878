//! What people try, and what comes of it.

use super::{Attempt, Break, Event, Judge, Left, OldServer, Own, Server, Stage, Tried, Work};
use crate::plain::{Kind, NEVER, Spare, Table, Time};

/// Full import and full sync of 3,600 objects: 1 h and 2 h.
const FULL_CYCLE: Time = 4 * 3;

const SERVICES: [Kind; 3] = [Kind::Export, Kind::PasswordSync, Kind::Writeback];

impl Judge<'_> {
    /// Tries the first table that can do something now, if nothing is in hand but a wait.
    pub(super) fn plan(&mut self) {
        let busy = self.attempt.is_some_and(|attempt| attempt.stage != Stage::Waits);
        if self.all_up() || self.response.decided.is_none() || busy || self.diagnosis.is_some() {
            return;
        }
        let path = self.in_trouble();
        if self.kinds_down(path).is_empty() {
            return;
        }
        let waiting = self.attempt.map(|attempt| attempt.what);
        if waiting.is_none() && self.keeps_to_repair() {
            return;
        }
        for table in &self.it.prefer {
            let tried = Tried::Table(*table);
            if self.failures(tried) >= self.plain.tries || self.is_lacking(tried) {
                continue;
            }
            let Some(attempt) = self.manual(*table, path) else { continue };
            if waiting == Some(tried) && attempt.wait > 0 {
                break;
            }
            if attempt.over && self.is_repaired_before(&attempt) {
                continue;
            }
            self.drop_attempt();
            self.begin(attempt);
            break;
        }
        if self.attempt.is_none_or(|attempt| attempt.stage == Stage::Waits) {
            self.consider_last_resort(path);
        }
    }

    /// All that is down is repaired by their own hands: they keep to that for a while.
    fn keeps_to_repair(&mut self) -> bool {
        let until = self.response.decided.unwrap_or(self.now) + self.plain.repair_first;
        let theirs = |k: usize| {
            let it = &self.breaks[k];
            it.by_person && (it.repair < NEVER || it.cause == super::Cause::Planned)
        };
        let all_theirs = (0..self.breaks.len()).filter(|k| self.hits(*k)).all(theirs);
        if !all_theirs || until <= self.now {
            return false;
        }
        self.at(until, Event::Look);
        true
    }

    /// What ails of all that the path needs.
    fn kinds_down(&self, path: usize) -> Vec<Kind> {
        let is_down = |it: &&Break| it.open && !it.behind;
        let parts = self.breaks.iter().filter(is_down).filter_map(|it| it.part);
        parts.filter(|part| self.concerns(*part, path)).map(|part| part.0).collect()
    }

    /// Is it one of what an installation on that machine overwrites?
    fn is_overwritten(&self, k: usize, attempt: &Attempt) -> bool {
        let it = &self.breaks[k];
        let apart = self.it.group.is_some();
        let is_soft = |kind: Kind| {
            matches!(kind, Kind::Engine | Kind::Contents)
                || SERVICES.contains(&kind)
                || (kind == Kind::Database && !apart)
        };
        let is_guest = |kind: Kind| {
            kind == Kind::Server || (matches!(kind, Kind::Database | Kind::Contents) && !apart)
        };
        let is_image = attempt.what == Tried::Table(Table::Machine);
        let is_over = |kind: Kind| if is_image { is_guest(kind) } else { is_soft(kind) };
        let it_is = |(kind, at): (Kind, usize)| is_over(kind) && at == attempt.path;
        attempt.over && it.open && !it.behind && it.part.is_some_and(it_is)
    }

    pub(super) fn is_being_overwritten(&self, k: usize) -> bool {
        self.attempt.is_some_and(|it| self.is_overwritten(k, &it))
    }

    /// Nobody overwrites what will be whole before.
    fn is_repaired_before(&self, attempt: &Attempt) -> bool {
        let over = (0..self.breaks.len()).filter(|k| self.is_overwritten(*k, attempt));
        let back = over.map(|k| self.breaks[k].end).max().unwrap_or(NEVER);
        back < NEVER && back <= self.end_of_work(attempt, self.now)
    }

    /// Those who repair what is to be overwritten stop.
    fn stop_repairs(&mut self, attempt: &Attempt) {
        for k in 0..self.breaks.len() {
            let it = &self.breaks[k];
            if it.wanted.is_some() && !it.by_clock && self.is_overwritten(k, attempt) {
                self.count_labour(k);
                let it = &mut self.breaks[k];
                (it.wanted, it.begun, it.end) = (None, None, NEVER);
                it.number += 1;
                if std::mem::take(&mut it.has_person) {
                    self.release();
                }
                self.withdraw(Work::Repair(k));
            }
        }
    }

    /// They begin anew.
    fn resume_repairs(&mut self, attempt: &Attempt) {
        for k in 0..self.breaks.len() {
            if self.breaks[k].known && self.is_overwritten(k, attempt) {
                self.want(k);
            }
        }
    }

    fn failures(&self, tried: Tried) -> u32 {
        self.response.failures.iter().find(|it| it.0 == tried).map_or(0, |it| it.1)
    }

    /// It failed for want of something, and nothing has come back since.
    fn is_lacking(&self, tried: Tried) -> bool {
        self.response.lacking.contains(&(tried, self.came_back))
    }

    // ----------------------------------------------------- what a table can do

    fn manual(&self, table: Table, path: usize) -> Option<Attempt> {
        let down = self.kinds_down(path);
        let has = |kind: Kind| down.contains(&kind);
        let site = self.servers[path].site;
        let place_lost = has(Kind::Site) || has(Kind::Link);
        let apart = self.it.group.is_some();
        // A path that has moved away may come back to the first site.
        let target = |own: usize| if site == own { 0 } else { own };
        let can_move =
            |own: usize| place_lost && target(own) != site && self.place_whole(target(own));
        let place_up = self.place_up(site);
        let site_up = self.site_up(site);
        let host_up = !self.is_down((Kind::Host, path));
        let plain = Attempt {
            what: Tried::Table(table),
            path,
            site: Some(site),
            moves_to: None,
            wait: 0,
            work: 0,
            works: true,
            new_machine: false,
            leaves: None,
            beside: false,
            over: false,
            cycle: 0,
            switch_on: 0,
            until: 0,
            guest: false,
            spare: None,
            makeshift: false,
            home: false,
            leaves_server: false,
            stage: Stage::Waits,
            number: 0,
        };
        match table {
            Table::Staging => {
                let it = self.it.staging.as_ref()?;
                let standby = self.standby()?;
                let same = self.servers[standby].site == site;
                let shared = self.shared_down(Kind::Tenant)
                    || self.shared_down(Kind::Directory)
                    || (same && !place_up);
                let another = |kind: &Kind| !(kind.of_all() || kind.of_site() && same);
                if shared || !down.iter().any(another) {
                    return None;
                }
                let wait = if it.verify { FULL_CYCLE } else { 0 };
                Some(Attempt { site: None, wait, work: it.promote, works: it.success, ..plain })
            }
            Table::Machine => {
                let it = self.it.machine.as_ref()?;
                let moves = can_move(it.site);
                if !site_up && !moves {
                    return None;
                }
                let moves_host = has(Kind::Host) && (moves || self.has_spare(Table::Machine, path));
                let on_a_host = moves_host || host_up;
                let inside = has(Kind::Database) || has(Kind::Contents);
                let guest_down = has(Kind::Server) || (inside && !apart);
                let restores = guest_down && on_a_host;
                if !(moves || moves_host || restores) {
                    return None;
                }
                Some(Attempt {
                    moves_to: moves.then_some(target(it.site)),
                    site: Some(if moves { target(it.site) } else { site }),
                    work: it.restore,
                    works: if moves { it.move_success } else { it.success },
                    new_machine: moves || moves_host,
                    leaves: moves.then_some(it.fenced),
                    guest: restores || moves,
                    over: restores && !moves,
                    spare: (moves_host && !moves).then_some((Table::Machine, path)),
                    ..plain
                })
            }
            Table::Group => {
                let it = self.it.group.as_ref()?;
                if !has(Kind::Database) || !self.has_spare(Table::Group, path) {
                    return None;
                }
                let spare = Some((Table::Group, path));
                Some(Attempt { work: it.force, works: it.success, spare, ..plain })
            }
            Table::CloudSync => {
                let it = self.it.agents.as_ref()?;
                let sites = 0..self.elsewhere() + usize::from(self.restored);
                let target = sites.into_iter().find(|to| *to != site && self.place_whole(*to))?;
                let shared = self.shared_down(Kind::Cloud) || self.shared_down(Kind::Directory);
                if !place_lost || shared {
                    return None;
                }
                let (moves_to, site) = (Some(target), Some(target));
                Some(Attempt { moves_to, site, work: it.install, works: it.success, ..plain })
            }
            Table::Rebuild => {
                let it = self.it.rebuild.as_ref()?;
                let elsewhere = can_move(it.site);
                let machine_lost = elsewhere || has(Kind::Host) || has(Kind::Server);
                let in_place = has(Kind::Database)
                    || has(Kind::Engine)
                    || self.is_down((Kind::Contents, path))
                    || SERVICES.iter().any(|kind| has(*kind));
                if !machine_lost && !in_place {
                    return None;
                }
                let shared = self.shared_down(Kind::Cloud) || self.shared_down(Kind::Directory);
                if shared || (!place_up && !elsewhere) {
                    return None;
                }
                // On a lost controller: its own server may stand ready, or a machine for it.
                let own = self.servers[path].own.filter(|_| !elsewhere);
                let on_host = down.iter().any(|kind| self.is_on_host(*kind));
                if own == Some(Own::Server) && on_host {
                    return Some(Attempt {
                        work: it.move_back,
                        new_machine: true,
                        leaves: Some(it.fenced),
                        spare: Some((Table::Rebuild, 0)),
                        home: true,
                        ..plain
                    });
                }
                let spare = it.spare != Spare::Procure && self.has_rebuild_spare();
                let at_hand = own.is_some() || (!elsewhere && spare);
                // A spare server is set up while the first one is being repaired.
                let beside = at_hand && it.spare == Spare::Server && !machine_lost;
                let new_machine = machine_lost || beside || own.is_some();
                let wait = match (elsewhere, new_machine && !at_hand) {
                    (true, _) if it.spare == Spare::Procure => it.procure,
                    (true, _) => it.elsewhere,
                    (false, true) => it.procure,
                    (false, false) => 0,
                };
                let survives = apart && !elsewhere && !has(Kind::Database) && !has(Kind::Contents);
                let staged = it.switch_on > 0;
                let on_spare = new_machine && at_hand && own.is_none();
                let controller = it.spare == Spare::Controller;
                let holds_spare = on_spare || (own.is_some() && controller);
                let leaves_server = match it.spare {
                    Spare::Procure => true,
                    Spare::Controller => on_spare,
                    Spare::Server => !at_hand,
                };
                let makeshift = it.spare == Spare::Controller && (on_spare || elsewhere);
                Some(Attempt {
                    moves_to: elsewhere.then_some(target(it.site)),
                    site: Some(if elsewhere { target(it.site) } else { site }),
                    wait,
                    work: it.install,
                    works: it.success,
                    new_machine,
                    leaves: new_machine.then_some(it.fenced),
                    beside,
                    over: !new_machine,
                    cycle: if staged && !survives { FULL_CYCLE } else { 0 },
                    switch_on: it.switch_on,
                    spare: (holds_spare && !makeshift).then_some((Table::Rebuild, 0)),
                    leaves_server: leaves_server && new_machine && !elsewhere,
                    makeshift,
                    ..plain
                })
            }
        }
    }

    /// The spare server or the domain controller.
    fn has_rebuild_spare(&self) -> bool {
        self.has_spare(Table::Rebuild, 0)
            && self.servers.iter().all(|it| it.makeshift.is_none() || it.far)
    }

    /// The standby, unless people know that it is dead.
    fn standby(&self) -> Option<usize> {
        let standby = (0..self.servers.len()).find(|path| *path != self.active)?;
        let tells = |it: &Break| {
            it.open
                && it.known
                && !it.behind
                && it.part.is_some_and(|part| {
                    self.concerns(part, standby) && !self.concerns(part, self.active)
                })
        };
        (!self.servers[standby].in_work && !self.breaks.iter().any(tells)).then_some(standby)
    }

    fn consider_last_resort(&mut self, path: usize) {
        let Some((after, takes, fenced)) = self.plain.last_resort else { return };
        let down = self.kinds_down(path);
        if self.is_lacking(Tried::LastResort)
            || self.shared_down(Kind::Tenant)
            || self.shared_down(Kind::Directory)
            || down.iter().all(|kind| kind.of_all())
        {
            return;
        }
        let begin = self.now.max(self.onset + after);
        let hits = (0..self.breaks.len()).filter(|k| self.hits(*k));
        let back = hits.map(|k| self.breaks[k].end).max().unwrap_or(self.now);
        let back = back.min(self.attempt.map_or(NEVER, |attempt| attempt.until));
        let back = back.min(self.own_back(path));
        if back < NEVER && back <= super::work_end(self.hours(), begin, takes) {
            return;
        }
        if begin > self.now {
            return self.at(begin, Event::Look);
        }
        let site = self.servers[path].site;
        // The place where the directory was restored is one more.
        let sites = 0..self.elsewhere() + usize::from(self.restored);
        let is_there = |site: &usize| sites.contains(site) && self.place_whole(*site);
        let own = Some(site).filter(is_there);
        let Some(found) = own.or_else(|| sites.clone().find(is_there)) else { return };
        if self.shared_down(Kind::Cloud) {
            return;
        }
        self.drop_attempt();
        self.begin(Attempt {
            what: Tried::LastResort,
            path,
            site: Some(found),
            moves_to: (found != site).then_some(found),
            wait: 0,
            work: takes,
            works: true,
            new_machine: true,
            leaves: self.it.agents.is_none().then_some(fenced),
            beside: false,
            over: false,
            cycle: 0,
            switch_on: 0,
            until: 0,
            guest: false,
            spare: None,
            makeshift: false,
            home: false,
            leaves_server: found == site && self.it.agents.is_none(),
            stage: Stage::Waits,
            number: 0,
        });
    }

    // ------------------------------------------------------------ its course

    fn begin(&mut self, attempt: Attempt) {
        self.attempts += 1;
        let until = self.end_of_work(&attempt, self.now + attempt.wait);
        let attempt = Attempt { number: self.attempts, until, ..attempt };
        if attempt.over {
            self.stop_repairs(&attempt);
        }
        self.attempt = Some(attempt);
        if attempt.wait > 0 {
            self.at(self.now + attempt.wait, Event::Ready(self.attempts));
        } else {
            self.attempt = Some(Attempt { stage: Stage::Asks, ..attempt });
            self.ask(Work::Attempt);
        }
    }

    pub(super) fn work_on_attempt(&mut self) {
        let Some(attempt) = &mut self.attempt else { return };
        attempt.stage = Stage::Works(self.now);
        let attempt = *attempt;
        let end = self.end_of_work(&attempt, self.now);
        self.at(end, Event::AttemptEnds(attempt.number));
        if attempt.over {
            // Nothing of it serves meanwhile.
            self.servers[attempt.path].in_pieces = true;
            self.settle();
        }
    }

    /// When its hands-on part is done that begins then, with what follows.
    fn end_of_work(&self, attempt: &Attempt, begin: Time) -> Time {
        let installed = super::work_end(self.hours(), begin, attempt.work);
        super::work_end(self.hours(), installed + attempt.cycle, attempt.switch_on)
    }

    /// Nobody goes on with it.
    pub(super) fn drop_attempt(&mut self) {
        if let Some(attempt) = self.end_attempt() {
            self.resume_repairs(&attempt);
        }
    }

    /// Whoever was at it is free.
    fn end_attempt(&mut self) -> Option<Attempt> {
        let attempt = self.attempt.take()?;
        match attempt.stage {
            Stage::Waits => {}
            Stage::Asks => self.withdraw(Work::Attempt),
            Stage::Works(since) => {
                let hours = self.hours();
                let installed = super::work_end(hours, since, attempt.work) + attempt.cycle;
                self.verdict.labour += super::worked(hours, since, attempt.work, self.now)
                    + super::worked(hours, installed, attempt.switch_on, self.now);
                self.release();
                self.servers[attempt.path].in_pieces = false;
            }
        }
        self.look_later();
        Some(attempt)
    }

    /// The service is back, or the horizon is there.
    pub(super) fn give_up(&mut self) {
        self.drop_attempt();
        self.end_diagnosis();
        self.forget();
    }

    pub(super) fn attempt_ends(&mut self, number: usize) {
        let Some(attempt) = self.attempt.filter(|it| it.number == number) else { return };
        let is_promotion = attempt.what == Tried::Table(Table::Staging);
        self.end_attempt();
        if is_promotion && !self.can_promote() {
            self.response.lacking.retain(|it| it.0 != attempt.what);
            self.response.lacking.push((attempt.what, self.came_back));
            self.find_standby_dead();
        } else if attempt.works {
            if is_promotion {
                self.promote();
            } else {
                self.apply(&attempt);
            }
            self.settle();
        } else {
            match self.response.failures.iter_mut().find(|it| it.0 == attempt.what) {
                Some(it) => it.1 += 1,
                None => self.response.failures.push((attempt.what, 1)),
            }
            if self.plain.diagnose > 0 {
                self.diagnosis = Some((self.plain.diagnose, None));
                self.ask(Work::Diagnosis);
            }
            self.resume_repairs(&attempt);
            self.settle();
        }
    }

    /// Is all there at the end that a promotion needs?
    fn can_promote(&self) -> bool {
        let Some(standby) = self.standby() else { return false };
        let own = [Kind::Host, Kind::Server, Kind::Database, Kind::Engine, Kind::Contents];
        // Half of a server is no gain. What both have in common tells nothing of the standby.
        let of_its_own = |it: &Break| {
            let of_it = |part| self.concerns(part, standby) && !self.concerns(part, self.active);
            it.open && !it.behind && it.part.is_some_and(of_it)
        };
        let whole = !self.breaks.iter().any(of_its_own);
        !self.shared_down(Kind::Cloud)
            && self.place_up(self.servers[standby].site)
            && !own.iter().any(|kind| self.is_down((*kind, standby)))
            && (whole || !self.is_up(self.active))
    }

    /// Can people reach the server, to shut it out?
    fn is_within_reach(&self, path: usize) -> bool {
        self.site_up(self.servers[path].site)
            && !self.is_down((Kind::Host, path))
            && !self.is_down((Kind::Server, path))
    }

    fn promote(&mut self) {
        let (Some(it), Some(standby)) = (&self.it.staging, self.standby()) else { return };
        let old = self.active;
        let shut_out = it.fenced || self.is_within_reach(old);
        self.servers[old].unfenced = (!shut_out).then_some(it.promote);
        self.servers[standby].unfenced = None;
        self.active = standby;
        self.leave_makeshift(old);
        self.switch_sign_in_off(standby);
    }

    /// Whoever tried to use the standby repairs what is broken there.
    fn find_standby_dead(&mut self) {
        let Some(standby) = (0..self.servers.len()).find(|path| *path != self.active) else {
            return;
        };
        for k in 0..self.breaks.len() {
            let it = &self.breaks[k];
            if it.open && !it.behind && it.part.is_some_and(|part| self.concerns(part, standby)) {
                self.breaks[k].known = true;
                self.want(k);
            }
        }
    }

    fn apply(&mut self, attempt: &Attempt) {
        let machine = |kind: Kind| matches!(kind, Kind::Host | Kind::Server);
        let software =
            |kind: Kind| matches!(kind, Kind::Engine | Kind::Contents) || SERVICES.contains(&kind);
        let apart = self.it.group.is_some();
        let inside = |kind: Kind| matches!(kind, Kind::Database | Kind::Contents);
        let guest = |kind: Kind| kind == Kind::Server || (inside(kind) && !apart);
        // What is replaced, and what is overwritten so that nobody need repair it.
        type Which<'a> = Box<dyn Fn(Kind) -> bool + 'a>;
        let (replaces, over): (Which<'_>, Which<'_>) = match attempt.what {
            Tried::Table(Table::Rebuild) => (
                Box::new(|kind| {
                    software(kind)
                        || (kind == Kind::Database && !(attempt.home && apart))
                        || (machine(kind) && attempt.new_machine)
                }),
                Box::new(|kind| {
                    !attempt.beside && (software(kind) || (kind == Kind::Database && !apart))
                }),
            ),
            Tried::LastResort => (
                Box::new(|kind| software(kind) || kind == Kind::Database || machine(kind)),
                Box::new(software),
            ),
            Tried::Table(Table::Machine) => (
                Box::new(|kind| {
                    (guest(kind) && attempt.guest) || (kind == Kind::Host && attempt.new_machine)
                }),
                Box::new(guest),
            ),
            Tried::Table(Table::CloudSync) => (Box::new(machine), Box::new(machine)),
            Tried::Table(_) => (Box::new(|kind| kind == Kind::Database), Box::new(|_| false)),
        };
        let within_reach = self.is_within_reach(attempt.path);
        let (mut old_machine, mut given_up) = (Vec::new(), false);
        let (mut never, mut whole, mut lost) = (false, true, false);
        self.machines += usize::from(attempt.leaves.is_some());
        for k in 0..self.breaks.len() {
            let it = &self.breaks[k];
            let Some((kind, at)) = it.part else { continue };
            let own = !kind.of_all() && !kind.of_site() && at == attempt.path;
            if !it.open || it.behind || !own || !replaces(kind) {
                continue;
            }
            never |= it.repair >= NEVER;
            whole &= machine(kind);
            lost |= machine(kind) && !over(kind);
            self.came_back += 1;
            if machine(kind) && it.stops == [true; 3] {
                old_machine.push(k);
                // Nobody repairs a guest that now runs elsewhere.
                given_up |= over(kind);
            }
            if over(kind) {
                self.close(k);
            } else {
                self.breaks[k].behind = true;
                self.breaks[k].spare = attempt.spare;
            }
        }
        if attempt.leaves == Some(false) && !within_reach && !given_up {
            let (site, hours) = (self.servers[attempt.path].site, self.plain.diagnose);
            self.old.push(OldServer { site, machine: old_machine, by: self.machines, hours });
        }
        if let Some(site) = attempt.moves_to {
            self.servers[attempt.path].site = site;
        }
        let takes_machine = attempt.new_machine || attempt.guest;
        let before = self.servers[attempt.path].left;
        if takes_machine {
            self.leave_makeshift(attempt.path);
        }
        if attempt.leaves_server && lost {
            let whole = whole && before.is_none_or(|it| it.whole);
            let (by, fenced) = (self.machines, attempt.leaves == Some(true));
            self.servers[attempt.path].left = Some(Left { whole, by, fenced });
        }
        if attempt.makeshift {
            self.moves += 1;
            self.servers[attempt.path].makeshift = Some((false, self.moves));
            self.servers[attempt.path].far = attempt.moves_to.is_some();
            if never || attempt.moves_to.is_some() {
                let procure = self.it.rebuild.as_ref().map_or(0, |it| it.procure);
                self.at(self.now + procure, Event::Procured(attempt.path, self.moves));
            }
        }
    }

    // ---------------------------------------------------------------- moves

    pub(super) fn leave_makeshift(&mut self, path: usize) {
        let it = &mut self.servers[path];
        (it.makeshift, it.left, it.own) = (None, None, None);
    }

    /// What a controller holds of the server, and is lost with it.
    fn is_on_host(&self, kind: Kind) -> bool {
        let inside = matches!(kind, Kind::Engine | Kind::Contents) || SERVICES.contains(&kind);
        let database = kind == Kind::Database && self.it.group.is_none();
        matches!(kind, Kind::Host | Kind::Server) || inside || database
    }

    fn is_of(&self, k: usize, path: usize) -> Option<Kind> {
        let (kind, at) = self.breaks[k].part?;
        let own = !kind.of_all() && !kind.of_site() && at == path;
        (own && self.breaks[k].open && self.is_on_host(kind)).then_some(kind)
    }

    /// Is the controller broken on which the path runs?
    fn is_makeshift_broken(&self, path: usize) -> bool {
        let breaks = 0..self.breaks.len();
        breaks.into_iter().any(|k| !self.breaks[k].behind && self.is_of(k, path).is_some())
    }

    fn is_of_own_machine(&self, k: usize, path: usize) -> bool {
        let machine = |kind: Kind| matches!(kind, Kind::Host | Kind::Server);
        self.breaks[k].behind && self.is_of(k, path).is_some_and(machine)
    }

    fn is_moving(&self, path: usize) -> bool {
        self.servers[path].makeshift.is_some_and(|(moving, _)| moving)
    }

    /// Would the server before serve at once, were it mended?
    fn waits_for_own(&self, path: usize) -> bool {
        let Server { left, own, .. } = &self.servers[path];
        let whole = left.is_some_and(|left| left.whole) && own.is_none();
        whole && !self.is_moving(path) && self.is_makeshift_broken(path)
    }

    /// When it will be.
    fn own_back(&self, path: usize) -> Time {
        if !self.waits_for_own(path) {
            return NEVER;
        }
        let own = (0..self.breaks.len()).filter(|k| self.is_of_own_machine(*k, path));
        own.map(|k| self.breaks[k].end).max().unwrap_or(self.now)
    }

    /// Does its repair bring a server back that serves at once?
    pub(super) fn brings_own_back(&self, k: usize) -> bool {
        let path = self.active;
        self.is_of_own_machine(k, path) && self.waits_for_own(path)
    }

    /// The server before is there again.
    pub(super) fn own_is_mended(&mut self, path: usize) {
        if self.servers[path].own.is_some() {
            return;
        }
        let Some(left) = self.servers[path].left else { return self.plan_move(path) };
        if self.waits_for_own(path) {
            self.serve_from_own(path, left);
        } else {
            self.stand_ready(path);
        }
    }

    /// A new machine is there.
    pub(super) fn procured(&mut self, path: usize) {
        let broken = self.is_makeshift_broken(path);
        self.stand_ready(path);
        if broken {
            self.came_back += 1;
            self.look_later();
        }
    }

    fn stand_ready(&mut self, path: usize) {
        let serves = self.servers[path].makeshift.is_some() && !self.is_makeshift_broken(path);
        self.servers[path].own = Some(if serves { Own::Server } else { Own::Machine });
        self.plan_move(path);
    }

    fn plan_move(&mut self, path: usize) {
        if let Some((moving @ false, _)) = &mut self.servers[path].makeshift {
            *moving = true;
            self.resume_move(path);
        }
    }

    /// The controller is lost, and the own server is mended: it serves.
    fn serve_from_own(&mut self, path: usize, left: Left) {
        if self.attempt.is_some_and(|it| it.path == path && it.site.is_some()) {
            self.drop_attempt();
        }
        let within_reach = self.is_within_reach(path);
        let on_controller = self.servers[path].makeshift.is_some();
        let (mut machine, mut whole, mut lost) = (Vec::new(), true, false);
        for k in 0..self.breaks.len() {
            let Some(kind) = self.is_of(k, path).filter(|_| !self.breaks[k].behind) else {
                continue;
            };
            self.came_back += 1;
            if matches!(kind, Kind::Host | Kind::Server) {
                self.breaks[k].behind = true;
                self.breaks[k].spare = on_controller.then_some((Table::Rebuild, 0));
                lost = true;
                if self.breaks[k].stops == [true; 3] {
                    machine.push(k);
                }
            } else {
                whole = false;
                self.close(k);
            }
        }
        self.old.retain(|old| old.by != left.by);
        self.machines += 1;
        if !within_reach && !left.fenced {
            let (site, hours) = (self.servers[path].site, self.plain.diagnose);
            self.old.push(OldServer { site, machine, by: self.machines, hours });
        }
        self.leave_makeshift(path);
        if !on_controller && lost {
            self.servers[path].left = Some(Left { whole, by: self.machines, ..left });
        }
        self.settle();
    }

    pub(super) fn resume_move(&mut self, path: usize) {
        if let (true, Some((true, id))) = (self.all_up(), &mut self.servers[path].makeshift) {
            self.moves += 1;
            *id = self.moves;
            if let Some(own) = &mut self.servers[path].own {
                *own = Own::Server;
            }
            let hours = self.it.rebuild.as_ref().map_or(0, |it| it.move_back);
            let at = super::next_stretch(self.hours(), self.now, hours);
            self.at(at, Event::MoveBack(path, self.moves));
        }
    }

    pub(super) fn move_back(&mut self, path: usize, id: usize) {
        let due = self.servers[path].makeshift == Some((true, id));
        if due && self.all_up() && self.active == path {
            let hours = self.it.rebuild.as_ref().map_or(0, |it| it.move_back);
            self.stop(super::Cause::Move(path), [true; 3], hours);
        }
    }

    // ------------------------------------------------------------ diagnosis

    pub(super) fn begin_diagnosis(&mut self) {
        let when = self.hours();
        let Some((hours, begun)) = &mut self.diagnosis else { return };
        *begun = Some(self.now);
        let end = super::work_end(when, self.now, *hours);
        self.at(end, Event::DiagnosisEnds(self.attempts));
    }

    pub(super) fn end_diagnosis(&mut self) {
        match self.diagnosis.take() {
            Some((hours, Some(begun))) => {
                self.verdict.labour += super::worked(self.hours(), begun, hours, self.now);
                self.release();
            }
            Some((_, None)) => self.withdraw(Work::Diagnosis),
            None => {}
        }
    }
}
