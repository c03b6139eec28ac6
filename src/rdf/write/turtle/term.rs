//! Writes terms in [Turtle](https://www.w3.org/TR/turtle/).

use crate::rdf::write::lines::is_plain;
use crate::vocabulary::{tag_of, xsd};
use memchr::memrchr3;
use oxigraph::model::LiteralRef;
use rustc_hash::FxHashMap;
use std::fmt::Write as _;

/// The first character of an IRI that must stay relative. No IRI begins with a control character.
pub(crate) const RELATIVE: char = '\u{1}';

/// Stands for the namespace `<>`, which must not shorten other relative IRIs: `:a` means the base followed directly by
/// `a`, unlike `<a>`.
pub(crate) const JOINED: char = '\u{2}';

/// The delimiters inside an IRI.
const DIVIDERS: [u8; 3] = *b"/?#";

/// The prefixes that can be written, by descending length of their namespaces.
pub(super) struct PrefixTable<'a> {
    namespaces: Vec<(&'a str, &'a str)>,
    /// The indexes of the namespaces that end with a delimiter, as most do.
    divided: FxHashMap<&'a str, usize>,
    /// The indexes of the other namespaces.
    others: Vec<usize>,
}

impl<'a> PrefixTable<'a> {
    /// Keeps the prefixes whose names Turtle allows.
    pub(super) fn of(prefixes: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut namespaces: Vec<_> =
            prefixes.filter(|(prefix, _)| is_prefix_name(prefix)).collect();
        namespaces.sort_by_key(|(prefix, namespace)| (usize::MAX - namespace.len(), *prefix));
        let mut divided = FxHashMap::default();
        let mut others = Vec::new();
        for (number, (_, namespace)) in namespaces.iter().enumerate() {
            if namespace.ends_with(DIVIDERS.map(char::from)) {
                divided.entry(*namespace).or_insert(number);
            } else {
                others.push(number);
            }
        }
        Self { namespaces, divided, others }
    }

    /// Returns the number of prefixes.
    pub(super) fn len(&self) -> usize {
        self.namespaces.len()
    }

    /// Returns the prefix and the namespace with an index.
    pub(super) fn get(&self, number: usize) -> Option<(&'a str, &'a str)> {
        self.namespaces.get(number).copied()
    }

    /// Splits an IRI into the index of its prefix and its local part. Returns `None` if no namespace fits, or if the
    /// local part would need escapes for IRI delimiters, which read worse than the IRI.
    pub(super) fn split<'i>(&self, iri: &'i str) -> Option<(usize, &'i str)> {
        // A local part contains no delimiter, so the namespace ends at or after the last one.
        let [slash, question_mark, hash] = DIVIDERS;
        let last = memrchr3(slash, question_mark, hash, iri.as_bytes());
        let (namespace, rest) = iri.split_at(last.map_or(0, |place| place + 1));
        let of_others = self.others.iter().find_map(|&number| {
            let local = iri.strip_prefix(self.get(number)?.1)?;
            is_writable(local).then_some((number, local))
        });
        of_others.or_else(|| {
            let number = *self.divided.get(namespace)?;
            is_writable(rest).then_some((number, rest))
        })
    }

    /// Writes an IRI, shortened if possible.
    pub(super) fn iri(&self, iri: &str, out: &mut String) {
        match self.split(iri).and_then(|(number, local)| Some((self.get(number)?.0, local))) {
            Some((prefix, local)) => {
                out.push_str(prefix);
                out.push(':');
                write_local(local, out);
            }
            None => write_iri(iri, out),
        }
    }

    /// Writes a literal. Numbers and booleans are unquoted if that has the same meaning.
    pub(super) fn literal(&self, literal: LiteralRef<'_>, out: &mut String) {
        let value = literal.value();
        if is_short(literal) {
            out.push_str(value);
            return;
        }
        write_string(value, out);
        if let Some(tag) = tag_of(literal) {
            out.push('@');
            out.push_str(&tag);
        } else if literal.datatype() != xsd::STRING {
            out.push_str("^^");
            self.iri(literal.datatype().as_str(), out);
        }
    }
}

