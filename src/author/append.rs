//! Appends statements to a Turtle or TriG file without changing what is in it.

use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;
use crate::rdf::diff::DatasetDiff;
use crate::rdf::read::{LanguageTags, RdfFile};
use crate::rdf::write::{Layout, write_quads};
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::tokens;
use crate::vocabulary::{Ontology, Prefixes};
use oxigraph::model::{BlankNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// A file with more statements at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Appended {
    /// Its whole text.
    pub text: String,
    /// Where each block stands in the text.
    pub blocks: Vec<Range<usize>>,
}

/// Adds statements at the end of a Turtle or TriG file, one block after the other. Statements of named graphs make it
/// TriG. The file keeps its prefixes; others of `prefixes` are declared where they are needed.
///
/// # Errors
/// If the file is broken, or if the statements cannot be written or would mean something else in it: it declares a prefix
/// twice, or uses the same labels for blank nodes.
pub(super) fn append(
    path: &str,
    text: &str,
    blocks: &[Vec<Quad>],
    prefixes: &Prefixes,
    ontology: &Ontology,
) -> Result<Appended> {
    let mut names = declared_prefixes(text);
    let declared: BTreeSet<String> = names.iter().map(|(prefix, _)| prefix.to_owned()).collect();
    names.complete(prefixes);
    let layout = Layout { prefixes: &names, ontology };
    let (mut missing, mut bodies) = (BTreeSet::new(), Vec::new());
    let mut labels = Labels::of(text);
    for block in blocks {
        let (directives, body) = written(block, &layout)?;
        let body = labels.renamed(&body);
        missing.extend(directives.lines().filter(|line| !line.is_empty()).filter_map(|line| {
            let prefix = line.strip_prefix("@prefix ")?.split_once(':')?.0;
            (!declared.contains(prefix)).then(|| single_spaced(line))
        }));
        bodies.push(body);
    }
    let appended = joined(text, &missing, &bodies);
    let read = |text: &str| -> Result<Vec<Quad>> {
        let source = SourceFile { path: path.to_owned(), bytes: text.as_bytes().to_vec().into() };
        let file = RdfFile::of(source, GraphFormat::TriG);
        let (tags, mut quads) = (LanguageTags::new(true), Vec::new());
        file.read_with(&tags, 1, &mut Prefixes::default(), |quad| quads.push(quad))
            .map_err(Diagnostic::input)?;
        Ok(quads)
    };
    let mut expected = read(text)?;
    expected.extend(distinct(blocks));
    if read(&appended.text).is_ok_and(|quads| DatasetDiff::between(&expected, &quads).is_empty()) {
        Ok(appended)
    } else {
        Err(error!(
            "file-not-appendable",
            "what is added to `{path}` would not mean the same there"
        )
        .help("declare each prefix once, at the head of the file, or add to another file")
        .input())
    }
}

/// Writes a block. Returns its prefixes and its statements.
fn written(block: &[Quad], layout: &Layout<'_>) -> Result<(String, String)> {
    let mut written = Vec::new();
    write_quads(GraphFormat::TriG, block.to_vec(), layout, &mut written)
        .map_err(|error| Diagnostic::new(error.to_string()).input())?;
    let written = String::from_utf8_lossy(&written);
    // The writer declares each prefix on a line of its own, before everything else.
    let head = |line: &&str| line.starts_with("@prefix ") || line.is_empty();
    let lines = written.split_inclusive('\n');
    let length = lines.take_while(|line| head(&line.trim_end())).map(str::len).sum();
    let (directives, body) = written.split_at(length);
    Ok((directives.to_owned(), body.trim_end().to_owned()))
}

/// The labels of blank nodes that a file uses, and the number of the last new one.
struct Labels {
    used: BTreeSet<String>,
    last: usize,
}

impl Labels {
    fn of(text: &str) -> Self {
        let used = labels(text).map(|span| text[span].to_owned()).collect();
        Self { used, last: 0 }
    }

    /// Returns a block with labels that nothing else uses.
    fn renamed(&mut self, block: &str) -> String {
        let mut names: HashMap<&str, String> = HashMap::new();
        let (mut renamed, mut done) = (String::new(), 0);
        for span in labels(block) {
            let name = names.entry(&block[span.clone()]).or_insert_with(|| self.next());
            renamed.push_str(&block[done..span.start]);
            renamed.push_str(name);
            done = span.end;
        }
        renamed + &block[done..]
    }

