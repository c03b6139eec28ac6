//! What `check` finds in the built-in dossier, and in copies of it with one mistake each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dossier::{Data, Diagnostic, Dossier, Remark, Session, Severity, check};
use std::fs;
use std::path::Path;

/// The findings of a dossier, without what the document says against itself.
fn findings(dossier: Dossier) -> Vec<Diagnostic> {
    let session = Session::open(dossier, &Data::Dossier).unwrap();
    let mut findings = check(&session).unwrap().findings;
    findings.retain(|finding| finding.severity != Severity::Note);
    findings
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn copy_of_the_dossier() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["ontology", "data", "queries"] {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &folder.path().join(part));
    }
    folder
}

/// What mistakes are found as: `severity rule file:line`.
fn found(mistakes: &[(&str, &str, &str)]) -> Vec<String> {
    let folder = copy_of_the_dossier();
    for (file, from, to) in mistakes {
        let path = folder.path().join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(text.contains(from), "{file} has no `{from}`");
        let text = if from.is_empty() { text + to } else { text.replacen(from, to, 1) };
        fs::write(path, text).unwrap();
    }
    let findings = findings(Dossier::open(folder.path()).unwrap());
    // A mistake in the data makes answers wrong too.
    let is_of_queries = mistakes.iter().any(|(file, _, _)| file.starts_with("queries/"));
    findings
        .iter()
        .filter(|finding| is_of_queries || finding.id.as_deref() != Some("answer-differs"))
        .map(|finding| {
            let place = finding
                .excerpt
                .as_ref()
                .map(|excerpt| format!(" {}:{}", excerpt.origin, excerpt.line));
            let about = || format!(" {}", finding.about.as_ref().map_or("", |iri| iri.as_str()));
            let place = place.unwrap_or_else(about);
            format!(
                "{} {}{place}",
                finding.severity.name(),
                finding.id.as_deref().unwrap_or_default()
            )
        })
        .collect()
}

const SCO: &str = "data/sco.trig";

#[test]
fn hidden_files_are_not_read() {
    let folder = copy_of_the_dossier();
    for file in ["data/._x.trig", "data/.#x.ttl", "queries/.x.rq", "data/documents/.x.txt"] {
        fs::write(folder.path().join(file), "broken {").unwrap();
    }
    assert_eq!(findings(Dossier::open(folder.path()).unwrap()), []);
}

#[test]
fn the_built_in_dossier_is_right() {
    assert_eq!(findings(Dossier::built_in()), []);
}

#[test]
fn contradictions_come_with_both_quotes() {
    let session = Session::open(Dossier::built_in(), &Data::Dossier).unwrap();
    let report = check(&session).unwrap();
    let notes: Vec<_> = report.findings.iter().filter(|f| f.severity == Severity::Note).collect();
    assert_eq!(notes.len(), 3);
    let quotes = notes[0].remarks.iter().filter_map(|remark| match remark {
        Remark::Quote(quote) => Some(format!("{}: {}", quote.places[0], &quote.quote[..5])),
        _ => None,
    });
    let expected = ["paragraph 3, sentence 4: Later", "paragraph 1, sentence 1: China"];
    assert_eq!(quotes.collect::<Vec<_>>(), expected);
}

