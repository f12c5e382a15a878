//! Texts of unknown origin made fit for a picture: cleaned, measured, shortened, wrapped.
//!
//! Widths are those of DejaVu Sans, which the PNG is set in. It is wider than the sans-serif of
//! the usual systems, so what fits here fits there. Letters that it lacks get a generous width.

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};
use std::sync::OnceLock;

/// A face of the font: which glyph a letter has, and how wide each is at size 1.
type Face = Option<(Charmap<'static>, GlyphMetrics<'static>)>;

/// The regular and the bold face, read once.
fn faces() -> &'static [Face; 2] {
    static FACES: OnceLock<[Face; 2]> = OnceLock::new();
    let face = |bytes: &'static [u8]| {
        let font = FontRef::new(bytes).ok()?;
        Some((font.charmap(), font.glyph_metrics(Size::new(1.0), LocationRef::default())))
    };
    FACES.get_or_init(|| [face(dejavu::sans::regular()), face(dejavu::sans::bold())])
}

/// Width of one character, as a share of the font size.
fn advance(character: char, bold: bool) -> f64 {
    if joins_previous(character) {
        return 0.0;
    }
    let width = faces()[usize::from(bold)].as_ref().and_then(|(glyphs, metrics)| {
        Some(f64::from(metrics.advance_width(glyphs.map(character)?)?))
    });
    width.unwrap_or(if character as u32 >= 0x1F000 { 1.4 } else { 1.05 })
}

/// Whether the character sits on or joins the one before it, without width of its own.
pub(super) fn joins_previous(character: char) -> bool {
    matches!(character as u32,
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x64B..=0x65F | 0x1AB0..=0x1AFF
        | 0x1DC0..=0x1DFF | 0x200B..=0x200F | 0x2060..=0x2064 | 0x20D0..=0x20FF
        | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFEFF | 0x1F3FB..=0x1F3FF)
}

/// Width of a text in pixels at a font size in pixels.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    text.chars().map(|character| advance(character, bold)).sum::<f64>() * size
}

/// A text that is safe in one line of an XML file: white space and control characters become single
/// spaces, and marks that would turn the writing direction of what follows are dropped.
pub(super) fn clean(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            '\u{FFFE}' | '\u{FFFF}' => cleaned.push('\u{FFFD}'),
            c if (c.is_whitespace() && c != '\u{A0}') || c.is_control() => {
                if !cleaned.is_empty() && !cleaned.ends_with(' ') {
                    cleaned.push(' ');
                }
            }
            c => cleaned.push(c),
        }
    }
    cleaned.truncate(cleaned.trim_end().len());
    cleaned
}

/// A name to show: cleaned, and never empty.
pub(super) fn name(text: &str) -> String {
    let cleaned = clean(text);
    if cleaned.is_empty() { "(no name)".to_owned() } else { cleaned }
}

/// The text with the five characters of XML replaced.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The text, or its beginning and end around an ellipsis when it is wider than `room`. Both
/// ends stay, as names of variants often differ in their last word only. Words are kept whole where
/// that costs little.
pub(super) fn shorten(text: &str, room: f64, size: f64, bold: bool) -> String {
    if width(text, size, bold) <= room {
        return text.to_owned();
    }
    let spare = room - width("…", size, bold);
    let count = fitting(text.chars(), spare * 0.65, size, bold);
    let head: String = text.chars().take(count).collect();
    let head = match head.rfind(' ') {
        Some(space) if 3 * space >= 2 * head.len() => &head[..space],
        _ => &head,
    };
    let left = spare - width(head, size, bold);
    let count = fitting(text.chars().rev(), left, size, bold);
    let tail: String = text.chars().skip(text.chars().count() - count).collect();
    let tail = match tail.find(' ') {
        Some(space) if 3 * space <= tail.len() => &tail[space..],
        _ => tail.trim_start_matches(joins_previous),
    };
    format!("{}…{}", head.trim_end(), tail.trim_start())
}

/// How many of the characters fit in `room`.
fn fitting(characters: impl Iterator<Item = char>, room: f64, size: f64, bold: bool) -> usize {
    let mut used = 0.0;
    characters
        .take_while(|&c| {
            used += advance(c, bold) * size;
            used <= room
        })
        .count()
}

/// The text in at most `lines` lines of width `room`, as even as its spaces allow; what does
/// not fit is shortened in the last line.
pub(super) fn wrap(text: &str, room: f64, lines: usize, size: f64, bold: bool) -> Vec<String> {
    if width(text, size, bold) <= room {
        return vec![text.to_owned()];
    }
    // No more lines than it takes.
    let fewest = (2..lines).find(|&lines| broken(text, room, lines, size, bold).1);
    let lines = fewest.unwrap_or(lines);
    let narrower = (1..10).map(|tenths| room * f64::from(tenths) / 10.0);
    let even = narrower.map(|room| broken(text, room, lines, size, bold)).find(|(_, whole)| *whole);
    even.unwrap_or_else(|| broken(text, room, lines, size, bold)).0
}

/// The text broken greedily, and whether it is there in whole with all lines but the last broken at
/// spaces.
fn broken(text: &str, room: f64, lines: usize, size: f64, bold: bool) -> (Vec<String>, bool) {
    let mut wrapped = Vec::new();
    let mut rest = text;
    let mut whole = true;
    while wrapped.len() + 1 < lines && width(rest, size, bold) > room {
        let fits = fitting(rest.chars(), room, size, bold).max(1);
        let mut end = rest.char_indices().nth(fits).map_or(rest.len(), |(at, _)| at);
        let space = if rest[end..].starts_with(' ') { Some(end) } else { rest[..end].rfind(' ') };
        let filled = |at: &usize| width(&rest[..*at], size, bold) >= room * 0.4;
        let space = space.filter(filled);
        whole &= space.is_some();
        end = space.unwrap_or(end);
        wrapped.push(rest[..end].trim_end().to_owned());
        rest = rest[end..].trim_start();
    }
    whole &= width(rest, size, bold) <= room;
    wrapped.push(shorten(rest, room, size, bold));
    (wrapped, whole)
}

