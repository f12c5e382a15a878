//! Ranges on the keys of a scenario: what they mean to a whole program, and what is wrong with them.

use outlast::{Inputs, RangeSource, Scenario, ScenarioError, Setting, Spec};
use std::fs;
use std::path::Path;

/// A small scenario with one line more in a table.
fn with(table: &str, line: &str) -> String {
    let text = "name = \"x\"\n[organisation]\n[operations]\n[sync]\n[costs]\n[uncertainty]\n\
                [[fault]]\nname = \"f\"\nstrikes = \"server\"\nevery = \"30d\"\n\
                [[strategy]]\nname = \"a\"\n[strategy.staging]\n";
    let line = if line.contains("repair") { line.to_owned() } else { format!("{line}\n") };
    let text = match line.contains("repair") {
        true => text.replacen("every", &format!("{line}\nevery"), 1),
        false => text.replacen("every", "repair = \"4h\"\nevery", 1),
    };
    assert!(text.contains(table), "{table}");
    if line.contains("repair") {
        text
    } else {
        text.replacen(table, &format!("{table}\n{line}"), 1)
    }
}

/// The errors of a text: what each points at, what it says, and what would be right.
fn errors(text: &str) -> Vec<String> {
    match Scenario::read(text.to_owned(), Path::new(""), "x") {
        Ok(_) => Vec::new(),
        Err(ScenarioError::Wrong { findings, .. }) => findings
            .into_iter()
            .filter(|finding| format!("{:?}", finding.severity) == "Error")
            .map(|finding| {
                let at = finding.span.map_or("-", |span| &text[span]);
                format!("{at} | {} | {}", finding.message, finding.help.unwrap_or_default())
            })
            .collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn every_error_of_a_range_points_at_its_place() {
    let numbers = "such as range = [0.5, 2.0], its 5 % and 95 % points";
    let shares = "such as range = [0.7, 0.99], its 5 % and 95 % points";
    let ends = "the 5 % point comes first: ";
    for (table, line, expected) in [
        (
            "[strategy.staging]",
            "success = { guess = 0.9, range = [0.7, 1.1] }",
            "1.1 | expected a probability from 0 to 1, found the number 1.1 | a probability is a share, such as 0.05 or \"5 %\"".to_owned(),
        ),
        (
            "[strategy.staging]",
            "success = { guess = 0.9, range = [0.7, 1.0] }",
            "1.0 | a range of a probability ends below 1 | write 0.999, or what you would bet on".to_owned(),
        ),
        (
            "[strategy.staging]",
            "success = { guess = 1.0, range = [0.7, 0.99] }",
            "1.0 | a guess of 1.0 has no range around it | write a value within the range, or name others with `or`".to_owned(),
        ),
        (
            "[strategy.staging]",
            "success = { guess = 0.9, factor = \"0.5 to 2\" }",
            format!("\"0.5 to 2\" | a probability is not scaled by a factor | {shares}"),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, range = [200, 50] }",
            format!("[200, 50] | the range goes from large to small | {ends}50, then 200"),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, range = [100, 200] }",
            "[100, 200] | the guess 90 lies outside its range | the range is what you would bet 90 % on: it holds the guess".to_owned(),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, range = [50] }",
            format!("[50] | expected two values, the 5 % and 95 % points, found a list of 1 | {numbers}"),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, range = [90, 90] }",
            "[90, 90] | both ends of the range are the same | write the value alone, or two different points".to_owned(),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, range = [0, 200] }",
            "0 | a range must start above 0, because its logarithm varies | write a small value, or name the values with `or`".to_owned(),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90 }",
            format!("{{ guess = 90 }} | nothing says how sure the guess is | {numbers}"),
        ),
        (
            "[costs]",
            "labour_hour = { range = [50, 200] }",
            "{ range = [50, 200] } | `range` stands without a `guess` | write { guess = …, range = … }".to_owned(),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, range = [50, 200], factor = \"0.5 to 2\" }",
            "\"0.5 to 2\" | `range`, `factor` and `or` are three ways to say one thing | keep one of them".to_owned(),
        ),
        (
            "[costs]",
            "labour_hour = { guess = 90, rang = [50, 200], range = [50, 200] }",
            "rang | unknown key `rang` | did you mean `range`?".to_owned(),
        ),
        (
            "[costs]",
            "labour_hour = { guess = \"90\", range = [50, -1] }",
            "\"90\" | expected a number from 0 to 1_000_000_000_000, found the text \"90\" | write 90 without quotes\n\
             -1 | expected a number from 0 to 1_000_000_000_000, found the integer -1 | the least is 0".to_owned(),
        ),
        (
            "[organisation]",
            "users = { guess = 1000, range = [500, 2000.5] }",
            "2000.5 | expected a whole number from 1 to 100_000_000, found the number 2000.5 | write a number without a point".to_owned(),
        ),
        (
            "[sync]",
            "heartbeat = { guess = \"5m\", range = [\"1m\", \"x\"] }",
            "\"x\" | expected a number with a unit, found `x` | write a number with its unit, such as \"45m\", \"1h 30m\" or \"90d\"".to_owned(),
        ),
        (
            "[operations]",
            "call_out = { guess = \"1h to 2h\", range = [\"1h\", \"4h\"] }",
            "[\"1h\", \"4h\"] | the times of a distribution are scaled as a whole | such as factor = \"0.5 to 2\", by which its times may be off".to_owned(),
        ),
        (
            "[operations]",
            "call_out = { guess = \"1h to 2h\", factor = 2 }",
            "2 | expected a factor such as \"0.5 to 2\", found the integer 2 | write its 5 % and 95 % points as text: factor = \"0.5 to 2\"".to_owned(),
        ),
        (
            "[operations]",
            "call_out = { exponential = { mean = \"1h\" }, factor = \"2 to 3\" }",
            "\"2 to 3\" | the guess lies outside its factor | the guess is 1 times itself: write such as \"0.5 to 2\"".to_owned(),
        ),
        (
            "[operations]",
            "call_out = { exponential = { mean = \"1h\" }, factor = \"0 to 3\" }",
            "\"0 to 3\" | expected a factor such as \"0.5 to 2\", found the text \"0 to 3\" | write two numbers above 0: \"0.5 to 2\"".to_owned(),
        ),
        (
            "[operations]",
            "call_out = { mixture = [{ weight = 1, of = { exponential = { mean = \"1h\" }, factor = \"0.5 to 3\" } }] }",
            "factor | unknown distribution `factor` | distributions are `exponential`, `lognormal`, `weibull`, `gamma`, `inverse_gaussian`, `loglogistic`, `uniform`, `triangular`, `pert`, `empirical`, `mixture` and `fitted`".to_owned(),
        ),
        (
            "[operations]",
            "call_out = { guess = \"0s\", factor = \"0.5 to 3\" }",
            "\"0.5 to 3\" | a guess of 0 stays 0 whatever the factor | write a small value, or name others with `or`".to_owned(),
        ),
        (
            "[operations]",
            "staffed = { guess = \"office\", or = [\"24x7\", \"nights\"] }",
            "\"nights\" | ".to_owned(),
        ),
        (
            "[operations]",
            "staffed = { guess = \"office\", or = [\"24x7\"], weights = [1, 2, 3] }",
            "[1, 2, 3] | expected 2 weights, found 3 | one for the guess, then one for each value in `or`".to_owned(),
        ),
        (
            "[operations]",
            "staffed = { guess = \"office\", or = [\"office\"] }",
            "\"office\" | the text \"office\" stands twice among the values | the guess and each other value stand once".to_owned(),
        ),
        (
            "[operations]",
            "staffed = { guess = \"office\", range = [\"office\", \"24x7\"] }",
            "[\"office\", \"24x7\"] | one of several values has no range | write or = [ … ] with what it may be instead".to_owned(),
        ),
        (
            "[operations]",
            "staffed = { guess = \"office\", weights = [1] }",
            "[1] | `weights` are those of the values in `or` | add or = [ … ]".to_owned(),
        ),
        (
            "[costs]",
            "currency = { guess = \"USD\", or = [\"EUR\"] }",
            "{ guess = \"USD\", or = [\"EUR\"] } | this value cannot be uncertain | write the value alone".to_owned(),
        ),
        (
            "[uncertainty]",
            "together = [[\"operations.cal_out\"]]",
            "cal_out | there is no key `operations.cal_out` | did you mean `operations.call_out`?".to_owned(),
        ),
        (
            "[uncertainty]",
            "default = { time = 0.5 }",
            "0.5 | expected a number from 1 to 1000, found the number 0.5 | the least is 1".to_owned(),
        ),
        ("[uncertainty]", "default = \"of\"", "\"of\" | expected factors such as ".to_owned()),
    ] {
        let found = errors(&with(table, line)).join("\n");
        assert!(!found.is_empty(), "{line}");
        if expected.ends_with("| ") || expected.ends_with("such as ") {
            assert!(found.starts_with(expected.trim_end_matches(' ')) , "{line}\n{found}");
        } else {
            assert_eq!(found, expected, "{line}");
        }
    }
}

