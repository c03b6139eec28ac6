//! Says what in a query is likely to be a mistake.

use super::phrases::{Phrases, many};
use crate::cli::report::{self, Remark, Said};
use crate::cli::reporter::{Reporter, counted};
use dossier::catalogue::Asked;
use dossier::diagnose::{
    Clause, ComparedWith, Count, Incomparable, Mistake, Role, Warning, WithoutComponent,
};
use dossier::printable::printable;
use dossier::session::Session;
use dossier::vocabulary::PrefixClash;
use oxigraph::model::NamedNode;

/// How many warnings are said: nobody reads more.
const MOST: usize = 20;

/// Says the warnings of a query.
pub fn tell_warnings(session: &Session, asked: &Asked, warnings: &[Warning], reporter: &Reporter) {
    let phrases = Phrases { session };
    for warning in warnings.iter().take(MOST) {
        let (title, remark) = words(phrases, &warning.mistake);
        let remarks: Vec<_> = remark.into_iter().collect();
        let spans = &warning.spans;
        reporter.say(&report::explained(Said::Warning, &title, asked, spans, &[], &remarks));
    }
    if let Some(more) = warnings.len().checked_sub(MOST).filter(|more| *more > 0) {
        reporter.note(&format!("there are {} more", counted(more, "warning")));
    }
}

/// What is said of a mistake, and what below it.
fn words(phrases: Phrases<'_>, mistake: &Mistake) -> (String, Option<(Remark, String)>) {
    let meant = |name: String| Some((Remark::Help, format!("did you mean {name}?")));
    match mistake {
        Mistake::Unknown { iri, role, instead } => {
            let role = match role {
                Role::Thing => String::new(),
                role => format!("the {} ", role.name()),
            };
            (
                format!("{role}{} occurs nowhere in the data or the ontology", phrases.iri(iri)),
                instead.as_ref().and_then(|near| meant(phrases.iri(near))),
            )
        }
        Mistake::NoValue { variable, meant: near } => (
            format!("`{variable}` has no value anywhere in the query"),
            near.as_ref().and_then(|near| meant(format!("`{near}`"))),
        ),
        Mistake::OutOfScope { variable, clause: Clause::Having, expression } => (
            format!("`{variable}` has no value in HAVING, which comes before SELECT names it"),
            expression.as_ref().map(|expression| {
                (Remark::Help, format!("write `{}` instead of `{variable}`", printable(expression)))
            }),
        ),
        Mistake::OutOfScope { variable, clause, .. } => (
            format!(
                "`{variable}` has no value in this {}: its value is outside of the group in braces",
                clause.name()
            ),
            Some((
                Remark::Help,
                format!("move the {} out of the braces, or `{variable}` into them", clause.name()),
            )),
        ),
        Mistake::UsedOnce { variable, meant: near } => {
            (format!("`{variable}` is used once"), meant(format!("`{near}`")))
        }
        Mistake::Product { parts } => {
            let counts: Vec<String> = parts
                .iter()
                .map(|(part, count)| {
                    format!("`{}` has {}", printable(&part.words), many(*count, "match"))
                })
                .collect();
            (
                "parts of the query share no variable, so that each match of one is paired with each of the other"
                    .to_owned(),
                Some((Remark::Note, counts.join(", "))),
            )
        }
        Mistake::OtherType { variable, written, predicate, range } => (
            format!(
                "this never holds: `{variable}` is a value of {}, which is of type {}, and {} is {}",
                phrases.iri(predicate),
                phrases.iri(range),
                phrases.term(written),
                phrases.kind(written)
            ),
            None,
        ),
        Mistake::Incomparable(found) => incomparable(phrases, found),
        Mistake::WithoutComponent(found) => {
            let WithoutComponent { variable, function, types, count } = found;
            let (values, component) = (at_least(*count, "value"), function.to_lowercase());
            let component = component.strip_suffix('s').unwrap_or(&component);
            let have = if count.number == 1 && !count.has_more { "has" } else { "have" };
            let types = typed(phrases, types);
            (
                format!(
                    "{values} of `{variable}` {have} no {component} for `{function}({variable})`: {types}"
                ),
                None,
            )
        }
        Mistake::TwoNamespaces(PrefixClash { prefix, namespace, other }) => (
            format!(
                "`{}:` is `{}` here, and another file declares it as `{}`",
                printable(prefix),
                printable(namespace),
                printable(other)
            ),
            Some((
                Remark::Help,
                format!(
                    "declare the one you mean in the query: `PREFIX {}: <…>`",
                    printable(prefix)
                ),
            )),
        ),
        Mistake::NeverEqual { written, found } => {
            let (written, found) = (phrases.term(written), phrases.term(found));
            (format!("{written} never equals {found}, which the data has"), meant(found))
        }
    }
}

/// The warning about dates that are compared with dates of other types, and what to write instead.
fn incomparable(phrases: Phrases<'_>, found: &Incomparable) -> (String, Option<(Remark, String)>) {
    let Incomparable { variable, with, types, count, by_year } = found;
    let help = Some((Remark::Help, format!("to include them, compare the years: `{by_year}`")));
    let constant = match with {
        ComparedWith::Constant(constant) => phrases.term(constant),
        ComparedWith::Variable(other) => {
            let pairs = at_least(*count, "pair");
            return (
                format!(
                    "{pairs} of `{variable}` and `{other}` cannot be compared: the types of the dates differ"
                ),
                help,
            );
        }
    };
    let values = at_least(*count, "value");
    let title = match types.as_slice() {
        [(datatype, _)] => {
            let datatype = phrases.iri(datatype);
            format!(
                "{values} of `{variable}`, of type {datatype}, cannot be compared with {constant}"
            )
        }
        types => {
            let types = typed(phrases, types);
            format!("{values} of `{variable}` cannot be compared with {constant}: {types}")
        }
    };
    (title, help)
}

/// How many values there are of each type.
fn typed(phrases: Phrases<'_>, types: &[(NamedNode, usize)]) -> String {
    let types = types.iter();
    let types =
        types.map(|(datatype, number)| format!("{number} of type {}", phrases.iri(datatype)));
    types.collect::<Vec<_>>().join(", ")
}

/// A number that was counted as far as there was time.
fn at_least(count: Count, noun: &str) -> String {
    let least = if count.has_more { "at least " } else { "" };
    format!("{least}{}", counted(count.number, noun))
}
