//! The site of a server, with the version of its data.

use crate::cli::context::Context;
use crate::cli::inputs;
use crate::dossier::Dossier;
use crate::web::{Links, Site};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

/// The folders of a dossier whose files are served.
const FOLDERS: [&str; 4] = ["ontology", "data", "data/documents", "queries"];

/// Loads the site. `public` is where clients find it, if that is known.
pub(in crate::cli::command) fn load(
    context: &Context,
    public: Option<&str>,
) -> anyhow::Result<Site> {
    // Before the data is read: if it changes meanwhile, its version is at most too old.
    let version = version(context)?;
    context.dossier()?.check_links()?;
    let site = Site::new(context.session()?.clone(), Links::live(public));
    Ok(site.with_version(version.as_deref()))
}

/// Returns the version of the data, by the sizes and times of its files, or `None` if it is a store or an endpoint, which
/// others change.
pub(in crate::cli::command) fn version(context: &Context) -> anyhow::Result<Option<String>> {
    let options = &context.options;
    if options.store.is_some() || options.endpoint.is_some() {
        return Ok(None);
    }
    let mut files = files_of(context.dossier()?);
    files.extend(inputs::expanded(&options.data)?);
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.to_string_lossy().as_bytes());
        let Ok(metadata) = fs::metadata(&file) else { continue };
        hash.update(metadata.len().to_le_bytes());
        let changed =
            metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        hash.update(changed.unwrap_or_default().as_nanos().to_le_bytes());
    }
    Ok(Some(URL_SAFE_NO_PAD.encode(hash.finalize())))
}

/// Returns the files of a dossier, sorted. The built-in one is part of the program, as is its version.
fn files_of(dossier: &Dossier) -> Vec<PathBuf> {
    let roots = dossier.roots();
    if roots.is_empty() {
        return std::env::current_exe().into_iter().collect();
    }
    let inside = |folder: PathBuf| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect::<Vec<_>>()
    };
    let mut files: Vec<PathBuf> = roots
        .iter()
        .flat_map(|root| FOLDERS.map(|folder| root.join(folder)))
        .flat_map(inside)
        .collect();
    files.sort();
    files
}
