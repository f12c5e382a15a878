//! Which column of a log is what: by the words of its heading, by the cells below it, or as the user
//! says.

use super::LogError;
use super::looks::Looks;
use super::role::{COUNT, Role};
use super::vocabulary::{defined_unit, headings as words_of, parts as parts_of, plain, unit_hours};
use crate::keys::{listed, meant};

/// A heading of durations without its unit, and how many hours that unit has: `repair (min)`,
/// `downtime_hours`, `seconds to resolve`. `None` where it names none.
pub(super) fn split_unit(heading: &str) -> (String, Option<f64>) {
    let (mut spaced, mut small) = (String::new(), false);
    for c in heading.chars() {
        // `durationSeconds` is two words, `SECONDS` is one.
        if small && c.is_uppercase() {
            spaced.push(' ');
        }
        small = c.is_lowercase();
        spaced.push(if c.is_alphanumeric() { c } else { ' ' });
    }
    let words: Vec<String> = spaced.split_whitespace().map(plain).collect();
    let stem = |words: &[String]| words.concat();
    match &words[..] {
        [before @ .., unit] if unit_hours(unit).is_some() => {
            // "Full resolution time in minutes"
            let before = match before {
                [before @ .., word] if word == "in" => before,
                other => other,
            };
            (stem(before), unit_hours(unit))
        }
        [unit, after @ ..] if unit_hours(unit).is_some() => (stem(after), unit_hours(unit)),
        all => {
            let stem = stem(all);
            let unit = unit_hours(&stem).or_else(|| defined_unit(&stem));
            (if unit_hours(&stem).is_some() { String::new() } else { stem }, unit)
        }
    }
}

/// Where the columns of a log stand, counted from 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// For each role of [`Role::ALL`] its column, if there is one.
    places: [Option<usize>; COUNT],
    /// Hours in a plain number of the duration column, if its heading says.
    pub(super) hours_per_unit: Option<f64>,
    /// Whether the durations are times between failures, by their heading.
    between: bool,
}

impl Columns {
    /// The column of a role, counted from 0.
    pub fn place(&self, role: Role) -> Option<usize> {
        self.places[role as usize]
    }

    /// Whether the column of durations holds times between failures, by its heading.
    pub fn durations_are_between(&self) -> bool {
        self.between
    }

    /// Finds the columns. `said` names headings for roles; what is not said is found by synonyms, and
    /// by what stands in the cells below (`looks`, in the order of the headings).
    pub(super) fn find(
        headings: &[String],
        looks: &[Looks],
        said: &[(Role, String)],
    ) -> Result<Columns, LogError> {
        let mut columns = Columns::default();
        for (role, heading) in said {
            let place = find_heading(headings, heading)?;
            columns.places[*role as usize] = Some(place);
        }
        let durations_only = said.iter().any(|(role, _)| *role == Role::Duration)
            && !said.iter().any(|(role, _)| matches!(role, Role::Start | Role::End));
        let finder = Finder::new(headings, looks);
        for role in Role::ALL {
            if columns.place(role).is_none() && !(durations_only && role == Role::End) {
                columns.places[role as usize] = finder.column(role, &columns);
            }
        }
        columns.settle(headings, said);
        if columns.place(Role::Duration).is_none()
            && (columns.place(Role::Start).is_none() || columns.place(Role::End).is_none())
        {
            return Err(no_columns(headings, &columns));
        }
        Ok(columns)
    }

    /// Whether cells are headings that give times or durations by what they say.
    pub(super) fn speak(cells: &[String], said: &[(Role, String)]) -> bool {
        match cells {
            [] => false,
            // Any heading of a single column would do; here it must say so.
            [only] => {
                let stem = split_unit(only).0;
                said.iter().any(|(_, heading)| heading == only)
                    || !plain(only).is_empty()
                        && (stem.is_empty() || words_of(Role::Duration).any(|word| word == stem))
            }
            _ => Columns::find(cells, &[], said).is_ok(),
        }
    }

