"""EVPPI by regression from the tables of `outlast sensitivity`, by other code.

Usage: sensitivity.py DIR, the folder of `outlast sensitivity`. Needs numpy and scikit-learn; with SALib it
also shows Ishigami's indices by Saltelli's design. Each EVPPI must lie in the interval of information.csv.
"""

import csv
import sys
from collections import defaultdict
from statistics import NormalDist

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.preprocessing import SplineTransformer

folder = sys.argv[1]
quantiles = defaultdict(list)
for row in csv.DictReader(open(f"{folder}/inputs.csv")):
    quantiles[row["input"]].append(float(row["quantile"]))
costs = defaultdict(list)
for row in csv.DictReader(open(f"{folder}/outputs.csv")):
    costs[row["strategy"]].append(float(row["cost"]))
cost = np.array([costs[name] for name in costs]).T

known = {}
for row in csv.DictReader(open(f"{folder}/information.csv")):
    if not row["data"]:
        known[row["input"]] = [float(row[key]) for key in ("worth", "worth_low", "worth_high")]

normal = NormalDist()
inside, all_ = 0, 0
for name, (worth, low, high) in sorted(known.items(), key=lambda item: -item[1][0])[:12]:
    if name not in quantiles:
        continue
    z = np.array([[normal.inv_cdf(min(max(u, 1e-9), 1 - 1e-9))] for u in quantiles[name]])
    features = SplineTransformer(n_knots=5, degree=3).fit_transform(z)
    # A spline for each strategy, as Strong, Oakley and Brennan do with a GAM.
    fitted = np.column_stack([RidgeCV(np.logspace(-3, 3, 13)).fit(features, y).predict(features) for y in cost.T])
    evppi = fitted.min(axis=1).mean()
    evppi = cost.mean(axis=0).min() - evppi
    holds = low <= evppi <= high
    inside, all_ = inside + holds, all_ + 1
    print(f"{name}: spline {evppi:.1f}, outlast {worth:.1f} ({low:.1f} to {high:.1f}){'' if holds else '  OUTSIDE'}")
print(f"{inside} of {all_} within the interval")

try:
    from SALib.analyze import sobol
    from SALib.sample import sobol as design
    from SALib.test_functions import Ishigami
except ImportError:
    sys.exit()
problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
points = design.sample(problem, 512, calc_second_order=False, seed=1)
found = sobol.analyze(problem, Ishigami.evaluate(points, A=7, B=0.1), calc_second_order=False, seed=1)
print(f"SALib, {len(points)} evaluations: first {found['S1'].round(4)} +-{found['S1_conf'].round(3)},",
      f"total {found['ST'].round(4)} +-{found['ST_conf'].round(3)}")
