//! Sign-in through agents: what its loss costs, what ends it, and how often no agent is left.

use crate::exact::k_of_n::KOfN;
use crate::exact::renewal::Component;
use crate::metric::Metric::{LabourHours, SignInFailed, SignInUserHours};
use crate::verify::case::{Cases, mean, played, value, variance};
use crate::verify::organisation::{Organisation, quiet, repair};

const MECHANISM: &str = "Sign-in";
const BY_HAND: &str = "fallback = \"3h\"\nfallback_elsewhere = \"30h\"\n";

/// A thousand users who sign in through agents in these sites; all of them want to, all the time, unless
/// other keys say otherwise.
fn through(sites: &str, keys: &str) -> Organisation {
    let busiest = if keys.contains("busiest_share") { "" } else { "busiest_share = 1.0\n" };
    let profile = if keys.contains("profile") { "" } else { "profile = \"flat\"\n" };
    quiet().set("organisation.sign_in=pass-through").tables(&format!(
        "[pass_through]\nagents = [{sites}]\ndetection = \"0s\"\n{busiest}{profile}{keys}"
    ))
}

pub(super) fn cases() -> Vec<Cases> {
    let agent = |hours: f64| {
        let keys = format!("{}only = \"sign-in\"\n", repair(hours));
        through("\"same\"", BY_HAND).fault("engine", &[100.0], &keys)
    };
    let server = through("\"same\"", BY_HAND).fault("host", &[100.0], &repair(50.0));
    let by_hand = |organisation, questions| played(MECHANISM, "by hand", organisation, questions);
    vec![
        weekend(),
        by_hand(
            agent(50.0),
            vec![
                value("a switch to hashes ends the loss", SignInUserHours, 3_000.0),
                value("work on the agent and on the switch", LabourHours, 53.0),
            ],
        ),
        by_hand(agent(2.0), vec![value("an agent that is back sooner", SignInUserHours, 2_000.0)]),
        by_hand(
            server,
            vec![value("without the server it is done elsewhere", SignInUserHours, 30_000.0)],
        ),
        one_of_two(),
    ]
}

/// From Friday 16:00 to Monday 09:30: 3.5 office hours of weight 10, and 62 hours of weight 1. Half of the
/// users want to sign in in an office hour. 300 tries a user and year follow the same weights, of which a
/// week has 618 in its 168 hours.
fn weekend() -> Cases {
    let user_hours = 1_000.0 * (0.5 * 3.5 + 0.05 * 62.0);
    let tries = 300.0 / (8_760.0 * 0.5 / (10.0 / (618.0 / 168.0))) * user_hours;
    let office = "busiest_share = 0.5\nprofile = \"office\"\nper_user_year = 300.0\n\
                  fallback = \"never\"\n";
    played(
        MECHANISM,
        "weights of the hours, Poisson",
        through("\"same\"", office).fault("host", &[112.0], &repair(65.5)),
        vec![
            mean("tries to sign in over a weekend", SignInFailed, tries),
            variance("variance of tries to sign in", SignInFailed, tries),
            mean("user-hours without sign-in over a weekend", SignInUserHours, user_hours),
        ],
    )
}

/// Two machines that fail after 50 h and are repaired in 20 h, each for itself. What a trial counts is a
/// thousand times the hours.
fn one_of_two() -> Cases {
    let two = KOfN { component: Component::of_means(50.0, 20.0), count: 2, needed: 1 };
    let never = "per_user_year = 0.0\nfallback = \"never\"\n";
    let apart = through("\"same\", \"other\"", never)
        .tables("[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n")
        .clock("server", 50.0, 20.0);
    let (lost, spread) = (two.expected(400.0).downtime, two.downtime_variance(400.0));
    played(
        MECHANISM,
        "k of n, binomial at each time",
        apart,
        vec![
            mean("user-hours without any of two agents", SignInUserHours, 1_000.0 * lost),
            variance("variance without any of two agents", SignInUserHours, 1e6 * spread),
        ],
    )
}
