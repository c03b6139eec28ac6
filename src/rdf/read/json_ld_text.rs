//! JSON-LD on its way to the parser, rewritten where the parser reads it otherwise than the specification says.

use crate::vocabulary::rdf;
use oxigraph::model::{Literal, Quad, Term};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A text of JSON-LD for the parser, and what is to be put back into what it gives.
pub(super) struct JsonLdText<'a> {
    /// The text.
    pub text: Cow<'a, [u8]>,
    /// Numbers that went through the parser in code, by the lexical forms of the codes.
    numbers: HashMap<String, String>,
    /// The same where they stand in JSON.
    in_json: Vec<(String, String)>,
    /// Language tags with capital letters, by what the parser makes of them.
    tags: HashMap<String, String>,
    /// Those that lose these letters.
    pub lowered: Vec<String>,
}

impl<'a> JsonLdText<'a> {
    /// Prepares a text for the parser. Language tags have small letters afterwards unless their case is kept.
    pub fn new(text: &'a [u8], keeps_case: bool) -> Self {
        let mut prepared = Self {
            text: Cow::Borrowed(text),
            numbers: HashMap::new(),
            in_json: Vec::new(),
            tags: HashMap::new(),
            lowered: Vec::new(),
        };
        prepared.replace_numbers();
        prepared.rewrite(keeps_case);
        prepared
    }

    /// Puts back into a quad what went through the parser in code.
    pub fn restore(&self, quad: &mut Quad) {
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

    /// Replaces numbers without a fraction that the parser takes for doubles. Those of 21 digits stay doubles for it:
    /// they go through it in code.
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

    /// Rewrites what the parser refuses: maps by types whose nodes have names, and languages that are `null`.
    fn rewrite(&mut self, keeps_case: bool) {
        let contains = |word: &str| memchr::memmem::find(&self.text, word.as_bytes()).is_some();
        if !(contains("@language") || (contains("@container") && contains("@type"))) {
            return;
        }
        // (What is no JSON, or too deep, is for the parser.)
        let Ok(mut document) = serde_json::from_slice::<Value>(&self.text) else { return };
        let mut terms = Terms::default();
        terms.learn(&document);
        terms.keep_refused(&document);
        let mut rewriting = Rewriting { terms, tags: HashMap::new(), is_changed: false };
        rewriting.rewrite(&mut document);
        if rewriting.is_changed
            && let Ok(text) = serde_json::to_vec(&document)
        {
            self.text = Cow::Owned(text);
        }
        if keeps_case {
            self.tags = rewriting.tags;
        } else {
            self.lowered.extend(rewriting.tags.into_values());
        }
    }
}

/// What the contexts of a document call things, wherever they hold.
#[derive(Default)]
struct Terms {
    /// The names of keywords: the keyword, by its alias.
    aliases: HashMap<String, String>,
    /// The terms whose values are maps by types wherever they are defined, and that the parser refuses.
    type_maps: HashSet<String>,
    /// Those that are something else as well, or whose strings are names of the vocabulary.
    not_type_maps: HashSet<String>,
    /// Those whose values are maps by languages.
    language_maps: HashSet<String>,
    /// Those whose values are JSON.
    json: HashSet<String>,
}

impl Terms {
    fn learn(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Object(object) => {
                for (key, value) in object {
                    self.learn(value);
                    if key == "@context" {
                        self.learn_context(value);
                    }
                }
            }
            _ => {}
        }
    }

    fn learn_context(&mut self, context: &Value) {
        match context {
            Value::Array(contexts) => contexts.iter().for_each(|one| self.learn_context(one)),
            Value::Object(context) => {
                for (term, definition) in context {
                    self.learn_term(term, definition);
                }
            }
            _ => {}
        }
    }

    fn learn_term(&mut self, term: &str, definition: &Value) {
        let name = definition.as_str().or_else(|| definition.get("@id")?.as_str());
        if let Some(keyword) = name.filter(|name| name.starts_with('@')) {
            self.aliases.insert(term.to_owned(), keyword.to_owned());
        }
        if definition.get("@type").and_then(Value::as_str) == Some("@json") {
            self.json.insert(term.to_owned());
        }
        let container = definition.get("@container").unwrap_or(&Value::Null);
        let is_of_vocabulary = definition.get("@type").is_some_and(|coercion| coercion == "@vocab");
        if holds(container, "@type") && !is_of_vocabulary {
            self.type_maps.insert(term.to_owned());
        } else {
            self.not_type_maps.insert(term.to_owned());
        }
        if holds(container, "@language") {
            self.language_maps.insert(term.to_owned());
        }
    }

