//! Prefixes that several dossiers declare with different namespaces. The name of the dossier tells them apart: `a:claim:x`.

use super::Prefixes;
use super::prefixes::is_local_name;
use std::collections::{BTreeMap, BTreeSet};

/// The prefixes with a qualifier in front, such as `a:claim`, with their namespaces.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct QualifiedPrefixes(BTreeMap<String, String>);

/// A prefix that several dossiers declare with different namespaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmbiguousPrefix {
    /// The prefix.
    pub prefix: String,
    /// The names of the dossiers that declare it, first that whose namespace it has alone.
    pub qualifiers: Vec<String>,
    /// Whether it has, alone, the namespace of one of the dossiers. It may have another one in data that is asked.
    pub is_of_dossier: bool,
}

impl QualifiedPrefixes {
    /// Splits a name at the end of its prefix. Returns that with its namespace, and the local name.
    fn split<'p, 'n>(&'p self, name: &'n str) -> Option<(&'p str, &'p str, &'n str)> {
        self.0.iter().find_map(|(prefix, namespace)| {
            let local = name.strip_prefix(prefix.as_str())?.strip_prefix(':')?;
            Some((prefix.as_str(), namespace.as_str(), local))
        })
    }

    /// Returns the shortest name for an IRI: its prefix and its local name.
    pub(super) fn shorten<'p, 'i>(&'p self, iri: &'i str) -> Option<(&'p str, &'i str)> {
        let named = self.0.iter().filter_map(|(prefix, namespace)| {
            let local = iri.strip_prefix(namespace.as_str())?;
            is_local_name(local).then_some((prefix.as_str(), local))
        });
        named.min_by_key(|(_, local)| local.len())
    }

    /// Returns the IRI of a name, if its prefix is among these.
    pub(super) fn expand(&self, name: &str) -> Option<String> {
        self.split(name).map(|(_, namespace, local)| format!("{namespace}{local}"))
    }

    /// Adds those of others, unless they are known.
    pub(super) fn add(&mut self, others: &Self) {
        for (prefix, namespace) in &others.0 {
            self.0.entry(prefix.clone()).or_insert_with(|| namespace.clone());
        }
    }
}

impl Prefixes {
    /// Joins the prefixes of several dossiers, whose names are given. A prefix that they declare with different namespaces
    /// has that of the first dossier. With the name of a dossier in front, it has that of this dossier: people read and
    /// write `b:claim:x`. Where a file or a query for other tools needs a prefix, it is `b-claim`.
    pub fn joined(parts: &[(&str, Self)]) -> Self {
        let mut joined = Self::default();
        for (_, prefixes) in parts {
            for (prefix, namespace) in prefixes.iter() {
                joined.add(prefix, namespace);
            }
        }
        for (name, prefixes) in parts {
            for (prefix, namespace) in prefixes.iter() {
                if is_ambiguous(prefix, parts) {
                    let qualified = format!("{name}:{prefix}");
                    joined.qualified.0.insert(qualified, namespace.to_owned());
                    if joined.iter().all(|(_, known)| known != namespace) {
                        joined.add(&format!("{name}-{prefix}"), namespace);
                    }
                }
            }
        }
        joined
    }

    /// Returns the prefixes that several dossiers declare with different namespaces.
    pub fn ambiguous(&self) -> Vec<AmbiguousPrefix> {
        let split = |qualified: &String| {
            let (qualifier, prefix) = qualified.split_once(':')?;
            Some((prefix.to_owned(), qualifier.to_owned()))
        };
        let mut of_prefix: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (prefix, qualifier) in self.qualified.0.keys().filter_map(split) {
            of_prefix.entry(prefix).or_default().push(qualifier);
        }
        let is_first = |prefix: &str, qualifier: &String| {
            let qualified = self.qualified.0.get(&format!("{qualifier}:{prefix}"));
            qualified.map(String::as_str) == self.namespace(prefix)
        };
        let ambiguous = of_prefix.into_iter().map(|(prefix, mut qualifiers)| {
            qualifiers.sort_by_key(|qualifier| !is_first(&prefix, qualifier));
            let is_of_dossier = qualifiers.iter().any(|qualifier| is_first(&prefix, qualifier));
            AmbiguousPrefix { prefix, qualifiers, is_of_dossier }
        });
        ambiguous.collect()
    }

    /// Iterates over the prefixes and their namespaces, and over those with a qualifier, such as `b:claim`.
    pub(crate) fn with_qualified(&self) -> impl Iterator<Item = (&str, &str)> {
        let qualified = self.qualified.0.iter();
        self.iter()
            .chain(qualified.map(|(prefix, namespace)| (prefix.as_str(), namespace.as_str())))
    }

    /// Splits a name with a qualifier, such as `b:claim:x`, at the end of its prefix. Returns that with its namespace, and
    /// the local name.
    pub(crate) fn split_qualified<'p, 'n>(
        &'p self,
        name: &'n str,
    ) -> Option<(&'p str, &'p str, &'n str)> {
        self.qualified.split(name)
    }
}

/// Returns whether some parts declare a prefix with different namespaces.
fn is_ambiguous(prefix: &str, parts: &[(&str, Prefixes)]) -> bool {
    let namespaces: BTreeSet<&str> =
        parts.iter().filter_map(|(_, prefixes)| prefixes.namespace(prefix)).collect();
    namespaces.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined() -> Prefixes {
        let declared = |pairs: &[(&str, &str)]| {
            let mut prefixes = Prefixes::default();
            for (prefix, namespace) in pairs {
                prefixes.add(prefix, namespace);
            }
            prefixes
        };
        let a = declared(&[("claim", "http://a.example/"), ("org", "http://org.example/")]);
        let b = declared(&[("claim", "http://b.example/"), ("org", "http://org.example/")]);
        Prefixes::joined(&[("a", a), ("b", b)])
    }

    #[test]
    fn a_prefix_of_two_dossiers_is_qualified() {
        let prefixes = joined();
        for (name, iri) in [
            ("claim:x", "http://a.example/x"),
            ("a:claim:x", "http://a.example/x"),
            ("b:claim:x", "http://b.example/x"),
            ("b-claim:x", "http://b.example/x"),
            ("org:x", "http://org.example/x"),
        ] {
            assert_eq!(prefixes.expand(name).unwrap().as_str(), iri, "{name}");
        }
        assert_eq!(prefixes.expand("c:claim:x"), None);
        for (iri, name) in [
            ("http://a.example/x", "a:claim:x"),
            ("http://b.example/x", "b:claim:x"),
            ("http://org.example/x", "org:x"),
        ] {
            assert_eq!(prefixes.shorten(iri).as_deref(), Some(name));
        }
        // What other tools read has prefixes without a colon in them.
        assert_eq!(prefixes.split("http://a.example/x"), Some(("claim", "x")));
        assert_eq!(prefixes.split("http://b.example/x"), Some(("b-claim", "x")));
        let qualifiers = vec!["a".to_owned(), "b".to_owned()];
        let ambiguous =
            AmbiguousPrefix { prefix: "claim".to_owned(), qualifiers, is_of_dossier: true };
        assert_eq!(prefixes.ambiguous(), [ambiguous]);
    }
}
