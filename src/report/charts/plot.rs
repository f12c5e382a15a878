//! The plot of a sheet: two axes with their mesh, or names and figures beside one axis.
//!
//! Coordinates, mesh and series are the drawing library's: an [`Axis`] is one of its ranges, and
//! what a chart gives as values it maps and draws on our [`Canvas`].

use super::axis::Axis;
use super::canvas::{Canvas, units};
use super::legend::LIMIT;
use super::palette::Colour;
use super::sheet::{
    Anchor, Area, EDGE, Group, LINE, NAME_SIZE, Point, SMALL_SIZE, Sheet, TextStyle,
};
use super::text;
use plotters::coord::cartesian::{Cartesian2d, MeshLine};
use plotters::drawing::DrawingArea;
use plotters::element::{PathElement, Polygon};
use plotters::style::Color;
use plotters_backend::DrawingBackend;

/// Most room for the names at the left, pixels.
const WIDEST: f64 = 250.0;
/// Lines that a name may take.
const LINES: usize = 2;
/// Lines that the title below a plot may take.
const MOST_TITLE_LINES: usize = 3;
/// Room between two columns, pixels.
const GAP: f64 = 16.0;
/// Height of the tick labels under a plot, pixels.
const TICKS: f64 = 24.0;

/// An area with a range of values along each side.
pub(super) struct Plot {
    pub area: Area,
    /// Half the height of the names above the rows of a narrow sheet, pixels: by so much the rows stand
    /// lower than an even division of the area.
    pub names: f64,
    pub x: Axis,
    pub y: Axis,
}

impl Plot {
    /// Where two values meet.
    pub(super) fn at(&self, (x, y): (f64, f64)) -> Point {
        (self.x.at(x), self.y.at(y))
    }

    /// How far down a place in a row is: 2.5 is the middle of the third. What is at the edge of a row of
    /// a narrow sheet stands below its name.
    pub(super) fn within(&self, place: f64) -> f64 {
        let middle = place.floor() + 0.5;
        let height = self.y.at(1.0) - self.y.at(0.0) - 2.0 * self.names;
        self.y.at(middle) + (place - middle) * height
    }

    /// The upper edge of a row, above its name.
    pub(super) fn above(&self, row: usize) -> f64 {
        self.y.at(row as f64) - self.names
    }

    fn on<'a>(&self, body: &'a mut String) -> DrawingArea<Canvas<'a>, Cartesian2d<Axis, Axis>> {
        let across = units(self.x.start)..units(self.x.end);
        let up = units(self.y.start)..units(self.y.end);
        let coordinates = Cartesian2d::new(self.x.clone(), self.y.clone(), (across, up));
        Canvas(body).area().apply_coord_spec(coordinates)
    }
}

/// A column of figures at the right of a plot of rows.
pub(super) struct Column {
    pub head: &'static str,
    pub figures: Vec<Figure>,
}

/// A printed figure.
pub(super) struct Figure {
    /// Where it stands, counted in rows from the top: 0.5 is the middle of the first.
    pub row: f64,
    pub text: String,
    pub bold: bool,
}

impl Column {
    /// One figure for each row.
    pub(super) fn new(head: &'static str, bold: bool, texts: impl Iterator<Item = String>) -> Self {
        let figure = |(row, text)| Figure { row: row as f64 + 0.5, text, bold };
        Self { head, figures: texts.enumerate().map(figure).collect() }
    }

    fn width(&self) -> f64 {
        let figures = self.figures.iter().map(|f| text::width(&f.text, NAME_SIZE, f.bold));
        figures.fold(text::width(self.head, SMALL_SIZE, false), f64::max)
    }
}

