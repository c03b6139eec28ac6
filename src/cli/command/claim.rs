use super::retract::write_consequences;
use super::{TextFormat, argument};
use crate::author::{
    AddedText, Draft, DraftContent, DraftStatement, DraftedClaim, Retraction, SignedDraft,
    draft_of, place_of, verify, write_claim_json,
};
use crate::catalogue::in_shell;
use crate::cli::context::Context;
use crate::cli::one_of::OneOf;
use crate::cli::reporter::listed;
use crate::diagnostic::{Diagnostic, Error, ErrorKind, Severity, error};
use crate::dossier::Edit;
use crate::printable::printable;
use crate::session::{Data, Session};
use clap::Args;
use oxigraph::model::NamedNode;
use std::io::{self, Write};
use std::process::ExitCode;

/// The ways to call the command. (The grammar's own line would show the document and its words as optional, which they
/// are with `--replace` only.)
pub(in crate::cli) const USAGE: &str =
    "dossier claim DOCUMENT WORDS --say 'SUBJECT | PROPERTY | VALUE'... [OPTIONS]
       dossier claim DOCUMENT WORDS --pattern NAME PARAM=VALUE... [OPTIONS]
       dossier claim DOCUMENT WORDS --omit REASON [OPTIONS]
       dossier claim --replace CLAIM [DOCUMENT WORDS] [OPTIONS]";

/// Add a claim: a quote from a document, and what it states
///
/// The words may differ from those of the document in case and typography, and `…` stands for words in between. Things,
/// properties and classes are named by their labels. If the claim has errors, nothing is written.
#[derive(Debug, Args)]
#[command(override_usage = USAGE)]
pub(crate) struct ClaimArgs {
    /// The document: an IRI, a CURIE, its title, or the name of its file
    #[arg(required_unless_present = "replace", requires = "quote")]
    document: Option<String>,

    /// The words that are quoted
    #[arg(value_name = "WORDS", required_unless_present = "replace")]
    quote: Option<String>,

    /// Write the claim in the place of this one, and keep the parts of it that are not given
    #[arg(long, value_name = "CLAIM")]
    replace: Option<String>,

    /// What the words state: 'SUBJECT | PROPERTY | VALUE'
    #[arg(long, value_name = "STATEMENT", allow_hyphen_values = true)]
    say: Vec<String>,

    /// What the words state, by a pattern and its parameters; `dossier list` shows all patterns
    #[arg(long, num_args = 1.., value_names = ["NAME", "PARAM=VALUE"])]
    pattern: Vec<String>,

    /// Declare a thing: 'LABEL | CLASS'; a class: 'LABEL | class'; or a property: 'LABEL | property | date', or `number`, `text`, `thing` or a class instead of `date`
    #[arg(long, value_name = "DECLARATION")]
    new: Vec<String>,

    /// How to understand the words, if it is not obvious
    #[arg(long)]
    reading: Option<String>,

    /// Leave the words out on purpose, for this reason
    #[arg(long, value_name = "REASON")]
    omit: Option<String>,

    /// The words right before the quote, if it occurs more than once
    #[arg(long, value_name = "WORDS")]
    before: Option<String>,

    /// The words right after the quote, if it occurs more than once
    #[arg(long, value_name = "WORDS")]
    after: Option<String>,

    /// The file for the claim [default: the file with the most claims of the document]
    #[arg(long, value_name = "FILE")]
    into: Option<String>,

    /// The name of the claim [default: made from what it states]
    #[arg(long = "as", value_name = "NAME")]
    name: Option<String>,

    /// Who makes the claim
    #[arg(long, value_name = "PERSON")]
    by: Option<String>,

    /// Output format: text or json
    #[arg(long, short = 'F', value_name = "FORMAT", default_value = "text", value_parser = OneOf::<TextFormat>::of_enum(), hide_possible_values = true, hide_default_value = true)]
    format: TextFormat,

    /// Show the claim without writing it
    #[arg(long, short = 'n')]
    dry_run: bool,
}

