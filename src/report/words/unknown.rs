//! Incidents of which nothing tells what they struck: said before anything that rests on them, with
//! the options that would tell.

use crate::report::text::{count, grouped, harmless};
use crate::world::kind::Kind;

/// Causes that are named.
const CAUSES: usize = 6;

/// The warning; `consequence` says what is done with them.
pub fn warning(unknown: u64, of: u64, consequence: &str) -> String {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    format!(
        "Warning: what {} of {} struck is not known: no fault of the scenario has that name, no word \
         in it tells, and no --map does. {consequence} Say what they are ({}), with your kinds in the \
         place of \"server\":",
        grouped(unknown),
        count(of, "incident"),
        kinds.join(", ")
    )
}

/// The options to paste, a line each: the commonest causes by name, and one for the rest.
pub fn options(named: &[(String, u64)]) -> Vec<String> {
    // An option splits at commas, and has one name before its sign of equality.
    let can_be_named = |name: &str| !name.is_empty() && !name.contains([',', '=', '"', '\n']);
    let mut lines: Vec<String> = named
        .iter()
        .filter(|(name, _)| can_be_named(name))
        .take(CAUSES)
        .map(|(name, _)| format!("--map \"{}=server\"", harmless(name)))
        .collect();
    if named.len() > lines.len() {
        lines.push("--unmapped server".to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_an_option_to_paste() {
        let of = |names: &[&str]| {
            let named: Vec<_> = names.iter().map(|name| ((*name).to_owned(), 1)).collect();
            options(&named)
        };
        assert_eq!(of(&["disk full", "?"]), ["--map \"disk full=server\"", "--map \"?=server\""]);
        assert_eq!(of(&["", "a, b", "c"]), ["--map \"c=server\"", "--unmapped server"]);
        assert_eq!(of(&["1", "2", "3", "4", "5", "6", "7"]).len(), CAUSES + 1);
    }
}
