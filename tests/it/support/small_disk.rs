//! A small disk of its own for a test.

use super::missing::skip;
use std::path::Path;
use std::process::Command;

/// A file system in memory, as long as it lives.
pub struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// A disk of a size as `mount` reads it. `None` where nobody may mount one: then the test is [skipped](skip).
    pub fn mounted(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let options = format!("size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "dossier-test"]).arg(folder.path());
        let is_mounted = mount.output().is_ok_and(|output| output.status.success());
        if !is_mounted {
            skip("no disk can be mounted here");
        }
        is_mounted.then_some(Self(folder))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}
