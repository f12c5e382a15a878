//! From trials to results: running them, in parallel and in any split, and what they say.
//!
//! The single currency is the [`Partial`](partial::Partial): what a range of trials gives, which
//! merges with any other in any order to the same bits. Threads use it; resuming, stopping at a
//! precision and shards need no more. [`run`] makes it, by the [`design`] that suits the world;
//! [`stopping`] plays until enough is known; [`results`] holds all that it says: tables, paired
//! differences, verdicts, costs, the choice, closed forms. [`trace`] tells one trial as a story.
//! Files, terminals and pictures never enter.

pub mod closed_form;
pub mod compare;
pub mod cost;
pub mod decide;
pub mod design;
pub mod mapping;
pub mod pairs;
pub mod partial;
pub mod player;
pub mod replay;
pub mod results;
pub mod run;
pub mod search;
pub mod steps;
pub mod stopping;
pub mod summary;
pub mod tolerance_count;
pub mod trace;
pub mod verdict;
pub mod when;
pub mod year;
