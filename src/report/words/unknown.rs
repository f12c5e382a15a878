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

/// The options to paste, a line each.
pub fn options(named: &[(String, u64)]) -> Vec<String> {
    let option = |(name, _): &(String, u64)| match name.is_empty() {
        true => "--unmapped server".to_owned(),
        // A text of both columns is mapped by either.
        false => {
            let name = harmless(name.split(" / ").next().unwrap_or(name));
            format!("--map \"{name}=server\"")
        }
    };
    let mut lines: Vec<String> = named.iter().take(CAUSES).map(option).collect();
    if named.len() > CAUSES {
        lines.push(format!("--unmapped server        for the {} others", named.len() - CAUSES));
    }
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_an_option_to_paste() {
        let named = [("disk full / ?".to_owned(), 3), (String::new(), 2)];
        assert_eq!(options(&named), ["--map \"disk full=server\"", "--unmapped server"]);
        let many: Vec<(String, u64)> = (0..9).map(|k| (format!("c{k}"), 1)).collect();
        assert!(options(&many).last().is_some_and(|last| last.contains("the 3 others")));
    }
}
