//! Character and entity references, and the declarations of the document type. The expansion of entities is limited,
//! because ten entities, each ten times as long as the previous one, amount to gigabytes.

use crate::diagnostic::Fault;
use quick_xml::escape::{partial_escape, resolve_predefined_entity};
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// The number of bytes to which entities may expand in any file.
const ALLOWED: u64 = 4 << 20;

/// The number of bytes to which entities may expand per byte of the file. Namespace names need about ten.
const ALLOWED_EACH: u64 = 64;

/// The maximum nesting depth of entities.
const DEEPEST: usize = 32;

/// The entities that a file declares.
#[derive(Default)]
pub(super) struct Entities {
    /// Their values, or `None` if they are external.
    declared: HashMap<String, Option<Rc<str>>>,
    expanded: u64,
}

/// The treatment of references in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReferenceForm {
    /// References that every parser knows are kept.
    Escaped,
    /// All references are replaced by their values.
    Decoded,
}

/// The reason why an entity has no value.
enum Refusal {
    Undeclared,
    External,
    TooLarge,
    TooDeep,
    Markup,
}

impl Entities {
    /// Expands all references except those that every parser knows. `at` is the byte offset of the text in the file.
    pub(super) fn escaped<'a>(
        &mut self,
        text: &'a [u8],
        span: &Range<usize>,
        at: usize,
    ) -> Result<Cow<'a, [u8]>, Fault> {
        match with_line_feeds(text) {
            Cow::Borrowed(text) if memchr::memchr(b'&', text).is_none() => Ok(Cow::Borrowed(text)),
            text => {
                let text = self.resolved(utf8(&text, span)?, at, ReferenceForm::Escaped)?;
                Ok(Cow::Owned(text.into_bytes()))
            }
        }
    }

    /// Expands all references.
    pub(super) fn decoded(
        &mut self,
        text: &[u8],
        span: &Range<usize>,
        at: usize,
    ) -> Result<String, Fault> {
        self.resolved(utf8(&with_line_feeds(text), span)?, at, ReferenceForm::Decoded)
    }

    fn resolved(&mut self, text: &str, at: usize, form: ReferenceForm) -> Result<String, Fault> {
        let mut resolved = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = memchr::memchr(b'&', rest.as_bytes()) {
            resolved.push_str(&rest[..start]);
            let place = at + (text.len() - rest.len()) + start;
            let reference = &rest[start..];
            let Some(name) = name_of(reference) else {
                return Err(Fault::new(
                    place..place + 1,
                    "xml-syntax",
                    "this `&` does not begin a reference",
                )
                .help("write `&amp;` for the character itself"));
            };
            let whole = &reference[..name.len() + 2];
            let span = place..place + whole.len();
            match known(name) {
                Some(Ok(_)) if form == ReferenceForm::Escaped => resolved.push_str(whole),
                Some(Ok(character)) => resolved.push(character),
                Some(Err(())) => {
                    let message = format!("`{whole}` is not the code of a character");
                    return Err(
                        Fault::new(span, "xml-syntax", message).help("a tab is `&#9;` or `&#x9;`")
                    );
                }
                None => {
                    let mut value = String::new();
                    let allowed = ALLOWED + ALLOWED_EACH * place as u64;
                    self.expand(name, allowed, DEEPEST, &mut value)
                        .map_err(|refusal| refusal.of(name, span))?;
                    match form {
                        ReferenceForm::Escaped => resolved.push_str(&partial_escape(value)),
                        ReferenceForm::Decoded => resolved.push_str(&value),
                    }
                }
            }
            rest = &reference[whole.len()..];
        }
        resolved.push_str(rest);
        Ok(resolved)
    }

    fn expand(
        &mut self,
        name: &str,
        allowed: u64,
        depth: usize,
        value: &mut String,
    ) -> Result<(), Refusal> {
        let text = self.declared.get(name).ok_or(Refusal::Undeclared)?;
        let text = Rc::clone(text.as_ref().ok_or(Refusal::External)?);
        // Empty entities count too, because they may be referenced without limit.
        self.expanded += text.len() as u64 + 1;
        if self.expanded > allowed {
            return Err(Refusal::TooLarge);
        }
        let depth = depth.checked_sub(1).ok_or(Refusal::TooDeep)?;
        let mut rest = &*text;
        while let Some(start) = rest.find('&') {
            value.push_str(&rest[..start]);
            let name = name_of(&rest[start..]).ok_or(Refusal::Markup)?;
            match known(name) {
                Some(character) => value.push(character.map_err(|()| Refusal::Markup)?),
                None => self.expand(name, allowed, depth, value)?,
            }
            rest = &rest[start + name.len() + 2..];
        }
        if text.contains('<') {
            return Err(Refusal::Markup);
        }
        value.push_str(rest);
        Ok(())
    }

    /// Reads the entity declarations of a document type, which begins at byte `at`. The first declaration of a name
    /// counts.
    pub(super) fn declare(&mut self, doctype: &str, at: usize) -> Result<(), Fault> {
        let Some(start) = outside_quotes(doctype, '[') else { return Ok(()) };
        let mut rest = &doctype[start + 1..];
        while let Some(c) = rest.chars().next() {
            let length = match c {
                ']' => return Ok(()),
                '<' if rest.starts_with("<!--") => rest.find("-->").map(|end| end + 3),
                '<' if rest.starts_with("<?") => rest.find("?>").map(|end| end + 2),
                '<' => outside_quotes(rest, '>').map(|end| end + 1),
                c => Some(c.len_utf8()),
            };
            let place = at + doctype.len() - rest.len();
            let length = length.unwrap_or(rest.len());
            if let Some(entity) = rest[..length].strip_prefix("<!ENTITY") {
                let (name, value) = declaration(entity).ok_or_else(|| {
                    let help = "an entity is declared as `<!ENTITY name \"value\">`";
                    Fault::new(
                        place..place + length,
                        "xml-entity",
                        "this entity declaration is not valid",
                    )
                    .help(help)
                })?;
                // Entities with `%` are for use inside the declaration only.
                if name != "%" {
                    self.declared.entry(name.to_owned()).or_insert(value);
                }
            }
            rest = &rest[length..];
        }
        Ok(())
    }
}

