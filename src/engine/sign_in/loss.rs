//! What a trial keeps of sign-in: its losses, and what people do about the one in hand.

use crate::engine::observe::SignInWork;
use crate::engine::outage::Cause;
use crate::world::streams::EventKey;
use crate::world::whereabouts::Users;

/// How it stands with sign-in in a trial.
#[derive(Debug, Default)]
pub(in crate::engine) struct SignInState {
    /// When users could not sign in, from and to, with the event that began it.
    pub(in crate::engine) losses: Vec<SignInLoss>,
    /// The loss in hand.
    pub(in crate::engine) response: Option<Response>,
    /// Sign-in has been switched to password hashes.
    pub(in crate::engine) on_hashes: bool,
    /// A promotion has switched pass-through off for the tenant: hands-on hours to switch it on again.
    pub(in crate::engine) switched_off: Option<f64>,
    /// People do that since then, while users sign in by password hashes.
    pub(in crate::engine) switching_on: Option<f64>,
    /// That has been done, so no promotion does it again.
    pub(in crate::engine) is_mended: bool,
}

/// A time in which the same users could not sign in: a part of a loss.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SignInLoss {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) event: EventKey,
    /// The fault that struck last of those that kept agents down when the loss began.
    pub(crate) cause: Cause,
    pub(crate) who: Users,
    /// Hours for which users were locked out, over all of them; filled in by the second layer.
    pub(crate) user_hours: f64,
}

impl SignInLoss {
    /// Are they parts of one loss? They are where they touch and began with one event.
    pub(crate) fn are_one(earlier: &SignInLoss, later: &SignInLoss) -> bool {
        earlier.event == later.event && earlier.to == later.from
    }
}

/// What people do about a loss.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Response {
    pub(in crate::engine) since: f64,
    /// Who cannot sign in since then.
    pub(in crate::engine) who: Users,
    pub(in crate::engine) event: EventKey,
    pub(in crate::engine) cause: Cause,
    pub(in crate::engine) alarmed: bool,
    pub(in crate::engine) decided: bool,
    pub(in crate::engine) work: Option<Switching>,
}

/// Work in hand that brings sign-in back.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Switching {
    pub(in crate::engine) what: SignInWork,
    pub(in crate::engine) start: f64,
    pub(in crate::engine) hours: f64,
    pub(in crate::engine) until: f64,
}

impl SignInState {
    /// Ready for a new trial.
    pub(in crate::engine) fn reset(&mut self) {
        self.losses.clear();
        let losses = std::mem::take(&mut self.losses);
        *self = SignInState { losses, ..SignInState::default() };
    }
}
