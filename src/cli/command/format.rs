use crate::cli::context::Context;
use crate::cli::data_files::is_query_file;
use crate::cli::inputs::{query_source, rdf_file};
use crate::cli::reporter::counted;
use crate::cli::unified_diff::unified_diff;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Remark};
use crate::engine::read_ontology;
use crate::printable::printable;
use crate::rdf::fmt;
use crate::rdf::write::Layout;
use crate::sparql::format_query;
use crate::vocabulary::{Ontology, Prefixes};
use anstyle::{AnsiColor, Style};
use clap::Args;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Format RDF files and queries in place, preserving comments
///
/// The formats are turtle, trig, ntriples, nquads and sparql. The order of subjects, predicates and objects does not
/// change, nor do blank node labels and relative IRIs. Unused prefixes are removed unless they have a comment. A comment
/// at the end of a line stays at the end of its statement or value. Any other comment stays before the text that follows
/// it. If a file is invalid, or a comment cannot be placed, no file is changed.
///
/// In queries (files that end in .rq or .sparql), keywords get upper case. Braces on one line stay on one line if it is
/// not too long. Braces with a line break inside have a line for each pattern. Front matter does not change.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// Files to format; - is standard input, needs `--from` or `--sparql`, and goes to standard output
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Sort as `dossier convert` does: subjects by type and label, properties in the order of the ontology, comments
    /// with their statements. Blank nodes are nested where they are used, or get canonical labels
    #[arg(long, conflicts_with = "sparql")]
    sort: bool,

    /// The files are SPARQL queries, whatever their names are
    #[arg(long)]
    sparql: bool,

    /// Print the changes as a unified diff without changing any file, and exit with code 1 if there are any
    #[arg(long)]
    check: bool,
}

/// A file with its text before and after formatting.
struct FormatResult<'a> {
    path: &'a Path,
    name: String,
    before: String,
    after: String,
}

impl FormatArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let listed = read_ontology(context.dossier()?)?;
        let (prefixes, ontology) = (Prefixes::declared_in(&listed), Ontology::listed_in(&listed));
        let layout = Layout { prefixes: &prefixes, ontology: &ontology };
        let (mut files, mut problems, mut kind) = (Vec::new(), Vec::new(), ErrorKind::Usage);
        for path in &self.files {
            match self.formatted(context, path, &layout) {
                Ok(file) => files.push(file),
                Err(error) => {
                    // What is wrong with a file weighs more than one that is none to lay out.
                    if error.kind != ErrorKind::Usage {
                        kind = error.kind;
                    }
                    problems.extend(error.problems);
                }
            }
        }
        let changed = |file: &&FormatResult<'_>| file.before != file.after;
        let count = files.iter().filter(changed).count();
        if self.check {
            let target = context.target(None);
            let in_colour = target.is_terminal.then_some(target.is_colourful);
            target.write(|out| {
                let mut changed = files.iter().filter(changed);
                Ok(changed.try_for_each(|file| file.write_diff(in_colour, out))?)
            })?;
        }
        if !problems.is_empty() {
            let last = problems.last_mut().filter(|_| self.files.len() > 1 && !self.check);
            if let Some(last) = last {
                last.remarks.push(Remark::Note("no file was changed".to_owned()));
            }
            return Err(Error { kind, problems }.into());
        }
        if !self.check {
            for file in &files {
                file.write(context)?;
            }
        }
        if files.iter().any(|file| file.path != Path::new("-")) {
            context.reporter.note(&self.summary(&files, count));
        }
        Ok(ExitCode::from(u8::from(self.check && count > 0)))
    }

    /// What was done, or would be, in a line.
    fn summary(&self, files: &[FormatResult<'_>], count: usize) -> String {
        let verb = if self.check { "would change" } else { "changed" };
        match files {
            [only] if count == 0 => format!("`{}` is already formatted", only.name),
            [only] => format!("`{}` {verb}", only.name),
            files if count == 0 => {
                format!("{} are already formatted", counted(files.len(), "file"))
            }
            files => format!("{count} of {} {verb}", counted(files.len(), "file")),
        }
    }

    fn formatted<'a>(
        &self,
        context: &Context,
        path: &'a Path,
        layout: &Layout<'_>,
    ) -> Result<FormatResult<'a>, Error> {
        let (source, after) = if self.sparql || is_query_file(path) {
            if self.sort {
                let name = path.display();
                let message = format!("`--sort` has no effect on queries: `{name}` is one");
                let problem = Diagnostic::error("option-without-effect", message);
                return Err(problem.help("format queries without `--sort`").usage());
            }
            let source = query_source(path).map_err(Diagnostic::input)?;
            let text = source.text().map_err(Diagnostic::input)?;
            let after = format_query(&source.path, text).map_err(Diagnostic::input)?;
            (source, after)
        } else {
            let file = rdf_file(path, &context.options.described()?).map_err(|problem| {
                if problem.id.as_deref() == Some("format-unknown") {
                    problem
                        .help("set it with `--from FORMAT`, or write `--sparql` if it is a query")
                } else {
                    problem
                }
                .input()
            })?;
            let after = fmt::format(&file, layout, self.sort)?;
            (file.source, after)
        };
        let before = source.text().map_err(Diagnostic::input)?.to_owned();
        let is_locked = || path.metadata().is_ok_and(|metadata| metadata.permissions().readonly());
        if before != after && !self.check && is_locked() {
            let message = format!("`{}` is read-only", source.path);
            let help = "make it writable, or use `--check` to see what would change";
            return Err(Diagnostic::error("file-unwritable", message).help(help).input());
        }
        Ok(FormatResult { path, name: source.path, before, after })
    }
}

impl FormatResult<'_> {
    /// Writes the file if it changes, and standard input to standard output in any case.
    fn write(&self, context: &Context) -> anyhow::Result<()> {
        if self.before == self.after && self.path != Path::new("-") {
            return Ok(());
        }
        context.target(Some(self.path)).write(|out| Ok(out.write_all(self.after.as_bytes())?))
    }

    /// Writes what changes. On a terminal, where this is in colour or not, nothing of the file is obeyed.
    fn write_diff(&self, in_colour: Option<bool>, out: &mut dyn Write) -> io::Result<()> {
        let diff = unified_diff(&self.name, &self.before, &self.after);
        let Some(in_colour) = in_colour else { return out.write_all(diff.as_bytes()) };
        for line in diff.lines() {
            let style = match line.chars().next() {
                Some('+') if in_colour => AnsiColor::Green.on_default(),
                Some('-') if in_colour => AnsiColor::Red.on_default(),
                Some('@') if in_colour => AnsiColor::Cyan.on_default(),
                _ => Style::new(),
            };
            writeln!(out, "{style}{}{style:#}", printable(line))?;
        }
        Ok(())
    }
}
