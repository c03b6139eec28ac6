//! How a term that the dossier does not know could be declared in its ontology.

use super::lexicon::{Lexicon, TermRole};
use super::turtle::{bare, is_quoted};
use crate::author::slug::slug;
use crate::vocabulary::{DATES, lexical_form, xsd};
use oxigraph::model::{Literal, NamedNodeRef};

/// What a declaration says of a term besides its label.
struct Kind {
    /// The class of the term, and the other statements.
    statements: String,
    /// What it would say instead if the value meant something else.
    otherwise: Option<&'static str>,
}

impl Kind {
    fn of_class() -> Self {
        Self { statements: "owl:Class".to_owned(), otherwise: None }
    }

    fn of_things(otherwise: Option<&'static str>) -> Self {
        Self { statements: "owl:ObjectProperty".to_owned(), otherwise }
    }

    fn of_literals(statement: &str, otherwise: Option<&'static str>) -> Self {
        Self { statements: format!("owl:DatatypeProperty{statement}"), otherwise }
    }
}

impl Lexicon<'_> {
    /// Returns how a class or a property with a label could be declared, with a prefix of the dossier's own.
    pub(super) fn declaration(&self, label: &str, role: TermRole<'_>) -> Option<String> {
        let (is_class, kind) = match role {
            TermRole::Thing(_) => return None,
            TermRole::Property(value) => (false, self.kind_for(value?)),
            TermRole::Class => (true, Kind::of_class()),
        };
        let (prefix, _) = self.own_prefixes().next()?;
        let label = Literal::new_simple_literal(label);
        let name = term_name(label.value(), is_class);
        let Kind { statements, otherwise } = kind;
        let otherwise = otherwise.map(|otherwise| format!(" ({otherwise})")).unwrap_or_default();
        (!name.is_empty())
            .then(|| format!("`{prefix}:{name} a {statements} ; rdfs:label {label} .`{otherwise}"))
    }

    /// Returns what a property could be whose value was typed like this.
    fn kind_for(&self, value: &str) -> Kind {
        const DATE: &str = " ; rdfs:subPropertyOf dos:date";
        let is_date = |datatype: NamedNodeRef<'_>| {
            lexical_form(&Literal::new_typed_literal(value, datatype)).is_ok()
        };
        let number = bare(value).filter(|literal| literal.datatype() != xsd::BOOLEAN);
        match (number, DATES.into_iter().find(|datatype| is_date(*datatype))) {
            (_, None) if is_quoted(value) => Kind::of_literals("", None),
            (None, Some(_)) => Kind::of_literals(DATE, None),
            (Some(_), Some(xsd::G_YEAR)) if value.len() == 4 => {
                Kind::of_literals(DATE, Some("for a number, `rdfs:range xsd:integer`"))
            }
            (Some(number), _) => {
                let datatype = self.prefixes().show(&number.datatype().into_owned());
                Kind::of_literals(&format!(" ; rdfs:range {datatype}"), None)
            }
            (None, None)
                if self.iri(value).is_some()
                    || !self.called(value, TermRole::Thing(&[])).is_empty() =>
            {
                Kind::of_things(None)
            }
            (None, None) => Kind::of_things(Some("for a text, `owl:DatatypeProperty`")),
        }
    }
}

/// Returns the name of a term in the way of ontologies: that of a class begins with a capital.
fn term_name(label: &str, is_class: bool) -> String {
    let mut name = String::new();
    for word in slug(label).split('-') {
        let mut letters = word.chars();
        let first = letters.next().into_iter();
        let capitalized = is_class || !name.is_empty();
        name.extend(first.flat_map(|first| {
            let first =
                if capitalized { first.to_uppercase().to_string() } else { first.to_string() };
            first.chars().collect::<Vec<_>>()
        }));
        name.extend(letters);
    }
    name
}
