//! The prefix map, which converts `org:member` to its IRI and back.

use super::qualified::QualifiedPrefixes;
use super::sh;
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, HashMap};

/// Returns the conventional namespace of a prefix, if there is one.
pub(crate) fn well_known(prefix: &str) -> Option<&'static str> {
    const NAMESPACES: [(&str, &str); 36] = [
        ("bd", "http://www.bigdata.com/rdf#"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("dcat", "http://www.w3.org/ns/dcat#"),
        ("dct", "http://purl.org/dc/terms/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("foaf", "http://xmlns.com/foaf/0.1/"),
        ("geo", "http://www.opengis.net/ont/geosparql#"),
        ("hint", "http://www.bigdata.com/queryHints#"),
        ("mwapi", "https://www.mediawiki.org/ontology#API/"),
        ("oa", "http://www.w3.org/ns/oa#"),
        ("org", "http://www.w3.org/ns/org#"),
        ("owl", "http://www.w3.org/2002/07/owl#"),
        ("pq", "http://www.wikidata.org/prop/qualifier/"),
        ("pqv", "http://www.wikidata.org/prop/qualifier/value/"),
        ("pr", "http://www.wikidata.org/prop/reference/"),
        ("prov", "http://www.w3.org/ns/prov#"),
        ("ps", "http://www.wikidata.org/prop/statement/"),
        ("psv", "http://www.wikidata.org/prop/statement/value/"),
        ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
        ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
        ("schema", "https://schema.org/"),
        ("sh", "http://www.w3.org/ns/shacl#"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("time", "http://www.w3.org/2006/time#"),
        ("vann", "http://purl.org/vocab/vann/"),
        ("vcard", "http://www.w3.org/2006/vcard/ns#"),
        ("void", "http://rdfs.org/ns/void#"),
        ("wd", "http://www.wikidata.org/entity/"),
        ("wdno", "http://www.wikidata.org/prop/novalue/"),
        ("wdref", "http://www.wikidata.org/reference/"),
        ("wds", "http://www.wikidata.org/entity/statement/"),
        ("wdt", "http://www.wikidata.org/prop/direct/"),
        ("wdtn", "http://www.wikidata.org/prop/direct-normalized/"),
        ("wdv", "http://www.wikidata.org/value/"),
        ("wikibase", "http://wikiba.se/ontology#"),
        ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ];
    NAMESPACES.iter().find(|(known, _)| *known == prefix).map(|(_, namespace)| *namespace)
}

/// A prefix with different namespaces in different files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrefixClash {
    /// The prefix.
    pub prefix: String,
    /// The namespace of the first file, which queries use.
    pub namespace: String,
    /// The namespace of another file.
    pub other: String,
}

/// Prefixes and their namespaces, sorted by prefix.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefixes {
    namespaces: BTreeMap<String, String>,
    /// Those that several dossiers declare with different namespaces.
    pub(super) qualified: QualifiedPrefixes,
}

