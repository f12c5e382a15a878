//! Colours, dashes and markers: what tells one series from another.
//!
//! Every colour of a mark stands out from its background by a contrast of 3 to 1, every text by 4.5
//! to 1 (Web Content Accessibility Guidelines 2.2, 1.4.11 and 1.4.3), and people with any common
//! colour blindness can tell the colours of one palette apart; the tests hold all three. A dark
//! look is a second value of [`Palette`], not second code.

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
    /// A colour from its code 0xRRGGBB.
    const fn hex(code: u32) -> Colour {
        let [_, red, green, blue] = code.to_be_bytes();
        Colour(red, green, blue)
    }

    /// The same colour in the words of the drawing library.
    pub(super) fn rgb(self) -> RGBColor {
        RGBColor(self.0, self.1, self.2)
    }

    /// The colour as SVG writes it.
    pub(in crate::report) fn hexadecimal(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.0, self.1, self.2)
    }

    /// This colour with `share` of it kept and the rest replaced by `ground`.
    pub(in crate::report) fn faded(self, share: f64, ground: Colour) -> Colour {
        let mix = |over: u8, under: u8| {
            (f64::from(over) * share + f64::from(under) * (1.0 - share)).round() as u8
        };
        Colour(mix(self.0, ground.0), mix(self.1, ground.1), mix(self.2, ground.2))
    }

    /// How bright the colour looks, 0 to 1 (relative luminance, WCAG 2.2).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// How well one colour stands out from the other: 1 (not at all) to 21 (WCAG 2.2).
    pub(super) fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if one > two { one / two } else { two / one }
    }

    /// Black or white, whichever reads better on this colour. Its contrast is never below 4.5.
    pub(in crate::report) fn text_on(self) -> Colour {
        if self.contrast(WHITE) > self.contrast(BLACK) { WHITE } else { BLACK }
    }
}

/// All colours of a chart.
#[derive(Debug, Clone, PartialEq)]
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
    pub lines: [Colour; 12],
    /// Segments of bars, in the order of the causes.
    pub areas: [Colour; 8],
    /// The segment of all remaining causes.
    pub other: Colour,
    /// Steps of a recovery, in the order of time: neighbours are told apart, and none is a colour of
    /// a cause or a strategy.
    pub steps: [Colour; 12],
    /// From little to much, for areas side by side; the distance from the background only grows.
    pub heat: [Colour; 5],
    /// Width of the sheet, pixels. Below [`NARROW`] names stand above their rows.
    pub width: f64,
}

/// Sheets narrower than this are made for a telephone, pixels.
pub(super) const NARROW: f64 = 600.0;

const BLACK: Colour = Colour(0, 0, 0);
const WHITE: Colour = Colour(255, 255, 255);

/// Colours as SVG and every colour picker write them: 0xRRGGBB.
const fn colours<const N: usize>(codes: [u32; N]) -> [Colour; N] {
    let mut colours = [BLACK; N];
    let mut at = 0;
    while at < N {
        colours[at] = Colour::hex(codes[at]);
        at += 1;
    }
    colours
}

impl Palette {
    /// Dark text on white.
    pub const LIGHT: Palette = Palette {
        background: WHITE,
        ink: Colour::hex(0x1f1f1f),
        muted: Colour::hex(0x595959),
        grid: Colour::hex(0xe6e6e6),
        axis: Colour::hex(0x8c8c8c),
        lines: colours([
            0x005488, 0x962a18, 0x24a07a, 0xc876c2, 0x929600, 0x302226, 0x406cd0, 0x000084,
            0x6c00c0, 0x6c0054, 0xd8243c, 0x846c60,
        ]),
        areas: colours([
            0x005488, 0xa0641a, 0x24a07a, 0xc876c2, 0x406cd0, 0x962a18, 0x929600, 0x302226,
        ]),
        other: Colour::hex(0x8c8c8c),
        steps: colours([
            0x4a2f7a, 0x636c77, 0x8f74c0, 0x5c3d94, 0x9a7cc9, 0x4c5662, 0x2a8f83, 0x00584f,
            0x7c8a4a, 0x3f5f12, 0xb5761c, 0x7d4a00,
        ]),
        heat: colours([0xeef3f9, 0xbad1e7, 0x74a5ce, 0x326eaa, 0x083268]),
        width: 800.0,
    };

