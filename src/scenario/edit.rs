//! What of a scenario can be changed while it is looked at: its keys and tables, and edits of whole
//! tables.
//!
//! A key is set by [`Spec::set`]. Whether a table is there at all is an assumption of its own, which
//! no key can state: an [`Edit`] changes the text for it, comments and order kept, and the scenario
//! is read anew.

use super::{DEFAULT, Spec};
use crate::keys::{Assumption, Document, Log, TableError};

/// An edit of whole tables. Paths are as `outlast check` lists them, without the last key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Adds a table that may be left out, with the keys of an inline table.
    With(String, String),
    /// Takes out a table, or one of a list.
    Without(String),
    /// Copies one table of a list, under another name.
    Copy(String, String),
    /// Adds a strategy of the embedded scenario, under a name.
    Add(String, String),
}

/// Something done to a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Sets a key to a TOML value, as `--set` does.
    Set {
        /// The path of the key.
        path: String,
        /// The value as a file would write it.
        value: String,
    },
    /// Adds, takes out or copies a table.
    Edit(Edit),
}

/// What can be set, and what stands there now.
#[derive(Debug)]
pub struct Listing {
    /// Every key, written or not, with what it is for, in the order of reading.
    pub keys: Vec<(String, &'static str)>,
    /// What is assumed for the keys that have a value.
    pub assumptions: Vec<Assumption>,
    /// The tables that may be left out, and whether each is there.
    pub tables: Vec<(String, bool)>,
}

/// Lists of which a scenario without any takes those of the embedded one.
const SUPPLEMENTED: [&str; 3] = ["site", "watch", "fault"];

impl Spec {
    /// Everything that can be set, as far as the scenario can be read.
    pub fn listing(&mut self) -> Listing {
        let log: Log = self.log();
        let owned = |(path, doc): (&str, &'static str)| (path.to_owned(), doc);
        let keys = log.keys().map(owned).collect();
        let tables = log.optional_tables().map(|(path, is)| (path.to_owned(), is)).collect();
        Listing { keys, tables, assumptions: log.assumptions }
    }

    /// The scenario after some changes. A key that is set wrong is an error of [`Spec::compile`].
    ///
    /// # Errors
    /// An edit of tables cannot be made.
    pub fn changed(&self, changes: &[Change]) -> Result<Spec, TableError> {
        let mut spec = self.clone();
        for change in changes {
            match change {
                Change::Set { path, value } => spec.set_option(&format!("{path}={value}")),
                Change::Edit(edit) => spec = spec.edited(edit)?,
            }
        }
        Ok(spec)
    }

    /// The scenario after an edit of its tables. What was set before stands in its text from now on.
    ///
    /// # Errors
    /// There is no such table, or the text has no place for the edit.
    pub fn edited(&self, edit: &Edit) -> Result<Spec, TableError> {
        let mut document = Document::parse(&self.to_toml(), self.base());
        let path = match edit {
            Edit::With(path, _) | Edit::Without(path) | Edit::Copy(path, _) => path,
            Edit::Add(..) => "",
        };
        let first = path.split('.').next().unwrap_or_default();
        if SUPPLEMENTED.contains(&first) && document.root().get(first).is_none() {
            let defaults = Document::parse(DEFAULT, "").list_text(first);
            document = Document::parse(&(document.text().to_owned() + &defaults), self.base());
        }
        let text = match edit {
            Edit::With(path, body) => document.with_table(path, body),
            Edit::Without(path) => document.without_table(path),
            Edit::Copy(path, name) => document.with_copy(path, name),
            Edit::Add(template, name) => {
                let path = format!("strategy.{}", crate::keys::quote(template));
                document.with_foreign(&Document::parse(DEFAULT, ""), &path, name)
            }
        }?;
        Ok(self.with_text(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const TEXT: &str = "name = \"x\"  # why\n[[strategy]]\nname = \"a\"\n";

    fn spec() -> Spec {
        Spec::parse(TEXT, Path::new(""), "x")
    }

    #[test]
    fn a_table_that_may_be_left_out_can_be_put_in_and_taken_out() {
        let mut spec = spec();
        let is_there = |spec: &mut Spec, path: &str| {
            spec.listing().tables.into_iter().find(|(known, _)| known == path).map(|(_, is)| is)
        };
        assert_eq!(is_there(&mut spec, "strategy.\"a\".staging"), Some(false));
        let with = Edit::With("strategy.\"a\".staging".into(), "{ success = 0.5 }".into());
        let mut with = spec.edited(&with).unwrap();
        assert_eq!(is_there(&mut with, "strategy.\"a\".staging"), Some(true));
        let success = with.get("strategy.a.staging.success").unwrap().unwrap();
        assert_eq!(&*success.value, "0.5");
        let without = with.edited(&Edit::Without("strategy.\"a\".staging".into())).unwrap();
        assert_eq!(without.to_toml().trim_end(), TEXT.trim_end());
    }

    #[test]
    fn what_was_set_before_an_edit_stays() {
        let mut spec = spec();
        spec.set("operations.staffed", "office").unwrap();
        let copy = Edit::Copy("strategy.\"a\"".into(), "b".into());
        let mut copied = spec.edited(&copy).unwrap();
        let names: Vec<_> =
            copied.compile().unwrap().strategies.iter().map(|one| one.name.clone()).collect();
        assert_eq!(names, ["a", "b"]);
        let staffed = copied.get("operations.staffed").unwrap().unwrap();
        assert_eq!(&*staffed.value, "\"office\"");
        assert!(copied.to_toml().contains("# why"));
    }

    #[test]
    fn a_fault_of_the_embedded_scenario_can_be_taken_out() {
        let mut spec = spec();
        let count = spec.compile().unwrap().world.faults.len();
        let edit = Edit::Without("fault.\"internet link\"".into());
        let scenario = spec.edited(&edit).unwrap().compile().unwrap();
        assert_eq!(scenario.world.faults.len(), count - 1);
        assert!(scenario.world.faults.iter().all(|fault| fault.name != "internet link"));
    }

    #[test]
    fn a_strategy_of_the_embedded_scenario_can_be_added() {
        let mut added =
            spec().edited(&Edit::Add("Staging server".into(), "Standby".into())).unwrap();
        let scenario = added.compile().unwrap();
        let names: Vec<_> = scenario.strategies.iter().map(|one| one.name.clone()).collect();
        assert_eq!(names, ["a", "Standby"]);
        assert!(spec().edited(&Edit::Add("Nobody's".into(), "x".into())).is_err());
    }
}
