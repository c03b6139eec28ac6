//! What RDF 1.2 adds to terms: triple terms, and the base direction of text. Without the feature `rdf-12`, no term has
//! either, and these functions say so. Matches that have to tell triple terms from others have an arm for them behind
//! the feature.

use oxigraph::model::{BlankNode, LiteralRef, Term};

/// Writes a term that is neither an IRI nor a literal: a blank node with its label, or a triple term, of which `show`
/// writes the parts.
pub(crate) fn in_parts(term: &Term, show: impl Fn(&Term) -> String) -> String {
    match term {
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => {
            let [subject, predicate, object] = parts(triple).map(|part| show(&part));
            format!("<<( {subject} {predicate} {object} )>>")
        }
        _ => {
            let _ = show;
            term.to_string()
        }
    }
}

/// Returns the three terms of a triple.
#[cfg(feature = "rdf-12")]
pub(crate) fn parts(triple: &oxigraph::model::Triple) -> [Term; 3] {
    [triple.subject.clone().into(), triple.predicate.clone().into(), triple.object.clone()]
}

/// Calls back with a term's blank node, or with those in a triple term.
pub(crate) fn each_blank_node(term: &mut Term, change: &mut dyn FnMut(&mut BlankNode)) {
    match term {
        Term::BlankNode(node) => change(node),
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => {
            if let oxigraph::model::NamedOrBlankNode::BlankNode(node) = &mut triple.subject {
                change(node);
            }
            each_blank_node(&mut triple.object, change);
        }
        _ => {}
    }
}

/// Returns whether a term is a triple term with a blank node in it.
pub(crate) fn hides_blank_node(term: &Term) -> bool {
    match term {
        #[cfg(feature = "rdf-12")]
        Term::Triple(triple) => {
            triple.subject.is_blank_node()
                || triple.object.is_blank_node()
                || hides_blank_node(&triple.object)
        }
        _ => false,
    }
}

/// Returns whether a term is a triple term.
pub(crate) const fn is_triple_term(term: &Term) -> bool {
    #[cfg(feature = "rdf-12")]
    return matches!(term, Term::Triple(_));
    #[cfg(not(feature = "rdf-12"))]
    {
        let _ = term;
        false
    }
}

/// Returns the base direction of a text: `ltr` or `rtl`.
pub(crate) fn direction_of(literal: LiteralRef<'_>) -> Option<&'static str> {
    #[cfg(feature = "rdf-12")]
    return literal.direction().map(|direction| match direction {
        oxigraph::model::BaseDirection::Ltr => "ltr",
        oxigraph::model::BaseDirection::Rtl => "rtl",
    });
    #[cfg(not(feature = "rdf-12"))]
    {
        let _ = literal;
        None
    }
}

/// Returns the tag of a text as it is written behind `@`: its language, and its base direction if it has one.
pub(crate) fn tag_of(literal: LiteralRef<'_>) -> Option<std::borrow::Cow<'_, str>> {
    let language = literal.language()?;
    Some(match direction_of(literal) {
        Some(direction) => format!("{language}--{direction}").into(),
        None => language.into(),
    })
}

/// Returns a text with a tag as [`tag_of`] makes it.
pub(crate) fn tagged<'a>(text: &'a str, tag: &'a str) -> LiteralRef<'a> {
    #[cfg(feature = "rdf-12")]
    if let Some((language, direction)) = tag.split_once("--") {
        use oxigraph::model::BaseDirection::{Ltr, Rtl};
        let direction = if direction == "ltr" { Ltr } else { Rtl };
        return LiteralRef::new_directional_language_tagged_literal_unchecked(
            text, language, direction,
        );
    }
    LiteralRef::new_language_tagged_literal_unchecked(text, tag)
}
