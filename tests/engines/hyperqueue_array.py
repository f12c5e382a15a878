"""Does what `sh hyperqueue.sh` does, without `hq`: one task for each number of the array."""

import os
import re
import subprocess
import sys
import time

from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig


def numbers(array):
    """1-3,5 as [1, 2, 3, 5]."""
    for run in array.split(","):
        first, _, last = run.partition("-")
        yield from range(int(first), int(last or first) + 1)


script = open(sys.argv[1], encoding="utf-8").read()
array = re.search(r"--array (\S+)", script).group(1)
command = re.search(r"sh -c '(.*)'$", script, re.MULTILINE).group(1)
with LocalCluster(server_dir=os.path.abspath("hq")) as cluster:
    for _ in range(2):
        cluster.start_worker(WorkerConfig(cores=1))
    client, job = cluster.client(), Job()
    for number in numbers(array):
        # The wheel numbers its tasks by itself, so the number stands in the command.
        task = command.replace("$HQ_TASK_ID", str(number))
        job.program(["sh", "-c", task], cwd=os.getcwd())
    submitted = client.submit(job)
    if "kill" in sys.argv[2:]:
        while not os.path.isdir("parts") or not os.listdir("parts"):
            time.sleep(0.1)
        # The newest, and none of another network.
        here = ["--ns", str(os.getpid()), "--nslist", "net"]
        kill = ["pkill", "-9", "-n", "-x", "outlast", *here]
        # Between two shards there is none for a moment.
        while subprocess.run(kill, check=False).returncode != 0:
            time.sleep(0.05)
    # A task that fails raises with its exit code and what it said, but where one was killed.
    client.wait_for_jobs([submitted], raise_on_error="kill" not in sys.argv[2:])
