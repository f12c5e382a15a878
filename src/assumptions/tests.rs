//! Ranges meet their points, the guess is the scenario, and groups move as one.

use super::*;
use std::path::Path;

const SMALL: &str = r#"
name = "x"
[uncertainty]
default = "off"
[organisation]
users = { guess = 1000, range = [500, 4000] }
[operations]
call_out = { guess = "1h to 2h", factor = "0.5 to 4" }
decision = { guess = "30m", range = ["15m", "2h"] }
diagnose = { lognormal = { median = "1h", p95 = "3h" }, max = "9h", factor = "0.25 to 2" }
staffed = { guess = "office", or = ["24x7", "Mon-Sat 08:00-18:00"], weights = [2, 1, 1] }
last_resort = { after = { guess = "2d", range = ["1d", "5d"] } }
[[fault]]
name = "a.b"
strikes = "server"
every = { exponential = { mean = "100d" }, factor = "0.2 to 5" }
repair = "4h"
common_mode = { guess = 0.1, range = [0.01, 0.2] }
[[strategy]]
name = "Two"
annual_cost = { guess = 100.0, range = [90.0, 300.0] }
[strategy.staging]
success = { guess = 0.95, range = [0.7, 0.99] }
[[strategy]]
name = "Again"
[strategy.staging]
success = { guess = 0.95, range = [0.7, 0.99] }
"#;

fn spec(text: &str) -> Spec {
    Spec::parse(text, Path::new(""), "x")
}

