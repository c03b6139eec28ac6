//! Says why an answer is empty.

use super::counted;
use super::phrases::{Phrases, all, converted, list, many, plain, there_are};
use crate::algebra::Binding;
use crate::answer::Nothing;
use crate::catalogue::BoundQuery;
use crate::diagnose::{
    Cause, Diagnosis, Difference, Hint, Mismatch, Mistake, Role, TIME, Warning, counts,
};
use crate::diagnostic::{Diagnostic, Excerpt, Remark, Severity, did_you_mean_shown, nearest};
use crate::dossier::last_part;
use crate::printable::printable;
use crate::session::Session;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::Variable;
use std::time::Duration;

/// An empty answer with its diagnosis.
pub(crate) struct EmptyAnswer {
    nothing: Nothing,
    diagnosis: Diagnosis,
}

impl EmptyAnswer {
    /// Looks for the reason why there is nothing in an answer.
    pub(crate) fn diagnose(session: &Session, asked: &BoundQuery, nothing: Nothing) -> Self {
        // The answer is there, and is told whether or not its reason can be found.
        let unknown = Diagnosis { causes: Vec::new(), is_complete: true };
        let diagnosis = session.diagnose(asked, TIME).unwrap_or(unknown);
        Self { nothing, diagnosis }
    }

    /// Why there is nothing in it.
    pub(crate) const fn diagnosis(&self) -> &Diagnosis {
        &self.diagnosis
    }

    /// Says that there is nothing in the answer, and why.
    ///
    /// What a warning has said already is not said twice.
    pub(crate) fn in_words(
        &self,
        session: &Session,
        asked: &BoundQuery,
        warned: &[Warning],
    ) -> Vec<Diagnostic> {
        let mut all = Vec::new();
        let is_counting = !counts(&asked.query).is_empty();
        // A sum may be zero, and values may be no numbers: nothing is said unless there is a reason for none.
        if self.nothing == Nothing::AllZero && !is_counting && self.diagnosis.causes.is_empty() {
            return all;
        }
        let nothing = match self.nothing {
            Nothing::No => "no",
            Nothing::NoRows => "no rows",
            Nothing::NoTriples => "no triples",
            Nothing::AllZero if is_counting => "nothing to count",
            Nothing::AllZero => "nothing to aggregate",
        };
        let teller = Teller { phrases: Phrases { session }, asked };
        for (i, cause) in self.diagnosis.causes.iter().enumerate() {
            let words = reason(cause);
            let title = if i == 0 { format!("{nothing}: {words}") } else { format!("and {words}") };
            let is_said = warned.iter().any(|warning| {
                says_element(warning, cause) || cause.hints.iter().any(|hint| says(warning, hint))
            });
            let mut told = Diagnostic::of(Severity::Note, cause.reason.name(), title);
            if is_said {
                told.remarks.extend(matched(cause));
            } else {
                let (spans, context) = (&cause.element.spans, &cause.part.spans);
                told = told.at(Excerpt::of_all(&asked.origin, &asked.text, spans, context));
                told.remarks = teller.remarks(cause);
            }
            all.push(told);
        }
        if self.diagnosis.causes.is_empty() && self.nothing != Nothing::No {
            all.push(note(nothing));
        }
        if !self.diagnosis.is_complete {
            let time = seconds(TIME);
            all.push(note(format!("the diagnosis stopped after {time} and is incomplete")));
        }
        all
    }
}

fn note(message: impl Into<String>) -> Diagnostic {
    Diagnostic { severity: Severity::Note, ..Diagnostic::new(message) }
}

fn seconds(time: Duration) -> String {
    counted(usize::try_from(time.as_secs()).unwrap_or(usize::MAX), "second")
}

/// Whether a warning says why an element has no match: a variable in it has no value, or none there.
fn says_element(warning: &Warning, cause: &Cause) -> bool {
    match &warning.mistake {
        Mistake::NoValue { .. } | Mistake::OutOfScope { .. } => warning.spans.iter().any(|span| {
            cause.element.spans.iter().any(|e| e.start <= span.start && span.end <= e.end)
        }),
        _ => false,
    }
}

/// Whether a warning says what a hint does.
fn says(warning: &Warning, hint: &Hint) -> bool {
    match (&warning.mistake, hint) {
        (Mistake::Unknown { iri, .. }, Hint::Unknown { iri: other, .. })
        | (Mistake::NotAClass { iri, .. }, Hint::NotAClass { iri: other, .. }) => iri == other,
        (
            Mistake::NeverEqual { written, .. } | Mistake::OtherType { written, .. },
            Hint::Instead { written: other, .. },
        ) => written == other,
        (
            Mistake::OtherType { variable, written, .. },
            Hint::OtherType { variable: other, written: constant, .. },
        ) => variable == other && written == constant,
        (Mistake::Incomparable(found), Hint::OtherType { variable, .. }) => {
            found.variable == *variable
        }
        _ => false,
    }
}

