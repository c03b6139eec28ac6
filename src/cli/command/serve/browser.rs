//! Opens a page in the browser of the user.

use crate::cli::reporter::Reporter;
use std::process::{Command, Stdio};

/// Opens an address in a browser. Reports a note if that fails, since the address has been printed.
pub(super) fn open(url: &str, reporter: &Reporter) {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        Command::new("explorer")
    } else {
        Command::new("xdg-open")
    };
    let started =
        command.arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    match started {
        // Waited for, so that it does not stay as a zombie.
        Ok(mut child) => {
            let _ = std::thread::Builder::new().spawn(move || child.wait());
        }
        Err(_) => reporter.note("cannot open a browser: open the address yourself"),
    }
}
