# GNU parallel: one shard is killed and not tried again; then all is played again, which costs what is missing.
killed_shard() {
    script parallel
    sed -i 's/--retries 3/--retries 1 -j 2/; s/^parallel/parallel --will-cite/; /^outlast merge/d' parallel.sh
    sh parallel.sh & running=$!
    until_part
    kill_here -o -x outlast
    wait "$running" || true
}
with_loss killed_shard
script parallel --missing
sed -i 's/^parallel/parallel --will-cite/; /^outlast merge/d' parallel.sh
sh parallel.sh
same parallel

# The points of a grid, and those of a study, by scripts of the same form.
divided() { # divided COMMAND [OPTION]...
    outlast "$@" > whole.txt
    outlast shards --shards 4 --for parallel -- "$@" > divided.sh
    sed -i 's/^parallel/parallel --will-cite -j 2/; /^outlast merge/d' divided.sh
    sh divided.sh > /dev/null
    outlast merge parts > merged.txt
    diff whole.txt merged.txt
    echo "parallel, $1: the same text"
    rm -rf parts
}
divided compare office.toml --sweep "fault.server hardware.repair=1h..8h/9" -n 500 --seed 5
divided sensitivity office.toml --points 256 --seed 5
