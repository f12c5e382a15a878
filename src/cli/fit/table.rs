//! The table of fits, for people.

use crate::cli::terminal::{STYLE, right};
use crate::evidence::analysis::{Analysis, Fit};
use crate::report::text::width;
use crate::report::words::fit as words;
use comfy_table::{Cell, Table};

/// The least width in which the table has all its columns.
const ALL: usize = 80;

/// The fits, the best first.
pub(super) fn table(analysis: &Analysis) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    // In few columns only what fits are chosen by; fits.csv has the rest.
    let has_all = width() >= ALL;
    let heads: &[&str] = match has_all {
        true => &["log-\nlikelihood", "\nAICc", "\nBIC", "AD\np", "KS\np"],
        false => &["\nAICc", "AD\np", "KS\np"],
    };
    table.set_header(
        [Cell::new("\nFamily"), Cell::new("\nParameters")]
            .into_iter()
            .chain(heads.iter().map(|head| right((*head).to_owned()))),
    );
    for (index, fit) in analysis.fits.iter().enumerate() {
        let p = |of: Option<f64>| of.map_or_else(|| "-".to_owned(), |p| format!("{p:.3}"));
        let mark = if analysis.best == Some(index) { "* " } else { "  " };
        let flags: String =
            fit.flags.iter().map(|flag| format!("\n  ({})", words::flag(*flag))).collect();
        let likelihood = right(format!("{:.2}", fit.estimate.log_likelihood));
        let aicc = right(fit.aicc.map_or_else(|| "-".to_owned(), |aicc| format!("{aicc:.2}")));
        let bic = right(format!("{:.2}", fit.bic));
        let p = [fit.p.map(|p| p.ad), fit.p.map(|p| p.ks)].map(|of| right(p(of)));
        let figures = match has_all {
            true => vec![likelihood, aicc, bic],
            false => vec![aicc],
        };
        let names = [
            Cell::new(format!(
                "{mark}{}{flags}",
                fit.estimate.family.words().replace(" of ", "\n  of ")
            )),
            Cell::new(parameters(fit)),
        ];
        table.add_row(names.into_iter().chain(figures).chain(p));
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
