//! From the scenario that was opened and a list of changes to a scenario ready to run.

use super::form::{Form, Values};
use crate::keys::{Finding, Severity};
use crate::scenario::{Change, Scenario, ScenarioError, Spec};
use serde::Serialize;

/// Most strategies on the page: more than can be told apart, and each takes its time.
const MOST_STRATEGIES: usize = 40;

/// What is wrong with a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// The number of the change that is wrong, where it is one.
    pub change: Option<usize>,
    /// What is wrong, in the words of the reader of files.
    pub message: String,
    /// What would be right.
    pub help: Option<String>,
}

impl Wrong {
    fn new(change: Option<usize>, message: String, help: &str) -> Wrong {
        Wrong { change, message, help: Some(help.to_owned()).filter(|help| !help.is_empty()) }
    }
}

/// A state that was made: its spec, and the scenario if nothing is wrong.
#[derive(Debug)]
pub struct Made {
    /// The scenario as a tree of values.
    pub spec: Spec,
    /// Ready to run, or all that is wrong.
    pub scenario: Result<Scenario, Vec<Wrong>>,
}

/// Where states are made. What the last one needed is kept: most changes touch one key.
#[derive(Debug)]
pub struct Bench {
    opened: Spec,
    /// The scenario after the first of the changes that edit tables, and which these are.
    edited: (Vec<Change>, Spec),
    /// After the edits alone, without any key that was set: the values, and which edits these are.
    untouched: Option<(Vec<Change>, Values)>,
}

impl Bench {
    /// For states of this scenario.
    pub fn new(mut opened: Spec) -> Bench {
        // What this reads is kept in the copies.
        let _ = opened.compile();
        Bench { edited: (Vec::new(), opened.clone()), opened, untouched: None }
    }

    /// The values that the changed keys would have without the changes of keys, by path.
    pub fn opened_values(&mut self, changes: &[Change]) -> Values {
        let is_edit = |change: &&Change| matches!(change, Change::Edit(_));
        let edits: Vec<Change> = changes.iter().filter(is_edit).cloned().collect();
        if self.untouched.as_ref().is_none_or(|(known, _)| *known != edits) {
            let mut spec = self.edit(&edits).unwrap_or_else(|(spec, _)| *spec);
            self.untouched = Some((edits, Form::of(&mut spec).values));
        }
        let values = self.untouched.as_ref().map(|(_, values)| values);
        let paths = changes.iter().filter_map(|change| match change {
            Change::Set { path, .. } => Some(path),
            Change::Edit(_) => None,
        });
        let value = |path: &String| Some((path.clone(), values?.get(path)?.clone()));
        paths.filter_map(value).collect()
    }

    /// The state after these changes.
    pub fn make(&mut self, changes: &[Change]) -> Made {
        let edits = changes.iter().rposition(|change| matches!(change, Change::Edit(_)));
        let edits = edits.map_or(0, |last| last + 1);
        if self.edited.0 != changes[..edits] {
            match self.edit(&changes[..edits]) {
                Ok(spec) => self.edited = (changes[..edits].to_vec(), spec),
                Err((spec, wrong)) => return Made { spec: *spec, scenario: Err(vec![wrong]) },
            }
        }
        let mut spec = self.edited.1.clone();
        set(&mut spec, &changes[edits..]);
        let scenario = spec.compile().map_err(|error| wrongs(error, changes));
        let scenario = scenario.and_then(|scenario| match scenario.strategies.len() {
            0..=MOST_STRATEGIES => Ok(scenario),
            many => {
                let message = format!("there are {many} strategies");
                let help =
                    format!("the page takes {MOST_STRATEGIES} at most; outlast run takes more");
                Err(vec![Wrong::new(None, message, &help)])
            }
        });
        Made { spec, scenario }
    }

    /// The scenario after changes of which the last edits tables.
    fn edit(&self, changes: &[Change]) -> Result<Spec, (Box<Spec>, Wrong)> {
        let mut spec = self.opened.clone();
        let mut from = 0;
        for (at, change) in changes.iter().enumerate() {
            let Change::Edit(edit) = change else { continue };
            set(&mut spec, &changes[from..at]);
            from = at + 1;
            match spec.edited(edit) {
                Ok(edited) => spec = edited,
                Err(error) => {
                    let wrong = Wrong::new(Some(at), error.message, &error.help);
                    return Err((Box::new(spec), wrong));
                }
            }
        }
        let _ = spec.compile();
        Ok(spec)
    }
}

