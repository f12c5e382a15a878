//! Statistics of samples: sums, moments, quantiles, and the interval that each estimate carries.
//!
//! Everything here merges: a sample may be split into any parts, and the parts put together in any
//! order, and the result has the same bits. That is what lets threads, resumed runs and separate
//! machines agree without agreeing on an order first. Sums are exact ([`ExactSum`]), moments are
//! quotients of exact sums ([`Moments`]), and quantiles rest on the values themselves or on counts
//! ([`Quantiles`]).
//!
//! Start reading at [`Moments`] and [`Quantiles`]; [`interval`] turns what they give into
//! confidence intervals. No file, clock, generator, outage or strategy is known here: a value is a
//! number.

pub mod bits;
pub mod exact_sum;
pub mod interval;
pub mod moments;
pub mod quantiles;
pub mod stratified;
mod wide;

pub use exact_sum::ExactSum;
pub use interval::Interval;
pub use moments::Moments;
pub use quantiles::Quantiles;
pub use stratified::Stratified;