impl Prefixes {
    /// Returns the prefixes that some quads declare with `sh:declare`
    /// ([SHACL, 5.2.1](https://www.w3.org/TR/shacl/#sparql-prefixes)).
    ///
    /// A declaration without a prefix or a namespace, or with a namespace that is not a valid IRI, is ignored. If a
    /// prefix has two namespaces, the first one counts.
    pub fn declared_in<'a>(quads: impl IntoIterator<Item = &'a Quad>) -> Self {
        let mut declarations = Vec::new();
        let mut names = HashMap::new();
        let mut namespaces = HashMap::new();
        for quad in quads {
            let predicate = quad.predicate.as_ref();
            if predicate == sh::DECLARE {
                declarations.push(&quad.object);
            } else if predicate == sh::PREFIX {
                names.insert(&quad.subject, &quad.object);
            } else if predicate == sh::NAMESPACE {
                namespaces.insert(&quad.subject, &quad.object);
            }
        }
        let mut prefixes = Self::default();
        for declaration in declarations {
            let declaration: NamedOrBlankNode = match declaration.clone() {
                Term::NamedNode(node) => node.into(),
                Term::BlankNode(node) => node.into(),
                _ => continue,
            };
            if let (Some(Term::Literal(name)), Some(Term::Literal(namespace))) =
                (names.get(&declaration), namespaces.get(&declaration))
            {
                // A colon after the name is a mistake that `check` reports.
                prefixes.add(name.value().trim_end_matches(':'), namespace.value());
            }
        }
        prefixes
    }

    /// Adds a prefix, unless the map already has it or the namespace is not an absolute IRI.
    pub fn add(&mut self, prefix: &str, namespace: &str) {
        if NamedNode::new(namespace).is_ok() && !self.namespaces.contains_key(prefix) {
            self.namespaces.insert(prefix.to_owned(), namespace.to_owned());
        }
    }

    /// Adds the prefixes of another map, unless this one already has their names or their namespaces.
    pub fn complete(&mut self, others: &Self) {
        for (prefix, namespace) in others.iter() {
            if self.namespaces.values().all(|known| known != namespace) {
                self.add(prefix, namespace);
            }
        }
    }

    /// Adds the prefixes of another map, unless this one already has their names.
    pub(crate) fn add_all(&mut self, others: &Self) {
        for (prefix, namespace) in others.iter() {
            self.add(prefix, namespace);
        }
        self.qualified.add(&others.qualified);
    }

    /// Adds a prefix or gives it another namespace, if that is an absolute IRI.
    pub(crate) fn set(&mut self, prefix: &str, namespace: &str) {
        self.namespaces.remove(prefix);
        self.add(prefix, namespace);
    }

    /// Iterates over the prefixes and their namespaces, sorted by prefix.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.namespaces.iter().map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str()))
    }

    /// Returns the namespace of a prefix.
    pub fn namespace(&self, prefix: &str) -> Option<&str> {
        self.namespaces.get(prefix).map(String::as_str)
    }

    /// Expands a CURIE such as `org:member`. Returns `None` if its prefix is not in the map or the result is not a
    /// valid IRI.
    pub fn expand(&self, curie: &str) -> Option<NamedNode> {
        if let Some(iri) = self.qualified.expand(curie) {
            return NamedNode::new(iri).ok();
        }
        let (prefix, local) = curie.split_once(':')?;
        NamedNode::new(format!("{}{local}", self.namespace(prefix)?)).ok()
    }

    /// Splits an IRI into its prefix and its local name, by the longest matching namespace. Returns `None` if no
    /// namespace matches, or if the rest of the IRI would need escapes as a local name in Turtle and SPARQL.
    pub fn split<'p, 'i>(&'p self, iri: &'i str) -> Option<(&'p str, &'i str)> {
        self.namespaces
            .iter()
            .filter_map(|(prefix, namespace)| {
                let local = iri.strip_prefix(namespace.as_str())?;
                is_local_name(local).then_some((prefix.as_str(), local))
            })
            .min_by_key(|(_, local)| local.len())
    }

    /// Returns the CURIE of an IRI by [`split`](Self::split). If several dossiers declare its prefix with different
    /// namespaces, the name of the dossier stands in front.
    pub fn shorten(&self, iri: &str) -> Option<String> {
        let plain = self.split(iri);
        let is_as_short = |local: &str| plain.is_none_or(|(_, plain)| local.len() <= plain.len());
        let qualified = self.qualified.shorten(iri).filter(|(_, local)| is_as_short(local));
        qualified.or(plain).map(|(prefix, local)| format!("{prefix}:{local}"))
    }

    /// Formats an IRI for people: as a CURIE or in angle brackets.
    pub fn show(&self, iri: &NamedNode) -> String {
        self.shorten(iri.as_str()).unwrap_or_else(|| iri.to_string())
    }

    /// Formats a term in the syntax of Turtle and SPARQL, with shortened IRIs.
    pub fn show_term(&self, term: &Term) -> String {
        match term {
            Term::NamedNode(iri) => self.show(iri),
            Term::Literal(literal) => self.show_literal(literal),
            term => super::in_parts(term, |part| self.show_term(part)),
        }
    }

    fn show_literal(&self, literal: &Literal) -> String {
        let datatype = literal.datatype();
        if literal.language().is_some() || datatype == super::xsd::STRING {
            literal.to_string()
        } else {
            let value = Literal::new_simple_literal(literal.value());
            format!("{value}^^{}", self.show(&datatype.into_owned()))
        }
    }
}

/// Returns whether a local name needs no escapes (a subset of `PN_LOCAL`, which does not end with a dot): ASCII
/// letters, digits and `_`, and `-` and `.` except at the ends.
pub(super) fn is_local_name(local: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !local.is_empty()
        && local.starts_with(word)
        && local.chars().all(|c| word(c) || c == '-' || c == '.')
        && !local.ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefixes() -> Prefixes {
        let mut prefixes = Prefixes::default();
        prefixes.add("ex", "http://example.com/");
        prefixes.add("sub", "http://example.com/sub/");
        prefixes.add("bad", "no iri");
        prefixes
    }

    #[test]
    fn the_longest_namespace_wins() {
        assert_eq!(prefixes().shorten("http://example.com/sub/a").as_deref(), Some("sub:a"));
        assert_eq!(prefixes().shorten("http://example.com/a").as_deref(), Some("ex:a"));
    }

    #[test]
    fn only_plain_local_names_are_shortened() {
        for iri in [
            "http://example.com/",
            "http://example.com/a/b",
            "http://example.com/a.",
            "http://other/a",
        ] {
            assert_eq!(prefixes().shorten(iri), None, "{iri}");
        }
        assert_eq!(prefixes().shorten("http://example.com/2.x-_").as_deref(), Some("ex:2.x-_"));
    }

    #[test]
    fn expanding_is_the_reverse_of_shortening() {
        let prefixes = prefixes();
        for iri in ["http://example.com/a-b", "http://example.com/sub/x.y"] {
            assert_eq!(prefixes.expand(&prefixes.shorten(iri).unwrap()).unwrap().as_str(), iri);
        }
        assert_eq!(prefixes.expand("ex:with space"), None);
        assert_eq!(prefixes.expand("bad:a"), None);
        assert_eq!(prefixes.expand("no colon"), None);
    }
}
