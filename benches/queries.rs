//! How long queries take with and without a plan: `cargo bench --bench queries -- [TRIPLES]`.
//!
//! For the comparison with other engines (`benches/peers.py`) it also writes the data and the queries, and answers them:
//!
//! - `cargo bench --bench queries -- --into FOLDER [TRIPLES]` writes `data.nt`, and each query as `NAME.rq`;
//! - `cargo bench --bench queries -- --ask DATA` loads a file of N-Triples or opens a store (with `--features disk`),
//!   says `{}`, and then for each file of a query that it reads the name of: how many rows the query has, and how many
//!   milliseconds it took to parse it, plan it, evaluate it and write the answer as SPARQL JSON to nowhere.
//!
//! The data are those of a shop, and the 20 shapes are those of `WatDiv` (Aluç, Hartig, Özsu and Daudjee, 2014): linear
//! (L), star (S), snowflake (F) and complex (C) ones.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark prints its figures, or why it has none"
)]
#![allow(clippy::cast_precision_loss, reason = "figures are rounded")]

#[allow(dead_code, unused_imports, reason = "each benchmark uses its part")]
mod support;

use dossier::internals::{EngineQuery, Head, Naming, RowGoal, Store, Style, prepare, write_rows};
use dossier::{Data, Dossier, Labels, RdfFile, ResultFormat, Session, SourceFile, Terms};
use oxigraph::model::Quad;
use oxigraph::sparql::QueryResults;
use spargebra::SparqlParser;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

const SEED: u64 = 1;

/// How long a shape is asked again and again, at most.
const PATIENCE: Duration = Duration::from_millis(300);

