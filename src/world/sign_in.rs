//! Sign-in as a service: where its agents stand, who notices that they are lost, what people can do
//! then, and how often users need to sign in, by the hour of the week.
//!
//! With pass-through sign-in the cloud asks an agent on premises for every password. With federation
//! it sends users to an AD FS server: those in the organisation's network reach it themselves, all
//! others through a Web Application Proxy; a load balancer may stand before both. So sign-in needs one of each sort, with its site and link,
//! and a domain controller that can be reached. Where password hashes are synchronised all the same,
//! people can switch sign-in to them by hand. Whoever works in a site that is cut off from the cloud
//! reaches nothing, whatever becomes of sign-in.
//!
//! Which agents are up at a moment, and what people do, is played in `engine::sign_in`.

use super::calendar::Calendar;
use super::profile::Profile;
use super::rates::Rates;
use super::site::{Reference, Sites};
use super::sync::SignIn;
use super::whereabouts::Whereabouts;
use crate::distribution::Distribution;
use crate::keys::{List, Range, Section};
use crate::units::HOURS_PER_YEAR;
use std::sync::Arc;

/// The tables, one for each sort of sign-in.
pub const TABLES: [(&str, SignIn); 2] =
    [("pass_through", SignIn::PassThrough), ("federated", SignIn::Federated)];

/// What stands before AD FS servers for users outside.
const PROXY: &str = "Web Application Proxy";

/// The key of the sort that a farm may do without.
pub const BALANCERS: &str = "balancers";

/// The sorts of agents: the key, what one is called, and what the key says.
pub const SORTS: [(&str, &str, &str); 4] = [
    (
        "agents",
        "sign-in agent",
        "the site of each agent: \"same\" as a first sync server, \"other\", or by name; the first agent is \
         on that server",
    ),
    (
        "servers",
        "AD FS server",
        "the site of each AD FS server of the farm: \"same\" as a first sync server, \"other\", or by name",
    ),
    (
        "proxies",
        PROXY,
        "the site of each Web Application Proxy: \"same\" as a first sync server, \"other\", or by name",
    ),
    (
        BALANCERS,
        "load balancer",
        "the site of each load balancer that users and proxies go through to an AD FS server; [] = none: their \
         names are resolved to the servers themselves, or there is one server",
    ),
];

/// Agents of one sort; one of them has to be up, for all users or for those outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInAgents {
    /// The key that says where they stand.
    pub key: &'static str,
    /// What one of them is called: "sign-in agent".
    pub noun: &'static str,
    /// The site of each.
    pub sites: Vec<u8>,
    /// The first stands on the first server of the strategy, whatever it says of its site.
    pub on_server: bool,
    /// Only users outside the organisation's network need one: Web Application Proxies.
    pub outside: bool,
}

/// How people switch sign-in to password hashes.
#[derive(Debug, Clone)]
pub struct Fallback {
    /// On the sync server: hands-on work, hours.
    pub by_hand: Distribution,
    /// From another machine, where there is no sync server to do it on: hands-on work too, hours.
    pub elsewhere: Distribution,
}

/// A `[pass_through]` or `[federated]` table, before it meets the calendar.
#[derive(Debug, Clone)]
pub struct SignInKeys {
    groups: Vec<SignInAgents>,
    detection: Distribution,
    hashes: bool,
    fallback: Option<Fallback>,
    profile: Profile,
    per_user_year: f64,
    outside: f64,
}

/// Sign-in through servers of one's own.
#[derive(Debug, Clone)]
pub struct SignInService {
    /// The sorts of agents: one of each has to be up.
    pub groups: Vec<SignInAgents>,
    /// From the loss of sign-in to the alarm, hours.
    pub detection: Distribution,
    /// Password hashes are synchronised as well.
    pub hashes: bool,
    /// How people switch to password hashes; `None` where they cannot.
    pub fallback: Option<Fallback>,
    /// All who sign in.
    pub users: u64,
    /// How often one of them needs to, per hour.
    pub needed: Arc<Rates>,
    /// Where they are.
    pub whereabouts: Whereabouts,
}

impl SignInKeys {
    /// Reads the table that belongs to how users sign in; nothing where it is not there, and sign-in
    /// is not played.
    pub fn read(top: &mut Section<'_>, sites: &Sites, sign_in: SignIn) -> Option<SignInKeys> {
        let mut found = None;
        for (table, of) in TABLES {
            let doc = match of {
                SignIn::Federated => {
                    "sign-in by federation: its AD FS servers and Web Application Proxies"
                }
                _ => "pass-through sign-in: its agents",
            };
            let Some(mut section) = top.optional_section(table, doc) else { continue };
            let keys = SignInKeys::read_table(&mut section, sites, of);
            section.finish();
            if of == sign_in {
                found = Some(keys);
            } else {
                top.warn(
                    table,
                    format!("[{table}] has no effect: users sign in otherwise"),
                    "write sign_in in [organisation] as the table is called, or leave the table out",
                );
            }
        }
        found
    }

