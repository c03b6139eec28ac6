//! Verifies drafts: what each becomes, and all that is wrong with it.

use super::declare::{Declared, declare};
use super::finding::{self, DraftFinding, DraftSyntax};
use super::hints::hints;
use super::lexicon::Lexicon;
use super::naming::Namespaces;
use super::quotation::{Quotation, QuotedDocuments};
use super::statements::{Interpreter, Stated};
use super::target::{ChangedFile, Targets};
use super::turtle::with_claim;
use super::would_be::findings_of_check;
use crate::author::draft::Draft;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Result, Severity, error};
use crate::dossier::{Dossier, Edit};
use crate::session::Session;
use crate::vocabulary::{dcterms, dos, oa, rdf};
use oxigraph::model::{GraphName, Literal, NamedNode, NamedNodeRef, Quad, Term, Triple};

/// A draft, with who is responsible for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SignedDraft<'a> {
    /// The draft.
    pub draft: &'a Draft,
    /// Who drafted it (`dcterms:creator`).
    pub creator: Option<&'a str>,
    /// Who accepted it (`dcterms:contributor`).
    pub contributor: Option<&'a str>,
}

/// What became of drafts. Nothing is written yet.
#[derive(Debug)]
pub(crate) struct Verified {
    /// The drafts, in their order.
    pub drafts: Vec<VerifiedDraft>,
    dossier: Dossier,
    files: Vec<ChangedFile>,
}

/// A draft that was verified.
#[derive(Debug, Default)]
pub(crate) struct VerifiedDraft {
    /// The claim or omission that it becomes, unless something in it could not be looked up.
    pub claim: Option<DraftedClaim>,
    /// Its findings, errors first.
    pub findings: Vec<DraftFinding>,
}

/// A claim or an omission that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftedClaim {
    /// Its IRI.
    pub name: NamedNode,
    /// The document that it quotes.
    pub document: NamedNode,
    /// The words that it quotes.
    pub quotation: Quotation,
    /// Its head, outside any graph, and its statements, in its graph.
    pub quads: Vec<Quad>,
    /// What it adds to the background: new things with their labels.
    pub background: Vec<Quad>,
    /// What it adds to the ontology: new classes and properties.
    pub terms: Vec<Quad>,
    /// How it will stand in its file, and its background in another one.
    pub added: Vec<AddedText>,
}

/// A text that is added to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AddedText {
    /// The path of the file in the dossier.
    pub file: String,
    /// The text.
    pub text: String,
}

impl VerifiedDraft {
    /// Returns whether it has errors, so that it cannot be written.
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error)
    }

    /// Sorts the findings, and drops those that say the same: a name can be wrong in several statements.
    fn arrange(&mut self) {
        self.findings.sort_by_key(|finding| finding.diagnostic.severity);
        let mut known: Vec<Diagnostic> = Vec::new();
        self.findings.retain(|DraftFinding { diagnostic, .. }| {
            let is_new = !known.contains(diagnostic);
            known.extend(is_new.then(|| diagnostic.clone()));
            is_new
        });
    }
}

impl Verified {
    /// Checks that no draft has errors.
    ///
    /// # Errors
    /// All errors of all drafts.
    pub(crate) fn check(&self) -> Result<()> {
        let errors = self.drafts.iter().flat_map(|draft| &draft.findings);
        let errors = errors.map(|finding| &finding.diagnostic);
        let problems: Vec<Diagnostic> =
            errors.filter(|problem| problem.severity == Severity::Error).cloned().collect();
        if problems.is_empty() { Ok(()) } else { Err(Error { kind: ErrorKind::Usage, problems }) }
    }

    /// Returns the change that writes all of the claims.
    ///
    /// # Errors
    /// If a draft has errors, as [`check`](Self::check) says; if the dossier is the built-in one.
    pub(crate) fn edit(&self) -> Result<Edit> {
        self.check()?;
        let mut edit = Edit::of(&self.dossier)?;
        self.files.iter().for_each(|file| file.add_to(&mut edit));
        Ok(edit)
    }

    /// Returns the dossier as it would be.
    pub(crate) fn would_be(&self) -> Dossier {
        self.dossier.with_files(self.files.iter().map(|file| file.after.clone()))
    }

    /// Returns the files that change.
    pub(in crate::author) fn changed_files(&self) -> &[ChangedFile] {
        &self.files
    }

    /// Returns the files as they would be.
    #[cfg(test)]
    pub(in crate::author) fn files(&self) -> impl Iterator<Item = &crate::dossier::SourceFile> {
        self.files.iter().map(|file| &file.after)
    }
}

