//! The retraction of claims: what is removed, and what else rests on it.

use super::drafting::{ChangedFile, Verified};
use super::removal::{PLACE, Shortened, without};
use crate::catalogue::Expected;
use crate::check::QueryCase;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, did_you_mean, error, nearest};
use crate::dossier::{Dossier, Edit, SourceFile, last_part};
use crate::session::{Data, Session};
use crate::vocabulary::{dos, rdf};
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Term, Triple};
use std::collections::BTreeSet;

/// Claims and omissions that are about to be removed. Nothing is written yet.
#[derive(Debug)]
pub(crate) struct Retraction {
    /// Their names, in the order in which they were given.
    pub claims: Vec<NamedNode>,
    /// The dossier without them.
    pub rest: Dossier,
    dossier: Dossier,
    files: Vec<(SourceFile, Shortened)>,
}

/// What rests on claims besides what they state.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Consequences {
    /// The cases of saved queries whose expected answers no longer hold.
    pub cases: Vec<String>,
    /// The things that no other claim mentions.
    pub things: Vec<NamedNode>,
    /// What still mentions the claims themselves.
    pub mentions: Vec<NamedNode>,
}

impl Retraction {
    /// Finds claims and omissions by their names, and removes them from their files. If they are replaced, their place is
    /// remembered.
    ///
    /// # Errors
    /// If one of them does not exist, or cannot be removed from its file alone; if the dossier is the built-in one.
    pub(crate) fn plan(session: &Session, names: &[String], are_replaced: bool) -> Result<Self> {
        Edit::of(session.dossier())?;
        let mut claims: Vec<NamedNode> = Vec::new();
        let mut problems = Vec::new();
        let known = known(session)?;
        for name in names {
            match find(session, &known, name) {
                Ok(claim) if claims.contains(&claim) => {}
                Ok(claim) => claims.push(claim),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(Error { kind: ErrorKind::Usage, problems });
        }
        let mut files = Vec::new();
        for source in session.dossier().data()? {
            if let Some(shortened) = without(&source, &claims, are_replaced)? {
                files.push((source, shortened));
            }
        }
        let dossier = session.dossier().clone();
        let rest = dossier.with_files(files.iter().map(|(_, file)| file.after.clone()));
        Ok(Self { claims, rest, dossier, files })
    }

    /// Returns the texts that are removed, each with the path of its file.
    pub(crate) fn removed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().flat_map(|(source, shortened)| {
            shortened.removed.iter().map(|text| (source.path.as_str(), text.as_str()))
        })
    }

    /// Returns the paths of the files from which something is removed.
    pub(crate) fn paths(&self) -> Vec<&str> {
        self.files.iter().map(|(source, _)| source.path.as_str()).collect()
    }

    /// Returns the change that removes the claims.
    ///
    /// # Errors
    /// If it is the built-in dossier.
    pub(crate) fn edit(&self) -> Result<Edit> {
        let mut edit = Edit::of(&self.dossier)?;
        for (source, shortened) in &self.files {
            edit.replace(source, shortened.after.bytes.to_vec());
        }
        Ok(edit)
    }

    /// Returns the change that writes other claims in the place of these.
    ///
    /// # Errors
    /// If a new claim has errors; if it is the built-in dossier.
    pub(crate) fn replace(&self, verified: &Verified) -> Result<Edit> {
        verified.check()?;
        let mut edit = Edit::of(&self.dossier)?;
        let changed = verified.changed_files();
        for (source, shortened) in &self.files {
            let file = changed.iter().find(|file| file.after.path == source.path);
            edit.replace(source, in_place(&shortened.after, file)?);
        }
        let is_other = |file: &&ChangedFile| {
            self.files.iter().all(|(source, _)| source.path != file.after.path)
        };
        changed.iter().filter(is_other).for_each(|file| file.add_to(&mut edit));
        Ok(edit)
    }

    /// Compares a dossier with what it will be: without the claims, and perhaps with others in their place.
    ///
    /// # Errors
    /// If a store fails, or a file cannot be read.
    pub(crate) fn consequences(&self, before: &Session, after: &Dossier) -> Result<Consequences> {
        let after = &Session::open(after.clone(), &Data::Dossier)?;
        let mut consequences =
            Consequences { cases: changed_cases(before, after)?, ..Consequences::default() };
        let (mut claimed, mut mentions) = (BTreeSet::new(), BTreeSet::new());
        for quad in after.store().quads() {
            let quad = quad?;
            let is_claimed = quad.graph_name != GraphName::DefaultGraph;
            if let (Term::NamedNode(claim), NamedOrBlankNode::NamedNode(subject)) =
                (&quad.object, &quad.subject)
                && self.claims.contains(claim)
            {
                mentions.insert(subject.clone());
            }
            if is_claimed {
                claimed.extend(things_of(&Triple::from(quad)));
            }
        }
        let mut things = BTreeSet::new();
        for claim in &self.claims {
            for triple in before.store().graph(claim.as_ref())? {
                let mentioned = things_of(&triple);
                things.extend(mentioned.into_iter().filter(|thing| !claimed.contains(thing)));
            }
        }
        consequences.things = things.into_iter().collect();
        consequences.mentions = mentions.into_iter().collect();
        Ok(consequences)
    }
}

