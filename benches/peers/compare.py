"""Plays M1, strategy "rebuild", with outlast and its peers; checks that all agree; times them.

    python benches/peers/compare.py [ROUNDS]

First every number of every peer must lie within 4 standard errors (of the difference) of outlast's.
Then all are timed alternately, by the seconds of the trials alone, and the best of the rounds
counts: on a shared machine the best is the least disturbed. Run by run.sh, which builds what it needs.
"""

import math
import os
import re
import subprocess
import sys
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


main()
