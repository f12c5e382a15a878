"""M1 in NumPy, as a data scientist would write it: all trials of a batch at once, arrays of outages,
arrays of changes, no loop over trials."""

import numpy as np

from common import CHANGES, HORIZON, LAG, REQUESTS, RETRY, UP_MEAN, USERS, main, weights

# The integral of the weights at every full hour of the trial.
HOURLY = np.resize(np.array(weights()), int(HORIZON))
MASS = np.concatenate(([0.0], np.cumsum(HOURLY)))
EDGES = np.arange(int(HORIZON) + 1, dtype=float)
BATCH = 2_000
MOST_OUTAGES = 32


def outages(rng, trials):
    up = rng.exponential(UP_MEAN, (trials, MOST_OUTAGES))
    down = 0.5 * rng.lognormal(0, 0.8, up.shape) + 6.0 * rng.lognormal(0, 0.5, up.shape)
    ends = np.cumsum(up + down, axis=1)
    starts = ends - down
    trial, column = np.nonzero(starts < HORIZON)
    return trial, starts[trial, column], ends[trial, column]


def arrivals(rng, rate, low, high):
    """Arrivals in many windows at once: the window of each, and its time."""
    mass_low, mass_high = np.interp(low, EDGES, MASS), np.interp(high, EDGES, MASS)
    counts = rng.poisson(rate * (mass_high - mass_low))
    window = np.repeat(np.arange(len(low)), counts)
    mass = rng.uniform(mass_low[window], mass_high[window])
    return window, np.interp(mass, MASS, EDGES)


def batch(rng, trials):
    trial, start, end = outages(rng, trials)
    cut = np.minimum(end, HORIZON)
    synced = np.minimum(end + rng.uniform(0, LAG, len(end)), HORIZON)
    sums = lambda which, values: np.bincount(which, values, minlength=trials)

    # Changes: the first of each user in each outage counts.
    window, time = arrivals(rng, CHANGES, start, cut)
    user = rng.integers(0, USERS, len(window))
    order = np.argsort(time)
    key = (window * USERS + user)[order]
    _, first = np.unique(key, return_index=True)
    first = order[first]
    window, time, user = window[first], time[first], user[first]
    stale = np.bincount(window, minlength=len(start))
    hours = sums(trial[window], synced[window] - time)
    distinct = np.unique(trial[window] * USERS + user) // USERS
    peak = np.zeros(trials)
    np.maximum.at(peak, trial, stale)

    # Requests: attempts until one succeeds or three have failed.
    window, time = arrivals(rng, REQUESTS, start, cut)
    where = trial[window]
    # Onsets of all trials on one axis, so that one search finds the outage of any attempt.
    axis_start, axis_end = trial * 1e5 + start, trial * 1e5 + end
    failed = sums(where, np.ones(len(where)))
    for attempt in range(2):
        time = time + rng.exponential(RETRY, len(time))
        axis = where * 1e5 + time
        at = np.searchsorted(axis_start, axis, side="right") - 1
        refused = (axis < axis_end[at]) & (time < HORIZON)
        where, time = where[refused], time[refused]
        failed += sums(where, np.ones(len(where)))
    lost = sums(where, np.ones(len(where)))

    return np.column_stack(
        (
            np.bincount(trial, minlength=trials),
            sums(trial, cut - start),
            hours,
            np.bincount(distinct, minlength=trials),
            peak,
            failed,
            lost,
        )
    )


def play(seed, trials):
    rng = np.random.default_rng(seed)
    sizes = [min(BATCH, trials - first) for first in range(0, trials, BATCH)]
    return np.concatenate([batch(rng, size) for size in sizes])


main(play)
