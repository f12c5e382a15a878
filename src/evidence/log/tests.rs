use super::*;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng as _, RngExt, SeedableRng};

fn read(text: &str) -> IncidentLog {
    read_with(text, &ReadOptions::default()).unwrap()
}

fn read_with(text: &str, options: &ReadOptions) -> Result<IncidentLog, LogError> {
    IncidentLog::read(text.as_bytes(), options)
}

/// Line, recovery, and whether the start counts, of every row.
fn rows(log: &IncidentLog) -> Vec<(u64, String, bool)> {
    let shown = |recovery: &Recovery| match recovery {
        Recovery::Took(hours) => format!("{hours}"),
        Recovery::AtLeast(hours) => format!(">{hours}"),
        Recovery::LeftOut(why) => why.to_string(),
    };
    let row = |incident: &Incident| {
        let counts = incident.start.is_some() && incident.start_left_out.is_none();
        (incident.line, shown(&incident.recovery), counts)
    };
    log.incidents.iter().map(row).collect()
}

fn expect(log: &IncidentLog, expected: &[(u64, &str, bool)]) {
    let expected: Vec<_> =
        expected.iter().map(|(line, text, counts)| (*line, (*text).to_owned(), *counts)).collect();
    assert_eq!(rows(log), expected);
}

#[test]
fn a_plain_log_gives_hours_lines_and_names() {
    let log = read(
        "id,start,end,cause\nA,2026-01-01T00:00:00Z,2026-01-01T01:30:00Z,disk\n\
         B,2026-01-02T00:00:00Z,2026-01-02T00:00:36Z,\"net, outer\"\n",
    );
    expect(&log, &[(2, "1.5", true), (3, "0.01", true)]);
    assert_eq!(log.incidents[1].cause, "net, outer");
    assert_eq!(log.incidents[0].id, "A");
    assert_eq!(log.until.map(|t| t.to_string()).as_deref(), Some("2026-01-02T00:00:36Z"));
}

#[test]
fn every_wrong_row_is_kept_with_its_line_and_reason() {
    let log = read(
        "start,end\n\
         2026-01-01 00:00,2026-01-01 02:00\n\
         ,2026-01-02 02:00\n\
         2026-01-03 00:00,\n\
         2026-01-04 05:00,2026-01-04 02:00\n\
         soon,2026-01-05 02:00\n\
         2026-01-06 00:00,tomorrow\n\
         2026-01-07 00:00,2026-01-07 00:00\n\
         2026-01-01 00:00,2026-01-01 02:00\n\
         2026-01-08 07:00\n\
         2026-01-09 00:00,2026-01-09 01:00,surplus\n\
         \n\
         2026-01-10 00:00,n/a\n\
         2026-01-11 00:00,2026-01-12 00:00\n",
    );
    expect(
        &log,
        &[
            (2, "2", true),
            (3, "no start", false),
            (4, "no end", true),
            (5, "the end is before the start", false),
            (6, "start `soon` is not a time", false),
            (7, "end `tomorrow` is not a time", true),
            (8, "zero length", true),
            (9, "duplicate of line 2", false),
            (10, "no end", true),
            (11, "1", true),
            (13, "no end", true),
            (14, "24", true),
        ],
    );
}

