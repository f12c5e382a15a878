//! What a scenario assumes of each kind of component, ready to be held against a log, and the
//! scenario with what the log says in its place.
//!
//! A log tells of one service: how often a kind of component failed, and how long each incident
//! took. The scenario may spread that over several faults of the kind; together they are compared,
//! each by its share of the strikes.

use crate::distribution::Distribution;
use crate::engine::observe::NullObserver;
use crate::engine::{Engine, Scratch};
use crate::keys::{PathError, Setting, quote};
use crate::scenario::{LONGEST_HORIZON, ScenarioError, Spec};
use crate::strategy::Strategy;
use crate::units::{HOURS_PER_DAY, HOURS_PER_YEAR};
use crate::world::World;
use crate::world::fault::{Fault, Onsets};
use crate::world::kind::Kind;
use crate::world::streams::name_key;

/// What the durations of a log measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The whole outage, from its onset until the service was back: people's delays are in it.
    Outage,
    /// The repair alone, from when somebody was at work on it.
    Repair,
}

impl Span {
    /// Both, by the names that the command line and `repair_covers` have for them.
    pub const NAMED: [(&'static str, Span); 2] =
        [("outage", Span::Outage), ("repair", Span::Repair)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Span::NAMED[self as usize].0
    }
}

/// What a scenario assumes of one kind of component, or of one step of recovery.
#[derive(Debug, Clone)]
pub struct AssumedFailures {
    /// Time to recovery, if nothing but repair in place ends the outage; `None` if it never does.
    pub recovery: Option<Distribution>,
    /// Incidents a year of 365 days, on one component in service: those that come at random.
    pub per_year: f64,
    /// The share of them that is never repaired in place: no log of recoveries can speak of it.
    pub never: f64,
    /// All its faults come at fixed times: there is no rate to compare.
    pub is_fixed: bool,
    /// The names of those that do, at least in part: the rate leaves these strikes out.
    pub dated: Vec<String>,
}

impl AssumedFailures {
    /// What is assumed of a step: a time, and nothing of how often.
    pub(super) fn step(distribution: Distribution) -> AssumedFailures {
        AssumedFailures {
            recovery: Some(plain(distribution)),
            per_year: 0.0,
            never: 0.0,
            is_fixed: true,
            dated: Vec::new(),
        }
    }
}

/// Outages that are played to learn how long repair in place takes with people's delays in it.
const PLAYED: usize = 4096;
/// Room behind the horizon for an outage to end.
const ROOM: f64 = 90.0 * HOURS_PER_DAY;
/// Seed of those outages: what is assumed belongs to the scenario, whatever the seed of a run.
const SEED: u64 = 1;

/// What the scenario assumes of a kind; `None` if no fault of it strikes.
///
/// # Errors
/// The horizon, with room for an outage behind it, leaves what a calendar can hold.
pub fn assumed(
    spec: &Spec,
    world: &World,
    kind: Kind,
    span: Span,
) -> Result<Option<AssumedFailures>, ScenarioError> {
    let weight = |fault: &Fault| fault.onsets.expected_within(world.horizon);
    let strike = |fault: &&Fault| fault.strikes == kind && weight(fault) > 0.0;
    let of_kind = || world.faults.iter().filter(strike);
    let strikes: f64 = of_kind().map(weight).sum();
    if of_kind().next().is_none() {
        return Ok(None);
    }
    let mended: Vec<&Fault> = of_kind().filter(|fault| fault.repair.is_some()).collect();
    let mended_strikes: f64 = mended.iter().map(|fault| weight(fault)).sum();
    let recovery = if mended.is_empty() {
        None
    } else if span == Span::Outage && mended.iter().any(|fault| !fault.mends_itself()) {
        let outages = played(spec, world.horizon, &mended, weight)?;
        Distribution::empirical(outages).ok()
    } else {
        let distributions =
            mended.iter().filter_map(|fault| Some((weight(fault), fault.repair.clone()?)));
        Distribution::mixture(distributions.collect()).ok().map(plain)
    };
    let random: f64 = of_kind().map(|fault| fault.onsets.random_within(world.horizon)).sum();
    let dated = of_kind().filter(|fault| !fault.onsets.fixed.is_empty());
    Ok(Some(AssumedFailures {
        recovery,
        per_year: random / world.horizon * HOURS_PER_YEAR,
        never: 1.0 - mended_strikes / strikes,
        is_fixed: of_kind().all(Fault::is_fixed),
        dated: dated.map(|fault| fault.name.clone()).collect(),
    }))
}

/// The lengths of outages that only repair in place ends, spread evenly over faults by their
/// strikes and over the horizon.
fn played(
    spec: &Spec,
    horizon: f64,
    faults: &[&Fault],
    weight: impl Fn(&Fault) -> f64,
) -> Result<Vec<f64>, ScenarioError> {
    let mut longer = spec.clone();
    longer.set("horizon", &*format!("{}h", (horizon + ROOM).min(LONGEST_HORIZON)))?;
    let mut world = World { rare: None, ..longer.compile()?.world };
    let strategy = Strategy::new("repair in place".to_owned(), 0.0, Vec::new());
    let whole: f64 = faults.iter().map(|fault| weight(fault)).sum();
    let mut scratch = Scratch::new();
    let mut hours = Vec::with_capacity(PLAYED);
    let (mut place, mut through) = (0, weight(faults[0]));
    for number in 0..PLAYED {
        let share = (number as f64 + 0.5) / PLAYED as f64 * whole;
        while share > through && place + 1 < faults.len() {
            place += 1;
            through += weight(faults[place]);
        }
        let onset = radical_inverse(number as u32) * horizon;
        world.faults = vec![Fault { onsets: Onsets::at(vec![onset]), ..faults[place].clone() }];
        let engine = Engine::new(&world, &strategy);
        engine.play(SEED, number as u64, &mut scratch, &mut NullObserver);
        hours.extend(scratch.outages().first().map(|outage| outage.end - outage.onset));
    }
    Ok(hours)
}

/// A distribution that is asked many times: for an uncertain one, a list of durations evenly over
/// the distributions that the truth may be and over each of them, since a quantile of a thousand
/// distributions takes its time.
fn plain(distribution: Distribution) -> Distribution {
    let Some(uncertain) = distribution.as_uncertain() else {
        return distribution;
    };
    let possible = uncertain.possible();
    let at = |number: usize| {
        let place = radical_inverse(number as u32) + 0.5 / PLAYED as f64;
        possible[number % possible.len()].quantile(place.min(1.0 - 0.5 / PLAYED as f64))
    };
    let list = Distribution::empirical((0..PLAYED).map(at).collect());
    list.unwrap_or(distribution)
}

/// The number with its bits behind the point in reverse (J. G. van der Corput, 1935): any stretch
/// of numbers is spread evenly over `[0, 1)`.
fn radical_inverse(number: u32) -> f64 {
    f64::from(number.reverse_bits()) / 2.0_f64.powi(32)
}

/// What a log says of one kind.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// Time to recovery.
    pub recovery: Option<Distribution>,
    /// Incidents, and the hours in which they came.
    pub incidents: Option<(u64, f64)>,
    /// Whether what so few incidents leave open of their rate counts.
    pub uncertainty: bool,
}

/// Rates that the truth may be.
const RATES: usize = 999;
/// What the prior of a rate weighs: half an incident, in no time.
const PRIOR: f64 = 0.5;

impl Evidence {
    /// Sets the keys of the faults of a kind to what the log says, in a scenario whose world is
    /// `assumed`; a part that is not there stays as assumed.
    ///
    /// Rates: the faults of the kind come more or less often, all by the same factor. Which, is
    /// uncertain: the rate has the gamma distribution of shape n + 1/2 and mean (n + 1/2) / T, for
    /// `n` incidents in `T` hours. That is the posterior of H. Jeffreys' prior (*An Invariant Form
    /// for the Prior Probability in Estimation Problems*, 1946), which weighs half an incident
    /// whatever was assumed: its mean never leaves the interval of the log's own rate. Of a kind
    /// without incidents the rate stays as assumed, and so do strikes at fixed times. A kind that strikes in the log and not in the
    /// scenario gets a fault of its own when both parts are there.
    ///
    /// # Errors
    /// None where `assumed` is the world of that scenario.
    pub fn set(
        &self,
        spec: &mut Spec,
        assumed: &World,
        kind: Kind,
        span: Span,
    ) -> Result<(), PathError> {
        let horizon = assumed.horizon;
        let faults = || assumed.faults.iter().filter(|fault| fault.strikes == kind);
        let strikes: f64 = faults().map(|fault| fault.onsets.expected_within(horizon)).sum();
        let random: f64 = faults().map(|fault| fault.onsets.random_within(horizon)).sum();
        for fault in faults() {
            let key = |key: &str| format!("fault.{}.{key}", quote(&fault.name));
            if let (Some(distribution), true) = (&self.recovery, fault.repair.is_some()) {
                spec.set(&key("repair"), distribution.clone())?;
                spec.set(&key("repair_covers"), span.name())?;
            }
            if let (Some(logged @ (1.., _)), Some(up)) = (self.incidents, &fault.onsets.every) {
                let up = slowed(up, kind, random / horizon, logged, self.uncertainty);
                spec.set(&key("every"), up)?;
            }
        }
        if let (true, Some(recovery), Some(logged @ (1.., _))) =
            (strikes <= 0.0, &self.recovery, self.incidents)
        {
            let name = free_name(assumed, kind);
            spec.add_fault(&self.unforeseen(&name, kind, span, recovery, logged));
        }
        Ok(())
    }

