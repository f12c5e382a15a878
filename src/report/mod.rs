//! Results on disk.
pub mod folder;
