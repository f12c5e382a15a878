#!/usr/bin/env bash
# What dividing a run costs on one machine: 1, 2, 4 and 8 workers, each a process of one thread that takes
# the next of 64 shards; the run in one on as many threads; and the merge of 10,000 files. All must come
# out with the same files. One round; for figures that count, leave the machine idle.
#   benches/workers.sh [SCENARIO [TRIALS]]
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --bin outlast
outlast="${CARGO_TARGET_DIR:-$PWD/target}/release/outlast"
scenario=${1:-benches/m1/rebuild.toml}
trials=${2:-10000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Wall time and processor time of a command, seconds.
timed() { local TIMEFORMAT="%R, %U"; { time "$@" >/dev/null; } 2>&1; }
shards() { # WORKERS SHARDS FOLDER
    seq 1 "$2" | xargs -P "$1" -I {} "$outlast" run "$scenario" --trials "$trials" --threads 1 \
        --no-robustness --shard "{}/$2" --output "$3" --quiet
}
same() { # FOLDER
    for file in summary.csv outages.csv; do cmp "$work/whole/$file" "$1/$file"; done
}
put_together() { "$outlast" merge "$1" --quiet --output "$2"; }

echo "$(nproc) processors, $scenario, $trials trials"
echo "what, wall s, processor s"
for threads in 1 "$(nproc)"; do
    echo "the run in one on $threads threads," "$(timed "$outlast" run "$scenario" --trials "$trials" \
        --threads "$threads" --no-robustness --quiet --output "$work/whole")"
done
for workers in 1 2 4 8; do
    echo "64 shards and $workers workers," "$(timed shards "$workers" 64 "$work/parts$workers")"
done
echo "merge of 64 files," "$(timed put_together "$work/parts8" "$work/merged")"
same "$work/merged"
shards "$(nproc)" 10000 "$work/many"
echo "merge of 10000 files ($(du -sm "$work/many" | cut -f 1) MB)," "$(timed put_together "$work/many" "$work/all")"
same "$work/all"
echo "all files are the same"