fn inputs(text: &str) -> Inputs {
    Inputs::of(&mut spec(text)).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn index(inputs: &Inputs, name: &str) -> usize {
    let found = inputs.inputs.iter().position(|input| input.name == name);
    found.unwrap_or_else(|| panic!("{name} is not among {:?}", names(inputs)))
}

fn names(inputs: &Inputs) -> Vec<&str> {
    inputs.inputs.iter().map(|input| input.name.as_str()).collect()
}

#[track_caller]
fn number(inputs: &Inputs, name: &str, quantile: f64) -> f64 {
    inputs.value(index(inputs, name), quantile).number().unwrap()
}

#[test]
fn the_stated_points_are_met_and_the_guess_is_the_middle() {
    let inputs = inputs(SMALL);
    for (name, guess, low, high) in [
        ("organisation.users", 1000.0, 500.0, 4000.0),
        ("operations.call_out", 1.0, 0.5, 4.0),
        ("operations.decision", 0.5, 0.25, 2.0),
        ("operations.diagnose", 1.0, 0.25, 2.0),
        ("operations.last_resort.after", 48.0, 24.0, 120.0),
        ("fault.\"a.b\".every", 1.0, 0.2, 5.0),
        ("fault.\"a.b\".common_mode", 0.1, 0.01, 0.2),
        ("strategy.\"Two\".annual_cost", 100.0, 90.0, 300.0),
        ("strategy.*.staging.success", 0.95, 0.7, 0.99),
    ] {
        assert_eq!(number(&inputs, name, 0.5), guess, "{name}");
        assert_eq!(inputs.quantile_of_guess(index(&inputs, name)), 0.5);
        let near = |quantile: f64, truth: f64| {
            let value = number(&inputs, name, quantile);
            assert!((value / truth - 1.0).abs() < 1e-12, "{name} at {quantile}: {value}");
        };
        near(0.05, low);
        near(0.95, high);
        let values: Vec<f64> =
            (0..=1000).map(|step| number(&inputs, name, f64::from(step) / 1000.0)).collect();
        assert!(values.is_sorted() && values.iter().all(|value| value.is_finite() && *value > 0.0));
        assert_eq!(values[0], values[1]);
    }
    assert_eq!(inputs.inputs.len(), 10);
}

#[test]
fn what_an_input_is_and_where_its_range_comes_from_is_said() {
    let inputs = inputs(&SMALL.replace("default = \"off\"", ""));
    let of = |name: &str| {
        let input = &inputs.inputs[index(&inputs, name)];
        (input.unit, input.source, input.guess.clone())
    };
    let stated = RangeSource::Stated;
    assert_eq!(of("organisation.users"), (Unit::Number, stated, Value::Number(1000.0)));
    assert_eq!(of("operations.decision"), (Unit::Duration, stated, Value::Number(0.5)));
    assert_eq!(of("strategy.*.staging.success"), (Unit::Probability, stated, Value::Number(0.95)));
    assert_eq!(of("strategy.\"Two\".annual_cost"), (Unit::Money, stated, Value::Number(100.0)));
    assert_eq!(of("operations.diagnose"), (Unit::Factor, stated, Value::Number(1.0)));
    assert_eq!(of("operations.staffed").2, Value::Word("\"office\"".to_owned()));
    let default = RangeSource::Default;
    assert_eq!(of("fault.\"a.b\".repair"), (Unit::Duration, default, Value::Number(4.0)));
    assert_eq!(of("strategy.*.staging.fenced"), (Unit::Probability, default, Value::Number(0.98)));
    for (name, low, high) in [
        ("fault.\"a.b\".repair", 2.0, 8.0),
        ("operations.restore_directory", 0.5, 2.0),
        ("sync.import_per_second", 48.0 / 3.0, 48.0 * 3.0),
        ("workload.writeback.retry", 0.5, 2.0),
        // Odds of 49 within a factor of 2.
        ("strategy.*.staging.fenced", 24.5 / 25.5, 98.0 / 99.0),
    ] {
        let [below, above] = [0.05, 0.95].map(|quantile| number(&inputs, name, quantile));
        assert!((below / low - 1.0).abs() < 1e-12, "{name}: {below}");
        assert!((above / high - 1.0).abs() < 1e-12, "{name}: {above}");
    }
    let fixed = |path: &str| inputs.fixed.iter().find(|one| one.path == path).map(|one| one.why);
    for (path, why) in [
        ("name", WhyFixed::Decided),
        ("horizon", WhyFixed::Decided),
        ("operations.people", WhyFixed::Decided),
        ("sync.object_cycle", WhyFixed::Decided),
        ("strategy.\"Two\".staging.site", WhyFixed::Decided),
        ("strategy.\"Again\".annual_cost", WhyFixed::Off),
        ("fault.\"a.b\".probability", WhyFixed::Off),
    ] {
        assert_eq!(fixed(path), Some(why), "{path}");
    }
}

#[test]
fn a_choice_falls_to_each_value_by_its_weight() {
    let inputs = inputs(SMALL);
    let staffed = index(&inputs, "operations.staffed");
    let mut counts = [0; 3];
    for step in 0..1000 {
        let value = inputs.value(staffed, (f64::from(step) + 0.5) / 1000.0);
        let known = ["\"office\"", "\"24x7\"", "\"Mon-Sat 08:00-18:00\""];
        let place = known.iter().position(|word| value == Value::Word((*word).to_owned()));
        counts[place.unwrap()] += 1;
    }
    assert_eq!(counts, [500, 250, 250]);
    assert_eq!(inputs.quantile_of_guess(staffed), 0.25);
    assert_eq!(inputs.value(staffed, 1.0), Value::Word("\"Mon-Sat 08:00-18:00\"".to_owned()));
}

/// All that a run depends on, as text.
fn essence(scenario: &Scenario) -> String {
    let world = &scenario.world;
    format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        world.organisation,
        world.operations,
        world.sync,
        world.faults,
        world.rare,
        scenario.strategies,
        scenario.costs,
        scenario.tolerances,
    )
}

#[test]
fn at_its_guesses_a_point_is_the_scenario_to_the_bit() {
    for text in [SMALL.to_owned(), SMALL.replace("default = \"off\"", "")] {
        let mut spec = spec(&text);
        let inputs = Inputs::of(&mut spec).unwrap();
        let before = essence(&spec.compile().unwrap());
        let guesses = inputs.guesses();
        assert_eq!(guesses.len(), inputs.dimensions());
        let other = inputs.apply(&mut spec, &vec![0.3; guesses.len()]).unwrap();
        assert_ne!(essence(&other), before);
        assert_eq!(essence(&inputs.apply(&mut spec, &guesses).unwrap()), before);
    }
}

