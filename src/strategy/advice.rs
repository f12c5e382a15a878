//! What people look for in the tables of a strategy under another name, and the line that says it.

use crate::keys::Advice;

/// By table and key. The line stands as it can be pasted.
pub const ADVICE: &[Advice] = &[
    (
        "virtual_machine",
        "replica",
        "a copy in another site: write site = \"other\", image_age = \"15m\" and capacity = 0",
    ),
    (
        "virtual_machine",
        "replicated",
        "a copy in another site: write site = \"other\" and image_age = \"15m\"",
    ),
    ("virtual_machine", "rpo", "write image_age = \"15m\""),
    ("rebuild", "on", "write spare = \"domain-controller\", \"server\" or \"procure\""),
    ("rebuild", "target", "write spare = \"domain-controller\", \"server\" or \"procure\""),
    ("strategy", "replica", "write [strategy.virtual_machine] and below it site = \"other\""),
    ("strategy", "on", "write [strategy.rebuild] and below it spare = \"domain-controller\""),
    ("strategy", "cost", "write annual_cost = 5_500"),
    ("strategy", "yearly_cost", "write annual_cost = 5_500"),
    (
        "strategy",
        "site",
        "write it in the table of a protection: [strategy.staging] and below it site = \"other\"",
    ),
    (
        "strategy",
        "monitoring",
        "write [[strategy.watch]] and below it name = \"script\", sees = [\"*\"], after = \"1h\"",
    ),
];
