//! The promises of the program, tested through its public library and its command line.

mod bench;
mod benchmark;
mod browser;
mod cli;
mod decision;
mod documents;
mod estimates;
mod evidence;
mod exact_cases;
mod examples;
mod fitted;
mod golden;
mod individual;
mod k_of_n;
mod m1;
mod recovery;
mod recovery_catch_up;
mod recovery_clocks;
mod recovery_groups;
mod recovery_spares;
mod replay;
mod rooms;
mod samplers;
mod scenarios;
mod schema;
mod spec;
