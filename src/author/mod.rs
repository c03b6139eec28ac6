//! Changes a dossier for those who write one: its documents get new texts, and its claims the words of these.
//!
//! ```text
//!   update        what becomes of the quotes of a document, what is accepted, and the report
//!     │
//!   head_edit     new words in the head of a claim, in place
//!   replacement   several files replaced, or none
//! ```

mod head_edit;
mod replacement;
mod update;

pub(crate) use update::{Acceptance, DocumentUpdate, write_json, write_text};
