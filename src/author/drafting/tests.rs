//! The claims of the built-in dossier, drafted again.

use super::verify::{SignedDraft, VerifiedDraft, verify};
use crate::author::draft::{Draft, DraftContent, DraftStatement};
use crate::diagnostic::Severity;
use crate::dossier::{Dossier, SourceFile};
use crate::rdf::diff::DatasetDiff;
use crate::rdf::read::{RdfFile, read_file};
use crate::session::{Data, Session};
use oxigraph::model::{GraphName, NamedNode, Quad};

/// Returns the built-in dossier with these claims, or with none.
fn session(claims: &str) -> Session {
    let file =
        SourceFile { path: "data/sco.trig".to_owned(), bytes: claims.as_bytes().to_vec().into() };
    Session::open(Dossier::built_in().with_files([file]), &Data::Dossier).unwrap()
}

fn said(content: DraftContent) -> DraftStatement {
    DraftStatement { place: None, content }
}

/// Reads what a claim says: statements with bars, and patterns with a colon.
fn says(lines: &str) -> Vec<DraftStatement> {
    let line = |line: &str| {
        let parts: Vec<String> = line.split('|').map(|part| part.trim().to_owned()).collect();
        said(match parts.as_slice() {
            [subject, property, value] => DraftContent::Statement {
                subject: subject.clone(),
                property: property.clone(),
                value: value.clone(),
            },
            _ => {
                let (name, arguments) = line.split_once(": ").unwrap();
                let argument = |argument: &str| {
                    let (name, value) = argument.trim().split_once('=').unwrap();
                    (name.to_owned(), value.to_owned())
                };
                DraftContent::Pattern {
                    name: name.trim().to_owned(),
                    arguments: arguments.split(',').map(argument).collect(),
                }
            }
        })
    };
    lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(line).collect()
}

fn draft(name: &str, quote: &str, lines: &str) -> Draft {
    Draft {
        document: "sco".to_owned(),
        quote: quote.to_owned(),
        name: Some(name.to_owned()),
        says: says(lines),
        ..Draft::default()
    }
}

fn verified(session: &Session, draft: &Draft) -> VerifiedDraft {
    let signed = SignedDraft { draft, creator: None, contributor: None };
    verify(session, &[signed], None).unwrap().drafts.pop().unwrap()
}

/// Returns the ids of the findings.
fn ids(verified: &VerifiedDraft) -> Vec<String> {
    let ids = verified.findings.iter().filter_map(|finding| finding.diagnostic.id.as_deref());
    ids.map(str::to_owned).collect()
}

fn errors(verified: &VerifiedDraft) -> Vec<String> {
    let errors = verified.findings.iter().map(|finding| &finding.diagnostic);
    let errors = errors.filter(|problem| problem.severity == Severity::Error);
    errors.map(|problem| problem.message.clone()).collect()
}

