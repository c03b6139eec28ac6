//! The folder that `dossier publish` writes.

use super::{attributes, check_shape, texts};
use crate::support::program::run;
use dom_query::Document;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The files of a folder by their paths, with `/` between parts.
fn files(folder: &Path) -> BTreeMap<String, String> {
    fn add(folder: &Path, before: &str, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{before}{}", entry.file_name().into_string().unwrap());
            if entry.path().is_dir() {
                add(&entry.path(), &format!("{name}/"), found);
            } else {
                found.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    add(folder, "", &mut found);
    found
}

/// Follows a relative link.
fn followed(page: &str, link: &str) -> String {
    let link = link.split(['#', '?']).next().unwrap();
    let mut parts: Vec<&str> = page.split('/').collect();
    if !link.is_empty() {
        parts.pop();
        for part in link.split('/') {
            if part == ".." {
                assert!(parts.pop().is_some(), "{page}: {link}");
            } else {
                parts.push(part);
            }
        }
    }
    parts.join("/")
}

#[test]
fn the_built_in_dossier_is_published_whole() {
    let folder = tempfile::tempdir().unwrap();
    let (code, out, err) = run(folder.path(), &["publish", "site"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let site = files(&folder.path().join("site"));
    for path in [
        "index.html",
        "ask/members/index.html",
        "ask/members.csv",
        "ask/members/year=2016/index.html",
        "ask/members/year=2016.json",
        // Listed by the class of the parameter, without an example.
        "ask/status/state=country,UZ~0003/index.html",
        "thing/country,CN~081/index.html",
        "read/doc,sco/index.html",
        "claim/claim,joined-2017/index.html",
        "draw/overview/index.html",
        "draw/timeline.svg",
        "search/index.html",
    ] {
        assert!(site.contains_key(path), "{path} is missing");
    }
    let mut lower = BTreeSet::new();
    for (path, text) in site.iter().filter(|(path, _)| path.ends_with("index.html")) {
        assert!(lower.insert(path.to_lowercase()), "{path}");
        let page = Document::from(text.as_str());
        check_shape(path, &page);
        for selector in ["a[href]", "link[href]", "script[src]", "form[action]"] {
            for name in ["href", "src", "action"] {
                for link in attributes(&page, selector, name) {
                    if link.contains("://") || link.starts_with("data:") {
                        continue;
                    }
                    assert!(!link.starts_with('/'), "{path}: {link}");
                    assert!(site.contains_key(&followed(path, &link)), "{path}: {link}");
                }
            }
        }
        // No form asks a server.
        assert!(page.select("form.parameters, form.query").is_empty(), "{path}");
    }
    let index = site.iter().find(|(path, _)| path.starts_with("static/search.")).unwrap().1;
    assert!(index.contains("[2,\"Iran\",\"country:IR\",\"thing/country,IR~"), "{index}");
    let page = Document::from(site["ask/status/index.html"].as_str());
    assert_eq!(texts(&page, ".choices a").len(), 9);

    // The same bytes each time, in the place of the older ones.
    let (code, _, err) = run(folder.path(), &["publish", "site"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(files(&folder.path().join("site")), site);
    let left: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["site"]);
}

#[test]
fn canonical_links_lead_to_the_web() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.ttl"), "<http://a.example/x> <http://a.example/p> 1 .")
        .unwrap();
    let (code, _, err) = run(
        folder.path(),
        &["publish", "site", "--data", "a.ttl", "--url", "https://a.example/sco/"],
    );
    assert_eq!(code, 0, "{err}");
    let page = fs::read_to_string(folder.path().join("site/index.html")).unwrap();
    let page = Document::from(page);
    assert_eq!(attributes(&page, "link[rel=canonical]", "href"), ["https://a.example/sco/"]);
}

#[test]
fn what_the_command_did_not_write_stays() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("a.ttl"), "<http://a.example/x> <http://a.example/p> 1 .").unwrap();
    fs::create_dir(here.join("full")).unwrap();
    fs::write(here.join("full/mine"), "mine").unwrap();
    let publish = |place: &str| run(here, &["publish", place, "--data", "a.ttl"]);
    let (code, _, err) = publish("full");
    assert!(
        code == 2 && err.contains("`full` is not empty, and is not a site of `dossier publish`"),
        "{err}"
    );
    let (code, _, err) = publish("a.ttl");
    assert!(code == 2 && err.contains("`a.ttl` is not a folder"), "{err}");
    let (code, _, err) = publish("missing/site");
    assert!(code == 3 && err.contains("the folder `missing` does not exist"), "{err}");
    fs::create_dir(here.join("empty")).unwrap();
    assert_eq!(publish("empty").0, 0);
    fs::write(here.join("empty/CNAME"), "a.example").unwrap();
    let (code, _, err) = publish("empty");
    assert!(
        code == 2
            && err.contains("`empty` contains `CNAME`, which `dossier publish` did not write"),
        "{err}"
    );
    assert_eq!(fs::read_to_string(here.join("full/mine")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(here.join("empty/CNAME")).unwrap(), "a.example");
}

#[cfg(unix)]
#[test]
fn no_link_shows_a_file_outside_of_the_dossier() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret.txt"), "A secret sentence.\n").unwrap();
    let (code, _, err) = run(folder.path(), &["new", "own", "--quiet"]);
    assert_eq!(code, 0, "{err}");
    let own = folder.path().join("own");
    std::os::unix::fs::symlink("../../../secret.txt", own.join("data/documents/secret.txt"))
        .unwrap();
    for command in [&["publish", "site"][..], &["serve", "--port", "0"]] {
        let (code, out, err) = run(&own, command);
        assert_eq!((code, out.as_str()), (3, ""), "{err}");
        assert_eq!(
            err.lines().next(),
            Some("error: `data/documents/secret.txt` is a link to a file outside of the dossier")
        );
        assert!(!own.join("site").exists());
    }
    // A link to another file of the dossier is fine.
    fs::remove_file(own.join("data/documents/secret.txt")).unwrap();
    let text = fs::read_dir(own.join("data/documents")).unwrap().next().unwrap().unwrap();
    std::os::unix::fs::symlink(text.file_name(), own.join("data/documents/other.txt")).unwrap();
    let (code, _, err) = run(&own, &["publish", "site", "--quiet"]);
    assert_eq!(code, 0, "{err}");
}