#[cfg(feature = "rdf-12")]
impl PrefixTable<'_> {
    /// Calls back with the index of the prefix of each IRI in a triple term.
    pub(super) fn each_in(&self, triple: &oxigraph::model::Triple, visit: &mut dyn FnMut(usize)) {
        use oxigraph::model::{NamedOrBlankNode, Term};
        let mut need = |iri: &str| {
            if let Some((number, _)) = self.split(iri) {
                visit(number);
            }
        };
        if let NamedOrBlankNode::NamedNode(iri) = &triple.subject {
            need(iri.as_str());
        }
        need(triple.predicate.as_str());
        match &triple.object {
            Term::NamedNode(iri) => need(iri.as_str()),
            Term::Literal(literal)
                if literal.language().is_none() && !is_short(literal.as_ref()) =>
            {
                need(literal.datatype().as_str());
            }
            Term::Triple(inner) => self.each_in(inner, visit),
            _ => {}
        }
    }

    /// Writes the parts of a triple term, of which blank nodes keep their labels.
    pub(super) fn triple_term(&self, triple: &oxigraph::model::Triple, out: &mut String) {
        use oxigraph::model::{NamedOrBlankNode, Term};
        out.push_str("<<( ");
        match &triple.subject {
            NamedOrBlankNode::NamedNode(iri) => self.iri(iri.as_str(), out),
            NamedOrBlankNode::BlankNode(node) => out.push_str(&node.to_string()),
        }
        out.push(' ');
        self.iri(triple.predicate.as_str(), out);
        out.push(' ');
        match &triple.object {
            Term::NamedNode(iri) => self.iri(iri.as_str(), out),
            // The parser does not read strings in three quotes here.
            Term::Literal(literal) if literal.value().contains(['\n', '\r']) => {
                out.push_str(&literal.to_string());
            }
            Term::Literal(literal) => self.literal(literal.as_ref(), out),
            Term::Triple(triple) => self.triple_term(triple, out),
            Term::BlankNode(node) => out.push_str(&node.to_string()),
        }
        out.push_str(" )>>");
    }
}

