//! The README and the pages of `docs/`: their commands print what they show, no link is dead, and the contents list has
//! every page.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::endpoint::sco;
use crate::support::files::files_in;
use crate::support::program::run;
use dossier::internals::register;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const README: &str = "README.md";

/// The page whose dossier the examples of the other pages use.
const DOSSIER: &str = "docs/your-own-dossier.md";

/// The endpoint of the examples.
const ENDPOINT: &str = "http://localhost:3030/sco/query";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages, by their paths from the root.
fn pages() -> BTreeMap<PathBuf, String> {
    let readme = root().join(README);
    let text = fs::read_to_string(&readme).unwrap();
    files_in("docs", &["md"])
        .into_iter()
        .chain([(readme, text)])
        .map(|(path, text)| (path.strip_prefix(root()).unwrap().to_owned(), text))
        .collect()
}

/// A block of code, from its fence on, with what stands before it.
struct Part<'a> {
    text: &'a str,
    /// What the block's fence says.
    info: &'a str,
    /// A block with a title is a file: its path and its text.
    file: Option<(&'a str, &'a str)>,
}

/// Parts a page behind each block of code.
fn parts(page: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("\n```") {
        let (info, body) = rest[start + 4..].split_once('\n').unwrap();
        let end = if body.starts_with("```") { 0 } else { body.find("\n```").unwrap() + 1 };
        let title = info.split_once(" title=\"").map(|(_, title)| title.trim_end_matches('"'));
        let (text, behind) = rest.split_at(start + 5 + info.len() + end + 3);
        let file = title.map(|title| (title, &body[..end]));
        parts.push(Part { text, info, file });
        rest = behind;
    }
    parts.push(Part { text: rest, info: "", file: None });
    parts
}

/// The files of the dossier that the examples use.
fn dossier_files(pages: &BTreeMap<PathBuf, String>) -> BTreeMap<&str, &str> {
    parts(&pages[Path::new(DOSSIER)]).into_iter().filter_map(|part| part.file).collect()
}

fn write_files(folder: &Path, files: &BTreeMap<&str, &str>) {
    fs::create_dir_all(folder).unwrap();
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Runs the commands of each page as a newcomer would: in an empty folder with the files that the page shows above them,
/// and for the pages of `docs/` with the dossier that one of them makes.
#[test]
fn pages_say_what_happens() {
    let folder = tempfile::tempdir().unwrap();
    let pages = pages();
    let cases = trycmd::TestCases::new();
    // What builds the program is run by hand and in CI.
    cases.register_bin("cargo", trycmd::schema::Bin::Ignore);
    let (dossier, endpoint) = (dossier_files(&pages), sco());
    let mut written: BTreeMap<&Path, Vec<PathBuf>> = BTreeMap::new();
    for (page, text) in &pages {
        let is_own = [README, DOSSIER].iter().any(|own| page == Path::new(own));
        let mut files = if is_own { BTreeMap::new() } else { dossier.clone() };
        let stem = page.with_extension("").to_str().unwrap().replace('/', "-");
        for (i, part) in parts(text).into_iter().enumerate() {
            files.extend(part.file);
            let case = folder.path().join(format!("{stem}-{i:02}.md"));
            let is_commands = part.info == "console";
            // (The last line of a block stands for the end of the output.)
            let text = part.text.strip_suffix("```").filter(|_| is_commands);
            let text = text.map_or(part.text.to_owned(), |text| format!("{text}\n```"));
            fs::write(&case, text.replace(ENDPOINT, &endpoint.url)).unwrap();
            if is_commands {
                write_files(&case.with_extension("in"), &files);
                cases.case(&case);
            }
            written.entry(page).or_default().push(case);
        }
    }
    drop(cases);
    if std::env::var_os("TRYCMD").is_some_and(|mode| mode == "overwrite") {
        for (page, parts) in written {
            let parts: String =
                parts.iter().map(|part| fs::read_to_string(part).unwrap()).collect();
            let text = parts.replace("\n\n```\n", "\n```\n").replace(&endpoint.url, ENDPOINT);
            fs::write(root().join(page), text).unwrap();
        }
    }
}

/// The commands on stores work, or the program says that it was built without them.
#[test]
fn stores_are_used_as_shown() {
    let folder = tempfile::tempdir().unwrap();
    let pages = pages();
    write_files(folder.path(), &dossier_files(&pages));
    let blocks = parts(&pages[Path::new("docs/stores.md")]).into_iter();
    let lines = blocks.filter(|part| part.info == "sh").flat_map(|part| part.text.lines());
    let commands: Vec<_> = lines.filter_map(|line| line.strip_prefix("dossier ")).collect();
    assert_eq!(commands.len(), 4);
    for command in commands {
        let words = shlex::split(command).unwrap();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (code, _, err) = run(folder.path(), &words);
        let is_refused = err.contains("built without stores on disk");
        let is_expected = if cfg!(feature = "disk") { code == 0 } else { is_refused };
        assert!(is_expected, "{command}: {err}");
    }
}

/// The answers that the README shows before the program is built are those of the program.
#[test]
fn the_first_answers_of_the_readme_are_true() {
    let pages = pages();
    let readme = &pages[Path::new(README)];
    for (command, before) in [
        ("run candidates --cite", "```text\n"),
        ("run members", "$ cargo run --release -- run members\n"),
    ] {
        let shown = readme.split(before).nth(1).unwrap().split("```").next().unwrap();
        let mut program = Command::new(env!("CARGO_BIN_EXE_dossier"));
        let output = program.args(command.split(' ')).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), shown, "{command}");
    }
}