/// How a message shows a change of a key, and how it is found again.
fn option(change: &Change) -> Option<String> {
    match change {
        Change::Set { path, value } => Some(format!("{path}={value}")),
        Change::Edit(_) => None,
    }
}

fn set(spec: &mut Spec, changes: &[Change]) {
    for option in changes.iter().filter_map(option) {
        spec.set_option(&option);
    }
}

/// All that is wrong, each with the change that it is about.
fn wrongs(error: ScenarioError, changes: &[Change]) -> Vec<Wrong> {
    let findings = match error {
        ScenarioError::Wrong { findings, .. } => findings,
        other => return vec![Wrong::new(None, other.to_string(), "")],
    };
    let errors = findings.into_iter().filter(|one| one.severity == Severity::Error);
    errors
        .map(|Finding { message, help, option: said, .. }| {
            let is_said = |change: &Change| {
                let word = option(change).map(|option| format!("--set {option}"));
                word.is_some() && word.as_deref() == said.as_deref()
            };
            // Of two changes of one key the later one holds.
            let change = changes.iter().rposition(is_said);
            Wrong { change, message, help }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Edit;

    fn set(path: &str, value: &str) -> Change {
        Change::Set { path: path.into(), value: value.into() }
    }

    fn bench() -> Bench {
        Bench::new(Spec::embedded())
    }

    #[test]
    fn a_change_is_what_the_option_of_the_command_line_does() {
        let changes = [set("operations.staffed", "\"24x7\""), set("fault.*.common_mode", "0.5")];
        let made = bench().make(&changes).scenario.unwrap();
        let mut spec = Spec::embedded();
        spec.set_option("operations.staffed=24x7");
        spec.set_option("fault.*.common_mode=0.5");
        let expected = spec.compile().unwrap();
        let values = |scenario: &Scenario| -> Vec<_> {
            scenario.assumptions.iter().map(|one| (one.key.clone(), one.value.clone())).collect()
        };
        assert_eq!(values(&made), values(&expected));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_change_in_the_words_of_the_reader() {
        let changes = [set("operations.people", "3"), set("operations.call_out", "\"soon\"")];
        let wrong = bench().make(&changes).scenario.unwrap_err();
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].change, Some(1));
        let mut spec = Spec::embedded();
        spec.set_option("operations.call_out=\"soon\"");
        let Err(ScenarioError::Wrong { findings, .. }) = spec.compile() else {
            panic!("it is wrong")
        };
        let error = findings.into_iter().find(|one| one.severity == Severity::Error).unwrap();
        assert_eq!((wrong[0].message.clone(), wrong[0].help.clone()), (error.message, error.help));
        let unknown = bench().make(&[set("operations.callout", "\"1h\"")]).scenario.unwrap_err();
        assert_eq!(unknown[0].change, Some(0));
        assert!(unknown[0].help.as_ref().unwrap().contains("operations.call_out"), "{unknown:?}");
    }

    #[test]
    fn edits_and_settings_take_turns() {
        let mut bench = bench();
        let copy = Change::Edit(Edit::Copy("strategy.\"Staging server\"".into(), "Second".into()));
        let before = set("strategy.\"Staging server\".annual_cost", "1.0");
        let after = set("strategy.Second.annual_cost", "2.0");
        let changes = [before.clone(), copy, after];
        let scenario = bench.make(&changes).scenario.unwrap();
        let cost = |name: &str| {
            let key = format!("strategy.\"{name}\".annual_cost");
            scenario.assumption(&key).unwrap().value.to_string()
        };
        assert_eq!((cost("Staging server"), cost("Second")), ("1.0".into(), "2.0".into()));
        // Undone, all is as before, whatever was kept.
        let again = bench.make(&[before]).scenario.unwrap();
        assert_eq!(again.strategies.len() + 1, scenario.strategies.len());
    }

    #[test]
    fn too_many_strategies_are_refused() {
        let copy = |number: usize| {
            Change::Edit(Edit::Copy("strategy.\"Staging server\"".into(), format!("copy {number}")))
        };
        let changes: Vec<Change> = (0..MOST_STRATEGIES).map(copy).collect();
        let wrong = bench().make(&changes).scenario.unwrap_err();
        assert!(wrong[0].message.contains("strategies"), "{wrong:?}");
    }
}
