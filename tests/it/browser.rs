//! `report.html` in a real browser: what readers see, do and print.
//!
//! Debian has what it takes in the packages `chromium` and `chromium-driver`. Where chromedriver is
//! absent these tests say so and pass, unless OUTLAST_BROWSER=required. Pages and pictures of them
//! stay in `target/tmp/browser` for people to look at.

pub mod driver;
mod sample;

use driver::Browser;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const RIGHT: char = '\u{E014}';
const PAGE_DOWN: char = '\u{E00F}';
const HOME: char = '\u{E011}';
const ENTER: char = '\u{E007}';

/// The sample page on disk.
fn page() -> &'static Path {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("report.html");
        fs::write(&file, sample::page()).unwrap();
        file
    })
}

/// The sample page in a window 1280 pixels wide.
fn opened() -> Option<Browser> {
    let browser = Browser::start()?;
    browser.look(1280, false);
    browser.open(page());
    Some(browser)
}

#[test]
fn the_page_loads_without_an_error_or_a_request_and_is_small() {
    let Some(browser) = opened() else { return };
    let size = fs::metadata(page()).unwrap().len();
    // Nine strategies with samples of nineteen metrics, and each chart for a screen and a telephone.
    assert!(size < 2_400_000, "{size} bytes");
    assert_eq!(browser.log("browser"), Vec::<String>::new());
    let events: Vec<Value> =
        browser.log("performance").iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let sent =
        events.iter().filter(|event| event["message"]["method"] == "Network.requestWillBeSent");
    let asked: Vec<&str> =
        sent.filter_map(|event| event["message"]["params"]["request"]["url"].as_str()).collect();
    assert_eq!(asked, [format!("file://{}", page().display())]);
}

#[test]
fn a_policy_that_is_broken_would_be_seen() {
    // The judge of the test above: a page with a script that its policy does not know.
    let Some(browser) = Browser::start() else { return };
    let html = fs::read_to_string(page()).unwrap();
    let file = page().with_file_name("broken.html");
    let broken =
        html.replace("</main>", "<script>document.title = 'ran'</script><img src=x></main>");
    fs::write(&file, broken).unwrap();
    browser.open(&file);
    let log = browser.log("browser").join("\n");
    assert!(log.contains("Content Security Policy"), "{log}");
    assert_eq!(browser.run("return document.title"), "Default organisation – outlast");
}

#[test]
fn dragging_the_limit_shows_the_probabilities_of_the_data() {
    let Some(browser) = opened() else { return };
    assert_eq!(browser.run("return document.getElementById('explorer').hidden"), false);
    browser.run(&measure("stale_user_hours"));
    let before = shown(&browser);
    assert_eq!(before.limit, sample::TOLERANCES[0].0);
    before.judge(&browser);
    browser.run("document.getElementById('explorer-plot').scrollIntoView({ block: 'center' })");
    let grip = browser.run(
        "const box = document.querySelector('#explorer-slider .grip').getBoundingClientRect();
         return [box.x + box.width / 2, box.y + box.height / 2]",
    );
    let grip = (grip[0].as_f64().unwrap(), grip[1].as_f64().unwrap());
    browser.drag(grip, -160.0);
    let dragged = shown(&browser);
    assert!(dragged.limit < 0.5 * before.limit && dragged.limit > 0.0, "{}", dragged.limit);
    assert_ne!(dragged.probabilities, before.probabilities);
    dragged.judge(&browser);
    // The pointer has been let go: moving on changes nothing, and says what is under it.
    let dot = browser.run(
        "const box = document.querySelector('#explorer-plot circle').getBoundingClientRect();
         return [box.x + box.width / 2, box.y + box.height / 2]",
    );
    browser.point_at((dot[0].as_f64().unwrap() + 20.0, dot[1].as_f64().unwrap()));
    assert_eq!(shown(&browser).limit, dragged.limit);
    let said = browser.run("return document.getElementById('explorer-tip').innerText");
    assert!(said.as_str().unwrap().contains("\u{A0}% of years exceed "), "{said}");
    browser.photograph_window(&page().with_file_name("explorer.png"));
    // A new width draws anew, and keeps the focus.
    browser.look(1000, false);
    browser.look(1280, false);
    // The slider holds the focus, so keys move on from there.
    browser.press(RIGHT);
    let stepped = shown(&browser);
    assert!(stepped.limit > dragged.limit, "{} after {}", stepped.limit, dragged.limit);
    stepped.judge(&browser);
    browser.press(PAGE_DOWN);
    let paged = shown(&browser);
    assert!(paged.limit < dragged.limit);
    paged.judge(&browser);
    browser.press(HOME);
    assert!(shown(&browser).limit < paged.limit);
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}