    /// Light text on near black.
    pub const DARK: Palette = Palette {
        background: Colour::hex(0x181a1f),
        ink: Colour::hex(0xecedf0),
        muted: Colour::hex(0xacb0b8),
        grid: Colour::hex(0x32363e),
        axis: Colour::hex(0x7a7e86),
        lines: colours([
            0x1b8fe9, 0xf18a0f, 0xc896c8, 0xffca4f, 0x90bcff, 0xcce5e3, 0xd73c2f, 0xb424a8,
            0x308460, 0x783cfc, 0x24f09c, 0x90b484,
        ]),
        areas: colours([
            0x1b8fe9, 0xf18a0f, 0x1b768c, 0xc896c8, 0x90bcff, 0xd73c2f, 0xffca4f, 0xcce5e3,
        ]),
        other: Colour::hex(0x7a7a7e),
        steps: colours([
            0xb59aec, 0x8a929c, 0x7f66b8, 0xcdb8f5, 0x9079c6, 0xb4bcc6, 0x35998c, 0x8fe0d4,
            0x7f9440, 0xc3dd8f, 0xa87527, 0xe0b36a,
        ]),
        heat: colours([0x262e3c, 0x265482, 0x3686b0, 0x7ebebe, 0xfdf1b8]),
        width: 800.0,
    };

    /// The colour of a share of the heat scale, 0 to 1.
    pub(super) fn heat_at(&self, share: f64) -> Colour {
        let place = share.clamp(0.0, 1.0) * (self.heat.len() - 1) as f64;
        let below = (place as usize).min(self.heat.len() - 2);
        self.heat[below + 1].faded(place - below as f64, self.heat[below])
    }

    /// Sign and colour of the part of a bar at `index`, such as a cause; those beyond the last
    /// colour share one.
    pub(super) fn part(&self, index: usize) -> (String, Colour) {
        match self.areas.get(index) {
            Some(&colour) => ((index + 1).to_string(), colour),
            None => ("+".to_owned(), self.other),
        }
    }

    /// Sign and colour of a cause where each has room for a sign of its own: those beyond the last
    /// colour share one, and keep their numbers.
    pub(super) fn cause(&self, index: usize) -> (String, Colour) {
        ((index + 1).to_string(), self.areas.get(index).copied().unwrap_or(self.other))
    }

    /// Colour of a place of a map, by the rank of what is there among all that is on the map; from
    /// the ninth on, those of the first are paler.
    pub(super) fn place(&self, rank: usize) -> Colour {
        const PALER: f64 = 0.6;
        let colour = self.areas[rank % self.areas.len()];
        if rank < self.areas.len() { colour } else { colour.faded(PALER, self.background) }
    }

    /// Sign and colour of the step at `index`.
    pub(super) fn step(&self, index: usize) -> (String, Colour) {
        let sign = char::from(b'a' + (index % 26) as u8).to_string();
        (sign, self.steps[index % self.steps.len()])
    }

    /// Whether the sheet is too narrow for names beside their rows.
    pub(super) fn is_narrow(&self) -> bool {
        self.width < NARROW
    }

    /// How the strategy at `index` is drawn. Colours and markers repeat after 12 strategies, but no
    /// strategy has the colour, the dash and the marker of another before the 289th.
    pub(super) fn look(&self, index: usize) -> Look {
        // Each round through the colours begins with another dash, and each round through both with
        // another marker.
        let round = index / self.lines.len();
        Look {
            colour: self.lines[index % self.lines.len()],
            dash: DASHES[(index + round) % DASHES.len()],
            shape: SHAPES[(index + round / DASHES.len()) % SHAPES.len()],
            hollow: (index / SHAPES.len()) % 2 == 1,
        }
    }
}

/// Lengths in pixels of strokes and gaps in turn.
const DASHES: [&[f64]; 4] = [&[], &[9.0, 3.5], &[2.5, 2.5], &[11.0, 3.0, 2.5, 3.0]];

/// Corners of a marker around its centre, for a radius of 1; none for a circle.
type Shape = &'static [(f64, f64)];

const CIRCLE: Shape = &[];
const SQUARE: Shape = &[(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)];
const TRIANGLE_UP: Shape = &[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)];
const DIAMOND: Shape = &[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)];
const TRIANGLE_DOWN: Shape = &[(0.0, 1.2), (-1.1, -0.8), (1.1, -0.8)];
const CROSS: Shape = &[
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
];

const SHAPES: [Shape; 6] = [CIRCLE, SQUARE, TRIANGLE_UP, DIAMOND, TRIANGLE_DOWN, CROSS];

