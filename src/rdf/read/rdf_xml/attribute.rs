//! The attributes of a tag.

use super::entities::{Entities, utf8};
use crate::diagnostic::Fault;
use crate::rdf::read::error::xml_in_words;
use quick_xml::events::BytesStart;
use std::borrow::Cow;
use std::ops::Range;

pub(super) struct Attribute<'a> {
    pub key: Cow<'a, str>,
    /// The value, escaped, with line ends and tabs as spaces.
    pub value: Cow<'a, [u8]>,
    /// The byte offset of the value in the file.
    pub at: usize,
}

impl Attribute<'_> {
    /// Returns the prefix that the attribute declares, which is empty for the default namespace.
    pub(super) fn declared_prefix(&self) -> Option<&str> {
        match self.key.strip_prefix("xmlns")? {
            "" => Some(""),
            prefix => prefix.strip_prefix(':'),
        }
    }
}

/// Parses the attributes of a tag, in source order.
pub(super) fn attributes<'a>(
    tag: &'a BytesStart<'_>,
    span: &Range<usize>,
    entities: &mut Entities,
) -> Result<Vec<Attribute<'a>>, Fault> {
    let mut attributes = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| Fault {
            span: span.clone(),
            diagnostic: Box::new(xml_in_words(&error.to_string())),
        })?;
        let offset = (attribute.value.as_ptr() as usize).saturating_sub(tag.as_ptr() as usize);
        let at = span.start + 1 + offset;
        let value = match attribute.value {
            Cow::Borrowed(value) => value,
            // (They are borrowed from the tag.)
            Cow::Owned(_) => continue,
        };
        let value = match entities.escaped(value, span, at)? {
            value if value.iter().any(|byte| matches!(byte, b'\n' | b'\t')) => {
                let space = |byte: &u8| if matches!(byte, b'\n' | b'\t') { b' ' } else { *byte };
                Cow::Owned(value.iter().map(space).collect())
            }
            value => value,
        };
        let key = Cow::Borrowed(utf8(attribute.key.into_inner(), span)?);
        attributes.push(Attribute { key, value, at });
    }
    Ok(attributes)
}