#[test]
fn every_metric_can_be_explored_and_strategies_can_be_left_out() {
    let Some(browser) = opened() else { return };
    let metrics = browser.run("return document.getElementById('explorer-metric').length");
    for metric in 0..metrics.as_u64().unwrap() {
        browser.run(&format!(
            "const select = document.getElementById('explorer-metric');
             select.selectedIndex = {metric}; select.dispatchEvent(new Event('change'))"
        ));
        shown(&browser).judge(&browser);
        let overlaps = browser.run(OVERLAPS);
        assert_eq!(overlaps, json!([]), "metric {metric}");
    }
    let curves = "return document.querySelectorAll('#explorer-plot .curve').length";
    let all = browser.run(curves).as_u64().unwrap();
    browser.run("document.querySelector('#explorer-answer input').click()");
    assert_eq!(browser.run(curves), all - 1);
    let spoken = "return document.getElementById('explorer-slider').getAttribute('aria-valuetext')";
    let spoken = browser.run(spoken).to_string();
    assert!(
        !spoken.contains("Repair in place only") && spoken.contains("Staging server"),
        "{spoken}"
    );
    // A limit that is typed counts as typed.
    browser.run(
        "const input = document.getElementById('explorer-limit');
         input.value = '123.456'; input.dispatchEvent(new Event('input'))",
    );
    let typed = shown(&browser);
    assert_eq!(typed.limit, 123.456);
    typed.judge(&browser);
    // One beyond the axis widens it.
    let beyond = browser.run(
        "const input = document.getElementById('explorer-limit');
         const slider = () => document.getElementById('explorer-slider');
         const before = Number(slider().getAttribute('aria-valuemax'));
         input.value = 10 * before; input.dispatchEvent(new Event('input'));
         return Number(slider().getAttribute('aria-valuemax')) - 10 * before",
    );
    assert!(beyond.as_f64().unwrap() > 0.0, "{beyond}");
    shown(&browser).judge(&browser);
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}

/// Texts of the plot that lie over each other.
const OVERLAPS: &str = "
    const boxes = [...document.querySelectorAll('#explorer-plot text:not(.limit-text)')].map((text) =>
      [text.textContent, text.getBoundingClientRect()]);
    return boxes.flatMap(([name, a], index) => boxes.slice(index + 1)
      .filter(([, b]) => a.left < b.right && b.left < a.right && a.top < b.bottom - 2 && b.top < a.bottom - 2)
      .map(([other]) => `${name} over ${other}`))";

/// What the explorer shows.
struct Shown {
    metric: usize,
    limit: f64,
    probabilities: Vec<String>,
}

fn shown(browser: &Browser) -> Shown {
    let state = browser.run(
        "const slider = document.getElementById('explorer-slider');
         return {
           metric: document.getElementById('explorer-metric').selectedIndex,
           limit: Number(slider.getAttribute('aria-valuenow')),
           cells: [...document.querySelectorAll('#explorer-answer .probability')].map((cell) => cell.textContent),
         }",
    );
    let cells = state["cells"].as_array().unwrap();
    Shown {
        metric: state["metric"].as_u64().unwrap() as usize,
        limit: state["limit"].as_f64().unwrap(),
        probabilities: cells.iter().map(|cell| cell.as_str().unwrap().to_owned()).collect(),
    }
}

