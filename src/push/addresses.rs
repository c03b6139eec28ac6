//! The addresses where a server may accept data, by the conventions of known servers.

use crate::endpoint::{Address, WriteMethod};

/// The last parts of addresses that accept queries.
const OF_QUERIES: [&str; 2] = ["query", "sparql"];

/// Returns the addresses that may accept data, the fastest first, for the address that accepts queries.
///
/// | server | queries | quads | updates |
/// | --- | --- | --- | --- |
/// | Apache Jena Fuseki | `/NAME/query`, `/NAME/sparql`, `/NAME` | `/NAME/data` | `/NAME/update` |
/// | Oxigraph | `/query` | `/store` | `/update` |
/// | RDF4J, GraphDB | `/repositories/NAME` | `/repositories/NAME/statements` | the same |
/// | Virtuoso, Blazegraph | `/sparql` | | the same |
pub(super) fn candidates(endpoint: &Address) -> Vec<(Address, WriteMethod)> {
    use WriteMethod::{GraphStore, Update};
    let path = endpoint.path().trim_end_matches('/');
    let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
    let base = if OF_QUERIES.contains(&last) { parent } else { path };
    let mut paths = Vec::new();
    if parent.ends_with("/repositories") {
        paths.push((format!("{path}/statements"), GraphStore));
        paths.push((format!("{path}/statements"), Update));
    } else {
        paths.push((format!("{base}/data"), GraphStore));
        paths.push((format!("{base}/store"), GraphStore));
        paths.push((format!("{base}/update"), Update));
    }
    let beside =
        paths.into_iter().filter_map(|(path, how)| Some((endpoint.with_path(&path)?, how)));
    beside.chain([(endpoint.clone(), Update)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_servers_have_their_conventions() {
        for (endpoint, expected) in [
            ("http://a/ds/query", "/ds/data /ds/store /ds/update = /ds/query ="),
            ("http://a/ds", "/ds/data /ds/store /ds/update = /ds ="),
            ("http://a/query?key=x", "/data /store /update = /query ="),
            ("http://a/sparql/", "/data /store /update = /sparql/ ="),
            (
                "http://a/r/repositories/sco",
                "/r/repositories/sco/statements /r/repositories/sco/statements = /r/repositories/sco =",
            ),
        ] {
            let found = candidates(&Address::parse(endpoint).unwrap());
            let words = found.iter().map(|(address, how)| match how {
                WriteMethod::GraphStore => address.path().to_owned(),
                WriteMethod::Update => format!("{} =", address.path()),
            });
            assert_eq!(words.collect::<Vec<_>>().join(" "), expected, "{endpoint}");
        }
    }
}