#[test]
fn values_arrive_in_the_scenario() {
    let mut spec = spec(SMALL);
    let inputs = Inputs::of(&mut spec).unwrap();
    let mut point = inputs.guesses();
    let mut to = |name: &str, quantile| {
        point[inputs.coordinate(index(&inputs, name))] = quantile;
    };
    to("organisation.users", 0.95);
    to("operations.call_out", 0.95);
    to("operations.diagnose", 0.95);
    to("operations.decision", 0.05);
    to("operations.staffed", 0.6);
    to("operations.last_resort.after", 0.95);
    to("strategy.*.staging.success", 0.05);
    let scenario = inputs.apply(&mut spec, &point).unwrap();
    let operations = &scenario.world.operations;
    let near = |value: f64, truth: f64| assert!((value / truth - 1.0).abs() < 1e-12, "{value}");
    assert_eq!(scenario.world.organisation.users, 4000);
    near(operations.call_out.quantile(0.05), 4.0);
    near(operations.call_out.quantile(0.95), 8.0);
    assert_eq!(operations.decision.constant(), Some(0.25));
    // The maximum is a time too.
    near(operations.diagnose.quantile(1.0), 18.0);
    assert!(operations.staffed.is_always());
    near(operations.last_resort.as_ref().unwrap().after, 120.0);
    let success = spec.get("strategy.\"Again\".staging.success").unwrap().unwrap();
    near(success.value.parse().unwrap(), 0.7);
    assert!(
        format!("{:?}", scenario.strategies[1]).contains(&format!("success: {}", success.value))
    );
}

#[test]
fn what_moves_together_has_one_coordinate_and_the_variance_of_a_sum_of_one() {
    let together = r#"default = "off"
together = [["operations.call_out", "operations.diagnose"], ["operations.d*", "operations.*"]]"#;
    let text = SMALL.replace("default = \"off\"", together);
    // `d*` is a name, not a pattern.
    assert!(Inputs::of(&mut spec(&text)).is_err());
    let text = text.replace("operations.d*", "operations.decision");
    let inputs = inputs(&text);
    let group = |name: &str| inputs.inputs[index(&inputs, name)].group;
    assert_eq!(group("operations.call_out"), Some(0));
    for name in ["operations.diagnose", "operations.decision"] {
        assert_eq!(group(name), Some(0), "{name}");
    }
    // A choice has no order, and a key of a table in the table is not a key of the table.
    for name in ["operations.staffed", "operations.last_resort.after", "organisation.users"] {
        assert_eq!(group(name), None, "{name}");
    }
    assert_eq!(inputs.dimensions(), inputs.inputs.len() - 2);
    let coordinate = inputs.coordinate(index(&inputs, "operations.call_out"));
    assert_eq!(inputs.members(coordinate).count(), 3);

    // Two factors of ln 2 over z_95 that move as one: the logarithm of their product has four times
    // the variance of one; apart, twice.
    let two = |together: &str| {
        let text = format!(
            "name = \"x\"\n[uncertainty]\ndefault = \"off\"\n{together}[operations]\n\
             call_out = {{ guess = \"1h\", factor = \"0.5 to 2\" }}\n\
             decision = {{ guess = \"1h\", factor = \"0.5 to 2\" }}\n\
             [[strategy]]\nname = \"a\"\n"
        );
        let inputs = self::inputs(&text);
        let steps = 400;
        let mut squares = 0.0;
        for first in 0..steps {
            for second in 0..steps {
                let u = [first, second].map(|step| (f64::from(step) + 0.5) / f64::from(steps));
                let product: f64 = (0..2)
                    .map(|input| inputs.value(input, u[inputs.coordinate(input)]))
                    .map(|value| value.number().unwrap().ln())
                    .sum();
                squares += product * product;
            }
        }
        let sigma = 2.0_f64.ln() / 1.644_853_626_951_472_7;
        squares / f64::from(steps * steps) / (sigma * sigma)
    };
    // The cut at 0.1 % takes 1 % of the variance.
    let (one, apart) = (two("together = [[\"operations.*\"]]\n"), two(""));
    assert!((one - 4.0).abs() < 0.05, "{one}");
    assert!((apart - 2.0).abs() < 0.025, "{apart}");
}

#[test]
fn the_same_assumption_in_several_strategies_is_one_unless_told_otherwise() {
    let one = inputs(SMALL);
    let success = &one.inputs[index(&one, "strategy.*.staging.success")];
    let paths = ["strategy.\"Two\".staging.success", "strategy.\"Again\".staging.success"];
    assert_eq!(success.paths, paths);
    let text = SMALL.replace(
        "default = \"off\"",
        "default = \"off\"\napart = [\"strategy.*.staging.success\"]",
    );
    let apart = inputs(&text);
    paths.iter().for_each(|path| assert_eq!(apart.inputs[index(&apart, path)].paths, [*path]));
    let at = text.rfind("0.95").unwrap();
    let text = format!("{}0.9{}", &SMALL[..SMALL.rfind("0.95").unwrap()], &text[at + 4..]);
    let other = inputs(&text);
    paths.iter().for_each(|path| assert_eq!(other.inputs[index(&other, path)].paths, [*path]));
}

