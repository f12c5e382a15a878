//! Promises of the key reader: every error at its place, all of them at once, one declaration for
//! everything.

use jiff::civil::{Date, DateTime};
use serde_json::json;

use super::*;

/// A small document with every kind of key.
fn read_sample(mut root: Section<'_>) {
    root.required_text("name", "what it is called");
    root.positive_duration("horizon", "365d", "simulated span");
    root.duration("pause", "0s", "time between");
    root.count("users", 25_000, 1..=10_000_000, "users");
    root.number("rate", 97.0, Range::Positive, "per second");
    root.number("cost", 0.0, Range::NonNegative, "a year");
    root.number("share", 0.5, Range::Between(-1.0, 1.0), "share");
    root.probability("success", 0.95, "share that works");
    root.flag("verify", false, "whether it is verified");
    let kinds = [("server", 1), ("link", 2)];
    root.choice("strikes", &kinds, "server", "what is struck");
    root.list_of_choices("prefer", &kinds, &["link", "server"], "order");
    let weights = List { item: Number(Range::NonNegative), distinct: false, plural: "numbers" };
    root.get_as("weights", &weights, "[]", "by hour");
    let times = List { item: Duration::ANY, distinct: false, plural: "durations" };
    root.get_as("at", &times, "[\"100h\"]", "times");
    root.get::<DateTime>("start", "\"2027-01-04\"", "first day");
    let dates = List { item: Of::<Date>::new(), distinct: true, plural: "dates" };
    root.get_as("holidays", &dates, "[]", "days off");
    let mut sync = root.section("sync", "cycles");
    sync.duration("object_cycle", "30m", "cycle of objects");
    sync.finish();
    root.sections("strategy", "what to compare", |mut strategy| {
        strategy.required_text("name", "its name");
        if let Some(mut staging) = strategy.optional_section("staging", "a second server") {
            staging.flag("verify", true, "checked first");
        }
    });
}

/// Span text (or `-`), message and help of every finding, one a line.
fn findings_of(text: &str) -> Vec<String> {
    let document = Document::parse(text, "");
    let ((), log) = document.read(None, read_sample);
    let place = |span: Option<std::ops::Range<usize>>| span.map_or("-", |span| &text[span]);
    let line = |finding: Finding| {
        let help = finding.help.map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{} | {}{help}", place(finding.span), finding.message)
    };
    log.findings.into_iter().map(line).collect()
}

/// The findings of one line after a valid name.
fn finding_of(line: &str) -> String {
    findings_of(&format!("name = \"x\"\n{line}\n")).join("\n")
}

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (line, expected) in cases {
        assert_eq!(finding_of(line), *expected, "{line}");
    }
}

#[test]
fn a_document_that_says_little_takes_every_default() {
    let document = Document::parse("name = \"x\"\nhorizon = \"90d\"\n", "");
    let ((), log) = document.read(None, read_sample);
    assert_eq!(log.findings, []);
    let shown: Vec<_> = log
        .assumptions
        .iter()
        .map(|a| format!("{} = {}{}", a.key, a.value, if a.is_default { " *" } else { "" }))
        .collect();
    let expected = [
        "name = \"x\"",
        "horizon = \"90d\"",
        "pause = \"0s\" *",
        "users = 25000 *",
        "rate = 97.0 *",
        "cost = 0.0 *",
        "share = 0.5 *",
        "success = 0.95 *",
        "verify = false *",
        "strikes = \"server\" *",
        "prefer = [\"link\", \"server\"] *",
        "weights = [] *",
        "at = [\"100h\"] *",
        "start = \"2027-01-04\" *",
        "holidays = [] *",
        "sync.object_cycle = \"30m\" *",
    ];
    assert_eq!(shown, expected);
    assert_eq!(log.assumptions[1].doc, "simulated span");
}

#[test]
fn assumptions_carry_the_name_of_the_table_they_stand_in() {
    let text = "name = \"x\"\n[[strategy]]\nname = \"A b\"\nstaging = {}\n[[strategy]]\n[strategy.staging]\nverify = false";
    let ((), log) = Document::parse(text, "").read(None, read_sample);
    let keys: Vec<_> = log.assumptions.iter().skip(16).map(|a| &*a.key).collect();
    let expected =
        ["strategy.\"A b\".name", "strategy.\"A b\".staging.verify", "strategy[1].staging.verify"];
    assert_eq!(keys, expected);
}

