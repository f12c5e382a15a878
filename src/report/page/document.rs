//! The page from its first line to its last.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::charts::{ChartError, Palette};
use super::super::manifest::VERSION;
use super::super::text::count;
use super::{Page, colours, cures, explorer, figures, policy, sections, tables};
use crate::units::show_duration;

/// What is around every page.
pub(super) struct Shell<'a> {
    /// Its heading.
    pub title: &'a str,
    /// What stands below.
    pub subtitle: &'a str,
    /// Its sections: the name in links, and the heading.
    pub places: &'a [(String, &'a str)],
    /// What stands in it.
    pub main: Markup,
}

/// The whole page of a run.
pub(super) fn render(page: &Page<'_>) -> Result<String, ChartError> {
    let horizon = show_duration(page.scenario.world.horizon);
    let trials = count(page.results.summary.trials, "trial");
    let subtitle = format!("{}, horizon {horizon}, {trials}, seed {}", date(page), page.seed);
    let places = PLACES.map(|(id, name)| (id.to_owned(), name));
    Ok(shell(&Shell {
        title: &page.scenario.title(),
        subtitle: &subtitle,
        places: &places,
        main: body(page)?,
    }))
}

/// A page from its first line to its last.
pub(super) fn shell(shell: &Shell<'_>) -> String {
    let (style, script) = (style(), script());
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy::policy(&style, &script));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "outlast " (VERSION) };
                title { (shell.title) " – outlast" }
                style { (PreEscaped(&style)) }
            }
            body {
                a.skip href="#main" { "Skip to the answer" }
                header {
                    p.name { "outlast" }
                    h1 { (shell.title) }
                    p.subtitle { (shell.subtitle) }
                    nav aria-label="Contents" { ul {
                        @for (id, name) in shell.places { li { a href={ "#" (id) } { (name) } } }
                    } }
                }
                main #main tabindex="-1" { (shell.main) }
                footer { p { "Made by outlast " (VERSION) ". This page is one file and loads nothing \
                              else." } }
                script { (PreEscaped(&script)) }
            }
        }
    };
    html.into_string()
}

fn body(page: &Page<'_>) -> Result<Markup, ChartError> {
    // One chart goes with the answer, the others are for those who check it.
    let first = page.pictures.iter().position(|picture| picture.name == ON_THE_SHEET).unwrap_or(0);
    let mut figures = Vec::new();
    for picture in page.pictures {
        figures.push(figures::figure(picture)?);
    }
    let chart = (first < figures.len()).then(|| figures.remove(first));
    let tables = tables::all(page.scenario, page.results);
    Ok(html! {
        (sections::recommendation(page, chart.as_ref()))
        (sections::strategies(page))
        (explorer::section(page))
        section #charts aria-labelledby="charts-title" {
            h2 #charts-title { "Charts" }
            @for figure in figures { (figure) }
        }
        section #tables.wide[tables.iter().any(tables::is_wide)] aria-labelledby="tables-title" {
            h2 #tables-title { "Tables" }
            @for table in &tables { (tables::section(table)) }
        }
        (cures::section(page.scenario))
        (sections::assumptions(&page.scenario.assumptions))
        (sections::warnings(&page.scenario.warnings))
        (sections::method(page))
        (sections::again(page))
        (sections::terms())
    })
}

/// The chart that stands with the answer.
const ON_THE_SHEET: &str = "cost-against-risk";

/// When it was played, in the time zone of the scenario.
fn date(page: &Page<'_>) -> String {
    let there = page.made.to_zoned(page.scenario.zone().clone());
    there.strftime("%-d %B %Y").to_string()
}

/// The sections of a run: the name in links, and the heading.
const PLACES: [(&str, &str); 10] = [
    ("recommendation", "Recommendation"),
    ("strategies", "Strategies"),
    ("try", "Try other limits"),
    ("charts", "Charts"),
    ("tables", "Tables"),
    ("cures", "Cures"),
    ("assumptions", "Assumptions"),
    ("warnings", "Warnings"),
    ("method", "Method"),
    ("words", "Words"),
];

/// The style sheet, with the colours of the charts.
pub(super) fn style() -> String {
    let sheet = include_str!("style.css")
        .replace("/* light chart colours */", &colours::variables(&Palette::LIGHT))
        .replace("/* dark chart colours */", &colours::variables(&colours::DARK));
    unix(&sheet)
}

fn script() -> String {
    let parts = [
        include_str!("tables.js"),
        include_str!("save.js"),
        include_str!("numbers.js"),
        include_str!("rule.js"),
        include_str!("plot.js"),
        include_str!("explorer.js"),
    ];
    unix(&format!("\"use strict\";\n(() => {{\n{}\n}})();\n", parts.join("\n")))
}

/// Line ends as the browser counts them in a hash, whatever a checkout made of them.
pub(super) fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::super::super::charts::{Run, pictures};
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    const HOSTILE: &str = "<script>alert(1)</script><!-- \"'&";

    /// The page of a small run all of whose names, comments and notes are hostile.
    fn hostile() -> String {
        let text = include_str!("hostile.toml").replace("HOSTILE", HOSTILE);
        let scenario = Scenario::read(text, Path::new("."), HOSTILE).unwrap();
        let trials = Trials { seed: 1, range: 0..20, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        let run = Run { scenario: &scenario, results: &results, year: None, harm: None, work: &[] };
        let page = Page {
            scenario: &scenario,
            results: &results,
            pictures: &pictures(&run),
            seed: 1,
            command: HOSTILE,
            notes: &[HOSTILE.to_owned()],
            robustness: None,
            made: jiff::Timestamp::UNIX_EPOCH,
        };
        page.to_html().unwrap()
    }

    #[test]
    fn every_text_of_a_scenario_stays_text() {
        let html = hostile();
        // The style, the two scripts and the data are ours; no other element or comment begins.
        assert_eq!(html.matches("<script").count(), 2, "the data and the script");
        assert_eq!(html.matches("</script").count(), 2);
        assert_eq!(html.matches("<!").count(), 1, "the document type");
        assert!(!html.contains("alert(1)</"), "{html}");
        assert!(html.matches("alert(1)").count() > 20);
        assert_eq!(
            html.matches("alert(1)").count(),
            html.matches("script&gt;alert(1)").count()
                + html.matches("script\\u003ealert(1)").count()
        );
        // In attributes a quote is what would matter.
        let escaped = "&lt;!-- &quot;'&amp;";
        assert!(html.contains(escaped));
        assert!(!html.contains("<!-- \""));
    }

    #[test]
    fn our_script_and_style_end_where_they_should() {
        assert!(!script().contains("</") && !script().contains("<!--"));
        assert!(!style().contains("</") && !style().contains("/* light"));
        assert!(style().contains("--line-0:#005488;") && style().contains("--line-0:#1B8FE9;"));
    }

    #[test]
    fn a_page_is_whole_and_the_same_twice() {
        let html = hostile();
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">") && html.ends_with("</html>"));
        assert_eq!(html, hostile());
    }
}
