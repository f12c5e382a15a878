//! What a column of a log may be.

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
    /// The unit of the row's duration.
    Unit,
    /// The time of day of a start whose own column holds the date alone.
    StartTime,
    /// The same for the end.
    EndTime,
}

impl Role {
    /// Every role.
    pub const ALL: [Role; COUNT] = [
        Role::Start,
        Role::End,
        Role::Duration,
        Role::Cause,
        Role::Component,
        Role::Id,
        Role::Status,
        Role::Unit,
        Role::StartTime,
        Role::EndTime,
    ];

    /// The name by which `--columns` assigns a column.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; COUNT] = [
            "start",
            "end",
            "duration",
            "cause",
            "component",
            "id",
            "status",
            "unit",
            "start_time",
            "end_time",
        ];
        NAMES[self as usize]
    }

    /// The column that holds the date of this time of day.
    pub(super) fn date(self) -> Option<Role> {
        match self {
            Role::StartTime => Some(Role::Start),
            Role::EndTime => Some(Role::End),
            _ => None,
        }
    }
}

/// How many roles there are.
pub(super) const COUNT: usize = 10;
