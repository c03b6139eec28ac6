//! Says why an answer is empty.

use crate::report;
use clap::Args;
use dossier::answer::Nothing;
use dossier::diagnose::{Cause, Count, Diagnosis, Difference, Hint, Reason, Role, TIME, Values};
use dossier::query::{Asked, Binding};
use dossier::results::printable;
use dossier::session::Session;
use dossier::vocabulary::xsd;
use oxigraph::model::{Literal, NamedNode, Term};
use oxigraph::sparql::Variable;
use std::time::Duration;

/// Whether the reason of an empty answer is looked for.
#[derive(Debug, Args)]
pub struct DiagnoseOptions {
    /// Do not look for the reason when there is no answer
    #[arg(long, help_heading = "The answer")]
    no_diagnose: bool,
}

impl DiagnoseOptions {
    /// The reason why there is nothing in an answer, unless it is not wanted.
    pub fn diagnose(
        &self,
        session: &Session,
        asked: &Asked,
        nothing: Nothing,
        quiet: bool,
    ) -> anyhow::Result<Option<Diagnosed>> {
        if quiet || self.no_diagnose {
            return Ok(None);
        }
        Ok(Some(Diagnosed { nothing, diagnosis: session.diagnose(asked, TIME)? }))
    }
}

/// An answer with nothing in it, and why.
pub struct Diagnosed {
    nothing: Nothing,
    diagnosis: Diagnosis,
}

impl Diagnosed {
    /// Why there is nothing in it.
    pub const fn diagnosis(&self) -> &Diagnosis {
        &self.diagnosis
    }

    /// Says that there is nothing in the answer, and why.
    pub fn tell(&self, session: &Session, asked: &Asked) {
        let nothing = match self.nothing {
            Nothing::No => "no",
            Nothing::NoRows => "no rows",
            Nothing::NoTriples => "no triples",
            Nothing::AllZero => "nothing to count",
        };
        let teller = Teller { session, asked };
        for (i, cause) in self.diagnosis.causes.iter().enumerate() {
            let reason = teller.reason(cause);
            let title =
                if i == 0 { format!("{nothing}: {reason}") } else { format!("and {reason}") };
            let (first, all) = (&cause.element.spans, &cause.part.spans);
            report::explained(&title, asked, first, all, &teller.remarks(cause));
        }
        if self.diagnosis.causes.is_empty() && self.nothing != Nothing::No {
            report::note(nothing);
        }
        if !self.diagnosis.is_complete {
            let time = seconds(TIME);
            report::note(&format!(
                "the reason was looked for in {time}, and not all of it was found"
            ));
        }
    }
}

fn seconds(time: Duration) -> String {
    report::counted(usize::try_from(time.as_secs()).unwrap_or(usize::MAX), "second")
}

struct Teller<'a> {
    session: &'a Session,
    asked: &'a Asked,
}

