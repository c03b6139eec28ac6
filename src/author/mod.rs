//! The way in: making a dossier, and adding documents to it.
//!
//! Everything here computes an [`Edit`](crate::dossier::Edit), whose files change together or not at all.

mod addition;
mod append;
mod page;
mod source_text;
mod template;

pub(crate) use addition::{Addition, NewDocument, add};
pub(crate) use template::{Subject, write_template};
