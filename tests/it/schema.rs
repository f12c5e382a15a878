//! The JSON Schema that the program prints agrees with the program: what it reads is allowed, and
//! what it refuses is refused as far as a schema can.

use outlast::Scenario;
use outlast::internals::{Document, Json, schema};
use regex::Regex;
use std::fs;
use std::path::Path;

/// What a document breaks of a schema: places and reasons. It knows the words that our schema uses,
/// and fails at any other, so that no part of the schema goes unchecked.
struct Validator {
    root: Json,
}

impl Validator {
    fn new() -> Validator {
        Validator { root: schema() }
    }

    fn errors(&self, text: &str) -> Vec<String> {
        let document = Document::parse(text, "");
        let mut errors = Vec::new();
        self.check(&self.root, &document.root().to_json(), "", &mut errors);
        errors
    }

    fn allows(&self, schema: &Json, value: &Json) -> bool {
        let mut errors = Vec::new();
        self.check(schema, value, "", &mut errors);
        errors.is_empty()
    }

    fn check(&self, schema: &Json, value: &Json, at: &str, errors: &mut Vec<String>) {
        for (word, demand) in schema.as_object().unwrap() {
            if !self.keeps(word, demand, schema, value, at, errors) {
                errors.push(format!("{at}: {word} {demand}, found {value}"));
            }
        }
    }

    fn keeps(
        &self,
        word: &str,
        demand: &Json,
        schema: &Json,
        value: &Json,
        at: &str,
        errors: &mut Vec<String>,
    ) -> bool {
        let length = || demand.as_u64().unwrap() as usize;
        let number = |keeps: fn(f64, f64) -> bool| {
            value.as_f64().is_none_or(|number| keeps(number, demand.as_f64().unwrap()))
        };
        let fits = |one: &&Json| self.allows(one, value);
        match word {
            "$schema" | "title" | "description" | "default" | "examples" | "$defs" => true,
            "type" if demand.is_array() => {
                let any = |one: &Json| self.keeps(word, one, schema, value, at, errors);
                demand.as_array().unwrap().iter().any(any)
            }
            "type" => match demand.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "number" => value.is_number(),
                "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
                other => panic!("type {other}"),
            },
            "properties" => {
                for (key, inner) in demand.as_object().unwrap() {
                    if let Some(value) = value.get(key) {
                        self.check(inner, value, &format!("{at}.{key}"), errors);
                    }
                }
                true
            }
            "additionalProperties" => {
                assert_eq!(*demand, false);
                let known = schema["properties"].as_object().unwrap();
                value
                    .as_object()
                    .is_none_or(|table| table.keys().all(|key| known.contains_key(key)))
            }
            "required" => {
                let mut keys = demand.as_array().unwrap().iter();
                keys.all(|key| value.get(key.as_str().unwrap()).is_some())
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(demand, item, &format!("{at}[{index}]"), errors);
                }
                true
            }
            "minItems" => value.as_array().is_none_or(|list| list.len() >= length()),
            "maxItems" => value.as_array().is_none_or(|list| list.len() <= length()),
            "uniqueItems" => value.as_array().is_none_or(|list| {
                (1..list.len()).all(|index| !list[..index].contains(&list[index]))
            }),
            "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= length()),
            "maxLength" => value.as_str().is_none_or(|text| text.chars().count() <= length()),
            "pattern" => value
                .as_str()
                .is_none_or(|text| Regex::new(demand.as_str().unwrap()).unwrap().is_match(text)),
            "minimum" => number(|a, b| a >= b),
            "maximum" => number(|a, b| a <= b),
            "exclusiveMinimum" => number(|a, b| a > b),
            "enum" => demand.as_array().unwrap().contains(value),
            "const" => demand == value,
            "anyOf" => demand.as_array().unwrap().iter().any(|one| fits(&one)),
            "allOf" => demand.as_array().unwrap().iter().all(|one| fits(&one)),
            "oneOf" => demand.as_array().unwrap().iter().filter(fits).count() == 1,
            "not" => !fits(&demand),
            "$ref" => {
                let pointer = demand.as_str().unwrap().strip_prefix('#').unwrap();
                self.check(self.root.pointer(pointer).unwrap(), value, at, errors);
                true
            }
            other => panic!("the schema uses `{other}`, which is not checked here"),
        }
    }
}