/// Claims of the built-in dossier: their names, the first and the last words of their quotes, and what they say.
const CLAIMS: &[(&str, &str, &str)] = &[
    ("title", "Shanghai Cooperation Organisation", "SCO | name | Shanghai Cooperation Organisation"),
    ("acronym", "acronym: SCO", "SCO | acronym | SCO"),
    ("established", "Established: 2001", "date: organisation=SCO, date=2001"),
    (
        "address",
        "Address … Beijing, China",
        r#"SCO | schema:address | address of the SCO
         address of the SCO | a | schema:PostalAddress
         address of the SCO | street | "7 Ritan Road"
         address of the SCO | district | Chaoyang District
         address of the SCO | city | "Beijing"
         address of the SCO | country | China"#,
    ),
    ("website", "Website: https://www.sectsco.org", "SCO | website | https://www.sectsco.org"),
    (
        "name",
        "the Shanghai Cooperation Organisation (SCO)",
        "SCO | name | Shanghai Cooperation Organisation
         SCO | acronym | SCO",
    ),
    (
        "kind",
        "the Shanghai … an intergovernmental organisation",
        "SCO | a | intergovernmental organisation",
    ),
    (
        "created",
        "China, Kazakhstan … in 2001",
        "date: organisation=SCO, date=2001, founder=China, founder=Kazakhstan, founder=Kyrgyzstan, founder=Russia, founder=Tajikistan, founder=Uzbekistan",
    ),
    (
        "founding-members",
        "China, Kazakhstan … in 2001",
        "membership: membership=sco:membership-china, state=China, organisation=SCO, since=2001
         membership: membership=sco:membership-kazakhstan, state=Kazakhstan, organisation=SCO, since=2001
         membership: membership=sco:membership-kyrgyzstan, state=Kyrgyzstan, organisation=SCO, since=2001
         membership: membership=sco:membership-russia, state=Russia, organisation=SCO, since=2001
         membership: membership=sco:membership-tajikistan, state=Tajikistan, organisation=SCO, since=2001
         membership: membership=sco:membership-uzbekistan, state=Uzbekistan, organisation=SCO, since=2001",
    ),
    (
        "joined-2017",
        "india … members in 2017",
        "membership: membership=sco:membership-india, state=India, organisation=SCO, since=2017
         membership: membership=sco:membership-pakistan, state=Pakistan, organisation=SCO, since=2017",
    ),
    (
        "memorandum-2022",
        "Iran signed … in 2022",
        "act: act=sco:signature-2022, kind=signature, actor=Iran, instrument=memorandum on joining the SCO, date=2022
         memorandum on joining the SCO | a | memorandum
         memorandum on joining the SCO | accession to | SCO",
    ),
    (
        "goal",
        "Among its main goals … meant as well",
        "SCO | dos:aim | goal: cooperation between the members
         SCO | open list | dos:aim
         goal: cooperation between the members | a | aim
         goal: cooperation between the members | description | promote cooperation between the members (one of the main goals)
         goal: cooperation between the members | field | trade and economy
         goal: cooperation between the members | field | science and technology
         goal: cooperation between the members | field | culture
         goal: cooperation between the members | field | education
         goal: cooperation between the members | open list | field",
    ),
    (
        "attention",
        "Cybersecurity issues … particular attention",
        "SCO | pays attention to | cybersecurity
         SCO | pays attention to | international norms on cybersecurity",
    ),
    (
        "agreement-2009",
        "In 2009 the members … information security",
        "act: act=sco:conclusion-2009, kind=conclusion of an agreement, actor=the members (2009), instrument=sco:agreement-2009, date=2009
         participation: group=the members (2009), all=SCO
         sco:agreement-2009 | a | agreement
         sco:agreement-2009 | topic | information security",
    ),
    (
        "code-2011",
        "Four members of the CSO … to discuss",
        "submission: submission=sco:submission-2011, actor=four members (2011), instrument=sco:code-2011, date=2011, addressee=UN Secretary-General, forum=UN General Assembly, purpose=discussion
         participation: group=four members (2011), count=4, some=SCO
         sco:code-2011 | a | code of conduct
         sco:code-2011 | version of | Code of Conduct
         sco:code | a | dos:Code
         sco:code | topic | information security",
    ),
    ("secretary-general", "the UN Secretary-General", "UN Secretary-General | office in | UN"),
    ("general-assembly", "a meeting of the UN General Assembly", "body: body=General Assembly, organisation=UN"),
    (
        "code-2015",
        "Later, in 2015 … its consideration",
        "submission: submission=sco:submission-2015, actor=all five members (2015), instrument=sco:code-2015, date=2015, addressee=UN General Assembly, purpose=consideration, after=submission of the Code of Conduct
         participation: group=all five members (2015), count=5, all=SCO
         sco:code-2015 | a | dos:Code
         sco:code-2015 | version of | sco:code
         sco:code-2015 | revision of | sco:code-2011",
    ),
    (
        "raised",
        "The proposal and elements … Working Group",
        "act: act=sco:raising-gge, kind=raising, actor=Russia, especially=Russia, instrument=sco:code, forum=GGE
         sco:raising-gge | open list | actor
         act: act=sco:raising-oewg, kind=raising, actor=Russia, especially=Russia, instrument=sco:code, forum=OEWG, after=sco:raising-gge
         sco:raising-oewg | open list | actor",
    ),
    ("gge", "the UN Group of Governmental Experts", "body: body=GGE, organisation=UN"),
    ("oewg", "the UN Open-ended Working Group", "body: body=OEWG, organisation=United Nations"),
    (
        "resolution-2019",
        "In 2019 the UN … cybercrime",
        "act: act=sco:adoption-2019, kind=adoption, actor=UN, instrument=sco:cybercrime-resolution, date=2019
         sco:cybercrime-resolution | a | resolution
         sco:cybercrime-resolution | topic | cybercrime
         sco:cybercrime-resolution | towards | convention against cybercrime
         convention against cybercrime | a | convention
         convention against cybercrime | topic | cybercrime",
    ),
    (
        "tabled",
        "a resolution towards … 22 other countries",
        "submission: submission=sco:tabling-2019, instrument=sco:cybercrime-resolution, actor=Russia, actor=China, actor=Kazakhstan, actor=Tajikistan, actor=Uzbekistan
         participation: act=sco:tabling-2019, group=22 other countries, count=22",
    ),
    (
        "committee",
        "It led to … being established",
        "adoption of the resolution on cybercrime | led to | Ad Hoc Committee
         body: body=Ad Hoc Committee, open=true",
    ),
    (
        "auspices",
        "the open-ended Cybercrime … Third Committee",
        "body: body=Ad Hoc Committee, auspices=Third Committee",
    ),
    (
        "third-committee",
        "the UN General Assembly's Third Committee",
        "body: body=Third Committee, organisation=General Assembly",
    ),
    (
        "mandate",
        "the open-ended Cybercrime … by 2023",
        "Ad Hoc Committee | dos:mandate | mandate of the Cybercrime Ad Hoc Committee
         mandate of the Cybercrime Ad Hoc Committee | a | dos:Mandate
         mandate of the Cybercrime Ad Hoc Committee | description | draft a new cybercrime convention
         mandate of the Cybercrime Ad Hoc Committee | towards | convention against cybercrime
         mandate of the Cybercrime Ad Hoc Committee | deadline | 2023",
    ),
];

