//! The JSON-LD contexts that files may name by their addresses. Nothing is fetched: a context is either built in or
//! given by the caller.

mod built_in;

use super::error::json_problem;
use crate::diagnostic::{Diagnostic, Excerpt, did_you_mean, error, nearest};
use crate::dossier::SourceFile;
use built_in::BUILT_IN;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The JSON-LD contexts that files may name by their addresses: those given, and the built-in ones.
///
/// Addresses that differ only in `http` and `https`, in a fragment, in a `/` at the end or in the extension `.jsonld` or
/// `.json` are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contexts {
    /// The contexts that were given, by the keys of their addresses.
    given: Arc<BTreeMap<String, GivenContext>>,
}

/// A context that was given, and its address as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct GivenContext {
    address: String,
    document: Vec<u8>,
}

impl Contexts {
    /// The maximum size of a file with a context, in bytes. The parser copies contexts.
    pub const LARGEST: usize = 4_000_000;

    /// Adds a context for an address. It takes precedence over a built-in one.
    ///
    /// # Errors
    /// If the file is too large, is not JSON, is nested too deep, or has no `@context`.
    pub fn add(&mut self, address: &str, file: &SourceFile) -> Result<(), Diagnostic> {
        let path = &file.path;
        if file.bytes.len() > Self::LARGEST {
            return Err(error!(
                "input-too-large",
                "`{path}` is larger than 4 MB, too large for a context"
            )
            .help("give the context alone, without data"));
        }
        let Ok(text) = std::str::from_utf8(&file.bytes) else {
            return Err(error!("not-utf-8", "`{path}` is not UTF-8").help("save the file as UTF-8"));
        };
        let text = text.trim_start_matches('\u{feff}');
        if let Some((span, problem)) = json_problem(text) {
            return Err(problem.at(Excerpt::new(path, text, span)));
        }
        let without_context = || {
            error!("json-ld-context", "`{path}` has no `@context`")
                .help("write the context as `{\"@context\": { … }}`")
        };
        if text.trim().is_empty() {
            return Err(without_context());
        }
        let json: Value = serde_json::from_str(text).map_err(|_| {
            error!("nesting-too-deep", "`{path}`: its objects are nested too deep")
                .help("at most 128 levels are supported in a context")
        })?;
        let context = json.get("@context").ok_or_else(without_context)?;
        // As the parser reads it: one that it cannot read inside of another one would end the process.
        let document = serde_json::json!({ "@context": context }).to_string();
        let given = GivenContext { address: address.to_owned(), document: document.into_bytes() };
        Arc::make_mut(&mut self.given).insert(key_of(address), given);
        Ok(())
    }

    /// Returns the document with the context for an address.
    pub(crate) fn document(&self, address: &str) -> Option<Vec<u8>> {
        let key = key_of(address);
        if let Some(given) = self.given.get(&key) {
            return Some(given.document.clone());
        }
        let is_its = |known: &&str| key_of(known) == key;
        let built_in = BUILT_IN.iter().find(|context| context.addresses.iter().any(is_its))?;
        Some(built_in.text())
    }

    /// Returns the diagnostic for an address of which no context is known.
    pub(crate) fn unknown(&self, address: &str) -> Diagnostic {
        let built_in = BUILT_IN.iter().flat_map(|context| context.addresses).copied();
        let given = self.given.values().map(|given| given.address.as_str());
        let near = nearest(address, given.chain(built_in));
        let copy = format!("`--context-for {address}=FILE` reads it from a file");
        error!(
            "json-ld-context-remote",
            "the context `{address}` is not known, and contexts are not downloaded"
        )
        .help(match near {
            Some(near) => format!("{} {copy}", did_you_mean(near)),
            None => format!("{copy}; `dossier help json-ld` lists those that are built in"),
        })
    }
}

/// Returns what is compared of an address: `https://schema.org/` and `http://schema.org` are the same.
fn key_of(address: &str) -> String {
    let address = address.split('#').next().unwrap_or_default();
    let rest = without_scheme(address).trim_end_matches('/');
    let rest = [".jsonld", ".json"].iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest);
    match rest.split_once('/') {
        Some((host, path)) => format!("{}/{path}", host.to_ascii_lowercase()),
        None => rest.to_ascii_lowercase(),
    }
}

/// Returns an address without `http://` or `https://`.
fn without_scheme(address: &str) -> &str {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    &address[scheme.map_or(0, str::len)..]
}