const SHAPES: [(&str, &str); 20] = [
    ("L1", "SELECT * { ?v0 :subscribes :website1 . ?v2 :caption ?v3 . ?v0 :likes ?v2 }"),
    ("L2", "SELECT * { :city2 :parentCountry ?v1 . ?v2 :likes :product0 . ?v2 :nationality ?v1 }"),
    ("L3", "SELECT * { ?v0 :likes ?v1 . ?v0 :subscribes :website2 }"),
    ("L4", "SELECT * { ?v0 :tag :topic1 . ?v0 :caption ?v2 }"),
    ("L5", "SELECT * { ?v0 :jobTitle ?v1 . :city1 :parentCountry ?v3 . ?v0 :nationality ?v3 }"),
    (
        "S1",
        "SELECT * { ?v0 :includes ?v1 . :retailer1 :offers ?v0 . ?v0 :price ?v3 ; :serialNumber ?v4 ; :validFrom ?v5 ; \
         :validThrough ?v6 ; :eligibleQuantity ?v7 ; :eligibleRegion ?v8 ; :priceValidUntil ?v9 }",
    ),
    (
        "S2",
        "SELECT * { ?v0 :location ?v1 . ?v0 :nationality :country1 . ?v0 :gender ?v3 . ?v0 a :Role2 }",
    ),
    (
        "S3",
        "SELECT * { ?v0 a :Category1 . ?v0 :caption ?v2 . ?v0 :hasGenre ?v3 . ?v0 :publisher ?v4 }",
    ),
    (
        "S4",
        "SELECT * { ?v0 :age :ageGroup5 . ?v0 :familyName ?v2 . ?v3 :artist ?v0 . ?v0 :nationality :country0 }",
    ),
    (
        "S5",
        "SELECT * { ?v0 a :Category0 . ?v0 :description ?v2 . ?v0 :keywords ?v3 . ?v0 :language :language0 }",
    ),
    ("S6", "SELECT * { ?v0 :conductor ?v1 . ?v0 a ?v2 . ?v0 :hasGenre :genre0 }"),
    ("S7", "SELECT * { ?v0 a ?v1 . ?v0 :text ?v2 . :user1 :likes ?v0 }"),
    (
        "F1",
        "SELECT * { ?v0 :tag :topic0 . ?v0 a ?v2 . ?v3 :trailer ?v4 . ?v3 :keywords ?v5 . ?v3 :hasGenre ?v0 . ?v3 a :Category0 }",
    ),
    (
        "F2",
        "SELECT * { ?v0 :homepage ?v1 . ?v0 :title ?v2 . ?v0 a ?v3 . ?v0 :caption ?v4 . ?v0 :description ?v5 . ?v1 :url ?v6 . \
         ?v1 :hits ?v7 . ?v0 :hasGenre :genre0 }",
    ),
    (
        "F3",
        "SELECT * { ?v0 :contentRating ?v1 . ?v0 :contentSize ?v2 . ?v0 :hasGenre :genre1 . ?v4 :makesPurchase ?v5 . \
         ?v5 :purchaseDate ?v6 . ?v5 :purchaseFor ?v0 }",
    ),
    (
        "F4",
        "SELECT * { ?v0 :homepage ?v1 . ?v2 :includes ?v0 . ?v0 :tag :topic0 . ?v0 :description ?v4 . ?v0 :contentSize ?v8 . \
         ?v1 :url ?v5 . ?v1 :hits ?v6 . ?v1 :language :language0 . ?v7 :likes ?v0 }",
    ),
    (
        "F5",
        "SELECT * { ?v0 :includes ?v1 . :retailer0 :offers ?v0 . ?v0 :price ?v3 . ?v0 :validThrough ?v4 . ?v1 :title ?v5 . ?v1 a ?v6 }",
    ),
    (
        "C1",
        "SELECT * { ?v0 :caption ?v1 . ?v0 :text ?v2 . ?v0 :contentRating ?v3 . ?v0 :hasReview ?v4 . ?v4 :title ?v5 . \
         ?v4 :reviewer ?v6 . ?v7 :actor ?v6 . ?v7 :language ?v8 }",
    ),
    (
        "C2",
        "SELECT * { ?v0 :legalName ?v1 . ?v0 :offers ?v2 . ?v2 :eligibleRegion :country5 . ?v2 :includes ?v3 . ?v4 :jobTitle ?v5 . \
         ?v4 :homepage ?v6 . ?v4 :makesPurchase ?v7 . ?v7 :purchaseFor ?v3 . ?v3 :hasReview ?v8 . ?v8 :totalVotes ?v9 }",
    ),
    (
        "C3",
        "SELECT ?v0 { ?v0 :likes ?v1 . ?v0 :friendOf ?v2 . ?v0 :location ?v3 . ?v0 :age ?v4 . ?v0 :gender ?v5 . ?v0 :givenName ?v6 }",
    ),
];

const PREFIX: &str = "https://example.com/shop/";

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let mut option = |name: &str| {
        (arguments.first().map(String::as_str) == Some(name) && arguments.len() > 1)
            .then(|| arguments.drain(..2).nth(1).unwrap_or_default())
    };
    let (into, ask) = (option("--into"), option("--ask"));
    if let Some(data) = ask {
        return answer_each(Path::new(&data));
    }
    let wanted = arguments.first().and_then(|triples| triples.parse().ok()).unwrap_or(100_000);
    let shop = support::generate_shop(wanted, SEED);
    match into {
        Some(folder) => write(&shop, Path::new(&folder)).expect("the folder can be written"),
        None => compare(shop),
    }
}

fn write(shop: &[Quad], folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut out = BufWriter::new(File::create(folder.join("data.nt"))?);
    for quad in shop {
        writeln!(out, "{quad} .")?;
    }
    out.flush()?;
    for (name, text) in SHAPES {
        fs::write(folder.join(format!("{name}.rq")), format!("PREFIX : <{PREFIX}>\n{text}\n"))?;
    }
    println!("{}: {} triples, some more than once", folder.display(), shop.len());
    Ok(())
}

/// Answers the queries whose files are named on standard input.
fn answer_each(data: &Path) {
    let session = session_on(data);
    println!("{{}}");
    for file in io::stdin().lines() {
        let file = file.expect("the name of a file");
        let text = fs::read_to_string(&file).expect("a query");
        let start = Instant::now();
        let rows = answer(&session, &text);
        println!("{{\"rows\": {rows}, \"ms\": {}}}", milliseconds(start.elapsed()));
    }
}

