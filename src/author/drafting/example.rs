//! Makes a pattern of a claim that is an example of it: what the parameters of the pattern stand for is replaced by them,
//! and things that only this claim mentions are named after them.

use super::lexicon::Lexicon;
use crate::algebra::Binding;
use crate::catalogue::PatternValues;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, error};
use crate::dossier::{SourceFile, last_part};
use crate::session::Session;
use crate::vocabulary::{DATES, LABELS, is_numeric, rdf, xsd_name};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term, Triple};
use oxigraph::sparql::Variable;
use std::collections::{BTreeMap, BTreeSet};

/// A parameter of the pattern, with what it stands for in the example.
struct ExampleParameter {
    name: String,
    term: Term,
    /// The words from which the thing is named, if the pattern makes it.
    minted: Option<String>,
}

impl ExampleParameter {
    fn variable(&self) -> Variable {
        let suffix = if matches!(self.term, Term::NamedNode(_)) { "_iri" } else { "" };
        Variable::new_unchecked(format!("_{}{suffix}", self.name))
    }
}

/// Returns a pattern that states what a claim does, with parameters in place of some of its terms, as the file `path`.
///
/// # Errors
/// If a value does not stand in the claim for one term, a parameter's name is invalid, or the claim states nothing that a
/// pattern could.
pub(in crate::author) fn pattern_of_claim(
    session: &Session,
    claim: &NamedNode,
    arguments: &[(String, String)],
    summary: &str,
    path: &str,
) -> Result<SourceFile> {
    let lexicon = Lexicon::new(session)?;
    let mut triples = session.store().graph(claim.as_ref())?;
    let shown = lexicon.show(claim);
    if triples.is_empty() {
        return Err(error!("pattern-example", "{shown} states nothing")
            .help("name a claim with statements: `dossier read` shows them")
            .usage());
    }
    let is_blank = |triple: &Triple| {
        matches!(triple.subject, NamedOrBlankNode::BlankNode(_))
            || matches!(triple.object, Term::BlankNode(_))
    };
    if triples.iter().any(is_blank) {
        return Err(error!("pattern-example", "{shown} has things without a name")
            .help("write the pattern by hand, with `[]`: see `dossier help adding-claims`")
            .usage());
    }
    let mut parameters = parameters(&lexicon, &shown, &triples, arguments)?;
    for thing in own_things(&lexicon, claim, &triples, &parameters)? {
        let Some(words) = named_after(&lexicon, &thing, &parameters) else { continue };
        let classes = lexicon.types.of_thing(&thing.clone().into());
        let has_class = |triple: &Triple| {
            triple.subject == thing.clone().into() && triple.predicate.as_ref() == rdf::TYPE
        };
        // The example may have its class in the background, where a pattern states nothing but labels.
        if !triples.iter().any(has_class) {
            let stated =
                classes.iter().map(|class| Triple::new(thing.clone(), rdf::TYPE, class.clone()));
            triples.extend(stated.collect::<Vec<_>>());
        }
        triples.retain(|triple| {
            triple.subject != thing.clone().into() || !LABELS.contains(&triple.predicate.as_ref())
        });
        let name = classes.first().map(|class| name_of(&lexicon.short_name(class)));
        let name = unused(name.filter(|name| is_name(name)), &parameters);
        parameters.push(ExampleParameter { name, term: thing.into(), minted: Some(words) });
    }
    let text = written(&lexicon, &triples, &parameters, summary);
    let source = SourceFile { path: path.to_owned(), bytes: text.into_bytes().into() };
    // With the values of the example, it states what the example does.
    let pattern = session.catalogue().parse_pattern(&source).map_err(Diagnostic::input)?;
    let values: PatternValues = parameters
        .iter()
        .map(|parameter| (parameter.variable(), Binding::One(parameter.term.clone())))
        .collect();
    let stated: BTreeSet<String> =
        pattern.statements(&values, "p").iter().map(ToString::to_string).collect();
    if stated == triples.iter().map(ToString::to_string).collect() {
        Ok(source)
    } else {
        Err(error!("pattern-example", "a pattern cannot state what {shown} does")
            .help("write the pattern by hand: see `dossier help adding-claims`")
            .usage())
    }
}

