//! Cases with known answers: every estimator within 4 standard errors of its closed form at a fixed
//! seed, and the spread that the standard error comes from judged in the same way.

use crate::bench::{
    AT_ONCE, assert_mean, assert_share, assert_variance, column, moments, play, play_one, scenario,
};
use outlast::Metric;

const TRIALS: u64 = 20_000;

/// One fixed outage of `hours` from hour 100 on, in a horizon of 400 h, with the given workload.
fn fixed_outage(hours: f64, users: u64, workload: &str) -> String {
    format!(
        r#"
schema = 1
name = "fixed outage"
horizon = "400h"
[organisation]
users = {users}
objects = {users}
{workload}
{AT_ONCE}
[[fault]]
name = "fixed"
strikes = "link"
at = ["100h"]
repair = "{hours}h"
common_mode = 0.0
[[strategy]]
name = "repair"
"#
    )
}

fn no_workload_but(keys: &str) -> String {
    let mut text = String::new();
    for (table, silent) in [
        ("password_changes", "per_user_year = 0.0"),
        ("writeback", "per_user_year = 0.0"),
        ("object_changes", "per_hour = 0.0"),
    ] {
        if !keys.contains(&format!("[workload.{table}]")) {
            text += &format!("[workload.{table}]\n{silent}\n");
        }
    }
    text + keys
}

/// Alternating renewal with exponential up time 1/l and repair 1/m over `hours`.
fn renewal(up: f64, down: f64, hours: f64) -> String {
    let workload = no_workload_but("");
    format!(
        r#"
schema = 1
name = "renewal"
horizon = "{hours}h"
{workload}
{AT_ONCE}
[[fault]]
name = "crash"
strikes = "server"
every = {{ exponential = {{ mean = "{up}h" }} }}
repair = {{ exponential = {{ mean = "{down}h" }} }}
[[strategy]]
name = "repair"
"#
    )
}

#[test]
fn mean_downtime_of_an_exponential_renewal_over_a_finite_horizon() {
    // E = lT/(l+m) - l/(l+m)^2 (1 - e^-(l+m)T): the standard two-state Markov chain.
    for (up, down, hours) in [(10.0, 5.0, 20.0), (300.0, 8.0, 8760.0), (1.0, 1.0, 3.0)] {
        let trials = play(&scenario(&renewal(up, down, hours)), 1, TRIALS);
        let (l, m) = (1.0 / up, 1.0 / down);
        let s: f64 = l + m;
        let truth = l * hours / s - l / (s * s) * (1.0 - (-s * hours).exp());
        assert_mean("downtime", &column(&trials, Metric::DowntimeHours), truth);
    }
}

#[test]
fn distribution_of_downtime_is_that_of_takacs() {
    // L. Takacs 1957: P(downtime <= x in T) = sum over n of P(n failures in up time T - x, and n
    // repairs last x at the most) = sum Poisson(n; l (T - x)) P(Erlang(n, m) <= x).
    let (up, down, hours) = (10.0, 5.0, 20.0);
    let trials = play(&scenario(&renewal(up, down, hours)), 2, TRIALS);
    let downtime = column(&trials, Metric::DowntimeHours);
    for x in [0.0, 0.5, 2.0, 5.0, 8.0, 12.0] {
        let (mean, reach) = ((hours - x) / up, x / down);
        let mut poisson = f64::exp(-mean);
        let (mut below, mut term) = (1.0, f64::exp(-reach));
        let mut truth = poisson;
        for n in 1..200 {
            poisson *= mean / f64::from(n);
            below -= term;
            term *= reach / f64::from(n);
            truth += poisson * below.max(0.0);
        }
        assert_share(&format!("downtime <= {x}"), &downtime, truth, |v| v <= x);
    }
}

#[test]
fn a_renewal_with_another_distribution_has_the_mean_count_of_its_renewal_function() {
    // Up times gamma of shape 2 and mean 2/a, repairs at once: the renewal function is
    // aT/2 - (1 - e^(-2aT))/4 (Cox 1962).
    let text = format!(
        r#"
schema = 1
name = "gamma renewal"
horizon = "50h"
{}
{AT_ONCE}
[[fault]]
name = "wear"
strikes = "link"
common_mode = 0.0
every = {{ gamma = {{ mean = "10h", shape = 2.0 }} }}
repair = "0s"
[[strategy]]
name = "repair"
"#,
        no_workload_but("")
    );
    let trials = play(&scenario(&text), 3, TRIALS);
    let (a, t) = (0.2, 50.0);
    let truth = a * t / 2.0 - (1.0 - f64::exp(-2.0 * a * t)) / 4.0;
    assert_mean("outages", &column(&trials, Metric::Outages), truth);
    assert!(column(&trials, Metric::DowntimeHours).iter().all(|hours| *hours == 0.0));
}

