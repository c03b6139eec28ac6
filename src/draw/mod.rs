//! Pictures of answers, of things and of time, with their citations.
//!
//! `build` makes a [`Picture`] or a [`Timeline`] of what a session holds. These are values: what follows knows no
//! store. `layout` says where everything stands, and a writer each makes SVG, Mermaid and DOT of it. The same picture is
//! always written as the same bytes.
//!
//! ```text
//!   Session ─ build ─▶ Picture ─ layout ─▶ svg ─▶ html, png
//!                         │
//!                         └─▶ mermaid, dot
//!   Session ─ build ─▶ Timeline ─ timeline ─▶ svg
//! ```

mod build;
mod dot;
mod html;
mod layout;
mod mermaid;
mod palette;
mod picture;
#[cfg_attr(not(feature = "png"), path = "no_png.rs")]
mod png;
mod svg;
mod text;
mod timeline;

pub(crate) use build::MOST_ROWS;
pub use build::{Extent, Subject};
pub use dot::draw_dot;
pub use html::page_of;
pub use mermaid::draw_mermaid;
pub use picture::{Basis, Edge, Line, Node, Note, Picture, Standing};
pub(crate) use png::draw_png;
pub use svg::{LinkOf, draw_svg};
pub(crate) use svg::{inline, style_sheet_within};
pub use timeline::{LaneKey, Timeline, draw_timeline};
