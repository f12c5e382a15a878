//! Standard random numbers: uniform, unit exponential, standard normal.
//!
//! Everything that is drawn in a trial is built from these. They use only the four operations and
//! what is made of them here or in the `libm` crate, so a seed gives the same bits on every
//! platform; the mathematics library of the machine never enters. (`rand_distr` cannot promise
//! this: which logarithm it uses depends on the features that any other crate of the build asks
//! for.)
//!
//! The exponential and the normal come from the ziggurat of Marsaglia and Tsang (2000) in the form
//! of J. A. Doornik, *An Improved Ziggurat Method to Generate Normal Random Samples* (2005), with
//! 256 layers, the layer taken from the low 8 bits of a word and the place in it from the high 52.
//! The tables are computed by the compiler.

use super::Rng;
use crate::numeric::quick::{exp, series};
use rand::Rng as _;

/// A number drawn uniformly from [0, 1), in steps of 2^-53.
#[inline]
pub fn uniform(rng: &mut Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// A number drawn uniformly from (0, 1), both ends excluded: the midpoints of 2^52 equal cells.
#[inline]
pub fn open_uniform(rng: &mut Rng) -> f64 {
    ((rng.next_u64() >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

/// An exponential number of mean 1. Never 0, never infinite.
#[inline]
pub fn unit_exponential(rng: &mut Rng) -> f64 {
    let mut beyond = 0.0;
    loop {
        let bits = rng.next_u64();
        let layer = (bits & 0xff) as usize;
        let place = ((bits >> 12) as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64);
        let x = place * EXPONENTIAL.edge[layer];
        if x < EXPONENTIAL.edge[layer + 1] {
            return beyond + x;
        }
        if layer == 0 {
            // Memoryless: what lies beyond the last edge is again exponential.
            beyond += EXPONENTIAL_LAST_EDGE;
        } else if EXPONENTIAL.between(layer, uniform(rng)) < exp(-x) {
            return beyond + x;
        }
    }
}

/// A normal number of mean 0 and variance 1.
#[inline]
pub fn standard_normal(rng: &mut Rng) -> f64 {
    loop {
        let bits = rng.next_u64();
        let layer = (bits & 0xff) as usize;
        let place = ((bits >> 12) as f64 + 0.5) * (2.0 / (1_u64 << 52) as f64) - 1.0;
        let x = place * NORMAL.edge[layer];
        if x.abs() < NORMAL.edge[layer + 1] {
            return x;
        }
        if layer == 0 {
            return normal_tail(rng, x < 0.0);
        }
        if NORMAL.between(layer, uniform(rng)) < exp(-0.5 * x * x) {
            return x;
        }
    }
}

/// The normal beyond the last edge, by the rejection of Marsaglia (1964).
#[cold]
fn normal_tail(rng: &mut Rng, negative: bool) -> f64 {
    loop {
        let x = unit_exponential(rng) / NORMAL_LAST_EDGE;
        if 2.0 * unit_exponential(rng) >= x * x {
            return if negative { -NORMAL_LAST_EDGE - x } else { NORMAL_LAST_EDGE + x };
        }
    }
}

/// The layers of a ziggurat: right edges, and the (unscaled) density there.
struct Ziggurat {
    edge: [f64; 257],
    density: [f64; 257],
}

impl Ziggurat {
    /// A height between the two sides of a layer.
    #[inline]
    fn between(&self, layer: usize, u: f64) -> f64 {
        let (low, high) = (self.density[layer], self.density[layer + 1]);
        high + (low - high) * u
    }
}

// The last edge and the common area of 256 layers, solved to 25 digits.
const EXPONENTIAL_LAST_EDGE: f64 = 7.697_117_470_131_05;
const EXPONENTIAL_AREA: f64 = 3.949_659_822_581_557e-3;
const NORMAL_LAST_EDGE: f64 = 3.654_152_885_361_009;
const NORMAL_AREA: f64 = 4.928_673_233_974_655e-3;

static EXPONENTIAL: Ziggurat = {
    let mut table = Ziggurat { edge: [0.0; 257], density: [1.0; 257] };
    let mut height = 1.0 / series(EXPONENTIAL_LAST_EDGE);
    table.edge[0] = EXPONENTIAL_AREA / height;
    table.edge[1] = EXPONENTIAL_LAST_EDGE;
    table.density[1] = height;
    let mut layer = 2;
    while layer < 256 {
        height += EXPONENTIAL_AREA / table.edge[layer - 1];
        table.edge[layer] = minus_log(height, table.edge[layer - 1]);
        table.density[layer] = height;
        layer += 1;
    }
    table.density[0] = 1.0 / series(table.edge[0]);
    table
};

static NORMAL: Ziggurat = {
    let mut table = Ziggurat { edge: [0.0; 257], density: [1.0; 257] };
    let mut exponent = 0.5 * NORMAL_LAST_EDGE * NORMAL_LAST_EDGE;
    let mut height = 1.0 / series(exponent);
    table.edge[0] = NORMAL_AREA / height;
    table.edge[1] = NORMAL_LAST_EDGE;
    table.density[1] = height;
    let mut layer = 2;
    while layer < 256 {
        height += NORMAL_AREA / table.edge[layer - 1];
        exponent = minus_log(height, exponent);
        table.edge[layer] = square_root(2.0 * exponent);
        table.density[layer] = height;
        layer += 1;
    }
    table.density[0] = 1.0 / series(0.5 * table.edge[0] * table.edge[0]);
    table
};

/// -ln y for 0 < y < 1 by Newton's method from above, for the compiler.
const fn minus_log(y: f64, from: f64) -> f64 {
    let (mut t, mut round) = (from, 0);
    while round < 12 {
        let step = 1.0 - 1.0 / (y * series(t));
        t -= step;
        if step < 1e-16 {
            break;
        }
        round += 1;
    }
    t
}

/// The square root of 0 < y < 20 by Heron's method, for the compiler.
const fn square_root(y: f64) -> f64 {
    let (mut root, mut round) = (1.0 + y, 0);
    while round < 60 {
        root = 0.5 * (root + y / root);
        round += 1;
    }
    root
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::judge;
    use crate::numeric::{normal_cdf, normal_survival};

    #[test]
    fn ziggurat_edges_lie_on_the_density_and_close_at_the_top() {
        for layer in 1..256 {
            let x = EXPONENTIAL.edge[layer];
            assert!((EXPONENTIAL.density[layer] / libm::exp(-x) - 1.0).abs() < 1e-14, "{layer}");
            let x = NORMAL.edge[layer];
            assert!((NORMAL.density[layer] / libm::exp(-0.5 * x * x) - 1.0).abs() < 1e-14);
        }
        let top = EXPONENTIAL.edge[255] * (1.0 - EXPONENTIAL.density[255]);
        assert!((top / EXPONENTIAL_AREA - 1.0).abs() < 1e-10, "{top}");
        let top = NORMAL.edge[255] * (1.0 - NORMAL.density[255]);
        assert!((top / NORMAL_AREA - 1.0).abs() < 1e-10, "{top}");
    }

    #[test]
    fn standard_draws_follow_their_distributions() {
        judge::follows("uniform", uniform, |x| x);
        judge::follows("open uniform", open_uniform, |x| x);
        judge::follows("exponential", unit_exponential, |x| -libm::expm1(-x));
        judge::follows("normal", standard_normal, normal_cdf);
    }

    #[test]
    fn tails_beyond_the_last_edge_have_the_right_weight_and_shape() {
        let rng = &mut judge::generator(11);
        let draws = 2_000_000;
        let (mut normal, mut far, mut exponential) = (0, 0, 0);
        for _ in 0..draws {
            let x = standard_normal(rng).abs();
            normal += u32::from(x > 3.7);
            far += u32::from(x > 4.2);
            exponential += u32::from(unit_exponential(rng) > 8.5);
        }
        judge::share("normal beyond 3.7", normal, draws, 2.0 * normal_survival(3.7));
        judge::share("normal beyond 4.2", far, draws, 2.0 * normal_survival(4.2));
        judge::share("exponential beyond 8.5", exponential, draws, libm::exp(-8.5));
    }

    #[test]
    fn first_draws_of_a_seed_stay_the_same() {
        let rng = &mut judge::generator(1);
        let drawn = [uniform(rng), open_uniform(rng), unit_exponential(rng), standard_normal(rng)];
        let pinned = [
            0.811_612_158_881_884_8,
            0.747_104_716_158_218_8,
            0.361_387_405_972_199_7,
            0.452_496_470_387_347_5,
        ];
        assert_eq!(drawn, pinned);
    }
}
