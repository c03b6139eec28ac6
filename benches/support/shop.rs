//! A generator of a shop after `WatDiv` (Aluç, Hartig, Özsu and Daudjee, 2014): users, products, reviews, retailers, offers
//! and purchases, with about its shares and fan-outs and a skew in who is followed and what is liked.

use super::Random;
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term, vocab::rdf, vocab::xsd};

const NAMESPACE: &str = "https://example.com/shop/";

/// How much of each there is for 1,000 users.
const PRODUCTS: usize = 250;
const REVIEWS: usize = 1_500;
const PURCHASES: usize = 1_500;
const OFFERS: usize = 900;
const RETAILERS: usize = 12;
const WEBSITES: usize = 50;
const TOPICS: usize = 250;
/// What does not grow.
const CITIES: usize = 240;
const COUNTRIES: usize = 25;
const GENRES: usize = 145;
const LANGUAGES: usize = 25;
const CATEGORIES: usize = 15;

/// About how many triples there are for 1,000 users.
const TRIPLES: usize = 100_000;

/// Makes a shop of about so many triples.
pub fn generate_shop(triples: usize, seed: u64) -> Vec<Quad> {
    let mut shop = Shop { random: Random::new(seed), quads: Vec::new() };
    let scaled = |count: usize| (count * triples / TRIPLES).max(2);
    let users = scaled(1_000);
    let (products, websites, topics) = (scaled(PRODUCTS), scaled(WEBSITES), scaled(TOPICS));
    let (reviews, retailers) = (scaled(REVIEWS), scaled(RETAILERS).max(5));

    for i in 0..CITIES {
        let country = shop.random.below(COUNTRIES);
        shop.link("city", i, "parentCountry", "country", country);
    }
    for i in 0..GENRES {
        shop.is_a("genre", i, "Genre");
        for _ in 0..4 {
            let topic = shop.random.below(topics);
            shop.link("genre", i, "tag", "topic", topic);
        }
    }
    for i in 0..websites {
        shop.text("website", i, "url");
        shop.number("website", i, "hits", 1_000_000);
        if shop.chance(60) {
            let language = shop.skewed(LANGUAGES);
            shop.link("website", i, "language", "language", language);
        }
    }
    for i in 0..users {
        shop.user(i, users, products, websites);
    }
    for i in 0..products {
        shop.product(i, users, websites, topics);
    }
    for i in 0..reviews {
        let product = shop.skewed(products);
        shop.link("product", product, "hasReview", "review", i);
        let user = shop.random.below(users);
        shop.link("review", i, "reviewer", "user", user);
        shop.number("review", i, "rating", 10);
        for (property, share) in [("title", 30), ("text", 100)] {
            if shop.chance(share) {
                shop.text("review", i, property);
            }
        }
        if shop.chance(50) {
            shop.number("review", i, "totalVotes", 500);
        }
    }
    for i in 0..retailers {
        for (property, share) in
            [("legalName", 90), ("openingHours", 30), ("telephone", 20), ("email", 30)]
        {
            if shop.chance(share) {
                shop.text("retailer", i, property);
            }
        }
    }
    for i in 0..scaled(OFFERS) {
        let (retailer, product) = (shop.skewed(retailers), shop.skewed(products));
        shop.link("retailer", retailer, "offers", "offer", i);
        shop.link("offer", i, "includes", "product", product);
        shop.number("offer", i, "price", 1_000);
        shop.number("offer", i, "serialNumber", 1_000_000);
        for (property, share) in [
            ("validFrom", 40),
            ("validThrough", 40),
            ("eligibleQuantity", 80),
            ("priceValidUntil", 20),
        ] {
            if shop.chance(share) {
                shop.number("offer", i, property, 5_000);
            }
        }
        if shop.chance(50) {
            for country in 0..COUNTRIES {
                if shop.chance(40) {
                    shop.link("offer", i, "eligibleRegion", "country", country);
                }
            }
        }
    }
    for i in 0..scaled(PURCHASES) {
        let (user, product) = (shop.random.below(users), shop.skewed(products));
        shop.link("user", user, "makesPurchase", "purchase", i);
        shop.link("purchase", i, "purchaseFor", "product", product);
        if shop.chance(30) {
            shop.number("purchase", i, "purchaseDate", 5_000);
        }
        if shop.chance(80) {
            shop.number("purchase", i, "price", 1_000);
        }
    }
    shop.quads
}

struct Shop {
    random: Random,
    quads: Vec<Quad>,
}

