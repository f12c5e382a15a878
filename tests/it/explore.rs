//! `outlast explore`: the server as a program meets it, and the page as a person does.

mod page;
mod served;

use serde_json::{Value, json};
use served::Served;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

#[test]
fn the_page_is_served_to_who_knows_the_address() {
    let served = Served::start(&["--trials", "200"]);
    let page = served.get("");
    assert_eq!(page.status, 200);
    assert!(page.body.starts_with("<!DOCTYPE html>"), "{}", page.body);
    assert!(page.header("content-security-policy").unwrap().starts_with("default-src 'none'; "));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    // Nothing of another host is asked for, and no script stands in the page.
    assert!(!page.body.contains("http") && page.body.matches("<script").count() == 1);
    for (path, kind) in [("app.js", "text/javascript"), ("style.css", "text/css")] {
        let part = served.get(path);
        assert_eq!(part.status, 200);
        assert!(part.header("content-type").unwrap().starts_with(kind));
        assert!(!part.body.contains("https://"), "{path}");
    }
    assert_eq!(served.get("../etc/passwd").status, 404);
}

#[test]
fn whoever_should_not_get_in_does_not() {
    let served = Served::start(&["--trials", "200"]);
    let path = served.path("");
    let host = served.host();
    let ask = |head: &str| served.raw(head.as_bytes()).status;
    assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n")), 200);
    // A name that is made to point here; a page of another site; another address.
    assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\nHost: evil.example\r\n\r\n")), 421);
    assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\n\r\n")), 421);
    let foreign = "Origin: http://evil.example\r\n";
    assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{foreign}\r\n")), 403);
    let site = "Sec-Fetch-Site: cross-site\r\n";
    assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{site}\r\n")), 403);
    assert_eq!(ask(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n")), 404);
    let guess = format!("/{}/", "0".repeat(32));
    assert_eq!(ask(&format!("GET {guess} HTTP/1.1\r\nHost: {host}\r\n\r\n")), 404);
    let twice = format!("Host: {host}\r\nHost: evil.example\r\n");
    assert_eq!(ask(&format!("GET {path} HTTP/1.1\r\n{twice}\r\n")), 421);
    // What a form of another site can send: no JSON, and it says where it comes from.
    let stop = served.path("stop");
    let form = "Content-Type: text/plain\r\nContent-Length: 2\r\n";
    let own = format!("Origin: http://{host}\r\n");
    assert_eq!(ask(&format!("POST {stop} HTTP/1.1\r\nHost: {host}\r\n{form}\r\n{{}}")), 403);
    assert_eq!(ask(&format!("POST {stop} HTTP/1.1\r\nHost: {host}\r\n{own}{form}\r\n{{}}")), 415);
    assert_eq!(served.get("").status, 200, "it goes on");
}

#[test]
fn what_is_too_large_or_too_slow_is_refused_and_others_are_served() {
    let served = Served::start(&["--trials", "200"]);
    let large = json!({ "changes": [["set", "name", "x".repeat(2 << 20)]] }).to_string();
    assert_eq!(served.post_text("state", &large).status, 413);
    assert_eq!(served.post_text("state", "{").status, 400);
    assert_eq!(served.post("state", &json!({ "changes": [["drop"]] })).status, 400);
    // Twenty connections that send a byte and then nothing.
    let mut slow: Vec<TcpStream> = (0..20).map(|_| served.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"G").unwrap();
    }
    let began = Instant::now();
    assert_eq!(served.get("").status, 200);
    assert!(began.elapsed() < Duration::from_secs(5));
    // They are given up in the end.
    slow[0].set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut rest = Vec::new();
    let _ = slow[0].read_to_end(&mut rest);
    assert!(began.elapsed() < Duration::from_secs(45));
}

#[test]
fn the_last_numbers_are_those_of_a_run() {
    let served = Served::start(&["--trials", "900", "--seed", "3"]);
    let changes =
        json!([["set", "operations.staffed", "\"24x7\""], ["set", "costs.labour_hour", "50.0"]]);
    let pieces = served.settled(&changes);
    assert_eq!(pieces["trials"], 900);
    let run = Command::new(env!("CARGO_BIN_EXE_outlast"))
        .current_dir(served.folder())
        .args(["run", "--trials", "900", "--seed", "3", "--no-robustness", "--format", "json"])
        .args(["--set", "operations.staffed=24x7", "--set", "costs.labour_hour=50.0"])
        .output()
        .unwrap();
    let run: Value = serde_json::from_slice(&run.stdout).unwrap();
    let rows = run["summary"].as_array().unwrap();
    let mut compared = 0;
    for (label, metric, value, ends) in [
        ("Downtime, mean h", "downtime_hours", "mean", ["ci_low", "ci_high"]),
        ("Stale user-hours, p95", "stale_user_hours", "p95", ["p95_low", "p95_high"]),
        ("Cost, mean USD", "cost", "mean", ["ci_low", "ci_high"]),
    ] {
        let columns = pieces["numbers"]["columns"].as_array().unwrap();
        let column = columns.iter().find(|one| one["label"] == label).unwrap();
        for (at, strategy) in pieces["numbers"]["strategies"].as_array().unwrap().iter().enumerate()
        {
            let is = |row: &&Value| row["strategy"] == strategy["name"] && row["metric"] == metric;
            let row = rows.iter().find(is).unwrap();
            let cell = &column["cells"][at];
            for (place, key) in [value, ends[0], ends[1]].into_iter().enumerate() {
                let (shown, told) = (cell[place].as_f64(), row[key].as_f64());
                assert_eq!(shown.map(f64::to_bits), told.map(f64::to_bits), "{label} {strategy}");
                compared += 1;
            }
        }
    }
    assert!(compared > 60);
    // The command that is shown plays the same.
    let command = pieces["command"].as_str().unwrap();
    assert!(
        command.contains("--set 'operations.staffed=\"24x7\"'") && command.contains("--seed 3"),
        "{command}"
    );
}

#[test]
fn a_scenario_and_a_report_of_a_state_are_given() {
    let served = Served::start(&["--trials", "300"]);
    let changes =
        json!([["set", "operations.people", "3"], ["without", "strategy.\"Staging server\""]]);
    let state = json!({ "changes": changes, "trials": 300 });
    let toml = served.post("scenario", &state);
    assert_eq!(toml.status, 200);
    assert!(
        toml.body.contains("people = 3 ") && toml.body.contains("# judgement: two people know")
    );
    assert!(!toml.body.contains("\nname = \"Staging server\"\n"));
    let report = served.post("report", &state);
    assert_eq!(report.status, 200, "{}", report.body);
    assert!(report.body.starts_with("<!DOCTYPE html>") && report.body.contains("300 trials"));
    let wrong = json!({ "changes": [["set", "operations.people", "\"many\""]] });
    let refused = served.post("report", &wrong);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("many"), "{}", refused.body);
}

