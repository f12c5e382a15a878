//! Plain scenarios: constants only, times in quarters of an hour, so that every sum is exact. They
//! are drawn at random, written as the text of a scenario, changed, and made smaller.

use crate::individual::Dice;
use std::fmt::Write;

/// Quarters of an hour from the start, a Monday at 00:00.
pub type Time = i64;

pub const HORIZON: Time = 4 * 2_000;
pub const NEVER: Time = i64::MAX / 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Link,
    Site,
    Host,
    Server,
    Database,
    Cloud,
    Engine,
    Tenant,
    Directory,
    PasswordSync,
    Writeback,
    Export,
    Contents,
}

pub const KINDS: [Kind; 13] = [
    Kind::Link,
    Kind::Site,
    Kind::Host,
    Kind::Server,
    Kind::Database,
    Kind::Cloud,
    Kind::Engine,
    Kind::Tenant,
    Kind::Directory,
    Kind::PasswordSync,
    Kind::Writeback,
    Kind::Export,
    Kind::Contents,
];

impl Kind {
    pub fn word(self) -> &'static str {
        [
            "link",
            "site",
            "host",
            "server",
            "database",
            "cloud",
            "engine",
            "tenant",
            "directory",
            "password-sync",
            "writeback",
            "export",
            "contents",
        ][self as usize]
    }

    /// Mended by others than the organisation.
    pub fn by_provider(self) -> bool {
        matches!(self, Kind::Link | Kind::Site | Kind::Cloud)
    }

    pub fn of_site(self) -> bool {
        matches!(self, Kind::Link | Kind::Site)
    }

    pub fn of_all(self) -> bool {
        matches!(self, Kind::Cloud | Kind::Tenant | Kind::Directory)
    }

    /// The part of the service that it is, by its place in [`PARTS`].
    pub fn service(self) -> Option<usize> {
        [Kind::Export, Kind::PasswordSync, Kind::Writeback].iter().position(|kind| *kind == self)
    }
}

/// The parts of the service.
pub const PARTS: [&str; 3] = ["export", "password-sync", "writeback"];

#[derive(Clone, Debug)]
pub struct Fault {
    pub name: String,
    pub kind: Kind,
    pub at: Vec<Time>,
    /// NEVER = it is not repaired.
    pub repair: Time,
    pub covers_outage: bool,
    pub common: bool,
    /// The only part of the service that it stops, where it does not stop all.
    pub stops: Option<usize>,
    pub takes_servers: bool,
    /// Others repair it once they are told.
    pub told: bool,
    /// What it is a fault of, where not of all.
    pub only: Option<Only>,
    pub detection: Option<Time>,
}

/// What a fault is a fault of alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    Servers,
    Agents,
    SignIn,
}

impl Only {
    fn key(it: Option<Only>) -> &'static str {
        match it {
            Some(Only::Servers) => "only = \"servers\"\n",
            Some(Only::Agents) => "only = \"agents\"\n",
            Some(Only::SignIn) => "only = \"sign-in\"\n",
            None => "",
        }
    }
}

/// Sign-in through agents, or through AD FS servers and Web Application Proxies.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub federated: bool,
    /// By sort: the site of each agent.
    pub sorts: Vec<Vec<usize>>,
    pub detection: Time,
    /// Password hashes are synchronised as well.
    pub hashes: bool,
    /// By hand on the sync server, and from another machine.
    pub fallback: Option<(Time, Time)>,
    /// So many quarters of the users are outside.
    pub quarters_outside: Time,
    /// The others work in the sites, in this ratio.
    pub users_of_sites: Vec<Time>,
    /// Times that a user signs in: per year, and whether as the office does.
    pub per_user_year: Time,
    pub as_office: bool,
}

#[derive(Clone, Debug)]
pub struct Watch {
    pub sees: Vec<String>,
    pub misses: Vec<String>,
    /// It looks at standbys too.
    pub standby: bool,
    /// Whom it looks at, where not at all.
    pub only: Option<Only>,
    pub after: Time,
    pub works: bool,
}

#[derive(Clone, Debug)]
pub struct Planned {
    pub name: String,
    pub at: Vec<Time>,
    pub work: Time,
    pub stops: &'static str,
    pub wrong: bool,
    pub repair: Time,
}

#[derive(Clone, Debug)]
pub struct Staging {
    pub site: usize,
    pub promote: Time,
    pub verify: bool,
    pub success: bool,
    pub fenced: bool,
    /// 0 = at once.
    pub check: Time,
    pub same_sign_in: bool,
}

