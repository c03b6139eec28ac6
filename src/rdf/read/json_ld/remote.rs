//! The contexts that a document names by their addresses, for the parser and for what is rewritten before it.

use crate::rdf::read::contexts::Contexts;
use oxigraph::io::LoadedDocument;
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use oxiri::Iri;
use serde_json::{Deserializer, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The key of a context, as a document writes it.
const CONTEXT: &[u8] = b"\"@context\"";

/// The contexts that a document names, by their addresses, and those that they name.
pub(super) fn named_in(
    text: &[u8],
    contexts: &Contexts,
    base: Option<&str>,
) -> BTreeMap<String, Value> {
    let mut found = Named {
        contexts,
        base: base.and_then(|base| Iri::parse(base.to_owned()).ok()),
        documents: BTreeMap::new(),
    };
    for start in memchr::memmem::find_iter(text, CONTEXT) {
        let rest = text[start + CONTEXT.len()..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b":").map(<[u8]>::trim_ascii_start) else { continue };
        // Most contexts are objects; those that name others are strings or arrays, or contain some in terms.
        if let Some(Ok(context)) = Deserializer::from_slice(rest).into_iter::<Value>().next() {
            found.add(&context);
        }
    }
    found.documents
}

struct Named<'a> {
    contexts: &'a Contexts,
    base: Option<Iri<String>>,
    documents: BTreeMap<String, Value>,
}

impl Named<'_> {
    fn add(&mut self, context: &Value) {
        match context {
            Value::String(address) => self.load(address),
            Value::Array(contexts) => contexts.iter().for_each(|context| self.add(context)),
            Value::Object(context) => {
                if let Some(Value::String(address)) = context.get("@import") {
                    self.load(address);
                }
                context
                    .values()
                    .filter_map(|term| term.get("@context"))
                    .for_each(|scoped| self.add(scoped));
            }
            _ => {}
        }
    }

    fn load(&mut self, address: &str) {
        let address = match &self.base {
            Some(base) => {
                base.resolve(address).map_or_else(|_| address.to_owned(), Iri::into_inner)
            }
            None => address.to_owned(),
        };
        if self.documents.contains_key(&address) {
            return;
        }
        let document = self.contexts.document(&address);
        let Some(json) = document.and_then(|text| serde_json::from_slice::<Value>(&text).ok())
        else {
            return;
        };
        self.documents.insert(address, json.clone());
        if let Some(context) = json.get("@context") {
            self.add(context);
        }
    }
}

/// What loads contexts for the parser, and notes the first one that is not known.
///
/// The parser gets an empty context in its place, because an error inside of another context would end the process
/// (oxjsonld 0.2).
#[derive(Clone)]
pub(in crate::rdf::read) struct ContextLoader {
    contexts: Contexts,
    /// The contexts that were rewritten, by their addresses.
    rewritten: Arc<HashMap<String, Vec<u8>>>,
    unknown: Arc<Mutex<Option<String>>>,
}

impl ContextLoader {
    pub(super) fn new(contexts: &Contexts) -> Self {
        Self { contexts: contexts.clone(), rewritten: Arc::default(), unknown: Arc::default() }
    }

    /// Uses these documents instead of those of their addresses.
    pub(super) fn rewritten(&mut self, documents: impl IntoIterator<Item = (String, Vec<u8>)>) {
        self.rewritten = Arc::new(documents.into_iter().collect());
    }

    /// Returns the document with a context, which is empty if the context is not known.
    pub(in crate::rdf::read) fn load(&self, address: &str) -> LoadedDocument {
        let rewritten = self.rewritten.get(address).cloned();
        let content = rewritten.or_else(|| self.contexts.document(address)).unwrap_or_else(|| {
            let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
            unknown.get_or_insert_with(|| address.to_owned());
            json!({ "@context": {} }).to_string().into_bytes()
        });
        let format = RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() };
        LoadedDocument { url: address.to_owned(), content, format }
    }

    /// Returns the address of the first context that was not known.
    pub(in crate::rdf::read) fn unknown(&self) -> Option<String> {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