#[test]
fn the_questions_of_the_page_are_those_of_the_terminal() {
    let served = Served::start(&["--trials", "200"]);
    let answers = [
        ("users", "500"),
        ("sites", "no"),
        ("staffed", "office"),
        ("watch", "ping"),
        ("ways", "staging, spare"),
        ("labour", "80 EUR"),
    ];
    let told: Value = answers
        .iter()
        .map(|(id, answer)| ((*id).to_owned(), json!(answer)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let reply = served.post("guide", &json!({ "answers": told }));
    assert_eq!(reply.status, 200, "{}", reply.body);
    let changes: Value = serde_json::from_str(&reply.body).unwrap();
    let page = served.post("scenario", &json!({ "changes": changes["changes"] })).body;

    // The same answers in the terminal, in the order of the questions.
    let mut child = Command::new(env!("CARGO_BIN_EXE_outlast"))
        .args(["init", "-", "--ask"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let typed = "500\nno\n\noffice\n\nping\nstaging, spare\ndear\n80 EUR\n\n\n";
    child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (text, asked) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(asked.contains("\"dear\" is no answer here"), "{asked}");
    let values = |text: &str| {
        let mut spec = outlast::Spec::parse(text, std::path::Path::new(""), "x");
        let scenario = spec.compile().unwrap();
        scenario
            .assumptions
            .iter()
            .map(|one| (one.key.clone(), one.value.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&text), values(&page));
    let wrong = served.post("guide", &json!({ "answers": { "users": "many" } }));
    assert!(
        wrong.body.contains("whole number") && !wrong.body.contains("changes"),
        "{}",
        wrong.body
    );
}

#[test]
fn it_ends_when_it_is_told_to() {
    let mut served = Served::start(&["--trials", "1000000"]);
    served.post("state", &json!({ "session": "a", "number": 1, "changes": [] }));
    let reply = served.post("stop", &json!({}));
    assert_eq!(reply.status, 200);
    assert_eq!(served.ended(), Some(0));
}

#[cfg(unix)]
#[test]
fn it_ends_on_ctrl_c_at_once_whatever_it_is_at() {
    let mut served = Served::start(&["--trials", "1000000"]);
    served.post("state", &json!({ "session": "a", "number": 1, "changes": [] }));
    let began = Instant::now();
    served.interrupt();
    assert_eq!(served.ended(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_scenario_that_is_wrong_is_refused_before_anything_is_served() {
    let run = Command::new(env!("CARGO_BIN_EXE_outlast"))
        .args(["explore", "--no-open", "--set", "operations.people=many"])
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&run.stderr).contains("many"));
}
