//! Distributions as they are written in a scenario: text to distribution and back, and the JSON
//! Schema of both.
//!
//! A text is a constant (`"8h"`) or a range (`"1h to 9h"`); a table names its family and may carry
//! `max` beside it. Every error points at the one value that is wrong. What a distribution *is*
//! stays in [`distribution`](crate::distribution), which knows no file format. Start with [`read`].

mod column;
mod parameters;
pub mod phrases;
mod read;
mod schema;
mod text;
mod write;