#[derive(Clone, Debug)]
pub struct Machine {
    pub site: usize,
    pub restart: Time,
    pub capacity: bool,
    pub restore: Time,
    pub success: bool,
    pub move_success: bool,
    pub fenced: bool,
}

#[derive(Clone, Debug)]
pub struct Group {
    pub synchronous: bool,
    pub failover: Time,
    pub failover_success: bool,
    pub force: Time,
    pub success: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spare {
    Server,
    Controller,
    Procure,
}

#[derive(Clone, Debug)]
pub struct Rebuild {
    pub spare: Spare,
    pub install: Time,
    /// 0 = it serves at once.
    pub switch_on: Time,
    pub procure: Time,
    pub move_back: Time,
    pub site: usize,
    pub elsewhere: Time,
    pub success: bool,
    pub fenced: bool,
}

/// Agents in the place of a server.
#[derive(Clone, Debug)]
pub struct CloudSync {
    /// The site of each.
    pub sites: Vec<usize>,
    pub install: Time,
    pub success: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Group,
    Machine,
    Staging,
    Rebuild,
    CloudSync,
}

/// Those that a sync server may have.
pub const TABLES: [Table; 4] = [Table::Group, Table::Machine, Table::Staging, Table::Rebuild];

impl Table {
    fn word(self) -> &'static str {
        ["sql_high_availability", "virtual_machine", "staging", "rebuild", "cloud_sync"]
            [self as usize]
    }
}

#[derive(Clone, Debug)]
pub struct Strategy {
    pub name: String,
    pub prefer: Vec<Table>,
    pub staging: Option<Staging>,
    pub machine: Option<Machine>,
    pub group: Option<Group>,
    pub rebuild: Option<Rebuild>,
    pub agents: Option<CloudSync>,
    /// Users sign in with password hashes, whatever others do.
    pub by_hashes: bool,
    pub watch: Vec<Watch>,
}

#[derive(Clone, Debug)]
pub struct Plain {
    /// Which sites have domain controllers; two or three sites.
    pub controllers: Vec<bool>,
    pub office: bool,
    pub overtime: Time,
    pub call_out: Time,
    pub decision: Time,
    pub repair_first: Time,
    pub diagnose: Time,
    pub tries: u32,
    pub people: Option<u32>,
    /// After, takes, and whether the old server is shut out.
    pub last_resort: Option<(Time, Time, bool)>,
    pub restore_directory: Time,
    pub sign_in: Option<SignIn>,
    pub watch: Vec<Watch>,
    pub faults: Vec<Fault>,
    pub planned: Vec<Planned>,
    pub strategies: Vec<Strategy>,
}

/// What random scenarios may hold.
#[derive(Clone, Copy, Debug)]
pub struct Taste {
    pub kinds: &'static [Kind],
    pub most_strikes: u64,
    pub tables: u64,
    /// Often at the same moment.
    pub ties: bool,
    pub delays: bool,
    pub few_people: bool,
    pub last_resort: bool,
    pub planned: bool,
    pub failures: bool,
    pub sites: bool,
    /// Agents in the place of a server.
    pub agents: bool,
    /// Sign-in is played.
    pub sign_in: bool,
}

fn duration(time: Time) -> String {
    if time >= NEVER { "\"never\"".to_owned() } else { format!("\"{}m\"", time * 15) }
}

fn probability(certain: bool) -> &'static str {
    if certain { "1.0" } else { "0.0" }
}

const SITES: [&str; 3] = ["main", "other", "third"];

