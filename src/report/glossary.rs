//! What the words of tables, charts and messages mean, as the project's own list has it.
//!
//! `docs/glossary.md` is part of the program, so that terminal and page cannot say anything else.

use crate::metric::Metric;

const GLOSSARY: &str = include_str!("../../docs/glossary.md");

/// A word with its meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, with others that mean the same after a comma.
    pub term: String,
    /// What it means.
    pub meaning: String,
    /// The unit of what it stands for; empty where it has none.
    pub unit: String,
}

/// All words, those of the project first and then the metrics, in the order of the list.
pub fn words() -> Vec<Word> {
    let metrics = Metric::ALL.into_iter().map(|metric| Word {
        term: metric.name().to_owned(),
        meaning: metric.meaning().trim_end_matches('.').to_owned(),
        unit: metric.unit("currency of the scenario").to_owned(),
    });
    // What the declarations say of a metric stands in the list too, for those who read that alone.
    let is_declared = |line: &&str| {
        Metric::ALL.iter().any(|one| line.starts_with(&format!("| `{}` |", one.name())))
    };
    let own = GLOSSARY.lines().filter(|line| !is_declared(line)).filter_map(row);
    let own: Vec<Word> = own.collect();
    // Cost is a word of its own, too.
    let metrics = metrics.filter(|metric| own.iter().all(|word| word.term != metric.term));
    let metrics: Vec<Word> = metrics.collect();
    own.into_iter().chain(metrics).collect()
}

/// The words that contain a text, in any case, or whose meaning does; those that are it come first.
pub fn find(text: &str) -> Vec<Word> {
    let wanted = text.trim().to_lowercase();
    let rank = |word: &Word| {
        let term = word.term.to_lowercase();
        let is_it = term.split(", ").any(|one| one == wanted);
        match (is_it, term.contains(&wanted), word.meaning.to_lowercase().contains(&wanted)) {
            (true, ..) => Some(0),
            (_, true, _) => Some(1),
            (.., true) => Some(2),
            _ => None,
        }
    };
    let mut found: Vec<(u8, Word)> =
        words().into_iter().filter_map(|word| Some((rank(&word)?, word))).collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, word)| word).collect()
}

/// A row of a table that is no heading.
fn row(line: &str) -> Option<Word> {
    let cells: Vec<&str> = line.strip_prefix("| ")?.trim_end_matches(" |").split(" | ").collect();
    let (term, meaning, unit) = match cells[..] {
        ["term" | "metric", ..] => return None,
        [term, meaning, unit, _] => (term, meaning, unit),
        // Tables of metrics have the unit second.
        [term, unit, meaning] => (term, meaning, unit),
        _ => return None,
    };
    let plain = |text: &str| text.replace(['`', '*'], "");
    let unit = if unit == "-" { String::new() } else { plain(unit) };
    Some(Word { term: plain(term), meaning: plain(meaning), unit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_reports_use_have_a_meaning() {
        for word in [
            "user-h",
            "writeback",
            "trial",
            "horizon",
            "promotion",
            "fencing",
            "common mode",
            "catch-up",
            "exceedance curve",
            "spending",
            "priced harm",
            "p95",
            "drain",
            "stale_user_hours",
        ] {
            let found = find(word);
            assert!(
                found.first().is_some_and(|first| first.term.contains(word)),
                "{word}: {found:?}"
            );
            assert!(found[0].meaning.chars().count() > 10, "{found:?}");
        }
        assert!(find("no such word").is_empty());
    }

    #[test]
    fn no_row_of_the_list_is_lost_and_none_is_told_twice() {
        let rows = GLOSSARY.lines().filter(|line| line.starts_with("| ")).count();
        let headings = GLOSSARY.lines().filter(|line| line.starts_with("|---")).count();
        assert_eq!(GLOSSARY.lines().filter_map(row).count(), rows - headings);
        // A word may stand for two things.
        let mut told: Vec<(String, String)> =
            words().into_iter().map(|word| (word.term, word.meaning)).collect();
        let all = told.len();
        told.sort();
        told.dedup();
        assert_eq!(told.len(), all);
    }
}
