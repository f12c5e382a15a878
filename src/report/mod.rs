//! Results on disk: tables, manifest and pictures, in a folder that appears whole or not at all.
//!
//! What is written comes from the results of a study and from plain values; how they came about,
//! and the terminal, never enter. [`tables`] turns results into rows, for CSV files and for JSON
//! alike; [`pictures`] chooses what is drawn and [`charts`] draws it; [`manifest`] says what a run
//! was made of; [`folder`] puts files in place.

pub mod answers;
pub mod benchmarks;
pub mod charts;
pub mod comparisons;
pub mod cures;
pub mod diagnostics;
mod fit_charts;
pub mod fits;
pub mod folder;
pub mod glossary;
pub mod manifest;
pub mod page;
pub mod pictures;
pub mod replays;
pub mod sensitivity;
pub mod sensitivity_page;
pub mod sources;
pub mod sweeps;
pub mod table;
pub mod tables;
pub mod targets;
pub mod text;
pub mod variants;
pub mod words;
pub mod workbook;

/// Every file that a run may write, as [`folder::Folder::begin`] wants them named.
pub const FILES: [&str; 14] = [
    folder::MANIFEST,
    SUMMARY,
    COMPARISON,
    TOLERANCE,
    COST,
    OUTAGES,
    PAGE,
    TRIALS,
    VARIANTS,
    WORKBOOK,
    "charts/*.svg",
    "charts/*.png",
    "charts/dark/*.svg",
    "charts/dark/*.png",
];

/// The table of all metrics.
pub const SUMMARY: &str = "summary.csv";

/// The table of paired differences between strategies.
pub const COMPARISON: &str = "comparison.csv";

/// The table of strategies held against the tolerances.
pub const TOLERANCE: &str = "tolerance.csv";

/// The page to hand over.
pub const PAGE: &str = "report.html";

/// The table of costs by part.
pub const COST: &str = "cost.csv";

/// The table of outages by cause and end.
pub const OUTAGES: &str = "outages.csv";

/// The table of losses of sign-in by cause, where it is played.
pub const SIGN_IN: &str = "sign_in.csv";

/// The table of every trial, where it is asked for.
pub const TRIALS: &str = "trials.csv";

/// The table of the same scenario under other assumptions, where it is asked for.
pub const VARIANTS: &str = "variants.csv";

/// The table of strategies held against the tolerances under other assumptions.
pub const VERDICTS: &str = "verdicts.csv";

/// All tables in one file for spreadsheets, where that is asked for.
pub const WORKBOOK: &str = "results.xlsx";
