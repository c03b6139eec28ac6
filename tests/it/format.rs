//! Laying out files anew: what they say and what they remark stays, whatever stands where.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use dossier::internals::read_file;
use dossier::{
    GraphFormat, Layout, Ontology, Prefixes, RdfFile, Result, SourceFile, format_rdf, write_quads,
};
use oxigraph::model::dataset::CanonicalizationAlgorithm;
use oxigraph::model::{Dataset, Quad};
use proptest::prelude::*;
use std::borrow::Cow;
use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

fn file(format: GraphFormat, text: &str) -> RdfFile {
    let source =
        SourceFile { path: "data".to_owned(), bytes: Cow::Owned(text.as_bytes().to_vec()) };
    let base = Some("http://example.com/folder/file".to_owned());
    RdfFile { base, ..RdfFile::of(source, format) }
}

fn format(format: GraphFormat, text: &str, is_sorted: bool) -> Result<String> {
    let (prefixes, ontology) = (Prefixes::default(), Ontology::default());
    let layout = Layout { prefixes: &prefixes, ontology: &ontology };
    format_rdf(&file(format, text), &layout, is_sorted)
}

fn turtle(text: &str) -> String {
    format(GraphFormat::Turtle, text, false).unwrap()
}

fn trig(text: &str, is_sorted: bool) -> String {
    format(GraphFormat::TriG, text, is_sorted)
        .unwrap_or_else(|error| panic!("{error}\n---\n{text}"))
}

fn quads(format: GraphFormat, text: &str) -> Vec<Quad> {
    read_file(&file(format, text)).unwrap().0
}

fn canonical(format: GraphFormat, text: &str) -> Dataset {
    let mut dataset: Dataset = quads(format, text).into_iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Unstable);
    dataset
}

/// The numbers of the comments that [`document`] makes, in their order.
fn comments(text: &str) -> Vec<usize> {
    let comments = text.split("#~").skip(1);
    comments.map(|rest| rest.split('~').next().unwrap().parse().unwrap()).collect()
}

fn token() -> BoxedStrategy<String> {
    prop::sample::select(vec![
        "ex:a",
        "ex:b",
        "ex:",
        "ex:a\\.b\\~",
        "other:%41",
        ":here",
        "<http://example.com/a>",
        "<http://example.org/#x>",
        "<http://example.org/\\u00e9>",
        "<#rel>",
        "<../up>",
        "<>",
        "_:x",
        "_:y.z",
    ])
    .prop_map(str::to_owned)
    .boxed()
}

fn predicate() -> BoxedStrategy<String> {
    prop::sample::select(vec!["a", "ex:p", "ex:q", "<http://example.org/p>", "other:p", "<#p>"])
        .prop_map(str::to_owned)
        .boxed()
}

fn literal() -> BoxedStrategy<Vec<String>> {
    let tokens = |tokens: &[&str]| tokens.iter().map(|token| (*token).to_owned()).collect();
    prop::sample::select(vec![
        tokens(&["1"]),
        tokens(&["-01.50"]),
        tokens(&["1.E3"]),
        tokens(&["true"]),
        tokens(&["\"plain # not a comment\""]),
        tokens(&["'it\\'s \"so\"'"]),
        tokens(&["\"\"\"several\nlines # \\\" \"\" here\"\"\""]),
        tokens(&["'''a\r\n''b'''"]),
        tokens(&["\"text\"", "@en-GB"]),
        tokens(&["\"01\"", "^^", "<http://www.w3.org/2001/XMLSchema#integer>"]),
        tokens(&["\"x\"", "^^", "ex:type"]),
        tokens(&["\"a text that is long enough for a line to be broken somewhere near its end\""]),
    ])
    .boxed()
}

/// Properties, as tokens.
fn properties(object: BoxedStrategy<Vec<String>>) -> BoxedStrategy<Vec<String>> {
    let objects = prop::collection::vec(object, 1..4);
    (prop::collection::vec((predicate(), objects), 1..4), any::<bool>())
        .prop_map(|(properties, has_more)| {
            let mut tokens = Vec::new();
            for (i, (predicate, objects)) in properties.into_iter().enumerate() {
                if i > 0 {
                    tokens.push(";".to_owned());
                }
                tokens.push(predicate);
                tokens.extend(objects.join(&",".to_owned()));
            }
            if has_more {
                tokens.push(";".to_owned());
            }
            tokens
        })
        .boxed()
}

