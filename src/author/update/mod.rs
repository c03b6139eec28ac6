//! The update of a document: what becomes of each quote in its new text, and what of it is accepted.

mod json;
mod original;
mod text;

pub(crate) use json::write_json;
pub(crate) use text::write_text;

use super::head_edit::{HeadFile, NewWords, edit};
use super::source::Source;
use crate::claim::{Change, Claim, Folding, Quote, Revision, Selector, Verdict, folded};
use crate::diagnostic::{Diagnostic, Result, did_you_mean, error, nearest};
use crate::dossier::{Document, Edit, Passage, SourceFile, last_part};
use crate::session::Session;
use crate::vocabulary::dos;
use oxigraph::model::NamedNode;
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// A new text of a document, with the verdicts on its quotes. Nothing is written yet.
pub(crate) struct DocumentUpdate<'a> {
    session: &'a Session,
    /// The document.
    document: NamedNode,
    /// Its title, or its label.
    title: Option<String>,
    /// The new file.
    source: &'a Source,
    /// The file of its text.
    file: SourceFile,
    /// The new text.
    new: Document,
    /// The claims and omissions with one quote, by the verdict on it and then by name.
    quotes: Vec<RevisedQuote>,
    /// The claims and omissions that have no quote, or several, in order.
    without_quote: Vec<NamedNode>,
    /// The passages of the new text that the old one does not have and no quote or proposal touches.
    new_passages: Vec<Passage>,
}

/// A claim or an omission with the verdict on its quote.
struct RevisedQuote {
    claim: Claim,
    quote: Quote,
    verdict: Verdict,
}

/// What a user accepts of an update.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acceptance<'a> {
    /// The names of claims and omissions whose proposed words are accepted.
    pub claims: &'a [String],
    /// Whether all changes of typography are accepted.
    pub typographic: bool,
    /// Whether the quotes that neither stand nor are accepted may be left for `check` to report.
    pub leaves_rest: bool,
}

/// Returns the file with the text of a document.
fn text_file(session: &Session, document: &NamedNode) -> Result<SourceFile> {
    let name = last_part(document.as_str());
    let texts = session.dossier().texts()?;
    texts.into_iter().find(|source| source.stem() == name).ok_or_else(|| {
        let shown = session.prefixes().show(document);
        error!("document-without-text", "the document `{shown}` has no text").input()
    })
}

impl<'a> DocumentUpdate<'a> {
    /// Compares the quotes of a document with its new text.
    ///
    /// # Errors
    /// Fails if no document or several documents have the name, if the document has no text, if the file has none, or if
    /// the store fails.
    pub(crate) fn plan(session: &'a Session, name: &str, source: &'a Source) -> Result<Self> {
        let document = session.find_document(Some(name))?;
        let old = session.text_of(&document)?;
        let text = source.text().map_err(Diagnostic::input)?.text;
        let file = text_file(session, &document)?;
        let new = SourceFile { path: file.path.clone(), bytes: text.into_bytes().into() };
        let new = new.document().map_err(Diagnostic::input)?;
        let revision = Revision::new(old, &new);
        let (mut quotes, mut without_quote) = (Vec::new(), Vec::new());
        let things = session.store().things(dos::DOCUMENT, document.as_ref().into())?;
        session.store().look_up(&things)?;
        for thing in things {
            let claim = session.claim(&thing)?;
            match (claim.quotes.as_slice(), claim.documents.len()) {
                ([quote], 1) => quotes.push(RevisedQuote {
                    verdict: revision.verdict(quote),
                    quote: quote.clone(),
                    claim,
                }),
                _ => without_quote.push(thing),
            }
        }
        quotes.sort_by(|a, b| (a.rank(), &a.claim.name).cmp(&(b.rank(), &b.claim.name)));
        without_quote.sort();
        let new_passages = new_passages(old, &new, &quotes);
        let title = session.source(&document)?.title.clone();
        Ok(Self {
            session,
            document,
            title,
            source,
            file,
            new,
            quotes,
            without_quote,
            new_passages,
        })
    }

