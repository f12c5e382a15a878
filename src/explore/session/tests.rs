use super::*;
use crate::study::design::Design;
use crate::study::results::study;
use crate::study::run::Trials;

fn settings(trials: u64) -> Settings {
    let quote = |word: &str| word.to_owned();
    Settings {
        seed: 1,
        threads: 2,
        confidence: 0.95,
        plain: false,
        trials,
        words: Vec::new(),
        quote,
    }
}

fn set(path: &str, value: &str) -> Change {
    Change::Set { path: path.into(), value: value.into() }
}

fn state(number: u64, changes: Vec<Change>, trials: u64) -> State {
    State { number, changes, trials, shape: String::new() }
}

/// All pieces once the state has reached a stage.
fn until(session: &Session, number: u64, stage: &str) -> Map<String, Json> {
    let (mut all, mut after) = (Map::new(), 0);
    while all.get("stage").and_then(Json::as_str) != Some(stage) {
        match session.wait(number, after, Duration::from_secs(120)) {
            Waited::Pieces(Json::Object(pieces)) => {
                after = pieces["version"].as_u64().unwrap();
                all.extend(pieces);
            }
            other => panic!("{other:?}"),
        }
    }
    all
}

#[test]
fn the_numbers_in_the_end_are_those_of_a_run_to_the_bit() {
    let explorer = Explorer::new(Spec::embedded(), settings(700));
    let session = explorer.session("a");
    let changes = vec![set("operations.staffed", "\"24x7\""), set("costs.labour_hour", "50.0")];
    let reply = session.change(&state(7, changes, 700), explorer.settings());
    assert!(reply.is_played, "{:?}", reply.json);
    let pieces = until(&session, 7, "whole");
    assert_eq!((&pieces["trials"], &pieces["of"]), (&json!(700), &json!(700)));

    let mut spec = Spec::embedded();
    spec.set_option("operations.staffed=24x7");
    spec.set_option("costs.labour_hour=50.0");
    let scenario = spec.compile().unwrap();
    let design = Design::from_world(&scenario.world);
    let trials = Trials { seed: 1, range: 0..700, threads: 1, design };
    let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
    let columns = pieces["numbers"]["columns"].as_array().unwrap();
    let downtime = columns.iter().find(|one| one["label"] == "Downtime, mean h").unwrap();
    for (strategy, cell) in
        results.summary.strategies.iter().zip(downtime["cells"].as_array().unwrap())
    {
        let row = strategy.row(crate::metric::Metric::DowntimeHours).unwrap();
        assert_eq!(cell[0].as_f64().unwrap().to_bits(), row.mean.to_bits(), "{}", strategy.name);
        assert_eq!(cell[1].as_f64().unwrap(), row.mean_interval.unwrap().low);
    }
    assert_eq!(
        pieces["command"],
        "outlast run --set operations.staffed=\"24x7\" --set costs.labour_hour=50.0 --trials 700 --seed 1"
    );
}

#[test]
fn few_trials_come_first_and_intervals_shrink() {
    let explorer = Explorer::new(Spec::embedded(), settings(6000));
    let session = explorer.session("a");
    session.change(&state(1, Vec::new(), 6000), explorer.settings());
    let Waited::Pieces(first) = session.wait(1, 0, Duration::from_secs(120)) else {
        panic!("nothing")
    };
    let width = |pieces: &Json| {
        let columns = pieces["numbers"]["columns"].as_array().unwrap();
        let downtime = columns.iter().find(|one| one["label"] == "Downtime, mean h").unwrap();
        downtime["cells"][0][2].as_f64().unwrap() - downtime["cells"][0][1].as_f64().unwrap()
    };
    let few = first["trials"].as_u64().unwrap();
    assert!((FIRST_TRIALS..6000).contains(&few), "{few}");
    let last = Json::Object(until(&session, 1, "whole"));
    assert_eq!(last["trials"], 6000);
    assert!(width(&last) < width(&first));
    // What flips the choice names keys that can be set to what is said.
    let flips = last["flips"].as_array().unwrap();
    assert!(!flips.is_empty() && flips[0]["words"].as_str().unwrap().contains("then"), "{flips:?}");
    let sets = flips[0]["sets"].as_array().unwrap();
    let changes = sets.iter().map(|one| set(one[0].as_str().unwrap(), one[1].as_str().unwrap()));
    let there = explorer.job(&state(2, changes.collect(), 100));
    assert!(there.is_ok(), "{sets:?}: {:?}", there.err());
}

