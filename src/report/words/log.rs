//! How a log was read: which columns, how many rows, and which of them do not count.

use crate::evidence::analysis::Analysis;
use crate::evidence::log::{IncidentLog, Role, Why};
use crate::evidence::sample::{LeftOut, Variable};
use crate::report::text::{count, grouped, plural};
use crate::units::show_duration;

/// Lines named for each reason before the rest is only a number.
const LINES: usize = 12;

/// What was read: "incidents.csv: 41 rows, read as start, end".
pub fn title(name: &str, log: &IncidentLog) -> String {
    let heading = |role: Role| log.headings.get(log.columns.place(role)?);
    let named = |role: Role| {
        let clock = match role {
            Role::StartTime | Role::EndTime => return None,
            Role::Start => heading(Role::StartTime),
            Role::End => heading(Role::EndTime),
            _ => None,
        };
        let heading = heading(role)?;
        if let Some(clock) = clock {
            return Some(format!("{} = {heading} + {clock}", role.name()));
        }
        Some(if heading == role.name() {
            heading.clone()
        } else {
            format!("{} = {heading}", role.name())
        })
    };
    let roles: Vec<String> = Role::ALL.into_iter().filter_map(named).collect();
    format!("{name}: {}, read as {}", count(log.len(), "row"), roles.join(", "))
}

/// What the sample holds, and which rows it leaves out: a line each.
pub fn sample(analysis: &Analysis) -> Vec<String> {
    let variable = &analysis.variable;
    let mut lines = vec![extent(analysis)];
    lines.extend(left_out(&variable.left_out));
    lines.extend(together(variable));
    if variable.by_day {
        let placed = "Starts are known to the day only; each is placed at random within its day";
        lines.push(placed.to_owned());
    }
    if !variable.censored_lines.is_empty() {
        lines.push(format!("Lower bounds: {}", lines_of(&variable.censored_lines)));
    }
    lines
}

/// Incidents that start together are one event, and what that means for a rate.
pub fn together(variable: &Variable) -> Option<String> {
    (variable.together > 0).then(|| {
        let events = variable.events();
        let all = events + variable.left_out.iter().filter(|row| same_start(row)).count();
        format!(
            "{} of {} start in the same moment as another: one cause each, so {} count",
            grouped(variable.together as u64),
            count(all, "incident"),
            count(events, "event")
        )
    })
}

fn same_start(row: &LeftOut) -> bool {
    matches!(row.why, Why::SameStart { .. })
}

fn extent(analysis: &Analysis) -> String {
    let sample = &analysis.variable.sample;
    let observed = sample.observed();
    let mut words = count(sample.len(), "duration");
    if !sample.censored().is_empty() {
        let bounds = count(sample.censored().len(), "lower bound");
        words.push_str(&format!(", {bounds} among them"));
    }
    if let [only] = observed {
        words.push_str(&format!("; the complete one took {}", show_duration(*only)));
    } else if let (Some(first), Some(last)) = (observed.first(), observed.last()) {
        let mean = observed.iter().map(|x| x / observed.len() as f64).sum::<f64>();
        let middle = |index: usize| observed[index / 2];
        let median = 0.5 * (middle(observed.len() - 1) + middle(observed.len()));
        words.push_str(&format!(
            "; complete ones from {} to {}, median {}, mean {}",
            show_duration(*first),
            show_duration(*last),
            show_duration(median),
            show_duration(mean)
        ));
    }
    words
}

/// One line for each reason, with the lines of the file.
pub fn left_out(rows: &[LeftOut]) -> Vec<String> {
    let mut kinds: Vec<(&'static str, Vec<u64>)> = Vec::new();
    for row in rows.iter().filter(|row| !same_start(row)) {
        match kinds.iter_mut().find(|(kind, _)| *kind == row.why.kind()) {
            Some((_, lines)) => lines.push(row.line),
            None => kinds.push((row.why.kind(), vec![row.line])),
        }
    }
    kinds.sort_by_key(|(_, lines)| std::cmp::Reverse(lines.len()));
    let line = |(kind, lines): &(&str, Vec<u64>)| {
        format!("Left out, {kind}: {}, {}", count(lines.len(), "row"), lines_of(lines))
    };
    kinds.iter().map(line).collect()
}

/// "line 3", "lines 3, 8, 9 and 4 more".
pub fn lines_of(lines: &[u64]) -> String {
    let shown: Vec<String> = lines.iter().take(LINES).map(u64::to_string).collect();
    let more = lines.len().saturating_sub(LINES) as u64;
    let rest = if more > 0 {
        format!(" and {} more (all in --format json)", grouped(more))
    } else {
        String::new()
    };
    format!("{} {}{rest}", plural(lines.len() as u64, "line"), shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_up_to_a_dozen() {
        assert_eq!(lines_of(&[3]), "line 3");
        assert_eq!(lines_of(&[3, 8]), "lines 3, 8");
        let all: Vec<u64> = (1..=14).collect();
        assert!(lines_of(&all).ends_with("12 and 2 more (all in --format json)"));
    }
}
