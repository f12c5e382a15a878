//! Numerical methods: special functions, probabilities of counts, roots, maxima, integrals.
//!
//! Each function stands here once and cites its source. All are plain arithmetic and `libm`, so
//! that a result has the same bits on every platform. Both tails are computed where they are small,
//! never as one minus the other, so relative accuracy holds far out.
//!
//! What never enters: anything else of ours, and random numbers. [`quick`] is the exception to full
//! accuracy: for draws, which do not need the last digit.

mod beta;
mod discrete;
mod gamma;
mod maximum;
mod normal;
mod quadrature;
pub mod quick;
mod roots;

pub(crate) use beta::{beta_lower_quantile, beta_quantile, beta_tails, odds_integral};
pub(crate) use discrete::{Binomial, Poisson, erlang_cdf};
pub(crate) use gamma::{deviance, digamma, gamma_quantile, gamma_tails, stirling_error, trigamma};
pub(crate) use maximum::maximum;
pub(crate) use normal::{
    LOG_ROOT_TAU, NORMAL_95, mills, normal_cdf, normal_density, normal_deviate, normal_quantile,
    normal_survival,
};
pub(crate) use quadrature::gauss_legendre;
pub(crate) use roots::{falling_root, first, increasing_root, root, walk};

/// Fails unless the value is the truth to a relative tolerance.
#[cfg(test)]
#[track_caller]
fn near(name: &str, value: f64, truth: f64, tolerance: f64) {
    let error = (value / truth - 1.0).abs();
    assert!(error <= tolerance, "{name}: {value}, should be {truth}; relative error {error:e}");
}
