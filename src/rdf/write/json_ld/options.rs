//! What shape JSON-LD is written in.

use super::context::JsonLdContext;
use super::frame::JsonLdFrame;

/// The shape of a document. The default is a tree with a context that is made for the data.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct JsonLdOptions {
    /// The context to use. Without it, the frame's; without that, one made for the data.
    pub context: Option<JsonLdContext>,
    /// The shape of the tree.
    pub frame: Option<JsonLdFrame>,
    /// Whether all names are written out, and there is no context
    /// ([expanded form](https://www.w3.org/TR/json-ld11/#expanded-document-form)).
    pub expanded: bool,
    /// Whether each thing stands at the top, and nothing in anything
    /// ([flattened form](https://www.w3.org/TR/json-ld11/#flattened-document-form)).
    pub flattened: bool,
}