/// Returns the head and the statements of a claim of the built-in dossier.
fn stored(claim: &NamedNode) -> Vec<Quad> {
    let built_in = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let graph = GraphName::from(claim.clone());
    let quads = built_in.store().quads().map(|quad| quad.unwrap());
    let is_head = |quad: &Quad| {
        quad.graph_name == GraphName::DefaultGraph && quad.subject == claim.clone().into()
    };
    let is_reading = |quad: &Quad| quad.predicate.as_str().ends_with("#reading");
    quads.filter(|quad| quad.graph_name == graph || is_head(quad) && !is_reading(quad)).collect()
}

#[test]
fn people_are_told_where_to_look() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let hints =
        |quote: &str, lines: &str| ids(&verified(&session, &draft("claim:x", quote, lines)));
    assert_eq!(hints("It led to", "UN | acronym | UN"), ["quote-without-name"]);
    // A quote need not name a thing that its claim describes first, and a class is not looked for in the quote.
    assert_eq!(hints("an agreement", "sco:agreement-2009 | a | agreement"), [""; 0]);
    assert_eq!(hints("the UN passed", "UN | acronym | UN"), [""; 0]);
    assert_eq!(hints("Among its main goals", "SCO | acronym | SCO"), ["quote-without-name"]);
    assert_eq!(hints("As the SCO proposed it", "SCO | acronym | SCO"), ["quote-cautious"]);
    assert_eq!(
        hints("Cybersecurity issues … General Assembly was to discuss", "SCO | acronym | SCO"),
        ["quote-long"]
    );
    let many: String = ('a'..='z')
        .map(|letter| format!("sco:agreement-2009 | description | agreement {letter}\n"))
        .chain(["sco:agreement-2009 | a | agreement".to_owned()])
        .collect();
    assert_eq!(hints("an agreement", &many), ["claim-large"]);
    let mut explained = draft("claim:x", "It led to", "UN | acronym | UN");
    explained.reading = Some("'It' is the United Nations.".to_owned());
    assert_eq!(ids(&verified(&session, &explained)), [""; 0]);
}

