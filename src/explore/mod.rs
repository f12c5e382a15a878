//! The live page: a scenario whose assumptions are moved in a browser, and the answer that follows.
//!
//! A [`Change`](crate::scenario::Change) is what a reader does to the scenario; a [`Bench`](bench::Bench) makes
//! a scenario of the one that was opened and a list of them. A [`Session`](session::Session) plays it:
//! few trials first, then more, until as many as were asked for, and each time there is something to
//! show it is shown. The next change ends that work. Trials are numbered and worlds are common, so the
//! numbers in the end are those of `outlast run`, to the bit.
//!
//! [`form`] says what controls there are, from the declarations of the keys. [`answer`] takes words,
//! tables and charts from the report: nothing is worded or drawn here. [`server`] is the only file
//! that knows HTTP, and [`guard`] says whom it lets in. What never enters: a network other than the
//! machine's own, and a file that is written.

mod answer;
mod bench;
mod change;
mod flips;
mod form;
pub mod guard;
mod page;
pub mod server;
mod session;
mod settings;
mod tornado;

pub use session::{Explorer, State, Waited};
pub use settings::Settings;
