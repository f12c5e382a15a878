//! Which strategy is the choice where: a cell for each pair of values of two inputs.
//!
//! A cell has the colour of its strategy and carries its sign. Where the trials leave the choice
//! open the cell is pale and its sign has a question mark: together such cells are the band in
//! which more trials, or a better estimate of the inputs, would have to decide. A cell in which no
//! strategy keeps every tolerance is blank with a dash.

use super::axis::{Axis, Tick};
use super::bars::SWATCH;
use super::legend::Key;
use super::palette::Colour;
use super::plot::Plot;
use super::sheet::{Anchor, Area, Group, NAME_SIZE, Sheet, TextStyle};
use super::{ChartError, Palette, names, some, text};

/// Height of the plot, pixels.
const HEIGHT: f64 = 380.0;
/// How much of its colour an undecided cell keeps.
const PALE: f64 = 0.35;

/// A map of choices.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionMap {
    /// What the chart says, in plain words.
    pub title: String,
    /// The input of the columns.
    pub x_label: String,
    /// The input of the rows.
    pub y_label: String,
    /// Values of the columns, from left to right.
    pub columns: Vec<String>,
    /// Values of the rows, from the bottom to the top.
    pub rows: Vec<String>,
    /// All strategies.
    pub strategies: Vec<String>,
    /// The cells, in any order.
    pub cells: Vec<Cell>,
    /// Row and column of the cell in which the scenario stands, if it is on the map.
    pub assumed: Option<[usize; 2]>,
    /// What stands below the map.
    pub notes: Vec<String>,
}

/// What is chosen in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The row, from the bottom.
    pub row: usize,
    /// The column, from the left.
    pub column: usize,
    /// The strategy, by its place; none where none keeps every tolerance.
    pub choice: Option<usize>,
    /// Whether the trials are sure of it.
    pub settled: bool,
}

impl DecisionMap {
    /// The chart as SVG text.
    ///
    /// # Errors
    /// There is no strategy, no row or no column.
    pub fn draw(&self, palette: &Palette) -> Result<String, ChartError> {
        let names = names(self.strategies.iter(), &self.title)?;
        some(&self.columns, &self.title, "columns")?;
        some(&self.rows, &self.title, "rows")?;
        let mut sheet = Sheet::new(palette, &self.title);
        let plot = sheet.plot(
            HEIGHT,
            |start, end| steps(&self.columns, start, end),
            |start, end| steps(&self.rows, start, end),
        );
        sheet.axes(&plot, [&self.x_label, &self.y_label]);
        // The mesh must not show between the cells.
        sheet.group(Group::default(), |sheet| sheet.rectangle(plot.area, palette.background));
        for cell in &self.cells {
            let area = area(&plot, cell.row, cell.column);
            let look = self.look(palette, cell);
            sheet.titled(&self.in_words(cell, &names), |sheet| draw_cell(sheet, area, look));
        }
        if let Some([row, column]) = self.assumed {
            sheet.titled("nearest to the scenario as it stands", |sheet| {
                sheet.outline(area(&plot, row, column).grown(-1.5), palette.ink, 3.0);
            });
        }
        let keys = self.keys(palette, &names);
        sheet.legend(&keys, SWATCH);
        sheet.notes(&self.notes);
        sheet.finish(&self.description(&names))
    }

    /// The strategies that are somewhere the choice, in their order.
    fn chosen(&self) -> Vec<usize> {
        let is_chosen = |at: &usize| self.cells.iter().any(|cell| cell.choice == Some(*at));
        (0..self.strategies.len()).filter(is_chosen).collect()
    }

    /// The number of a strategy in the scenario, and its colour: the strategies on the map have the
    /// clearest colours, however many there are beside them.
    fn sign(&self, palette: &Palette, strategy: usize) -> (String, Colour) {
        let rank = self.chosen().iter().position(|at| *at == strategy).unwrap_or_default();
        ((strategy + 1).to_string(), palette.place(rank))
    }

    /// Sign and colour of a cell.
    fn look(&self, palette: &Palette, cell: &Cell) -> (String, Colour) {
        let (sign, colour) = match cell.choice {
            Some(at) => self.sign(palette, at),
            None if cell.settled => ("\u{2013}".to_owned(), palette.background),
            None => (String::new(), palette.other),
        };
        match cell.settled {
            true => (sign, colour),
            false => (format!("{sign}?"), colour.faded(PALE, palette.background)),
        }
    }