    /// A fault of a kind that the scenario leaves out.
    fn unforeseen(
        &self,
        name: &str,
        kind: Kind,
        span: Span,
        recovery: &Distribution,
        (incidents, hours): (u64, f64),
    ) -> [(&'static str, Setting); 5] {
        let rate = incidents as f64 / hours;
        let up = Distribution::exponential(hours / incidents as f64)
            .unwrap_or(Distribution::constant_of(hours));
        [
            ("name", name.into()),
            ("strikes", kind.word().into()),
            ("every", slowed(&up, kind, rate, (incidents, hours), self.uncertainty).into()),
            ("repair", recovery.clone().into()),
            ("repair_covers", span.name().into()),
        ]
    }
}

/// A name for a fault that the log adds: one that no fault of the scenario has.
fn free_name(assumed: &World, kind: Kind) -> String {
    let mut name = format!("logged, {}", kind.word());
    while assumed.faults.iter().any(|fault| fault.name == name) {
        name.push_str(", too");
    }
    name
}

/// The up times at the rates that the truth may be.
fn slowed(
    up: &Distribution,
    kind: Kind,
    assumed: f64,
    (incidents, hours): (u64, f64),
    uncertainty: bool,
) -> Distribution {
    let mean = rate_mean((incidents, hours));
    let rates = match Distribution::gamma(mean, incidents as f64 + PRIOR) {
        Ok(rates) if uncertainty => rates,
        _ => return up.scaled(assumed / mean),
    };
    let scaled = |number: usize| {
        let rate = rates.quantile((number as f64 + 0.5) / RATES as f64);
        up.scaled(assumed / rate)
    };
    let possible = (0..RATES).map(scaled).collect();
    Distribution::uncertain(key("rate", kind.word()), up.scaled(assumed / mean), possible, None)
}

/// The mean of the rate that takes the place of an assumed one, an hour.
pub(super) fn rate_mean((incidents, hours): (u64, f64)) -> f64 {
    (incidents as f64 + PRIOR) / hours
}

/// What is uncertain of a subject is the same wherever it is assumed.
pub(super) fn key(what: &str, subject: &str) -> u64 {
    name_key(&format!("{what} of {subject}"))
}
