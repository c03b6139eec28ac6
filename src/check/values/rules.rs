//! Which values an ontology allows: what kind of value a property has, and of which datatype or class its values and
//! subjects are.
//!
//! [`ValueRules`] decides about one statement and knows no files. It is silent about whatever is not declared: a
//! property without a range, a class or datatype of another vocabulary, a thing whose types are unknown.

use super::hierarchy::{Classes, Types};
use super::meant::TermKind;
use super::suffix::is_inside;
use crate::vocabulary::{
    LexicalFault, check_lexical_form, dos, is_derived, is_xsd_datatype, lexical_form, owl, rdf,
    rdfs, xsd, xsd_name,
};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet};

/// The datatypes of a date. `dos:date` and its sub-properties have all three as their range.
const DATES: [NamedNodeRef<'static>; 3] = [xsd::G_YEAR, xsd::G_YEAR_MONTH, xsd::DATE];

/// The datatypes outside of XML Schema.
const OTHER_DATATYPES: [NamedNodeRef<'static>; 3] = [rdf::LANG_STRING, rdf::JSON, rdfs::LITERAL];

/// What an ontology says about values.
#[derive(Debug, Default)]
pub(crate) struct ValueRules {
    properties: FxHashMap<NamedNode, PropertyRule>,
    pub(super) classes: Classes,
}

/// What kind of values a property has.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    #[default]
    Unknown,
    Literals,
    Things,
    /// Both are said.
    Either,
}

/// What an ontology says about the values of a property. Several ranges hold at once; each is a choice of classes or
/// datatypes.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct PropertyRule {
    kind: ValueKind,
    /// The ranges that are datatypes.
    datatypes: Vec<Vec<NamedNode>>,
    /// The ranges that are classes.
    classes: Vec<Vec<NamedNode>>,
    /// The classes of the subjects.
    domains: Vec<Vec<NamedNode>>,
}

