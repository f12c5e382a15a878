//! The page from its first line to its last.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::charts::Palette;
use super::{Page, colours, explorer, figures, policy, sections, tables};

/// The whole page.
pub(super) fn render(page: &Page) -> String {
    let style = style();
    let script = script();
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy::policy(&style, &script));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content={ "outlast " (page.provenance.version) };
                title { (page.title) " – outlast" }
                style { (PreEscaped(&style)) }
            }
            body {
                a.skip href="#main" { "Skip to the recommendation" }
                header {
                    p.name { "outlast" }
                    h1 { (page.title) }
                    @if !page.subtitle.is_empty() { p.subtitle { (page.subtitle) } }
                    (contents(page))
                }
                main #main tabindex="-1" { (body(page)) }
                footer { p { "Made by outlast " (page.provenance.version) ". This page is one file and \
                              loads nothing else." } }
                script { (PreEscaped(&script)) }
            }
        }
    };
    html.into_string()
}

fn body(page: &Page) -> Markup {
    let with_explorer = !page.explorer.metrics.is_empty();
    html! {
        (sections::recommendation(&page.recommendation, page.warnings.len()))
        @if has_charts(page) {
            section #charts aria-labelledby="charts-title" {
                h2 #charts-title { "Charts" }
                @if with_explorer { (explorer::section(&page.explorer)) }
                @for figure in &page.figures { (figures::figure(figure)) }
            }
        }
        @if !page.tables.is_empty() {
            section #tables.wide[page.tables.iter().any(tables::is_wide)] aria-labelledby="tables-title" {
                h2 #tables-title { "Tables" }
                @for table in &page.tables { (tables::section(table)) }
            }
        }
        (sections::assumptions(&page.assumptions))
        (sections::warnings(&page.warnings))
        (sections::method(page))
        (sections::provenance(&page.provenance))
    }
}

fn has_charts(page: &Page) -> bool {
    !page.figures.is_empty() || !page.explorer.metrics.is_empty()
}

fn contents(page: &Page) -> Markup {
    let places = [
        ("recommendation", "Recommendation", true),
        ("charts", "Charts", has_charts(page)),
        ("tables", "Tables", !page.tables.is_empty()),
        ("assumptions", "Assumptions", true),
        ("warnings", "Warnings", true),
        ("method", "Method", true),
        ("again", "Run it again", true),
    ];
    html! {
        nav aria-label="Contents" { ul {
            @for (id, name, _) in places.iter().filter(|(_, _, there)| *there) {
                li { a href={ "#" (id) } { (name) } }
            }
        } }
    }
}

/// The style sheet, with the colours of the charts.
fn style() -> String {
    let sheet = include_str!("style.css")
        .replace("/* light chart colours */", &colours::variables(&Palette::LIGHT))
        .replace("/* dark chart colours */", &colours::variables(&colours::DARK));
    unix(&sheet)
}

fn script() -> String {
    let parts = [
        include_str!("tables.js"),
        include_str!("numbers.js"),
        include_str!("plot.js"),
        include_str!("explorer.js"),
    ];
    unix(&format!("\"use strict\";\n(() => {{\n{}\n}})();\n", parts.join("\n")))
}

/// Line ends as the browser counts them in a hash, whatever a checkout made of them.
fn unix(text: &str) -> String {
    text.replace("\r\n", "\n")
}

#[cfg(test)]
mod tests {
    use super::super::{
        Assumption, Curves, DataTable, Explorer, Figure, Recommendation, VerdictRow,
    };
    use super::super::{Provenance, Warning};
    use super::*;
    use crate::report::table::{Cell, Table};
    use crate::study::verdict::Compliance;

    const HOSTILE: &str = "<script>alert(1)</script><!-- \"'&\u{2028}";

    /// A page all of whose texts are hostile.
    fn hostile() -> Page {
        let text = || HOSTILE.to_owned();
        let table = || Table { columns: vec!["strategy"], rows: vec![vec![Cell::Text(text())]] };
        let data = || DataTable {
            id: text(),
            title: text(),
            explanation: text(),
            table: table(),
            chosen_by: Some("strategy"),
        };
        Page {
            title: text(),
            subtitle: text(),
            recommendation: Recommendation {
                headline: text(),
                strategy: Some(text()),
                probability: Some((0.5, text())),
                reasons: vec![text()],
                verdicts: vec![VerdictRow {
                    strategy: text(),
                    criterion: text(),
                    wanted: 0.95,
                    of: "years".into(),
                    probability: 0.9,
                    interval: None,
                    verdict: Compliance::Missed,
                }],
                overview: Some(table()),
            },
            explorer: Explorer {
                period: text(),
                strategies: vec![text()],
                metrics: vec![Curves {
                    name: text(),
                    label: text(),
                    unit: text(),
                    meaning: text(),
                    tolerance: None,
                    lines: vec![vec![(1.0, 0.0)]],
                }],
                sampling: None,
            },
            figures: vec![Figure {
                id: text(),
                title: text(),
                explanation: text(),
                svg: "<svg></svg>".into(),
                table: Some(table()),
            }],
            tables: vec![data()],
            assumptions: vec![Assumption {
                section: text(),
                key: text(),
                value: text(),
                is_default: true,
                meaning: text(),
                source: Some(text()),
            }],
            warnings: vec![Warning { message: text(), help: Some(text()) }],
            method: vec![text()],
            closed_forms: Some(data()),
            provenance: Provenance {
                version: text(),
                seed: 1,
                trials: 1,
                scenario: Some(text()),
                sha256: text(),
                command: text(),
            },
        }
    }

    #[test]
    fn every_text_of_a_scenario_stays_text() {
        let html = hostile().to_html();
        // The style, the two scripts and the data are ours; no other element or comment begins.
        assert_eq!(html.matches("<script").count(), 2, "the data and the script");
        assert_eq!(html.matches("</script").count(), 2);
        assert_eq!(html.matches("<!").count(), 1, "the document type");
        assert!(!html.contains("alert(1)</"), "{html}");
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
    fn an_empty_page_is_whole_and_the_same_twice() {
        let html = Page::default().to_html();
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">") && html.ends_with("</html>"));
        assert_eq!(html, Page::default().to_html());
        assert!(!html.contains("id=\"explorer\"") && !html.contains("#charts"));
    }
}