#[test]
fn object_changes_in_a_fixed_outage_and_their_delay() {
    // Flat rate c over D: cD changes, mean delay cD^2/2 and variance cD^3/3. A rate high enough for
    // the limit distribution, and one far below it.
    for rate in [0.5, 3.0, 400.0] {
        let workload = no_workload_but(&format!(
            "[workload.object_changes]\nper_hour = {rate}\nprofile = \"flat\"\ndeletes = 0.0\n\
             disables = 0.25\n"
        ));
        let text = fixed_outage(10.0, 1_000, &workload)
            .replace("[sync]", "[sync]\nexport_per_hour = 1e12");
        let trials = play(&scenario(&text), 4, TRIALS);
        let (c, d) = (rate, 10.0_f64);
        let changes = column(&trials, Metric::DelayedObjectChanges);
        assert_mean("changes", &changes, c * d);
        assert_variance("changes", &changes, c * d);
        let delay = column(&trials, Metric::ObjectDelayHours);
        assert_mean("delay", &delay, c * d * d / 2.0);
        assert_variance("delay", &delay, c * d * d * d / 3.0);
        let disabled = column(&trials, Metric::DisabledAccountHours);
        assert_mean("disabled", &disabled, 0.25 * c * d * d / 2.0);
        assert_variance("disabled", &disabled, 0.25 * c * d * d * d / 3.0);
    }
}

/// A flat password stream of `rate` per hour for `users`.
fn passwords(rate: f64, users: u64) -> String {
    let per_user_year = rate * 8760.0 / users as f64;
    no_workload_but(&format!(
        "[workload.password_changes]\nper_user_year = {per_user_year}\nprofile = \"flat\"\n"
    ))
}

#[test]
fn distinct_users_and_their_exposure_in_a_finite_population() {
    // Each of N users is caught with p = 1 - e^(-cD/N), independently; from the first change,
    // exposure has mean N D - (N^2/c) p. With u = D - t and rate a = c/N:
    // E u^2 = D^2 - 2D/a + (2/a^2) p for one user, so the variance is N (E u^2 - (E u)^2).
    let d = 10.0_f64;
    for (users, rate) in [(3, 0.5), (50, 20.0), (2_000, 900.0)] {
        let text = fixed_outage(d, users, &passwords(rate, users))
            .replace("[sync]", "[sync]\npasswords_per_minute = 1e12");
        let trials = play(&scenario(&text), 5, TRIALS);
        let n = users as f64;
        let a = rate / n;
        let p = 1.0 - (-a * d).exp();
        let stale = column(&trials, Metric::StaleUsers);
        assert_mean("stale users", &stale, n * p);
        assert_variance("stale users", &stale, n * p * (1.0 - p));
        let hours = column(&trials, Metric::StaleUserHours);
        let first = d - p / a;
        assert_mean("stale user-hours", &hours, n * first);
        let second = d * d - 2.0 * d / a + 2.0 / (a * a) * p;
        assert_variance("stale user-hours", &hours, n * (second - first * first));
        assert_eq!(stale, column(&trials, Metric::PeakStaleUsers));
    }
}

#[test]
fn distinct_users_over_several_outages() {
    // Two outages of 10 h: N (1 - e^(-2cD/N)) distinct users, and twice the exposure.
    let (users, rate, d) = (200, 15.0, 10.0_f64);
    let text = fixed_outage(d, users, &passwords(rate, users))
        .replace("[\"100h\"]", "[\"100h\", \"150h\"]")
        .replace("[sync]", "[sync]\npasswords_per_minute = 1e12");
    let trials = play(&scenario(&text), 6, TRIALS);
    let (n, a) = (users as f64, rate / users as f64);
    let p = 1.0 - (-2.0 * a * d).exp();
    let stale = column(&trials, Metric::StaleUsers);
    assert_mean("stale users", &stale, n * p);
    assert_variance("stale users", &stale, n * p * (1.0 - p));
    let once = n * d - n / a * (1.0 - (-a * d).exp());
    assert_mean("stale user-hours", &column(&trials, Metric::StaleUserHours), 2.0 * once);
}