impl ClaimArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let (mut draft, mut problems) = self.draft();
        let current = context.current_session("claim")?;
        if !draft.document.is_empty()
            && !draft.quote.is_empty()
            && current.find_document(Some(&draft.document)).is_err()
            && current.find_document(Some(&draft.quote)).is_ok()
        {
            let (document, words) = (in_shell(&draft.quote), in_shell(&draft.document));
            let message = format!("no document is called `{}`", draft.document);
            return Err(Diagnostic::error("document-unknown", message)
                .help(format!(
                    "write the document before the words: `dossier claim {document} {words} …`"
                ))
                .usage()
                .into());
        }
        if !self.dry_run {
            Edit::of(current.dossier())?;
        }
        let replaced = self
            .replace
            .as_ref()
            .map(|name| Retraction::plan(&current, std::slice::from_ref(name), true))
            .transpose()?;
        let without = match &replaced {
            Some(replaced) => {
                self.complete(&current, replaced, &mut draft)?;
                let rest = Session::open(replaced.rest.clone(), &Data::Dossier)?;
                Some(rest.with_limits(current.limits()))
            }
            None => None,
        };
        let session = without.as_ref().unwrap_or(&current);
        let into = self.into.as_deref().or_else(|| replaced.as_ref()?.paths().first().copied());
        let signed = SignedDraft { draft: &draft, creator: self.by.as_deref(), contributor: None };
        let verified = verify(session, &[signed], into)?;
        for finding in verified.drafts.iter().flat_map(|draft| &draft.findings) {
            let is_error = finding.diagnostic.severity == Severity::Error;
            let is_told = self.format == TextFormat::Text && !context.reporter.is_quiet();
            if !is_error && is_told {
                context.reporter.report(&finding.diagnostic);
            }
        }
        let of_verified = verified.check().err().into_iter().flat_map(|error| error.problems);
        // A statement that could not be read is missing, and not a claim without any.
        let is_cause = problems.is_empty();
        let is_consequence =
            |problem: &Diagnostic| problem.id.as_deref() == Some("draft-without-statement");
        problems.extend(of_verified.filter(|problem| is_cause || !is_consequence(problem)));
        if !problems.is_empty() && self.format == TextFormat::Json {
            let target = context.target(None);
            target.write(|out| Ok(write_claim_json(None, &problems, false, out)?))?;
            return Ok(ExitCode::from(2));
        }
        if !problems.is_empty() {
            return Err(Error { kind: ErrorKind::Usage, problems }.into());
        }
        let consequences = replaced
            .as_ref()
            .map(|replaced| replaced.consequences(&current, &verified.would_be()))
            .transpose()?;
        if !self.dry_run {
            let edit = match &replaced {
                Some(replaced) => replaced.replace(&verified)?,
                None => verified.edit()?,
            };
            edit.commit()?;
        }
        let claims = verified.drafts.iter().filter_map(|draft| draft.claim.as_ref());
        let old = replaced.as_ref().and_then(|replaced| replaced.claims.first());
        context.target(None).write(|out| {
            if self.format == TextFormat::Json {
                let found = verified.drafts.iter().flat_map(|draft| &draft.findings);
                let found: Vec<_> = found.map(|finding| finding.diagnostic.clone()).collect();
                let claim = claims.into_iter().next();
                return Ok(write_claim_json(claim, &found, !self.dry_run, out)?);
            }
            for claim in claims {
                self.show(session, claim, old, out)?;
            }
            if let Some(consequences) = &consequences {
                write_consequences(&current, consequences, out)?;
            }
            Ok(())
        })?;
        Ok(ExitCode::SUCCESS)
    }

    /// Gives a draft the name of the claim that it replaces, and the parts of that which were not typed.
    fn complete(
        &self,
        session: &Session,
        replaced: &Retraction,
        draft: &mut Draft,
    ) -> anyhow::Result<()> {
        let Some(claim) = replaced.claims.first() else { return Ok(()) };
        if draft.name.is_none() {
            draft.name = Some(format!("<{}>", claim.as_str()));
        }
        let says_something = draft.says.iter().any(|said| !said.content.is_declaration());
        let is_whole = says_something || draft.omission.is_some();
        let old = match draft_of(session, claim)? {
            Ok(old) => old,
            Err(_) if self.quote.is_some() && is_whole => return Ok(()),
            Err(reason) => {
                let shown = session.prefixes().show(claim);
                return Err(error!(
                    "claim-not-replaceable",
                    "no part of `{shown}` can be kept: {reason}"
                )
                .help("give the document, the words and the statements")
                .usage()
                .into());
            }
        };
        if self.quote.is_none() {
            (draft.document, draft.quote) = (old.document, old.quote);
            draft.prefix = draft.prefix.take().or(old.prefix);
            draft.suffix = draft.suffix.take().or(old.suffix);
        }
        let is_kept = |said: &DraftStatement| match said.content {
            DraftContent::HeadTurtle(_) => true,
            _ => !is_whole,
        };
        draft.says.extend(old.says.into_iter().filter(is_kept));
        if draft.omission.is_none() {
            draft.reading = draft.reading.take().or(old.reading);
            draft.omission = old.omission.filter(|_| !says_something);
        }
        Ok(())
    }

    /// Returns what was typed as a draft, and what cannot be a part of one.
    fn draft(&self) -> (Draft, Vec<Diagnostic>) {
        let (patterns, mut problems) = patterns(&self.pattern);
        let mut contents: Vec<DraftContent> = Vec::new();
        let read = self.new.iter().map(|text| {
            DraftContent::declaration(&text.split('|').map(str::trim).collect::<Vec<_>>())
        });
        for content in read.chain(self.say.iter().map(|text| DraftContent::statement(text))) {
            match content {
                Ok(content) => contents.push(content),
                Err(problem) => problems.push(problem),
            }
        }
        contents.extend(patterns);
        let said = |content| DraftStatement { place: None, content };
        let draft = Draft {
            place: None,
            document: self.document.clone().unwrap_or_default(),
            quote: self.quote.clone().unwrap_or_default(),
            prefix: self.before.clone(),
            suffix: self.after.clone(),
            name: self.name.clone(),
            says: contents.into_iter().map(said).collect(),
            reading: self.reading.clone(),
            omission: self.omit.clone(),
        };
        (draft, problems)
    }

    /// Writes where the words stand, and what was added, perhaps in the place of another claim.
    fn show(
        &self,
        session: &Session,
        claim: &DraftedClaim,
        replaced: Option<&NamedNode>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let name = session.prefixes().show(&claim.name);
        let words = claim.quotation.words.split_whitespace().collect::<Vec<_>>().join(" ");
        let verb =
            |done: &'static str, would: &'static str| if self.dry_run { would } else { done };
        let done = match replaced {
            None => format!("{} `{}` to", verb("added", "would add"), printable(&name)),
            Some(old) if *old == claim.name => {
                format!("{} `{}` in", verb("replaced", "would replace"), printable(&name))
            }
            Some(old) => {
                let old = session.prefixes().show(old);
                let verb = verb("replaced", "would replace");
                format!("{verb} `{}` with `{}` in", printable(&old), printable(&name))
            }
        };
        writeln!(out, "{}  “{}”\n", place_of(&claim.quotation.span), printable(&words))?;
        for AddedText { text, .. } in &claim.added {
            writeln!(out, "{}\n", printable_lines(text))?;
        }
        let files: Vec<_> = claim.added.iter().map(|added| printable(&added.file)).collect();
        let files = listed(&files);
        writeln!(out, "{done} {files}")
    }
}

/// Makes each line of a text printable.
fn printable_lines(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}

/// Divides the values of `--pattern` into patterns, each a name with arguments. Returns what belongs to none, too.
fn patterns(words: &[String]) -> (Vec<DraftContent>, Vec<Diagnostic>) {
    let (mut patterns, mut problems) = (Vec::new(), Vec::new());
    for word in words {
        if !word.contains('=') {
            patterns.push(DraftContent::Pattern { name: word.clone(), arguments: Vec::new() });
            continue;
        }
        match (patterns.last_mut(), argument(word)) {
            (Some(DraftContent::Pattern { arguments, .. }), Ok(argument)) => {
                arguments.push(argument);
            }
            (_, Err(problem)) => problems.push(problem),
            (_, Ok(_)) => problems.push(
                error!("pattern-unnamed", "`{word}` belongs to no pattern")
                    .help("write the name of the pattern first: `--pattern NAME PARAM=VALUE …`"),
            ),
        }
    }
    (patterns, problems)
}
