//! Names such as `b:claim:x`, in which the name of a dossier tells which of several namespaces `claim:` has. For the grammar
//! of SPARQL, the prefix is `b` and the local name `claim:x`, so the parser is given another prefix for `b:claim`.

use super::names::NameRules;
use crate::vocabulary::Prefixes;
use std::collections::BTreeMap;
use std::ops::Range;

/// The qualified names of a query, as the parser can read them.
#[derive(Default)]
pub(super) struct QualifiedNames<'a> {
    /// The prefixes that stand in place of the qualified ones, with their namespaces.
    pub prefixes: BTreeMap<String, &'a str>,
    /// The spans of the qualified prefixes, with what stands in their place.
    pub replacements: Vec<(Range<usize>, String)>,
}

/// Returns the qualified names of a query. If the query declares the prefix in front, its own meaning counts.
pub(super) fn names<'a>(
    text: &str,
    names: &NameRules<'_>,
    prefixes: &'a Prefixes,
) -> QualifiedNames<'a> {
    let mut found = QualifiedNames::default();
    for span in &names.prefixed {
        let name = &text[span.clone()];
        let Some((qualified, namespace, _)) = prefixes.split_qualified(name) else { continue };
        if names.declared.contains(qualified.split(':').next().unwrap_or_default()) {
            continue;
        }
        let mut prefix = qualified.replace(':', "-");
        while names.declared.contains(prefix.as_str())
            || prefixes.namespace(&prefix).is_some_and(|known| known != namespace)
        {
            prefix.push('_');
        }
        found.replacements.push((span.start..span.start + qualified.len(), prefix.clone()));
        found.prefixes.insert(prefix, namespace);
    }
    found
}
