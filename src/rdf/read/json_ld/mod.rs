//! Prepares JSON-LD for the parser: rewrites it where the parser deviates from the specification.

mod numbers;
mod remote;
mod rewriting;
mod terms;

use super::contexts::Contexts;
use crate::vocabulary::{Prefixes, rdf};
use numbers::{Numbers, double, shortest, unused_code, whole};
use oxigraph::model::{Literal, Quad, Term};
pub(super) use remote::ContextLoader;
use remote::NamedContexts;
use rewriting::Rewriting;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::iter;
use terms::ContextTerms;

/// A JSON-LD text for the parser, and the values to restore in its output.
pub(super) struct JsonLdText<'a> {
    pub text: Cow<'a, [u8]>,
    /// The encoded numbers, by the lexical forms of their codes.
    numbers: HashMap<String, String>,
    /// The encoded numbers inside JSON literals.
    in_json: Vec<(String, String)>,
    /// The language tags with capital letters, by their lower-case form.
    tags: HashMap<String, String>,
    /// The language tags that are lower-cased.
    pub lowercased_tags: Vec<String>,
    /// What loads the contexts that the text names.
    pub loader: ContextLoader,
    /// The prefixes of all its contexts. (At its end, the parser knows only those of the outermost one.)
    pub prefixes: Prefixes,
}

impl<'a> JsonLdText<'a> {
    /// Prepares a text for the parser. Unless `keeps_case`, language tags are lower-cased. The addresses of `contexts`
    /// are relative to `base`.
    pub(super) fn new(
        text: &'a [u8],
        keeps_case: bool,
        contexts: &Contexts,
        base: Option<&str>,
    ) -> Self {
        let mut prepared = Self {
            text: Cow::Borrowed(text),
            numbers: HashMap::new(),
            in_json: Vec::new(),
            tags: HashMap::new(),
            lowercased_tags: Vec::new(),
            loader: ContextLoader::new(contexts),
            prefixes: Prefixes::default(),
        };
        prepared.replace_numbers();
        let NamedContexts { documents, prefixes, .. } = NamedContexts::of(text, contexts, base);
        prepared.prefixes = prefixes;
        prepared.rewrite(keeps_case, &documents);
        prepared
    }

