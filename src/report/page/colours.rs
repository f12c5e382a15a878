//! Colours of the charts as variables of the page, so that one drawing serves light and dark.
//!
//! A drawing names literal colours of [`Palette::LIGHT`]. Each becomes the variable of its role;
//! the style sheet gives the variables their values. A digit on a segment of a bar is black or
//! white for the segment's sake and stays as it is, so segments keep their lightness in the dark.

use super::super::charts::Palette;
use super::super::charts::palette::Colour;

/// The variables of a palette, as declarations of a style sheet.
pub(super) fn variables(palette: &Palette) -> String {
    roles(palette).map(|(role, colour)| format!("--{role}:{};", colour.hexadecimal())).collect()
}

/// The drawing with variables for the colours of `palette`. Colours that are not of the palette,
/// nor a palette colour faded into its background, stay.
pub(super) fn with_variables(svg: &str, palette: &Palette) -> String {
    let mut drawing = String::with_capacity(svg.len() + svg.len() / 4);
    for (index, piece) in svg.split('<').enumerate() {
        if index > 0 {
            drawing.push('<');
        }
        let (tag, text) = piece.split_at(piece.find('>').unwrap_or(0));
        let element = tag.split_whitespace().next().unwrap_or_default();
        push_recoloured(&mut drawing, tag, element, palette);
        drawing.push_str(text);
    }
    drawing
}

fn push_recoloured(drawing: &mut String, tag: &str, element: &str, palette: &Palette) {
    let mut rest = tag;
    while let Some(at) = rest.find("=\"#") {
        let (before, value) = rest.split_at(at + 2);
        drawing.push_str(before);
        let literal = value.get(..7).unwrap_or(value);
        match parsed(literal).and_then(|colour| variable(colour, element, palette)) {
            Some(variable) => drawing.push_str(&variable),
            None => drawing.push_str(literal),
        }
        rest = &value[literal.len()..];
    }
    drawing.push_str(rest);
}

/// What stands for a colour on this element.
fn variable(colour: Colour, element: &str, palette: &Palette) -> Option<String> {
    let wanted = |(role, known): &(String, Colour)| {
        let fits = match element {
            "text" => !role.starts_with("area") && !role.starts_with("line") && role != GROUND,
            "rect" => !role.starts_with("line"),
            _ => !role.starts_with("area"),
        };
        fits && *known == colour
    };
    if let Some((role, _)) = roles(palette).find(wanted) {
        return Some(format!("var(--{role})"));
    }
    if element == "text" {
        return None;
    }
    let (role, share) = faded(colour, palette)?;
    Some(format!("color-mix(in srgb,var(--{role}) {share}%,var(--{GROUND}))"))
}

/// The colour as so many hundredths of a line's colour on the background.
fn faded(colour: Colour, palette: &Palette) -> Option<(String, u32)> {
    let lines = || roles(palette).filter(|(role, _)| role.starts_with("line") || role == MUTED);
    let mixed = |over: Colour, share: u32| over.faded(f64::from(share) / 100.0, palette.background);
    // Several shares may round to the same colour; the shares of our charts are the first tried.
    let shares = [28, 35].into_iter().chain(1..100);
    shares
        .flat_map(|share| lines().map(move |(role, over)| (role, over, share)))
        .find(|(_, over, share)| mixed(*over, *share) == colour)
        .map(|(role, _, share)| (role, share))
}

const GROUND: &str = "chart-ground";
const MUTED: &str = "chart-muted";

/// Every colour of a palette under the name of its variable.
fn roles(palette: &Palette) -> impl Iterator<Item = (String, Colour)> {
    let of = |kind: &'static str| move |(index, &colour)| (format!("{kind}-{index}"), colour);
    [
        (GROUND, palette.background),
        ("chart-ink", palette.ink),
        (MUTED, palette.muted),
        ("chart-grid", palette.grid),
        ("chart-axis", palette.axis),
        ("area-other", palette.other),
    ]
    .map(|(role, colour)| (role.to_owned(), colour))
    .into_iter()
    .chain(palette.lines.iter().enumerate().map(of("line")))
    .chain(palette.areas.iter().enumerate().map(of("area")))
    .chain(palette.heat.iter().enumerate().map(of("heat")))
}