fn session_on(path: &Path) -> Session {
    let dossier = Dossier::built_in();
    let session = if path.is_dir() {
        Session::open(dossier, &Data::Store(path.to_owned()))
    } else {
        let bytes = fs::read(path).expect("a file").into();
        let source = SourceFile { path: path.display().to_string(), bytes };
        let file = RdfFile::new(source).expect("a file of RDF");
        Session::of_files(dossier, vec![file.into()])
    };
    session.expect("the data")
}

fn answer(session: &Session, text: &str) -> usize {
    let query = session.ad_hoc_query("query", text, &[]).expect("a query");
    let answer = session.answer(&query, None, None).expect("an answer");
    let rows = answer.rows().expect("a SELECT");
    let variables = rows.variables().to_vec();
    let head = Head { variables: &variables, is_cited: false, diagnosis: None };
    let labels = Labels::default();
    let naming = Naming { terms: Terms::Iri, prefixes: session.prefixes(), labels: &labels };
    let sink = &mut io::sink();
    let style = Style::new(naming);
    let references = |graph: &_| session.reference(graph);
    write_rows(ResultFormat::Json, head, rows, style, &references, sink).expect("rows")
}

/// Prints how long the shapes take with and without a plan.
fn compare(shop: Vec<Quad>) {
    let start = Instant::now();
    let store = Store::of(shop).expect("a store");
    let load = start.elapsed();
    let start = Instant::now();
    let statistics = store.statistics().expect("statistics");
    let gathering = start.elapsed();
    println!("{} triples, loaded in {:.0} ms", statistics.triples, milliseconds(load));
    let share = gathering.as_secs_f64() / load.as_secs_f64();
    println!("statistics in {:.0} ms, {share:.2} x loading", milliseconds(gathering));
    println!("      rows     as it is      planned      ratio     planning");
    let unplanned = store.clone().without_planning();
    let (mut sums, mut slower) = ([0.0; 3], 0);
    for (name, text) in SHAPES {
        let query = SparqlParser::new()
            .with_prefix("", PREFIX)
            .expect("a prefix")
            .parse_query(text)
            .expect("a query");
        let query = EngineQuery::of_parts(prepare(&query).rewritten().clone());
        let (before, expected) = measure(|| rows(&unplanned, &query));
        let (after, given) = measure(|| rows(&store, &query));
        assert_eq!(given, expected, "{name} has other rows");
        let (planning, _) =
            measure(|| usize::from(store.plan(query.clone(), RowGoal::All).is_ok()));
        let ratio = before / after;
        println!(
            "{name}  {given:8} {before:9.3} ms {after:9.3} ms {ratio:8.2} x {planning:9.3} ms"
        );
        for (sum, figure) in sums.iter_mut().zip([before, after, planning]) {
            *sum += figure.ln();
        }
        slower += usize::from(after > 1.1 * before);
    }
    let [before, after, planning] = sums.map(|sum| (sum / SHAPES.len() as f64).exp());
    let ratio = before / after;
    println!("geometric mean {before:7.3} ms {after:9.3} ms {ratio:8.2} x {planning:9.3} ms");
    println!("shapes that are slower with a plan by more than a tenth: {slower}");
}

fn rows(store: &Store, query: &EngineQuery) -> usize {
    match store.evaluate(query.clone(), RowGoal::All).expect("an answer") {
        QueryResults::Solutions(solutions) => solutions.inspect(|row| assert!(row.is_ok())).count(),
        _ => 0,
    }
}

/// The median time in milliseconds, and what is given.
fn measure(run: impl Fn() -> usize) -> (f64, usize) {
    let (mut times, start) = (Vec::new(), Instant::now());
    loop {
        let round = Instant::now();
        let given = run();
        times.push(round.elapsed());
        if start.elapsed() > PATIENCE || times.len() >= 101 {
            times.sort();
            return (milliseconds(times[times.len() / 2]), given);
        }
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