    /// Restores the encoded values in a quad.
    pub(super) fn restore(&self, quad: &mut Quad) {
        let Term::Literal(literal) = &mut quad.object else { return };
        if let Some(tag) = literal.language().and_then(|tag| self.tags.get(tag)) {
            *literal = Literal::new_language_tagged_literal_unchecked(literal.value(), tag);
        }
        if self.numbers.is_empty() {
            return;
        }
        let (sign, digits) = match literal.value().strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", literal.value()),
        };
        let value = match self.numbers.get(digits) {
            Some(number) => format!("{sign}{number}"),
            None if literal.datatype() == rdf::JSON => {
                let replaced =
                    self.in_json.iter().fold(literal.value().to_owned(), |text, (code, number)| {
                        text.replace(code, number)
                    });
                if replaced == literal.value() {
                    return;
                }
                replaced
            }
            None => return,
        };
        *literal = Literal::new_typed_literal(value, literal.datatype().into_owned());
    }

    /// Replaces numbers without a fraction that the parser takes for doubles. It would still take those of 21 digits
    /// for doubles, so these are encoded.
    fn replace_numbers(&mut self) {
        let mut replaced = Vec::new();
        let mut end = 0;
        let mut next_code = None;
        let numbers = Numbers { text: &self.text, at: 0 };
        for span in numbers {
            let Some(digits) = std::str::from_utf8(&self.text[span.clone()]).ok().and_then(whole)
            else {
                continue;
            };
            let written = if digits.len() <= 20 {
                digits
            } else {
                let code = next_code.unwrap_or_else(|| unused_code(&self.text));
                next_code = Some(code + 1);
                let code = code.to_string();
                self.numbers.insert(double(&code), double(&digits));
                self.in_json.push((code.clone(), shortest(&digits)));
                self.numbers.insert(code.clone(), digits);
                code
            };
            replaced.extend_from_slice(&self.text[end..span.start]);
            replaced.extend_from_slice(written.as_bytes());
            end = span.end;
        }
        if end > 0 {
            replaced.extend_from_slice(&self.text[end..]);
            self.text = Cow::Owned(replaced);
        }
    }

    /// Rewrites valid constructs that the parser rejects: type maps with named nodes, and `null` languages.
    fn rewrite(&mut self, keeps_case: bool, contexts: &BTreeMap<String, Value>) {
        let texts: Vec<_> = contexts.values().map(Value::to_string).collect();
        let contains = |word: &str| {
            let mut all = iter::once(&*self.text).chain(texts.iter().map(String::as_bytes));
            all.any(|text| memchr::memmem::find(text, word.as_bytes()).is_some())
        };
        if !(contains("@language") || (contains("@container") && contains("@type"))) {
            return;
        }
        // (The parser reports invalid JSON and JSON that is nested too deep.)
        let Ok(mut document) = serde_json::from_slice::<Value>(&self.text) else { return };
        let mut terms = ContextTerms::default();
        terms.learn(&document);
        for context in contexts.values() {
            terms.learn(context);
        }
        terms.keep_refused(&document);
        let mut rewriting = Rewriting { terms, tags: HashMap::new(), is_changed: false };
        rewriting.rewrite(&mut document);
        if rewriting.is_changed
            && let Ok(text) = serde_json::to_vec(&document)
        {
            self.text = Cow::Owned(text);
        }
        self.loader.rewritten(contexts.iter().filter_map(|(address, context)| {
            let mut context = context.clone();
            rewriting.is_changed = false;
            rewriting.rewrite(&mut context);
            rewriting.is_changed.then(|| (address.clone(), context.to_string().into_bytes()))
        }));
        if keeps_case {
            self.tags = rewriting.tags;
        } else {
            self.lowercased_tags.extend(rewriting.tags.into_values());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::dossier::SourceFile;
    use crate::rdf::read::file::RdfFile;
    use crate::rdf::read::stream::{RdfStream, ReadOptions};

    /// Returns the triples of a document, without those that state its own types.
    fn triples(text: &str) -> Vec<String> {
        let source =
            SourceFile { path: "a.jsonld".to_owned(), bytes: text.as_bytes().to_vec().into() };
        let file = RdfFile::new(source).unwrap();
        let reading = ReadOptions { keeps_language_case: true, ..ReadOptions::default() };
        let mut found: Vec<_> = RdfStream::read(vec![file.into()], reading)
            .map(|quad| quad.unwrap().to_string())
            .collect();
        found.sort();
        found
    }

    /// Returns the object for a property with this value.
    fn object(context: &str, value: &str) -> String {
        let text =
            format!(r#"{{"@context":{{"p":{{"@id":"e:p"{context}}}}},"@id":"e:a","p":{value}}}"#);
        let found = triples(&text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found[0].strip_prefix("<e:a> <e:p> ").unwrap().to_owned()
    }

    fn typed(value: &str, datatype: &str) -> String {
        format!("\"{value}\"^^<http://www.w3.org/2001/XMLSchema#{datatype}>")
    }

    #[test]
    fn numbers_without_a_fraction_are_integers() {
        for (number, expected) in [
            ("1e20", "100000000000000000000"),
            ("-1E+20", "-100000000000000000000"),
            ("100000000000000000000", "100000000000000000000"),
            ("123456789012345678901", "123456789012345678901"),
            ("1.5e20", "150000000000000000000"),
            ("2.0000000000000001", "2"),
            ("20000000000000000.1e-1", "2000000000000000"),
            ("1e3", "1000"),
            ("1.0", "1"),
        ] {
            assert_eq!(object("", number), typed(expected, "integer"), "{number}");
        }
        for (number, expected) in [("1e21", "1.0E21"), ("2.5", "2.5E0"), ("1e-7", "1.0E-7")] {
            assert_eq!(object("", number), typed(expected, "double"), "{number}");
        }
        let double = r#","@type":"http://www.w3.org/2001/XMLSchema#double""#;
        assert_eq!(object(double, "1e20"), typed("1.0E20", "double"));
        assert_eq!(object(double, "-123400000000000000000"), typed("-1.234E20", "double"));
        let other = r#","@type":"http://www.w3.org/2001/XMLSchema#long""#;
        assert_eq!(object(other, "1e20"), typed("100000000000000000000", "long"));
        let json = object(r#","@type":"@json""#, r#"[1e20, 123456789012345678901, "1e20"]"#);
        assert!(
            json.starts_with("\"[100000000000000000000,123456789012345680000,\\\"1e20\\\"]\""),
            "{json}"
        );
        assert_eq!(object("", r#""1e20""#), "\"1e20\"");
    }

    #[test]
    fn maps_by_types_may_have_names() {
        let text = |container: &str, map: &str| {
            format!(
                r#"{{"@context":{{"@vocab":"e:","id":"@id","kind":"@type","t":{{"@container":{container}}}}},"@id":"e:a","t":{map}}}"#
            )
        };
        let rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
        for container in
            [r#""@type""#, r#"["@type"]"#, r#"["@type","@set"]"#, r#"["@set","@type"]"#]
        {
            for map in [
                r#"{"C":{"@id":"e:x","p":"v"}}"#,
                r#"{"C":[{"p":"v","id":"e:x"}]}"#,
                r#"{"@none":{"id":"e:x","p":"v","kind":"C"}}"#,
                r#"{"C":{"id":"e:x","p":"v","kind":["C"]}}"#,
            ] {
                let expected = [
                    "<e:a> <e:t> <e:x>".to_owned(),
                    format!("<e:x> {rdf_type} <e:C>"),
                    "<e:x> <e:p> \"v\"".to_owned(),
                ];
                let mut found = triples(&text(container, map));
                found.dedup();
                let mut expected = expected.to_vec();
                expected.sort();
                assert_eq!(found, expected, "{container} {map}");
            }
            let found = triples(&text(container, r#"{"C":"e:x"}"#));
            assert_eq!(found, ["<e:a> <e:t> <e:x>".to_owned(), format!("<e:x> {rdf_type} <e:C>")]);
        }
    }

    #[test]
    fn a_value_may_have_no_language() {
        let text = r#"{"@context":{"@language":"de","lang":"@language","value":"@value"},"@id":"e:a",
            "e:p":[{"@value":"x","@language":null},{"value":"y","lang":null},"z"]}"#;
        assert_eq!(
            triples(text),
            ["<e:a> <e:p> \"x\"", "<e:a> <e:p> \"y\"", "<e:a> <e:p> \"z\"@de"]
        );
    }

    #[test]
    fn language_tags_keep_their_case() {
        let text = r#"{"@context":{"@language":"de-AT","m":{"@id":"e:m","@container":"@language"}},"@id":"e:a",
            "e:p":["x",{"@value":"y","@language":"EN"}],"m":{"pt-BR":"z","fr":"FR"}}"#;
        assert_eq!(
            triples(text),
            [
                "<e:a> <e:m> \"FR\"@fr",
                "<e:a> <e:m> \"z\"@pt-BR",
                "<e:a> <e:p> \"x\"@de-AT",
                "<e:a> <e:p> \"y\"@EN"
            ]
        );
    }
}