/// What a page links to, and what can be linked to in it.
#[derive(Default)]
struct Links {
    targets: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Links {
    fn of(page: &str) -> Self {
        let mut links = Self::default();
        let mut counts: HashMap<String, usize> = HashMap::new();
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(page, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. }) => links.targets.push(dest_url.into()),
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap());
                    let count = counts.entry(anchor.clone()).or_default();
                    let suffix = if *count > 0 { format!("-{count}") } else { String::new() };
                    *count += 1;
                    links.anchors.insert(anchor + &suffix);
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        links
    }
}

/// Returns the anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase().replace(' ', "-");
    kept.chars().filter(|c| c.is_alphanumeric() || ['-', '_'].contains(c)).collect()
}

/// Joins a relative link to the page that it stands in.
fn resolve(page: &Path, link: &str) -> PathBuf {
    let mut path = page.parent().unwrap().to_owned();
    for step in Path::new(link).components() {
        match step.as_os_str().to_str().unwrap() {
            ".." => assert!(path.pop(), "{link} leads out of the repository"),
            "." => {}
            name => path.push(name),
        }
    }
    path
}

#[test]
fn no_link_is_dead() {
    let pages = pages();
    let links: BTreeMap<_, _> =
        pages.iter().map(|(path, text)| (path.as_path(), Links::of(text))).collect();
    for (page, Links { targets, .. }) in &links {
        for target in targets.iter().filter(|target| !target.contains("://")) {
            let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if path.is_empty() { page.to_path_buf() } else { resolve(page, path) };
            let found = links.get(path.as_path());
            // (The book holds the pages of `docs/` alone.)
            let is_in_book = *page == Path::new(README) || path.starts_with("docs");
            assert!(found.is_some() && is_in_book, "{}: {target}", page.display());
            let is_known = anchor.is_empty() || found.unwrap().anchors.contains(anchor);
            assert!(is_known, "{}: there is no heading {target}", page.display());
        }
    }
}

#[test]
fn the_contents_list_has_every_page() {
    let pages = pages();
    let summary = Path::new("docs/SUMMARY.md");
    let listed: BTreeSet<PathBuf> =
        Links::of(&pages[summary]).targets.iter().map(|link| resolve(summary, link)).collect();
    let of_book = pages.keys().filter(|page| page.starts_with("docs") && *page != summary);
    assert_eq!(listed, of_book.cloned().collect());
}

#[test]
fn the_index_has_every_diagnostic() {
    let index = &pages()[Path::new("docs/diagnostics.md")];
    let missing = register().filter(|entry| !index.contains(&format!("[`{}`](", entry.id)));
    assert_eq!(missing.map(|entry| entry.id).collect::<Vec<_>>(), [""; 0]);
}
