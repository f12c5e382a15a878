//! The loss of sign-in, in words.

use crate::engine::observe::{SignInWork, TraceEvent, Without};
use crate::report::text::{count, figure};

/// An event of a trace that is about sign-in; nothing of any other. `when` says a time.
pub fn event(event: &TraceEvent<'_>, when: impl Fn(f64) -> String) -> Option<String> {
    let words = match event {
        TraceEvent::SignInLost { who: Without::All } => {
            "nobody can sign in any more".to_owned()
        }
        TraceEvent::SignInLost { who: Without::WithinReach } => {
            "nobody can sign in who still reaches the cloud; users in a site without power or link reach \
             nothing"
                .to_owned()
        }
        TraceEvent::SignInLost { who: Without::Outside } => {
            "users outside the organisation's network cannot sign in, those inside can".to_owned()
        }
        TraceEvent::SignInBack { on_hashes: true, .. } => {
            "users can sign in again, with password hashes".to_owned()
        }
        TraceEvent::SignInBack { cut_off: true, .. } => {
            "whoever could not sign in no longer reaches the cloud".to_owned()
        }
        TraceEvent::SignInBack { .. } => "users can sign in again".to_owned(),
        TraceEvent::SignInAlarm => "users call: they cannot sign in".to_owned(),
        TraceEvent::SignInOff { on_hashes } => {
            let then = if *on_hashes { "; users sign in with password hashes" } else { "" };
            format!(
                "the promotion switches pass-through off for the tenant: the standby has another sign-in \
                 option{then}"
            )
        }
        TraceEvent::SignInSwitching { what, until } => {
            format!("{} until {}", work(*what), when(*until))
        }
        TraceEvent::SignInsFailed { user_hours, failed } => format!(
            "{} user-hours without sign-in, {} locked out",
            figure(*user_hours, 3),
            count(*failed as usize, "user")
        ),
        _ => return None,
    };
    Some(words)
}

fn work(what: SignInWork) -> &'static str {
    match what {
        SignInWork::ByHand => "engineer switches sign-in to password hashes",
        SignInWork::Elsewhere => {
            "engineer switches sign-in to password hashes from another machine"
        }
        SignInWork::SwitchOn => "engineer switches pass-through on again",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_in_plain_words() {
        let when = |hours: f64| format!("{hours} h");
        let told = |it| event(&it, when);
        let switching = TraceEvent::SignInSwitching { what: SignInWork::Elsewhere, until: 30.0 };
        assert_eq!(
            told(switching).unwrap(),
            "engineer switches sign-in to password hashes from another machine until 30 h"
        );
        let failed = TraceEvent::SignInsFailed { user_hours: 1234.0, failed: 1 };
        assert_eq!(told(failed).unwrap(), "1,230 user-hours without sign-in, 1 user locked out");
        assert_eq!(told(TraceEvent::Current), None);
    }
}