    fn keys<'a>(&self, palette: &'a Palette, names: &[String]) -> Vec<Key<'a>> {
        let key = |at: usize| {
            let (sign, colour) = self.sign(palette, at);
            Key::new(&names[at], move |sheet, area| sheet.segment(&sign, colour, area))
        };
        let mut keys: Vec<Key<'_>> = self.chosen().into_iter().map(key).collect();
        if self.cells.iter().any(|cell| !cell.settled) {
            keys.push(Key::new("undecided: more trials would have to tell", move |sheet, area| {
                draw_sign(sheet, area, ("?", palette.other.faded(PALE, palette.background)));
            }));
        }
        if self.cells.iter().any(|cell| cell.choice.is_none() && cell.settled) {
            keys.push(Key::new("no strategy keeps every tolerance", move |sheet, area| {
                draw_sign(sheet, area, ("\u{2013}", palette.background));
                sheet.outline(area, palette.grid, 1.0);
            }));
        }
        if self.assumed.is_some() {
            keys.push(Key::new("nearest to the scenario as it stands", move |sheet, area| {
                sheet.outline(area.grown(-2.0), palette.ink, 3.0);
            }));
        }
        keys
    }

    fn in_words(&self, cell: &Cell, names: &[String]) -> String {
        let choice = cell.choice.map_or("no strategy", |at| names[at].as_str());
        let open = if cell.settled { "" } else { ", undecided" };
        let value = |of: &[String], at: usize| of.get(at).map_or(String::new(), Clone::clone);
        format!(
            "{} {}, {} {}: {choice}{open}",
            self.x_label,
            value(&self.columns, cell.column),
            self.y_label,
            value(&self.rows, cell.row),
        )
    }

    fn description(&self, names: &[String]) -> String {
        let count = |is: &dyn Fn(&&Cell) -> bool| self.cells.iter().filter(is).count();
        let mut parts: Vec<String> = self
            .chosen()
            .into_iter()
            .map(|at| (at, count(&|cell| cell.choice == Some(at))))
            .map(|(at, cells)| format!("{} in {cells}", names[at]))
            .collect();
        parts.push(format!("none in {}", count(&|cell| cell.choice.is_none())));
        parts.push(format!("undecided in {}", count(&|cell| !cell.settled)));
        format!(
            "Choice by {} and {}, cells of {}: {}.",
            self.x_label,
            self.y_label,
            self.cells.len(),
            parts.join(", ")
        )
    }
}

/// An axis with a step of 1 for each value, and its label in the middle.
fn steps(values: &[String], start: f64, end: f64) -> Axis {
    let tick = |(at, value): (usize, &String)| {
        let value = text::shorten(&text::clean(value), 110.0, NAME_SIZE, false);
        Tick { value: at as f64 + 0.5, label: value }
    };
    let all: Vec<Tick> = values.iter().enumerate().map(tick).collect();
    // Both ends first, so that they keep their labels where there is little room.
    let last = all.len().saturating_sub(1);
    let ends = [0, last].into_iter().filter_map(|at| all.get(at).cloned());
    let given: Vec<Tick> = ends.chain(all.iter().cloned()).collect();
    Axis::given(values.len() as f64, given, start, end)
}

fn area(plot: &Plot, row: usize, column: usize) -> Area {
    let corners = [0.0, 1.0].map(|edge| plot.at((column as f64 + edge, row as f64 + edge)));
    Area::between(corners[0], corners[1]).grown(-0.5)
}

fn draw_cell(sheet: &mut Sheet<'_>, area: Area, (sign, colour): (String, Colour)) {
    draw_sign(sheet, area, (&sign, colour));
}

fn draw_sign(sheet: &mut Sheet<'_>, area: Area, (sign, colour): (&str, Colour)) {
    sheet.rectangle(area, colour);
    let style = TextStyle { colour: colour.text_on(), ..sheet.small_style() };
    let fits = text::width(sign, style.size, false) + 2.0 <= area.right - area.left
        && style.size <= area.bottom - area.top;
    if fits {
        sheet.text(sign, area.middle(), style.anchored(Anchor::Middle));
    }
}
