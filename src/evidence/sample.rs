//! Durations for fitting: those known exactly, and those known only to be at least so long.
//!
//! A log gives two [`Variable`]s: how long recovery takes, and how far apart incidents start. Each
//! says which rows it left out, and why.

use super::log::{Incident, IncidentLog, Recovery, Why, hours_between};
use super::substreams::Substreams;
use crate::distribution::draws::uniform;
use jiff::Timestamp;

/// Durations in hours, all above 0, in ascending order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sample {
    observed: Vec<f64>,
    censored: Vec<f64>,
}

impl Sample {
    /// A sample of complete durations and of lower bounds. What is not finite and above 0 is left
    /// out; callers that must account for it look before.
    pub fn new(observed: Vec<f64>, censored: Vec<f64>) -> Sample {
        let clean = |mut hours: Vec<f64>| {
            hours.retain(|x| x.is_finite() && *x > 0.0);
            hours.sort_unstable_by(f64::total_cmp);
            hours
        };
        Sample { observed: clean(observed), censored: clean(censored) }
    }

    /// Complete durations, ascending.
    pub fn observed(&self) -> &[f64] {
        &self.observed
    }

    /// Lower bounds of durations that were not seen to the end, ascending.
    pub fn censored(&self) -> &[f64] {
        &self.censored
    }

    /// How many there are of both.
    pub fn len(&self) -> usize {
        self.observed.len() + self.censored.len()
    }

    /// Whether there is neither.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many different complete durations there are.
    pub fn distinct(&self) -> usize {
        let changes = self.observed.windows(2).filter(|pair| pair[0] < pair[1]).count();
        changes + usize::from(!self.observed.is_empty())
    }

    /// The complete duration that comes most often, the shortest of several, and how often; `None`
    /// without any.
    pub fn commonest(&self) -> Option<(f64, usize)> {
        let same = self.observed.chunk_by(|a, b| a == b).map(|same| (same[0], same.len()));
        same.reduce(|best, next| if next.1 > best.1 { next } else { best })
    }

    /// The share of durations that lasts longer than x, by the product-limit estimate of E. L.
    /// Kaplan and P. Meier, *Nonparametric Estimation from Incomplete Observations* (1958): a step
    /// at each complete duration.
    pub fn kaplan_meier(&self) -> Vec<SurvivalStep> {
        let mut steps: Vec<SurvivalStep> = Vec::new();
        let (mut survival, mut greenwood) = (1.0, 0.0);
        let (mut seen, mut gone) = (0, 0);
        while let Some(&hours) = self.observed.get(seen) {
            let ties = self.observed[seen..].partition_point(|x| *x <= hours);
            // A bound equal to a duration lasted longer.
            gone += self.censored[gone..].partition_point(|x| *x < hours);
            let at_risk = (self.len() - seen - gone) as f64;
            let ended = ties as f64;
            survival *= 1.0 - ended / at_risk;
            greenwood += ended / (at_risk * (at_risk - ended));
            seen += ties;
            // Nothing is at risk any more: exactly 0, whatever the products were.
            if seen + gone == self.len() {
                survival = 0.0;
            }
            steps.push(SurvivalStep { hours, survival, log_variance: greenwood });
        }
        steps
    }
}

/// A step of the Kaplan-Meier curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurvivalStep {
    /// The duration at which it falls, hours.
    pub hours: f64,
    /// P(X > hours).
    pub survival: f64,
    /// The variance of ln of it, by M. Greenwood's formula (1926); infinite where it is 0.
    pub log_variance: f64,
}

impl SurvivalStep {
    /// The interval of the survival on the scale of ln(-ln), which stays within 0 and 1; `None` at
    /// the ends, where there is none. `deviate` is 1.96 for 95 %.
    pub fn interval(&self, deviate: f64) -> Option<(f64, f64)> {
        if !(self.survival > 0.0 && self.survival < 1.0) {
            return None;
        }
        let log = libm::log(self.survival);
        let width = deviate * self.log_variance.sqrt() / log.abs();
        Some((libm::exp(log * libm::exp(width)), libm::exp(log * libm::exp(-width))))
    }
}

/// Which durations of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// From the start of an incident to service.
    Recovery,
    /// From the start of an incident to the start of the next.
    Between,
}

impl Quantity {
    /// The name in tables and files.
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Recovery => "recovery",
            Quantity::Between => "between",
        }
    }
}

/// A row that does not count for a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// Its line in the file.
    pub line: u64,
    /// The reason.
    pub why: Why,
}

