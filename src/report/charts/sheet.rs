//! The sheet that every chart is drawn on: heading, groups of shapes, legend, notes and the file.
//!
//! A chart goes from top to bottom: the sheet knows how far it has come, so that no chart counts
//! heights. Axes, names and columns of figures are in [`plot`](super::plot). A number that has no
//! place on the sheet is remembered, and the sheet then refuses to be finished.

use super::canvas::{Canvas, FINENESS, units};
use super::palette::{Colour, Look, Palette};
use super::{ChartError, text};
use plotters::style::ShapeStyle;
use plotters_backend::DrawingBackend;

/// Room between the edge of the sheet and what is drawn, pixels.
pub(super) const EDGE: f64 = 18.0;
/// Height of a line of ordinary text, pixels.
pub(super) const LINE: f64 = 17.0;
/// Font size of names, values and the legend, pixels.
pub(super) const NAME_SIZE: f64 = 13.0;
/// Font size of ticks, axis titles and notes, pixels.
pub(super) const SMALL_SIZE: f64 = 12.0;
const TITLE_SIZE: f64 = 17.0;
const TITLE_LINE: f64 = 22.0;
/// Lines that a note may take.
const NOTE_LINES: usize = 3;
/// How far a sign above a bar may step aside for another, pixels.
const ASIDE: f64 = 5.0;
/// A segment that is narrower is hardly seen, pixels.
const SEEN: f64 = 3.0;
/// Room between two signs, wide enough that they do not read as one, pixels.
const APART: f64 = 4.0;
/// Radius of a marker, pixels.
const MARKER: f64 = 4.2;

/// A place in pixels from the upper left corner.
pub(super) type Point = (f64, f64);

