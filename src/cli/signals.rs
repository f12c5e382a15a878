//! Being told to stop: by Ctrl-C, by the system, by a terminal that closes.

use super::failure::Failure;
#[cfg(unix)]
use super::terminal::tell;
#[cfg(unix)]
use crate::report::folder::Folder;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;
#[cfg(unix)]
use std::io::{self, IsTerminal};
use std::path::Path;
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

/// Has Ctrl-C, or a request of the system to end, end the program at once, whatever it is at: for
/// work that nobody can use half of. What is being written beside `target` goes. It is the first thing
/// that a command does: a program that a script started in the background ignores Ctrl-C until then.
#[cfg(unix)]
pub(super) fn leave_on_signals(target: Option<&Path>) -> Result<(), Failure> {
    use signal_hook::iterator::Signals;
    let target = target.map(Path::to_path_buf);
    let mut signals = Signals::new([SIGINT, SIGTERM].into_iter().chain(hang_up()))
        .map_err(|error| Failure::Work(format!("cannot listen for Ctrl-C: {error}")))?;
    std::thread::spawn(move || {
        if signals.forever().next().is_none() {
            return;
        }
        if let Some(target) = &target {
            Folder::discard(target);
        }
        // A progress bar may stand on the line.
        if io::stderr().is_terminal() {
            tell("\r\u{1b}[2K");
        }
        let _told = target.map_or(Failure::Work("stopped".to_owned()), Failure::Stopped).report();
        std::process::exit(1);
    });
    Ok(())
}

/// Here the system ends the program by itself; the next run clears away what remains.
#[cfg(not(unix))]
pub(super) fn leave_on_signals(_target: Option<&Path>) -> Result<(), Failure> {
    Ok(())
}

/// Has Ctrl-C, or a request of the system to end, call `end`, once.
#[cfg(unix)]
pub(super) fn call_on_signals(end: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    use signal_hook::iterator::Signals;
    let mut signals = Signals::new([SIGINT, SIGTERM].into_iter().chain(hang_up()))
        .map_err(|error| Failure::Work(format!("cannot listen for Ctrl-C: {error}")))?;
    std::thread::spawn(move || {
        if signals.forever().next().is_some() {
            end();
        }
    });
    Ok(())
}

/// Here the system ends the program by itself.
#[cfg(not(unix))]
pub(super) fn call_on_signals(_end: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    Ok(())
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
