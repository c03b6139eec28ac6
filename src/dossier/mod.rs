//! A dossier: a folder with `ontology/`, `data/` and `queries/`, or the built-in one. This module owns its files and
//! its [documents](Document); other modules interpret the other files.

mod document;
mod edit;
mod encoding;
mod links;
mod other_files;
mod parts;
mod source_file;

pub use document::{Document, NotOneQuote, Passage};
pub(crate) use document::{
    DocumentWords, LocatorUnit, PassageLocator, PassagePart, TextBlock, TextLine,
};
pub(crate) use edit::Edit;
pub(crate) use encoding::utf_16;
pub(crate) use other_files::OtherFile;
pub use parts::Part;
pub use source_file::SourceFile;

use crate::diagnostic::{Diagnostic, Result, did_you_mean, error, nearest, reason};
use include_dir::{Dir, include_dir};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

static ONTOLOGY: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/ontology");
static DATA: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/data");
static QUERIES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/queries");

/// The core ontology, which every dossier has.
const CORE: &str = "core.ttl";

/// The files of a dossier, or of several that are asked together, read on demand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dossier {
    root: Option<PathBuf>,
    /// Files in memory that stand for those of the folder, by path.
    changed: Option<Arc<BTreeMap<String, Cow<'static, [u8]>>>>,
    /// The dossiers that are asked together. If there are any, it has no files of its own.
    parts: Option<Arc<[Part]>>,
}

/// One of the folders of a dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Folder {
    Ontology,
    Data,
    Queries,
}

impl Folder {
    const ALL: [Self; 3] = [Self::Ontology, Self::Data, Self::Queries];

    const fn folder(self) -> &'static str {
        match self {
            Self::Ontology => "ontology",
            Self::Data => "data",
            Self::Queries => "queries",
        }
    }

    fn embedded(self) -> &'static Dir<'static> {
        match self {
            Self::Ontology => &ONTOLOGY,
            Self::Data => &DATA,
            Self::Queries => &QUERIES,
        }
    }
}

impl Dossier {
    /// Returns the built-in dossier: the Shanghai Cooperation Organisation.
    pub const fn built_in() -> Self {
        Self { root: None, changed: None, parts: None }
    }

