//! What a draft states, as triples.

use super::finding::{DraftFinding, DraftSyntax};
use super::lexicon::{Lexicon, TermRole};
use super::naming::Namespaces;
use super::turtle;
use crate::algebra::Binding;
use crate::author::draft::{Draft, DraftContent, DraftStatement};
use crate::catalogue::{Parameter, Pattern, PatternValues, ValueType};
use crate::diagnostic::{Diagnostic, error};
use crate::vocabulary::{LABELS, rdf, rdfs};
use oxigraph::model::{GraphName, NamedNode, Quad, Term, Triple};
use spargebra::term::Variable;
use std::collections::{HashMap, HashSet};

/// What a draft states, with what is wrong in it.
#[derive(Debug, Default)]
pub(super) struct Stated {
    /// The statements of the claim.
    pub triples: Vec<Triple>,
    /// Statements in Turtle, of the claim and of its head, in which the claim has no name yet.
    pub graph: Vec<Quad>,
    pub head: Vec<Quad>,
    /// The labels of things that patterns make.
    pub background: Vec<Quad>,
    pub findings: Vec<DraftFinding>,
}

/// Makes triples of what drafts say.
pub(super) struct Interpreter<'a> {
    lexicon: &'a Lexicon<'a>,
    namespaces: &'a Namespaces,
    patterns: HashMap<String, Result<Pattern, Vec<Diagnostic>>>,
    /// The things that patterns made and that have a label by now.
    labelled: HashSet<NamedNode>,
    /// The number of parts so far, which tells their blank nodes apart.
    parts: usize,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(lexicon: &'a Lexicon<'a>, namespaces: &'a Namespaces) -> Self {
        Self { lexicon, namespaces, patterns: HashMap::new(), labelled: HashSet::new(), parts: 0 }
    }

    /// Returns what a draft states. Its new things and terms must have been declared before.
    pub(super) fn stated(&mut self, draft: &Draft) -> Stated {
        let mut stated = Stated::default();
        for said in &draft.says {
            self.parts += 1;
            let problems = self.add(said, &mut stated).err().unwrap_or_default();
            let place = said.place.as_ref().or(draft.place.as_ref());
            stated.findings.extend(
                problems
                    .into_iter()
                    .map(|diagnostic| DraftFinding { place: place.cloned(), diagnostic }),
            );
        }
        stated
    }

    fn add(&mut self, said: &DraftStatement, stated: &mut Stated) -> Result<(), Vec<Diagnostic>> {
        let syntax = DraftSyntax::of(said.place.as_ref());
        match &said.content {
            DraftContent::Statement { subject, property, value } => {
                let triple =
                    self.statement([subject, property, value].map(|part| part.trim()), syntax)?;
                stated.triples.push(triple);
            }
            DraftContent::Pattern { name, arguments } => {
                let (triples, labels) = self.pattern(name.trim(), arguments, syntax)?;
                stated.triples.extend(triples);
                stated.background.extend(labels);
            }
            DraftContent::NewThing { .. }
            | DraftContent::NewClass { .. }
            | DraftContent::NewProperty { .. } => {}
            DraftContent::Turtle(text) => {
                stated.graph.extend(turtle::statements(text, self.lexicon.prefixes(), self.parts)?);
            }
            DraftContent::HeadTurtle(text) => {
                stated.head.extend(turtle::statements(text, self.lexicon.prefixes(), self.parts)?);
            }
        }
        Ok(())
    }

    fn statement(
        &self,
        [subject, property, value]: [&str; 3],
        syntax: DraftSyntax,
    ) -> Result<Triple, Vec<Diagnostic>> {
        let names = ["subject", "property", "value"];
        if let Some((_, name)) =
            [subject, property, value].iter().zip(names).find(|(part, _)| part.is_empty())
        {
            return Err(error!("statement-incomplete", "the statement has no {name}")
                .help("a statement is `SUBJECT | PROPERTY | VALUE`")
                .into());
        }
        let lexicon = self.lexicon;
        let found_subject = lexicon.find(subject, TermRole::Thing(&[]), syntax);
        let found_property = match property {
            "a" => Ok(rdf::TYPE.into_owned()),
            property => lexicon.find(property, TermRole::Property(Some(value)), syntax),
        };
        // A value can only be judged by its property.
        let found_value = match &found_property {
            Ok(property) => Some(lexicon.value(property, value, syntax)),
            Err(_) => None,
        };
        match (found_subject, found_property, found_value) {
            (Ok(subject), Ok(property), Some(Ok(value))) => {
                Ok(Triple::new(subject, property, value))
            }
            (subject, property, value) => {
                Err([subject.err(), property.err(), value.and_then(Result::err)]
                    .into_iter()
                    .flatten()
                    .collect())
            }
        }
    }

    /// Returns the statements of a pattern with arguments, and the labels of the things that it makes.
    fn pattern(
        &mut self,
        name: &str,
        arguments: &[(String, String)],
        syntax: DraftSyntax,
    ) -> Result<(Vec<Triple>, Vec<Quad>), Vec<Diagnostic>> {
        let catalogue = self.lexicon.session().catalogue();
        let pattern = self
            .patterns
            .entry(name.to_owned())
            .or_insert_with(|| catalogue.pattern(name).map_err(|error| error.problems));
        let pattern = pattern.as_ref().map_err(Clone::clone)?;
        let lexicon = self.lexicon;
        let mut resolve = |parameter: &Parameter, value: &str| {
            lexicon.find(value, role_of(pattern, parameter, lexicon), syntax)
        };
        let mut values = pattern.bind(arguments, &mut resolve).map_err(|error| error.problems)?;
        let mut problems = Vec::new();
        for (variable, binding) in &mut values {
            if let Err(problem) = typed(lexicon, pattern, variable, binding, syntax) {
                problems.push(problem);
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let minted = mint(lexicon, self.namespaces, pattern, &mut values);
        let triples = pattern.statements(&values, &format!("p{}", self.parts));
        let mut labels = Vec::new();
        for (thing, words) in minted {
            let says_label = triples.iter().any(|triple| {
                triple.subject == thing.clone().into()
                    && LABELS.contains(&triple.predicate.as_ref())
            });
            let is_new = lexicon.labels_of(&thing).is_empty() && !says_label;
            if is_new && self.labelled.insert(thing.clone()) {
                let label = lexicon.label(&words);
                labels.push(Quad::new(thing, rdfs::LABEL, label, GraphName::DefaultGraph));
            }
        }
        Ok((triples, labels))
    }
}

/// Gives new IRIs to the parameters that have none. Returns the things with the words that identify them.
fn mint(
    lexicon: &Lexicon<'_>,
    namespaces: &Namespaces,
    pattern: &Pattern,
    values: &mut PatternValues,
) -> Vec<(NamedNode, String)> {
    let mut minted = Vec::new();
    for (variable, template) in pattern.minted() {
        if values.get(variable) == Some(&Binding::Absent) {
            let words = filled(lexicon, template, pattern, values);
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(thing) = namespaces.thing_of(&words) {
                values.insert(variable.clone(), Binding::One(thing.clone().into()));
                minted.push((thing, words));
            }
        }
    }
    minted
}

/// Returns a template with the names of the values in place of the parameters in braces.
fn filled(
    lexicon: &Lexicon<'_>,
    template: &str,
    pattern: &Pattern,
    values: &PatternValues,
) -> String {
    let mut filled = String::new();
    let mut rest = template;
    let braces = |text: &'_ str| -> Option<(usize, usize)> {
        let start = text.find('{')?;
        Some((start, start + text[start..].find('}')?))
    };
    while let Some((start, end)) = braces(rest) {
        filled.push_str(&rest[..start]);
        let name = &rest[start + 1..end];
        let mut parameters = pattern.query.parameters.iter();
        let parameter = parameters.find(|parameter| parameter.declaration.name == name);
        let value = parameter.and_then(|parameter| values.get(&parameter.declaration.variable));
        if let Some(Binding::One(term)) = value {
            filled.push_str(&match term {
                Term::NamedNode(thing) => lexicon.short_name(thing),
                Term::Literal(literal) => literal.value().to_owned(),
                _ => String::new(),
            });
        }
        rest = &rest[end + 1..];
    }
    filled + rest
}

/// Gives the texts of a parameter without a type the type that the property tells.
fn typed(
    lexicon: &Lexicon<'_>,
    pattern: &Pattern,
    variable: &Variable,
    binding: &mut Binding,
    syntax: DraftSyntax,
) -> Result<(), Diagnostic> {
    let Some(parameter) = pattern.parameter(variable) else { return Ok(()) };
    if parameter.declaration.value_type != ValueType::String {
        return Ok(());
    }
    if let (Some(property), Binding::One(Term::Literal(text))) =
        (pattern.property_of(variable), &*binding)
    {
        let value = lexicon.value(property, text.value().trim(), syntax)?;
        *binding = Binding::One(value);
    }
    Ok(())
}

/// Returns what a parameter stands for.
fn role_of<'p>(
    pattern: &'p Pattern,
    parameter: &Parameter,
    lexicon: &'p Lexicon<'_>,
) -> TermRole<'p> {
    match pattern.property_of(&parameter.declaration.variable) {
        Some(property) if property.as_ref() == rdf::TYPE => TermRole::Class,
        Some(property) => TermRole::Thing(
            lexicon.rules.of_property(property).map_or(&[][..], |rule| rule.classes()),
        ),
        None => TermRole::Thing(&[]),
    }
}