struct Teller<'a> {
    phrases: Phrases<'a>,
    asked: &'a BoundQuery,
}

impl Teller<'_> {
    /// What is told below a reason.
    fn remarks(&self, cause: &Cause) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for (variable, value) in self.values_in(cause) {
            remarks.push(Remark::Note(format!("`{variable}` is {}", self.phrases.term(&value))));
        }
        remarks.extend(matched(cause));
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

    /// Explains that the data has the name of a declared term, in nearly the same namespace.
    fn of_namespace(&self, term: &NamedNode, role: Role) -> Option<String> {
        let session = self.phrases.session;
        if !session.store().capabilities().can_scan {
            return None;
        }
        let statistics = session.statistics().ok()?;
        let is_it = |other: &&NamedNode| {
            *other != term
                && other.as_str().ends_with(last_part(term.as_str()))
                && nearest(term.as_str(), [other.as_str()]).is_some()
        };
        let found = match role {
            Role::Predicate => statistics.properties.keys().find(is_it),
            Role::Class => statistics.classes.keys().find(is_it),
            Role::Graph | Role::Thing => None,
        };
        let other = self.phrases.iri(found?);
        Some(format!(
            "the data has {other}, so a file declares its prefix with another namespace; `dossier check` shows where"
        ))
    }

    fn hint(&self, hint: &Hint) -> Remark {
        use Remark::{Help, Note};
        match hint {
            Hint::RegexFlags { .. } | Hint::RegexPattern { .. } | Hint::NotText { .. } => {
                Help(self.error_of_function(hint))
            }
            Hint::NotAClass { iri, classes } => {
                let (what, fix) = self.phrases.not_a_class(iri, classes);
                Help(format!("{what}: {fix}"))
            }
            Hint::Unknown { iri, role, is_described, instead, others } => {
                let shown = self.phrases.iri(iri);
                let asked = self.asked.query.dataset().map_or("", |_| " in the graphs of `FROM`");
                let mut words = match role {
                    Role::Predicate => format!("no triple{asked} has the predicate {shown}"),
                    Role::Class => format!("nothing{asked} has the class {shown}"),
                    Role::Graph => format!("there is no graph {shown}"),
                    Role::Thing => format!("{shown} occurs nowhere{asked}"),
                };
                if *is_described {
                    words.push_str(", although the ontology declares it");
                }
                if let Some((instead, _)) = instead {
                    let meant = did_you_mean_shown(self.phrases.iri(instead));
                    return Help(format!("{words}: {meant}"));
                }
                if let Some(help) = self.of_namespace(iri, *role).filter(|_| *is_described) {
                    return Help(format!("{words}: {help}"));
                }
                match self.phrases.classes(others) {
                    Some(classes) => Help(format!("{words}: {classes}")),
                    None => Note(words),
                }
            }
            Hint::Narrower { iri, role, narrower } => {
                let below = self
                    .phrases
                    .some(&narrower.iter().cloned().map(Term::from).collect::<Vec<_>>(), false);
                let shown = self.phrases.iri(iri);
                let bare = shown.trim_matches('`').to_owned();
                Help(match role {
                    Role::Class => format!(
                        "nothing has the class {shown} itself, but its subclasses occur ({below}): write `a/rdfs:subClassOf* {bare}`"
                    ),
                    _ => format!(
                        "no triple has the predicate {shown} itself, but its sub-properties occur ({below})"
                    ),
                })
            }
            Hint::Instead { written, instead, difference } => {
                Help(self.instead(written, instead, *difference))
            }
            Hint::Others { written, values } => Note(format!(
                "it would match with {} instead of {}",
                self.phrases.values(values),
                self.phrases.term(written)
            )),
            Hint::Reversed { part, count } => Help(format!(
                "in the other direction, `{}`, {}",
                printable(&part.words),
                there_are(*count)
            )),
            Hint::SameThing { variable, part, count, .. } => Help(format!(
                "`{variable}` stands at two places, so both have to be the same; with two variables, `{}`, {}",
                printable(&part.words),
                there_are(*count)
            )),
            Hint::Between { variable, least, greatest } => {
                Note(format!("`{variable}` is between {} and {}", plain(least), plain(greatest)))
            }
            Hint::Among { variable, values } => {
                Note(format!("`{variable}` is {}", self.phrases.values(values)))
            }
            Hint::Languages { variable, tags } => {
                let names = tags.iter().map(|tag| match tag.as_str() {
                    "" => "none".to_owned(),
                    tag => format!("`{tag}`"),
                });
                Note(format!("the language tag of `{variable}` is {}", list(names)))
            }
            Hint::OtherType { variable, found, written } => {
                let mut words = format!(
                    "`{variable}` is {}, such as {}, which cannot be compared with {}",
                    self.phrases.kind(found),
                    self.phrases.term(found),
                    self.phrases.term(written)
                );
                if let Some(other) = converted(written, found) {
                    words.push_str(&format!(": write {}", self.phrases.term(&other)));
                }
                Help(words)
            }
            Hint::OtherSide { variable, one, other } => Help(format!(
                "`{variable}` is {} on one side, such as {}, and {} on the other, such as {}",
                self.phrases.kind(one),
                self.phrases.term(one),
                self.phrases.kind(other),
                self.phrases.term(other)
            )),
            Hint::WithoutGraph(count) => Help(format!("outside GRAPH, {}", there_are(*count))),
        }
    }

    /// Why a function is an error for every solution.
    fn error_of_function(&self, hint: &Hint) -> String {
        match hint {
            Hint::RegexFlags { flags } => format!(
                "the flags `{}` are invalid, so the condition is always an error: use `i` (ignore case), `s`, `m`, `x` or `q`",
                printable(flags)
            ),
            Hint::RegexPattern { pattern } => format!(
                "`{}` is not a valid regular expression, so the condition is always an error",
                printable(pattern)
            ),
            Hint::NotText { function, variable, found } => format!(
                "`{variable}` is {}, such as {}, and {function} needs text: write `STR({variable})`",
                self.phrases.kind(found),
                self.phrases.term(found)
            ),
            _ => String::new(),
        }
    }

    fn instead(&self, written: &Term, instead: &Term, difference: Difference) -> String {
        let (shown, found) = (self.phrases.term(written), self.phrases.term(instead));
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
                format!("{shown} is {}; the data has {found}", self.phrases.kind(written))
            }
            Difference::Case => format!("upper and lower case differ: the data has {found}"),
            Difference::Namespace => format!("the namespace differs: the data has {found}"),
            Difference::Spelling => did_you_mean_shown(found),
        }
    }
}

