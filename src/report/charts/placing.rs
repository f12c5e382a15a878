//! Labels for points in a plot: near their point, over no other label and no mark.
//!
//! Each label tries places around its point, nearest first, and takes the one that disturbs least.
//! A label that has to stand off gets a line to its point.

use super::sheet::{Area, Point};

/// Distances of a label from its point, pixels.
const RINGS: [f64; 11] = [11.0, 20.0, 32.0, 46.0, 62.0, 80.0, 100.0, 125.0, 155.0, 190.0, 230.0];
/// Directions tried at each distance, a full turn.
const DIRECTIONS: u32 = 24;
/// Distance beyond which a label gets a line to its point, pixels.
const NEAR: f64 = 12.0;
/// Free room around a label, pixels.
const AIR: f64 = 3.0;
/// What a line under a label costs, in steps of distance: rather stand off than cross an interval.
const COVERED: f64 = 4.0;
/// What a mark under the line to a label costs, in steps of distance.
const CROSSED: f64 = 2.0;
/// What a line that runs under a label costs, in steps of distance.
const TANGLED: f64 = 7.0;
/// How often all labels look for a better place once the others have theirs.
const ROUNDS: usize = 3;

/// A point that wants a label.
#[derive(Debug, Clone, Copy)]
pub(super) struct Labelled {
    pub at: Point,
    /// Width and height of the label, pixels.
    pub size: (f64, f64),
}

/// Where a label stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    pub area: Area,
    /// Ends of the line to the point; `None` where the label stands close.
    pub leader: Option<(Point, Point)>,
}

impl Label {
    /// Length of the line to the point, pixels.
    pub(super) fn reach(&self) -> f64 {
        self.leader.map_or(0.0, |((x, y), (to_x, to_y))| libm::hypot(to_x - x, to_y - y))
    }
}

/// What a label must not or should not cover.
#[derive(Debug, Clone, Default)]
pub(super) struct Obstacles {
    /// Radius of the mark at each point, pixels.
    pub mark: f64,
    /// Lines that should stay visible, as thin areas.
    pub lines: Vec<Area>,
}

/// Finds a place in `bounds` for each label; `None` where there is no free one.
pub(super) fn place(
    points: &[Labelled],
    bounds: Area,
    obstacles: &Obstacles,
) -> Vec<Option<Label>> {
    // Who looks first takes what another may need more, so each has a turn as the first.
    let turns = (0..points.len()).map(|first| place_from(first, points, (bounds, obstacles)));
    turns.min_by(|a, b| unrest(a).total_cmp(&unrest(b))).unwrap_or_default()
}

/// The same, with this label as the first that looks for a place.
fn place_from(first: usize, points: &[Labelled], room: (Area, &Obstacles)) -> Vec<Option<Label>> {
    let mut placed: Vec<Option<Label>> = vec![None; points.len()];
    for _ in 0..ROUNDS {
        for index in (first..points.len()).chain(0..first) {
            placed[index] = None;
            placed[index] = best(index, points, room, &placed);
        }
    }
    placed
}

/// How far labels are from what a reader wishes: all there, no line under a name, and short lines.
fn unrest(placed: &[Option<Label>]) -> f64 {
    const MISSING: f64 = 1e6;
    const UNDER: f64 = 1e3;
    let of = |(index, label): (usize, &Option<Label>)| {
        let others = placed.iter().enumerate().filter(|(at, _)| *at != index);
        let others = others.filter_map(|(_, other)| other.as_ref());
        let own = label.as_ref();
        own.map_or(MISSING, |label| label.reach() + UNDER * tangled(label, others) as f64)
    };
    placed.iter().enumerate().map(of).sum()
}

