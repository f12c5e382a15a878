//! Incidents of which nothing tells what they struck: said before anything that rests on them, with
//! the options that would tell.

use crate::report::text::{count, grouped, harmless};
use crate::world::kind::Kind;

/// Causes that are named.
const CAUSES: usize = 6;

/// The warning; `named` has what the log says of them, and `consequence` what is done with them.
pub fn warning((unknown, of): (u64, u64), named: &[(String, u64)], consequence: &str) -> String {
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
    let silent: u64 =
        named.iter().filter(|(name, _)| name.is_empty()).map(|(_, count)| count).sum();
    let names_nothing = "the log gives neither a component nor a cause";
    let tells_nothing = "no fault of the scenario has the name that the log gives, and no word in it \
                         tells";
    let why = match silent {
        0 => tells_nothing.to_owned(),
        _ if silent == unknown => names_nothing.to_owned(),
        _ => format!("{tells_nothing}; of {} {names_nothing}", grouped(silent)),
    };
    format!(
        "Warning: what {} of {} struck is not known: {why}. {consequence} Say what they are ({}), with \
         your kinds in the place of \"server\":",
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
    fn the_warning_says_what_the_log_leaves_open() {
        let told = |named: &[(&str, u64)]| {
            let named: Vec<_> = named.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
            let all = named.iter().map(|(_, n)| n).sum();
            warning((all, 9), &named, "They are left out.")
        };
        assert!(told(&[("", 1)]).starts_with(
            "Warning: what 1 of 9 incidents struck is not known: the log gives neither a component nor \
             a cause. They are left out. Say what they are (link, "
        ));
        assert!(
            told(&[("?", 2)])
                .contains("the name that the log gives, and no word in it tells. They")
        );
        assert!(told(&[("?", 2), ("", 1)]).contains("in it tells; of 1 the log gives neither"));
    }

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
