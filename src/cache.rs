//! A cache for repeated lookups.

use crate::diagnostic::Result;
use rustc_hash::FxHashMap;
use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};

/// A bounded cache. Clones share the values, which should be cheap to clone.
///
/// It is for values that do not change during its lifetime. A full cache is cleared, so frequently used values return
/// soon and others are evicted.
pub(crate) struct Cache<K, V> {
    found: Arc<RwLock<FxHashMap<K, V>>>,
    most: usize,
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// Creates an empty cache for at most `most` values.
    pub(crate) fn new(most: usize) -> Self {
        Self { found: Arc::default(), most }
    }

    /// Returns the value of a key, and computes it if it is not cached.
    ///
    /// # Errors
    /// Those of the computation, which are not cached.
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

    /// Returns the value of a key, if it is cached.
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        // Values are inserted whole, so a panic elsewhere cannot corrupt them.
        self.found.read().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    /// Returns the values of those keys that there are and that are cached.
    pub(crate) fn get_each(&self, keys: &[Option<K>]) -> Vec<Option<V>> {
        let found = self.found.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|key| found.get(key.as_ref()?).cloned()).collect()
    }

    /// Caches the value of a key.
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
