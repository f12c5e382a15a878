//! Colours of the charts as variables of the page, so that one drawing serves light and dark.
//!
//! A drawing names literal colours of [`Palette::LIGHT`]. Each becomes the variable of its role;
//! the style sheet gives the variables their values. A digit on a segment of a bar is black or
//! white for the segment's sake: it becomes what reads on that segment.

use super::super::charts::Palette;
use super::super::charts::palette::Colour;

/// The variables of a palette, as declarations of a style sheet.
pub(super) fn variables(palette: &Palette) -> String {
    let on = |(role, colour): &(String, Colour)| {
        is_segment(role).then(|| format!("--on-{role}:{};", colour.text_on().hexadecimal()))
    };
    let each = |(role, colour): (String, Colour)| {
        let text = on(&(role.clone(), colour)).unwrap_or_default();
        format!("--{role}:{};{text}", colour.hexadecimal())
    };
    roles(palette).map(each).collect()
}

/// The drawing with variables for the colours of `palette`. Colours that are not of the palette,
/// nor a palette colour faded into its background, stay.
pub(super) fn with_variables(svg: &str, palette: &Palette) -> String {
    let mut drawing = String::with_capacity(svg.len() + svg.len() / 4);
    // The segment that was drawn last, on which a sign may stand.
    let mut segment = None;
    for (index, piece) in svg.split('<').enumerate() {
        if index > 0 {
            drawing.push('<');
        }
        let (tag, text) = piece.split_at(piece.find('>').unwrap_or(0));
        let element = tag.split_whitespace().next().unwrap_or_default();
        let place = Element { name: element, is_bold: tag.contains("font-weight"), segment };
        segment = push_recoloured(&mut drawing, tag, &place, palette).or(place.segment);
        drawing.push_str(text);
    }
    drawing
}

/// An element of a drawing.
struct Element<'a> {
    name: &'a str,
    is_bold: bool,
    /// The role of the segment that was drawn last.
    segment: Option<String>,
}

/// Writes a tag with variables; the role of a segment, where it is one.
fn push_recoloured(
    drawing: &mut String,
    tag: &str,
    element: &Element<'_>,
    palette: &Palette,
) -> Option<String> {
    let (mut rest, mut segment) = (tag, None);
    while let Some(at) = rest.find("=\"#") {
        let (before, value) = rest.split_at(at + 2);
        drawing.push_str(before);
        let literal = value.get(..7).unwrap_or(value);
        match parsed(literal).and_then(|colour| variable(colour, element, palette)) {
            Some((role, variable)) => {
                segment = role.filter(|role| element.name == "rect" && is_segment(role));
                drawing.push_str(&variable);
            }
            None => drawing.push_str(literal),
        }
        rest = &value[literal.len()..];
    }
    drawing.push_str(rest);
    segment
}

/// Whether signs stand on what has this role.
fn is_segment(role: &str) -> bool {
    role.starts_with("area") || role.starts_with("step")
}

/// What stands for a colour on this element, and its role.
fn variable(
    colour: Colour,
    element: &Element<'_>,
    palette: &Palette,
) -> Option<(Option<String>, String)> {
    let is_sign = [Colour(0, 0, 0), Colour(255, 255, 255)].contains(&colour);
    if element.name == "text" && element.is_bold && is_sign {
        let on = element.segment.as_ref().map(|role| format!("var(--on-{role})"));
        return on.map(|on| (None, on));
    }
    let wanted = |(role, known): &(String, Colour)| {
        let fits = match element.name {
            "text" => !is_segment(role) && !role.starts_with("line") && role != GROUND,
            "rect" => !role.starts_with("line"),
            _ => !is_segment(role),
        };
        fits && *known == colour
    };
    if let Some((role, _)) = roles(palette).find(wanted) {
        let variable = format!("var(--{role})");
        return Some((Some(role), variable));
    }
    if element.name == "text" {
        return None;
    }
    let mixed = match faded(colour, palette) {
        Some((role, share)) => {
            format!("color-mix(in srgb,var(--{role}) {share}%,var(--{GROUND}))")
        }
        None => between(colour, palette)?,
    };
    Some((None, mixed))
}

