//! A SPARQL endpoint on this machine: over the quads of a file, or one that answers what it is told to.

use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::sparql::results::{QueryResultsFormat, QueryResultsSerializer};
use oxigraph::sparql::{QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use tiny_http::{Header, Request, Response, Server};

/// An endpoint that is there as long as the test. What it was asked is kept.
pub struct Endpoint {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Asked {
    pub query: String,
    pub headers: Vec<(String, String)>,
}

impl Endpoint {
    /// An endpoint that answers by a store.
    pub fn over(store: Store) -> Self {
        let server = Server::http("127.0.0.1:0").unwrap();
        let url = format!("http://{}/sparql", server.server_addr());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = Arc::clone(&asked);
        thread::spawn(move || {
            for mut request in server.incoming_requests() {
                let mut form = String::new();
                request.as_reader().read_to_string(&mut form).unwrap();
                let query = decoded(form.strip_prefix("query=").unwrap());
                let headers = request.headers().iter();
                let headers = headers.map(|header| {
                    (header.field.to_string().to_lowercase(), header.value.to_string())
                });
                kept.lock()
                    .unwrap()
                    .push(Asked { query: query.clone(), headers: headers.collect() });
                let store = store.clone();
                thread::Builder::new()
                    .stack_size(64 << 20)
                    .spawn(move || answer(request, &store, &query))
                    .unwrap();
            }
        });
        Self { url, asked }
    }

    /// An endpoint that writes the same bytes whatever it is asked, and closes; or writes them and never closes.
    pub fn that_writes(bytes: impl Into<Vec<u8>>, then_closes: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/sparql", listener.local_addr().unwrap());
        let bytes = bytes.into();
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let kept = Arc::clone(&asked);
        thread::spawn(move || {
            let mut open: Vec<TcpStream> = Vec::new();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                read_request(&mut stream);
                kept.lock().unwrap().push(Asked { query: String::new(), headers: Vec::new() });
                let _ = stream.write_all(&bytes);
                if !then_closes {
                    open.push(stream);
                }
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
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Reads a request to its end, as far as its length says.
fn read_request(stream: &mut TcpStream) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(read) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let length = |head: &str| -> Option<usize> {
            head.split("content-length:").nth(1)?.split("\r\n").next()?.trim().parse().ok()
        };
        let is_whole = |(head, body): (&str, &str)| body.len() >= length(head).unwrap_or_default();
        if read == 0 || text.split_once("\r\n\r\n").is_some_and(is_whole) {
            return;
        }
    }
}

fn decoded(form: &str) -> String {
    let form = form.replace('+', " ");
    percent_encoding::percent_decode_str(&form).decode_utf8().unwrap().into_owned()
}

fn answer(request: Request, store: &Store, query: &str) {
    let results = SparqlEvaluator::new()
        .parse_query(query)
        .map_err(|error| error.to_string())
        .and_then(|query| query.on_store(store).execute().map_err(|error| error.to_string()));
    let mut body = Vec::new();
    let media_type = match results {
        Err(error) => {
            let response = Response::from_string(error).with_status_code(400);
            let _ = request.respond(response);
            return;
        }
        Ok(QueryResults::Graph(triples)) => {
            let format = RdfFormat::NTriples;
            let mut writer = RdfSerializer::from_format(format).for_writer(&mut body);
            for triple in triples {
                writer.serialize_triple(&triple.unwrap()).unwrap();
            }
            writer.finish().unwrap();
            format.media_type()
        }
        Ok(QueryResults::Boolean(value)) => {
            QueryResultsSerializer::from_format(QueryResultsFormat::Json)
                .serialize_boolean_to_writer(&mut body, value)
                .unwrap();
            QueryResultsFormat::Json.media_type()
        }
        Ok(QueryResults::Solutions(solutions)) => {
            let mut writer = QueryResultsSerializer::from_format(QueryResultsFormat::Json)
                .serialize_solutions_to_writer(&mut body, solutions.variables().to_vec())
                .unwrap();
            for solution in solutions {
                writer.serialize(&solution.unwrap()).unwrap();
            }
            writer.finish().unwrap();
            QueryResultsFormat::Json.media_type()
        }
    };
    let header = Header::from_bytes("Content-Type", media_type).unwrap();
    let _ = request.respond(Response::from_data(body).with_header(header));
}
