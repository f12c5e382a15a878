//! The promises of the program, tested through its public library and its command line.

mod bench;
mod cli;
mod exact_cases;
mod recovery;
mod rooms;
mod scenarios;
