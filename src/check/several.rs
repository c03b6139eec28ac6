//! Checks several dossiers: each by itself, then all together.

use super::check_queries::{finding, rows};
use super::files::{Files, QuadFile};
use super::{CheckCounts, Checked, Report};
use crate::catalogue::{Catalogue, Parameter, SavedQuery};
use crate::diagnostic::{Diagnostic, Result};
use crate::dossier::Part;
use crate::rdf::syntax::Outline;
use crate::session::{Data, Session};
use crate::vocabulary::{is_of_ontology_language, owl, rdf, rdfs};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The deepest blank nodes that are compared.
const DEEPEST: usize = 16;

/// Checks several dossiers.
pub(super) fn check(session: &Session) -> Result<Report> {
    let files = Files::read(session)?;
    let mut checked = CheckCounts::default();
    let (mut findings, mut declarations) = (Vec::new(), Vec::new());
    for part in session.dossier().parts() {
        let own = Session::open(part.dossier.clone(), &Data::Dossier)?;
        let own = own.with_limits(session.limits());
        let report = super::check(&own)?;
        if let Checked::Dossier(counts) = report.checked {
            checked.add(counts);
        }
        findings.extend(report.findings.into_iter().map(|finding| within(part, finding)));
        let own_files = Files::read(&own)?;
        contradictions(part, (&own, &own_files), (session, &files), &mut findings)?;
        declarations.push((part, Declarations::of(&own_files)));
    }
    for (number, (part, own)) in declarations.iter().enumerate() {
        for (earlier, others) in &declarations[..number] {
            own.compare(part, others, earlier, &files, &mut findings);
        }
    }
    Ok(Report::of(findings, Checked::Dossier(checked)))
}

/// Returns a finding of one dossier among those of several: its path has the name of the dossier in front.
fn within(part: &Part, mut finding: Diagnostic) -> Diagnostic {
    match &mut finding.excerpt {
        Some(excerpt) => {
            excerpt.origin = part.path(&excerpt.origin);
            finding
        }
        None => finding.note(format!("in the dossier `{}`", part.name)),
    }
}

/// Reports what the check queries of a dossier find in all together, and not in it alone.
fn contradictions(
    part: &Part,
    (own, own_files): (&Session, &Files<'_>),
    (session, files): (&Session, &Files<'_>),
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let catalogue = Catalogue::new(&part.dossier);
    for source in part.dossier.checks()? {
        // Errors in the query itself are reported for the dossier alone.
        let Ok(query) = catalogue.parse(&source) else { continue };
        if query.parameters.iter().any(Parameter::is_required) {
            continue;
        }
        let found = |session: &Session, files: &Files<'_>, query: &SavedQuery| {
            Ok(rows(session, |iri| Ok(files.claims.contains_key(iri)), query)?.unwrap_or_default())
        };
        let known = match found(own, own_files, &query) {
            Ok(rows) => rows,
            Err(error @ crate::diagnostic::Error { .. }) if error.kind.is_stop() => {
                return Err(error);
            }
            Err(_) => continue,
        };
        for row in found(session, files, &query)? {
            if known.iter().all(|known| known.values != row.values) {
                findings.push(finding(session, files, &query, &row)?);
            }
        }
    }
    Ok(())
}

/// What a dossier states about the classes and properties that it declares, except what they are called.
struct Declarations(BTreeMap<NamedNode, BTreeMap<NamedNode, BTreeSet<String>>>);

impl Declarations {
    fn of(files: &Files<'_>) -> Self {
        let mut said: HashMap<&NamedOrBlankNode, Vec<&Quad>> = HashMap::new();
        for quad in files.ontology_quads() {
            said.entry(&quad.subject).or_default().push(quad);
        }
        let names = [rdfs::LABEL, rdfs::COMMENT, rdfs::SEE_ALSO, rdfs::IS_DEFINED_BY];
        let terms = [
            owl::CLASS,
            owl::OBJECT_PROPERTY,
            owl::DATATYPE_PROPERTY,
            owl::ANNOTATION_PROPERTY,
            rdfs::CLASS,
            rdf::PROPERTY,
        ];
        let mut declared = BTreeMap::new();
        for (subject, quads) in &said {
            let NamedOrBlankNode::NamedNode(iri) = subject else { continue };
            let is_term = |quad: &&Quad| {
                quad.predicate == rdf::TYPE
                    && terms.iter().any(|term| quad.object == Term::from(*term))
            };
            if !quads.iter().any(is_term) {
                continue;
            }
            let mut of_property: BTreeMap<NamedNode, BTreeSet<String>> = BTreeMap::new();
            let meant = quads.iter().filter(|quad| {
                is_of_ontology_language(quad.predicate.as_ref())
                    && !names.contains(&quad.predicate.as_ref())
            });
            for quad in meant {
                let values = of_property.entry(quad.predicate.clone()).or_default();
                values.insert(described(&quad.object, &said, DEEPEST));
            }
            declared.insert(iri.clone(), of_property);
        }
        Self(declared)
    }

    /// Reports the terms that another dossier declares in another way.
    fn compare(
        &self,
        part: &Part,
        others: &Self,
        earlier: &Part,
        files: &Files<'_>,
        findings: &mut Vec<Diagnostic>,
    ) {
        for (iri, own) in &self.0 {
            let Some(other) = others.0.get(iri) else { continue };
            let properties: BTreeSet<&NamedNode> = own.keys().chain(other.keys()).collect();
            let differing: Vec<String> = properties
                .into_iter()
                .filter(|property| own.get(*property) != other.get(*property))
                .map(|property| format!("`{}`", files.prefixes.show(property)))
                .collect();
            if differing.is_empty() {
                continue;
            }
            let message = format!(
                "{} has another {} in `{}` than in `{}`",
                files.show(iri),
                differing.join(", "),
                part.name,
                earlier.name
            );
            let place = |part: &Part| {
                let own = |file: &&QuadFile| file.path().starts_with(&part.path("ontology/"));
                let subject = |outline: &Outline| outline.subjects(iri.as_str()).next();
                files.ontology.iter().filter(own).find_map(|file| file.place(subject))
            };
            let finding = Diagnostic::warning("term-differs", message).about(iri);
            let finding = match place(earlier) {
                Some(other) => finding
                    .note(format!("the other declaration is at {}:{}", other.origin, other.line)),
                None => finding,
            };
            let finding =
                finding.help("declare it in the same way in both, or give it another IRI");
            findings.push(match place(part) {
                Some(place) => finding.at(place),
                None => finding,
            });
        }
    }
}

/// Returns a value with what is stated about it, if it is a blank node.
fn described(
    value: &Term,
    said: &HashMap<&NamedOrBlankNode, Vec<&Quad>>,
    deepest: usize,
) -> String {
    let Term::BlankNode(node) = value else { return value.to_string() };
    let quads = said.get(&NamedOrBlankNode::from(node.clone())).filter(|_| deepest > 0);
    let described =
        |quad: &&Quad| format!("{} {}", quad.predicate, described(&quad.object, said, deepest - 1));
    let mut inside: Vec<String> = quads.into_iter().flatten().map(described).collect();
    inside.sort();
    format!("[{}]", inside.join(" ; "))
}
