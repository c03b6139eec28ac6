//! From drafts to claims: looks up their terms and their quotes, checks the dossier as it would be, and lays the claims
//! out at the end of a file.
//!
//! ```text
//!   verify                        all of it, for many drafts at once
//!     │
//!   would_be                      the dossier as it would be, and what a check finds in the new claims
//!     │
//!   statements  hints  target     what drafts state; what a person should look at; the files and what is added to them
//!     │
//!   spelling                      how terms are typed so that they come back
//!   example                       a claim as an example of a pattern
//!   redeclare                     terms without a claim: new ones, and changes to known ones
//!     │
//!   declare                       the new classes, properties and things of drafts
//!     │
//!   value ── quotation            values by their properties; the document's own words
//!   naming                        the IRIs of new claims, things and terms
//!     │
//!   lexicon ── declaration, takes  the known terms, how unknown ones could be declared, and what properties take
//!     │
//!   finding ── turtle             what can be wrong, in words; Turtle in drafts
//! ```

mod declaration;
mod declare;
mod example;
mod finding;
mod hints;
mod lexicon;
mod naming;
mod quotation;
mod redeclare;
mod spelling;
mod statements;
mod takes;
mod target;
#[cfg(test)]
mod tests;
mod turtle;
mod value;
mod verify;
mod would_be;

pub(super) use example::pattern_of_claim;
pub(crate) use finding::DraftFinding;
pub(crate) use quotation::place_of;
pub(super) use redeclare::{NewTerm, TermChanges, new_term};
pub(super) use spelling::Spelling;
pub(in crate::author) use target::ChangedFile;
pub(crate) use verify::{AddedText, DraftedClaim, SignedDraft, Verified, VerifiedDraft, verify};
