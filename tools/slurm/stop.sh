#!/usr/bin/env bash
# Ends the Slurm that start.sh began in FOLDER, with the jobs that run in it: tools/slurm/stop.sh FOLDER. The folder stays.
set -euo pipefail
[ $# -eq 1 ] && [ -f "$1/slurm.conf" ] || {
  echo "tools/slurm/stop.sh: give one argument, the folder that start.sh was given" >&2
  exit 1
}
folder=$(realpath "$1")
export SLURM_CONF=$folder/slurm.conf

is_ours() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$folder"; } # a number may be another process' by now
controller=$(cat "$folder/slurmctld.pid" 2>/dev/null) || controller=0

# Jobs first: their processes would outlive slurmd. Those that do not heed Slurm are killed by their scripts' process groups.
for _ in $(seq 50); do
  is_ours "$controller" || break
  running=$(timeout 10 squeue --noheader --format=%A 2>/dev/null) || break
  [ -n "$running" ] || break
  # shellcheck disable=SC2086 # one word for each job
  timeout 10 scancel $running 2>/dev/null || true
  sleep 0.2
  for script in $(pgrep -f "$folder/spool/job[0-9]+/slurm_script"); do
    kill -KILL -- "-$(ps -o pgid= -p "$script" | tr -d ' ')" 2>/dev/null || true
  done
done

for program in slurmd slurmctld munged; do
  pid=$(cat "$folder/$program.pid" 2>/dev/null) || continue
  is_ours "$pid" || continue
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 50); do
    is_ours "$pid" || continue 2
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
done