impl Shown {
    /// Compares with what the data in the page say of this limit.
    fn judge(&self, browser: &Browser) {
        let data = browser.run("return document.getElementById('explorer-data').textContent");
        let data: Value = serde_json::from_str(data.as_str().unwrap()).unwrap();
        let criterion = &data["criteria"][self.metric];
        let samples = criterion["samples"].as_array().unwrap();
        assert_eq!(samples.len(), self.probabilities.len());
        for (index, shown) in self.probabilities.iter().enumerate() {
            let within = 100.0 * within(criterion, index, self.limit);
            let value = shown.trim_end_matches("\u{A0}%").trim_start_matches(char::is_alphabetic);
            let off = (value.trim().parse::<f64>().unwrap() - within).abs();
            // As many digits as tell a share from all and nothing.
            let digit = match within.min(100.0 - within) {
                edge if edge >= 10.0 => 0.5,
                edge if edge >= 0.1 => 0.05,
                edge if edge >= 0.01 => 0.005,
                _ => 0.0005,
            };
            assert!(off <= digit + 1e-9, "{shown} for {within} at {}", self.limit);
        }
    }
}

/// The share of a strategy's trials, or outages, within `x`: what is sent of its strata, put together.
fn within(criterion: &Value, strategy: usize, x: f64) -> f64 {
    let own = &criterion["own"][strategy][0];
    if criterion["limit"] == x && own.is_number() {
        return own.as_f64().unwrap();
    }
    let strata = criterion["samples"][strategy].as_array().unwrap();
    let each = |part: &Value| part[0].as_f64().unwrap() / part[1].as_f64().unwrap();
    if criterion["over"].is_null() {
        return strata.iter().map(|part| each(part) * counted(part, x)).sum();
    }
    let all = criterion["over"][strategy].as_array().unwrap();
    let (mut kept, mut judged) = (0.0, 0.0);
    for (ended, all) in strata.iter().zip(all) {
        let within = counted(ended, x);
        kept += each(all) * within;
        judged += each(all) * (within + all[1].as_f64().unwrap() - counted(all, x));
    }
    kept / judged
}

/// How many values of a stratum are at most `x`.
fn counted(part: &Value, x: f64) -> f64 {
    let numbers = |at: usize| -> Vec<f64> {
        part[at].as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
    };
    let (values, more) = (numbers(2), numbers(3));
    let next = values.partition_point(|&value| value <= x);
    if next == 0 {
        return 0.0;
    }
    let before: f64 = more[..next].iter().sum();
    let Some(value) = values.get(next) else { return part[1].as_f64().unwrap() };
    before
        + ((more[next] - 1.0).max(0.0) * (x - values[next - 1]) / (value - values[next - 1]))
            .floor()
}

/// Chooses a measure of the explorer.
fn measure(name: &str) -> String {
    format!(
        "const data = JSON.parse(document.getElementById('explorer-data').textContent);
         const select = document.getElementById('explorer-metric');
         select.selectedIndex = data.criteria.findIndex((one) => one.name === '{name}');
         select.dispatchEvent(new Event('change'))"
    )
}

/// Types into a control.
fn typed(control: &str, value: impl std::fmt::Display) -> String {
    format!(
        "const input = document.getElementById('explorer-{control}');
         input.value = '{value}'; input.dispatchEvent(new Event('input'))"
    )
}

/// What a page says by itself of its tolerances: the headline, and verdict and interval of each
/// strategy on the tolerance whose name begins so.
const SAID: &str = "
    const groups = [...document.querySelectorAll('#strategies .verdicts tbody')];
    const group = groups.find((one) => one.textContent.startsWith('NAME'));
    const rows = [...group.querySelectorAll('tr')].slice(1);
    return [document.querySelector('.headline').textContent,
      rows.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent.trim()))]";

/// What the explorer says of the limits that were typed.
const TRIED: &str = "
    const rows = [...document.querySelectorAll('#explorer-answer tbody tr')];
    return [document.getElementById('explorer-choice').textContent,
      rows.map((row) => [row.cells[2], row.cells[3]].map((cell) => cell.textContent.trim()))]";

