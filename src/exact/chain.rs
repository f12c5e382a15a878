//! Markov chains in continuous time: systems of several states whose mean rewards have no closed form
//! of their own.

/// A Markov chain in continuous time: from, to, rate. State 0 is where it begins.
#[derive(Debug, Clone)]
pub struct Chain {
    states: usize,
    rates: Vec<(usize, usize, f64)>,
}

impl Chain {
    /// The chain of these rates per hour: from, to, rate.
    pub fn new(rates: Vec<(usize, usize, f64)>) -> Chain {
        let states = rates.iter().map(|(from, to, _)| from.max(to) + 1).max().unwrap_or(1);
        Chain { states, rates }
    }

    /// What flows into each state when `p` is there.
    fn flow(&self, p: &[f64]) -> Vec<f64> {
        let mut flow = vec![0.0; self.states];
        for &(from, to, rate) in &self.rates {
            flow[from] -= p[from] * rate;
            flow[to] += p[from] * rate;
        }
        flow
    }

    /// Mean and variance of a reward that grows at the rate of the present state, up to `end`. The
    /// distribution over states and the first two moments of the reward in each are followed by the
    /// classic method of Runge and Kutta.
    pub fn reward(&self, end: f64, rate: impl Fn(usize) -> f64) -> (f64, f64) {
        let n = self.states;
        let slope = |y: &[f64]| -> Vec<f64> {
            let [p, first, second] = [&y[..n], &y[n..2 * n], &y[2 * n..]];
            let grown = |k: usize, flow: Vec<f64>, of: &[f64]| -> Vec<f64> {
                (0..n).map(|i| flow[i] + k as f64 * rate(i) * of[i]).collect()
            };
            [self.flow(p), grown(1, self.flow(first), p), grown(2, self.flow(second), first)]
                .concat()
        };
        let steps = 4_000;
        let h = end / f64::from(steps);
        let mut y = vec![0.0; 3 * n];
        y[0] = 1.0;
        for _ in 0..steps {
            let ahead = |k: &[f64], by: f64| -> Vec<f64> {
                y.iter().zip(k).map(|(y, k)| y + by * k).collect()
            };
            let k1 = slope(&y);
            let k2 = slope(&ahead(&k1, h / 2.0));
            let k3 = slope(&ahead(&k2, h / 2.0));
            let k4 = slope(&ahead(&k3, h));
            for (i, y) in y.iter_mut().enumerate() {
                *y += h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
            }
        }
        let mean: f64 = y[n..2 * n].iter().sum();
        let square: f64 = y[2 * n..].iter().sum();
        (mean, square - mean * mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_two_states_is_as_its_closed_form() {
        let (up, down, end) = (10.0, 5.0, 20.0);
        let (l, m): (f64, f64) = (1.0 / up, 1.0 / down);
        let s = l + m;
        let truth = l * end / s - l / (s * s) * (1.0 - (-s * end).exp());
        let chain = Chain::new(vec![(0, 1, l), (1, 0, m)]);
        let (mean, _) = chain.reward(end, |state| state as f64);
        assert!((mean - truth).abs() < 1e-9, "{mean} {truth}");
        // The time to the first failure, cut at the end: mean and second moment of an exponential.
        let (mean, variance) = Chain::new(vec![(0, 1, l)]).reward(end, |state| 1.0 - state as f64);
        let gone = (-l * end).exp();
        let truth = (1.0 - gone) / l;
        let square = 2.0 / (l * l) * (1.0 - gone * (1.0 + l * end));
        assert!((mean - truth).abs() < 1e-9 && (variance - (square - truth * truth)).abs() < 1e-7);
    }
}
