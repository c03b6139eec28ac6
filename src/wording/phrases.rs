//! How terms and numbers are said inside sentences.

use super::listed;
use crate::diagnose::{SolutionCount, ValueSample};
use crate::printable::printable;
use crate::session::Session;
use crate::vocabulary::xsd;
use oxigraph::model::{Literal, NamedNode, Term};

/// Says terms, with the prefixes and labels of a session.
#[derive(Clone, Copy)]
pub(crate) struct Phrases<'a> {
    pub session: &'a Session,
}

impl Phrases<'_> {
    /// Some values, and whether there are more.
    pub(super) fn values(self, values: &ValueSample) -> String {
        self.some(&values.terms, values.has_more)
    }

    /// Some terms, and whether there are more.
    pub(super) fn some(self, terms: &[Term], has_more: bool) -> String {
        let most = 3;
        let mut words: Vec<String> = terms.iter().take(most).map(|term| self.term(term)).collect();
        if has_more || terms.len() > most {
            words.push("others".to_owned());
        }
        list(words)
    }

    /// What is used as a class although it is none, and what to write instead.
    pub(super) fn not_a_class(self, iri: &NamedNode, classes: &[NamedNode]) -> (String, String) {
        let (shown, bare) = (self.iri(iri), self.bare(iri));
        let is_property = classes.iter().any(|class| class.as_str().ends_with("Property"));
        if is_property {
            return (
                format!("{shown} is a property, not a class"),
                format!("write it between a subject and a value: `?x {bare} ?value`"),
            );
        }
        let Some(class) = classes.first().map(|class| self.bare(class)) else {
            return (
                format!("{shown} is a thing, not a class"),
                format!(
                    "write a class after `a`; for this thing alone, write `{bare}` instead of the variable"
                ),
            );
        };
        let named: Vec<String> = classes.iter().map(|class| self.iri(class)).collect();
        (
            format!("{} is a thing (a {}), not a class", shown, named.join(" and a ")),
            format!(
                "for all things of its class, write `a {class}`; for this thing alone, write `{bare}` instead of the variable"
            ),
        )
    }

    /// Which classes the data has: `None` if none are given.
    pub(super) fn classes(self, classes: &[NamedNode]) -> Option<String> {
        if classes.is_empty() {
            return None;
        }
        let shown: Vec<String> = classes.iter().map(|class| self.iri(class)).collect();
        let all = listed(&shown);
        Some(format!("classes in the data include {all}; `dossier stats` lists all"))
    }

    fn bare(self, iri: &NamedNode) -> String {
        printable(&self.session.prefixes().show(iri)).into_owned()
    }

    /// An IRI as it is written.
    pub(super) fn iri(self, iri: &NamedNode) -> String {
        format!("`{}`", printable(&self.session.prefixes().show(iri)))
    }

    /// A term, and what it is called if that is not what it looks like.
    pub(super) fn term(self, term: &Term) -> String {
        match term {
            Term::NamedNode(iri) => {
                let label = self.session.labels([iri]).ok();
                match label.as_ref().and_then(|labels| labels.get(iri)) {
                    Some(label) => format!("{} ({})", self.iri(iri), printable(label)),
                    None => self.iri(iri),
                }
            }
            // A number is written like this in a query.
            Term::Literal(literal) if literal.datatype() == xsd::INTEGER => {
                format!("`{}`", plain(term))
            }
            term => format!("`{}`", printable(&short(&self.session.prefixes().show_term(term)))),
        }
    }

    /// What a term is.
    pub(super) fn kind(self, term: &Term) -> String {
        match term {
            Term::NamedNode(_) => "an IRI".to_owned(),
            Term::BlankNode(_) => "a blank node".to_owned(),
            #[cfg(feature = "rdf-12")]
            Term::Triple(_) => "a triple term".to_owned(),
            Term::Literal(literal) => match literal.language() {
                Some(language) => format!("text with the language tag `{language}`"),
                None if literal.datatype() == xsd::STRING => "a string".to_owned(),
                None => format!("of type {}", self.iri(&literal.datatype().into_owned())),
            },
        }
    }
}

/// A literal's words, as many as fit into a sentence.
fn short(words: &str) -> String {
    const LONGEST: usize = 80;
    match words.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

/// A number or a date without its type.
pub(super) fn plain(term: &Term) -> String {
    match term {
        Term::Literal(literal) => printable(literal.value()).into_owned(),
        term => term.to_string(),
    }
}

/// What is written as a literal of the type of another one, if it can be one.
pub(super) fn converted(written: &Term, like: &Term) -> Option<Term> {
    let (Term::Literal(written), Term::Literal(like)) = (written, like) else { return None };
    if let Some(language) = like.language() {
        return Literal::new_language_tagged_literal(written.value(), language)
            .ok()
            .map(Term::from);
    }
    let datatype = like.datatype();
    let is_year = datatype == xsd::G_YEAR;
    let digits = written.value().bytes().filter(u8::is_ascii_digit).count();
    let fits = match datatype {
        _ if is_year => digits == 4 && written.value().len() == 4,
        datatype if datatype == xsd::STRING => true,
        datatype if datatype == xsd::INTEGER => written.value().parse::<i64>().is_ok(),
        _ => false,
    };
    fits.then(|| Literal::new_typed_literal(written.value(), datatype.into_owned()).into())
}

/// A number with its noun.
pub(super) fn many(count: SolutionCount, noun: &str) -> String {
    let noun = match (count.number, noun) {
        (1, noun) => noun.to_owned(),
        (_, "match") => "matches".to_owned(),
        (_, noun) => format!("{noun}s"),
    };
    let more = if count.has_more { "more than " } else { "" };
    format!("{more}{} {noun}", count.number)
}

/// `the one match`, `all 12 matches`.
pub(super) fn all(count: Option<SolutionCount>, noun: &str) -> String {
    match count {
        Some(SolutionCount { number: 1, has_more: false }) => format!("the one {noun}"),
        Some(count) if count.has_more => many(count, noun),
        Some(count) => format!("all {}", many(count, noun)),
        None => format!("every {noun}"),
    }
}

/// `there are 12 matches`.
pub(super) fn there_are(count: SolutionCount) -> String {
    let verb = if count.number == 1 { "is" } else { "are" };
    format!("there {verb} {}", many(count, "match"))
}

/// Words with commas and an `or`.
pub(super) fn list(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
