//! The examples run, and are short enough to be read.

use std::fs;
use std::path::Path;

#[path = "../../examples/change_one_key.rs"]
mod change_one_key;
#[path = "../../examples/choose.rs"]
mod choose;
#[path = "../../examples/compare.rs"]
mod compare;
#[path = "../../examples/fit_log.rs"]
mod fit_log;
#[path = "../../examples/worst_year.rs"]
mod worst_year;

#[test]
fn change_one_key_runs() {
    change_one_key::main().unwrap();
}

#[test]
fn choose_runs() {
    choose::main().unwrap();
}

#[test]
fn compare_runs() {
    compare::main().unwrap();
}

#[test]
fn fit_log_runs() {
    fit_log::main().unwrap();
}

#[test]
fn worst_year_runs() {
    worst_year::main().unwrap();
}

#[test]
fn every_example_is_run_here_and_fits_a_page() {
    let tests = include_str!("examples.rs");
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")).unwrap() {
        let path = entry.unwrap().path();
        // The notebook is run by the tests of the Python module.
        if path.extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= 40, "{name}: {lines} lines");
        assert!(tests.contains(&format!("fn {name}_runs()")), "{name} is not run");
    }
}
