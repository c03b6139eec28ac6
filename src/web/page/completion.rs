//! What can be typed next in a query, for the script of the page.

use crate::complete::Completer;
use crate::diagnostic::{Diagnostic, Result};
use crate::web::response::{Body, Response};
use crate::web::site::Site;
use serde::Serialize;

/// The most proposals: nobody reads more.
const MOST: usize = 12;

/// The most quads of data whose index is built for a completion. Without it, fewer things are proposed.
const MOST_INDEXED: u64 = 200_000;

/// The proposals at a place of a query.
#[derive(Serialize)]
struct Proposals<'a> {
    /// The word before the cursor that they replace.
    word: &'a str,
    candidates: Vec<ProposedText<'a>>,
}

#[derive(Serialize)]
struct ProposedText<'a> {
    text: &'a str,
    meaning: Option<&'a str>,
}

/// Returns what can be typed between two parts of a query, as JSON.
///
/// # Errors
/// Fails if the store fails.
pub(in crate::web) fn completion(site: &Site, before: &str, after: &str) -> Result<Response> {
    let completer = Completer::new(&site.session);
    if site.session.store().capabilities().can_scan && site.session.size()? <= MOST_INDEXED {
        completer.fill()?;
    }
    let completion = completer.sparql(&format!("{before}{after}"), before.len())?;
    let candidates = completion.candidates.iter().take(MOST);
    let proposals = Proposals {
        word: before.get(completion.start..).unwrap_or_default(),
        candidates: candidates
            .map(|one| ProposedText { text: &one.text, meaning: one.meaning.as_deref() })
            .collect(),
    };
    let json = serde_json::to_vec(&proposals)
        .map_err(|error| Diagnostic::new(format!("the proposals: {error}")).store())?;
    Ok(Response::new(200, "application/json", Body::Whole(json)))
}
