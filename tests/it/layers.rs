//! The drawing of the modules in `src/lib.rs` against the code: no module uses one that stands beside or above it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The floor of each module in the drawing, counted from the top.
fn floors() -> BTreeMap<String, usize> {
    let text = fs::read_to_string(source().join("lib.rs")).unwrap();
    let drawing = text.split("//! ```text\n").nth(1).unwrap().split("//! ```").next().unwrap();
    let (mut floor, mut floors) = (0, BTreeMap::new());
    for line in drawing.lines() {
        floor += usize::from(line.contains('▼'));
        let names = line.trim_start_matches("//!").split(['│', '▼']).next().unwrap();
        for name in names.split_whitespace() {
            assert!(floors.insert(name.to_owned(), floor).is_none(), "`{name}` is drawn twice");
        }
    }
    floors
}

fn files_in(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first part of a path below `src`: the module at the root of the crate.
fn root_of(path: &Path) -> String {
    let inside = path.strip_prefix(source()).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The modules at the root of the crate that a text of Rust names, without its comments and its tests.
fn named(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let one = Regex::new(r"\bcrate::(\w+)").unwrap();
    let group = Regex::new(r"\bcrate::\{([^;]*)\};").unwrap();
    let nested = Regex::new(r"\{[^{}]*\}").unwrap();
    let mut names: BTreeSet<String> = one.captures_iter(&code).map(|c| c[1].to_owned()).collect();
    for captures in group.captures_iter(&code) {
        let inner = nested.replace_all(&captures[1], "").into_owned();
        let parts = inner.split(',').map(|part| part.split("::").next().unwrap().trim());
        names.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
    }
    names
}

#[test]
fn every_module_is_drawn() {
    let mut modules: BTreeSet<String> =
        fs::read_dir(source()).unwrap().map(|entry| root_of(&entry.unwrap().path())).collect();
    modules.remove("lib");
    let drawn: BTreeSet<String> = floors().into_keys().collect();
    assert_eq!(modules, drawn);
}

#[test]
fn no_module_uses_one_beside_or_above_it() {
    let floors = floors();
    let mut files = Vec::new();
    files_in(&source(), &mut files);
    let mut arrows = 0;
    for file in files {
        let module = root_of(&file);
        // The program uses the library as others do; a file of tests is no part of the drawing.
        if ["lib", "main", "cli"].contains(&module.as_str()) || file.ends_with("tests.rs") {
            continue;
        }
        for used in named(&fs::read_to_string(&file).unwrap()) {
            if used == module {
                continue;
            }
            arrows += 1;
            let Some(floor) = floors.get(&used) else { panic!("{}: `{used}`", file.display()) };
            assert!(
                *floor > floors[&module],
                "{} uses `{used}`, which is not drawn below `{module}`",
                file.display()
            );
        }
    }
    assert!(arrows > 300, "{arrows}");
}

#[test]
fn names_are_found_in_all_forms_of_paths() {
    let text = "use crate::diagnostic::Error;\nuse crate::{cache, rdf::{read, write}};\n// crate::session\n\
                fn f() { crate::format::g() }\n#[cfg(test)]\nmod tests {\n    use crate::answer;\n}\n";
    let found: Vec<String> = named(text).into_iter().collect();
    assert_eq!(found, ["cache", "diagnostic", "format", "rdf"]);
}
