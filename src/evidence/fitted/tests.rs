use super::*;

use crate::evidence::fit::Family;
use crate::keys::{Document, Finding, Severity};
use crate::notation::phrases::fitted_families;
use std::fs;
use tempfile::TempDir;

/// Reads `repair = TEXT` beside a log.
fn read_beside(
    log: &str,
    text: &str,
    fits: Fits,
) -> (Option<Distribution>, Vec<Finding>, Vec<FitSummary>) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("drills.csv"), log).unwrap();
    let reader = FitReader::new(fits);
    let text = format!("repair = {text}\n");
    let document = Document::parse(&text, folder.path());
    let (distribution, log) = document.read(Some(&reader), |mut top| {
        let distribution = top.optional_distribution("repair", "");
        top.finish();
        distribution
    });
    let summaries = reader.summaries(&log.fits());
    (distribution, log.findings, summaries)
}

const FITS: Fits = Fits { uncertainty: true, threads: 2 };

const DRILLS: &str = "when,hours,cause,component\n2026-01-05,3.1,Power,a\n2026-01-19,5.2,Disk,a\n\
    2026-02-09,4.0,Power,b\n2026-03-02,9.5,Disk,b\n2026-03-16,2.2,Power,a\n2026-04-20,6.1,Disk,b\n\
    2026-05-11,3.4,Power,a\n2026-06-08,14.5,Disk,a\n2026-07-13,4.4,Power,b\n2026-08-10,7.7,Disk,b\n";

#[test]
fn a_distribution_is_fitted_with_what_ten_drills_leave_open() {
    let text = r#"{ fitted = { file = "drills.csv", column = "hours" } }"#;
    let (distribution, findings, told) = read_beside(DRILLS, text, FITS);
    assert_eq!(findings, []);
    let distribution = distribution.unwrap();
    assert_eq!(distribution.to_toml(), text);
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.complete, told.censored, told.possible), (10, 0, 999));
    assert!(told.by_aicc && told.p95_interval.is_some(), "{told:?}");
    let uncertain = distribution.as_uncertain().unwrap();
    assert_eq!(uncertain.best().to_toml(), told.best);
    // What is left open makes the tail heavier than that of the fit.
    assert!(distribution.quantile(0.95) > 1.05 * uncertain.best().quantile(0.95));

    let certain = Fits { uncertainty: false, ..FITS };
    let (fit, ..) = read_beside(DRILLS, text, certain);
    assert_eq!(fit.as_ref(), Some(uncertain.best()));
    let (fit, ..) = read_beside(
        DRILLS,
        r#"{ fitted = { file = "drills.csv", column = "hours", uncertainty = false } }"#,
        FITS,
    );
    assert_eq!(fit.as_ref(), Some(uncertain.best()));
}

#[test]
fn threads_change_nothing() {
    let text = r#"{ fitted = { file = "drills.csv", column = "hours", family = "weibull" } }"#;
    let of = |threads| read_beside(DRILLS, text, Fits { threads, ..FITS }).0.unwrap();
    let one = of(1);
    let chosen =
        |distribution: &Distribution| distribution.as_uncertain().unwrap().possible().to_vec();
    assert!([2, 3, 7].into_iter().all(|threads| chosen(&of(threads)) == chosen(&one)));
}

