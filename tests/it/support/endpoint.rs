//! A SPARQL endpoint on this machine: one that answers by a store, or one that writes what it is told to.

use super::for_engine;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The media type of solutions and booleans.
pub const JSON: &str = "application/sparql-results+json";

/// An endpoint that is there as long as the test. What it was asked is kept.
pub struct Endpoint {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Asked {
    head: String,
    pub query: String,
}

impl Asked {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Endpoint {
    /// An endpoint that answers by a store.
    pub fn over(store: Store) -> Self {
        Self::serving(move |stream, asked| {
            let _ = stream.write_all(&answer(&store, &asked.query));
        })
    }

    /// An endpoint that writes the same bytes whatever it is asked, and closes; or writes them and never closes.
    pub fn that_writes(bytes: impl Into<Vec<u8>>, then_closes: bool) -> Self {
        let bytes = bytes.into();
        let open: Mutex<Vec<TcpStream>> = Mutex::default();
        Self::serving(move |stream, _| {
            let _ = stream.write_all(&bytes);
            if !then_closes {
                open.lock().unwrap().push(stream.try_clone().unwrap());
            }
        })
    }

    /// An endpoint that writes some bytes to the first who asks, and to all others nothing.
    pub fn that_answers_once(bytes: Vec<u8>) -> Self {
        let bytes = Mutex::new(Some(bytes));
        let open: Mutex<Vec<TcpStream>> = Mutex::default();
        Self::serving(move |stream, _| match bytes.lock().unwrap().take() {
            Some(bytes) => stream.write_all(&bytes).unwrap(),
            None => open.lock().unwrap().push(stream.try_clone().unwrap()),
        })
    }

    fn serving(serve: impl Fn(&mut TcpStream, &Asked) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/sparql", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (kept, serve) = (Arc::clone(&asked), Arc::new(serve));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, kept, serve) =
                    (stream.unwrap(), Arc::clone(&kept), Arc::clone(&serve));
                let work = move || {
                    let request = read(&mut stream);
                    kept.lock().unwrap().push(request.clone());
                    serve(&mut stream, &request);
                };
                thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap();
            }
        });
        Self { url, asked }
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// How often it was asked since the last time that this was called.
    pub fn requests(&self) -> usize {
        std::mem::take(&mut *self.asked.lock().unwrap()).len()
    }
}

/// A response of HTTP with a body.
pub fn response(status: &str, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}");
    format!("{head}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}

/// Reads a request to its end, as far as its length says.
fn read(stream: &mut TcpStream) -> Asked {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap_or_default();
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let asked = Asked { head: head.to_owned(), query: decoded(body) };
        let length = asked.header("content-length").and_then(|length| length.parse().ok());
        if read == 0 || length.is_some_and(|length: usize| body.len() >= length) {
            return asked;
        }
    }
}

/// The query of a form.
fn decoded(form: &str) -> String {
    let query = form.strip_prefix("query=").unwrap_or_default().replace('+', " ");
    percent_encoding::percent_decode_str(&query).decode_utf8_lossy().into_owned()
}

/// The response of a store to a query, as SPARQL 1.1 has it.
fn answer(store: &Store, query: &str) -> Vec<u8> {
    match spargebra::SparqlParser::new().parse_query(query) {
        Ok(query) => {
            let query = SparqlEvaluator::new().for_query(for_engine(&query));
            results(query.on_store(store).execute().unwrap())
        }
        Err(error) => response("400 Bad Request", "text/plain", &error.to_string()),
    }
}

/// The response with the results of a query.
pub fn results(results: QueryResults<'_>) -> Vec<u8> {
    let json = QueryResultsSerializer::from_format(QueryResultsFormat::Json);
    let (media_type, body) = match results {
        QueryResults::Graph(triples) => {
            let mut writer = RdfSerializer::from_format(RdfFormat::NTriples).for_writer(Vec::new());
            for triple in triples {
                writer.serialize_triple(&triple.unwrap()).unwrap();
            }
            (RdfFormat::NTriples.media_type(), writer.finish().unwrap())
        }
        QueryResults::Boolean(value) => {
            (JSON, json.serialize_boolean_to_writer(Vec::new(), value).unwrap())
        }
        QueryResults::Solutions(solutions) => {
            let variables = solutions.variables().to_vec();
            let mut writer = json.serialize_solutions_to_writer(Vec::new(), variables).unwrap();
            for solution in solutions {
                writer.serialize(&solution.unwrap()).unwrap();
            }
            (JSON, writer.finish().unwrap())
        }
    };
    response("200 OK", media_type, &String::from_utf8(body).unwrap())
}
