#!/usr/bin/env bash
# Ends the Slurm that start.sh began in FOLDER, with the jobs that run in it: tools/slurm/stop.sh FOLDER. The folder stays.
set -euo pipefail
[ $# -eq 1 ] && [ -f "$1/slurm.conf" ] || {
  echo "tools/slurm/stop.sh: give one argument, the folder that start.sh was given" >&2
  exit 1
}
folder=$(realpath "$1")
export SLURM_CONF=$folder/slurm.conf

# Jobs first: their processes would outlive slurmd.
jobs() { timeout 10 squeue --noheader --format=%A 2>/dev/null || true; }
for _ in $(seq 50); do
  running=$(jobs)
  [ -n "$running" ] || break
  # shellcheck disable=SC2086 # one word for each job
  timeout 10 scancel --signal=KILL --full $running 2>/dev/null || true
  timeout 10 scancel $running 2>/dev/null || true
  sleep 0.2
done

is_ours() { tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$folder"; } # the number may be another process' by now
for program in slurmd slurmctld munged; do
  [ -f "$folder/$program.pid" ] || continue
  pid=$(cat "$folder/$program.pid")
  is_ours "$pid" || continue
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 50); do
    is_ours "$pid" || break
    sleep 0.1
  done
  is_ours "$pid" && kill -KILL "$pid" 2>/dev/null || true
done
