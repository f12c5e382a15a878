//! Integrals.

/// The integral of `f` from `from` to `to` by five Gauss-Legendre points, exact up to the ninth
/// power.
pub(crate) fn gauss_legendre(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    // Nodes and weights on -1..1.
    const NODES: [(f64, f64); 5] = [
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_08),
        (-0.906_179_845_938_664, 0.236_926_885_056_189_08),
    ];
    let (middle, half) = (f64::midpoint(from, to), (to - from) / 2.0);
    half * NODES.iter().map(|(x, w)| w * f(middle + half * x)).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninth_powers_are_exact_and_tenth_ones_are_not() {
        let of = |power: i32| gauss_legendre(1.0, 3.0, |x| x.powi(power));
        assert!((of(9) / 5904.8 - 1.0).abs() < 1e-14, "{}", of(9));
        let truth = (3.0_f64.powi(11) - 1.0) / 11.0;
        assert!((of(10) / truth - 1.0).abs() > 1e-9);
    }
}
