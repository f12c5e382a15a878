"""Plays M1, strategy "rebuild", with outlast and its peers; checks that all agree; times them.

    python benches/peers/compare.py [ROUNDS]

First every number of every peer must lie within 4 standard errors (of the difference) of outlast's.
Then all are timed alternately, by the seconds of the trials alone, and the best of the rounds
counts: on a shared machine the best is the least disturbed. At the end stand the figures that have no
peer in Python. Run by run.sh, which builds what it needs.
"""

import math
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "examples"
M1 = str(ROOT / "benches" / "m1" / "rebuild.toml")
PYTHON = [sys.executable, "-B"]

# Name, command without the number of trials, trials to agree on, trials to time.
PEERS = [
    ("outlast", [str(BUILT / "fixed"), "means", M1], 400_000, 100_000),
    ("hand-tuned Rust, each change", [str(BUILT / "limit"), "changes"], 400_000, 100_000),
    ("numba, each change", PYTHON + [str(HERE / "with_numba.py")], 200_000, 50_000),
    ("NumPy", PYTHON + [str(HERE / "with_numpy.py")], 40_000, 10_000),
    ("SimPy", PYTHON + [str(HERE / "with_simpy.py")], 300, 20),
]


def play(command, trials, seed):
    """The numbers printed, and trials per second."""
    done = subprocess.run(
        command + [str(trials)] + seed, capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    seconds = float(re.match(r"[0-9.e-]+", done.stderr.splitlines()[-1])[0])
    return {name: (float(mean), float(error)) for name, mean, error in rows}, trials / seconds


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    reference, _ = play(PEERS[0][1], PEERS[0][2], ["1"])
    wrong = 0
    for name, command, trials, _ in PEERS[1:]:
        seed = ["10000", "77"] if "limit" in command[0] else ["77"]
        numbers, _ = play(command, trials, seed)
        print(f"\n{name}: mean, outlast's mean, difference in standard errors")
        for key, (mean, error) in numbers.items():
            other, spread = reference[key]
            z = (mean - other) / math.hypot(error, spread)
            wrong += abs(z) > 4
            print(f"  {key:26} {mean:12.4f} {other:12.4f} {z:7.2f}")
    if wrong:
        sys.exit(f"{wrong} numbers disagree")
    print("\nAll agree.\n")

    best = dict.fromkeys((peer[0] for peer in PEERS), 0.0)
    for _ in range(rounds):
        for name, command, _, trials in PEERS:
            best[name] = max(best[name], play(command, trials, [])[1])
    for name, rate in best.items():
        print(f"{name:30} {rate:12.1f} trials/s   outlast is {best['outlast'] / rate:10.2f} x")
    further(rounds)


def rate(command):
    """Trials per second of a command that ends by saying them."""
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(re.search(r"([0-9]+) trials/s", done.stderr)[1])


def fastest(rounds, commands):
    """The best rate of each command, run alternately."""
    best = [0.0] * len(commands)
    for _ in range(rounds):
        best = [max(known, rate(command)) for known, command in zip(best, commands)]
    return best


def further(rounds):
    """A million users, bare outages, two threads, and what common worlds are worth."""
    fixed, limit = str(BUILT / "fixed"), str(BUILT / "limit")
    text = Path(M1).read_text()
    with tempfile.TemporaryDirectory() as folder:

        def changed(name, *changes):
            other = text
            for before, after in changes:
                assert before in other, before
                other = other.replace(before, after)
            (Path(folder) / name).write_text(other)
            return str(Path(folder) / name)

        million = changed("million.toml", ("users = 10_000", "users = 1_000_000"))
        ours, theirs = fastest(
            rounds,
            [[fixed, "means", million, "30000"], [limit, "changes", "1000", "1000000"]],
        )
        print(f"\na million users: {ours:.0f} trials/s, by hand {theirs:.0f}: {ours / theirs:.0f} x")

        bare = str(ROOT / "benches" / "m1" / "outages.toml")
        (cycles,) = fastest(rounds, [[fixed, "play", bare, "rebuild", "2000"]])
        # Ten years of one failure in 219 h and a repair of 6.8 h on average.
        cycles *= 87_600 / (219 + 6 * math.exp(0.125))
        print(f"bare renewal process: {cycles / 1e6:.1f} million cycles/s")

        one, two = fastest(rounds, [[fixed, "run", "default", "10000", n] for n in "12"])
        print(f"default scenario, all strategies, 10,000 trials: {10_000 / two:.2f} s on two threads,")
        print(f"  {two / one:.2f} times as fast as on one")

        print("variance of a difference of stale user-hours, two runs over common worlds:")
        quick = changed("quick.toml", ('median = "6h"', 'median = "5.4h"'))
        alert = changed("alert.toml", ('median = "30m"', 'median = "15m"'))
        for what, other in [("restored 10 % sooner", quick), ("detected in half the time", alert)]:
            done = subprocess.run(
                [fixed, "pair", M1, other, "100000"], capture_output=True, text=True, check=True
            )
            ratio = dict(line.split() for line in done.stdout.splitlines())
            print(f"  {what:26} {ratio['stale_user_hours']:>6}")


main()
