//! A judge of the first layer: plain scenarios played event by event, slowly, and compared with the
//! engine outage by outage. It is written from `docs/model.md`, shares nothing with the engine but
//! the text of the scenario, and counts in whole quarters of an hour.
//!
//! At one moment what ends comes first, then what strikes, then what people do, then plans. Within
//! each of these the judge takes one thing after the other and looks at everything again.

mod attempts;
mod people;
mod sign_in;

use crate::plain::{HORIZON, Kind, NEVER, Only, Plain, Strategy, Table, Time, Watch};
use sign_in::SignInState;

/// What the judge says of a scenario.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Verdict {
    /// Onset, end, and whether export, password sync and writeback were down in it.
    pub outages: Vec<(Time, Time, [bool; 3])>,
    pub waiting: Time,
    pub planned: Time,
    pub labour: Time,
    /// Time in which any user could not sign in.
    pub without_sign_in: Time,
    pub locked_out: UserHours,
}

/// Hours in which users are locked out: equal but for rounding.
#[derive(Debug, Default, Clone, Copy)]
pub struct UserHours(pub f64);

impl PartialEq for UserHours {
    fn eq(&self, other: &UserHours) -> bool {
        (self.0 - other.0).abs() <= 1e-9 * (1.0 + self.0.abs())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cause {
    Fault(usize),
    /// Planned work has left it broken.
    Work,
    /// All sites with controllers are lost.
    SitesLost,
    SplitBrain,
    Move(usize),
    /// Planned work in hand.
    Planned,
}

/// A component: its kind, and which path or site it belongs to.
type Part = (Kind, usize);

/// Something that is broken, or stands still.
#[derive(Clone, Debug)]
struct Break {
    cause: Cause,
    since: Time,
    part: Option<Part>,
    /// Export, password sync, writeback.
    stops: [bool; 3],
    repair: Time,
    /// The event has struck something else itself.
    copy: bool,
    by_person: bool,
    by_clock: bool,
    open: bool,
    /// Something else stands in its place.
    behind: bool,
    known: bool,
    wanted: Option<Time>,
    begun: Option<Time>,
    end: Time,
    /// How often its repair was given up.
    number: usize,
    has_person: bool,
    spare: Option<(Table, usize)>,
}

/// A server that another machine has replaced on its own path, and that nobody shut out.
#[derive(Clone, Debug)]
struct OldServer {
    site: usize,
    /// What is broken of its machine, by number.
    machine: Vec<usize>,
    /// The machine that has replaced it.
    by: usize,
    /// Ending a split brain takes so long.
    hours: Time,
}

/// A server, and what it stands on.
#[derive(Clone, Debug)]
struct Server {
    site: usize,
    in_work: bool,
    /// It was not shut out when the other was promoted; ending a split brain takes so long.
    unfenced: Option<Time>,
    /// It runs on a domain controller: whether a move back is due, and the number of the move.
    makeshift: Option<(bool, usize)>,
    /// It is being installed or restored anew.
    in_pieces: bool,
    /// That controller stands in another site, so it is not the spare.
    far: bool,
    /// The server before, in the same site, that is repaired behind another machine.
    left: Option<Left>,
    /// What people have of its own, should the machine be lost.
    own: Option<Own>,
}

/// A server that a new machine has replaced in its site.
#[derive(Clone, Copy, Debug)]
struct Left {
    /// Only its machine was broken.
    whole: bool,
    /// Number of the new machine, and whether that is shut out once this one serves again.
    by: usize,
    fenced: bool,
}

/// What there is for a server on another machine to go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Own {
    Machine,
    Server,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Tried {
    Table(Table),
    LastResort,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Waits,
    Asks,
    Works(Time),
}

#[derive(Clone, Copy, Debug)]
struct Attempt {
    what: Tried,
    path: usize,
    /// The site in which it is done.
    site: Option<usize>,
    moves_to: Option<usize>,
    /// Waiting, hands-on work.
    wait: Time,
    work: Time,
    works: bool,
    /// It brings another host or server.
    new_machine: bool,
    /// Where an old server is left behind that people cannot reach: is it shut out?
    leaves: Option<bool>,
    /// It is installed beside the first machine, which lives.
    beside: bool,
    /// It is installed, or restored, over what is there.
    over: bool,
    /// Afterwards it imports and syncs everything, and is switched on by so much work.
    cycle: Time,
    switch_on: Time,
    /// When it will be done, if people are free.
    until: Time,
    /// It restores the guest.
    guest: bool,
    spare: Option<(Table, usize)>,
    makeshift: bool,
    /// It moves from a lost controller to the own server that stands ready.
    home: bool,
    /// The server that is left is repaired, and can serve again.
    leaves_server: bool,
    stage: Stage,
    number: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Work {
    Repair(usize),
    Attempt,
    Diagnosis,
    Planned,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Event {
    Repaired(usize, usize),
    AutomaticBegins(usize),
    Automatic(usize, Table),
    AttemptEnds(usize),
    DiagnosisEnds(usize),
    PlannedEnds,
    Strike(usize, usize),
    Alarm(usize),
    Arrival(usize),
    Team(usize),
    Decided(usize),
    Ready(usize),
    Look,
    MoveBack(usize, usize),
    Procured(usize, usize),
    PlannedDue(usize),
    SignInSwitched(usize),
    SignInOn,
    SignInAlarm(usize),
    SignInArrival(usize),
    SignInDecided(usize),
    SignInLook,
}

impl Event {
    fn class(self) -> u8 {
        match self {
            Event::Repaired(..)
            | Event::Automatic(..)
            | Event::AttemptEnds(_)
            | Event::DiagnosisEnds(_)
            | Event::PlannedEnds
            | Event::SignInSwitched(_)
            | Event::SignInOn => 0,
            Event::Strike(..) => 1,
            Event::AutomaticBegins(_) => 2,
            Event::Alarm(_)
            | Event::Arrival(_)
            | Event::Team(_)
            | Event::Decided(_)
            | Event::Ready(_)
            | Event::SignInAlarm(_)
            | Event::SignInArrival(_)
            | Event::SignInDecided(_) => 3,
            Event::Look => 4,
            Event::MoveBack(..)
            | Event::Procured(..)
            | Event::PlannedDue(_)
            | Event::SignInLook => 5,
        }
    }
}

/// What people have done in the outage in hand.
#[derive(Clone, Debug, Default)]
struct Response {
    arrived: bool,
    decided: Option<Time>,
    failures: Vec<(Tried, u32)>,
    /// Failed for want of something, when so much had come back.
    lacking: Vec<(Tried, usize)>,
}

#[derive(Clone, Copy, Debug)]
struct Job {
    plan: usize,
    /// The standby that is worked on, then the old server; none in place.
    path: Option<usize>,
    second: bool,
    stop: Option<usize>,
    begun: Option<Time>,
    since: Time,
}

struct Judge<'a> {
    plain: &'a Plain,
    it: &'a Strategy,
    now: Time,
    events: Vec<(Time, u8, usize, Event)>,
    sequence: usize,
    breaks: Vec<Break>,
    servers: Vec<Server>,
    old: Vec<OldServer>,
    active: usize,
    up: [bool; 3],
    response: Response,
    /// Numbers the responses, so that what belongs to an old one is not mistaken.
    outage: usize,
    attempt: Option<Attempt>,
    attempts: usize,
    diagnosis: Option<(Time, Option<Time>)>,
    job: Option<Job>,
    moves: usize,
    machines: usize,
    came_back: usize,
    asking: Vec<(Work, Time)>,
    free: Option<u32>,
    /// The directory was lost with its sites, and stands for good elsewhere until one is back.
    restored: bool,
    onset: Time,
    parts: [bool; 3],
    sign_in: SignInState,
    verdict: Verdict,
}

/// When people work.
#[derive(Clone, Copy)]
struct Hours {
    office: bool,
    overtime: Time,
}

/// Is the organisation staffed at `time`? Monday to Friday, 9 to 17.
fn staffed(hours: Hours, time: Time) -> bool {
    let (day, quarter) = (time / 96 % 7, time % 96);
    !hours.office || (day < 5 && (36..68).contains(&quarter))
}

fn next_staffed(hours: Hours, mut time: Time) -> Time {
    while !staffed(hours, time) {
        time += 1;
    }
    time
}

/// Does work of which so much is left go on at `time`? After hours, if it can be finished soon.
fn goes_on(hours: Hours, time: Time, left: Time) -> bool {
    let closed =
        (0..=hours.overtime).map(|ago| time - ago).find(|at| *at > 0 && staffed(hours, *at - 1));
    staffed(hours, time) || closed.is_some_and(|closed| time + left <= closed + hours.overtime)
}

/// When hands-on work of so long is done. No office hours are known beyond the horizon.
fn work_end(hours: Hours, mut time: Time, mut left: Time) -> Time {
    if left >= NEVER {
        return NEVER;
    }
    while left > 0 {
        if hours.office && time >= HORIZON {
            return NEVER;
        }
        left -= Time::from(goes_on(hours, time, left));
        time += 1;
    }
    time
}

/// How much of such work is done by `to`.
fn worked(hours: Hours, from: Time, work: Time, to: Time) -> Time {
    let mut left = work;
    for time in from..to.min(HORIZON) {
        left -= Time::from(left > 0 && goes_on(hours, time, left));
    }
    work - left
}

/// The next time at which work of so long goes through without a break.
fn next_stretch(hours: Hours, mut time: Time, work: Time) -> Time {
    while !staffed(hours, time) || (time..time + work).any(|at| !staffed(hours, at)) {
        time += 1;
    }
    time
}

/// Plays the strategy of that number.
pub fn judge(plain: &Plain, strategy: usize) -> Verdict {
    let it = &plain.strategies[strategy];
    let server = |site| Server {
        site,
        in_work: false,
        unfenced: None,
        makeshift: None,
        in_pieces: false,
        far: false,
        left: None,
        own: None,
    };
    let mut servers = match &it.agents {
        Some(agents) => agents.sites.iter().map(|site| server(*site)).collect(),
        None => vec![server(0)],
    };
    servers.extend(it.staging.as_ref().map(|staging| server(staging.site)));
    let mut judge = Judge {
        plain,
        it,
        now: 0,
        events: Vec::new(),
        sequence: 0,
        breaks: Vec::new(),
        servers,
        old: Vec::new(),
        active: 0,
        up: [true; 3],
        response: Response::default(),
        outage: 0,
        attempt: None,
        attempts: 0,
        diagnosis: None,
        job: None,
        moves: 0,
        machines: 0,
        came_back: 0,
        asking: Vec::new(),
        free: plain.people,
        restored: false,
        onset: 0,
        parts: [false; 3],
        sign_in: SignInState::default(),
        verdict: Verdict::default(),
    };
    for (k, fault) in plain.faults.iter().enumerate() {
        for (n, at) in fault.at.iter().enumerate() {
            judge.at(*at, Event::Strike(k, n));
        }
    }
    // Agents update themselves.
    let planned = plain.planned.iter().enumerate().filter(|_| it.agents.is_none());
    for (k, planned) in planned {
        for at in &planned.at {
            judge.at(*at, Event::PlannedDue(k));
        }
    }
    while let Some(event) = judge.next() {
        judge.happens(event);
    }
    judge.finish()
}

impl Judge<'_> {
    fn hours(&self) -> Hours {
        Hours { office: self.plain.office, overtime: self.plain.overtime }
    }

    fn at(&mut self, time: Time, event: Event) {
        if time < HORIZON {
            self.sequence += 1;
            self.events.push((time, event.class(), self.sequence, event));
        }
    }

    fn next(&mut self) -> Option<Event> {
        let first = (0..self.events.len()).min_by_key(|k| {
            let (time, class, sequence, _) = self.events[*k];
            (time, class, sequence)
        })?;
        let (time, _, _, event) = self.events.swap_remove(first);
        self.now = time;
        Some(event)
    }

    fn finish(mut self) -> Verdict {
        self.now = HORIZON;
        if !self.all_up() {
            self.verdict.outages.push((self.onset, HORIZON, self.parts));
        }
        for k in 0..self.breaks.len() {
            if self.breaks[k].open {
                self.count_stop(k);
                self.count_labour(k);
            }
        }
        self.give_up();
        self.end_without_sign_in();
        self.count_switching_on();
        self.verdict.waiting += self.asking.iter().map(|(_, since)| HORIZON - since).sum::<Time>();
        if let Some(Job { begun: Some(_), since, .. }) = self.job {
            self.verdict.labour += HORIZON - since;
        }
        self.verdict
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Repaired(k, number) => self.repaired(k, number),
            Event::SignInOn => self.sign_in_on(),
            Event::AutomaticBegins(k) if self.it.agents.is_some() => {
                if let (true, Cause::Fault(fault)) = (self.breaks[k].open, self.breaks[k].cause) {
                    self.alarm_of(k, fault);
                }
            }
            Event::AutomaticBegins(k) => {
                if let (true, Some(part)) = (self.breaks[k].open, self.breaks[k].part) {
                    self.begin_automatic(k, part);
                }
            }
            Event::Automatic(k, table) => self.automatic_ends(k, table),
            Event::AttemptEnds(n) => self.attempt_ends(n),
            Event::DiagnosisEnds(n) if n == self.attempts => {
                self.end_diagnosis();
                self.look_later();
            }
            Event::DiagnosisEnds(_) => {}
            Event::PlannedEnds => self.planned_ends(),
            Event::Strike(fault, _) => self.strike(fault),
            Event::Alarm(k) => self.alarm(k),
            Event::Arrival(k) => {
                if self.breaks[k].open {
                    self.want(k);
                    self.assign();
                }
            }
            Event::Team(outage) => self.team(outage),
            Event::Decided(outage) => {
                if outage == self.outage && !self.all_up() {
                    self.response.decided = Some(self.now);
                    self.plan();
                    self.assign();
                }
            }
            Event::Ready(n) => {
                if let Some(attempt) = self.attempt.as_mut().filter(|it| it.number == n) {
                    attempt.stage = Stage::Asks;
                    self.ask(Work::Attempt);
                    self.assign();
                }
            }
            Event::Look => self.look(),
            Event::MoveBack(path, n) => self.move_back(path, n),
            Event::Procured(path, n) => {
                if self.servers[path].makeshift == Some((false, n)) {
                    self.procured(path);
                }
            }
            Event::PlannedDue(plan) => self.planned_due(plan),
            Event::SignInSwitched(n) => self.sign_in_switched(n),
            Event::SignInAlarm(loss) => self.sign_in_alarm(loss),
            Event::SignInArrival(loss) => self.sign_in_arrival(loss),
            Event::SignInDecided(loss) => self.sign_in_decided(loss),
            Event::SignInLook => self.look_at_sign_in(),
        }
    }

    // ------------------------------------------------------------ what is down

    /// Does anything ail it?
    fn ails(&self, part: Part) -> bool {
        self.breaks.iter().any(|it| it.open && !it.behind && it.part == Some(part))
    }

    /// Does anything stop it whole?
    fn is_down(&self, part: Part) -> bool {
        let whole = |it: &Break| it.part == Some(part) && it.stops == [true; 3];
        self.breaks.iter().any(|it| it.open && !it.behind && whole(it))
    }

    fn site_up(&self, site: usize) -> bool {
        !self.is_down((Kind::Site, site))
    }

    /// Site and link.
    fn place_up(&self, site: usize) -> bool {
        self.site_up(site) && !self.is_down((Kind::Link, site))
    }

    /// Site and link, and nothing ails them.
    fn place_whole(&self, site: usize) -> bool {
        !self.ails((Kind::Site, site)) && !self.ails((Kind::Link, site))
    }

    /// The number of the place where the directory is restored when all its sites are lost.
    fn elsewhere(&self) -> usize {
        self.plain.controllers.len()
    }

    fn shared_down(&self, kind: Kind) -> bool {
        self.is_down((kind, 0))
    }

    fn is_up(&self, path: usize) -> bool {
        let own = [Kind::Host, Kind::Server, Kind::Database, Kind::Engine, Kind::Contents];
        let shared = [Kind::Cloud, Kind::Tenant, Kind::Directory];
        !self.servers[path].in_work
            && !self.servers[path].in_pieces
            && self.place_up(self.servers[path].site)
            && !own.iter().any(|kind| self.is_down((*kind, path)))
            && !shared.iter().any(|kind| self.shared_down(*kind))
    }

    fn carries(&self, path: usize) -> [bool; 3] {
        let mut carries = [self.is_up(path); 3];
        for it in self.breaks.iter().filter(|it| it.open && !it.behind) {
            if it.part.is_some_and(|part| self.concerns(part, path)) {
                for (carries, stops) in carries.iter_mut().zip(it.stops) {
                    *carries &= !stops;
                }
            }
        }
        carries
    }

    fn all_up(&self) -> bool {
        self.up == [true; 3]
    }

    fn parts_up(&self) -> [bool; 3] {
        let mut up = [false; 3];
        for path in (0..self.servers.len()).filter(|path| self.is_active(*path)) {
            for (up, carries) in up.iter_mut().zip(self.carries(path)) {
                *up |= carries;
            }
        }
        for it in self.breaks.iter().filter(|it| it.open && it.part.is_none()) {
            for (up, stops) in up.iter_mut().zip(it.stops) {
                *up &= !stops;
            }
        }
        up
    }

    /// Does the path need this part?
    fn concerns(&self, part: Part, path: usize) -> bool {
        if part.0.of_all() {
            true
        } else if part.0.of_site() {
            part.1 == self.servers[path].site
        } else {
            part.1 == path
        }
    }

    fn hits(&self, k: usize) -> bool {
        let it = &self.breaks[k];
        !self.all_up() && it.open && !it.behind && it.part.is_none_or(|part| self.serves(part))
    }

    /// Every agent is active; of servers, one.
    fn is_active(&self, path: usize) -> bool {
        self.it.agents.is_some() || path == self.active
    }

    /// Does a path in service need this part?
    fn serves(&self, part: Part) -> bool {
        (0..self.servers.len()).any(|path| self.is_active(path) && self.concerns(part, path))
    }

    /// The path that people look at.
    fn in_trouble(&self) -> usize {
        let mut active = (0..self.servers.len()).filter(|path| self.is_active(*path));
        active.find(|path| self.carries(*path) != [true; 3]).unwrap_or(self.active)
    }

    /// Compares the service with what it was.
    fn settle(&mut self) {
        // A server that nobody shut out serves again where the promoted one is dead.
        let dead = self.active;
        let back = (0..self.servers.len())
            .find(|path| self.servers[*path].unfenced.is_some() && self.is_up(*path));
        if let (false, Some(path)) = (self.is_up(dead), back) {
            self.servers[dead].unfenced = self.servers[path].unfenced.take();
            self.active = path;
            self.leave_makeshift(dead);
        }
        let (before, up) = (self.all_up(), self.parts_up());
        self.up = up;
        if before && !self.all_up() {
            self.outage += 1;
            self.response = Response::default();
            // Outages that touch are one.
            let touches = |it: &mut (Time, Time, [bool; 3])| it.1 == self.now;
            (self.onset, _, self.parts) =
                self.verdict.outages.pop_if(touches).unwrap_or((self.now, 0, [false; 3]));
        }
        if !self.all_up() {
            for (down, up) in self.parts.iter_mut().zip(up) {
                *down |= !up;
            }
        }
        if !before && self.all_up() {
            self.verdict.outages.push((self.onset, self.now, self.parts));
            self.outage += 1;
            self.give_up();
            for path in 0..self.servers.len() {
                if self.servers[path].makeshift.is_some_and(|(moving, _)| moving) {
                    self.resume_move(path);
                }
            }
        }
        self.find_split_brain();
        self.settle_sign_in();
    }

    fn find_split_brain(&mut self) {
        if !self.is_up(self.active) {
            return;
        }
        for path in 0..self.servers.len() {
            if path != self.active
                && self.is_up(path)
                && let Some(hours) = self.servers[path].unfenced.take()
            {
                self.stop(Cause::SplitBrain, [true; 3], hours);
            }
        }
        // An old server is back when its place is up and its machine is repaired.
        let is_back = |it: &OldServer| {
            self.place_up(it.site) && it.machine.iter().all(|k| !self.breaks[*k].open)
        };
        if let Some(back) = self.old.iter().position(is_back) {
            let hours = self.old.remove(back).hours;
            self.stop(Cause::SplitBrain, [true; 3], hours);
        }
    }

    // ---------------------------------------------------------- what breaks

    fn strike(&mut self, fault: usize) {
        let source = &self.plain.faults[fault];
        let kind = source.kind;
        let of_server = matches!(kind, Kind::Database | Kind::Contents) || kind.service().is_some();
        if self.it.agents.is_some() && of_server {
            return;
        }
        let of_other = match source.only {
            Some(Only::Servers) => self.it.agents.is_some(),
            Some(Only::Agents) => self.it.agents.is_none(),
            _ => false,
        };
        let of_sign_in = source.only == Some(Only::SignIn);
        if of_other || (of_sign_in && self.first_agent_with(kind).is_none()) {
            return;
        }
        let at = if of_sign_in {
            self.first_agent_with(kind).unwrap_or_default()
        } else if kind.of_all() {
            0
        } else if kind.of_site() {
            self.servers[self.active].site
        } else {
            self.active
        };
        if kind.of_site() && at == self.elsewhere() {
            return;
        }
        let struck = self.breaks_by(fault, (kind, at));
        if source.common && !kind.of_all() {
            let like =
                if kind.of_site() { self.plain.controllers.len() } else { self.servers.len() };
            let like = if of_sign_in { 0 } else { like };
            let agents = self.agents_struck_by(fault);
            for other in (0..like).chain(agents).filter(|other| *other != at) {
                let copy = self.breaks_by(fault, (kind, other));
                self.breaks[copy].copy = true;
            }
        }
        if source.takes_servers && !of_sign_in {
            let agents = self.agents_with_machines();
            let all = (0..self.servers.len()).chain(agents);
            for path in all.filter(|path| (kind, at) != (Kind::Server, *path)) {
                let copy = self.breaks_by(fault, (Kind::Server, path));
                self.breaks[copy].copy = true;
            }
        }
        self.settle();
        if self.response.arrived && self.hits(struck) && self.it.agents.is_none() {
            self.breaks[struck].known = true;
            self.want(struck);
        }
        self.look_later();
    }

    fn breaks_by(&mut self, fault: usize, part: Part) -> usize {
        let source = &self.plain.faults[fault];
        let by_person = !part.0.by_provider();
        let stops = match (source.kind.service(), source.stops) {
            _ if part.0 != source.kind || sign_in::is_agent(part) => [true; 3],
            (Some(only), _) | (None, Some(only)) => [0, 1, 2].map(|part| part == only),
            (None, None) => [true; 3],
        };
        let seen = part.0.of_site() || self.serves(part);
        let by_clock = !by_person || source.covers_outage;
        let cause = Cause::Fault(fault);
        let k = self.break_part(cause, part, stops, source.repair, by_person, by_clock);
        // Nobody has seen that a standby failed; its repair is as long once somebody has.
        let needed = (0..self.servers.len()).any(|path| self.concerns(part, path))
            || self.is_site_of_agents(part);
        let is_told = source.told && !source.covers_outage && !by_person && needed;
        if by_clock && (seen || !by_person) && !is_told {
            self.begin_repair(k);
        }
        if self.it.agents.is_none() {
            self.alarm_of(k, fault);
        }
        if part.0.of_site() {
            self.lose_directory();
        }
        k
    }

    /// When somebody notices what this fault has broken.
    fn alarm_of(&mut self, k: usize, fault: usize) {
        let Some(part) = self.breaks[k].part else { return };
        // An agent that is not missed is seen by those alone who look at it.
        let is_missed = self.it.agents.is_none() || self.parts_up() != [true; 3];
        let time = if self.serves(part) && is_missed {
            self.now.saturating_add(self.noticed_after(Some((fault, part.0)), true))
        } else if (0..self.servers.len()).any(|path| self.concerns(part, path)) {
            let after = self.noticed_after(Some((fault, part.0)), false);
            self.next_check().min(self.now.saturating_add(after))
        } else {
            // What concerns agents of sign-in alone is seen by channels alone.
            self.now.saturating_add(self.noticed_after(Some((fault, part.0)), false))
        };
        self.at(time, Event::Alarm(k));
    }

    fn next_check(&self) -> Time {
        if self.it.agents.is_some() {
            return NEVER;
        }
        match self.it.staging.as_ref().map_or(0, |staging| staging.check) {
            0 => self.now,
            check => (self.now / check + 1) * check,
        }
    }

    /// Of a fault that has struck a part of this kind, of a server in service or of a standby.
    fn noticed_after(&self, fault: Option<(usize, Kind)>, serves: bool) -> Time {
        let fault = fault.map(|(fault, kind)| (&self.plain.faults[fault], kind));
        let tells = |word: &String| {
            word == "*" || fault.is_some_and(|(it, kind)| *word == it.name || word == kind.word())
        };
        let sees = |watch: &&Watch| {
            let looks = match watch.only {
                Some(Only::Servers) => self.it.agents.is_none(),
                Some(Only::Agents) => self.it.agents.is_some(),
                _ => true,
            };
            (serves || watch.standby)
                && looks
                && watch.works
                && watch.sees.iter().any(tells)
                && !watch.misses.iter().any(tells)
        };
        let own = fault.and_then(|(fault, _)| fault.detection);
        let world = if own.is_some() { &[] } else { &self.plain.watch[..] };
        let channels = world.iter().chain(&self.it.watch).filter(sees).map(|watch| watch.after);
        channels.chain(own.filter(|_| serves)).min().unwrap_or(NEVER)
    }

    /// A part goes down. Its repair begins, if it needs nobody, and so does what acts by itself;
    /// what people are doing there breaks off.
    fn break_part(
        &mut self,
        cause: Cause,
        part: Part,
        stops: [bool; 3],
        repair: Time,
        by_person: bool,
        by_clock: bool,
    ) -> usize {
        let k = self.breaks.len();
        self.breaks.push(Break {
            cause,
            since: self.now,
            part: Some(part),
            stops,
            copy: false,
            repair,
            by_person,
            by_clock,
            open: true,
            behind: false,
            known: false,
            wanted: None,
            begun: None,
            end: NEVER,
            number: 0,
            has_person: false,
            spare: None,
        });
        if let Some(attempt) = self.attempt.filter(|_| stops == [true; 3]) {
            let machine = matches!(part.0, Kind::Host | Kind::Server);
            let on_host = attempt.guest && part.0 == Kind::Host;
            let ground = match attempt.what {
                Tried::Table(Table::Rebuild | Table::Group) => machine && !attempt.new_machine,
                Tried::Table(Table::Machine) => on_host && !attempt.new_machine,
                _ => false,
            };
            let lost = (ground && part.1 == attempt.path)
                || (part.0 == Kind::Site && Some(part.1) == attempt.site);
            if lost {
                self.drop_attempt();
            }
        }
        self.at(self.now, Event::AutomaticBegins(k));
        k
    }

    /// Sites with controllers are lost, all of them: so is the directory.
    fn lose_directory(&mut self) {
        let lost = |it: &Break| it.open && it.cause == Cause::SitesLost;
        if self.has_controllers() || self.restored || self.breaks.iter().any(lost) {
            return;
        }
        let hours = self.plain.restore_directory;
        self.break_part(Cause::SitesLost, (Kind::Directory, 0), [true; 3], hours, true, false);
    }

    fn has_controllers(&self) -> bool {
        (0..self.plain.controllers.len())
            .any(|site| self.plain.controllers[site] && self.site_up(site))
    }

    fn regain_directory(&mut self) {
        if !self.has_controllers() {
            return;
        }
        self.restored = false;
        for k in 0..self.breaks.len() {
            if self.breaks[k].open && self.breaks[k].cause == Cause::SitesLost {
                self.close(k);
                self.came_back += 1;
            }
        }
    }

    /// Something stands still and no part is broken.
    fn stop(&mut self, cause: Cause, stops: [bool; 3], hours: Time) -> usize {
        let k = self.breaks.len();
        self.breaks.push(Break {
            cause,
            since: self.now,
            part: None,
            stops,
            repair: hours,
            copy: false,
            by_person: true,
            by_clock: false,
            open: true,
            behind: false,
            known: false,
            wanted: None,
            begun: None,
            end: NEVER,
            number: 0,
            has_person: false,
            spare: None,
        });
        self.settle();
        match cause {
            Cause::Move(_) => self.want(k),
            Cause::SplitBrain => {
                self.at(self.now.saturating_add(self.noticed_after(None, true)), Event::Alarm(k));
                if self.response.arrived && self.hits(k) {
                    self.breaks[k].known = true;
                    self.want(k);
                }
            }
            _ => {}
        }
        self.look_later();
        k
    }

    // --------------------------------------------------------------- repair

    fn begin_repair(&mut self, k: usize) {
        let hours = self.hours();
        let it = &mut self.breaks[k];
        if it.begun.is_some() {
            return;
        }
        it.begun = Some(self.now);
        it.end = if it.by_clock {
            self.now.saturating_add(it.repair).min(NEVER)
        } else {
            work_end(hours, self.now, it.repair)
        };
        let (end, number) = (it.end, it.number);
        self.at(end, Event::Repaired(k, number));
    }

    /// Somebody is there who wants to work on it.
    fn want(&mut self, k: usize) {
        if !self.breaks[k].by_person {
            // Others do, once they are told.
            return self.begin_repair(k);
        }
        if self.breaks[k].wanted.is_some() {
            return;
        }
        if self.breaks[k].cause == Cause::SitesLost && !self.is_worth_restoring(k) {
            return;
        }
        if self.is_being_overwritten(k) {
            return;
        }
        self.install_if_sooner(k);
        self.breaks[k].wanted = Some(self.now);
        if self.breaks[k].by_clock || self.breaks[k].repair >= NEVER {
            self.begin_repair(k);
        } else {
            self.ask(Work::Repair(k));
        }
    }

    /// An agent whose machine is lost goes to another one, if that is done first.
    fn install_if_sooner(&mut self, k: usize) {
        let Some(agents) = &self.it.agents else { return };
        let it = &self.breaks[k];
        let Some((Kind::Host | Kind::Server, path)) = it.part else { return };
        if path >= self.servers.len() {
            return;
        }
        let shared = self.shared_down(Kind::Cloud) || self.shared_down(Kind::Directory);
        if shared || !self.place_up(self.servers[path].site) {
            return;
        }
        let is_sooner = if it.by_clock {
            let repaired = if it.begun.is_some() { it.end } else { self.now + it.repair };
            work_end(self.hours(), self.now, agents.install) < repaired
        } else {
            agents.install < it.repair
        };
        if is_sooner {
            let it = &mut self.breaks[k];
            (it.repair, it.by_clock) = (agents.install, false);
            (it.begun, it.end) = (None, NEVER);
            it.number += 1;
        }
    }

    /// Would it be done before the first site with controllers is back?
    fn is_worth_restoring(&self, k: usize) -> bool {
        let done = work_end(self.hours(), self.now, self.breaks[k].repair);
        (0..self.plain.controllers.len()).filter(|site| self.plain.controllers[*site]).all(|site| {
            let of_it = |it: &&Break| it.open && it.part == Some((Kind::Site, site));
            let back = self.breaks.iter().filter(of_it).map(|it| it.end).max();
            back.is_none_or(|back| done < back)
        })
    }

    fn repaired(&mut self, k: usize, number: usize) {
        if !self.breaks[k].open || number != self.breaks[k].number {
            return;
        }
        let Break { part, behind, cause, .. } = self.breaks[k].clone();
        if cause == Cause::SitesLost {
            self.restored = true;
        }
        self.close(k);
        self.came_back += 1;
        if let Some((kind, at)) = part {
            if kind == Kind::Site {
                self.regain_directory();
            }
            // The path's own server is whole: it can leave the domain controller.
            let lost = |it: &Break| {
                it.open
                    && it.behind
                    && matches!(it.part, Some((Kind::Host | Kind::Server, path)) if path == at)
            };
            if behind && !kind.of_site() && !kind.of_all() && !self.breaks.iter().any(lost) {
                self.own_is_mended(at);
            }
        }
        if let Cause::Move(path) = cause {
            self.leave_makeshift(path);
        }
        self.settle();
        self.look_later();
    }

    /// It is over: its work counts, whoever worked on it is free, its spare is back.
    fn close(&mut self, k: usize) {
        self.count_stop(k);
        self.count_labour(k);
        self.breaks[k].open = false;
        if std::mem::take(&mut self.breaks[k].has_person) {
            self.release();
        }
        self.withdraw(Work::Repair(k));
    }

    fn count_stop(&mut self, k: usize) {
        let it = &self.breaks[k];
        if matches!(it.cause, Cause::Move(_) | Cause::Planned) {
            self.verdict.planned += self.now - it.since;
        }
    }

    fn count_labour(&mut self, k: usize) {
        let it = &self.breaks[k];
        if it.repair < NEVER
            && let (true, Some(begun), Some(wanted)) = (it.by_person, it.begun, it.wanted)
        {
            let from = begun.max(wanted);
            let work = if it.by_clock { NEVER } else { it.repair };
            self.verdict.labour += worked(self.hours(), from, work, self.now);
        }
    }

    // ------------------------------------------------------ what acts by itself

    fn has_spare(&self, table: Table, path: usize) -> bool {
        let away = |it: &Break| it.open && it.behind && it.spare == Some((table, path));
        !self.breaks.iter().any(away)
    }

    fn begin_automatic(&mut self, k: usize, (kind, path): Part) {
        let own = !kind.of_all() && !kind.of_site() && !sign_in::is_agent((kind, path));
        if !own || !self.site_up(self.servers[path].site) {
            return;
        }
        for table in &self.it.prefer {
            match (table, kind) {
                (Table::Machine, Kind::Host) if self.has_spare(Table::Machine, path) => {
                    let after = self.it.machine.as_ref().map_or(0, |it| it.restart);
                    return self.at(self.now + after, Event::Automatic(k, Table::Machine));
                }
                (Table::Group, Kind::Database) if self.has_spare(Table::Group, path) => {
                    if let Some(group) = self.it.group.as_ref().filter(|it| it.synchronous) {
                        let at = self.now + group.failover;
                        return self.at(at, Event::Automatic(k, Table::Group));
                    }
                }
                _ => {}
            }
        }
    }

    fn automatic_ends(&mut self, k: usize, table: Table) {
        let Some((_, path)) = self.breaks[k].part.filter(|_| self.breaks[k].open) else { return };
        if self.breaks[k].behind {
            return;
        }
        let works = match table {
            Table::Machine => self.it.machine.as_ref().is_some_and(|it| it.capacity),
            _ => self.it.group.as_ref().is_some_and(|it| it.failover_success),
        };
        if works && self.site_up(self.servers[path].site) {
            // All that is broken of it now stays behind.
            let part = self.breaks[k].part;
            for it in &mut self.breaks {
                if it.open && !it.behind && it.part == part {
                    it.behind = true;
                    it.spare = Some((table, path));
                    self.came_back += 1;
                }
            }
            self.settle();
        }
        self.look_later();
    }
}
