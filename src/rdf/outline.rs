//! Positions of terms in a Turtle or TriG file, which the RDF parser does not report. The reader accepts only files
//! that the parser has accepted.

use crate::sparql::lexer::{Token, TokenKind, tokens};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// The byte positions of the IRIs in a file.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    words: Vec<Word>,
    subjects: HashMap<String, Vec<Subject>>,
    graphs: HashMap<String, Vec<Range<usize>>>,
    /// The prefixes that the file declares, with their namespaces.
    prefixes: BTreeMap<String, String>,
}

/// An occurrence of an IRI as the subject of statements.
#[derive(Debug)]
struct Subject {
    span: Range<usize>,
    word: usize,
    in_graph: bool,
}

#[derive(Debug)]
enum Word {
    Iri(String, Range<usize>),
    /// A literal, with its lexical value.
    Literal(Range<usize>),
    /// The end of the statements about a subject.
    End,
    Other,
}

impl Outline {
    pub(crate) fn new(text: &str) -> Self {
        let mut outline = Self::default();
        let tokens = tokens(text);
        let word = |i: usize| tokens.get(i).map_or("", |token: &Token| &text[token.span.clone()]);
        let (mut i, mut begins, mut depth) = (0, true, 0_usize);
        while i < tokens.len() {
            let Token { kind, span } = &tokens[i];
            let here = word(i);
            let directive = here.trim_start_matches('@').to_ascii_lowercase();
            if begins && directive == "prefix" {
                if let (Some(prefix), Some(namespace)) =
                    (word(i + 1).strip_suffix(':'), iri(word(i + 2)))
                {
                    outline.prefixes.insert(prefix.to_owned(), namespace.to_owned());
                }
                i += 3;
                continue;
            }
            let resolved = match kind {
                TokenKind::Iri => iri(here).map(str::to_owned),
                TokenKind::Word => here.split_once(':').and_then(|(prefix, local)| {
                    Some(format!("{}{local}", outline.prefixes.get(prefix)?))
                }),
                _ => None,
            };
            if begins && let Some(iri) = &resolved {
                let (iri, span) = (iri.clone(), span.clone());
                if word(i + 1) == "{" {
                    outline.graphs.entry(iri).or_default().push(span);
                } else {
                    let subject = Subject { span, word: outline.words.len(), in_graph: depth > 0 };
                    outline.subjects.entry(iri).or_default().push(subject);
                }
            }
            match here {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            begins = matches!(here, "." | "{" | "}") && *kind == TokenKind::Punctuation
                || begins && here.eq_ignore_ascii_case("graph");
            outline.words.push(match (resolved, kind) {
                (Some(iri), _) => Word::Iri(iri, span.clone()),
                (None, TokenKind::String | TokenKind::Word) => Word::Literal(span.clone()),
                _ if begins => Word::End,
                _ => Word::Other,
            });
            i += 1;
        }
        outline
    }

    /// Returns the first position of an IRI.
    pub(crate) fn mention(&self, iri: &str) -> Option<Range<usize>> {
        self.words.iter().find_map(|word| match word {
            Word::Iri(known, span) if known == iri => Some(span.clone()),
            _ => None,
        })
    }

    /// Returns the first position of an IRI as a subject in a graph.
    pub(crate) fn subject_in_graph(&self, iri: &str) -> Option<Range<usize>> {
        let mut subjects = self.subjects.get(iri).into_iter().flatten();
        subjects.find(|subject| subject.in_graph).map(|subject| subject.span.clone())
    }

    /// Returns the positions of an IRI as a subject.
    pub(crate) fn subjects(&self, iri: &str) -> impl Iterator<Item = Range<usize>> {
        self.subjects.get(iri).into_iter().flatten().map(|subject| subject.span.clone())
    }

    /// Returns the first position of a property in the statements about a subject outside any graph.
    pub(crate) fn outside(&self, subject: &str, property: &str) -> Option<Range<usize>> {
        self.statement(subject, property).map(|(property, _)| property)
    }

    /// Returns the positions of a property and of its literal in the statements about a subject outside any graph.
    pub(crate) fn literal_outside(
        &self,
        subject: &str,
        property: &str,
    ) -> Option<(Range<usize>, Range<usize>)> {
        let (property, value) = self.statement(subject, property)?;
        Some((property, value?))
    }

    /// Returns the prefix that the file declares for a namespace.
    pub(crate) fn prefix_of(&self, namespace: &str) -> Option<&str> {
        let mut prefixes = self.prefixes.iter();
        prefixes.find_map(|(prefix, known)| (known == namespace).then_some(prefix.as_str()))
    }

    /// Returns the first position of a property in the statements about a subject outside any graph, and that of its value
    /// if it is a literal.
    fn statement(
        &self,
        subject: &str,
        property: &str,
    ) -> Option<(Range<usize>, Option<Range<usize>>)> {
        let subjects = self.subjects.get(subject).into_iter().flatten();
        subjects.filter(|subject| !subject.in_graph).find_map(|subject| {
            let statements = &self.words[subject.word..];
            let end = statements.iter().position(|word| matches!(word, Word::End));
            let statements = &statements[..end.unwrap_or(statements.len())];
            statements.iter().enumerate().find_map(|(number, word)| match word {
                Word::Iri(iri, span) if iri == property => {
                    let value = match statements.get(number + 1) {
                        Some(Word::Literal(value)) => Some(value.clone()),
                        _ => None,
                    };
                    Some((span.clone(), value))
                }
                _ => None,
            })
        })
    }

    /// Returns the start positions of the graphs with a name.
    pub(crate) fn graphs(&self, iri: &str) -> &[Range<usize>] {
        self.graphs.get(iri).map(Vec::as_slice).unwrap_or_default()
    }
}

fn iri(word: &str) -> Option<&str> {
    word.strip_prefix('<')?.strip_suffix('>')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = r#"@prefix ex: <http://example.com/> .
PREFIX dos: <http://example.com/dos#>
# ex:comment { }
ex:c a dos:Claim ; dos:quote "it is { 5. }" ; dos:date "2001"^^ex:year .
ex:c { ex:s ex:p [ ex:q 2.5 ], ex:o . ex:t ex:p true }
GRAPH <http://example.com/d> { ex:s ex:p ex:c . }
<http://example.com/c> ex:p 1 .
ex:c {
}
"#;

    #[test]
    fn subjects_and_graphs_are_found() {
        let outline = Outline::new(TEXT);
        let line = |place: Range<usize>| TEXT[..place.start].matches('\n').count() + 1;
        let subjects = |iri| outline.subjects(iri).map(line).collect::<Vec<_>>();
        let graphs = |iri| outline.graphs(iri).iter().cloned().map(line).collect::<Vec<_>>();
        assert_eq!(subjects("http://example.com/c"), [4, 7]);
        assert_eq!(graphs("http://example.com/c"), [5, 8]);
        assert_eq!(graphs("http://example.com/d"), [6]);
        assert_eq!(subjects("http://example.com/s"), [5, 6]);
        assert_eq!(subjects("http://example.com/t"), [5]);
        assert!(graphs("http://example.com/comment").is_empty());
        assert!(subjects("http://example.com/o").is_empty());
        assert_eq!(outline.mention("http://example.com/o").map(line), Some(5));
        let outside = |subject| outline.outside(subject, "http://example.com/p").map(line);
        assert_eq!(outside("http://example.com/c"), Some(7));
        assert_eq!(outside("http://example.com/s"), None);
        let quote = outline.literal_outside("http://example.com/c", "http://example.com/dos#quote");
        let quote = quote.unwrap();
        assert_eq!([&TEXT[quote.0], &TEXT[quote.1]], ["dos:quote", "\"it is { 5. }\""]);
        assert_eq!(outline.prefix_of("http://example.com/dos#"), Some("dos"));
        assert_eq!(outline.prefix_of("http://example.com/other#"), None);
    }

    proptest! {
        #[test]
        fn any_text_has_an_outline(text in "\\PC*|[a-z:<>{}.@\" \\n]*") {
            Outline::new(&text);
        }
    }
}
