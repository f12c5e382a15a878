//! `outlast verify` as a user runs it.

use serde_json::Value;
use std::process::{Command, Output};

fn verify(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_outlast"));
    command.arg("verify").args(arguments).output().unwrap()
}

fn json(done: &Output) -> Value {
    serde_json::from_slice(&done.stdout).unwrap()
}

#[test]
fn each_case_says_what_is_true_what_was_found_and_how_far_off_that_is() {
    let done = verify(&["--format", "json"]);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let told = json(&done);
    let cases = told["cases"].as_array().unwrap();
    assert!(cases.len() >= 60 && told["holds"] == true);
    for case in cases {
        let [truth, found, off] =
            ["truth", "estimate", "standard_errors"].map(|key| case[key].as_f64().unwrap());
        let (is_exact, error) = (case["exact"].as_bool().unwrap(), &case["standard_error"]);
        assert_eq!(is_exact, error.is_null(), "{case}");
        let by_hand = match error.as_f64() {
            Some(error) if error > 0.0 => (found - truth) / error,
            _ => 0.0,
        };
        assert!((off - by_hand).abs() < 1e-6 && off.abs() < told["limit"].as_f64().unwrap());
        assert_eq!(case["holds"], true, "{case}");
    }
    // Chance enters by the seed alone: exact cases are the same, the others are drawn anew.
    let other = json(&verify(&["--format", "json", "--seed", "2", "--threads", "1"]));
    let other = other["cases"].as_array().unwrap();
    let changed = cases.iter().zip(other).filter(|(a, b)| a["estimate"] != b["estimate"]).count();
    let exact = cases.iter().filter(|case| case["exact"] == true).count();
    assert!(changed > (cases.len() - exact) / 2 && changed <= cases.len() - exact);
}

#[test]
fn the_table_has_a_line_for_each_case_and_a_sentence_for_all() {
    let done = verify(&[]);
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success());
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    let judged = text.lines().filter(|line| line.ends_with(" SE") || line.ends_with(" exact"));
    let judged = judged.count();
    assert!(text.contains(&format!("All {judged} cases hold.")), "{text}");
    assert!(!text.contains("WRONG"));
}
