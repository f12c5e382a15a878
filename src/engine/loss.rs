//! What a trial keeps of sign-in: its losses, and what people do about the one in hand.

use super::observe::SignInWork;
use crate::world::streams::EventKey;

/// How it stands with sign-in in a trial.
#[derive(Debug, Default)]
pub(super) struct SignInState {
    /// When nobody could sign in, from and to, with the event that began it.
    pub(super) losses: Vec<SignInLoss>,
    /// The loss in hand.
    pub(super) response: Option<Response>,
    /// Sign-in has been switched to password hashes.
    pub(super) on_hashes: bool,
    /// A promotion has switched pass-through off for the tenant: hands-on hours to switch it on again.
    pub(super) switched_off: Option<f64>,
    /// That has been done, so no promotion does it again.
    pub(super) is_mended: bool,
}

/// A time in which nobody could sign in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SignInLoss {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) event: EventKey,
}

/// What people do about a loss.
#[derive(Debug, Clone, Copy)]
pub(super) struct Response {
    pub(super) since: f64,
    pub(super) event: EventKey,
    pub(super) alarmed: bool,
    pub(super) decided: bool,
    pub(super) work: Option<Switching>,
}

/// Work in hand that brings sign-in back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Switching {
    pub(super) what: SignInWork,
    pub(super) start: f64,
    pub(super) hours: f64,
    pub(super) until: f64,
}

impl SignInState {
    /// Ready for a new trial.
    pub(super) fn reset(&mut self) {
        self.losses.clear();
        let losses = std::mem::take(&mut self.losses);
        *self = SignInState { losses, ..SignInState::default() };
    }
}