impl Sheet<'_> {
    /// A plot of so many pixels' height between two axes, each made from where it starts and ends.
    pub(super) fn plot(
        &mut self,
        height: f64,
        x: impl Fn(f64, f64) -> Axis,
        y: impl Fn(f64, f64) -> Axis,
    ) -> Plot {
        let top = self.filled + self.lead_height();
        let bottom = top + height;
        let y = y(bottom, top);
        let left = EDGE + y.widest() + 8.0;
        // The last label stands centred under the end of the plot.
        let right = self.right() - x(left, self.right()).widest() / 2.0;
        Plot { area: Area { left, top, right, bottom }, names: 0.0, x: x(left, right), y }
    }

    /// Room for the title of the upright axis, which stands above the plot, pixels.
    fn lead_height(&self) -> f64 {
        if self.palette.is_narrow() { 30.0 + LINE } else { 30.0 }
    }

    /// A row for each name: the name at its left, its figures at its right, and the plot between.
    pub(super) fn rows(
        &mut self,
        names: &[String],
        least: f64,
        columns: &[Column],
        x: impl Fn(f64, f64) -> Axis,
    ) -> Plot {
        if self.palette.is_narrow() {
            return self.narrow_rows(names, least, columns, x);
        }
        self.rows_beside(names, least, columns, x)
    }

    /// The same with the names at the left on a narrow sheet too, if they are short.
    pub(super) fn rows_beside(
        &mut self,
        names: &[String],
        least: f64,
        columns: &[Column],
        x: impl Fn(f64, f64) -> Axis,
    ) -> Plot {
        let bold = |name: &str| self.is_strong(name);
        let wrapped = |name: &str, bold| text::wrap(name, WIDEST, LINES, NAME_SIZE, bold);
        let distinct = text::distinguished(names, |name| wrapped(name, bold(name)).join(" "));
        let strong: Vec<bool> = names.iter().map(|name| bold(name)).collect();
        let named = distinct.iter().zip(&strong);
        let lines: Vec<Vec<String>> = named.map(|(name, &bold)| wrapped(name, bold)).collect();
        let width = |(lines, bold): (&Vec<String>, &bool)| {
            lines.iter().map(|line| text::width(line, NAME_SIZE, *bold)).fold(0.0, f64::max)
        };
        let left = EDGE + lines.iter().zip(&strong).map(width).fold(0.0, f64::max) + 14.0;
        let tallest = lines.iter().map(Vec::len).max().unwrap_or(1);
        let height = least.max(14.0 + LINE * tallest as f64);
        let heads = columns.iter().any(|column| !column.head.is_empty());
        let top = self.filled + if heads { 26.0 } else { 4.0 };
        let mut right = self.right();
        for column in columns.iter().rev() {
            self.column(column, (right, top), (height, None));
            right -= column.width() + GAP;
        }
        let right = if columns.is_empty() { right - 8.0 } else { right };
        let bottom = top + height * names.len() as f64;
        let style = self.name_style().anchored(Anchor::End);
        for (row, (name, lines)) in names.iter().zip(&lines).enumerate() {
            let middle = top + (row as f64 + 0.5) * height;
            let first = middle - (lines.len() as f64 - 1.0) / 2.0 * LINE;
            let style = TextStyle { bold: strong[row], ..style };
            self.titled(name, |sheet| {
                for (index, line) in lines.iter().enumerate() {
                    sheet.text(line, (left - 14.0, first + index as f64 * LINE), style);
                }
            });
        }
        let y = Axis::bare(names.len() as f64, top, bottom);
        Plot { area: Area { left, top, right, bottom }, names: 0.0, x: x(left, right), y }
    }

    /// The rows of a narrow sheet: each name stands above its row, in two lines where it is long, with
    /// the figures at its right as far as there is room.
    fn narrow_rows(
        &mut self,
        names: &[String],
        least: f64,
        columns: &[Column],
        x: impl Fn(f64, f64) -> Axis,
    ) -> Plot {
        let heads = columns.iter().any(|column| !column.head.is_empty());
        let top = self.filled + if heads { 26.0 } else { 8.0 };
        // Half of the sheet belongs to the name.
        let (mut right, mut shown) = (self.right(), Vec::new());
        for column in columns.iter().rev() {
            // Several figures of one row would stand over each other beside its name.
            let has_room = right - column.width() >= self.palette.width / 2.0;
            if has_room && column.figures.len() <= names.len() {
                shown.push((column, right));
                right -= column.width() + GAP;
            }
        }
        // Names stand to the right of the line at which values begin.
        let from = EDGE + 8.0;
        let (room, style) = (right - from - 4.0, self.name_style());
        let bold: Vec<bool> = names.iter().map(|name| self.is_strong(name)).collect();
        let wrapped = |name: &str, bold| text::wrap(name, room, LINES, NAME_SIZE, bold);
        let joined = |name: &str| wrapped(name, self.is_strong(name)).join(" ");
        let distinct = text::distinguished(names, joined);
        let lines: Vec<Vec<String>> =
            distinct.iter().zip(&bold).map(|(name, &bold)| wrapped(name, bold)).collect();
        let tallest = LINE * lines.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let height = least + tallest;
        for (column, right) in shown {
            self.column(column, (right, top), (height, Some(tallest - LINE / 2.0)));
        }
        for (row, (name, lines)) in names.iter().zip(&lines).enumerate() {
            // A name of one line stands next to its row.
            let first = tallest - LINE * (lines.len() as f64 - 0.5);
            let style = TextStyle { bold: bold[row], ..style };
            self.titled(name, |sheet| {
                for (index, line) in lines.iter().enumerate() {
                    let y = top + row as f64 * height + first + index as f64 * LINE;
                    sheet.text(line, (from, y), style);
                }
            });
        }
        // The first and the last label stand centred under the ends of the plot.
        let end = self.right() - 8.0;
        let label = x(EDGE, end).widest() / 2.0 + 2.0;
        let left = label.max(EDGE);
        let right = end.min(self.palette.width - label);
        let bottom = top + height * names.len() as f64;
        // Rows begin below their names.
        let below = tallest / 2.0;
        let y = Axis::bare(names.len() as f64, top + below, bottom + below);
        let area = Area { left, top, right, bottom: bottom + below };
        Plot { area, names: below, x: x(left, right), y }
    }

    /// The figures of a column that ends at `right`, in rows of one height: each at its place in its
    /// row, or so far below the top of it.
    fn column(
        &mut self,
        column: &Column,
        (right, top): Point,
        (height, below): (f64, Option<f64>),
    ) {
        let (small, name) = (self.small_style(), self.name_style().anchored(Anchor::End));
        self.group(Group::default(), |sheet| {
            if !column.head.is_empty() {
                sheet.text(column.head, (right, top - 12.0), small.anchored(Anchor::End));
            }
            for figure in &column.figures {
                let style = TextStyle { bold: figure.bold, ..name };
                let y = match below {
                    Some(below) => figure.row.floor() * height + below,
                    None => figure.row * height,
                };
                sheet.text(&figure.text, (right, top + y), style);
            }
        });
    }

    /// Draws the mesh, the tick labels and the titles of both axes. That of the upright axis stands
    /// above it; in a plot of rows it is empty.
    pub(super) fn axes(&mut self, plot: &Plot, [below, upright]: [&str; 2]) {
        let area = plot.area;
        let small = self.small_style();
        let grid = self.palette.grid.rgb().stroke_width(units(1.0).unsigned_abs());
        self.group(Group::default(), |sheet| {
            let mesh = plot.on(&mut sheet.body).draw_mesh(
                |canvas, line| match line {
                    MeshLine::XMesh(from, to, _) | MeshLine::YMesh(from, to, _) => {
                        canvas.draw_line(from, to, &grid)
                    }
                },
                0,
                0,
            );
            if mesh.is_err() {
                sheet.misplace();
            }
            for tick in &plot.x.ticks {
                let at = (plot.x.at(tick.value), area.bottom + 16.0);
                sheet.text(&tick.label, at, small.anchored(Anchor::Middle));
            }
            for tick in &plot.y.ticks {
                let at = (area.left - 8.0, plot.y.at(tick.value));
                sheet.text(&tick.label, at, small.anchored(Anchor::End));
            }
        });
        if !upright.is_empty() {
            let words = format!("{upright}{}", plot.y.kind());
            let lines = self.lead_lines(&words).len();
            self.filled = area.top - 30.0 - (lines as f64 - 1.0) * LINE;
            self.lead(&words);
        }
        let full = text::clean(&format!("{below}{}", plot.x.kind()));
        // Nothing else stands here, so a long title may use the whole width, and more lines than one.
        let lines = text::wrap(&full, self.room(), MOST_TITLE_LINES, SMALL_SIZE, false);
        let widest = lines.iter().map(|line| text::width(line, SMALL_SIZE, false));
        let half = widest.fold(0.0, f64::max) / 2.0;
        let middle = area.middle().0.min(self.right() - half).max(EDGE + half);
        let first = area.bottom + TICKS + LINE / 2.0 + 2.0;
        self.titled(&full, |sheet| {
            for (at, line) in lines.iter().enumerate() {
                let place = (middle, first + at as f64 * LINE);
                sheet.text(line, place, small.anchored(Anchor::Middle));
            }
        });
        self.filled = area.bottom + TICKS + lines.len() as f64 * LINE + 4.0;
    }

    /// The line that values start from: below a plot of two axes.
    pub(super) fn base(&mut self, plot: &Plot) {
        let Area { left, right, bottom, .. } = plot.area;
        self.line("", &[], &[(left, bottom), (right, bottom)], (self.palette.axis, 1.2));
    }

    /// The line at `x` that the values of so many rows start from. Where names stand above their rows
    /// it leaves them free.
    pub(super) fn base_of_rows(&mut self, plot: &Plot, x: f64, rows: usize, width: f64) {
        let (area, colour) = (plot.area, self.palette.axis);
        if plot.names <= 0.0 {
            self.path(&[(x, area.top - 3.0), (x, area.bottom)], colour, width);
            return;
        }
        for row in 0..rows {
            let [top, bottom] = [row, row + 1].map(|edge| plot.y.at(edge as f64));
            self.path(&[(x, top + plot.names), (x, bottom - plot.names)], colour, width);
        }
    }

    /// A line through pairs of values.
    pub(super) fn series(
        &mut self,
        plot: &Plot,
        values: Vec<(f64, f64)>,
        (colour, width): (Colour, f64),
    ) {
        self.check(&values);
        let style = colour.rgb().stroke_width(units(width).unsigned_abs());
        let line = PathElement::new(values, style);
        if plot.on(&mut self.body).draw(&line).is_err() {
            self.misplace();
        }
    }

    /// The room between a lower and an upper line.
    pub(super) fn band(&mut self, plot: &Plot, [low, high]: [&[(f64, f64)]; 2], colour: Colour) {
        let values: Vec<_> = high.iter().chain(low.iter().rev()).copied().collect();
        self.check(&values);
        let area = Polygon::new(values, colour.rgb().filled());
        if plot.on(&mut self.body).draw(&area).is_err() {
            self.misplace();
        }
    }

    /// The line of a limit across a plot of rows.
    pub(super) fn limit(&mut self, plot: &Plot, value: f64, words: &str) {
        let (x, area) = (plot.x.at(value), plot.area);
        let line = [(x, area.top - 4.0), (x, area.bottom)];
        self.line(words, &LIMIT, &line, (self.palette.ink, 1.3));
    }

    fn check(&mut self, values: &[(f64, f64)]) {
        if values.iter().any(|(x, y)| !(x.is_finite() && y.is_finite())) {
            self.misplace();
        }
    }
}