/// Returns the parameters that the arguments name.
fn parameters(
    lexicon: &Lexicon<'_>,
    claim: &str,
    triples: &[Triple],
    arguments: &[(String, String)],
) -> Result<Vec<ExampleParameter>> {
    let mut terms: Vec<Term> = Vec::new();
    for triple in triples {
        for term in [Term::from(triple.subject.clone()), triple.object.clone()] {
            if !terms.contains(&term) {
                terms.push(term);
            }
        }
    }
    let (mut found, mut problems) = (Vec::<ExampleParameter>::new(), Vec::new());
    for (name, value) in arguments {
        if !is_name(name) {
            let problem = error!("parameter-name", "`{name}` is not a valid parameter name");
            problems.push(
                problem.help("begin with a lower-case letter, and use letters and digits only"),
            );
            continue;
        }
        let meant: Vec<&Term> =
            terms.iter().filter(|term| is_called(lexicon, term, value)).collect();
        match meant.as_slice() {
            [term] if found.iter().any(|known| known.name == *name || known.term == **term) => {
                problems.push(
                    error!(
                        "argument-repeated",
                        "`{name}={value}` says the same as another parameter"
                    )
                    .help("give each parameter a name and a value of its own"),
                );
            }
            [term] => found.push(ExampleParameter {
                name: name.clone(),
                term: (*term).clone(),
                minted: None,
            }),
            [] => {
                let all: Vec<String> = terms.iter().map(|term| name_in(lexicon, term)).collect();
                problems.push(
                    error!("argument-invalid", "`{value}` does not stand in {claim}")
                        .help(format!("it mentions {}", all.join(", "))),
                );
            }
            several => {
                let all: Vec<String> = several.iter().map(ToString::to_string).collect();
                problems.push(
                    error!("name-ambiguous", "`{value}` stands for several terms in {claim}")
                        .note(all.join("\n"))
                        .help("write the CURIE or the IRI of one"),
                );
            }
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Error { kind: ErrorKind::Usage, problems }) }
}

/// Returns whether a term is what somebody calls so.
fn is_called(lexicon: &Lexicon<'_>, term: &Term, value: &str) -> bool {
    match term {
        Term::NamedNode(thing) => {
            let value = value.trim();
            let lower = value.to_lowercase();
            matches!(lexicon.iri(value), Some(Ok(iri)) if iri == *thing)
                || lexicon.labels_of(thing).iter().any(|label| label.to_lowercase() == lower)
                || last_part(thing.as_str()) == value
        }
        Term::Literal(literal) => literal.value() == value,
        _ => false,
    }
}

/// Returns how a term can be called.
fn name_in(lexicon: &Lexicon<'_>, term: &Term) -> String {
    match term {
        Term::NamedNode(thing) => format!("`{}`", lexicon.short_name(thing)),
        Term::Literal(literal) => format!("`{}`", literal.value()),
        term => term.to_string(),
    }
}

/// Returns the subjects of a claim that are no parameters and that no other claim mentions.
fn own_things(
    lexicon: &Lexicon<'_>,
    claim: &NamedNode,
    triples: &[Triple],
    parameters: &[ExampleParameter],
) -> Result<Vec<NamedNode>> {
    let mut things: Vec<NamedNode> = Vec::new();
    for triple in triples {
        if let NamedOrBlankNode::NamedNode(thing) = &triple.subject
            && !things.contains(thing)
            && parameters.iter().all(|parameter| parameter.term != thing.clone().into())
        {
            things.push(thing.clone());
        }
    }
    let here = GraphName::from(claim.clone());
    for quad in lexicon.session().store().quads() {
        let quad = quad?;
        if quad.graph_name != GraphName::DefaultGraph && quad.graph_name != here {
            things.retain(|thing| {
                quad.subject != thing.clone().into() && quad.object != thing.clone().into()
            });
        }
    }
    Ok(things)
}

