//! Files of data that are copies of others, such as `claims (copy).trig`: everything in them is there twice.

use super::files::QuadFile;
use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, error};
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{GraphName, NamedOrBlankNode, Term};
use std::collections::HashSet;

/// Takes the copies out of the files and returns a finding for each. Otherwise, there would be a finding for each of
/// their claims.
pub(super) fn set_aside(files: &mut Vec<QuadFile>) -> Vec<Diagnostic> {
    let heads: Vec<HashSet<&NamedOrBlankNode>> = files.iter().map(heads).collect();
    let mut copies: Vec<(usize, Diagnostic)> = Vec::new();
    for later in 0..files.len() {
        for earlier in 0..later {
            let is_out = |index: usize| copies.iter().any(|(copy, _)| *copy == index);
            if is_out(earlier) || is_out(later) {
                continue;
            }
            let (one, other) = (&files[earlier], &files[later]);
            let is_same = !one.quads.is_empty() && one.text().trim() == other.text().trim();
            let shared = heads[earlier].intersection(&heads[later]).count();
            let fewer = heads[earlier].len().min(heads[later].len());
            if !is_same && (shared < 2 || shared * 2 < fewer) {
                continue;
            }
            let (kept, copy) =
                if is_copy(one.path(), other.path()) { (later, earlier) } else { (earlier, later) };
            copies.push((copy, finding(files[kept].path(), files[copy].path(), is_same, shared)));
        }
    }
    copies.sort_by_key(|(copy, _)| *copy);
    for (copy, _) in copies.iter().rev() {
        files.remove(*copy);
    }
    copies.into_iter().map(|(_, finding)| finding).collect()
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

fn finding(kept: &str, copy: &str, is_same: bool, shared: usize) -> Diagnostic {
    if is_same {
        return error!("file-copied", "`{copy}` has the same content as `{kept}`").help(format!(
            "remove `{copy}`, or move it out of `data/`: every data file there is read"
        ));
    }
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