    /// Start and end give the durations, so a duration column beside them counts only if it was
    /// asked for; and a file of one column can only hold durations.
    fn settle(&mut self, headings: &[String], said: &[(Role, String)]) {
        let asked = said.iter().any(|(role, _)| *role == Role::Duration);
        let [start, end, duration] =
            [Role::Start, Role::End, Role::Duration].map(|role| self.place(role));
        if start.is_some() && end.is_some() && !asked {
            self.places[Role::Duration as usize] = None;
        } else if asked {
            self.places[Role::End as usize] = None;
        } else if headings.len() == 1 && duration.is_none() {
            self.places = [None; COUNT];
            self.places[Role::Duration as usize] = Some(0);
        }
        if let Some(place) = self.place(Role::Duration) {
            let (stem, hours) = split_unit(&headings[place]);
            self.hours_per_unit = hours;
            let words = ["tbf", "ttf", "between", "timebetweenfailures", "timetofailure", "uptime"];
            self.between = self.place(Role::Start).is_none()
                && (words.contains(&stem.as_str()) || stem == "gap");
        }
    }
}

/// Looks for columns by their headings and cells.
struct Finder<'a> {
    /// Of each heading its plain form, and that without a unit.
    headings: Vec<(String, String)>,
    looks: &'a [Looks],
}

impl Finder<'_> {
    fn new<'a>(headings: &[String], looks: &'a [Looks]) -> Finder<'a> {
        let forms = |heading: &String| (plain(heading), split_unit(heading).0);
        Finder { headings: headings.iter().map(forms).collect(), looks }
    }

    /// The surest column of a role, of those that are free; first of those whose cells are of the
    /// role, then of all, so that a time in a form that is not read is called so.
    fn column(&self, role: Role, found: &Columns) -> Option<usize> {
        let date = role.date().map(|date| found.place(date));
        if date.is_some_and(|date| !date.is_some_and(|place| self.look(place).is_date_alone())) {
            return None;
        }
        let looks_right = |place: usize| self.looks_like(role, place);
        let is_either =
            |word: &str| role == Role::End && words_of(Role::Duration).any(|other| other == word);
        let certain = |place: usize| {
            !matches!(role, Role::Unit | Role::StartTime | Role::EndTime) || looks_right(place)
        };
        self.by_words(role, found, &|place, _| looks_right(place))
            .or_else(|| {
                self.by_words(role, found, &|place, word| certain(place) && !is_either(word))
            })
            .or_else(|| self.by_parts(role, found))
    }

    /// The first free column of words whose heading has a part that means the role.
    fn by_parts(&self, role: Role, found: &Columns) -> Option<usize> {
        let mut free = (0..self.headings.len())
            .filter(|place| !found.places.contains(&Some(*place)) && self.look(*place).is_words());
        free.find(|place| parts_of(role).any(|part| self.headings[*place].0.contains(part)))
    }

    fn by_words(
        &self,
        role: Role,
        found: &Columns,
        fits: &dyn Fn(usize, &str) -> bool,
    ) -> Option<usize> {
        let free: Vec<usize> = (0..self.headings.len())
            .filter(|place| !found.places.contains(&Some(*place)))
            .filter(|place| !self.headings[*place].0.is_empty())
            .collect();
        if free.is_empty() {
            return None;
        }
        let means = |place: usize, word: &str| {
            let (whole, stem) = &self.headings[place];
            word == if role == Role::Duration { stem } else { whole }
        };
        // Durations may also be named by their unit alone.
        let unit_alone = (role == Role::Duration).then_some("");
        let mut words = words_of(role).chain(unit_alone);
        words.find_map(|word| {
            free.iter().copied().find(|place| means(*place, word) && fits(*place, word))
        })
    }

    fn look(&self, place: usize) -> Looks {
        self.looks.get(place).copied().unwrap_or_default()
    }

    fn looks_like(&self, role: Role, place: usize) -> bool {
        let look = self.look(place);
        match role {
            Role::Start | Role::End => look.is_moment(),
            Role::Duration => look.is_duration(),
            Role::Unit => look.is_unit(),
            Role::StartTime | Role::EndTime => look.is_clock(),
            _ => true,
        }
    }
}

/// The place of the heading that the user names.
pub(super) fn find_heading(headings: &[String], wanted: &str) -> Result<usize, LogError> {
    let exact = headings.iter().position(|heading| heading == wanted);
    let loose = || headings.iter().position(|heading| plain(heading) == plain(wanted));
    exact.or_else(|| loose().filter(|_| !plain(wanted).is_empty())).ok_or_else(|| {
        let known: Vec<&str> = headings.iter().map(String::as_str).collect();
        let help = meant(wanted, &known, "its columns are");
        LogError::NoColumn { wanted: wanted.to_owned(), help }
    })
}

