//! What a notebook asks, and the answers it gets: tables as columns, sentences, pictures and JSON.
//!
//! Another language calls this room as a person calls the commands: the same work, from the same rooms
//! below, and no file is written. What the words of a command line mean, signals and the terminal never
//! enter. [`run()`] plays a scenario; [`Task`] tells how far it is and takes the wish to stop; [`Column`] is
//! what a data frame takes.

mod columns;
mod compare;
mod run;
mod scenario;
mod sensitivity;

pub use columns::{Column, Columns, Values};
pub use compare::{CompareAsked, compare};
pub use run::{RunAsked, run};
pub use scenario::{Fault, Value, faults, values};
pub use sensitivity::{SensitivityAsked, sensitivity};

use crate::keys::Json;
use crate::report::charts::{Palette, Picture};
use crate::report::pictures;
use crate::scenario::Scenario;
use crate::study::results::Results;
use crate::study::run::Trials;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Work that goes on elsewhere: how far it is, and whether it is to stop.
#[derive(Debug, Default)]
pub struct Task {
    done: AtomicU64,
    planned: AtomicU64,
    stop: AtomicBool,
}

impl Task {
    /// How many trials are played, and how many are planned as far as is known.
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.planned.load(Ordering::Relaxed))
    }

    /// So many more are played.
    fn add(&self, trials: u64) {
        self.done.fetch_add(trials, Ordering::Relaxed);
    }

    /// Asks the work to end soon.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// What was asked, in a line.
    pub title: String,
    /// The answer in a sentence.
    pub headline: String,
    /// What is to be kept in mind with it, and why it is so.
    pub sentences: Vec<String>,
    /// All of it, as the command prints it with `--format json`, but for files.
    pub json: Json,
    /// Its tables by name, as the command writes them to NAME.csv.
    pub tables: Vec<(String, Columns)>,
    /// Whether somebody stopped it, so that it is of fewer trials than were asked for.
    pub is_interrupted: bool,
    pictures: Pictures,
}

/// The pictures of an answer. Those of a run are made when they are asked for, since a bad year has to be
/// played for them.
#[derive(Debug)]
enum Pictures {
    Ready(Vec<Picture>),
    OfRun(Box<(Scenario, Results, Trials)>),
}

/// The name of the table in a file: "summary" of `summary.csv`.
fn table_name(file: &str) -> String {
    file.strip_suffix(".csv").unwrap_or(file).replace('-', "_")
}

/// A chart with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its name, as of the file that the command writes.
    pub name: String,
    /// What it shows.
    pub title: String,
    /// How to read it.
    pub explanation: String,
    /// The drawing, as SVG.
    pub svg: String,
}

impl Answer {
    /// The charts, drawn for a light page; one that cannot be drawn is left out.
    pub fn charts(&self) -> Vec<Chart> {
        let made;
        let pictures = match &self.pictures {
            Pictures::Ready(pictures) => pictures,
            Pictures::OfRun(run) => {
                made = pictures::of_run(&run.0, &run.1, &run.2);
                &made
            }
        };
        let drawn = pictures.iter().filter_map(|picture| {
            let svg = picture.draw(&Palette::LIGHT).ok()?;
            let Picture { name, title, explanation, .. } = picture;
            let (name, title, explanation) = (name.clone(), title.clone(), explanation.clone());
            Some(Chart { name, title, explanation, svg })
        });
        drawn.collect()
    }
}