    fn read_table(section: &mut Section<'_>, sites: &Sites, of: SignIn) -> SignInKeys {
        let detection = section.distribution(
            "detection",
            r#""5m to 30m""#,
            "from the loss of sign-in to the alarm: users call, or a test sign-in fails",
        );
        let sorts =
            SORTS.iter().filter(|(key, ..)| (*key == "agents") == (of == SignIn::PassThrough));
        let groups: Vec<SignInAgents> =
            sorts.map(|sort| read_agents(section, sites, *sort)).collect();
        warn_of_few(section, &groups);
        let (hashes, fallback) = read_fallback(section);
        SignInKeys {
            groups,
            detection,
            hashes,
            fallback,
            outside: section.probability("outside", 0.3, outside_doc(of)),
            profile: section.get(
                "profile",
                r#""mornings""#,
                "how sign-ins go over the week: \"flat\", \"office\", \"mornings\", a CSV file (dow,hour,weight), or \
                 168 weights from Monday 00:00",
            ),
            per_user_year: section.number(
                "per_user_year",
                200.0,
                Range::Between(0.0, 1e6),
                "times that a user needs to sign in because no token is left, per year (365 days)",
            ),
        }
    }

    /// The sorts of agents.
    pub fn groups(&self) -> &[SignInAgents] {
        &self.groups
    }

    /// Sign-in in a calendar, for so many users, who work in these sites.
    pub fn compile(&self, calendar: &Calendar, users: u64, sites: &Sites) -> SignInService {
        let per_hour = self.per_user_year / HOURS_PER_YEAR;
        SignInService {
            groups: self.groups.clone(),
            detection: self.detection.clone(),
            hashes: self.hashes,
            fallback: self.fallback.clone(),
            users,
            needed: Arc::new(Rates::new(calendar, &self.profile, &[], per_hour)),
            whereabouts: Whereabouts::new(self.outside, sites),
        }
    }
}

fn outside_doc(of: SignIn) -> &'static str {
    match of {
        SignIn::Federated => {
            "share of users outside the organisation's network: they need a Web Application Proxy, and reach \
             the cloud while sites are cut off; whoever is inside, or comes through a VPN, reaches an AD FS \
             server without one, and nothing while their site or its link is down"
        }
        _ => {
            "share of users outside the organisation's network, who reach the cloud while sites are cut off; \
             whoever is inside reaches nothing while their site or its link is down, so that the loss of \
             agents takes nothing more from them"
        }
    }
}

fn read_agents(
    section: &mut Section<'_>,
    sites: &Sites,
    (key, noun, doc): (&'static str, &'static str, &'static str),
) -> SignInAgents {
    let default = match (key, sites.len() > 1) {
        ("agents", true) => r#"["same", "same", "other"]"#,
        ("agents", false) => r#"["same", "same", "same"]"#,
        (BALANCERS, _) => "[]",
        (_, true) => r#"["same", "other"]"#,
        (_, false) => r#"["same", "same"]"#,
    };
    let list = List { item: Reference { sites }, distinct: false, plural: "sites" };
    let mut places = section.get_as(key, &list, default, doc);
    if places.is_empty() && key != BALANCERS {
        section.error(key, format!("there is no {noun}"), "name the site of each");
        places.push(0);
    }
    if places.len() > MOST {
        let help = format!("give {MOST} at the most; more of them change nothing that can be seen");
        section.error(key, format!("{} are too many", places.len()), &help);
        places.truncate(MOST);
    }
    let (on_server, outside) = (key == "agents", noun == PROXY);
    SignInAgents { key, noun, sites: places, on_server, outside }
}

/// Most agents of one sort that are played.
pub const MOST: usize = 8;

/// Warns where one machine or one site stops sign-in.
fn warn_of_few(section: &mut Section<'_>, groups: &[SignInAgents]) {
    for agents in groups {
        let key = agents.key;
        let from = if agents.outside { " from outside" } else { "" };
        if let [_] = agents.sites[..] {
            let place = if agents.on_server { ", and it is on the sync server" } else { "" };
            section.warn(
                key,
                format!("there is only one {}{place}", agents.noun),
                &match agents.on_server {
                    true => "whatever stops that machine stops sign-in; the vendor advises three or more \
                             agents"
                        .to_owned(),
                    false => format!("whatever stops that machine stops sign-in{from}; have a second one"),
                },
            );
        } else if agents.sites.windows(2).all(|two| two[0] == two[1]) && !agents.sites.is_empty() {
            section.warn(
                key,
                "all of them are in one site".into(),
                &format!(
                    "the loss of its link stops sign-in{from} of all who are not there; put one in another site"
                ),
            );
        }
    }
}

/// Are password hashes synchronised, and how do people switch to them, if they can?
fn read_fallback(section: &mut Section<'_>) -> (bool, Option<Fallback>) {
    let hashes = section.flag(
        "hashes",
        true,
        "password hashes are synchronised as well, so that sign-in can be switched to them",
    );
    let by_hand = section.distribution_or_never(
        "fallback",
        r#""1h to 4h""#,
        "hands-on time to switch sign-in to password hashes on the sync server, or \"never\"",
    );
    let elsewhere = section.distribution(
        "fallback_elsewhere",
        r#""1h to 6h""#,
        "hands-on time of that from another machine, where there is no sync server to do it on",
    );
    if !hashes && section.has("fallback") && by_hand.is_some() {
        section.warn(
            "fallback",
            "there is nothing to switch to: no password hashes are synchronised".into(),
            "write fallback = \"never\", or synchronise hashes too: hashes = true",
        );
    }
    (hashes, by_hand.filter(|_| hashes).map(|by_hand| Fallback { by_hand, elsewhere }))
}