#[test]
fn limits_that_are_typed_are_judged_by_the_rule_of_the_program() {
    let Some(browser) = opened() else { return };
    let names = ["stale_user_hours", "longest_outage_hours"];
    let others = [
        [(1_500.0, 0.95), (24.0, 0.95)],
        [(5_000.0, 0.9), (16.5, 0.9)],
        [(1_500.0, 0.85), (60.0, 0.99)],
        [(0.0, 0.95), (24.0, 0.95)],
    ];
    for (index, tolerances) in others.into_iter().enumerate() {
        let file = page().with_file_name(format!("other-{index}.html"));
        fs::write(&file, sample::page_with(tolerances)).unwrap();
        for (place, name) in names.into_iter().enumerate() {
            browser.open(&file);
            let said = browser.run(&SAID.replace("NAME", ["stale", "longest"][place]));
            browser.open(page());
            // The other tolerance first, so that the measure that is compared is the one shown.
            for at in [1 - place, place] {
                let (limit, share) = tolerances[at];
                browser.run(&measure(names[at]));
                browser.run(&typed("limit", limit));
                browser.run(&typed("share", 100.0 * share));
            }
            let tried = browser.run(TRIED);
            assert_eq!(tried, said, "{name} of {tolerances:?}");
        }
    }
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}

#[test]
fn a_wrong_limit_is_answered_at_its_control_and_a_state_has_an_address() {
    let Some(browser) = opened() else { return };
    browser.run(&measure("stale_user_hours"));
    let before = shown(&browser);
    let problem = "const problem = document.getElementById('explorer-problem');
        return problem.hidden ? null : problem.textContent";
    for (control, value, words) in [
        ("limit", "-5", "below 0"),
        ("limit", "", "Type a limit"),
        ("share", "100", "between 0 and"),
    ] {
        browser.run(&typed(control, value));
        let said = browser.run(problem);
        assert!(said.as_str().is_some_and(|said| said.contains(words)), "{said} for {value}");
        let state = shown(&browser);
        assert_eq!((state.limit, &state.probabilities), (before.limit, &before.probabilities));
        browser.run("document.getElementById('explorer-own').disabled = false");
        browser.run("document.getElementById('explorer-own').click()");
        browser.run(&measure("stale_user_hours"));
        assert_eq!(browser.run(problem), Value::Null);
    }
    browser.run(&typed("limit", 1234));
    browser.run(&typed("share", 90));
    let (tried, address) = (browser.run(TRIED), browser.run("return location.hash"));
    assert_eq!(address, "#try=stale_user_hours&stale_user_hours=1234%4090");
    browser.open(page());
    browser.run(&format!("location.hash = '{}'", address.as_str().unwrap()));
    assert_eq!(browser.run(TRIED), tried);
    // The restore time can be tried too, though no tolerance of the scenario names it.
    browser.run(&measure("restore_hours"));
    browser.run(&typed("limit", 8));
    browser.run(&typed("share", 50));
    shown(&browser).judge(&browser);
    let force = browser.run("return document.getElementById('explorer-force').textContent");
    assert!(
        force.as_str().unwrap().contains("restore time within 8\u{A0}h in 50\u{A0}% of outages")
    );
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}

#[test]
fn charts_and_tables_can_be_saved_and_a_strategy_marked() {
    let Some(browser) = opened() else { return };
    // What would be saved, caught before it leaves the page.
    browser.run(
        "window.saved = [];
         URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved.push([blob.type, text])); return 'blob:x'; };
         HTMLAnchorElement.prototype.click = function () { window.saved.push(['name', this.download]); }",
    );
    let press = |place: &str| browser.run(&format!("document.querySelector('{place}').click()"));
    press("#restore-hours .tools button");
    press("#summary .tools button");
    let saved = "return new Promise((done) => setTimeout(() => done(window.saved), 300))";
    let saved = browser.run(saved);
    let all = saved.as_array().unwrap();
    let text_of =
        |kind: &str| all.iter().find(|one| one[0] == kind).unwrap()[1].as_str().unwrap().to_owned();
    let svg = text_of("image/svg+xml");
    assert!(svg.starts_with("<svg") && svg.contains("How long an outage lasts"), "{svg}");
    assert!(!svg.contains("var(--"), "colours are plain in a file");
    let csv = text_of("text/csv");
    assert!(csv.starts_with("Strategy,Metric,"), "{}", &csv[..60]);
    // A head, and a row for each metric of each strategy, whatever the screen shows.
    assert!(csv.lines().count() > 100, "{}", csv.lines().count());
    let marked = "return document.querySelectorAll('tr.marked').length";
    assert_eq!(browser.run(marked), 0);
    press("#strategies tbody th[data-strategy]");
    assert!(browser.run(marked).as_u64().unwrap() > 3);
    assert_eq!(browser.log("browser"), Vec::<String>::new());
}