#[test]
fn assumptions_are_on_one_line_and_can_be_pasted() {
    let text =
        "name = \"\"\"a \\\n b\"\"\"\nweights = [\n  1, # one\n  2.50,\n]\n[[strategy]]\nname='q'";
    let ((), log) = Document::parse(text, "").read(None, read_sample);
    let value = |key: &str| &*log.assumptions.iter().find(|a| *a.key == *key).unwrap().value;
    assert_eq!(value("name"), "\"a b\"");
    assert_eq!(value("weights"), "[1, 2.50]");
    assert_eq!(value("strategy.\"q\".name"), "'q'");
    let tables = "a = { b.c = 1, \"x y\" = [] }\n[d]\n[d.e]\nf = true";
    let document = Document::parse(tables, "");
    let toml = "{ a = { b = { c = 1 }, \"x y\" = [] }, d = { e = { f = true } } }";
    assert_eq!(document.root().to_toml(), toml);
}

#[test]
fn nothing_that_is_written_makes_the_reading_crash() {
    let seed = "name = \"x\"\nhorizon = \"1h 30m\"\nusers = 5\nweights = [1, 2.5]\nstart = 2027-01-04\nprefer = ['link']\nsync = { object_cycle = \"3m\" }\n[[strategy]]\nname = \"é\"\n[strategy.staging]\nverify = true\n";
    let pieces = [
        "[", "]", "{", "}", "\"", "'", "=", "\n", ",", "é", "-", "9e9", "nan", ".", "\"\"\"",
        "\u{feff}", "\0",
    ];
    // A linear congruential sequence: enough to mix, the same on every run.
    let mut state = 1_u64;
    let mut draw = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % below
    };
    for _ in 0..3000 {
        let mut letters: Vec<char> = seed.chars().collect();
        for _ in 0..1 + draw(4) {
            let at = draw(letters.len());
            let end = (at + draw(6)).min(letters.len());
            letters.splice(at..end, pieces[draw(pieces.len())].chars());
        }
        let text: String = letters.into_iter().collect();
        let ((), log) = Document::parse(&text, "").read(None, read_sample);
        for finding in &log.findings {
            assert!(finding.span.clone().is_none_or(|span| text.get(span).is_some()), "{text}");
        }
        crate::report::diagnostics::render(&log.findings, &text, "f", false);
    }
    for deep in ["[", "{ a = ", "{ a = [", "a."] {
        let text = format!("name = {}", deep.repeat(20_000));
        assert!(!findings_of(&text).is_empty());
        let text = format!("{} = 1", deep.repeat(20_000));
        assert!(!findings_of(&text).is_empty());
    }
}

#[test]
fn values_are_read_in_all_their_spellings() {
    let text = "a = 1_000\nb = 0x10\nc = 5\nd = \"1h 30m\"\ne = ['link']\nf = 2027-01-04\ng = \"2027-01-04 08:30\"\nh = 1e3";
    let document = Document::parse(text, "");
    let kinds = [("server", 1), ("link", 2)];
    let ((), log) = document.read(None, |mut root| {
        assert_eq!(root.count("a", 0, 0..=u64::MAX, ""), 1000);
        assert_eq!(root.count("b", 0, 0..=16, ""), 16);
        assert_eq!(root.number("c", 0.0, Range::Positive, "").to_bits(), 5.0_f64.to_bits());
        assert_eq!(root.duration("d", "0s", "").to_bits(), 1.5_f64.to_bits());
        assert_eq!(root.list_of_choices("e", &kinds, &[], ""), [2]);
        assert_eq!(root.required::<Date>("f", ""), Date::constant(2027, 1, 4));
        let half_past_eight = Date::constant(2027, 1, 4).at(8, 30, 0, 0);
        assert_eq!(root.optional::<DateTime>("g", ""), Some(half_past_eight));
        assert_eq!(root.optional_number("h", Range::Any, ""), Some(1000.0));
        assert!(root.has("h") && !root.has("z"));
        assert_eq!(root.span("d").map(|span| &text[span]), Some("\"1h 30m\""));
    });
    assert_eq!(log.findings, []);
}

