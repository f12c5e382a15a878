#!/usr/bin/env bash
# Plays a run in shards on real engines, kills something on the way, plays what is missing, and holds the merged
# output against one run on this machine, byte by byte: GNU parallel, Slurm with two nodes, HyperQueue. The file for
# Kubernetes is held against the types of its API.
#
# Usage: tests/engines/run.sh [parallel|slurm|hyperqueue|kubernetes]...
# Wants root, Debian's packages and pip; installs what is missing. Everything runs in a network of its own, which
# has nothing but the loopback.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
engines=("$@")
[ ${#engines[@]} -gt 0 ] || engines=(parallel slurm hyperqueue kubernetes)

if [ -z "${OUTLAST_IN_ITS_NETWORK:-}" ]; then
    missing=()
    for need in parallel:parallel sbatch:slurm-client slurmctld:slurmctld slurmd:slurmd munged:munge ip:iproute2 pkill:procps; do
        command -v "${need%%:*}" >/dev/null || [ -x "/usr/sbin/${need%%:*}" ] || missing+=("${need##*:}")
    done
    if [ ${#missing[@]} -gt 0 ]; then
        apt-get -q update
        apt-get -q install -y --no-install-recommends "${missing[@]}"
    fi
    python=${OUTLAST_PYTHON:-$root/target/engines-python}
    if ! "$python/bin/python" -c 'import hyperqueue, kubernetes, yaml' 2>/dev/null; then
        # Debian's own Python comes without it.
        python3 -m venv "$python" || { apt-get -q install -y python3-venv && python3 -m venv "$python"; }
        "$python/bin/pip" -q install hyperqueue==0.27.0 kubernetes==37.0.2 PyYAML
    fi
    cargo build --quiet --locked --manifest-path "$root/Cargo.toml"
    export OUTLAST_IN_ITS_NETWORK=1 OUTLAST_PYTHON=$python
    exec unshare --net "$0" "${engines[@]}"
fi
ip link set lo up
# Names are looked up only where there is an address besides 127.0.0.1; nothing can be reached by this one.
ip address add 10.99.0.1/32 dev lo
export PATH=$root/target/debug:$PATH
python=$OUTLAST_PYTHON/bin/python

work=$(mktemp -d)
export work
trap 'status=$?; [ ! -f "$work/end" ] || . "$work/end"; rm -rf "$work"; exit $status' EXIT
cd "$work"
cp "$root/scenarios/small-office.toml" office.toml
# Shards of some seconds, so that there is a middle in which to kill one.
run=(office.toml --trials "${OUTLAST_ENGINE_TRIALS:-120000}" --seed 5)
outlast run "${run[@]}" --no-robustness -q -o whole

# The script for an engine: of all shards, or of those that are not there.
script() { # script ENGINE [--missing]
    outlast shards "${run[@]}" --shards 6 --for "$1" -o parts ${2:+--missing parts} > "$1.sh"
}
until_part() { # waits until a first part is there, so that others are being played
    for _ in $(seq 600); do
        compgen -G 'parts/part-*' >/dev/null && return
        sleep 0.1
    done
    echo "no part came" >&2
    return 1
}
# Kills a process of this network, and none of the machine's others: kill_here -o -x outlast. Between two shards
# there is none for a moment.
kill_here() {
    for _ in $(seq 200); do
        pkill -9 --ns $$ --nslist net "$@" && return
        sleep 0.05
    done
    echo "nothing was there to kill: $*" >&2
    return 1
}
# Whether trials are missing: merge says so by its exit code.
lacks() {
    local code=0
    outlast merge parts -q -o lacking 2>lacking.txt || code=$?
    [ "$code" -eq 3 ] || { echo "merge ended with $code where trials are missing" >&2; cat lacking.txt >&2; return 1; }
}
# Plays with something killed on the way until trials are missing: a kill may come when its shard has just been
# written, and then nothing is.
with_loss() { # with_loss FUNCTION
    for _ in 1 2 3; do
        rm -rf parts
        "$1"
        ! lacks || return 0
    done
    return 1
}
same() { # same ENGINE: what was merged is what one run gives
    outlast merge parts --no-robustness -q -o merged
    # The manifest and the page know when they were made.
    diff -r -x run.json -x report.html whole merged
    echo "$1: the same bytes"
    rm -rf parts merged
}
for engine in "${engines[@]}"; do
    # shellcheck source=/dev/null
    . "$here/$engine.sh"
done
