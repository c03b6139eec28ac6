//! The documents of annotations, which name them by their addresses.

use crate::author::draft::Draft;
use crate::claim::Selector;
use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::prov;
use oxigraph::model::NamedNode;
use std::collections::HashMap;

/// The documents of annotations.
pub(super) struct Documents<'a> {
    session: &'a Session,
    /// The document that each name or address means, if there is one.
    found: HashMap<String, Option<NamedNode>>,
}

impl<'a> Documents<'a> {
    pub(super) fn new(session: &'a Session) -> Self {
        Self { session, found: HashMap::new() }
    }

    /// Replaces the address of a document by its name, and the context of the quote by as much of it as selects the
    /// place. An address or a quote that cannot be found stays as it is, and is reported when the draft is verified.
    pub(super) fn settle(&mut self, draft: &mut Draft) -> Result<()> {
        let document = match self.found.get(&draft.document) {
            Some(found) => found.clone(),
            None => {
                let found = self.find(&draft.document)?;
                self.found.entry(draft.document.clone()).or_insert(found).clone()
            }
        };
        let Some(document) = document else { return Ok(()) };
        draft.document = self
            .session
            .prefixes()
            .shorten(document.as_str())
            .unwrap_or_else(|| document.to_string());
        let Ok(text) = self.session.text_of(&document) else { return Ok(()) };
        let side = |words: &Option<String>| words.clone().unwrap_or_default();
        let places = text.locate(&draft.quote, &side(&draft.prefix), &side(&draft.suffix));
        if let Some(selector) = places.ok().and_then(|span| Selector::shortest(text.text(), &span))
        {
            let side = |words: String| (!words.is_empty()).then_some(words);
            (draft.prefix, draft.suffix) = (side(selector.prefix), side(selector.suffix));
        }
        Ok(())
    }

    /// Returns the document with a name, or the only one from an address.
    fn find(&self, name: &str) -> Result<Option<NamedNode>> {
        if let Ok(document) = self.session.find_document((!name.is_empty()).then_some(name)) {
            return Ok(Some(document));
        }
        let address = name.strip_prefix('<').and_then(|name| name.strip_suffix('>'));
        let Some(Ok(address)) = address.map(NamedNode::new) else { return Ok(None) };
        let from = self.session.store().things(prov::WAS_DERIVED_FROM, address.as_ref().into())?;
        Ok(if let [document] = from.as_slice() { Some(document.clone()) } else { None })
    }
}
