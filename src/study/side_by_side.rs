//! The stories of one trial under two strategies, merged into one.
//!
//! What both tell in the same words at the same time is one line. The story is in stretches: one
//! for each time in which either has an outage or its backlog, and what lies between.

use super::trace::{Line, Trace};

/// A line of the merged story.
#[derive(Debug, Clone, Copy)]
pub struct SharedLine<'a> {
    /// The line.
    pub line: &'a Line,
    /// Who tells it: the first strategy, the second.
    pub told_by: [bool; 2],
}

/// A part of the merged story.
#[derive(Debug)]
pub struct Stretch<'a> {
    /// By strategy: the numbers of its outages in this stretch, from 1. Both are empty where
    /// neither has one.
    pub outages: [Vec<usize>; 2],
    /// When the first of them begins, hours.
    pub onset: Option<f64>,
    /// The lines, in the order of time.
    pub lines: Vec<SharedLine<'a>>,
}

/// Merges two stories of the same trial.
pub fn side_by_side<'a>(first: &'a Trace, second: &'a Trace) -> Vec<Stretch<'a>> {
    let mut stretches: Vec<Stretch<'a>> = Vec::new();
    let spans = spans([first, second]);
    let mut last = None;
    for shared in merged(&first.lines, &second.lines) {
        let at = spans.iter().position(|span| span.holds(shared));
        if stretches.is_empty() || at != last {
            let span = at.map(|at| &spans[at]);
            stretches.push(Stretch {
                outages: span.map_or_else(Default::default, |span| span.outages.clone()),
                onset: span.map(|span| span.from),
                lines: Vec::new(),
            });
        }
        last = at;
        if let Some(stretch) = stretches.last_mut() {
            stretch.lines.push(shared);
        }
    }
    stretches
}

/// A time in which either strategy has outages.
struct Span {
    from: f64,
    to: f64,
    outages: [Vec<usize>; 2],
}

impl Span {
    fn holds(&self, shared: SharedLine<'_>) -> bool {
        let who = usize::from(!shared.told_by[0]);
        match shared.line.outage {
            Some(outage) => self.outages[who].contains(&outage),
            None => (self.from..=self.to).contains(&shared.line.hours),
        }
    }
}

/// The outages of both, with those that overlap together.
fn spans(traces: [&Trace; 2]) -> Vec<Span> {
    let mut all: Vec<(f64, f64, usize, usize)> = Vec::new();
    for (who, trace) in traces.into_iter().enumerate() {
        let outages = trace.outages.iter().enumerate();
        all.extend(outages.map(|(at, one)| (one.outage.onset, one.outage.end, who, at + 1)));
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.2, a.3).cmp(&(b.2, b.3))));
    let mut spans: Vec<Span> = Vec::new();
    for (from, to, who, number) in all {
        match spans.last_mut().filter(|span| from <= span.to) {
            Some(span) => {
                span.to = span.to.max(to);
                span.outages[who].push(number);
            }
            None => {
                let mut outages = [Vec::new(), Vec::new()];
                outages[who].push(number);
                spans.push(Span { from, to, outages });
            }
        }
    }
    spans
}

fn merged<'a>(first: &'a [Line], second: &'a [Line]) -> Vec<SharedLine<'a>> {
    let mut lines = Vec::with_capacity(first.len() + second.len());
    let (mut a, mut b) = (first, second);
    loop {
        let (told_by, line) = match (a.split_first(), b.split_first()) {
            (None, None) => return lines,
            (Some((line, _)), None) => ([true, false], line),
            (None, Some((line, _))) => ([false, true], line),
            (Some((one, _)), Some((two, _))) if same(one, two) => {
                ([true, true], if one.path.is_none() { one } else { two })
            }
            (Some((one, _)), Some((two, _))) if one.hours < two.hours => ([true, false], one),
            (Some((one, _)), Some((two, _))) if one.hours > two.hours => ([false, true], two),
            // At one time: the second tells first what stands before a line that both tell.
            (Some((one, _)), Some((two, _))) => {
                let now = b.iter().take_while(|line| line.hours == one.hours);
                let comes = now.into_iter().any(|line| same(one, line));
                if comes { ([false, true], two) } else { ([true, false], one) }
            }
        };
        a = &a[usize::from(told_by[0])..];
        b = &b[usize::from(told_by[1])..];
        lines.push(SharedLine { line, told_by });
    }
}

/// Whether two lines tell the same, whatever their outages are numbered. The server of a strategy
/// that has only one is not named.
fn same(one: &Line, two: &Line) -> bool {
    let without = |line: &Line| Line { outage: None, path: None, ..line.clone() };
    let same_path = one.path == two.path || one.path.is_none() || two.path.is_none();
    one.hours == two.hours && same_path && without(one) == without(two)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use crate::study::design::Design;
    use crate::study::player::Player;
    use crate::study::trace::trace;
    use std::path::Path;

    /// Two crashes; the second strategy has rebuilt the server before either is repaired.
    const TEXT: &str = r#"
name = "x"
horizon = "1000h"
[operations]
staffed = "24x7"
detection = "1h"
call_out = "0s"
decision = "0s"
[[fault]]
name = "crash"
strikes = "server"
at = ["100h", "500h"]
repair = "20h"
[[strategy]]
name = "repair"
[[strategy]]
name = "rebuild"
[strategy.rebuild]
spare = "server"
install = "2h"
"#;

    #[test]
    fn what_both_tell_is_one_line_and_each_outage_a_stretch() {
        let scenario = Scenario::read(TEXT.to_owned(), Path::new(""), "x").unwrap();
        let player = Player::new(&scenario, 1, Design::Plain);
        let told = |at| trace(&player, at, 0, false, |_, _, what| what.name().to_owned());
        let (first, second) = (told(0), told(1));
        let stretches = side_by_side(&first, &second);
        let outages: Vec<_> = stretches.iter().map(|one| one.outages.clone()).collect();
        let both = |number| [vec![number], vec![number]];
        assert_eq!(outages, [both(1), both(2)]);
        assert_eq!(stretches[1].onset, Some(500.0));
        let lines: Vec<SharedLine<'_>> =
            stretches.iter().flat_map(|one| one.lines.iter().copied()).collect();
        assert!(lines.windows(2).all(|pair| pair[0].line.hours <= pair[1].line.hours));
        let who = |what: &str| -> Vec<[bool; 2]> {
            lines.iter().filter(|one| one.line.what == what).map(|one| one.told_by).collect()
        };
        assert_eq!(who("service_down"), [[true, true], [true, true]]);
        assert_eq!(who("alarm"), [[true, true], [true, true]]);
        // In each of both outages the rebuild is first.
        let up = who("service_up");
        assert_eq!(up, [[false, true], [true, false], [false, true], [true, false]]);
        // Every line of either is told once.
        for (at, trace) in [&first, &second].into_iter().enumerate() {
            let told = lines.iter().filter(|one| one.told_by[at]).count();
            assert_eq!(told, trace.lines.len());
        }
    }
}