#[test]
fn every_shipped_scenario_is_allowed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let validator = Validator::new();
    let mut seen = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            let errors = validator.errors(&fs::read_to_string(&path).unwrap());
            assert_eq!(errors, [""; 0], "{path:?}");
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen}");
}

/// A small scenario in which a line is replaced.
fn with(from: &str, to: &str) -> String {
    let text = "name = \"x\"\nhorizon = \"365d\"\nstart = \"2027-01-04\"\nholidays = []\n\
                [organisation]\nusers = 5\n[workload.password_changes]\nper_user_year = 4\n\
                [operations]\nstaffed = \"24x7\"\ncall_out = \"10m\"\n\
                [[fault]]\nname = \"f\"\nstrikes = \"server\"\nevery = \"30d\"\nrepair = \"4h\"\n\
                [[strategy]]\nname = \"a\"\n[strategy.staging]\n";
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

#[test]
fn what_the_program_reads_is_allowed_and_what_it_refuses_is_not() {
    let validator = Validator::new();
    let agree = |text: &str, right: bool| {
        let read = Scenario::read(text.to_owned(), Path::new(""), "x");
        assert_eq!(read.is_ok(), right, "the program, on\n{text}\n{read:?}");
        let errors = validator.errors(text);
        assert_eq!(errors.is_empty(), right, "the schema, on\n{text}\n{errors:#?}");
    };
    agree(&with("name", "name"), true);
    for right in [
        "1h 30m",
        "1.5 days",
        "2 hours and 3 minutes",
        "1_000H",
        "PT2H",
        "P1DT30M",
        "01:30:00",
        "+5m",
        " 3 Wks, 2 d ",
        "10 µs",
        "90MIN",
    ] {
        agree(&with("\"365d\"", &format!("\"{right}\"")), true);
        agree(&with("\"10m\"", &format!("\"{right}\"")), true);
    }
    for wrong in
        ["0s", "0h 0m", "", "3", "3 hourz", "1M", "2 months", "-1h", "1h to 2h", "h", "never"]
    {
        agree(&with("\"365d\"", &format!("\"{wrong}\"")), false);
    }
    for wrong in ["", "3", "3 hourz", "1M", "-1h", "1h to", "h", "never", "1h - 2h", "gamma"] {
        agree(&with("\"10m\"", &format!("\"{wrong}\"")), false);
    }
    for right in ["0s", "1h to 2h", "20 minutes to 1h 30m"] {
        agree(&with("\"10m\"", &format!("\"{right}\"")), true);
    }
    for right in [
        "24X7",
        "24/7",
        "Office",
        "Mon-Fri 09:00-17:00",
        "mon - thursday 8:00 - 18:00,Sat 00:00-24:00",
        "Sun–Tue 22:00–06:00",
    ] {
        agree(&with("\"24x7\"", &format!("\"{right}\"")), true);
    }
    for wrong in
        ["", "always", "Mon", "09:00-17:00", "Mon-Fri 9-17", "Mno 09:00-17:00", "Mon 25:00-26:00"]
    {
        agree(&with("\"24x7\"", &format!("\"{wrong}\"")), false);
    }
    for right in ["\"2027-12-31 08:00\"", "\"2027-02-01T23:59:59\"", "2027-03-04", "\"20270304\""] {
        agree(&with("\"2027-01-04\"", right), true);
    }
    for wrong in
        ["\"2027-13-01\"", "\"2027-00-01\"", "\"04.01.2027\"", "\"2027-01-32\"", "\"soon\"", "\"\""]
    {
        agree(&with("\"2027-01-04\"", wrong), false);
        agree(&with("holidays = []", &format!("holidays = [{wrong}]")), false);
    }
    agree(&with("holidays = []", "holidays = [\"2027-12-24\", 2027-12-25]"), true);
    let password = "per_user_year = 4";
    agree(&with(password, "max_age = \"90d\""), true);
    agree(&with(password, "max_age = \"0s\""), false);
    agree(&with(password, "max_age = \"90d\"\nper_user_year = 4"), false);
    for (from, to, right) in [
        ("every = \"30d\"", "at = [\"1h\"]", true),
        ("every = \"30d\"", "", false),
        ("every = \"30d\"", "every = \"30d\"\nat = [\"1h\", \"2027-04-07\", 2027-04-08]", true),
        ("every = \"30d\"", "at = [\"2027-04-07 08:00\"]\nprobability = 0.1", true),
        ("every = \"30d\"", "at = [\"soon\"]", false),
        ("every = \"30d\"", "at = [\"2027-04-07\"]\nprobability = 2", false),
        ("strikes = \"server\"", "strikes = \"password-sync\"", true),
        ("strikes = \"server\"", "strikes = \"passwords\"", false),
        ("[operations]", "[operations]\npeople = \"unlimited\"\nlast_resort = \"never\"", true),
        ("[operations]", "[operations]\npeople = 3\nlast_resort = { after = \"3d\" }", true),
        ("[operations]", "[operations]\npeople = 0", false),
        ("[operations]", "[operations]\npeople = \"many\"", false),
        ("[operations]", "[operations]\ntries = 0", false),
        ("[operations]", "[operations]\nlast_resort = \"2d\"", false),
        ("[operations]", "[operations]\nlast_resort = { at = \"2d\" }", false),
        ("[operations]", "[operations]\ndisable_by_hand = { probability = 0.9 }", true),
        ("[operations]", "[[site]]\nname = \"a\"\n[[site]]\nname = \"b\"\n[operations]", true),
        ("[operations]", "[[site]]\n[operations]", false),
        (
            "[operations]",
            "[[watch]]\nname = \"w\"\nafter = \"1h\"\nsees = [\"*\"]\n[operations]",
            true,
        ),
        ("[operations]", "[[watch]]\nname = \"w\"\n[operations]", false),
        (
            "[operations]",
            "[[watch]]\nname = \"w\"\nafter = \"1h\"\nsees = [\"\"]\n[operations]",
            false,
        ),
        (
            "[operations]",
            "[[planned]]\nname = \"p\"\nevery = \"90d\"\nwindow = \"Sat 08:00\"\n[operations]",
            true,
        ),
        (
            "[operations]",
            "[[planned]]\nname = \"p\"\nat = [\"90d\"]\nstops = \"nothing\"\n[operations]",
            true,
        ),
        ("[operations]", "[[planned]]\nname = \"p\"\n[operations]", false),
        (
            "[operations]",
            "[[planned]]\nname = \"p\"\nevery = \"90d\"\nat = [\"9d\"]\n[operations]",
            false,
        ),
        (
            "[operations]",
            "[[planned]]\nname = \"p\"\nevery = \"90d\"\nwindow = \"Sat\"\n[operations]",
            false,
        ),
        (
            "[operations]",
            "[[planned]]\nname = \"p\"\nevery = \"90d\"\nstops = \"sync\"\n[operations]",
            false,
        ),
        (
            "[strategy.staging]",
            "[[strategy.watch]]\nname = \"w\"\nafter = \"1h\"\nannual_cost = 9",
            true,
        ),
        ("repair = \"4h\"", "repair = \"never\"", true),
        ("repair = \"4h\"", "repair = { lognormal = \"1h to 2h\", max = \"3d\" }", true),
        ("repair = \"4h\"", "repair = { exponential = { mean = \"0s\" } }", false),
        ("repair = \"4h\"", "repair = { exponential = { mean = \"1h\" }, max = \"0s\" }", false),
        ("repair = \"4h\"", "repair = { uniform = { min = \"0s\", max = \"1h\" } }", true),
        ("name = \"x\"", "", false),
        ("name = \"x\"", "name = \"\"", false),
        ("name = \"x\"", "name = \" \"", false),
        ("name = \"x\"", "name = \"a\\u0007\"", false),
        ("name = \"a\"", "name = \"\"", false),
        ("name = \"f\"", "name = \"\"", false),
        ("name = \"a\"", "annual_cost = 1e13\nname = \"a\"", false),
        ("[[strategy]]\nname = \"a\"\n[strategy.staging]", "", false),
        ("[[strategy]]\nname = \"a\"\n[strategy.staging]", "[sync]", false),
        ("name = \"x\"", "name = \"x\"\nstrategy = []\n#", false),
        ("[[strategy]]", "[costs]\nlabour_hour = 1e13\n[[strategy]]", false),
        ("[[strategy]]", "[tolerance.outages]\nlimit = 3\n[[strategy]]", true),
        ("[[strategy]]", "[tolerance.outages]\n[[strategy]]", false),
    ] {
        agree(&with(from, to), right);
    }
}