/// In which way a part has no match, in words.
fn reason(cause: &Cause) -> String {
    let element = printable(&cause.element.words);
    let count = cause.matched.as_ref().map(|(_, count)| *count);
    match &cause.reason {
        Mismatch::NoMatch => format!("nothing matches `{element}`"),
        Mismatch::NeverTogether(shared) => {
            let names: Vec<String> = shared.iter().map(|v| format!("`{v}`")).collect();
            let with = match names.as_slice() {
                [] => String::new(),
                names => format!(" with the same {}", names.join(" and ")),
            };
            format!("nothing matches `{}`{with}", printable(&cause.part.words))
        }
        Mismatch::Filter if count.is_none() => format!("`{element}` is never true here"),
        Mismatch::Filter | Mismatch::Minus => {
            format!("`{element}` removes {} before it", all(count, "match"))
        }
        Mismatch::Having => format!("`{element}` removes {}", all(count, "group")),
        Mismatch::NoLimit => format!("`{element}` asks for none"),
        Mismatch::Offset => format!("`{element}` skips {}", all(count, "row")),
        Mismatch::NoGraph => {
            match cause.hints.iter().any(|hint| matches!(hint, Hint::Unknown { .. })) {
                true => format!("the graph of `{element}` is empty"),
                false if element.starts_with("FROM") => {
                    format!("the graphs of `{element}` are empty")
                }
                false => format!("there are no named graphs for `{element}`"),
            }
        }
        Mismatch::NoData => format!("{element} has no triples"),
        Mismatch::NoValues => format!("`{element}` has no row"),
    }
}

/// What still matched.
fn matched(cause: &Cause) -> Option<Remark> {
    let is_told = matches!(cause.reason, Mismatch::Having | Mismatch::Offset);
    let (part, count) = cause.matched.as_ref().filter(|_| !is_told)?;
    let words = printable(&part.words);
    let is_named = part.spans.is_empty() && words.starts_with("the ");
    let quoted = if is_named { words.into_owned() } else { format!("`{words}`") };
    Some(Remark::Note(format!("{quoted} has {}", many(*count, "match"))))
}