impl Plain {
    /// The text of the scenario.
    pub fn text(&self) -> String {
        let mut text = format!(
            r#"
schema = 1
name = "plain"
horizon = "{}m"
start = "2027-01-04"
[organisation]
users = 10
objects = 3600
[workload.password_changes]
per_user_year = 0.0
[workload.writeback]
per_user_year = 0.0
[workload.object_changes]
per_hour = 0.0
[sync]
object_cycle = "0s"
password_cycle = "0s"
heartbeat = "0s"
delete_guard = 0
import_per_second = 1.0
sync_per_second = 0.5
credential_life = "0s"
[operations]
call_out = {}
decision = {}
repair_first = {}
diagnose = {}
tries = {}
restore_directory = {}
overtime = {}
staffed = "{}"
disable_by_hand = "never"
"#,
            HORIZON * 15,
            duration(self.call_out),
            duration(self.decision),
            duration(self.repair_first),
            duration(self.diagnose),
            self.tries,
            duration(self.restore_directory),
            duration(self.overtime),
            if self.office { "Mon-Fri 09:00-17:00" } else { "24x7" },
        );
        match self.people {
            Some(people) => text += &format!("people = {people}\n"),
            None => text += "people = \"unlimited\"\n",
        }
        match self.last_resort {
            Some((after, takes, fenced)) => {
                let (after, takes) = (duration(after), duration(takes));
                let fenced = probability(fenced);
                text += &format!(
                    "last_resort = {{ after = {after}, takes = {takes}, fenced = {fenced} }}\n"
                );
            }
            None => text += "last_resort = \"never\"\n",
        }
        for (k, (name, controllers)) in SITES.iter().zip(&self.controllers).enumerate() {
            let _ =
                writeln!(text, "[[site]]\nname = \"{name}\"\ndomain_controllers = {controllers}");
            let users = self.sign_in.as_ref().and_then(|it| it.users_of_sites.get(k));
            if let Some(users) = users {
                let _ = writeln!(text, "users = {users}");
            }
        }
        if let Some(sign_in) = &self.sign_in {
            text = sign_in.add_to(&text);
        }
        for (k, watch) in self.watch.iter().enumerate() {
            text += &format!("[[watch]]\nname = \"watch {k}\"\n{}", watch.keys());
        }
        for fault in &self.faults {
            text += &fault.text();
        }
        for planned in &self.planned {
            text += &planned.text();
        }
        for strategy in &self.strategies {
            text += &strategy.text();
        }
        text
    }
}

impl SignIn {
    /// The text of a scenario with it.
    fn add_to(&self, text: &str) -> String {
        let method = if self.federated { "federated" } else { "pass-through" };
        let users = "users = 10\n";
        let mut text = text.replace(users, &format!("{users}sign_in = \"{method}\"\n"));
        let (table, keys): (&str, &[&str]) = match self.federated {
            true => ("federated", &["servers", "proxies", "balancers"]),
            false => ("pass_through", &["agents"]),
        };
        let _ = writeln!(text, "[{table}]");
        for (key, sites) in keys.iter().zip(&self.sorts) {
            let sites: Vec<String> =
                sites.iter().map(|site| format!("\"{}\"", SITES[*site])).collect();
            let _ = writeln!(text, "{key} = [{}]", sites.join(", "));
        }
        text += &format!(
            "detection = {}\nhashes = {}\nprofile = \"{}\"\nper_user_year = {:?}\noutside = {:?}\n",
            duration(self.detection),
            self.hashes,
            if self.as_office { "office" } else { "flat" },
            self.per_user_year as f64,
            self.quarters_outside as f64 / 4.0
        );
        text += &match self.fallback {
            Some((by_hand, elsewhere)) => {
                let (by_hand, elsewhere) = (duration(by_hand), duration(elsewhere));
                format!("fallback = {by_hand}\nfallback_elsewhere = {elsewhere}\n")
            }
            None => "fallback = \"never\"\n".to_owned(),
        };
        text
    }
}

impl Watch {
    fn keys(&self) -> String {
        let words = |words: &[String]| {
            let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
            words.join(", ")
        };
        format!(
            "sees = [{}]\nmisses = [{}]\nstandby = {}\nafter = {}\nworks = {}\n{}",
            words(&self.sees),
            words(&self.misses),
            self.standby,
            duration(self.after),
            probability(self.works),
            Only::key(self.only)
        )
    }
}

impl Fault {
    fn text(&self) -> String {
        let at: Vec<String> = self.at.iter().map(|at| duration(*at)).collect();
        let mut text = format!(
            "[[fault]]\nname = \"{}\"\nstrikes = \"{}\"\nat = [{}]\nrepair = {}\ncommon_mode = {}\n",
            self.name,
            self.kind.word(),
            at.join(", "),
            duration(self.repair),
            probability(self.common)
        );
        if self.covers_outage {
            text += "repair_covers = \"outage\"\n";
        }
        if let Some(part) = self.stops {
            text += &format!("stops = \"{}\"\n", PARTS[part]);
        }
        if self.told && self.kind.by_provider() {
            text += "repair_begins = \"alarm\"\n";
        }
        if self.takes_servers {
            text += "takes_servers = 1.0\n";
        }
        text += Only::key(self.only);
        if let Some(detection) = self.detection {
            text += &format!("detection = {}\n", duration(detection));
        }
        text
    }
}