#[test]
fn each_mistake_is_found() {
    let mut wrong = Vec::new();
    for (mistakes, expected) in MISTAKES {
        let found = found(mistakes);
        if found.iter().map(String::as_str).ne(expected.iter().copied()) {
            wrong.push(format!("{mistakes:?}\n  expected {expected:#?}\n  found {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_text_that_cannot_be_read_is_told_once() {
    let folder = copy_of_the_dossier();
    fs::write(folder.path().join("data/documents/sco.txt"), b"caf\xe9.").unwrap();
    let findings = findings(Dossier::open(folder.path()).unwrap());
    let rules: Vec<&str> =
        findings.iter().map(|finding| finding.id.as_deref().unwrap_or_default()).collect();
    assert_eq!(rules, ["text-unreadable"]);
}

type Mistake = (&'static [(&'static str, &'static str, &'static str)], &'static [&'static str]);

/// What is put in the place of what in which file (at its end, if in the place of nothing), and what is found.
const MISTAKES: &[Mistake] = &[
    // ---- Claims and their quotes
    (&[(SCO, "\"Acronym: SCO\"", "\"Acronym: SOC\"")], &["error quote-absent data/sco.trig:31"]),
    (&[(SCO, "\"Acronym: SCO\"", "\"SCO\"")], &["error quote-ambiguous data/sco.trig:31"]),
    (
        &[(SCO, " ; oa:suffix \"\\n\\nPicture text\"", "")],
        &["error quote-ambiguous data/sco.trig:21"],
    ),
    (
        &[(SCO, " ; oa:suffix \"\\n\\nPicture text\"", " ; oa:suffix \"\\nPicture text\"")],
        &["error quote-absent data/sco.trig:21"],
    ),
    (
        &[(SCO, "\"Acronym: SCO\"", "\"Acronym: SCO\", \"Established: 2001\"")],
        &["error several-quotes data/sco.trig:30"],
    ),
    (
        &[(SCO, "dos:quote \"Acronym: SCO\"", "dos:reading \"Acronym: SCO\"")],
        &["error no-quote data/sco.trig:30"],
    ),
    (
        &[(
            SCO,
            "claim:acronym a dos:Claim ; dos:document doc:sco ;",
            "claim:acronym a dos:Claim ;",
        )],
        &["error no-document data/sco.trig:30"],
    ),
    (
        &[(
            SCO,
            "claim:acronym a dos:Claim ; dos:document doc:sco ;",
            "claim:acronym a dos:Claim ; dos:document doc:soc ;",
        )],
        &["error unknown-document data/sco.trig:30"],
    ),
    (
        &[(
            SCO,
            "claim:acronym a dos:Claim ; dos:document doc:sco ;",
            "claim:acronym a dos:Claim ; dos:document doc:sco, doc:soc ;",
        )],
        &["error several-documents data/sco.trig:30", "error unknown-document data/sco.trig:30"],
    ),
    (
        &[(SCO, "claim:acronym {", "claim:acornym {")],
        &["error graph-without-head data/sco.trig:32"],
    ),
    (
        &[(SCO, "claim:acronym a dos:Claim ; dos:document", "claim:acronym dos:document")],
        &["error graph-without-head data/sco.trig:32"],
    ),
    (
        &[
            (SCO, "claim:acronym a dos:Claim", "claim:website a dos:Claim"),
            (SCO, "claim:acronym {", "claim:website {"),
        ],
        &["error head-twice data/sco.trig:51"],
    ),
    (
        &[(
            "data/more.trig",
            "",
            "PREFIX claim: <https://w3id.org/dossier/sco/claim/> PREFIX sco: <https://w3id.org/dossier/sco/>\nclaim:acronym { sco:SCO a <https://w3id.org/dossier/ontology#IntergovernmentalOrganisation> }",
        )],
        &["error graph-twice data/sco.trig:32"],
    ),
    (
        &[(
            SCO,
            "    dos:reason \"No date follows: there is nothing to state.\" .",
            "    dos:reading \"\" .",
        )],
        &["error no-reason data/sco.trig:57", "warning subject-class data/sco.trig:59"],
    ),
    (
        &[(SCO, "dos:reason \"No date follows", "dos:reason \"Nothing.\", \"No date follows")],
        &["error several-reasons data/sco.trig:57"],
    ),
    (
        &[(SCO, "dos:quote \"Update:\"", "dos:quote \"Updated:\"")],
        &["error quote-absent data/sco.trig:58"],
    ),
    (&[("data/documents/other.txt", "", "Some text.")], &["error text-without-document "]),
    (&[("data/documents/other.md", "", "Some text.")], &["error text-without-document "]),
    (&[("data/documents/sco.md", "", "Some text.")], &["error text-twice "]),
    (
        &[("data/reference.ttl", "doc:sco a dos:Document", "doc:soc a dos:Document, dos:Document")],
        &[
            "error document-without-text data/reference.ttl:20",
            "error unknown-document data/sco.trig:30",
        ],
    ),
    // ---- Names and dates
    (
        &[(SCO, "org:member country:IN", "org:member country:IM")],
        &["error unknown-thing data/sco.trig:97"],
    ),
    (
        &[(SCO, "sco:SCO dos:acronym", "sco:SOC dos:acronym")],
        &["warning no-label data/sco.trig:33"],
    ),
    (
        &[(SCO, "sco:SCO dos:acronym", "sco:SCO dos:acornym")],
        &["error undeclared-term data/sco.trig:33"],
    ),
    (&[(SCO, "a dos:Signature", "a dos:Signatur")], &["error undeclared-term data/sco.trig:104"]),
    (
        &[("queries/contact.rq", "schema:url", "dos:url")],
        &[
            "error undeclared-term queries/contact.rq:15",
            "error answer-differs ",
        ],
    ),
    (
        &[(SCO, "dos:date \"2022\"^^xsd:gYear", "dos:date \"2022\"")],
        &["error value-datatype data/sco.trig:104"],
    ),
    (
        &[(SCO, "dos:date \"2022\"^^xsd:gYear", "dos:date 2022")],
        &["error value-datatype data/sco.trig:104"],
    ),
    (
        &[(SCO, "dos:deadline \"2023\"^^xsd:gYear", "dos:deadline \"2O23\"^^xsd:gYear")],
        &["error literal-invalid data/sco.trig:253"],
    ),
    (
        &[(SCO, "dos:since \"2017\"^^xsd:gYear", "dos:since \"2017-02-30\"^^xsd:date")],
        &["error literal-invalid data/sco.trig:97"],
    ),
    (
        &[("ontology/organisations.ttl", "rdfs:range dos:Aim ;", "rdfs:range dos:Ami ;")],
        &["error undeclared-term ontology/organisations.ttl:277"],
    ),
    // ---- Values
    (
        &[(SCO, "dos:forum un:OEWG .", "dos:forum country:RU .")],
        &["error value-class data/sco.trig:192"],
    ),
    (
        &[(SCO, "dos:forum un:OEWG .", "dos:forum \"OEWG\" .")],
        &["error value-kind data/sco.trig:192"],
    ),
    (
        &[(SCO, "sco:other-sponsors-2019 a dos:Group", "sco:other-sponsors-2019 a dos:State")],
        &["warning subject-class data/sco.trig:223"],
    ),
    (
        &[(SCO, "dos:count 22", "dos:count 22.0")],
        &["error value-datatype data/sco.trig:223"],
    ),
    (
        &[("ontology/core.ttl", "a owl:Ontology ;", "a owl:Ontology ; dcterms:date \"2001-02-30\"^^xsd:date ;")],
        &["error literal-invalid ontology/core.ttl:17"],
    ),
    (&[(SCO, "dos:count 22", "dos:count 23")], &["warning figure-not-quoted data/sco.trig:223"]),
    (
        &[(SCO, "dos:deadline \"2023\"", "dos:deadline \"2024\"")],
        &["warning figure-not-quoted data/sco.trig:253"],
    ),
    (
        &[(SCO, "dos:deadline \"2023\"^^xsd:gYear", "dos:deadline \"2023\"^^xsd:gYaer")],
        &["error datatype-unknown data/sco.trig:253"],
    ),
    // ---- Repetitions
    (
        &[(
            "data/more.trig",
            "",
            "PREFIX claim: <https://w3id.org/dossier/sco/claim/> PREFIX sco: <https://w3id.org/dossier/sco/>
PREFIX dos: <https://w3id.org/dossier/ontology#> PREFIX doc: <https://w3id.org/dossier/sco/document/>
claim:again a dos:Claim ; dos:document doc:sco ; dos:quote \"Acronym: SCO\" .
claim:again { sco:SCO dos:acronym \"SCO\" }",
        )],
        &["error claim-repeated data/sco.trig:31"],
    ),
    (
        &[("data/reference.ttl", "", "\nun:Two a dos:Body ; rdfs:label \"UN General Assembly\"@en .")],
        &["warning label-repeated data/reference.ttl:110"],
    ),
    (
        &[(
            "data/reference.ttl",
            "",
            "\nun:Two a dos:Body ; rdfs:label \"UN General Assembly\"@en ; owl:differentFrom un:GeneralAssembly .",
        )],
        &[],
    ),
    (
        &[("data/reference.ttl", "", "\nun:Two a un:UN ; rdfs:label \"two\"@en .")],
        &["error class-is-thing data/reference.ttl:110"],
    ),
    (&[("data/reference.ttl", "", "\nun:Two a dos:State ; rdfs:label \"UN General Assembly\"@en .")], &[]),
    (
        &[("data/more.ttl", "", "@prefix sco: <https://w3id.org/dossier/soc/> .")],
        &["warning prefix-inconsistent data/more.ttl:1"],
    ),
    // What others describe may have a label or a type here, and makes no namespace the dossier's own.
    (&[("data/reference.ttl", "", "\nwd:Q485207 rdfs:label \"SCO\" .")], &[]),
    (&[("ontology/organisations.ttl", "", "\ndcterms:title a owl:AnnotationProperty .")], &[]),
    // The source of a document is an address, even below the dossier's own names.
    (
        &[(
            "data/reference.ttl",
            "<https://dig.watch/actor/shanghai-cooperation-organisation>",
            "<https://dig.watch/actor/shanghai-cooperation-organisation>, sco:page",
        )],
        &[],
    ),
    // ---- Labels and background
    (
        &[(
            "data/reference.ttl",
            "sco:code                  rdfs:label",
            "sco:code                  skos:hiddenLabel",
        )],
        &[
            "error fact-without-claim data/reference.ttl:81",
            "warning no-label data/reference.ttl:81",
            "warning no-label data/sco.trig:148",
        ],
    ),
    (
        &[(
            "data/reference.ttl",
            "sco:code                  rdfs:label",
            "sco:code                  skos:altLabel",
        )],
        &["warning no-label data/sco.trig:148"],
    ),
    (
        &[("ontology/organisations.ttl", "org:member              rdfs:label \"member\"@en .", "")],
        &["warning no-label data/sco.trig:86"],
    ),
    (
        &[(
            "data/reference.ttl",
            "sco:membership-china      rdfs:label \"membership of China in the SCO\"@en .",
            "",
        )],
        &[],
    ),
    (
        &[("data/reference.ttl", "", "\nsco:SCO dos:founder country:IN .")],
        &["error fact-without-claim data/reference.ttl:110"],
    ),
    (
        &[("data/reference.ttl", "", "\nsco:SCO dcterms:description \"It is large.\" .")],
        &["error fact-without-claim data/reference.ttl:110"],
    ),
    // ---- Queries and their answers
    (&[("queries/contact.rq", "SELECT", "SELEKT")], &["error query-broken queries/contact.rq:7"]),
    (
        &[("queries/contact.rq", "#+ summary:", "#+ sumary:")],
        &["error query-broken queries/contact.rq:1"],
    ),
    (
        &[("queries/patterns/body.rq", "WHERE {}", "WHERE { ?s ?p ?o }")],
        &["error pattern-broken queries/patterns/body.rq:10"],
    ),
    (
        &[("queries/patterns/body.rq", "#+ summary:", "# summary:")],
        &["warning front-matter-ignored queries/patterns/body.rq:2"],
    ),
    (
        &[("queries/patterns/body.rq", "dos:openEnded", "dos:openended")],
        &["error undeclared-term queries/patterns/body.rq:13"],
    ),
    (
        &[("queries/contact.rq", "#+ summary:", "# summary:")],
        &["warning no-summary queries/contact.rq:1"],
    ),
    (
        &[("queries/expected/contact.csv", "Beijing", "Peking")],
        &["error answer-differs queries/expected/contact.csv:2"],
    ),
    (
        &[("queries/expected/members.2016.csv", "country:UZ,2001\n", "")],
        &["error answer-differs queries/expected/members.2016.csv:6"],
    ),
    (
        &[(
            "queries/expected/members.2016.csv",
            "country:UZ,2001",
            "country:UZ,2001\ncountry:IN,2017",
        )],
        &["error answer-differs queries/expected/members.2016.csv:8"],
    ),
    (
        &[("queries/expected/members.2016.csv", "member,", "state,")],
        &["error answer-differs queries/expected/members.2016.csv:1"],
    ),
    (
        &[("queries/expected/members.2016.csv", "country:UZ", "<country UZ>")],
        &["error answer-broken queries/expected/members.2016.csv:7"],
    ),
    (
        &[("queries/expected/members.2018.csv", "", "member,since\n")],
        &["error answer-without-case queries/expected/members.2018.csv:1"],
    ),
    (
        &[("queries/expected/membres.csv", "", "member,since\n")],
        &["error answer-without-case queries/expected/membres.csv:1"],
    ),
    (
        &[(
            "queries/all.rq",
            "",
            "#+ summary: All?\nSELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 1\n",
        )],
        &["warning case-without-answer queries/all.rq:1"],
    ),
    (
        &[("queries/any.rq", "", "#+ summary: Any?\nSELECT ?p { ?_thing_iri ?p ?o }\n")],
        &["warning no-example queries/any.rq:1"],
    ),
    (
        &[
            ("queries/any.rq", "", "#+ summary: Any?\nASK { ?s ?p ?o }\n"),
            ("queries/expected/any.csv", "", "s\n"),
        ],
        &["error answer-without-rows queries/expected/any.csv:1"],
    ),
    (
        &[(
            "queries/checks/many.rq",
            "",
            "#+ summary: Many.\nSELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING(?n > 1)\n",
        )],
        &["warning variable-out-of-scope queries/checks/many.rq:1"],
    ),
    (
        &[("queries/status.rq", "state: China", "state: Chna")],
        &["error query-fails queries/status.rq:5"],
    ),
    // ---- The dossier's own checks
    (
        &[(
            SCO,
            "org:member country:IN ; dos:since \"2017\"^^xsd:gYear",
            "org:member country:IN ; dos:since \"2017\"^^xsd:gYear ; dos:until \"2016\"^^xsd:gYear",
        )],
        &[
            "error membership-ends-first data/sco.trig:97",
            "warning figure-not-quoted data/sco.trig:97",
        ],
    ),
    (
        &[(SCO, "org:member country:IN ;", "org:member country:IN, country:PK ;")],
        &["error membership-of-several data/sco.trig:97"],
    ),
    (
        &[(SCO, "        dos:actor country:IR ; dos:instrument", "        dos:instrument")],
        &["warning act-without-actor data/sco.trig:104"],
    ),
    (
        &[(SCO, "dos:actor sco:members-2009 ;", "dos:actor sco:members-2009, country:CN ;")],
        &["warning named-and-unnamed data/sco.trig:133"],
    ),
    (
        &[(SCO, "dos:deadline \"2023\"", "dos:deadline \"2018\"")],
        &[
            "error deadline-before-cause data/sco.trig:212",
            "warning figure-not-quoted data/sco.trig:253",
        ],
    ),
    (
        &[(SCO, "dos:date \"2015\"", "dos:date \"2010\"")],
        &[
            "warning order-against-dates data/sco.trig:166",
            "warning figure-not-quoted data/sco.trig:166",
        ],
    ),
    (
        &[("queries/checks/broken.rq", "", "ASK {}")],
        &["error query-broken queries/checks/broken.rq:1"],
    ),
];
