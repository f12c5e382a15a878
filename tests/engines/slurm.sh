# Slurm: two nodes on this host. One is killed with the shard that it plays, and does not come back until the rest
# is done.
host=$(hostname -s)
mkdir -p slurm/state slurm/one slurm/two /run/munge
[ -f /etc/munge/munge.key ] || /usr/sbin/mungekey
chown munge: /run/munge /etc/munge/munge.key
munge_was_there=$(pgrep -x munged || true)
[ -n "$munge_was_there" ] || su -s /bin/sh munge -c /usr/sbin/munged >daemons.log 2>&1
cat > slurm/slurm.conf <<C
ClusterName=outlast
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SchedulerParameters=batch_sched_delay=0,sched_interval=2
ReturnToService=2
StateSaveLocation=$work/slurm/state
SlurmctldPidFile=$work/slurm/controller.pid
SlurmdPidFile=$work/slurm/%n.pid
SlurmdSpoolDir=$work/slurm/%n
SlurmdLogFile=$work/slurm/%n.log
SlurmctldLogFile=$work/slurm/controller.log
NodeName=one NodeHostname=$host NodeAddr=127.0.0.1 Port=7001 CPUs=1
NodeName=two NodeHostname=$host NodeAddr=127.0.0.1 Port=7002 CPUs=1
PartitionName=all Nodes=one,two Default=YES State=UP
C
export SLURM_CONF=$work/slurm/slurm.conf
# When all ends, whatever happened: the jobs, then the daemons of this test.
cat > end <<'C'
scancel --user=root 2>/dev/null || true
[ -n "$munge_was_there" ] || pkill -x munged || true
cat "$work"/slurm/*.pid 2>/dev/null | xargs -r kill -9 2>/dev/null || true
C
slurmctld >daemons.log 2>&1
slurmd -N one >>daemons.log 2>&1
slurmd -N two >>daemons.log 2>&1
for _ in $(seq 100); do
    [ "$(sinfo -h -t idle -o %D)" = 2 ] && break
    sleep 0.2
done
until_done() { # until the job has left the queue
    for _ in $(seq 1200); do
        [ -z "$(squeue -h -j "$job" 2>/dev/null)" ] && break
        sleep 0.1
    done
}
killed_node() {
    script slurm
    # Without --requeue what the node played is lost, as if it never came back.
    sed -i '/--requeue/d' slurm.sh
    job=$(sbatch --parsable --no-requeue --output=/dev/null slurm.sh)
    until_part
    # The daemon first, so that it cannot tell of the death of what it plays.
    kill -9 "$(cat slurm/two.pid)"
    kill_here -n -x outlast
    scontrol update nodename=two state=down reason=killed
    until_done
    slurmd -N two >>daemons.log 2>&1
    scontrol update nodename=two state=resume 2>/dev/null || true
}
with_loss killed_node
script slurm --missing
job=$(sbatch --parsable --output=/dev/null slurm.sh)
until_done
same slurm
