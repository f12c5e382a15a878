//! A distribution as a scenario writes it: reading never panics, and what was read is written so that
//! it is read back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outlast::Distribution;
use outlast::internals::Document;

fn read(value: &str) -> Option<Distribution> {
    let document = Document::parse(&format!("law = {value}\n"), "");
    let (law, log) = document.read(None, |mut root| root.required("law", "a law"));
    log.findings.is_empty().then_some(law)
}

fuzz_target!(|value: &str| {
    let Some(law) = read(value) else { return };
    let (median, mean) = (law.quantile(0.5), law.mean());
    assert!(median >= 0.0 && mean >= 0.0, "{value}: median {median}, mean {mean}");
    let below = law.cdf(median);
    assert!((0.0..=1.0).contains(&below), "{value}: {below} of it is at most {median}");
    assert_eq!(read(&law.to_toml()), Some(law), "{value}");
});
