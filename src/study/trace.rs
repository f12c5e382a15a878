//! One trial of one strategy as an ordered story.

use super::player::Player;
use crate::engine::observe::{Observer, Place, TraceEvent};
use crate::engine::outage::Outage;
use crate::engine::{Engine, Scratch};
use crate::metric::Metrics;
use crate::world::rare::Condition;
use crate::world::service::Services;
use serde::Serialize;

/// One line of the story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Hours from the start of the trial.
    pub hours: f64,
    /// The local time.
    pub when: String,
    /// What happened, one word for scripts.
    pub what: &'static str,
    /// The kind of component it concerns.
    pub component: Option<&'static str>,
    /// The server it concerns: "first" or "standby", as they were at the start.
    pub path: Option<String>,
    /// The site that it concerns as a whole.
    pub site: Option<String>,
    /// The parts of the service that are down from then on: "all", or "export password-sync".
    pub parts: Option<String>,
    /// The channel that raised the alarm.
    pub channel: Option<String>,
    /// Number of the outage it belongs to, from 1.
    pub outage: Option<usize>,
    /// What happened, for people.
    pub detail: String,
}

/// The story of a trial.
#[derive(Debug)]
pub struct Trace {
    /// The strategy's name.
    pub strategy: String,
    /// The trial's number.
    pub trial: u64,
    /// The seed.
    pub seed: u64,
    /// It is one of those that are given a rare disaster.
    pub with_disaster: bool,
    /// What happened, in the order of time.
    pub lines: Vec<Line>,
    /// The outages, in the order of time.
    pub outages: Vec<TracedOutage>,
    /// The metrics of the trial, with cost where there are prices.
    pub metrics: Metrics,
    /// The parts of the cost, where there are prices.
    pub cost: Vec<(&'static str, f64)>,
}

/// An outage with its names.
#[derive(Debug)]
pub struct TracedOutage {
    /// The record.
    pub outage: Outage,
    /// When it began, local time.
    pub when: String,
    /// What began it.
    pub fault: String,
    /// What ended it.
    pub restored_by: String,
}

/// Makes the sentence of an event.
pub type Sentence = fn(&Engine<'_>, Place, &TraceEvent<'_>) -> String;

/// Plays one trial of a strategy, which is given by its place in the scenario, and records it, each
/// event with its `sentence`. `arrivals` adds each password change and each request that an outage
/// caught.
pub fn trace(
    player: &Player<'_>,
    strategy: usize,
    trial: u64,
    arrivals: bool,
    sentence: Sentence,
) -> Trace {
    let (scenario, engine) = (player.scenario, &player.engines[strategy]);
    let mut scratch = Scratch::new();
    let mut recorder = Recorder { engine, arrivals, sentence, lines: Vec::new() };
    let result = player.play(strategy, trial, &mut scratch, &mut recorder);
    let (metrics, outages) = (result.metrics, result.outages);
    let mut lines = recorder.lines;
    lines.sort_by(|a, b| a.hours.total_cmp(&b.hours));
    for line in &mut lines {
        if line.outage.is_none() {
            let around = |outage: &Outage| outage.onset <= line.hours && line.hours <= outage.end;
            line.outage = outages.iter().position(around).map(|index| index + 1);
        }
    }
    let horizon = scenario.world.horizon;
    let strategy = engine.strategy();
    let parts = scenario.costs.as_ref().map(|costs| costs.parts(strategy, horizon, &metrics));
    Trace {
        strategy: strategy.name.clone(),
        trial,
        seed: player.seed,
        with_disaster: player.condition(trial) == Condition::Disaster,
        lines,
        outages: outages
            .iter()
            .map(|outage| TracedOutage {
                outage: *outage,
                when: scenario.world.calendar.show(outage.onset),
                fault: engine.cause_name(outage.cause).to_owned(),
                restored_by: engine.restored_by_name(outage.restored_by).to_owned(),
            })
            .collect(),
        metrics,
        cost: parts.map(Vec::from).unwrap_or_default(),
    }
}

/// Writes down what it is told.
struct Recorder<'a> {
    engine: &'a Engine<'a>,
    arrivals: bool,
    sentence: Sentence,
    lines: Vec<Line>,
}

impl Observer for Recorder<'_> {
    const WATCHES: bool = true;

    fn happened(&mut self, time: f64, place: Place, what: TraceEvent<'_>) {
        let arrival = matches!(what, TraceEvent::PasswordChanged | TraceEvent::RequestRefused);
        if arrival && !self.arrivals {
            return;
        }
        let world = self.engine.world();
        let has_others = self.engine.strategy().layout.paths.len() > 1 || world.sign_in.is_some();
        self.lines.push(Line {
            hours: time,
            when: world.calendar.show(time),
            outage: place.outage.map(|index| index + 1),
            what: what.name(),
            component: place.kind.map(|kind| kind.word()),
            path: place
                .path
                .filter(|_| has_others && place.kind.is_some_and(|kind| !kind.is_common()))
                .map(|path| self.engine.path_name(path)),
            site: place.site.map(|site| world.sites[usize::from(site)].name.clone()),
            parts: parts_of(&what).map(Services::words),
            channel: match &what {
                TraceEvent::Alarm { channel, .. } => channel.map(str::to_owned),
                _ => None,
            },
            detail: (self.sentence)(self.engine, place, &what),
        });
    }
}

/// The parts of the service that are down from an event on, where it changes them.
fn parts_of(what: &TraceEvent<'_>) -> Option<Services> {
    match what {
        TraceEvent::Down { parts } | TraceEvent::PartsDown { parts } => Some(*parts),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use std::path::Path;

    const TEXT: &str = r#"
name = "x"
horizon = "300h"
[[watch]]
name = "ping"
sees = ["site", "writeback"]
after = "1h"
[[fault]]
name = "agent"
strikes = "writeback"
at = ["10h"]
repair = "1h"
[[fault]]
name = "flood"
strikes = "site"
at = ["100h"]
repair = "5h"
common_mode = 1.0
[[strategy]]
name = "a"
"#;

    #[test]
    fn lines_tell_site_parts_and_channel() {
        let scenario = Scenario::read(TEXT.to_owned(), Path::new(""), "x").unwrap();
        let player = Player::new(&scenario, 1, Design::Plain);
        let told = trace(&player, 0, 0, false, |_, _, what| what.name().to_owned());
        let of = |what: &'static str, from: f64| {
            told.lines.iter().filter(move |line| line.what == what && line.hours >= from)
        };
        let parts = |from| of("service_down", from).next().unwrap().parts.as_deref();
        assert_eq!((parts(0.0), parts(50.0)), (Some("writeback"), Some("all")));
        assert_eq!(of("alarm", 0.0).next().unwrap().channel.as_deref(), Some("ping"));
        let sites: Vec<_> = of("fault", 50.0).map(|line| line.site.as_deref()).collect();
        assert_eq!(sites, [Some("main"), Some("other")]);
        assert!(of("fault", 0.0).next().unwrap().site.is_none(), "a server strikes no site");
        let outages: Vec<_> = told.outages.iter().map(|one| one.outage.parts.words()).collect();
        assert_eq!(outages, ["writeback", "all"]);
    }
}
