"""M1 in SimPy, as its guide would have it: every actor a process, every change an event."""

import random

import simpy

from common import CHANGES, HORIZON, LAG, REQUESTS, RETRY, UP_MEAN, USERS, main, weights

WEIGHTS = weights()


class Organisation:
    def __init__(self, env, draw):
        self.env = env
        self.draw = draw
        self.down = False
        self.stale_since = {}
        self.touched = set()
        self.outages = 0
        self.downtime = 0.0
        self.stale_hours = 0.0
        self.peak = 0
        self.failed = 0
        self.lost = 0
        env.process(self.server())
        env.process(self.arrivals(CHANGES, self.change))
        env.process(self.arrivals(REQUESTS, lambda: env.process(self.request())))

    def server(self):
        draw = self.draw
        while True:
            yield self.env.timeout(draw.expovariate(1 / UP_MEAN))
            onset = self.env.now
            self.down = True
            self.outages += 1
            self.stale_since = {}
            detection = draw.lognormvariate(0, 0.8) * 0.5
            repair = draw.lognormvariate(0, 0.5) * 6.0
            length = detection + repair
            self.downtime += min(length, HORIZON - onset)
            # What is still open at the horizon is cut there.
            synced = min(onset + length + draw.uniform(0, LAG), HORIZON)
            yield self.env.timeout(min(length, HORIZON - onset - 1e-9))
            self.down = False
            self.peak = max(self.peak, len(self.stale_since))
            self.stale_hours += sum(synced - since for since in self.stale_since.values())
            self.touched.update(self.stale_since)
            if onset + length >= HORIZON:
                return

    def arrivals(self, rate, arrive):
        """A Poisson process whose rate goes by the hour of the week: what is left of a gap at a
        full hour goes on at the next hour's rate."""
        env, draw = self.env, self.draw
        left = draw.expovariate(1.0)
        while True:
            here = rate * WEIGHTS[int(env.now) % 168]
            rest = (int(env.now) + 1 - env.now) * here
            if left >= rest:
                left -= rest
                yield env.timeout(int(env.now) + 1 - env.now)
            else:
                yield env.timeout(left / here)
                arrive()
                left = draw.expovariate(1.0)

    def change(self):
        if self.down:
            self.stale_since.setdefault(self.draw.randrange(USERS), self.env.now)

    def request(self):
        for attempt in range(3):
            if not self.down:
                return
            self.failed += 1
            if attempt < 2:
                yield self.env.timeout(self.draw.expovariate(1 / RETRY))
        self.lost += 1


def play(seed, trials):
    rows = []
    for trial in range(trials):
        env = simpy.Environment()
        one = Organisation(env, random.Random(f"{seed} {trial}"))
        env.run(until=HORIZON)
        rows.append(
            (
                one.outages,
                one.downtime,
                one.stale_hours,
                len(one.touched),
                one.peak,
                one.failed,
                one.lost,
            )
        )
    return rows


main(play)
