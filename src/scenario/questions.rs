//! Ten questions for those who have no file yet, and the scenario that their answers make.
//!
//! The scenario is the embedded one with what was answered changed, so that every figure nobody was
//! asked for keeps its source. The terminal and the live page ask by this one table.

use super::{Change, DEFAULT, Edit, Spec};
use crate::keys::{Document, quote};
use crate::strategy::CLUSTER;
use crate::units::parse_duration;
use std::path::Path;

/// One question.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// Its name for programs.
    pub id: &'static str,
    /// What is asked.
    pub ask: &'static str,
    /// How to answer, and what it is for.
    pub help: &'static str,
    /// What an answer is.
    pub kind: Kind,
    /// The answer of whoever gives none.
    pub usual: &'static str,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number of 1 or more.
    Whole,
    /// A duration such as `24h`.
    Duration,
    /// An amount, which may name its currency: `95 EUR`.
    Amount,
    /// Times at which people work, as the key `operations.staffed` takes them.
    Hours,
    /// One of some words.
    One(&'static [(&'static str, &'static str)]),
    /// Several of some words; `all` and `none` too.
    Several(&'static [(&'static str, &'static str)]),
}

const YES_OR_NO: Kind = Kind::One(&[("yes", "yes"), ("no", "no")]);

/// What tells people of an outage: a word, what it is, and its channel in the embedded scenario.
const WATCH: &[(&str, &str)] = &[
    ("ping", "monitoring that pings machines"),
    ("health", "Connect Health"),
    ("script", "a script of your own that looks at the last cycle"),
];

/// Ways to recover, and their strategies in the embedded scenario.
const WAYS: &[(&str, &str)] = &[
    ("repair", "mend the server in its place"),
    ("spare", "install anew on a spare server"),
    ("new", "install anew on a new virtual machine"),
    ("controller", "install anew on a domain controller"),
    ("staging", "a staging server"),
    ("cluster", "a virtual machine on a cluster, with images"),
    ("sql", "an availability group of SQL Server"),
    ("cloud", "Cloud Sync in place of the server"),
];

/// The questions, in the order in which they are asked.
pub const QUESTIONS: [Question; 10] = [
    Question {
        id: "users",
        ask: "How many users have a password that is synchronised?",
        help: "A whole number. Changes of passwords and objects grow with it.",
        kind: Kind::Whole,
        usual: "25000",
    },
    Question {
        id: "sites",
        ask: "Do domain controllers stand in a second place, where a server could stand too?",
        help: "Yes or no. With one place, what strikes it strikes everything.",
        kind: YES_OR_NO,
        usual: "yes",
    },
    Question {
        id: "devices",
        ask: "Do computers join Entra ID through the synchronisation (hybrid join)?",
        help: "Yes or no. Cloud Sync does not do that.",
        kind: YES_OR_NO,
        usual: "yes",
    },
    Question {
        id: "staffed",
        ask: "When is somebody there, or on call, who can work on the server?",
        help: "24x7, office, or hours such as Mon-Fri 07:00-22:00, Sat-Sun 09:00-18:00.",
        kind: Kind::Hours,
        usual: "Mon-Fri 07:00-22:00, Sat-Sun 09:00-18:00",
    },
    Question {
        id: "people",
        ask: "How many people know the server?",
        help: "A whole number.",
        kind: Kind::Whole,
        usual: "2",
    },
    Question {
        id: "watch",
        ask: "What would tell you that it stands?",
        help: "Several, with commas between; all; or none, and then users and mails tell.",
        kind: Kind::Several(WATCH),
        usual: "all",
    },
    Question {
        id: "ways",
        ask: "Which ways to recover do you have, or could you have?",
        help: "Several, with commas between, or all. Mending it in its place is always compared.",
        kind: Kind::Several(WAYS),
        usual: "all",
    },
    Question {
        id: "labour",
        ask: "What does an hour of an engineer cost?",
        help: "An amount and its currency, such as 90 USD.",
        kind: Kind::Amount,
        usual: "90 USD",
    },
    Question {
        id: "harm",
        ask: "What does it cost when one user has an outdated password for an hour?",
        help: "An amount in the same currency; most users never notice.",
        kind: Kind::Amount,
        usual: "0.5",
    },
    Question {
        id: "longest",
        ask: "How long may an outage last at the most, in 19 years of 20?",
        help: "A duration such as 8h or 2d.",
        kind: Kind::Duration,
        usual: "24h",
    },
];

/// Strategies of the embedded scenario, and the ways that each needs.
const NEEDS: [(&str, &[&str]); 11] = [
    ("Repair in place only", &[]),
    ("Repair in place + script", &["script"]),
    ("Rebuild on a spare server + script", &["script", "spare"]),
    ("Rebuild on a new virtual machine + script", &["script", "new"]),
    ("Rebuild on a domain controller + script", &["script", "controller"]),
    ("Staging server", &["staging"]),
    ("Staging server + script", &["script", "staging"]),
    ("Virtual machine + script", &["script", "cluster"]),
    ("SQL availability group + rebuild + script", &["script", "sql", "controller"]),
    ("Staging server + rebuild + script", &["script", "staging", "controller"]),
    ("Cloud Sync, three agents + script", &["script", "cloud"]),
];

/// Objects, changes an hour and devices an hour of a user, as the embedded scenario has them.
const OBJECTS: f64 = 60_000.0 / 25_000.0;
const CHANGES: f64 = 20.0 / 25_000.0;
const DEVICES: f64 = 0.7 / 25_000.0;

/// Why an answer is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AnswerError {
    /// The question.
    pub id: &'static str,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Answers by the names of their questions; what is missing or empty is the usual answer.
#[derive(Debug, Clone, Copy)]
pub struct Answers<'a>(pub &'a [(String, String)]);

