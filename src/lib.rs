//! tmp
pub mod answer;
pub mod dossier;
pub mod error;
pub mod export;
pub mod format;
pub mod query;
pub mod results;
pub mod session;
pub mod store;
pub mod vocabulary;
