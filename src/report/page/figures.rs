//! Charts in the page: the drawing, its words, and the numbers behind it.

use maud::{Markup, PreEscaped, html};

use super::super::charts::{ChartError, Palette, Picture};
use super::super::text::slug;
use super::sentence::sentence;
use super::{colours, tables};

/// One chart.
pub(super) fn figure(picture: &Picture) -> Result<Markup, ChartError> {
    let id = slug(&picture.name);
    let drawn = |palette: &Palette| -> Result<String, ChartError> {
        let svg = picture.draw(palette)?;
        Ok(without_title(&colours::with_variables(&svg, palette)))
    };
    let (wide, narrow) = (drawn(&Palette::LIGHT)?, drawn(&NARROW)?);
    Ok(html! {
        figure.chart id=(id) aria-labelledby={ (id) "-title" } {
            h3 id={ (id) "-title" } { (picture.title) }
            p.explanation { (sentence(&picture.explanation)) }
            div.drawing.broad { (PreEscaped(wide)) }
            div.drawing.narrow aria-hidden="true" { (PreEscaped(narrow)) }
            @if !picture.table.columns.is_empty() {
                details {
                    summary { "The numbers behind this chart" }
                    (tables::scrolling(&picture.table, &picture.title, None))
                }
            }
        }
    })
}

/// The same charts for a telephone: the text keeps its size and the sheet is as wide as the screen.
const NARROW: Palette = Palette { width: 370.0, ..Palette::LIGHT };

/// Height from the middle of a line of a chart's title to what follows, in units of its drawing.
const BELOW_TITLE: f64 = 88.0;

/// The drawing cut off below its own title, as the page has a heading there. A drawing that does
/// not begin with a title of its own stays whole.
fn without_title(svg: &str) -> String {
    cropped(svg).unwrap_or_else(|| svg.to_owned())
}

fn cropped(svg: &str) -> Option<String> {
    let name = between(svg, "<title>", "</title>")?;
    let opening = format!("<g>\n<title>{name}</title>\n<text ");
    let start = svg.find(&opening)?;
    let end = start + svg[start..].find("</g>\n")? + "</g>\n".len();
    let last = &svg[start..end][svg[start..end].rfind("<text ")?..];
    let top = between(last, " y=\"", "\"")?.parse::<f64>().ok()? + BELOW_TITLE;
    let view = between(svg, "viewBox=\"", "\"")?;
    let mut sizes = view.split(' ').map(str::parse::<f64>);
    let (Some(Ok(0.0)), Some(Ok(0.0)), Some(Ok(width)), Some(Ok(height)), None) =
        (sizes.next(), sizes.next(), sizes.next(), sizes.next(), sizes.next())
    else {
        return None;
    };
    let (head, body) = svg.split_at(svg.find('>')?);
    let start = start - head.len();
    let end = end - head.len();
    Some(format!(
        "<svg viewBox=\"0 {top} {width} {}\" role=\"img\" stroke-linejoin=\"round\"{}{}",
        height - top,
        &body[..start],
        &body[end..]
    ))
}

/// The text between the first `open` and the `close` after it.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let rest = &text[text.find(open)? + open.len()..];
    Some(&rest[..rest.find(close)?])
}

#[cfg(test)]
mod tests {
    use super::super::super::charts::exceedance::{Exceedance, Series};
    use super::*;

    #[test]
    fn the_title_leaves_the_drawing_but_is_still_its_name() {
        let chart = Exceedance {
            title: "How long <really>?".into(),
            x_label: "hours".into(),
            series: vec![Series { name: "a".into(), steps: vec![(1.0, 0.0)], band: Vec::new() }],
            limits: Vec::new(),
            interval: String::new(),
            recommended: None,
        };
        let svg = chart.draw(&Palette::LIGHT).unwrap();
        let cut = without_title(&svg);
        assert_eq!(svg.matches("How long &lt;really&gt;?").count(), 3);
        assert_eq!(cut.matches("How long &lt;really&gt;?").count(), 1);
        assert!(cut.starts_with("<svg viewBox=\"0 320 6400 "), "{}", &cut[..80]);
        assert_eq!(cut.matches("<g").count(), cut.matches("</g>").count());
        assert_eq!(cut.matches("<text").count() + 1, svg.matches("<text").count());
    }

    #[test]
    fn a_drawing_of_another_make_stays_whole() {
        let svg = "<svg viewBox=\"0 0 9 9\"><title>a</title><rect/></svg>";
        assert_eq!(without_title(svg), svg);
    }
}
