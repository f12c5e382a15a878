//! Colours, dashes and markers: what tells one series from another.
//!
//! Colours are those of Okabe and Ito (Color Universal Design, 2008), which people with any common
//! colour blindness can tell apart. Yellow serves areas only, as a thin yellow line on white cannot
//! be seen. A dark look is a second value of [`Palette`], not second code.

use plotters::style::RGBColor;

/// A colour: red, green, blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(
    /// Red, 0 to 255.
    pub u8,
    /// Green, 0 to 255.
    pub u8,
    /// Blue, 0 to 255.
    pub u8,
);

impl Colour {
    /// The same colour in the words of the drawing library.
    pub(super) fn rgb(self) -> RGBColor {
        RGBColor(self.0, self.1, self.2)
    }

    /// This colour with `share` of it kept and the rest replaced by `ground`.
    pub(super) fn faded(self, share: f64, ground: Colour) -> Colour {
        let mix = |over: u8, under: u8| {
            (f64::from(over) * share + f64::from(under) * (1.0 - share)).round() as u8
        };
        Colour(mix(self.0, ground.0), mix(self.1, ground.1), mix(self.2, ground.2))
    }

    /// Whether white text reads better on this colour than black text. Weights of the three
    /// channels: ITU-R BT.601.
    pub(super) fn is_dark(self) -> bool {
        299 * u32::from(self.0) + 587 * u32::from(self.1) + 114 * u32::from(self.2) < 128_000
    }
}

/// All colours of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Palette {
    /// Behind everything.
    pub background: Colour,
    /// Title, names, printed values.
    pub ink: Colour,
    /// Tick labels, axis titles, notes.
    pub muted: Colour,
    /// Lines of the grid.
    pub grid: Colour,
    /// The line that values start from.
    pub axis: Colour,
    /// Curves and boxes, in the order of the strategies.
    pub lines: [Colour; 7],
    /// Segments of bars, in the order of the causes.
    pub areas: [Colour; 8],
    /// The segment of all remaining causes.
    pub other: Colour,
}

const BLACK: Colour = Colour(0, 0, 0);
const ORANGE: Colour = Colour(230, 159, 0);
const SKY_BLUE: Colour = Colour(86, 180, 233);
const BLUISH_GREEN: Colour = Colour(0, 158, 115);
const YELLOW: Colour = Colour(240, 228, 66);
const BLUE: Colour = Colour(0, 114, 178);
const VERMILLION: Colour = Colour(213, 94, 0);
const REDDISH_PURPLE: Colour = Colour(204, 121, 167);

impl Palette {
    /// Dark text on white.
    pub const LIGHT: Palette = Palette {
        background: Colour(255, 255, 255),
        ink: Colour(31, 31, 31),
        muted: Colour(89, 89, 89),
        grid: Colour(230, 230, 230),
        axis: Colour(140, 140, 140),
        lines: [BLUE, VERMILLION, BLUISH_GREEN, REDDISH_PURPLE, ORANGE, BLACK, SKY_BLUE],
        areas: [
            BLUE,
            ORANGE,
            BLUISH_GREEN,
            REDDISH_PURPLE,
            SKY_BLUE,
            VERMILLION,
            YELLOW,
            Colour(64, 64, 64),
        ],
        other: Colour(190, 190, 190),
    };

    /// How the strategy at `index` is drawn. Markers repeat after 12 strategies, the whole look
    /// after 84.
    pub(super) fn look(&self, index: usize) -> Look {
        Look {
            colour: self.lines[index % self.lines.len()],
            dash: DASHES[index % DASHES.len()],
            shape: SHAPES[index % SHAPES.len()],
            hollow: (index / SHAPES.len()) % 2 == 1,
        }
    }
}

/// Lengths in pixels of strokes and gaps in turn.
const DASHES: [&[f64]; 4] = [&[], &[9.0, 3.5], &[2.5, 2.5], &[11.0, 3.0, 2.5, 3.0]];

const SHAPES: [Shape; 6] = [
    Shape::Circle,
    Shape::Square,
    Shape::TriangleUp,
    Shape::Diamond,
    Shape::TriangleDown,
    Shape::Cross,
];

/// Outline of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    TriangleUp,
    Diamond,
    TriangleDown,
    Cross,
}

/// How one series is drawn: three cues, so that no reader depends on colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// Colour of line and marker.
    pub colour: Colour,
    /// Strokes and gaps, pixels; empty for a solid line.
    pub dash: &'static [f64],
    /// Outline of the marker.
    pub shape: Shape,
    /// Whether the marker is an outline only.
    pub hollow: bool,
}

impl Shape {
    /// Corners around the centre for a marker of radius 1; `None` for the circle.
    pub(super) fn corners(self) -> Option<&'static [(f64, f64)]> {
        match self {
            Shape::Circle => None,
            Shape::Square => Some(&[(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)]),
            Shape::TriangleUp => Some(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
            Shape::Diamond => Some(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
            Shape::TriangleDown => Some(&[(0.0, 1.2), (-1.1, -0.8), (1.1, -0.8)]),
            Shape::Cross => Some(&[
                (-0.42, -1.1),
                (0.42, -1.1),
                (0.42, -0.42),
                (1.1, -0.42),
                (1.1, 0.42),
                (0.42, 0.42),
                (0.42, 1.1),
                (-0.42, 1.1),
                (-0.42, 0.42),
                (-1.1, 0.42),
                (-1.1, -0.42),
                (-0.42, -0.42),
            ]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_84_strategies_all_look_different() {
        let looks: Vec<Look> = (0..84).map(|index| Palette::LIGHT.look(index)).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look), "look {index} repeats");
        }
    }

    #[test]
    fn twelve_strategies_can_be_told_apart_without_colour() {
        let marks: Vec<_> = (0..12).map(|index| Palette::LIGHT.look(index)).collect();
        for (index, look) in marks.iter().enumerate() {
            let twin =
                marks[..index].iter().any(|m| (m.shape, m.hollow) == (look.shape, look.hollow));
            assert!(!twin, "marker {index} repeats");
        }
    }
}
