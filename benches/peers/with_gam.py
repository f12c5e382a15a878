"""EVPPI by a generalised additive model from the tables of `outlast sensitivity`, beside the program's own.

Usage: with_gam.py DIR..., folders of `outlast sensitivity`. Needs numpy and pygam.

This is the regression of Strong, Oakley and Brennan (2014): what each strategy costs more than the one that is
best on average, smoothed over one input (a penalised spline whose penalty is chosen by generalised
cross-validation), and the mean of what the best at each value saves. As they do, coefficients are drawn from
what their estimate leaves open, which gives the error, and the bias of a maximum of noisy means. Both intervals
are at 95 %. Two agree where they overlap.
"""

import csv
import sys
import time
from collections import defaultdict
from statistics import NormalDist

import numpy as np
from pygam import LinearGAM, s

DRAWS = 300
SHOWN = 12


def read(folder):
    quantiles = defaultdict(list)
    with open(f"{folder}/inputs.csv") as file:
        for row in csv.DictReader(file):
            quantiles[row["input"]].append(float(row["quantile"]))
    costs = defaultdict(list)
    with open(f"{folder}/outputs.csv") as file:
        for row in csv.DictReader(file):
            costs[row["strategy"]].append(float(row["cost"]))
    known = {}
    with open(f"{folder}/information.csv") as file:
        for row in csv.DictReader(file):
            if not row["data"]:
                known[row["input"]] = [float(row[key]) for key in ("worth", "worth_low", "worth_high")]
    return quantiles, np.array([costs[name] for name in costs]).T, known


def saving(more):
    """What the best at each point saves, where the first column of losses is 0."""
    return np.maximum(0.0, (-more).max(axis=1)).mean() - max(0.0, (-more).mean(axis=0).max())


def evppi(z, more, random):
    """The estimate, and the interval that its coefficients leave open."""
    fits, draws = [], [[] for _ in range(DRAWS)]
    for column in more.T:
        # One that can hardly become the best has nothing to add, and costs time.
        if column.mean() > 6 * column.std():
            continue
        gam = LinearGAM(s(0, n_splines=12)).gridsearch(z, column, lam=np.logspace(-1, 5, 7), progress=False)
        fits.append(gam.predict(z))
        basis = gam._modelmat(z).toarray()
        for at, coefficients in enumerate(random.multivariate_normal(gam.coef_, gam.statistics_["cov"], DRAWS)):
            draws[at].append(basis @ coefficients)
    if not fits:
        return 0.0, 0.0, 0.0
    value = saving(np.column_stack(fits))
    drawn = np.array([saving(np.column_stack(one)) for one in draws])
    # The mean over draws is above the estimate by as much as the estimate is above the truth.
    bias = drawn.mean() - value
    low, high = np.quantile(drawn, [0.025, 0.975])
    return max(0.0, value - bias), max(0.0, low - 2 * bias), high


random = np.random.default_rng(1)
normal = NormalDist()
agree, asked = 0, 0
for folder in sys.argv[1:]:
    quantiles, cost, known = read(folder)
    best = cost.mean(axis=0).argmin()
    more = np.delete(cost - cost[:, [best]], best, axis=1)
    began = time.time()
    for name, (worth, low, high) in sorted(known.items(), key=lambda item: -item[1][0])[:SHOWN]:
        if name not in quantiles:
            continue
        z = np.array([[normal.inv_cdf(min(max(u, 0.001), 0.999))] for u in quantiles[name]])
        value, least, most = evppi(z, more, random)
        holds = low <= most and least <= high
        agree, asked = agree + holds, asked + 1
        print(f"{name}: GAM {value:.1f} ({least:.1f} to {most:.1f}), outlast {worth:.1f} ({low:.1f} to {high:.1f})"
              f"{'' if holds else '  APART'}")
    print(f"{folder}: {time.time() - began:.1f} s")
print(f"{agree} of {asked} agree")
