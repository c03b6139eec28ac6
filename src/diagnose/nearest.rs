//! The nearest term to one that does not match.

use super::probe::iris;
use super::search::{PatternSearch, anything, ends, triple};
use super::{Difference, Hint, Role};
use crate::algebra::in_graph;
use crate::diagnostic::{Result, nearest};
use crate::vocabulary::{owl, rdf, rdfs, skos, xsd};
use oxigraph::model::{Literal, NamedNode, Term};
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{NamedNodePattern, Variable};

/// Returns a pattern in the default graph or in any named graph.
fn anywhere(pattern: GraphPattern) -> GraphPattern {
    let graph = NamedNodePattern::from(Variable::new_unchecked("any_g"));
    let left = Box::new(pattern.clone());
    GraphPattern::Union { left, right: in_graph(pattern, Some(&graph)).into() }
}

/// Returns the pattern of a name's occurrences in its role.
pub(super) fn occurrences(iri: &NamedNode, role: Role) -> GraphPattern {
    let (s, p, o) = ends();
    match role {
        Role::Predicate => anywhere(triple(s, iri.clone(), o)),
        Role::Class => anywhere(triple(s, rdf::TYPE.into_owned(), iri.clone())),
        Role::Graph => in_graph(anything(), Some(&iri.clone().into())),
        Role::Thing => {
            let as_subject = anywhere(triple(iri.clone(), p.clone(), o));
            let as_object = anywhere(triple(s, p, iri.clone()));
            GraphPattern::Union { left: as_subject.into(), right: as_object.into() }
        }
    }
}

