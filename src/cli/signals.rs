//! Being told to stop: by Ctrl-C, by the system, by a terminal that closes.

use super::failure::Failure;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A flag that Ctrl-C, or a request of the system to end, sets. A second one ends the program at
/// once; what then remains beside the output, the next run clears away.
pub(super) fn stop_on_signals() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let listen = |signal| {
        // In this order: the shutdown asks whether the flag was set by an earlier signal.
        flag::register_conditional_shutdown(signal, 1, Arc::clone(&stop))?;
        flag::register(signal, Arc::clone(&stop))
    };
    for signal in [SIGINT, SIGTERM].into_iter().chain(hang_up()) {
        listen(signal)
            .map_err(|error| Failure::Work(format!("cannot listen for Ctrl-C: {error}")))?;
    }
    Ok(stop)
}

/// The signal of a terminal that closes, unless the program was started to live on without one.
#[cfg(unix)]
fn hang_up() -> Option<i32> {
    // Linux tells which signals were ignored at the start: after `nohup` this one is. Elsewhere
    // nobody tells without unsafe code.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    (!ignores(&status, signal_hook::consts::SIGHUP)).then_some(signal_hook::consts::SIGHUP)
}

#[cfg(not(unix))]
fn hang_up() -> Option<i32> {
    None
}

/// Whether a process ignores a signal, by the hexadecimal mask in its status.
#[cfg(unix)]
fn ignores(status: &str, signal: i32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn ignored_signals_are_read_from_the_mask() {
        let status = "Name:\tx\nSigBlk:\t0000000000000001\nSigIgn:\t0000000000001001\n";
        assert!(ignores(status, 1) && ignores(status, 13));
        assert!(!ignores(status, 2) && !ignores("", 1) && !ignores("SigIgn:\tzz", 1));
    }
}
