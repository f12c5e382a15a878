#!/bin/sh
# Peak memory of the default scenario by the number of trials, on two threads, in MB: of playing and
# its statistics alone, and of the whole program with results, charts and page.
#   benches/memory.sh [TRIALS...]      1,000 to 1,000,000 without
# Needs Linux, where /proc tells the peak.
set -eu
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet --example fixed --bin outlast
built="${CARGO_TARGET_DIR:-target}/release"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The peak of a command, from the status that the shell keeps of it while it runs.
peak() {
    "$@" >"$work/log" 2>&1 &
    most=0
    while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$!/status" 2>/dev/null) && [ -n "$now" ]; do
        most=$now
        sleep 0.02
    done
    wait $! || { cat "$work/log" >&2; exit 1; }
    echo $((most / 1024))
}

[ $# -gt 0 ] || set -- 1000 10000 30000 100000 300000 1000000
printf '%10s %10s %10s\n' trials playing all
for trials in "$@"; do
    playing=$(peak "$built/examples/fixed" run default "$trials" 2)
    all=$(peak "$built/outlast" run --trials "$trials" --threads 2 --quiet --output "$work/out")
    printf '%10d %10d %10d\n' "$trials" "$playing" "$all"
done