#[test]
fn exposure_depends_on_the_second_moment_of_the_restore_time() {
    // E[exposure] = c E[D^2] / 2 for an outage of lognormal length: the tail decides.
    let sigma = 0.8_f64;
    let workload = no_workload_but(
        "[workload.object_changes]\nper_hour = 30.0\nprofile = \"flat\"\ndeletes = 0.0\n",
    );
    let text = fixed_outage(10.0, 1_000, &workload)
        .replace("\"400h\"", "\"4000h\"")
        .replace("\"10h\"", &format!("{{ lognormal = {{ median = \"6h\", sigma = {sigma} }} }}"))
        .replace("[sync]", "[sync]\nexport_per_hour = 1e12");
    let trials = play(&scenario(&text), 7, 100_000);
    let second = 36.0 * (2.0 * sigma * sigma).exp();
    assert_mean("delay", &column(&trials, Metric::ObjectDelayHours), 30.0 * second / 2.0);
}

#[test]
fn a_backlog_that_drains_while_new_changes_keep_arriving() {
    // The fluid total is cD^2/2 r/(r-c). The items are whole: beyond the fluid, with v = work in
    // the system, arrivals wait E int v dt where int v dt from work v_0 is v_0^2/(2(1-s)) + c/r^2
    // v_0 / (2 (1-s)^2), s = c/r, and E v_0^2 = (cD)^2/r^2 + cD/r^2.
    for (c, r, d) in [(3.0, 10.0, 10.0_f64), (200.0, 400.0, 10.0), (40.0, 45.0, 4.0)] {
        let workload = no_workload_but(&format!(
            "[workload.object_changes]\nper_hour = {c}\nprofile = \"flat\"\ndeletes = 0.0\n"
        ));
        let text = fixed_outage(d, 1_000, &workload)
            .replace("[sync]", &format!("[sync]\nexport_per_hour = {r}"));
        let trials = play(&scenario(&text), 8, TRIALS);
        let s = c / r;
        let waiting = c * d;
        let own = c * d * d / 2.0 + waiting * waiting / (2.0 * r);
        let mean_square = (waiting * waiting + waiting) / (r * r);
        let area = mean_square / (2.0 * (1.0 - s))
            + c / (r * r) * (waiting / r) / (2.0 * (1.0 - s) * (1.0 - s));
        let truth = own + c * area;
        let fluid = c * d * d / 2.0 * r / (r - c);
        assert!((truth / fluid - 1.0).abs() < 0.2, "{truth} {fluid}");
        assert_mean("delay", &column(&trials, Metric::ObjectDelayHours), truth);
        // The busy period after the return: cD / (r - c).
        assert_mean("catch-up", &column(&trials, Metric::CatchUpHours), waiting / (r - c));
    }
}

#[test]
fn a_standby_that_works_with_probability_p() {
    // Restored after 1 h of promotion with probability p, else after 9 h of repair.
    let p = 0.7;
    let text = format!(
        r#"
schema = 1
name = "standby"
horizon = "400h"
{}
{AT_ONCE}
[[fault]]
name = "fixed"
strikes = "server"
at = ["100h"]
repair = "9h"
common_mode = 0.0
[[strategy]]
name = "standby"
[strategy.staging]
promote = "1h"
success = {p}
fenced = 1.0
"#,
        no_workload_but("")
    )
    .replace("[operations]", "[operations]\ntries = 1");
    let trials = play(&scenario(&text), 9, TRIALS);
    let downtime = column(&trials, Metric::DowntimeHours);
    assert!(downtime.iter().all(|hours| *hours == 1.0 || *hours == 9.0));
    assert_share("promoted", &downtime, p, |hours| hours == 1.0);
    assert_mean("downtime", &downtime, p + 9.0 * (1.0 - p));
}