    /// Returns whether a person should look at something: a quote does not stand, or a negation or a hedge around it differs.
    pub(crate) fn needs_attention(&self) -> bool {
        !self.without_quote.is_empty() || self.quotes.iter().any(|quote| !quote.is_plain())
    }

    /// Writes the new text, and the new words of the accepted quotes. Either all of it is written or nothing. Returns the
    /// paths of the files.
    ///
    /// # Errors
    /// If a name is unknown, or that of a quote without proposed words; if quotes that stood neither stand nor are accepted,
    /// unless they may be left; if a file cannot be written.
    pub(crate) fn write(&self, acceptance: &Acceptance<'_>) -> Result<Vec<String>> {
        let accepted = self.accepted(acceptance)?;
        let mut changes = Edit::of(self.session.dossier())?;
        let selectors: Vec<(Range<usize>, Selector)> =
            accepted.iter().filter_map(|quote| self.new_place(quote)).collect();
        let words: Vec<NewWords<'_>> = accepted
            .iter()
            .zip(&selectors)
            .map(|(quote, (span, selector))| NewWords {
                claim: &quote.claim.name,
                quote: &self.new.text()[span.clone()],
                prefix: &selector.prefix,
                suffix: &selector.suffix,
            })
            .collect();
        let sources = self.session.dossier().data()?;
        let mut files: Vec<HeadFile> =
            sources.into_iter().map(HeadFile::new).collect::<Result<_>>()?;
        edit(&mut files, &words)?;
        let dossier = self.session.dossier();
        let text = self.new.text();
        original::replace(dossier, &self.document, self.source, text, &mut files, &mut changes)?;
        for (source, after) in files.iter().filter_map(HeadFile::contents) {
            changes.replace(source, after);
        }
        changes.replace(&self.file, self.new.text());
        let paths = changes.paths().map(str::to_owned).collect();
        changes.commit()?;
        Ok(paths)
    }

    /// Returns where an accepted quote will stand, with the prefix and suffix that it needs or had.
    fn new_place(&self, quote: &RevisedQuote) -> Option<(Range<usize>, Selector)> {
        let proposal = quote.verdict.proposal()?;
        let had = [quote.quote.prefix.as_deref(), quote.quote.suffix.as_deref()];
        let selector = proposal.selector.clone().replacing(self.new.text(), &proposal.span, had);
        Some((proposal.span.clone(), selector))
    }

    /// Returns the quotes whose new words are accepted.
    fn accepted(&self, acceptance: &Acceptance<'_>) -> Result<Vec<&RevisedQuote>> {
        let mut accepted = BTreeSet::new();
        for name in acceptance.claims {
            let number = self.number_of(name)?;
            let quote = &self.quotes[number];
            match &quote.verdict {
                Verdict::Stands { .. } => {}
                verdict if verdict.proposal().is_some() => {
                    accepted.insert(number);
                }
                verdict => {
                    return Err(error!(
                        "update-without-proposal",
                        "there are no new words to accept for `{}`: its quote {}",
                        self.shown(&quote.claim.name),
                        if matches!(verdict, Verdict::Ambiguous { .. }) {
                            "is ambiguous"
                        } else {
                            "has vanished"
                        }
                    )
                    .help("quote other words in the claim, or remove it")
                    .usage());
                }
            }
        }
        if acceptance.typographic {
            let is_typographic =
                |quote: &RevisedQuote| matches!(quote.verdict, Verdict::Typographic(_));
            accepted.extend(
                (0..self.quotes.len()).filter(|number| is_typographic(&self.quotes[*number])),
            );
        }
        let remaining: Vec<String> = (0..self.quotes.len())
            .filter(|number| !accepted.contains(number))
            .map(|number| &self.quotes[number])
            .filter(|quote| quote.stood() && !matches!(quote.verdict, Verdict::Stands { .. }))
            .map(|quote| format!("`{}` ({})", self.shown(&quote.claim.name), quote.verdict.name()))
            .collect();
        if !remaining.is_empty() && !acceptance.leaves_rest {
            let (count, noun) =
                (remaining.len(), if remaining.len() == 1 { "quote" } else { "quotes" });
            return Err(error!(
                "update-incomplete",
                "nothing was written: {count} {noun} would no longer stand in the document"
            )
            .note(remaining.join("\n"))
            .help("accept the new words with `--accept CLAIM`, or write the text all the same with `--leave-rest`")
            .usage());
        }
        Ok(accepted.into_iter().map(|number| &self.quotes[number]).collect())
    }