/// The best place for one label among the others.
fn best(
    index: usize,
    points: &[Labelled],
    (bounds, obstacles): (Area, &Obstacles),
    placed: &[Option<Label>],
) -> Option<Label> {
    let point = &points[index];
    let marks: Vec<Area> =
        points.iter().map(|point| Area::around(point.at, obstacles.mark, obstacles.mark)).collect();
    let mut best: Option<(f64, Label)> = None;
    for (ring, &distance) in RINGS.iter().enumerate() {
        // A farther ring cannot be better.
        if best.as_ref().is_some_and(|(cost, _)| *cost <= ring as f64) {
            break;
        }
        for label in candidates(point, distance) {
            if !within(label.area, bounds) || !is_free(&label, &marks, placed) {
                continue;
            }
            let line = line(&label);
            let covered = obstacles.lines.iter().filter(|line| overlap(label.area, **line)).count();
            let crosses = |mark: &&Area| **mark != marks[index] && hits(&line, **mark);
            let crossed = marks.iter().filter(crosses).count();
            let cost = ring as f64
                + COVERED * covered as f64
                + CROSSED * crossed as f64
                + TANGLED * tangled(&label, placed.iter().flatten()) as f64;
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, label));
            }
        }
    }
    best.map(|(_, label)| label)
}

/// Places at one distance: right and left first, as they read best.
fn candidates(point: &Labelled, distance: f64) -> impl Iterator<Item = Label> {
    let (at, (width, height)) = (point.at, point.size);
    let order = (0..DIRECTIONS).map(|turn| {
        let half = DIRECTIONS / 2;
        let side = if turn % 2 == 0 { 0 } else { half };
        // From the horizontal outwards, above and below in turn.
        let off = (turn / 2).div_ceil(2);
        let off = if (turn / 2) % 2 == 0 { off } else { DIRECTIONS - off };
        (side + off) % DIRECTIONS
    });
    order.map(move |direction| {
        let angle = f64::from(direction) / f64::from(DIRECTIONS) * std::f64::consts::TAU;
        let (x, y) = (libm::cos(angle), -libm::sin(angle));
        // Well off the horizontal and the vertical it is the nearest corner that keeps distance.
        let lean = |along: f64| (1.6 * along).clamp(-1.0, 1.0) / 2.0;
        let middle =
            (at.0 + x * distance + lean(x) * width, at.1 + y * distance + lean(y) * height);
        let area = Area::around(middle, width / 2.0, height / 2.0);
        let end = (at.0.clamp(area.left, area.right), at.1.clamp(area.top, area.bottom));
        Label { area, leader: (distance > NEAR).then_some((at, end)) }
    })
}

/// Whether a label meets no mark and no other label.
fn is_free(label: &Label, marks: &[Area], placed: &[Option<Label>]) -> bool {
    let area = label.area.grown(AIR);
    marks.iter().all(|&mark| !overlap(label.area, mark))
        && placed.iter().flatten().all(|other| !overlap(area, other.area))
}

/// How many other labels the line of a label runs under, and lines of others under the label.
fn tangled<'a>(label: &Label, others: impl Iterator<Item = &'a Label>) -> usize {
    let (own, area) = (line(label), label.area.grown(AIR));
    let under = |other: &&Label| hits(&own, other.area.grown(AIR)) || hits(&line(other), area);
    others.filter(under).count()
}

/// The line of a label as small squares.
fn line(label: &Label) -> Vec<Area> {
    label.leader.map(|(from, to)| dots(from, to)).unwrap_or_default()
}

fn hits(areas: &[Area], by: Area) -> bool {
    areas.iter().any(|&area| overlap(area, by))
}

/// Small squares along a line, close together.
fn dots(from: Point, to: Point) -> Vec<Area> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let steps = (dx.abs().max(dy.abs()) / 3.0).ceil().max(1.0);
    let at = |step: u32| {
        let share = f64::from(step) / steps;
        Area::around((from.0 + share * dx, from.1 + share * dy), 0.5, 0.5)
    };
    (0..=steps as u32).map(at).collect()
}

