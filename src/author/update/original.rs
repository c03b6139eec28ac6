//! The file from which the text of a document was made, and its digest: both become those of the new file.

use crate::author::addition::digest;
use crate::author::head_edit::HeadFile;
use crate::author::originals::{original_path, originals};
use crate::author::source::Source;
use crate::diagnostic::Result;
use crate::dossier::{Dossier, Edit, last_part};
use crate::vocabulary::dos;
use oxigraph::model::NamedNode;

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
    for old in originals(dossier)?.into_iter().filter(|old| old.stem() == stem) {
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