/// A rectangle in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Area {
    /// Room of these half sizes around a point.
    pub(super) fn around((x, y): Point, half_width: f64, half_height: f64) -> Self {
        Self {
            left: x - half_width,
            top: y - half_height,
            right: x + half_width,
            bottom: y + half_height,
        }
    }

    /// The area with these points at two of its corners.
    pub(super) fn between(one: Point, two: Point) -> Self {
        Self {
            left: one.0.min(two.0),
            top: one.1.min(two.1),
            right: one.0.max(two.0),
            bottom: one.1.max(two.1),
        }
    }

    /// The area with its edges moved out by so much.
    pub(super) fn grown(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub(super) fn middle(self) -> Point {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextStyle {
    pub size: f64,
    pub bold: bool,
    pub colour: Colour,
    pub anchor: Anchor,
}

impl TextStyle {
    /// The same style with another end of the text at its place.
    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// What a group of SVG adds to the shapes within.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Group<'a> {
    /// Shown when a reader points at the group; empty for none.
    pub title: &'a str,
    /// Strokes and gaps of its lines, pixels; empty for solid lines.
    pub dash: &'a [f64],
    /// How much of its colours shows over what lies below, 0 to 1; `None` for all.
    pub opacity: Option<f64>,
}

/// A chart in the making.
pub(super) struct Sheet<'p> {
    pub palette: &'p Palette,
    /// How far down the sheet is filled, pixels.
    pub filled: f64,
    /// The name that is set apart, as that of the recommended strategy.
    pub strong: Option<String>,
    pub(super) body: String,
    title: String,
    /// What is being drawn, and the first thing that had no place.
    mark: String,
    misplaced: Option<String>,
}

impl<'p> Sheet<'p> {
    /// A sheet with its title, in at most two lines, at the top.
    pub(super) fn new(palette: &'p Palette, title: &str) -> Self {
        let title = text::name(title);
        let (body, mark) = (String::new(), title.clone());
        let mut sheet =
            Self { palette, filled: EDGE, strong: None, body, title, mark, misplaced: None };
        let most = if palette.is_narrow() { 4 } else { 2 };
        let lines = text::wrap(&sheet.title, sheet.room(), most, TITLE_SIZE, true);
        let style = TextStyle { size: TITLE_SIZE, bold: true, ..sheet.name_style() };
        let full = sheet.title.clone();
        sheet.titled(&full, |sheet| {
            for line in &lines {
                sheet.text(line, (EDGE, sheet.filled + TITLE_LINE / 2.0), style);
                sheet.filled += TITLE_LINE;
            }
        });
        sheet.filled += 6.0;
        sheet
    }

    /// Right edge of what is drawn, pixels.
    pub(super) fn right(&self) -> f64 {
        self.palette.width - EDGE
    }

    /// Room from edge to edge, pixels.
    pub(super) fn room(&self) -> f64 {
        self.palette.width - 2.0 * EDGE
    }

    /// Whether this is the name that is set apart.
    pub(super) fn is_strong(&self, name: &str) -> bool {
        self.strong.as_deref() == Some(name)
    }

    /// A line of small text over the whole width, such as what the upright axis shows; two where the
    /// sheet is narrow.
    pub(super) fn lead(&mut self, words: &str) {
        let words = text::clean(words);
        let lines = self.lead_lines(&words);
        for (index, line) in lines.iter().enumerate() {
            let at = (EDGE, self.filled + 12.0 + index as f64 * LINE);
            self.titled(&words, |sheet| sheet.text(line, at, sheet.small_style()));
        }
        self.filled += 30.0 + (lines.len() as f64 - 1.0) * LINE;
    }

    /// The lines of [`lead`](Self::lead).
    pub(super) fn lead_lines(&self, words: &str) -> Vec<String> {
        let most = if self.palette.is_narrow() { 2 } else { 1 };
        text::wrap(&text::clean(words), self.room(), most, SMALL_SIZE, false)
    }

    /// How names and values are set.
    pub(super) fn name_style(&self) -> TextStyle {
        let (size, colour) = (NAME_SIZE, self.palette.ink);
        TextStyle { size, bold: false, colour, anchor: Anchor::Start }
    }

    /// How ticks, axis titles and notes are set.
    pub(super) fn small_style(&self) -> TextStyle {
        let (size, colour) = (SMALL_SIZE, self.palette.muted);
        TextStyle { size, bold: false, colour, anchor: Anchor::Start }
    }

    /// Shapes that say what they are when a reader points at them.
    pub(super) fn titled(&mut self, title: &str, draw: impl FnOnce(&mut Self)) {
        self.group(Group { title, ..Group::default() }, draw);
    }

    /// Draws a group of shapes.
    pub(super) fn group(&mut self, group: Group<'_>, draw: impl FnOnce(&mut Self)) {
        self.body.push_str("<g");
        if !group.dash.is_empty() {
            let lengths: Vec<String> = group.dash.iter().map(|&px| units(px).to_string()).collect();
            self.body.push_str(&format!(" stroke-dasharray=\"{}\"", lengths.join(" ")));
        }
        if let Some(opacity) = group.opacity {
            self.body.push_str(&format!(" opacity=\"{opacity}\""));
        }
        self.body.push_str(">\n");
        let title = text::clean(group.title);
        if !title.is_empty() {
            self.body.push_str(&format!("<title>{}</title>\n", text::escape(&title)));
            self.mark = title;
        }
        draw(self);
        self.body.push_str("</g>\n");
    }

    /// Notes that something has no place.
    pub(super) fn misplace(&mut self) {
        let mark = &self.mark;
        self.misplaced.get_or_insert_with(|| mark.clone());
    }

    fn place(&mut self, (x, y): Point) -> (i32, i32) {
        if !(x.is_finite() && y.is_finite()) {
            self.misplace();
            return (0, 0);
        }
        (units(x), units(y))
    }

    /// A line through the points.
    pub(super) fn path(&mut self, points: &[Point], colour: Colour, width: f64) {
        let places: Vec<_> = points.iter().map(|&point| self.place(point)).collect();
        let _ = Canvas(&mut self.body).draw_path(places, &stroke(colour, width));
    }

    /// A dashed line, which says what it is.
    pub(super) fn line(
        &mut self,
        title: &str,
        dash: &[f64],
        points: &[Point],
        (colour, width): (Colour, f64),
    ) {
        let group = Group { title, dash, opacity: None };
        self.group(group, |sheet| sheet.path(points, colour, width));
    }

    /// A line around an area.
    pub(super) fn outline(&mut self, area: Area, colour: Colour, width: f64) {
        let Area { left, top, right, bottom } = area;
        let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
        // The first side twice, so that all corners are joined alike.
        self.path(&[&corners[..], &corners[..2]].concat(), colour, width);
    }

    /// A filled rectangle.
    pub(super) fn rectangle(&mut self, area: Area, colour: Colour) {
        let corners = [self.place((area.left, area.top)), self.place((area.right, area.bottom))];
        let _ = Canvas(&mut self.body).draw_rect(corners[0], corners[1], &fill(colour), true);
    }

    /// A filled polygon.
    pub(super) fn polygon(&mut self, corners: &[Point], colour: Colour) {
        let places: Vec<_> = corners.iter().map(|&corner| self.place(corner)).collect();
        let _ = Canvas(&mut self.body).fill_polygon(places, &fill(colour));
    }

    /// A filled disc.
    pub(super) fn disc(&mut self, centre: Point, radius: f64, colour: Colour) {
        let (centre, radius) = (self.place(centre), units(radius).unsigned_abs());
        let _ = Canvas(&mut self.body).draw_circle(centre, radius, &fill(colour), true);
    }

    /// A ring, with the ground inside it.
    pub(super) fn ring(&mut self, centre: Point, radius: f64, (colour, width): (Colour, f64)) {
        self.disc(centre, radius, colour);
        self.disc(centre, radius - width, self.palette.background);
    }

    /// The marker of a series, set off from what lies under it.
    pub(super) fn marker(&mut self, (x, y): Point, look: Look) {
        let ground = self.palette.background;
        let inside = if look.hollow { ground } else { look.colour };
        if look.shape.is_empty() {
            self.disc((x, y), MARKER + 1.2, ground);
            self.disc((x, y), MARKER, look.colour);
            return self.disc((x, y), if look.hollow { MARKER - 1.6 } else { 1.0 }, inside);
        }
        let mut outline: Vec<Point> =
            look.shape.iter().map(|(dx, dy)| (x + MARKER * dx, y + MARKER * dy)).collect();
        outline.extend_from_within(..2);
        self.path(&outline, ground, if look.hollow { 4.0 } else { 2.4 });
        self.polygon(&outline, inside);
        if look.hollow {
            self.path(&outline, look.colour, 1.6);
        }
    }

    /// An interval from left to right, with ends that show beside a mark.
    pub(super) fn whisker(
        &mut self,
        (low, high): (f64, f64),
        y: f64,
        (colour, half): (Colour, f64),
    ) {
        self.path(&[(low, y), (high, y)], colour, 2.0);
        for x in [low, high] {
            self.path(&[(x, y - half), (x, y + half)], colour, 2.0);
        }
    }

    /// A coloured segment of a bar, with its sign where there is room for it.
    pub(super) fn segment(&mut self, sign: &str, colour: Colour, area: Area) {
        self.rectangle(area, colour);
        self.sign(sign, (colour, area), area.right, f64::INFINITY);
    }

    /// The sign of a segment: inside, where enough of it stays uncovered to the left of `seen`; else
    /// above, where no other sign stands, which end at `taken`. Returns where they end then.
    pub(super) fn sign(
        &mut self,
        sign: &str,
        (colour, area): (Colour, Area),
        seen: f64,
        taken: f64,
    ) -> f64 {
        let width = text::width(sign, SMALL_SIZE, true);
        let style = TextStyle { size: SMALL_SIZE, bold: true, ..self.name_style() };
        let style = style.anchored(Anchor::Middle);
        let inside = Area { right: area.right.min(seen), ..area };
        if inside.right - inside.left >= width + 5.0 {
            self.text(sign, inside.middle(), TextStyle { colour: colour.text_on(), ..style });
            return taken;
        }
        // What is hardly seen pushes no other sign aside.
        if area.right - area.left < SEEN {
            return taken;
        }
        let centre = area.middle().0;
        let x = centre.max(taken + width / 2.0 + APART);
        if x - centre > ASIDE {
            return taken;
        }
        self.text(sign, (x, area.top - 8.0), style);
        x + width / 2.0
    }

    /// A text whose middle line is at the height of `at`.
    pub(super) fn text(&mut self, content: &str, at: Point, style: TextStyle) {
        let (x, y) = self.place(at);
        let anchor = match style.anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let weight = if style.bold { " font-weight=\"bold\"" } else { "" };
        let (size, colour) = (style.size * FINENESS, style.colour.hexadecimal());
        self.body.push_str(&format!(
            "<text x=\"{x}\" y=\"{y}\" dy=\"0.5ex\" text-anchor=\"{anchor}\" \
             font-family=\"sans-serif\" font-size=\"{size}\"{weight} fill=\"{colour}\">{}</text>\n",
            text::escape(&text::clean(content))
        ));
    }

    /// Small words on a ground that keeps the grid off them.
    pub(super) fn words(&mut self, words: &str, (x, y): Point) {
        let right = x + text::width(words, SMALL_SIZE, false) + 6.0;
        let ground = Area { left: x - 6.0, top: y - 9.0, right, bottom: y + 9.0 };
        self.rectangle(ground, self.palette.background);
        self.text(words, (x, y), self.small_style());
    }

    /// Remarks below the legend.
    pub(super) fn notes(&mut self, notes: &[String]) {
        let note_lines = if self.palette.is_narrow() { 2 * NOTE_LINES } else { NOTE_LINES };
        for note in notes.iter().map(|note| text::clean(note)).filter(|note| !note.is_empty()) {
            for line in text::wrap(&note, self.room(), note_lines, SMALL_SIZE, false) {
                let at = (EDGE, self.filled + LINE / 2.0);
                self.group(Group::default(), |sheet| sheet.text(&line, at, sheet.small_style()));
                self.filled += LINE;
            }
        }
    }

    /// The finished SVG file. Its title and the description are what a screen reader says.
    ///
    /// # Errors
    /// [`ChartError::Misplaced`] where a number had no place.
    pub(super) fn finish(self, description: &str) -> Result<String, ChartError> {
        if let Some(mark) = self.misplaced {
            return Err(ChartError::Misplaced { chart: self.title, mark });
        }
        let height = (self.filled + 8.0).ceil();
        let width = self.palette.width;
        let (wide, high) = (units(width), units(height));
        let (title, body) = (text::escape(&self.title), &self.body);
        let description = text::escape(&text::clean(description));
        let ground = self.palette.background.hexadecimal();
        Ok(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {wide} {high}\" role=\"img\" stroke-linejoin=\"round\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n\
             <g>\n<rect x=\"0\" y=\"0\" width=\"{wide}\" height=\"{high}\" fill=\"{ground}\"/>\n</g>\n\
             {body}</svg>\n"
        ))
    }
}

fn stroke(colour: Colour, width: f64) -> ShapeStyle {
    let stroke_width = units(width).unsigned_abs();
    ShapeStyle { color: colour.rgb().into(), filled: false, stroke_width }
}

fn fill(colour: Colour) -> ShapeStyle {
    ShapeStyle { color: colour.rgb().into(), filled: true, stroke_width: 0 }
}
