//! New names for prefixes and IRIs, in the text of a file. All else in it stays as it is written, with its comments.

use crate::catalogue::split_front_matter;
use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::rdf::read::RdfFile;
use crate::sparql::lexer::{Token, TokenKind, tokens};
use crate::sparql::{declared_prefixes, parse, to_sparql, with_edits};
use crate::vocabulary::{Prefixes, sh};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use regex::{Captures, Regex};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// A prefixed name in the front matter of a query.
static PREFIXED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b([A-Za-z][A-Za-z0-9_-]*):([A-Za-z0-9_][A-Za-z0-9_.-]*)").ok());

/// New names for the files of a dossier.
#[derive(Debug, Clone, Default)]
pub(super) struct Renames {
    /// The new names of prefixes, by their names and namespaces.
    pub prefixes: BTreeMap<(String, String), String>,
    /// The new IRIs, by the old ones.
    pub iris: BTreeMap<String, NamedNode>,
    /// The prefixes that the dossier declares.
    pub declared: Prefixes,
}

impl Renames {
    /// Returns a file with the new names. `shown` is its path in messages.
    ///
    /// # Errors
    /// If the file would not mean the same with them, because it writes an IRI in a way that is not understood here.
    pub(super) fn file(&self, file: &SourceFile, shown: &str) -> Result<SourceFile, Diagnostic> {
        let is_rdf = matches!(file.extension(), "ttl" | "trig");
        let text = match file.text() {
            Ok(text) if is_rdf || file.extension() == "rq" => text,
            _ => return Ok(file.clone()),
        };
        if self.prefixes.is_empty() && self.iris.is_empty() {
            return Ok(file.clone());
        }
        let renamed = if is_rdf { self.text(text) } else { self.query(text) };
        let renamed = SourceFile { path: file.path.clone(), bytes: renamed.into_bytes().into() };
        let is_same = if is_rdf {
            self.is_same_rdf(file, &renamed)?
        } else {
            self.is_same_query(file, &renamed)
        };
        if is_same {
            return Ok(renamed);
        }
        Err(error!("name-not-replaced", "cannot write the new names into `{shown}`")
            .help("write the IRIs in it without `@base`, `BASE` and escapes, then merge again"))
    }

    /// Returns a query with the new names in its front matter, too.
    fn query(&self, text: &str) -> String {
        let mut known = declared_prefixes(text);
        known.add_all(&self.declared);
        let (front, query) = split_front_matter(text);
        self.front_matter(front, &known) + &self.text(query)
    }

