//! The cure table of `outlast check`.

use crate::cli::terminal::{figures_table, heading};
use crate::report::text::{harmless, item, paragraph, width};
use crate::report::words::{cures as words, spoken};
use crate::scenario::{FaultCures, Help, Scenario};

/// Columns that a fault's name needs, and those of a strategy beside it.
const NAME: usize = 44;
const MARKS: usize = 3;

/// The faults by strategy, each cell a mark for each table that helps, and what the marks mean.
pub(super) fn text(scenario: &Scenario) -> String {
    let cures = scenario.cures();
    if cures.is_empty() || scenario.strategies.is_empty() {
        return String::new();
    }
    let mut text = heading(words::TITLE);
    let numbers: Vec<usize> = (0..scenario.strategies.len()).collect();
    for numbers in numbers.chunks((width() - NAME) / MARKS) {
        text.push_str(&format!("{}\n\n", table(scenario, &cures, numbers)));
    }
    for (index, strategy) in scenario.strategies.iter().enumerate() {
        text.push_str(&item(&format!("{}: {}", index + 1, strategy.name)));
    }
    text.push_str(&legend(scenario, &cures));
    let notes = words::notes(scenario).map(str::to_owned);
    for sentence in notes.chain(words::repair_only(scenario, &cures)) {
        text.push_str(&paragraph(&sentence));
    }
    text.push('\n');
    text
}

fn table(scenario: &Scenario, cures: &[FaultCures], strategies: &[usize]) -> String {
    let letters = words::letters(scenario);
    let headings = strategies.iter().map(|index| (index + 1).to_string());
    let rows = cures.iter().map(|cures| {
        let fault = &scenario.world.faults[cures.fault];
        let name = format!("{} ({})", harmless(&fault.name), words::struck(fault));
        let marks = strategies.iter().map(|index| words::marks(cures.help(*index), &letters));
        (name, marks.collect())
    });
    figures_table("Fault (kind)", headings, rows)
}

/// What the marks mean that occur.
fn legend(scenario: &Scenario, cures: &[FaultCures]) -> String {
    let letters = words::letters(scenario);
    let mut legend = String::new();
    for (table, letter) in &letters {
        legend.push_str(&item(&format!("{letter}: {}", spoken(table))));
    }
    let meanings = [
        (Help::SignIn, words::SIGN_IN),
        (Help::Immune, words::IMMUNE),
        (Help::LastResort, words::LAST_RESORT),
        (Help::RepairOnly, words::REPAIR_ONLY),
        (Help::Nothing, words::NOTHING),
    ];
    for (help, meaning) in meanings {
        let strategies = 0..scenario.strategies.len();
        let occurs = |cures: &FaultCures| strategies.clone().any(|at| cures.help(at) == help);
        if cures.iter().any(occurs) {
            legend.push_str(&item(&format!("{}: {meaning}", words::marks(help, &letters))));
        }
    }
    legend
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_fits_the_terminal_and_explains_its_marks() {
        let scenario = Scenario::embedded().unwrap();
        let text = anstream::adapter::strip_str(&text(&scenario)).to_string();
        assert!(text.lines().all(|line| line.chars().count() <= width()), "{text}");
        let hardware = &scenario.world.faults.iter().find(|f| f.strikes.word() == "host").unwrap();
        let row = text.lines().find(|line| line.starts_with(&hardware.name)).unwrap();
        assert!(row.contains('V') && row.contains('T'), "{row}");
        for part in ["  - R: rebuild", "  - -: nothing but its own repair", "in another site"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("  - x:"), "nothing is never repaired: {text}");
    }
}