    /// Opens the dossier in a folder. If it has some of the three folders, the others count as empty: Git, for example,
    /// does not keep empty folders.
    ///
    /// # Errors
    /// If the folder cannot be read or does not look like a dossier; if changes to it have been committed and cannot be
    /// completed.
    pub fn open(root: &Path) -> Result<Self> {
        if !root.is_dir() && !root.is_file() {
            if let Some(near) = near_dossier(root) {
                let message = format!("the folder `{}` does not exist", root.display());
                return Err(Diagnostic::error("not-a-dossier", message)
                    .help(did_you_mean(format_args!("--dossier {}", near.display())))
                    .usage());
            }
            return Err(error!("not-a-dossier", "the folder `{}` does not exist", root.display())
                .help(format!(
                    "correct the path, or make a dossier there: `dossier new {}`",
                    root.display()
                ))
                .usage());
        }
        if looks_like_dossier(root) {
            edit::finish(root)?;
            return Ok(Self { root: Some(root.to_owned()), changed: None, parts: None });
        }
        if let Some(dossier) = root.ancestors().skip(1).find(|folder| looks_like_dossier(folder)) {
            let what = if root.is_file() { "file" } else { "folder" };
            let help = match dossier.to_string_lossy() {
                here if here.is_empty() => {
                    "remove `--dossier`: this folder is the dossier".to_owned()
                }
                dossier => format!("name the dossier itself: `--dossier {dossier}`"),
            };
            return Err(error!("not-a-dossier", "`{}` is a {what} in a dossier", root.display())
                .help(help)
                .usage());
        }
        if root.is_file() {
            return Err(error!("not-a-dossier", "`{}` is a file, not a folder", root.display())
                .help("name the folder of a dossier; to query files of RDF, use `--data`")
                .usage());
        }
        if let Err(error) = root.read_dir() {
            return Err(unreadable(root, &error));
        }
        let missing: Vec<_> = Folder::ALL
            .into_iter()
            .map(Folder::folder)
            .filter(|folder| !root.join(folder).is_dir())
            .collect();
        let help = if missing.len() == Folder::ALL.len() {
            "a dossier is a folder with `ontology/`, `data/` and `queries/`; `dossier new FOLDER` creates one".to_owned()
        } else {
            let folders: Vec<String> =
                missing.iter().map(|folder| root.join(folder).display().to_string()).collect();
            format!("create what is missing: `mkdir {}`", folders.join(" "))
        };
        let missing: Vec<String> = missing.iter().map(|folder| format!("`{folder}/`")).collect();
        let missing = match missing.as_slice() {
            [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
            all => all.concat(),
        };
        Err(error!("not-a-dossier", "`{}` is not a dossier: it has no {missing}", root.display())
            .help(help)
            .usage())
    }

    /// Finds the nearest dossier in a folder or its ancestors.
    ///
    /// # Errors
    /// If that dossier cannot be opened.
    pub fn find(start: &Path) -> Result<Option<Self>> {
        let root = start.ancestors().find(|folder| looks_like_dossier(folder));
        root.map(Self::open).transpose()
    }

    /// Returns the dossier as it would be with these files, which are added to it or replace its own. Nothing is written.
    pub(crate) fn with_files(&self, files: impl IntoIterator<Item = SourceFile>) -> Self {
        let mut changed = self.changed.as_deref().cloned().unwrap_or_default();
        changed.extend(files.into_iter().map(|file| (file.path, file.bytes)));
        Self { changed: Some(Arc::new(changed)), ..self.clone() }
    }

    /// Returns the folder of the dossier, or `None` for the built-in one and for several.
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// Returns the files of the ontology: the core first, even if the folder lacks it, then the others by name.
    pub fn ontology(&self) -> Result<Vec<SourceFile>> {
        if let Some(parts) = &self.parts {
            return parts::ontology(parts);
        }
        let mut sources = self.files(Folder::Ontology, "", &["ttl"])?;
        match sources.iter().position(|source| source.stem() == "core") {
            Some(core) => sources[..=core].rotate_right(1),
            None => {
                let bytes = ONTOLOGY.get_file(CORE).map_or(&[][..], |file| file.contents());
                sources.insert(
                    0,
                    SourceFile { path: format!("ontology/{CORE}"), bytes: Cow::Borrowed(bytes) },
                );
            }
        }
        Ok(sources)
    }

    /// Returns the data files (claims and background), by name.
    pub fn data(&self) -> Result<Vec<SourceFile>> {
        self.files(Folder::Data, "", &["ttl", "trig"])
    }

    /// Returns the total size of the data files in bytes.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub(crate) fn data_size(&self) -> Result<u64> {
        if let Some(parts) = &self.parts {
            return parts.iter().map(|part| part.dossier.data_size()).sum();
        }
        let paths = self.paths(Folder::Data, "", &["ttl", "trig"])?;
        let size = |path: &PathBuf| match &self.root {
            Some(root) => {
                fs::metadata(root.join(Folder::Data.folder()).join(path)).map_or(0, |m| m.len())
            }
            None => DATA.get_file(path).map_or(0, |file| file.contents().len() as u64),
        };
        Ok(paths.iter().map(size).sum())
    }

    /// Returns the saved queries, by name.
    pub fn queries(&self) -> Result<Vec<SourceFile>> {
        self.files(Folder::Queries, "", &["rq"])
    }

    /// Returns the sorted names of the saved queries, without reading them. Of several dossiers, a query that is not the
    /// only one with its name has that of its dossier in front: `b/members`.
    pub(crate) fn query_names(&self) -> Result<Vec<String>> {
        if let Some(parts) = &self.parts {
            let names = parts::query_names(parts)?;
            return Ok(names.into_iter().map(|named| named.name).collect());
        }
        let paths = self.paths(Folder::Queries, "", &["rq"])?;
        Ok(paths.iter().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect())
    }

    /// Returns the names and paths of files that resemble saved queries but have another extension.
    pub(crate) fn misnamed_queries(&self) -> Result<Vec<(String, String)>> {
        if let Some(parts) = &self.parts {
            return parts::misnamed_queries(parts);
        }
        let paths = self.paths(Folder::Queries, "", &["sparql"])?;
        let named = paths.iter().filter_map(|path| {
            let inside = Path::new(Folder::Queries.folder()).join(path);
            Some((path.file_stem()?.to_str()?.to_owned(), inside.to_str()?.replace('\\', "/")))
        });
        Ok(named.collect())
    }

    /// Returns the saved query with a name. Of several dossiers, the name can have that of its dossier in front, and must
    /// have it if several queries have the name.
    ///
    /// # Errors
    /// If it cannot be read, or if several queries have the name.
    pub fn query(&self, name: &str) -> Result<Option<SourceFile>> {
        if let Some(parts) = &self.parts {
            return parts::query(parts, name);
        }
        let paths = self.paths(Folder::Queries, "", &["rq"])?;
        let path = paths.iter().find(|path| path.file_stem().is_some_and(|stem| stem == name));
        path.map(|path| self.read(Folder::Queries, path)).transpose()
    }

