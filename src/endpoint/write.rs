//! Writes to a server: quads to a graph store that accepts whole datasets, or a SPARQL update.
//!
//! Both go through serializers, so that data never becomes part of an update's structure.

use super::address::Address;
use super::errors;
use super::request::{self, Message, RequestError};
use super::update;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::Quad;
use oxigraph::sparql::CancellationToken;
use spargebra::GraphUpdateOperation;
use std::io;
use ureq::Agent;

/// The media type of an update ([SPARQL 1.1 Protocol,
/// 2.2.2](https://www.w3.org/TR/sparql11-protocol/#update-via-post-direct)).
const UPDATE: &str = "application/sparql-update";

/// The accepted responses, whose content does not matter. Some servers would send a page to a program that accepts any.
const ACCEPTED: &str = "application/json, application/sparql-results+json;q=0.9, */*;q=0.1";

/// How a server receives data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WriteMethod {
    /// N-Quads by POST, as the Graph Store Protocol sends triples. Many graph stores accept quads as well.
    GraphStore,
    /// `INSERT DATA` by SPARQL Update.
    Update,
}

/// An address that receives data.
pub(crate) struct Writer {
    address: Address,
    method: WriteMethod,
    agent: Agent,
}

/// Quads to add in one request.
#[derive(Debug, Default)]
pub(crate) struct Insertion {
    /// The quads without blank nodes.
    pub ground: Vec<Quad>,
    /// The quads with blank nodes, in groups that share none.
    pub groups: Vec<Vec<Quad>>,
}

/// Why a write failed.
#[derive(Debug)]
pub(crate) enum WriteFault {
    /// The work was stopped before the server responded.
    Stopped,
    /// The connection could not be made, or was cut before a response.
    Cut(String),
    /// The server responded with an error.
    Status {
        /// The HTTP status.
        status: u16,
        /// Its message, on one line.
        said: Option<String>,
    },
    /// The server returned a page for people with a success status: it does not accept data here.
    Page,
}

impl Writer {
    /// Creates the writer for an address. Sends no request yet.
    pub(crate) fn new(address: Address, method: WriteMethod) -> Self {
        Self { address, method, agent: request::agent() }
    }

    /// Returns the address.
    pub(crate) const fn address(&self) -> &Address {
        &self.address
    }

    /// Returns how the address receives data.
    pub(crate) const fn method(&self) -> WriteMethod {
        self.method
    }

    /// Adds quads, in one request.
    ///
    /// # Errors
    /// Fails if the server does not confirm the request.
    pub(crate) fn insert(
        &self,
        insertion: &Insertion,
        token: &CancellationToken,
    ) -> Result<(), WriteFault> {
        match self.method {
            WriteMethod::GraphStore => {
                let bytes =
                    to_n_quads(insertion).map_err(|error| WriteFault::Cut(error.to_string()))?;
                let media_type = RdfFormat::NQuads.media_type();
                self.send(Message::Content { media_type, bytes }, token)
            }
            WriteMethod::Update => self.update(&update::insertion(insertion), token),
        }
    }

    /// Runs the operations of an update, in one request. The address has to be one for updates.
    ///
    /// # Errors
    /// Fails if the server does not confirm the request.
    pub(crate) fn update(
        &self,
        operations: &[GraphUpdateOperation],
        token: &CancellationToken,
    ) -> Result<(), WriteFault> {
        let bytes = update::text(operations).into_bytes();
        self.send(Message::Content { media_type: UPDATE, bytes }, token)
    }

    fn send(&self, message: Message, token: &CancellationToken) -> Result<(), WriteFault> {
        let sent = request::send(&self.agent, &self.address, message, ACCEPTED, token);
        let (head, mut body) = sent.map_err(|error| match error {
            RequestError::Stopped => WriteFault::Stopped,
            RequestError::Failed(error) => WriteFault::Cut(errors::cause(&error)),
        })?;
        if !head.is_success() {
            let said = errors::said(&head, body).map(|said| self.address.mask(said));
            return Err(WriteFault::Status { status: head.status, said });
        }
        if errors::is_page(&head) {
            return Err(WriteFault::Page);
        }
        // The connection is reused once the response has been read.
        io::copy(&mut body, &mut io::sink()).map(drop).map_err(|error| {
            if token.is_cancelled() {
                WriteFault::Stopped
            } else {
                WriteFault::Cut(errors::one_line(&error.to_string()))
            }
        })
    }
}

fn to_n_quads(insertion: &Insertion) -> io::Result<Vec<u8>> {
    let mut serializer = RdfSerializer::from_format(RdfFormat::NQuads).for_writer(Vec::new());
    for quad in insertion.quads() {
        serializer.serialize_quad(quad)?;
    }
    serializer.finish()
}

impl Insertion {
    /// Returns all quads.
    fn quads(&self) -> impl Iterator<Item = &Quad> {
        self.ground.iter().chain(self.groups.iter().flatten())
    }

    /// Returns the number of quads.
    pub(crate) fn len(&self) -> usize {
        self.ground.len() + self.groups.iter().map(Vec::len).sum::<usize>()
    }
}
