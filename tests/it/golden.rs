//! Golden pictures: each chart of a small study is the same text as the one that somebody looked at.
//!
//! Where a picture is to change, `OUTLAST_RENEW_GOLDEN=1 cargo test --test it golden` writes
//! `tests/golden` anew. Look at every picture that has changed, in light and dark, before you commit
//! it: the test guards what was seen, it cannot see.

use crate::bench::ONE_OUTAGE;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden");
const OFFICE: &str = "docs/guides/incident-log/office.toml";
const LOG: &str = "docs/guides/incident-log/incidents.csv";
/// Follows the tolerances of the office, so that every chart of a run is drawn.
const MORE: &str = "stale_user_hours = { limit = 5000.0, confidence = 0.9 }
[costs]
currency = \"EUR\"
labour_hour = 80.0
stale_user_hour = 0.5
";
/// One outage, for which an hour costs 10; the second strategy shortens it for 20 a year. Nothing in
/// it is left to chance.
/// Beside `ONE_OUTAGE`.
const STRATEGIES: &str = r#"
[tolerance]
longest_outage_hours = { limit = 30.0, confidence = 0.9 }
[[strategy]]
name = "Repair in place"
[[strategy]]
name = "Rebuild"
annual_cost = 20.0
[strategy.rebuild]
spare = "server"
install = "1h"
"#;
/// Charts that are kept for a dark page too; they hold all kinds of colours between them.
const DARK: [&str; 4] =
    ["hour-of-week", "downtime-by-cause", "exceedance-stale-user-hours", "tornado"];

/// The charts that a command draws, by name.
fn charts(name: &str, arguments: &[&str]) -> BTreeMap<String, String> {
    let place = tempfile::tempdir().unwrap();
    let output = place.path().join(name);
    let office = place.path().join("office.toml");
    fs::write(&office, fs::read_to_string(OFFICE).unwrap() + MORE).unwrap();
    let fixed = place.path().join("fixed.toml");
    fs::write(&fixed, format!("{ONE_OUTAGE}{STRATEGIES}")).unwrap();
    let two = place.path().join("two.toml");
    fs::write(&two, crate::sensitivity::TWO).unwrap();
    let path = |argument: &&str| {
        let argument = argument.replace("OFFICE", office.to_str().unwrap());
        let argument = argument.replace("TWO", two.to_str().unwrap());
        argument.replace("FIXED", fixed.to_str().unwrap())
    };
    let arguments: Vec<String> = arguments.iter().map(path).collect();
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    let done = command.args(&arguments).arg("-o").arg(&output).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut charts = BTreeMap::new();
    for (folder, look) in [("charts", ""), ("charts/dark", "-dark")] {
        let Ok(files) = fs::read_dir(output.join(folder)) else { continue };
        for path in files.map(|file| file.unwrap().path()) {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let wanted = look.is_empty() || DARK.contains(&stem);
            if wanted && path.extension().is_some_and(|ending| ending == "svg") {
                let key = format!("{name}-{stem}{look}.svg");
                charts.insert(key, fs::read_to_string(&path).unwrap());
            }
        }
    }
    charts
}

#[test]
fn every_chart_is_the_one_that_was_looked_at() {
    let mut drawn = charts("run", &["run", "OFFICE", "--trials", "60", "--seed", "1"]);
    drawn.extend(charts("fit", &["fit", LOG]));
    let sensitivity = ["sensitivity", "TWO", "--points", "256", "--against", "costs.downtime_hour"];
    drawn.extend(charts("sensitivity", &sensitivity));
    // The log does not tell what its incidents struck.
    let benchmark = ["benchmark", "OFFICE", LOG, "--trials", "60", "--unmapped", "server"];
    drawn.extend(charts("benchmark", &benchmark));
    // Of fixed outages, so that only what is drawn can change these.
    let with = ["compare", "FIXED", "--with", "dear: strategy.Rebuild.annual_cost=60"];
    drawn.extend(charts("compare", &[&with[..], &["--trials", "300"]].concat()));
    let sweep = ["compare", "FIXED", "--sweep", "costs.downtime_hour=2..20/7"];
    drawn.extend(charts("sweep", &[&sweep[..], &["--trials", "300"]].concat()));
    let words = ["compare", "FIXED", "--sweep", "operations.staffed=24x7,office"];
    drawn.extend(charts("words", &[&words[..], &["--trials", "300"]].concat()));
    let keep = ["target", "FIXED", "--strategy", "Repair in place", "--keep"];
    let keep = [&keep[..], &["longest_outage_hours", "--vary", "fault.crash.repair"]].concat();
    drawn.extend(charts("keep", &[&keep[..], &["--trials", "300"]].concat()));
    let map = ["target", "FIXED", "--vary", "costs.downtime_hour", "--vary"];
    let map = [&map[..], &["fault.crash.repair", "--points", "8"]].concat();
    drawn.extend(charts("map", &[&map[..], &["--trials", "300"]].concat()));
    assert!(drawn.len() >= 26, "{:?}", drawn.keys());
    let folder = Path::new(FOLDER);
    if std::env::var_os("OUTLAST_RENEW_GOLDEN").is_some() {
        fs::remove_dir_all(folder).unwrap();
        fs::create_dir(folder).unwrap();
        drawn.iter().for_each(|(name, svg)| fs::write(folder.join(name), svg).unwrap());
    }
    let kept: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let gone = kept.iter().filter(|name| !drawn.contains_key(*name));
    let new = drawn.iter().filter(|(name, svg)| {
        fs::read_to_string(folder.join(name)).is_ok_and(|kept| kept == **svg).eq(&false)
    });
    let changed: Vec<&String> = gone.chain(new.map(|(name, _)| name)).collect();
    assert!(
        changed.is_empty(),
        "these pictures changed; OUTLAST_RENEW_GOLDEN=1 renews them, look at them first: {changed:?}"
    );
}