#[test]
fn an_unknown_key_names_the_nearest_or_all_that_are_known() {
    check(&[
        ("horzion = \"1d\"", "horzion | unknown key `horzion` | did you mean `horizon`?"),
        ("Success = 1", "Success | unknown key `Success` | did you mean `success`?"),
        ("hor = 1", "hor | unknown key `hor` | did you mean `horizon`?"),
        (
            "[sync]\nobject-cycel = \"1h\"",
            "object-cycel | unknown key `object-cycel` | did you mean `object_cycle`?",
        ),
        ("[sync]\nzzz = 1", "zzz | unknown key `zzz` | known here: `object_cycle`"),
        (
            "a.b.c = 1",
            "a | unknown key `a` | known here: `name`, `horizon`, `pause`, `users`, `rate`, `cost`, `share`, `success`, `verify`, `strikes`, `prefer`, `weights`, `at`, `start`, `holidays`, `sync` and `strategy`",
        ),
    ]);
}

#[test]
fn durations_say_what_stands_there_and_what_to_write() {
    let wanted = "expected a duration above 0 such as \"2h 30m\", found";
    check(&[
        ("horizon = 3", &format!("3 | {wanted} the integer 3 | write \"3h\"")),
        ("horizon = 2.5", &format!("2.5 | {wanted} the number 2.5 | write \"2.5h\"")),
        ("horizon = nan", &format!("nan | {wanted} the number nan")),
        ("horizon = true", &format!("true | {wanted} true")),
        ("horizon = [1]", &format!("[1] | {wanted} a list")),
        ("horizon = {}", &format!("{{}} | {wanted} a table")),
        (
            "horizon = \"0s\"",
            &format!(
                "\"0s\" | {wanted} the text \"0s\" | write a duration above 0, such as \"1h\""
            ),
        ),
        ("pause = \"-1h\"", "\"-1h\" | `-1h` is negative | write a duration of 0 or more"),
        ("horizon = \"3 hourz\"", "\"3 hourz\" | unknown unit `hourz` | write \"3 hours\""),
        ("horizon = \"1mo\"", "\"1mo\" | a month has no fixed length | write days: \"30d\""),
        ("horizon = \"5\"", "\"5\" | `5` has no unit | write \"5h\", \"5m\" or \"5d\""),
        (
            "horizon = \"-1h\"",
            "\"-1h\" | `-1h` is negative | write a duration above 0, such as \"1h\"",
        ),
        (
            "pause = \"1h to 2h\"",
            "\"1h to 2h\" | expected a duration such as \"2h 30m\", found the text \"1h to 2h\" | write one duration; a range makes a distribution, which this key is not",
        ),
        (
            "at = [\"1h\", 2]",
            "2 | expected a duration such as \"2h 30m\", found the integer 2 | write \"2h\"",
        ),
    ]);
}

#[test]
fn numbers_say_their_range() {
    let whole = "expected a whole number from 1 to 10_000_000, found";
    check(&[
        ("rate = 0", "0 | expected a number above 0, found the integer 0 | write a number above 0"),
        (
            "rate = -2.5",
            "-2.5 | expected a number above 0, found the number -2.5 | write a number above 0",
        ),
        (
            "rate = inf",
            "inf | expected a number above 0, found the number inf | write a finite number",
        ),
        (
            "rate = \"5\"",
            "\"5\" | expected a number above 0, found the text \"5\" | write 5 without quotes",
        ),
        ("cost = -1", "-1 | expected a number of 0 or more, found the integer -1 | the least is 0"),
        ("share = 2", "2 | expected a number from -1 to 1, found the integer 2 | the most is 1"),
        (
            "share = -9",
            "-9 | expected a number from -1 to 1, found the integer -9 | the least is -1",
        ),
        ("users = 0", &format!("0 | {whole} the integer 0 | the least is 1")),
        ("users = -3", &format!("-3 | {whole} the integer -3 | the least is 1")),
        ("users = 2.5", &format!("2.5 | {whole} the number 2.5 | write a number without a point")),
        ("users = 2.0", &format!("2.0 | {whole} the number 2.0 | write 2")),
        ("users = \"25_000\"", &format!("\"25_000\" | {whole} the text \"25_000\" | write 25000")),
        (
            "users = 99999999999999999999999999999999999999999999",
            &format!("{0}9999 | {whole} the integer {0}… | the most is 10_000_000", "9".repeat(40)),
        ),
        (
            "weights = [1, -1, 2, \"x\"]",
            "-1 | expected a number of 0 or more, found the integer -1 | the least is 0\n\"x\" | expected a number of 0 or more, found the text \"x\"",
        ),
        ("weights = 5", "5 | expected a list of numbers, found the integer 5 | write [5]"),
    ]);
}

