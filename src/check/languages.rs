//! Language tags that name a language in words, such as `@german`.

use super::files::Files;
use crate::diagnostic::Diagnostic;
use oxigraph::model::{Quad, Term};

/// The names of languages that are written as tags, in English and in the language itself, with their codes.
const NAMES: [(&str, &str); 46] = [
    ("arabic", "ar"),
    ("bulgarian", "bg"),
    ("catalan", "ca"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dansk", "da"),
    ("deutsch", "de"),
    ("dutch", "nl"),
    ("english", "en"),
    ("espanol", "es"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("francais", "fr"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("irish", "ga"),
    ("italian", "it"),
    ("italiano", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("latin", "la"),
    ("latvian", "lv"),
    ("norsk", "no"),
    ("norwegian", "no"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("serbian", "sr"),
    ("slovak", "sk"),
    ("spanish", "es"),
    ("suomi", "fi"),
    ("svenska", "sv"),
    ("swedish", "sv"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("turkce", "tr"),
    ("welsh", "cy"),
    ("yiddish", "yi"),
];

/// Reports literals whose language tag does not begin with the code of a language, which has two or three letters.
pub(super) fn check(files: &Files<'_>, findings: &mut Vec<Diagnostic>) {
    for file in files.all() {
        let wrong: Vec<(&Quad, &str)> = file
            .quads
            .iter()
            .filter_map(|quad| match &quad.object {
                Term::Literal(literal) => {
                    let tag = literal.language().filter(|tag| !has_code(tag))?;
                    Some((quad, tag))
                }
                _ => None,
            })
            .collect();
        if wrong.is_empty() {
            continue;
        }
        let places = file.statements(wrong.iter().map(|(quad, _)| *quad));
        findings.extend(wrong.into_iter().map(|(quad, tag)| {
            let place = places.get(quad).map(|place| place.object.clone());
            let message = format!("`@{tag}` is not the tag of a language");
            let help = match code(tag) {
                Some(code) => format!("write `@{code}`"),
                None => "write the code of the language, in two or three letters, such as `@en`"
                    .to_owned(),
            };
            Diagnostic::warning("language-unknown", message).at(place).help(help)
        }));
    }
}

/// Returns the first part of a tag.
fn first(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Returns whether a tag begins with a code, or is a private one. (No language has a code of more than three letters.)
fn has_code(tag: &str) -> bool {
    (1..=3).contains(&first(tag).len())
}

/// Returns the tag with the code instead of the name of a language.
fn code(tag: &str) -> Option<String> {
    let name = first(tag);
    let (_, code) = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    Some(format!("{code}{}", &tag[name.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_two_or_three_letters() {
        assert!(["en", "en-GB", "gsw", "x-old", "i-klingon"].iter().all(|tag| has_code(tag)));
        assert!(!has_code("german"));
        assert_eq!(code("german").as_deref(), Some("de"));
        assert_eq!(code("English-GB").as_deref(), Some("en-GB"));
        assert_eq!(code("dothraki"), None);
    }
}
