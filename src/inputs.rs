//! The files of RDF that arguments name: which ones are meant, and how they are opened.

use crate::output::Meter;
use dossier::dossier::Source;
use dossier::error::{Error, ErrorKind, Problem, reason};
use dossier::format::GraphFormat;
use dossier::store::{Compression, RdfFile, RdfInput, ReadAhead, format_of};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The name that stands for standard input.
const STDIN: &str = "-";

/// The files that are meant: of a folder all that are RDF by their names, in the order of their paths; of a pattern
/// with `*`, `?` or `[…]` that is no file itself those that match it.
///
/// # Errors
/// For each folder or pattern that means no file.
pub fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        let found = if path.is_dir() {
            of_folder(path)
        } else if is_pattern(path) && !path.exists() {
            matching(path)
        } else {
            Ok(vec![path.clone()])
        };
        match found {
            Ok(found) => files.extend(found),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(files) } else { Err(Error { kind: ErrorKind::Input, problems }) }
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let unreadable = |path: &Path, error: &io::Error| {
        Problem::new(format!("`{}` cannot be read: {}", path.display(), reason(error)))
    };
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().map_err(|error| unreadable(&folder, &error))? {
            let entry = entry.map_err(|error| unreadable(&folder, &error))?;
            let kind = entry.file_type().map_err(|error| unreadable(&entry.path(), &error))?;
            // A link to a folder is left alone: it may lead back.
            if kind.is_dir() {
                folders.push(entry.path());
            } else if format_of_name(&entry.path()).is_some() {
                files.push(entry.path());
            }
        }
    }
    if files.is_empty() {
        return Err(Problem::new(format!("`{}` has no files of RDF", folder.display()))
            .help("a file's name says what it is: .ttl, .trig, .nt, .nq, .rdf or .jsonld"));
    }
    files.sort();
    Ok(files)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Problem> {
    let pattern = pattern.to_string_lossy();
    let paths = glob::glob(&pattern)
        .map_err(|error| Problem::new(format!("`{pattern}` is no pattern: {}", error.msg)))?;
    let files: Vec<PathBuf> = paths.flatten().filter(|path| path.is_file()).collect();
    if files.is_empty() {
        return Err(meant_otherwise(
            Problem::new(format!("no file matches `{pattern}`")),
            &pattern,
        ));
    }
    Ok(files)
}

/// The name of a file without the extension of its compression.
fn uncompressed(path: &Path) -> Cow<'_, Path> {
    match Compression::of(path) {
        Some(_) => Cow::Owned(path.with_extension("")),
        None => Cow::Borrowed(path),
    }
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

fn format_of_name(path: &Path) -> Option<GraphFormat> {
    GraphFormat::from_extension(extension(&uncompressed(path)))
}

/// A file that is to be read once, without being kept, decompressed if its name says that it is compressed.
///
/// # Errors
/// If it cannot be opened, or its name does not tell its format and none is given.
pub fn rdf_input(
    path: &Path,
    format: Option<GraphFormat>,
    meter: &Meter,
) -> Result<RdfInput, Problem> {
    let name = name_of(path);
    let unreadable =
        |error: io::Error| Problem::new(format!("`{name}` cannot be read: {}", reason(&error)));
    let named = || match format {
        Some(format) => Ok(format),
        None => format_of(&name, extension(&uncompressed(path))),
    };
    if path == Path::new(STDIN) {
        let (reader, format) = (Box::new(io::stdin()), named()?);
        return Ok(RdfInput { name, reader, path: None, format, base: None });
    }
    let file = meter.reading(File::open(path).map_err(unreadable)?);
    let format = named()?;
    let reader: Box<dyn Read + Send> = match Compression::of(path) {
        Some(compression) => {
            let decompressed = compression.decompressed(file).map_err(unreadable)?;
            Box::new(ReadAhead::new(decompressed).map_err(unreadable)?)
        }
        None => Box::new(file),
    };
    let base = Some(file_iri(&uncompressed(path)));
    Ok(RdfInput { name, reader, path: Some(path.to_owned()), format, base })
}

/// A file of RDF as a whole, or standard input.
///
/// # Errors
/// If it cannot be read, or its name does not tell its format and none is given.
pub fn rdf_file(path: &Path, format: Option<GraphFormat>) -> Result<RdfFile, Problem> {
    let mut input = rdf_input(path, format, &Meter::default()).map_err(|problem| {
        if path.exists() { problem } else { meant_otherwise(problem, &name_of(path)) }
    })?;
    let mut bytes = Vec::new();
    input.reader.read_to_end(&mut bytes).map_err(|error| {
        Problem::new(format!("`{}` cannot be read: {}", input.name, reason(&error)))
    })?;
    let source = Source { path: input.name, bytes: Cow::Owned(bytes) };
    Ok(RdfFile { source, format: input.format, base: input.base })
}

/// `--data` takes all that follows it: what looks like no file was meant for something else.
fn meant_otherwise(problem: Problem, name: &str) -> Problem {
    if name.contains(['{', ' ', '=']) {
        problem.help("put `--data` and its files at the end of the command")
    } else {
        problem
    }
}

fn name_of(path: &Path) -> String {
    if path == Path::new(STDIN) { "standard input".to_owned() } else { path.display().to_string() }
}

/// The IRI of a file, which is what its relative IRIs are relative to
/// ([RFC 3986, 5.1.3](https://www.rfc-editor.org/rfc/rfc3986#section-5.1.3)).
fn file_iri(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut iri = "file://".to_owned();
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                iri.push(char::from(byte));
            }
            byte => iri.push_str(&format!("%{byte:02X}")),
        }
    }
    iri
}