/// Returns the label of a thing with parameters in braces in place of what they are called in it, or `None` if it has none
/// of them.
fn named_after(
    lexicon: &Lexicon<'_>,
    thing: &NamedNode,
    parameters: &[ExampleParameter],
) -> Option<String> {
    let label = lexicon.labels_of(thing).first()?.clone();
    let mut names: Vec<(String, &str)> = Vec::new();
    for parameter in parameters {
        let name = match &parameter.term {
            Term::NamedNode(thing) => lexicon.short_name(thing),
            Term::Literal(literal) => literal.value().to_owned(),
            _ => continue,
        };
        names.push((name, &parameter.name));
    }
    // The longest name first, since another one may be a part of it.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let words = names.iter().fold(label.replace(['{', '}'], ""), |words, (name, parameter)| {
        // (A name is not looked for in a parameter that is there already.)
        let mut parts = Vec::new();
        for part in words.split_inclusive('}') {
            let (plain, braces) = part.split_at(part.find('{').unwrap_or(part.len()));
            parts.push(with_parameter(plain, name, parameter) + braces);
        }
        parts.concat()
    });
    words.contains('{').then_some(words)
}

/// Returns words with a parameter in braces in place of a name. A name is not a part of a word.
fn with_parameter(words: &str, name: &str, parameter: &str) -> String {
    let (mut replaced, mut done) = (String::new(), 0);
    for (start, _) in words.match_indices(name) {
        let end = start + name.len();
        let is_within = words[..start].ends_with(char::is_alphanumeric)
            || words[end..].starts_with(char::is_alphanumeric);
        if !is_within && !name.is_empty() {
            replaced.push_str(&words[done..start]);
            replaced.push_str(&format!("{{{parameter}}}"));
            done = end;
        }
    }
    replaced + &words[done..]
}

