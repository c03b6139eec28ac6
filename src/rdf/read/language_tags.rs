//! Passes language tags through the parser, which lower-cases them and rejects some that the RDF grammars allow. Such
//! tags are encoded before parsing and restored afterwards.

use crate::vocabulary::{direction_of, tagged};
use oxigraph::model::{Literal, Quad, Term};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read};
use std::ops::Range;
use std::rc::Rc;

/// The language tags of a file, shared between clones.
#[derive(Debug, Clone, Default)]
pub(crate) struct LanguageTags(Rc<RefCell<Codes>>);

#[derive(Debug, Default)]
struct Codes {
    /// Whether tags preserve their case.
    keeps_case: bool,
    /// The code of each tag, or `None` if the parser does not change the tag.
    standing: HashMap<Box<[u8]>, Option<Rc<str>>>,
    /// The tag of each code.
    tags: HashMap<Rc<str>, String>,
    /// The tags that are lower-cased.
    lowercased: BTreeSet<String>,
}

impl LanguageTags {
    /// Creates an empty set of tags. Unless `keeps_case`, tags are lower-cased.
    pub(crate) fn new(keeps_case: bool) -> Self {
        Self(Rc::new(RefCell::new(Codes { keeps_case, ..Codes::default() })))
    }

    /// Returns whether tags preserve their case.
    pub(crate) fn keeps_case(&self) -> bool {
        self.0.borrow().keeps_case
    }

    /// Returns the tags that have been lower-cased since the last call.
    pub(crate) fn take_lowercased(&self) -> BTreeSet<String> {
        std::mem::take(&mut self.0.borrow_mut().lowercased)
    }

    /// Records a tag if it is lower-cased.
    pub(crate) fn note_lowercased(&self, tag: &str) {
        self.0.borrow_mut().note_case(tag.as_bytes());
    }

    /// Returns the code of a tag, which may be empty. Returns `None` if the tag is not valid by the
    /// [grammar](https://www.w3.org/TR/turtle/#grammar-production-LANGTAG).
    pub(crate) fn code(&self, tag: &str) -> Option<Rc<str>> {
        if !tag.is_empty() && !is_tag(tag.as_bytes()) {
            return None;
        }
        let mut codes = self.0.borrow_mut();
        if let Some(code) = codes.standing.get(tag.as_bytes()) {
            return code.clone();
        }
        codes.note_case(tag.as_bytes());
        let code: Rc<str> = format!("x-{}", codes.tags.len()).into();
        codes.stand(tag, &code);
        Some(code)
    }

    /// Encodes a Turtle, TriG, N-Triples or N-Quads document: replaces each tag that a parser would change or reject by
    /// a code of the same length.
    pub(crate) fn encoded<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let mut encoded = Cow::Borrowed(text);
        Scanner::default().scan(text, true, |span| {
            let mut codes = self.0.borrow_mut();
            codes.note_case(&text[span.clone()]);
            if let Some(code) = codes.code_as_long(&text[span.clone()]) {
                encoded.to_mut()[span].copy_from_slice(code.as_bytes());
            }
        });
        encoded
    }

    /// Encodes lines of N-Triples or N-Quads. Looks for tags where an `@` follows a string, or appears to.
    pub(crate) fn encode_lines(&self, lines: &mut [u8]) {
        let mut from = 0;
        while let Some(at) = memchr::memchr(b'@', &lines[from..]).map(|at| from + at) {
            from = at + 1;
            let before = lines[..at].trim_ascii_end();
            let length = tag_length(&lines[from..]);
            if before.last() != Some(&b'"') || length == 0 {
                continue;
            }
            let span = from..from + length;
            let (code, is_lowercased) = {
                let mut codes = self.0.borrow_mut();
                (
                    codes.code_as_long(&lines[span.clone()]),
                    codes.is_lowercased(&lines[span.clone()]),
                )
            };
            if code.is_none() && !is_lowercased {
                continue;
            }
            // The quote may be the beginning of a string.
            let start = memchr::memrchr(b'\n', &lines[..at]).map_or(0, |end| end + 1);
            let mut is_tag = false;
            Scanner::default().scan(&lines[start..span.end], true, |found| {
                is_tag |= start + found.start == span.start;
            });
            if is_tag {
                self.0.borrow_mut().note_case(&lines[span.clone()]);
                if let Some(code) = code {
                    lines[span].copy_from_slice(code.as_bytes());
                }
            }
        }
    }

    /// Restores the language tag of a literal in a quad.
    pub(crate) fn restore(&self, quad: &mut Quad) {
        let Term::Literal(literal) = &mut quad.object else { return };
        let Some(code) = literal.language() else { return };
        let codes = self.0.borrow();
        let Some(tag) = codes.tags.get(code) else { return };
        let value = literal.value();
        *literal = match direction_of(literal.as_ref()) {
            _ if tag.is_empty() => Literal::new_simple_literal(value),
            Some(direction) => tagged(value, &format!("{tag}--{direction}")).into_owned(),
            None => Literal::new_language_tagged_literal_unchecked(value, tag),
        };
    }
}