fn bracketed(open: &str, tokens: Vec<String>, close: &str) -> Vec<String> {
    let mut all = vec![open.to_owned()];
    all.extend(tokens);
    all.push(close.to_owned());
    all
}

fn object() -> BoxedStrategy<Vec<String>> {
    let leaf = prop_oneof![
        3 => token().prop_map(|token| vec![token]),
        3 => literal(),
        1 => Just(bracketed("[", Vec::new(), "]")),
        1 => Just(bracketed("(", Vec::new(), ")")),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            properties(inner.clone().boxed()).prop_map(|tokens| bracketed("[", tokens, "]")),
            prop::collection::vec(inner, 1..4).prop_map(|items| bracketed(
                "(",
                items.concat(),
                ")"
            )),
        ]
    })
    .boxed()
}

fn statement() -> BoxedStrategy<Vec<String>> {
    let subject = prop_oneof![
        6 => token().prop_map(|token| vec![token]),
        1 => Just(bracketed("[", Vec::new(), "]")),
        1 => properties(object()).prop_map(|tokens| bracketed("[", tokens, "]")),
        1 => prop::collection::vec(object(), 0..3)
            .prop_map(|items| bracketed("(", items.concat(), ")")),
    ];
    (subject, properties(object()))
        .prop_map(|(mut tokens, properties)| {
            tokens.extend(properties);
            tokens.push(".".to_owned());
            tokens
        })
        .boxed()
}

fn block() -> BoxedStrategy<Vec<String>> {
    let name = prop_oneof![
        4 => prop::sample::select(vec!["ex:g", "ex:a", "_:x", "<#g>", "GRAPH ex:h"])
            .prop_map(|name| vec![name.to_owned()]),
        1 => Just(bracketed("[", Vec::new(), "]")),
        1 => Just(Vec::new()),
    ];
    let graph = (name, prop::collection::vec(statement(), 0..3), any::<bool>()).prop_map(
        |(mut tokens, statements, has_dot)| {
            let mut inside = statements.concat();
            if !has_dot {
                inside.pop();
            }
            tokens.extend(bracketed("{", inside, "}"));
            tokens
        },
    );
    prop_oneof![3 => statement(), 1 => graph].boxed()
}

/// A directive between statements.
fn directive() -> BoxedStrategy<Vec<String>> {
    let directives = [
        &["@prefix", "ex:", "<http://example.com/again/>", "."][..],
        &["PREFIX", ":", "<http://example.com/here#>"],
        &["@prefix", "late:", "<late/>", "."],
        &["@prefix", "unused2:", "<http://unused/2/>", "."],
        &["@base", "<again/>", "."],
        &["BASE", "<http://base.example.com/>"],
    ];
    let tokens = |tokens: &[&str]| tokens.iter().map(|token| (*token).to_owned()).collect();
    prop::sample::select(directives.map(tokens).to_vec()).boxed()
}

/// The tokens of a TriG document: the directives at its head, or between statements, too.
fn tokens(directives: u32) -> BoxedStrategy<Vec<String>> {
    const HEAD: [&str; 18] = [
        "@prefix",
        "ex:",
        "<http://example.com/>",
        ".",
        "PREFIX",
        "other:",
        "<http://example.com/other/>",
        "@base",
        "<http://base.example.com/folder/>",
        ".",
        "prefix",
        ":",
        "<#>",
        "@prefix",
        "unused:",
        "<http://unused/>",
        ".",
        "",
    ];
    let part = prop_oneof![6 => block(), directives => directive()];
    prop::collection::vec(part, 0..6)
        .prop_map(|blocks| {
            let head = HEAD.iter().filter(|token| !token.is_empty());
            head.map(|token| (*token).to_owned()).chain(blocks.concat()).collect()
        })
        .boxed()
}

