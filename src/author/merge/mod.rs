//! Merges several dossiers into one: a folder with the files of all. What they call alike gets other names, and expected
//! answers become those of all data together.

mod answers;
mod plan;
mod renames;

pub(crate) use answers::ChangedAnswer;

use crate::diagnostic::{Error, ErrorKind, Result, error, reason};
use crate::dossier::{Dossier, Edit};
use crate::session::{Data, Session};
use answers::MergedAnswers;
use oxigraph::model::{NamedNode, NamedNodeRef};
use plan::Plan;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// A merged dossier, which has been written.
pub(crate) struct Merged {
    /// The number of files.
    pub files: usize,
    /// Where the files of the dossiers stand that have another name now.
    pub moved: Vec<(String, String)>,
    /// The prefixes that have another name now: the dossier, the old and the new name.
    pub prefixes: Vec<(String, String, String)>,
    /// The documents that have another IRI now.
    pub documents: Vec<(NamedNode, NamedNode)>,
    /// The number of claims and omissions that several dossiers have, which are written once.
    pub shared: usize,
    /// The cases whose answers differ over all data together.
    pub answers: Vec<ChangedAnswer>,
    /// The dossiers whose drafts are left out.
    pub drafts: Vec<String>,
}

/// Merges several dossiers into a folder, which must be empty or not exist. `same` has the IRIs in place of which others are
/// written. Nothing is written at the folder until all is right.
///
/// # Errors
/// If the dossiers cannot be asked together; if new names cannot be written into a file; if the folder cannot be written.
pub(crate) fn merge(
    dossier: &Dossier,
    same: &BTreeMap<String, NamedNode>,
    folder: &Path,
) -> Result<Merged> {
    check_empty(folder)?;
    // That they can be asked together is checked where they are loaded.
    let session = Session::open(dossier.clone(), &Data::Dossier)?;
    check_known(&session, same)?;
    let parts = dossier.parts();
    let plan = Plan::new(parts, same)?;
    let failed = |error: std::io::Error| unwritable(folder, &error);
    let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
    let parent = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed)?;
    let staged = tempfile::Builder::new().prefix(".dossier-merge.").tempdir_in(parent);
    let staged = staged.map_err(failed)?;
    for inside in ["ontology", "data/documents", "queries"] {
        fs::create_dir_all(staged.path().join(inside)).map_err(failed)?;
    }
    let mut edit = Edit::at(staged.path());
    for (path, file) in &plan.files {
        edit.create(path.clone(), file.bytes.to_vec());
    }
    edit.commit()?;
    let merged = Session::open(Dossier::open(staged.path())?, &Data::Dossier)?;
    let MergedAnswers { edit, changed } = answers::of(parts, &plan, &merged)?;
    edit.commit()?;
    let mut drafts = Vec::new();
    for part in parts {
        if part.dossier.other_file(super::draft_files::WAITING)?.is_some() {
            drafts.push(part.name.clone());
        }
    }
    put(staged, folder).map_err(failed)?;
    Ok(Merged {
        files: plan.files.len(),
        moved: plan.moved,
        prefixes: plan.prefixes,
        documents: plan.documents,
        shared: plan.shared,
        answers: changed,
        drafts,
    })
}

/// Checks that there are the things that get other IRIs, and those that have them.
fn check_known(session: &Session, same: &BTreeMap<String, NamedNode>) -> Result<()> {
    let mut problems = Vec::new();
    for (second, first) in same {
        for iri in [second, first.as_str()] {
            if !session.store().mentions(NamedNodeRef::new_unchecked(iri))? {
                let message = format!("none of the dossiers has the thing `{iri}` of the sheet");
                let help = "correct the IRI, or remove the line";
                problems.push(error!("same-as-unknown", "{message}").help(help));
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Error { kind: ErrorKind::Input, problems }) }
}

/// Checks that a folder is empty or does not exist.
fn check_empty(folder: &Path) -> Result<()> {
    let is_empty = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(unwritable(folder, &error)),
    };
    if is_empty {
        return Ok(());
    }
    Err(error!("folder-not-empty", "`{}` is not empty", folder.display())
        .help("name an empty or new folder")
        .usage())
}

/// Puts a folder of files in its place.
fn put(staged: tempfile::TempDir, folder: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // A temporary folder is for its owner alone.
        fs::set_permissions(staged.path(), fs::Permissions::from_mode(0o755))?;
    }
    if folder.is_dir() {
        fs::remove_dir(folder)?;
    }
    fs::rename(staged.path(), folder)?;
    // It has been renamed, so there is nothing left to remove.
    let _ = staged.keep();
    Ok(())
}

fn unwritable(folder: &Path, error: &std::io::Error) -> Error {
    let message = format!("cannot make a dossier in `{}`: {}", folder.display(), reason(error));
    error!("dossier-unwritable", "{message}").usage()
}
