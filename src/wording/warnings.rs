//! Says what in a query is likely to be a mistake.

use super::counted;
use super::phrases::{Phrases, many};
use crate::algebra::Binding;
use crate::catalogue::{BoundQuery, typed_variable};
use crate::diagnose::{
    Clause, ComparedWith, Incomparable, Mistake, NotNumbers, Remedy, Role, SolutionCount, Warning,
    WithoutComponent,
};
use crate::diagnostic::{Diagnostic, Excerpt, did_you_mean, did_you_mean_shown};
use crate::printable::printable;
use crate::session::Session;
use crate::sparql::declared_prefixes;
use crate::vocabulary::{DATES, PrefixClash, Prefixes, is_xsd_datatype, lexical_form, xsd_name};
use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::Variable;

/// Returns a warning about a query in words.
pub(crate) fn warning_in_words(
    session: &Session,
    asked: &BoundQuery,
    warning: &Warning,
) -> Diagnostic {
    let place = Excerpt::of_all(&asked.origin, &asked.text, &warning.spans, &[]);
    let phrases = Phrases { session };
    let diagnostic = in_words(phrases, &warning.mistake).at(place);
    match &warning.mistake {
        Mistake::Unknown { instead: Some(near), .. } => {
            match redeclared(session, &declared_prefixes(&asked.text), near) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        }
        Mistake::OtherType { written, range, .. } => {
            let typed = Literal::new_typed_literal("", range.clone()).into();
            match of_parameter(asked, written, &typed) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            }
        }
        Mistake::NeverEqual { written, found } => match of_parameter(asked, written, found) {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        },
        _ => diagnostic,
    }
}

/// Returns what a parameter with a value of the wrong type is called so that its values have the type of a sample.
fn of_parameter(asked: &BoundQuery, written: &Term, sample: &Term) -> Option<String> {
    let is_written = |(_, value): &(&Variable, &Binding)| **value == Binding::One(written.clone());
    let (variable, _) = asked.values.iter().find(is_written)?;
    let name = variable.as_str();
    let meant = typed_variable(name, sample).filter(|meant| meant != name)?;
    Some(format!("write `?{meant}` instead of `?{name}`: the name of a parameter tells its type"))
}

/// Returns the help for a name whose prefix the query declares with another namespace than the dossier does. Both names
/// look the same.
fn redeclared(session: &Session, declared: &Prefixes, near: &NamedNode) -> Option<String> {
    let shown = session.prefixes().show(near);
    let (prefix, _) = shown.split_once(':')?;
    let (here, there) = (declared.namespace(prefix)?, session.prefixes().namespace(prefix)?);
    let (here, there) = (printable(here), printable(there));
    (here != there).then(|| {
        format!(
            "the query declares `{prefix}:` as `{here}`, but in the dossier it is `{there}`: remove the declaration, or correct it"
        )
    })
}

