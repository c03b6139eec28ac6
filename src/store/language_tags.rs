//! Language tags on their way through a parser, which lowers their letters, and refuses some: they go through it in
//! code.

use oxigraph::model::{Literal, Quad, Term};

/// The language tags of a file.
#[derive(Debug, Default)]
pub(super) struct LanguageTags {
    tags: Vec<String>,
    keeps_case: bool,
}

impl LanguageTags {
    /// No tags yet. Those that come have small letters afterwards unless their case is kept.
    pub fn new(keeps_case: bool) -> Self {
        Self { tags: Vec::new(), keeps_case }
    }

    /// What stands for a tag, which may be empty: a tag that no parser changes or refuses. None if the tag is none by the
    /// [grammar](https://www.w3.org/TR/turtle/#grammar-production-LANGTAG).
    pub fn code(&mut self, tag: &str) -> Option<String> {
        if !tag.is_empty() && !is_tag(tag) {
            return None;
        }
        let tag = if self.keeps_case { tag.to_owned() } else { tag.to_ascii_lowercase() };
        let number = self.tags.iter().position(|known| *known == tag).unwrap_or_else(|| {
            self.tags.push(tag);
            self.tags.len() - 1
        });
        Some(format!("x-{number}"))
    }

    /// Gives the literal of a quad the tag that its own stands for.
    pub fn restore(&self, quad: &mut Quad) {
        let Term::Literal(literal) = &mut quad.object else { return };
        let Some(number) = literal.language().and_then(|code| code.strip_prefix("x-")) else {
            return;
        };
        let Some(tag) = number.parse().ok().and_then(|number: usize| self.tags.get(number)) else {
            return;
        };
        let value = literal.value();
        *literal = if tag.is_empty() {
            Literal::new_simple_literal(value)
        } else {
            Literal::new_language_tagged_literal_unchecked(value, tag)
        };
    }
}

fn is_tag(tag: &str) -> bool {
    tag.split('-').enumerate().all(|(i, part)| {
        let is_letter = |byte: u8| byte.is_ascii_alphabetic() || (i > 0 && byte.is_ascii_digit());
        !part.is_empty() && part.bytes().all(is_letter)
    })
}