/// Why a value is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ValueFault<'a> {
    /// A literal, where a property of RDF Schema or OWL has a class, a property or another thing.
    TextForTerm(TermKind),
    /// A literal, where a thing of one of the classes is due. None may be declared.
    LiteralForThing(&'a [NamedNode]),
    /// A thing, where a literal of one of the datatypes is due. None may be declared.
    ThingForLiteral(&'a [NamedNode]),
    /// A literal of a datatype that XML Schema does not have.
    UnknownDatatype,
    /// A string that ends with its language tag or datatype.
    Suffix,
    /// A literal that is not a lexical form of its datatype.
    LexicalForm(LexicalFault),
    /// A literal of another datatype than these.
    Datatype(&'a [NamedNode]),
    /// A thing of other classes than these.
    Class(&'a [NamedNode]),
    /// A subject of other classes than these.
    Domain(&'a [NamedNode]),
    /// A subject and an object that would both be right the other way round.
    Turned,
}

impl ValueRules {
    /// Reads the rules from the statements of an ontology.
    pub(crate) fn of<'a>(quads: impl Iterator<Item = &'a Quad> + Clone) -> Self {
        let classes = Classes::of(quads.clone());
        let mut direct: FxHashMap<NamedNode, PropertyRule> = FxHashMap::default();
        let mut wider: FxHashMap<NamedNode, Vec<NamedNode>> = FxHashMap::default();
        let datatypes = declared_datatypes(quads.clone());
        for quad in quads {
            let NamedOrBlankNode::NamedNode(property) = &quad.subject else { continue };
            match (quad.predicate.as_ref(), &quad.object) {
                (rdf::TYPE, Term::NamedNode(class)) if class.as_ref() == owl::OBJECT_PROPERTY => {
                    direct.entry(property.clone()).or_default().restrict(ValueKind::Things);
                }
                (rdf::TYPE, Term::NamedNode(class)) if class.as_ref() == owl::DATATYPE_PROPERTY => {
                    direct.entry(property.clone()).or_default().restrict(ValueKind::Literals);
                }
                (rdfs::SUB_PROPERTY_OF, Term::NamedNode(other)) => {
                    wider.entry(property.clone()).or_default().push(other.clone());
                }
                (rdfs::RANGE, range) => {
                    let range = classes.alternatives(range);
                    direct
                        .entry(property.clone())
                        .or_default()
                        .add_range(range, &classes, &datatypes);
                }
                (rdfs::DOMAIN, domain) => {
                    let domain = classes.alternatives(domain);
                    if classes.are_declared(&domain) {
                        direct.entry(property.clone()).or_default().domains.push(domain);
                    }
                }
                _ => {}
            }
        }
        let date = direct.entry(dos::DATE.into_owned()).or_default();
        date.datatypes.push(DATES.map(NamedNodeRef::into_owned).to_vec());
        date.restrict(ValueKind::Literals);
        Self { properties: inherited(&direct, &wider), classes }
    }

    /// Returns what is wrong with a statement: with its value first, then with its subject. `types` are the types of
    /// all things.
    pub(crate) fn faults(&self, quad: &Quad, types: &Types) -> Vec<ValueFault<'_>> {
        let rule = self.properties.get(&quad.predicate);
        let is_unknown_range = quad.predicate.as_ref() == rdfs::RANGE
            && matches!(&quad.object, Term::NamedNode(range)
                if xsd_name(range.as_ref()).is_some_and(|name| !is_xsd_datatype(name)));
        let term = TermKind::of(quad.predicate.as_ref()).filter(|_| quad.object.is_literal());
        let value = if let Some(kind) = term {
            Some(ValueFault::TextForTerm(kind))
        } else if is_unknown_range {
            Some(ValueFault::UnknownDatatype)
        } else {
            // (The words of a quote are those of its document.)
            let may_be_suffix = quad.predicate.as_ref() != dos::QUOTE && is_inside(&quad.object);
            let suffix = may_be_suffix.then_some(ValueFault::Suffix);
            self.value_fault(rule, &quad.object, types).or(suffix)
        };
        let subject = rule.and_then(|rule| {
            let wrong = self.other_class(&rule.domains, &quad.subject, types)?;
            Some(ValueFault::Domain(wrong))
        });
        if let (Some(rule), Some(ValueFault::Class(_)), Some(_)) = (rule, &value, &subject)
            && self.fits_turned(rule, quad, types)
        {
            return vec![ValueFault::Turned];
        }
        value.into_iter().chain(subject).collect()
    }

    /// Returns what is said about the values of a property.
    pub(crate) fn of_property(&self, property: &NamedNode) -> Option<&PropertyRule> {
        self.properties.get(property)
    }

    /// Returns whether the subject of a statement is known to be a value of its property, and the object a subject.
    fn fits_turned(&self, rule: &PropertyRule, quad: &Quad, types: &Types) -> bool {
        match (&quad.subject, &quad.object) {
            (NamedOrBlankNode::NamedNode(subject), Term::NamedNode(object)) => {
                self.is_of(subject, &rule.classes, types)
                    && self.is_of(object, &rule.domains, types)
            }
            _ => false,
        }
    }

    /// Returns whether a thing is known to belong to one of each of these choices of classes.
    pub(crate) fn is_of(
        &self,
        thing: &NamedNode,
        choices: &[Vec<NamedNode>],
        types: &Types,
    ) -> bool {
        let types = types.of_thing(&thing.clone().into());
        let is_in = |choice: &Vec<NamedNode>| {
            types.iter().any(|class| self.classes.is_below(class, choice))
        };
        choices.iter().all(is_in)
    }

    /// Returns whether a class is one of several classes, or a subclass of one.
    pub(crate) fn is_subclass(&self, class: &NamedNode, classes: &[NamedNode]) -> bool {
        self.classes.is_below(class, classes)
    }

    fn value_fault<'a>(
        &'a self,
        rule: Option<&'a PropertyRule>,
        value: &Term,
        types: &Types,
    ) -> Option<ValueFault<'a>> {
        let kind = rule.map_or(ValueKind::Unknown, |rule| rule.kind);
        let first = |ranges: &'a [Vec<NamedNode>]| ranges.first().map_or(&[][..], Vec::as_slice);
        match (value, rule) {
            (Term::Literal(_), Some(rule)) if kind == ValueKind::Things => {
                Some(ValueFault::LiteralForThing(first(&rule.classes)))
            }
            (Term::Literal(literal), _)
                if xsd_name(literal.datatype()).is_some_and(|name| !is_xsd_datatype(name)) =>
            {
                Some(ValueFault::UnknownDatatype)
            }
            (Term::Literal(literal), _) => {
                if let Err(fault) = lexical_form(literal) {
                    return Some(ValueFault::LexicalForm(fault));
                }
                let is_other = |range: &&Vec<NamedNode>| !is_of(literal, range);
                rule?.datatypes.iter().find(is_other).map(|range| ValueFault::Datatype(range))
            }
            (_, Some(rule)) if kind == ValueKind::Literals => {
                Some(ValueFault::ThingForLiteral(first(&rule.datatypes)))
            }
            (Term::NamedNode(thing), Some(rule)) => {
                let thing = thing.clone().into();
                self.other_class(&rule.classes, &thing, types).map(ValueFault::Class)
            }
            (Term::BlankNode(thing), Some(rule)) => {
                let thing = thing.clone().into();
                self.other_class(&rule.classes, &thing, types).map(ValueFault::Class)
            }
            _ => None,
        }
    }

    /// Returns the first of several choices of classes to none of which a thing belongs. A thing may belong to all of
    /// them if it has no type, or one that is not declared.
    fn other_class<'a>(
        &self,
        choices: &'a [Vec<NamedNode>],
        thing: &NamedOrBlankNode,
        types: &Types,
    ) -> Option<&'a [NamedNode]> {
        if choices.is_empty() {
            return None;
        }
        let types = types.of_thing(thing);
        if types.is_empty() || !self.classes.are_declared(types) {
            return None;
        }
        let is_in = |choice: &&Vec<NamedNode>| {
            types.iter().any(|class| self.classes.is_below(class, choice))
        };
        choices.iter().find(|choice| !is_in(choice)).map(Vec::as_slice)
    }
}

