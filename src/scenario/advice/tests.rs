//! Advice is given where the key is looked for, and what it shows can be pasted.

use super::*;
use crate::scenario::{Scenario, ScenarioError};
use std::path::Path;

/// The help with a line added to a scenario.
fn help(before: &str, line: &str, after: &str) -> Vec<String> {
    let text = format!("name = \"x\"\n{before}\n{line}\n{after}\n[[strategy]]\nname = \"a\"\n");
    match Scenario::read(text, Path::new(""), "x") {
        Ok(_) => Vec::new(),
        Err(ScenarioError::Wrong { findings, .. }) => {
            findings.into_iter().map(|one| one.help.unwrap_or_default()).collect()
        }
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn what_is_looked_for_under_another_name_is_shown_as_it_is_written() {
    for (before, line, expected) in [
        ("", "sites = 3", "write a table for each site: [[site]] and below it name = \"main\""),
        (
            "",
            "on_call = false",
            "write [operations] and below it staffed = \"Mon-Fri 08:00-18:00\" where",
        ),
        ("", "replica = \"other\"", "write [[strategy]] and below it name = \"VM replica\""),
        (
            "[operations]",
            "on_call = false",
            "write staffed = \"Mon-Fri 08:00-18:00\" where nobody is on call",
        ),
        (
            "[[strategy]]\nname = \"vm\"\n[strategy.virtual_machine]",
            "replica = \"other\"",
            "a copy in another site: write site = \"other\"",
        ),
        (
            "[[strategy]]\nname = \"vm\"",
            "replica = true",
            "write [strategy.virtual_machine] and below it site = \"other\"",
        ),
        (
            "[[strategy]]\nname = \"r\"\n[strategy.rebuild]",
            "on = \"domain controller\"",
            "write spare = \"domain-controller\"",
        ),
        (
            "[[strategy]]\nname = \"r\"",
            "rebuild = true",
            "write [strategy.rebuild] on a line of its own, and its keys below",
        ),
        ("[costs]", "stale_user_hour = 0,40", "write 0.40"),
        ("[costs]", "labour_hour = \"95 EUR\"", "write 95"),
        ("[organisation]", "users = 8.000", "write 8000, without a point between thousands"),
        ("[organisation]", "users = \"8.000\"", "write 8000, without a point between thousands"),
        (
            "[organisation]",
            "users = 8,000",
            "write 8000 if it sets off thousands, 8.000 if it is a decimal comma",
        ),
        ("[operations]", "call_out = \"2 - 4 h\"", "write \"2h to 4h\""),
        ("[operations]", "detection = \"2 - 4 h\"", "write \"2h to 4h\""),
        (
            "[tolerance]",
            "availability = 0.999",
            "write the time that is left: 99.9 % of a year is downtime_hours = { limit = 8.8",
        ),
        ("[tolerance]", "rto = \"24h\"", "write restore_hours = { limit = \"24h\""),
        (
            "[[strategy]]\nname = \"s\"\n[strategy.sql_high_availability]",
            "replicas = 2",
            "the group has two servers: write replication = \"synchronous\"",
        ),
        (
            "[tolerance]",
            "peak_stale_users = 200",
            "write peak_stale_users = { limit = 200, confidence = 0.95 }",
        ),
        (
            "[tolerance]",
            "restore_hours = \"24h\"",
            "write restore_hours = { limit = \"24h\", confidence = 0.95 }",
        ),
        ("[tolerance]", "stale_users = { limit = \"24h\" }", ""),
        ("[tolerance]", "stale_users = { limit = 5, confidence = 95 }", "write 0.95"),
    ] {
        let said = help(before, line, "");
        assert_eq!(said.len(), 1, "{line}: {said:?}");
        assert!(said[0].starts_with(expected), "{line}: {said:?}");
    }
}

#[test]
fn each_advice_is_given_where_the_key_is_looked_for() {
    for (table, key, advice) in ALL.into_iter().flatten() {
        let header = match *table {
            "" => String::new(),
            "strategy" => "[[strategy]]\nname = \"b\"".to_owned(),
            "fault" => {
                "[[fault]]\nname = \"f\"\nstrikes = \"server\"\nevery = \"1d\"\nrepair = \"1h\""
                    .to_owned()
            }
            "virtual_machine" | "rebuild" | "sql_high_availability" => {
                format!("[[strategy]]\nname = \"b\"\n[strategy.{table}]")
            }
            table => format!("[{table}]"),
        };
        assert_eq!(help(&header, &format!("{key} = 1"), ""), [*advice], "{table}.{key}");
    }
}

#[test]
fn what_is_advised_can_be_pasted() {
    for line in [
        "[operations]\nstaffed = \"Mon-Fri 08:00-18:00\"",
        "[operations]\nstaffed = \"24x7\"\ndetection = \"10m to 1h\"",
        "[costs]\ncurrency = \"EUR\"\nlabour_hour = 90",
        "[tolerance]\nrestore_hours = { limit = \"4h\", confidence = 0.95 }",
        "[tolerance]\npeak_stale_users = { limit = 200, confidence = \"95 %\" }",
        "[[fault]]\nname = \"f\"\nstrikes = \"server\"\nevery = \"300d\"\nrepair = \"1h to 9h\"",
        "[[strategy]]\nname = \"v\"\nannual_cost = 5_500\n[strategy.virtual_machine]\nsite = \"other\"\nimage_age = \"15m\"\ncapacity = 0",
        "[[strategy]]\nname = \"w\"\n[[strategy.watch]]\nname = \"script\"\nsees = [\"*\"]\nafter = \"1h\"",
        "[[strategy]]\nname = \"r\"\n[strategy.rebuild]\nspare = \"domain-controller\"",
        "[[site]]\nname = \"main\"",
        "[[strategy]]\nname = \"VM replica\"\n[strategy.virtual_machine]\nsite = \"other\"",
        "[[strategy]]\nname = \"Staging server\"\n[strategy.staging]",
        "[operations]\npeople = 2",
    ] {
        assert_eq!(help("", line, ""), [""; 0], "{line}");
    }
}
