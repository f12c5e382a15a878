//! The page of an answer that is no run: what a log says, or what it does to a scenario.
//!
//! Same style, script and policy as the page of a run: one file, no request, light and dark, and all
//! of it there without script. The answer comes first, then a section for each thing that was looked
//! at, each with its sentences, charts and tables.

use maud::{Markup, html};

use super::super::charts::{ChartError, Picture};
use super::super::table::Table;
use super::super::text::count;
use super::document::{Shell, shell};
use super::sentence::sentence;
use super::{figures, sections, tables};
use jiff::Timestamp;

/// Rows of a table that a page shows; the file beside it has all.
const MOST_ROWS: usize = 400;

/// A page in the making.
#[derive(Debug)]
pub struct PlainPage {
    /// What it is about: the name of the log.
    pub title: String,
    /// What was read and asked, in a sentence.
    pub subtitle: String,
    /// When it was made.
    pub made: Timestamp,
    /// Its parts; the first is the answer.
    pub parts: Vec<Part>,
}

/// A section of the page.
#[derive(Debug)]
pub struct Part {
    /// Its heading.
    pub title: String,
    /// What stands in it, from top to bottom.
    pub blocks: Vec<Block>,
}

/// Something that stands in a section.
#[derive(Debug)]
pub enum Block {
    /// The sentence that matters most.
    Headline(String),
    /// What has to be known before all else.
    Caution(String),
    /// A paragraph.
    Text(String),
    /// Sentences of equal rank.
    List(Vec<String>),
    /// What may be copied into a file or a terminal.
    Code(String),
    /// A table with its name and the file that has all of it.
    Table(String, Table, &'static str),
    /// A chart.
    Chart(Picture),
}

impl PlainPage {
    /// The page as HTML text.
    ///
    /// # Errors
    /// A chart could not be drawn.
    pub fn to_html(&self) -> Result<String, ChartError> {
        let mut places: Vec<(String, &str)> = Vec::new();
        let mut body = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            let id = format!("part-{}", index + 1);
            body.push(section(&id, part)?);
            places.push((id, &part.title));
        }
        places.push(("words".to_owned(), "Words"));
        let main = html! {
            @for section in body { (section) }
            (sections::terms())
        };
        let date = self.made.strftime("%-d %B %Y").to_string();
        Ok(shell(&Shell {
            title: &self.title,
            subtitle: &format!("{date}. {}", self.subtitle),
            places: &places,
            main,
        }))
    }
}

fn section(id: &str, part: &Part) -> Result<Markup, ChartError> {
    let mut blocks = Vec::new();
    for block in &part.blocks {
        blocks.push(one(block)?);
    }
    Ok(html! {
        section id=(id) aria-labelledby={ (id) "-title" } {
            h2 id={ (id) "-title" } { (part.title) }
            @for block in blocks { (block) }
        }
    })
}

fn one(block: &Block) -> Result<Markup, ChartError> {
    Ok(match block {
        Block::Headline(words) => html! { p.headline { (sentence(words)) } },
        Block::Caution(words) => html! { p.caution { (sentence(words)) } },
        Block::Text(words) => html! { p { (sentence(words)) } },
        Block::List(all) => html! { ul.reasons { @for words in all { li { (sentence(words)) } } } },
        Block::Code(text) => html! { pre tabindex="0" { code { (text) } } },
        Block::Table(name, table, file) => long(name, table, file),
        Block::Chart(picture) => figures::figure(picture)?,
    })
}

/// A table, folded where it is long, and cut where it is very long.
fn long(name: &str, table: &Table, file: &str) -> Markup {
    let all = table.rows.len();
    let shown = Table {
        columns: table.columns.clone(),
        rows: table.rows.iter().take(MOST_ROWS).cloned().collect(),
    };
    html! {
        details open[all <= 30] {
            summary { (name) " (" (count(all, "row")) ")" }
            (tables::scrolling(&shown, name, None))
            @if all > MOST_ROWS {
                p.note { "The first " (MOST_ROWS) " rows; all of them are in " (file) "." }
            }
        }
    }
}
