//! Files of data that are copies of others, such as `claims (copy).trig`: everything in them is there twice.

use super::files::QuadFile;
use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, error};
use crate::dossier::SourceFile;
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{GraphName, NamedOrBlankNode, Term};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Takes the copies out of the files and returns a finding for each. Otherwise, there would be a finding for each of
/// their claims.
pub(super) fn set_aside(files: &mut Vec<QuadFile>) -> Vec<Diagnostic> {
    let mut copies: BTreeMap<usize, Diagnostic> = BTreeMap::new();
    for ((earlier, later), shared) in alike(files) {
        if copies.contains_key(&earlier) || copies.contains_key(&later) {
            continue;
        }
        let (one, other) = (&files[earlier], &files[later]);
        let (kept, copy) =
            if is_copy(one.path(), other.path()) { (later, earlier) } else { (earlier, later) };
        copies.insert(copy, finding(files[kept].path(), files[copy].path(), shared));
    }
    for copy in copies.keys().rev() {
        files.remove(*copy);
    }
    copies.into_values().collect()
}

/// Returns the pairs of files of which one is a copy: those with the same text, with `None`, and those that share at
/// least half of their heads, with the number of these.
fn alike(files: &[QuadFile]) -> BTreeMap<(usize, usize), Option<usize>> {
    let mut pairs: BTreeMap<(usize, usize), Option<usize>> = BTreeMap::new();
    let mut with_head: HashMap<&NamedOrBlankNode, Vec<usize>> = HashMap::new();
    let mut with_text: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut heads_of: Vec<usize> = Vec::new();
    for (later, file) in files.iter().enumerate() {
        let heads = heads(file);
        let mut shared: BTreeMap<usize, usize> = BTreeMap::new();
        for head in &heads {
            let others = with_head.entry(head).or_default();
            for other in others.iter() {
                *shared.entry(*other).or_default() += 1;
            }
            others.push(later);
        }
        for (earlier, shared) in shared {
            let fewer = heads.len().min(heads_of.get(earlier).copied().unwrap_or_default());
            if shared > 1 && shared * 2 >= fewer {
                pairs.insert((earlier, later), Some(shared));
            }
        }
        heads_of.push(heads.len());
        if !file.quads.is_empty() {
            let same = with_text.entry(file.text().trim()).or_default();
            pairs.extend(same.iter().map(|earlier| ((*earlier, later), None)));
            same.push(later);
        }
    }
    pairs
}

/// Returns the heads of claims and omissions in a file.
fn heads(file: &QuadFile) -> HashSet<&NamedOrBlankNode> {
    let is_head =
        |class: &Term| [dos::CLAIM, dos::OMISSION].iter().any(|head| *class == Term::from(*head));
    let typed = file.quads.iter().filter(|quad| {
        quad.graph_name == GraphName::DefaultGraph
            && quad.predicate.as_ref() == rdf::TYPE
            && is_head(&quad.object)
    });
    typed.map(|quad| &quad.subject).collect()
}

/// Returns the saved queries that have the same text as another one, each with the path of that one.
pub(super) fn of_queries(queries: &[SourceFile]) -> BTreeMap<&str, &str> {
    let mut kept: HashMap<&[u8], &str> = HashMap::new();
    let mut copies = BTreeMap::new();
    for query in queries.iter().filter(|query| !query.bytes.trim_ascii().is_empty()) {
        let path = query.path.as_str();
        let other = *kept.entry(query.bytes.trim_ascii()).or_insert(path);
        if other != path && is_copy(other, path) {
            kept.insert(query.bytes.trim_ascii(), path);
            copies.insert(other, path);
        } else if other != path {
            copies.insert(path, other);
        }
    }
    copies
}

/// Returns whether the first of two paths is that of the copy, judging by their names.
fn is_copy(one: &str, other: &str) -> bool {
    let looks_so = |path: &str| {
        let path = path.to_lowercase();
        let stem = path.rsplit('/').next().unwrap_or_default();
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        ["copy", "backup", "bak", "old", "conflict", "~"].iter().any(|sign| stem.contains(sign))
            || stem.ends_with(|c: char| c.is_ascii_digit() || c == ')')
    };
    match (looks_so(one), looks_so(other)) {
        (true, false) => true,
        (false, true) => false,
        _ => one.len() > other.len(),
    }
}

fn finding(kept: &str, copy: &str, shared: Option<usize>) -> Diagnostic {
    let Some(shared) = shared else {
        return error!("file-copied", "`{copy}` has the same content as `{kept}`").help(format!(
            "remove `{copy}`, or move it out of `data/`: every data file there is read"
        ));
    };
    error!("file-copied", "`{copy}` has {shared} of the claims and omissions of `{kept}`")
        .note(format!("`{copy}` is not checked"))
        .help(format!(
            "compare them with `dossier diff {} {}`, keep the right one, and move the other out of `data/`",
            in_shell(kept),
            in_shell(copy)
        ))
}

#[cfg(test)]
mod tests {
    use super::is_copy;

    #[test]
    fn the_copy_is_told_by_its_name() {
        for copy in [
            "claims (copy).trig",
            "claims 2.trig",
            "Copy of claims.trig",
            "claims-old.trig",
            "claims.bak.trig",
        ] {
            let copy = format!("data/{copy}");
            assert!(is_copy(&copy, "data/claims.trig"), "{copy}");
            assert!(!is_copy("data/claims.trig", &copy), "{copy}");
        }
        assert!(!is_copy("data/a.trig", "data/b.trig"));
    }
}