impl PropertyRule {
    /// Returns whether its values are things.
    pub(crate) fn has_things(&self) -> bool {
        self.kind == ValueKind::Things
    }

    /// Returns whether its values are literals.
    pub(crate) fn has_literals(&self) -> bool {
        self.kind == ValueKind::Literals
    }

    /// Returns the choices of datatypes, all of which hold.
    pub(crate) fn datatypes(&self) -> &[Vec<NamedNode>] {
        &self.datatypes
    }

    /// Returns the choices of classes, all of which hold.
    pub(crate) fn classes(&self) -> &[Vec<NamedNode>] {
        &self.classes
    }

    /// Returns the choices of classes of its subjects, all of which hold.
    pub(crate) fn domains(&self) -> &[Vec<NamedNode>] {
        &self.domains
    }

    /// Returns whether a literal has a valid form and belongs to its datatypes.
    pub(crate) fn accepts(&self, literal: &Literal) -> bool {
        lexical_form(literal).is_ok() && self.datatypes.iter().all(|range| is_of(literal, range))
    }

    /// Adds what kind of values there are.
    fn restrict(&mut self, kind: ValueKind) {
        self.kind = match (self.kind, kind) {
            (ValueKind::Unknown, kind) => kind,
            (known, ValueKind::Unknown) => known,
            (known, kind) if known == kind => known,
            _ => ValueKind::Either,
        };
    }

    fn add_range(
        &mut self,
        range: Vec<NamedNode>,
        classes: &Classes,
        datatypes: &FxHashSet<&NamedNode>,
    ) {
        let is_datatype = |iri: &NamedNode| is_datatype(iri.as_ref()) || datatypes.contains(iri);
        if !range.is_empty() && range.iter().all(is_datatype) {
            self.restrict(ValueKind::Literals);
            // What belongs to a datatype of the ontology's own is not known.
            let is_known = |iri: &NamedNode| is_datatype(iri) && iri.as_ref() != rdfs::LITERAL;
            if range.iter().all(|iri| is_known(iri) && !datatypes.contains(iri)) {
                self.datatypes.push(range);
            }
        } else if classes.are_declared(&range) {
            self.restrict(ValueKind::Things);
            self.classes.push(range);
        }
    }
}

/// Gives each property the rules of those that are wider.
fn inherited(
    direct: &FxHashMap<NamedNode, PropertyRule>,
    wider: &FxHashMap<NamedNode, Vec<NamedNode>>,
) -> FxHashMap<NamedNode, PropertyRule> {
    let properties: FxHashSet<&NamedNode> = direct.keys().chain(wider.keys()).collect();
    let with_wider = |property: &NamedNode| {
        let mut rule = direct.get(property).cloned().unwrap_or_default();
        for other in above(property, wider).iter().skip(1).filter_map(|other| direct.get(*other)) {
            rule.restrict(other.kind);
            rule.datatypes.extend_from_slice(&other.datatypes);
            rule.classes.extend_from_slice(&other.classes);
            rule.domains.extend_from_slice(&other.domains);
        }
        (property.clone(), rule)
    };
    properties.into_iter().map(with_wider).collect()
}

