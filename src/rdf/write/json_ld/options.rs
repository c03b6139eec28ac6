//! The options for the shape of JSON-LD.

use super::context::JsonLdContext;
use super::frame::JsonLdFrame;

/// The shape of a document. The default is a tree with a context derived from the data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JsonLdOptions {
    /// The context to use. If `None`, the frame's context; without a frame, a context derived from the data.
    pub context: Option<JsonLdContext>,
    /// The shape of the tree.
    pub frame: Option<JsonLdFrame>,
    /// Whether to write all names in full, without a context
    /// ([expanded form](https://www.w3.org/TR/json-ld11/#expanded-document-form)).
    pub expanded: bool,
    /// Whether to write every node at the top level, without nesting
    /// ([flattened form](https://www.w3.org/TR/json-ld11/#flattened-document-form)).
    pub flattened: bool,
}