fn within(area: Area, bounds: Area) -> bool {
    bounds.left <= area.left
        && area.right <= bounds.right
        && bounds.top <= area.top
        && area.bottom <= bounds.bottom
}

fn overlap(one: Area, two: Area) -> bool {
    one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Area = Area { left: 0.0, top: 0.0, right: 600.0, bottom: 380.0 };

    #[test]
    fn a_lonely_point_has_its_label_at_its_right() {
        let point = Labelled { at: (100.0, 100.0), size: (50.0, 14.0) };
        let obstacles = Obstacles { mark: 6.0, lines: Vec::new() };
        let placed = place(&[point], BOUNDS, &obstacles);
        let area = Area { left: 111.0, top: 93.0, right: 161.0, bottom: 107.0 };
        assert_eq!(placed, [Some(Label { area, leader: None })]);
        let edge = Labelled { at: (580.0, 100.0), ..point };
        let placed = place(&[edge], BOUNDS, &obstacles);
        assert!(placed[0].as_ref().unwrap().area.right < 580.0);
    }

    #[test]
    fn twelve_labels_of_one_point_stand_apart() {
        let point = Labelled { at: (300.0, 200.0), size: (20.0, 14.0) };
        let obstacles = Obstacles { mark: 6.0, lines: Vec::new() };
        let placed: Vec<Label> =
            place(&[point; 12], BOUNDS, &obstacles).into_iter().flatten().collect();
        assert_eq!(placed.len(), 12);
        for (index, label) in placed.iter().enumerate() {
            assert!(within(label.area, BOUNDS));
            assert!(placed[..index].iter().all(|other| !overlap(label.area, other.area)));
        }
    }

    #[test]
    fn no_line_runs_under_a_name_where_another_order_avoids_it() {
        // In the order of the file alone, the line of the last but two ran under the name of the third.
        let points = [
            (241.0, 193.0, 130.0),
            (355.0, 293.0, 155.0),
            (494.0, 379.0, 225.0),
            (450.0, 382.0, 275.0),
            (450.0, 375.0, 258.0),
            (512.0, 310.0, 95.0),
            (529.0, 394.0, 152.0),
            (450.0, 397.0, 180.0),
            (670.0, 379.0, 264.0),
            (558.0, 397.0, 217.0),
            (116.0, 369.0, 220.0),
        ];
        let points = points.map(|(x, y, width)| Labelled { at: (x, y), size: (width, 15.0) });
        let line = |x0, y0, x1, y1| Area::between((x0, y0), (x1, y1)).grown(0.7);
        let lines = vec![line(450.0, 397.0, 768.0, 397.0), line(450.0, 293.0, 450.0, 397.0)];
        let bounds = Area { left: 44.0, top: 80.0, right: 764.0, bottom: 452.0 };
        let placed = place(&points, bounds, &Obstacles { mark: 10.0, lines });
        assert!(placed.iter().all(Option::is_some));
        let names = || placed.iter().flatten();
        for (at, label) in names().enumerate() {
            let others = names().enumerate().filter(|(other, _)| *other != at);
            assert_eq!(tangled(label, others.map(|(_, other)| other)), 0, "{at}: {placed:?}");
        }
    }

    #[test]
    fn where_there_is_no_room_there_is_no_label() {
        let point = Labelled { at: (300.0, 200.0), size: (700.0, 14.0) };
        assert_eq!(place(&[point], BOUNDS, &Obstacles::default()), [None]);
    }

    #[test]
    fn a_line_is_avoided_where_that_costs_little() {
        let point = Labelled { at: (300.0, 200.0), size: (50.0, 14.0) };
        let line = Area { left: 300.0, top: 199.5, right: 400.0, bottom: 200.5 };
        let placed = place(&[point], BOUNDS, &Obstacles { mark: 6.0, lines: vec![line] });
        assert!(!overlap(placed[0].as_ref().unwrap().area, line));
    }
}