#[test]
fn a_change_ends_the_work_on_the_state_before() {
    let explorer = Explorer::new(Spec::embedded(), settings(1_000_000));
    let session = explorer.session("a");
    session.change(&state(1, Vec::new(), 1_000_000), explorer.settings());
    let began = Instant::now();
    session.change(&state(2, vec![set("operations.people", "3")], 100), explorer.settings());
    assert_eq!(session.wait(1, 0, Duration::from_secs(1)), Waited::Gone);
    until(&session, 2, "whole");
    // A million trials take minutes.
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn only_values_that_changed_are_sent_to_a_page_that_knows_the_controls() {
    let explorer = Explorer::new(Spec::embedded(), settings(10));
    let session = explorer.session("a");
    let first = session.change(&state(1, Vec::new(), 10), explorer.settings()).json;
    assert!(first.contains_key("form"));
    let shape = first["shape"].as_str().unwrap().to_owned();
    let next = State { shape, ..state(2, vec![set("operations.people", "3")], 10) };
    let second = session.change(&next, explorer.settings()).json;
    assert!(!second.contains_key("form"));
    assert_eq!(second["values"], json!({ "operations.people": "3" }));
}

#[test]
fn a_wrong_state_is_not_played_and_says_why() {
    let explorer = Explorer::new(Spec::embedded(), settings(10));
    let session = explorer.session("a");
    let wrong = vec![set("operations.people", "\"many\"")];
    let reply = session.change(&state(1, wrong, 10), explorer.settings());
    assert!(!reply.is_played);
    assert_eq!(reply.json["wrong"][0]["change"], 0);
    assert!(
        reply.json["wrong"][0]["message"].as_str().unwrap().contains("\"many\""),
        "{:?}",
        reply.json
    );
}

#[test]
fn the_oldest_session_makes_room() {
    let explorer = Explorer::new(Spec::embedded(), settings(10));
    for number in 0..=MOST_SESSIONS {
        explorer.session(&number.to_string());
    }
    assert!(explorer.known_session("0").is_none());
    assert!(explorer.known_session("1").is_some());
}

#[test]
fn states_are_bounded() {
    let settings = settings(10);
    let read = |json: &Json| State::read(json, &settings);
    let many = read(&json!({ "changes": [], "trials": 10_000_000_000_u64 })).unwrap();
    assert_eq!(many.trials, MOST_TRIALS);
    assert_eq!(read(&json!({ "changes": [] })).unwrap().trials, 10);
    assert_eq!(read(&json!({ "changes": "x" })), None);
    assert_eq!(read(&json!({ "changes": [], "trials": -1 })), None);
}

#[test]
fn the_file_of_a_state_plays_the_same() {
    let explorer = Explorer::new(Spec::embedded(), settings(10));
    let edit = crate::scenario::Edit::Without("strategy.\"Staging server\"".into());
    let changes = vec![set("operations.people", "3"), Change::Edit(edit)];
    let toml = explorer.toml(&state(1, changes.clone(), 10));
    assert!(
        toml.contains("people = 3 ") && toml.contains("# judgement: two people know"),
        "comments stay"
    );
    let job = explorer.job(&state(1, changes, 10)).unwrap();
    let read = Spec::parse(&toml, std::path::Path::new(""), "x").compile().unwrap();
    let keys = |scenario: &crate::scenario::Scenario| -> Vec<_> {
        scenario.assumptions.iter().map(|one| (one.key.clone(), one.value.clone())).collect()
    };
    assert_eq!(keys(&read), keys(&job.scenario));
}
