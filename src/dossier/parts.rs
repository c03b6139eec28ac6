//! Several dossiers that are asked together. Each has a name, which stands before the paths of its files.

use super::{Dossier, SourceFile};
use crate::diagnostic::{Result, error};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One of several dossiers that are asked together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name: that of its folder, as far as it can be the prefix of a name in SPARQL.
    pub name: String,
    /// The dossier.
    pub dossier: Dossier,
}

/// A saved query of one of several dossiers.
pub(super) struct NamedQuery<'a> {
    /// Its name among all: with that of its dossier in front if it is not the only one.
    pub name: String,
    part: &'a Part,
    stem: String,
}

impl Part {
    /// Returns a path of the dossier as it is shown: with the name of the dossier in front.
    pub fn path(&self, path: &str) -> String {
        format!("{}/{path}", self.name)
    }

    /// Returns whether its name is not that of its folder.
    pub fn is_renamed(&self) -> bool {
        self.dossier.root().is_some_and(|root| folder_name(root) != self.name)
    }
}

impl Dossier {
    /// Joins dossiers that are asked together. One alone stays what it is.
    ///
    /// # Errors
    /// If a folder is named twice.
    pub fn join(dossiers: Vec<Self>) -> Result<Self> {
        let mut dossiers = dossiers;
        if dossiers.len() == 1 {
            return Ok(dossiers.remove(0));
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut places: Vec<PathBuf> = Vec::new();
        for dossier in dossiers {
            let root = dossier.root().unwrap_or(Path::new("built-in"));
            let place = root.canonicalize().unwrap_or_else(|_| root.to_owned());
            if places.contains(&place) {
                let message = format!("the dossier in `{}` is named twice", root.display());
                return Err(error!("dossier-twice", "{message}").help("name it once").usage());
            }
            let name = free_name(&slug(&folder_name(root)), &parts);
            places.push(place);
            parts.push(Part { name, dossier });
        }
        Ok(Self { root: None, changed: None, parts: Some(parts.into()) })
    }

    /// Returns the dossiers that are asked together, or nothing if it is one.
    pub fn parts(&self) -> &[Part] {
        self.parts.as_deref().unwrap_or_default()
    }

    /// Returns the folders of the dossier, or of all that are asked together. The built-in one has none.
    pub fn roots(&self) -> Vec<&Path> {
        match &self.parts {
            Some(parts) => parts.iter().filter_map(|part| part.dossier.root()).collect(),
            None => self.root().into_iter().collect(),
        }
    }

    /// Opens the same folder or folders again.
    ///
    /// # Errors
    /// If one of the folders is not a dossier any more.
    pub(crate) fn reopened(&self) -> Result<Self> {
        let roots = self.roots();
        if roots.is_empty() {
            return Ok(self.clone());
        }
        Self::join(roots.into_iter().map(Self::open).collect::<Result<_>>()?)
    }

    /// Returns words for where the dossier is.
    pub(crate) fn place(&self) -> String {
        let roots: Vec<String> =
            self.roots().into_iter().map(|root| root.display().to_string()).collect();
        match roots.as_slice() {
            [] => "the built-in dossier".to_owned(),
            [root] => format!("the dossier in {root}"),
            [first @ .., last] => format!("the dossiers in {} and {last}", first.join(", ")),
        }
    }

    /// Returns where a file is, by its path as it is shown.
    pub fn place_of(&self, path: &str) -> PathBuf {
        let (dossier, inside) = match self.part_of(path) {
            Some(part) => (&part.dossier, path.get(part.name.len() + 1..).unwrap_or_default()),
            None => (self, path),
        };
        dossier.root().unwrap_or(Path::new("")).join(inside)
    }

    /// Returns the one of several dossiers that a file belongs to, by its path as it is shown.
    pub(crate) fn part_of(&self, path: &str) -> Option<&Part> {
        let (name, _) = path.split_once('/')?;
        self.parts().iter().find(|part| part.name == name)
    }

    /// Returns the names of the saved queries with those of their dossiers in front, if there are several dossiers.
    pub(crate) fn full_query_names(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for part in self.parts() {
            names.extend(part.dossier.query_names()?.iter().map(|stem| part.path(stem)));
        }
        Ok(names)
    }

    /// Returns the name of a saved query among all of the dossier, or of the dossiers that are asked together.
    pub(crate) fn query_name(&self, source: &SourceFile) -> String {
        let stem = source.stem();
        let has_it = |part: &&Part| {
            part.dossier.query_names().is_ok_and(|names| names.iter().any(|name| name == stem))
        };
        match self.part_of(&source.path) {
            Some(part) if self.parts().iter().filter(has_it).count() > 1 => part.path(stem),
            _ => stem.to_owned(),
        }
    }

    /// Returns the dossier for a command that works on one.
    ///
    /// # Errors
    /// If it is several.
    pub(crate) fn only(&self) -> Result<&Self> {
        let parts = self.parts();
        if parts.is_empty() {
            return Ok(self);
        }
        let options: Vec<String> =
            self.roots().iter().map(|root| format!("`--dossier {}`", root.display())).collect();
        Err(error!("several-dossiers", "this works on one dossier, but {} are named", parts.len())
            .help(format!("name one of them: {}", options.join(" or ")))
            .usage())
    }
}

/// Returns the name of a folder, even if its path does not end in one, such as `..`.
fn folder_name(root: &Path) -> String {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    name(root).or_else(|| name(&root.canonicalize().ok()?)).unwrap_or_default()
}

/// Returns a name in which nothing but letters and digits of ASCII, `-` and `_` is left, and which begins with a letter.
fn slug(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let words: Vec<&str> =
        name.split(|c: char| !is_plain(c)).filter(|word| !word.is_empty()).collect();
    let slug = words.join("-");
    if slug.starts_with(|c: char| c.is_ascii_alphabetic()) { slug } else { format!("d{slug}") }
}

fn free_name(name: &str, parts: &[Part]) -> String {
    let is_free = |name: &String| parts.iter().all(|part| part.name != *name);
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    std::iter::once(name.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}

/// Returns the ontologies of all parts. The core is that of the first, and a file that several have stands there once.
pub(super) fn ontology(parts: &[Part]) -> Result<Vec<SourceFile>> {
    let mut is_first = true;
    files(parts, |dossier| {
        let mut files = dossier.ontology()?;
        if !std::mem::take(&mut is_first) {
            files.retain(|file| file.stem() != "core");
        }
        Ok(files)
    })
}

/// Returns the files of all parts, with the names of these before their paths. Of RDF files with the same content, only the
/// first is among them, so that their blank nodes are not doubled.
pub(super) fn files(
    parts: &[Part],
    mut of: impl FnMut(&Dossier) -> Result<Vec<SourceFile>>,
) -> Result<Vec<SourceFile>> {
    let mut all: Vec<SourceFile> = Vec::new();
    for part in parts {
        let is_new = |file: &SourceFile| {
            !matches!(file.extension(), "ttl" | "trig")
                || all.iter().all(|known| known.bytes != file.bytes)
        };
        let files: Vec<SourceFile> = of(&part.dossier)?.into_iter().filter(is_new).collect();
        all.extend(
            files.into_iter().map(|file| SourceFile { path: part.path(&file.path), ..file }),
        );
    }
    Ok(all)
}

/// Returns the saved queries of all parts, sorted by name.
pub(super) fn query_names(parts: &[Part]) -> Result<Vec<NamedQuery<'_>>> {
    let mut of_stem: BTreeMap<String, Vec<&Part>> = BTreeMap::new();
    for part in parts {
        for stem in part.dossier.query_names()? {
            of_stem.entry(stem).or_default().push(part);
        }
    }
    let named = of_stem.into_iter().flat_map(|(stem, parts)| {
        let is_only = parts.len() == 1;
        parts.into_iter().map(move |part| {
            let name = if is_only { stem.clone() } else { part.path(&stem) };
            NamedQuery { name, part, stem: stem.clone() }
        })
    });
    let mut named: Vec<NamedQuery<'_>> = named.collect();
    named.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(named)
}

/// Returns the saved query with a name.
///
/// # Errors
/// If several parts have one of the name.
pub(super) fn query(parts: &[Part], name: &str) -> Result<Option<SourceFile>> {
    let all = query_names(parts)?;
    let named: Vec<&NamedQuery<'_>> = all
        .iter()
        .filter(|query| query.stem == name || query.part.path(&query.stem) == name)
        .collect();
    match named.as_slice() {
        [] => Ok(None),
        [one] => {
            let source = one.part.dossier.query(&one.stem)?;
            Ok(source.map(|file| SourceFile { path: one.part.path(&file.path), ..file }))
        }
        several => {
            let names: Vec<String> =
                several.iter().map(|query| format!("`{}`", query.name)).collect();
            Err(error!("query-ambiguous", "several dossiers have a saved query `{name}`")
                .help(format!("say which one: {}", names.join(" or ")))
                .usage())
        }
    }
}

/// Returns the names and paths of files that resemble saved queries but have another extension.
pub(super) fn misnamed_queries(parts: &[Part]) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    for part in parts {
        let misnamed = part.dossier.misnamed_queries()?;
        all.extend(misnamed.into_iter().map(|(stem, path)| (stem, part.path(&path))));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn dossier(root: &Path, queries: &[&str]) -> Dossier {
        for folder in ["ontology", "data", "queries"] {
            fs::create_dir_all(root.join(folder)).unwrap();
        }
        for query in queries {
            fs::write(root.join("queries").join(query).with_extension("rq"), "ASK {}").unwrap();
        }
        Dossier::open(root).unwrap()
    }

    #[test]
    fn parts_have_names_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        let roots =
            ["tea", "x/tea", "my notes (2)", "2024", "é"].map(|name| folder.path().join(name));
        let all = roots.iter().map(|root| dossier(root, &[])).collect();
        let joined = Dossier::join(all).unwrap();
        let names: Vec<&str> = joined.parts().iter().map(|part| part.name.as_str()).collect();
        assert_eq!(names, ["tea", "tea-2", "my-notes-2", "d2024", "d"]);
        assert_eq!(joined.roots(), roots.each_ref().map(PathBuf::as_path));
        let twice = ["tea", "x/../tea"].map(|name| dossier(&folder.path().join(name), &[]));
        assert!(Dossier::join(twice.to_vec()).is_err());
    }

    #[test]
    fn queries_are_found_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let one = dossier(&folder.path().join("a"), &["members", "only-a"]);
        let other = dossier(&folder.path().join("b"), &["members", "only-b"]);
        let joined = Dossier::join(vec![one, other]).unwrap();
        let names = joined.query_names().unwrap();
        assert_eq!(names, ["a/members", "b/members", "only-a", "only-b"]);
        let path = |name: &str| joined.query(name).unwrap().map(|source| source.path);
        assert_eq!(path("only-b").as_deref(), Some("b/queries/only-b.rq"));
        assert_eq!(path("b/only-b"), path("only-b"));
        assert_eq!(path("a/members").as_deref(), Some("a/queries/members.rq"));
        assert_eq!(path("a/only-b"), None);
        assert!(joined.query("members").unwrap_err().to_string().contains("several dossiers"));
    }
}