    fn front_matter(&self, text: &str, known: &Prefixes) -> String {
        let Some(prefixed) = PREFIXED.as_ref() else { return text.to_owned() };
        let replace = |captures: &Captures<'_>| {
            let name = &captures[0];
            let Some(namespace) = known.namespace(&captures[1]) else { return name.to_owned() };
            match self.iris.get(&format!("{namespace}{}", &captures[2])) {
                Some(iri) => self.shorten(iri, known).unwrap_or_else(|| iri.as_str().to_owned()),
                None => match self.prefix(&captures[1], namespace) {
                    Some(prefix) => format!("{prefix}:{}", &captures[2]),
                    None => name.to_owned(),
                },
            }
        };
        let mut text = prefixed.replace_all(text, replace).into_owned();
        for (old, new) in &self.iris {
            for end in ["\"", "'", " ", "\n", "}", "]", ","] {
                text = text.replace(&format!("{old}{end}"), &format!("{}{end}", new.as_str()));
            }
        }
        text
    }

    /// Returns a text in Turtle or SPARQL with the new names.
    fn text(&self, text: &str) -> String {
        let tokens = tokens(text);
        let word = |i: usize| tokens.get(i).map_or("", |token: &Token| &text[token.span.clone()]);
        let mut known = Prefixes::default();
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        let (mut i, mut last) = (0, None);
        while let Some(Token { kind, span }) = tokens.get(i) {
            let here = word(i);
            if here.trim_start_matches('@').eq_ignore_ascii_case("prefix")
                && let (Some(prefix), Some(namespace)) =
                    (word(i + 1).strip_suffix(':'), in_brackets(word(i + 2)))
            {
                known.set(prefix, namespace);
                if let (Some(new), Some(token)) =
                    (self.prefix(prefix, namespace), tokens.get(i + 1))
                {
                    edits.push((token.span.clone(), format!("{new}:")));
                }
                i += 3;
                continue;
            }
            let (iri, prefix) = match kind {
                TokenKind::Iri => (in_brackets(here).map(str::to_owned), None),
                TokenKind::Word => match here.split_once(':') {
                    Some((prefix, local)) => {
                        let namespace = known.namespace(prefix).map(str::to_owned);
                        let iri = namespace.as_ref().map(|it| format!("{it}{}", unescaped(local)));
                        (iri, namespace.map(|namespace| (prefix, namespace)))
                    }
                    None => (None, None),
                },
                _ => (None, None),
            };
            if let Some(new) = iri.as_ref().and_then(|iri| self.iris.get(iri)) {
                let written = self.shorten(new, &known).unwrap_or_else(|| new.to_string());
                edits.push((span.clone(), written));
            } else if let Some((prefix, namespace)) = &prefix
                && let Some(new) = self.prefix(prefix, namespace)
            {
                edits.push((span.start..span.start + prefix.len(), new.to_owned()));
            } else if *kind == TokenKind::String
                && last.as_deref() == Some(sh::PREFIX.as_str())
                && let Some(new) = self.declared_anew(here.trim_matches(['"', '\'']))
            {
                edits.push((span.clone(), format!("\"{new}\"")));
            }
            last = iri;
            i += 1;
        }
        with_edits(text, edits)
    }

    fn prefix(&self, prefix: &str, namespace: &str) -> Option<&str> {
        let key = (prefix.to_owned(), namespace.to_owned());
        self.prefixes.get(&key).map(String::as_str)
    }

    /// Returns the new name of a prefix that the dossier declares.
    fn declared_anew(&self, prefix: &str) -> Option<&str> {
        self.prefix(prefix, self.declared.namespace(prefix)?)
    }

    /// Returns an IRI as a prefixed name, the prefix of which has its new name.
    fn shorten(&self, iri: &NamedNode, known: &Prefixes) -> Option<String> {
        let (prefix, local) = known.split(iri.as_str())?;
        let prefix = self.prefix(prefix, known.namespace(prefix)?).unwrap_or(prefix);
        Some(format!("{prefix}:{local}"))
    }

    fn is_same_rdf(&self, before: &SourceFile, after: &SourceFile) -> Result<bool, Diagnostic> {
        let quads = |file: &SourceFile| -> Result<Vec<Quad>, Diagnostic> {
            let mut quads = Vec::new();
            RdfFile::new(file.clone())?
                .read(1, &mut Prefixes::default(), |quad| quads.push(quad))?;
            Ok(quads)
        };
        let before: Vec<Quad> = quads(before)?.into_iter().map(|quad| self.quad(quad)).collect();
        Ok(quads(after).is_ok_and(|after| before == after))
    }

    fn quad(&self, quad: Quad) -> Quad {
        let object = match quad.object {
            Term::NamedNode(iri) => self.iri(iri).into(),
            Term::Literal(literal) if quad.predicate == sh::PREFIX => {
                let new = self.declared_anew(literal.value()).map(Literal::new_simple_literal);
                new.unwrap_or(literal).into()
            }
            other => other,
        };
        Quad {
            subject: match quad.subject {
                NamedOrBlankNode::NamedNode(iri) => self.iri(iri).into(),
                node @ NamedOrBlankNode::BlankNode(_) => node,
            },
            predicate: self.iri(quad.predicate),
            object,
            graph_name: match quad.graph_name {
                GraphName::NamedNode(iri) => self.iri(iri).into(),
                other => other,
            },
        }
    }

    /// Returns the IRI that stands in place of another one, or that itself.
    pub(super) fn iri(&self, iri: NamedNode) -> NamedNode {
        self.iris.get(iri.as_str()).cloned().unwrap_or(iri)
    }

    fn is_same_query(&self, before: &SourceFile, after: &SourceFile) -> bool {
        let none = Prefixes::default();
        let query = |file: &SourceFile| parse(&file.path, file.text()?, &none);
        // A query that is broken, which `check` reports, has only its tokens.
        let Ok(before) = query(before) else { return true };
        let mut expected = to_sparql(&before, &none);
        for (old, new) in &self.iris {
            expected = expected.replace(&format!("<{old}>"), &new.to_string());
        }
        query(after).is_ok_and(|after| to_sparql(&after, &none) == expected)
    }
}

