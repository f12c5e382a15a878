//! Results as people keep them: tables, pictures, a folder that is whole or not there.
//!
//! [`folder`] writes aside and swaps in; [`charts`] draws from plain data; [`pictures`] chooses what
//! is drawn of a run. Trials and scenarios never enter.

pub mod charts;
pub mod folder;
pub mod pictures;
