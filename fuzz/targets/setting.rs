//! `--set PATH=VALUE`, on a scenario with a table of each kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outlast::{Setting, Spec};
use std::path::Path;

const SCENARIO: &str = include_str!("../../src/verify/rich.toml");

fuzz_target!(|written: &str| {
    let Some((path, value)) = written.split_once('=') else { return };
    let mut spec = Spec::parse(SCENARIO, Path::new(""), "fuzz");
    if spec.set(path, Setting::parse(value)).is_ok() {
        let _ = spec.compile();
    }
});
