# HyperQueue, by its Python wheel, which holds server and workers but not the program hq: the commands are those of
# the script. One shard is killed on the way.
killed_task() {
    script hyperqueue
    "$python" "$here/hyperqueue_array.py" hyperqueue.sh kill
}
with_loss killed_task
script hyperqueue --missing
"$python" "$here/hyperqueue_array.py" hyperqueue.sh
same hyperqueue