#[test]
fn what_is_open_is_a_lower_bound_and_what_is_only_missing_is_not() {
    let text = "start,end,status\n\
                2026-01-01 00:00,2026-01-01 05:00,closed\n\
                2026-01-02 00:00,,closed\n\
                2026-01-03 00:00,,open\n\
                2026-01-04 00:00,2026-01-04 03:00,Aborted\n\
                2026-01-05 00:00,ongoing,\n\
                2026-01-06 00:00,,\n\
                2026-01-07 20:00,,\n\
                2026-01-08 00:00,,\n";
    expect(
        &read(text),
        &[
            (2, "5", true),
            (3, "no end", true),
            (4, ">120", true),
            (5, ">3", true),
            (6, ">72", true),
            // The log goes on for two days, and no recovery took longer than five hours.
            (7, "no end", true),
            (8, ">4", true),
            (9, "open since the last moment of the log", true),
        ],
    );
    let with = |open, until: Option<&str>| {
        let until = until.map(|text| text.parse().unwrap());
        let options = ReadOptions { open, until, ..ReadOptions::default() };
        rows(&read_with(text, &options).unwrap())
            .iter()
            .filter(|r| r.1.starts_with('>'))
            .map(|r| r.0)
            .collect::<Vec<_>>()
    };
    assert_eq!(with(Open::LeftOut, None), [4, 5, 6]);
    assert_eq!(with(Open::Censored, None), [4, 5, 6, 7, 8]);
    assert_eq!(with(Open::Judged, Some("2026-01-09T00:00Z")), [4, 5, 6, 7, 8, 9]);
    let early = ReadOptions { until: "2026-01-03T12:00Z".parse().ok(), ..ReadOptions::default() };
    let log = read_with(text, &early).unwrap();
    assert_eq!(log.incidents[3].recovery, Recovery::LeftOut(Why::AfterUntil));
}

#[test]
fn durations_may_stand_alone_or_beside_a_start() {
    let log = read("repair_hours\n0.2\n 1.5 \n0\n-1\nx\n\n1h 30m\n> 4\n0.2\n");
    expect(
        &log,
        &[
            (2, "0.2", false),
            (3, "1.5", false),
            (4, "zero length", false),
            (5, "the duration is negative", false),
            (6, "`x` is not a duration", false),
            (8, "1.5", false),
            (9, ">4", false),
            // Equal durations are no duplicates.
            (10, "0.2", false),
        ],
    );
    assert_eq!(log.until, None);
    let log = read("began;downtime (min)\n2026-01-01;90\n2026-01-02;7,5\n2026-01-03;\n");
    expect(&log, &[(2, "1.5", true), (3, "0.125", true), (4, "no duration", true)]);
    assert_eq!(log.until.map(|t| t.to_string()).as_deref(), Some("2026-01-03T00:00:00Z"));
}

#[test]
fn spreadsheets_are_read_as_they_write() {
    let quoted = "\u{feff}sep=;\r\n\"Opened\";\"Resolved\";\"Title\"\r\n\
                  \"2026-01-01 00:00\";\"2026-01-01 01:00\";\"a \"\"b\"\"\r\nc;d\"\r\n\
                  \"2026-01-02 00:00\";\"2026-01-02 02:00\";\"\"\r\n";
    expect(&read(quoted), &[(3, "1", true), (5, "2", true)]);
    let options = ReadOptions { date_format: DateFormat::MonthFirst, ..ReadOptions::default() };
    let american = "start\tend\n1/31/2026 11:30 PM\t2/1/2026 12:30 AM\n31/1/2026\t2/1/2026\n";
    let log = read_with(american, &options).unwrap();
    let wrong = "start `31/1/2026` is not a time of the form month-first";
    expect(&log, &[(2, "1", true), (3, wrong, false)]);
}

#[test]
fn lines_are_counted_also_over_quoted_and_empty_ones() {
    let log = read("start,end,title\n\n\n2026-01-01,2026-01-02,\"a\nb\nc\"\n\n2026-01-03,x,y\n");
    expect(&log, &[(4, "24", true), (8, "end `x` is not a time", true)]);
}

#[test]
fn old_line_ends_and_titles_above_the_table_do_no_harm() {
    let log = read("start,end\r2026-01-01,2026-01-02\r2026-01-03,x\r");
    expect(&log, &[(2, "24", true), (3, "end `x` is not a time", true)]);
    let log = read("Incidents, 2026\n\nstart;end\n2026-01-01;2026-01-02\n2026-01-03;x\n");
    expect(&log, &[(4, "24", true), (5, "end `x` is not a time", true)]);
    assert_eq!(log.notes, ["2 lines above the heading passed over"]);
}

#[test]
fn a_quote_that_is_never_closed_is_pointed_out() {
    let rest = "2026-01-02,2026-01-03,ok\n".repeat(60);
    let log = read(&format!("start,end,title\n2026-01-01,2026-01-02,\"oops\n{rest}"));
    assert_eq!(log.len(), 1);
    let note = "the row at line 2 takes 61 lines: is a quotation mark left open?";
    assert_eq!(log.notes, [note]);
}

