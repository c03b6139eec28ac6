//! A page around a picture, which needs nothing but itself.

use super::svg::markup::escaped;

/// Returns a page that shows a picture. The page forbids itself all scripts and requests.
///
/// # Arguments
/// `svg` is the picture, as this module's writers make it.
pub fn page_of(title: &str, svg: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n\
         <style>body{{margin:0;background:#fff}}svg{{display:block;margin:auto;max-width:100%;height:auto}}\
         @media (prefers-color-scheme:dark){{body{{background:#0f1318}}}}</style>\n</head>\n<body>\n{svg}</body>\n</html>\n",
        escaped(title)
    )
}