/// A TriG document with comments between its tokens, which are numbered.
fn document(comments: bool) -> BoxedStrategy<String> {
    spaced(tokens(0), comments)
}

/// The same, with directives anywhere.
fn disorderly_document() -> BoxedStrategy<String> {
    spaced(tokens(3), true)
}

fn spaced(tokens: BoxedStrategy<Vec<String>>, comments: bool) -> BoxedStrategy<String> {
    let space = prop_oneof![
        12 => Just(" "),
        4 => Just("\n"),
        1 => Just("\r\n\t"),
        1 => Just("\n\n"),
        u32::from(comments) => Just("\n#~\n"),
        u32::from(comments) => Just("  #~ \n"),
        u32::from(comments) => Just("\n\n#~\n\n"),
    ];
    tokens
        .prop_flat_map(move |tokens| {
            let spaces = prop::collection::vec(space.clone(), tokens.len() + 1);
            (Just(tokens), spaces)
        })
        .prop_map(|(tokens, spaces)| {
            let (mut text, mut number) = (String::new(), 0);
            let mut tokens = tokens.into_iter();
            for space in spaces {
                if space.contains("#~") {
                    number += 1;
                    text.push_str(&space.replace("#~", &format!("#~{number}~ says \"so\" .")));
                } else {
                    text.push_str(space);
                }
                text.push_str(&tokens.next().unwrap_or_default());
            }
            text
        })
        .boxed()
}