#[test]
fn groups_are_the_values_of_a_column_or_of_a_role() {
    let text = "start,end,root cause,system\n2026-01-01,2026-01-02,disk,7\n\
                2026-01-02,2026-01-03,net,7\n2026-01-03,2026-01-04,disk,20\n2026-01-04,2026-01-05\n";
    let by = |by: &str| {
        let options = ReadOptions { by: Some(by.into()), ..ReadOptions::default() };
        read_with(text, &options)
            .map(|log| (log.groups, log.incidents.iter().map(|i| i.group).collect::<Vec<_>>()))
            .map_err(|error| error.to_string())
    };
    let groups = |names: &[&str], of: &[usize]| {
        Ok((names.iter().map(|n| (*n).to_owned()).collect(), of.to_vec()))
    };
    assert_eq!(by("cause"), groups(&["disk", "net", ""], &[0, 1, 0, 2]));
    assert_eq!(by("System"), groups(&["7", "20", ""], &[0, 0, 1, 2]));
    assert!(by("sistem").is_err_and(|error| error.contains("did you mean `system`")));
}

#[test]
fn a_log_without_rows_or_columns_is_refused_in_words() {
    let refused =
        |text: &str| read_with(text, &ReadOptions::default()).map(|_| ()).unwrap_err().to_string();
    assert_eq!(refused(""), "the log is empty");
    assert_eq!(refused("\u{feff}\n \n"), "the log is empty");
    assert_eq!(refused("sep=;\n"), "the log is empty");
    assert_eq!(refused("start,end\n"), "the log has a heading and no rows");
    assert_eq!(refused("start,end\n,\n,,,\n"), "the log has a heading and no rows");
    assert!(refused("a,b\n1,2\n").starts_with("no column is recognised as start and end"));
}

#[test]
fn a_file_that_cannot_be_read_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let load = |path: &Path| {
        let error = IncidentLog::load(path, &ReadOptions::default()).unwrap_err().to_string();
        error.replace(&format!("{}", folder.path().display()), "…")
    };
    assert_eq!(load(folder.path()), "cannot read `…`: it is a directory, not a file");
    assert_eq!(load(&folder.path().join("no")), "cannot read `…/no`: there is no such file");
}

#[test]
fn no_bytes_make_the_reader_fall() {
    let rng = &mut Xoshiro256PlusPlus::seed_from_u64(4);
    let words: [&[u8]; 24] = [
        b"start",
        b"end",
        b"hours",
        b"status",
        b"cause",
        b"id",
        b",",
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r\n",
        b"\"",
        b"\"\"",
        b"2026-01-01T00:00",
        b"2026-01-02",
        b"1/2/2026 3:04 PM",
        b"46000.5",
        b"open",
        b"-1",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"1e309",
        b"sep=;\n",
    ];
    for round in 0..1500 {
        let mut bytes = if round % 3 == 0 { b"start,end,status\n".to_vec() } else { Vec::new() };
        for _ in 0..rng.random_range(0..60) {
            if rng.random_range(0..5) == 0 {
                bytes.push(rng.next_u32() as u8);
            } else {
                bytes.extend_from_slice(words[rng.random_range(0..words.len())]);
            }
        }
        for format in ["iso", "day-first", "month-first", "serial", "unix", "%d.%m.%Y %H:%M"] {
            let options = ReadOptions {
                date_format: format.parse().unwrap(),
                by: (round % 2 == 0).then(|| "cause".to_owned()),
                ..ReadOptions::default()
            };
            if let Ok(log) = IncidentLog::read(&bytes, &options) {
                assert!(!log.is_empty());
                for incident in &log.incidents {
                    if let Recovery::Took(hours) | Recovery::AtLeast(hours) = incident.recovery {
                        assert!(hours > 0.0 && hours.is_finite(), "{hours}");
                    }
                }
            }
        }
    }
}

