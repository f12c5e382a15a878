//! From trials to results: running them, in parallel and in any split, and what they say.
//!
//! A [`Player`](player::Player) plays one trial of one strategy, with its design and its cost, for
//! all who need one. [`run`] plays many and adds them up in a [`Partial`](partial::Partial), which
//! merges with any other in any order to the same bits: threads use that, and batches of
//! [`stopping`], which plays until enough is known. [`results`] holds all that a run says: tables,
//! paired differences, verdicts, costs, the choice, closed forms. [`cases`] plays several scenarios
//! over the same worlds. [`search`] finds a trial by what
//! it led to, [`trace`] tells it event by event, [`timeline`] shows it under every strategy.
//! Files, terminals and pictures never enter.

pub mod cases;
pub mod cheapest;
pub mod choice;
pub mod closed_form;
pub mod compare;
pub mod contrast;
pub mod cost;
pub mod crossing;
pub mod decide;
pub mod design;
pub mod limits;
pub mod mapping;
pub mod pairs;
pub mod partial;
pub mod payback;
pub mod player;
pub mod point;
pub mod replay;
pub mod restore_steps;
pub mod results;
pub mod run;
pub mod search;
pub mod side_by_side;
pub mod sign_in_losses;
pub mod stopping;
pub mod summary;
pub mod target;
pub mod timeline;
pub mod tolerance_count;
pub mod trace;
pub mod verdict;
pub mod when;
pub mod work;
