//! Where each statement of a Turtle or TriG document stands, which the RDF parser does not report.

use super::reader::{TextItem, TokenReader};
use super::token::TurtleTokenKind;
use crate::vocabulary::rdf;
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use std::ops::Range;

/// The byte ranges of a statement's predicate and object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatementSpans {
    pub predicate: Range<usize>,
    pub object: Range<usize>,
}

/// Calls a function with each statement of a valid document and its position, in source order. Blank nodes without a
/// label all have the same one. The items of a list are objects of `rdf:first`. The rest of a statement is left out after
/// something that cannot be read. Relative IRIs are resolved against the base, if there is one.
pub(crate) fn each_statement(
    text: &str,
    base: Option<&str>,
    found: impl FnMut(&Quad, StatementSpans),
) {
    let reader = TokenReader::lenient(text, base);
    let mut walk = Walk { reader, frames: Vec::new(), graph: GraphName::DefaultGraph, found };
    let mut is_lost = false;
    while let Some(item) = walk.reader.next() {
        let TextItem::Token(kind, text, span) = item else { continue };
        if is_lost && !matches!(kind, TurtleTokenKind::Mark('.' | '}')) {
            continue;
        }
        is_lost = walk.token(kind, text, span).is_none();
        if is_lost {
            walk.frames.clear();
        }
    }
}

struct Walk<'a, F> {
    reader: TokenReader<'a>,
    /// The subjects and lists that are open, the innermost last.
    frames: Vec<Subject>,
    graph: GraphName,
    found: F,
}

/// A subject, or a list as a subject of its items.
struct Subject {
    node: NamedOrBlankNode,
    predicate: Option<(NamedNode, Range<usize>)>,
    expects_object: bool,
    is_list: bool,
}

impl Subject {
    const fn of(node: NamedOrBlankNode) -> Self {
        Self { node, predicate: None, expects_object: false, is_list: false }
    }

    fn list(span: Range<usize>) -> Self {
        let predicate = Some((rdf::FIRST.into_owned(), span));
        Self { predicate, is_list: true, ..Self::of(anonymous().into()) }
    }
}

impl<F: FnMut(&Quad, StatementSpans)> Walk<'_, F> {
    /// Takes the next token. Returns `None` if it cannot be read.
    fn token(&mut self, kind: TurtleTokenKind, text: &str, span: Range<usize>) -> Option<()> {
        let Some(subject) = self.frames.last_mut() else {
            return self.at_statement(kind, text, span);
        };
        match kind {
            TurtleTokenKind::Mark(')' | ']') => {
                self.frames.pop();
                // What was closed is the subject of what follows.
                if self.frames.is_empty() {
                    self.frames.push(Subject::of(anonymous().into()));
                }
            }
            TurtleTokenKind::Mark('.') => self.frames.clear(),
            TurtleTokenKind::Mark('}') => {
                self.frames.clear();
                self.graph = GraphName::DefaultGraph;
            }
            TurtleTokenKind::Mark('{') => self.graph = self.frames.pop()?.node.into(),
            TurtleTokenKind::Mark(',') => subject.expects_object = true,
            TurtleTokenKind::Mark(';') => subject.predicate = None,
            _ if subject.is_list || subject.expects_object => return self.object(kind, text, span),
            _ if subject.predicate.is_none() => {
                subject.predicate = Some((self.reader.predicate(kind, text)?, span));
                subject.expects_object = true;
            }
            _ => return None,
        }
        Some(())
    }

    /// Takes a token between two statements.
    fn at_statement(
        &mut self,
        kind: TurtleTokenKind,
        text: &str,
        span: Range<usize>,
    ) -> Option<()> {
        if self.reader.directive(kind, text)? {
            return Some(());
        }
        match kind {
            TurtleTokenKind::Mark('}') => self.graph = GraphName::DefaultGraph,
            TurtleTokenKind::Mark('[') => self.frames.push(Subject::of(anonymous().into())),
            TurtleTokenKind::Mark('(') => self.frames.push(Subject::list(span)),
            TurtleTokenKind::Mark(_) | TurtleTokenKind::Word => {}
            _ => {
                let node = self.node(kind, text)?;
                self.frames.push(Subject::of(node));
            }
        }
        Some(())
    }

    fn node(&mut self, kind: TurtleTokenKind, text: &str) -> Option<NamedOrBlankNode> {
        match self.reader.term(kind, text, |_| ())? {
            Term::NamedNode(iri) => Some(iri.into()),
            Term::BlankNode(node) => Some(node.into()),
            _ => None,
        }
    }

    fn object(&mut self, kind: TurtleTokenKind, text: &str, span: Range<usize>) -> Option<()> {
        let (object, inside) = match kind {
            TurtleTokenKind::Mark('[') => {
                (anonymous().into(), Some(Subject::of(anonymous().into())))
            }
            TurtleTokenKind::Mark('(') => (anonymous().into(), Some(Subject::list(span.clone()))),
            _ => (self.reader.term(kind, text, |_| ())?, None),
        };
        let object_span = span.start..self.reader.consumed();
        let subject = self.frames.last_mut()?;
        subject.expects_object = false;
        let (node, is_list) = (subject.node.clone(), subject.is_list);
        let (predicate, predicate_span) = subject.predicate.clone()?;
        // In N-Quads, the graph stands behind the object.
        let kinds = [TurtleTokenKind::Iri, TurtleTokenKind::Label];
        let name =
            if is_list || inside.is_some() { None } else { self.reader.next_if(&kinds, |_| ()) };
        let graph = match name {
            Some((kind, name)) => self.node(kind, name)?.into(),
            None => self.graph.clone(),
        };
        let quad = Quad::new(node, predicate, object, graph);
        (self.found)(&quad, StatementSpans { predicate: predicate_span, object: object_span });
        self.frames.extend(inside);
        Some(())
    }
}

