//! An incident log: any bytes are read or refused, and what was read has durations that are not negative.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outlast::{IncidentLog, ReadOptions, variables};

fuzz_target!(|bytes: &[u8]| {
    let Ok(log) = IncidentLog::read(bytes, &ReadOptions::default()) else { return };
    for variable in variables(&log) {
        assert!(variable.sample.observed().iter().all(|hours| *hours >= 0.0));
    }
});