/// A mistake as a warning, without its place.
fn in_words(phrases: Phrases<'_>, mistake: &Mistake) -> Diagnostic {
    let or_meant = |warning: Diagnostic, name: Option<String>| match name {
        Some(name) => warning.help(did_you_mean_shown(name)),
        None => warning,
    };
    match mistake {
        Mistake::NotAClass { iri, classes } => {
            let (what, fix) = phrases.not_a_class(iri, classes);
            Diagnostic::warning("not-a-class", what).help(fix)
        }
        Mistake::Unknown { iri, role, instead, others } => {
            let near = instead.as_ref().map(|near| phrases.iri(near));
            let warning = or_meant(unknown(phrases, iri, *role), near);
            match (phrases.classes(others), instead, role) {
                (Some(classes), ..) => warning.help(classes),
                (None, None, Role::Predicate) => {
                    warning.help("`dossier stats` lists the properties in the data")
                }
                (None, None, Role::Thing) => {
                    warning.help("`dossier show LABEL` finds a thing by its label")
                }
                _ => warning,
            }
        }
        Mistake::NoValue { variable, meant } => {
            let message = format!("`{variable}` has no value anywhere in the query");
            let near = meant.as_ref().map(|near| format!("`{near}`"));
            or_meant(Diagnostic::warning("variable-without-value", message), near)
        }
        Mistake::OutOfScope { variable, clause, expression } => {
            out_of_scope(variable, *clause, expression.as_deref())
        }
        Mistake::UsedOnce { variable, meant } => {
            Diagnostic::warning("variable-used-once", format!("`{variable}` is used once"))
                .help(did_you_mean(meant))
        }
        Mistake::Product { parts } => {
            let counts: Vec<String> = parts
                .iter()
                .map(|(part, count)| {
                    format!("`{}` has {}", printable(&part.words), many(*count, "match"))
                })
                .collect();
            Diagnostic::warning(
                "unjoined-parts",
                "parts of the query share no variable, so every match of one is paired with every match of the other",
            )
            .note(counts.join(", "))
        }
        Mistake::RemovesNothing => Diagnostic::warning(
            "minus-without-effect",
            "MINUS removes nothing here: it shares no variable with the pattern before it",
        )
        .help("use a variable of the pattern before it, or write `FILTER NOT EXISTS { … }`"),
        Mistake::OtherType { variable, written, predicate, range } => {
            other_type(phrases, variable, written, predicate, range)
        }
        Mistake::Incomparable(found) => incomparable(phrases, found),
        Mistake::WithoutComponent(found) => {
            let WithoutComponent { variable, function, types, count } = found;
            let (values, component) = (at_least(*count, "value"), function.to_lowercase());
            let component = component.strip_suffix('s').unwrap_or(&component);
            let have = if count.number == 1 && !count.has_more { "has" } else { "have" };
            let types = typed(phrases, types);
            Diagnostic::warning(
                "date-without-component",
                format!(
                    "{values} of `{variable}` {have} no {component} for `{function}({variable})`: {types}"
                ),
            )
        }
        Mistake::TwoNamespaces(PrefixClash { prefix, namespace, other }) => Diagnostic::warning(
            "prefix-ambiguous",
            format!(
                "`{}:` is `{}` here, but another file declares it as `{}`",
                printable(prefix),
                printable(namespace),
                printable(other)
            ),
        )
        .help(format!(
            "declare the one you mean in the query: `PREFIX {}: <…>`",
            printable(prefix)
        )),
        Mistake::NotNumbers(found) => not_numbers(phrases, found),
        Mistake::NeverEqual { written, found } => {
            let (written, found) = (phrases.term(written), phrases.term(found));
            let message = format!("{written} never equals {found}, which is in the data");
            Diagnostic::warning("never-equal", message).help(did_you_mean_shown(found))
        }
    }
}

fn unknown(phrases: Phrases<'_>, iri: &NamedNode, role: Role) -> Diagnostic {
    let role = match role {
        Role::Thing => String::new(),
        role => format!("the {} ", role.name()),
    };
    let message = format!("{role}{} occurs nowhere in the data or the ontology", phrases.iri(iri));
    Diagnostic::warning("unknown-name", message)
}

fn other_type(
    phrases: Phrases<'_>,
    variable: &Variable,
    written: &Term,
    predicate: &NamedNode,
    range: &NamedNode,
) -> Diagnostic {
    let warning = Diagnostic::warning(
        "other-type",
        format!(
            "this is never true: `{variable}` is a value of {}, which has the type {}, but {} is {}",
            phrases.iri(predicate),
            phrases.iri(range),
            phrases.term(written),
            phrases.kind(written)
        ),
    );
    match comparable(phrases, variable, written, range) {
        Some(help) => warning.help(help),
        None => warning,
    }
}

/// Returns what to write instead of a comparison of values with a literal of another type.
fn comparable(
    phrases: Phrases<'_>,
    variable: &Variable,
    written: &Term,
    range: &NamedNode,
) -> Option<String> {
    let Term::Literal(literal) = written else { return None };
    let value = literal.value();
    let typed = Literal::new_typed_literal(value, range.clone());
    let is_valid = is_xsd_datatype(xsd_name(range.as_ref())?) && lexical_form(&typed).is_ok();
    let typed = is_valid.then(|| phrases.term(&typed.into()));
    let is_year = value.len() == 4 && value.bytes().all(|byte| byte.is_ascii_digit());
    if DATES.contains(&range.as_ref()) && is_year {
        let or = typed.map(|typed| format!(", or compare with {typed}")).unwrap_or_default();
        return Some(format!("compare the years, `YEAR({variable})` and `{value}`{or}"));
    }
    typed.map(|typed| format!("compare with {typed}"))
}

