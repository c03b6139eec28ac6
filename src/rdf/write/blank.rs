//! Finds the blank nodes that need no label in Turtle: those that can be written inline, as `[ … ]` or in `( … )`, and
//! those that nothing mentions.

use super::dataset::{DEFAULT_GRAPH, Dataset, Id, QuadIds};
use crate::vocabulary::rdf;

/// The maximum nesting depth of blank nodes. Deeper nodes get a label, so that chains of any length can be written and
/// read.
pub(super) const DEEPEST: u8 = 24;

/// The form in which a term is written where it is mentioned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TermForm {
    /// By its IRI, its literal or its label.
    Name,
    /// As `[]`, a subject that nothing mentions.
    Alone,
    /// As `[ … ]`, at this nesting depth.
    Nested(u8),
    /// As `( … )`, at this nesting depth: the first cell of a list.
    List(u8),
    /// As an item of the `( … )` that its first cell starts.
    Cell(u8),
}

impl TermForm {
    /// Returns the nesting depth of a node.
    pub(super) const fn depth(self) -> u8 {
        match self {
            Self::Name | Self::Alone => 0,
            Self::Nested(depth) | Self::List(depth) | Self::Cell(depth) => depth,
        }
    }
}

/// The facts about a blank node that decide its form.
#[derive(Clone, Copy)]
struct Node {
    /// The number of mentions, counted up to 2.
    mentions: u8,
    /// The only statement that mentions it.
    mention: Option<QuadIds>,
    /// The graph in which it is a subject.
    graph: Option<Id>,
    /// Whether it is a subject in several graphs or the name of a graph.
    is_shared: bool,
    /// The number of statements about it, counted up to 3.
    says: u8,
    first: Option<Id>,
    rest: Option<Id>,
    seen: bool,
}

/// Finds the form of each term of a dataset.
///
/// A blank node is nested if it is mentioned once and all statements about it are in the graph of that mention. A list
/// is written as `( … )` if each of its cells has one `rdf:first`, one `rdf:rest` and nothing else, and if it ends in
/// `rdf:nil`. Nodes in a cycle keep their labels.
pub(super) fn places(dataset: &Dataset<'_>) -> Vec<TermForm> {
    let mut places = vec![TermForm::Name; dataset.len()];
    let nodes = nodes(dataset);
    let node = |id: Id| nodes.get(id as usize).filter(|node| node.seen);
    let (nil, rest) = (dataset.id_of(rdf::NIL), dataset.id_of(rdf::REST));
    // Returns the node that mentions a node which could be nested there.
    let parent = |id: Id| {
        let node = node(id).filter(|node| node.mentions == 1 && !node.is_shared)?;
        let mention = node.mention?;
        node.graph.is_none_or(|graph| graph == mention.graph).then_some(mention)
    };
    let is_cell = |id: Id| {
        parent(id).is_some()
            && node(id).is_some_and(|n| n.says == 2 && n.first.is_some() && n.rest.is_some())
    };
    let mut in_list = vec![false; dataset.len()];
    for end in 0..dataset.len() {
        let Ok(mut cell) = Id::try_from(end) else { break };
        if nil.is_none() || node(cell).and_then(|node| node.rest) != nil {
            continue;
        }
        while is_cell(cell) && !is(&in_list, cell) {
            set(&mut in_list, cell, true);
            match parent(cell).filter(|mention| Some(mention.predicate) == rest) {
                Some(mention) => cell = mention.subject,
                None => break,
            }
        }
    }
    let mut state = vec![Walk::Unknown; dataset.len()];
    let mut path = Vec::new();
    for start in 0..dataset.len() {
        let Ok(start) = Id::try_from(start) else { break };
        let mut at = start;
        // Follow the parents to the first node whose form is known, or back to a node of the path.
        let came_back = loop {
            match state.get(at as usize) {
                Some(Walk::OnPath) => break true,
                Some(Walk::Unknown) if node(at).is_some() => {}
                _ => break false,
            }
            set(&mut state, at, Walk::OnPath);
            path.push(at);
            match parent(at) {
                Some(mention) => at = mention.subject,
                None => break false,
            }
        };
        if came_back {
            // Nodes on the cycle keep their labels.
            while let Some(id) = path.pop() {
                set(&mut state, id, Walk::Done);
                if id == at {
                    break;
                }
            }
        }
        while let Some(id) = path.pop() {
            set(&mut state, id, Walk::Done);
            let place = match parent(id) {
                None => match node(id) {
                    Some(node) if node.mentions == 0 && !node.is_shared => TermForm::Alone,
                    _ => TermForm::Name,
                },
                Some(mention) => {
                    let above = places.get(mention.subject as usize).copied();
                    let above = above.unwrap_or(TermForm::Name);
                    let is_next = Some(mention.predicate) == rest
                        && matches!(above, TermForm::List(_) | TermForm::Cell(_));
                    let depth = above.depth() + u8::from(!is_next);
                    if depth > DEEPEST {
                        TermForm::Name
                    } else if is_next {
                        TermForm::Cell(depth)
                    } else if is(&in_list, id) {
                        TermForm::List(depth)
                    } else {
                        TermForm::Nested(depth)
                    }
                }
            };
            set(&mut places, id, place);
        }
    }
    places
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Walk {
    Unknown,
    OnPath,
    Done,
}

fn is(list: &[bool], id: Id) -> bool {
    list.get(id as usize).copied().unwrap_or(false)
}

fn set<T>(list: &mut [T], id: Id, value: T) {
    if let Some(place) = list.get_mut(id as usize) {
        *place = value;
    }
}

fn nodes(dataset: &Dataset<'_>) -> Vec<Node> {
    let unseen = Node {
        mentions: 0,
        mention: None,
        graph: None,
        is_shared: false,
        says: 0,
        first: None,
        rest: None,
        seen: false,
    };
    let mut nodes = vec![unseen; dataset.len()];
    let (first, rest) = (dataset.id_of(rdf::FIRST), dataset.id_of(rdf::REST));
    let mut with = |id: Id, change: &dyn Fn(&mut Node)| {
        if dataset.is_blank(id)
            && let Some(node) = nodes.get_mut(id as usize)
        {
            node.seen = true;
            change(node);
        }
    };
    for statement in &dataset.statements {
        with(statement.subject, &|node| {
            node.is_shared |= node.graph.is_some_and(|graph| graph != statement.graph);
            node.graph = Some(statement.graph);
            node.says = node.says.saturating_add(1).min(3);
            if Some(statement.predicate) == first {
                node.first = Some(statement.object);
            } else if Some(statement.predicate) == rest {
                node.rest = Some(statement.object);
            }
        });
        with(statement.object, &|node| {
            node.mentions = node.mentions.saturating_add(1).min(2);
            node.mention = Some(*statement);
        });
        if statement.graph != DEFAULT_GRAPH {
            with(statement.graph, &|node| node.is_shared = true);
        }
    }
    nodes
}
