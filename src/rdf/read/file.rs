//! An RDF file in memory.

use super::contexts::Contexts;
use crate::diagnostic::{Diagnostic, error};
use crate::dossier::SourceFile;
use crate::format::InputFormat;

/// The byte order mark of UTF-8, with which some editors begin a file.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// An RDF file to load.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdfFile {
    /// The file.
    pub source: SourceFile,
    /// The format of the file.
    pub format: InputFormat,
    /// The base of relative IRIs, unless the file declares one.
    pub base: Option<String>,
    /// The JSON-LD contexts that the file may name.
    pub contexts: Contexts,
}

impl RdfFile {
    /// Creates a file without a base IRI, in the format of its extension.
    ///
    /// # Errors
    /// If no format has this extension.
    pub fn new(mut source: SourceFile) -> Result<Self, Diagnostic> {
        let format = format_of(&source.path, source.extension())?;
        if let Some(rest) = source.bytes.strip_prefix(BYTE_ORDER_MARK) {
            source.bytes = rest.to_vec().into();
        }
        Ok(Self::of(source, format))
    }

    /// Creates a file without a base IRI, in a format that its name need not show.
    pub fn of(source: SourceFile, format: impl Into<InputFormat>) -> Self {
        Self { source, format: format.into(), base: None, contexts: Contexts::default() }
    }
}

/// Returns the format for the extension of a file.
///
/// # Errors
/// If no format has this extension.
pub(crate) fn format_of(name: &str, extension: &str) -> Result<InputFormat, Diagnostic> {
    InputFormat::from_extension(extension).ok_or_else(|| {
        let names: Vec<_> = InputFormat::all().map(InputFormat::name).collect();
        error!("format-unknown", "cannot infer the format of `{name}` from its name")
            .help(format!("set it with `--from {}`", names.join("|")))
    })
}
