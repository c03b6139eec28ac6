//! Provenance as a factorised expression: sums over derivations of products over what each one uses.

use super::Dataset;
use std::collections::BTreeSet;
use std::rc::Rc;

/// How a row was derived. Parts are shared, never multiplied out.
#[derive(Clone, Debug, PartialEq)]
pub enum Provenance {
    /// Not derived at all.
    Zero,
    /// Derived from nothing: the query alone says it.
    One,
    /// A triple of the default graph, by its index: stated by the background or by any of its claims.
    Triple(usize),
    /// A triple, by its index, as one claim states it, by the index of the claim.
    InGraph(usize, usize),
    /// That a claim is one of the named graphs of the dataset.
    Graph(usize),
    /// Any of these.
    Plus(Rc<[Provenance]>),
    /// All of these.
    Times(Rc<[Provenance]>),
    /// That there is no derivation of this: an OPTIONAL without a match, MINUS, NOT EXISTS.
    Absent(Rc<Provenance>),
}

/// The sets of triples that suffice for a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Derivations {
    /// The sets, none of which holds another one. Absences count as nothing needed.
    pub sets: BTreeSet<BTreeSet<usize>>,
    /// Whether these are all. When the cap is hit, the smallest ones are kept.
    pub is_complete: bool,
}

impl Provenance {
    /// Any of the parts.
    pub fn plus(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Zero => {}
                Self::One => return Self::One,
                part => kept.push(part),
            }
        }
        match kept.len() {
            0 => Self::Zero,
            1 => kept.remove(0),
            _ => Self::Plus(kept.into()),
        }
    }

    /// All of the parts.
    pub fn times(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = Vec::new();
        for part in parts {
            match part {
                Self::Zero => return Self::Zero,
                Self::One => {}
                part => kept.push(part),
            }
        }
        match kept.len() {
            0 => Self::One,
            1 => kept.remove(0),
            _ => Self::Times(kept.into()),
        }
    }

    /// That this is not derived. What can never be derived is kept too: that it is absent is said all the same.
    pub fn absent(self) -> Self {
        match self {
            Self::One => Self::Zero,
            part => Self::Absent(part.into()),
        }
    }

    /// Whether the row is there when only these claims are, and the background.
    pub fn holds(&self, dataset: &Dataset, claims: &BTreeSet<usize>) -> bool {
        self.value(&|leaf| match leaf {
            Self::Triple(triple) => dataset.is_stated(*triple, claims),
            Self::InGraph(_, claim) | Self::Graph(claim) => claims.contains(claim),
            _ => false,
        })
    }

    /// Whether the row is there when every claim is.
    pub fn holds_in_full(&self) -> bool {
        self.value(&|_| true)
    }

    fn value(&self, leaf: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::Zero => false,
            Self::One => true,
            Self::Triple(_) | Self::InGraph(..) | Self::Graph(_) => leaf(self),
            Self::Plus(parts) => parts.iter().any(|part| part.value(leaf)),
            Self::Times(parts) => parts.iter().all(|part| part.value(leaf)),
            Self::Absent(part) => !part.value(leaf),
        }
    }

    /// The minimal sets of triples from which the row is derived in the whole dataset, at most so many.
    pub fn derivations(&self, cap: usize) -> Derivations {
        let mut is_complete = true;
        let sets = self.sets(cap, &mut is_complete).into_iter().collect();
        Derivations { sets, is_complete }
    }

    fn sets(&self, cap: usize, is_complete: &mut bool) -> Vec<BTreeSet<usize>> {
        match self {
            Self::Zero => Vec::new(),
            Self::Absent(part) if part.holds_in_full() => Vec::new(),
            Self::One | Self::Graph(_) | Self::Absent(_) => vec![BTreeSet::new()],
            Self::Triple(triple) | Self::InGraph(triple, _) => vec![BTreeSet::from([*triple])],
            Self::Plus(parts) => {
                let all = parts.iter().flat_map(|part| part.sets(cap, is_complete)).collect();
                absorb(all, cap, is_complete)
            }
            Self::Times(parts) => {
                let mut product = vec![BTreeSet::new()];
                for part in parts.iter() {
                    let part = part.sets(cap, is_complete);
                    let all = product.iter().flat_map(|a| part.iter().map(move |b| a | b));
                    product = absorb(all.collect(), cap, is_complete);
                }
                product
            }
        }
    }

    /// Whether some derivation that holds in the whole dataset rests on an absence.
    pub fn rests_on_absence(&self) -> bool {
        self.holds_in_full()
            && match self {
                Self::Plus(parts) | Self::Times(parts) => parts.iter().any(Self::rests_on_absence),
                Self::Absent(_) => true,
                _ => false,
            }
    }
}

/// Drops each set that holds another one, and all but the smallest ones beyond the cap.
fn absorb(
    mut sets: Vec<BTreeSet<usize>>,
    cap: usize,
    is_complete: &mut bool,
) -> Vec<BTreeSet<usize>> {
    sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut kept: Vec<BTreeSet<usize>> = Vec::new();
    for set in sets {
        if kept.iter().any(|smaller| smaller.is_subset(&set)) {
            continue;
        }
        if kept.len() == cap {
            *is_complete = false;
            break;
        }
        kept.push(set);
    }
    kept
}
