//! Sign-in: when users cannot sign in, and what people do about it. Agents are numbered from [`AGENT`]
//! on, so that no server has the number of one.

use super::{Break, Cause, Event, Judge, Part};
use crate::plain::{Kind, Only, SignIn, Time};

/// The number of the first agent.
const AGENT: usize = 100;

/// How it stands with sign-in.
#[derive(Debug, Default)]
pub(super) struct SignInState {
    /// Some users cannot sign in since then.
    since: Option<Time>,
    /// By place, those outside and then by site: whether they cannot, and the share of them who have
    /// not needed to since they could not. All is counted up to `counted`.
    refused: Vec<bool>,
    still_in: Vec<f64>,
    counted: Time,
    /// Numbers the losses.
    loss: usize,
    alarmed: bool,
    decided: bool,
    work: Option<Switch>,
    works: usize,
    on_hashes: bool,
    /// Switching it on again takes so long.
    off: Option<Time>,
    /// People are at that since then, and users sign in by hashes.
    on_since: Option<Time>,
    mended: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    OnAgain,
    ByHand,
    Elsewhere,
}

#[derive(Clone, Copy, Debug)]
struct Switch {
    how: How,
    begun: Time,
    takes: Time,
    until: Time,
}

pub(super) fn is_agent(part: Part) -> bool {
    !part.0.of_site() && !part.0.of_all() && part.1 >= AGENT
}