#[test]
fn all_errors_come_at_once() {
    let text = with("[costs]", "labour_hour = { guess = -1, range = [5, 4] }")
        .replace("[sync]", "[sync]\nheartbeat = { guess = \"5m\", rnge = [] }");
    let found = errors(&text);
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn a_guess_is_what_the_scenario_plays() {
    for (table, plain, uncertain) in [
        ("[costs]", "labour_hour = 80", "labour_hour = { guess = 80, range = [20, 200] }"),
        ("[sync]", "heartbeat = \"7m\"", "heartbeat = { guess = \"7m\", factor = \"0.1 to 2\" }"),
        ("[operations]", "people = 3", "people = { guess = 3, or = [1, \"unlimited\"] }"),
        ("[operations]", "people = 3", "people = { guess = 3, range = [1, 6] }"),
        ("[operations]", "tries = 3", "tries = { guess = 3, range = [1, 4] }"),
        ("[strategy.staging]", "verify = true", "verify = { guess = true, or = [false] }"),
        ("[strategy.staging]", "site = \"same\"", "site = { guess = \"same\", or = [\"other\"] }"),
        ("[[fault]]", "repair = \"never\"", "repair = { guess = \"never\", or = [\"4h\"] }"),
        (
            "[[fault]]",
            "repair = { weibull = { scale = \"4h\", shape = 2 }, max = \"9h\" }",
            "repair = { weibull = { scale = \"4h\", shape = 2 }, factor = \"0.5 to 3\", max = \"9h\" }",
        ),
    ] {
        let read = |line: &str| {
            let text = with(table, line);
            Scenario::read(text, Path::new(""), "x")
                .unwrap_or_else(|error| panic!("{line}: {error}"))
        };
        let (plain, uncertain) = (read(plain), read(uncertain));
        let values = |scenario: &Scenario| -> Vec<_> {
            let value = |one: &outlast::internals::Assumption| {
                (one.key.clone(), one.value.clone(), one.distribution.clone(), one.is_default)
            };
            scenario.assumptions.iter().map(value).collect()
        };
        assert_eq!(values(&plain), values(&uncertain));
        let warnings = |scenario: &Scenario| -> Vec<_> {
            scenario.warnings.iter().map(|warning| warning.message.clone()).collect()
        };
        assert_eq!(warnings(&plain), warnings(&uncertain));
    }
}

#[test]
fn an_option_may_set_a_value_with_its_range() {
    let fault =
        "[[fault]]\nname = \"f\"\nstrikes = \"server\"\nevery = \"300d\"\nrepair = \"1h\"\n";
    let text = &format!("name = \"x\"\n[costs]\n{fault}[[strategy]]\nname = \"a\"\n");
    let mut spec = Spec::parse(text, Path::new(""), "x");
    spec.set_option("costs.stale_user_hour={ guess = 0.5, range = [0.05, 2.0] }");
    spec.set_option("uncertainty.default=off");
    let inputs = Inputs::of(&mut spec).unwrap();
    let [input] = &inputs.inputs[..] else { panic!("{:?}", inputs.inputs) };
    assert_eq!((&*input.name, input.source), ("costs.stale_user_hour", RangeSource::Stated));
    let text = spec.to_toml();
    assert!(text.contains("stale_user_hour = { guess = 0.5, range = [0.05, 2.0] }"), "{text}");
}

/// Every scenario that is shipped.
fn scenarios() -> Vec<Spec> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "toml")).collect();
    paths.sort();
    assert!(paths.len() >= 8);
    paths.iter().map(|path| Spec::load(path).unwrap()).collect()
}

