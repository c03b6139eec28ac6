//! The files of RDF that arguments name: which ones are meant, and how they are opened.

use super::progress::Meter;
use crate::catalogue::in_shell;
use crate::diagnostic::{Diagnostic, Error, ErrorKind};
use crate::dossier::SourceFile;
use crate::format::{GraphFormat, InputFormat};
use crate::rdf::read::{
    Again, BoundedLines, Compression, Contexts, Origin, RdfFile, RdfInput, ReadAhead, format_of,
    unreadable,
};
use glob::MatchOptions;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The arguments that describe input files.
pub(super) struct InputOptions<'a> {
    /// The format of the files. `None`: it follows from their names.
    pub format: Option<InputFormat>,
    /// The base IRI of the files. `None`: each file is its own base.
    pub base: Option<&'a str>,
    /// The JSON-LD contexts that the files may name.
    pub contexts: Contexts,
}

/// The ASCII characters that are percent-encoded in a path.
const RESERVED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The name that stands for standard input.
const STDIN: &str = "-";

/// The files that are meant: of a folder all that are RDF by their names, in the order of their paths; of a pattern
/// with `*`, `?` or `[…]` that is no file itself those that match it.
///
/// # Errors
/// For each folder or pattern that means no file.
pub(super) fn expanded(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let found = each(paths, |path| {
        check_place(path)?;
        if path.is_dir() {
            of_folder(path)
        } else if is_pattern(path) && !path.exists() {
            matching(path)
        } else {
            Ok(vec![path.to_owned()])
        }
    })?;
    Ok(found.concat())
}

/// That a path is not the address of a file elsewhere.
fn check_place(path: &Path) -> Result<(), Diagnostic> {
    let name = path.to_string_lossy();
    if ["http://", "https://"].iter().any(|scheme| name.starts_with(scheme)) && !path.exists() {
        return Err(Diagnostic::error(
            "web-address",
            format!("`{name}` is a web address: data is not downloaded"),
        )
        .help(format!(
            "download the file first with `curl -O {}`, or use `--endpoint` if it is a SPARQL endpoint",
            in_shell(&name)
        )));
    }
    Ok(())
}

fn of_folder(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in
            folder.read_dir().map_err(|error| unreadable(&folder.to_string_lossy(), &error))?
        {
            let entry = entry.map_err(|error| unreadable(&folder.to_string_lossy(), &error))?;
            let kind = entry
                .file_type()
                .map_err(|error| unreadable(&entry.path().to_string_lossy(), &error))?;
            // What begins with a dot is an editor's or a file system's. A link to a folder is left alone: it may lead back.
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            if kind.is_dir() {
                folders.push(entry.path());
            } else if format_of_name(&entry.path()).is_some() {
                files.push(entry.path());
            }
        }
    }
    if files.is_empty() {
        return Err(Diagnostic::error(
            "no-file",
            format!("`{}` contains no RDF files", folder.display()),
        )
        .help("RDF files have names that end in .ttl, .trig, .nt, .nq, .rdf or .jsonld"));
    }
    files.sort();
    Ok(files)
}

fn is_pattern(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '['])
}

