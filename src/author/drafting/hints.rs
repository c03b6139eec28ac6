//! What a person should look at before a claim is written, and no machine can decide: whether the quote supports what is
//! claimed.

use super::lexicon::Lexicon;
use super::quotation::Quotation;
use crate::claim::{Folding, Mark, cautions, folded};
use crate::diagnostic::{Diagnostic, Severity};
use crate::vocabulary::rdf;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term, Triple};
use std::collections::BTreeSet;

/// The most passages that a quote should touch.
const MOST_PASSAGES: usize = 2;
/// The most statements that a claim should have.
const MOST_STATEMENTS: usize = 25;

/// Returns the hints for a claim.
pub(super) fn hints(
    lexicon: &Lexicon<'_>,
    quotation: &Quotation,
    statements: &[Triple],
    has_reading: bool,
) -> Vec<Diagnostic> {
    let mut hints = Vec::new();
    if !has_reading {
        hints.extend(unnamed(lexicon, &quotation.words, statements));
        hints.extend(cautious(&quotation.words));
    }
    let passages = quotation.span.passages.len();
    if passages > MOST_PASSAGES {
        hints.push(
            hint("quote-long", format!("the quote has {passages} sentences"))
                .help("quote only the words that state this; make a claim of its own of the rest"),
        );
    }
    if statements.len() > MOST_STATEMENTS {
        let message = format!("the claim has {} statements", statements.len());
        hints.push(hint("claim-large", message).help("divide it, with the words of each part"));
    }
    hints
}

fn hint(id: &'static str, message: String) -> Diagnostic {
    Diagnostic::of(Severity::Note, id, message)
}

/// Returns the hint about things with labels that a quote does not name. A thing that the claim itself introduces is
/// described by it.
fn unnamed(lexicon: &Lexicon<'_>, words: &str, statements: &[Triple]) -> Option<Diagnostic> {
    let subject = |triple: &Triple| match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => Some(subject.clone()),
        NamedOrBlankNode::BlankNode(_) => None,
    };
    let object = |triple: &Triple| match &triple.object {
        Term::NamedNode(object) => Some(object.clone()),
        _ => None,
    };
    let introduced: BTreeSet<NamedNode> = statements
        .iter()
        .filter(|triple| triple.predicate.as_ref() == rdf::TYPE)
        .filter_map(subject)
        .collect();
    let things: BTreeSet<NamedNode> =
        statements.iter().flat_map(|triple| [subject(triple), object(triple)]).flatten().collect();
    let quoted = in_words(words);
    let is_unnamed = |thing: &&NamedNode| {
        let labels = lexicon.labels_of(thing);
        !introduced.contains(*thing)
            && !lexicon.is_term(thing)
            && !labels.is_empty()
            && !labels.iter().any(|label| quoted.contains(&in_words(label)))
    };
    let unnamed: Vec<String> = things
        .iter()
        .filter(is_unnamed)
        .map(|thing| format!("“{}”", lexicon.short_name(thing)))
        .collect();
    (!unnamed.is_empty()).then(|| {
        hint("quote-without-name", format!("the quote does not name {}", unnamed.join(", ")))
            .help("if other words mean it, say so in a reading")
    })
}

/// Returns a text as folded words with single spaces around them.
fn in_words(text: &str) -> String {
    let folded = folded(text, Folding::Loose);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |words, word| words + word + " ")
}

/// Returns the hint about words that deny or weaken what a quote states.
fn cautious(words: &str) -> Option<Diagnostic> {
    let cautions: BTreeSet<(Mark, &str)> = cautions(words).into_iter().collect();
    let (mark, _) = cautions.first()?;
    let shown: Vec<String> = cautions.iter().map(|(_, word)| format!("“{word}”")).collect();
    let does = if *mark == Mark::Negation { "deny" } else { "weaken" };
    Some(
        hint(
            "quote-cautious",
            format!("words of the quote may {does} what it states: {}", shown.join(", ")),
        )
        .help("if the statements are right all the same, explain it in a reading"),
    )
}