/// Durations of one kind, of all incidents or of one group.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// Which durations.
    pub quantity: Quantity,
    /// The value of the grouping column; `None` for all incidents.
    pub group: Option<String>,
    /// The durations.
    pub sample: Sample,
    /// Rows that do not count, in the order of the file.
    pub left_out: Vec<LeftOut>,
    /// Rows that count as lower bounds only: their lines.
    pub censored_lines: Vec<u64>,
    /// Times between successive events in their order; empty in a log without starts, and for
    /// recovery. Incidents that start in the same moment are one event.
    pub gaps: Vec<f64>,
    /// Incidents that start in the same moment as another.
    pub together: usize,
    /// The log tells the day of a start and no time: the gaps are drawn within it.
    pub by_day: bool,
    /// From the last start to the end of the watch, hours, if that end was given.
    pub since_last: Option<f64>,
}

impl Variable {
    /// Of nothing.
    pub fn none(quantity: Quantity) -> Variable {
        Variable {
            quantity,
            group: None,
            sample: Sample::default(),
            left_out: Vec::new(),
            censored_lines: Vec::new(),
            gaps: Vec::new(),
            together: 0,
            by_day: false,
            since_last: None,
        }
    }

    /// How many events there are: starts that differ; 0 without starts.
    pub fn events(&self) -> usize {
        if self.gaps.is_empty() { 0 } else { self.gaps.len() + 1 }
    }
}

/// The variables of a log: recovery and, in a log with starts, between; of all incidents, and with
/// grouping of each group that has a row, the largest first.
pub fn variables(log: &IncidentLog) -> Vec<Variable> {
    let mut found = of_incidents(log, None, &log.incidents.iter().collect::<Vec<_>>());
    let mut groups: Vec<(usize, Vec<&Incident>)> =
        (0..log.groups.len()).map(|group| (group, Vec::new())).collect();
    for incident in &log.incidents {
        if let Some((_, members)) = groups.get_mut(incident.group) {
            members.push(incident);
        }
    }
    groups.sort_by_key(|(group, members)| (std::cmp::Reverse(members.len()), *group));
    for (group, members) in &groups {
        found.extend(of_incidents(log, Some(log.groups[*group].clone()), members));
    }
    found
}

/// One variable of the incidents that `takes` accepts; `None` where the log does not tell it.
pub fn variable_of(
    log: &IncidentLog,
    quantity: Quantity,
    takes: impl Fn(&Incident) -> bool,
) -> Option<Variable> {
    let incidents: Vec<&Incident> = log.incidents.iter().filter(|i| takes(i)).collect();
    of_incidents(log, None, &incidents).into_iter().find(|found| found.quantity == quantity)
}

fn of_incidents(
    log: &IncidentLog,
    group: Option<String>,
    incidents: &[&Incident],
) -> Vec<Variable> {
    let mut found = vec![recovery(log, group.clone(), incidents)];
    if incidents.iter().any(|incident| incident.start.is_some()) {
        found.push(between(log, group, incidents));
    }
    found
}

fn recovery(log: &IncidentLog, group: Option<String>, incidents: &[&Incident]) -> Variable {
    let (mut observed, mut censored) = (Vec::new(), Vec::new());
    let (mut left_out, mut censored_lines) = (Vec::new(), Vec::new());
    for incident in incidents {
        match &incident.recovery {
            Recovery::Took(hours) => observed.push(*hours),
            Recovery::AtLeast(hours) => {
                censored.push(*hours);
                censored_lines.push(incident.line);
            }
            Recovery::LeftOut(why) => {
                left_out.push(LeftOut { line: incident.line, why: why.clone() });
            }
        }
    }
    let quantity =
        if log.columns.durations_are_between() { Quantity::Between } else { Quantity::Recovery };
    let sample = Sample::new(observed, censored);
    // No gaps: in a list of durations nobody says that they stand in their order.
    Variable { group, sample, left_out, censored_lines, ..Variable::none(quantity) }
}

