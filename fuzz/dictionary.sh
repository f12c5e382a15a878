#!/usr/bin/env bash
# Words for libFuzzer: every name that the schema of scenarios has, and what values are made of.
# Usage: fuzz/dictionary.sh > words.dict
set -euo pipefail
cd "$(dirname "$0")/.."
cargo run --quiet --locked -- schema | grep -oE '"[a-z_][a-z0-9_*.+ ]*"' | sort -u
printf '%s\n' '"[["' '"]]"' '" = "' '" to "' '"1h to 9h"' '"365d"' '"Mon-Fri 09:00-17:00"' '"2027-01-04"' '"1e9"' '"{ "' '" }"' '"true"'
printf '%s\n' '"start,end"' '",2026-01-03 10:00"' '",31.12.2026 08:00"' '";"' '"\\x0a"' '"1.234,56"' '"\\xff\\xfe"'
