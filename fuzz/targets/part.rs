//! The file of a part: any bytes are merged or refused. A forged file has a right checksum, so the
//! target writes it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use outlast::Spec;
use outlast::internals::{Partial, Store};
use outlast::{Design, Results, Scenario};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| {
    let text = include_str!("../part.toml");
    Spec::parse(text, Path::new(""), "part.toml").compile().expect("the scenario of the target")
});
/// A file that lives in memory where the system has such a folder.
static FILE: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    folder.join(format!("outlast-fuzz-{}.outlast", std::process::id()))
});

fuzz_target!(|body: &[u8]| {
    let hash: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    let mut bytes = format!("outlast part 3 {} {hash}\n", body.len()).into_bytes();
    bytes.extend(body);
    fs::write(&*FILE, bytes).expect("a place for the file");
    let Ok(Some(store)) = Store::open(&[FILE.clone()]) else { return };
    let (strategies, tolerances) = (SCENARIO.strategies.len(), SCENARIO.tolerances.len());
    let mut whole = Partial::new(Design::Plain, strategies, tolerances);
    if store.merge(&mut whole, |_| ()).is_ok() {
        let _ = Results::new(&SCENARIO, &whole, 0.95);
    }
});
