//! Traps of sign-in: what is not played, which agents carry what, and where the first of them stands.

use super::{AtStrategy, Read};
use crate::keys::{Section, quote};
use crate::strategy::Strategy;
use crate::strategy::layout::FIRST_SITE;
use crate::world::fault::Carrier;
use crate::world::sign_in::{SignInAgents, TABLES};
use crate::world::sync::SignIn;

/// Warns of all of them.
pub(super) fn warn(top: &mut Section<'_>, read: &Read<'_>) {
    if read.sign_in.is_none() {
        warn_of_idle_parts(top, read);
        warn_of_no_table(top, read);
    }
    warn_of_agents_of_cloud_sync(top, read);
    warn_of_other_sorts(top, read);
    warn_of_first_agent(top, read);
}

fn strategies<'a>(read: &'a Read<'_>) -> impl Iterator<Item = (&'a Strategy, &'a AtStrategy)> {
    read.strategies.iter().zip(read.at_strategies)
}

/// Parts that are there for a sign-in that is not played.
fn warn_of_idle_parts(top: &mut Section<'_>, read: &Read<'_>) {
    let help = "add [pass_through] or [federated], as users sign in";
    for (strategy, at) in strategies(read).filter(|(strategy, _)| strategy.sign_in.is_there()) {
        let name = quote(&strategy.name);
        let says = match strategy.sign_in.by_hashes {
            true => "says that users sign in with hashes",
            false => "places agents of sign-in",
        };
        let message = format!("{name} {says}, which is not played");
        top.warn_at(at.name.clone(), message, help);
    }
    for (fault, at) in read.faults.iter().zip(read.at_faults) {
        if fault.only == Some(Carrier::SignIn) {
            let message = format!("{} strikes nothing: sign-in is not played", quote(&fault.name));
            top.warn_at(at.name.clone(), message, help);
        }
    }
}

fn warn_of_no_table(top: &mut Section<'_>, read: &Read<'_>) {
    let words = match read.organisation.sign_in {
        SignIn::PasswordHashSync => return,
        SignIn::PassThrough => "pass-through sign-in: the first agent runs on the sync server",
        SignIn::Federated => "federated sign-in needs AD FS servers and Web Application Proxies",
    };
    let table = table(read.organisation.sign_in);
    top.warn_at(
        top.span_of(&["organisation", "sign_in"]),
        format!("{words}; what the loss of sign-in does is not played"),
        &format!("say where they stand: [{table}], even if nothing is below it"),
    );
}

fn table(sign_in: SignIn) -> &'static str {
    TABLES.iter().find(|(_, of)| *of == sign_in).map_or("", |(table, _)| table)
}

/// Agents of Cloud Sync are taken for those of sign-in, unless the strategy says where these stand.
fn warn_of_agents_of_cloud_sync(top: &mut Section<'_>, read: &Read<'_>) {
    let method = match read.organisation.sign_in {
        SignIn::PasswordHashSync => return,
        SignIn::PassThrough => "pass-through",
        SignIn::Federated => "federation",
    };
    let groups = read.sign_in.map_or(&[][..], |keys| keys.groups());
    for (strategy, at) in strategies(read) {
        if strategy.carrier() != Carrier::Agents || strategy.sign_in.is_there() {
            continue;
        }
        let counts: Vec<String> =
            groups.iter().filter(|it| !it.sites.is_empty()).map(counted).collect();
        let through = if counts.is_empty() { "others".to_owned() } else { counts.join(" and ") };
        let place = match groups.iter().any(|agents| agents.on_server) {
            true => ", the first of which is on the machine of its first agent",
            false => "",
        };
        let message = format!(
            "{}: its agents of Cloud Sync carry synchronisation, and users sign in through {through}{place}",
            quote(&strategy.name)
        );
        let help = format!(
            "no number of the ones replaces the others: say in [strategy.sign_in] where those of sign-in \
             stand. Cloud Sync does not set up {method}; it is done apart, and sign-in is switched to hashes \
             from another machine (fallback_elsewhere)"
        );
        top.warn_at(at.name.clone(), message, &help);
    }
}

/// "2 AD FS servers".
fn counted(agents: &SignInAgents) -> String {
    let SignInAgents { noun, sites, .. } = agents;
    match (sites.len(), noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (number, Some(stem)) => format!("{number} {stem}ies"),
        (number, None) => format!("{number} {noun}s"),
    }
}

/// Sites of a sort of agents through which nobody signs in.
fn warn_of_other_sorts(top: &mut Section<'_>, read: &Read<'_>) {
    let Some(keys) = read.sign_in else { return };
    for (strategy, at) in strategies(read) {
        let is_other = |key: &&str| keys.groups().iter().all(|agents| agents.key != *key);
        for key in strategy.sign_in.keys().filter(is_other) {
            let message = format!("{}: {key} has no effect", quote(&strategy.name));
            let known: Vec<&str> = keys.groups().iter().map(|agents| agents.key).collect();
            let help = format!("users sign in otherwise: write {}", known.join(" and "));
            top.warn_at(at.name.clone(), message, &help);
        }
    }
}