#[test]
fn a_part_of_the_log_can_be_chosen() {
    let text = |rest: &str| {
        format!(
            r#"{{ fitted = {{ file = "drills.csv", column = "hours", family = "exponential", {rest} }} }}"#
        )
    };
    let mean = |rest: &str| {
        let (distribution, findings, _) = read_beside(DRILLS, &text(rest), FITS);
        assert!(findings.iter().all(|f| f.severity == Severity::Warning), "{findings:?}");
        distribution.unwrap().as_uncertain().unwrap().best().mean()
    };
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(mean(r#"cause = "power""#), (3.1 + 4.0 + 2.2 + 3.4 + 4.4) / 5.0);
    close(mean(r#"cause = "Disk", component = "b""#), (9.5 + 6.1 + 7.7) / 3.0);
}

#[test]
fn two_places_with_the_same_fit_share_what_is_open() {
    let key = |text: &str| {
        let (distribution, ..) = read_beside(DRILLS, text, FITS);
        distribution.unwrap().as_uncertain().unwrap().key()
    };
    let one = key(r#"{ fitted = { file = "drills.csv", column = "hours" } }"#);
    let same = key(r#"{ fitted = { column = "hours", family = "best", file = "drills.csv" } }"#);
    let cut = key(r#"{ fitted = { file = "drills.csv", column = "hours" }, max = "2d" }"#);
    let other = key(r#"{ fitted = { file = "drills.csv", column = "hours", cause = "Disk" } }"#);
    assert_eq!((one == same, one == cut, one == other), (true, true, false));
}

#[test]
fn times_between_failures_come_from_starts() {
    let text = r#"{ fitted = { file = "drills.csv", columns = { start = "when" }, variable = "between", family = "exponential" } }"#;
    let (distribution, findings, told) = read_beside(DRILLS, text, FITS);
    // Drills by the calendar are far too regular for it.
    assert!(
        findings[0].message.contains("speaks against the exponential distribution"),
        "{findings:?}"
    );
    // Nine gaps from 5 January to 10 August.
    let mean = distribution.unwrap().as_uncertain().unwrap().best().mean();
    assert!((mean - 217.0 * 24.0 / 9.0).abs() < 1e-9, "{mean}");
    assert_eq!(told[0].quantity, Quantity::Between);
}

#[test]
fn what_is_wrong_is_said_at_its_place() {
    let said = |log: &str, text: &str| {
        let (distribution, findings, _) = read_beside(log, text, FITS);
        assert_eq!(distribution, None);
        let place = |f: &Finding| {
            let whole = format!("repair = {text}\n");
            f.span.clone().map(|span| whole[span].to_owned()).unwrap_or_default()
        };
        let line = |f: &Finding| {
            let help = f.help.as_deref().unwrap_or_default();
            format!("{}: {} ({help})", place(f), f.message)
        };
        findings.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let fitted = |inner: &str| said(DRILLS, &format!("{{ fitted = {{ {inner} }} }}"));
    for (inner, expected) in [
        ("", "`file` is missing"),
        (r#"file = "no.csv""#, "there is no such file"),
        (r#"file = "drills.csv", famly = "best""#, "did you mean `family`?"),
        (r#"file = "drills.csv", family = "weibul""#, "write \"weibull\""),
        (r#"file = "drills.csv", variable = "repair""#, "\"recovery\" or \"between\""),
        (r#"file = "drills.csv", columns = { begin = "when" }"#, "unknown role `begin`"),
        (r#"file = "drills.csv", columns = "when""#, "a table of roles and headings"),
        (r#"file = "drills.csv", column = "hour""#, "did you mean `hours`?"),
        (r#"file = "drills.csv", column = "hours", cause = "Powr""#, "did you mean `Power`?"),
        (r#"file = "drills.csv", date_format = "monthly""#, "date format"),
        (r#"file = "drills.csv", time_zone = "Mars""#, "there is no time zone"),
        (r#"file = "drills.csv", until = "soon""#, "is not a time"),
        (r#"file = "drills.csv", uncertainty = "no""#, "write false"),
    ] {
        let found = fitted(inner);
        assert!(found.contains(expected), "{inner}:\n{found}");
    }
    let both = fitted(r#"file = "no.csv", famly = "best""#);
    assert!(both.contains("did you mean `family`?") && both.contains("no such file"), "{both}");
    let text = r#"{ fitted = { file = "drills.csv", column = "hours" } }"#;
    for (log, expected) in [
        ("hours\n4\n4\n4\n", "no distribution can be recommended"),
        ("hours\n4\n", "no distribution can be recommended"),
        ("hours\n-4\nx\n", "none of the 2 rows"),
        ("hours\n", "no rows"),
    ] {
        let found = said(log, text);
        assert!(found.contains(expected), "{log}:\n{found}");
        assert!(found.starts_with("\"drills.csv\""), "{found}");
    }
    let between = text.replace("column", r#"variable = "between", column"#);
    assert!(said("hours\n4\n5\n", &between).contains("at least two incidents"));
    let one = r#"{ fitted = { file = "drills.csv", column = "hours", family = "gamma" } }"#;
    assert!(said("hours\n4\n", one).contains("cannot be fitted"), "{}", said("hours\n4\n", one));
    assert!(said(DRILLS, r#"{ fitted = "drills.csv" }"#).contains("a table with the `file`"));
}

#[test]
fn what_may_mislead_is_warned_of() {
    let warned = |log: &str, rest: &str| {
        let text = format!(r#"{{ fitted = {{ file = "drills.csv", column = "hours"{rest} }} }}"#);
        let (distribution, findings, _) = read_beside(log, &text, FITS);
        assert!(distribution.is_some());
        findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>().join("\n")
    };
    let with_errors = format!("{DRILLS}2026-09-01,-3,Disk,a\n");
    assert_eq!(warned(&with_errors, ""), "1 row is left out of `drills.csv`: lines 12");
    assert!(warned("hours\n1\n2\n4\n", "").contains("3 durations of `drills.csv` are few"));
    // Two clearly different kinds of outage are no exponential.
    let two: String = (0..60).map(|k| if k % 2 == 0 { "0.1\n" } else { "9.7\n" }).collect();
    let found = warned(&format!("hours\n{two}9.8\n"), r#", family = "lognormal""#);
    assert!(found.contains("speaks against the lognormal distribution"), "{found}");
}

#[test]
fn the_schema_names_every_family() {
    let names: Vec<_> = Family::ALL.iter().map(|family| family.name()).collect();
    let families = fitted_families();
    assert_eq!(families[0], "best");
    assert_eq!(families[1..], names[..]);
}

#[test]
fn a_log_need_not_be_utf_8() {
    let folder = TempDir::new().unwrap();
    let utf16 = |text: &str| {
        let words = [0xfeff].into_iter().chain(text.encode_utf16());
        words.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let text = "hours,cause\n3.1,Störung\n5.2,Störung\n2.5,Störung\n4.4,Strom\n";
    fs::write(folder.path().join("wide.csv"), utf16(text)).unwrap();
    fs::write(folder.path().join("plain.csv"), text).unwrap();
    let best = |file: &str| {
        let reader = FitReader::new(FITS);
        let text =
            format!("repair = {{ fitted = {{ file = \"{file}\", cause = \"störung\" }} }}\n");
        let document = Document::parse(&text, folder.path());
        let (distribution, log) =
            document.read(Some(&reader), |mut top| top.optional_distribution("repair", ""));
        assert!(!log.has_errors(), "{:?}", log.findings);
        assert!(log.inputs[0].text.contains("Störung"));
        distribution.unwrap().as_uncertain().unwrap().best().clone()
    };
    assert_eq!(best("wide.csv"), best("plain.csv"));
}
