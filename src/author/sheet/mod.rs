//! Sheets: many proposed claims in one file. Each reader turns bytes into drafts and all problems of the file.
//!
//! ```text
//!   markdown, table, json, annotation, hypothesis   a kind of file each
//!     │
//!   item                                            a line below a quote
//!   cells                                           what stands between delimiters
//! ```

mod cells;
mod item;
mod markdown;

use super::draft::Draft;
use crate::diagnostic::Diagnostic;
use item::HeadKey;

/// What a file proposes, and everything that is wrong with it.
#[derive(Debug, Default)]
pub(crate) struct SheetContent {
    /// The drafts, in the order of the file.
    pub drafts: Vec<Draft>,
    /// The problems: errors, and notes on what was left out.
    pub problems: Vec<Diagnostic>,
}

impl HeadKey {
    /// Returns the part of a draft that it fills.
    fn of(self, draft: &mut Draft) -> &mut Option<String> {
        match self {
            Self::Reading => &mut draft.reading,
            Self::Omission => &mut draft.omission,
            Self::Name => &mut draft.name,
            Self::Before => &mut draft.prefix,
            Self::After => &mut draft.suffix,
        }
    }
}
