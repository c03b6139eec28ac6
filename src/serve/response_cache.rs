//! Responses that were sent before. They are the same as long as the data is.

use super::frame::{Frame, Head};
use crate::cache::Cache;
use crate::web::Incoming;
use hyper::body::Bytes;

/// The most responses that are kept, and the longest body of one, in bytes.
const MOST: usize = 128;
const LONGEST: usize = 64 << 10;

/// A response that is complete. Clones share its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KnownResponse {
    pub head: Head,
    pub body: Bytes,
}

/// What a response depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    generation: u64,
    origin: String,
    path: String,
    query: Option<String>,
    accept: Option<String>,
    gzip: bool,
}

impl Key {
    /// Returns what the response to a request depends on, or `None` if it can be another one each time: if something is
    /// sent, or the client has a response already. `generation` is the number of the data.
    pub(super) fn of(incoming: &Incoming, generation: u64) -> Option<Self> {
        let is_plain = incoming.is_read() && incoming.if_none_match.is_none();
        is_plain.then(|| Self {
            generation,
            origin: incoming.origin.clone(),
            path: incoming.path.clone(),
            query: incoming.query.clone(),
            accept: incoming.accept.clone(),
            gzip: incoming.gzip,
        })
    }
}

/// The cache. Clones share the responses.
#[derive(Clone)]
pub(super) struct ResponseCache(Cache<Key, KnownResponse>);

impl ResponseCache {
    /// Creates an empty cache.
    pub(super) fn new() -> Self {
        Self(Cache::new(MOST))
    }

    /// Returns the response to a request, if it is known.
    pub(super) fn get(&self, key: &Key) -> Option<KnownResponse> {
        self.0.get(key)
    }

    /// Returns what keeps a response while it is sent.
    pub(super) fn recorder(&self, key: Key) -> Recorder {
        Recorder { cache: self.clone(), key: Some(key), head: None, body: Vec::new() }
    }
}

/// Sees the frames of a response, and keeps it when it is complete.
pub(super) struct Recorder {
    cache: ResponseCache,
    /// `None` if the response is not kept.
    key: Option<Key>,
    head: Option<Head>,
    body: Vec<u8>,
}

impl Recorder {
    /// Sees the next frame.
    pub(super) fn see(&mut self, frame: &Frame) {
        match frame {
            // Only responses with a tag are known to depend on nothing but the data.
            Frame::Head(head) if head.status == 200 && has_tag(head) => {
                self.head = Some(head.clone());
            }
            Frame::Data(bytes) if self.body.len() + bytes.len() <= LONGEST => {
                if self.head.is_some() {
                    self.body.extend_from_slice(bytes);
                }
            }
            Frame::End => {
                if let (Some(key), Some(head)) = (self.key.take(), self.head.take()) {
                    let body = std::mem::take(&mut self.body).into();
                    self.cache.0.keep(key, KnownResponse { head, body });
                }
            }
            _ => self.key = None,
        }
    }
}

fn has_tag(head: &Head) -> bool {
    head.headers.iter().any(|(name, _)| name == "etag")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(path: &str) -> Key {
        let incoming =
            Incoming { method: "GET".to_owned(), path: path.to_owned(), ..Incoming::default() };
        Key::of(&incoming, 1).unwrap()
    }

    fn head(tag: Option<&str>) -> Frame {
        let headers = tag.map(|tag| ("etag".to_owned(), tag.to_owned()));
        Frame::Head(Head { status: 200, headers: headers.into_iter().collect(), length: None })
    }

    #[test]
    fn complete_responses_with_a_tag_are_kept() {
        let data = |length: usize| Frame::Data(vec![b'x'; length]);
        for (frames, kept) in [
            (vec![head(Some("a")), data(3), data(4), Frame::End], Some(7)),
            (vec![head(Some("a")), Frame::End], Some(0)),
            (vec![head(None), data(3), Frame::End], None),
            (vec![head(Some("a")), data(3), Frame::Cut("broken".to_owned())], None),
            (vec![head(Some("a")), data(3)], None),
            (vec![head(Some("a")), data(LONGEST), data(1), Frame::End], None),
        ] {
            let cache = ResponseCache::new();
            let mut recorder = cache.recorder(key("/a"));
            for frame in &frames {
                recorder.see(frame);
            }
            let length = cache.get(&key("/a")).map(|known| known.body.len());
            assert_eq!(length, kept, "{frames:?}");
            assert_eq!(cache.get(&key("/b")), None);
        }
    }

    #[test]
    fn a_response_depends_on_its_request_and_on_the_data() {
        let get = Incoming { method: "GET".to_owned(), ..Incoming::default() };
        let plain = Key::of(&get, 1);
        assert!(plain.is_some());
        assert_ne!(Key::of(&get, 2), plain);
        assert_ne!(Key::of(&Incoming { gzip: true, ..get.clone() }, 1), plain);
        let known = Incoming { if_none_match: Some("a".to_owned()), ..get.clone() };
        assert_eq!(Key::of(&known, 1), None);
        assert_eq!(Key::of(&Incoming { method: "POST".to_owned(), ..get }, 1), None);
    }
}
