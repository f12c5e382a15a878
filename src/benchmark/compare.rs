//! A scenario's assumptions held against a log, kind by kind and step by step.

use super::assigned::Assigned;
use super::assumed::{AssumedFailures, assumed};
use super::{AssumptionCheck, BenchmarkError, Options, Subject};
use crate::distribution::Distribution;
use crate::evidence::analysis::{Analysis, AnalysisOptions};
use crate::evidence::assumption::{self, Durations, Rate};
use crate::evidence::log::{Incident, IncidentLog, Why, hours_between};
use crate::evidence::sample::{Quantity, Variable, variable_of};
use crate::evidence::trend::trend;
use crate::scenario::{Scenario, Spec};
use crate::study::mapping::{Reason, Target, said, tally};
use crate::world::kind::Kind;

/// How long the log watched for incidents, hours; `None` if it tells no times, or only drills.
pub(super) fn observed(
    assigned: &Assigned<'_>,
    log: &IncidentLog,
    options: &Options,
) -> Result<Option<f64>, BenchmarkError> {
    let struck = log.incidents.iter().filter(|incident| assigned.is_struck(incident));
    let starts = struck.filter_map(Incident::counted_start);
    let (Some(first), Some(until)) = (starts.min(), log.until) else {
        return Ok(None);
    };
    let spanned = hours_between(first, until);
    match options.observed {
        Some(hours) if hours < spanned => Err(BenchmarkError::WatchedTooShort { hours, spanned }),
        given => Ok(given.or(Some(spanned)).filter(|hours| *hours > 0.0)),
    }
}

/// The two sides.
pub(super) struct Against<'a> {
    pub(super) spec: &'a Spec,
    pub(super) scenario: &'a Scenario,
    pub(super) assigned: Assigned<'a>,
    /// Incidents that nothing assigns are of no kind.
    pub(super) leave_out: bool,
    pub(super) log: &'a IncidentLog,
    pub(super) observed: Option<f64>,
    pub(super) options: &'a Options,
}

