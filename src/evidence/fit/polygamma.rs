//! Derivatives of the logarithm of the gamma function, for the score of the gamma distribution.

/// The derivative of ln Gamma at x > 0: recurrence up to 10, then the asymptotic series.
pub(super) fn digamma(x: f64) -> f64 {
    const TERMS: [f64; 7] = [
        1.0 / 12.0,
        -691.0 / 32_760.0,
        1.0 / 132.0,
        -1.0 / 240.0,
        1.0 / 252.0,
        -1.0 / 120.0,
        1.0 / 12.0,
    ];
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = TERMS.iter().fold(0.0, |sum, term| (sum + term) * r);
    below + libm::log(x) - 0.5 / x - series
}

/// The second derivative of ln Gamma at x > 0, as [`digamma`].
pub(super) fn trigamma(x: f64) -> f64 {
    const TERMS: [f64; 7] =
        [7.0 / 6.0, -691.0 / 2730.0, 5.0 / 66.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 1.0 / 6.0];
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    let series = TERMS.iter().fold(0.0, |sum, term| (sum + term) * r);
    below + (1.0 + 0.5 / x + series) / x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, truth: f64) {
        assert!((value / truth - 1.0).abs() < 4e-15, "{value}, should be {truth}");
    }

    #[test]
    fn derivatives_of_the_gamma_function_agree_with_tables() {
        for (x, first, second) in [
            (1e-8, -100_000_000.577_215_65, 1.000_000_000_000_000_2e16),
            (0.3, -3.502_524_222_200_133, 12.245_364_546_107_73),
            (1.0, -0.577_215_664_901_532_9, 1.644_934_066_848_226_4),
            (2.5, 0.703_156_640_645_243_2, 0.490_357_756_100_234_86),
            (7.0, 1.872_784_335_098_467_1, 0.153_545_177_959_337_55),
            (40.0, 3.676_327_374_034_843, 0.025_315_103_841_291_03),
            (1e6, 13.815_510_057_964_191, 1.000_000_500_000_166_7e-6),
        ] {
            near(digamma(x), first);
            near(trigamma(x), second);
        }
    }
}