/// A day and a time of day as the scenario writes them.
fn date(at: Time) -> String {
    let (day, quarter) = (at / 96, at % 96);
    let (mut month, mut day) = (1, day + 4);
    for days in [31, 28, 31, 30, 31] {
        if day <= days {
            break;
        }
        day -= days;
        month += 1;
    }
    format!("\"2027-{month:02}-{day:02}T{:02}:{:02}\"", quarter / 4, quarter % 4 * 15)
}

impl Planned {
    fn text(&self) -> String {
        let at: Vec<String> = self.at.iter().map(|at| date(*at)).collect();
        format!(
            "[[planned]]\nname = \"{}\"\nat = [{}]\nwork = {}\nstops = \"{}\"\nfull_sync = false\n\
             goes_wrong = {}\nrepair = {}\n",
            self.name,
            at.join(", "),
            duration(self.work),
            self.stops,
            probability(self.wrong),
            duration(self.repair)
        )
    }
}

impl Strategy {
    fn text(&self) -> String {
        let prefer: Vec<String> =
            self.prefer.iter().map(|table| format!("\"{}\"", table.word())).collect();
        let mut text = format!("[[strategy]]\nname = \"{}\"\n", self.name);
        if !prefer.is_empty() {
            text += &format!("prefer = [{}]\n", prefer.join(", "));
        }
        if self.by_hashes {
            text += "[strategy.sign_in]\nby_hashes = true\n";
        }
        if let Some(it) = &self.agents {
            let sites: Vec<String> =
                it.sites.iter().map(|site| format!("\"{}\"", SITES[*site])).collect();
            text += &format!(
                "[strategy.cloud_sync]\nagents = {}\nsites = [{}]\ncycle = \"0s\"\n\
                 quarantine = \"0s\"\ninstall_agent = {}\nsuccess = {}\n",
                it.sites.len(),
                sites.join(", "),
                duration(it.install),
                probability(it.success)
            );
        }
        if let Some(it) = &self.staging {
            text += &format!(
                "[strategy.staging]\nsite = \"{}\"\npromote = {}\nverify = {}\nsuccess = {}\n\
                 fenced = {}\nstandby_check = \"{}m\"\nsame_sign_in = {}\n",
                SITES[it.site],
                duration(it.promote),
                it.verify,
                probability(it.success),
                probability(it.fenced),
                it.check * 15,
                it.same_sign_in
            );
        }
        if let Some(it) = &self.machine {
            text += &format!(
                "[strategy.virtual_machine]\nsite = \"{}\"\nrestart = {}\ncapacity = {}\n\
                 image_age = \"1d\"\nrestore_image = {}\nsuccess = {}\nmove_success = {}\n\
                 fenced = {}\n",
                SITES[it.site],
                duration(it.restart),
                probability(it.capacity),
                duration(it.restore),
                probability(it.success),
                probability(it.move_success),
                probability(it.fenced)
            );
        }
        if let Some(it) = &self.group {
            text += &format!(
                "[strategy.sql_high_availability]\nsubnets = 1\nreplication = \"{}\"\n\
                 failover = {}\nfailover_success = {}\nforce_failover = {}\nsuccess = {}\n",
                if it.synchronous { "synchronous" } else { "asynchronous" },
                duration(it.failover),
                probability(it.failover_success),
                duration(it.force),
                probability(it.success)
            );
        }
        if let Some(it) = &self.rebuild {
            let spare = match it.spare {
                Spare::Server => "server",
                Spare::Controller => "domain-controller",
                Spare::Procure => "procure",
            };
            text += &format!(
                "[strategy.rebuild]\nspare = \"{spare}\"\ninstall = {}\nswitch_on = {}\nprocure = {}\n\
                 move_back = {}\nsite = \"{}\"\nelsewhere = {}\nsuccess = {}\nfenced = {}\n",
                duration(it.install),
                duration(it.switch_on),
                duration(it.procure),
                duration(it.move_back),
                SITES[it.site],
                duration(it.elsewhere),
                probability(it.success),
                probability(it.fenced)
            );
        }
        for (k, watch) in self.watch.iter().enumerate() {
            text += &format!("[[strategy.watch]]\nname = \"own {k}\"\n{}", watch.keys());
        }
        text
    }
}

// ------------------------------------------------------------------ at random

fn pick<T: Copy>(dice: &mut Dice, of: &[T]) -> T {
    of[dice.below(of.len() as u64)]
}

fn chance(dice: &mut Dice, p: f64) -> bool {
    dice.uniform() < p
}

