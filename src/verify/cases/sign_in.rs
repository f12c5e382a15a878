//! Sign-in through agents: what its loss costs, what ends it, and how often no agent is left.

use crate::exact::k_of_n::KOfN;
use crate::exact::renewal::Component;
use crate::metric::Metric::{LabourHours, SignInDownHours, SignInFailed, SignInUserHours};
use crate::verify::case::{Cases, mean, played, value, variance};
use crate::verify::organisation::{Organisation, quiet, repair};

const MECHANISM: &str = "Sign-in";
const BY_HAND: &str = "fallback = \"3h\"\nfallback_elsewhere = \"30h\"\n";

/// A thousand users who sign in through agents in these sites and work in none of them; each needs to once
/// an hour, unless other keys say otherwise.
fn through(sites: &str, keys: &str) -> Organisation {
    let often = if keys.contains("per_user_year") { "" } else { "per_user_year = 8760.0\n" };
    let profile = if keys.contains("profile") { "" } else { "profile = \"flat\"\n" };
    quiet().set("organisation.sign_in=pass-through").tables(&format!(
        "[pass_through]\nagents = [{sites}]\ndetection = \"0s\"\noutside = 1.0\n{often}{profile}{keys}"
    ))
}

/// User-hours of a thousand users, of whom all but e^-t are locked out after t hours.
fn locked_out(hours: f64) -> f64 {
    1_000.0 * (hours - 1.0 + libm::exp(-hours))
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
                value("a switch to hashes ends the loss", SignInUserHours, locked_out(3.0)),
                value("work on the agent and on the switch", LabourHours, 53.0),
            ],
        ),
        by_hand(
            agent(2.0),
            vec![value("an agent that is back sooner", SignInUserHours, locked_out(2.0))],
        ),
        by_hand(
            server,
            vec![value(
                "without the server it is done elsewhere",
                SignInUserHours,
                locked_out(30.0),
            )],
        ),
        one_of_two(),
    ]
}

/// From Friday 16:00 to Monday 09:30: two office hours, 62 others, 1.5 office hours. A user needs to sign
/// in 0.06 times in an office hour and 0.006 times in another, so that all but e^-0.12, e^-0.492 and
/// e^-0.582 are locked out at the ends of these spans.
fn weekend() -> Cases {
    let e = |x: f64| libm::exp(-x);
    let free = (1.0 - e(0.12)) / 0.06
        + e(0.12) * (1.0 - e(0.372)) / 0.006
        + e(0.492) * (1.0 - e(0.09)) / 0.06;
    let share = 1.0 - e(0.582);
    let per_user_year = 0.006 * 618.0 / 168.0 * 8_760.0;
    let office =
        format!("profile = \"office\"\nper_user_year = {per_user_year:?}\nfallback = \"never\"\n");
    played(
        MECHANISM,
        "weights of the hours, binomial",
        through("\"same\"", &office).fault("host", &[112.0], &repair(65.5)),
        vec![
            mean("users locked out over a weekend", SignInFailed, 1_000.0 * share),
            variance("variance of users locked out", SignInFailed, 1_000.0 * share * (1.0 - share)),
            mean("user-hours locked out over a weekend", SignInUserHours, 1_000.0 * (65.5 - free)),
        ],
    )
}

/// Two machines that fail after 50 h and are repaired in 20 h, each for itself.
fn one_of_two() -> Cases {
    let two = KOfN { component: Component::of_means(50.0, 20.0), count: 2, needed: 1 };
    let never = "fallback = \"never\"\n";
    let apart = through("\"same\", \"other\"", never)
        .tables("[[watch]]\nname = \"all\"\nsees = [\"*\"]\nafter = \"0s\"\nstandby = true\n")
        .clock("server", 50.0, 20.0);
    let (lost, spread) = (two.expected(400.0).downtime, two.downtime_variance(400.0));
    played(
        MECHANISM,
        "k of n, binomial at each time",
        apart,
        vec![
            mean("hours without any of two agents", SignInDownHours, lost),
            variance("variance without any of two agents", SignInDownHours, spread),
        ],
    )
}
