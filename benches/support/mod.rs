//! A generator of dossiers of any size, the same for the same seed: organisations, states and their memberships, acts,
//! and for each claim a sentence of a document that it quotes.

mod library;
mod people;
mod shop;

pub use library::generate_library;
pub use people::generate_people;
pub use shop::generate_shop;

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// What is measured allocates as the program does.
#[cfg(feature = "cli")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Numbers that look random and are the same for the same seed (`SplitMix64`, by Steele, Lea and Flood, 2014).
#[derive(Debug)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or_default()
    }
}

/// A generated dossier.
pub struct Generated {
    /// The claims, in TriG.
    pub claims: String,
    /// The background, in Turtle.
    pub background: String,
    /// The texts of the documents, by name.
    pub documents: Vec<(String, String)>,
    /// The quads of the claims and the background, before the merge into the default graph.
    pub quads: usize,
}

const PREFIXES: &str = "\
@prefix dos: <https://w3id.org/dossier/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.com/dossier/> .
@prefix claim: <https://example.com/dossier/claim/> .
@prefix doc: <https://example.com/dossier/document/> .

";

/// How many claims a document has.
const CLAIMS_OF_DOCUMENT: usize = 40;

/// Makes a dossier of at least so many quads.
pub fn generate(quads: usize, seed: u64) -> Generated {
    let mut random = Random::new(seed);
    let states = 200;
    let organisations = (quads / 400).max(2);
    let mut generated = Generated {
        claims: PREFIXES.to_owned(),
        background: PREFIXES.to_owned(),
        documents: Vec::new(),
        quads: 0,
    };
    for i in 0..states {
        line(
            &mut generated.background,
            &format!("ex:state{i} a dos:State ; rdfs:label \"State {i}\"@en ."),
        );
    }
    for i in 0..organisations {
        line(
            &mut generated.background,
            &format!(
                "ex:org{i} a dos:IntergovernmentalOrganisation ; rdfs:label \"Organisation {i}\"@en ."
            ),
        );
    }
    generated.quads += 2 * (states + organisations);
    let mut claim = 0;
    while generated.quads < quads {
        let document = claim / CLAIMS_OF_DOCUMENT;
        if claim % CLAIMS_OF_DOCUMENT == 0 {
            line(
                &mut generated.background,
                &format!(
                    "doc:d{document} a dos:Document ; dcterms:title \"Document {document}\"@en ."
                ),
            );
            generated.quads += 2;
            generated.documents.push((format!("d{document}"), format!("Document {document}\n")));
        }
        let organisation = random.below(organisations);
        let state = random.below(states);
        let year = 1950 + random.below(75);
        let (sentence, triples, count) = if claim % 3 == 2 {
            let other = random.below(states);
            (
                format!(
                    "In {year}, State {state} and State {other} submitted text number {claim} to Organisation {organisation}."
                ),
                format!(
                    "  ex:act{claim} a dos:Submission ; dos:date \"{year}\"^^xsd:gYear ; dos:actor ex:state{state}, ex:state{other} ;\n    \
                     dos:instrument ex:text{claim} ; dos:addressee ex:org{organisation} .\n  ex:text{claim} a dos:Instrument .\n"
                ),
                6 + usize::from(other != state),
            )
        } else {
            (
                format!(
                    "State {state} became a member of Organisation {organisation} in {year}, as number {claim}."
                ),
                format!(
                    "  ex:membership{claim} a org:Membership ; org:organization ex:org{organisation} ; \
                     org:member ex:state{state} ; dos:since \"{year}\"^^xsd:gYear .\n"
                ),
                4,
            )
        };
        let _ = write!(
            generated.claims,
            "claim:c{claim} a dos:Claim ; dos:document doc:d{document} ;\n  dos:quote \"{sentence}\" .\n\
             claim:c{claim} {{\n{triples}}}\n\n"
        );
        if let Some((_, text)) = generated.documents.last_mut() {
            let separator = if claim % 5 == 0 { "\n" } else { " " };
            let _ = write!(text, "{separator}{sentence}{}", if claim % 5 == 4 { "\n" } else { "" });
        }
        generated.quads += 3 + count;
        claim += 1;
    }
    generated
}

impl Generated {
    /// Writes the dossier as a folder, with an ontology and one saved query.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        for part in ["ontology", "data/documents", "queries"] {
            fs::create_dir_all(folder.join(part))?;
        }
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        for file in ["core.ttl", "organisations.ttl"] {
            fs::copy(own.join("ontology").join(file), folder.join("ontology").join(file))?;
        }
        fs::write(folder.join("data/claims.trig"), &self.claims)?;
        fs::write(folder.join("data/background.ttl"), &self.background)?;
        for (name, text) in &self.documents {
            fs::write(folder.join("data/documents").join(format!("{name}.txt")), text)?;
        }
        fs::write(
            folder.join("queries/members.rq"),
            "#+ summary: Who are the members of the first organisation?\n\
             PREFIX org: <http://www.w3.org/ns/org#>\n\
             SELECT ?membership ?state {\n  ?membership org:organization <https://example.com/dossier/org0> ; org:member ?state .\n}\n\
             ORDER BY ?membership ?state\n",
        )
    }
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