impl Codes {
    /// Returns whether a tag is lower-cased and has not been recorded yet.
    fn is_lowercased(&self, tag: &[u8]) -> bool {
        !self.keeps_case
            && tag.iter().any(u8::is_ascii_uppercase)
            && std::str::from_utf8(tag).is_ok_and(|tag| !self.lowercased.contains(tag))
    }

    fn note_case(&mut self, tag: &[u8]) {
        if self.is_lowercased(tag)
            && let Ok(tag) = std::str::from_utf8(tag)
        {
            self.lowercased.insert(tag.to_owned());
        }
    }

    fn stand(&mut self, tag: &str, code: &Rc<str>) {
        let tag_in_data = if self.keeps_case { tag.to_owned() } else { tag.to_ascii_lowercase() };
        self.standing.insert(tag.as_bytes().into(), Some(Rc::clone(code)));
        self.tags.insert(Rc::clone(code), tag_in_data);
    }

    /// Returns a code of the same length for a tag, if it needs one.
    fn code_as_long(&mut self, tag: &[u8]) -> Option<Rc<str>> {
        if let Some(code) = self.standing.get(tag) {
            return code.clone();
        }
        let text = std::str::from_utf8(tag).ok().filter(|_| is_tag(tag));
        let code = text.filter(|text| self.has_code(text)).and_then(|text| {
            let code = (0..).map_while(|number| code_of(tag.len(), number));
            let code = code.map(Rc::<str>::from).find(|code| !self.tags.contains_key(code))?;
            self.stand(text, &code);
            Some(code)
        });
        if code.is_none() {
            self.standing.insert(tag.into(), None);
        }
        code
    }

    /// Returns whether a parser would change or reject a tag, or whether the tag could be a code. Codes begin with `x`,
    /// except those of two letters, which can be any.
    fn has_code(&self, tag: &str) -> bool {
        if tag.len() == 2 {
            return self.keeps_case;
        }
        (self.keeps_case && tag.bytes().any(|byte| byte.is_ascii_uppercase()))
            || tag.starts_with(['x', 'X'])
            || Literal::new_language_tagged_literal("", tag).is_err()
    }
}

/// Returns the code with a length and a number, which a parser does not change, or `None` if there is none.
fn code_of(length: usize, number: usize) -> Option<String> {
    // In groups of at most eight characters, none of them empty.
    let group = (5..=9).rev().find(|group| length < 9 || !(length - 2).is_multiple_of(*group))?;
    let (mut code, mut rest) = (vec![b'x'; length], number);
    for (i, place) in code.iter_mut().enumerate().rev() {
        let is_dash = length > 8 && (i == 1 || (i > 2 && (i - 1) % group == 0));
        let is_fixed = is_dash || (i == 0 && length > 2);
        if is_dash {
            *place = b'-';
        }
        if !is_fixed {
            *place = b'a' + u8::try_from(rest % 26).ok()?;
            rest /= 26;
        }
    }
    (rest == 0 && length > 1).then(|| String::from_utf8(code).ok())?
}

fn is_tag(tag: &[u8]) -> bool {
    tag.split(|byte| *byte == b'-').enumerate().all(|(i, part)| {
        let fits = |byte: &u8| byte.is_ascii_alphabetic() || (i > 0 && byte.is_ascii_digit());
        !part.is_empty() && part.iter().all(fits)
    })
}

/// Returns the length of the tag at the beginning of a text.
fn tag_length(text: &[u8]) -> usize {
    let is_in = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    text.iter().position(|byte| !is_in(byte)).unwrap_or(text.len())
}

/// The state of the scanner in a Turtle-like document.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum ScanState {
    #[default]
    Outside,
    Iri,
    Comment,
    String(u8),
    LongString(u8),
}

/// Finds the language tags in a Turtle-like document.
#[derive(Debug, Default)]
struct Scanner {
    state: ScanState,
    /// Whether the last token was a string.
    is_behind_string: bool,
}