    /// Keeps the maps by types that the parser refuses: those of a node that has a name.
    fn keep_refused(&mut self, document: &Value) {
        self.type_maps.retain(|term| !self.not_type_maps.contains(term));
        let mut refused = HashSet::new();
        self.find_refused(document, &mut refused);
        self.type_maps = refused;
    }

    fn find_refused(&self, value: &Value, refused: &mut HashSet<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.find_refused(item, refused)),
            Value::Object(object) => {
                for (key, value) in object {
                    let is_named = |node: &Value| {
                        node.as_object().is_some_and(|node| self.key(node, "@id").is_some())
                    };
                    if self.type_maps.contains(key)
                        && let Value::Object(map) = value
                        && map.values().any(|value| match value {
                            Value::Array(nodes) => nodes.iter().any(is_named),
                            node => is_named(node),
                        })
                    {
                        refused.insert(key.clone());
                    }
                    if key != "@context" {
                        self.find_refused(value, refused);
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a key is a keyword, by its own name or another.
    fn is(&self, key: &str, keyword: &str) -> bool {
        key == keyword || self.aliases.get(key).is_some_and(|meant| meant == keyword)
    }

    fn key<'a>(&self, object: &'a Map<String, Value>, keyword: &str) -> Option<&'a String> {
        object.keys().find(|key| self.is(key, keyword))
    }
}

/// Whether a container is a keyword, or has it among others.
fn holds(container: &Value, keyword: &str) -> bool {
    match container {
        Value::Array(containers) => containers.iter().any(|one| one == keyword),
        one => one == keyword,
    }
}

struct Rewriting {
    terms: Terms,
    tags: HashMap<String, String>,
    is_changed: bool,
}

impl Rewriting {
    fn rewrite(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Value::Object(object) => self.rewrite_object(object),
            _ => {}
        }
    }

    fn rewrite_object(&mut self, object: &mut Map<String, Value>) {
        let is_value = self.terms.key(object, "@value").is_some();
        if let Some(key) = self.terms.key(object, "@language").cloned() {
            match object.get(&key) {
                Some(Value::Null) if is_value => {
                    object.remove(&key);
                    self.is_changed = true;
                }
                Some(Value::String(tag)) => self.note(&tag.clone()),
                _ => {}
            }
        }
        let type_key = self.terms.key(object, "@type");
        if is_value && type_key.and_then(|key| object.get(key)?.as_str()) == Some("@json") {
            return;
        }
        for (key, value) in object {
            if key == "@context" {
                self.rewrite_context(value);
            } else if !self.terms.json.contains(key) {
                if self.terms.language_maps.contains(key)
                    && let Value::Object(map) = value
                {
                    map.keys().for_each(|tag| self.note(tag));
                }
                if self.terms.type_maps.contains(key)
                    && let Value::Object(map) = value
                {
                    *value = Value::Array(self.nodes(std::mem::take(map)));
                    self.is_changed = true;
                }
                self.rewrite(value);
            }
        }
    }

    /// The nodes of a map by types, each with its type.
    fn nodes(&self, map: Map<String, Value>) -> Vec<Value> {
        let mut nodes = Vec::new();
        for (name, value) in map {
            let is_none = self.terms.is(&name, "@none");
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            for value in values {
                let mut node = match value {
                    Value::Null => continue,
                    Value::String(name) => Map::from_iter([("@id".to_owned(), name.into())]),
                    Value::Object(node) => node,
                    // (This is for the parser to refuse.)
                    other => {
                        nodes.push(other);
                        continue;
                    }
                };
                if !is_none {
                    let key = self.terms.key(&node, "@type").cloned();
                    let types = match key.as_ref().and_then(|key| node.remove(key)) {
                        Some(Value::Array(mut types)) => {
                            types.insert(0, json!(name));
                            Value::Array(types)
                        }
                        Some(other) => json!([name, other]),
                        None => json!(name),
                    };
                    node.insert("@type".to_owned(), types);
                }
                nodes.push(Value::Object(node));
            }
        }
        nodes
    }

