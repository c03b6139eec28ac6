//! The file from which the text of a document was made, and its digest: both become those of the new file.

use crate::author::addition::{ORIGINALS, digest, original_path};
use crate::author::head_edit::HeadFile;
use crate::author::source::Source;
use crate::diagnostic::Result;
use crate::dossier::{Dossier, Edit, SourceFile, last_part, unreadable};
use crate::vocabulary::dos;
use oxigraph::model::NamedNode;
use std::fs;

/// Adds the new original and its digest to the changes. A document that was not added from a file has neither.
pub(super) fn replace(
    dossier: &Dossier,
    document: &NamedNode,
    source: &Source,
    text: &str,
    files: &mut [HeadFile],
    changes: &mut Edit,
) -> Result<()> {
    let digest = digest(&source.original);
    let has_digest = files.iter_mut().any(|file| file.replace(document, dos::SHA256, &digest));
    if !has_digest {
        return Ok(());
    }
    let stem = last_part(document.as_str());
    let path = original_path(stem, &source.file);
    let is_kept = text.as_bytes() != source.original;
    let mut is_there = false;
    for old in originals(dossier, stem)? {
        if is_kept && old.path == path {
            is_there = true;
            if *old.bytes != *source.original {
                changes.replace(&old, source.original.as_slice());
            }
        } else {
            changes.remove(&old);
        }
    }
    if is_kept && !is_there {
        changes.create(path, source.original.as_slice());
    }
    Ok(())
}

/// Returns the originals of a document, whatever their extensions.
fn originals(dossier: &Dossier, stem: &str) -> Result<Vec<SourceFile>> {
    let Some(folder) = dossier.root().map(|root| root.join(ORIGINALS)) else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let failed = |error| unreadable(&folder, &error);
    let mut originals = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem) == stem {
            originals.extend(dossier.other_file(&format!("{ORIGINALS}/{name}"))?);
        }
    }
    originals.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(originals)
}