#[test]
fn a_percentage_is_told_its_probability() {
    let wanted = "expected a probability from 0 to 1, found";
    let share = "a probability is a share, such as 0.05 or \"5 %\"";
    check(&[
        ("success = 95", &format!("95 | {wanted} the integer 95 | write 0.95")),
        ("success = 99.9", &format!("99.9 | {wanted} the number 99.9 | write 0.999")),
        ("success = \"101 %\"", &format!("\"101 %\" | {wanted} the text \"101 %\" | {share}")),
        ("success = \"1e1 %\"", &format!("\"1e1 %\" | {wanted} the text \"1e1 %\" | {share}")),
        ("success = \"-5 %\"", &format!("\"-5 %\" | {wanted} the text \"-5 %\" | {share}")),
        (
            "success = \"0.5\"",
            &format!("\"0.5\" | {wanted} the text \"0.5\" | write 0.5 without quotes"),
        ),
        ("success = -0.1", &format!("-0.1 | {wanted} the number -0.1 | {share}")),
        ("success = 1.1", &format!("1.1 | {wanted} the number 1.1 | {share}")),
        ("success = 101", &format!("101 | {wanted} the integer 101 | {share}")),
        ("success = nan", &format!("nan | {wanted} the number nan | {share}")),
    ]);
}

#[test]
fn a_probability_may_be_a_percentage_and_hours_a_duration() {
    let read = |text: &str| {
        let document = Document::parse(&format!("share = {text}\nhours = {text}"), "");
        let read = |mut top: Section<'_>| {
            (top.probability("share", 0.5, ""), top.required_as("hours", &Hours, ""))
        };
        let (values, log) = document.read(None, read);
        (values, log.findings.iter().map(|finding| finding.message.clone()).collect::<Vec<_>>())
    };
    for (text, share) in
        [("\"95 %\"", 0.95), ("\" 0.5%\"", 0.005), ("\"100.0 %\"", 1.0), ("\"7%\"", 0.07)]
    {
        let ((read, _), findings) = read(text);
        assert_eq!((read, findings.len()), (share, 1), "{text}: {findings:?}");
    }
    for (text, hours) in [("\"24h\"", 24.0), ("\"1d 12h\"", 36.0), ("\"0s\"", 0.0)] {
        let ((_, read), findings) = read(text);
        assert_eq!((read, findings.len()), (hours, 1), "{text}: {findings:?}");
    }
    assert_eq!(read("0.25").0, (0.25, 0.25));
    let hours = "expected a number of 0 or more, found the text \"24\"";
    assert!(read("\"24\"").1.contains(&hours.to_owned()), "{:?}", read("\"24\"").1);
}

