//! `outlast check --dates`: the dates on which something stops, as is known.

use crate::cli::output::Answer;
use crate::cli::terminal::heading;
use crate::keys::Json;
use crate::report::text::item;
use crate::report::words;
use crate::scenario::Scenario;
use crate::world::known_dates::{KNOWN_DATES, KnownDate};
use serde_json::json;

/// The known dates, beside a trial of a scenario if there is one.
pub(super) struct Dates {
    pub(super) scenario: Option<Scenario>,
}

impl Dates {
    /// Does the date lie in a trial? Nobody knows without a scenario.
    fn is_within(&self, known: &KnownDate) -> Option<bool> {
        self.scenario.as_ref().map(|scenario| known.is_within(&scenario.world.calendar))
    }
}

impl Answer for Dates {
    fn text(&self) -> String {
        let mut text = String::new();
        for known in &KNOWN_DATES {
            text.push_str(&heading(&words::check::date(known, self.is_within(known))));
            for line in words::check::about_date(known) {
                text.push_str(&item(&line));
            }
        }
        text
    }

    fn json(&self) -> Json {
        let date = |known: &KnownDate| {
            json!({
                "date": known.date.to_string(),
                "what": known.what,
                "kind": known.stops.map(|kind| kind.word()),
                "known_on": known.known_on.to_string(),
                "source": known.source,
                "in_trial": self.is_within(known),
            })
        };
        json!({ "dates": KNOWN_DATES.iter().map(date).collect::<Json>() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn dates_are_told_with_and_without_a_scenario() {
        let alone = anstream::adapter::strip_str(&Dates { scenario: None }.text()).to_string();
        assert!(alone.contains("2027-04-07\n"), "{alone}");
        assert!(
            alone.contains("  - known on 2026-11-29 from: Entra docs, prerequisites\n"),
            "{alone}"
        );
        assert!(alone.contains("  - nothing stops on that day\n"), "{alone}");
        let text = "name = \"x\"\nstart = \"2027-01-04\"\n[[strategy]]\nname = \"a\"\n".to_owned();
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let with = Dates { scenario: Some(scenario) };
        let told = anstream::adapter::strip_str(&with.text()).to_string();
        assert!(told.contains("2027-04-07, in a trial\n"), "{told}");
        assert!(told.contains("2026-09-30, not in a trial\n"), "{told}");
        let json = with.json();
        let last = &json["dates"][KNOWN_DATES.len() - 1];
        assert_eq!((&last["kind"], &last["in_trial"]), (&json!("engine"), &json!(true)));
    }
}
