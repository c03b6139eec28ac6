//! Positions of the IRIs in a Turtle or TriG file, and of what it says about each.

use super::reader::{TextItem, TokenReader};
use super::token::TurtleTokenKind;
use oxigraph::model::NamedNode;
use rustc_hash::FxHashMap;
use std::collections::HashMap;
use std::ops::Range;

/// The byte positions of the IRIs in a file.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    words: Vec<Word>,
    subjects: HashMap<String, Vec<Subject>>,
    graphs: HashMap<String, Vec<Range<usize>>>,
    /// The statements and graphs that stand in no graph, in their order.
    blocks: Vec<Range<usize>>,
    /// The prefixes that the file declares, with their namespaces.
    prefixes: FxHashMap<String, String>,
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
    /// Reads a valid file. Anything that cannot be read is left out.
    pub(crate) fn new(text: &str) -> Self {
        let mut outline = Self::default();
        let mut reader = TokenReader::lenient(text, None);
        outline.read(&mut reader);
        outline.prefixes = reader.into_namespaces();
        outline
    }

    fn read(&mut self, reader: &mut TokenReader<'_>) {
        let (mut begins, mut in_graph) = (true, false);
        // The subject or the name of a graph that was read last, and where its statement or its graph begins.
        let (mut named, mut block): (Option<(String, Range<usize>)>, _) = (None, None);
        while let Some(item) = reader.next() {
            let TextItem::Token(kind, text, span) = item else { continue };
            if begins && reader.directive(kind, text) != Some(false) {
                continue;
            }
            if let Some((iri, span)) = named.take() {
                if kind == TurtleTokenKind::Mark('{') {
                    self.graphs.entry(iri).or_default().push(span);
                } else {
                    let subject = Subject { span, word: self.words.len(), in_graph };
                    self.subjects.entry(iri).or_default().push(subject);
                }
            }
            let iri = match kind {
                TurtleTokenKind::Iri => reader.iri(text),
                TurtleTokenKind::Name => reader.name(text),
                _ => None,
            };
            let iri = iri.map(NamedNode::into_string);
            if begins {
                named = iri.clone().map(|iri| (iri, span.clone()));
            }
            let ends = matches!(kind, TurtleTokenKind::Mark('.' | '}'));
            match kind {
                TurtleTokenKind::Mark('{') => in_graph = true,
                TurtleTokenKind::Mark('}') => in_graph = false,
                _ => {}
            }
            if !ends {
                block.get_or_insert(span.start);
            } else if !in_graph && let Some(start) = block.take() {
                self.blocks.push(start..span.end);
            }
            begins = ends
                || kind == TurtleTokenKind::Mark('{')
                || begins && text.eq_ignore_ascii_case("graph");
            self.words.push(match (iri, kind) {
                (Some(iri), _) => Word::Iri(iri, span),
                _ if begins => Word::End,
                (
                    _,
                    TurtleTokenKind::Mark(_) | TurtleTokenKind::Datatype | TurtleTokenKind::Label,
                ) => Word::Other,
                _ => Word::Literal(span),
            });
        }
    }

    /// Returns the first position of an IRI.
    pub(crate) fn mention(&self, iri: &str) -> Option<Range<usize>> {
        self.words.iter().find_map(|word| match word {
            Word::Iri(known, span) if known == iri => Some(span.clone()),
            _ => None,
        })
    }

    /// Returns the statement or graph after the first statement about an IRI outside any graph.
    pub(crate) fn block_after(&self, iri: &str) -> Option<Range<usize>> {
        let subject = self.subjects.get(iri)?.iter().find(|subject| !subject.in_graph)?;
        let next = self.blocks.partition_point(|block| block.start <= subject.span.start);
        self.blocks.get(next).cloned()
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
        let known = self.prefixes.iter().filter(|(_, known)| *known == namespace);
        known.map(|(prefix, _)| prefix.as_str()).min()
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

    /// Returns the statements about an IRI that stand in no graph, and the graphs with its name.
    pub(crate) fn blocks(&self, iri: &str) -> impl Iterator<Item = Range<usize>> {
        let subjects = self.subjects.get(iri).into_iter().flatten();
        let subjects = subjects.filter(|subject| !subject.in_graph).map(|subject| &subject.span);
        subjects.chain(self.graphs(iri)).filter_map(|name| {
            let number = self.blocks.partition_point(|block| block.end <= name.start);
            self.blocks.get(number).filter(|block| block.start <= name.start).cloned()
        })
    }
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

    #[test]
    fn blocks_end_where_their_statements_and_graphs_end() {
        let text = r#"@base <http://e/> . BASE <http://e/i/>
PREFIX e: <http://e/>
e:a e:p "x. }" , [ e:q ( 1.5 ) ] . <\u0061> e:p 1 .
GRAPH <../a> { e:a e:p 2 . e:b e:p 3 }
[] e:p e:a . <http://e/a> { }
"#;
        let outline = Outline::new(text);
        let blocks = |iri| outline.blocks(iri).map(|span| &text[span]).collect::<Vec<_>>();
        let [first, second, third] = [
            "e:a e:p \"x. }\" , [ e:q ( 1.5 ) ] .",
            "GRAPH <../a> { e:a e:p 2 . e:b e:p 3 }",
            "<http://e/a> { }",
        ];
        assert_eq!(blocks("http://e/a"), [first, second, third]);
        assert_eq!(blocks("http://e/i/a"), [r"<\u0061> e:p 1 ."]);
        assert_eq!(blocks("http://e/b"), [""; 0]);
    }

    #[test]
    fn a_token_that_cannot_be_read_hides_nothing_else() {
        let text = "@prefix e: <http://e/> .\ne:a e:p ?x , 1 .\n@prefix f: ?y .\ne:b e:p e:c .\n";
        let outline = Outline::new(text);
        assert!(
            ["a", "b"].iter().all(|it| outline.subjects(&format!("http://e/{it}")).count() == 1)
        );
        assert!(outline.outside("http://e/b", "http://e/p").is_some());
    }

    proptest! {
        #[test]
        fn any_text_has_an_outline(text in "\\PC*|[a-z:<>{}.@\" \\n]*") {
            Outline::new(&text);
        }
    }
}