#[test]
fn words_flags_texts_and_dates_say_what_was_meant() {
    let date = "expected a date such as \"2027-01-04\", found";
    let moment =
        "expected a date or date and time such as \"2027-01-04\" or \"2027-01-04 08:00\", found";
    check(&[
        (
            "strikes = \"sever\"",
            "\"sever\" | expected \"server\" or \"link\", found the text \"sever\" | write \"server\"",
        ),
        (
            "strikes = \"moon\"",
            "\"moon\" | expected \"server\" or \"link\", found the text \"moon\"",
        ),
        ("strikes = 3", "3 | expected \"server\" or \"link\", found the integer 3"),
        (
            "verify = \"yes\"",
            "\"yes\" | expected true or false, found the text \"yes\" | write true",
        ),
        ("verify = 0", "0 | expected true or false, found the integer 0 | write false"),
        (
            "prefer = [\"link\", 'link']",
            "'link' | the text \"link\" stands twice in this list | keep one",
        ),
        (
            "start = \"04.01.2027\"",
            &format!(
                "\"04.01.2027\" | {moment} the text \"04.01.2027\" | dates are written year-month-day"
            ),
        ),
        (
            "start = 2027-01-04T00:00:00Z",
            &format!(
                "2027-01-04T00:00:00Z | {moment} the date 2027-01-04T00:00:00Z | write local time; the zone stands in `time_zone`"
            ),
        ),
        (
            "start = \"2027-02-30\"",
            &format!(
                "\"2027-02-30\" | {moment} the text \"2027-02-30\" | dates are written year-month-day"
            ),
        ),
        ("holidays = [\"2027-12-25\", 1]", &format!("1 | {date} the integer 1")),
        (
            "holidays = [\"2027-12-25 08:00\"]",
            &format!(
                "\"2027-12-25 08:00\" | {date} the text \"2027-12-25 08:00\" | leave out the time of day"
            ),
        ),
        (
            "holidays = \"2027-12-25\"",
            "\"2027-12-25\" | expected a list of dates, found the text \"2027-12-25\" | write [\"2027-12-25\"]",
        ),
        (
            "holidays = [2027-12-25, 2027-12-25]",
            "2027-12-25 | the date 2027-12-25 stands twice in this list | keep one",
        ),
    ]);
    assert_eq!(
        findings_of("name = 5"),
        ["5 | expected text in quotes, found the integer 5 | write \"5\""]
    );
    assert_eq!(
        findings_of("name = \" \""),
        ["\" \" | `name` is empty | write at least one letter"]
    );
    assert_eq!(
        findings_of("name = \"= cmd\""),
        ["\"= cmd\" | a spreadsheet takes a name that begins so for a formula | write \"cmd\""]
    );
    assert_eq!(
        findings_of("name = \"+\""),
        ["\"+\" | a spreadsheet takes a name that begins so for a formula | begin with a letter"]
    );
    let long = "é".repeat(201);
    assert_eq!(
        findings_of(&format!("name = \"{long}\"")),
        [format!(
            "\"{long}\" | the name has 201 characters; the most is 200 | names stand in tables and \
             charts: a short one reads best"
        )]
    );
    assert!(findings_of(&format!("name = \"{}\"", "é".repeat(200))).is_empty());
}

#[test]
fn a_file_that_is_no_scenario_does_not_fill_the_memory_with_errors() {
    let keys: String = (0..5000).map(|at| format!("key{at} = 1\n")).collect();
    let found = findings_of(&keys);
    assert_eq!(found.len(), 1001);
    assert!(
        found.contains(&"- | there is more to say than is listed | mend these first".to_owned())
    );
}

#[test]
fn a_missing_key_points_at_its_table() {
    assert_eq!(findings_of(""), [" | `name` is missing | add `name = …` with text in quotes"]);
    assert_eq!(
        finding_of("[[strategy]]\n[strategy.staging]"),
        "[[strategy]] | `name` is missing | add `name = …` with text in quotes"
    );
}

#[test]
fn single_and_double_brackets_are_told_apart() {
    check(&[
        (
            "sync = 5",
            "5 | expected a table, found the integer 5 | write [sync] on a line of its own, and its keys below",
        ),
        (
            "[[sync]]\nobject_cycle = 5",
            "[[sync]] | expected one table, found a list | write [sync] once, with single brackets\n5 | expected a duration such as \"2h 30m\", found the integer 5 | write \"5h\"",
        ),
        (
            "[strategy]\nnames = 5",
            "[strategy] | expected a list of tables, found a table | write [[strategy]] with double brackets\n[strategy] | `name` is missing | add `name = …` with text in quotes\nnames | unknown key `names` | did you mean `name`?",
        ),
        (
            "strategy = [{ name = \"a\" }, 3]",
            "3 | expected a table, found the integer 3 | write [[strategy]] with double brackets",
        ),
    ]);
}

