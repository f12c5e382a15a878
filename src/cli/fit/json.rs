//! Fits for scripts: one JSON object whose keys stay. A number that is not finite is null.

use crate::evidence::analysis::{Analysis, Fit};
use crate::evidence::log::{IncidentLog, Role};
use crate::keys::Json;
use crate::report::words::fit as words;
use serde_json::{Map, json};

/// The headings by their roles.
pub(super) fn columns(log: &IncidentLog) -> Json {
    let mut columns = Map::new();
    for role in Role::ALL {
        if let Some(heading) = log.columns.place(role).and_then(|place| log.headings.get(place)) {
            columns.insert(role.name().to_owned(), heading.as_str().into());
        }
    }
    Json::Object(columns)
}

pub(super) fn variable(analysis: &Analysis) -> Json {
    let variable = &analysis.variable;
    let left_out: Json = variable
        .left_out
        .iter()
        .map(|row| json!({ "line": row.line, "why": row.why.to_string() }))
        .collect();
    let unfit: Json = analysis
        .unfit
        .iter()
        .map(|(family, why)| json!({ "family": family.name(), "why": why.to_string() }))
        .collect();
    let distribution = analysis.toml();
    json!({
        "name": variable.quantity.name(),
        "group": variable.group,
        "n": variable.sample.len(),
        "completed": variable.sample.observed().len(),
        "censored": variable.sample.censored().len(),
        "censored_lines": variable.censored_lines,
        "left_out": left_out,
        "resolution_hours": analysis.resolution,
        "fits": analysis.fits.iter().map(|fit| of_fit(fit, analysis)).collect::<Json>(),
        "unfit": unfit,
        "best": analysis.recommended().map(|fit| fit.estimate.family.name()),
        "trend": analysis.trend,
        "words": words::findings(analysis).join(" "),
        "toml": analysis.scenario_lines(),
        "law": distribution,
    })
}

fn of_fit(fit: &Fit, analysis: &Analysis) -> Json {
    let names = fit.estimate.family.parameters();
    let values = names.iter().zip(fit.estimate.values());
    let parameters: Map<String, Json> =
        values.map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let intervals = fit.intervals.as_ref().map(|intervals| {
        let ends = names.iter().zip(intervals);
        ends.map(|(name, ends)| ((*name).to_owned(), json!(ends))).collect::<Map<_, _>>()
    });
    let quantile = |p: f64| {
        let ends = fit.quantile_interval(p, analysis.confidence);
        json!({
            "hours": fit.distribution.quantile(p),
            "low": ends.map(|ends| ends.0),
            "high": ends.map(|ends| ends.1),
        })
    };
    json!({
        "family": fit.estimate.family.name(),
        "parameters": parameters,
        "intervals": intervals,
        "log_likelihood": fit.estimate.log_likelihood,
        "aic": fit.aic,
        "aicc": fit.aicc,
        "bic": fit.bic,
        "ks": { "d": fit.distances.ks, "p": fit.p.map(|p| p.ks) },
        "ad": { "a2": fit.distances.ad, "p": fit.p.map(|p| p.ad) },
        "mean": fit.distribution.mean(),
        "p50": quantile(0.5),
        "p95": quantile(0.95),
        "p99": quantile(0.99),
        "flags": fit.flags.iter().map(|flag| flag.name()).collect::<Vec<_>>(),
    })
}

/// `run.json` of a folder of fits: what they were made of.
pub(super) fn manifest(
    log: &IncidentLog,
    analyses: &[Analysis],
    seed: u64,
    confidence: f64,
) -> Json {
    json!({
        "rows": log.len(),
        "columns": columns(log),
        "until": log.until.map(|until| until.to_string()),
        "seed": seed,
        "confidence": confidence,
        "variables": analyses.iter().map(variable).collect::<Json>(),
    })
}