fn between(log: &IncidentLog, group: Option<String>, incidents: &[&Incident]) -> Variable {
    let mut left_out = Vec::new();
    let mut starts: Vec<(Timestamp, u64)> = Vec::new();
    for incident in incidents {
        match (&incident.start_left_out, incident.start) {
            (Some(why), _) => left_out.push(LeftOut { line: incident.line, why: why.clone() }),
            (None, Some(start)) => starts.push((start, incident.line)),
            (None, None) => left_out.push(LeftOut { line: incident.line, why: Why::NoStart }),
        }
    }
    starts.sort();
    let last = starts.last().map(|(start, _)| *start);
    let since_last = last.zip(log.until).filter(|_| log.until_given);
    let since_last = since_last.map(|(last, until)| hours_between(last, until));
    let (mut gaps, mut together) = (Vec::new(), 0);
    if log.starts_by_day {
        gaps = gaps_within_days(&starts);
    } else {
        for same in starts.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            together += same.len();
            let first = same[0].1;
            let why = Why::SameStart { line: first };
            left_out.extend(
                same[1..].iter().map(|(_, line)| LeftOut { line: *line, why: why.clone() }),
            );
        }
        starts.dedup_by_key(|(start, _)| *start);
        gaps.extend(starts.windows(2).map(|pair| hours_between(pair[0].0, pair[1].0)));
    }
    left_out.sort_by_key(|row| row.line);
    let sample = Sample::new(gaps.clone(), since_last.into_iter().collect());
    let between = Variable::none(Quantity::Between);
    let by_day = log.starts_by_day;
    Variable { group, sample, left_out, gaps, together, by_day, since_last, ..between }
}