/// The first pass-through agent stands on the first server, whatever is said of its site.
fn warn_of_first_agent(top: &mut Section<'_>, read: &Read<'_>) {
    let groups = read.sign_in.map_or(&[][..], |keys| keys.groups());
    let Some(agents) = groups.iter().find(|agents| agents.on_server) else { return };
    let name = |site: u8| {
        let site = read.sites.get(usize::from(site));
        site.map_or_else(String::new, |site| quote(&site.name))
    };
    let message = |stands: u8, said: u8| {
        format!(
            "the first sign-in agent stands on the first server, in {}, and not in {}",
            name(stands),
            name(said)
        )
    };
    let help = "begin the list with the site of that server; machines of their own come after it";
    let said = agents.sites[0];
    if said != FIRST_SITE {
        let span = top.span_of(&[table(SignIn::PassThrough), agents.key]);
        top.warn_at(span, message(FIRST_SITE, said), help);
    }
    for (strategy, at) in strategies(read) {
        let stands = strategy.layout.paths[0].site;
        let Some(&said) = strategy.sign_in.sites(agents).first() else { continue };
        let is_told = !strategy.sign_in.is_there() && stands == FIRST_SITE;
        if said != stands && !is_told {
            let message = format!("{}: {}", quote(&strategy.name), message(stands, said));
            top.warn_at(at.name.clone(), message, help);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::scenario::traps::tests::{EVERY, NONE, findings};

    /// The warnings of strategies that users sign in with by pass-through, or otherwise.
    fn of_sign_in(sign_in: &str, table: &str, strategy: &str) -> Vec<String> {
        let lines = format!(
            "[organisation]\nusers = 25_000\nsign_in = \"{sign_in}\"\n{table}\n[[strategy]]\nname = \"agents\"\n\
             annual_cost = 0\n{strategy}"
        );
        findings(&format!(
            "[[fault]]\nname = \"cut\"\nstrikes = \"host\"\nrepair = \"1h\"\ncommon_mode = 0.1\n{EVERY}{lines}"
        ))
    }

    #[test]
    fn agents_of_cloud_sync_are_told_apart_from_those_of_sign_in() {
        let agents = "[strategy.cloud_sync]\n";
        let told = of_sign_in("pass-through", "[pass_through]", agents);
        assert_eq!(
            told,
            [
                "\"agents\" | \"agents\": its agents of Cloud Sync carry synchronisation, and users sign in through \
              3 sign-in agents, the first of which is on the machine of its first agent | no number of the ones \
              replaces the others: say in [strategy.sign_in] where those of sign-in stand. Cloud Sync does not \
              set up pass-through; it is done apart, and sign-in is switched to hashes from another machine \
              (fallback_elsewhere)"
            ]
        );
        let told = of_sign_in(
            "federated",
            "[federated]\nproxies = [\"same\", \"other\", \"other\"]",
            agents,
        );
        assert_eq!(told.len(), 1);
        let through =
            "users sign in through 2 AD FS servers and 3 Web Application Proxies | no number";
        assert!(told[0].contains(through) && told[0].contains("set up federation"), "{told:?}");
        // Whoever says where they stand knows it, and without agents of Cloud Sync there is nothing to tell.
        let own = format!("{agents}[strategy.sign_in]\nagents = [\"same\", \"other\"]\n");
        assert_eq!(of_sign_in("pass-through", "[pass_through]", &own), NONE);
        assert_eq!(of_sign_in("pass-through", "[pass_through]", "[strategy.rebuild]\n"), NONE);
        assert_eq!(of_sign_in("password-hash-sync", "", agents), NONE);
        // It is told too where sign-in is not played.
        let told = of_sign_in("pass-through", "", agents);
        assert!(told.len() == 2 && told[1].contains("users sign in through others |"), "{told:?}");
    }

    #[test]
    fn the_first_sign_in_agent_stands_on_the_first_server_and_other_keys_have_no_effect() {
        let rebuild = "[strategy.rebuild]\n";
        let table = "[pass_through]\nagents = [\"other\", \"same\"]";
        let told = of_sign_in("pass-through", table, rebuild);
        assert_eq!(
            told,
            [
                "[\"other\", \"same\"] | the first sign-in agent stands on the first server, in \"main\", and not in \
              \"other\" | begin the list with the site of that server; machines of their own come after it"
            ]
        );
        let own = format!("{rebuild}[strategy.sign_in]\nagents = [\"other\", \"same\"]\n");
        let told = of_sign_in("pass-through", "[pass_through]", &own);
        assert!(
            told.len() == 1
                && told[0].starts_with("\"agents\" | \"agents\": the first sign-in agent"),
            "{told:?}"
        );
        // The first agent of Cloud Sync stands elsewhere, and with it the first of sign-in.
        let other =
            "[strategy.cloud_sync]\nsites = [\"other\", \"same\"]\n[strategy.sign_in]\nagents = ";
        let places = |places: &str| {
            of_sign_in("pass-through", "[pass_through]", &format!("{other}{places}\n"))
        };
        assert_eq!(places("[\"other\", \"same\"]"), NONE);
        assert!(places("[\"same\", \"other\"]")[0].contains("in \"other\", and not in \"main\""));
        let farm = format!("{rebuild}[strategy.sign_in]\nservers = [\"same\", \"other\"]\n");
        assert_eq!(
            of_sign_in("pass-through", "[pass_through]", &farm),
            [
                "\"agents\" | \"agents\": servers has no effect | users sign in otherwise: write agents"
            ]
        );
    }
}