fn anonymous() -> BlankNode {
    BlankNode::new_unchecked("anonymous")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparql::explain_turtle;
    use oxigraph::io::{RdfFormat, RdfParser};
    use proptest::prelude::*;
    use std::io::Write;
    use std::path::Path;

    #[test]
    fn each_statement_has_its_place() {
        let text = r#"@prefix ex: <http://example.com/> .
PREFIX : <http://example.com/>
ex:s a ex:C ; # { comment }
    ex:p "a\"b"@EN-gb, "84"^^ex:year , -1.5 ;
    ex:q [ ex:r true ; ex:s ( 1 ex:o ) ], () .
[] ex:p ex:o .
( 1 ) ex:p ex:last .
:g { :s :p 'x' . ex:t ex:p 'y' }
GRAPH :h { :s :p 'z' }
{ :s :p 'd' }
"#;
        let mut found = Vec::new();
        each_statement(text, None, |quad, spans| {
            let graph = match &quad.graph_name {
                GraphName::NamedNode(name) => &name.as_str()[19..],
                _ => "",
            };
            let line = text[..spans.object.start].matches('\n').count() + 1;
            found
                .push(format!("{line} {graph} {} {}", &text[spans.predicate], &text[spans.object]));
        });
        assert_eq!(
            found,
            [
                "3  a ex:C",
                r#"4  ex:p "a\"b"@EN-gb"#,
                r#"4  ex:p "84"^^ex:year"#,
                "4  ex:p -1.5",
                "5  ex:q [",
                "5  ex:r true",
                "5  ex:s (",
                "5  ( 1",
                "5  ( ex:o",
                "5  ex:q (",
                "6  ex:p ex:o",
                "7  ( 1",
                "7  ex:p ex:last",
                "8 g :p 'x'",
                "8 g ex:p 'y'",
                "9 h :p 'z'",
                "10  :p 'd'",
            ]
        );
    }

    #[test]
    fn terms_are_resolved() {
        let mut quads = Vec::new();
        let text = "@prefix e: <http://e/> . e:a\\,b e:p \"\\u0041\\n\"@EN . _:x e:p 01 . <> e:p <#h> . @base <../i/> . e:a e:p <j> .";
        each_statement(text, Some("http://f/g"), |quad, _| quads.push(quad.to_string()));
        assert_eq!(
            quads,
            [
                r#"<http://e/a,b> <http://e/p> "A\n"@en"#,
                r#"_:x <http://e/p> "01"^^<http://www.w3.org/2001/XMLSchema#integer>"#,
                "<http://f/g> <http://e/p> <http://f/g#h>",
                "<http://e/a> <http://e/p> <http://f/i/j>",
            ]
        );
    }

    #[test]
    fn a_token_that_cannot_be_read_hides_its_statement_alone() {
        let mut quads = Vec::new();
        let text =
            "@prefix e: <http://e/> . e:a e:p 1 , ?x , 2 ; e:p 3 . e:g { e:a e:p ?x } e:a e:p 4 .";
        each_statement(text, None, |quad, _| quads.push(quad.object.to_string()));
        let number = |n| format!("\"{n}\"^^<http://www.w3.org/2001/XMLSchema#integer>");
        assert_eq!(quads, [1, 2, 3, 4].map(number));
    }

    /// Parts of the names of W3C's documents that the parser alone refuses, each with the reason.
    const LENIENT: [(&str, &str); 12] = [
        ("-bad-uri-", "the grammar reads any escape in an IRI"),
        ("-bad-numeric-escape-09", "the same"),
        ("-bad-numeric-escape-10", "the same"),
        ("-bad-ln-escape", "the grammar reads a `%` without its digits"),
        ("-bad-pname-02", "the same"),
        ("-bad-missing-ns-dot-end", "the grammar reads a prefix with a dot at its end"),
        ("-bad-base-02", "the grammar reads `@BASE`"),
        ("-bad-kw-04", "the grammar reads `true` as a subject"),
        ("trig-syntax-bad-struct-", "the grammar reads a literal as a subject in a graph"),
        ("trig-syntax-bad-list-", "the grammar reads a list without properties"),
        ("trig-collection-graph-bad-01", "the grammar reads a list as the name of a graph"),
        ("trig-graph-bad-1", "the same"),
    ];

    /// Writes a statement without the names of blank nodes, which differ, and `()`, which is one of them here.
    fn comparable(quad: &Quad) -> String {
        let quad = quad.to_string().replace(&rdf::NIL.to_string(), "_:nil").to_ascii_lowercase();
        let is_blank = |word: &str| word.starts_with("_:");
        let words = quad.split(' ').map(|word| if is_blank(word) { "_:" } else { word });
        words.collect::<Vec<_>>().join(" ")
    }

    /// The grammar accepts what the parser accepts, and the walk finds the same statements.
    #[test]
    fn the_suites_are_read_as_by_the_parser() {
        let suites =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites/rdf-tests/rdf/rdf11");
        if !suites.exists() {
            let missing = "skipped: W3C's tests of RDF are not beside the repository";
            let _ = writeln!(std::io::stderr(), "{missing}");
            return;
        }
        let formats = [RdfFormat::Turtle, RdfFormat::TriG, RdfFormat::NTriples, RdfFormat::NQuads];
        let folders = ["rdf-turtle", "rdf-trig", "rdf-n-triples", "rdf-n-quads"];
        let rest = format!(" {} ", rdf::REST).to_ascii_lowercase();
        let (mut accepted, mut refused, mut different) = (0, 0, Vec::new());
        for (folder, format) in folders.into_iter().zip(formats) {
            for entry in suites.join(folder).read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|it| it != format.file_extension()) {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let base = "http://example.com/folder/file";
                let parser = RdfParser::from_format(format).with_base_iri(base).unwrap();
                let parsed = parser.for_slice(&text).collect::<Result<Vec<_>, _>>();
                let name = path.strip_prefix(&suites).unwrap().display().to_string();
                let known = (format == RdfFormat::TriG, true);
                let is_read = explain_turtle("", &text, 0..text.len(), known).is_none();
                let is_lenient = LENIENT.iter().any(|(part, _)| name.contains(part));
                if matches!(format, RdfFormat::Turtle | RdfFormat::TriG)
                    && parsed.is_ok() != (is_read && !is_lenient)
                {
                    different.push(name.clone());
                }
                let Ok(quads) = parsed else {
                    refused += 1;
                    continue;
                };
                accepted += 1;
                let mut expected: Vec<_> = quads.iter().map(comparable).collect();
                let mut found = Vec::new();
                each_statement(&text, Some(base), |quad, _| found.push(comparable(quad)));
                for statements in [&mut expected, &mut found] {
                    statements.retain(|statement| !statement.contains(&rest));
                    statements.sort_unstable();
                }
                assert_eq!(found, expected, "{name}");
            }
        }
        assert!(different.is_empty(), "{different:#?}");
        assert!(accepted > 300 && refused > 100, "{accepted} accepted, {refused} refused");
    }

    proptest! {
        #[test]
        fn any_text_can_be_walked(text in "\\PC*|[a-z:<>{}\\[\\]().;,@\"^1 \\n]*") {
            each_statement(&text, None, |_, _| ());
        }
    }
}
