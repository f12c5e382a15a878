//! What `verify` found: a table of the cases and a sentence on all of them.

use crate::report::text::{count, figure, paragraph, width, wrap};
use crate::verify::{Case, Verification};

/// Columns of the three figures: truth, found, and how far apart.
const FIGURES: usize = 3 * (FIGURE + 2);
const FIGURE: usize = 11;

/// A line for each case, under the part of the model that it is about.
pub fn table(found: &Verification) -> String {
    let names = width() - FIGURES;
    let mut text =
        row("", [String::from("true"), String::from("found"), String::from("off")], names);
    for mechanism in &found.mechanisms {
        text += &format!("{}\n", mechanism.name);
        for case in &mechanism.cases {
            text += &line(case, found.holds_for(case), names);
        }
    }
    text
}

fn line(case: &Case, holds: bool, names: usize) -> String {
    let off = match (holds, case.error) {
        (false, None) => "WRONG".to_owned(),
        (true, None) => "exact".to_owned(),
        (false, Some(_)) => format!("WRONG {:+.1}", case.standard_errors()),
        (true, Some(_)) => format!("{:+.1} SE", case.standard_errors()),
    };
    row(&case.name, [figure(case.truth, 5), figure(case.estimate, 5), off], names)
}

fn row(name: &str, figures: [String; 3], names: usize) -> String {
    let lines = wrap(name, names - 4);
    let figures: String = figures.iter().map(|one| format!("  {one:>FIGURE$}")).collect();
    let mut text = format!("  {:<1$}{figures}\n", lines[0], names - 2);
    for more in &lines[1..] {
        text += &format!("    {more}\n");
    }
    text
}

/// What the cases say together.
pub fn summary(found: &Verification) -> String {
    let cases = found.cases().count();
    let wrong = found.cases().filter(|case| !found.holds_for(case)).count();
    let exact = found.cases().filter(|case| case.error.is_none()).count();
    let [least, most] = found.squares_between.map(|value| figure(value, 3));
    let squares = figure(found.squares, 3);
    let verdict = match wrong {
        0 => format!("All {cases} cases hold."),
        1 => format!("1 of {cases} cases does not hold."),
        _ => format!("{wrong} of {cases} cases do not hold."),
    };
    let together = if found.holds_together() { "lies between" } else { "must lie between" };
    paragraph(&format!(
        "{verdict} {exact} of them leave nothing to chance and must agree up to rounding. The others may \
         be {:.1} standard errors (SE) off: with so many cases, one of a right build is further off once \
         in 2,000 runs. The squares of {} add up to {squares}, which {together} {least} and {most}.",
        found.limit,
        count(found.independent, "independent case"),
    ))
}
