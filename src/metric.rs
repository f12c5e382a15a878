//! The numbers that a trial gives, each declared once.
//!
//! A metric takes two files: its declaration here, and the place in the engine that fills it.
//! Tables, tolerances, charts, options and the schema follow from the declaration.

use serde::{Deserialize, Serialize};

/// What there is to say of a metric.
struct Declaration {
    name: &'static str,
    /// Empty for money, whose unit is the currency of the scenario.
    unit: &'static str,
    label: &'static str,
    meaning: &'static str,
    is_count: bool,
}

/// Makes the enum and the table of declarations from one list, so that they cannot differ.
macro_rules! metrics {
    ($($metric:ident { name: $name:literal, unit: $unit:literal, label: $label:literal,
        is_count: $is_count:literal, meaning: $meaning:literal })*) => {
        /// One number of a trial. The names are the same in every table, file and chart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[repr(u8)]
        pub enum Metric {
            $(#[doc = $meaning] $metric,)*
        }

        impl Metric {
            /// Every metric, in the order of files and tables.
            pub const ALL: [Metric; DECLARATIONS.len()] = [$(Metric::$metric),*];
        }

        /// By metric.
        static DECLARATIONS: [Declaration; [$($name),*].len()] = [$(Declaration {
            name: $name,
            unit: $unit,
            label: $label,
            meaning: $meaning,
            is_count: $is_count,
        }),*];
    };
}

metrics! {
    Outages {
        name: "outages", unit: "count", label: "outages",
        is_count: true,
        meaning: "Outages of the service that begin within the horizon."
    }
    DowntimeHours {
        name: "downtime_hours", unit: "h", label: "hours of downtime",
        is_count: false,
        meaning: "Hours in which a part of the service is down; overlaps count once. Imports and full \
            syncs after it count as catching up."
    }
    LongestOutageHours {
        name: "longest_outage_hours", unit: "h", label: "hours of the longest outage",
        is_count: false,
        meaning: "The longest time from the start of an outage until the service works again, its \
            imports and full syncs included."
    }
    PlannedHours {
        name: "planned_hours", unit: "h", label: "hours of planned downtime",
        is_count: false,
        meaning: "Hours of the downtime that planned work takes."
    }
    CatchUpHours {
        name: "catch_up_hours", unit: "h", label: "hours of catching up",
        is_count: false,
        meaning: "Hours in service while a backlog is still being worked off."
    }
    StaleUserHours {
        name: "stale_user_hours", unit: "user-hours", label: "stale user-hours",
        is_count: false,
        meaning: "Hours in which a user's cloud password is older than it would be without \
            outages, summed over users."
    }
    StaleUsers {
        name: "stale_users", unit: "users", label: "stale users",
        is_count: true,
        meaning: "Users whose cloud password is stale at least once."
    }
    PeakStaleUsers {
        name: "peak_stale_users", unit: "users", label: "peak stale users",
        is_count: true,
        meaning: "Most users with a stale cloud password at one moment."
    }
    DelayedObjectChanges {
        name: "delayed_object_changes", unit: "count", label: "delayed object changes",
        is_count: true,
        meaning: "Object changes that reach the cloud late."
    }
    ObjectDelayHours {
        name: "object_delay_hours", unit: "object-hours", label: "object-hours of delay",
        is_count: false,
        meaning: "By how much they are late, summed."
    }
    DisabledAccountHours {
        name: "disabled_account_hours", unit: "account-hours", label: "disabled-account hours",
        is_count: false,
        meaning: "Hours in which accounts switched off on premises are still usable in the cloud."
    }
    JoinerWaitHours {
        name: "joiner_wait_hours", unit: "person-hours", label: "hours that joiners wait",
        is_count: false,
        meaning: "Hours in which people who join have no account in the cloud yet, summed."
    }
    DeviceWaitHours {
        name: "device_wait_hours", unit: "device-hours", label: "hours that devices wait",
        is_count: false,
        meaning: "Hours in which new devices are not known in the cloud yet, summed."
    }
    WritebackFailedAttempts {
        name: "writeback_failed_attempts", unit: "count", label: "failed writeback attempts",
        is_count: true,
        meaning: "Attempts at a password writeback that are refused."
    }
    WritebackDelayed {
        name: "writeback_delayed", unit: "operations", label: "delayed writeback requests",
        is_count: true,
        meaning: "Writeback requests that succeed at a retry."
    }
    WritebackLost {
        name: "writeback_lost", unit: "operations", label: "lost writeback requests",
        is_count: true,
        meaning: "Writeback requests that the user gives up."
    }
    SignInUserHours {
        name: "sign_in_user_hours", unit: "user-hours", label: "user-hours without sign-in",
        is_count: false,
        meaning: "Hours in which users are locked out, from the sign-in that they need and that is refused \
            until they could sign in, summed over users; only with `[pass_through]` or `[federated]`."
    }
    SignInFailed {
        name: "sign_in_failed", unit: "users", label: "users locked out",
        is_count: true,
        meaning: "Users who are locked out, each once in a loss of sign-in; only with `[pass_through]` or \
            `[federated]`."
    }
    SignInDownHours {
        name: "sign_in_down_hours", unit: "h", label: "hours without sign-in",
        is_count: false,
        meaning: "Hours in which nobody can sign in, or a part of the users cannot; only with \
            `[pass_through]` or `[federated]`."
    }
    LabourHours {
        name: "labour_hours", unit: "h", label: "hours of labour",
        is_count: false,
        meaning: "Hours of hands-on work."
    }
    WaitingForPeopleHours {
        name: "waiting_for_people_hours", unit: "h", label: "hours of waiting for people",
        is_count: false,
        meaning: "Hours in which hands-on work waits because everybody is at work already, summed."
    }
    Cost {
        name: "cost", unit: "", label: "cost",
        is_count: false,
        meaning: "Annual cost over the horizon, labour, and the priced impacts."
    }
}

impl Metric {
    fn declaration(self) -> &'static Declaration {
        &DECLARATIONS[self as usize]
    }

    /// The metrics of a run in the order of files and tables: the cost only where there are prices, those
    /// of sign-in only where sign-in is played.
    pub fn available(priced: bool, sign_in: bool) -> impl Iterator<Item = Metric> + Clone {
        Metric::ALL.into_iter().filter(move |metric| {
            let is_asked = if metric.is_of_sign_in() { sign_in } else { true };
            is_asked && (priced || *metric != Metric::Cost)
        })
    }

    /// Does it tell of users who cannot sign in?
    pub fn is_of_sign_in(self) -> bool {
        matches!(self, Metric::SignInUserHours | Metric::SignInFailed | Metric::SignInDownHours)
    }

    /// The name in files and options.
    pub fn name(self) -> &'static str {
        self.declaration().name
    }

    /// The unit; `currency` is the one of the scenario.
    pub fn unit(self, currency: &str) -> &str {
        match self.declaration().unit {
            "" => currency,
            unit => unit,
        }
    }

    /// The name for people: "stale user-hours".
    pub fn label(self) -> &'static str {
        self.declaration().label
    }

    /// What is counted, in a sentence.
    pub fn meaning(self) -> &'static str {
        self.declaration().meaning
    }

    /// Is it always a whole number?
    pub fn is_count(self) -> bool {
        self.declaration().is_count
    }

    /// The metric of that name.
    pub fn from_name(name: &str) -> Option<Metric> {
        Metric::ALL.into_iter().find(|metric| metric.name() == name)
    }
}

/// The metrics of one trial, by [`Metric`].
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Metrics([f64; Metric::ALL.len()]);

impl std::ops::Index<Metric> for Metrics {
    type Output = f64;

    fn index(&self, metric: Metric) -> &f64 {
        &self.0[metric as usize]
    }
}

impl std::ops::IndexMut<Metric> for Metrics {
    fn index_mut(&mut self, metric: Metric) -> &mut f64 {
        &mut self.0[metric as usize]
    }
}