#[test]
fn cells_and_quotes_that_go_astray_are_told() {
    let notes = |text: &str| {
        IncidentLog::read(text.as_bytes(), &ReadOptions::default()).unwrap().notes.join("; ")
    };
    // Commas in numbers make cells of them.
    let found = notes("hours\n1,5\n2,25\n3\n");
    assert!(found.contains("more cells than the heading: 2, the first at line 2"), "{found}");
    let found = notes("start,end\n2026-01-01,2026-01-02\n2026-02-01,\"2026-02-02\n2026-03-01,x\n");
    assert!(found.contains("a quotation mark is left open"), "{found}");
    // Empty cells at the end are a spreadsheet's habit, and two quotes are one pair.
    assert_eq!(notes("start,end,note\n2026-01-01,2026-01-02,\"a \"\"b\"\"\",,\n"), "");
}

#[test]
fn a_date_that_can_be_nothing_else_tells_the_order_of_all() {
    // 14 January to 3 February, five hours on the fourteenth.
    let day = "start,end\n03/02/2024 08:00,03/02/2024 10:00\n14/01/2024 09:00,14/01/2024 14:00\n";
    let log = read(day);
    expect(&log, &[(2, "2", true), (3, "5", true)]);
    let starts: Vec<String> =
        log.incidents.iter().filter_map(|one| Some(one.start?.to_string())).collect();
    assert_eq!(starts, ["2024-02-03T08:00:00Z", "2024-01-14T09:00:00Z"]);
    assert_eq!(
        log.notes,
        ["dates are read as day/month/year: `14/01/2024 09:00` (line 3) can be nothing else"]
    );
    // The same with the month first and hyphens, and with the ends alone to tell.
    let log = read("start,end\n02-03-2024,01-14-2024\n03-02-2024,03-04-2024\n");
    let starts: Vec<String> =
        log.incidents.iter().filter_map(|one| Some(one.start?.to_string())).collect();
    assert_eq!(starts, ["2024-02-03T00:00:00Z", "2024-03-02T00:00:00Z"]);
    assert_eq!(log.incidents[1].recovery, Recovery::Took(48.0));
    // Nothing tells; what tells does not agree; what is the same either way tells nothing.
    let wrong = |text: &str| read_with(text, &ReadOptions::default()).unwrap_err().to_string();
    assert_eq!(
        wrong("start,end\n04/04/2024,05/04/2024\n"),
        "`05/04/2024` (line 2) may have the day or the month first, and no date of the log tells which: \
         say --date-format day-first or --date-format month-first"
    );
    let both = wrong("start,end\n14/01/2024,01/15/2024\n02/03/2024,\n");
    assert!(both.starts_with(
        "`14/01/2024` (line 2) can only have the day first and `01/15/2024` (line 2)"
    ));
    assert!(both.contains("dates such as `02/03/2024` (line 3) may be either"), "{both}");
    // One such cell among other times is a wrong cell.
    let log =
        read("start,end\n2024-01-01,2024-01-02\n2024-01-03,02/03/2024\n2024-01-05,2024-01-06\n");
    expect(&log, &[(2, "24", true), (3, "end `02/03/2024` is not a time", true), (4, "24", true)]);
}

#[test]
fn a_first_line_that_is_an_incident_is_named_and_counts() {
    let text = "\n2024-03-01 08:00,2024-03-01 09:00,disk\n2024-03-04 08:00,2024-03-04 11:00,disk\n";
    let wrong = read_with(text, &ReadOptions::default()).unwrap_err().to_string();
    assert!(
        wrong.starts_with("the log has no heading: its first line (line 2) is an incident."),
        "{wrong}"
    );
    // By number, or by what stands in the first line.
    for (start, end) in [("1", "2"), ("2024-03-01 08:00", "2024-03-01 09:00")] {
        let columns = vec![(Role::Start, start.to_owned()), (Role::End, end.to_owned())];
        let log = read_with(text, &ReadOptions { columns, ..ReadOptions::default() }).unwrap();
        expect(&log, &[(2, "1", true), (3, "3", true)]);
        assert!(log.notes[0].contains("its first line (line 2) is an incident"), "{:?}", log.notes);
    }
}
