#!/bin/sh
# What a short run of the default scenario costs: the processor's time of starting, loading, playing
# 100 trials and ending, without charts (asked: under 50 ms), and the wall time of a run with all its
# charts and the page (asked: under 1 s more). The best of five counts.
#   benches/start.sh
set -eu
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --example fixed --bin outlast
built="${CARGO_TARGET_DIR:-target}/release"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for round in 1 2 3 4 5; do
    /usr/bin/env bash -c 'TIMEFORMAT="%U %S"; time "$@" 2>/dev/null' - "$built/examples/fixed" run default 100 2
done 2>&1 | awk '{ cpu = 1000 * ($1 + $2); if (NR == 1 || cpu < best) best = cpu }
    END { printf "start, load, 100 trials, end: %.0f ms of CPU\n", best; exit best > 50 }'
for round in 1 2 3 4 5; do
    /usr/bin/env bash -c 'TIMEFORMAT="%R"; time "$@"' - "$built/outlast" run --trials 100 --quiet --output "$work/out"
done 2>&1 | awk '{ if (NR == 1 || $1 < best) best = $1 }
    END { printf "the same with charts and page: %.2f s of wall time\n", best; exit best > 1 }'
