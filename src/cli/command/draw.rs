use super::arguments;
use super::picture_links::PictureLinks;
use crate::cite::CitationOptions;
use crate::cli::context::Context;
use crate::cli::one_of::{OneOf, by_name};
use crate::cli::output::chosen_format;
use crate::cli::supervise::whole_number;
use crate::diagnostic::Diagnostic;
use crate::draw::{
    Extent, LaneKey, MOST_ROWS, Subject, draw_dot, draw_mermaid, draw_png, draw_svg, draw_timeline,
    page_of,
};
use crate::format::PictureFormat;
use crate::session::Session;
use clap::Args;
use oxigraph::model::NamedNode;
use std::path::PathBuf;
use std::process::ExitCode;

/// Reads the name of a format of pictures, or the extension of its files.
/// By its extension, a format is read that this program was built without, so that an error can say so.
const FORMAT: OneOf<PictureFormat> = OneOf::new(|| {
    by_name(PictureFormat::ALL.into_iter().filter(|format| format.is_built()), PictureFormat::name)
})
.or(PictureFormat::from_extension);

/// Draw an answer, an entity with its surroundings, or the whole dossier, with citations
#[derive(Debug, Args)]
pub(crate) struct DrawArgs {
    /// A saved query, the text of a SPARQL query, or an entity: an IRI, a CURIE or a label [default: all statements of
    /// the claims]
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

    /// Draw only this thing and its surroundings
    #[arg(long, value_name = "THING")]
    focus: Option<String>,

    /// The number of steps from the entity or from the thing of `--focus` [default: 1]
    #[arg(long, value_name = "N", value_parser = whole_number, allow_negative_numbers = true)]
    hops: Option<usize>,

    /// Draw only the N things with the most connections or, with `--timeline`, the N earliest dates
    #[arg(long, value_name = "N", value_parser = whole_number, allow_negative_numbers = true)]
    limit: Option<usize>,

    /// Arrange the things in layers from left to right, as for trees
    #[arg(long)]
    layered: bool,

    /// Link the things to the pages of a published dossier at URL or, with `{iri}` in it, to any site that takes IRIs,
    /// such as `http://localhost:3840/thing?iri={iri}`
    #[arg(long, value_name = "URL", value_parser = PictureLinks::parse)]
    links: Option<PictureLinks>,

    /// Draw the things that have dates on a timeline
    #[arg(long, conflicts_with_all = ["focus", "layered"])]
    timeline: bool,

    /// Show what shares a value of this property, or of this column of the answer, in one lane of the line of time, such
    /// as what the same state did [default: what shares a class]
    #[arg(long, value_name = "PROPERTY or COLUMN", requires = "timeline")]
    lanes: Option<String>,
}

impl DrawArgs {
    pub(crate) fn run(&self, context: &Context) -> anyhow::Result<ExitCode> {
        let format =
            chosen_format(self.format, self.output.as_deref(), PictureFormat::from_extension)?
                .unwrap_or(PictureFormat::Svg);
        check_built(format)?;
        self.check_effects(format)?;
        let target = context.target(self.output.as_deref());
        if format == PictureFormat::Png {
            target.check_takes_bytes(format.name(), "picture.png")?;
        }
        let session = context.session()?;
        let subject = self.subject(session)?;
        let (text, left_out) = if self.timeline {
            self.timeline(session, &subject, format)?
        } else {
            self.picture(session, &subject, format)?
        };
        if let Some(left_out) = left_out {
            let note = left_out.trim_end_matches('.').replacen("Left", "left", 1);
            context.reporter.note(&note);
        }
        let bytes = match format {
            PictureFormat::Png => {
                // Only the size of a picture can keep it from being drawn.
                let problem = |why| anyhow::anyhow!("cannot draw the picture as PNG: {why}");
                draw_png(&text).map_err(problem)?
            }
            _ => text.into_bytes(),
        };
        target.write(|out| Ok(out.write_all(&bytes)?))?;
        Ok(ExitCode::SUCCESS)
    }

    /// Checks that the options for the arrangement have an effect.
    fn check_effects(&self, format: PictureFormat) -> anyhow::Result<()> {
        let is_arranged = !matches!(format, PictureFormat::Mermaid | PictureFormat::Dot);
        let problem = if self.links.is_some() && format == PictureFormat::Png {
            "`--links` has no effect on `png`, which contains no links".to_owned()
        } else if self.layered && !is_arranged {
            format!("`--layered` has no effect on `{}`, which contains no layout", format.name())
        } else if self.hops.is_some() && self.focus.is_none() && self.what.is_none() {
            "`--hops` has no effect without an entity or `--focus`".to_owned()
        } else {
            return Ok(());
        };
        Err(Diagnostic::error("option-without-effect", problem).help("remove it").usage().into())
    }