impl Shop {
    fn user(&mut self, i: usize, users: usize, products: usize, websites: usize) {
        let role = 1 + self.skewed(3);
        self.is_a("user", i, "User");
        self.is_a("user", i, &format!("Role{role}"));
        if self.chance(60) {
            let gender = self.random.below(2);
            self.link("user", i, "gender", "gender", gender);
        }
        if self.chance(50) {
            let age = self.random.below(9);
            self.link("user", i, "age", "ageGroup", age);
        }
        if self.chance(40) {
            let city = self.skewed(CITIES);
            self.link("user", i, "location", "city", city);
        }
        if self.chance(20) {
            let country = self.skewed(COUNTRIES);
            self.link("user", i, "nationality", "country", country);
        }
        for (property, share) in [
            ("givenName", 70),
            ("familyName", 70),
            ("jobTitle", 5),
            ("email", 90),
            ("telephone", 5),
        ] {
            if self.chance(share) {
                self.text("user", i, property);
            }
        }
        if self.chance(5) {
            let website = self.random.below(websites);
            self.link("user", i, "homepage", "website", website);
        }
        if self.chance(20) {
            for _ in 0..=self.random.below(14) {
                let website = self.skewed(websites);
                self.link("user", i, "subscribes", "website", website);
            }
        }
        if self.chance(24) {
            for _ in 0..=self.random.below(9) {
                let product = self.skewed(products);
                self.link("user", i, "likes", "product", product);
            }
        }
        if self.chance(76) {
            for _ in 0..self.random.below(86) {
                let user = self.skewed(users);
                self.link("user", i, "follows", "user", user);
            }
        }
        if self.chance(40) {
            for _ in 0..self.random.below(220) {
                let user = self.random.below(users);
                self.link("user", i, "friendOf", "user", user);
            }
        }
    }

    fn product(&mut self, i: usize, users: usize, websites: usize, topics: usize) {
        let category = self.skewed(CATEGORIES);
        self.is_a("product", i, &format!("Category{category}"));
        for (property, share) in [
            ("title", 50),
            ("caption", 10),
            ("description", 60),
            ("keywords", 30),
            ("text", 30),
            ("contentSize", 10),
            ("publisher", 5),
            ("trailer", 5),
            ("duration", 3),
        ] {
            if self.chance(share) {
                self.text("product", i, property);
            }
        }
        if self.chance(30) {
            self.number("product", i, "contentRating", 18);
        }
        for _ in 0..=self.random.below(4) {
            let genre = self.skewed(GENRES);
            self.link("product", i, "hasGenre", "genre", genre);
        }
        if self.chance(60) {
            for _ in 0..=self.random.below(8) {
                let topic = self.skewed(topics);
                self.link("product", i, "tag", "topic", topic);
            }
        }
        if self.chance(25) {
            let website = self.random.below(websites);
            self.link("product", i, "homepage", "website", website);
        }
        if self.chance(8) {
            let language = self.skewed(LANGUAGES);
            self.link("product", i, "language", "language", language);
        }
        for (property, share, most) in [
            ("actor", 12, 10),
            ("author", 3, 3),
            ("artist", 3, 3),
            ("director", 3, 1),
            ("conductor", 1, 1),
        ] {
            if self.chance(share) {
                for _ in 0..=self.random.below(most) {
                    let user = self.random.below(users);
                    self.link("product", i, property, "user", user);
                }
            }
        }
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.random.below(100) < percent
    }

    /// A number below a bound, small ones much more often.
    fn skewed(&mut self, bound: usize) -> usize {
        let thousandth = self.random.below(1_000) * self.random.below(1_000);
        (self.random.below(1_000) * thousandth / 1_000 * bound / 1_000_000).min(bound - 1)
    }

    fn is_a(&mut self, kind: &str, i: usize, class: &str) {
        self.quad(kind, i, rdf::TYPE.into_owned(), named(class).into());
    }

    fn link(&mut self, kind: &str, i: usize, property: &str, other: &str, j: usize) {
        self.quad(kind, i, named(property), named(&format!("{other}{j}")).into());
    }

    fn text(&mut self, kind: &str, i: usize, property: &str) {
        let text = format!("The {property} of {kind} {i}");
        self.quad(kind, i, named(property), Literal::from(text).into());
    }

    fn number(&mut self, kind: &str, i: usize, property: &str, bound: usize) {
        let number = self.random.below(bound).to_string();
        let literal = Literal::new_typed_literal(number, xsd::INTEGER);
        self.quad(kind, i, named(property), literal.into());
    }

    fn quad(&mut self, kind: &str, i: usize, property: NamedNode, object: Term) {
        let subject = named(&format!("{kind}{i}"));
        self.quads.push(Quad::new(subject, property, object, GraphName::DefaultGraph));
    }
}

fn named(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{NAMESPACE}{name}"))
}