#[test]
fn common_mode_takes_the_standby_with_its_probability() {
    let text = format!(
        r#"
schema = 1
name = "common mode"
horizon = "400h"
{}
{AT_ONCE}
[[fault]]
name = "fixed"
strikes = "server"
at = ["100h"]
repair = "9h"
common_mode = 0.3
[[strategy]]
name = "standby"
[strategy.staging]
promote = "1h"
success = 1.0
fenced = 1.0
"#,
        no_workload_but("")
    );
    let trials = play(&scenario(&text), 10, TRIALS);
    assert_share("promoted", &column(&trials, Metric::DowntimeHours), 0.7, |hours| hours == 1.0);
}

#[test]
fn a_weekly_profile_over_a_weekend() {
    // Friday 16:00 to Monday 10:00: office hours 16-18 on Friday and 8-10 on Monday weigh 10, the
    // other 62 hours 1. A week's 168 hours weigh 618.
    let workload = no_workload_but(
        "[workload.object_changes]\nper_hour = 5.0\nprofile = \"office\"\ndeletes = 0.0\n",
    );
    let text = fixed_outage(66.0, 1_000, &workload)
        .replace("\"100h\"", "\"112h\"")
        .replace("[sync]", "[sync]\nexport_per_hour = 1e12");
    let trials = play(&scenario(&text), 11, TRIALS);
    let unit = 5.0 * 168.0 / 618.0;
    let weights = |hour: i32| {
        let (day, hour) = ((112 + hour) / 24 % 7, (112 + hour) % 24);
        if day < 5 && (8..18).contains(&hour) { 10.0 } else { 1.0 }
    };
    let expected: f64 = (0..66).map(|hour| unit * weights(hour)).sum();
    assert!((expected - unit * 102.0).abs() < 1e-9);
    assert_mean("changes", &column(&trials, Metric::DelayedObjectChanges), expected);
    let delay: f64 = (0..66).map(|h| unit * weights(h) * (65.5 - f64::from(h))).sum();
    assert_mean("delay", &column(&trials, Metric::ObjectDelayHours), delay);
}

#[test]
fn hands_on_work_rests_over_a_weekend() {
    // Friday 16:00, repair of 3 h, staffed Mon-Fri 09:00-17:00: one hour on Friday, two on Monday,
    // back on Monday at 11:00. Found at 18:00 instead: Monday 09:00 to 12:00.
    let text = |detection: &str| {
        fixed_outage(3.0, 10, &no_workload_but(""))
            .replace("\"100h\"", "\"112h\"")
            .replace("\"link\"", "\"server\"")
            .replace("detection = \"0s\"", &format!("detection = \"{detection}\""))
            .replace("[operations]", "[operations]\nstaffed = \"Mon-Fri 09:00-17:00\"")
    };
    let (metrics, outages) = play_one(&scenario(&text("0s")), 0, 0);
    assert_eq!((outages[0].onset, outages[0].end), (112.0, 168.0 + 11.0));
    assert_eq!(metrics[Metric::LabourHours], 3.0);
    let (_, outages) = play_one(&scenario(&text("2h")), 0, 0);
    assert_eq!(outages[0].end, 168.0 + 12.0);
}

#[test]
fn detection_by_the_nth_refused_request() {
    // Flat requests of 2 an hour: the third is refused after an Erlang(3, 2) time, mean 1.5 h,
    // variance 0.75; or monitoring notices after 4 h, whichever is first.
    let users = 1_000;
    let workload = no_workload_but(&format!(
        "[workload.writeback]\nper_user_year = {}\nprofile = \"flat\"\nattempts = 1\n",
        2.0 * 8760.0 / f64::from(users)
    ));
    let text = |monitor: &str| {
        fixed_outage(1.0, 1_000, &workload)
            .replace("\"link\"", "\"server\"")
            .replace("detection = \"0s\"", &format!("detection = \"{monitor}\"\nuser_reports = 3"))
    };
    let trials = play(&scenario(&text("200h")), 12, TRIALS);
    let wait: Vec<f64> =
        column(&trials, Metric::DowntimeHours).iter().map(|hours| hours - 1.0).collect();
    assert_mean("wait", &wait, 1.5);
    assert_variance("wait", &wait, 0.75);
    // Requests refused: the three, and Poisson(2) in the hour of repair.
    let refused = column(&trials, Metric::WritebackFailedAttempts);
    assert_mean("refused", &refused, 5.0);
    assert_variance("refused", &refused, 2.0);

    let trials = play(&scenario(&text("2h")), 13, TRIALS);
    let wait: Vec<f64> =
        column(&trials, Metric::DowntimeHours).iter().map(|hours| hours - 1.0).collect();
    // P(Erlang(3, 2) > 2) = e^-4 (1 + 4 + 8).
    assert_share("by monitoring", &wait, f64::exp(-4.0) * 13.0, |wait| wait >= 2.0 - 1e-9);
    // Requests in all: Poisson(2 x downtime) seen through a stopping time: mean 2 E[downtime].
    let difference: Vec<f64> = trials
        .iter()
        .map(|m| m[Metric::WritebackFailedAttempts] - 2.0 * m[Metric::DowntimeHours])
        .collect();
    assert_mean("requests less their rate", &difference, 0.0);
}

