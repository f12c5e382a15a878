//! From the SVG of a chart to a PNG.
//!
//! Text is set in DejaVu Sans, which comes with the program, so that the picture is the same on a
//! machine without fonts. DejaVu holds Latin, Greek, Cyrillic, Arabic, Armenian, Georgian and
//! Hebrew among others, but no Chinese, Japanese or Korean: those show as empty boxes in the PNG,
//! and rightly in the SVG.

use super::ChartError;
use super::text::{clean, joins_previous};
use png::{BitDepth, ColorType, Compression, Encoder, EncodingError};
use resvg::tiny_skia::{IntSize, Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use skrifa::{FontRef, MetadataProvider};

/// Pixels of the PNG for one pixel of the chart: sharp on a dense screen and in print.
const SCALE: f32 = 2.0;

/// Turns charts into PNG files. Make one and use it for all charts: reading the fonts takes longer
/// than a picture.
pub struct Rasteriser {
    options: Options<'static>,
}

/// The room for the pixels of one chart after the other. Charts are megabytes, and room given back
/// and asked for anew for each leaves holes in the memory.
#[derive(Debug, Default)]
pub struct Canvas(Vec<u8>);

impl Rasteriser {
    /// Reads the fonts that come with the program.
    pub fn new() -> Self {
        let mut options = Options::default();
        let fonts = options.fontdb_mut();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        options.font_family = "DejaVu Sans".to_owned();
        Self { options }
    }

    /// The chart as the bytes of a PNG file, two pixels for each of the SVG.
    ///
    /// # Errors
    ///
    /// [`ChartError::Png`] when the text is not an SVG file or its size cannot be drawn.
    pub fn png(&self, svg: &str, canvas: &mut Canvas) -> Result<Vec<u8>, ChartError> {
        let fault = |error: &dyn std::fmt::Display| ChartError::Png(error.to_string());
        let tree = Tree::from_str(svg, &self.options).map_err(|error| fault(&error))?;
        let size = tree.size().to_int_size();
        let (width, height) =
            (size.width().saturating_mul(SCALE as u32), size.height().saturating_mul(SCALE as u32));
        let no_room = || fault(&format!("no room for {width} by {height} pixels"));
        let size = IntSize::from_wh(width, height).ok_or_else(no_room)?;
        let bytes = u64::from(width) * u64::from(height) * 4;
        let bytes = usize::try_from(bytes).ok().filter(|bytes| *bytes <= isize::MAX as usize);
        let mut pixels = std::mem::take(&mut canvas.0);
        pixels.clear();
        pixels.resize(bytes.ok_or_else(no_room)?, 0);
        let mut pixels = Pixmap::from_vec(pixels, size).ok_or_else(no_room)?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
        canvas.0 = pixels.take_demultiplied();
        encode(&mut canvas.0, (width, height)).map_err(|error| fault(&error))
    }
}

/// The characters of a text that the fonts of the PNG lack, each once; they show as empty boxes.
pub fn lacking(text: &str) -> Vec<char> {
    // The bold face lacks more than the regular one, and names are set in both.
    let faces = [dejavu::sans::regular(), dejavu::sans::bold()];
    let faces: Vec<FontRef<'_>> = faces.iter().filter_map(|face| FontRef::new(face).ok()).collect();
    let mut lacking = Vec::new();
    for character in clean(text).chars() {
        let has = |face: &FontRef<'_>| face.charmap().map(character).is_some();
        let shows = joins_previous(character) || faces.iter().all(has);
        if !shows && !lacking.contains(&character) {
            lacking.push(character);
        }
    }
    lacking
}

/// The bytes of a PNG file. The fast compression: a chart has few colours and long rows of one, and
/// the thorough one took most of a run's time to make the files a little smaller. Without the
/// channel of transparency where nothing is transparent.
fn encode(bytes: &mut Vec<u8>, (width, height): (u32, u32)) -> Result<Vec<u8>, EncodingError> {
    let opaque = bytes.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX);
    if opaque {
        // In place: a copy of the picture is several megabytes.
        let pixels = bytes.len() / 4;
        for pixel in 0..pixels {
            bytes.copy_within(4 * pixel..4 * pixel + 3, 3 * pixel);
        }
        bytes.truncate(3 * pixels);
    }
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(if opaque { ColorType::Rgb } else { ColorType::Rgba });
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    encoder.write_header()?.write_image_data(bytes)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::super::Palette;
    use super::super::restore::{Restore, RestoreRow};
    use super::*;

    #[test]
    fn a_chart_becomes_a_png_of_twice_its_size() {
        let rows = vec![RestoreRow {
            strategy: "Rebuild".into(),
            outages: 0,
            open: 0,
            planned: 0,
            quantiles: None,
        }];
        let (title, x_label) = ("Restore".into(), "Time".into());
        let chart = Restore { title, x_label, rows, limits: Vec::new(), recommended: None };
        let png =
            Rasteriser::new().png(&chart.draw(&Palette::LIGHT).unwrap(), &mut Canvas::default());
        let png = png.unwrap();
        assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
        assert_eq!(u32::from_be_bytes([png[16], png[17], png[18], png[19]]), 1600);
    }

    #[test]
    fn text_shows_without_any_font_of_the_system() {
        let picture = |text: &str| {
            let svg = format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='99' height='30'><text x='5' y='20' \
                 font-family='sans-serif'>{text}</text></svg>"
            );
            Rasteriser::new().png(&svg, &mut Canvas::default()).unwrap()
        };
        assert_ne!(picture("A"), picture(""));
        assert_ne!(picture("A"), picture("B"));
    }

    #[test]
    fn a_canvas_that_was_used_leaves_nothing_behind() {
        let svg = |size: u32, what: &str| {
            format!(
                "<svg xmlns='http://www.w3.org/2000/svg' width='{size}' height='9'>{what}</svg>"
            )
        };
        let (full, empty) = (svg(40, "<rect width='40' height='9'/>"), svg(20, ""));
        let mut canvas = Canvas::default();
        let rasteriser = Rasteriser::new();
        rasteriser.png(&full, &mut canvas).unwrap();
        let after = rasteriser.png(&empty, &mut canvas).unwrap();
        assert_eq!(after, rasteriser.png(&empty, &mut Canvas::default()).unwrap());
    }

    #[test]
    fn letters_without_a_shape_in_the_font_are_known() {
        assert_eq!(lacking("Zürich, Διακομιστής, Сервер, e\u{301}\u{200D}"), []);
        assert_eq!(lacking("本社 (本)"), ['本', '社']);
    }

    #[test]
    fn what_is_no_svg_is_refused() {
        let png = Rasteriser::new().png("<p>", &mut Canvas::default());
        assert!(matches!(png, Err(ChartError::Png(_))));
    }
}
