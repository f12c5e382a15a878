//! The words of the trade that a reader may not know, for the end of a page.

/// Each word with its meaning, in the order of the alphabet.
pub const TERMS: [(&str, &str); 15] = [
    (
        "common mode",
        "One event that also strikes another component of the same kind, such as the standby.",
    ),
    ("drain", "The time from service until no backlog is left: what has waited is worked off."),
    (
        "exceedance",
        "How likely more than so much is: for every amount the share of years with more than it.",
    ),
    (
        "fenced",
        "The old active server is kept from coming back by itself while another one has its role.",
    ),
    ("horizon", "The time that one trial covers, usually a year."),
    (
        "interval",
        "The range that holds the true value of the model at the confidence level; more trials make it \
      narrower. It says nothing of the assumptions.",
    ),
    ("latent fault", "A fault of the standby that nobody has found yet."),
    ("median, p95", "The value that half, or 95 %, of years or outages do not exceed."),
    ("promote", "To make the staging server the active one."),
    (
        "restore time",
        "The time from the start of an outage until the service works again. Planned outages are left out.",
    ),
    (
        "stale",
        "A user is stale while the password in the cloud is older than it would be without the outage.",
    ),
    ("tolerance", "A limit with the share of years, or of outages, that has to keep it."),
    (
        "trial",
        "One possible course of the horizon, played once for every strategy with the same faults.",
    ),
    ("user-hour", "One user for one hour: ten users for half an hour are 5 user-hours."),
    (
        "writeback",
        "What the cloud sends back to the directory, such as a password that a user has reset there.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_stand_in_the_order_of_the_alphabet() {
        assert!(TERMS.is_sorted_by_key(|(term, _)| *term));
        assert!(TERMS.iter().all(|(_, meaning)| meaning.ends_with('.')));
    }
}
