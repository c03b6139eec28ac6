//! A generator of claims about people, one triple each: stars, chains, trees and groups of a known size.

use super::{CLAIMS_OF_DOCUMENT, Generated, Random, line};
use std::fmt::Write as _;

const PREFIXES: &str = "\
@prefix dos: <https://w3id.org/dossier/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://example.com/dossier/> .
@prefix claim: <https://example.com/dossier/claim/> .
@prefix doc: <https://example.com/dossier/document/> .

";

/// How many teams there are, and how many people each of them has.
pub const TEAMS: usize = 20;
pub const TEAM: usize = 50;

/// Makes a dossier of about so many claims: people with a name, a city, an age, an address and somebody whom they know;
/// some have a nickname, some have left; the first have teams; cities are parts of regions, and these of each other.
pub fn generate_people(claims: usize, seed: u64) -> Generated {
    let mut random = Random::new(seed);
    let people = (claims * 10 / 53).max(TEAMS * TEAM);
    let cities = (people / 100).max(2);
    let mut writing = Writing {
        generated: Generated {
            claims: PREFIXES.to_owned(),
            background: PREFIXES.to_owned(),
            documents: Vec::new(),
            quads: 0,
        },
        claims: 0,
    };
    for i in 1..cities {
        writing.claim(&format!("place{i}"), "partOf", &format!("ex:place{}", i / 2));
    }
    for i in 0..people {
        let person = format!("person{i}");
        writing.claim(&person, "name", &format!("\"Person {i}\""));
        writing.claim(&person, "city", &format!("ex:place{}", random.below(cities)));
        writing.claim(&person, "age", &(18 + random.below(70)).to_string());
        writing.claim(&person, "mail", &format!("\"person{i}@example.com\""));
        writing.claim(&person, "knows", &format!("ex:person{}", random.below(people)));
        if i % 5 == 0 {
            writing.claim(&person, "nickname", &format!("\"P{i}\""));
        }
        if i % 10 == 3 {
            writing.claim(&person, "left", &(1990 + random.below(30)).to_string());
        }
        if i < TEAMS * TEAM {
            writing.claim(&person, "team", &format!("ex:team{}", i % TEAMS));
        }
    }
    writing.generated
}

struct Writing {
    generated: Generated,
    claims: usize,
}

impl Writing {
    fn claim(&mut self, subject: &str, predicate: &str, object: &str) {
        let (generated, claim) = (&mut self.generated, self.claims);
        let document = claim / CLAIMS_OF_DOCUMENT;
        if claim % CLAIMS_OF_DOCUMENT == 0 {
            line(
                &mut generated.background,
                &format!(
                    "doc:d{document} a dos:Document ; dcterms:title \"Document {document}\" ."
                ),
            );
            generated.documents.push((format!("d{document}"), format!("Document {document}\n\n")));
        }
        let words = object.trim_matches('"').trim_start_matches("ex:");
        let sentence = format!("Line {claim} says that {predicate} of {subject} is {words}.");
        let _ = write!(
            generated.claims,
            "claim:c{claim} a dos:Claim ; dos:document doc:d{document} ; dos:quote \"{sentence}\" .\n\
             claim:c{claim} {{ ex:{subject} ex:{predicate} {object} }}\n"
        );
        if let Some((_, text)) = generated.documents.last_mut() {
            text.push_str(&sentence);
            text.push('\n');
        }
        generated.quads += 4;
        self.claims += 1;
    }
}