#[test]
fn all_errors_of_a_file_come_at_once_in_its_order() {
    let text = "horizon = 5\nname = 1\nsuccess = 95\nfoo = 1\n[sync]\nobject_cycle = \"x\"\n[[strategy]]\nname = \"a\"\nstaging = { verify = 3, verfy = 1 }\n";
    let places: Vec<_> =
        findings_of(text).iter().map(|f| f.split(" | ").next().unwrap().to_owned()).collect();
    assert_eq!(places, ["5", "1", "95", "foo", "\"x\"", "3", "verfy"]);
}

#[test]
fn every_syntax_error_is_found_and_values_elsewhere_are_still_checked() {
    let text = "name = contoso\nhorizon = 3h\npause = \nsuccess = 95\nverify = \"yes\nusers = 1\nusers = 2\nzzz = 1\n[sync\nobject_cycle = 3\n";
    let expected = [
        "contoso | text must stand in quotes: `contoso` | write \"contoso\"",
        "3h | text must stand in quotes: `3h` | write \"3h\"",
        " | a value is missing here",
        "95 | expected a probability from 0 to 1, found the integer 95 | write 0.95",
        " | the text is not closed on its line | write the closing `\"`",
        "users | `users` is written twice in this table | keep one of the two",
        "zzz | unknown key `zzz` | known here: `name`, `horizon`, `pause`, `users`, `rate`, `cost`, `share`, `success`, `verify`, `strikes`, `prefer`, `weights`, `at`, `start`, `holidays`, `sync` and `strategy`",
        " | the header is not closed | write the closing `]`",
    ];
    assert_eq!(findings_of(text), expected);
}

#[test]
fn below_a_header_that_cannot_be_read_nothing_is_said_until_the_next() {
    let text = "nme = 1\n[sync\nobject_cycel = 3\nname = \"y\"\nhorizon = 4\n[zync]\n";
    let begins: Vec<_> = findings_of(text)
        .iter()
        .map(|finding| finding.split(" | ").take(2).collect::<Vec<_>>().join(" | "))
        .collect();
    let expected =
        ["nme | unknown key `nme`", " | the header is not closed", "zync | unknown key `zync`"];
    assert_eq!(begins, expected);
}

