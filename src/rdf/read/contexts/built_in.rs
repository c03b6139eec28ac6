//! The contexts that the program contains. `contexts/README.md` says where each comes from and under which licence.

use flate2::read::DeflateDecoder;
use std::io::Read as _;

/// A context that the program contains.
pub(super) struct BuiltInContext {
    /// The addresses that files give for it, the usual one first.
    pub addresses: &'static [&'static str],
    compressed: &'static [u8],
}

/// Includes a file of `contexts/`, which the build script compressed.
macro_rules! compressed {
    ($file:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/contexts/", $file))
    };
}

/// All of them, in the order of the documentation.
pub(super) static BUILT_IN: [BuiltInContext; 18] = [
    BuiltInContext {
        addresses: &[
            "https://schema.org",
            "https://www.schema.org",
            "https://schema.org/docs/jsonldcontext",
            "https://schema.org/version/latest/schemaorg-current-https",
        ],
        compressed: compressed!("schema.org.jsonld"),
    },
    BuiltInContext {
        addresses: &[
            "https://www.w3.org/ns/dcat",
            "https://www.w3.org/ns/dcat2",
            "https://www.w3.org/ns/dcat3",
        ],
        compressed: compressed!("dcat.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://www.w3.org/ns/prov", "https://www.w3.org/ns/prov-o"],
        compressed: compressed!("prov.jsonld"),
    },
    BuiltInContext {
        addresses: &["http://www.w3.org/ns/anno.jsonld"],
        compressed: compressed!("web-annotation.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://www.w3.org/ns/activitystreams"],
        compressed: compressed!("activitystreams.jsonld"),
    },
    BuiltInContext {
        addresses: &["http://www.w3.org/ns/odrl.jsonld"],
        compressed: compressed!("odrl.jsonld"),
    },
    BuiltInContext {
        addresses: &[
            "https://doi.org/10.5063/schema/codemeta-2.0",
            "https://dx.doi.org/10.5063/schema/codemeta-2.0",
            "https://w3id.org/codemeta/2.0",
        ],
        compressed: compressed!("codemeta-2.0.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/codemeta/3.0"],
        compressed: compressed!("codemeta-3.0.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/ro/crate/1.1/context"],
        compressed: compressed!("ro-crate-1.1.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/ro/crate/1.2/context"],
        compressed: compressed!("ro-crate-1.2.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://www.w3.org/ns/did/v1", "https://w3id.org/did/v1"],
        compressed: compressed!("did-v1.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://www.w3.org/2018/credentials/v1"],
        compressed: compressed!("credentials-v1.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://www.w3.org/ns/credentials/v2"],
        compressed: compressed!("credentials-v2.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/security/v1"],
        compressed: compressed!("security-v1.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/security/v2"],
        compressed: compressed!("security-v2.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/security/data-integrity/v1"],
        compressed: compressed!("data-integrity-v1.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/security/data-integrity/v2"],
        compressed: compressed!("data-integrity-v2.jsonld"),
    },
    BuiltInContext {
        addresses: &["https://w3id.org/security/multikey/v1"],
        compressed: compressed!("multikey-v1.jsonld"),
    },
];

impl BuiltInContext {
    /// Returns the text of the context.
    pub(super) fn text(&self) -> Vec<u8> {
        let mut text = Vec::new();
        // (Bytes of the build script, which are complete; a test reads all of them.)
        let _ = DeflateDecoder::new(self.compressed).read_to_end(&mut text);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::collections::HashSet;

    #[test]
    fn each_context_is_complete() {
        for context in &BUILT_IN {
            let json: Value = serde_json::from_slice(&context.text()).unwrap();
            assert!(
                json["@context"].is_object() || json["@context"].is_array(),
                "{}",
                context.addresses[0]
            );
        }
    }

    #[test]
    fn no_address_is_of_two_contexts() {
        let mut keys = HashSet::new();
        for address in BUILT_IN.iter().flat_map(|context| context.addresses) {
            assert!(keys.insert(super::super::key_of(address)), "{address}");
        }
    }

    #[test]
    fn each_file_is_built_in() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/contexts");
        let files = std::fs::read_dir(folder).unwrap().filter(|file| {
            file.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "jsonld")
        });
        assert_eq!(files.count(), BUILT_IN.len());
    }
}