#[test]
fn every_point_of_the_cube_is_a_scenario() {
    for mut spec in scenarios() {
        let inputs = Inputs::of(&mut spec).unwrap();
        let dimensions = inputs.dimensions();
        assert!(dimensions > 20, "{}", spec.name());
        // Corners, and points spread by multiples of an irrational number (Kronecker).
        let corner = |point: usize, axis: usize| match point {
            0 => 0.0,
            1 => 1.0,
            2 | 3 => ((axis + point) % 2) as f64,
            _ => ((point * 31 + axis * 17) % 3) as f64 / 2.0,
        };
        let spread =
            |point: usize, axis: usize| ((point + 1) as f64 * ((axis + 2) as f64).sqrt()).fract();
        for number in 0..120 {
            let at = |axis| if number < 40 { corner(number, axis) } else { spread(number, axis) };
            let point: Vec<f64> = (0..dimensions).map(at).collect();
            let made = inputs.apply(&mut spec, &point);
            assert!(made.is_ok(), "{} at point {number}: {}", spec.name(), made.unwrap_err());
        }
    }
}

#[test]
fn points_do_not_remember_each_other() {
    let mut spec = Spec::embedded();
    let inputs = Inputs::of(&mut spec).unwrap();
    // Near enough to the guesses that what is rare there is rare here.
    let point = (0..inputs.dimensions()).map(|axis| 0.4 + 0.02 * (axis % 10) as f64);
    let point: Vec<f64> = point.collect();
    let describe = |scenario: &Scenario| {
        let world = &scenario.world;
        // Disasters are judged by the guesses, so they may be others than those of a text.
        format!("{:?} {:?} {:?}", world.faults, world.operations, scenario.costs)
    };
    let first = describe(&inputs.apply(&mut spec, &point).unwrap());
    let other = vec![0.9; inputs.dimensions()];
    assert_ne!(describe(&inputs.apply(&mut spec, &other).unwrap()), first);
    let again = inputs.apply(&mut spec, &point).unwrap();
    assert_eq!(describe(&again), first);
    let mut clone = Spec::embedded();
    assert_eq!(inputs.apply(&mut clone, &point).unwrap().world.rare, again.world.rare);
    assert!(again.world.rare.is_some());
    let mut fresh = Spec::embedded();
    for (path, setting) in inputs.settings(&point) {
        fresh.set(path, setting).unwrap();
    }
    assert_eq!(describe(&fresh.compile().unwrap()), first);
    fresh.set("costs.labour_hour", Setting::parse("1")).unwrap();
    assert_ne!(describe(&fresh.compile().unwrap()), first);
}