/// From `low` to `high` hours, in quarters; with ties in few values.
fn span(dice: &mut Dice, taste: Taste, low: i64, high: i64) -> Time {
    if taste.ties {
        let step = ((high - low) / 4).max(1);
        4 * (low + step * dice.below(4) as i64)
    } else {
        4 * low + dice.below((4 * (high - low)).max(1) as u64) as i64
    }
}

impl Plain {
    pub fn random(dice: &mut Dice, taste: Taste) -> Plain {
        let third = taste.sites && chance(dice, 0.3);
        let mut controllers = vec![true; if third { 3 } else { 2 }];
        if taste.sites && chance(dice, 0.3) {
            let without = dice.below(controllers.len() as u64);
            controllers[without] = false;
        }
        let delay = |dice: &mut Dice, most: i64| {
            if taste.delays { span(dice, taste, 0, most) } else { 0 }
        };
        let mut faults = random_faults(dice, taste);
        for fault in faults.iter_mut().filter(|_| taste.agents) {
            if chance(dice, 0.2) {
                fault.only = Some(pick(dice, &[Only::Servers, Only::Agents]));
            }
        }
        let mut watch =
            vec![Watch { sees: vec!["*".to_owned()], ..Watch::of(Vec::new(), delay(dice, 8)) }];
        if taste.delays && chance(dice, 0.2) {
            watch[0].misses = vec![word_of(dice, taste, &faults)];
        }
        if taste.delays && chance(dice, 0.4) {
            watch[0].after += 4 * 12;
            let word = word_of(dice, taste, &faults);
            let after = span(dice, taste, 0, 6);
            watch.push(Watch { works: chance(dice, 0.7), ..Watch::of(vec![word], after) });
        }
        let carriers = [Only::Servers, Only::Agents];
        for watch in &mut watch {
            if taste.delays && chance(dice, 0.15) {
                watch.only = Some(pick(dice, &carriers));
            }
            watch.standby = taste.delays && chance(dice, 0.3);
        }
        let mut plain = Plain {
            office: taste.delays && chance(dice, 0.4),
            overtime: if chance(dice, 0.5) { delay(dice, 4) } else { 0 },
            call_out: delay(dice, 3),
            decision: delay(dice, 3),
            repair_first: if chance(dice, 0.6) { delay(dice, 8) } else { 0 },
            diagnose: if taste.failures { span(dice, taste, 0, 5) } else { 0 },
            tries: if taste.failures { 1 + dice.below(3) as u32 } else { 1 },
            people: (taste.few_people && chance(dice, 0.8)).then(|| 1 + dice.below(2) as u32),
            last_resort: (taste.last_resort && chance(dice, 0.7))
                .then(|| (span(dice, taste, 20, 60), span(dice, taste, 4, 40), chance(dice, 0.5))),
            restore_directory: span(dice, taste, 10, 60),
            watch,
            planned: random_planned(dice, taste),
            strategies: vec![match taste.agents {
                true => random_agents(dice, taste, controllers.len() as u64),
                false => random_strategy(dice, taste, controllers.len() as u64),
            }],
            controllers,
            faults,
            sign_in: None,
        };
        if taste.sign_in {
            plain.add_sign_in(dice, taste);
        }
        plain
    }

    /// Agents somewhere, faults that are theirs or not, and a standby that may be set up wrongly.
    fn add_sign_in(&mut self, dice: &mut Dice, taste: Taste) {
        let sites = self.controllers.len() as u64;
        let federated = chance(dice, 0.3);
        let some = |dice: &mut Dice, least: usize| {
            let count = least + dice.below(3);
            (0..count).map(|_| dice.below(sites)).collect()
        };
        let mut sorts = vec![some(dice, 1)];
        if federated {
            // A farm may have no load balancer.
            sorts.extend([some(dice, 1), some(dice, 0)]);
        }
        let hashes = chance(dice, 0.7);
        self.sign_in = Some(SignIn {
            federated,
            hashes,
            sorts,
            detection: if taste.delays { span(dice, taste, 0, 4) } else { 0 },
            fallback: (hashes && chance(dice, 0.8))
                .then(|| (1 + span(dice, taste, 0, 6), 1 + span(dice, taste, 8, 60))),
            quarters_outside: dice.below(5) as Time,
            users_of_sites: (0..sites).map(|_| dice.below(4) as Time).collect(),
            per_user_year: pick(dice, &[90, 900, 9_000]),
            as_office: chance(dice, 0.5),
        });
        for fault in &mut self.faults {
            let may_be = matches!(fault.kind, Kind::Host | Kind::Server | Kind::Engine);
            if may_be && chance(dice, 0.4) {
                let only = pick(dice, &[Only::Servers, Only::SignIn]);
                fault.only = Some(only);
                if only == Only::SignIn {
                    fault.stops = None;
                }
            }
        }
        for strategy in &mut self.strategies {
            strategy.by_hashes = chance(dice, 0.1);
            if let Some(staging) = &mut strategy.staging {
                staging.same_sign_in = chance(dice, 0.5);
            }
        }
    }
}

