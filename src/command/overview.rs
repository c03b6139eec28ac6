use super::counted;
use crate::cli::Choice;
use crate::output::Target;
use dossier::dossier::Dossier;
use dossier::session::Session;
use std::process::ExitCode;

/// What a bare `dossier` prints: what is in here, and what to type next.
pub fn run(choice: &Choice) -> anyhow::Result<ExitCode> {
    let session = choice.session()?;
    let titles = session.document_titles()?;
    let counts = session.counts()?;
    let queries = session.catalogue().names()?;
    let next = next_steps(session)?;
    Target::new(None).write(|out| {
        writeln!(out, "dossier {}: answers questions from documents", env!("CARGO_PKG_VERSION"))?;
        writeln!(out)?;
        writeln!(out, "{}", place(session.dossier()))?;
        for title in titles {
            writeln!(out, "  {title}")?;
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
    Ok(ExitCode::SUCCESS)
}

fn place(dossier: &Dossier) -> String {
    match dossier.root() {
        Some(root) => format!("The dossier in {}", root.display()),
        None => "The built-in dossier".to_owned(),
    }
}

/// Commands that work here: with queries that there are, one without and one with a parameter.
fn next_steps(session: &Session) -> anyhow::Result<Vec<(String, String)>> {
    let queries = session.catalogue().all()?;
    let mut steps = vec![("dossier list".to_owned(), "what can be asked".to_owned())];
    let plain = queries
        .iter()
        .find(|query| query.name == "members")
        .or_else(|| queries.iter().find(|query| query.parameters.is_empty()));
    let with_parameter = queries.iter().find_map(|query| {
        let is_required = query.parameters.iter().any(dossier::query::Parameter::is_required);
        let (_, example) = query.front_matter.examples.first()?;
        let arguments: Vec<_> = example
            .iter()
            .flat_map(|(name, values)| {
                values.values().into_iter().map(move |value| format!("{name}={value}"))
            })
            .collect();
        is_required.then(|| (query, arguments.join(" ")))
    });
    if let Some(query) = plain {
        steps.push((format!("dossier run {}", query.name), query.front_matter.summary.clone()));
    }
    if let Some((query, arguments)) = with_parameter {
        steps.push((
            format!("dossier run {} {arguments}", query.name),
            query.front_matter.summary.clone(),
        ));
    }
    steps.push(("dossier show ENTITY".to_owned(), "all that is said about one thing".to_owned()));
    steps.push(("dossier query 'SELECT …'".to_owned(), "SPARQL of your own".to_owned()));
    steps.push((
        "dossier export -o FILE.ttl".to_owned(),
        "the facts as Turtle, JSON-LD and more".to_owned(),
    ));
    steps.push(("dossier help".to_owned(), "all commands and options".to_owned()));
    Ok(steps)
}
