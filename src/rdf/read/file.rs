//! One file of RDF, whole.

use crate::diagnostic::{Diagnostic, error};
use crate::dossier::SourceFile;
use crate::format::GraphFormat;

/// The byte order mark of UTF-8, with which some editors begin a file.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file of RDF that is to be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RdfFile {
    /// The file.
    pub source: SourceFile,
    /// What it is written in.
    pub format: GraphFormat,
    /// What relative IRIs are relative to, if the file does not say so itself.
    pub base: Option<String>,
}

impl RdfFile {
    /// A file without a base IRI, in the format that its extension tells.
    ///
    /// # Errors
    /// If the extension is that of no format.
    pub fn new(mut source: SourceFile) -> Result<Self, Diagnostic> {
        let format = format_of(&source.path, source.extension())?;
        if let Some(rest) = source.bytes.strip_prefix(BYTE_ORDER_MARK) {
            source.bytes = rest.to_vec().into();
        }
        Ok(Self { source, format, base: None })
    }
}

/// The format that the extension of a file tells.
///
/// # Errors
/// If it is that of no format.
pub(crate) fn format_of(name: &str, extension: &str) -> Result<GraphFormat, Diagnostic> {
    GraphFormat::from_extension(extension).ok_or_else(|| {
        let names: Vec<_> = GraphFormat::ALL.iter().map(|format| format.name()).collect();
        error!("format-unknown", "cannot infer the format of `{name}` from its name")
            .help(format!("set it with `--from {}`", names.join("|")))
    })
}
