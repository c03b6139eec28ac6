use super::arguments;
use crate::catalogue::Catalogue;
use crate::cite::CitationOptions;
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::cli::output::chosen_format;
use crate::cli::supervise::whole_number;
use crate::diagnostic::{Diagnostic, nearest};
use crate::draw::{Extent, MOST_ROWS, Picture, Subject, draw_dot, draw_mermaid, draw_svg, page_of};
use crate::format::PictureFormat;
use crate::session::Session;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Reads the name of a format of pictures, or the extension of its files.
const FORMAT: OneOf<PictureFormat> =
    OneOf::new(|| by_name(PictureFormat::ALL, PictureFormat::name)).or(PictureFormat::from_extension);

/// Draw an answer, an entity and what is around it, or the whole dossier, with citations
#[derive(Debug, Args)]
pub(crate) struct DrawArgs {
    /// A saved query, the text of a SPARQL query, or an entity: an IRI, a CURIE or a label [default: all that the claims
    /// state]
    #[arg(value_name = "QUERY or ENTITY")]
    what: Option<String>,

    /// Values of the parameters of the saved query
    #[arg(value_name = "PARAM=VALUE")]
    arguments: Vec<String>,

    /// Output format: svg, mermaid, dot, html or png [default: from the name of the output file, else svg]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = FORMAT, hide_possible_values = true)]
    format: Option<PictureFormat>,

    /// Write to FILE instead of standard output, compressed if its name ends in .gz or .zst
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Draw only what is around this thing
    #[arg(long, value_name = "THING")]
    focus: Option<String>,

    /// How many steps to go from the entity or from the thing of `--focus` [default: 1]
    #[arg(long, value_name = "N", value_parser = whole_number, allow_negative_numbers = true)]
    hops: Option<usize>,

    /// Draw only the N things with the most connections
    #[arg(long, value_name = "N", value_parser = whole_number, allow_negative_numbers = true)]
    limit: Option<usize>,

    /// Arrange the things in layers from left to right, as for trees
    #[arg(long)]
    layered: bool,
}

impl DrawArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let format = chosen_format(self.format, self.output.as_deref(), PictureFormat::from_extension)?
            .unwrap_or(PictureFormat::Svg);
        let session = context.session()?;
        let subject = self.subject(session)?;
        let focus = match &self.focus {
            Some(name) => Some(session.entity(name)?.iri),
            None => None,
        };
        let extent = Extent { focus, hops: self.hops.unwrap_or(1), limit: self.limit };
        let picture = subject.picture(session, &extent)?;
        if let Some(left_out) = &picture.left_out {
            context.reporter.note(left_out.trim_end_matches('.'));
        }
        let text = self.drawn(&picture, format);
        let target = context.target(self.output.as_deref());
        target.write(|out| Ok(out.write_all(text.as_bytes())?))?;
        Ok(ExitCode::SUCCESS)
    }

    fn drawn(&self, picture: &Picture, format: PictureFormat) -> String {
        let svg = || draw_svg(picture, self.layered, &|_| None);
        match format {
            PictureFormat::Mermaid => draw_mermaid(picture),
            PictureFormat::Dot => draw_dot(picture),
            PictureFormat::Html => page_of(&picture.title, &svg()),
            PictureFormat::Svg | PictureFormat::Png => svg(),
        }
    }

    /// Finds out what is to be drawn: a query if the words begin like one or are the name of one, else an entity.
    fn subject(&self, session: &Session) -> anyhow::Result<Subject> {
        let Some(what) = &self.what else { return Ok(Subject::overview(session)?) };
        let arguments = arguments(&self.arguments)?;
        let names = session.catalogue().names()?;
        let (title, query) = if is_query(what) {
            ("Answer".to_owned(), session.ad_hoc_query("query", what, &arguments)?)
        } else if names.iter().any(|name| name == what) {
            let saved = Catalogue::new(session.dossier()).get(what)?;
            (saved.front_matter.summary.clone(), session.bind(&saved, &arguments)?)
        } else {
            self.check_no_arguments(what, &names)?;
            let entity = session.entity(what)?;
            return Ok(Subject::around(session, entity, self.hops.unwrap_or(1))?);
        };
        let citing = Some(CitationOptions { verify: false, ..CitationOptions::default() });
        let answer = session.answer(&query, Some(MOST_ROWS), citing)?;
        Ok(Subject::of_answer(session, &title, answer)?)
    }

    /// Checks that an entity has no arguments: with some, a saved query is meant.
    fn check_no_arguments(&self, what: &str, names: &[String]) -> anyhow::Result<()> {
        if self.arguments.is_empty() {
            return Ok(());
        }
        let near = nearest(what, names.iter().map(String::as_str));
        Err(Diagnostic::error("query-unknown", format!("there is no saved query `{what}`"))
            .suggest(near, || "`dossier list` shows the saved queries".to_owned())
            .usage()
            .into())
    }
}

/// Returns whether a text begins as a query does, and has a pattern.
fn is_query(text: &str) -> bool {
    const BEGINNINGS: [&str; 7] =
        ["select", "construct", "describe", "ask", "prefix", "base", "#"];
    let begin = text.trim_start().to_ascii_lowercase();
    let begins = BEGINNINGS.iter().any(|word| begin.starts_with(word));
    begins && (text.contains(['{', '\n']) || begin.starts_with("describe "))
}
