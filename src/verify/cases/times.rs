//! Distributions: an outage that is as long as a draw has the moments of the distribution.

use crate::metric::Metric::DowntimeHours;
use crate::verify::case::{Cases, at_most, mean, played, variance};
use crate::verify::organisation::quiet;
use libm::{exp, log, tgamma};

const MECHANISM: &str = "Distributions";
/// The 95 % point of the standard normal distribution.
const Z95: f64 = 1.644_853_626_951_472_7;

/// Cases of an outage whose length is drawn from `repair`: its mean, its variance.
fn drawn(name: &str, source: &'static str, repair: &str, moments: (f64, f64)) -> Cases {
    let organisation =
        quiet().set("horizon=100000h").fault("link", &[100.0], &format!("repair = {repair}\n"));
    played(
        MECHANISM,
        source,
        organisation,
        vec![
            mean(&format!("mean of {name}"), DowntimeHours, moments.0),
            variance(&format!("variance of {name}"), DowntimeHours, moments.1),
        ],
    )
}

pub(super) fn cases() -> Vec<Cases> {
    [ranges(), families(), composed()].into_iter().flatten().collect()
}

/// A range: lognormal, with its ends as the 5 % and 95 % points.
fn ranges() -> Vec<Cases> {
    let sigma = log(9.0) / (2.0 * Z95);
    let mean = 3.0 * exp(sigma * sigma / 2.0);
    let variance = mean * mean * (exp(sigma * sigma) - 1.0);
    let range = quiet().set("horizon=100000h").fault("link", &[100.0], "repair = \"1h to 9h\"\n");
    vec![
        played(
            MECHANISM,
            "its definition",
            range,
            vec![
                at_most("the lower end of a range", DowntimeHours, 1.0, 0.05),
                at_most("the upper end of a range", DowntimeHours, 9.0, 0.95),
            ],
        ),
        drawn("a range of 1 h to 9 h", "lognormal distribution", "\"1h to 9h\"", (mean, variance)),
    ]
}

/// Families with a closed form.
fn families() -> Vec<Cases> {
    let half = tgamma(1.5);
    // PERT of 1, 2 and 9: beta with a = 1 + 4/8 and b = 1 + 4 7/8, stretched from 1 to 9.
    let (a, b) = (1.5, 4.5);
    let beta = a * b / ((a + b) * (a + b) * (a + b + 1.0));
    let triangular = (1.0 + 4.0 + 36.0 - 2.0 - 6.0 - 12.0) / 18.0;
    vec![
        drawn(
            "a Weibull time",
            "gamma function",
            "{ weibull = { scale = \"4h\", shape = 2.0 } }",
            (4.0 * half, 16.0 * (1.0 - half * half)),
        ),
        drawn(
            "a gamma time",
            "gamma distribution",
            "{ gamma = { mean = \"6h\", shape = 3.0 } }",
            (6.0, 12.0),
        ),
        drawn(
            "a triangular time",
            "triangular distribution",
            "{ triangular = { min = \"1h\", mode = \"2h\", max = \"6h\" } }",
            (3.0, triangular),
        ),
        drawn(
            "a PERT time",
            "beta distribution",
            "{ pert = { min = \"1h\", mode = \"2h\", max = \"9h\" } }",
            (1.0 + 8.0 * a / (a + b), 64.0 * beta),
        ),
        drawn(
            "a uniform time",
            "by hand",
            "{ uniform = { min = \"2h\", max = \"8h\" } }",
            (5.0, 3.0),
        ),
        // The spread is half of the mean.
        drawn(
            "a lognormal time by its spread",
            "by hand",
            "{ lognormal = { mean = \"2h\", cv = 0.5 } }",
            (2.0, 1.0),
        ),
    ]
}

/// Times that are made of others.
fn composed() -> Vec<Cases> {
    // Cut at its mean by drawing again: (1 - 2/e)/(1 - 1/e) of the mean.
    let e = exp(-1.0);
    let cut = (1.0 - 2.0 * e) / (1.0 - e);
    let square = (2.0 - 5.0 * e) / (1.0 - e);
    vec![
        drawn(
            "a time that is cut",
            "truncated exponential",
            "{ exponential = { mean = \"10h\" }, max = \"10h\" }",
            (10.0 * cut, 100.0 * (square - cut * cut)),
        ),
        drawn(
            "a mixture",
            "by hand",
            "{ mixture = [{ weight = 0.9, of = \"1h\" }, { weight = 0.1, of = \"11h\" }] }",
            (2.0, 9.0),
        ),
        drawn(
            "logged times",
            "by hand",
            "{ empirical = [\"1h\", \"2h\", \"6h\"] }",
            (3.0, 14.0 / 3.0),
        ),
    ]
}
