use crate::catalogue::{Parameter, SavedQuery, in_shell};
use crate::cli::context::Context;
use crate::cli::reporter::{counted, counted_are};
use crate::dossier::Dossier;
use crate::printable::printable;
use crate::session::{Selection, Session};
use std::path::Path;
use std::process::ExitCode;

/// What a bare `dossier` prints: what is in here, and what to type next.
pub(crate) fn run(context: &Context) -> anyhow::Result<ExitCode> {
    let session = context.session()?;
    if let [first, ..] = context.options.data.as_slice() {
        return of_files(context, session, first);
    }
    let titles = session.document_titles()?;
    let counts = session.counts()?;
    let queries = session.catalogue().names()?;
    let program = match context.options.dossier.as_deref() {
        Some(folder) => format!("dossier --dossier {}", in_shell(&folder.to_string_lossy())),
        None => "dossier".to_owned(),
    };
    let (readable, broken) = session.catalogue().readable()?;
    let next = next_steps(&readable, &program);
    context.target(None).write(|out| {
        writeln!(out, "dossier {}: answers questions from documents", env!("CARGO_PKG_VERSION"))?;
        writeln!(out)?;
        writeln!(out, "{}", printable(&place(session.dossier())))?;
        for title in titles {
            writeln!(out, "  {}", printable(&title))?;
        }
        writeln!(
            out,
            "  {}, {} that state {}, {}, {}",
            counted(counts.documents, "document"),
            counted(counts.claims, "claim"),
            counted(counts.claimed_triples, "triple"),
            counted(counts.omissions, "omission"),
            counted(queries.len(), "saved query"),
        )?;
        writeln!(out)?;
        writeln!(out, "What to type next")?;
        let widest =
            next.iter().map(|(command, _)| command.chars().count()).max().unwrap_or_default();
        for (command, what) in &next {
            writeln!(out, "  {command:widest$}  {what}")?;
        }
        Ok(())
    })?;
    if !broken.is_empty() {
        let queries = counted_are(broken.len(), "saved query");
        context.reporter.note(&format!("{queries} broken: see `{program} check`"));
    }
    Ok(ExitCode::SUCCESS)
}

/// Describes the files given with `--data`, and suggests what to type next.
fn of_files(context: &Context, session: &Session, first: &Path) -> anyhow::Result<ExitCode> {
    let files = context.options.data.as_slice();
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    let at_end = match files {
        [_] => format!("--data {}", in_shell(&first.to_string_lossy())),
        _ => "--data FILE…".to_owned(),
    };
    let triples = session.select(Selection::All)?.count();
    context.target(None).write(|out| {
        writeln!(out, "dossier {}: answers questions from documents", env!("CARGO_PKG_VERSION"))?;
        writeln!(out)?;
        writeln!(out, "The data in {}", printable(&names.join(", ")))?;
        writeln!(out, "  {}", counted(triples, "triple"))?;
        writeln!(out)?;
        writeln!(out, "What to type next")?;
        let steps = [
            ("query 'SELECT …'", "SPARQL of your own"),
            ("show ENTITY", "all that is said about one thing"),
            ("stats", "classes, properties and how often they occur"),
            ("export -o OUT.ttl", "the data as Turtle, JSON-LD and more"),
        ];
        let steps = steps.map(|(command, what)| {
            (printable(&format!("dossier {command} {at_end}")).into_owned(), what)
        });
        let widest = steps.iter().map(|(command, _)| command.chars().count()).max();
        for (command, what) in &steps {
            writeln!(out, "  {command:0$}  {what}", widest.unwrap_or_default())?;
        }
        Ok(())
    })?;
    Ok(ExitCode::SUCCESS)
}

fn place(dossier: &Dossier) -> String {
    match dossier.root() {
        Some(root) => format!("The dossier in {}", root.display()),
        None => "The built-in dossier".to_owned(),
    }
}

/// Commands that work here: with queries that there are, one without and one with a parameter.
fn next_steps(queries: &[SavedQuery], program: &str) -> Vec<(String, String)> {
    let plain = queries
        .iter()
        .find(|query| query.name == "members")
        .or_else(|| queries.iter().find(|query| query.parameters.is_empty()));
    let with_parameter = queries.iter().find_map(|query| {
        let is_required = query.parameters.iter().any(Parameter::is_required);
        let (_, example) = query.front_matter.examples.first()?;
        let arguments: String = example
            .iter()
            .flat_map(|(name, values)| values.values().into_iter().map(move |value| (name, value)))
            .map(|(name, value)| " ".to_owned() + &in_shell(&format!("{name}={value}")))
            .collect();
        is_required.then_some((query, arguments))
    });
    let mut steps = vec![("list".to_owned(), "what can be asked".to_owned())];
    let runs = plain.map(|query| (query, String::new())).into_iter().chain(with_parameter);
    steps.extend(runs.map(|(query, arguments)| {
        (format!("run {}{arguments}", query.name), query.front_matter.summary.clone())
    }));
    for (command, what) in [
        ("show ENTITY", "all that is said about one thing"),
        ("read", "the text, with the claims that quote it"),
        ("query 'SELECT …'", "SPARQL of your own"),
        ("export -o FILE.ttl", "the facts as Turtle, JSON-LD and more"),
        ("check", "everything that can be wrong with the dossier"),
        ("help", "all commands and options"),
    ] {
        steps.push((command.to_owned(), what.to_owned()));
    }
    steps
        .into_iter()
        .map(|(command, what)| {
            (printable(&format!("{program} {command}")).into_owned(), printable(&what).into_owned())
        })
        .collect()
}
