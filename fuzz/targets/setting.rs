//! `--set PATH=VALUE`, on a scenario with a table of each kind.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outlast::{Setting, Spec};
use std::path::Path;
use std::sync::LazyLock;

const SCENARIO: &str = include_str!("../../src/verify/rich.toml");

static SPEC: LazyLock<Spec> = LazyLock::new(|| {
    let mut spec = Spec::parse(SCENARIO, Path::new(""), "fuzz");
    spec.compile().expect("the scenario of the target");
    spec
});

fuzz_target!(|written: &str| {
    let Some((path, value)) = written.split_once('=') else { return };
    let mut spec = SPEC.clone();
    if spec.set(path, Setting::parse(value)).is_ok() {
        let _ = spec.compile();
    }
});
