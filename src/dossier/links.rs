//! Links that lead out of a dossier.

use super::{Dossier, Folder, unreadable};
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error};
use std::path::{Path, PathBuf};

/// The folders inside the parts of a dossier.
const INNER: [&str; 5] = ["", "documents", "expected", "checks", "patterns"];

/// The extensions of the files that a dossier reads.
const EXTENSIONS: [&str; 6] = ["csv", "md", "rq", "trig", "ttl", "txt"];

impl Dossier {
    /// Checks that no file of the dossier is a link that leads out of its folder. Commands that send the content of a dossier
    /// to others call this: its author, who may be a stranger, could have linked a private file of this machine.
    ///
    /// # Errors
    /// If links lead out of the folder, with all of them.
    pub(crate) fn check_links(&self) -> Result<()> {
        let mut problems = self.links_out("")?;
        for part in self.parts() {
            problems.extend(part.dossier.links_out(&part.path(""))?);
        }
        if problems.is_empty() { Ok(()) } else { Err(Error { kind: ErrorKind::Input, problems }) }
    }

    /// Returns an error for each link that leads out of the folder. `before` stands before the paths of files.
    fn links_out(&self, before: &str) -> Result<Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let Some(root) = self.root() else { return Ok(problems) };
        let home = root.canonicalize().map_err(|error| unreadable(root, &error))?;
        for (part, inner) in
            Folder::ALL.into_iter().flat_map(|part| INNER.map(|inner| (part, inner)))
        {
            for path in self.paths(part, inner, &EXTENSIONS)? {
                let inside = Path::new(part.folder()).join(path);
                let leads_out = |target: PathBuf| !target.starts_with(&home);
                // A file that cannot be found is reported when it is read.
                if root.join(&inside).canonicalize().is_ok_and(leads_out) {
                    let name = inside.to_string_lossy().replace('\\', "/");
                    let message =
                        format!("`{before}{name}` is a link to a file outside of the dossier");
                    problems.push(
                        error!("file-outside", "{message}")
                            .help("copy the file into the dossier, in place of the link"),
                    );
                }
            }
        }
        Ok(problems)
    }
}
