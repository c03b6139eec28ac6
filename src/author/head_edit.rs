//! Replaces the words that the heads of claims quote, in place: comments and layout stay.

use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::rdf::diff::DatasetDiff;
use crate::rdf::read::{RdfFile, read_file};
use crate::rdf::syntax::Outline;
use crate::rdf::write::turtle_string;
use crate::vocabulary::{dos, oa};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::ops::Range;

/// A data file in which heads can be edited.
pub(super) struct HeadFile {
    source: SourceFile,
    text: String,
    outline: Outline,
    edits: Vec<(Range<usize>, String)>,
}

/// The new words of a claim. An empty prefix or suffix is not needed.
pub(super) struct NewWords<'a> {
    pub(super) claim: &'a NamedNode,
    pub(super) quote: &'a str,
    pub(super) prefix: &'a str,
    pub(super) suffix: &'a str,
}

/// The properties whose values are replaced.
const PROPERTIES: [NamedNodeRef<'_>; 3] = [dos::QUOTE, oa::PREFIX, oa::SUFFIX];

impl HeadFile {
    pub(super) fn new(source: SourceFile) -> Result<Self> {
        let text = source.text().map_err(Diagnostic::input)?.to_owned();
        Ok(Self { outline: Outline::new(&text), source, text, edits: Vec::new() })
    }

    /// Replaces the value of a property of a claim or a document, if the file has it. Returns whether it has.
    pub(super) fn replace(
        &mut self,
        claim: &NamedNode,
        property: NamedNodeRef<'_>,
        value: &str,
    ) -> bool {
        let found = self.outline.literal_outside(claim.as_str(), property.as_str());
        self.edits.extend(found.iter().map(|(_, literal)| (literal.clone(), turtle_string(value))));
        found.is_some()
    }

    /// Adds a statement about a claim before its quote, if the file has that.
    fn add(&mut self, claim: &NamedNode, property: NamedNodeRef<'_>, value: &str) {
        let quote = self.outline.literal_outside(claim.as_str(), dos::QUOTE.as_str());
        let Some((quote, _)) = quote else { return };
        let prefixed = property.as_str().split_inclusive('#').collect::<Vec<_>>();
        let written = match prefixed.as_slice() {
            [namespace, local] => {
                self.outline.prefix_of(namespace).map(|prefix| format!("{prefix}:{local}"))
            }
            _ => None,
        };
        let written = written.unwrap_or_else(|| property.to_string());
        let statement = format!("{written} {} ; ", turtle_string(value));
        self.edits.push((quote.start..quote.start, statement));
    }

    /// Returns the content of the file with its edits, or `None` if it has none.
    pub(super) fn edited(&self) -> Option<String> {
        if self.edits.is_empty() {
            return None;
        }
        let mut edits: Vec<_> = self.edits.iter().collect();
        edits.sort_by_key(|(span, _)| (span.start, span.end));
        let (mut edited, mut done) = (String::new(), 0);
        for (span, words) in edits {
            // Two edits of one place cannot both be made; the check of the statements finds that.
            edited.push_str(self.text.get(done..span.start).unwrap_or_default());
            edited.push_str(words);
            done = span.end.max(done);
        }
        edited.push_str(&self.text[done..]);
        Some(edited)
    }

    /// Returns the statements of the file as it is and as it will be.
    fn quads(&self) -> Result<[Vec<Quad>; 2]> {
        let before = read_file(&RdfFile::new(self.source.clone()).map_err(Diagnostic::input)?)?.0;
        let Some(edited) = self.edited() else { return Ok([before.clone(), before]) };
        let source = SourceFile { bytes: edited.into_bytes().into(), ..self.source.clone() };
        let after = read_file(&RdfFile::new(source).map_err(Diagnostic::input)?)?.0;
        Ok([before, after])
    }

    /// Returns the file and its content after the edits, or `None` if there are none.
    pub(super) fn contents(&self) -> Option<(&SourceFile, Vec<u8>)> {
        let edited = self.edited()?;
        // A byte order mark stays.
        let mark = self.source.bytes.len() - self.text.len();
        let mut after = self.source.bytes[..mark].to_vec();
        after.extend(edited.into_bytes());
        Some((&self.source, after))
    }
}

/// Replaces the words of claims in the files of a dossier, and checks that no other statement changes.
///
/// # Errors
/// If the words of a claim cannot be replaced, such as those of a claim whose IRI is written in an unusual way.
pub(super) fn edit(files: &mut [HeadFile], words: &[NewWords<'_>]) -> Result<()> {
    if words.is_empty() {
        return Ok(());
    }
    for NewWords { claim, quote, prefix, suffix } in words {
        let has_quote = files.iter_mut().any(|file| file.replace(claim, dos::QUOTE, quote));
        if !has_quote {
            return Err(not_editable(claim, quote));
        }
        for (property, value) in [(oa::PREFIX, prefix), (oa::SUFFIX, suffix)] {
            let is_replaced = files.iter_mut().any(|file| file.replace(claim, property, value));
            if !is_replaced && !value.is_empty() {
                for file in files.iter_mut() {
                    file.add(claim, property, value);
                }
            }
        }
    }
    let mut after = Vec::new();
    for file in &*files {
        let [one, other] = file.quads()?;
        let diff = DatasetDiff::between(&one, &other);
        let is_expected = |quad: &Quad| {
            quad.graph_name == GraphName::DefaultGraph
                && PROPERTIES.contains(&quad.predicate.as_ref())
                && words.iter().any(|words| is_about(quad, words.claim))
        };
        if !diff.removed.iter().chain(&diff.added).all(is_expected) {
            let claim = words.first().map(|words| (words.claim, words.quote));
            return claim.map_or(Ok(()), |(claim, quote)| Err(not_editable(claim, quote)));
        }
        after.extend(other);
    }
    let wrong = words.iter().find(|words| {
        let expected = [words.quote, words.prefix, words.suffix];
        PROPERTIES.iter().zip(expected).any(|(property, expected)| {
            let said = after.iter().filter(|quad| {
                is_about(quad, words.claim)
                    && quad.predicate.as_ref() == *property
                    && quad.graph_name == GraphName::DefaultGraph
            });
            let mut values = said.map(|quad| match &quad.object {
                Term::Literal(literal) => literal.value(),
                _ => "",
            });
            values.next().unwrap_or_default() != expected || values.any(|value| value != expected)
        })
    });
    wrong.map_or(Ok(()), |words| Err(not_editable(words.claim, words.quote)))
}

fn is_about(quad: &Quad, claim: &NamedNode) -> bool {
    matches!(&quad.subject, NamedOrBlankNode::NamedNode(subject) if subject == claim)
}

fn not_editable(claim: &NamedNode, quote: &str) -> crate::diagnostic::Error {
    error!("claim-not-editable", "cannot replace the quote of {claim} in its file")
        .note(format!("the new words are “{quote}”"))
        .help("edit the claim by hand")
        .input()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "@base <http://example.com/> .\n\
        @prefix dos: <https://w3id.org/dossier/ontology#> .\n\
        @prefix oa: <http://www.w3.org/ns/oa#> .\n@prefix ex: <http://example.com/> .\n\n\
        # The first one.\nex:one a dos:Claim ;\n    dos:document ex:doc ; # here\n    \
        dos:quote 'old \\'words\\'' ; oa:prefix \"before \" .\nex:one { ex:one dos:quote \"old\" }\n\n\
        ex:two dos:quote \"\"\"two\nlines\"\"\" .\n<three> dos:quote \"three\" .\n";

    fn edited(words: &[NewWords<'_>]) -> Result<String> {
        let source = SourceFile { path: "data/a.trig".into(), bytes: TEXT.as_bytes().into() };
        let mut files = [HeadFile::new(source)?];
        edit(&mut files, words)?;
        Ok(files[0].edited().unwrap_or_default())
    }

    fn claim(name: &str) -> NamedNode {
        NamedNode::new(format!("http://example.com/{name}")).unwrap()
    }

    #[test]
    fn only_the_words_are_replaced() {
        let [one, two] = ["one", "two"].map(claim);
        let words = [
            NewWords { claim: &two, quote: "a \"b\"", prefix: "", suffix: " c" },
            NewWords { claim: &one, quote: "new\nwords \\", prefix: "after ", suffix: "" },
        ];
        let expected = TEXT
            .replace("'old \\'words\\''", "\"\"\"new\nwords \\\\\"\"\"")
            .replace("\"before \"", "\"after \"")
            .replace(
                "dos:quote \"\"\"two\nlines\"\"\"",
                "oa:suffix \" c\" ; dos:quote \"a \\\"b\\\"\"",
            );
        assert_eq!(edited(&words).unwrap(), expected);
    }

    #[test]
    fn a_claim_is_found_under_its_relative_iri() {
        let three = claim("three");
        let words = [NewWords { claim: &three, quote: "new", prefix: "", suffix: "" }];
        assert!(edited(&words).unwrap().ends_with("\n<three> dos:quote \"new\" .\n"));
    }

    #[test]
    fn a_claim_that_cannot_be_found_is_refused() {
        let four = claim("four");
        let words = [NewWords { claim: &four, quote: "new", prefix: "", suffix: "" }];
        let error = edited(&words).unwrap_err();
        assert_eq!(error.problems[0].id.as_deref(), Some("claim-not-editable"));
    }
}
