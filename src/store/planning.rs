//! What planning asks of the store: statistics, and how many triples a pattern has.

use super::Store;
use crate::error::Result;
use crate::plan::{Count, Gathering, Knowledge, Plan, Statistics, has_joins, plan};
use oxigraph::model::{GraphNameRef, NamedNode, NamedOrBlankNodeRef, TermRef, TripleRef};
use spargebra::Query;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::sync::{Arc, Mutex, PoisonError};

/// The size from which on statistics are worth their while: below it a query that is not planned takes no longer than
/// they would.
const WORTH_PLANNING: u64 = 5_000;

/// Whether queries are planned, and the statistics once they were made, with the size that the store had.
#[derive(Clone, Default)]
pub(super) struct Planning {
    is_off: bool,
    statistics: Arc<Mutex<Option<(u64, Arc<Statistics>)>>>,
}

impl Store {
    /// The same store, in which queries are evaluated as they are.
    #[must_use]
    pub fn without_planning(mut self) -> Self {
        self.planning.is_off = true;
        self
    }

    /// The statistics of the default graph, as it is now. They are kept until the store changes.
    ///
    /// # Errors
    /// If the store fails.
    pub fn statistics(&self) -> Result<Arc<Statistics>> {
        let size = self.size()?;
        self.statistics_if(|gathered_at| gathered_at == size)
    }

    /// The kept statistics if those of a store of their size will do, else new ones.
    fn statistics_if(&self, will_do: impl Fn(u64) -> bool) -> Result<Arc<Statistics>> {
        let mut kept = self.planning.statistics.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((size, statistics)) = kept.as_ref()
            && will_do(*size)
        {
            return Ok(Arc::clone(statistics));
        }
        let mut gathering = Gathering::default();
        for quad in self.default_graph(None, None, None) {
            let quad = quad?;
            gathering.add(TripleRef::new(&quad.subject, &quad.predicate, &quad.object));
        }
        let statistics = Arc::new(gathering.finish());
        *kept = Some((self.size()?, Arc::clone(&statistics)));
        Ok(statistics)
    }

    /// Whether there is something to plan in a query, and the data are enough for it to matter.
    pub(super) fn is_worth_planning(&self, query: &Query) -> Result<bool> {
        Ok(!self.planning.is_off && self.size()? >= WORTH_PLANNING && has_joins(query))
    }

    /// A query as [`evaluate`](Self::evaluate) hands it to the engine where the data are enough for it to matter.
    ///
    /// # Errors
    /// If the store fails.
    pub fn plan(&self, query: &Query) -> Result<Plan> {
        let size = self.size()?;
        // A plan is as right with numbers that are a little old.
        let statistics = self.statistics_if(|at| at.abs_diff(size) <= size / 10)?;
        let count = |triple: &TriplePattern, graph: Option<&NamedNode>, most: usize| {
            self.count(triple, graph, most)
        };
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let copies = size as f64 / statistics.triples.max(1) as f64;
        let knowledge = Knowledge { statistics: &statistics, count: &count, copies };
        Ok(plan(query, knowledge, false))
    }

    /// How many triples match a pattern, up to some number. What fails will fail again where it matters.
    fn count(&self, triple: &TriplePattern, graph: Option<&NamedNode>, most: usize) -> Count {
        let subject = match &triple.subject {
            TermPattern::NamedNode(node) => Some(NamedOrBlankNodeRef::from(node.as_ref())),
            TermPattern::Literal(_) => return Count::Exactly(0),
            TermPattern::BlankNode(_) | TermPattern::Variable(_) => None,
        };
        let predicate = match &triple.predicate {
            NamedNodePattern::NamedNode(name) => Some(name.as_ref()),
            NamedNodePattern::Variable(_) => None,
        };
        let object: Option<TermRef<'_>> = match &triple.object {
            TermPattern::NamedNode(node) => Some(node.as_ref().into()),
            TermPattern::Literal(literal) => Some(literal.as_ref().into()),
            TermPattern::BlankNode(_) | TermPattern::Variable(_) => None,
        };
        let graph = graph.map_or(GraphNameRef::DefaultGraph, |name| name.as_ref().into());
        let quads = self.inner.quads_for_pattern(subject, predicate, object, Some(graph));
        let count = quads.take(most).count();
        if count < most { Count::Exactly(count) } else { Count::AtLeast(count) }
    }
}
