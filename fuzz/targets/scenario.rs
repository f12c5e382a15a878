//! The text of a scenario: reading and compiling never panic, and an error has a place within the text.
#![no_main]

mod whole;

use libfuzzer_sys::fuzz_target;
use outlast::Spec;
use std::path::Path;

fuzz_target!(|text: &str| {
    if let Err(error) = Spec::parse(&whole::whole(text), Path::new("/nowhere"), "fuzz").compile() {
        assert!(!error.to_string().is_empty());
    }
});