impl Watch {
    /// One that works, and misses nothing of what it sees.
    pub fn of(sees: Vec<String>, after: Time) -> Watch {
        Watch { sees, misses: Vec::new(), standby: false, only: None, after, works: true }
    }
}

/// A kind, or the name of a fault.
fn word_of(dice: &mut Dice, taste: Taste, faults: &[Fault]) -> String {
    if chance(dice, 0.5) {
        pick(dice, taste.kinds).word().to_owned()
    } else {
        faults[dice.below(faults.len() as u64)].name.clone()
    }
}

fn random_faults(dice: &mut Dice, taste: Taste) -> Vec<Fault> {
    let strikes = 1 + dice.below(taste.most_strikes);
    let mut at = span(dice, taste, 24, 200);
    let mut faults = Vec::new();
    for k in 0..strikes {
        let never = chance(dice, 0.15);
        let long = chance(dice, 0.2);
        let repair = if never {
            NEVER
        } else if long {
            span(dice, taste, 60, 300)
        } else {
            span(dice, taste, 1, 60)
        };
        let kind = pick(dice, taste.kinds);
        let mut times = vec![at];
        if chance(dice, 0.15) {
            times.push(at + span(dice, taste, 1, 200));
        }
        // Whose repair of two alike goes first is told by no rule that a judge could know.
        let struck = |faults: &[Fault], time: Time| faults.iter().any(|it| it.at.contains(&time));
        for time in &mut times {
            while taste.few_people && struck(&faults, *time) {
                *time += 1;
            }
        }
        faults.push(Fault {
            name: format!("{}{}", ["ash", "birch", "cedar", "elm"][k % 4], k),
            kind,
            at: times,
            repair,
            covers_outage: !taste.few_people && chance(dice, 0.15),
            common: chance(dice, 0.25),
            stops: (kind.service().is_none() && chance(dice, 0.2)).then(|| dice.below(3)),
            takes_servers: chance(dice, 0.1),
            told: chance(dice, 0.3),
            only: None,
            detection: (taste.delays && chance(dice, 0.2)).then(|| span(dice, taste, 0, 10)),
        });
        at += match dice.below(4) {
            0 if taste.ties => 0,
            0 | 1 => span(dice, taste, 1, 12),
            2 => span(dice, taste, 1, 80),
            _ => span(dice, taste, 80, 300),
        };
        if at >= HORIZON {
            break;
        }
    }
    faults
}

fn random_planned(dice: &mut Dice, taste: Taste) -> Vec<Planned> {
    if !taste.planned {
        return Vec::new();
    }
    let count = 1 + dice.below(2);
    (0..count)
        .map(|k| Planned {
            name: format!("work {k}"),
            at: vec![span(dice, taste, 24, 900)],
            work: span(dice, taste, 1, 8),
            stops: pick(dice, &["all", "export", "nothing"]),
            wrong: chance(dice, 0.3),
            repair: span(dice, taste, 1, 20),
        })
        .collect()
}