fn matching(pattern: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let pattern = pattern.to_string_lossy();
    // Hidden files are not data here either.
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::default() };
    let paths = glob::glob_with(&pattern, options).map_err(|error| {
        Diagnostic::error("no-file", format!("invalid pattern `{pattern}`: {}", error.msg))
    })?;
    let paths = paths.collect::<Result<Vec<PathBuf>, _>>();
    let mut files =
        paths.map_err(|error| unreadable(&error.path().to_string_lossy(), error.error()))?;
    files.retain(|path| path.is_file());
    if files.is_empty() {
        return Err(meant_otherwise(
            Diagnostic::error("no-file", format!("no file matches `{pattern}`")),
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

/// The format of RDF that the name of a file tells, compressed or not. A web page is data only if it is named as such.
pub(super) fn format_of_name(path: &Path) -> Option<GraphFormat> {
    GraphFormat::from_extension(extension(&uncompressed(path)))
}

/// Files that are to be read once, without being kept, decompressed if their names say that they are compressed.
///
/// # Errors
/// For each that cannot be opened, or whose name does not tell its format if none is given.
pub(super) fn rdf_inputs(
    paths: &[PathBuf],
    described: &InputOptions<'_>,
    meter: &Meter,
) -> Result<Vec<RdfInput>, Error> {
    each(paths, |path| rdf_input(path, described, meter))
}

/// The same files for `--data`. What cannot be read twice, such as standard input, is kept: where it is broken, its line
/// is shown.
///
/// # Errors
/// The same.
pub(super) fn data_inputs(
    paths: &[PathBuf],
    described: &InputOptions<'_>,
) -> Result<Vec<RdfInput>, Error> {
    each(paths, |path| {
        let input = rdf_input(path, described, &Meter::default())
            .map_err(|problem| in_data(problem, path))?;
        match input.origin.again {
            Again::Never => input.whole().map(RdfInput::from),
            Again::File(_) | Again::Kept(_) => Ok(input),
        }
    })
}

fn each<T>(
    paths: &[PathBuf],
    open: impl Fn(&Path) -> Result<T, Diagnostic>,
) -> Result<Vec<T>, Error> {
    let (mut opened, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match open(path) {
            Ok(file) => opened.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(opened) } else { Err(Error { kind: ErrorKind::Input, problems }) }
}

fn rdf_input(
    path: &Path,
    described: &InputOptions<'_>,
    meter: &Meter,
) -> Result<RdfInput, Diagnostic> {
    check_place(path)?;
    let name = name_of(path);
    let unreadable = |error: io::Error| unreadable(&name, &error);
    let base = described.base.map(str::to_owned);
    let contexts = described.contexts.clone();
    let named = || match described.format {
        Some(format) => Ok(format),
        None => format_of(&name, extension(&uncompressed(path))),
    };
    if path == Path::new(STDIN) {
        let (format, again) = (named()?, Again::Never);
        let origin = Origin { name, format, base, contexts, again };
        return Ok(RdfInput { origin, reader: Box::new(BoundedLines::new(io::stdin())) });
    }
    let file = File::open(path).map_err(unreadable)?;
    let again = match file.metadata() {
        Ok(metadata) if metadata.is_file() => Again::File(path.to_owned()),
        Ok(_) | Err(_) => Again::Never,
    };
    let file = meter.reading(file);
    let format = named()?;
    let reader: Box<dyn Read + Send> = match Compression::of(path) {
        Some(compression) => {
            let decompressed = compression.decompressed(file).map_err(unreadable)?;
            Box::new(ReadAhead::new(decompressed).map_err(unreadable)?)
        }
        None => Box::new(file),
    };
    let base = base.or_else(|| Some(file_iri(&uncompressed(path))));
    let reader = Box::new(BoundedLines::new(reader));
    Ok(RdfInput { origin: Origin { name, format, base, contexts, again }, reader })
}

/// A file of RDF as a whole, or standard input.
///
/// # Errors
/// If it cannot be read, or its name does not tell its format and none is given.
pub(super) fn rdf_file(path: &Path, described: &InputOptions<'_>) -> Result<RdfFile, Diagnostic> {
    rdf_input(path, described, &Meter::default()).map_err(|problem| in_data(problem, path))?.whole()
}

/// The file of a query, or standard input.
///
/// # Errors
/// If it cannot be read.
pub(super) fn query_source(path: &Path) -> Result<SourceFile, Diagnostic> {
    check_place(path)?;
    let name = name_of(path);
    let mut bytes = Vec::new();
    let read = if path == Path::new(STDIN) {
        io::stdin().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => Ok(SourceFile { path: name, bytes: Cow::Owned(bytes) }),
        Err(error) => Err(unreadable(&name, &error)),
    }
}

/// The JSON-LD contexts in some files, for their addresses.
///
/// # Errors
/// For each that cannot be read or is not a context.
pub(super) fn contexts(files: &[(String, PathBuf)]) -> Result<Contexts, Error> {
    let mut contexts = Contexts::default();
    let mut problems = Vec::new();
    for (address, path) in files {
        let mut bytes = Vec::new();
        let most = Contexts::LARGEST as u64 + 1;
        let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
        let read = read.map_err(|error| unreadable(&name_of(path), &error));
        let added = read.and_then(|_| {
            let source = SourceFile { path: name_of(path), bytes: bytes.into() };
            contexts.add(address, &source)
        });
        problems.extend(added.err());
    }
    if problems.is_empty() { Ok(contexts) } else { Err(Error { kind: ErrorKind::Input, problems }) }
}

fn in_data(problem: Diagnostic, path: &Path) -> Diagnostic {
    if path == Path::new(STDIN) || path.exists() {
        problem
    } else {
        meant_otherwise(problem, &name_of(path))
    }
}

/// `--data` takes what follows it: what looks like no file was meant for something else.
fn meant_otherwise(problem: Diagnostic, name: &str) -> Diagnostic {
    if name.contains(['{', ' ', '=']) {
        problem.help("`--data` needs a file: `--data FILE`")
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
    format!("file://{}", utf8_percent_encode(&path.to_string_lossy(), RESERVED))
}