/// The built-in scenario, its figures without ranges of their own.
fn without_ranges() -> Spec {
    let mut spec = Spec::embedded();
    let inputs = Inputs::of(&mut spec).unwrap();
    for input in inputs.inputs.iter().filter(|input| input.source == RangeSource::Stated) {
        for path in &input.paths {
            match (&input.distribution, input.guess.number()) {
                (Some(distribution), _) => {
                    spec.set(path, Setting::from((**distribution).clone())).unwrap();
                }
                (None, Some(number)) => {
                    spec.set(path, number).unwrap();
                }
                (None, None) => {
                    let Value::Word(word) = &input.guess else { panic!("{path}") };
                    spec.set(path, Setting::parse(word)).unwrap();
                }
            }
        }
    }
    spec
}

#[test]
fn nothing_varies_where_nothing_is_said_and_the_default_is_off() {
    let mut spec = without_ranges();
    spec.set("uncertainty.default", "off").unwrap();
    let inputs = Inputs::of(&mut spec).unwrap();
    assert_eq!((inputs.inputs.len(), inputs.dimensions()), (0, 0));
    assert_eq!(inputs.guesses(), [0.0; 0]);
    assert!(inputs.fixed.iter().any(|one| one.why == WhyFixed::NoDefault));
    assert!(inputs.apply(&mut spec, &[]).is_ok());
}

#[test]
fn what_is_known_has_no_default_and_a_factor_of_one_is_none() {
    let mut spec = without_ranges();
    let all = Inputs::of(&mut spec).unwrap().inputs.len();
    spec.set("uncertainty.known", Setting::parse("[\"fault.*.every\", \"sync.*\"]")).unwrap();
    let known = Inputs::of(&mut spec).unwrap();
    assert!(known.inputs.len() < all - 15);
    assert!(known.inputs.iter().all(|input| !input.name.ends_with(".every")));
    assert!(known.fixed.iter().any(|one| one.why == WhyFixed::Known));
    spec.set("uncertainty.default", Setting::parse("{ time = 1, price = 1, odds = 1 }")).unwrap();
    let rates = Inputs::of(&mut spec).unwrap();
    assert!(rates.inputs.iter().all(|input| input.name.starts_with("workload")), "{rates:?}");
}

#[test]
fn a_fit_carries_its_own_range() {
    let folder = tempfile::tempdir().unwrap();
    let log: String = (1..=12).map(|n| format!("{}\n", 0.5 * f64::from(n * n))).collect();
    std::fs::write(folder.path().join("log.csv"), format!("hours\n{log}")).unwrap();
    let fitted = |rest: &str| {
        format!(
            "{{ fitted = {{ file = \"log.csv\", column = \"hours\", family = \"exponential\"{rest} }} }}"
        )
    };
    let text = |rest: &str| {
        format!(
            "name = \"x\"\n[uncertainty]\ndefault = \"off\"\n\
             [[fault]]\nname = \"a\"\nstrikes = \"server\"\nevery = \"30d\"\nrepair = {0}\n\
             [[fault]]\nname = \"b\"\nstrikes = \"host\"\nevery = \"30d\"\nrepair = {0}\n\
             [[fault]]\nname = \"c\"\nstrikes = \"host\"\nevery = \"30d\"\n\
             repair = {{ mixture = [{{ weight = 1, of = {0} }}, {{ weight = 1, of = \"1d\" }}] }}\n\
             [[strategy]]\nname = \"s\"\n",
            fitted(rest)
        )
    };
    let mut spec = Spec::parse(&text(""), folder.path(), "x");
    let before = essence(&spec.compile().unwrap());
    let inputs = Inputs::of(&mut spec).unwrap();
    assert_eq!(inputs.inputs.len(), 2);
    assert!(inputs.inputs.iter().all(|input| input.source == RangeSource::Fitted));
    assert_eq!(inputs.inputs[0].paths, ["fault.\"a\".repair", "fault.\"b\".repair"]);
    // The mixture holds the same fit: it moves with it.
    assert_eq!((inputs.dimensions(), inputs.inputs[1].group), (1, Some(0)));
    let [low, high] = [0.05, 0.95].map(|quantile| inputs.value(0, quantile).number().unwrap());
    // The mean of 12 exponential durations is off by a factor of 2n / chi-square(2n): 0.66 to 1.73.
    assert!((0.55..0.8).contains(&low) && (1.4..2.1).contains(&high), "{low} {high}");
    let scenario = inputs.apply(&mut spec, &[0.95]).unwrap();
    let mean = |scenario: &Scenario| scenario.world.faults[0].repair.as_ref().unwrap().mean();
    let best = 0.5 * 650.0 / 12.0;
    assert!((mean(&scenario) / best / high - 1.0).abs() < 1e-12);
    assert_eq!(essence(&inputs.apply(&mut spec, &[0.5]).unwrap()), before);

    let known = text(", uncertainty = false").replace("\"off\"", "{ time = 2 }");
    let mut spec = Spec::parse(&known, folder.path(), "x");
    let inputs = Inputs::of(&mut spec).unwrap();
    assert!(inputs.inputs.iter().all(|input| !input.name.ends_with("repair")));
}