#[test]
fn writeback_requests_refused_delayed_and_lost() {
    // Outage of D = 3 h, exponential retry of mean 1/2 h (rate r), 3 attempts, flat rate b:
    // lost = b int_0^D P(Erlang(2, r) <= u) du, failed = b int (1 + F_1 + F_2) du.
    let (b, r, d) = (40.0, 2.0, 3.0_f64);
    let workload = |retry: &str| {
        no_workload_but(&format!(
            "[workload.writeback]\nper_user_year = {}\nprofile = \"flat\"\nattempts = 3\n\
             retry = {retry}\n",
            b * 8760.0 / 1_000.0
        ))
    };
    let gone = f64::exp(-r * d);
    let first = d - (1.0 - gone) / r;
    let second = d - 2.0 / r + gone * (d + 2.0 / r);
    let exponential = "{ exponential = { mean = \"30m\" } }";
    // The second form has the same distribution and is followed request by request.
    let half = "{ weight = 0.5, of = { exponential = { mean = \"30m\" } } }";
    let same = &format!("{{ mixture = [{half}, {half}] }}");
    for (retry, seed) in [(exponential, 14), (same, 15)] {
        let trials = play(&scenario(&fixed_outage(d, 1_000, &workload(retry))), seed, TRIALS);
        let lost = column(&trials, Metric::WritebackLost);
        assert_mean("lost", &lost, b * second);
        assert_variance("lost", &lost, b * second);
        let delayed = column(&trials, Metric::WritebackDelayed);
        assert_mean("delayed", &delayed, b * (d - second));
        assert_variance("delayed", &delayed, b * (d - second));
        let failed = column(&trials, Metric::WritebackFailedAttempts);
        assert_mean("failed", &failed, b * (d + first + second));
        // Refused once, twice, thrice: independent Poisson counts.
        let squares = (d - first) + 4.0 * (first - second) + 9.0 * second;
        assert_variance("failed", &failed, b * squares);
    }
}

#[test]
fn overlapping_faults_count_once() {
    // Two components, 10 h each, 5 h apart: 15 h, one outage. The same within one component.
    for second in ["link", "server"] {
        let text = format!(
            r#"
schema = 1
name = "overlap"
horizon = "400h"
{}
{AT_ONCE}
[[fault]]
name = "first"
strikes = "server"
at = ["100h"]
repair = "10h"
[[fault]]
name = "second"
strikes = "{second}"
at = ["105h", "130h"]
repair = "10h"
[[strategy]]
name = "repair"
"#,
            no_workload_but("")
        );
        let (metrics, outages) = play_one(&scenario(&text), 0, 0);
        assert_eq!(metrics[Metric::Outages], 2.0);
        assert_eq!(metrics[Metric::DowntimeHours], 25.0);
        assert_eq!(metrics[Metric::LongestOutageHours], 15.0);
        assert_eq!((outages[0].onset, outages[0].end), (100.0, 115.0));
    }
}

#[test]
fn touching_outages_are_one_and_the_horizon_cuts() {
    let text = fixed_outage(10.0, 10, &no_workload_but(""))
        .replace("[\"100h\"]", "[\"100h\", \"110h\", \"395h\", \"400h\", \"500h\"]");
    let (metrics, outages) = play_one(&scenario(&text), 0, 0);
    assert_eq!(metrics[Metric::Outages], 2.0);
    assert_eq!(metrics[Metric::DowntimeHours], 25.0);
    assert!(outages[1].is_open);
    assert_eq!(outages[1].end, 400.0);
}