/// Returns the content of a file with its new claim, which stands at its end, in the place of the old one.
fn in_place(shortened: &SourceFile, changed: Option<&ChangedFile>) -> Result<Vec<u8>> {
    let text = changed.map_or(shortened, |file| &file.after).text().map_err(Diagnostic::input)?;
    let block = changed.and_then(|file| file.parts.first()).map_or("", |part| part.text.as_str());
    Ok(moved(shortened, text, block))
}

/// Returns the content of a file with a block, which stands at the end of its new text, in the place that is marked.
pub(super) fn moved(shortened: &SourceFile, text: &str, block: &str) -> Vec<u8> {
    let mark = shortened.bytes.len() - shortened.text().map_or(shortened.bytes.len(), str::len);
    let line = format!("{PLACE}\n");
    let whole = match text.trim_end().strip_suffix(block) {
        Some(rest) if rest.contains(&line) && !block.is_empty() => {
            let replaced = rest.replacen(PLACE, block, 1);
            format!("{}\n", replaced.trim_end())
        }
        _ => text.replacen(&line, "", 1),
    };
    let mut content = shortened.bytes[..mark].to_vec();
    content.extend(whole.into_bytes());
    content
}

/// Returns the things of a statement, without its class.
fn things_of(triple: &Triple) -> Vec<NamedNode> {
    let subject = match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => Some(subject.clone()),
        NamedOrBlankNode::BlankNode(_) => None,
    };
    let object = match &triple.object {
        Term::NamedNode(object) if triple.predicate.as_ref() != rdf::TYPE => Some(object.clone()),
        _ => None,
    };
    subject.into_iter().chain(object).collect()
}

/// Returns the names of all claims and omissions.
pub(super) fn known(session: &Session) -> Result<Vec<NamedNode>> {
    let mut known = session.store().things(rdf::TYPE, dos::CLAIM.into())?;
    known.extend(session.store().things(rdf::TYPE, dos::OMISSION.into())?);
    Ok(known)
}

/// Finds a claim by its CURIE, its IRI, or the last part of that.
pub(super) fn find(
    session: &Session,
    known: &[NamedNode],
    name: &str,
) -> Result<NamedNode, Diagnostic> {
    let iri = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).unwrap_or(name);
    let shown = |claim: &NamedNode| session.prefixes().show(claim);
    let is_named = |claim: &&NamedNode| claim.as_str() == iri || shown(claim) == name;
    if let Some(claim) = known.iter().find(is_named) {
        return Ok(claim.clone());
    }
    let alike: Vec<&NamedNode> =
        known.iter().filter(|claim| last_part(claim.as_str()) == name).collect();
    match alike.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let names: Vec<String> = known.iter().map(shown).collect();
            let locals = known.iter().map(|claim| last_part(claim.as_str()));
            let near = nearest(name, names.iter().map(String::as_str).chain(locals));
            let problem = error!("claim-unknown", "no claim or omission is called `{name}`");
            Err(match near {
                Some(near) => problem.help(did_you_mean(near)),
                None => {
                    problem.help("`dossier read` shows the claims of a document with their names")
                }
            })
        }
        several => {
            let names: Vec<String> = several.iter().map(|claim| shown(claim)).collect();
            Err(error!("claim-unknown", "several claims are called `{name}`")
                .note(names.join("\n"))
                .help("name one by its CURIE"))
        }
    }
}

/// Returns the cases with an expected answer whose answers differ.
pub(super) fn changed_cases(before: &Session, after: &Session) -> Result<Vec<String>> {
    let expected = before.dossier().expected()?;
    let sources = before.dossier().queries()?;
    let mut changed = Vec::new();
    for source in &sources {
        // One that cannot be read has no cases.
        let Ok(query) = before.catalogue().parse(source) else { continue };
        for (name, arguments) in query.cases() {
            let (query, name, arguments) = (&query, name.as_str(), arguments.as_slice());
            let case = QueryCase { query, source, name, arguments };
            let names = case.file_names();
            if !expected.iter().any(|file| names.iter().any(|name| file.stem() == name)) {
                continue;
            }
            let rows = |answer: Option<Expected>| answer.map(|answer| answer.rows);
            // An argument may name a thing that the change removes.
            let answers = (case.answer(before).map(rows), case.answer(after).map(rows));
            let is_same = matches!(&answers, (Ok(one), Ok(other)) if one == other);
            if !is_same {
                changed.push(name.to_owned());
            }
        }
    }
    Ok(changed)
}