impl Refusal {
    fn of(self, name: &str, span: Range<usize>) -> Fault {
        match self {
            Self::Undeclared => {
                Fault::new(span, "xml-entity", format!("the entity `&{name};` is not declared"))
                    .help("write `&amp;` for the character `&` itself")
            }
            Self::External => Fault::new(
                span,
                "xml-entity",
                format!("the entity `&{name};` is another document, which is not downloaded"),
            )
            .help("put its content in the file"),
            Self::TooLarge => {
                Fault::new(span, "xml-entity", "the entities of this file expand to too much text")
                    .help(format!(
                        "they may expand to {} MiB, or to {ALLOWED_EACH} times the file",
                        ALLOWED >> 20
                    ))
            }
            Self::TooDeep => Fault::new(
                span,
                "xml-entity",
                format!("the entity `&{name};` contains itself, or is nested too deep"),
            )
            .help(format!("at most {DEEPEST} levels are supported")),
            Self::Markup => Fault::new(
                span,
                "xml-entity",
                format!("the entity `&{name};` contains more than text"),
            )
            .help("put its content in the file"),
        }
    }
}

/// Parses an entity declaration after `<!ENTITY` into its name and its value, which is `None` if it is external.
fn declaration(text: &str) -> Option<(&str, Option<Rc<str>>)> {
    let text = text.strip_suffix('>')?.trim();
    let (name, rest) = text.split_once(|c: char| c.is_ascii_whitespace())?;
    let rest = rest.trim_start();
    if name == "%" || rest.starts_with("SYSTEM") || rest.starts_with("PUBLIC") {
        return Some((name, None));
    }
    let quote = rest.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let value = rest.strip_prefix(quote)?.strip_suffix(quote)?;
    Some((name, Some(with_characters(value).into())))
}

/// Returns the value of an entity. Character references are resolved at the declaration, entity references at each use.
fn with_characters(value: &str) -> String {
    let mut resolved = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("&#") {
        resolved.push_str(&rest[..start]);
        rest = &rest[start..];
        let name = name_of(rest);
        let length = match name.map(|name| (name, known(name))) {
            Some((name, Some(Ok(character)))) => {
                resolved.push(character);
                name.len() + 2
            }
            _ => {
                resolved.push_str("&#");
                2
            }
        };
        rest = &rest[length..];
    }
    resolved.push_str(rest);
    resolved
}

/// Returns the name in a text that begins with `&name;`.
fn name_of(reference: &str) -> Option<&str> {
    let name = reference.get(1..)?.split_once(';')?.0;
    let is_name = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || ['#', '_', '-', '.', ':'].contains(&c));
    is_name.then_some(name)
}

/// Returns the character of a predefined or numeric reference, if XML allows it.
fn known(name: &str) -> Option<Result<char, ()>> {
    let Some(code) = name.strip_prefix('#') else {
        return resolve_predefined_entity(name).and_then(|text| text.chars().next()).map(Ok);
    };
    let code = match code.strip_prefix('x') {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => code.parse(),
    };
    let character = code.ok().and_then(char::from_u32).filter(|c| {
        !matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
    });
    Some(character.ok_or(()))
}

/// Returns the position of the first occurrence of a character outside of quotes.
fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut quote = None;
    for (i, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == wanted => return Some(i),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(_) | None => {}
        }
    }
    None
}

/// Normalizes line ends as XML requires ([XML 1.0, 2.11](https://www.w3.org/TR/xml/#sec-line-ends)).
pub(super) fn with_line_feeds(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut normal = Vec::with_capacity(text.len());
    for (i, byte) in text.iter().enumerate() {
        match byte {
            b'\r' if text.get(i + 1) == Some(&b'\n') => {}
            b'\r' => normal.push(b'\n'),
            byte => normal.push(*byte),
        }
    }
    Cow::Owned(normal)
}

/// Decodes bytes as UTF-8.
pub(super) fn utf8<'a>(bytes: &'a [u8], span: &Range<usize>) -> Result<&'a str, Fault> {
    std::str::from_utf8(bytes).map_err(|_| {
        Fault::new(span.clone(), "not-utf-8", "this is not UTF-8").help("save the file as UTF-8")
    })
}