#[test]
fn turtle_says_what_statements_cannot() {
    let session = session("");
    let mut draft = draft("claim:x", "Acronym: SCO", "SCO | acronym | SCO");
    draft.says.push(said(DraftContent::Turtle(
        "sco:SCO schema:address [ schema:addressLocality \"Beijing\" ] .".to_owned(),
    )));
    draft.says.push(said(DraftContent::HeadTurtle("<> rdfs:comment \"Seen.\"@en-GB .".to_owned())));
    let verified = verified(&session, &draft);
    assert_eq!(errors(&verified), [""; 0]);
    let claim = verified.claim.unwrap();
    let in_graph = claim.quads.iter().filter(|quad| quad.graph_name == claim.name.clone().into());
    assert_eq!(in_graph.count(), 3);
    assert!(
        claim.added[0].text.contains("rdfs:comment \"Seen.\"@en-GB"),
        "{}",
        claim.added[0].text
    );
    assert!(claim.added[0].text.contains("schema:address [ "), "{}", claim.added[0].text);
    draft.says.push(said(DraftContent::HeadTurtle("sco:SCO dos:acronym \"SCO\" .".to_owned())));
    let wrong =
        verify(&session, &[SignedDraft { draft: &draft, creator: None, contributor: None }], None);
    assert_eq!(ids(&wrong.unwrap().drafts[0]), ["fact-without-claim"]);
}

/// Claims are written together, and what is read from the files is what they state.
#[test]
fn a_thousand_drafts_are_verified_together() {
    let session = session("");
    let drafts: Vec<Draft> = (0..1000)
        .map(|number| {
            // The first one quotes words that stand in several places.
            let (name, quote, lines) = CLAIMS[1 + number % (CLAIMS.len() - 1)];
            let mut draft = draft(name, quote, lines);
            draft.name = None;
            draft.says.push(said(DraftContent::NewThing {
                label: format!("State {number}"),
                class: "state".to_owned(),
            }));
            let content = format!("State {number} | description | {number} | and a bar");
            draft.says.push(said(DraftContent::statement(&content).unwrap()));
            draft
        })
        .collect();
    let signed: Vec<SignedDraft<'_>> = drafts
        .iter()
        .map(|draft| SignedDraft { draft, creator: Some("Ada"), contributor: Some("Ben") })
        .collect();
    let verified = verify(&session, &signed, None).unwrap();
    let mut expected = Vec::new();
    for draft in &verified.drafts {
        assert_eq!(errors(draft), [""; 0]);
        expected.extend(draft.claim.iter().flat_map(|claim| claim.quads.clone()));
    }
    let names: std::collections::BTreeSet<_> = verified
        .drafts
        .iter()
        .filter_map(|draft| draft.claim.as_ref())
        .map(|claim| &claim.name)
        .collect();
    assert_eq!(names.len(), 1000);
    let file = verified.files().find(|file| file.path == "data/claims.trig").unwrap();
    let (read, _) = read_file(&RdfFile::new(file.clone()).unwrap()).unwrap();
    assert!(DatasetDiff::between(&expected, &read).is_empty());
}

#[test]
fn the_claims_of_the_built_in_dossier_are_drafted_again() {
    // The first claims are stated by nothing but the ontology and the labels: their properties tell their values.
    let session = session("");
    for (name, quote, lines) in CLAIMS {
        let mut draft = draft(&format!("claim:{name}"), quote, lines);
        if *name == "title" {
            draft.suffix = Some("\n\nPicture text".to_owned());
        }
        let verified = verified(&session, &draft);
        let claim =
            verified.claim.as_ref().unwrap_or_else(|| panic!("{name}: {:?}", errors(&verified)));
        let diff = DatasetDiff::between(&stored(&claim.name), &claim.quads);
        assert!(diff.is_empty(), "{name}: {diff:#?}");
    }
}