    /// Returns the expected answers of the saved queries: the files of `queries/expected/`, by name.
    pub fn expected(&self) -> Result<Vec<SourceFile>> {
        self.files(Folder::Queries, "expected", &["csv"])
    }

    /// Returns the check queries, whose rows are findings (`queries/checks/`), by name.
    pub fn checks(&self) -> Result<Vec<SourceFile>> {
        self.files(Folder::Queries, "checks", &["rq"])
    }

    /// Returns the patterns for claims (`queries/patterns/`), by name.
    pub(crate) fn patterns(&self) -> Result<Vec<SourceFile>> {
        self.files(Folder::Queries, "patterns", &["rq"])
    }

    /// Returns the files with the texts of the documents, by name.
    pub fn texts(&self) -> Result<Vec<SourceFile>> {
        self.files(Folder::Data, "documents", &["md", "txt"])
    }

    /// Returns the texts of the documents, by the names of their files without `.txt` or `.md`.
    ///
    /// # Errors
    /// If a file cannot be read or is not UTF-8, or two files have the same name. Of several dossiers, ask each for its
    /// own: their files may have the same names.
    pub fn documents(&self) -> Result<Vec<(String, Document)>> {
        let sources = self.texts()?;
        if let Some(problem) = sources.windows(2).find_map(twice) {
            return Err(problem.input());
        }
        let named = |source: &SourceFile| Ok((source.stem().to_owned(), source.document()?));
        let mut documents = (sources.iter().map(named).collect::<Result<Vec<_>, _>>())
            .map_err(Diagnostic::input)?;
        documents.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(documents)
    }

    /// Returns a file that is outside of the three folders, by its path in the dossier. The built-in dossier has none.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) fn other_file(&self, path: &str) -> Result<Option<SourceFile>> {
        let Some(root) = &self.root else { return Ok(None) };
        let place = root.join(path);
        match fs::read(&place) {
            Ok(bytes) => Ok(Some(SourceFile { path: path.to_owned(), bytes: bytes.into() })),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(unreadable(&place, &error)),
        }
    }

    fn files(&self, part: Folder, folder: &str, extensions: &[&str]) -> Result<Vec<SourceFile>> {
        if let Some(parts) = &self.parts {
            return parts::files(parts, |dossier| dossier.files(part, folder, extensions));
        }
        let paths = self.paths(part, folder, extensions)?;
        paths.iter().map(|path| self.read(part, path)).collect()
    }

    /// Returns the files with these extensions in a folder of a part, relative to the part, by name. A missing folder
    /// has no files.
    fn paths(&self, part: Folder, folder: &str, extensions: &[&str]) -> Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        if let Some(root) = &self.root {
            let directory = root.join(part.folder()).join(folder);
            if directory.is_dir() {
                let failed = |error| unreadable(&directory, &error);
                for entry in fs::read_dir(&directory).map_err(failed)? {
                    let entry = entry.map_err(failed)?;
                    if entry.path().is_file() {
                        paths.push(Path::new(folder).join(entry.file_name()));
                    }
                }
            }
        } else {
            let embedded = part.embedded();
            let directory =
                if folder.is_empty() { Some(embedded) } else { embedded.get_dir(folder) };
            paths.extend(directory.into_iter().flat_map(Dir::files).map(|f| f.path().to_owned()));
        }
        for path in self.changed.iter().flat_map(|changed| changed.keys()) {
            let inside = Path::new(path).strip_prefix(part.folder());
            if let Some(path) = inside.ok().filter(|path| path.parent() == Some(Path::new(folder)))
                && !paths.iter().any(|known| known == path)
            {
                paths.push(path.to_owned());
            }
        }
        paths.retain(|path| {
            // Files that begin with a dot, such as `._claims.trig`, belong to editors or file systems.
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                return false;
            }
            let extension = path.extension().and_then(|extension| extension.to_str());
            extension.is_some_and(|extension| extensions.contains(&extension))
        });
        paths.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()).then_with(|| a.cmp(b)));
        Ok(paths)
    }

    fn read(&self, part: Folder, path: &Path) -> Result<SourceFile> {
        let inside = Path::new(part.folder()).join(path);
        let name = inside.to_string_lossy().replace('\\', "/");
        let changed = self.changed.as_ref().and_then(|changed| changed.get(&name));
        let bytes = match &self.root {
            _ if changed.is_some() => changed.cloned().unwrap_or_default(),
            Some(root) => {
                let path = root.join(&inside);
                Cow::Owned(fs::read(&path).map_err(|error| unreadable(&path, &error))?)
            }
            None => Cow::Borrowed(part.embedded().get_file(path).map_or(&[][..], |f| f.contents())),
        };
        Ok(SourceFile { path: name, bytes })
    }
}

