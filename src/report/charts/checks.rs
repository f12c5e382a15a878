//! What every chart must keep, whatever its input. For the tests of this room.

use super::{ChartError, Palette, text};
use resvg::usvg::roxmltree::{Document, Node};

/// Names that break careless charts: long, alike, markup, other scripts, empty, control characters.
pub(super) fn hard_names() -> Vec<String> {
    let alike = |hours: u32| {
        format!(
            "Staging server in the second site of the northern region, promoted by the person on \
             call after a check of the export queue, with copies taken every {hours} hours and \
             kept 30 days"
        )
    };
    vec![
        alike(4),
        "<script>alert(\"1\")</script>".to_owned(),
        "a & b".to_owned(),
        alike(8),
        "Сервер восстановления в резервном центре обработки данных, переключение вручную"
            .to_owned(),
        "復旧サーバーを二番目のサイトで手動で昇格させる".repeat(8),
        "שרת גיבוי באתר השני".to_owned(),
        "W".repeat(200),
        String::new(),
        "tab\tand\nline\u{0}and\u{7}bell]]>&amp;".to_owned(),
        "e\u{301}".repeat(100),
        "🔁🖥️ ".repeat(40),
    ]
}

/// The sheet of a telephone.
pub(super) const NARROW: Palette = Palette { width: 370.0, ..Palette::LIGHT };

/// Fails unless the chart is sound in both palettes and on a narrow sheet, twice the same, and of the
/// same shape in both palettes. Returns the light picture.
pub(super) fn assert_sound_in_both(
    draw: impl Fn(&Palette) -> Result<String, ChartError>,
) -> String {
    let [light, dark] = [Palette::LIGHT, Palette::DARK].map(|palette| {
        let svg = draw(&palette).expect("a chart");
        assert_sound(&svg);
        assert_eq!(Ok(&svg), draw(&palette).as_ref());
        svg
    });
    assert_eq!(texts(&light), texts(&dark));
    assert_sound(&draw(&NARROW).expect("a chart on a narrow sheet"));
    light
}

/// The contents of all shown texts.
pub(super) fn texts(svg: &str) -> Vec<String> {
    let document = Document::parse(svg).unwrap();
    shown(&document).map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

fn shown<'a>(document: &'a Document<'a>) -> impl Iterator<Item = Node<'a, 'a>> {
    document.descendants().filter(|node| node.has_tag_name("text"))
}

/// Fails unless the picture is well-formed, says what it is, holds only the shapes we draw with
/// plain numbers, and has all texts inside and none over another.
pub(super) fn assert_sound(svg: &str) {
    let document = Document::parse(svg).expect("well-formed XML");
    let root = document.root_element();
    assert_eq!(root.attribute("role"), Some("img"));
    let first: Vec<&str> =
        root.children().filter(Node::is_element).take(2).map(|n| n.tag_name().name()).collect();
    assert_eq!(first, ["title", "desc"]);
    let known = ["svg", "g", "title", "desc", "text", "rect", "circle", "polyline", "polygon"];
    for node in document.descendants().filter(Node::is_element) {
        assert!(known.contains(&node.tag_name().name()), "element {}", node.tag_name().name());
        for attribute in node.attributes() {
            if ["points", "x", "y", "cx", "cy", "width", "height", "r"].contains(&attribute.name())
            {
                assert_numbers(attribute.value());
            }
        }
    }
    let size = |name: &str| root.attribute(name).unwrap().parse::<f64>().unwrap();
    let boxes: Vec<(String, [f64; 4])> = shown(&document).map(extent).collect();
    for (index, (text, [left, top, right, bottom])) in boxes.iter().enumerate() {
        let inside =
            *left >= 0.0 && *top >= 0.0 && *right <= size("width") && *bottom <= size("height");
        assert!(inside, "`{text}` at {left}, {top} to {right}, {bottom} is cut");
        for (other, [l, t, r, b]) in &boxes[..index] {
            let apart = right <= l || r <= left || bottom <= t || b <= top;
            assert!(apart, "`{text}` lies over `{other}`");
        }
    }
}

/// Fails unless the text holds only whole numbers in the range of a picture.
fn assert_numbers(text: &str) {
    for number in text.split([' ', ',']).filter(|part| !part.is_empty()) {
        let value: f64 = number.parse().unwrap_or(f64::NAN);
        assert!((-100.0..100_000.0).contains(&value), "{number} in {text}");
    }
}

/// Content of a text and its estimated left, top, right and bottom, pixels.
fn extent(node: Node<'_, '_>) -> (String, [f64; 4]) {
    let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap() / 8.0;
    let content = node.text().unwrap_or_default().to_owned();
    let (x, y, size) = (number("x"), number("y"), number("font-size"));
    let wide = text::width(&content, size, node.attribute("font-weight") == Some("bold"));
    let left = match node.attribute("text-anchor") {
        Some("start") => x,
        Some("middle") => x - wide / 2.0,
        _ => x - wide,
    };
    (content, [left, y - size * 0.6, left + wide, y + size * 0.6])
}