/// A colour of the heat scale as a mixture of the two steps around it.
fn between(colour: Colour, palette: &Palette) -> Option<String> {
    let off = |mixed: Colour| {
        let channel = |a: u8, b: u8| u32::from(a.abs_diff(b));
        channel(mixed.0, colour.0) + channel(mixed.1, colour.1) + channel(mixed.2, colour.2)
    };
    let steps = palette.heat.windows(2).enumerate();
    let all = steps.flat_map(|(step, pair)| (1..200).map(move |share| (step, pair, share)));
    let mixed = |pair: &[Colour], share: i32| pair[1].faded(f64::from(share) / 200.0, pair[0]);
    let distances = all.map(|(step, pair, share)| (off(mixed(pair, share)), step, share));
    let (_, step, share) = distances.min().filter(|(off, ..)| *off <= 3)?;
    let share = f64::from(share) / 2.0;
    Some(format!("color-mix(in srgb,var(--heat-{}) {share}%,var(--heat-{step}))", step + 1))
}

/// The colour as so many hundredths of another on the background, with the role of that.
fn faded(colour: Colour, palette: &Palette) -> Option<(String, u32)> {
    // The shares of our charts. What follows a segment keeps the colour of that, all else of a line.
    const SHARES: [u32; 6] = [28, 50, 35, 26, 16, 14];
    let mixed = |over: Colour, share: u32| over.faded(f64::from(share) / 100.0, palette.background);
    let of = |kind: &'static str| {
        let all = SHARES.into_iter().filter(move |share| kind != "area" || *share == 50);
        let roles = move || roles(palette).filter(move |(role, _)| role.starts_with(kind));
        all.flat_map(move |share| roles().map(move |(role, over)| (role, over, share)))
    };
    of("area")
        .chain(of("line"))
        .chain(of(MUTED))
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
    .chain(palette.steps.iter().enumerate().map(of("step")))
    .chain(palette.heat.iter().enumerate().map(of("heat")))
}

fn parsed(literal: &str) -> Option<Colour> {
    let digits = literal.strip_prefix('#')?;
    let channel = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (digits.len() == 6).then_some(())?;
    Some(Colour(channel(0)?, channel(2)?, channel(4)?))
}

/// The palette of a dark page: charts stand on its paper.
pub(super) const DARK: Palette = Palette { background: PAPER, ..Palette::DARK };
/// `--paper` of the dark style sheet.
const PAPER: Colour = Colour(0x16, 0x18, 0x1a);

#[cfg(test)]
mod tests {
    use super::super::super::charts::bars::{Bars, Ends, Signs};
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
        let variables = variables(&DARK);
        assert!(variables.contains("--on-area-0:#000000;"), "{variables}");
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
            recommended: None,
        };
        let causes = Bars {
            title: "Causes".into(),
            x_label: "downtime".into(),
            parts: (0..12).map(|index| format!("cause {index}")).collect(),
            signs: Signs::Digits,
            rows: vec![("a".into(), vec![9.0; 12])],
            nothing: "no downtime",
            longest: false,
            ends: Ends::Sums,
            recommended: None,
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
    fn a_sign_reads_on_its_segment_and_a_faded_box_follows_its_line() {
        let svg = "<rect fill=\"#005488\"/><text font-weight=\"bold\" fill=\"#FFFFFF\">1</text><text \
                   fill=\"#1F1F1F\">ink</text><polyline stroke=\"#005488\"/><rect \
                   fill=\"#B8CFDE\"/><rect fill=\"#D4E2F0\"/><rect fill=\"#123456\"/>";
        let page = "<rect fill=\"var(--area-0)\"/><text font-weight=\"bold\" \
                    fill=\"var(--on-area-0)\">1</text><text \
                    fill=\"var(--chart-ink)\">ink</text><polyline stroke=\"var(--line-0)\"/><rect \
                    fill=\"color-mix(in srgb,var(--line-0) 28%,var(--chart-ground))\"/><rect \
                    fill=\"color-mix(in srgb,var(--heat-1) 49.5%,var(--heat-0))\"/><rect \
                    fill=\"#123456\"/>";
        assert_eq!(with_variables(svg, &Palette::LIGHT), page);
    }
}