    /// Returns the text of a picture, and what it leaves out.
    fn picture(
        &self,
        session: &Session,
        subject: &Subject,
        format: PictureFormat,
    ) -> anyhow::Result<(String, Option<String>)> {
        let focus = match &self.focus {
            Some(name) => Some(session.entity(name)?.iri),
            None => None,
        };
        let extent = Extent { focus, hops: self.hops.unwrap_or(1), limit: self.limit };
        let picture = subject.picture(session, &extent)?;
        let link_of = |iri: &NamedNode| self.links.as_ref()?.link(session, iri);
        let svg = || draw_svg(&picture, self.layered, &link_of);
        let text = match format {
            PictureFormat::Mermaid => draw_mermaid(&picture, &link_of),
            PictureFormat::Dot => draw_dot(&picture, &link_of),
            PictureFormat::Html => page_of(&picture.title, &svg()),
            PictureFormat::Svg | PictureFormat::Png => svg(),
        };
        Ok((text, picture.left_out))
    }

    /// Returns the text of a timeline, and what it leaves out.
    fn timeline(
        &self,
        session: &Session,
        subject: &Subject,
        format: PictureFormat,
    ) -> anyhow::Result<(String, Option<String>)> {
        if let PictureFormat::Mermaid | PictureFormat::Dot = format {
            let message = format!("cannot write a timeline as `{}`", format.name());
            let help = "use svg or html, or remove `--timeline`";
            return Err(Diagnostic::error("format-unsuitable", message).help(help).usage().into());
        }
        let lanes = self.lanes.as_deref().map_or(LaneKey::Class, LaneKey::Named);
        let timeline = subject.timeline(session, self.limit, lanes)?;
        let link_of = |iri: &NamedNode| self.links.as_ref()?.link(session, iri);
        let svg = draw_timeline(&timeline, &link_of);
        let text = match format {
            PictureFormat::Html => page_of(timeline.title(), &svg),
            _ => svg,
        };
        Ok((text, timeline.left_out().map(str::to_owned)))
    }

    /// Finds out what is to be drawn: a query if the words begin like one or are the name of one, else an entity.
    fn subject(&self, session: &Session) -> anyhow::Result<Subject> {
        let Some(what) = &self.what else { return Ok(Subject::overview(session)?) };
        let arguments = arguments(&self.arguments)?;
        let catalogue = session.catalogue();
        // Only saved queries have arguments.
        let is_saved = !self.arguments.is_empty() || catalogue.has(what)?;
        let (title, query) = if is_query(what) {
            ("Answer".to_owned(), session.ad_hoc_query("query", what, &arguments)?)
        } else if is_saved {
            let saved = catalogue.get(what)?;
            (saved.front_matter.summary.clone(), session.bind(&saved, &arguments)?)
        } else {
            let entity = session.entity(what)?;
            return Ok(Subject::around(session, entity, self.hops.unwrap_or(1))?);
        };
        let citing = Some(CitationOptions { verify: false, ..CitationOptions::default() });
        let answer = session.answer(&query, Some(MOST_ROWS), citing)?;
        Ok(Subject::of_answer(session, &title, answer)?)
    }
}

/// Returns whether a text begins as a query does, and has a pattern.
fn is_query(text: &str) -> bool {
    const BEGINNINGS: [&str; 7] = ["select", "construct", "describe", "ask", "prefix", "base", "#"];
    let begin = text.trim_start().to_ascii_lowercase();
    let begins = BEGINNINGS.iter().any(|word| begin.starts_with(word));
    begins && (text.contains(['{', '\n']) || begin.starts_with("describe "))
}

/// Checks that this program can write a format.
///
/// # Errors
/// If it cannot.
fn check_built(format: PictureFormat) -> anyhow::Result<()> {
    if format.is_built() {
        return Ok(());
    }
    Err(Diagnostic::error("png-not-built", "this program was built without PNG pictures")
        .help("write SVG and convert it: `dossier draw -o picture.svg`, then `rsvg-convert picture.svg -o picture.png`; or build the program with `cargo install --path . --features png`")
        .usage()
        .into())
}