/// Writes the pattern.
fn written(
    lexicon: &Lexicon<'_>,
    triples: &[Triple],
    parameters: &[ExampleParameter],
    summary: &str,
) -> String {
    let mut used: BTreeMap<&str, &str> = BTreeMap::new();
    let mut name = |iri: &NamedNode| -> String {
        let curie = lexicon.prefixes().show(iri);
        let is_plain = |local: &str| {
            !local.is_empty() && local.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        if let Some((prefix, local)) = curie.split_once(':')
            && is_plain(local)
            && let Some((prefix, namespace)) =
                lexicon.prefixes().iter().find(|(known, _)| *known == prefix)
        {
            used.insert(prefix, namespace);
            return curie;
        }
        iri.to_string()
    };
    let mut term = |term: &Term| -> String {
        if let Some(parameter) = parameters.iter().find(|parameter| parameter.term == *term) {
            return parameter.variable().to_string();
        }
        match term {
            Term::NamedNode(iri) => name(iri),
            other => other.to_string(),
        }
    };
    let mut subjects: Vec<Term> = Vec::new();
    let mut statements: Vec<Vec<String>> = Vec::new();
    // Its class comes first, as people write it.
    let (kinds, mut others): (Vec<&Triple>, Vec<&Triple>) =
        triples.iter().partition(|triple| triple.predicate.as_ref() == rdf::TYPE);
    // The others come in the order in which their parameters were named.
    let place = |triple: &&Triple| {
        let place = parameters.iter().position(|parameter| parameter.term == triple.object);
        place.unwrap_or(parameters.len())
    };
    others.sort_by_key(place);
    for triple in kinds.into_iter().chain(others) {
        let subject = Term::from(triple.subject.clone());
        let predicate = if triple.predicate.as_ref() == rdf::TYPE {
            "a".to_owned()
        } else {
            term(&triple.predicate.clone().into())
        };
        let said = format!("{predicate} {}", term(&triple.object));
        match subjects.iter().position(|known| *known == subject) {
            Some(at) => statements[at].push(said),
            None => {
                subjects.push(subject);
                statements.push(vec![said]);
            }
        }
    }
    let blocks: Vec<String> = (subjects.iter().zip(&statements))
        .map(|(subject, said)| format!("  {} {} .\n", term(subject), said.join(" ;\n    ")))
        .collect();
    let mut text = format!("#+ summary: {}\n", quoted(summary));
    if parameters.iter().any(|parameter| label_of(lexicon, parameter).is_some()) {
        text.push_str("#+ params:\n");
    }
    for parameter in parameters {
        if let Some(label) = label_of(lexicon, parameter) {
            text.push_str(&format!("#+   {}: {{ label: {} }}\n", parameter.name, quoted(&label)));
        }
    }
    let minted = parameters.iter().filter_map(|p| Some((&p.name, p.minted.as_ref()?)));
    for (number, (name, words)) in minted.enumerate() {
        if number == 0 {
            text.push_str("#+ mint:\n");
        }
        text.push_str(&format!("#+   {name}: {}\n", quoted(words)));
    }
    for (prefix, namespace) in used {
        text.push_str(&format!("PREFIX {prefix}: <{namespace}>\n"));
    }
    text + "\nCONSTRUCT {\n" + &blocks.concat() + "} WHERE {}\n"
}

/// Returns what a parameter is, in words.
fn label_of(lexicon: &Lexicon<'_>, parameter: &ExampleParameter) -> Option<String> {
    match &parameter.term {
        Term::NamedNode(thing) => {
            let class = lexicon.types.of_thing(&thing.clone().into()).first()?;
            let noun = lexicon.short_name(class);
            let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
            let like = match parameter.minted {
                Some(_) => String::new(),
                None => format!(", like {}", lexicon.short_name(thing)),
            };
            Some(format!("{article} {noun}{like}"))
        }
        Term::Literal(literal) => {
            let datatype = literal.datatype();
            let kind = if DATES.contains(&datatype) {
                "a year, month or day"
            } else if xsd_name(datatype).is_some_and(is_numeric) {
                "a number"
            } else {
                "a text"
            };
            Some(format!("{kind}, like {}", literal.value()))
        }
        _ => None,
    }
}

/// Returns a text on one line, in quotation marks, as front matter has it.
fn quoted(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("\"{}\"", line.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns whether a parameter can have this name.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Returns the words of a label as the name of a parameter.
fn name_of(label: &str) -> String {
    let words = label.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let mut name = String::new();
    for word in words {
        let word = word.to_ascii_lowercase();
        match (name.is_empty(), word.split_at_checked(1)) {
            (false, Some((first, rest))) => name.push_str(&(first.to_ascii_uppercase() + rest)),
            _ => name.push_str(&word),
        }
    }
    name
}

/// Returns a name that no other parameter has.
fn unused(wanted: Option<String>, parameters: &[ExampleParameter]) -> String {
    let wanted = wanted.unwrap_or_else(|| "thing".to_owned());
    let is_used = |name: &String| parameters.iter().any(|known| known.name == *name);
    if !is_used(&wanted) {
        return wanted;
    }
    // One of these is free.
    let mut numbers = 2..=parameters.len() + 2;
    let number = numbers.find(|n| !is_used(&format!("{wanted}{n}"))).unwrap_or_default();
    format!("{wanted}{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_as_a_whole() {
        for (words, name, expected) in [
            ("office of Ada in Adams Club", "Ada", "office of {x} in Adams Club"),
            ("Ada and Ada", "Ada", "{x} and {x}"),
            ("club 10", "1", "club 10"),
            ("Tea", "", "Tea"),
            ("été (Ada)", "Ada", "été ({x})"),
        ] {
            assert_eq!(with_parameter(words, name, "x"), expected);
        }
    }

    #[test]
    fn labels_become_names_of_parameters() {
        assert_eq!(name_of("head of a Club"), "headOfAClub");
        assert_eq!(name_of("Amt (früher)"), "amtFrHer");
        assert!(is_name("since2") && !is_name("Since") && !is_name("a_b") && !is_name(""));
    }
}
