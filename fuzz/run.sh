#!/usr/bin/env bash
# Fuzzes one target for so many executions: fuzz/run.sh TARGET EXECUTIONS [SEED]
# Wants cargo-fuzz and a nightly compiler. The corpus begins with the scenarios and examples of the project
# and is kept in fuzz/corpus, which is not part of the project; what was found is in fuzz/artifacts.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 executions=$2 seed=${3:-1}
corpus=fuzz/corpus/$target
mkdir -p "$corpus"
begin() { # begin NAME: a first input from standard input
    cat > "$corpus/$1"
}
case $target in
scenario | trial)
    for file in scenarios/*.toml src/verify/*.toml fuzz/*.toml; do
        [ "${file##*/}" = Cargo.toml ] || begin "$(basename "$file")" < "$file"
    done ;;
distribution)
    i=0
    grep -ohE "(\"[0-9][^\"]* to [^\"]*\"|\{ [a-z]+ = \{[^}]*\} \})" scenarios/*.toml docs/*.md | sort -u |
        while read -r law; do i=$((i + 1)); printf '%s' "$law" | begin "law-$i"; done ;;
setting)
    printf 'operations.call_out=10m' | begin duration
    printf 'fault.*.every=1d to 9d' | begin pattern
    printf 'strategy.*.staging.promote={ guess = "1h", range = ["10m", "9h"] }' | begin range ;;
log)
    printf 'start,end,cause\n2026-01-03 10:00,2026-01-03 14:00,server\n' | begin plain
    printf 'Nummer;Er\xf6ffnet;Geschlossen\nINC1;03.01.2026 10:00;03.01.2026 14:00\n' | begin german ;;
part)
    folder=$(mktemp -d)
    cargo run --quiet --locked -- run fuzz/part.toml -n 40 --shard 1/1 -q -o "$folder"
    tail -n +2 "$folder"/part-* | begin whole
    rm -r "$folder" ;;
*) echo "no such target: $target" >&2; exit 2 ;;
esac
fuzz/dictionary.sh > fuzz/corpus/words.dict
# A second and 500 MB are the most that an input may take; whole runs may take ten.
seconds=1
[ "$target" = trial ] && seconds=10
cargo +nightly fuzz run "$target" -- -runs="$executions" -seed="$seed" -dict=fuzz/corpus/words.dict \
    -timeout="$seconds" -rss_limit_mb=1500 -malloc_limit_mb=500 -max_len=20000 -print_final_stats=1