fn out_of_scope(variable: &Variable, clause: Clause, expression: Option<&str>) -> Diagnostic {
    const ID: &str = "variable-out-of-scope";
    if clause == Clause::Having {
        let message =
            format!("`{variable}` has no value in HAVING, which is evaluated before SELECT");
        let warning = Diagnostic::warning(ID, message);
        return match expression.map(printable) {
            Some(words) => warning.help(format!("write `{words}` instead of `{variable}`")),
            None => warning,
        };
    }
    let clause = clause.name();
    let message = format!(
        "`{variable}` has no value in this {clause}: it is bound outside the group in braces"
    );
    Diagnostic::warning(ID, message)
        .help(format!("move the {clause} out of the braces, or `{variable}` into them"))
}

/// The warning about dates that are compared with dates of other types, and what to write instead.
fn incomparable(phrases: Phrases<'_>, found: &Incomparable) -> Diagnostic {
    let Incomparable { variable, with, types, count, by_year } = found;
    let values = at_least(*count, "value");
    let message = match (with, types.as_slice()) {
        (ComparedWith::Variable(other), _) => {
            let pairs = at_least(*count, "pair");
            format!(
                "{pairs} of `{variable}` and `{other}` cannot be compared: the types of the dates differ"
            )
        }
        (ComparedWith::Constant(constant), [(datatype, _)]) => {
            let constant = phrases.term(constant);
            let datatype = phrases.iri(datatype);
            format!(
                "{values} of `{variable}`, of type {datatype}, cannot be compared with {constant}"
            )
        }
        (ComparedWith::Constant(constant), types) => {
            let (constant, types) = (phrases.term(constant), typed(phrases, types));
            format!("{values} of `{variable}` cannot be compared with {constant}: {types}")
        }
    };
    Diagnostic::warning("dates-incomparable", message)
        .help(format!(
            "to include them, compare the years: `{by_year}`, or the days: `dos:earliest({variable})`, `dos:latest({variable})`"
        ))
}

/// The warning about an aggregate of values that are not numbers, and how to convert them.
fn not_numbers(phrases: Phrases<'_>, found: &NotNumbers) -> Diagnostic {
    let NotNumbers { aggregate, is_distinct, variable, found, count, remedy } = found;
    let (name, values) = (aggregate.name(), at_least(*count, "value"));
    let (term, kind) = (phrases.term(found), phrases.kind(found));
    let is_one = count.number == 1 && !count.has_more;
    let message = match (aggregate.needs_numbers(), is_one) {
        (true, true) => format!(
            "`{name}({variable})` has no result if a value is not a number: {term} is {kind}"
        ),
        (true, false) => format!(
            "`{name}({variable})` has no result if a value is not a number: {values} of `{variable}` are not, \
             such as {term}, which is {kind}"
        ),
        (false, true) => format!("`{name}({variable})` compares {term} as a text, not as a number"),
        (false, false) => format!(
            "`{name}({variable})` compares {values} of `{variable}` as texts, not as numbers, such as {term}, \
             which is {kind}"
        ),
    };
    let warning = Diagnostic::warning("not-numbers", message);
    let distinct = if *is_distinct { "DISTINCT " } else { "" };
    match remedy {
        Remedy::Decimals => {
            warning.help(format!("convert them: `{name}({distinct}xsd:decimal({variable}))`"))
        }
        Remedy::DecimalsOfTexts => {
            warning.help(format!("convert them: `{name}({distinct}xsd:decimal(STR({variable})))`"))
        }
        Remedy::Years => {
            warning.help(format!("use their years: `{name}({distinct}YEAR({variable}))`"))
        }
        Remedy::Numbers => {
            warning.help(format!("leave out what is not a number: `FILTER(isNumeric({variable}))`"))
        }
        Remedy::Nothing => warning.help(format!("count the values: `COUNT({variable})`")),
    }
}

/// How many values there are of each type.
fn typed(phrases: Phrases<'_>, types: &[(NamedNode, usize)]) -> String {
    let types = types.iter();
    let types =
        types.map(|(datatype, number)| format!("{number} of type {}", phrases.iri(datatype)));
    types.collect::<Vec<_>>().join(", ")
}

/// A number that was counted as far as there was time.
fn at_least(count: SolutionCount, noun: &str) -> String {
    let least = if count.has_more { "at least " } else { "" };
    format!("{least}{}", counted(count.number, noun))
}
