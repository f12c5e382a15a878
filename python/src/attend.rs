//! Work on another thread, while this one listens for Ctrl-C and shows how far it is.

use outlast::notebook::Task;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

/// How often Python is asked for signals, and progress is shown.
const LOOK: Duration = Duration::from_millis(50);
/// Work that is done sooner shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);

/// What came of the work, and what interrupted it.
pub struct Attended<T> {
    pub value: T,
    pub interruption: Option<PyErr>,
}

/// Does the work without holding the interpreter. When a signal raises something, as Ctrl-C does, the work is
/// asked to stop, and what it has by then is the value.
pub fn attend<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&Task) -> T + Send,
) -> PyResult<Attended<T>> {
    let task = Task::default();
    let mut shown = Shown::new(py, progress)?;
    let (value, interruption) = scope(|scope| {
        let task = &task;
        let worker = scope.spawn(move || work(task));
        let (begun, mut pause, mut interruption) = (Instant::now(), Duration::from_millis(1), None);
        while !worker.is_finished() {
            py.detach(|| sleep(pause));
            pause = (pause * 2).min(LOOK);
            if interruption.is_some() {
                continue;
            }
            let mut heard = py.check_signals();
            if heard.is_ok() && begun.elapsed() >= PATIENCE {
                heard = shown.show(py, task.progress());
            }
            if let Err(error) = heard {
                task.stop();
                interruption = Some(error);
            }
        }
        (worker.join(), interruption)
    });
    shown.end(py, task.progress());
    let value = value
        .map_err(|_| PyRuntimeError::new_err("the work failed; this is a fault of outlast"))?;
    Ok(Attended { value, interruption })
}

/// Where progress is shown.
enum Shown {
    Nowhere,
    /// Called with what is done and what is planned.
    Called(Py<PyAny>),
    /// A bar of tqdm.
    Bar(Py<PyAny>),
    /// A line of its own on standard error.
    Line(bool),
}

impl Shown {
    /// As asked for; where nothing was asked, only where somebody sees it.
    fn new(py: Python<'_>, progress: Option<&Bound<'_, PyAny>>) -> PyResult<Shown> {
        let wanted = match progress {
            None => is_seen(py),
            Some(call) if call.is_callable() => return Ok(Shown::Called(call.clone().unbind())),
            Some(answer) => answer.is_truthy()?,
        };
        if !wanted {
            return Ok(Shown::Nowhere);
        }
        let bar = py.import("tqdm.auto").and_then(|tqdm| {
            let options = pyo3::types::PyDict::new(py);
            options.set_item("unit", "trial")?;
            options.set_item("leave", false)?;
            options.set_item("delay", 0.5)?;
            tqdm.getattr("tqdm")?.call((), Some(&options))
        });
        Ok(bar.map_or(Shown::Line(false), |bar| Shown::Bar(bar.unbind())))
    }

    fn show(&mut self, py: Python<'_>, (done, planned): (u64, u64)) -> PyResult<()> {
        match self {
            Shown::Nowhere => Ok(()),
            Shown::Called(call) => call.call1(py, (done, planned)).map(drop),
            Shown::Bar(bar) => {
                bar.setattr(py, "total", planned)?;
                bar.setattr(py, "n", done)?;
                bar.call_method0(py, "refresh").map(drop)
            }
            Shown::Line(is_begun) => {
                *is_begun = true;
                write(py, &format!("\r{done} of {planned} trials "))
            }
        }
    }

    /// Takes the bar or the line away. That this fails is no failure of the work.
    fn end(self, py: Python<'_>, (done, planned): (u64, u64)) {
        let _ = match self {
            Shown::Called(call) => call.call1(py, (done, planned)).map(drop),
            Shown::Bar(bar) => bar.call_method0(py, "close").map(drop),
            Shown::Line(true) => write(py, "\r\x1b[K"),
            _ => Ok(()),
        };
    }
}

fn write(py: Python<'_>, text: &str) -> PyResult<()> {
    let to = py.import("sys")?.getattr("stderr")?;
    to.call_method1("write", (text,))?;
    to.call_method0("flush").map(drop)
}

/// On a terminal, and in a notebook.
fn is_seen(py: Python<'_>) -> bool {
    let modules = py.import("sys").and_then(|sys| {
        let is_kernel = sys.getattr("modules")?.contains("ipykernel")?;
        let stderr = sys.getattr("stderr")?;
        Ok(is_kernel || (!stderr.is_none() && stderr.call_method0("isatty")?.is_truthy()?))
    });
    modules.unwrap_or_default()
}