#[test]
fn syntax_errors_say_what_to_write() {
    let cases = [
        ("users == 4", "= | there is one `=` too many | write one `=`"),
        (
            "users of = 4",
            " | there is no `=` after this | a line is `key = value`; only text in quotes has spaces",
        ),
        ("users: 4", ": | a key cannot hold `:` | a line is `key = value`"),
        ("= 4", " | there is no key here | a line is `key = value`"),
        ("name = \"\"\"x", " | the text is never closed | write the closing `\"\"\"`"),
        ("name = '''x", " | the text is never closed | write the closing `'''`"),
        (
            "name = \"x\u{1b}\"",
            "\u{1b} | the text holds a control character (U+001B) | leave it out: a text is one line of visible characters",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(findings_of(text), [expected], "{text}");
    }
}

#[test]
fn control_characters_have_no_place_in_a_text() {
    let told = "leave it out: a text is one line of visible characters";
    for (written, place, code) in [
        ("\"a\\u0007b\"", "\"a\\u0007b\"", "0007"),
        ("\"a\\nb\"", "\"a\\nb\"", "000A"),
        ("\"\"\"a\tb\"\"\"", "\t", "0009"),
    ] {
        let expected = format!("{place} | the text holds a control character (U+{code}) | {told}");
        assert_eq!(findings_of(&format!("name = {written}")), [expected]);
    }
    // Turns the text that follows round: "exe.gnp" would be read as "png.exe".
    let found = findings_of("name = \"a\u{202E}b\"");
    let expected = format!("\u{202E} | the text holds an invisible character (U+202E) | {told}");
    assert_eq!(found, [expected]);
    // The joiner of a script is no such mark.
    assert!(findings_of("name = \"می\u{200C}خواهم\"").is_empty());
}

#[test]
fn of_a_list_ten_errors_are_shown_and_the_others_counted() {
    let weights = ["-1"; 30].join(", ");
    let found = findings_of(&format!("name = \"x\"\nweights = [1, {weights}]\n"));
    assert_eq!(found.len(), 11, "{found:?}");
    assert_eq!(found[10], "-1 | and 20 more of these numbers");
}

#[test]
fn of_two_keys_one_may_or_must_be_written() {
    let read = |text: &str| {
        let document = Document::parse(text, "");
        let ((), log) = document.read(None, |mut root| {
            for key in ["a", "b", "c", "d"] {
                root.optional_number(key, Range::Any, "");
            }
            root.at_most_one(["a", "b"], "both", "keep one");
            root.exactly_one(["c", "d"], ("both", "keep one"), ("none", "write one"));
        });
        let place = |f: &Finding| f.span.clone().map_or("-", |span| &text[span]).to_owned();
        log.findings.iter().map(|f| format!("{} {}", place(f), f.message)).collect::<Vec<_>>()
    };
    assert_eq!(read("d = 1"), [""; 0]);
    assert_eq!(read("a = 1\nb = 2\nc = 3\nd = 4"), ["2 both", "4 both"]);
    assert_eq!(read("b = 2"), ["- none"]);
    let schema = describe("", |mut root| {
        root.at_most_one(["a", "b"], "", "");
        root.exactly_one(["c", "d"], ("", ""), ("", ""));
    });
    let expected = json!([
        { "not": { "required": ["a", "b"] } },
        { "oneOf": [{ "required": ["c"] }, { "required": ["d"] }] },
    ]);
    assert_eq!(schema["allOf"], expected);
}

#[test]
fn tables_that_must_be_there_are_asked_for_at_the_end_of_the_file() {
    let read = |text: &str| {
        let document = Document::parse(text, "");
        let (_, log) = document.read(None, |mut root| {
            root.required_sections("strategy", "", ("none", "add one"), |section| drop(section))
        });
        log.findings.into_iter().map(|f| (f.span, f.message)).collect::<Vec<_>>()
    };
    assert_eq!(read("# x\n"), [(Some(4..4), "none".to_owned())]);
    assert_eq!(read("strategy = []\n"), [(Some(11..13), "none".to_owned())]);
    assert_eq!(read("[[strategy]]\n"), []);
    let above = "[strategy.staging] stands before any [[strategy]]".to_owned();
    assert_eq!(read("[strategy.staging]\n"), [(Some(1..9), above.clone())]);
    let twice = "`strategy` is a single table above and a list of tables here".to_owned();
    let both = [(Some(1..9), above), (Some(21..29), twice)];
    assert_eq!(read("[strategy.staging]\n[[strategy]]\n"), both);
    let schema = describe("", |mut root| {
        root.required_sections("strategy", "", ("none", "add one"), |section| drop(section))
    });
    assert_eq!(schema["required"], json!(["strategy"]));
    assert_eq!(schema["properties"]["strategy"]["minItems"], 1);
}

#[test]
fn an_unclosed_bracket_is_one_error_at_the_bracket() {
    let text = "name = \"x\"\nsuccess = 95\nweights = [1, 2\nusers = 5\n[sync]\nobject_cycle = 3\n";
    let expected = [
        "95 | expected a probability from 0 to 1, found the integer 95 | write 0.95",
        "[ | `[` is never closed | write the closing `]`",
    ];
    assert_eq!(findings_of(text), expected);
}

#[test]
fn places_count_from_the_start_of_the_file_even_with_a_byte_order_mark() {
    let text = "\u{feff}name = \"x\"\nusers = 0";
    assert!(findings_of(text)[0].starts_with("0 | expected a whole number"));
}

#[test]
fn a_warning_points_at_the_value_or_else_at_the_table() {
    let text = "[sync]\nobject_cycle = \"1h\"\n";
    let ((), log) = Document::parse(text, "").read(None, |mut root| {
        let mut sync = root.section("sync", "");
        sync.duration("object_cycle", "30m", "");
        sync.warn("object_cycle", "slow".to_owned(), "write \"30m\"");
        sync.error("heartbeat", "none".to_owned(), "");
        sync.finish();
        root.error("x", "whole".to_owned(), "");
    });
    let found: Vec<_> = log
        .findings
        .iter()
        .map(|f| {
            (f.severity, f.span.clone().map(|s| &text[s]), f.message.as_str(), f.help.as_deref())
        })
        .collect();
    let expected = [
        (Severity::Error, None, "whole", None),
        (Severity::Error, Some("[sync]"), "none", None),
        (Severity::Warning, Some("\"1h\""), "slow", Some("write \"30m\"")),
    ];
    assert_eq!(found, expected);
    assert!(log.has_errors());
}

#[test]
fn a_wrong_default_is_said_and_does_no_harm() {
    let (value, log) =
        Document::parse("", "").read(None, |mut root| root.duration("a", "soon", ""));
    assert_eq!(value.to_bits(), 0.0_f64.to_bits());
    assert!(log.findings[0].message.starts_with("the value \"soon\" of `a`: expected a number"));
}

#[test]
fn places_inside_a_text_are_exact_unless_it_has_escapes() {
    let text = "a = \"x to y\"\nb = '''x to y'''\nc = \"\\u0078 to y\"";
    let document = Document::parse(text, "");
    let part = |key| &text[document.root().get(key).unwrap().span_of_part(5..6)];
    assert_eq!(part("a"), "y");
    assert_eq!(part("b"), "y");
    assert_eq!(part("c"), "\"\\u0078 to y\"");
}

#[test]
fn the_schema_comes_from_the_reading() {
    let schema = describe("sample", read_sample);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["additionalProperties"], false);
    assert_eq!(schema["required"], json!(["name"]));
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 17);
    assert_eq!(keys[..3], ["name", "horizon", "pause"]);
    let users = &schema["properties"]["users"];
    assert_eq!((&users["description"], &users["default"]), (&json!("users"), &json!(25_000)));
    let count = json!({ "type": "integer", "minimum": 1, "maximum": 10_000_000 });
    let two = json!({ "type": "array", "items": count, "minItems": 2, "maxItems": 2 });
    let range = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": { "guess": count, "range": two },
        "required": ["guess", "range"],
    });
    assert_eq!([&users["anyOf"][0], &users["anyOf"][1]], [&count, &range]);
    assert_eq!(users["anyOf"].as_array().unwrap().len(), 3);
    assert_eq!(schema["properties"]["name"]["type"], "string");
    let sync = &schema["properties"]["sync"];
    assert_eq!([&sync["type"], &sync["description"]], ["object", "cycles"]);
    assert_eq!(sync["additionalProperties"], false);
    let cycle = &sync["properties"]["object_cycle"];
    assert_eq!([&cycle["description"], &cycle["default"]], ["cycle of objects", "30m"]);
    assert_eq!(cycle["anyOf"][0]["$ref"], "#/$defs/duration");
    assert_eq!(schema["$defs"]["duration"]["title"], "duration");
    assert_eq!(schema["$defs"]["positive_duration"]["not"], json!({ "pattern": "^[^1-9]*$" }));
    let strategy = &schema["properties"]["strategy"];
    assert_eq!(strategy["type"], "array");
    assert_eq!(strategy["items"]["required"], json!(["name"]));
    let verify = &strategy["items"]["properties"]["staging"]["properties"]["verify"];
    assert_eq!(verify["anyOf"][0], json!({ "type": "boolean" }));
    assert_eq!(
        (&verify["description"], &verify["default"]),
        (&json!("checked first"), &json!(true))
    );
    assert_eq!(schema["properties"]["prefer"]["default"], json!(["link", "server"]));
    assert_eq!(schema["properties"]["prefer"]["anyOf"][0]["uniqueItems"], true);
}

#[test]
fn nearest_is_silent_when_nothing_is_near() {
    assert_eq!(nearest("repar", &["repair", "every"]), Some("repair"));
    assert_eq!(nearest("exp", &["exponential", "gamma"]), Some("exponential"));
    assert_eq!(nearest("colour", &["repair", "every"]), None);
    assert_eq!(nearest("x", &[]), None);
}

#[test]
fn quoted_text_reads_back_the_same() {
    for text in ["plain", "a \"b\" \\c", "line\nbreak\ttab\u{1}", "é ∞"] {
        let toml = format!("a = {}", quote(text));
        let document = Document::parse(&toml, "");
        assert_eq!(document.root().get("a").unwrap().text(), Some(text));
    }
}
