//! The script of each engine.

/// Something that starts programs on many machines, and starts them again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Engine {
    /// HyperQueue: many machines without a scheduler, or within one
    Hyperqueue,
    /// Slurm: an array job, and a job that merges after it
    Slurm,
    /// Kubernetes: an indexed job
    Kubernetes,
    /// GNU parallel: this machine, or a few by ssh
    Parallel,
}

/// What is to be played.
pub(super) struct Job {
    /// The scenario's name.
    pub(super) name: String,
    /// The command of a shard, up to its number.
    pub(super) command: String,
    /// The folder of the parts, as a word of the shell.
    pub(super) folder: String,
    /// The numbers of the shards to play, ascending.
    pub(super) shards: Vec<u64>,
    /// How many shards the work has.
    pub(super) count: u64,
    /// How many of what the whole work has.
    pub(super) whole: (u64, &'static str),
    /// Threads of a shard.
    pub(super) threads: u16,
}

impl Job {
    /// The script for an engine.
    pub(super) fn script(&self, engine: Engine) -> String {
        match engine {
            Engine::Hyperqueue => self.hyperqueue(),
            Engine::Slurm => self.slurm(),
            Engine::Kubernetes => self.kubernetes(),
            Engine::Parallel => self.parallel(),
        }
    }

    /// What the script is, for its first lines; a name cannot end a line.
    fn title(&self) -> String {
        let Job { name, shards, count, whole: (whole, unit), .. } = self;
        format!("{name}: {whole} {unit}s, {} of {count} shards", shards.len())
    }

    /// The command of the shard whose number is that word.
    fn shard(&self, number: &str) -> String {
        format!("{} --shard {number}/{} -o {}", self.command, self.count, self.folder)
    }

    /// "1-4,7,9-10".
    fn numbers(&self) -> String {
        let mut runs: Vec<(u64, u64)> = Vec::new();
        for &number in &self.shards {
            match runs.last_mut() {
                Some((_, last)) if *last + 1 == number => *last = number,
                _ => runs.push((number, number)),
            }
        }
        let run = |(first, last): &(u64, u64)| match first == last {
            true => first.to_string(),
            false => format!("{first}-{last}"),
        };
        runs.iter().map(run).collect::<Vec<_>>().join(",")
    }

    fn parallel(&self) -> String {
        let numbers: Vec<String> = self.shards.iter().map(u64::to_string).collect();
        format!(
            "#!/bin/sh\n# {}\n# GNU parallel, on the cores of this machine; add --sshlogin for others that see the \
             same folders.\nset -eu\nparallel --quote --retries 3 --halt soon,fail=1 {} ::: {}\noutlast merge {}\n",
            self.title(),
            self.shard("{}"),
            numbers.join(" "),
            self.folder
        )
    }

    fn hyperqueue(&self) -> String {
        format!(
            "#!/bin/sh\n# {}\n# HyperQueue: needs a server (hq server start) and workers (hq worker start, or hq alloc \
             add).\n# A shard whose worker dies starts again on another.\nset -eu\nhq submit --wait --array {} --cpus {} \
             --crash-limit 10 -- \\\n  sh -c 'exec {}'\noutlast merge {}\n",
            self.title(),
            self.numbers(),
            self.threads,
            self.shard("$HQ_TASK_ID").replace('\'', "'\\''"),
            self.folder
        )
    }

    fn slurm(&self) -> String {
        format!(
            "#!/bin/sh\n# {}\n# Slurm: sbatch this file, then merge when all are done:\n#   sbatch \
             --dependency=afterok:JOB --kill-on-invalid-dep=yes --wrap \"outlast merge {}\"\n#SBATCH \
             --job-name=outlast\n#SBATCH --array={}\n#SBATCH --cpus-per-task={}\n#SBATCH --requeue\nset -eu\nexec {}\n",
            self.title(),
            self.folder,
            self.numbers(),
            self.threads,
            self.shard("\"$SLURM_ARRAY_TASK_ID\"")
        )
    }

    fn kubernetes(&self) -> String {
        let numbers: Vec<String> = self.shards.iter().map(u64::to_string).collect();
        let count = self.shards.len();
        // Indices count from 0; the list says which shard each of them is.
        let command = format!(
            "set -- {}; shift \"$JOB_COMPLETION_INDEX\"; exec {}",
            numbers.join(" "),
            self.shard("\"$1\"")
        );
        let command = serde_json::Value::from(command);
        format!(
            "# {}\n# Kubernetes: put in the image and the volume that you have; both must hold what the command \
             names.\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: outlast\nspec:\n  completionMode: Indexed\n  \
             completions: {count}\n  parallelism: {count}\n  backoffLimitPerIndex: 3\n  template:\n    spec:\n      \
             restartPolicy: Never\n      containers:\n        - name: outlast\n          image: IMAGE\n          \
             workingDir: /work\n          command: [\"sh\", \"-c\", {command}]\n          resources:\n            \
             requests:\n              cpu: \"{}\"\n          volumeMounts:\n            - name: work\n              \
             mountPath: /work\n      volumes:\n        - name: work\n          persistentVolumeClaim:\n            \
             claimName: CLAIM\n",
            self.title(),
            self.threads
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_in_runs() {
        let job = |shards: &[u64]| Job {
            name: String::new(),
            command: String::new(),
            folder: String::new(),
            shards: shards.to_vec(),
            count: 10,
            whole: (10, "trial"),
            threads: 1,
        };
        assert_eq!(job(&[1, 2, 3, 5, 9, 10]).numbers(), "1-3,5,9-10");
        assert_eq!(job(&[7]).numbers(), "7");
    }
}