proptest! {
    #![proptest_config(support::cases(64))]

    #[test]
    fn what_is_said_and_remarked_stays_in_its_order(text in document(true)) {
        let formatted = trig(&text, false);
        prop_assert_eq!(comments(&text), comments(&formatted), "{}\n---\n{}", text, formatted);
        let format = GraphFormat::TriG;
        prop_assert_eq!(canonical(format, &text), canonical(format, &formatted));
    }

    #[test]
    fn a_second_time_nothing_changes(text in disorderly_document()) {
        let formatted = trig(&text, false);
        let (mut before, mut after) = (comments(&text), comments(&formatted));
        before.sort_unstable();
        after.sort_unstable();
        prop_assert_eq!(before, after, "{}\n---\n{}", text, formatted);
        prop_assert_eq!(&formatted, &trig(&formatted, false), "{}", text);
    }

    #[test]
    fn sorted_everything_stays_too(text in disorderly_document()) {
        let sorted = match format(GraphFormat::TriG, &text, true) {
            Ok(sorted) => sorted,
            Err(error) => {
                // A comment at a graph that is empty has no place in data.
                let message = &error.problems[0].message;
                prop_assert_eq!(message, "this comment has no place in the new layout");
                prop_assert!(text.contains('{'), "{}", text);
                return Ok(());
            }
        };
        let (mut before, mut after) = (comments(&text), comments(&sorted));
        before.sort_unstable();
        after.sort_unstable();
        prop_assert_eq!(before, after, "{}\n---\n{}", text, sorted);
        prop_assert_eq!(canonical(GraphFormat::TriG, &text), canonical(GraphFormat::TriG, &sorted));
        prop_assert_eq!(&sorted, &trig(&sorted, true), "{}", text);
        prop_assert_eq!(&sorted, &trig(&sorted, false), "{}", text);
    }

    #[test]
    fn sorted_and_without_comments_it_is_what_is_exported(text in document(false)) {
        // Relative IRIs stay so here, and are in full in an export.
        let text = text.replace("<#", "<http://example.com/#").replace("<../", "<http://up/").replace("<>", "<http://x>");
        let (data, prefixes) = read_file(&file(GraphFormat::TriG, &text)).unwrap();
        let mut exported = Vec::new();
        let layout = Layout { prefixes: &prefixes, ontology: &Ontology::default() };
        write_quads(GraphFormat::TriG, data, &layout, &mut exported).unwrap();
        prop_assert_eq!(trig(&text, true), String::from_utf8(exported).unwrap(), "{}", text);
    }

    #[test]
    fn what_can_be_read_can_be_laid_out(
        text in document(true),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..3), 1..4),
    ) {
        const PIECES: [&str; 16] =
            [".", ";", ",", "[", "]", "(", ")", "{", "}", "#", "\"", "\n", "\\", "_:x ", "@base <x> .", "\u{b7}"];
        let mut text: Vec<char> = text.chars().collect();
        for (at, piece, what) in changes {
            let at = at.index(text.len());
            let piece = PIECES[piece.index(PIECES.len())].chars();
            match what {
                0 => { text.remove(at); }
                1 => { text.splice(at..at, piece); }
                _ => { text.splice(at..=at, piece); }
            }
            if text.is_empty() {
                break;
            }
        }
        let text: String = text.into_iter().collect();
        let is_readable = read_file(&file(GraphFormat::TriG, &text)).is_ok();
        match format(GraphFormat::TriG, &text, false) {
            Ok(formatted) => {
                prop_assert!(is_readable);
                prop_assert_eq!(&formatted, &trig(&formatted, false), "{}", text);
            }
            // (Of several bases each is written out; a relative one would need the IRI of the file, which has no part in
            // its layout.)
            Err(error) => {
                let excerpts = error.problems.iter().filter_map(|problem| problem.excerpt.as_ref());
                let mut words = excerpts.flat_map(|at| at.spans.iter().map(|s| &at.text[s.clone()]));
                let is_at_base = words.any(|words| words.eq_ignore_ascii_case("@base"));
                prop_assert!(!is_readable || is_at_base, "{}\n---\n{}", error, text);
            }
        }
    }

    #[test]
    fn any_bytes_are_laid_out_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60), sort in any::<bool>()) {
        for format in GraphFormat::ALL {
            let source = SourceFile { path: "data".to_owned(), bytes: Cow::Owned(bytes.clone()) };
            let (prefixes, ontology) = (Prefixes::default(), Ontology::default());
            let layout = Layout { prefixes: &prefixes, ontology: &ontology };
            let _ = format_rdf(&RdfFile::of(source, format), &layout, sort);
        }
    }

    #[test]
    fn lines_keep_their_comments(
        lines in prop::collection::vec((0..4_usize, 0..3_usize, 0..5_usize), 0..12),
        sort in any::<bool>(),
    ) {
        let mut text = String::new();
        for (number, (subject, object, comment)) in lines.into_iter().enumerate() {
            let subject = ["<http://a>", "_:b", "<urn:\\u0061>", "_:c.d"][subject];
            let object = ["\"x\\u0079\"@EN", "  <http://b> <http://g>", "\"1\"^^<http://t>"][object];
            match comment {
                0 => text.push_str(&format!("#~{number}~\n{subject} <http://p> {object}.\n")),
                1 => text.push_str(&format!("#~{number}~\n\n{subject}\t<http://p> {object} .\n")),
                2 => text.push_str(&format!("{subject}<http://p>{object} . #~{number}~\n")),
                3 => text.push_str(&format!("{subject} <http://p> {object} .\n\n")),
                _ => text.push_str(&format!("  #~{number}~  \r\n")),
            }
        }
        let formatted = format(GraphFormat::NQuads, &text, sort).unwrap();
        let (mut before, mut after) = (comments(&text), comments(&formatted));
        if sort {
            before.sort_unstable();
            after.sort_unstable();
        }
        prop_assert_eq!(before, after);
        let format_again = format(GraphFormat::NQuads, &formatted, sort).unwrap();
        prop_assert_eq!(&formatted, &format_again);
        prop_assert_eq!(canonical(GraphFormat::NQuads, &text), canonical(GraphFormat::NQuads, &formatted));
    }
}

/// The project's own files are laid out as well, whichever way.
#[test]
fn the_built_in_dossier_is_laid_out() {
    let dossier = dossier::Dossier::built_in();
    let files = dossier.ontology().unwrap().into_iter().chain(dossier.data().unwrap());
    for source in files {
        let file = RdfFile::new(source).unwrap();
        let text = String::from_utf8(file.source.bytes.to_vec()).unwrap();
        for is_sorted in [false, true] {
            let formatted = format(file.format.graph_format(), &text, is_sorted).unwrap();
            let remarks = |text: &str| {
                let mut lines: Vec<_> = text
                    .lines()
                    .filter(|line| line.trim_start().starts_with('#'))
                    .map(|line| line.trim().to_owned())
                    .collect();
                if is_sorted {
                    lines.sort();
                }
                lines
            };
            assert!(!remarks(&text).is_empty());
            assert_eq!(remarks(&text), remarks(&formatted), "{}", file.source.path);
            assert_eq!(
                formatted,
                format(file.format.graph_format(), &formatted, is_sorted).unwrap()
            );
        }
    }
}