impl Judge<'_> {
    /// Sign-in that asks agents.
    fn asked(&self) -> Option<&'_ SignIn> {
        self.plain.sign_in.as_ref().filter(|_| !self.it.by_hashes)
    }

    /// Each agent: its number, its sort, its site, and whether it stands on the first server.
    fn agents(&self) -> Vec<(usize, usize, usize, bool)> {
        let Some(it) = self.asked() else { return Vec::new() };
        let mut all = Vec::new();
        for (sort, sites) in it.sorts.iter().enumerate() {
            for (k, site) in sites.iter().enumerate() {
                all.push((AGENT + all.len(), sort, *site, !it.federated && k == 0));
            }
        }
        all
    }

    /// Those with a machine of their own.
    pub(super) fn agents_with_machines(&self) -> Vec<usize> {
        let own = self.agents().into_iter().filter(|agent| !agent.3);
        own.map(|agent| agent.0).collect()
    }

    /// Those that have a part of this kind.
    fn agents_with(&self, kind: Kind) -> Vec<usize> {
        match kind {
            Kind::Engine => self.agents().into_iter().map(|agent| agent.0).collect(),
            Kind::Host | Kind::Server => self.agents_with_machines(),
            _ => Vec::new(),
        }
    }

    pub(super) fn first_agent_with(&self, kind: Kind) -> Option<usize> {
        self.agents_with(kind).first().copied()
    }

    /// Those that this fault can strike.
    pub(super) fn agents_struck_by(&self, fault: usize) -> Vec<usize> {
        let it = &self.plain.faults[fault];
        let machine = matches!(it.kind, Kind::Host | Kind::Server);
        match it.only {
            Some(Only::SignIn) => self.agents_with(it.kind),
            None if machine && it.stops.is_none() => self.agents_with(it.kind),
            _ => Vec::new(),
        }
    }

    /// Is it the site, or the link, of an agent that has a machine there?
    pub(super) fn is_site_of_agents(&self, part: Part) -> bool {
        is_agent(part)
            || (part.0.of_site() && self.agents().iter().any(|it| !it.3 && it.2 == part.1))
    }

    /// A fault of the sync service leaves the machine alone.
    fn leaves_machine(&self, it: &Break) -> bool {
        matches!(it.cause, Cause::Fault(k) if self.plain.faults[k].only == Some(Only::Servers))
    }

    fn machine_up(&self, path: usize) -> bool {
        let lost = |it: &Break| {
            let of_it = matches!(it.part, Some((Kind::Host | Kind::Server, at)) if at == path);
            it.open && !it.behind && of_it && it.stops == [true; 3] && !self.leaves_machine(it)
        };
        !self.servers[path].in_pieces && !self.breaks.iter().any(lost)
    }

    /// By place, the share of all users who are there: outside, then in each site.
    fn shares(&self) -> Vec<f64> {
        let Some(it) = &self.plain.sign_in else { return Vec::new() };
        let outside = it.quarters_outside as f64 / 4.0;
        let all: Time = it.users_of_sites.iter().sum();
        let inside = (0..self.plain.controllers.len()).map(|site| match all {
            // Where nothing is said they are in the first.
            0 => [1.0, 0.0][site.min(1)],
            _ => it.users_of_sites[site] as f64 / all as f64,
        });
        let inside = inside.map(|share| (1.0 - outside) * share);
        std::iter::once(outside).chain(inside).collect()
    }

    /// By place, whether users there have no agent, whoever reaches the cloud; nobody is where there are
    /// no users.
    fn without_agents(&self) -> Vec<bool> {
        let agents = self.agents();
        let up = |(number, _, site, on_server): &(usize, usize, usize, bool)| {
            let parts = [Kind::Host, Kind::Server, Kind::Engine];
            let site = if *on_server { self.servers[0].site } else { *site };
            self.place_up(site)
                && (!on_server || self.machine_up(0))
                && !parts.iter().any(|kind| self.is_down((*kind, *number)))
        };
        let any = |sort: usize| agents.iter().filter(|it| it.1 == sort).any(up);
        let Some(it) = self.asked() else { return Vec::new() };
        let has_balancers = agents.iter().any(|it| it.1 == 2);
        let all = self.shared_down(Kind::Directory) || !any(0) || (has_balancers && !any(2));
        let outside = it.federated && !any(1);
        let shares = self.shares().into_iter().enumerate();
        shares.map(|(place, share)| share > 0.0 && (all || (outside && place == 0))).collect()
    }

    pub(super) fn settle_sign_in(&mut self) {
        let Some(detection) = self.asked().map(|it| it.detection) else { return };
        self.count_locked_out();
        let lost: Vec<bool> = match self.sign_in.off {
            Some(_) => self.shares().into_iter().map(|share| share > 0.0).collect(),
            None => self.without_agents(),
        };
        if !lost.contains(&true) {
            self.sign_in.on_hashes = false;
        }
        let reaches = |place: usize| place == 0 || self.place_up(place - 1);
        let refused = |(place, lost): (usize, bool)| lost && reaches(place);
        let refused: Vec<bool> = lost.into_iter().enumerate().map(refused).collect();
        self.sign_in.refused = match self.sign_in.on_hashes {
            true => vec![false; refused.len()],
            false => refused,
        };
        match (self.sign_in.since, self.sign_in.refused.contains(&true)) {
            (None, true) => {
                self.sign_in.since = Some(self.now);
                self.sign_in.loss += 1;
                (self.sign_in.alarmed, self.sign_in.decided) = (false, false);
                self.at(self.now + detection, Event::SignInAlarm(self.sign_in.loss));
            }
            (Some(_), false) => self.end_without_sign_in(),
            (Some(_), true) => self.at(self.now, Event::SignInLook),
            (None, false) => {}
        }
    }

    /// Quarter of an hour by quarter: whoever needs to sign in and cannot is locked out.
    fn count_locked_out(&mut self) {
        let Some(it) = &self.plain.sign_in else { return };
        let shares = self.shares();
        self.sign_in.still_in.resize(shares.len(), 1.0);
        for quarter in self.sign_in.counted..self.now {
            let (day, hour) = (quarter / 96 % 7, quarter / 4 % 24);
            let weight = match (it.as_office, day < 5 && (8..18).contains(&hour)) {
                (false, _) => 1.0,
                (true, true) => 10.0 / (618.0 / 168.0),
                (true, false) => 1.0 / (618.0 / 168.0),
            };
            let needed = it.per_user_year as f64 / 8_760.0 * weight;
            for (place, share) in shares.iter().enumerate() {
                let still_in = &mut self.sign_in.still_in[place];
                if !self.sign_in.refused.get(place).is_some_and(|refused| *refused) {
                    *still_in = 1.0;
                    continue;
                }
                let gone = 1.0 - (-needed / 4.0).exp();
                let hours = 0.25 - *still_in * gone / needed;
                self.verdict.locked_out.0 += 10.0 * share * hours;
                *still_in *= 1.0 - gone;
            }
        }
        self.sign_in.counted = self.now;
    }

    /// It is back, or the horizon is there.
    pub(super) fn end_without_sign_in(&mut self) {
        self.count_locked_out();
        self.stop_switching();
        if let Some(since) = self.sign_in.since.take() {
            self.verdict.without_sign_in += self.now - since;
            self.sign_in.loss += 1;
        }
    }

    fn stop_switching(&mut self) {
        let Some(Switch { begun, takes, .. }) = self.sign_in.work.take() else { return };
        self.sign_in.works += 1;
        self.verdict.labour += super::worked(self.hours(), begun, takes, self.now);
    }

    fn tell_of_agents(&mut self) {
        let agents = self.agents();
        let on_server = agents.iter().any(|it| it.3);
        for k in 0..self.breaks.len() {
            let it = &self.breaks[k];
            let whole = it.open && !it.behind && it.stops == [true; 3];
            let Some((kind, at)) = it.part.filter(|_| whole) else { continue };
            let machine = matches!(kind, Kind::Host | Kind::Server) && at == 0;
            let keeps_down = kind == Kind::Directory
                || self.is_site_of_agents((kind, at))
                || (on_server && kind.of_site() && at == self.servers[0].site)
                || (on_server && machine && !self.leaves_machine(it));
            if keeps_down {
                self.alarm(k);
            }
        }
    }

    pub(super) fn sign_in_alarm(&mut self, loss: usize) {
        if loss != self.sign_in.loss || self.sign_in.since.is_none() {
            return;
        }
        self.sign_in.alarmed = true;
        self.tell_of_agents();
        let at = super::next_staffed(self.hours(), self.now) + self.plain.call_out;
        self.at(at, Event::SignInArrival(loss));
    }

    pub(super) fn sign_in_arrival(&mut self, loss: usize) {
        if loss == self.sign_in.loss {
            self.at(self.now + self.plain.decision, Event::SignInDecided(loss));
        }
    }

    pub(super) fn sign_in_decided(&mut self, loss: usize) {
        if loss == self.sign_in.loss {
            self.sign_in.decided = true;
            self.at(self.now, Event::SignInLook);
        }
    }

    pub(super) fn look_at_sign_in(&mut self) {
        if self.sign_in.since.is_none() {
            return;
        }
        if self.sign_in.alarmed {
            self.tell_of_agents();
        }
        if !self.sign_in.decided {
            return;
        }
        let fallback = self.plain.sign_in.as_ref().and_then(|it| it.fallback);
        let path = self.active;
        let can_be_set = self.it.agents.is_none()
            && !self.shared_down(Kind::Cloud)
            && self.place_up(self.servers[path].site)
            && self.machine_up(path);
        let hand = match self.sign_in.off.filter(|_| !self.without_agents().contains(&true)) {
            Some(takes) => Some((How::OnAgain, takes)),
            None => fallback.map(|it| (How::ByHand, it.0)),
        };
        let hand = hand.filter(|_| can_be_set).map(|(how, takes)| {
            let until = super::work_end(self.hours(), self.now, takes);
            Switch { how, begun: self.now, takes, until }
        });
        let stays = match (self.sign_in.work, hand) {
            (None, _) => false,
            (Some(work), None) => work.how == How::Elsewhere,
            (Some(work), Some(hand)) => {
                work.how == hand.how || (work.how == How::Elsewhere && work.until <= hand.until)
            }
        };
        if stays {
            return;
        }
        self.stop_switching();
        let elsewhere = fallback.map(|(_, takes)| {
            let until = super::work_end(self.hours(), self.now, takes);
            Switch { how: How::Elsewhere, begun: self.now, takes, until }
        });
        if let Some(work) = hand.or(elsewhere) {
            self.sign_in.work = Some(work);
            self.at(work.until, Event::SignInSwitched(self.sign_in.works));
        }
    }

    pub(super) fn sign_in_switched(&mut self, number: usize) {
        let Some(work) = self.sign_in.work.filter(|_| number == self.sign_in.works) else {
            return;
        };
        match work.how {
            How::OnAgain => {
                self.sign_in.off = None;
                self.sign_in.mended = true;
            }
            _ => self.sign_in.on_hashes = true,
        }
        self.settle_sign_in();
    }

    /// Another server carries the service: it may have been set up with another sign-in option.
    pub(super) fn switch_sign_in_off(&mut self, path: usize) {
        let asked = self.asked().filter(|it| !it.federated);
        let Some(hashes) = asked.map(|it| it.hashes) else { return };
        let Some(staging) = self.it.staging.as_ref().filter(|it| !it.same_sign_in) else { return };
        if path != 0 && !self.sign_in.mended && self.sign_in.off.is_none() {
            self.sign_in.off = Some(staging.promote);
            if hashes {
                self.sign_in.on_hashes = true;
                self.sign_in.on_since = Some(self.now);
                self.at(super::work_end(self.hours(), self.now, staging.promote), Event::SignInOn);
            }
        }
    }

    pub(super) fn sign_in_on(&mut self) {
        self.count_switching_on();
        self.sign_in.off = None;
        self.sign_in.mended = true;
        self.settle_sign_in();
    }

    pub(super) fn count_switching_on(&mut self) {
        if let (Some(since), Some(takes)) = (self.sign_in.on_since.take(), self.sign_in.off) {
            self.verdict.labour += super::worked(self.hours(), since, takes, self.now);
        }
    }
}
