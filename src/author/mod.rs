//! Makes and changes dossiers: new ones, documents and claims that are added, and new texts of documents with the words of
//! their claims.
//!
//! ```text
//!   template      the files of a new dossier
//!   addition      a document with its original, and what is known of it
//!   update        what becomes of the quotes of a document, what is accepted, and the report
//!   drafting      what becomes of drafts of claims, and what is wrong with them
//!   accepted_answers              the answers of saved queries as the expected ones
//!   pattern                       a pattern that is made of a claim
//!   term                          terms that are declared without a claim, or changed
//!   merge                         several dossiers as one
//!   same_as                       things of several dossiers that are perhaps the same
//!   retraction                    claims that are removed or replaced, and what rests on them
//!     │
//!   draft         a proposed claim as it was typed
//!   source ── source_text, page   the text of a file, whatever its encoding; of a web page
//!   originals     the files from which texts were made
//!   append        statements at the end of a Turtle or TriG file
//!   head_edit     new words in the head of a claim, in place
//!   removal       the text of a file without a claim
//!   slug          names made of words
//! ```
//!
//! Each change is an [`Edit`](crate::dossier::Edit): all of its files change, or none.

mod accepted_answers;
mod addition;
mod append;
mod draft;
mod draft_files;
mod drafting;
mod head_edit;
mod merge;
mod originals;
mod page;
mod pattern;
mod proposal;
mod removal;
mod retraction;
mod same_as;
mod sheet;
mod slug;
mod source;
mod source_text;
mod template;
mod term;
mod update;

pub(crate) use accepted_answers::{Unaccepted, UnacceptedCase, accept_answers, unaccepted_answers};
pub(crate) use addition::{Addition, NewDocument, add};
pub(crate) use draft::{Draft, DraftContent, DraftStatement};
pub(crate) use drafting::{AddedText, DraftedClaim, SignedDraft, place_of, verify};
pub(crate) use merge::{ChangedAnswer, Merged, merge};
pub(crate) use pattern::{NewPattern, make_pattern};
pub(crate) use proposal::{
    AcceptedDrafts, ListedDraft, Proposal, Sheet, SheetOptions, accept, propose, reject, waiting,
    write_claim_json, write_draft, write_drafts_json,
};
pub(crate) use retraction::{Consequences, Retraction};
pub(crate) use same_as::{read_same_sheet, same_pairs, write_same_sheet};
pub(crate) use sheet::{LARGEST, draft_of, write_sheet};
pub(crate) use source::Source;
pub(crate) use template::{Subject, write_template};
pub(crate) use term::{TermDeclaration, declare_term};
pub(crate) use update::{Acceptance, DocumentUpdate, write_json, write_text};
