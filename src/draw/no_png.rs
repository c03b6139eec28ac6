//! The stub for PNG in a program that was built without it.

/// Refuses to draw a picture as PNG.
///
/// # Errors
/// Always fails.
pub(crate) fn draw_png(_svg: &str) -> Result<Vec<u8>, String> {
    Err("this program was built without PNG pictures".to_owned())
}
