//! Which column of a log is what: by the words of its heading, or as the user says.

use super::LogError;
use crate::keys::{listed, meant};

/// What a column of a log may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// When the incident began.
    Start,
    /// When service was back.
    End,
    /// How long it took.
    Duration,
    /// What was at fault.
    Cause,
    /// What failed.
    Component,
    /// What the incident is called.
    Id,
    /// Whether it is over: open and aborted ones give lower bounds.
    Status,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; 7] = [
        Role::Start,
        Role::End,
        Role::Duration,
        Role::Cause,
        Role::Component,
        Role::Id,
        Role::Status,
    ];

    /// The name by which `--columns` assigns a column.
    pub fn name(self) -> &'static str {
        ROLES[self as usize].0
    }

    /// Headings that mean the role, without spaces and marks, the surest first. A duration may also
    /// be named by its unit alone.
    fn words(self) -> &'static str {
        ROLES[self as usize].1
    }
}

/// Of each role, in the order of [`Role::ALL`]: its name, and the headings that mean it.
const ROLES: [(&str, &str); 7] = [
    (
        "start",
        "start started startedat starttime startdate startdatetime starts outagestart \
         incidentstart problemstarted begin began beginning begintime begindate occurred \
         occurredat onset failed failedat failuretime down downat detected detectedat opened \
         openedat opentime opendate open reported reportedat created createdat createdon \
         createddate creationdate from timestamp datetime when date time",
    ),
    (
        "end",
        "end ended endedat endtime enddate enddatetime ends outageend incidentend \
         problemfixed restored restoredat recovered recoveredat up upat fixed fixedat \
         repaired repairedat finish finished finishedat completed completedat resolved \
         resolvedat resolveddate resolvedon resolutiondate closed closedat closedate \
         closeddate closedon stop stopped to until",
    ),
    (
        "duration",
        "duration repair repairtime recovery recoverytime restore restoretime downtime outage \
         outagetime outageduration incidentduration ttr timetorepair timetorestore \
         timetorecover timetoresolve elapsed elapsedtime length tbf ttf between \
         timebetweenfailures timetofailure uptime gap",
    ),
    ("cause", "cause rootcause failurecause faulttype failuretype category reason fault type"),
    (
        "component",
        "component components configurationitem cmdbci ci system service asset host server \
         device node affected",
    ),
    (
        "id",
        "id incidentid incident incidentnumber ticketid ticket ticketnumber number caseid \
         case key reference ref",
    ),
    ("status", "status state outcome result censored"),
];

/// A heading in small letters and digits only.
fn plain(heading: &str) -> String {
    heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A heading of durations without its unit, and how many hours that unit has: `repair (min)`,
/// `downtime_hours`. Hours where no unit stands.
pub(super) fn split_unit(heading: &str) -> (String, f64) {
    const UNITS: [(&[&str], f64); 5] = [
        (&["minutes", "minute", "mins", "min", "m"], 1.0 / 60.0),
        (&["hours", "hour", "hrs", "hr", "h"], 1.0),
        (&["seconds", "second", "secs", "sec", "s"], 1.0 / 3600.0),
        (&["days", "day", "d"], 24.0),
        (&["weeks", "week"], 168.0),
    ];
    let (mut spaced, mut small) = (String::new(), false);
    for c in heading.chars() {
        // `durationSeconds` is two words, `SECONDS` is one.
        if small && c.is_uppercase() {
            spaced.push(' ');
        }
        small = c.is_lowercase();
        spaced.push(if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
    }
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let whole = plain(heading);
    let unit_of = |word: &str| UNITS.iter().find(|(names, _)| names.contains(&word));
    match words.last().and_then(|last| unit_of(last).map(|unit| (last, unit))) {
        Some((last, (_, hours))) => (whole[..whole.len() - last.len()].to_owned(), *hours),
        None => match unit_of(&whole) {
            Some((_, hours)) => (String::new(), *hours),
            None => (whole, 1.0),
        },
    }
}

/// Where the columns of a log stand, counted from 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// For each role of [`Role::ALL`] its column, if there is one.
    places: [Option<usize>; 7],
    /// Hours in a plain number of the duration column.
    pub(super) hours_per_unit: f64,
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

    /// Finds the columns. `said` names headings for roles; what is not said is found by synonyms.
    pub(super) fn find(headings: &[String], said: &[(Role, String)]) -> Result<Columns, LogError> {
        let mut columns = Columns { hours_per_unit: 1.0, ..Columns::default() };
        for (role, heading) in said {
            let place = find_heading(headings, heading)?;
            columns.places[*role as usize] = Some(place);
        }
        let durations_only = said.iter().any(|(role, _)| *role == Role::Duration)
            && !said.iter().any(|(role, _)| matches!(role, Role::Start | Role::End));
        for role in Role::ALL {
            if columns.place(role).is_some() || (durations_only && role == Role::End) {
                continue;
            }
            let free = |place: &usize| {
                !columns.places.contains(&Some(*place)) && !plain(&headings[*place]).is_empty()
            };
            let means = |place: usize, word: &str| match role {
                Role::Duration => split_unit(&headings[place]).0 == word,
                _ => plain(&headings[place]) == word,
            };
            let find = |word| (0..headings.len()).filter(free).find(|place| means(*place, word));
            let unit_alone = (role == Role::Duration).then_some("");
            let words = role.words().split(' ').chain(unit_alone);
            columns.places[role as usize] = words.into_iter().find_map(find);
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
                let words = || Role::Duration.words().split(' ');
                said.iter().any(|(_, heading)| heading == only)
                    || !plain(only).is_empty() && (stem.is_empty() || words().any(|w| w == stem))
            }
            _ => Columns::find(cells, said).is_ok(),
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
            self.places = [None; 7];
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
        let columns = Columns::find(&headings, &said).map_err(|error| error.to_string())?;
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
    fn units_stand_at_the_end_of_a_heading() {
        for (heading, stem, hours) in [
            ("repair_hours", "repair", 1.0),
            ("Downtime (min)", "downtime", 1.0 / 60.0),
            ("durationSeconds", "duration", 1.0 / 3600.0),
            ("REPAIR HOURS", "repair", 1.0),
            ("HOURS", "", 1.0),
            ("hours", "", 1.0),
            ("outage d", "outage", 24.0),
            ("duration", "duration", 1.0),
            ("admin", "admin", 1.0),
            ("", "", 1.0),
            ("Größe min", "größe", 1.0 / 60.0),
        ] {
            assert_eq!(split_unit(heading), (stem.to_owned(), hours), "{heading}");
        }
    }
}
