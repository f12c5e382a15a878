//! The live page in a real browser: what a reader moves, and what follows.

use super::served::Served;
use crate::browser::driver::Browser;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RIGHT: char = '\u{E014}';
const HOSTILE: &str = "<img src=x onerror=alert(1)> \\\"'&";

fn pictures() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("explore");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Waits until a piece of script returns true.
fn wait(browser: &Browser, what: &str, script: &str) {
    let until = Instant::now() + Duration::from_secs(120);
    while browser.run(script) != true {
        let state = "return [document.body.className, document.body.dataset.stage, document.getElementById('wrong').textContent]";
        assert!(
            Instant::now() < until,
            "{what}: {}; {:?}",
            browser.run(state),
            browser.log("browser")
        );
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Waits until the newest state has been played to its end.
fn settle(browser: &Browser) {
    // A change is sent after the event that made it.
    std::thread::sleep(Duration::from_millis(60));
    let script = "return document.body.dataset.stage === 'whole' && !document.body.classList.contains('is-behind')";
    wait(browser, "it is played", script);
}

fn opened(served: &Served, fragment: &str) -> Option<Browser> {
    let browser = Browser::start()?;
    browser.look(1280, false);
    browser.visit(&format!("{}{fragment}", served.address()));
    settle(&browser);
    Some(browser)
}

/// Writes into the control of a key, as if it was typed.
fn write(browser: &Browser, path: &str, value: &str) {
    let (path, value) = (json!(path), json!(value));
    browser.run(&format!(
        "const find = document.getElementById('find');
         find.value = {path}; find.dispatchEvent(new Event('input'));
         const box = document.querySelector('#controls [data-path=\"' + CSS.escape({path}) + '\"]');
         const field = box.querySelector('input[type=text], input[type=checkbox], select');
         if (field.type === 'checkbox') field.click();
         else {{ field.value = {value}; field.dispatchEvent(new Event('change')); }}"
    ));
}

fn text(browser: &Browser, selector: &str) -> String {
    let script = format!("return document.querySelector({}).innerText", json!(selector));
    browser.run(&script).as_str().unwrap().to_owned()
}

fn number(browser: &Browser, strategy: &str, column: usize) -> f64 {
    let script = format!(
        "const row = [...document.querySelectorAll('#numbers-table tbody tr')].find((one) => one.querySelector('th').dataset.strategy === {});
         return Number(row.cells[{column}].dataset.value)",
        json!(strategy)
    );
    browser.run(&script).as_f64().unwrap()
}

fn address(browser: &Browser) -> String {
    browser
        .run("return decodeURIComponent(location.hash.replaceAll('+', ' '))")
        .as_str()
        .unwrap()
        .to_owned()
}

fn is_quiet(browser: &Browser) {
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}

const REPAIR: &str = "Repair in place only";

#[test]
fn the_answer_comes_with_numbers_charts_and_what_flips_it() {
    let served = Served::start(&["--trials", "2400"]);
    let Some(browser) = opened(&served, "") else { return };
    assert_eq!(text(&browser, "#title"), "Default organisation");
    assert!(text(&browser, "#answer .headline").len() > 40);
    assert!(
        text(&browser, "#progress").contains("2,400 played, seed 1"),
        "{}",
        text(&browser, "#progress")
    );
    let count = |script: &str| browser.run(&format!("return {script}")).as_u64().unwrap();
    assert_eq!(count("document.querySelectorAll('#numbers-table tbody tr').length"), 11);
    assert!(count("document.querySelectorAll('#figures figure').length") >= 8);
    assert!(count("document.querySelectorAll('#limit-plot .curve').length") >= 8);
    // What flips it stands in the answer, and its controls come first.
    assert!(count("document.querySelectorAll('#answer .flip').length") >= 1);
    assert!(count("document.querySelectorAll('#deciding .control').length") >= 1);
    assert_eq!(
        text(&browser, "#spoken"),
        browser.run("return document.getElementById('spoken').textContent").as_str().unwrap()
    );
    browser.run("document.querySelector('#answer .flip button:last-child').click()");
    settle(&browser);
    assert!(address(&browser).starts_with("#set="), "{}", address(&browser));
    assert!(count("document.querySelectorAll('#changed .control').length") >= 1);
    is_quiet(&browser);
}

#[test]
fn each_kind_of_control_changes_the_answer() {
    let served = Served::start(&["--trials", "300"]);
    let Some(browser) = opened(&served, "") else { return };
    for (path, value, written) in [
        ("operations.call_out", "8h to 20h", "\"8h to 20h\""),
        ("operations.overtime", "0s", "\"0s\""),
        ("fault.\"internet link\".common_mode", "0.9", "0.9"),
        ("costs.labour_hour", "500", "500"),
        ("organisation.users", "100000", "100000"),
        ("strategy.\"Staging server\".staging.site", "\"same\"", "\"same\""),
        ("strategy.\"Staging server\".staging.verify", "", "true"),
        ("operations.staffed", "24x7", "\"24x7\""),
        ("organisation.largest_group", "1000", "1000"),
        (
            "strategy.\"Cloud Sync, three agents + script\".cloud_sync.sites",
            "[\"same\"]",
            "[\"same\"]",
        ),
        (
            "fault.\"server hardware\".every",
            "{ exponential = { mean = \"30d\" } }",
            "{ exponential = { mean = \"30d\" } }",
        ),
    ] {
        let before = text(&browser, "#numbers-table");
        write(&browser, path, value);
        settle(&browser);
        assert!(
            address(&browser).contains(&format!("{path}={written}")),
            "{path}: {}",
            address(&browser)
        );
        let after = text(&browser, "#numbers-table");
        // These two are about what a strategy suits, and a full cycle that few trials have.
        let may_be_same = path.contains("largest_group") || path.contains("verify");
        assert!(before != after || may_be_same, "{path}");
    }
    is_quiet(&browser);
}

#[test]
fn tables_and_strategies_come_and_go() {
    let served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    let names = || {
        browser.run("return [...document.querySelectorAll('#numbers-table tbody th')].map((one) => one.dataset.strategy)")
    };
    let count = || names().as_array().unwrap().len();
    let click = |label: &str| {
        browser.run(&format!("[...document.querySelectorAll('#numbers-table button')].find((one) => one.getAttribute('aria-label') === {}).click()", json!(label)));
        settle(&browser);
    };
    click("Copy Staging server");
    assert_eq!(count(), 12);
    assert!(names().as_array().unwrap().contains(&json!("Staging server (2)")));
    write(&browser, "strategy.\"Staging server (2)\".staging.success", "0.2");
    settle(&browser);
    let costs = |name: &str| number(&browser, name, 8);
    assert!(costs("Staging server (2)") > costs("Staging server"));
    click("Remove Staging server (2)");
    assert_eq!(count(), 11);
    browser.run("document.getElementById('template').value = 'Virtual machine + script'; document.getElementById('add').click()");
    settle(&browser);
    assert!(names().as_array().unwrap().contains(&json!("Virtual machine + script (2)")));
    // A table that may be left out, by its switch.
    browser.run("const find = document.getElementById('find'); find.value = ''; find.dispatchEvent(new Event('input'));
        const group = document.querySelector('[data-group=\"group costs\"]'); group.open = true;");
    wait(
        &browser,
        "the group is filled",
        "return document.querySelector('[data-table=costs]') !== null",
    );
    browser.run("document.querySelector('[data-table=costs]').click()");
    settle(&browser);
    assert!(
        !text(&browser, "#numbers-table").contains("Cost"),
        "{}",
        text(&browser, "#numbers-table")
    );
    is_quiet(&browser);
}

#[test]
fn what_was_done_is_undone_and_done_again() {
    let served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    let before = number(&browser, REPAIR, 3);
    write(&browser, "operations.call_out", "2d");
    settle(&browser);
    let after = number(&browser, REPAIR, 3);
    assert!(after > before);
    browser.run("document.activeElement.blur(); document.getElementById('undo').click()");
    settle(&browser);
    assert_eq!((number(&browser, REPAIR, 3), address(&browser)), (before, String::new()));
    browser.run("document.getElementById('redo').click()");
    settle(&browser);
    assert_eq!(number(&browser, REPAIR, 3), after);
    // At its control, which says what it was.
    assert!(text(&browser, "#changed").contains("was 15m to 2h"), "{}", text(&browser, "#changed"));
    browser.run("document.querySelector('#changed .back').click()");
    settle(&browser);
    assert_eq!(number(&browser, REPAIR, 3), before);
}

#[test]
fn a_state_is_pinned_and_numbers_stand_beside_it() {
    let served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    let before = number(&browser, REPAIR, 3);
    browser.run("document.getElementById('pin').click()");
    write(&browser, "operations.call_out", "2d");
    settle(&browser);
    let after = number(&browser, REPAIR, 3);
    let script = "const row = document.querySelector('#numbers-table tbody tr'); return row.cells[3].querySelector('.difference').textContent";
    let said =
        browser.run(script).as_str().unwrap().trim_start_matches('+').parse::<f64>().unwrap();
    assert!((said / (after - before) - 1.0).abs() < 0.01, "{said} of {before} and {after}");
    browser.run("document.querySelector('#pinned button').click()");
    settle(&browser);
    assert_eq!(number(&browser, REPAIR, 3), before);
    assert_eq!(browser.run(script), "same");
}

#[test]
fn a_slider_moves_its_value_and_is_one_step_back_even_on_a_slow_machine() {
    let served = Served::start(&["--trials", "300"]);
    let Some(browser) = opened(&served, "") else { return };
    browser.devtools("Emulation.setCPUThrottlingRate", &json!({ "rate": 6 }));
    browser.run(
        "const find = document.getElementById('find');
         find.value = 'operations.call_out'; find.dispatchEvent(new Event('input'));
         document.querySelectorAll('#controls [data-path=\"operations.call_out\"] input[type=range]')[1].focus()",
    );
    for _ in 0..12 {
        browser.press(RIGHT);
    }
    settle(&browser);
    // Its high end was 2 h; the low end stays.
    let moved = address(&browser);
    assert!(
        moved.starts_with("#set=operations.call_out=\"15m to ") && !moved.contains("to 2h\""),
        "{moved}"
    );
    let field = "return document.querySelector('#controls [data-path=\"operations.call_out\"] input[type=text]').value";
    let shown = browser.run(field);
    assert!(moved.contains(shown.as_str().unwrap()), "{moved} {shown}");
    browser.run("document.activeElement.blur(); document.getElementById('undo').click()");
    settle(&browser);
    assert_eq!(address(&browser), "");
    assert_eq!(browser.run(field), "15m to 2h");
}

#[test]
fn the_limit_is_dragged_and_moved_by_keys() {
    let served = Served::start(&["--trials", "300"]);
    let Some(browser) = opened(&served, "") else { return };
    browser.run("document.getElementById('limits').scrollIntoView({ block: 'center' })");
    let grip = browser.run("const box = document.querySelector('#limit-slider .grip').getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]");
    browser.drag((grip[0].as_f64().unwrap(), grip[1].as_f64().unwrap()), -140.0);
    settle(&browser);
    let limit =
        || browser.run("return Number(document.getElementById('limit').value)").as_f64().unwrap();
    let dragged = limit();
    assert!(dragged < 20.0 && dragged > 0.0, "{dragged}");
    assert!(address(&browser).contains("tolerance.longest_outage_hours.limit="));
    browser.press(RIGHT);
    settle(&browser);
    assert!(limit() > dragged);
    browser.run("const field = document.getElementById('limit'); field.value = '17'; field.dispatchEvent(new Event('change'))");
    settle(&browser);
    assert!(
        address(&browser).contains("tolerance.longest_outage_hours.limit=17.0"),
        "{}",
        address(&browser)
    );
    is_quiet(&browser);
}

#[test]
fn a_state_is_in_the_address() {
    let served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    write(&browser, "operations.call_out", "2d");
    settle(&browser);
    browser.run("[...document.querySelectorAll('#numbers-table button')].find((one) => one.textContent === 'Copy').click()");
    settle(&browser);
    let fragment = browser.run("return location.hash").as_str().unwrap().to_owned();
    let numbers = text(&browser, "#numbers-table");
    // Another page, as somebody opens it who was sent the link: a session of its own.
    let Some(second) = opened(&served, &fragment) else { return };
    assert_eq!(text(&second, "#numbers-table"), numbers);
    write(&second, "operations.call_out", "3d");
    settle(&second);
    assert_ne!(text(&second, "#numbers-table"), numbers);
    assert_eq!(text(&browser, "#numbers-table"), numbers);
    // The address of the page reaches no other site.
    assert_eq!(browser.run("return document.referrer"), "");
}

/// A link may have been made for another scenario.
#[test]
fn an_address_that_names_what_is_not_there_opens_without_it_and_says_so() {
    let served = Served::start(&["--trials", "200"]);
    let fragment = "#set=foo.bar%3D3&set=operations.call_out%3D%222d%22";
    let Some(browser) = opened(&served, fragment) else { return };
    let said = text(&browser, "#wrong");
    assert!(said.starts_with("Opened without a part of the address."), "{said}");
    assert!(said.contains("foo.bar"), "{said}");
    assert!(text(&browser, "#numbers-table").contains("Staging server"));
    let left = browser.run("return decodeURIComponent(location.hash)");
    assert_eq!(left, "#set=operations.call_out=\"2d\"");
    write(&browser, "operations.call_out", "3d");
    settle(&browser);
    assert_eq!(browser.run("return document.getElementById('wrong').hidden"), true);
}

#[test]
fn what_is_wrong_is_said_at_its_control_in_the_words_of_the_reader() {
    let served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    let numbers = text(&browser, "#numbers-table");
    write(&browser, "operations.call_out", "soon");
    wait(
        &browser,
        "it is said",
        "return document.querySelector('#controls [aria-invalid]') !== null",
    );
    let said = text(&browser, "#controls .problem");
    let mut spec = outlast::Spec::embedded();
    spec.set_option("operations.call_out=\"soon\"");
    let error = spec.compile().unwrap_err().to_string();
    assert!(said.to_lowercase().contains(&error.to_lowercase()), "{said} / {error}");
    assert_eq!(text(&browser, "#numbers-table"), numbers, "the last answer stays");
    write(&browser, "operations.call_out", "1h");
    settle(&browser);
    assert_eq!(browser.run("return document.querySelectorAll('[aria-invalid]').length"), 0);
}

#[test]
fn names_that_are_markup_stay_names() {
    let text = outlast::Scenario::embedded()
        .unwrap()
        .text
        .replace("\"Staging server\"\n", &format!("\"{HOSTILE}\"\n"));
    let served = Served::with(&text, &["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    assert_eq!(browser.run("return document.querySelectorAll('img').length"), 0);
    let shown = HOSTILE.replace('\\', "");
    let names = browser.run("return [...document.querySelectorAll('#numbers-table tbody th')].map((one) => one.dataset.strategy)");
    assert!(names.as_array().unwrap().contains(&json!(shown)), "{names}");
    browser.run(&format!("[...document.querySelectorAll('#numbers-table button')].find((one) => one.getAttribute('aria-label') === {}).click()", json!(format!("Copy {shown}"))));
    settle(&browser);
    let rows = browser.run("return document.querySelectorAll('#numbers-table tbody tr').length");
    assert_eq!(rows, 12);
    // The controls of its keys, by a path with quotes in it.
    let path = format!("strategy.\"{}\".staging.success", HOSTILE);
    write(&browser, &path, "0.5");
    settle(&browser);
    assert!(address(&browser).contains("staging.success=0.5"));
    assert_eq!(browser.run("return document.querySelectorAll('img').length"), 0);
    is_quiet(&browser);
}

#[test]
fn a_program_that_is_gone_is_told() {
    let mut served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    served.kill();
    write(&browser, "operations.call_out", "2d");
    wait(&browser, "it is told", "return !document.getElementById('lost').hidden");
    assert!(text(&browser, "#lost").contains("outlast explore"));
    assert!(address(&browser).contains("operations.call_out"));
}

#[test]
fn the_questions_make_a_scenario() {
    let served = Served::start(&["--trials", "200"]);
    let Some(browser) = opened(&served, "") else { return };
    browser.run("document.getElementById('guide').click()");
    browser.run("document.getElementById('question-users').value = 'many'; document.getElementById('questions-done').click()");
    wait(
        &browser,
        "it is refused",
        "return document.querySelector('#questions [aria-invalid]') !== null",
    );
    assert!(text(&browser, "[data-question=users] .problem").contains("whole number"));
    browser.photograph_window(&pictures().join("questions.png"));
    browser.run("document.getElementById('question-users').value = '400'; document.getElementById('question-sites').value = 'no';
        document.querySelectorAll('[data-question=ways] input').forEach((one) => { one.checked = one.value === 'staging'; });
        document.getElementById('questions-done').click()");
    wait(&browser, "it closes", "return !document.getElementById('questions').open");
    settle(&browser);
    let names = browser.run("return [...document.querySelectorAll('#numbers-table tbody th')].map((one) => one.dataset.strategy)");
    assert_eq!(
        names,
        json!([REPAIR, "Repair in place + script", "Staging server", "Staging server + script"])
    );
    is_quiet(&browser);
}

#[test]
fn what_each_assumption_does_alone_is_played_on_demand() {
    let served = Served::start(&["--trials", "2000"]);
    let Some(browser) = opened(&served, "") else { return };
    browser.run("document.getElementById('tornado').click()");
    wait(
        &browser,
        "it is played",
        "return document.querySelector('#tornado-figure svg') !== null || document.getElementById('tornado-note').textContent.startsWith('It could')",
    );
    assert_eq!(text(&browser, "#tornado-note"), "");
    is_quiet(&browser);
}

/// What has no name for who cannot see it.
const NAMELESS: &str = "return [...document.querySelectorAll('input, select, button, [role=slider], progress')].filter((one) => {
    if (one.closest('[hidden]')) return false;
    const labels = one.labels ? [...one.labels].map((label) => label.textContent).join('') : '';
    return !(labels || one.getAttribute('aria-label') || one.textContent).trim();
  }).map((one) => one.outerHTML.slice(0, 120))";

#[test]
fn the_page_fits_screens_of_every_width_and_everything_has_a_name() {
    let served = Served::start(&["--trials", "2400"]);
    let Some(browser) = opened(&served, "") else { return };
    for width in [400, 768, 1280, 1600] {
        for dark in [false, true] {
            browser.look(width, dark);
            std::thread::sleep(Duration::from_millis(300));
            let inner = browser.run("return [document.documentElement.scrollWidth, innerWidth]");
            assert!(inner[0].as_u64() <= inner[1].as_u64(), "{width}: {inner}");
            let look = if dark { "dark" } else { "light" };
            browser.photograph_window(&pictures().join(format!("{width}-{look}.png")));
            if !dark {
                browser.photograph(&pictures().join(format!("{width}-whole.png")));
            }
        }
    }
    browser.run(
        "document.querySelectorAll('#controls details').forEach((one) => { one.open = true; })",
    );
    std::thread::sleep(Duration::from_millis(300));
    let nameless: Value = browser.run(NAMELESS);
    assert_eq!(nameless, json!([]));
    // Every control of an assumption says what it means.
    let unsaid = browser.run("return [...document.querySelectorAll('.control .said')].filter((one) => one.textContent.trim() === '').length");
    assert_eq!(unsaid, 0);
    browser.look(1280, false);
    browser.photograph_window(&pictures().join("1280-open.png"));
    is_quiet(&browser);
}
