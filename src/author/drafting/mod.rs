//! From drafts to claims: looks up their terms and their quotes, checks the dossier as it would be, and lays the claims
//! out at the end of a file.

mod finding;
mod lexicon;
mod spelling;

pub(super) use spelling::Spelling;