impl Answers<'_> {
    fn of(&self, question: &Question) -> String {
        let given = self.0.iter().rev().find(|(id, _)| id == question.id);
        let given = given.map(|(_, answer)| answer.trim()).filter(|answer| !answer.is_empty());
        given.unwrap_or(question.usual).to_owned()
    }

    fn get(&self, id: &str) -> (&'static Question, String) {
        let question = QUESTIONS.iter().find(|one| one.id == id).unwrap_or(&QUESTIONS[0]);
        (question, self.of(question))
    }

    /// What the answers change of the embedded scenario.
    ///
    /// # Errors
    /// All answers that are none.
    pub fn changes(&self) -> Result<Vec<Change>, Vec<AnswerError>> {
        let wrong: Vec<AnswerError> =
            QUESTIONS.iter().filter_map(|one| check(one, &self.of(one)).err()).collect();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        self.same_currency().map_err(|error| vec![error])?;
        let mut changes = Vec::new();
        let is = |id: &str| !self.is_usual(id);
        self.take_out(&mut changes);
        let set = |path: &str, value: String| Change::Set { path: path.to_owned(), value };
        let users = whole(&self.get("users").1).unwrap_or_default() as f64;
        if is("users") {
            changes.push(set("organisation.users", format!("{users:.0}")));
            changes.push(set("organisation.objects", format!("{:.0}", (OBJECTS * users).ceil())));
            changes.push(set("workload.object_changes.per_hour", number(CHANGES * users)));
        }
        if self.get("devices").1 == "no" {
            changes.push(set("organisation.devices", "false".to_owned()));
            changes.push(set("workload.object_changes.devices_per_hour", "0.0".to_owned()));
        } else if is("users") {
            let devices = number(DEVICES * users);
            changes.push(set("workload.object_changes.devices_per_hour", devices));
        }
        if is("staffed") {
            changes.push(set("operations.staffed", quote(&self.get("staffed").1)));
        }
        if is("people") {
            changes.push(set("operations.people", self.get("people").1));
        }
        if is("labour") {
            let (amount, currency) = amount(&self.get("labour").1).unwrap_or_default();
            changes.push(set("costs.labour_hour", number(amount)));
            changes.extend((!currency.is_empty()).then(|| set("costs.currency", quote(&currency))));
        }
        if is("harm") {
            let (amount, _) = amount(&self.get("harm").1).unwrap_or_default();
            changes.push(set("costs.stale_user_hour", number(amount)));
        }
        if is("longest") {
            let hours = parse_duration(&self.get("longest").1).unwrap_or_default();
            changes.push(set("tolerance.longest_outage_hours.limit", number(hours)));
        }
        Ok(changes)
    }

    /// Whether both prices are in one currency, as far as they name it.
    fn same_currency(&self) -> Result<(), AnswerError> {
        let named = |id| amount(&self.get(id).1).unwrap_or_default().1;
        let (labour, harm) = (named("labour"), named("harm"));
        if harm.is_empty() || harm == labour {
            return Ok(());
        }
        let message = format!(
            "{} is another currency than that of an hour of work; write both in one, such as 80 {harm} there",
            quote(&harm)
        );
        Err(AnswerError { id: "harm", message })
    }

    /// The scenario file that the answers make, under a name.
    ///
    /// # Errors
    /// All answers that are none.
    pub fn to_toml(self, name: Option<&str>) -> Result<String, Vec<AnswerError>> {
        let mut changes = self.changes()?;
        let named = name.map(|name| Change::Set { path: "name".to_owned(), value: quote(name) });
        changes.extend(named);
        let unmade = |error: crate::keys::TableError| {
            vec![AnswerError { id: QUESTIONS[0].id, message: error.to_string() }]
        };
        let mut text = Spec::embedded().changed(&changes).map_err(unmade)?.to_toml();
        for change in &changes {
            if let Change::Set { path, .. } = change {
                text = Document::parse(&text, "").with_comment(path, "your answer");
            }
        }
        Ok(text)
    }

    /// Whether the answer is the usual one, however it is written.
    fn is_usual(&self, id: &str) -> bool {
        let (question, answer) = self.get(id);
        let plain = |text: &str| text.replace(['_', ',', ' '], "").to_lowercase();
        plain(&answer) == plain(question.usual)
    }

    /// What there is not: channels, strategies, the second place.
    fn take_out(&self, changes: &mut Vec<Change>) {
        let chosen = |id: &str| -> Vec<&str> {
            let (question, answer) = self.get(id);
            several(question, &answer).unwrap_or_default()
        };
        let without = |table: String| Change::Edit(Edit::Without(table));
        let (watch, ways) = (chosen("watch"), chosen("ways"));
        for (word, channel) in [("ping", "ping"), ("health", "Connect Health")] {
            if !watch.contains(&word) {
                changes.push(without(format!("watch.{}", quote(channel))));
            }
        }
        let has = |need: &&str| watch.contains(need) || ways.contains(need);
        let left: Vec<&str> = NEEDS
            .iter()
            .filter(|(_, needs)| needs.iter().all(has))
            .map(|(name, _)| *name)
            .collect();
        // Without a script, what needs it is compared without it.
        let unwatched = |name: &str, needs: &[&str]| {
            !watch.contains(&"script")
                && needs.iter().all(|one| *one == "script" || ways.contains(one))
                && needs.len() > 1
                && !left.contains(&name.trim_end_matches(" + script"))
        };
        let one_site = self.get("sites").1 == "no";
        for (name, needs) in NEEDS {
            let table = format!("strategy.{}", quote(name));
            if unwatched(name, needs) {
                changes.push(without(format!("{table}.watch.\"script\"")));
                // Its name would lie.
                let plain = name.trim_end_matches(" + script");
                let (path, value) = (format!("{table}.name"), quote(plain));
                changes.push(Change::Set { path, value });
                if one_site {
                    in_one_site(&format!("strategy.{}", quote(plain)), needs, changes);
                }
            } else if !left.contains(&name) {
                changes.push(without(table));
            } else if one_site {
                in_one_site(&table, needs, changes);
            }
        }
        if one_site {
            changes.push(without("site.\"other\"".to_owned()));
        }
    }
}

