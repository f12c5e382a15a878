"""Sobol indices of one scenario by SALib, through the program's JSON, beside `outlast sensitivity`.

Usage: with_salib.py OUTLAST [BASE], where OUTLAST is the program and BASE (64) the base size of Saltelli's
design. The scenario has two strategies, one uncertain rate and one price, so its indices can be had from the
formulas of a renewal process, which are shown as the truth. Both are timed in the same run. Needs numpy and SALib.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from statistics import NormalDist

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as design

SCENARIO = """
name = "Two"
[operations]
detection = "0s"
[[fault]]
name = "host"
strikes = "host"
every = { exponential = { mean = "1000h" }, factor = "0.5 to 2" }
repair = "10h"
repair_covers = "outage"
[[strategy]]
name = "Repair"
[[strategy]]
name = "Restart"
annual_cost = 5000.0
[strategy.virtual_machine]
restart = "1h"
capacity = 1.0
[costs]
labour_hour = 0.0
stale_user_hour = 0.0
writeback_lost = 0.0
disabled_account_hour = 0.0
object_delay_hour = 0.0
joiner_wait_hour = 0.0
device_wait_hour = 0.0
downtime_hour = { guess = 100.0, range = [50.0, 200.0] }
[uncertainty]
default = "off"
"""
NAMES = ["rate", "price"]
TRIALS = 64
SD = np.log(2) / NormalDist().inv_cdf(0.95)


def difference(mean, price):
    """Cost of Restart less that of Repair, in the long run."""
    repair, year = 10.0, 8760.0
    restart = 1.0 + repair / mean * (0.5 * repair - 1.0)
    return 5000 + price * year * (restart / (mean + restart) - repair / (mean + repair))


def analyzed(values):
    return sobol.analyze(problem, values, calc_second_order=False, seed=1)


outlast, base = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 64
problem = {"num_vars": 2, "names": NAMES, "dists": ["norm", "norm"], "bounds": [[0, SD], [0, SD]]}

many = np.exp(design.sample(problem, 65536, calc_second_order=False, seed=2))
truth = analyzed(difference(1000 * many[:, 0], 100 * many[:, 1]))
print("by the formulas:   first", truth["S1"].round(3), "total", truth["ST"].round(3))

# Ishigami's function, with as many evaluations as `cargo test --lib ishigami_timed` takes, or a few fewer.
from SALib.test_functions import Ishigami

ishigami = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
began = time.time()
points = design.sample(ishigami, 512, calc_second_order=False, seed=1)
found = sobol.analyze(ishigami, Ishigami.evaluate(points, A=7, B=0.1), calc_second_order=False, seed=1)
print(f"SALib, Ishigami, {len(points)} evaluations in {1e3 * (time.time() - began):.1f} ms:",
      "first", found["S1"].round(4), "+-", found["S1_conf"].round(4),
      "total", found["ST"].round(4), "+-", found["ST_conf"].round(4))

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "two.toml")
    with open(path, "w") as file:
        file.write(SCENARIO)
    began = time.time()
    points = np.exp(design.sample(problem, base, calc_second_order=False, seed=1))
    values = []
    # Many points in one call: a call for each would be timed for its start.
    for chunk in np.array_split(points, max(1, len(points) // 64)):
        variants = [f'p{at}: fault.host.every={{ exponential = {{ mean = "{1000 * rate}h" }} }}; '
                    f"costs.downtime_hour={100 * price}" for at, (rate, price) in enumerate(chunk)]
        arguments = [part for variant in variants for part in ("--with", variant)]
        run = subprocess.run([outlast, "compare", path, "-n", str(TRIALS), "--format", "json", *arguments],
                             capture_output=True, check=True)
        cost = defaultdict(dict)
        for row in json.loads(run.stdout)["variants"]:
            if row["metric"] == "cost":
                cost[row["variant"]][row["strategy"]] = row["mean"]
        values += [cost[f"p{at}"]["Restart"] - cost[f"p{at}"]["Repair"] for at in range(len(chunk))]
    found = analyzed(np.array(values))
    print(f"SALib, {len(points)} points of {TRIALS} trials in {time.time() - began:.1f} s:",
          "first", found["S1"].round(3), "+-", found["S1_conf"].round(3),
          "total", found["ST"].round(3), "+-", found["ST_conf"].round(3))
    began = time.time()
    run = subprocess.run([outlast, "sensitivity", path, "--format", "json", "-o", os.path.join(folder, "study")],
                         capture_output=True, check=True)
    spent = time.time() - began
    told = json.loads(run.stdout)["sobol"]
    said = {}
    for row in told:
        # The first result is what decides.
        said.setdefault(row["input"], row)
    rows = [said['fault."host".every'], said["costs.downtime_hour"]]
    half = lambda row, key: round((row[f"{key}_high"] - row[f"{key}_low"]) / 2, 3)
    print(f"outlast, all of its answers in {spent:.1f} s:  first", [round(row["first"], 3) for row in rows],
          "+-", [half(row, "first") for row in rows], "total", [round(row["total"], 3) for row in rows],
          "+-", [half(row, "total") for row in rows])