impl Against<'_> {
    /// Everything that both sides speak of, the most frequent first.
    pub(super) fn compare(
        &self,
        told: impl Fn(usize, usize),
    ) -> Result<Vec<AssumptionCheck>, BenchmarkError> {
        let mut steps: Vec<&String> = Vec::new();
        for (_, target) in &self.options.mapping.given {
            if let Target::Step(key) = target
                && !steps.contains(&key)
            {
                steps.push(key);
            }
        }
        let mut compared = Vec::new();
        let all = Kind::ALL.len() + steps.len();
        for (done, kind) in Kind::ALL.into_iter().enumerate() {
            told(done, all);
            compared.extend(self.kind(kind)?);
        }
        for (done, key) in steps.into_iter().enumerate() {
            told(Kind::ALL.len() + done, all);
            compared.extend(self.step(key)?);
        }
        compared.sort_by_key(|one| std::cmp::Reverse(one.incidents));
        Ok(compared)
    }

    /// Whether it is an incident with a start that counts.
    fn is_incident(&self, incident: &Incident) -> bool {
        incident.counted_start().is_some() && self.assigned.is_struck(incident)
    }

    /// Whether an entry of the log is about a target.
    fn is_about(&self, incident: &Incident, target: &Target) -> bool {
        let (found, reason) = self.assigned.target(incident);
        found == target && !(self.leave_out && reason == Reason::Unknown)
    }

    /// One kind of component; `None` if the log does not speak of it: neither by an incident nor by
    /// the time in which there was none.
    fn kind(&self, kind: Kind) -> Result<Option<AssumptionCheck>, BenchmarkError> {
        let target = Target::Kind(kind);
        let assumed = assumed(self.spec, &self.scenario.world, kind, self.options.span)
            .map_err(BenchmarkError::Calendar)?;
        let is_it = |incident: &Incident| self.is_about(incident, &target);
        let logged = self.log.incidents.iter().any(is_it);
        // What is left out may be of any kind, so that no rate can be told, nor that there is none.
        let observed = self.observed.filter(|_| !self.leave_out);
        if !logged && (assumed.is_none() || observed.is_none()) {
            return Ok(None);
        }
        let mut compared = self.recoveries(&target, Subject::Kind(kind), assumed);
        let between = variable_of(self.log, Quantity::Between, is_it);
        compared.trend = between
            .as_ref()
            .and_then(|found| trend(&found.gaps, found.since_last, self.options.seed, kind.word()));
        compared.between = between;
        // A start that counts is an incident, also where its length is not known.
        let starts = || self.log.incidents.iter().filter(|incident| self.is_incident(incident));
        let started = starts().filter(|incident| is_it(incident)).count() as u64;
        compared.incidents =
            if observed.is_some() { started } else { started.max(compared.incidents) };
        let Some(hours) = observed else {
            return Ok(Some(compared));
        };
        let first = starts().min_by_key(|incident| incident.start);
        let begins_the_watch = self.options.observed.is_none() && first.is_some_and(is_it);
        let together = compared.between.iter().flat_map(|found| &found.left_out);
        let together = together.filter(|row| matches!(row.why, Why::SameStart { .. })).count();
        let events = compared.incidents - together as u64;
        compared.counted = events - u64::from(begins_the_watch && events > 0);
        let rated = compared.assumed.as_ref().filter(|assumed| !assumed.is_fixed);
        compared.rate = rated.map(|assumed| {
            Rate::compare(assumed.per_year, compared.counted, hours, self.options.confidence)
        });
        Ok(Some(compared))
    }

    /// One step of recovery, once for each different assumption.
    fn step(&self, key: &str) -> Result<Vec<AssumptionCheck>, BenchmarkError> {
        let distributions = self.scenario.distributions_of(key);
        if distributions.is_empty() {
            return Err(BenchmarkError::NoSuchStep { key: key.to_owned() });
        }
        let several = distributions.len() > 1;
        let of = |(distribution, full): (Distribution, Vec<String>)| {
            let name = if several { full.first().cloned() } else { None };
            let subject = Subject::Step { key: name.unwrap_or_else(|| key.to_owned()), full };
            self.recoveries(
                &Target::Step(key.to_owned()),
                subject,
                Some(AssumedFailures::step(distribution)),
            )
        };
        Ok(distributions.into_iter().map(of).collect())
    }

    /// Recovery times beside what is assumed of them.
    fn recoveries(
        &self,
        target: &Target,
        subject: Subject,
        assumed: Option<AssumedFailures>,
    ) -> AssumptionCheck {
        let Options { seed, confidence, margin, threads, .. } = *self.options;
        let recovery = variable_of(self.log, Quantity::Recovery, |incident: &Incident| {
            self.is_about(incident, target)
        });
        let recovery = recovery.unwrap_or_else(|| Variable::none(Quantity::Recovery));
        let distribution = assumed.as_ref().and_then(|assumed| assumed.recovery.as_ref());
        let durations = distribution.filter(|_| !recovery.sample.is_empty()).map(|distribution| {
            let purpose = subject.name().to_owned();
            let replicates = None;
            let options =
                assumption::Options { seed, purpose, confidence, margin, replicates, threads };
            Durations::compare(distribution, &recovery.sample, &options)
        });
        let variable = Variable { group: Some(subject.name().to_owned()), ..recovery.clone() };
        let options = AnalysisOptions { seed, confidence, threads, ..AnalysisOptions::default() };
        let fit = Analysis::with_best_family(&variable, &options);
        AssumptionCheck {
            from: self.from(target),
            incidents: recovery.sample.len() as u64,
            counted: 0,
            fit: fit.recommended().is_some().then_some(fit),
            subject,
            assumed,
            durations,
            rate: None,
            between: None,
            trend: None,
            recovery,
        }
    }

    /// What was taken for the target.
    fn from(&self, target: &Target) -> Vec<(String, Reason, u64)> {
        let about = self.log.incidents.iter().filter(|incident| self.is_about(incident, target));
        tally(about.map(|incident| {
            (said(&incident.component, &incident.cause), self.assigned.target(incident).1)
        }))
    }
}