#[test]
fn cycles_delay_only_what_they_miss() {
    // Object cycle 30 min, outage 100:10 to 100:50: the cycle of 100:30 is missed, and what waited
    // for it (changes of 100:00 to 100:30) is synced at 101:00: half an hour late, each.
    let workload = no_workload_but(
        "[workload.object_changes]\nper_hour = 60.0\nprofile = \"flat\"\ndeletes = 0.0\n",
    );
    let text = fixed_outage(40.0, 10, &workload)
        .replace("\"100h\"", "\"100h 10m\"")
        .replace("\"40h\"", "\"40m\"")
        .replace("object_cycle = \"0s\"", "object_cycle = \"30m\"\nexport_per_hour = 1e12");
    let trials = play(&scenario(&text), 16, TRIALS);
    assert_mean("changes", &column(&trials, Metric::DelayedObjectChanges), 30.0);
    assert_mean("delay", &column(&trials, Metric::ObjectDelayHours), 15.0);
    // An outage between two cycles delays nothing.
    let text = text.replace("\"40m\"", "\"15m\"");
    let trials = play(&scenario(&text), 17, 100);
    assert!(column(&trials, Metric::DelayedObjectChanges).iter().all(|count| *count == 0.0));
}

#[test]
fn catching_up_counts_from_when_something_is_late() {
    // Down from 100 to 101, between the cycles of 99 and 102: nothing is late. At 102 the guard
    // stops the export for 2 h, so that everything due at 102 waits until 104.
    let workload = no_workload_but(
        "[workload.object_changes]\nper_hour = 1000.0\nprofile = \"flat\"\ndeletes = 0.5",
    );
    let text = fixed_outage(1.0, 10, &workload)
        .replace("object_cycle = \"0s\"", "object_cycle = \"3h\"\nclear_guard = \"2h\"")
        .replace("delete_guard = 0", "delete_guard = 10\nexport_per_hour = 1e12");
    let (metrics, outages) = play_one(&scenario(&text), 0, 0);
    assert!((metrics[Metric::CatchUpHours] - 2.0).abs() < 1e-6);
    assert!((outages[0].current - 104.0).abs() < 1e-6);
    assert!((metrics[Metric::LabourHours] - 2.0).abs() < 1e-9);
    // Of about 3,000 changes of 99 to 102, each is 2 h late.
    let late = metrics[Metric::DelayedObjectChanges];
    assert!((late - 3_000.0).abs() < 4.0 * 3_000.0_f64.sqrt(), "{late}");
    assert!((metrics[Metric::ObjectDelayHours] - 2.0 * late).abs() < 1e-6 * late);
    // Without the guard there is nothing to catch up with.
    let (metrics, outages) =
        play_one(&scenario(&text.replace("delete_guard = 10", "delete_guard = 0")), 0, 0);
    assert_eq!((metrics[Metric::CatchUpHours], outages[0].current), (0.0, 101.0));
}

#[test]
fn changes_that_come_while_the_guard_stops_the_export_are_not_lost() {
    // The guard is being cleared from 102 on when the next outage comes at 103.5, until 104.5. The
    // export is due again at 105, and cleared at 107, when the cycles of 102 and 105 are late.
    let workload = no_workload_but(
        "[workload.object_changes]\nper_hour = 1000.0\nprofile = \"flat\"\ndeletes = 0.5",
    );
    let text = fixed_outage(1.0, 10, &workload)
        .replace("object_cycle = \"0s\"", "object_cycle = \"3h\"\nclear_guard = \"2h\"")
        .replace("delete_guard = 0", "delete_guard = 10\nexport_per_hour = 1e12")
        .replace("[\"100h\"]", "[\"100h\", \"103.5h\"]");
    let (metrics, _) = play_one(&scenario(&text), 0, 0);
    assert!((metrics[Metric::CatchUpHours] - 1.5 - 2.5).abs() < 1e-6);
    let late = metrics[Metric::DelayedObjectChanges];
    assert!((late - 6_000.0).abs() < 4.0 * 6_000.0_f64.sqrt(), "{late}");
    // Half of them 5 h, half of them 2 h.
    let hours = metrics[Metric::ObjectDelayHours];
    let spread = (3_000.0 * 25.0 + 3_000.0 * 4.0_f64).sqrt();
    assert!((hours - 21_000.0).abs() < 4.0 * spread, "{hours}");
}

