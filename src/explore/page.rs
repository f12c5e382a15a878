//! The page that is served: its frame, its script and its style. What stands in it, the script puts there.

use super::session::Explorer;
use crate::keys::Json;
use crate::report::manifest::VERSION;
use crate::report::page::live;
use crate::scenario::questions::{Kind, QUESTIONS, Question};
use maud::{DOCTYPE, Markup, html};
use serde_json::json;

/// Nothing is loaded but from this server, and no text becomes script.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                          img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The script: parts of that of the report, and those beside this file.
pub fn script() -> String {
    let parts = [
        include_str!("page/state.js"),
        include_str!("page/times.js"),
        include_str!("page/controls.js"),
        include_str!("page/tables.js"),
        include_str!("page/limits.js"),
        include_str!("page/answer.js"),
        include_str!("page/guide.js"),
        include_str!("page/app.js"),
    ];
    format!("\"use strict\";\n(() => {{\n{}\n{}\n}})();\n", live::script(), parts.join("\n"))
}

/// The style: that of the report, and what only this page has.
pub fn style() -> String {
    format!("{}\n{}", live::style(), include_str!("page/style.css"))
}

/// The frame.
pub fn html(explorer: &Explorer) -> String {
    let settings = explorer.settings();
    let opened = explorer.opened();
    let name = opened.name();
    // Who has a file needs no questions.
    let questions = QUESTIONS.iter().filter(|_| settings.words.is_empty()).map(question);
    let start = json!({
        "trials": settings.trials,
        "seed": settings.seed,
        "name": name,
        "questions": questions.collect::<Json>(),
    });
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                meta name="generator" content={ "outlast " (VERSION) };
                title { "outlast explore" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href="style.css";
            }
            body data-start=(start.to_string()) {
                a.skip href="#main" { "Skip to the answer" }
                (bar())
                div.columns {
                    (panel())
                    main #main tabindex="-1" { (answer()) }
                }
                script src="app.js" {}
            }
        }
    };
    page.into_string()
}

/// A question as the page asks it.
fn question(question: &Question) -> Json {
    let words = |words: &[(&str, &str)]| -> Json {
        words.iter().map(|(word, is)| json!([word, is])).collect()
    };
    let (kind, words) = match question.kind {
        Kind::One(some) => ("one", words(some)),
        Kind::Several(some) => ("several", words(some)),
        _ => ("text", Json::Null),
    };
    let Question { id, ask, help, usual, .. } = *question;
    // Boxes to be ticked need no words on how to write several.
    let help = if kind == "several" { "" } else { help };
    json!({ "id": id, "ask": ask, "help": help, "usual": usual, "kind": kind, "words": words })
}

/// What stands at the top of the window.
fn bar() -> Markup {
    html! {
        header.bar {
            p.name { "outlast explore" }
            h1 #title { "…" }
            div.actions role="group" aria-label="State" {
                button #undo type="button" disabled aria-keyshortcuts="Control+Z" { "Undo" }
                button #redo type="button" disabled aria-keyshortcuts="Control+Y" { "Redo" }
                button #pin type="button" aria-pressed="false" { "Pin" }
                button #link type="button" { "Copy link" }
                button #guide type="button" hidden { "Ten questions" }
                button #toml type="button" { "Save scenario" }
                button #report type="button" { "Save report" }
                button #stop type="button" { "End" }
            }
            p #progress.note {
                label { span.unseen { "Trials to play" } select #trials {} }
                span #progress-words {} progress #progress-bar max="1" value="0" aria-label="Trials played" {}
            }
        }
        p #lost.problem role="alert" hidden {}
        dialog #questions aria-labelledby="questions-title" {
            form #questions-form method="dialog" {
                h2 #questions-title { "Ten questions" }
                p.explanation { "They make a scenario of your own out of the built-in one. What you leave as it is, stays as it is there." }
                div #questions-list {}
                div.tools {
                    button #questions-done type="submit" { "Make the scenario" }
                    button #questions-never type="button" { "Cancel" }
                }
            }
        }
    }
}

/// The controls.
fn panel() -> Markup {
    html! {
        aside.panel aria-label="Assumptions" {
            details #panel open {
                summary { "Assumptions" }
                div.find {
                    label { span { "Find" } input #find type="search" autocomplete="off" placeholder="call out, price, staffed …"; }
                    p #found.note aria-live="polite" {}
                    button #reset type="button" hidden { "Undo all changes" }
                }
                p #wrong.problem role="alert" hidden {}
                div #deciding {}
                div #changed {}
                div #controls {}
            }
        }
    }
}

/// What follows from them.
fn answer() -> Markup {
    html! {
        p #spoken.unseen role="status" aria-live="polite" {}
        div #answer.live {}
        p #pinned.note hidden {}
        section #numbers aria-labelledby="numbers-title" {
            h2 #numbers-title { "Every strategy in numbers" }
            div.scroll role="group" aria-label="Every strategy in numbers" { table #numbers-table {} }
            p #numbers-note.note {}
            div.add {
                label { span { "Add a strategy" } select #template {} }
                button #add type="button" { "Add" }
            }
        }
        section #limits aria-labelledby="limits-title" {
            h2 #limits-title { "Limits" }
            p.explanation { "Drag the line, or type a limit. Each curve is a strategy: how often it stays above." }
            div.controls {
                label { span { "Tolerance" } select #limit-of {} }
                label { span { "Limit" } span.field { input #limit type="text" inputmode="decimal" autocomplete="off" aria-describedby="limit-problem"; span #limit-unit {} } }
                label { span { "To be kept in" } span.field { input #share type="text" inputmode="decimal" autocomplete="off" aria-describedby="limit-problem"; span #limit-judged { "%" } } }
            }
            p #limit-problem.problem role="alert" hidden {}
            div.plot { svg #limit-plot role="group" aria-label="Exceedance curves with the limit" {} }
        }
        section #charts aria-labelledby="charts-title" {
            h2 #charts-title { "Charts" }
            div #figures {}
        }
        section #alone aria-labelledby="alone-title" {
            h2 #alone-title { "What each assumption does alone" }
            p.explanation { "Every assumption goes from its 5 % to its 95 % point, one at a time." }
            button #tornado type="button" { "Play it" }
            p #tornado-note.note aria-live="polite" {}
            div #tornado-figure {}
        }
        div #more {}
    }
}
