//! The scenarios that ship with the project are right, run, and say something.

use crate::bench::play_one;
use outlast::{Metric, Scenario};
use std::fs;
use std::path::{Path, PathBuf};

fn shipped() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    files.sort();
    files
}

#[test]
fn every_shipped_scenario_is_right_and_plays() {
    let files = shipped();
    assert!(files.len() >= 10, "{}", files.len());
    for file in files {
        let scenario = Scenario::load(&file).unwrap_or_else(|error| panic!("{file:?}: {error:?}"));
        for strategy in 0..scenario.strategies.len() {
            for trial in 0..40 {
                let (metrics, outages) = play_one(&scenario, strategy, trial);
                assert_eq!(metrics[Metric::Outages], outages.len() as f64);
                for metric in Metric::ALL {
                    let value = metrics[metric];
                    assert!(value.is_finite() && value >= 0.0, "{file:?} {metric:?} {value}");
                }
                assert!(metrics[Metric::DowntimeHours] <= scenario.world.horizon * (1.0 + 1e-12));
                assert!(metrics[Metric::StaleUsers] <= scenario.world.organisation.users as f64);
                assert!(metrics[Metric::PeakStaleUsers] <= metrics[Metric::StaleUsers]);
            }
        }
    }
}

#[test]
fn every_figure_of_a_shipped_scenario_says_where_it_comes_from() {
    // Each line that sets a number carries a comment, or continues one that does.
    for file in shipped() {
        let text = fs::read_to_string(&file).unwrap();
        for (number, line) in text.lines().enumerate() {
            let plain = ["per_user_year", "per_hour", "every", "promote", "success", "install"];
            let key = line.split('=').next().unwrap_or_default().trim();
            if line.contains('=') && plain.contains(&key) {
                assert!(line.contains('#'), "{}:{}: {line}", file.display(), number + 1);
            }
        }
    }
}

#[test]
fn the_traps_of_availability_groups_are_warned_of() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let scenario = Scenario::load(&folder.join("availability-group-traps.toml")).unwrap();
    for trap in
        ["RegisterAllProvidersIP = 1", "enabled after the installation", "logins are missing"]
    {
        let warned = scenario.warnings.iter().any(|warning| warning.message.contains(trap));
        assert!(warned, "{trap}");
    }
}

#[test]
fn an_image_makes_no_room_in_a_full_database() {
    let scenario = Scenario::embedded().unwrap();
    let full = scenario.world.faults.iter().position(|fault| fault.name == "database full");
    let against = scenario.cures().remove(full.unwrap());
    for (strategy, tables) in scenario.strategies.iter().zip(&against.tables) {
        assert!(!tables.contains(&"virtual_machine"), "{}", strategy.name);
        for table in ["rebuild", "staging"] {
            let has_table = strategy.protections.iter().any(|own| own.name() == table);
            assert_eq!(tables.contains(&table), has_table, "{} {table}", strategy.name);
        }
    }
}