fn random_strategy(dice: &mut Dice, taste: Taste, sites: u64) -> Strategy {
    let works = |dice: &mut Dice| !taste.failures || chance(dice, 0.6);
    let mut prefer = TABLES.to_vec();
    for k in (1..4).rev() {
        prefer.swap(k, dice.below(k as u64 + 1));
    }
    prefer.truncate(dice.below(taste.tables + 1));
    let has = |table: Table| prefer.contains(&table);
    Strategy {
        name: "it".to_owned(),
        staging: has(Table::Staging).then(|| Staging {
            site: dice.below(sites),
            promote: span(dice, taste, 0, 4),
            verify: chance(dice, 0.2),
            success: works(dice),
            fenced: chance(dice, 0.7),
            check: pick(dice, &[0, 0, 4 * 24, 4 * 168, 4 * 5_000]),
            same_sign_in: true,
        }),
        machine: has(Table::Machine).then(|| Machine {
            site: dice.below(sites),
            restart: span(dice, taste, 0, 2),
            capacity: works(dice),
            restore: span(dice, taste, 1, 6),
            success: works(dice),
            move_success: works(dice),
            fenced: chance(dice, 0.5),
        }),
        group: has(Table::Group).then(|| Group {
            synchronous: chance(dice, 0.6),
            failover: span(dice, taste, 0, 1),
            failover_success: works(dice),
            force: span(dice, taste, 1, 4),
            success: works(dice),
        }),
        rebuild: has(Table::Rebuild).then(|| Rebuild {
            spare: pick(dice, &[Spare::Server, Spare::Controller, Spare::Procure]),
            install: span(dice, taste, 1, 8),
            switch_on: if chance(dice, 0.5) { span(dice, taste, 0, 3) } else { 0 },
            procure: span(dice, taste, 24, 120),
            move_back: span(dice, taste, 0, 2),
            site: dice.below(sites),
            elsewhere: span(dice, taste, 2, 24),
            success: works(dice),
            fenced: chance(dice, 0.5),
        }),
        agents: None,
        by_hashes: false,
        watch: if taste.delays && chance(dice, 0.3) {
            let (sees, after) = (pick(dice, taste.kinds).word(), span(dice, taste, 0, 6));
            vec![Watch::of(vec![sees.to_owned()], after)]
        } else {
            Vec::new()
        },
        prefer,
    }
}

fn random_agents(dice: &mut Dice, taste: Taste, sites: u64) -> Strategy {
    let count = 1 + dice.below(4);
    let agents = CloudSync {
        sites: (0..count).map(|_| dice.below(sites)).collect(),
        install: span(dice, taste, 1, 8),
        success: !taste.failures || chance(dice, 0.6),
    };
    Strategy {
        name: "it".to_owned(),
        prefer: vec![Table::CloudSync],
        staging: None,
        machine: None,
        group: None,
        rebuild: None,
        by_hashes: false,
        agents: Some(agents),
        watch: Vec::new(),
    }
}

// ------------------------------------------------------------------- smaller

impl Plain {
    /// Every scenario that has one thing less.
    pub fn smaller(&self) -> Vec<Plain> {
        let mut all = Vec::new();
        let mut add = |change: &dyn Fn(&mut Plain)| {
            let mut plain = self.clone();
            change(&mut plain);
            all.push(plain);
        };
        for k in 0..self.faults.len() {
            if self.faults.len() > 1 {
                add(&|plain| {
                    plain.faults.remove(k);
                });
            }
            add(&|plain| plain.faults[k].common = false);
            add(&|plain| plain.faults[k].covers_outage = false);
            add(&|plain| plain.faults[k].at.truncate(1));
            add(&|plain| plain.faults[k].stops = None);
            add(&|plain| plain.faults[k].takes_servers = false);
            add(&|plain| plain.faults[k].detection = None);
            add(&|plain| plain.faults[k].only = None);
        }
        for k in 0..self.planned.len() {
            add(&|plain| {
                plain.planned.remove(k);
            });
        }
        for k in 0..self.watch.len() {
            if self.watch.len() > 1 {
                add(&|plain| {
                    plain.watch.remove(k);
                });
            }
            add(&|plain| plain.watch[k].after = 0);
            add(&|plain| plain.watch[k].misses.clear());
        }
        add(&|plain| plain.sign_in = None);
        for sort in 0..self.sign_in.as_ref().map_or(0, |it| it.sorts.len()) {
            add(&|plain| {
                let sites = plain.sign_in.iter_mut().map(|it| &mut it.sorts[sort]);
                sites.into_iter().for_each(|sites| sites.truncate(sites.len().max(2) - 1));
            });
        }
        add(&|plain| plain.sign_in.iter_mut().for_each(|it| it.detection = 0));
        add(&|plain| plain.sign_in.iter_mut().for_each(|it| it.fallback = None));
        add(&|plain| plain.sign_in.iter_mut().for_each(|it| it.quarters_outside = 4));
        add(&|plain| plain.sign_in.iter_mut().for_each(|it| it.users_of_sites.clear()));
        add(&|plain| plain.sign_in.iter_mut().for_each(|it| it.as_office = false));
        add(&|plain| {
            plain.sign_in.iter_mut().for_each(|it| (it.hashes, it.fallback) = (false, None))
        });
        add(&|plain| plain.office = false);
        add(&|plain| plain.call_out = 0);
        add(&|plain| plain.decision = 0);
        add(&|plain| plain.repair_first = 0);
        add(&|plain| plain.diagnose = 0);
        add(&|plain| plain.tries = 1);
        add(&|plain| plain.people = None);
        add(&|plain| plain.last_resort = None);
        add(&|plain| plain.last_resort.iter_mut().for_each(|it| it.2 = true));
        add(&|plain| plain.controllers = vec![true; self.controllers.len()]);
        for k in 0..self.strategies.len() {
            add(&|plain| plain.strategies[k].watch.clear());
            add(&|plain| plain.strategies[k].by_hashes = false);
            add(&|plain| {
                let agents = plain.strategies[k].agents.iter_mut();
                agents.for_each(|it| it.sites.truncate(it.sites.len().max(2) - 1));
            });
            add(&|plain| plain.drop_table(k, Table::Group));
            add(&|plain| plain.drop_table(k, Table::Machine));
            add(&|plain| plain.drop_table(k, Table::Staging));
            add(&|plain| plain.drop_table(k, Table::Rebuild));
            add(&|plain| plain.strategies[k].staging.iter_mut().for_each(|it| it.verify = false));
            add(&|plain| plain.strategies[k].staging.iter_mut().for_each(|it| it.fenced = true));
            add(&|plain| plain.strategies[k].staging.iter_mut().for_each(|it| it.check = 0));
            add(&|plain| {
                plain.strategies[k].staging.iter_mut().for_each(|it| it.same_sign_in = true)
            });
            add(&|plain| plain.strategies[k].machine.iter_mut().for_each(|it| it.fenced = true));
            add(&|plain| plain.strategies[k].rebuild.iter_mut().for_each(|it| it.fenced = true));
        }
        all
    }

