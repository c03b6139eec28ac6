use super::new::today;
use crate::author::{Addition, NewDocument, add};
use crate::cli::context::Context;
use crate::cli::reporter::counted;
use crate::cli::source_file::SourceFileArgs;
use crate::vocabulary::Prefixes;
use clap::Args;
use std::process::ExitCode;

/// Add a document to the dossier: a text or a saved web page
///
/// The text is saved in `data/documents`, with the original next to it. The description of the document is added to
/// `data/documents.ttl`. The command downloads nothing.
#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    file: SourceFileArgs,

    /// The name of the document [default: made from the name of the file]
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,

    /// Its title [default: that of the page, or the first line]
    #[arg(long)]
    title: Option<String>,

    /// The web address that the file comes from
    #[arg(long, value_name = "URL")]
    source: Option<String>,
}

impl AddArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let session = context.editable_session("add")?;
        let source = self.file.read()?;
        let addition = add(
            session,
            &NewDocument {
                source: &source,
                name: self.name.as_deref(),
                title: self.title.as_deref(),
                address: self.source.as_deref(),
                today: &today(),
            },
        )?;
        let lines = summary(&addition, session.prefixes());
        addition.edit.commit()?;
        context.target(None).write(|out| Ok(out.write_all(lines.as_bytes())?))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Says what was added, and what was left out.
fn summary(addition: &Addition, prefixes: &Prefixes) -> String {
    const SHOWN: usize = 3;
    let document = prefixes.show(&addition.document);
    let passages = addition.text.passages().len();
    let mut lines = format!(
        "added `{document}`: {} in {}\n",
        counted(addition.words, "word"),
        counted(passages, "passage")
    );
    if let Some(title) = &addition.title {
        lines.push_str(&format!("  title      {title}\n"));
    }
    for path in addition.edit.paths() {
        lines.push_str(&format!("  file       {path}\n"));
    }
    if addition.words_left_out > 0 {
        // People want to keep dates most of all.
        let (dated, others): (Vec<_>, Vec<_>) =
            addition.left_out.iter().partition(|block| has_year(block));
        let shown = dated
            .into_iter()
            .chain(others)
            .take(SHOWN)
            .map(|block| format!("“{}”", start_of(block)));
        let more = addition.left_out.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        lines.push_str(&format!(
            "  left out   {}: {}{more}\n             `--whole` keeps them\n",
            counted(addition.words_left_out, "word"),
            shown.collect::<Vec<_>>().join(", ")
        ));
    }
    lines
}

/// Returns whether a block names a year in digits.
fn has_year(block: &str) -> bool {
    let numbers = block.split(|c: char| !c.is_ascii_digit());
    numbers.into_iter().any(|number| number.len() == 4 && number.starts_with(['1', '2']))
}

/// Returns the beginning of a block, on one line.
fn start_of(block: &str) -> String {
    const WORDS: usize = 6;
    let words: Vec<&str> = block.split_whitespace().filter(|word| *word != "-").collect();
    let start = words.iter().take(WORDS).copied().collect::<Vec<_>>().join(" ");
    if words.len() > WORDS { format!("{start} …") } else { start }
}
