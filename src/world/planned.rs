//! Planned work: what stops the service, or part of it, at a time that people choose.

use super::calendar::Calendar;
use super::moment::Moment;
use super::service::Services;
use super::streams::name_key;
use super::weekly::WeeklyTime;
use crate::distribution::Distribution;
use crate::keys::{List, Of, Section};

/// One kind of planned work, in a calendar.
#[derive(Debug, Clone)]
pub struct Planned {
    /// Its name, unique in a scenario.
    pub name: String,
    /// [`name_key`] of the name: its part of the keys of its draws.
    pub key: u64,
    /// When it begins: hours from the start, ascending, within the horizon.
    pub starts: Vec<f64>,
    /// Hands-on work, hours.
    pub work: Distribution,
    /// What it stops.
    pub stops: Services,
    /// A full import and sync follows.
    pub full_sync: bool,
    /// Probability that it leaves what that server holds damaged.
    pub goes_wrong: f64,
    /// Time to repair what went wrong, hours.
    pub repair: Distribution,
}

/// The least from one piece of planned work to the next, hours: a century then has a million.
const SHORTEST: f64 = 1.0;

/// A `[[planned]]` table, before it meets the calendar.
#[derive(Debug, Clone)]
pub struct PlannedKeys {
    planned: Planned,
    every: Option<f64>,
    at: Vec<Moment>,
    window: Option<WeeklyTime>,
}

impl PlannedKeys {
    /// Reads one table.
    pub fn read(section: &mut Section<'_>) -> PlannedKeys {
        let name = section.required_text("name", "what the work is called in traces");
        let every = section.optional_positive_duration(
            "every",
            "time from one to the next; the first comes when half of it has gone by",
        );
        if every.is_some_and(|every| every < SHORTEST) {
            let message = "planned work comes more than once an hour".to_owned();
            section.error("every", message, "what comes so often is part of the ordinary work");
        }
        let times = List { item: Of::<Moment>::new(), distinct: true, plural: "times" };
        let at = section.optional_as("at", &times, "fixed times of the work, or dates");
        section.exactly_one(
            ["every", "at"],
            ("planned work has either `every` or `at`, not both", "make two [[planned]] of it"),
            (
                "it is not said when the work is done",
                "add `every = \"365d\"`, or `at = [\"2027-05-08\"]`",
            ),
        );
        let window = section.optional(
            "window",
            "the work begins at the next such local time: \"Sat 08:00\", or \"20:00\" on any day",
        );
        let stops =
            section.choice("stops", &Services::choices(), "all", "what stands still meanwhile");
        let planned = Planned {
            key: name_key(&name),
            name,
            starts: Vec::new(),
            work: section.distribution("work", r#""1h to 3h""#, "hands-on time of the work"),
            stops,
            full_sync: section.flag("full_sync", false, "a full import and sync follows"),
            goes_wrong: section.probability(
                "goes_wrong",
                0.0,
                "probability that it leaves a fault of kind \"contents\" on that server",
            ),
            repair: section.distribution(
                "repair",
                r#""2h to 8h""#,
                "time to repair what went wrong",
            ),
        };
        PlannedKeys { planned, every, at: at.unwrap_or_default(), window }
    }

    /// The name of the work.
    pub fn name(&self) -> &String {
        &self.planned.name
    }

    /// The work in a calendar.
    pub fn compile(&self, calendar: &Calendar) -> Planned {
        let horizon = calendar.horizon();
        let mut starts: Vec<f64> = self.at.iter().map(|at| at.hours(calendar)).collect();
        if let Some(every) = self.every {
            let periods = (horizon / every.max(SHORTEST) + 0.5) as u64;
            starts.extend((0..periods).map(|number| (number as f64 + 0.5) * every));
        }
        starts.retain(|start| *start >= 0.0);
        if let Some(window) = &self.window {
            for start in &mut starts {
                *start = window.next(calendar, *start);
            }
        }
        starts.retain(|start| *start < horizon);
        starts.sort_by(f64::total_cmp);
        // Two that wait for one window are one piece of work.
        starts.dedup();
        Planned { starts, ..self.planned.clone() }
    }
}