    fn rewrite_context(&mut self, context: &mut Value) {
        match context {
            Value::Array(contexts) => contexts.iter_mut().for_each(|one| self.rewrite_context(one)),
            Value::Object(context) => {
                for (key, definition) in context {
                    if key == "@language"
                        && let Some(tag) = definition.as_str()
                    {
                        self.note(tag);
                    }
                    if let Some(tag) = definition.get("@language").and_then(Value::as_str) {
                        self.note(tag);
                    }
                    if let Some(container) = definition.get_mut("@container")
                        && holds(container, "@type")
                    {
                        let is_rewritten = self.terms.type_maps.contains(key);
                        let other = json!(if is_rewritten { "@set" } else { "@type" });
                        self.is_changed |= *container != other;
                        *container = other;
                    }
                    if let Some(scoped) = definition.get_mut("@context") {
                        self.rewrite_context(scoped);
                    }
                }
            }
            _ => {}
        }
    }

    /// Notes how a language tag is written. The first way counts.
    fn note(&mut self, tag: &str) {
        if tag.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.tags.entry(tag.to_ascii_lowercase()).or_insert_with(|| tag.to_owned());
        }
    }
}

/// The places of the numbers in a text of JSON, without their signs.
struct Numbers<'a> {
    text: &'a [u8],
    at: usize,
}

impl Iterator for Numbers<'_> {
    type Item = std::ops::Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    while let Some(end) = memchr::memchr2(b'"', b'\\', self.text.get(self.at..)?) {
                        let is_escape = self.text[self.at + end] == b'\\';
                        self.at += end + 1 + usize::from(is_escape);
                        if !is_escape {
                            break;
                        }
                    }
                }
                b'0'..=b'9' => {
                    let rest = &self.text[self.at..];
                    let is_in =
                        |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                    let length = rest.iter().position(|byte| !is_in(byte)).unwrap_or(rest.len());
                    let span = self.at..self.at + length;
                    self.at = span.end;
                    return Some(span);
                }
                _ => self.at += 1,
            }
        }
        None
    }
}

/// The digits of a number without a sign that is whole, below 10²¹ and not written as the parser reads a whole number.
/// What matters is the double that the number is nearest to
/// ([JSON-LD API, 8.2.2](https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion)).
fn whole(number: &str) -> Option<String> {
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
    if number.len() < 17 && (is_plain || !number.contains(['e', 'E']))
        || is_plain && number.len() < 21
    {
        return None;
    }
    let value: f64 = number.parse().ok()?;
    if value.fract() != 0.0 || value >= 1e21 {
        return None;
    }
    let digits = if is_plain { number.to_owned() } else { shortest(number) };
    // (The parser reads `1.5e3` as it should.)
    let is_known = !is_plain && digits.len() < 21 && !has_fraction(number);
    (!is_known).then_some(digits)
}

/// Whether a number has digits behind the point once its exponent has moved it.
fn has_fraction(number: &str) -> bool {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let fraction =
        digits.split_once('.').map_or("", |(_, fraction)| fraction).trim_end_matches('0');
    exponent.parse::<i64>().map_or(true, |exponent| {
        i64::try_from(fraction.len()).map_or(true, |length| length > exponent)
    })
}

/// The digits of a whole number as JavaScript writes it: those that tell its double from others, and zeros.
fn shortest(number: &str) -> String {
    let value: f64 = number.parse().unwrap_or_default();
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let mut digits = digits.replace('.', "");
    let length = exponent.parse().map_or(1, |exponent: usize| exponent + 1);
    while digits.len() < length {
        digits.push('0');
    }
    digits
}

/// The double that some digits are, in its canonical form.
fn double(digits: &str) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let fraction = rest.trim_end_matches('0');
    format!("{first}.{}E{}", if fraction.is_empty() { "0" } else { fraction }, rest.len())
}

/// A number from which on no number stands in a text, that is exact as a double.
fn unused_code(text: &[u8]) -> u64 {
    let mut code = 8_123_456_700_000_001;
    while memchr::memmem::find(text, &code.to_string().as_bytes()[..7]).is_some() {
        code -= 1_000_000_000;
    }
    code
}

#[cfg(test)]
mod tests {
    use crate::dossier::Source;
    use crate::rdf::read::file::RdfFile;
    use crate::rdf::read::stream::{RdfStream, Reading};

    /// The triples of a document, without those of the types of its own.
    fn triples(text: &str) -> Vec<String> {
        let source = Source { path: "a.jsonld".to_owned(), bytes: text.as_bytes().to_vec().into() };
        let file = RdfFile::new(source).unwrap();
        let reading = Reading { keeps_language_case: true, ..Reading::default() };
        let mut found: Vec<_> = RdfStream::read(vec![file.into()], reading)
            .map(|quad| quad.unwrap().to_string())
            .collect();
        found.sort();
        found
    }

    /// The object of the property of a document with this value.
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
