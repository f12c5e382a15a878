//! Promises of the reading of distributions: every form, and every error at the inner value.

use super::*;
use crate::keys::{Document, describe};

/// The distribution of `value`, or place, message and help of every finding, one a line.
fn read_in(folder: &std::path::Path, value: &str) -> Result<Distribution, String> {
    let text = format!("law = {value}\n");
    let document = Document::parse(&text, folder);
    let (distribution, log) = document.read(None, |mut root| root.required("law", "a law"));
    if log.findings.is_empty() {
        return Ok(distribution);
    }
    let line = |finding: &crate::keys::Finding| {
        let place = finding.span.clone().map_or("-", |span| &text[span]);
        let help = finding.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
        format!("{place} | {}{help}", finding.message)
    };
    Err(log.findings.iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn read(value: &str) -> Result<Distribution, String> {
    read_in(std::path::Path::new(""), value)
}

#[track_caller]
fn refuses(cases: &[(&str, &str)]) {
    for (value, expected) in cases {
        assert_eq!(read(value).expect_err(value), *expected, "{value}");
    }
}

#[test]
fn reads_every_form() {
    let cases = [
        ("'8h'", Ok(Distribution::constant_of(8.0))),
        ("'0s'", Ok(Distribution::constant_of(0.0))),
        ("'1h to 9h'", Distribution::lognormal_range(1.0, 9.0)),
        ("'1h 30m  to 2d'", Distribution::lognormal_range(1.5, 48.0)),
        ("{ exponential = { mean = '300d' } }", Distribution::exponential(7200.0)),
        (
            "{ lognormal = { median = '4h', p95 = '14h' } }",
            Distribution::lognormal_median_p95(4.0, 14.0),
        ),
        (
            "{ lognormal = { median = '4h', sigma = 1 } }",
            Distribution::lognormal_median_sigma(4.0, 1.0),
        ),
        ("{ lognormal = { mu = -0.5, sigma = 1.5 } }", Distribution::lognormal(-0.5, 1.5)),
        ("{ lognormal = { mean = '4h', cv = 2 } }", Distribution::lognormal_mean_cv(4.0, 2.0)),
        ("{ weibull = { shape = 0.7, scale = '1d' } }", Distribution::weibull(24.0, 0.7)),
        ("{ gamma = { mean = '1d', shape = 2 } }", Distribution::gamma(24.0, 2.0)),
        (
            "{ inverse_gaussian = { mean = '1d', lambda = '2d' } }",
            Distribution::inverse_gaussian(24.0, 48.0),
        ),
        ("{ loglogistic = { scale = '1d', shape = 2 } }", Distribution::loglogistic(24.0, 2.0)),
        ("{ uniform = { min = '0s', max = '1h' } }", Distribution::uniform(0.0, 1.0)),
        (
            "{ triangular = { min = '1h', mode = '1h', max = '3h' } }",
            Distribution::triangular(1.0, 1.0, 3.0),
        ),
        ("{ pert = { min = '1h', mode = '2h', max = '3h' } }", Distribution::pert(1.0, 2.0, 3.0)),
        ("{ empirical = ['1h', '2h', '1h'] }", Distribution::empirical(vec![1.0, 2.0, 1.0])),
    ];
    for (value, distribution) in cases {
        assert_eq!(
            read(value).as_ref().map_err(String::as_str),
            Ok(&distribution.unwrap()),
            "{value}"
        );
    }
}

#[test]
fn max_stands_beside_any_family_also_inside_a_mixture() {
    let distribution = read("{ max = '3d', exponential = { mean = '1h' } }").unwrap();
    let exponential = Distribution::exponential(1.0).unwrap();
    assert_eq!(distribution, Distribution::truncated(exponential.clone(), 72.0).unwrap());
    let distribution = read("{ lognormal = '1h to 9h', max = '2d' }").unwrap();
    assert_eq!(
        distribution,
        Distribution::truncated(Distribution::lognormal_range(1.0, 9.0).unwrap(), 48.0).unwrap()
    );
    let distribution = read(
        "{ mixture = [{ weight = 0.9, of = { exponential = { mean = '1h' }, max = '3d' } }, { weight = 1, of = { mixture = [{ weight = 1, of = '1h to 2h' }] } }], max = '5d' }",
    );
    let inner =
        Distribution::mixture(vec![(1.0, Distribution::lognormal_range(1.0, 2.0).unwrap())])
            .unwrap();
    let first = Distribution::truncated(exponential, 72.0).unwrap();
    let mixture = Distribution::mixture(vec![(0.9, first), (1.0, inner)]).unwrap();
    assert_eq!(distribution.unwrap(), Distribution::truncated(mixture, 120.0).unwrap());
}

#[test]
fn never_is_read_only_where_it_is_allowed() {
    let read_repair = |text: &str| {
        let text = format!("repair = {text}");
        let document = Document::parse(&text, "");
        let (distribution, log) =
            document.read(None, |mut root| root.required_distribution_or_never("repair", ""));
        (distribution, log.findings.into_iter().next().map(|finding| finding.message))
    };
    assert_eq!(read_repair("'never'"), (None, None));
    assert_eq!(read_repair("'8h'"), (Some(Distribution::constant_of(8.0)), None));
    let (distribution, message) = read_repair("'nevre'");
    assert_eq!(distribution, Some(Distribution::constant_of(1.0)));
    assert_eq!(
        message.unwrap(),
        format!("expected {EXPECTED}, or \"never\", found the text \"nevre\"")
    );
    let (_, message) = read_repair("'soon'");
    assert_eq!(message.unwrap(), "expected a number with a unit, found `soon`");
    let (distribution, log) = Document::parse("", "")
        .read(None, |mut root| root.get::<DistributionOrNever>("repair", "\"never\"", "").0);
    assert_eq!((distribution, log.findings.len()), (None, 0));
    refuses(&[(
        "'never'",
        &format!(
            "'never' | expected {EXPECTED}, found the text \"never\" | this one cannot be \"never\""
        ),
    )]);
}

#[test]
fn text_that_is_no_distribution_says_what_to_write() {
    let expected = format!("expected {EXPECTED}, found");
    refuses(&[
        ("'9h to 1h'", "'9h to 1h' | the range goes from large to small | write \"1h to 9h\""),
        (
            "'1h to 60m'",
            "'1h to 60m' | both ends of the range are the same | write \"1h\" for a constant",
        ),
        (
            "'0s to 1h'",
            "0s | a range must start above 0, because it makes a lognormal | write { uniform = { min = \"0s\", max = \"1h\" } }, or a start above 0",
        ),
        (
            "'20m to 1x'",
            "1x | unknown unit `x` | units are s, m, h, d, weeks and y, in full or short",
        ),
        (
            "\"20 to 1 hourz\"",
            "20 | `20` has no unit | write \"20h\", \"20m\" or \"20d\"\n1 hourz | unknown unit `hourz` | write \"1 hour\"",
        ),
        ("'1h - 9h'", &format!("'1h - 9h' | {expected} the text \"1h - 9h\" | write \"1h to 9h\"")),
        ("'2 - 4 h'", &format!("'2 - 4 h' | {expected} the text \"2 - 4 h\" | write \"2h to 4h\"")),
        ("'1h..9h'", &format!("'1h..9h' | {expected} the text \"1h..9h\" | write \"1h to 9h\"")),
        ("'-1h'", "'-1h' | `-1h` is negative | write a duration of 0 or more"),
        (
            "'inf'",
            "'inf' | `inf` is not a finite duration | write a number with its unit, such as \"45m\", \"1h 30m\" or \"90d\"",
        ),
        ("300", &format!("300 | {expected} the integer 300 | write \"300h\"")),
        ("nan", &format!("nan | {expected} the number nan")),
        ("['1h', '2h']", &format!("['1h', '2h'] | {expected} a list")),
        (
            "'exponential(1h)'",
            &format!(
                "'exponential(1h)' | {expected} the text \"exponential(1h)\" | write exponential as a table: {{ exponential = {{ mean = \"1h\" }} }}"
            ),
        ),
    ]);
}

#[test]
fn a_table_must_name_one_known_family() {
    let none = "write { exponential = { mean = \"4h\" }, max = \"3d\" } or the like";
    refuses(&[
        ("{}", &format!("{{}} | the table names no distribution | {none}")),
        ("{ max = '1h' }", &format!("{{ max = '1h' }} | the table names no distribution | {none}")),
        (
            "{ exponental = { mean = '1h' } }",
            "exponental | unknown distribution `exponental` | did you mean `exponential`?",
        ),
        (
            "{ zipf = 3 }",
            "zipf | unknown distribution `zipf` | distributions are `exponential`, `lognormal`, `weibull`, `gamma`, `inverse_gaussian`, `loglogistic`, `uniform`, `triangular`, `pert`, `empirical`, `mixture` and `fitted`",
        ),
        (
            "{ exponential = { mean = '1h' }, uniform = { min = '1h', max = '2h' } }",
            "uniform | two distributions in one table: `exponential` and `uniform` | keep one, or write a mixture of both",
        ),
        (
            "{ exponential = { mean = '1h' }, maxx = '1h' }",
            "maxx | unknown distribution `maxx` | distributions are `exponential`, `lognormal`, `weibull`, `gamma`, `inverse_gaussian`, `loglogistic`, `uniform`, `triangular`, `pert`, `empirical`, `mixture` and `fitted`",
        ),
    ]);
}

#[test]
fn parameters_are_checked_at_their_place() {
    let positive = "expected a duration above 0 such as \"2h 30m\", found";
    let above = "write a duration above 0, such as \"1h\"";
    refuses(&[
        (
            "{ exponential = { mean = '0s' } }",
            &format!("'0s' | {positive} the text \"0s\" | {above}"),
        ),
        ("{ exponential = { mean = '-1h' } }", &format!("'-1h' | `-1h` is negative | {above}")),
        ("{ exponential = { mean = '0' } }", &format!("'0' | `0` has no unit | {above}")),
        ("{ exponential = { mean = 3 } }", &format!("3 | {positive} the integer 3 | write \"3h\"")),
        ("{ exponential = { mean = inf } }", &format!("inf | {positive} the number inf")),
        (
            "{ exponential = '3h' }",
            "'3h' | expected a table with `mean`, found the text \"3h\" | write { exponential = { mean = \"1h\" } }",
        ),
        (
            "{ exponential = {} }",
            "{} | exponential takes `mean`; found nothing | write { exponential = { mean = \"1h\" } }",
        ),
        ("{ exponential = { maen = '1h' } }", "maen | unknown key `maen` | did you mean `mean`?"),
        (
            "{ exponential = { mean = '1h', max = '2h' } }",
            "max | `max` stands inside `exponential` | write it beside the family: { exponential = { mean = \"1h\" }, max = … }",
        ),
        (
            "{ lognormal = { median = '4h', p95 = '4h' } }",
            "'4h' | `p95` '4h' is not above `median` '4h' | write a longer `p95`, or \"4h\" for a constant",
        ),
        (
            "{ lognormal = { p95 = '2h', median = '4h' } }",
            "'2h' | `p95` '2h' is not above `median` '4h' | did you swap them?",
        ),
        (
            "{ lognormal = { median = '4h' } }",
            "{ median = '4h' } | lognormal takes `median` and `p95`, or `median` and `sigma`, or `mu` and `sigma`, or `mean` and `cv`; found `median` | write { lognormal = { median = \"1h\", p95 = \"2h\" } }",
        ),
        (
            "{ lognormal = { mu = nan, sigma = 0 } }",
            "nan | expected a number, found the number nan | write a finite number\n0 | expected a number above 0, found the integer 0 | write a number above 0",
        ),
        (
            "{ lognormal = { mean = '1h', cv = -1 } }",
            "-1 | expected a number above 0, found the integer -1 | write a number above 0",
        ),
        (
            "{ weibull = { scale = '1h', shape = inf } }",
            "inf | expected a number above 0, found the number inf | write a finite number",
        ),
        (
            "{ uniform = { min = '3h', max = '1h' } }",
            "'1h' | `max` '1h' is not above `min` '3h' | did you swap them?",
        ),
        (
            "{ triangular = { min = '1h', mode = '5h', max = '3h' } }",
            "'5h' | `mode` '5h' lies outside `min` to `max` | write one from '1h' to '3h'",
        ),
        (
            "{ pert = { min = '1h', mode = '30m', max = '3h' } }",
            "'30m' | `mode` '30m' lies outside `min` to `max` | write one from '1h' to '3h'",
        ),
        (
            "{ lognormal = '9h to 1h' }",
            "'9h to 1h' | the range goes from large to small | write \"1h to 9h\"",
        ),
    ]);
}

#[test]
fn max_must_leave_something() {
    refuses(&[
        (
            "{ uniform = { min = '2h', max = '3h' }, max = '1h' }",
            "'1h' | max '1h' leaves nothing of the distribution | the shortest duration is 2h: write a longer max",
        ),
        (
            "{ empirical = ['2h'], max = '30m' }",
            "'30m' | max '30m' leaves nothing of the distribution | the shortest duration is 2h: write a longer max",
        ),
        (
            "{ exponential = { mean = '1h' }, max = '0s' }",
            "'0s' | expected a duration above 0 such as \"2h 30m\", found the text \"0s\" | write a duration above 0, such as \"1h\"",
        ),
        (
            "{ lognormal = { median = '1000h', sigma = 0.1 }, max = '1h' }",
            "'1h' | max '1h' leaves nothing of the distribution | only one duration in a million is below 25d 22h: write a longer max",
        ),
        (
            "{ exponential = { mean = 1 }, max = 2 }",
            "1 | expected a duration above 0 such as \"2h 30m\", found the integer 1 | write \"1h\"\n2 | expected a duration above 0 such as \"2h 30m\", found the integer 2 | write \"2h\"",
        ),
    ]);
}

#[test]
fn mixtures_are_checked_part_by_part() {
    let example =
        "write { mixture = [{ weight = 0.9, of = \"1h\" }, { weight = 0.1, of = \"8h\" }] }";
    let part = "write { weight = 0.5, of = \"1h\" }";
    refuses(&[
        (
            "{ mixture = [] }",
            &format!(
                "[] | expected a list of tables with `weight` and `of`, found an empty list | {example}"
            ),
        ),
        (
            "{ mixture = '1h' }",
            &format!(
                "'1h' | expected a list of tables with `weight` and `of`, found the text \"1h\" | {example}"
            ),
        ),
        (
            "{ mixture = ['1h'] }",
            &format!(
                "'1h' | expected a table with `weight` and `of`, found the text \"1h\" | {part}"
            ),
        ),
        (
            "{ mixture = [{ of = '1h' }] }",
            &format!("{{ of = '1h' }} | `weight` is missing | {part}"),
        ),
        (
            "{ mixture = [{ wieght = 1, of = '1h' }] }",
            "wieght | unknown key `wieght` | did you mean `weight`?",
        ),
        (
            "{ mixture = [{ weight = 0, of = '1h' }, { weight = 0, of = '2h' }] }",
            "[{ weight = 0, of = '1h' }, { weight = 0, of = '2h' }] | all weights are 0 | write at least one weight above 0",
        ),
        (
            "{ mixture = [{ weight = -1, of = '1z' }, { weight = 1, of = { exponential = { mean = '0s' } } }] }",
            "-1 | expected a number of 0 or more, found the integer -1 | the least is 0\n'1z' | unknown unit `z` | units are s, m, h, d, weeks and y, in full or short\n'0s' | expected a duration above 0 such as \"2h 30m\", found the text \"0s\" | write a duration above 0, such as \"1h\"",
        ),
    ]);
}

#[test]
fn an_empirical_distribution_is_read_from_a_list_or_a_column() {
    refuses(&[
        ("{ empirical = [] }", "[] | the list is empty | write at least one duration"),
        (
            "{ empirical = ['1h', 2] }",
            "2 | expected a duration such as \"2h 30m\", found the integer 2 | write \"2h\"",
        ),
        (
            "{ empirical = '1h' }",
            "'1h' | expected a list of durations or a table with `file` and `column`, found the text \"1h\" | write { empirical = [\"1h\", \"2h\"] }",
        ),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("drills.csv", "\u{feff}date, hours\n2026-01-01, 1.5\n2026-02-01,\"2h 30m\"\n");
    write("bad.csv", "date,hours\n1,1\n2,x\n");
    write("negative.csv", "hours\n-1\n");
    let cells: String = (1..=23).map(|row| format!("x{row}\n")).collect();
    write("many.csv", &format!("hours\n1\n{cells}"));
    write("short.csv", "date,hours\n1,1\n2\n");
    write("none.csv", "hours\n");
    let read = |inner: &str| read_in(folder.path(), &format!("{{ empirical = {inner} }}"));
    let distribution = read("{ file = 'drills.csv', column = 'hours' }");
    assert_eq!(distribution.unwrap(), Distribution::empirical(vec![1.5, 2.5]).unwrap());
    let absent = folder.path().join("no.csv").display().to_string();
    let remedy = "write hours as a number, or a duration such as 2h 30m";
    let cases = [
        ("{ file = 'drills.csv', column = 'hour' }", "'hour' | `drills.csv` has no column `hour` | did you mean `hours`?".to_owned()),
        ("{ file = 'drills.csv', column = 'repair' }", "'repair' | `drills.csv` has no column `repair` | its columns are `date` and `hours`".to_owned()),
        ("{ file = 'bad.csv', column = 'hours' }", format!("'bad.csv' | `x` at line 3 of `bad.csv` is not a number of hours | {remedy}")),
        ("{ file = 'negative.csv', column = 'hours' }", format!("'negative.csv' | `-1` at line 2 of `negative.csv` is negative | {remedy}")),
        ("{ file = 'none.csv', column = 'hours' }", "'none.csv' | `none.csv` has no rows | add at least one".to_owned()),
        ("{ file = 'no.csv', column = 'hours' }", format!("'no.csv' | cannot read `{absent}`: there is no such file | paths count from the scenario's folder")),
        ("{ file = 'bad.csv' }", "{ file = 'bad.csv' } | `column` is missing | write { file = \"drills.csv\", column = \"hours\" }".to_owned()),
        ("{ file = 3, column = 'hours' }", "3 | expected text in quotes, found the integer 3".to_owned()),
        ("{ fiel = 'bad.csv', column = 'hours' }", "fiel | unknown key `fiel` | did you mean `file`?".to_owned()),
    ];
    for (inner, expected) in cases {
        assert_eq!(read(inner).expect_err(inner), expected);
    }
    let many = read("{ file = 'many.csv', column = 'hours' }").unwrap_err();
    assert_eq!(many.lines().count(), 21, "{many}");
    assert!(many.starts_with("'many.csv' | `x1` at line 3 of `many.csv`"), "{many}");
    assert!(many.ends_with("\n'many.csv' | and 3 more lines of `many.csv`"), "{many}");
    let short = read("{ file = 'short.csv', column = 'hours' }").unwrap_err();
    assert!(short.contains("'short.csv' | `short.csv` is not a CSV file"), "{short}");
}

#[test]
fn the_schema_has_every_family_once_and_refers_to_itself() {
    let schema = describe("laws", |mut root| {
        root.distribution("a", r#""1h to 9h""#, "first");
        root.required_distribution_or_never("b", "second");
    });
    assert_eq!(schema["properties"]["a"]["anyOf"][0]["$ref"], "#/$defs/distribution");
    assert_eq!(schema["properties"]["a"]["default"], "1h to 9h");
    assert_eq!(schema["properties"]["b"]["anyOf"][0]["anyOf"][0]["const"], "never");
    let forms = schema["$defs"]["distribution"]["anyOf"].as_array().unwrap();
    let names: Vec<_> = forms.iter().filter_map(|form| form["required"][0].as_str()).collect();
    assert_eq!(names, super::super::phrases::names());
    // Beside a family in its own table stands the factor, and nowhere deeper.
    let with_factor = schema["$defs"]["distribution_with_factor"]["anyOf"].as_array().unwrap();
    assert_eq!(with_factor.len(), names.len());
    assert!(with_factor.iter().all(|form| form["required"][1] == "factor"));
    let mixture = forms.iter().find(|form| form["required"][0] == "mixture").unwrap();
    let part = &mixture["properties"]["mixture"]["items"];
    assert_eq!(part["properties"]["of"]["$ref"], "#/$defs/distribution");
}