/// Returns a node and all that are above it in a hierarchy, which may have cycles.
pub(super) fn above<'a>(
    node: &'a NamedNode,
    wider: &'a FxHashMap<NamedNode, Vec<NamedNode>>,
) -> Vec<&'a NamedNode> {
    let mut found = vec![node];
    let mut next = 0;
    while let Some(node) = found.get(next).copied() {
        next += 1;
        for other in wider.get(node).into_iter().flatten() {
            if !found.contains(&other) {
                found.push(other);
            }
        }
    }
    found
}

fn declared_datatypes<'a>(quads: impl Iterator<Item = &'a Quad>) -> FxHashSet<&'a NamedNode> {
    let datatypes = quads.filter_map(|quad| match (&quad.subject, &quad.object) {
        (NamedOrBlankNode::NamedNode(datatype), Term::NamedNode(class))
            if quad.predicate.as_ref() == rdf::TYPE && class.as_ref() == rdfs::DATATYPE =>
        {
            Some(datatype)
        }
        _ => None,
    });
    datatypes.collect()
}

fn is_datatype(iri: NamedNodeRef<'_>) -> bool {
    xsd_name(iri).is_some_and(is_xsd_datatype) || OTHER_DATATYPES.contains(&iri)
}

/// Returns whether a literal belongs to one of these datatypes: its datatype is one of them, or derived from one. It can
/// also be the other way round if the form allows it, since Turtle writes each integer as `52`.
fn is_of(literal: &Literal, datatypes: &[NamedNode]) -> bool {
    let datatype = literal.datatype();
    let is_in = |name: &str, range: &str| {
        is_derived(name, range)
            || is_derived(range, name) && check_lexical_form(range, literal.value()).is_ok()
    };
    datatypes.iter().any(|range| {
        let names = xsd_name(datatype).zip(xsd_name(range.as_ref()));
        *range == datatype || names.is_some_and(|(name, range)| is_in(name, range))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};

    const PREFIXES: &str = "@prefix e: <http://e/> . @prefix o: <http://other/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dos: <https://w3id.org/dossier/ontology#> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n";

    const ONTOLOGY: &str = "e:Person a owl:Class . e:Boss rdfs:subClassOf e:Person . e:Club a rdfs:Class .
        e:Drink a owl:Class . e:Leader a owl:Class ; owl:equivalentClass e:Boss .
        e:Member a owl:Class ; owl:unionOf ( e:Person e:Club ) .
        e:year rdfs:range xsd:gYear . e:size rdfs:range xsd:decimal . e:count rdfs:range xsd:nonNegativeInteger . e:note a owl:DatatypeProperty .
        e:name rdfs:range rdf:langString . e:any rdfs:range rdfs:Literal . e:code rdfs:range e:Code .
        e:Code a rdfs:Datatype . e:knows a owl:ObjectProperty .
        e:president rdfs:range e:Person ; rdfs:domain e:Club . e:chair rdfs:subPropertyOf e:president .
        e:ruler rdfs:subPropertyOf e:chair ; rdfs:range e:Boss . e:part rdfs:range e:Member .
        e:taste rdfs:range [ owl:unionOf ( e:Drink e:Club ) ] . e:thing rdfs:range owl:Thing .
        e:made rdfs:range o:Agent . e:both a owl:ObjectProperty, owl:DatatypeProperty .
        e:odd rdfs:range [ owl:onProperty e:x ] . e:founded rdfs:subPropertyOf dos:date .
        e:when rdfs:range [ a rdfs:Datatype ; owl:unionOf ( xsd:date xsd:dateTime ) ] .
        e:ring rdfs:subPropertyOf e:ring .
        e:Ada a e:Person . e:Bo a e:Boss . e:Lea a e:Leader . e:Tea a e:Drink . e:Soc a e:Club . e:Ag a o:Firm .
        e:Two a e:Drink, e:Person . e:Mix a e:Drink, o:Firm . e:Ind a owl:NamedIndividual .";

    fn quads(text: &str) -> Vec<Quad> {
        let text = format!("{PREFIXES}{text}");
        let parser = RdfParser::from_format(RdfFormat::Turtle);
        parser.for_slice(&text).map(|quad| quad.unwrap()).collect()
    }

    /// Returns what is wrong with a statement, each fault as its name.
    fn faults(statement: &str) -> String {
        let ontology = quads(ONTOLOGY);
        let rules = ValueRules::of(ontology.iter());
        let all = quads(&format!("{ONTOLOGY}\n{statement} ."));
        let types = Types::of(all.iter());
        let faults = all[ontology.len()..].iter().flat_map(|quad| rules.faults(quad, &types));
        let names =
            faults.map(|fault| format!("{fault:?}").split(['(', ' ']).next().unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_declared_is_required() {
        for (statement, expected) in [
            ("e:Soc e:president \"Ada\"", "LiteralForThing"),
            ("e:Soc e:chair \"Ada\"", "LiteralForThing"),
            ("e:x e:knows 1", "LiteralForThing"),
            ("e:x e:taste \"sweet\"", "LiteralForThing"),
            ("e:x e:year e:Ada", "ThingForLiteral"),
            ("e:x e:note []", "ThingForLiteral"),
            ("e:x e:any e:Ada", "ThingForLiteral"),
            ("e:x e:code e:Ada", "ThingForLiteral"),
            ("e:x e:founded e:Ada", "ThingForLiteral"),
            ("e:x e:anything \"84\"^^xsd:gYear", "LexicalForm"),
            ("e:x e:year \"84\"^^xsd:gYear", "LexicalForm"),
            ("e:x e:year \"1984\"", "Datatype"),
            ("e:x e:size 1e0", "Datatype"),
            ("e:x e:count -1", "Datatype"),
            ("e:x e:count 1.0", "Datatype"),
            ("e:x e:name \"x\"", "Datatype"),
            ("e:x e:founded 1984", "Datatype"),
            ("e:x e:founded \"1984-06-15T00:00:00\"^^xsd:dateTime", "Datatype"),
            ("e:x e:when \"1984\"^^xsd:gYear", "Datatype"),
            ("e:Soc e:president e:Tea", "Class"),
            ("e:Soc e:chair e:Tea", "Class"),
            ("e:Soc e:ruler e:Ada", "Class"),
            ("e:x e:taste e:Ada", "Class"),
            ("e:x e:part e:Tea", "Class"),
            ("e:x e:taste [ a e:Person ]", "Class"),
            ("e:Ada e:president e:Ada", "Domain"),
            ("e:Ada e:president e:Soc", "Turned"),
            ("e:Ada e:ruler \"x\"", "LiteralForThing Domain"),
        ] {
            assert_eq!(faults(statement), expected, "{statement}");
        }
    }

    #[test]
    fn what_is_not_declared_is_allowed() {
        for statement in [
            "e:x e:year \"1984\"^^xsd:gYear",
            "e:x e:size 1, 1.5, \"1\"^^xsd:byte",
            "e:x e:count 1, \"1\"^^xsd:unsignedByte",
            "e:x e:name \"x\"@en",
            "e:x e:any 1, \"x\"@en",
            "e:x e:code \"x\"^^e:Code, \"x\"",
            "e:x e:note 1",
            "e:x e:founded \"1984\"^^xsd:gYear, \"1984-06\"^^xsd:gYearMonth, \"1984-06-15\"^^xsd:date",
            "e:x e:when \"1984-06-15\"^^xsd:date, \"1984-06-15T00:00:00\"^^xsd:dateTime",
            "e:Soc e:president e:Ada, e:Bo, e:Two, e:Ag, e:Mix, e:Ind, e:Unknown, []",
            "e:Soc e:ruler e:Bo, e:Lea",
            "e:x e:part e:Ada, e:Soc, e:Bo",
            "e:x e:taste e:Tea, e:Soc",
            "e:x e:thing \"x\", e:Ada",
            "e:x e:made \"x\", e:Ada, e:Ag",
            "e:x e:both \"x\", e:Ada",
            "e:x e:odd \"x\", e:Ada",
            "e:x e:ring \"x\", e:Ada",
            "e:x e:other \"x\", e:Ada",
            "e:x e:president e:Ada",
            "[] e:president e:Ada",
            "e:x e:other \"x\"^^e:Unknown",
        ] {
            assert_eq!(faults(statement), "", "{statement}");
        }
    }

    #[test]
    fn hierarchies_may_be_circular() {
        let circular = quads(
            "e:A rdfs:subClassOf e:B . e:B rdfs:subClassOf e:A . e:C a owl:Class . e:p rdfs:subPropertyOf e:q .
             e:q rdfs:subPropertyOf e:p ; rdfs:range e:C . e:U owl:unionOf _:l . _:l rdf:first e:A ; rdf:rest _:l .
             e:r rdfs:range e:U . e:a a e:A . e:x e:p e:a .",
        );
        let rules = ValueRules::of(circular.iter());
        let types = Types::of(circular.iter());
        let faults = rules.faults(circular.last().unwrap(), &types);
        assert!(matches!(faults.as_slice(), [ValueFault::Class(_)]), "{faults:?}");
    }
}
