//! Property paths: section 18.4 of the specification, definition by definition.

use super::{Evaluator, Graph, Provenance, Refused, Remark};
use oxigraph::model::Term;
use spargebra::algebra::PropertyPathExpression;

/// The end points of a path and how it was found.
pub(super) type Step = (Term, Term, Provenance);

impl Evaluator {
    /// `eval(Path(X, path, Y))`; an end that is `None` is a variable.
    pub(super) fn path(
        &self,
        graph: &Graph,
        x: Option<&Term>,
        path: &PropertyPathExpression,
        y: Option<&Term>,
    ) -> Result<Vec<Step>, Refused> {
        Ok(match path {
            PropertyPathExpression::NamedNode(predicate) => {
                self.link(graph, x, &|p| p == predicate, y)?
            }
            // The definition says which solutions there are, not how often. Taken here: once for each triple.
            PropertyPathExpression::NegatedPropertySet(set) => {
                self.link(graph, x, &|p| !set.contains(p), y)?
            }
            PropertyPathExpression::Reverse(inner) => swapped(self.path(graph, y, inner, x)?),
            PropertyPathExpression::Sequence(first, second) => {
                let first = self.path(graph, x, first, None)?;
                let second = self.path(graph, None, second, y)?;
                let mut steps = Vec::new();
                for (x, middle, a) in &first {
                    for (start, y, b) in &second {
                        self.tick()?;
                        if start == middle {
                            let how = Provenance::times([a.clone(), b.clone()]);
                            steps.push((x.clone(), y.clone(), how));
                        }
                    }
                }
                steps
            }
            PropertyPathExpression::Alternative(a, b) => {
                let mut steps = self.path(graph, x, a, y)?;
                steps.extend(self.path(graph, x, b, y)?);
                steps
            }
            PropertyPathExpression::ZeroOrOne(inner) => {
                let mut steps = match (x, y) {
                    (Some(x), Some(y)) if x != y => Vec::new(),
                    (Some(node), _) | (None, Some(node)) => {
                        self.remark_zero_length(graph, node);
                        vec![(node.clone(), node.clone(), Provenance::One)]
                    }
                    (None, None) => {
                        let nodes = nodes(graph).into_iter();
                        nodes.map(|(node, how)| (node.clone(), node, how)).collect()
                    }
                };
                steps.extend(self.path(graph, x, inner, y)?);
                distinct(steps)
            }
            PropertyPathExpression::ZeroOrMore(inner) => self.closure(graph, x, inner, y, true)?,
            PropertyPathExpression::OneOrMore(inner) => self.closure(graph, x, inner, y, false)?,
        })
    }

    fn link(
        &self,
        graph: &Graph,
        x: Option<&Term>,
        is_allowed: &dyn Fn(&oxigraph::model::NamedNode) -> bool,
        y: Option<&Term>,
    ) -> Result<Vec<Step>, Refused> {
        let mut steps = Vec::new();
        for (triple, how) in &graph.triples {
            self.tick()?;
            let subject = Term::from(triple.subject.clone());
            if is_allowed(&triple.predicate)
                && x.is_none_or(|x| *x == subject)
                && y.is_none_or(|y| *y == triple.object)
            {
                steps.push((subject, triple.object.clone(), how.clone()));
            }
        }
        Ok(steps)
    }

    fn remark_zero_length(&self, graph: &Graph, node: &Term) {
        if !nodes(graph).iter().any(|(other, _)| other == node) {
            self.remark(Remark::ZeroLengthOutsideGraph);
        }
    }

    fn closure(
        &self,
        graph: &Graph,
        x: Option<&Term>,
        inner: &PropertyPathExpression,
        y: Option<&Term>,
        with_zero: bool,
    ) -> Result<Vec<Step>, Refused> {
        let sources = match (x, y) {
            (Some(x), _) => vec![(x.clone(), Provenance::One)],
            (None, Some(y)) => {
                let inverse = PropertyPathExpression::Reverse(Box::new(inner.clone()));
                return Ok(swapped(self.closure(graph, Some(y), &inverse, None, with_zero)?));
            }
            (None, None) => nodes(graph),
        };
        let mut steps = Vec::new();
        for (source, is_node) in sources {
            let mut found = Vec::new();
            if with_zero {
                if y.is_none_or(|y| *y == source) {
                    self.remark_zero_length(graph, &source);
                }
                found.push((source.clone(), Provenance::One));
            }
            let walk = Walk { graph, inner, source: &source };
            self.simple_paths(&walk, &mut vec![source.clone()], &Provenance::One, &mut found)?;
            for (target, how) in found {
                if y.is_none_or(|y| *y == target) {
                    let how = Provenance::times([is_node.clone(), how]);
                    steps.push((source.clone(), target, how));
                }
            }
        }
        Ok(distinct(steps))
    }

    /// Every path from the end of `visited` that meets no node twice, but for a last step back to the source.
    fn simple_paths(
        &self,
        walk: &Walk,
        visited: &mut Vec<Term>,
        so_far: &Provenance,
        found: &mut Vec<(Term, Provenance)>,
    ) -> Result<(), Refused> {
        let current = visited[visited.len() - 1].clone();
        for (_, next, step) in distinct(self.path(walk.graph, Some(&current), walk.inner, None)?) {
            self.tick()?;
            let how = Provenance::times([so_far.clone(), step]);
            if next == *walk.source {
                found.push((next, how));
            } else if !visited.contains(&next) {
                found.push((next.clone(), how.clone()));
                visited.push(next);
                self.simple_paths(walk, visited, &how, found)?;
                visited.pop();
            }
        }
        Ok(())
    }
}

struct Walk<'a> {
    graph: &'a Graph,
    inner: &'a PropertyPathExpression,
    source: &'a Term,
}

fn swapped(steps: Vec<Step>) -> Vec<Step> {
    steps.into_iter().map(|(x, y, how)| (y, x, how)).collect()
}

/// `nodes(G)`: every subject and object, each with any of the triples that mention it.
fn nodes(graph: &Graph) -> Vec<(Term, Provenance)> {
    let mut mentions = Vec::new();
    for (triple, how) in &graph.triples {
        for node in [triple.subject.clone().into(), triple.object.clone()] {
            mentions.push((node.clone(), node, how.clone()));
        }
    }
    distinct(mentions).into_iter().map(|(node, _, how)| (node, how)).collect()
}

/// Each pair of ends once, with any of its derivations.
fn distinct(steps: Vec<Step>) -> Vec<Step> {
    let mut pairs: Vec<(Term, Term, Vec<Provenance>)> = Vec::new();
    for (x, y, how) in steps {
        match pairs.iter_mut().find(|(a, b, _)| *a == x && *b == y) {
            Some((_, _, all)) => all.push(how),
            None => pairs.push((x, y, vec![how])),
        }
    }
    pairs.into_iter().map(|(x, y, all)| (x, y, Provenance::plus(all))).collect()
}