impl PatternSearch<'_> {
    /// Returns the hint for a name that does not occur in its role, or `None` if it does.
    pub(super) fn unknown(&self, iri: &NamedNode, role: Role) -> Result<Option<Hint>> {
        if self.has(&occurrences(iri, role))? != Some(false) {
            return Ok(None);
        }
        if role == Role::Class
            && let Some(hint) = self.thing_as_class(iri)?
        {
            return Ok(Some(hint));
        }
        let is_described = role != Role::Thing
            && role != Role::Graph
            && self.has(&triple(iri.clone(), ends().1, ends().2))? == Some(true);
        if is_described {
            let narrower = self.narrower(iri, role)?;
            if !narrower.is_empty() {
                return Ok(Some(Hint::Narrower { iri: iri.clone(), role, narrower }));
            }
        }
        let is_class = role == Role::Class;
        let instead = if is_described && !is_class { None } else { self.nearest_name(iri, role)? };
        let others = match instead {
            None if is_class => self.frequent_classes()?,
            _ => Vec::new(),
        };
        Ok(Some(Hint::Unknown { iri: iri.clone(), role, is_described, instead, others }))
    }

    pub(super) fn unknown_graph(&self, name: &NamedNode) -> Result<Vec<Hint>> {
        Ok(self.unknown(name, Role::Graph)?.into_iter().collect())
    }

    /// Returns the subclasses or sub-properties that occur although the class or property itself does not.
    fn narrower(&self, iri: &NamedNode, role: Role) -> Result<Vec<NamedNode>> {
        let (s, _, o) = ends();
        let below = Variable::new_unchecked("below");
        let (link, used) = match role {
            Role::Class => (rdfs::SUB_CLASS_OF, triple(s, rdf::TYPE.into_owned(), below.clone())),
            _ => (rdfs::SUB_PROPERTY_OF, triple(s, below.clone(), o)),
        };
        let path = GraphPattern::Path {
            subject: below.clone().into(),
            path: PropertyPathExpression::OneOrMore(Box::new(link.into_owned().into())),
            object: iri.clone().into(),
        };
        let both = GraphPattern::Join { left: path.into(), right: used.into() };
        let mut narrower = iris(self.probe.values(&both, &below, 100)?.terms);
        narrower.sort();
        Ok(narrower)
    }

    /// Returns the nearest name that occurs in a role, and how it differs.
    pub(super) fn nearest_name(
        &self,
        iri: &NamedNode,
        role: Role,
    ) -> Result<Option<(NamedNode, Difference)>> {
        for variant in variants(iri) {
            if self.has(&occurrences(&variant, role))? == Some(true) {
                return Ok(Some((variant, Difference::Namespace)));
            }
        }
        // Declared names are found quickly; finding all used names takes time in proportion to the data.
        for source in [Self::declared, Self::used] {
            let candidates = source(self, role)?;
            if let Some((near, difference)) = nearest_of(iri, &candidates)
                && (role != Role::Predicate || self.has(&occurrences(&near, role))? != Some(false))
            {
                return Ok(Some((near, difference)));
            }
        }
        Ok(None)
    }

    /// Returns the names that the ontology declares for a role, or that have labels.
    fn declared(&self, role: Role) -> Result<Vec<NamedNode>> {
        const PROPERTIES: [&str; 4] =
            ["ObjectProperty", "DatatypeProperty", "AnnotationProperty", "TransitiveProperty"];
        let named = Variable::new_unchecked("named");
        let (s, p, o) = ends();
        let is_a = |class: NamedNode| triple(named.clone(), rdf::TYPE.into_owned(), class);
        let owl_class = |name: &str| {
            let namespace = owl::ONTOLOGY.as_str().trim_end_matches("Ontology");
            NamedNode::new_unchecked(format!("{namespace}{name}"))
        };
        let patterns = match role {
            Role::Predicate => {
                let property = NamedNode::new_unchecked(format!("{}Property", rdf_namespace()));
                PROPERTIES.map(owl_class).into_iter().chain([property]).map(is_a).collect()
            }
            Role::Class => {
                let class = rdfs::SUB_CLASS_OF.as_str().replace("subClassOf", "Class");
                vec![is_a(owl_class("Class")), is_a(NamedNode::new_unchecked(class))]
            }
            Role::Thing => [rdfs::LABEL, skos::PREF_LABEL]
                .map(|label| triple(named.clone(), label.into_owned(), o.clone()))
                .to_vec(),
            Role::Graph => {
                vec![in_graph(triple(s, p, o), Some(&named.clone().into()))]
            }
        };
        let mut names = Vec::new();
        for pattern in patterns {
            names.extend(self.probe.names(&pattern, &named)?);
        }
        if role == Role::Class {
            // A declared class without instances would not match either.
            let used = self.used_classes()?;
            names.retain(|name| used.contains(name));
            names.extend(used);
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    pub(super) fn used_classes(&self) -> Result<Vec<NamedNode>> {
        if let Some(statistics) = self.probe.statistics() {
            return Ok(statistics.classes.keys().cloned().collect());
        }
        let (s, _, o) = ends();
        self.probe.names(&triple(s, rdf::TYPE.into_owned(), o.clone()), &o)
    }

    /// Returns the names that occur in a role.
    fn used(&self, role: Role) -> Result<Vec<NamedNode>> {
        let (s, p, o) = ends();
        let variable = match role {
            Role::Predicate => p.clone(),
            Role::Thing => s.clone(),
            Role::Class | Role::Graph => return Ok(Vec::new()),
        };
        if let (Role::Predicate, Some(statistics)) = (role, self.probe.statistics()) {
            return Ok(statistics.properties.keys().cloned().collect());
        }
        let mut names = self.probe.names(&triple(s, p, o), &variable)?;
        names.sort();
        Ok(names)
    }
}

fn rdf_namespace() -> &'static str {
    rdf::TYPE.as_str().trim_end_matches("type")
}

