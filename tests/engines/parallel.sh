# GNU parallel: one shard is killed and not tried again; then all is played again, which costs what is missing.
script parallel
sed -i 's/--retries 3/--retries 1 -j 2/; s/^parallel/parallel --will-cite/; /^outlast merge/d' parallel.sh
sh parallel.sh & running=$!
until_part
kill_here -o -x outlast
wait "$running" || true
lacks
script parallel --missing
sed -i 's/^parallel/parallel --will-cite/; /^outlast merge/d' parallel.sh
sh parallel.sh
same parallel