/// Everything of a strategy in the first place.
fn in_one_site(table: &str, needs: &[&str], changes: &mut Vec<Change>) {
    let mut set = |key: &str, value: &str| {
        changes.push(Change::Set { path: format!("{table}.{key}"), value: value.to_owned() });
    };
    let is_rebuilt = ["spare", "new", "controller"].iter().any(|one| needs.contains(one));
    for (table, is_there) in [
        ("rebuild", is_rebuilt),
        ("staging", needs.contains(&"staging")),
        (CLUSTER, needs.contains(&"cluster")),
    ] {
        if is_there {
            set(&format!("{table}.site"), "\"same\"");
        }
    }
    if needs.contains(&"cloud") {
        set("cloud_sync.sites", "[\"same\"]");
    }
}

/// Whether an answer is one.
///
/// # Errors
/// What would be right.
pub fn check(question: &Question, answer: &str) -> Result<(), AnswerError> {
    let wrong = |right: String| {
        let message = format!("{} is no answer here: {right}", quote(answer));
        Err(AnswerError { id: question.id, message })
    };
    let listed =
        |words: &[(&str, &str)]| words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", ");
    match question.kind {
        Kind::Whole if whole(answer).is_none() => {
            wrong("write a whole number above 0, without a point between thousands".to_owned())
        }
        Kind::Amount if amount(answer).is_none() => wrong(
            "write an amount of 0 or more, such as 90 USD, with a point before decimals: 0.2"
                .to_owned(),
        ),
        Kind::Duration => match parse_duration(answer) {
            Ok(hours) if hours > 0.0 => Ok(()),
            Ok(_) => wrong("write a duration above 0, such as 24h".to_owned()),
            Err(error) => wrong(error.help()),
        },
        Kind::Hours => {
            let mut spec = Spec::parse(DEFAULT, Path::new(""), "");
            spec.set_option(&format!("operations.staffed={}", quote(answer)));
            match spec.compile() {
                Ok(_) => Ok(()),
                Err(_) => wrong("write 24x7, office, or such as Mon-Fri 09:00-17:00".to_owned()),
            }
        }
        Kind::One(words) if !words.iter().any(|(word, _)| *word == answer) => {
            wrong(format!("write one of {}", listed(words)))
        }
        Kind::Several(words) if several(question, answer).is_none() => {
            wrong(format!("write some of {}; all; or none", listed(words)))
        }
        _ => Ok(()),
    }
}