fn in_brackets(text: &str) -> Option<&str> {
    text.strip_prefix('<')?.strip_suffix('>')
}

/// Returns a local name without the backslashes before its punctuation.
fn unescaped(local: &str) -> String {
    local.replace('\\', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn renames() -> Renames {
        let mut declared = Prefixes::default();
        declared.add("claim", "http://b.example/claim/");
        let prefix = ("claim".to_owned(), "http://b.example/claim/".to_owned());
        let iri = |iri: &str| NamedNode::new(iri).unwrap();
        Renames {
            prefixes: BTreeMap::from([(prefix, "b-claim".to_owned())]),
            iris: BTreeMap::from([
                ("http://b.example/doc".to_owned(), iri("http://b.example/b-doc")),
                ("http://b.example/claim/ada".to_owned(), iri("http://a.example/ada")),
            ]),
            declared,
        }
    }

    fn renamed(path: &str, text: &str) -> Result<String, Diagnostic> {
        let bytes = text.as_bytes().to_vec().into();
        let file = renames().file(&SourceFile { path: path.to_owned(), bytes }, path)?;
        Ok(file.text()?.to_owned())
    }

    #[test]
    fn names_are_replaced_and_nothing_else() {
        let text = "# claim:x\n@prefix claim: <http://b.example/claim/> . PREFIX b: <http://b.example/>\n\
            claim:x  b:p \"claim:x\", claim:ada, <http://b.example/doc>, <http://b.example/d> . # claim:\n\
            claim:y { b:doc claim:a\\-b claim:. }\n\
            [] <http://www.w3.org/ns/shacl#prefix> \"claim\" , \"other\" .\n";
        let expected = "# claim:x\n@prefix b-claim: <http://b.example/claim/> . PREFIX b: <http://b.example/>\n\
            b-claim:x  b:p \"claim:x\", <http://a.example/ada>, b:b-doc, <http://b.example/d> . # claim:\n\
            b-claim:y { b:b-doc b-claim:a\\-b b-claim:. }\n\
            [] <http://www.w3.org/ns/shacl#prefix> \"b-claim\" , \"other\" .\n";
        assert_eq!(renamed("data/a.trig", text).unwrap(), expected);
        // The same prefix with another namespace.
        let other = "PREFIX claim: <http://c.example/>\nclaim:x claim:y claim:ada .\n";
        assert_eq!(renamed("data/a.ttl", other).unwrap(), other);
    }

    #[test]
    fn queries_have_names_in_their_front_matter_too() {
        let text = "#+ summary: Which claim: of all?\n\
            #+ params: { claim: { class: \"claim:Kind\", default: claim:ada } }\n\
            #+ examples: { one: { claim: http://b.example/doc } }\n\
            PREFIX claim: <http://b.example/claim/>\n\
            SELECT ?x { ?x claim:p/claim:q ?_claim_iri }\n";
        let expected = "#+ summary: Which claim: of all?\n\
            #+ params: { claim: { class: \"b-claim:Kind\", default: http://a.example/ada } }\n\
            #+ examples: { one: { claim: http://b.example/b-doc } }\n\
            PREFIX b-claim: <http://b.example/claim/>\n\
            SELECT ?x { ?x b-claim:p/b-claim:q ?_claim_iri }\n";
        assert_eq!(renamed("queries/a.rq", text).unwrap(), expected);
    }

    #[test]
    fn a_name_that_is_not_understood_is_an_error() {
        for (path, text) in [
            ("data/a.ttl", "@base <http://b.example/> .\n<doc> <x:p> 1 .\n"),
            ("queries/a.rq", "BASE <http://b.example/>\nSELECT * { <doc> ?p ?o }\n"),
        ] {
            let problem = renamed(path, text).unwrap_err();
            assert_eq!(problem.id.as_deref(), Some("name-not-replaced"));
        }
    }
}