    /// Returns the number of the claim or omission with a name.
    fn number_of(&self, name: &str) -> Result<usize> {
        let iri = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).unwrap_or(name);
        let curies: Vec<String> =
            self.quotes.iter().map(|quote| self.shown(&quote.claim.name)).collect();
        let is_it = |number: &usize| {
            curies[*number] == name || self.quotes[*number].claim.name.as_str() == iri
        };
        (0..curies.len()).find(is_it).ok_or_else(|| {
            let document = self.shown(&self.document);
            let problem =
                error!("claim-unknown", "no claim or omission of `{document}` is called `{name}`");
            match nearest(name, curies.iter().map(String::as_str)) {
                Some(near) => problem.help(did_you_mean(near)),
                None => problem.help("name it by its CURIE or IRI, as this command lists it"),
            }
            .usage()
        })
    }

    fn shown(&self, thing: &NamedNode) -> String {
        self.session.prefixes().show(thing)
    }

    /// Returns the short locator of the passage where a span of the new text begins.
    fn place(&self, span: &Range<usize>) -> String {
        let passage = self.new.passages_at(span.clone()).first();
        passage.map_or_else(String::new, |passage| passage.place.short())
    }
}

impl RevisedQuote {
    /// Returns whether the quote stood in the old text.
    fn stood(&self) -> bool {
        self.quote.place.is_ok()
    }

    /// Returns whether the quote stands and nothing suspicious was added around it.
    fn is_plain(&self) -> bool {
        matches!(&self.verdict, Verdict::Stands { around, .. } if around.is_empty())
    }

    /// Returns the place in the report: what needs attention first.
    fn rank(&self) -> usize {
        match &self.verdict {
            Verdict::Vanished(_) => 0,
            Verdict::Changed(Change { marks, .. }) if !marks.is_empty() => 1,
            Verdict::Changed(_) => 2,
            Verdict::Ambiguous { .. } => 3,
            Verdict::Typographic(_) => 4,
            Verdict::Stands { around, .. } if !around.is_empty() => 5,
            Verdict::Stands { .. } => 6,
        }
    }

    /// Returns the words of the new text that stand for the quote, if there are any.
    fn new_span(&self) -> Option<&Range<usize>> {
        match &self.verdict {
            Verdict::Stands { span, .. } => Some(span),
            verdict => verdict.proposal().map(|proposal| &proposal.span),
        }
    }
}

/// Returns the passages that only the new text has and that no quote or proposal touches.
fn new_passages(old: &Document, new: &Document, quotes: &[RevisedQuote]) -> Vec<Passage> {
    let words = |document: &Document, passage: &Passage| {
        folded(&document.text()[passage.span.clone()], Folding::Typographic)
    };
    let known: HashSet<String> = old.passages().iter().map(|passage| words(old, passage)).collect();
    let mut spans: Vec<&Range<usize>> = quotes.iter().filter_map(RevisedQuote::new_span).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let passages = new.passages().iter();
    let is_new = |passage: &&Passage| {
        let before = spans.partition_point(|span| span.start < passage.span.end);
        let is_quoted = spans[..before].iter().any(|span| span.end > passage.span.start);
        !is_quoted && !known.contains(&words(new, passage))
    };
    passages.filter(is_new).cloned().collect()
}
