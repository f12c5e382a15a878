//! How states are played.

/// How the states of all sessions are played.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Seed of all random draws.
    pub seed: u64,
    /// Threads that play; the results do not depend on it.
    pub threads: usize,
    /// Confidence of all intervals.
    pub confidence: f64,
    /// All trials are drawn in the same way.
    pub plain: bool,
    /// Trials of a state that does not say how many.
    pub trials: u64,
    /// What of the command line says which scenario it is: the file and what was set.
    pub words: Vec<String>,
    /// How a shell reads a word.
    pub quote: fn(&str) -> String,
}
