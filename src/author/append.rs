//! Appends statements to a Turtle or TriG file without changing what is in it.

use crate::diagnostic::{Diagnostic, Result};
use crate::format::GraphFormat;
use crate::rdf::write::{Layout, write_quads};
use crate::sparql::declared_prefixes;
use crate::vocabulary::{Ontology, Prefixes};
use oxigraph::model::Quad;
use std::collections::BTreeSet;

/// Returns the text of a Turtle or TriG file with more statements at its end, one block after the other. Statements of
/// named graphs make it TriG. The file keeps its prefixes; others of `prefixes` are declared where they are needed.
///
/// # Errors
/// If the statements cannot be written.
pub(super) fn append(
    text: &str,
    blocks: &[Vec<Quad>],
    prefixes: &Prefixes,
    ontology: &Ontology,
) -> Result<String> {
    let mut names = declared_prefixes(text);
    let declared: BTreeSet<String> = names.iter().map(|(prefix, _)| prefix.to_owned()).collect();
    names.complete(prefixes);
    let layout = Layout { prefixes: &names, ontology };
    let (mut missing, mut bodies) = (BTreeSet::new(), Vec::new());
    for block in blocks {
        let mut written = Vec::new();
        write_quads(GraphFormat::TriG, block.clone(), &layout, &mut written)
            .map_err(|error| Diagnostic::new(error.to_string()).input())?;
        let written = String::from_utf8_lossy(&written);
        // The writer declares each prefix on a line of its own, before everything else.
        let head = |line: &&str| line.starts_with("@prefix ") || line.is_empty();
        let length: usize = written
            .split_inclusive('\n')
            .take_while(|line| head(&line.trim_end()))
            .map(str::len)
            .sum();
        let (directives, body) = written.split_at(length);
        missing.extend(directives.lines().filter(|line| !line.is_empty()).filter_map(|line| {
            let prefix = line.strip_prefix("@prefix ")?.split_once(':')?.0;
            (!declared.contains(prefix)).then(|| single_spaced(line))
        }));
        bodies.push(body.trim_end().to_owned());
    }
    let (head, rest) = text.split_at(end_of_directives(text));
    let mut out = head.to_owned();
    if !head.is_empty() && !head.ends_with('\n') {
        out.push('\n');
    }
    for directive in &missing {
        out.push_str(directive);
        out.push('\n');
    }
    if rest.trim().is_empty() {
        out.push('\n');
    } else {
        if head.is_empty() && !missing.is_empty() {
            out.push('\n');
        }
        out.push_str(rest.trim_end());
        out.push_str("\n\n");
    }
    out.push_str(&bodies.join("\n\n"));
    out.push('\n');
    Ok(out.trim_start_matches('\n').to_owned())
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
        append(text, &[quads()], &prefixes, &Ontology::default()).unwrap()
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
}