/// The words of an answer that may be several; `None` where one is unknown.
fn several(question: &Question, answer: &str) -> Option<Vec<&'static str>> {
    let Kind::Several(words) = question.kind else { return None };
    match answer {
        "all" => return Some(words.iter().map(|(word, _)| *word).collect()),
        "none" => return Some(Vec::new()),
        _ => {}
    }
    let known = |said: &str| words.iter().map(|(word, _)| *word).find(|word| *word == said);
    let said = answer.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
    said.map(known).collect()
}

fn whole(answer: &str) -> Option<u64> {
    let digits = without_thousands(answer)?.replace(' ', "");
    digits.parse().ok().filter(|number| (1..=100_000_000).contains(number))
}

/// The digits without what sets off thousands; `None` where a comma does something else.
fn without_thousands(digits: &str) -> Option<String> {
    let whole = digits.split('.').next().unwrap_or_default();
    let are_thousands = whole.split(',').skip(1).all(|group| group.len() == 3);
    let none_after = !digits[whole.len()..].contains(',');
    (are_thousands && none_after).then(|| digits.replace(['_', ','], ""))
}

/// An amount, and its currency as it is written.
fn amount(answer: &str) -> Option<(f64, String)> {
    let is_digit = |c: &char| c.is_ascii_digit() || ".,_".contains(*c);
    let digits: String = answer.trim_start().chars().take_while(is_digit).collect();
    let currency = answer.trim_start()[digits.len()..].trim();
    let amount: f64 = without_thousands(&digits)?.parse().ok()?;
    let is_word =
        currency.len() <= 8 && currency.chars().all(|c| c.is_alphabetic() || "€$£".contains(c));
    (amount.is_finite() && is_word).then(|| (amount, currency.to_owned()))
}