#[test]
fn relative_iris_and_their_base_stay() {
    assert_eq!(
        turtle("@base <http://b/c/> . @prefix : <#> . <d> :p <>, :x, <http://b/c/d> ."),
        "@base <http://b/c/> .\n@prefix : <#> .\n\n<d> :p <>, :x, <http://b/c/d> .\n"
    );
    // Without a relative IRI a base says nothing.
    assert_eq!(turtle("BASE <http://b/> <urn:a> a <urn:b> ."), "<urn:a> a <urn:b> .\n");
    // The base of a base is the base before; what stands before any is relative to the file.
    assert_eq!(
        turtle(
            "<a> <urn:p> <a> . @base <http://b/c/> . <a> <urn:p> <b> . @base <d/> . # d\n<a> <urn:p> 1 ."
        ),
        "<a> <urn:p> <a> .\n\n<http://b/c/a> <urn:p> <http://b/c/b> .\n\n# d\n<http://b/c/d/a> <urn:p> 1 .\n"
    );
    // `:a` is the namespace and `a` letter by letter: not what `<a>` is.
    assert_eq!(
        turtle("@base <http://b/c> . @prefix : <> . :a <urn:p> <a> ."),
        "@base <http://b/c> .\n@prefix : <> .\n\n:a <urn:p> <a> .\n"
    );
}

#[test]
fn a_prefix_that_changes_stands_for_its_last_namespace() {
    assert_eq!(
        turtle("@prefix p: <http://a/> . p:x a p:y . @prefix p: <http://b/> . p:x a p:y ."),
        "@prefix p: <http://b/> .\n\n<http://a/x> a <http://a/y> .\n\np:x a p:y .\n"
    );
}

#[test]
fn brackets_that_stand_too_deep_are_refused() {
    let nested = |depth| format!("<urn:a> <urn:p> {}1{} .", "( ".repeat(depth), " )".repeat(depth));
    assert!(format(GraphFormat::Turtle, &nested(100), false).is_ok());
    for depth in [101, 100_000] {
        let error = format(GraphFormat::Turtle, &nested(depth), false).unwrap_err();
        assert_eq!(error.problems[0].message, "brackets are nested too deep here");
    }
}

#[test]
fn standard_input_goes_to_standard_output() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .args(["format", "-", "--from", "turtle"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(b"<urn:a> a <urn:b>. # c").unwrap();
    let output = program.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "<urn:a> a <urn:b> . # c\n");
    assert!(output.stderr.is_empty() && output.status.success());
}

/// A file is replaced as if it had been written to: what a link points to, with its permissions.
#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = tempfile::tempdir().unwrap();
    let (file, link) = (folder.path().join("file.ttl"), folder.path().join("link.ttl"));
    fs::write(&file, "<urn:a> a <urn:b>.").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file.ttl", &link).unwrap();
    let program = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .args(["format", "--quiet"])
        .arg(&link)
        .output()
        .unwrap();
    assert!(program.status.success() && program.stderr.is_empty());
    assert_eq!(fs::read_to_string(&file).unwrap(), "<urn:a> a <urn:b> .\n");
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

/// Who may not write a file may not replace it.
#[test]
fn a_file_that_may_only_be_read_stays() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file.ttl");
    fs::write(&file, "<urn:a> a <urn:b>.").unwrap();
    let mut permissions = file.metadata().unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let program =
        Command::new(env!("CARGO_BIN_EXE_dossier")).arg("format").arg(&file).output().unwrap();
    assert_eq!(program.status.code(), Some(3));
    assert_eq!(fs::read_to_string(&file).unwrap(), "<urn:a> a <urn:b>.");
}
