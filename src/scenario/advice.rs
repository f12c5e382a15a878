//! What people look for in a scenario under another name, and the line that says it.

#[cfg(test)]
mod tests;

use crate::keys::Advice;
use crate::strategy;

/// All there is, with that of the strategies.
pub(super) static ALL: [&[Advice]; strategy::ADVICE.len() + 1] = {
    let mut all = [ADVICE; strategy::ADVICE.len() + 1];
    let mut at = 0;
    while at < strategy::ADVICE.len() {
        all[at + 1] = strategy::ADVICE[at];
        at += 1;
    }
    all
};

/// By table and key. The line stands as it can be pasted.
const ADVICE: &[Advice] = &[
    ("", "sites", "write a table for each site: [[site]] and below it name = \"main\""),
    ("", "strategies", "write a table for each strategy: [[strategy]] and below it name = \"…\""),
    ("", "faults", "write a table for each fault: [[fault]] and below it name = \"…\""),
    ("", "users", "write [organisation] and below it users = 8_000"),
    ("", "objects", "write [organisation] and below it objects = 19_000"),
    ("", "currency", "write [costs] and below it currency = \"EUR\""),
    ("", "staffed", "write [operations] and below it staffed = \"Mon-Fri 08:00-18:00\""),
    (
        "",
        "on_call",
        "write [operations] and below it staffed = \"Mon-Fri 08:00-18:00\" where nobody is on call, \
         staffed = \"24x7\" where somebody always is",
    ),
    ("", "office_hours", "write [operations] and below it staffed = \"Mon-Fri 08:00-18:00\""),
    (
        "",
        "monitoring",
        "write [operations] and below it detection = \"10m to 1h\", or a [[watch]] for each channel",
    ),
    ("", "people", "write [operations] and below it people = 2"),
    ("", "detection", "write [operations] and below it detection = \"10m to 1h\""),
    ("", "call_out", "write [operations] and below it call_out = \"30m to 2h\""),
    ("", "decision", "write [operations] and below it decision = \"15m to 1h\""),
    ("", "labour_hour", "write [costs] and below it labour_hour = 90"),
    ("", "annual_cost", "write it below the [[strategy]] that costs it: annual_cost = 5_500"),
    (
        "",
        "rto",
        "write [tolerance] and below it restore_hours = { limit = \"4h\", confidence = 0.95 }",
    ),
    ("tolerance", "rto", "write restore_hours = { limit = \"24h\", confidence = 0.95 }"),
    ("tolerance", "stale_hours", "write stale_user_hours = { limit = 5_000, confidence = 0.95 }"),
    (
        "tolerance",
        "availability",
        "write the time that is left: 99.9 % of a year is downtime_hours = { limit = 8.8, \
         confidence = 0.95 }",
    ),
    ("organisation", "sites", "write a table for each site: [[site]] and below it name = \"main\""),
    (
        "operations",
        "on_call",
        "write staffed = \"Mon-Fri 08:00-18:00\" where nobody is on call, staffed = \"24x7\" where \
         somebody always is",
    ),
    ("operations", "hours", "write staffed = \"Mon-Fri 08:00-18:00\""),
    ("operations", "office_hours", "write staffed = \"Mon-Fri 08:00-18:00\""),
    (
        "operations",
        "monitoring",
        "write detection = \"10m to 1h\", or a [[watch]] for each channel",
    ),
    ("costs", "hour", "write labour_hour = 90"),
    ("costs", "labor_hour", "write labour_hour = 90"),
    ("fault", "mtbf", "write every = { exponential = { mean = \"300d\" } }"),
    ("fault", "mttr", "write repair = \"1h to 9h\""),
    (
        "fault",
        "rate",
        "write the time between two of them: every = { exponential = { mean = \"300d\" } }",
    ),
    ("fault", "component", "write strikes = \"server\""),
];
