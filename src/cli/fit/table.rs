//! The table of fits, for people.

use crate::cli::terminal::{STYLE, right};
use crate::evidence::analysis::{Analysis, Fit};
use crate::report::words::fit as words;
use comfy_table::{Cell, Table};

/// The fits, the best first.
pub(super) fn table(analysis: &Analysis) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    let heads = ["log-\nlikelihood", "\nAICc", "\nBIC", "AD\np", "KS\np"];
    table.set_header(
        [Cell::new("\nFamily"), Cell::new("\nParameters")]
            .into_iter()
            .chain(heads.map(|head| right(head.to_owned()))),
    );
    for (index, fit) in analysis.fits.iter().enumerate() {
        let p = |of: Option<f64>| of.map_or_else(|| "-".to_owned(), |p| format!("{p:.3}"));
        let mark = if analysis.best == Some(index) { "* " } else { "  " };
        let flags: String =
            fit.flags.iter().map(|flag| format!("\n  ({})", words::flag(*flag))).collect();
        table.add_row([
            Cell::new(format!(
                "{mark}{}{flags}",
                fit.estimate.family.words().replace(" of ", "\n  of ")
            )),
            Cell::new(parameters(fit)),
            right(format!("{:.2}", fit.estimate.log_likelihood)),
            right(fit.aicc.map_or_else(|| "-".to_owned(), |aicc| format!("{aicc:.2}"))),
            right(format!("{:.2}", fit.bic)),
            right(p(fit.p.map(|p| p.ad))),
            right(p(fit.p.map(|p| p.ks))),
        ]);
    }
    for column in table.column_iter_mut().take(1) {
        column.set_padding((0, 1));
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_padding((1, 0));
    }
    table.trim_fmt()
}

/// One line for each parameter.
fn parameters(fit: &Fit) -> String {
    let names = fit.estimate.family.parameters();
    let line = |(name, value): (&&str, &f64)| format!("{name} {}", words::parameter(name, *value));
    let lines: Vec<String> = names.iter().zip(fit.estimate.values()).map(line).collect();
    lines.join("\n")
}