/// Verifies drafts: looks up what they name and quote, and checks the dossier as it would be with all those of them in
/// which everything was found. They are added to the file `into`, or else to the one with the most claims of their
/// document.
///
/// # Errors
/// If `into` is not a file for claims, the dossier is broken, or the store fails. Problems in a draft are no errors, but
/// its findings.
pub(crate) fn verify(
    session: &Session,
    drafts: &[SignedDraft<'_>],
    into: Option<&str>,
) -> Result<Verified> {
    let targets = Targets::of(session, into)?;
    let mut lexicon = Lexicon::new(session)?;
    let namespaces = Namespaces::of(&lexicon)?;
    let mut resolved = resolve(&mut lexicon, &namespaces, drafts);
    let names = names(&mut lexicon, &namespaces, drafts, &mut resolved);
    let mut verified: Vec<VerifiedDraft> = drafts
        .iter()
        .zip(resolved)
        .zip(names)
        .map(|((signed, resolved), name)| resolved.into_draft(&lexicon, *signed, name))
        .collect();
    let files = targets.add(
        &lexicon,
        claims_of(&verified),
        added_by(&verified, |claim| &claim.background),
        added_by(&verified, |claim| &claim.terms),
    )?;
    for file in &files {
        for part in &file.parts {
            if let Some(claim) = &mut verified[part.draft].claim {
                let added = AddedText { file: file.after.path.clone(), text: part.text.clone() };
                let place = if file.is_for_claims() { 0 } else { claim.added.len() };
                claim.added.insert(place, added);
            }
        }
    }
    for (number, mut diagnostic) in findings_of_check(session, &files, &verified)? {
        let place = drafts[number].draft.place.clone();
        if diagnostic.id.as_deref() == Some("figure-not-quoted") {
            let reading = DraftSyntax::of(place.as_ref()).reading();
            diagnostic.help = diagnostic.help.map(|help| {
                help.replace("in the head: `dos:reading \"…\"`", &format!("in {reading}"))
            });
        }
        verified[number].findings.push(DraftFinding { place, diagnostic });
    }
    verified.iter_mut().for_each(VerifiedDraft::arrange);
    Ok(Verified { drafts: verified, dossier: session.dossier().clone(), files })
}

/// Looks up what drafts state and quote.
fn resolve(
    lexicon: &mut Lexicon<'_>,
    namespaces: &Namespaces,
    drafts: &[SignedDraft<'_>],
) -> Vec<Resolved> {
    let typed: Vec<&Draft> = drafts.iter().map(|signed| signed.draft).collect();
    let declared = declare(lexicon, namespaces, &typed, DraftSyntax::Option);
    let lexicon = &*lexicon;
    let mut documents = QuotedDocuments::new(lexicon.session());
    let mut interpreter = Interpreter::new(lexicon, namespaces);
    let mut resolved = Vec::new();
    for (SignedDraft { draft, .. }, declared) in drafts.iter().zip(declared) {
        let Declared { background, terms, mut findings } = declared;
        let mut stated = interpreter.stated(draft);
        findings.append(&mut stated.findings);
        let mut report = |diagnostic| {
            findings.push(DraftFinding { place: draft.place.clone(), diagnostic });
        };
        wrong_parts(draft, &stated).into_iter().for_each(&mut report);
        let quotation = documents.quotation(draft);
        let quotation =
            quotation.map_err(|problems| problems.into_iter().for_each(&mut report)).ok();
        resolved.push(Resolved { stated, background, terms, quotation, findings });
    }
    resolved
}

/// A draft whose terms and quotation have been looked up.
struct Resolved {
    stated: Stated,
    background: Vec<Quad>,
    terms: Vec<Quad>,
    quotation: Option<(NamedNode, Quotation)>,
    findings: Vec<DraftFinding>,
}

impl Resolved {
    fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error)
    }

    fn into_draft(
        mut self,
        lexicon: &Lexicon<'_>,
        signed: SignedDraft<'_>,
        name: Option<NamedNode>,
    ) -> VerifiedDraft {
        let is_wrong = self.has_errors();
        let (Some((document, quotation)), Some(name), false) = (self.quotation, name, is_wrong)
        else {
            return VerifiedDraft { claim: None, findings: self.findings };
        };
        let mut statements: Vec<Triple> = Vec::new();
        let of_turtle = self.stated.graph.iter().map(|quad| Triple::from(with_claim(quad, &name)));
        for triple in self.stated.triples.into_iter().chain(of_turtle) {
            if !statements.contains(&triple) {
                statements.push(triple);
            }
        }
        if signed.draft.omission.is_none() {
            let has_reading = signed.draft.reading.is_some();
            let hints = hints(lexicon, &quotation, &statements, has_reading).into_iter();
            let place = &signed.draft.place;
            self.findings
                .extend(hints.map(|diagnostic| DraftFinding { place: place.clone(), diagnostic }));
        }
        let mut quads = head(&name, &document, &quotation, signed);
        quads.extend(self.stated.head.iter().map(|quad| with_claim(quad, &name)));
        let graph = GraphName::from(name.clone());
        quads.extend(statements.into_iter().map(|triple| triple.in_graph(graph.clone())));
        let (mut background, terms, added) = (self.background, self.terms, Vec::new());
        background.append(&mut self.stated.background);
        let claim = DraftedClaim { name, document, quotation, quads, background, terms, added };
        VerifiedDraft { claim: Some(claim), findings: self.findings }
    }
}

