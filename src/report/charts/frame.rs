//! The canvas that every chart draws on, and the SVG file that comes of it.
//!
//! The drawing library snaps each coordinate to a whole unit. So everything is drawn at eight units
//! a pixel and the root element says the size in pixels: curves come out smooth. Drawing happens in
//! groups, as a group of SVG can carry what the library cannot: dashes, and the full name of a
//! thing for the reader who points at it.

use super::palette::{Colour, Look, Palette};
use super::{ChartError, text};
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::prelude::{IntoDrawingArea, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont, ShapeStyle, TextStyle};

/// Units of the drawing in one pixel.
const FINENESS: f64 = 8.0;
/// Width of every chart, pixels.
pub(super) const WIDTH: f64 = 800.0;
/// Room between the edge of the picture and what is drawn, pixels.
pub(super) const EDGE: f64 = 18.0;
/// Height of a line of ordinary text, pixels.
pub(super) const LINE: f64 = 17.0;
/// Font size of names, values and the legend, pixels.
pub(super) const NAME_SIZE: f64 = 13.0;
/// Font size of ticks, axis titles and notes, pixels.
pub(super) const SMALL_SIZE: f64 = 12.0;
const TITLE_SIZE: f64 = 17.0;
const TITLE_LINE: f64 = 22.0;
/// Radius of a marker, pixels.
const MARKER: f64 = 4.2;

/// What a drawing step returns.
pub(super) type Drawn = Result<(), ChartError>;

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

/// Which end of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Setting {
    pub size: f64,
    pub bold: bool,
    pub colour: Colour,
    pub anchor: Anchor,
}

impl Setting {
    /// Names and values.
    pub(super) fn name(palette: &Palette) -> Self {
        Self { size: NAME_SIZE, bold: false, colour: palette.ink, anchor: Anchor::Start }
    }

    /// Ticks, axis titles and notes.
    pub(super) fn small(palette: &Palette) -> Self {
        Self { size: SMALL_SIZE, bold: false, colour: palette.muted, anchor: Anchor::Start }
    }

    /// The same setting with another end of the text at its place.
    pub(super) fn anchored(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// What a group of SVG adds to the shapes within.
#[derive(Debug, Default)]
pub(super) struct Group<'a> {
    /// Shown when a reader points at the group; empty for none.
    pub title: &'a str,
    /// Strokes and gaps of its lines, pixels; empty for solid lines.
    pub dash: &'a [f64],
    /// How much of its colours shows over what lies below, 0 to 1; `None` for all.
    pub opacity: Option<f64>,
}

/// Title lines of a chart, planned before its height is known.
#[derive(Debug)]
pub(super) struct Heading {
    lines: Vec<String>,
    full: String,
}

impl Heading {
    /// Breaks the title into at most two lines.
    pub(super) fn plan(title: &str) -> Self {
        let full = text::name(title);
        let lines = text::wrap(&full, WIDTH - 2.0 * EDGE, 2, TITLE_SIZE, true);
        Self { lines, full }
    }

    /// Where the title ends, pixels from the top.
    pub(super) fn bottom(&self) -> f64 {
        EDGE + TITLE_LINE * self.lines.len() as f64 + 6.0
    }
}

/// A picture in the making.
pub(super) struct Frame<'p> {
    palette: &'p Palette,
    height: f64,
    body: String,
}

impl<'p> Frame<'p> {
    /// An empty picture of the given height in pixels, with its title at the top.
    pub(super) fn new(
        palette: &'p Palette,
        height: f64,
        heading: &Heading,
    ) -> Result<Self, ChartError> {
        let mut frame = Self { palette, height: height.ceil(), body: String::new() };
        let all = Area { left: 0.0, top: 0.0, right: WIDTH, bottom: frame.height };
        frame.group(Group::default(), |pen| pen.rectangle(all, palette.background))?;
        frame.group(Group { title: &heading.full, ..Group::default() }, |pen| {
            let setting = Setting { size: TITLE_SIZE, bold: true, ..Setting::name(palette) };
            for (index, line) in heading.lines.iter().enumerate() {
                let at = (EDGE, EDGE + TITLE_LINE * (index as f64 + 0.5));
                pen.text(line, at, setting)?;
            }
            Ok(())
        })?;
        Ok(frame)
    }