/// The gaps of starts that are known to the day.
fn gaps_within_days(starts: &[(Timestamp, u64)]) -> Vec<f64> {
    let Some((first, _)) = starts.first() else { return Vec::new() };
    let days: Vec<f64> = starts.iter().map(|(day, _)| hours_between(*first, *day)).collect();
    placed_within_days(&days).windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Starts that are known to the day, in hours from the first and in order, each placed at random
/// within its day, and all stretched to reach from the first day to the last: of a Poisson process,
/// starts in a day are spread so, and the mean gap is that of the days. The places are the same for
/// every seed.
pub(super) fn placed_within_days(days: &[f64]) -> Vec<f64> {
    let [first, .., last] = days else { return days.to_vec() };
    let rng = &mut Substreams::new(1, &["within the day"]).replicate(0);
    let mut hours: Vec<f64> = days.iter().map(|day| day + 24.0 * uniform(rng)).collect();
    hours.sort_by(f64::total_cmp);
    let days = last - first;
    let (from, reach) = (hours[0], hours[hours.len() - 1] - hours[0]);
    let stretch = if days > 0.0 && reach > 0.0 { days / reach } else { 1.0 };
    hours.iter().map(|hour| first + stretch * (hour - from)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::evidence::fit::{Estimate, Family};
    use crate::evidence::goodness::{Bootstrap, distances};
    use crate::evidence::log::ReadOptions;
    use crate::stats::interval::binomial_test_two_sided;
    use jiff::SignedDuration;

    fn read(text: &str, options: ReadOptions) -> IncidentLog {
        IncidentLog::read(text.as_bytes(), &options).unwrap()
    }

    #[test]
    fn kaplan_and_meier_without_bounds_is_the_empirical_distribution() {
        let sample = Sample::new(vec![3.0, 1.0, 2.0, 2.0], vec![]);
        let steps: Vec<_> =
            sample.kaplan_meier().iter().map(|step| (step.hours, step.survival)).collect();
        assert_eq!(steps, [(1.0, 0.75), (2.0, 0.25), (3.0, 0.0)]);
        assert_eq!((sample.distinct(), sample.commonest()), (3, Some((2.0, 2))));
    }

    #[test]
    fn the_published_remission_times_come_out() {
        // The 6-MP arm of E. J. Freireich and others (1963), weeks, with the estimates and standard
        // errors as in D. R. Cox and D. Oakes, Analysis of Survival Data (1984), tables 1.1 and
        // 4.1.
        let sample = Sample::new(
            vec![6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0],
            vec![6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0],
        );
        let expected = [
            (6.0, 0.857, 0.076),
            (7.0, 0.807, 0.087),
            (10.0, 0.753, 0.096),
            (13.0, 0.690, 0.107),
            (16.0, 0.627, 0.114),
            (22.0, 0.538, 0.128),
            (23.0, 0.448, 0.135),
        ];
        let steps = sample.kaplan_meier();
        assert_eq!(steps.len(), expected.len());
        for (step, (hours, survival, error)) in steps.iter().zip(expected) {
            assert_eq!(step.hours, hours);
            assert!((step.survival - survival).abs() < 5.1e-4, "{step:?}");
            let found = step.survival * step.log_variance.sqrt();
            assert!((found - error).abs() < 6e-4, "{step:?} {found}");
            let (low, high) = step.interval(1.96).unwrap();
            assert!(0.0 < low && low < step.survival && step.survival < high && high < 1.0);
        }
    }

    #[test]
    fn a_log_gives_recovery_and_gaps_between_sorted_starts() {
        let text = "start,end\n2026-01-03T08:00,2026-01-04T08:00\n2026-01-01T08:00,2026-01-02T08:00\n\
                    2026-01-03T08:00,2026-01-05T08:00\n2026-01-06T08:00,2026-01-05T08:00\n";
        let found = variables(&read(text, ReadOptions::default()));
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].sample, Sample::new(vec![24.0, 24.0, 48.0], vec![]));
        assert_eq!((&found[1].gaps[..], found[1].together, found[1].events()), (&[48.0][..], 2, 2));
        assert_eq!(found[1].sample.observed(), [48.0]);
        let lines: Vec<_> =
            found[1].left_out.iter().map(|row| (row.line, row.why.kind())).collect();
        assert_eq!(lines, [(4, "same start as another"), (5, "end before start")]);
    }

    /// The log of 18 incidents of 90 minutes, known to the day.
    const BY_DAY: [u32; 18] = [1, 1, 2, 4, 4, 4, 5, 9, 10, 10, 13, 14, 14, 18, 19, 20, 20, 21];

    #[test]
    fn starts_of_one_day_are_starts_of_their_own() {
        for id in [true, false] {
            let row = |(k, day): (usize, &u32)| match id {
                true => format!("{k},2024-03-{day:02},90\n"),
                false => format!("2024-03-{day:02},90\n"),
            };
            let rows: String = BY_DAY.iter().enumerate().map(row).collect();
            let heading = if id { "id,date" } else { "date" };
            let text = format!("{heading},duration_minutes\n{rows}");
            let found = variables(&read(&text, ReadOptions::default()));
            assert_eq!(found[0].sample.len(), 18, "no duplicates");
            let between = &found[1];
            assert_eq!((between.sample.len(), between.together), (17, 0));
            let mean = between.gaps.iter().sum::<f64>() / 17.0;
            assert!((mean - 24.0 * 20.0 / 17.0).abs() < 1e-9, "{mean}");
        }
    }

    #[test]
    fn a_poisson_process_seen_by_the_day_is_one() {
        let streams = Substreams::new(3, &["days"]);
        let (rounds, n) = (200, 80);
        let mut rejected = 0;
        for round in 0..rounds {
            let rng = &mut streams.replicate(round);
            let mean = 24.0 * (1.4 + 4.6 * uniform(rng));
            let distribution = Distribution::exponential(mean).unwrap();
            let (mut at, mut text) = (0.0, "id,date,hours\n".to_owned());
            let origin: Timestamp = "2020-01-01T00:00Z".parse().unwrap();
            for k in 0..n {
                let day = origin + SignedDuration::from_hours(24 * (at / 24.0_f64).floor() as i64);
                text.push_str(&format!("{k},{},1\n", day.strftime("%Y-%m-%d")));
                at += distribution.sample(rng);
            }
            let found = variables(&read(&text, ReadOptions::default()));
            let fit = Estimate::fit(Family::Exponential, &found[1].sample).unwrap();
            // The mean is off by chance and by the day, and no more.
            let off = fit.values()[0] / mean - 1.0;
            assert!(off.abs() < 4.5 / f64::from(n).sqrt(), "{off}");
            let distances = distances(&found[1].sample, &fit.distribution().unwrap());
            let bootstrap = Bootstrap::run(&fit, &found[1].sample, (round, ""), 99, 2);
            rejected += u64::from(bootstrap.p_values(&distances).unwrap().ad <= 0.05);
        }
        let p = binomial_test_two_sided(rejected, rounds, 0.05);
        assert!(p > 0.001, "{rejected} of {rounds} rejected");
    }

    #[test]
    fn a_given_end_of_the_watch_bounds_the_last_gap() {
        let text = "start,end\n2026-01-01,2026-01-02\n2026-01-03,2026-01-04\n";
        let until = "2026-01-10T00:00Z".parse().ok();
        let found = variables(&read(text, ReadOptions { until, ..ReadOptions::default() }));
        assert_eq!(found[1].sample, Sample::new(vec![48.0], vec![168.0]));
    }

    #[test]
    fn groups_come_after_the_whole_the_largest_first() {
        let text = "hours,cause\n1,a\n2,b\n3,b\n";
        let options = ReadOptions { by: Some("cause".into()), ..ReadOptions::default() };
        let groups: Vec<_> = variables(&read(text, options))
            .into_iter()
            .map(|variable| (variable.quantity, variable.group, variable.sample.len()))
            .collect();
        let recovery = Quantity::Recovery;
        let expected =
            [(recovery, None, 3), (recovery, Some("b".into()), 2), (recovery, Some("a".into()), 1)];
        assert_eq!(groups, expected);
    }
}
