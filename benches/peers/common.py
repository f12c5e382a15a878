"""The reference workload M1, strategy "rebuild", as all Python peers share it.

Every peer prints one line for each number of a trial: its name, mean and standard error; and the
seconds its trials took, without starting Python or compiling, on standard error.
"""

import math
import sys
import time

HORIZON = 8760.0
UP_MEAN = HORIZON / 4
USERS = 10_000
CHANGES = USERS * 5 / HORIZON  # per hour
REQUESTS = USERS * 2 / HORIZON
RETRY = 0.5
LAG = 2 / 60
NAMES = [
    "outages",
    "downtime_hours",
    "stale_user_hours",
    "stale_users",
    "peak_stale_users",
    "writeback_failed_attempts",
    "writeback_lost",
]


def weights():
    """The weight of each hour of the week over the mean weight."""
    week = [
        10.0 if hour // 24 <= 4 and 8 <= hour % 24 < 18 else 1.0 for hour in range(168)
    ]
    mean = sum(week) / 168
    return [weight / mean for weight in week]


def main(play):
    """Plays and prints; `play` takes a seed and a number of trials and gives rows of numbers."""
    trials = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    start = time.perf_counter()
    rows = play(seed, trials)
    seconds = time.perf_counter() - start
    for name, column in zip(NAMES, zip(*rows)):
        mean = math.fsum(column) / trials
        variance = math.fsum((x - mean) ** 2 for x in column) / (trials - 1)
        print(name, mean, math.sqrt(variance / trials))
    print(f"{seconds} s, {trials / seconds:.0f} trials/s", file=sys.stderr)
