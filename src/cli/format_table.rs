//! The formats of a command that are its own.

use super::output::chosen_format;
use super::report::named;
use std::path::Path;

/// Formats, the default first, each with its name and the extensions of its files.
pub struct FormatTable<T: 'static>(pub &'static [(T, &'static str, &'static [&'static str])]);

impl<T: Copy> FormatTable<T> {
    /// Returns the names of all formats.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|(_, name, _)| *name).collect()
    }

    /// Returns the format with a name, for clap.
    ///
    /// # Errors
    /// If there is none.
    pub fn parse(&self, name: &str) -> Result<T, String> {
        named(name, self.0, |(_, known, _)| known).map(|(format, ..)| *format)
    }

    /// Returns the format that `--format` names, else that of the output file's extension, else the first one.
    ///
    /// # Errors
    /// If no format has that extension.
    pub fn chosen(&self, named: Option<T>, output: Option<&Path>) -> anyhow::Result<T> {
        let of_extension = |extension: &str| {
            let (format, ..) = self.0.iter().find(|(.., known)| known.contains(&extension))?;
            Some(*format)
        };
        Ok(chosen_format(named, output, of_extension)?.unwrap_or(self.0[0].0))
    }
}
