//! Pictures as pixels.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;
use unicode_width::UnicodeWidthChar as _;

/// The number of pixels for a unit of a picture, so that small text is sharp.
const SCALE: f32 = 2.0;

/// The most pixels of a picture: 400 MB in memory. Larger pictures have fewer pixels for a unit.
const MOST_PIXELS: f32 = 1e8;

/// Draws a picture of this module, which is SVG, as PNG on a white ground.
///
/// Text is set in `DejaVu Sans Condensed`, which is part of the program, so that the same picture has the same bytes on
/// every machine. Only for characters of full width, such as Chinese ones, fonts of the system are looked for.
///
/// # Errors
/// Fails if there is not enough memory for the pixels.
pub(crate) fn draw_png(svg: &str) -> Result<Vec<u8>, String> {
    draw_within(svg, MOST_PIXELS)
}

/// Draws a picture with at most so many pixels, and a few more for the rounding of its sides.
fn draw_within(svg: &str, most_pixels: f32) -> Result<Vec<u8>, String> {
    let options = Options { fontdb: Arc::new(fonts(svg)), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|problem| problem.to_string())?;
    let size = tree.size();
    let scale = SCALE.min((most_pixels / (size.width() * size.height())).sqrt());
    let scaled = size.scale_by(scale).unwrap_or(size).to_int_size();
    let Some(mut pixels) = Pixmap::new(scaled.width(), scaled.height()) else {
        return Err("there is not enough memory".to_owned());
    };
    pixels.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|problem| problem.to_string())
}

/// Returns the fonts for a picture.
fn fonts(svg: &str) -> fontdb::Database {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans_condensed::regular().to_vec());
    fonts.load_font_data(dejavu::sans_condensed::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    if svg.chars().any(|c| c.width() == Some(2)) {
        fonts.load_system_fonts();
        fonts.set_sans_serif_family("DejaVu Sans");
    }
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50'>\
        <text x='10' y='30' style='font-family:Helvetica,sans-serif'>Tea</text></svg>";

    #[test]
    fn text_is_drawn_in_twice_the_size() {
        let png = draw_png(SVG).unwrap();
        let pixels = Pixmap::decode_png(&png).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (200, 100));
        let dark = pixels.pixels().iter().filter(|pixel| pixel.red() < 128).count();
        assert!((50..2_000).contains(&dark), "{dark}");
        assert_eq!(draw_png(SVG).unwrap(), png);
    }

    #[test]
    fn what_is_too_large_has_fewer_pixels() {
        let pixels = Pixmap::decode_png(&draw_within(SVG, 5_000.0).unwrap()).unwrap();
        assert_eq!((pixels.width(), pixels.height()), (100, 50));
    }
}