#[test]
fn joiners_devices_and_leavers_switched_off_by_hand() {
    // 60 changes an hour, and 20 devices: 6 joiners and 12 leavers an hour, all until the end at
    // 110. Leavers are switched off by hand with probability 0.25, from 3 h on.
    let workload = no_workload_but(
        "[workload.object_changes]\nper_hour = 60.0\nprofile = \"flat\"\njoins = 0.1\n\
         disables = 0.2\ndevices_per_hour = 20.0",
    );
    let text = fixed_outage(10.0, 10, &workload).replace("\"link\"", "\"server\"").replace(
        "disable_by_hand = \"never\"",
        "disable_by_hand = { after = \"3h\", probability = 0.25 }",
    );
    let trials = play(&scenario(&text), 1, TRIALS);
    let area = |hours: f64| hours * hours / 2.0;
    for (metric, truth) in [
        (Metric::JoinerWaitHours, 6.0 * area(10.0)),
        (Metric::DeviceWaitHours, 20.0 * area(10.0)),
        (Metric::DisabledAccountHours, 12.0 * (0.75 * area(10.0) + 0.25 * area(3.0))),
        (Metric::ObjectDelayHours, 80.0 * area(10.0)),
    ] {
        assert_mean(metric.name(), &column(&trials, metric), truth);
    }
}

#[test]
fn users_served_since_the_last_cycle_are_caught_from_their_turn_on() {
    // The second outage comes 37 min after the queue of 6:00 has been worked off, before the cycle
    // of 9:00: who had a turn at 7:00 is stale by a change after it. The truth is by simulation of
    // every change, with a standard error of 0.3.
    let text = fixed_outage(
        2.0,
        500,
        &no_workload_but("[workload.password_changes]\nper_user_year = 700.8\nprofile = \"flat\""),
    )
    .replace("400h", "24h")
    .replace("[\"100h\"]", "[\"1h 5m\", \"8h 50m\"]")
    .replace("password_cycle = \"0s\"", "password_cycle = \"3h\"\npasswords_per_minute = 0.8");
    let hours = column(&play(&scenario(&text), 1, TRIALS), Metric::StaleUserHours);
    let (mean, sd) = moments(&hours);
    let error = (sd / (TRIALS as f64).sqrt()).hypot(0.3);
    assert!((mean - 835.97).abs() < 4.0 * error, "{mean}, standard error {error}");
}

#[test]
fn up_and_down_make_the_horizon_in_every_trial() {
    let scenario = outlast::Scenario::embedded().unwrap();
    for strategy in 0..scenario.strategies.len() {
        for trial in 0..300 {
            let (metrics, outages) = play_one(&scenario, strategy, trial);
            let mut up = 0.0;
            let mut at = 0.0;
            for outage in &outages {
                assert!(outage.onset > at || at == 0.0, "outages are apart");
                assert!(outage.end >= outage.onset && outage.ready >= outage.end);
                assert!(outage.current >= outage.ready && outage.current <= 8760.0);
                up += outage.onset - at;
                at = outage.end;
            }
            up += 8760.0 - at;
            let down = metrics[Metric::DowntimeHours];
            assert!((up + down - 8760.0).abs() < 1e-9 * 8760.0, "{up} {down}");
            assert!(metrics[Metric::CatchUpHours] <= up + 1e-9);
        }
    }
}

#[test]
fn scaling_every_duration_scales_every_hour() {
    // Twice the clock, half the rates: the counts keep their distribution, hours double. Judged in
    // means.
    let at = |scale: f64, users: u64| {
        let workload = passwords(30.0 / scale, users);
        let text = fixed_outage(10.0 * scale, users, &workload)
            .replace("\"400h\"", &format!("\"{}h\"", 400.0 * scale))
            .replace("\"100h\"", &format!("\"{}h\"", 100.0 * scale));
        moments(&column(&play(&scenario(&text), 18, TRIALS), Metric::StaleUserHours))
    };
    let (one, spread) = at(1.0, 400);
    let (two, _) = at(2.0, 400);
    let error = spread * (5.0 / TRIALS as f64).sqrt();
    assert!((two - 2.0 * one).abs() < 4.0 * error, "{one} {two} {error}");
}
