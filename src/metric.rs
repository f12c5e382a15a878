//! The numbers that a trial gives.

/// One number of a trial. The names are the same in every table, file and chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Metric {
    /// Service outages that start in the horizon.
    Outages,
    /// Length of the union of the times when the service is down.
    DowntimeHours,
    /// The longest outage.
    LongestOutageHours,
    /// Time in service but not current.
    CatchUpHours,
    /// Time in which users' cloud passwords are older than they would be without outages.
    StaleUserHours,
    /// Distinct users stale at least once.
    StaleUsers,
    /// Most users stale at one moment.
    PeakStaleUsers,
    /// Object changes that arrive later than they would without outages.
    DelayedObjectChanges,
    /// Their summed delay.
    ObjectDelayHours,
    /// That part of the delay which leaves a disabled account usable in the cloud.
    DisabledAccountHours,
    /// Writeback attempts refused or timed out.
    WritebackFailedAttempts,
    /// Writeback requests that succeeded at a retry.
    WritebackDelayed,
    /// Writeback requests given up.
    WritebackLost,
    /// Hands-on work.
    LabourHours,
    /// Annual cost, labour and priced impacts; only with prices.
    Cost,
}

impl Metric {
    /// Every metric, in the order of files and tables.
    pub const ALL: [Metric; 15] = [
        Metric::Outages,
        Metric::DowntimeHours,
        Metric::LongestOutageHours,
        Metric::CatchUpHours,
        Metric::StaleUserHours,
        Metric::StaleUsers,
        Metric::PeakStaleUsers,
        Metric::DelayedObjectChanges,
        Metric::ObjectDelayHours,
        Metric::DisabledAccountHours,
        Metric::WritebackFailedAttempts,
        Metric::WritebackDelayed,
        Metric::WritebackLost,
        Metric::LabourHours,
        Metric::Cost,
    ];

    /// The name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Metric::Outages => "outages",
            Metric::DowntimeHours => "downtime_hours",
            Metric::LongestOutageHours => "longest_outage_hours",
            Metric::CatchUpHours => "catch_up_hours",
            Metric::StaleUserHours => "stale_user_hours",
            Metric::StaleUsers => "stale_users",
            Metric::PeakStaleUsers => "peak_stale_users",
            Metric::DelayedObjectChanges => "delayed_object_changes",
            Metric::ObjectDelayHours => "object_delay_hours",
            Metric::DisabledAccountHours => "disabled_account_hours",
            Metric::WritebackFailedAttempts => "writeback_failed_attempts",
            Metric::WritebackDelayed => "writeback_delayed",
            Metric::WritebackLost => "writeback_lost",
            Metric::LabourHours => "labour_hours",
            Metric::Cost => "cost",
        }
    }

    /// The unit; `currency` is the one of the scenario.
    pub fn unit(self, currency: &str) -> &str {
        match self {
            Metric::Outages | Metric::DelayedObjectChanges | Metric::WritebackFailedAttempts => {
                "count"
            }
            Metric::DowntimeHours
            | Metric::LongestOutageHours
            | Metric::CatchUpHours
            | Metric::LabourHours => "h",
            Metric::StaleUserHours => "user-hours",
            Metric::StaleUsers | Metric::PeakStaleUsers => "users",
            Metric::ObjectDelayHours => "object-hours",
            Metric::DisabledAccountHours => "account-hours",
            Metric::WritebackDelayed | Metric::WritebackLost => "operations",
            Metric::Cost => currency,
        }
    }

    /// What is counted, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Metric::Outages => "Outages of the service that begin within the horizon.",
            Metric::DowntimeHours => "Hours in which the service is down; overlaps count once.",
            Metric::LongestOutageHours => "The longest single outage.",
            Metric::CatchUpHours => "Hours in service while a backlog is still being worked off.",
            Metric::StaleUserHours => {
                "Hours in which a user's cloud password is older than it would be without outages, \
                 summed over users."
            }
            Metric::StaleUsers => "Users whose cloud password is stale at least once.",
            Metric::PeakStaleUsers => "Most users with a stale cloud password at one moment.",
            Metric::DelayedObjectChanges => "Object changes that reach the cloud late.",
            Metric::ObjectDelayHours => "By how much they are late, summed.",
            Metric::DisabledAccountHours => {
                "Hours in which accounts switched off on premises are still usable in the cloud."
            }
            Metric::WritebackFailedAttempts => "Attempts at a password writeback that are refused.",
            Metric::WritebackDelayed => "Writeback requests that succeed at a retry.",
            Metric::WritebackLost => "Writeback requests that the user gives up.",
            Metric::LabourHours => "Hours of hands-on work.",
            Metric::Cost => "Annual cost over the horizon, labour, and the priced impacts.",
        }
    }

    /// Is it always a whole number?
    pub fn is_count(self) -> bool {
        matches!(
            self,
            Metric::Outages
                | Metric::StaleUsers
                | Metric::PeakStaleUsers
                | Metric::DelayedObjectChanges
                | Metric::WritebackFailedAttempts
                | Metric::WritebackDelayed
                | Metric::WritebackLost
        )
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