    fn drop_table(&mut self, strategy: usize, table: Table) {
        let it = &mut self.strategies[strategy];
        it.prefer.retain(|one| *one != table);
        match table {
            Table::Group => it.group = None,
            Table::Machine => it.machine = None,
            Table::Staging => it.staging = None,
            Table::Rebuild => it.rebuild = None,
            Table::CloudSync => it.agents = None,
        }
    }

    /// Leaves out one thing after the other as long as `fails` holds.
    pub fn shrink(mut self, fails: impl Fn(&Plain) -> bool) -> Plain {
        loop {
            let size = self.size();
            let found = self.smaller().into_iter().find(|it| it.size() < size && fails(it));
            match found {
                Some(smaller) => self = smaller,
                None => return self,
            }
        }
    }

    fn size(&self) -> Time {
        let count = |flag: bool| Time::from(flag);
        let tables = |it: &Strategy| {
            let staging = it.staging.as_ref();
            100 * (it.prefer.len() + it.watch.len()) as Time
                + staging.map_or(0, |it| {
                    count(it.verify)
                        + count(!it.fenced)
                        + count(it.check > 0)
                        + count(!it.same_sign_in)
                })
                + it.agents.as_ref().map_or(0, |it| it.sites.len() as Time)
                + count(it.by_hashes)
                + it.machine.as_ref().map_or(0, |it| count(!it.fenced))
                + it.rebuild.as_ref().map_or(0, |it| count(!it.fenced))
        };
        let fault = |it: &Fault| {
            let parts = it.stops.is_some();
            let only = it.only.is_some();
            let told = it.detection.is_some();
            let flags = [it.common, it.covers_outage, told, parts, it.takes_servers, only];
            100 * it.at.len() as Time + flags.map(count).iter().sum::<Time>()
        };
        self.faults.iter().map(fault).sum::<Time>()
            + 100 * (self.planned.len() + self.watch.len()) as Time
            + self.strategies.iter().map(tables).sum::<Time>()
            + self
                .watch
                .iter()
                .map(|watch| count(watch.after > 0) + watch.misses.len() as Time)
                .sum::<Time>()
            + [self.call_out, self.decision, self.repair_first, self.diagnose]
                .map(|it| count(it > 0))
                .iter()
                .sum::<Time>()
            + Time::from(self.tries)
            + count(self.office)
            + self.sign_in.as_ref().map_or(0, |it| {
                10 * it.sorts.iter().map(Vec::len).sum::<usize>() as Time
                    + count(it.detection > 0)
                    + count(it.hashes)
                    + count(it.fallback.is_some())
                    + count(it.quarters_outside != 4)
                    + count(!it.users_of_sites.is_empty())
                    + count(it.as_office)
            })
            + count(self.people.is_some())
            + self.last_resort.map_or(0, |it| 1 + count(!it.2))
            + self.controllers.iter().map(|has| count(!has)).sum::<Time>()
    }
}
