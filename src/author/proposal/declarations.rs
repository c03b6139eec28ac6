//! What sheets declare for all of their drafts.

use super::words::at_place;
use crate::author::draft::{Draft, DraftStatement};
use crate::author::sheet::item_of;
use crate::diagnostic::{Diagnostic, error};
use crate::vocabulary::folded;
use std::collections::HashSet;

/// Gives each draft the declarations that it needs, so that it can be accepted without the others. What no draft mentions
/// belongs to the first one. Returns what is wrong if there is none.
pub(super) fn distribute(
    declarations: &[DraftStatement],
    drafts: &mut [Draft],
) -> Option<Diagnostic> {
    let labels: Vec<String> = declarations
        .iter()
        .map(|said| folded(said.content.declared().unwrap_or_default()))
        .collect();
    let mut unused: HashSet<usize> = (0..declarations.len()).collect();
    for draft in &mut *drafts {
        let needed = needed(declarations, &labels, draft);
        unused.retain(|number| !needed.contains(number));
        add(declarations, needed, draft);
    }
    match drafts.first_mut() {
        Some(first) => {
            add(declarations, unused, first);
            None
        }
        None => declarations.first().map(|said| {
            let problem = error!("sheet-without-quote", "the sheets declare something, but quote nothing")
                .help("draft the declarations with the claims that need them, in the same sheet or in one of the same command");
            at_place(said.place.as_ref(), &format!("- {}", item_of(&said.content)), problem)
        }),
    }
}

/// Returns the declarations that a draft mentions, and those that these mention.
fn needed(declarations: &[DraftStatement], labels: &[String], draft: &Draft) -> HashSet<usize> {
    let mut needed = HashSet::new();
    let mut mentioned: Vec<&str> =
        draft.says.iter().flat_map(|said| said.content.mentioned()).collect();
    while let Some(words) = mentioned.pop() {
        let words = folded(words);
        for (number, _) in labels.iter().enumerate().filter(|(_, label)| **label == words) {
            if needed.insert(number) {
                mentioned.extend(declarations[number].content.mentioned());
            }
        }
    }
    needed
}

/// Puts declarations before what a draft says, in their order.
fn add(declarations: &[DraftStatement], numbers: HashSet<usize>, draft: &mut Draft) {
    let mut numbers: Vec<usize> = numbers.into_iter().collect();
    numbers.sort_unstable();
    draft.says.splice(0..0, numbers.into_iter().map(|number| declarations[number].clone()));
}
