//! A generator of a bibliography with about the shape of dblp's: publications with authors, titles, years, venues and
//! pages, each authorship also as a blank node with its place, and people with names and some with a homepage.

use super::Random;
use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, vocab::rdf, vocab::xsd,
};

const NAMESPACE: &str = "https://example.com/library/";

/// About how many triples there are for a publication.
const TRIPLES: usize = 22;

const WORDS: [&str; 24] = [
    "graphs",
    "queries",
    "learning",
    "networks",
    "efficient",
    "systems",
    "distributed",
    "analysis",
    "models",
    "logic",
    "streams",
    "robust",
    "search",
    "indexing",
    "privacy",
    "secure",
    "mobile",
    "vision",
    "language",
    "parallel",
    "data",
    "knowledge",
    "theory",
    "design",
];

/// Makes a bibliography of about so many triples.
pub fn generate_library(triples: usize, seed: u64) -> Vec<Quad> {
    let mut library = Library { random: Random::new(seed), quads: Vec::new() };
    let publications = (triples / TRIPLES).max(10);
    let people = (publications / 2).max(5);
    let venues = (publications / 60).max(3);
    for person in 0..people {
        library.person(person);
    }
    for publication in 0..publications {
        library.publication(publication, people, venues);
    }
    library.quads
}

struct Library {
    random: Random,
    quads: Vec<Quad>,
}

impl Library {
    fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    /// A number below a bound, the small ones more often.
    fn skewed(&mut self, bound: usize) -> usize {
        let below = self.random.below(bound) + 1;
        self.random.below(below)
    }

    fn add(&mut self, subject: &Term, property: &str, object: impl Into<Term>) {
        let property = NamedNode::new_unchecked(format!("{NAMESPACE}{property}"));
        self.quad(subject, property, object.into());
    }

    fn quad(&mut self, subject: &Term, property: NamedNode, object: Term) {
        let subject: NamedOrBlankNode = match subject {
            Term::NamedNode(node) => node.clone().into(),
            Term::BlankNode(node) => node.clone().into(),
            _ => return,
        };
        self.quads.push(Quad::new(subject, property, object, GraphName::DefaultGraph));
    }

    fn is_a(&mut self, subject: &Term, class: &str) {
        self.quad(subject, rdf::TYPE.into_owned(), node(class));
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| WORDS[self.random.below(WORDS.len())]).collect();
        words.join(" ")
    }

    fn person(&mut self, number: usize) {
        let person = node(&format!("person{number}"));
        self.is_a(&person, "Person");
        let name = format!("{} {number}", self.words(1));
        self.add(&person, "name", Literal::new_simple_literal(name));
        if self.chance(10) {
            self.add(&person, "homepage", node(&format!("home{number}")));
        }
        if self.chance(20) {
            let orcid = format!("0000-{number:012}");
            self.add(&person, "orcid", Literal::new_simple_literal(orcid));
        }
    }

    fn publication(&mut self, number: usize, people: usize, venues: usize) {
        let publication = node(&format!("publication{number}"));
        let is_article = self.chance(40);
        self.is_a(&publication, "Publication");
        self.is_a(&publication, if is_article { "Article" } else { "Inproceedings" });
        let count = 4 + self.random.below(8);
        let title = self.words(count);
        let title = match self.random.below(10) {
            0 => Literal::new_language_tagged_literal_unchecked(title, "de"),
            1..4 => Literal::new_language_tagged_literal_unchecked(title, "en"),
            _ => Literal::new_simple_literal(title),
        };
        self.add(&publication, "title", title);
        let year = 1950 + 73 - self.skewed(73);
        let year = Literal::new_typed_literal(year.to_string(), xsd::G_YEAR);
        self.add(&publication, "year", year);
        let venue = node(&format!("venue{}", self.skewed(venues)));
        self.add(&publication, "publishedIn", venue);
        let pages = 1 + self.random.below(30);
        self.add(&publication, "pages", Literal::from(i64::try_from(pages).unwrap_or_default()));
        if self.chance(60) {
            self.add(&publication, "doi", node(&format!("doi/10.1/{number}")));
        }
        if number > 0 && self.chance(30) {
            let cited = self.random.below(number);
            self.add(&publication, "cites", node(&format!("publication{cited}")));
        }
        let authors = 1 + self.skewed(6);
        self.add(
            &publication,
            "authors",
            Literal::from(i64::try_from(authors).unwrap_or_default()),
        );
        for place in 1..=authors {
            let person = node(&format!("person{}", self.skewed(people)));
            let authorship: Term = BlankNode::new_unchecked(format!("a{number}x{place}")).into();
            self.add(&publication, "author", person.clone());
            self.add(&publication, "authorship", authorship.clone());
            self.add(&authorship, "person", person);
            let place = Literal::from(i64::try_from(place).unwrap_or_default());
            self.add(&authorship, "place", place);
        }
    }
}

fn node(name: &str) -> Term {
    NamedNode::new_unchecked(format!("{NAMESPACE}{name}")).into()
}