fn no_columns(headings: &[String], found: &Columns) -> LogError {
    let missing = match (found.place(Role::Start), found.place(Role::End)) {
        (None, None) => "no column is recognised as start and end of incidents, nor as durations",
        (None, Some(_)) => "no column is recognised as the start of incidents",
        _ => "no column is recognised as the end of incidents",
    };
    LogError::NoTimes { missing, columns: listed(headings, "and") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(headings: &[&str], said: &[(Role, &str)]) -> Result<Vec<(Role, usize)>, String> {
        let headings: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        let said: Vec<_> = said.iter().map(|(role, name)| (*role, (*name).to_owned())).collect();
        let columns = Columns::find(&headings, &[], &said).map_err(|error| error.to_string())?;
        Ok(Role::ALL.iter().filter_map(|r| Some((*r, columns.place(*r)?))).collect())
    }

    #[test]
    fn headings_are_recognised_by_what_they_mean() {
        use Role::{Cause, Component, Duration, End, Id, Start, Status};
        for (headings, roles) in [
            (&["id", "start", "end"][..], &[(Start, 1), (End, 2), (Id, 0)][..]),
            (&["Opened At", "Resolved-At", "Closed At"], &[(Start, 0), (End, 1)]),
            (
                &["Ticket", "Created", "Closed", "Category", "CI", "State"],
                &[(Start, 1), (End, 2), (Cause, 3), (Component, 4), (Id, 0), (Status, 5)],
            ),
            (&["repair_hours"], &[(Duration, 0)]),
            (&["unit", "tbf_hours"], &[(Duration, 1)]),
            (&["anything"], &[(Duration, 0)]),
            (&["Start time", "Downtime (min)"], &[(Start, 0), (Duration, 1)]),
            (&["start", "end", "duration"], &[(Start, 0), (End, 1)]),
            (&["startTime", "endTime"], &[(Start, 0), (End, 1)]),
        ] {
            assert_eq!(find(headings, &[]).as_deref(), Ok(roles), "{headings:?}");
        }
    }

    #[test]
    fn what_the_user_says_comes_first() {
        use Role::{Duration, End, Start};
        let said = find(&["opened", "closed", "seen", "end"], &[(Start, "seen"), (End, "closed")]);
        assert_eq!(said, Ok(vec![(Start, 2), (End, 1)]));
        let said = find(&["start", "end", "Hands-on minutes"], &[(Duration, "hands-on minutes")]);
        assert_eq!(said, Ok(vec![(Start, 0), (Duration, 2)]));
    }

    #[test]
    fn what_is_missing_is_said_with_what_there_is() {
        assert_eq!(
            find(&["start", "title"], &[]).unwrap_err(),
            "no column is recognised as the end of incidents; its columns are `start` and `title`: \
             say which is which with --columns start=…,end=… or --durations …"
        );
        assert_eq!(
            find(&["begin", "end"], &[(Role::Start, "begins")]).unwrap_err(),
            "the log has no column `begins`; did you mean `begin`?"
        );
    }

    #[test]
    fn units_stand_at_an_end_of_a_heading() {
        for (heading, stem, hours) in [
            ("repair_hours", "repair", Some(1.0)),
            ("Downtime (min)", "downtime", Some(1.0 / 60.0)),
            ("durationSeconds", "duration", Some(1.0 / 3600.0)),
            ("seconds_to_resolve", "toresolve", Some(1.0 / 3600.0)),
            ("Full resolution time in minutes", "fullresolutiontime", Some(1.0 / 60.0)),
            ("minutes lost", "lost", Some(1.0 / 60.0)),
            ("REPAIR HOURS", "repair", Some(1.0)),
            ("HOURS", "", Some(1.0)),
            ("hours", "", Some(1.0)),
            ("outage d", "outage", Some(24.0)),
            ("Dauer (Std.)", "dauer", Some(1.0)),
            ("calendar_stc", "calendarstc", Some(1.0 / 3600.0)),
            ("duration", "duration", None),
            ("admin", "admin", None),
            ("", "", None),
            ("Größe min", "grosse", Some(1.0 / 60.0)),
        ] {
            assert_eq!(split_unit(heading), (stem.to_owned(), hours), "{heading}");
        }
    }
}
