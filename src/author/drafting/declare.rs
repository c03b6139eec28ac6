//! Declares the new classes, properties and things of drafts before anything else is looked up, so that all drafts know
//! them.

use super::finding::{self, DraftFinding, DraftSyntax};
use super::lexicon::{Lexicon, TermRole};
use super::naming::Namespaces;
use super::takes::Takes;
use crate::author::draft::{Draft, DraftContent, DraftStatement};
use crate::check::PropertyRule;
use crate::diagnostic::Diagnostic;
use crate::vocabulary::{dos, owl, rdf, rdfs};
use oxigraph::model::{GraphName, NamedNode, NamedNodeRef, Quad, Term};
use std::collections::{HashMap, HashSet};

/// What a draft declares.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// Its new things.
    pub(super) background: Vec<Quad>,
    /// Its new classes and properties.
    pub(super) terms: Vec<Quad>,
    pub(super) findings: Vec<DraftFinding>,
}

/// What becomes of a declaration in a step. Each step is for declarations of one kind.
type Step = Result<Added, Diagnostic>;
type Act<'l, 's> = fn(&mut Declarer<'l, 's>, &DraftContent, DraftSyntax) -> Step;

/// What a declaration adds.
enum Added {
    Nothing,
    Background(Vec<Quad>),
    Terms(Vec<Quad>),
}

/// Declares what drafts declare. What two of them declare belongs to the first one. `alone` is how declarations are typed
/// that stand in no file.
pub(super) fn declare<'l, 's>(
    lexicon: &'l mut Lexicon<'s>,
    namespaces: &'l Namespaces,
    drafts: &[&Draft],
    alone: DraftSyntax,
) -> Vec<Declared> {
    let (wider, meanings, noted) = <_>::default();
    let mut declarer = Declarer { lexicon, namespaces, wider, meanings, noted };
    let mut declared: Vec<Declared> = drafts.iter().map(|_| Declared::default()).collect();
    // Each step needs those before it.
    let steps: [Act<'l, 's>; 4] =
        [Declarer::class, Declarer::wider_class, Declarer::property, Declarer::thing];
    for step in steps {
        for (draft, declared) in drafts.iter().zip(&mut declared) {
            for said in draft.says.iter().filter(|said| said.content.is_declaration()) {
                let DraftStatement { place, content } = said;
                let syntax = place.as_ref().map_or(alone, |_| DraftSyntax::Line);
                match step(&mut declarer, content, syntax) {
                    Ok(Added::Nothing) => {}
                    Ok(Added::Background(quads)) => declared.background.extend(quads),
                    Ok(Added::Terms(quads)) => declared.terms.extend(quads),
                    Err(diagnostic) => {
                        let place = place.as_ref().or(draft.place.as_ref()).cloned();
                        declared.findings.push(DraftFinding { place, diagnostic });
                    }
                }
            }
        }
        declarer.lexicon.update_rules();
    }
    declared
}

struct Declarer<'l, 's> {
    lexicon: &'l mut Lexicon<'s>,
    namespaces: &'l Namespaces,
    /// The new classes, each with the wider one.
    wider: HashMap<NamedNode, Option<NamedNode>>,
    /// The new properties, each with what it takes and the class of the things that have it.
    meanings: HashMap<NamedNode, (Takes, Option<NamedNode>)>,
    /// The terms of which was said that the ontology has them.
    noted: HashSet<NamedNode>,
}

impl Declarer<'_, '_> {
    fn class(&mut self, content: &DraftContent, _: DraftSyntax) -> Step {
        let DraftContent::NewClass { label, .. } = content else { return Ok(Added::Nothing) };
        if let Some(known) = self.known(label, TermRole::Class)? {
            return if self.wider.contains_key(&known) {
                Ok(Added::Nothing)
            } else {
                self.note(label, known)
            };
        }
        let class = self.namespaces.new_class(self.lexicon, label)?;
        self.wider.insert(class.clone(), None);
        let kind = quad(&class, rdf::TYPE, owl::CLASS);
        Ok(Added::Terms(self.added(&class, label, vec![kind])))
    }

    fn wider_class(&mut self, content: &DraftContent, syntax: DraftSyntax) -> Step {
        let DraftContent::NewClass { label, under: Some(under) } = content else {
            return Ok(Added::Nothing);
        };
        let wider = self.lexicon.find(under, TermRole::Class, syntax)?;
        let Some(class) = self.known(label, TermRole::Class)? else { return Ok(Added::Nothing) };
        let shown = |wider: Option<&NamedNode>| {
            let wider = wider.map(|wider| format!(" | {}", self.lexicon.short_name(wider)));
            format!("{label} | class{}", wider.unwrap_or_default())
        };
        match self.wider.get(&class) {
            Some(None) => {
                let statement = quad(&class, rdfs::SUB_CLASS_OF, wider.as_ref());
                self.lexicon.add_quads(std::slice::from_ref(&statement));
                self.wider.insert(class, Some(wider));
                Ok(Added::Terms(vec![statement]))
            }
            Some(Some(known)) if *known == wider => Ok(Added::Nothing),
            None if self.lexicon.rules.is_subclass(&class, std::slice::from_ref(&wider)) => {
                Ok(Added::Nothing)
            }
            known => {
                let known = shown(known.and_then(Option::as_ref));
                Err(finding::declared_otherwise(label, &known, &shown(Some(&wider))))
            }
        }
    }

