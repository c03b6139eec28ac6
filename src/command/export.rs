use crate::choice::Choice;
use crate::output::{Arrangement, Target, format_of_file};
use crate::report::not_one_of;
use clap::Args;
use dossier::error::Problem;
use dossier::format::GraphFormat;
use dossier::session::Selection;
use std::path::PathBuf;
use std::process::ExitCode;

/// Write the data as Turtle, JSON-LD or another format of RDF
#[derive(Debug, Args)]
pub struct Export {
    /// The format: turtle, trig, ntriples, nquads, rdfxml or jsonld [default: what the name of the output file tells,
    /// else turtle, or trig for named graphs]
    #[arg(long, short = 'F', value_name = "FORMAT", value_parser = crate::choice::graph_format)]
    format: Option<GraphFormat>,

    /// Write to this file instead of standard output, compressed if its name ends in .gz or .zst: FILE.ttl.gz
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Which part: facts (what is said), claims (who says it: each claim as a named graph, with its quote), ontology,
    /// or all
    #[arg(long, value_name = "PART", value_parser = selection, default_value = "facts")]
    graph: Selection,

    #[command(flatten)]
    arrangement: Arrangement,
}

fn selection(name: &str) -> Result<Selection, String> {
    let names = Selection::ALL.map(Selection::name);
    Selection::ALL
        .into_iter()
        .find(|part| part.name() == name)
        .ok_or_else(|| not_one_of(name, &names))
}

impl Export {
    pub fn run(&self, choice: &Choice) -> anyhow::Result<ExitCode> {
        let chosen = match self.format {
            Some(format) => Some(format),
            None => format_of_file(self.output.as_deref(), GraphFormat::from_extension)?,
        };
        let format = match chosen {
            Some(format) if self.graph.has_named_graphs() && !format.has_named_graphs() => {
                let part = self.graph.name();
                let name = format.name();
                return Err(Problem::new(format!(
                    "`--graph {part}` has named graphs, which {name} cannot hold"
                ))
                .help("use one of trig, nquads, jsonld, or `--graph facts`")
                .usage()
                .into());
            }
            Some(format) => format,
            None if self.graph.has_named_graphs() => GraphFormat::TriG,
            None => GraphFormat::Turtle,
        };
        self.arrangement.check(format)?;
        let session = choice.session()?;
        let quads = session.select(self.graph)?;
        let target = Target::new(self.output.as_deref());
        if self.arrangement.streams(format) {
            Arrangement::stream(format, quads, session.prefixes(), &target, choice.quiet)?;
        } else {
            let quads = Arrangement::hold(quads, session.size()?, choice.quiet)?;
            self.arrangement.lay_out(format, quads, &session.layout()?, &target)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
