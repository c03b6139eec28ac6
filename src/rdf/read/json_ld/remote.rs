//! The contexts that a document names by their addresses, for the parser and for what is rewritten before it.

use crate::rdf::read::contexts::Contexts;
use crate::vocabulary::Prefixes;
use oxigraph::io::LoadedDocument;
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use oxiri::Iri;
use serde_json::{Deserializer, Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The key of a context, as a document writes it.
const CONTEXT: &[u8] = b"\"@context\"";

/// What the contexts of a document say, those in it and those that it names.
pub(super) struct NamedContexts<'a> {
    contexts: &'a Contexts,
    base: Option<Iri<String>>,
    /// The contexts that are named, directly or by others, by their addresses.
    pub documents: BTreeMap<String, Value>,
    /// The terms that are prefixes.
    pub prefixes: Prefixes,
}

impl<'a> NamedContexts<'a> {
    /// Finds the contexts of a document.
    pub(super) fn of(text: &[u8], contexts: &'a Contexts, base: Option<&str>) -> Self {
        let base = base.and_then(|base| Iri::parse(base.to_owned()).ok());
        let (documents, prefixes) = (BTreeMap::new(), Prefixes::default());
        let mut found = Self { contexts, base, documents, prefixes };
        for start in memchr::memmem::find_iter(text, CONTEXT) {
            let rest = text[start + CONTEXT.len()..].trim_ascii_start();
            let Some(rest) = rest.strip_prefix(b":").map(<[u8]>::trim_ascii_start) else {
                continue;
            };
            if let Some(Ok(context)) = Deserializer::from_slice(rest).into_iter::<Value>().next() {
                found.add(&context);
            }
        }
        found
    }

    fn add(&mut self, context: &Value) {
        match context {
            Value::String(address) => self.load(address),
            Value::Array(contexts) => contexts.iter().for_each(|context| self.add(context)),
            Value::Object(context) => {
                if let Some(Value::String(address)) = context.get("@import") {
                    self.load(address);
                }
                for (term, definition) in context {
                    if let Some(namespace) = namespace(term, definition) {
                        self.prefixes.add(term, namespace);
                    }
                    if let Some(scoped) = definition.get("@context") {
                        self.add(scoped);
                    }
                }
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

/// Returns the namespace of a term that is a prefix
/// ([JSON-LD 1.1, 4.1.5](https://www.w3.org/TR/json-ld11/#compact-iris)).
fn namespace<'a>(term: &str, definition: &'a Value) -> Option<&'a str> {
    let namespace = match definition {
        Value::String(iri) if iri.ends_with([':', '/', '?', '#', '[', ']', '@']) => iri,
        Value::Object(entries) if entries.get("@prefix") == Some(&Value::Bool(true)) => {
            entries.get("@id")?.as_str()?
        }
        _ => return None,
    };
    (!term.starts_with('@') && Iri::parse(namespace).is_ok()).then_some(namespace)
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