/// Tells whether a folder has two of a dossier's three folders, or one of them with files that few other projects have.
/// A folder `data` alone is common.
fn looks_like_dossier(root: &Path) -> bool {
    let has = |folder: Folder| root.join(folder.folder()).is_dir();
    let has_file = |folder: Folder, extension: &str| {
        let entries = fs::read_dir(root.join(folder.folder()));
        entries.is_ok_and(|entries| {
            entries.flatten().any(|entry| entry.path().extension().is_some_and(|e| e == extension))
        })
    };
    Folder::ALL.into_iter().filter(|folder| has(*folder)).count() > 1
        || has_file(Folder::Ontology, "ttl")
        || has_file(Folder::Queries, "rq")
}

/// Returns the dossier beside a folder that does not exist, if its name is nearly the same.
fn near_dossier(root: &Path) -> Option<PathBuf> {
    let name = root.file_name()?.to_str()?;
    let parent = root.parent()?;
    let beside = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let entries = fs::read_dir(beside).ok()?.flatten();
    let names: Vec<String> = entries
        .filter(|entry| looks_like_dossier(&entry.path()))
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    nearest(name, names.iter().map(String::as_str)).map(|near| parent.join(near))
}

/// Returns the error for two texts that have the same name, if they have, and so belong to the same document.
pub(crate) fn twice(texts: &[SourceFile]) -> Option<Diagnostic> {
    let [one, other] = texts else { return None };
    let place = |text: &SourceFile| text.path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    (one.stem() == other.stem() && place(one) == place(other)).then(|| {
        error!("text-twice", "`{}` and `{}` are texts of the same document", one.path, other.path)
            .help("keep one of them, or rename one and declare a document for it")
    })
}

/// Returns the last part of an IRI, which is the name of a document's text.
pub(crate) fn last_part(iri: &str) -> &str {
    iri.rsplit(['/', '#', ':']).next().unwrap_or(iri)
}

/// Returns the error for a file or folder that cannot be read.
pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> crate::diagnostic::Error {
    error!("file-unreadable", "cannot read `{}`: {}", path.display(), reason(error)).input()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_dossier_has_its_files() {
        let dossier = Dossier::built_in();
        let names = |sources: Vec<SourceFile>| -> Vec<String> {
            sources.iter().map(|source| source.path.clone()).collect()
        };
        assert_eq!(names(dossier.ontology().unwrap())[0], "ontology/core.ttl");
        assert_eq!(names(dossier.data().unwrap()), ["data/reference.ttl", "data/sco.trig"]);
        assert_eq!(dossier.documents().unwrap()[0].0, "sco");
    }

    #[test]
    fn a_folder_is_read_like_the_built_in_dossier() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = Dossier::open(root).unwrap();
        let built_in = Dossier::built_in();
        assert_eq!(folder.ontology(), built_in.ontology());
        assert_eq!(folder.data(), built_in.data());
        assert_eq!(folder.queries(), built_in.queries());
        assert_eq!(folder.expected(), built_in.expected());
        assert_eq!(Dossier::find(&root.join("src/dossier")), Ok(Some(folder)));
    }

    #[test]
    fn the_core_ontology_is_always_there() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["ontology", "data", "queries"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        fs::write(root.path().join("ontology/a.ttl"), "").unwrap();
        let ontology = Dossier::open(root.path()).unwrap().ontology().unwrap();
        assert_eq!(ontology[0].path, "ontology/core.ttl");
        assert!(!ontology[0].bytes.is_empty());
        assert_eq!(ontology[1].path, "ontology/a.ttl");
    }

    #[test]
    fn folders_that_are_missing_count_as_empty() {
        let is_dossier = |paths: &[&str]| {
            let root = tempfile::tempdir().unwrap();
            for path in paths {
                let path = root.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "").unwrap();
            }
            let opened = Dossier::open(root.path());
            opened.is_ok_and(|dossier| dossier.queries().is_ok() && dossier.documents().is_ok())
        };
        assert!(is_dossier(&["ontology/tea.ttl"]));
        assert!(is_dossier(&["queries/members.rq"]));
        assert!(is_dossier(&["data/a.ttl", "ontology/b"]));
        assert!(!is_dossier(&["data/a.ttl"]));
        assert!(!is_dossier(&["queries/a.sql"]));
        assert!(!is_dossier(&["ontology/a.owl"]));
        assert!(!is_dossier(&["a.ttl"]));
    }
}
