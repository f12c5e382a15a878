#!/bin/sh
# Counts the instructions of a fixed run and compares them with the stored ones: what a noisy
# machine cannot hide. Needs valgrind.
#   benches/instructions/count.sh          fails where a count is more than 5 % above the baseline
#   benches/instructions/count.sh --renew  writes the counts as the new baseline
# A count holds for one compiler and one kind of processor: renew the baseline with the compiler
# (its version stands in the file), in a commit that says why it moved.
set -eu
cd "$(dirname "$0")/../.."
baseline=benches/instructions/baseline.txt
cargo build --release --locked --example fixed
program="${CARGO_TARGET_DIR:-target}/release/examples/fixed"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

count() {
    valgrind --tool=callgrind --callgrind-out-file="$work/out" "$program" "$@" >"$work/log" 2>&1 ||
        { cat "$work/log" >&2; exit 1; }
    # Loading the scenario is a part of it, the same in both.
    sed -n 's/^==[0-9]*== Collected : \([0-9]*\).*/\1/p' "$work/log"
}

{
    echo "compiler $(rustc --version | cut -d' ' -f2) $(uname -m)"
    echo "load_default $(count run default 1 1)"
    echo "default_2000_trials $(count run default 2000 1)"
    echo "m1_rebuild_2000_trials $(count run benches/m1/rebuild.toml 2000 1)"
    echo "m0_outages_100_trials $(count play benches/m1/outages.toml rebuild 100)"
} >"$work/counts"

if [ "${1:-}" = --renew ]; then
    cp "$work/counts" "$baseline"
    cat "$baseline"
    exit
fi
awk '
    NR == FNR { base[$1] = $2; next }
    $1 == "compiler" { if ($2 != base[$1]) print "note: the baseline is of compiler " base[$1]; next }
    {
        change = 100 * ($2 / base[$1] - 1)
        printf "%-24s %14d %14d %+7.2f %%\n", $1, base[$1], $2, change
        if (change > 5) worse = 1
    }
    END { if (worse) { print "more than 5 % above the baseline"; exit 1 } }
' "$baseline" "$work/counts"