/// How one series is drawn: three cues, so that no reader depends on colour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Look {
    /// Colour of line and marker.
    pub colour: Colour,
    /// Strokes and gaps, pixels; empty for a solid line.
    pub dash: &'static [f64],
    /// Corners of the marker around its centre, for a radius of 1; none for a circle.
    pub shape: &'static [(f64, f64)],
    /// Whether the marker is an outline only.
    pub hollow: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Palette; 2] = [Palette::LIGHT, Palette::DARK];

    /// How a colour looks to people with normal sight and with each kind of colour blindness, as
    /// linear light. Source: Machado, Oliveira and Fernandes 2009, table 1, severity 1.
    const SIGHTS: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ];

    /// The colour in the space OKLab (Ottosson 2020), where equal distances look equally far.
    fn oklab(colour: Colour, sight: &[[f64; 3]; 3]) -> [f64; 3] {
        let only = |at: usize| {
            let channels = [colour.0, colour.1, colour.2];
            let grey = Colour(channels[at], channels[at], channels[at]);
            grey.luminance()
        };
        let light = [only(0), only(1), only(2)];
        let times = |row: &[f64; 3], by: &[f64; 3]| row.iter().zip(by).map(|(a, b)| a * b).sum();
        let seen = sight.map(|row| {
            let v: f64 = times(&row, &light);
            v.clamp(0.0, 1.0)
        });
        let cones = [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
        .map(|row| {
            let v: f64 = times(&row, &seen);
            v.cbrt()
        });
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
        .map(|row| times(&row, &cones))
    }

    #[test]
    fn texts_and_marks_stand_out_from_the_background() {
        for palette in BOTH {
            for text in [palette.ink, palette.muted] {
                assert!(text.contrast(palette.background) >= 4.5, "{text:?}");
            }
            let marks = palette.lines.iter().chain(&palette.areas).chain(&palette.steps);
            for &mark in marks.chain([&palette.other, &palette.axis]) {
                assert!(mark.contrast(palette.background) >= 3.0, "{mark:?}");
                assert!(mark.contrast(mark.text_on()) >= 4.5, "{mark:?}");
            }
        }
        assert!((BLACK.contrast(WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn no_common_colour_blindness_makes_two_colours_of_a_palette_one() {
        // Colours this far apart in OKLab are told apart side by side with ease; the eye begins to
        // see a difference at about 0.02.
        let apart = 0.07;
        for palette in BOTH {
            for group in [palette.lines.as_slice(), palette.areas.as_slice()] {
                for (index, &one) in group.iter().enumerate() {
                    for &two in &group[..index] {
                        for sight in &SIGHTS {
                            let (a, b) = (oklab(one, sight), oklab(two, sight));
                            let far: f64 = a.iter().zip(&b).map(|(a, b)| (a - b).powi(2)).sum();
                            assert!(far.sqrt() > apart, "{one:?} and {two:?}: {}", far.sqrt());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_step_looks_like_no_neighbour_and_like_no_cause_or_strategy() {
        for palette in BOTH {
            for pair in palette.steps.windows(2) {
                for sight in &SIGHTS {
                    let (a, b) = (oklab(pair[0], sight), oklab(pair[1], sight));
                    let far: f64 = a.iter().zip(&b).map(|(a, b)| (a - b).powi(2)).sum();
                    assert!(far.sqrt() > 0.07, "{pair:?}: {}", far.sqrt());
                }
            }
            let others = palette.lines.iter().chain(&palette.areas);
            assert!(others.into_iter().all(|other| !palette.steps.contains(other)));
        }
    }

    #[test]
    fn more_heat_stands_out_more_for_every_eye() {
        for palette in BOTH {
            let ground = oklab(palette.background, &SIGHTS[0])[0];
            for sight in &SIGHTS {
                let far = |step: usize| {
                    let light = oklab(palette.heat_at(step as f64 / 40.0), sight)[0];
                    (light - ground).abs()
                };
                assert!((0..40).all(|step| far(step) < far(step + 1)));
            }
        }
    }

    #[test]
    fn twelve_strategies_have_colours_of_their_own_and_288_a_look() {
        for palette in BOTH {
            let colours: Vec<Colour> = (0..12).map(|index| palette.look(index).colour).collect();
            for (index, colour) in colours.iter().enumerate() {
                assert!(!colours[..index].contains(colour), "colour {index} repeats");
            }
        }
        let looks: Vec<Look> = (0..288).map(|index| Palette::LIGHT.look(index)).collect();
        for (index, look) in looks.iter().enumerate() {
            assert!(!looks[..index].contains(look), "look {index} repeats");
        }
    }

    #[test]
    fn sixteen_strategies_have_colours_of_their_own_on_a_map() {
        for palette in BOTH {
            let colours: Vec<Colour> = (0..16).map(|rank| palette.place(rank)).collect();
            for (rank, colour) in colours.iter().enumerate() {
                assert!(!colours[..rank].contains(colour), "{rank}: {colour:?}");
            }
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