    fn next(&mut self) -> String {
        loop {
            let name = format!("_:b{}", self.last);
            self.last += 1;
            if self.used.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Returns where the labels of blank nodes stand in a text.
fn labels(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_label = |span: &Range<usize>| text[span.clone()].starts_with("_:");
    tokens(text).into_iter().map(|token| token.span).filter(is_label)
}

/// Joins the text of a file, the prefixes that it lacks, and the new blocks.
fn joined(text: &str, missing: &BTreeSet<String>, bodies: &[String]) -> Appended {
    let (head, rest) = text.split_at(end_of_directives(text));
    let mut out = head.to_owned();
    if !head.is_empty() && !head.ends_with('\n') {
        out.push('\n');
    }
    for directive in missing {
        out.push_str(directive);
        out.push('\n');
    }
    let rest = if out.is_empty() { rest.trim_start_matches('\n') } else { rest };
    if rest.trim().is_empty() {
        if !out.is_empty() {
            out.push('\n');
        }
    } else {
        if head.is_empty() && !missing.is_empty() {
            out.push('\n');
        }
        out.push_str(rest.trim_end());
        out.push_str("\n\n");
    }
    let mut blocks = Vec::new();
    for (number, body) in bodies.iter().enumerate() {
        if number > 0 {
            out.push_str("\n\n");
        }
        blocks.push(out.len()..out.len() + body.len());
        out.push_str(body);
    }
    out.push('\n');
    Appended { text: out, blocks }
}

/// Returns the quads of all blocks, with blank nodes of their own for each block.
fn distinct(blocks: &[Vec<Quad>]) -> impl Iterator<Item = Quad> {
    blocks.iter().enumerate().flat_map(|(number, block)| {
        let renamed = move |node: &BlankNode| {
            BlankNode::new_unchecked(format!("block{number}-{}", node.as_str()))
        };
        block.iter().map(move |quad| {
            let mut quad = quad.clone();
            if let NamedOrBlankNode::BlankNode(node) = &quad.subject {
                quad.subject = renamed(node).into();
            }
            if let Term::BlankNode(node) = &quad.object {
                quad.object = renamed(node).into();
            }
            quad
        })
    })
}

/// Returns the end of the last line of the prefixes at the head of a file.
fn end_of_directives(text: &str) -> usize {
    let (mut end, mut position) = (0, 0);
    for line in text.split_inclusive('\n') {
        position += line.len();
        let words = line.trim_start();
        let is = |keyword: &str| {
            words.get(..keyword.len()).is_some_and(|start| start.eq_ignore_ascii_case(keyword))
        };
        if is("@prefix") || is("@base") || is("PREFIX ") || is("BASE ") {
            end = position;
        } else if !words.is_empty() && !words.starts_with('#') {
            break;
        }
    }
    end
}

/// The writer aligns the namespaces of several prefixes.
fn single_spaced(directive: &str) -> String {
    directive.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::{dcterms, dos, rdf};
    use oxigraph::model::{GraphName, Literal, NamedNode};
    use proptest::prelude::*;

    fn quads() -> Vec<Quad> {
        let thing = NamedNode::new_unchecked("https://example.com/tea/history");
        let graph = GraphName::DefaultGraph;
        vec![
            Quad::new(thing.clone(), rdf::TYPE, dos::DOCUMENT_CLASS, graph.clone()),
            Quad::new(thing, dcterms::TITLE, Literal::new_simple_literal("Tea"), graph),
        ]
    }

    fn appended(text: &str) -> String {
        let mut prefixes = Prefixes::default();
        prefixes.add("dos", "https://w3id.org/dossier/ontology#");
        prefixes.add("dcterms", "http://purl.org/dc/terms/");
        prefixes.add("tea", "https://example.com/tea/");
        append("a.ttl", text, &[quads()], &prefixes, &Ontology::default()).unwrap().text
    }

    #[test]
    fn missing_prefixes_are_declared_behind_the_others() {
        assert_eq!(
            appended(
                "# Tea.\n@prefix t: <https://example.com/tea/> .\n\n# Background.\nt:a t:b t:c . # last\n"
            ),
            "# Tea.\n@prefix t: <https://example.com/tea/> .\n\
             @prefix dcterms: <http://purl.org/dc/terms/> .\n\
             @prefix dos: <https://w3id.org/dossier/ontology#> .\n\n\
             # Background.\nt:a t:b t:c . # last\n\n\
             t:history a dos:Document ;\n    dcterms:title \"Tea\" .\n"
        );
    }

    #[test]
    fn a_file_may_be_empty_or_have_no_prefixes() {
        let directives = "@prefix dcterms: <http://purl.org/dc/terms/> .\n\
            @prefix dos: <https://w3id.org/dossier/ontology#> .\n\
            @prefix tea: <https://example.com/tea/> .\n\n";
        let statements = "tea:history a dos:Document ;\n    dcterms:title \"Tea\" .\n";
        assert_eq!(appended(""), format!("{directives}{statements}"));
        assert_eq!(
            appended("<x:a> <x:b> <x:c> ."),
            format!("{directives}<x:a> <x:b> <x:c> .\n\n{statements}")
        );
    }

    /// A blank node that two statements mention needs a label, which other blocks and the file may use for their own.
    #[test]
    fn blank_nodes_of_blocks_stay_apart() {
        let thing =
            |name: &str| NamedNode::new_unchecked(format!("https://example.com/tea/{name}"));
        let graph = GraphName::DefaultGraph;
        let block = |name: &str| {
            let node = BlankNode::new_unchecked("b0");
            vec![
                Quad::new(thing(name), thing("has"), node.clone(), graph.clone()),
                Quad::new(thing(name), thing("likes"), node.clone(), graph.clone()),
                Quad::new(node, thing("is"), Literal::new_simple_literal(name), graph.clone()),
            ]
        };
        let text = "<x:a> <x:p> _:b0 , _:b1 . <x:b> <x:p> _:b0 , _:b1.\n";
        let (prefixes, ontology) = (Prefixes::default(), Ontology::default());
        let blocks = [block("one"), block("two")];
        let appended = append("a.trig", text, &blocks, &prefixes, &ontology).unwrap();
        assert_eq!(appended.blocks.len(), 2);
        assert!(appended.text.starts_with(text.trim_end()));
    }

    #[test]
    fn a_prefix_that_is_declared_twice_is_refused() {
        let text = "@prefix t: <https://example.com/tea/> .\nt:a t:b t:c .\n@prefix t: <x:y> .\n";
        let (prefixes, ontology) = (Prefixes::default(), Ontology::default());
        let error = append("a.ttl", text, &[quads()], &prefixes, &ontology).unwrap_err();
        assert_eq!(error.problems[0].id.as_deref(), Some("file-not-appendable"));
    }

    proptest! {
        /// The result is parsed again and compared, so an addition that would change its meaning is refused.
        #[test]
        fn what_is_appended_comes_back(
            value in "(\\PC|[\n\r\t\"\\\\]){0,20}",
            local in "[a-z0-9_.~%-]{0,8}",
            is_labelled in any::<bool>(),
            text in prop::sample::select(vec![
                "", "# Tea.", "@prefix t: <https://example.com/tea/> .\n", "<x:a> <x:b> _:b0 ; <x:c> [] .\n",
                "@prefix tea: <x:other/> . tea:a tea:b 'c'@en-GB .", "@base <https://example.com/> . <a> <b> <c> .",
            ]),
        ) {
            let mut prefixes = Prefixes::default();
            prefixes.add("tea", "https://example.com/tea/");
            let thing = NamedNode::new(format!("https://example.com/tea/{}", local.replace('%', ""))).unwrap();
            let node = BlankNode::new_unchecked("b0");
            let object: Term = if is_labelled { node.clone().into() } else { Literal::new_simple_literal(&value).into() };
            let graph = GraphName::from(thing.clone());
            let block = vec![
                Quad::new(thing.clone(), dcterms::TITLE, Literal::new_simple_literal(&value), GraphName::DefaultGraph),
                Quad::new(thing.clone(), dcterms::CREATOR, object.clone(), graph.clone()),
                Quad::new(node, dcterms::SOURCE, object, graph),
            ];
            let appended = append("a.trig", text, &[block.clone(), block], &prefixes, &Ontology::default());
            prop_assert!(appended.is_ok(), "{:?}", appended);
        }
    }
}