impl Scanner {
    /// Finds tags and calls back with the range of each. Returns the number of bytes scanned: unless `is_last`, the
    /// remaining bytes may need more input.
    fn scan(&mut self, text: &[u8], is_last: bool, mut on_tag: impl FnMut(Range<usize>)) -> usize {
        let mut at = 0;
        // (At the end of the input, anything may be assumed to follow.)
        let is_there = |i: usize| i < text.len() || is_last;
        while let Some(&byte) = text.get(at) {
            let rest = &text[at..];
            let next = |place: Option<usize>| place.map_or(text.len(), |place| at + place + 1);
            at = match self.state {
                ScanState::Iri => {
                    let end = memchr::memchr2(b'>', b'\n', rest);
                    if end.is_some() {
                        self.state = ScanState::Outside;
                    }
                    next(end)
                }
                ScanState::Comment => {
                    let end = memchr::memchr2(b'\n', b'\r', rest);
                    if end.is_some() {
                        self.state = ScanState::Outside;
                    }
                    next(end)
                }
                ScanState::String(quote) => match memchr::memchr3(quote, b'\\', b'\n', rest) {
                    Some(end) if rest[end] == b'\\' => {
                        if !is_there(at + end + 1) {
                            return at + end;
                        }
                        at + end + 2
                    }
                    Some(end) => {
                        self.state = ScanState::Outside;
                        self.is_behind_string = rest[end] == quote;
                        at + end + 1
                    }
                    None => text.len(),
                },
                ScanState::LongString(quote) => match memchr::memchr2(quote, b'\\', rest) {
                    Some(end) if !is_there(at + end + 2) => return at + end,
                    Some(end) if rest[end] == b'\\' => at + end + 2,
                    Some(end) if rest[end..].starts_with(&[quote; 3]) => {
                        self.state = ScanState::Outside;
                        self.is_behind_string = true;
                        at + end + 3
                    }
                    end => next(end),
                },
                ScanState::Outside => {
                    let is_behind_string = std::mem::take(&mut self.is_behind_string);
                    match byte {
                        b'"' | b'\'' | b'\\' if !is_there(at + 2) => return at,
                        b'"' | b'\'' if rest.starts_with(&[byte; 3]) => {
                            self.state = ScanState::LongString(byte);
                            at + 3
                        }
                        b'"' | b'\'' => {
                            self.state = ScanState::String(byte);
                            at + 1
                        }
                        b'\\' => at + 2,
                        b'<' => {
                            self.state = ScanState::Iri;
                            at + 1
                        }
                        b'#' => {
                            self.state = ScanState::Comment;
                            self.is_behind_string = is_behind_string;
                            at + 1
                        }
                        b'@' if is_behind_string => {
                            let end = at + 1 + tag_length(&rest[1..]);
                            if !is_there(end) {
                                self.is_behind_string = true;
                                return at;
                            }
                            on_tag(at + 1..end);
                            end
                        }
                        byte if is_behind_string && byte.is_ascii_whitespace() => {
                            self.is_behind_string = true;
                            at + 1
                        }
                        // Unless a string has just ended, only the beginning of another token matters.
                        _ => next(rest[1..].iter().position(|byte| begins_something(*byte))),
                    }
                }
            };
        }
        at.min(text.len())
    }
}

/// Returns whether a byte outside of other tokens begins a string, an IRI, a comment or an escape.
const fn begins_something(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'\\' | b'<' | b'#')
}

/// A Turtle or TriG document with encoded language tags.
pub(super) struct EncodedReader<R> {
    reader: R,
    tags: LanguageTags,
    scanner: Scanner,
    buffer: Vec<u8>,
    /// The number of bytes consumed from the buffer, and the number that are ready.
    at: usize,
    ready: usize,
    is_at_end: bool,
}

/// The number of bytes per read.
const READ: usize = 1 << 16;