#[test]
fn tables_sort_by_pointer_and_by_key() {
    let Some(browser) = opened() else { return };
    let column = |browser: &Browser| -> (String, Vec<f64>) {
        let state = browser.run(
            "const table = document.querySelector('#strategies table:not(.verdicts)');
             const head = table.tHead.rows[0].cells[1];
             return [head.getAttribute('aria-sort'),
               [...table.tBodies[0].rows].map((row) => Number(row.cells[1].dataset.value))]",
        );
        let values = state[1].as_array().unwrap().iter().map(|value| value.as_f64().unwrap());
        (state[0].as_str().unwrap().to_owned(), values.collect())
    };
    let button =
        "document.querySelector('#strategies table:not(.verdicts) thead th:nth-child(2) button')";
    let (state, unsorted) = column(&browser);
    assert_eq!(state, "none");
    browser.run(&format!("{button}.click()"));
    let (state, rising) = column(&browser);
    assert_eq!(state, "ascending");
    assert!(rising.is_sorted() && !unsorted.is_sorted() && rising.len() == unsorted.len());
    browser.run(&format!("{button}.focus()"));
    browser.press(ENTER);
    let (state, falling) = column(&browser);
    assert_eq!(state, "descending");
    assert!(falling.is_sorted_by(|a, b| a >= b));
    // A long table begins with the rows of one metric; all are a choice away.
    let rows = "return [...document.querySelectorAll('#summary tbody tr')].filter((row) => !row.hidden).length";
    let some = browser.run(rows).as_u64().unwrap();
    browser.run(
        "const select = document.querySelector('#summary select');
         select.selectedIndex = select.length - 1; select.dispatchEvent(new Event('change'))",
    );
    assert_eq!(
        browser.run(rows).as_u64().unwrap(),
        outlast::Metric::available(true, false).count() as u64 * some
    );
}

#[test]
fn nothing_is_cut_on_a_wide_and_on_a_narrow_screen() {
    let Some(browser) = opened() else { return };
    for (width, dark) in [(1280, false), (1280, true), (400, false), (400, true)] {
        browser.look(width, dark);
        browser.open(page());
        assert_eq!(browser.run("return innerWidth"), width);
        let name = format!("{width}-{}.png", if dark { "dark" } else { "light" });
        browser.photograph(&page().with_file_name(name));
        assert_eq!(browser.run(CUT), json!([]), "{width} wide");
        assert_eq!(browser.run(OVERLAPS), json!([]), "{width} wide");
        let ground = browser.run("return getComputedStyle(document.body).backgroundColor");
        assert_eq!(ground == "rgb(255, 255, 255)", !dark, "{ground}");
    }
}

/// What is wider than the window, or whose text leaves its box. Boxes that scroll may hold what is
/// wider than they are.
const CUT: &str = "
    const wrong = [];
    const page = document.documentElement;
    if (page.scrollWidth > innerWidth) wrong.push(`page ${page.scrollWidth}`);
    const say = (element, why) => wrong.push(`${why}: ${element.tagName} ${element.textContent.slice(0, 60)}`);
    for (const element of document.body.querySelectorAll('*:not(.skip, script)')) {
      const box = element.getBoundingClientRect();
      if (box.width === 0) continue;
      const scrolls = element.parentElement.closest('.scroll, .drawing.large, select');
      if (!scrolls && (box.right > innerWidth + 1 || box.left < -1)) say(element, 'beyond the window');
      const svg = element.closest('svg');
      if (svg && element.tagName === 'text') {
        const outer = svg.getBoundingClientRect();
        if (box.left < outer.left - 1 || box.right > outer.right + 1) say(element, 'beyond its drawing');
      }
      if (svg || element.tagName === 'SELECT' || element.tagName === 'OPTION') continue;
      for (const child of element.childNodes) {
        if (child.nodeType !== Node.TEXT_NODE || child.textContent.trim() === '') continue;
        const range = document.createRange();
        range.selectNode(child);
        const text = range.getBoundingClientRect();
        const holder = element.closest('th, td, p, li, h1, h2, h3, dd, dt, pre, div, label, summary, button');
        const outer = holder.getBoundingClientRect();
        if (text.right > outer.right + 1 || text.left < outer.left - 1) say(element, 'text leaves its box');
      }
    }
    return wrong";

