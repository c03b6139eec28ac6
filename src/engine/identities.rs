//! Claims, omissions and documents that several dossiers call by the same IRI. If what it names is not the same in both,
//! answers would cite the wrong words, so the dossiers are not loaded together.

use crate::diagnostic::{Diagnostic, Excerpt, Result, error};
use crate::dossier::{Dossier, Part, SourceFile, last_part};
use crate::rdf::syntax::Outline;
use crate::vocabulary::{dcterms, dos, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};
use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};

/// What several dossiers state about the same IRIs.
#[derive(Default)]
pub(super) struct Identities {
    parts: Vec<PartIdentities>,
}

/// What one of the dossiers states about IRIs.
struct PartIdentities {
    name: String,
    things: BTreeMap<NamedNode, Kind>,
    /// The hashes of the statements in the graph of an IRI, and of those about it outside any graph.
    statements: FxHashMap<NamedNode, FxHashSet<u64>>,
    titles: FxHashMap<NamedNode, FxHashSet<u64>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Claim,
    Omission,
    Document,
}

impl Kind {
    fn of(class: &Term) -> Option<Self> {
        let Term::NamedNode(class) = class else { return None };
        [
            (dos::CLAIM, Self::Claim),
            (dos::OMISSION, Self::Omission),
            (dos::DOCUMENT_CLASS, Self::Document),
        ]
        .into_iter()
        .find_map(|(known, kind)| (known == class.as_ref()).then_some(kind))
    }

    const fn noun(self) -> &'static str {
        match self {
            Self::Claim => "claim",
            Self::Omission => "omission",
            Self::Document => "document",
        }
    }
}

impl Identities {
    /// Takes quads of one of several dossiers, the name of which is given. A dossier alone has nothing to be compared with.
    pub(super) fn take(&mut self, part: Option<&str>, quads: &[Quad]) {
        let Some(name) = part else { return };
        if self.parts.last().is_none_or(|last| last.name != name) {
            self.parts.push(PartIdentities::new(name));
        }
        if let Some(part) = self.parts.last_mut() {
            for quad in quads {
                part.take(quad);
            }
        }
    }

    /// Returns an error for each IRI that names different claims, omissions or documents.
    ///
    /// # Errors
    /// Fails if a file can no longer be read.
    pub(super) fn collisions(&self, dossier: &Dossier) -> Result<Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for (number, one) in self.parts.iter().enumerate() {
            for other in &self.parts[number + 1..] {
                let find = |name: &str| dossier.parts().iter().find(|part| part.name == name);
                let (Some(first), Some(second)) = (find(&one.name), find(&other.name)) else {
                    continue;
                };
                for (iri, kind) in &one.things {
                    let Some(other_kind) = other.things.get(iri) else { continue };
                    let differs = match kind {
                        _ if kind != other_kind => true,
                        Kind::Document => is_other_document(iri, (first, one), (second, other))?,
                        Kind::Claim | Kind::Omission => {
                            one.statements.get(iri) != other.statements.get(iri)
                        }
                    };
                    if differs {
                        problems.push(collision(iri, *kind, first, second)?);
                    }
                }
            }
        }
        Ok(problems)
    }
}

impl PartIdentities {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            things: BTreeMap::new(),
            statements: FxHashMap::default(),
            titles: FxHashMap::default(),
        }
    }

    fn take(&mut self, quad: &Quad) {
        let named = match (&quad.graph_name, &quad.subject) {
            (GraphName::NamedNode(graph), _) => graph,
            (GraphName::DefaultGraph, NamedOrBlankNode::NamedNode(subject)) => subject,
            _ => return,
        };
        let hash = hash(quad);
        self.statements.entry(named.clone()).or_default().insert(hash);
        if !quad.graph_name.is_default_graph() {
            return;
        }
        if quad.predicate == rdf::TYPE
            && let Some(kind) = Kind::of(&quad.object)
        {
            self.things.insert(named.clone(), kind);
        } else if quad.predicate == dcterms::TITLE {
            self.titles.entry(named.clone()).or_default().insert(hash);
        }
    }
}

/// Returns the hash of a statement, in which all blank nodes are alike.
fn hash(quad: &Quad) -> u64 {
    let mut hasher = FxHasher::default();
    let is_in_graph = !quad.graph_name.is_default_graph();
    let subject = match &quad.subject {
        NamedOrBlankNode::NamedNode(subject) => Some(subject),
        NamedOrBlankNode::BlankNode(_) => None,
    };
    let object = match &quad.object {
        Term::BlankNode(_) => None,
        object => Some(object),
    };
    (is_in_graph, subject, &quad.predicate, object).hash(&mut hasher);
    hasher.finish()
}

/// Returns whether an IRI names different documents: with different texts or, if not both have one, with different titles.
fn is_other_document(
    iri: &NamedNode,
    (first, one): (&Part, &PartIdentities),
    (second, other): (&Part, &PartIdentities),
) -> Result<bool> {
    let text = |part: &Part| -> Result<Option<SourceFile>> {
        let texts = part.dossier.texts()?;
        Ok(texts.into_iter().find(|text| text.stem() == last_part(iri.as_str())))
    };
    Ok(match (text(first)?, text(second)?) {
        (Some(one), Some(other)) => {
            let lines = |text: &SourceFile| text.document().ok().map(|it| it.text().to_owned());
            one.bytes != other.bytes && lines(&one) != lines(&other)
        }
        _ => match (one.titles.get(iri), other.titles.get(iri)) {
            (Some(one), Some(other)) => one.is_disjoint(other),
            _ => false,
        },
    })
}

/// Returns the error for an IRI that names different things in two dossiers.
fn collision(iri: &NamedNode, kind: Kind, first: &Part, second: &Part) -> Result<Diagnostic> {
    let noun = kind.noun();
    let message = format!("two dossiers call different {noun}s `{}`", iri.as_str());
    let problem = error!("iri-collision", "{message}");
    let (one, other) = (place(iri, first)?, place(iri, second)?);
    let file = other.as_ref().map_or_else(|| second.name.clone(), |place| place.origin.clone());
    let problem = match one {
        Some(one) => problem.note(format!("the other {noun} is at {}:{}", one.origin, one.line)),
        None => problem,
    };
    let problem = problem.help(match kind {
        Kind::Document => {
            format!("rename the one in `{file}`, in its queries and answers, too, and its text")
        }
        Kind::Claim | Kind::Omission => {
            format!("rename the one in `{file}`, for example by another namespace for its prefix")
        }
    });
    Ok(match other {
        Some(place) => problem.at(place),
        None => problem,
    })
}

/// Returns where a dossier describes a thing.
fn place(iri: &NamedNode, part: &Part) -> Result<Option<Excerpt>> {
    for file in part.dossier.data()? {
        let Ok(text) = file.text() else { continue };
        let outline = Outline::new(text);
        if let Some(span) = outline.subjects(iri.as_str()).next() {
            return Ok(Some(Excerpt::new(part.path(&file.path), text, span)));
        }
    }
    Ok(None)
}