    /// The colours of this picture.
    pub(super) fn palette(&self) -> &'p Palette {
        self.palette
    }

    /// Draws one group of shapes.
    pub(super) fn group(
        &mut self,
        group: Group<'_>,
        draw: impl FnOnce(&Pen<'_>) -> Drawn,
    ) -> Drawn {
        let mut drawing = String::new();
        let size = ((WIDTH * FINENESS) as u32, (self.height * FINENESS) as u32);
        {
            let area = SVGBackend::with_string(&mut drawing, size).into_drawing_area();
            let pen = Pen { area, ground: self.palette.background };
            draw(&pen)?;
            pen.area.present().map_err(drawing_error)?;
        }
        self.body.push_str("<g");
        if !group.dash.is_empty() {
            let units: Vec<String> = group.dash.iter().map(|&px| units(px).to_string()).collect();
            self.body.push_str(&format!(" stroke-dasharray=\"{}\"", units.join(" ")));
        }
        if let Some(opacity) = group.opacity {
            self.body.push_str(&format!(" opacity=\"{opacity}\""));
        }
        self.body.push_str(">\n");
        if !group.title.is_empty() {
            self.body.push_str(&format!("<title>{}</title>\n", text::escape(group.title)));
        }
        self.body.push_str(shapes_of(&drawing));
        self.body.push_str("</g>\n");
        Ok(())
    }

    /// The finished SVG file. `title` and `description` are what a screen reader says.
    pub(super) fn finish(self, title: &str, description: &str) -> String {
        let (wide, high) = (units(WIDTH), units(self.height));
        let (width, height) = (WIDTH, self.height);
        let title = text::escape(&text::name(title));
        let description = text::escape(&text::clean(description));
        let body = tidied(&self.body);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {wide} {high}\" role=\"img\" stroke-linejoin=\"round\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n{body}</svg>\n"
        )
    }
}

/// The body without what the library writes for nothing. Texts and names are escaped, so no quote
/// and no angle bracket of theirs can be met here.
fn tidied(body: &str) -> String {
    let mut tidy = String::with_capacity(body.len());
    for line in body.lines() {
        tidy.push_str(line);
        // The library breaks the line on both sides of a text, which a viewer may show as a space.
        if !line.starts_with("<text ") {
            tidy.push('\n');
        }
    }
    tidy.replace("\n</text>", "</text>").replace(" \"/>", "\"/>").replace(" opacity=\"1\"", "")
}

/// What lies between the root tags of a file of the drawing library.
fn shapes_of(drawing: &str) -> &str {
    let inner = drawing.split_once(">\n").map_or("", |(_, rest)| rest);
    inner.trim_end().strip_suffix("</svg>").unwrap_or(inner)
}

fn drawing_error(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}

/// Pixels as whole units of the drawing.
fn units(pixels: f64) -> i32 {
    (pixels * FINENESS).round() as i32
}

fn place((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

/// Draws shapes given in pixels.
pub(super) struct Pen<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
    ground: Colour,
}

impl Pen<'_> {
    /// A line through the points.
    pub(super) fn path(&self, points: &[Point], colour: Colour, width: f64) -> Drawn {
        let places: Vec<_> = points.iter().copied().map(place).collect();
        let style = ShapeStyle {
            color: colour.rgb().into(),
            filled: false,
            stroke_width: units(width) as u32,
        };
        self.area.draw(&PathElement::new(places, style)).map_err(drawing_error)
    }

    /// A filled rectangle.
    pub(super) fn rectangle(&self, area: Area, colour: Colour) -> Drawn {
        let corners = [place((area.left, area.top)), place((area.right, area.bottom))];
        self.area.draw(&Rectangle::new(corners, filled(colour))).map_err(drawing_error)
    }

    /// A filled polygon.
    pub(super) fn polygon(&self, corners: &[Point], colour: Colour) -> Drawn {
        let places: Vec<_> = corners.iter().copied().map(place).collect();
        self.area.draw(&Polygon::new(places, filled(colour))).map_err(drawing_error)
    }

    /// A filled disc.
    pub(super) fn disc(&self, centre: Point, radius: f64, colour: Colour) -> Drawn {
        let circle = Circle::new(place(centre), units(radius), filled(colour));
        self.area.draw(&circle).map_err(drawing_error)
    }

    /// The marker of a series, set off from what lies under it.
    pub(super) fn marker(&self, (x, y): Point, look: Look) -> Drawn {
        let inside = if look.hollow { self.ground } else { look.colour };
        let Some(corners) = look.shape.corners() else {
            self.disc((x, y), MARKER + 1.2, self.ground)?;
            self.disc((x, y), MARKER, look.colour)?;
            return self.disc((x, y), if look.hollow { MARKER - 1.6 } else { 1.0 }, inside);
        };
        let mut outline: Vec<Point> =
            corners.iter().map(|(dx, dy)| (x + MARKER * dx, y + MARKER * dy)).collect();
        outline.extend(outline.first().copied());
        outline.extend(outline.get(1).copied());
        self.path(&outline, self.ground, if look.hollow { 4.0 } else { 2.4 })?;
        self.polygon(&outline, inside)?;
        if look.hollow { self.path(&outline, look.colour, 1.6) } else { Ok(()) }
    }

    /// A text whose middle line is at the height of `at`.
    pub(super) fn text(&self, content: &str, at: Point, setting: Setting) -> Drawn {
        let horizontal = match setting.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let weight = if setting.bold { FontStyle::Bold } else { FontStyle::Normal };
        // The library divides the size by 1.24 when it writes it.
        let font = ("sans-serif", setting.size * FINENESS * 1.24).into_font().style(weight);
        let colour = setting.colour.rgb();
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(horizontal, VPos::Center));
        self.area.draw_text(content, &style, place(at)).map_err(drawing_error)
    }
}

fn filled(colour: Colour) -> ShapeStyle {
    ShapeStyle { color: colour.rgb().into(), filled: true, stroke_width: 0 }
}
