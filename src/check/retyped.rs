//! Parameters whose type differs from that of the values that they are compared with.

use super::answer_labels::AnswerLabels;
use super::answers::QueryCase;
use super::files::Files;
use crate::catalogue::{Expected, SavedQuery, ValueType, typed_variable};
use crate::diagnostic::Result;
use crate::session::Session;
use crate::vocabulary::xsd;
use oxigraph::model::{Literal, NamedNode, Term};
use std::collections::BTreeSet;

/// The datatypes that are tried.
const DATATYPES: [oxigraph::model::NamedNodeRef<'static>; 4] =
    [xsd::INTEGER, xsd::DECIMAL, xsd::BOOLEAN, xsd::G_YEAR];

/// The most language tags that are tried.
const MOST_TAGS: usize = 8;

/// Returns what to write instead of the variable of a parameter, so that a query without rows has the expected answer.
///
/// # Errors
/// If the store fails.
pub(super) fn advice(
    session: &Session,
    files: &Files<'_>,
    case: &QueryCase<'_>,
    expected: &Expected,
) -> Result<Option<String>> {
    for (number, parameter) in case.query.parameters.iter().enumerate() {
        let given = case.arguments.iter().find(|(name, _)| *name == parameter.declaration.name);
        let Some((_, value)) = given else { continue };
        for (value_type, sample) in candidates(files) {
            let variable = parameter.declaration.variable.as_str();
            let Some(meant) = typed_variable(variable, &sample) else { continue };
            if value_type == parameter.declaration.value_type || value_type.term(value).is_err() {
                continue;
            }
            let mut query = SavedQuery::clone(case.query);
            query.parameters[number].declaration.value_type = value_type;
            let retyped = QueryCase { query: &query, ..*case };
            // (An IRI may be allowed where a literal is not, and the other way round.)
            let Ok(Some(answer)) = retyped.answer(session) else { continue };
            let mut expected = expected.clone();
            AnswerLabels::resolve(session, &mut expected, &answer)?;
            if answer.rows == expected.rows {
                return Ok(Some(format!(
                    "in `{}`, write `?{meant}` instead of `?{variable}`: with values of this type, the answer is \
                     the expected one",
                    case.query.path
                )));
            }
        }
    }
    Ok(None)
}

/// Returns the types that a parameter may have, each with a term of it: those of the data.
fn candidates(files: &Files<'_>) -> Vec<(ValueType, Term)> {
    let mut tags = BTreeSet::new();
    for quad in files.data_quads() {
        if let Term::Literal(literal) = &quad.object {
            tags.extend(literal.language());
        }
    }
    let thing = NamedNode::new_unchecked("urn:example");
    let mut types = vec![(ValueType::Iri, Term::from(thing))];
    types.extend(tags.into_iter().take(MOST_TAGS).map(|tag| {
        let sample = Literal::new_language_tagged_literal_unchecked("", tag);
        (ValueType::LanguageString(tag.to_owned()), sample.into())
    }));
    types.extend(DATATYPES.map(|datatype| {
        let sample = Literal::new_typed_literal("", datatype);
        (ValueType::Typed(datatype.into_owned()), sample.into())
    }));
    types.push((ValueType::String, Literal::new_simple_literal("").into()));
    types
}