/// Writes an IRI in angle brackets ([`IRIREF`](https://www.w3.org/TR/turtle/#grammar-production-IRIREF)).
pub(super) fn write_iri(iri: &str, out: &mut String) {
    let iri = iri.strip_prefix([RELATIVE, JOINED]).unwrap_or(iri);
    let is_escaped =
        |c| matches!(c, '\0'..=' ' | '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\');
    out.push('<');
    if iri.bytes().any(|byte| is_escaped(char::from(byte))) {
        for c in iri.chars() {
            if is_escaped(c) {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            } else {
                out.push(c);
            }
        }
    } else {
        out.push_str(iri);
    }
    out.push('>');
}

/// Returns whether a literal is unquoted: its text must be a token of its type
/// ([Turtle, 6.5](https://www.w3.org/TR/turtle/#sec-grammar-grammar), `INTEGER`, `DECIMAL`, `DOUBLE`,
/// `BooleanLiteral`).
pub(super) fn is_short(literal: LiteralRef<'_>) -> bool {
    let (value, datatype) = (literal.value(), literal.datatype());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = value.strip_prefix(['+', '-']).unwrap_or(value);
    if datatype == xsd::INTEGER {
        !number.is_empty() && digits(number)
    } else if datatype == xsd::DECIMAL {
        number
            .split_once('.')
            .is_some_and(|(whole, part)| digits(whole) && !part.is_empty() && digits(part))
    } else if datatype == xsd::DOUBLE {
        number.split_once(['e', 'E']).is_some_and(|(mantissa, exponent)| {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
            (!whole.is_empty() || !part.is_empty())
                && digits(whole)
                && digits(part)
                && !exponent.is_empty()
                && digits(exponent)
        })
    } else {
        datatype == xsd::BOOLEAN && matches!(value, "true" | "false")
    }
}

/// Returns a string as Turtle writes it, with its quotes.
pub(crate) fn turtle_string(value: &str) -> String {
    let mut string = String::new();
    write_string(value, &mut string);
    string
}

/// Writes a string, as a long string only if it has several lines.
fn write_string(value: &str, out: &mut String) {
    if is_plain(value) {
        out.push('"');
        out.push_str(value);
        out.push('"');
        return;
    }
    let is_long = value.contains('\n');
    out.push_str(if is_long { "\"\"\"" } else { "\"" });
    let last = value.trim_end_matches('"').len();
    let mut quotes = 0;
    for (i, c) in value.char_indices() {
        if is_long && c == '"' {
            quotes += 1;
            // Three quotes would end the string, and so would any quote directly before its end.
            if quotes == 3 || i >= last {
                out.push('\\');
                quotes = 0;
            }
            out.push('"');
            continue;
        }
        quotes = 0;
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push('\n'),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            '\0'..='\u{1F}' | '\u{7F}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push_str(if is_long { "\"\"\"" } else { "\"" });
}

/// Matches `PN_CHARS_BASE` of [Turtle's grammar](https://www.w3.org/TR/turtle/#sec-grammar-grammar).
const fn is_letter(c: char) -> bool {
    matches!(c,
        'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}'
        | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

/// Matches `PN_CHARS`.
const fn is_name(c: char) -> bool {
    is_letter(c)
        || matches!(c, '_' | '-' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Returns whether a prefix is empty or matches `PN_PREFIX`.
fn is_prefix_name(prefix: &str) -> bool {
    prefix.chars().next().is_none_or(is_letter)
        && prefix.chars().all(|c| is_name(c) || c == '.')
        && !prefix.ends_with('.')
}

/// Returns whether a local part can be written and is readable. A full stop at its end would need a backslash, which
/// not all readers accept there.
fn is_writable(local: &str) -> bool {
    let is_start = |c| is_letter(c) || !is_name(c) || matches!(c, '_' | '-' | '0'..='9');
    local.chars().all(is_local)
        && local.chars().next().is_none_or(is_start)
        && !local.ends_with('.')
}

/// Returns whether a character may occur in the local part of a shortened name. The IRI delimiters `/`, `?` and `#`
/// could be escaped too, but such IRIs are written in angle brackets.
const fn is_local(c: char) -> bool {
    is_name(c) || matches!(c, ':' | '.' | '%') || is_escaped(c)
}

/// Returns whether a character needs a backslash in a local name (a part of `PN_LOCAL_ESC`).
const fn is_escaped(c: char) -> bool {
    matches!(c, '~' | '!' | '$' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | ';' | '=' | '@')
}

/// Writes the local part of a name ([`PN_LOCAL`](https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL)).
fn write_local(local: &str, out: &mut String) {
    for (i, c) in local.char_indices() {
        let rest = local.get(i..).unwrap_or_default();
        let is_first = i == 0;
        let is_plain = match c {
            '%' => {
                let mut digits = rest.bytes().skip(1).take(2);
                digits.len() == 2 && digits.all(|byte| byte.is_ascii_hexdigit())
            }
            '.' | '-' => !is_first,
            c => !is_escaped(c),
        };
        if !is_plain {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Prefixes;
    use oxigraph::model::{Literal, NamedNode};

    fn names(test: impl FnOnce(&PrefixTable<'_>)) {
        let mut prefixes = Prefixes::default();
        prefixes.add("ex", "http://example.com/");
        prefixes.add("sub", "http://example.com/sub/");
        prefixes.add("not legal", "http://example.com/sub/sub/");
        prefixes.add("a.", "http://example.com/dot/");
        prefixes.add("xsd", "http://www.w3.org/2001/XMLSchema#");
        test(&PrefixTable::of(prefixes.iter()));
    }

    #[test]
    fn names_are_short_where_that_is_legal() {
        names(|names| {
            for (iri, expected) in [
                ("http://example.com/", "ex:"),
                ("http://example.com/a", "ex:a"),
                ("http://example.com/sub/a", "sub:a"),
                ("http://example.com/sub/sub/a", "<http://example.com/sub/sub/a>"),
                ("http://example.com/dot/a", "<http://example.com/dot/a>"),
                ("http://example.com/7.5", "ex:7.5"),
                ("http://example.com/.a", "ex:\\.a"),
                ("http://example.com/a.", "<http://example.com/a.>"),
                ("http://example.com/-a-", "ex:\\-a-"),
                ("http://example.com/Zürich", "ex:Zürich"),
                ("http://example.com/a%20b", "ex:a%20b"),
                ("http://example.com/a%2", "ex:a\\%2"),
                ("http://example.com/a(b)", "ex:a\\(b\\)"),
                ("http://example.com/a:b", "ex:a:b"),
                ("http://example.com/a#b", "<http://example.com/a#b>"),
                // U+00B7 cannot be the first character of a name, and cannot be escaped.
                ("http://example.com/\u{b7}a", "<http://example.com/\u{b7}a>"),
                ("http://other/a b", "<http://other/a\\u0020b>"),
            ] {
                let mut out = String::new();
                names.iri(iri, &mut out);
                assert_eq!(out, expected);
            }
        });
    }

    #[test]
    fn literals_are_short_where_that_says_the_same() {
        names(|names| {
            for (value, datatype, expected) in [
                ("1", "integer", "1"),
                ("-01", "integer", "-01"),
                ("+", "integer", "\"+\"^^xsd:integer"),
                ("", "integer", "\"\"^^xsd:integer"),
                ("1.5", "decimal", "1.5"),
                (".5", "decimal", ".5"),
                ("1.", "decimal", "\"1.\"^^xsd:decimal"),
                ("1", "decimal", "\"1\"^^xsd:decimal"),
                ("1e3", "double", "1e3"),
                ("1.E-3", "double", "1.E-3"),
                (".e3", "double", "\".e3\"^^xsd:double"),
                ("INF", "double", "\"INF\"^^xsd:double"),
                ("1.5", "double", "\"1.5\"^^xsd:double"),
                ("true", "boolean", "true"),
                ("1", "boolean", "\"1\"^^xsd:boolean"),
                ("1", "int", "\"1\"^^xsd:int"),
                ("1", "string", "\"1\""),
                ("a\"b\\c\td\r", "string", "\"a\\\"b\\\\c\\td\\r\""),
                ("a\nb", "string", "\"\"\"a\nb\"\"\""),
                ("\n\"a\"\"\"\"b\"\"", "string", "\"\"\"\n\"a\"\"\\\"\"b\\\"\\\"\"\"\""),
                ("\u{1}\u{7f}", "string", "\"\\u0001\\u007F\""),
            ] {
                let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
                let literal = Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype));
                let mut out = String::new();
                names.literal(literal.as_ref(), &mut out);
                assert_eq!(out, expected, "{value:?}");
            }
        });
    }
}