    fn property(&mut self, content: &DraftContent, syntax: DraftSyntax) -> Step {
        let DraftContent::NewProperty { label, takes, of } = content else {
            return Ok(Added::Nothing);
        };
        let takes = self.lexicon.takes(takes, syntax)?;
        let of =
            of.as_ref().map(|of| self.lexicon.find(of, TermRole::Class, syntax)).transpose()?;
        if let Some(known) = self.known(label, TermRole::Property(None))? {
            let (is_same, meaning) = match self.meanings.get(&known) {
                Some(meaning) => (
                    (&meaning.0, of.as_ref().or(meaning.1.as_ref()))
                        == (&takes, meaning.1.as_ref()),
                    Some(meaning),
                ),
                None => (self.lexicon.allows(&known, &takes, of.as_ref()), None),
            };
            return match meaning {
                Some(_) if is_same => Ok(Added::Nothing),
                None if is_same => self.note(label, known),
                _ => {
                    let known = self.shown(label, &known, meaning);
                    let wanted = self.shown_as(label, &takes, of.as_ref());
                    Err(finding::declared_otherwise(label, &known, &wanted))
                }
            };
        }
        let property = self.namespaces.new_property(self.lexicon, label)?;
        let kind = match takes {
            Takes::Things(_) => owl::OBJECT_PROPERTY,
            _ => owl::DATATYPE_PROPERTY,
        };
        let mut quads = vec![quad(&property, rdf::TYPE, kind)];
        if takes == Takes::Dates {
            quads.push(quad(&property, rdfs::SUB_PROPERTY_OF, dos::DATE));
        }
        let range = takes.range().map(|range| quad(&property, rdfs::RANGE, range));
        let domain = of.clone().map(|class| quad(&property, rdfs::DOMAIN, class));
        quads.extend(domain.into_iter().chain(range));
        self.meanings.insert(property.clone(), (takes, of));
        Ok(Added::Terms(self.added(&property, label, quads)))
    }

    /// Declares a thing, unless one of the same class has this label already.
    fn thing(&mut self, content: &DraftContent, syntax: DraftSyntax) -> Step {
        let DraftContent::NewThing { label, class } = content else { return Ok(Added::Nothing) };
        let (label, class) = (label.trim(), class.trim());
        let lexicon = &mut *self.lexicon;
        let class = lexicon.find(class, TermRole::Class, syntax)?;
        let known = lexicon.called(label, TermRole::Thing(&[]));
        if let Some(thing) = known.iter().find(|thing| !lexicon.is_term(thing)) {
            let is_same = lexicon.rules.is_of(thing, &[vec![class.clone()]], &lexicon.types);
            return if is_same {
                Ok(Added::Nothing)
            } else {
                Err(finding::already_known(label, &lexicon.show(thing)))
            };
        }
        let thing: NamedNode = self.namespaces.new_thing(lexicon, label)?;
        lexicon.add_thing(&thing, label, &class);
        Ok(Added::Background(lexicon.background_of(&thing, label, class)))
    }

    /// Returns the class or property with a label.
    fn known(&self, label: &str, role: TermRole<'_>) -> Result<Option<NamedNode>, Diagnostic> {
        if self.lexicon.iri(label).is_some() {
            return Err(finding::name_for_label(label));
        }
        match self.lexicon.called(label, role).as_slice() {
            [] => Ok(None),
            [known] => Ok(Some((*known).clone())),
            several => {
                let shown: Vec<String> = several.iter().map(|iri| self.lexicon.show(iri)).collect();
                Err(finding::ambiguous(label, &shown))
            }
        }
    }

    /// Notes once that the ontology has a term.
    fn note(&mut self, label: &str, term: NamedNode) -> Step {
        let shown = self.lexicon.show(&term);
        if self.noted.insert(term) {
            Err(finding::declared(label, &shown))
        } else {
            Ok(Added::Nothing)
        }
    }

    /// Adds the label to the statements of a new term, and makes it known.
    fn added(&mut self, term: &NamedNode, label: &str, mut quads: Vec<Quad>) -> Vec<Quad> {
        quads.push(quad(term, rdfs::LABEL, self.lexicon.label(label)));
        self.lexicon.add_term(term, label, &quads);
        quads
    }

    /// Shows the declaration of a property that is known.
    fn shown(
        &self,
        label: &str,
        property: &NamedNode,
        meaning: Option<&(Takes, Option<NamedNode>)>,
    ) -> String {
        let lexicon = &*self.lexicon;
        if let Some((takes, of)) = meaning {
            return self.shown_as(label, takes, of.as_ref());
        }
        let domains = lexicon.rules.of_property(property).map(PropertyRule::domains);
        let of = domains.and_then(|domains| domains.first()?.first());
        self.shown_as(label, &lexicon.known_takes(property), of)
    }

    fn shown_as(&self, label: &str, takes: &Takes, of: Option<&NamedNode>) -> String {
        let takes = self.lexicon.show_takes(takes);
        let of = of.map(|of| format!(" | {}", self.lexicon.short_name(of))).unwrap_or_default();
        format!("{label} | property | {takes}{of}")
    }
}

fn quad(term: &NamedNode, property: NamedNodeRef<'_>, value: impl Into<Term>) -> Quad {
    Quad::new(term.clone(), property, value, GraphName::DefaultGraph)
}