fn parsed(literal: &str) -> Option<Colour> {
    let digits = literal.strip_prefix('#')?;
    let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (digits.len() == 6).then_some(())?;
    Some(Colour(channel(0)?, channel(2)?, channel(4)?))
}

/// The palette of a dark page. Segments stay as they are, for the sake of the digits on them.
pub(super) const DARK: Palette =
    Palette { areas: Palette::LIGHT.areas, other: Palette::LIGHT.other, ..Palette::DARK };

#[cfg(test)]
mod tests {
    use super::super::super::charts::bars::{Bars, Signs};
    use super::super::super::charts::exceedance::{Exceedance, Series};
    use super::*;

    /// Relative luminance and contrast: WCAG 2.2.
    fn contrast(a: Colour, b: Colour) -> f64 {
        let channel = |byte: u8| {
            let share = f64::from(byte) / 255.0;
            if share <= 0.04045 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        let luminance = |Colour(r, g, b): Colour| {
            0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn dark_texts_and_lines_stand_out_as_accessibility_asks() {
        for text in [DARK.ink, DARK.muted] {
            assert!(contrast(text, DARK.background) >= 4.5, "{text:?}");
        }
        for line in DARK.lines.into_iter().chain([DARK.axis]) {
            assert!(contrast(line, DARK.background) >= 3.0, "{line:?}");
        }
    }

    #[test]
    fn charts_keep_no_colour_that_the_dark_page_could_not_change() {
        let curve = vec![(1.0, 0.5), (9.0, 0.0)];
        let one = |index: u32| Series {
            name: format!("#005488 <{index}>"),
            steps: curve.clone(),
            band: Vec::new(),
        };
        let curves = Exceedance {
            title: "a fill=\"#005488\"".to_owned(),
            x_label: "hours".into(),
            series: (0..9).map(one).collect(),
            limits: Vec::new(),
            interval: String::new(),
        };
        let causes = Bars {
            title: "Causes".into(),
            x_label: "downtime".into(),
            parts: (0..12).map(|index| format!("cause {index}")).collect(),
            signs: Signs::Digits,
            rows: vec![("a".into(), vec![9.0; 12])],
            nothing: "no downtime",
            longest: false,
        };
        let drawn = [curves.draw(&Palette::LIGHT), causes.draw(&Palette::LIGHT)];
        for svg in drawn.map(Result::unwrap) {
            let page = with_variables(&svg, &Palette::LIGHT);
            for piece in page.split('<').filter(|piece| !piece.starts_with("text ")) {
                let tag = piece.split('>').next().unwrap();
                assert!(!tag.contains("=\"#"), "{tag}");
            }
            assert!(page.contains("fill=\"var(--chart-ground)\""));
            assert!(page.contains("#005488 &lt;0&gt;") || page.contains("cause 0"));
        }
    }

    #[test]
    fn a_digit_on_a_segment_keeps_its_colour_and_a_faded_box_follows_its_line() {
        let svg = "<rect fill=\"#005488\"/><text fill=\"#FFFFFF\">1</text><text \
                   fill=\"#1F1F1F\">ink</text><polyline stroke=\"#005488\"/><rect \
                   fill=\"#B8CFDE\"/><rect fill=\"#123456\"/>";
        let page = "<rect fill=\"var(--area-0)\"/><text fill=\"#FFFFFF\">1</text><text \
                    fill=\"var(--chart-ink)\">ink</text><polyline stroke=\"var(--line-0)\"/><rect \
                    fill=\"color-mix(in srgb,var(--line-0) 28%,var(--chart-ground))\"/><rect \
                    fill=\"#123456\"/>";
        assert_eq!(with_variables(svg, &Palette::LIGHT), page);
    }
}
