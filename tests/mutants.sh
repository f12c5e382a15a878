#!/usr/bin/env bash
# Changes the code in one place at a time and sees whether a test notices: tests/mutants.sh [K/N]
# There are some 6,800 such places in the engine, the strategies, the world, the statistics and the study, and each
# costs a build and a run of the tests; K/N takes every N-th of them, beginning with the K-th. What no test noticed is
# in mutants.out/missed.txt. Wants cargo-mutants, and a clean working tree, which it changes and puts back.
set -euo pipefail
cd "$(dirname "$0")/.."
git diff --quiet || { echo "the working tree has changes; commit them first" >&2; exit 2; }
# Little optimisation: the builds cost more than the tests. The browser and the documents know nothing of it.
export CARGO_INCREMENTAL=0 CARGO_PROFILE_TEST_OPT_LEVEL=1 CARGO_PROFILE_DEV_OPT_LEVEL=1
exec cargo mutants --in-place --baseline skip --timeout 900 --shard "${1:-0/300}" --sharding round-robin \
    -f 'src/engine/**' -f 'src/strategy/**' -f 'src/world/**' -f 'src/stats/**' -f 'src/study/**' \
    -- --locked --lib --test it -- --skip browser --skip documents --skip golden --skip charts --skip page