impl Teller<'_> {
    fn reason(&self, cause: &Cause) -> String {
        let element = printable(&cause.element.words);
        let count = cause.matched.as_ref().map(|(_, count)| *count);
        match &cause.reason {
            Reason::NoMatch => format!("nothing matches `{element}`"),
            Reason::NeverTogether(shared) => {
                let names: Vec<String> = shared.iter().map(|v| format!("`{v}`")).collect();
                let with = match names.as_slice() {
                    [] => String::new(),
                    names => format!(" with the same {}", names.join(" and ")),
                };
                format!("nothing matches `{}`{with}", printable(&cause.part.words))
            }
            Reason::Filter | Reason::Minus => {
                format!("`{element}` removes {} before it", all(count, "match"))
            }
            Reason::Having => format!("`{element}` removes {}", all(count, "group")),
            Reason::NoLimit => format!("`{element}` asks for none"),
            Reason::Offset => format!("`{element}` skips {}", all(count, "row")),
            Reason::NoGraph => {
                match cause.hints.iter().any(|hint| matches!(hint, Hint::Unknown { .. })) {
                    true => format!("nothing stands in the graph of `{element}`"),
                    false if element.starts_with("FROM") => {
                        format!("nothing stands in the graphs of `{element}`")
                    }
                    false => format!("there are no named graphs for `{element}`"),
                }
            }
            Reason::NoValues => format!("`{element}` has no row"),
        }
    }

    /// What is told below a reason: whether it is advice, and its words.
    fn remarks(&self, cause: &Cause) -> Vec<(report::Remark, String)> {
        let mut remarks = Vec::new();
        for (variable, value) in self.values_in(cause) {
            remarks.push((report::Remark::Note, format!("`{variable}` is {}", self.term(&value))));
        }
        let is_told = matches!(cause.reason, Reason::Having | Reason::Offset);
        if let Some((part, count)) = &cause.matched
            && !is_told
        {
            let words = printable(&part.words);
            let quoted = if part.spans.is_empty() && words.starts_with("the ") {
                words.into_owned()
            } else {
                format!("`{words}`")
            };
            remarks.push((report::Remark::Note, format!("{quoted} has {}", many(*count, "match"))));
        }
        remarks.extend(cause.hints.iter().map(|hint| self.hint(hint)));
        remarks
    }

    /// The parameters in a part, and their values.
    fn values_in(&self, cause: &Cause) -> Vec<(Variable, Term)> {
        let text = &self.asked.text;
        let has = |variable: &Variable| {
            let is_it = |span: &std::ops::Range<usize>| {
                text.get(span.clone()).is_some_and(|words| words.contains(&variable.to_string()))
            };
            cause.part.words.contains(&variable.to_string()) || cause.part.spans.iter().any(is_it)
        };
        let mut values: Vec<(Variable, Term)> = self
            .asked
            .values
            .iter()
            .filter_map(|(variable, binding)| match binding {
                Binding::One(value) if has(variable) => Some((variable.clone(), value.clone())),
                _ => None,
            })
            .collect();
        values.sort_by(|a, b| a.0.cmp(&b.0));
        values
    }

    fn hint(&self, hint: &Hint) -> (report::Remark, String) {
        use report::Remark::{Help, Note};
        match hint {
            Hint::Unknown { iri, role, is_described, instead } => {
                let shown = self.iri(iri);
                let mut words = match role {
                    Role::Predicate => format!("no triple has the predicate {shown}"),
                    Role::Class => format!("nothing has the class {shown}"),
                    Role::Graph => format!("there is no graph {shown}"),
                    Role::Thing => format!("{shown} occurs nowhere"),
                };
                if *is_described {
                    words.push_str(", although the ontology has it");
                }
                if let Some((instead, _)) = instead {
                    words.push_str(&format!(": did you mean {}?", self.iri(instead)));
                    return (Help, words);
                }
                (Note, words)
            }
            Hint::Narrower { iri, role, narrower } => {
                let below =
                    self.some(&narrower.iter().cloned().map(Term::from).collect::<Vec<_>>(), false);
                let shown = self.iri(iri);
                let bare = shown.trim_matches('`').to_owned();
                match role {
                    Role::Class => (
                        Help,
                        format!(
                            "nothing has the class {shown} itself, but its subclasses are used, {below}: write `a/rdfs:subClassOf* {bare}`"
                        ),
                    ),
                    _ => (
                        Help,
                        format!(
                            "no triple has the predicate {shown} itself, but its sub-properties are used, {below}"
                        ),
                    ),
                }
            }
            Hint::Instead { written, instead, difference } => {
                (Help, self.instead(written, instead, *difference))
            }
            Hint::Others { written, values } => (
                Note,
                format!(
                    "it would match with {} in the place of {}",
                    self.values(values),
                    self.term(written)
                ),
            ),
            Hint::Reversed { part, count } => (
                Help,
                format!("the other way round, `{}`, {}", printable(&part.words), there_are(*count)),
            ),
            Hint::Between { variable, least, greatest } => {
                (Note, format!("`{variable}` is between {} and {}", plain(least), plain(greatest)))
            }
            Hint::Among { variable, values } => {
                (Note, format!("`{variable}` is {}", self.values(values)))
            }
            Hint::Languages { variable, tags } => {
                let names = tags.iter().map(|tag| match tag.as_str() {
                    "" => "none".to_owned(),
                    tag => format!("`{tag}`"),
                });
                (Note, format!("the language tag of `{variable}` is {}", list(names)))
            }
            Hint::OtherType { variable, found, written } => {
                let mut words = format!(
                    "`{variable}` is {}, such as {}, which is never compared with {}",
                    self.kind(found),
                    self.term(found),
                    self.term(written)
                );
                if let Some(other) = converted(written, found) {
                    words.push_str(&format!(": write {}", self.term(&other)));
                }
                (Help, words)
            }
            Hint::OtherSide { variable, one, other } => (
                Help,
                format!(
                    "`{variable}` is {} on one side, such as {}, and {} on the other, such as {}",
                    self.kind(one),
                    self.term(one),
                    self.kind(other),
                    self.term(other)
                ),
            ),
            Hint::WithoutGraph(count) => (Help, format!("outside of GRAPH {}", there_are(*count))),
        }
    }

    fn instead(&self, written: &Term, instead: &Term, difference: Difference) -> String {
        let (shown, found) = (self.term(written), self.term(instead));
        match difference {
            Difference::Language => match written {
                Term::Literal(literal) => match literal.language() {
                    Some(tag) => {
                        format!("nothing has the language tag `{tag}` here; the data has {found}")
                    }
                    None => format!("{shown} has no language tag; the data has {found}"),
                },
                _ => format!("the data has {found}"),
            },
            Difference::Datatype => {
                format!("{shown} is {}; the data has {found}", self.kind(written))
            }
            Difference::Case => format!("upper and lower case differ: the data has {found}"),
            Difference::Namespace => format!("the namespace differs: the data has {found}"),
            Difference::Spelling => format!("did you mean {found}?"),
        }
    }

    fn values(&self, values: &Values) -> String {
        self.some(&values.terms, values.has_more)
    }

    /// Some terms, and whether there are more.
    fn some(&self, terms: &[Term], has_more: bool) -> String {
        let most = 3;
        let mut words: Vec<String> = terms.iter().take(most).map(|term| self.term(term)).collect();
        if has_more || terms.len() > most {
            words.push("others".to_owned());
        }
        list(words)
    }

    fn iri(&self, iri: &NamedNode) -> String {
        format!("`{}`", printable(&self.session.prefixes().show(iri)))
    }

    /// A term, and what it is called if that is not what it looks like.
    fn term(&self, term: &Term) -> String {
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

    fn kind(&self, term: &Term) -> String {
        match term {
            Term::NamedNode(_) => "an IRI".to_owned(),
            Term::BlankNode(_) => "a blank node".to_owned(),
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
fn plain(term: &Term) -> String {
    match term {
        Term::Literal(literal) => printable(literal.value()).into_owned(),
        term => term.to_string(),
    }
}

/// What is written as a literal of the type of another one, if it can be one.
fn converted(written: &Term, like: &Term) -> Option<Term> {
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

fn many(count: Count, noun: &str) -> String {
    let noun = match (count.number, noun) {
        (1, noun) => noun.to_owned(),
        (_, "match") => "matches".to_owned(),
        (_, noun) => format!("{noun}s"),
    };
    let more = if count.has_more { "more than " } else { "" };
    format!("{more}{} {noun}", count.number)
}

/// `the one match`, `all 12 matches`.
fn all(count: Option<Count>, noun: &str) -> String {
    match count {
        Some(Count { number: 1, has_more: false }) => format!("the one {noun}"),
        Some(count) if count.has_more => many(count, noun),
        Some(count) => format!("all {}", many(count, noun)),
        None => format!("every {noun}"),
    }
}

fn there_are(count: Count) -> String {
    let verb = if count.number == 1 { "is" } else { "are" };
    format!("there {verb} {}", many(count, "match"))
}

/// Words with commas and an `or`.
fn list(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}