#[test]
fn a_hostile_name_is_text() {
    let Some(browser) = opened() else { return };
    let texts = browser.run(
        "return ['#explorer-answer tbody th', '#strategies tbody th', '#summary td, #summary th']
           .map((place) => [...document.querySelectorAll(place)].some((cell) =>
             cell.textContent.trim() === '<script>alert(1)</script>'))",
    );
    assert_eq!(texts, json!([true, true, true]), "{}", sample::HOSTILE);
    let scripts = browser.run("return document.querySelectorAll('script').length");
    assert_eq!(scripts, 2, "the data and our own");
    let drawn = browser.run(
        "return [...document.querySelectorAll('svg text')].some((text) => text.textContent.includes('<script>'))",
    );
    assert_eq!(drawn, true);
}

#[test]
fn without_script_charts_and_tables_are_all_there() {
    let Some(browser) = Browser::start() else { return };
    browser.look(1280, false);
    browser.devtools("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    browser.open(page());
    let snapshot =
        browser.devtools("DOMSnapshot.captureSnapshot", &json!({ "computedStyles": [] }));
    let strings = snapshot["strings"].as_array().unwrap();
    let shown: Vec<&str> = snapshot["documents"][0]["layout"]["text"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|index| strings.get(usize::try_from(index.as_i64()?).ok()?)?.as_str())
        .collect();
    for text in [
        "How often stale user-hours exceed a value in a year",
        "share of trials with more than the value below (logarithmic axis)",
        "Every metric of every strategy",
        "peak stale users",
        sample::HOSTILE,
        "Run it again",
    ] {
        assert!(shown.contains(&text), "{text}");
    }
    assert!(shown.iter().any(|text| text.contains("needs JavaScript")), "{shown:?}");
    assert!(!shown.contains(&"To be kept in"), "the explorer needs script");
    browser.photograph(&page().with_file_name("without-script.png"));
}

#[test]
fn the_answer_is_one_sheet_of_a4() {
    let Some(browser) = opened() else { return };
    // A4 without its margins, in pixels of 96 to an inch.
    let (wide, high) = (178.0 * 96.0 / 25.4, 261.0 * 96.0 / 25.4);
    browser.look(wide as u32, false);
    browser.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    let measured = browser.run(
        "const sheet = document.querySelector('.sheet');
         const box = sheet.getBoundingClientRect();
         return [box.bottom + scrollY, sheet.scrollHeight - sheet.clientHeight,
           sheet.querySelector('.drawing.broad svg').getBoundingClientRect().height,
           document.querySelector('.subtitle').textContent]",
    );
    assert!(measured[0].as_f64().unwrap() <= high, "{measured} of {high}");
    assert!(measured[1].as_f64().unwrap() <= 1.0, "nothing is cut: {measured}");
    assert!(measured[2].as_f64().unwrap() >= 150.0, "the chart can be read: {measured}");
    assert!(measured[3].as_str().unwrap().starts_with("1 January 1970"), "a date: {measured}");
}

#[test]
fn it_prints_on_sheets_of_a4() {
    let Some(browser) = opened() else { return };
    browser.look(1280, true);
    let pdf = browser.print();
    fs::write(page().with_file_name("report.pdf"), &pdf).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    // A4 is 595 by 842 points; wide tables lie sideways.
    let sizes: Vec<&str> =
        text.split("/MediaBox [").skip(1).filter_map(|rest| rest.split(']').next()).collect();
    let is = |size: &str, wide: f64, high: f64| {
        let numbers: Vec<f64> = size.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        (numbers[2] - wide).abs() < 2.0 && (numbers[3] - high).abs() < 2.0
    };
    assert!(sizes.iter().any(|size| is(size, 595.0, 842.0)), "{sizes:?}");
    assert!(sizes.iter().all(|size| is(size, 595.0, 842.0) || is(size, 842.0, 595.0)), "{sizes:?}");
}
