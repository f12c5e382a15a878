#!/bin/sh
# Compares outlast with its peers: sets up a scratch environment for Python, builds, compares.
#   benches/peers/run.sh [ROUNDS]
set -eu
cd "$(dirname "$0")/../.."
scratch="${SCRATCH:-${TMPDIR:-/tmp}/outlast-peers}"
if [ ! -x "$scratch/bin/python" ]; then
    python3 -m venv "$scratch"
    "$scratch/bin/pip" install --quiet -r benches/peers/requirements.txt
fi
cargo build --release --locked --example fixed --example limit
exec "$scratch/bin/python" -B benches/peers/compare.py "$@"
