//! Removes the head and the graph of a claim from the text of a file. Everything else stays as it is.

use crate::diagnostic::{Diagnostic, Result, error};
use crate::dossier::SourceFile;
use crate::rdf::diff::DatasetDiff;
use crate::rdf::read::{RdfFile, read_file};
use crate::rdf::syntax::Outline;
use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad};
use std::ops::Range;

/// A file without some of its statements.
#[derive(Debug)]
pub(super) struct Shortened {
    /// The file as it would be.
    pub(super) after: SourceFile,
    /// The texts that are removed.
    pub(super) removed: Vec<String>,
}

/// A line that marks the place of a claim until another one stands there.
pub(super) const PLACE: &str = "# (The place of a claim.)";

/// Removes claims from a file. Returns `None` if it has none of them. If the claims are replaced, the comments above them
/// stay, and [a line](PLACE) marks where the first one stood.
///
/// # Errors
/// If the file is broken, or something else would change with the claims.
pub(super) fn without(
    source: &SourceFile,
    claims: &[NamedNode],
    are_replaced: bool,
) -> Result<Option<Shortened>> {
    let text = source.text().map_err(Diagnostic::input)?;
    let outline = Outline::new(text);
    let mut blocks: Vec<Range<usize>> =
        claims.iter().flat_map(|claim| outline.blocks(claim.as_str())).collect();
    blocks.sort_by_key(|block| block.start);
    blocks.dedup();
    if blocks.is_empty() {
        return Ok(None);
    }
    let removed =
        blocks.iter().map(|block| format!("{}{}", &text[block.clone()], remark(text, block.end)));
    let removed = removed.collect();
    let mut after = source.bytes[..source.bytes.len() - text.len()].to_vec();
    after.extend(cut(text, &blocks, are_replaced).into_bytes());
    let after = SourceFile { path: source.path.clone(), bytes: after.into() };
    let quads = |source: &SourceFile| -> Result<Vec<Quad>> {
        Ok(read_file(&RdfFile::new(source.clone()).map_err(Diagnostic::input)?)?.0)
    };
    let (old, new) = (quads(source)?, quads(&after)?);
    let diff = DatasetDiff::between(&old, &new);
    let is_expected = |quad: &Quad| {
        claims.iter().any(|claim| is_about(quad, claim))
            || matches!(quad.subject, NamedOrBlankNode::BlankNode(_))
    };
    let stays = new.iter().find(|quad| claims.iter().any(|claim| is_about(quad, claim)));
    if diff.added.is_empty() && diff.removed.iter().all(is_expected) && stays.is_none() {
        Ok(Some(Shortened { after, removed }))
    } else {
        Err(error!("claim-not-editable", "cannot remove a claim from `{}` alone", source.path)
            .help("remove it by hand: other statements of the file stand in the same sentence, or its IRI is written in an unusual way")
            .input())
    }
}

/// Returns whether a statement is of the head or the graph of a claim.
fn is_about(quad: &Quad, claim: &NamedNode) -> bool {
    match &quad.graph_name {
        GraphName::DefaultGraph => quad.subject == NamedOrBlankNode::from(claim.clone()),
        graph => *graph == GraphName::from(claim.clone()),
    }
}

/// Returns the comment behind a block in its last line, with the space before it.
fn remark(text: &str, end: usize) -> &str {
    let line = text[end..].lines().next().unwrap_or_default();
    if line.trim_start().starts_with('#') { line.trim_end() } else { "" }
}

/// Cuts blocks out of a text, with the comments right above them and at the ends of their lines, and with the empty lines
/// that would be left over. If they are replaced, comments above them stay.
fn cut(text: &str, blocks: &[Range<usize>], are_replaced: bool) -> String {
    let (mut rest, mut done) = (String::new(), 0);
    for block in blocks {
        let mut start = text[..block.start].rfind('\n').map_or(0, |end| end + 1);
        if text[start..block.start].trim().is_empty() {
            // Comments right above belong to the block.
            while !are_replaced && let Some(line) = text[..start].strip_suffix('\n') {
                let line_start = line.rfind('\n').map_or(0, |end| end + 1);
                if line_start < done || !line[line_start..].trim_start().starts_with('#') {
                    break;
                }
                start = line_start;
            }
        } else {
            start = block.start;
        }
        let line_end = text[block.end..].find('\n').map_or(text.len(), |end| block.end + end + 1);
        let behind = text[block.end..line_end].trim();
        let is_whole = behind.is_empty() || behind.starts_with('#');
        let end = if is_whole { line_end } else { block.end };
        rest.push_str(text.get(done..start).unwrap_or_default());
        done = end.max(done);
        if are_replaced && !rest.contains(PLACE) {
            rest.push_str(PLACE);
            rest.push('\n');
        }
        // One empty line stays between what stands above and below.
        while (rest.is_empty() || rest.ends_with("\n\n")) && text[done..].starts_with('\n') {
            done += 1;
        }
    }
    rest.push_str(&text[done..]);
    let length = rest.trim_end().len();
    if length == 0 {
        return String::new();
    }
    rest.truncate(length);
    rest.push('\n');
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "@prefix e: <http://e/> .\nPREFIX f: <http://e/>\n\n# The first.\ne:a e:p \"x. }\" , [ e:q 1.5 ] . # so\n\
        e:a { e:s e:p e:o . e:t e:p ( 1 2 ) }\n\n# The second.\n# It stays.\nf:b e:p e:a .\nGRAPH e:b { e:s e:p 1 }\n\n\
        e:c e:p 1 . e:d e:p 2 .\n";

    fn without_claims(claims: &[&str]) -> Option<String> {
        let source = SourceFile { path: "data/a.trig".to_owned(), bytes: TEXT.as_bytes().into() };
        let claims: Vec<NamedNode> = claims
            .iter()
            .map(|name| NamedNode::new_unchecked(format!("http://e/{name}")))
            .collect();
        let shortened = without(&source, &claims, false).unwrap()?;
        Some(shortened.after.text().unwrap().to_owned())
    }

    #[test]
    fn claims_are_cut_out_with_their_comments() {
        let head = "@prefix e: <http://e/> .\nPREFIX f: <http://e/>\n\n";
        let second = "# The second.\n# It stays.\nf:b e:p e:a .\nGRAPH e:b { e:s e:p 1 }\n";
        let first = "# The first.\ne:a e:p \"x. }\" , [ e:q 1.5 ] . # so\ne:a { e:s e:p e:o . e:t e:p ( 1 2 ) }\n";
        let last = "e:c e:p 1 . e:d e:p 2 .\n";
        assert_eq!(without_claims(&["a"]).unwrap(), format!("{head}{second}\n{last}"));
        assert_eq!(without_claims(&["b"]).unwrap(), format!("{head}{first}\n{last}"));
        assert_eq!(without_claims(&["a", "b"]).unwrap(), format!("{head}{last}"));
        assert_eq!(
            without_claims(&["c"]).unwrap(),
            format!("{head}{first}\n{second}\n e:d e:p 2 .\n")
        );
        assert_eq!(without_claims(&["x"]), None);
    }

    proptest::proptest! {
        #[test]
        fn any_text_has_blocks(text in "\\PC*|[a-z:<>{}\\[\\].@\"# \\n]*") {
            let text = format!("PREFIX a: <a:>\n{text}");
            let blocks: Vec<_> = Outline::new(&text).blocks("a:a").collect();
            cut(&text, &blocks, false);
        }
    }
}
