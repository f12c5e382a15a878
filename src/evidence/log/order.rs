//! In what order a log has day and month, where the year stands last: as the dates tell that can be
//! nothing else.

use super::records::Records;
use super::role::Role;
use super::times::{Order, order};
use super::{Columns, LogError};

/// Most characters of a cell that are quoted.
const SHOWN: usize = 40;

/// What the dates of a log tell.
#[derive(Debug, Default, PartialEq)]
pub(super) struct FoundOrder {
    /// Dates that may be either have the month first, or the day; none where nothing tells.
    pub(super) month_first: Option<bool>,
    /// How they are read, in words.
    pub(super) note: Option<String>,
}

/// The first dates that can be of one order only, and the first that may be either.
#[derive(Default)]
struct Firsts {
    day: Option<(String, u64)>,
    month: Option<(String, u64)>,
    either: Option<(String, u64)>,
}

/// Looks at all times of the log.
///
/// # Errors
/// Some dates may be either, and nothing tells, or what tells does not agree.
pub(super) fn find_order(
    records: &mut Records<'_>,
    columns: &Columns,
    is_nothing: fn(&str) -> bool,
) -> Result<FoundOrder, LogError> {
    let mut firsts = Firsts::default();
    let (mut undecided, mut all) = (0_usize, 0_usize);
    let places = [Role::Start, Role::End].map(|role| columns.place(role));
    while records.next()?.is_some() {
        for place in places.into_iter().flatten() {
            let cell = records.record.get(place).unwrap_or_default().trim();
            all += usize::from(!is_nothing(cell));
            let first = match order(cell) {
                Some(Order::DayFirst) => &mut firsts.day,
                Some(Order::MonthFirst) => &mut firsts.month,
                Some(Order::Either) => {
                    undecided += 1;
                    &mut firsts.either
                }
                Some(Order::Same) | None => continue,
            };
            first.get_or_insert_with(|| (cell.chars().take(SHOWN).collect(), records.line));
        }
    }
    let found = |month_first: bool, (cell, line): (String, u64)| {
        let words = if month_first { "month/day/year" } else { "day/month/year" };
        let note = format!("dates are read as {words}: `{cell}` (line {line}) can be nothing else");
        FoundOrder { month_first: Some(month_first), note: Some(note) }
    };
    match (firsts.day, firsts.month, firsts.either) {
        (Some(day), Some(month), Some(either)) => Err(LogError::TwoOrders { day, month, either }),
        (Some(day), None, _) => Ok(found(false, day)),
        (None, Some(month), _) => Ok(found(true, month)),
        // A few of them in a log of other times are wrong cells like any.
        (None, None, Some((cell, line))) if 2 * undecided >= all => {
            Err(LogError::NoOrder { cell, line })
        }
        _ => Ok(FoundOrder::default()),
    }
}
