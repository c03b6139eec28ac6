//! What was looked up once and is asked for again and again.

use crate::diagnostic::Result;
use rustc_hash::FxHashMap;
use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// A bounded cache of the latest values. Clones share them, and values should be cheap to clone.
///
/// It is for what does not change while it is kept. When it is full it begins anew: so what is asked for often comes
/// back at once, and what is not does not stay.
pub(crate) struct Cache<K, V> {
    found: Arc<RwLock<FxHashMap<K, V>>>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// Nothing yet, and never more than so many values.
    pub(crate) fn new(most: usize) -> Self {
        Self { found: Arc::default(), most }
    }

    /// The value of a key, which is looked for if it is not known.
    ///
    /// # Errors
    /// Those of looking for it. They are not remembered.
    pub(crate) fn get_or_find<Q: Eq + Hash + ?Sized>(
        &self,
        key: &Q,
        find: impl FnOnce() -> Result<(K, V)>,
    ) -> Result<V>
    where
        K: Borrow<Q>,
    {
        if let Some(value) = self.get(key) {
            return Ok(value);
        }
        let (key, value) = find()?;
        self.keep(key, value.clone());
        Ok(value)
    }

    /// The value of a key, if it is known.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // Each value is put in whole, so a panic elsewhere does no harm to them.
        self.found.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Remembers the value of a key.
    pub(crate) fn keep(&self, key: K, value: V) {
        let mut found = self.found.write().unwrap_or_else(PoisonError::into_inner);
        if found.len() >= self.most {
            found.clear();
        }
        found.insert(key, value);
    }
}

impl<K, V> Clone for Cache<K, V> {
    fn clone(&self) -> Self {
        Self { found: Arc::clone(&self.found), most: self.most }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[test]
    fn a_value_is_looked_for_once_until_too_many_are_known() {
        let remembered: Cache<String, usize> = Cache::new(2);
        let mut searches = Vec::new();
        for key in ["a", "b", "a", "c", "c", "a"] {
            let found = remembered.clone().get_or_find(key, || {
                searches.push(key);
                Ok((key.to_owned(), key.len()))
            });
            assert_eq!(found, Ok(1));
        }
        assert_eq!(searches, ["a", "b", "c", "a"]);
    }

    #[test]
    fn an_error_is_not_remembered() {
        let remembered: Cache<String, usize> = Cache::new(2);
        let failed = remembered.get_or_find("a", || Err(Diagnostic::new("no").input()));
        assert!(failed.is_err());
        assert_eq!(remembered.get_or_find("a", || Ok(("a".to_owned(), 1))), Ok(1));
    }
}