/// Returns the nearest of several names.
pub(super) fn nearest_of(
    iri: &NamedNode,
    candidates: &[NamedNode],
) -> Option<(NamedNode, Difference)> {
    let local = local_name(iri).to_lowercase();
    if let Some(same) = candidates
        .iter()
        .filter(|candidate| *candidate != iri)
        .find(|candidate| !local.is_empty() && local_name(candidate).to_lowercase() == local)
    {
        let is_case = same.as_str().eq_ignore_ascii_case(iri.as_str());
        let difference = if is_case { Difference::Case } else { Difference::Namespace };
        return Some((same.clone(), difference));
    }
    // With so few letters, too many other names are near.
    if local.chars().count() < 3 {
        return None;
    }
    // A name of the same namespace is more likely to be meant than one of another.
    let namespace = namespace(iri);
    let locals: Vec<&str> = candidates
        .iter()
        .filter(|candidate| *candidate != iri && self::namespace(candidate) == namespace)
        .map(local_name)
        .collect();
    let near = nearest(local_name(iri), locals.iter().copied())?;
    let near = NamedNode::new(format!("{namespace}{near}")).ok()?;
    Some((near, Difference::Spelling))
}

/// Returns the part of an IRI after its last `#`, `/` or `:`.
fn local_name(iri: &NamedNode) -> &str {
    let iri = iri.as_str();
    iri.rfind(['#', '/', ':']).and_then(|i| iri.get(i + 1..)).unwrap_or(iri)
}

fn namespace(iri: &NamedNode) -> &str {
    iri.as_str().strip_suffix(local_name(iri)).unwrap_or_default()
}

/// Returns other spellings of an IRI that are often confused with it.
fn variants(iri: &NamedNode) -> Vec<NamedNode> {
    let text = iri.as_str();
    let mut variants = Vec::new();
    let other = match (text.strip_prefix("http://"), text.strip_prefix("https://")) {
        (Some(rest), _) => Some(format!("https://{rest}")),
        (_, Some(rest)) => Some(format!("http://{rest}")),
        _ => None,
    };
    variants.extend(other);
    variants.push(text.strip_suffix('/').map_or_else(|| format!("{text}/"), str::to_owned));
    let local = local_name(iri);
    let namespace = namespace(iri);
    for (end, instead) in [('#', '/'), ('/', '#')] {
        if let Some(start) = namespace.strip_suffix(end) {
            variants.push(format!("{start}{instead}{local}"));
        }
    }
    variants.into_iter().filter_map(|variant| NamedNode::new(variant).ok()).collect()
}

/// Returns the first term that is nearly the same as the written one, and how it differs.
pub(super) fn nearest_term(written: &Term, candidates: &[Term]) -> Option<(Term, Difference)> {
    let Term::Literal(literal) = written else { return None };
    let value = literal.value();
    let literals = || {
        candidates.iter().filter_map(|candidate| match candidate {
            Term::Literal(candidate) if candidate != literal => Some(candidate),
            _ => None,
        })
    };
    let same = |is_same: &dyn Fn(&Literal) -> bool| literals().find(|l| is_same(l)).cloned();
    let number = |literal: &Literal| literal.value().trim().parse::<f64>().ok();
    if let Some(found) = same(&|other| other.value() == value).or_else(|| {
        let written = number(literal);
        same(&|other| written.is_some() && number(other) == written)
    }) {
        let has_language = found.language().is_some() || literal.language().is_some();
        let is_language = has_language && [&found, literal].iter().all(|l| is_text(l));
        let difference = if is_language { Difference::Language } else { Difference::Datatype };
        return Some((found.into(), difference));
    }
    let lower = value.to_lowercase();
    if let Some(found) = same(&|other| other.value().to_lowercase() == lower) {
        return Some((found.into(), Difference::Case));
    }
    if !is_text(literal) {
        return None;
    }
    let texts: Vec<&str> = literals().filter(|l| is_text(l)).map(Literal::value).collect();
    let near = nearest(value, texts.iter().copied())?;
    let found = literals().find(|l| l.value() == near)?;
    Some((found.clone().into(), Difference::Spelling))
}

/// Returns whether a literal is a string, with or without a language.
pub(super) fn is_text(literal: &Literal) -> bool {
    literal.language().is_some() || literal.datatype() == xsd::STRING
}
