//! The families of distributions as they are written: which parameters each takes.
//!
//! One table serves the reading, the error messages and the JSON Schema.

use crate::distribution::{Distribution, DistributionError};

/// What a parameter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parameter {
    /// A duration above 0.
    PositiveDuration,
    /// A duration of 0 or more.
    Duration,
    /// A number above 0.
    PositiveNumber,
    /// Any number.
    Number,
}

/// One set of parameters of a family.
#[derive(Debug)]
pub(super) struct Shape {
    /// Names and kinds, in the order in which `make` takes them.
    pub(super) parameters: &'static [(&'static str, Parameter)],
    /// Whether the first must be below the last, and all others lie between (both included).
    pub(super) ascending: bool,
    /// Makes the distribution of the parameters.
    pub(super) make: fn(&[f64]) -> Result<Distribution, DistributionError>,
}

/// A family: its key and the sets of parameters of which one is to be written.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) name: &'static str,
    pub(super) shapes: &'static [Shape],
}

use Parameter::{Duration, Number, PositiveDuration, PositiveNumber};

/// Families whose parameters stand in a table of their own.
pub(super) const FAMILIES: &[Family] = &[
    Family {
        name: "exponential",
        shapes: &[Shape {
            parameters: &[("mean", PositiveDuration)],
            ascending: false,
            make: |p| Distribution::exponential(p[0]),
        }],
    },
    Family {
        name: "lognormal",
        shapes: &[
            Shape {
                parameters: &[("median", PositiveDuration), ("p95", PositiveDuration)],
                ascending: true,
                make: |p| Distribution::lognormal_median_p95(p[0], p[1]),
            },
            Shape {
                parameters: &[("median", PositiveDuration), ("sigma", PositiveNumber)],
                ascending: false,
                make: |p| Distribution::lognormal_median_sigma(p[0], p[1]),
            },
            Shape {
                parameters: &[("mu", Number), ("sigma", PositiveNumber)],
                ascending: false,
                make: |p| Distribution::lognormal(p[0], p[1]),
            },
            Shape {
                parameters: &[("mean", PositiveDuration), ("cv", PositiveNumber)],
                ascending: false,
                make: |p| Distribution::lognormal_mean_cv(p[0], p[1]),
            },
        ],
    },
    Family {
        name: "weibull",
        shapes: &[Shape {
            parameters: &[("scale", PositiveDuration), ("shape", PositiveNumber)],
            ascending: false,
            make: |p| Distribution::weibull(p[0], p[1]),
        }],
    },
    Family {
        name: "gamma",
        shapes: &[Shape {
            parameters: &[("mean", PositiveDuration), ("shape", PositiveNumber)],
            ascending: false,
            make: |p| Distribution::gamma(p[0], p[1]),
        }],
    },
    Family {
        name: "inverse_gaussian",
        shapes: &[Shape {
            parameters: &[("mean", PositiveDuration), ("lambda", PositiveDuration)],
            ascending: false,
            make: |p| Distribution::inverse_gaussian(p[0], p[1]),
        }],
    },
    Family {
        name: "loglogistic",
        shapes: &[Shape {
            parameters: &[("scale", PositiveDuration), ("shape", PositiveNumber)],
            ascending: false,
            make: |p| Distribution::loglogistic(p[0], p[1]),
        }],
    },
    Family {
        name: "uniform",
        shapes: &[Shape {
            parameters: &[("min", Duration), ("max", Duration)],
            ascending: true,
            make: |p| Distribution::uniform(p[0], p[1]),
        }],
    },
    Family {
        name: "triangular",
        shapes: &[Shape {
            parameters: &[("min", Duration), ("mode", Duration), ("max", Duration)],
            ascending: true,
            make: |p| Distribution::triangular(p[0], p[1], p[2]),
        }],
    },
    Family {
        name: "pert",
        shapes: &[Shape {
            parameters: &[("min", Duration), ("mode", Duration), ("max", Duration)],
            ascending: true,
            make: |p| Distribution::pert(p[0], p[1], p[2]),
        }],
    },
];

/// Every key that names a family, also those that are not a plain table of parameters.
pub(super) const NAMES: [&str; 12] = [
    "exponential",
    "lognormal",
    "weibull",
    "gamma",
    "inverse_gaussian",
    "loglogistic",
    "uniform",
    "triangular",
    "pert",
    "empirical",
    "mixture",
    "fitted",
];

/// What a fitted distribution's family may be called; the first stands for the best of the others.
pub const FITTED_FAMILIES: [&str; 8] = [
    "best",
    "exponential",
    "lognormal",
    "weibull",
    "gamma",
    "inverse_gaussian",
    "loglogistic",
    "mixture",
];

impl Family {
    /// Every parameter of any of its sets, once each.
    pub(super) fn parameters(&self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for (name, _) in self.shapes.iter().flat_map(|shape| shape.parameters) {
            if !names.contains(name) {
                names.push(*name);
            }
        }
        names
    }

    /// The sets in words: `median` and `p95`, or `mu` and `sigma`.
    pub(super) fn takes(&self) -> String {
        let sets = self.shapes.iter().map(|shape| {
            let names: Vec<_> = shape.parameters.iter().map(|(name, _)| *name).collect();
            crate::keys::listed(&names, "and")
        });
        sets.collect::<Vec<_>>().join(", or ")
    }

    /// An example to paste: `{ mean = "1h" }`.
    pub(super) fn example(&self) -> String {
        let mut hours = 0;
        let pairs = self.shapes.iter().take(1).flat_map(|shape| shape.parameters);
        let pairs = pairs.map(|(name, kind)| match kind {
            PositiveDuration | Duration => {
                hours += 1;
                format!("{name} = \"{hours}h\"")
            }
            PositiveNumber | Number => format!("{name} = 1.5"),
        });
        format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
    }
}