impl<R: Read> EncodedReader<R> {
    /// Encodes the text of `reader` with `tags`.
    pub(super) fn new(reader: R, tags: LanguageTags) -> Self {
        let (scanner, buffer) = (Scanner::default(), Vec::new());
        Self { reader, tags, scanner, buffer, at: 0, ready: 0, is_at_end: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.ready);
        (self.at, self.ready) = (0, 0);
        // A tag longer than the buffer waits until its end is read.
        let start = self.buffer.len();
        self.buffer.resize(start + READ.max(start), 0);
        let read = loop {
            match self.reader.read(&mut self.buffer[start..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.buffer.truncate(start + read);
        self.is_at_end = read == 0;
        let mut found = Vec::new();
        self.ready = self.scanner.scan(&self.buffer, self.is_at_end, |span| found.push(span));
        for span in found {
            let mut codes = self.tags.0.borrow_mut();
            codes.note_case(&self.buffer[span.clone()]);
            let code = codes.code_as_long(&self.buffer[span.clone()]);
            if let Some(code) = code {
                self.buffer[span].copy_from_slice(code.as_bytes());
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for EncodedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.ready && !self.is_at_end {
            self.fill()?;
        }
        let ready = &self.buffer[self.at..self.ready];
        let length = ready.len().min(buffer.len());
        buffer[..length].copy_from_slice(&ready[..length]);
        self.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A document with tags, and with text that only looks like tags.
    const TEXT: &str = "@prefix EN: <http://e.example/@EN-US> . # \"x\"@EN-US\n\
        EN:a\\'b EN:c \"x\"@EN-US, '@EN-US', \"@EN-US\", \"\\\"@EN-US\", ''@en-us , \"\"\"\"@EN-US\\\"\"\"\" @x-Y,\n\
        '''a''b'''# \"\n@zh-Classical, \"a\"@EN, \"b\"@zz .";

    fn tags_of(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        Scanner::default().scan(text.as_bytes(), true, |span| found.push(&text[span]));
        found
    }

    #[test]
    fn tags_are_found_where_they_stand() {
        assert_eq!(tags_of(TEXT), ["EN-US", "en-us", "x-Y", "zh-Classical", "EN", "zz"]);
    }

    #[test]
    fn every_code_is_one_tag_as_long_as_it_should_be() {
        assert_eq!(code_of(1, 0), None);
        for length in 2..80 {
            let mut codes = Vec::new();
            for number in 0..30 {
                let code = code_of(length, number);
                if length == 2 || number < 26 {
                    let code = code.unwrap();
                    assert_eq!(code.len(), length);
                    let literal = Literal::new_language_tagged_literal("", &code);
                    assert_eq!(literal.unwrap().language(), Some(&*code));
                    assert!(!codes.contains(&code));
                    codes.push(code);
                }
            }
        }
        assert_eq!(code_of(2, 26 * 26), None);
    }

    #[test]
    fn tags_come_back_as_they_are_written() {
        let lines = ["EN", "en", "zh-Classical", "x-Y", "en-US", "xa", "aa", "de"]
            .map(|tag| format!("<a:a> <a:a> \"@{tag}\\\"@EN-US \" @{tag} .\n"))
            .concat();
        for keeps_case in [false, true] {
            let mut texts = Vec::new();
            let tags = LanguageTags::new(keeps_case);
            let mut encoded = lines.clone().into_bytes();
            tags.encode_lines(&mut encoded);
            texts.push((encoded, tags));
            let tags = LanguageTags::new(keeps_case);
            texts.push((tags.encoded(lines.as_bytes()).into_owned(), tags));
            for (encoded, tags) in texts {
                let format = oxigraph::io::RdfFormat::NTriples;
                let parser = oxigraph::io::RdfParser::from_format(format);
                let mut found = String::new();
                for quad in parser.for_slice(&encoded) {
                    let mut quad = quad.unwrap();
                    tags.restore(&mut quad);
                    found.push_str(&format!("{quad} .\n"));
                }
                let expected = lines.replace("\" @", "\"@");
                let lowercased = |line: &str| {
                    let (start, tag) = line.rsplit_once('@').unwrap();
                    format!("{start}@{}\n", tag.to_lowercase())
                };
                let lower: String = expected.lines().map(lowercased).collect();
                assert_eq!(found, if keeps_case { expected } else { lower });
            }
        }
    }

    proptest! {
        #[test]
        fn a_text_in_pieces_is_read_as_one(sizes in prop::collection::vec(1_usize..9, 1..80)) {
            struct Pieces<'a>(&'a [u8], std::vec::IntoIter<usize>);
            impl Read for Pieces<'_> {
                fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                    let length = self.1.next().unwrap_or(9).min(buffer.len()).min(self.0.len());
                    let (piece, rest) = self.0.split_at(length);
                    buffer[..length].copy_from_slice(piece);
                    self.0 = rest;
                    Ok(length)
                }
            }
            let mut scanner = Scanner::default();
            let (mut at, mut end, mut found) = (0, 0, Vec::new());
            for size in sizes.iter().copied().chain([TEXT.len()]) {
                end = TEXT.len().min(end + size);
                let text = &TEXT.as_bytes()[at..end];
                at += scanner.scan(text, end == TEXT.len(), |span| found.push(at + span.start..at + span.end));
            }
            let found: Vec<_> = found.into_iter().map(|span| &TEXT[span]).collect();
            prop_assert_eq!(found, tags_of(TEXT));
            let tags = LanguageTags::new(true);
            let expected = tags.encoded(TEXT.as_bytes()).into_owned();
            let mut encoded = Vec::new();
            let pieces = Pieces(TEXT.as_bytes(), sizes.into_iter());
            EncodedReader::new(pieces, LanguageTags::new(true)).read_to_end(&mut encoded).unwrap();
            prop_assert_eq!(encoded, expected);
        }
    }
}
