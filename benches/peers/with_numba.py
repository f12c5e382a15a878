"""M1 in Python compiled by numba: the loop of limit.rs, change by change."""

import numpy as np
from numba import njit

from common import CHANGES, HORIZON, LAG, REQUESTS, RETRY, UP_MEAN, USERS, main, weights

WEIGHTS = np.array(weights())


@njit
def requests(starts, ends, count, window, rate, weights, row):
    start, end = starts[window], min(ends[window], HORIZON)
    hour, at = int(start), start
    left = np.random.exponential()
    while at < end:
        to = min(hour + 1.0, end)
        here = rate * weights[hour % 168]
        time = at + left / here
        while time < to:
            row[5] += 1
            again, fails = time, 1
            while fails < 3:
                again += RETRY * np.random.exponential()
                refused = False
                for k in range(window, count):
                    refused = refused or (starts[k] <= again < ends[k])
                if again >= HORIZON or not refused:
                    break
                fails += 1
                row[5] += 1
            if fails == 3:
                row[6] += 1
            time += np.random.exponential() / here
        left = (time - to) * here
        at = to
        hour += 1


@njit
def changes(start, end, outage, trial, stale_in, stale_at, rate, weights, row):
    synced = min(end + np.random.uniform(0.0, LAG), HORIZON)
    end = min(end, HORIZON)
    hour, at, stale = int(start), start, 0
    left = np.random.exponential()
    while at < end:
        to = min(hour + 1.0, end)
        here = rate * weights[hour % 168]
        time = at + left / here
        while time < to:
            user = int(np.random.random() * USERS)
            if stale_in[user] != outage:
                stale_in[user] = outage
                stale += 1
                row[2] += synced - time
                if stale_at[user] != trial:
                    stale_at[user] = trial
                    row[3] += 1
            time += np.random.exponential() / here
        left = (time - to) * here
        at = to
        hour += 1
    row[4] = max(row[4], stale)


@njit
def many(seed, trials, weights):
    np.random.seed(seed)
    rows = np.zeros((trials, 7))
    stale_in = np.zeros(USERS, np.int64)
    stale_at = np.full(USERS, -1)
    starts, ends = np.zeros(256), np.zeros(256)
    outage = 0
    for trial in range(trials):
        row, count = rows[trial], 0
        time = np.random.exponential() * UP_MEAN
        while time < HORIZON and count < 256:
            length = 0.5 * np.exp(0.8 * np.random.normal())
            length += 6.0 * np.exp(0.5 * np.random.normal())
            starts[count], ends[count] = time, time + length
            row[0] += 1
            row[1] += min(time + length, HORIZON) - time
            count += 1
            time += length + np.random.exponential() * UP_MEAN
        for window in range(count):
            outage += 1
            changes(
                starts[window], ends[window], outage, trial, stale_in, stale_at, CHANGES, weights, row
            )
            requests(starts, ends, count, window, REQUESTS, weights, row)
    return rows


many(0, 2, WEIGHTS)  # compiles
main(lambda seed, trials: many(seed, trials, WEIGHTS))