/// With four digits, so that it looks like a figure that somebody would write.
fn number(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse::<f64>().unwrap_or(value);
    format!("{rounded:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(answers: &[(&str, &str)]) -> Result<Vec<Change>, Vec<AnswerError>> {
        let answers: Vec<(String, String)> =
            answers.iter().map(|(id, answer)| ((*id).to_owned(), (*answer).to_owned())).collect();
        Answers(&answers).changes()
    }

    fn scenario(answers: &[(&str, &str)]) -> crate::scenario::Scenario {
        let changes = changes(answers).unwrap();
        Spec::embedded().changed(&changes).unwrap().compile().unwrap()
    }

    fn names(scenario: &crate::scenario::Scenario) -> Vec<&str> {
        scenario.strategies.iter().map(|one| one.name.as_str()).collect()
    }

    #[test]
    fn whoever_answers_nothing_gets_the_embedded_scenario() {
        assert_eq!(changes(&[]).unwrap(), []);
        assert_eq!(changes(&[("users", "25,000"), ("staffed", " ")]).unwrap(), []);
        let embedded = Spec::embedded().compile().unwrap();
        assert_eq!(names(&embedded), NEEDS.map(|(name, _)| name));
    }

    #[test]
    fn answers_become_keys() {
        let small = scenario(&[
            ("users", "500"),
            ("devices", "no"),
            ("staffed", "office"),
            ("people", "1"),
            ("labour", "80 EUR"),
            ("harm", "1"),
            ("longest", "2d"),
        ]);
        let value = |key: &str| small.assumption(key).unwrap().value.to_string();
        assert_eq!(value("organisation.users"), "500");
        // 2.4 objects a user; 20 changes an hour for 25,000 users are 0.4 for 500.
        assert_eq!(value("organisation.objects"), "1200");
        assert_eq!(value("workload.object_changes.per_hour"), "0.4");
        assert_eq!(value("workload.object_changes.devices_per_hour"), "0.0");
        assert_eq!(value("operations.staffed"), "\"office\"");
        assert_eq!(value("costs.currency"), "\"EUR\"");
        assert_eq!(value("costs.labour_hour"), "80.0");
        assert_eq!(value("tolerance.longest_outage_hours.limit"), "48.0");
    }

    #[test]
    fn ways_that_there_are_not_are_not_compared() {
        let few = scenario(&[("ways", "staging, spare")]);
        let expected = [
            "Repair in place only",
            "Repair in place + script",
            "Rebuild on a spare server + script",
            "Staging server",
            "Staging server + script",
        ];
        assert_eq!(names(&few), expected);
        let unwatched = scenario(&[("ways", "staging, spare"), ("watch", "none")]);
        assert_eq!(
            names(&unwatched),
            ["Repair in place only", "Rebuild on a spare server", "Staging server"]
        );
        assert!(unwatched.assumptions.iter().all(|one| !one.key.contains("\"script\"")));
        assert!(unwatched.assumption("watch.\"ping\".after").is_none());
        assert!(unwatched.assumption("watch.\"somebody notices\".after").is_some());
    }

    #[test]
    fn one_place_holds_everything() {
        for watch in ["all", "none"] {
            let one = scenario(&[("sites", "no"), ("watch", watch)]);
            assert_eq!(one.world.sites.len(), 1);
            let site = one.assumption("strategy.\"Staging server\".staging.site").unwrap();
            assert_eq!(&*site.value, "\"same\"");
        }
    }

    #[test]
    fn the_file_says_which_figures_are_answers() {
        let answers =
            [("users".to_owned(), "500".to_owned()), ("sites".to_owned(), "no".to_owned())];
        let text = Answers(&answers).to_toml(Some("Office")).unwrap();
        assert!(text.contains("\nname = \"Office\"  # your answer\n"), "{text}");
        assert!(text.contains("\nusers = 500  # your answer\n"));
        assert!(text.contains("decision = \"10m to 1h\"  # judgement: look, ask, decide"));
        let scenario = Spec::parse(&text, Path::new(""), "x").compile().unwrap();
        assert_eq!((scenario.name.as_str(), scenario.world.sites.len()), ("Office", 1));
    }

    /// "0,2" was once taken for 2, and "80 EUR" for 80 of another currency.
    #[test]
    fn a_decimal_comma_and_a_second_currency_are_refused() {
        let id = |answers: &[(&str, &str)]| changes(answers).unwrap_err()[0].id;
        for comma in ["0,2", "1,25", "12,5 USD", "1.250,5"] {
            assert_eq!(id(&[("harm", comma)]), "harm", "{comma}");
        }
        assert_eq!(id(&[("users", "2,5")]), "users");
        assert_eq!(amount("1,250.5 EUR"), Some((1250.5, "EUR".to_owned())));
        assert_eq!(whole("25,000"), Some(25_000));
        assert_eq!(id(&[("labour", "80"), ("harm", "1 EUR")]), "harm");
        assert!(changes(&[("labour", "80 EUR"), ("harm", "1 EUR")]).is_ok());
    }

    #[test]
    fn what_is_no_answer_is_said_all_at_once() {
        let wrong = changes(&[
            ("users", "many"),
            ("staffed", "sometimes"),
            ("watch", "dog"),
            ("labour", "dear"),
            ("longest", "3"),
            ("sites", "perhaps"),
        ]);
        let ids: Vec<&str> = wrong.unwrap_err().iter().map(|one| one.id).collect();
        assert_eq!(ids, ["users", "sites", "staffed", "watch", "labour", "longest"]);
    }
}
