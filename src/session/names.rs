//! The names of things, by which people call them: an index from labels to resources.

use crate::diagnostic::nearest;
use crate::vocabulary::folded;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

/// Resources by name, each with whether the name is only a title or similar.
#[derive(Debug, Default)]
pub(crate) struct Names {
    things: BTreeMap<String, BTreeSet<(bool, NamedNode)>>,
    /// The names without case, with the names as they are.
    lower_case: OnceLock<HashMap<String, Vec<String>>>,
    /// The names without case and accents, with the names as they are.
    letters: OnceLock<HashMap<String, Vec<String>>>,
}

impl Names {
    /// Adds a name of a resource.
    pub(crate) fn add(&mut self, name: String, is_title: bool, thing: NamedNode) {
        (self.lower_case, self.letters) = <_>::default();
        self.things.entry(name).or_default().insert((is_title, thing));
    }

    /// Returns the resources with a name that an index accepts. Names are compared exactly at first, then ignoring case,
    /// then also ignoring accents; a label takes precedence over a title.
    pub(crate) fn find_where(
        &self,
        name: &str,
        is_accepted: impl Fn(&NamedNode) -> bool,
    ) -> Vec<&NamedNode> {
        type Alike<'a> = (&'a OnceLock<HashMap<String, Vec<String>>>, fn(&str) -> String);
        let same = [name.to_owned()];
        let indexes: [Option<Alike<'_>>; 3] = [
            None,
            Some((&self.lower_case, |name| name.to_lowercase())),
            Some((&self.letters, folded)),
        ];
        for index in indexes {
            let names = match index {
                None => &same[..],
                Some((index, fold)) => {
                    let index = index.get_or_init(|| self.folded(fold));
                    index.get(&fold(name)).map_or(&[][..], Vec::as_slice)
                }
            };
            let things = names.iter().filter_map(|name| self.things.get(name)).flatten();
            let found: BTreeSet<_> = things.filter(|(_, thing)| is_accepted(thing)).collect();
            if let Some((first_is_title, _)) = found.first() {
                let alike = found.iter().filter(|(is_title, _)| is_title == first_is_title);
                return alike.map(|(_, thing)| thing).collect();
            }
        }
        Vec::new()
    }

    /// Returns the resources with a name.
    pub(crate) fn find(&self, name: &str) -> Vec<&NamedNode> {
        self.find_where(name, |_| true)
    }

    /// Returns the name that is nearest to one that does not exist, of the resources that are accepted.
    pub(crate) fn nearest_where(
        &self,
        name: &str,
        is_accepted: impl Fn(&NamedNode) -> bool,
    ) -> Option<&str> {
        let has_accepted = |things: &BTreeSet<(bool, NamedNode)>| {
            things.iter().any(|(_, thing)| is_accepted(thing))
        };
        let accepted = self.things.iter().filter(|(_, things)| has_accepted(things));
        nearest(name, accepted.map(|(name, _)| name.as_str()))
    }

    /// Returns all names with their resources.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &NamedNode)> {
        self.things
            .iter()
            .flat_map(|(name, things)| things.iter().map(move |(_, thing)| (name.as_str(), thing)))
    }

    fn folded(&self, fold: fn(&str) -> String) -> HashMap<String, Vec<String>> {
        let mut index: HashMap<String, Vec<String>> = HashMap::new();
        for name in self.things.keys() {
            index.entry(fold(name)).or_default().push(name.clone());
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_exactly_at_first() {
        let thing = |name: &str| NamedNode::new(format!("http://example.com/{name}")).unwrap();
        let mut names = Names::default();
        for (name, is_title, local) in [
            ("Tea", false, "tea"),
            ("tea", false, "small"),
            ("TEA Society", false, "society"),
            ("Tea Society", true, "page"),
            ("Café", false, "cafe"),
            ("Two", false, "one"),
            ("Two", false, "other"),
        ] {
            names.add(name.to_owned(), is_title, thing(local));
        }
        let found = |name: &str| {
            let found = names.find(name).into_iter();
            found.map(|thing| thing.as_str()[19..].to_owned()).collect::<Vec<_>>().join(" ")
        };
        for (name, expected) in [
            ("Tea", "tea"),
            ("tea", "small"),
            ("TEA", "small tea"),
            ("Tea Society", "page"),
            ("tea society", "society"),
            ("CAFE", "cafe"),
            ("Two", "one other"),
            ("Three", ""),
        ] {
            assert_eq!(found(name), expected, "{name}");
        }
        let is_not_small = |thing: &NamedNode| !thing.as_str().ends_with("small");
        assert_eq!(names.find_where("tea", is_not_small), [&thing("tea")]);
        assert_eq!(names.nearest_where("Te Society", |_| true), Some("TEA Society"));
    }
}
