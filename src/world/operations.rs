//! The people who bring the service back: how they learn of an outage, arrive and decide.

use super::staffing::Staffing;
use crate::distribution::Distribution;
use crate::keys::Section;

/// The `[operations]` table.
#[derive(Debug, Clone)]
pub struct Operations {
    /// Delay until monitoring raises the alarm, hours.
    pub detection: Distribution,
    /// The n-th refused writeback request raises the alarm too; 0 = never.
    pub user_reports: u64,
    /// Delay from the alarm (or the next staffed hour) to a person at work, hours.
    pub call_out: Distribution,
    /// Time from arrival to a decision on what to do, hours.
    pub decision: Distribution,
    /// When people work.
    pub staffed: Staffing,
}

impl Operations {
    /// Reads the table.
    pub fn read(section: &mut Section<'_>) -> Operations {
        Operations {
            detection: section.distribution(
                "detection",
                r#""2h to 4h""#,
                "delay until monitoring raises the alarm",
            ),
            user_reports: section.count(
                "user_reports",
                0,
                0..=1_000_000,
                "the n-th refused writeback request raises the alarm too; 0 = never",
            ),
            call_out: section.distribution(
                "call_out",
                r#""10m to 1h""#,
                "delay from the alarm (or the next staffed hour) to a person at work",
            ),
            decision: section.distribution(
                "decision",
                r#""5m to 30m""#,
                "time from arrival to a decision on what to do",
            ),
            staffed: section.get(
                "staffed",
                r#""24x7""#,
                "when people work: \"24x7\", \"office\", or such as \"Mon-Fri 09:00-17:00\"",
            ),
        }
    }
}