/// The names, changed where `shown` would make several of them look the same: what those have in
/// common at the beginning is cut short, so that the difference comes into view.
pub(super) fn distinguished(names: &[String], shown: impl Fn(&str) -> String) -> Vec<String> {
    let looks: Vec<String> = names.iter().map(|name| shown(name)).collect();
    let changed = names.iter().zip(&looks).map(|(name, look)| {
        let twins = names.iter().zip(&looks).filter(|(twin, l)| *l == look && *twin != name);
        // How far a name agrees with the twin that it has least in common with, characters.
        let common =
            |twin: &String| name.chars().zip(twin.chars()).take_while(|(a, b)| a == b).count();
        let Some(agreed) = twins.map(|(twin, _)| common(twin)).min() else { return name.clone() };
        let letters: Vec<char> = name.chars().collect();
        let from =
            letters[..agreed].iter().rposition(|&c| c == ' ').map_or(agreed, |space| space + 1);
        if from <= HEAD + 4 || from == letters.len() {
            return name.clone();
        }
        let words = letters[..HEAD].iter().rposition(|&c| c == ' ').filter(|&space| space > 3);
        let head: String = letters[..words.unwrap_or(HEAD)].iter().collect();
        let rest: String = letters[from..].iter().collect();
        format!("{}…{rest}", head.trim_end())
    });
    changed.collect()
}

/// Characters kept of a beginning that several names share.
const HEAD: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_as_it_is() {
        assert_eq!(shorten("Rebuild", 100.0, 12.0, false), "Rebuild");
        assert_eq!(wrap("Second site", 100.0, 2, 12.0, false), ["Second site"]);
    }

    #[test]
    fn a_long_text_keeps_both_ends_and_fits() {
        let long = "Staging server in the second site, promoted by hand, variant B";
        let short = shorten(long, 150.0, 12.0, false);
        assert!(short.starts_with("Staging") && short.ends_with("B") && short.contains('…'));
        assert!(width(&short, 12.0, false) <= 150.0);
    }

    #[test]
    fn wrapping_never_passes_the_room_and_breaks_at_spaces() {
        let lines = wrap("Staging server, promoted by hand", 200.0, 2, 12.0, false);
        assert_eq!(lines, ["Staging server,", "promoted by hand"]);
        // Of six lines that are allowed, two are enough.
        let note = "Beside each name: the share of trials above the limit.";
        assert_eq!(wrap(note, 200.0, 6, 12.0, false).len(), 2);
        for text in ["W".repeat(200), "日本語".repeat(60), "é ü ".repeat(50)] {
            for line in wrap(&text, 120.0, 2, 12.0, true) {
                assert!(width(&line, 12.0, true) <= 120.0, "{line}");
            }
        }
    }

    #[test]
    fn names_that_would_look_the_same_show_their_difference() {
        let names: Vec<String> = ["4", "12"]
            .map(|hours| {
                format!("Staging server of the region, copied every {hours} hours by a job")
            })
            .to_vec();
        let shown = |name: &str| shorten(name, 150.0, 12.0, false);
        assert_eq!(shown(&names[0]), shown(&names[1]));
        let distinct = distinguished(&names, shown);
        assert_eq!(distinct, ["Staging…4 hours by a job", "Staging…12 hours by a job"]);
        let short = ["A".to_owned(), "B".to_owned()];
        assert_eq!(distinguished(&short, shown), short);
        let equal = [names[0].clone(), names[0].clone()];
        assert_eq!(distinguished(&equal, shown), equal);
    }

    #[test]
    fn estimated_widths_are_not_below_the_real_ones() {
        use resvg::usvg::{Options, Tree};
        let mut options = Options::default();
        options.fontdb_mut().load_font_data(dejavu::sans::regular().to_vec());
        options.fontdb_mut().load_font_data(dejavu::sans::bold().to_vec());
        for text in [
            "Staging server, promoted by hand",
            "WWW MMM @@@ iiiii lllll 0123456789",
            "Wiederanlauf über Zürich, größere Lücke",
            "Сервер восстановления в резервном центре",
            "Διακομιστής ανάκαμψης στο δεύτερο κέντρο",
            "שרת גיבוי באתר השני",
            "…–µ€×÷ 復旧サーバー",
        ] {
            for (bold, weight) in [(false, "normal"), (true, "bold")] {
                let svg = format!(
                    "<svg xmlns='http://www.w3.org/2000/svg' width='9000' height='99'><text x='9' \
                     y='50' font-size='20' font-weight='{weight}' font-family='DejaVu Sans'>{text}\
                     </text></svg>"
                );
                let tree = Tree::from_str(&svg, &options).unwrap();
                let real = f64::from(tree.root().bounding_box().width());
                let estimate = width(text, 20.0, bold);
                assert!(real <= estimate + 1.0, "{text} {weight}: {real} against {estimate}");
                assert!(real >= estimate * 0.55, "{text} {weight}: {real} against {estimate}");
            }
        }
    }

    #[test]
    fn characters_that_xml_forbids_do_not_survive_cleaning() {
        assert_eq!(clean(" a\u{0}\n\tb\u{FFFF}\u{202E} "), "a b\u{FFFD}");
        assert_eq!(name("\u{7}\n"), "(no name)");
    }

    #[test]
    fn escaping_leaves_no_markup() {
        assert_eq!(escape(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;");
    }
}