#[test]
fn a_point_that_breaks_a_rule_of_several_keys_is_moved_to_the_nearest_that_keeps_it() {
    let text = r#"
name = "x"
[organisation]
users = { guess = 100_000, range = [50_000, 400_000] }
objects = 1_000_000
[workload.password_changes]
per_user_year = 100.0
[workload.object_changes]
per_hour = 1_000.0
deletes = 0.5
disables = 0.3
joins = 0.2
[sync]
export_per_hour = { guess = 1_500.0, range = [1_000.0, 4_000.0] }
passwords_per_minute = 30.0
[uncertainty]
known = ["workload.object_changes.deletes", "sync.passwords_per_minute"]
[[strategy]]
name = "a"
"#;
    let mut spec = spec(text);
    let inputs = Inputs::of(&mut spec).unwrap();
    let before = essence(&spec.compile().unwrap());
    assert_eq!(essence(&inputs.apply(&mut spec, &inputs.guesses()).unwrap()), before);
    for quantile in [0.0, 0.02, 0.3, 0.7, 0.98, 1.0] {
        let point = vec![quantile; inputs.dimensions()];
        let world = inputs.apply(&mut spec, &point).unwrap().world;
        let objects = &world.workload.objects;
        let parts = [objects.deletes, objects.disables, objects.joins];
        assert_eq!(parts[0], 0.5);
        let sum: f64 = parts.iter().sum();
        assert!(sum <= 1.0 && (quantile < 0.5 || sum > 1.0 - 1e-8), "{parts:?}");
        // Both parts that vary are lowered alike.
        let plain = ["disables", "joins"]
            .map(|key| number(&inputs, &format!("workload.object_changes.{key}"), quantile));
        assert!((parts[1] / parts[2] / (plain[0] / plain[1]) - 1.0).abs() < 1e-9);
    }
    // More exports than changes: 3,000 changes an hour at the 95 % point, against 1,000.
    let mut point = inputs.guesses();
    point[inputs.coordinate(index(&inputs, "workload.object_changes.per_hour"))] = 0.95;
    point[inputs.coordinate(index(&inputs, "sync.export_per_hour"))] = 0.05;
    let world = inputs.apply(&mut spec, &point).unwrap().world;
    assert!((world.sync.export_per_hour / 3000.0 - 1.0).abs() < 1e-8, "{:?}", world.sync);
    // 400,000 users change 300 times a year, 13,699 an hour, and 1,800 can be synced: the rate falls.
    point[inputs.coordinate(index(&inputs, "organisation.users"))] = 0.95;
    point[inputs.coordinate(index(&inputs, "workload.password_changes.per_user_year"))] = 0.95;
    let scenario = inputs.apply(&mut spec, &point).unwrap();
    assert_eq!(scenario.world.organisation.users, 400_000);
    let passwords = &scenario.world.workload.passwords;
    let changes = passwords.total() / passwords.horizon();
    // A year is a day longer than 52 weeks.
    assert!((changes / 1800.0 - 1.0).abs() < 0.01, "{changes}");
}