/// Returns the statements about a claim or an omission itself.
fn head(
    name: &NamedNode,
    document: &NamedNode,
    quotation: &Quotation,
    SignedDraft { draft, creator, contributor }: SignedDraft<'_>,
) -> Vec<Quad> {
    let mut quads = Vec::new();
    let mut say = |property: NamedNodeRef<'_>, value: Term| {
        quads.push(Quad::new(name.clone(), property, value, GraphName::DefaultGraph));
    };
    let is_omission = draft.omission.is_some();
    say(rdf::TYPE, if is_omission { dos::OMISSION } else { dos::CLAIM }.into());
    say(dos::DOCUMENT, document.clone().into());
    let texts = [
        (dos::QUOTE, Some(quotation.words.as_str())),
        (oa::PREFIX, Some(quotation.selector.prefix.as_str()).filter(|words| !words.is_empty())),
        (oa::SUFFIX, Some(quotation.selector.suffix.as_str()).filter(|words| !words.is_empty())),
        (dos::READING, draft.reading.as_deref()),
        (dos::REASON, draft.omission.as_deref()),
        (dcterms::CREATOR, creator),
        (dcterms::CONTRIBUTOR, contributor),
    ];
    for (property, text) in texts {
        if let Some(text) = text {
            say(property, Literal::new_simple_literal(text).into());
        }
    }
    quads
}

/// Returns what is wrong with the parts of a draft together.
fn wrong_parts(draft: &Draft, stated: &Stated) -> Vec<Diagnostic> {
    let states_nothing = draft.says.iter().all(|said| finding::states_nothing(&said.content));
    let is_blank =
        |text: &Option<String>| text.as_deref().is_some_and(|text| text.trim().is_empty());
    let mut problems = Vec::new();
    match &draft.omission {
        None if states_nothing && stated.findings.is_empty() => problems.push(
            error!("draft-without-statement", "the claim states nothing").help(
                match DraftSyntax::of(draft.place.as_ref()) {
                    DraftSyntax::Option => {
                        "say what the words state: `--say 'SUBJECT | PROPERTY | VALUE'`; or give the reason why they are left out: `--omit 'REASON'`"
                    }
                    _ => "say what the words state, or give the reason why they are left out",
                },
            ),
        ),
        Some(_) if !states_nothing || draft.reading.is_some() => problems.push(
            error!("omission-with-statement", "words that are left out state nothing").help(
                "remove the statements and the reading, or the reason for leaving the words out",
            ),
        ),
        _ => {}
    }
    for (text, what) in [(&draft.reading, "reading"), (&draft.omission, "reason")] {
        if is_blank(text) {
            problems.push(
                error!("draft-blank", "the {what} is empty").help("write it, or leave it out"),
            );
        }
    }
    problems
}

/// Returns the names of claims: those that are given first, so that no minted one takes them.
fn names(
    lexicon: &mut Lexicon<'_>,
    namespaces: &Namespaces,
    drafts: &[SignedDraft<'_>],
    resolved: &mut [Resolved],
) -> Vec<Option<NamedNode>> {
    let mut names: Vec<Option<NamedNode>> = vec![None; drafts.len()];
    for ((signed, resolved), name) in drafts.iter().zip(&mut *resolved).zip(&mut names) {
        let Some(given) = signed.draft.name.as_deref() else { continue };
        let document = resolved.quotation.as_ref().map(|(document, _)| document);
        let is_omission = signed.draft.omission.is_some();
        match namespaces.given_claim(lexicon, document, given.trim(), is_omission) {
            Ok(given) => {
                lexicon.mention(&given);
                *name = Some(given);
            }
            Err(diagnostic) => {
                let place = signed.draft.place.clone();
                resolved.findings.push(DraftFinding { place, diagnostic });
            }
        }
    }
    for ((signed, resolved), name) in drafts.iter().zip(&*resolved).zip(&mut names) {
        if let (None, Some((document, quotation))) = (&signed.draft.name, &resolved.quotation)
            && !resolved.has_errors()
        {
            let is_omission = signed.draft.omission.is_some();
            let statements: Vec<Triple> = resolved
                .stated
                .triples
                .iter()
                .cloned()
                .chain(resolved.stated.graph.iter().cloned().map(Triple::from))
                .collect();
            let words = &quotation.words;
            let minted = namespaces.new_claim(lexicon, document, &statements, words, is_omission);
            lexicon.mention(&minted);
            *name = Some(minted);
        }
    }
    names
}

fn claims_of(drafts: &[VerifiedDraft]) -> Vec<(usize, &NamedNode, Vec<Quad>)> {
    let claims = drafts.iter().enumerate();
    let claims = claims.filter_map(|(number, draft)| Some((number, draft.claim.as_ref()?)));
    claims.map(|(number, claim)| (number, &claim.document, claim.quads.clone())).collect()
}

/// Returns what each draft adds besides its claim.
fn added_by(
    drafts: &[VerifiedDraft],
    quads: impl Fn(&DraftedClaim) -> &Vec<Quad>,
) -> Vec<(usize, Vec<Quad>)> {
    let claims = drafts.iter().enumerate();
    let claims = claims.filter_map(|(number, draft)| Some((number, draft.claim.as_ref()?)));
    let added = claims.map(|(number, claim)| (number, quads(claim).clone()));
    added.filter(|(_, quads)| !quads.is_empty()).collect()
}
