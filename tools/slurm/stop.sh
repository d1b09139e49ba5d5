#!/usr/bin/env bash
# Ends the Slurm that start.sh began in FOLDER, with the jobs that run in it: tools/slurm/stop.sh FOLDER. The folder stays.
set -euo pipefail
[ $# -eq 1 ] && [ -f "$1/slurm.conf" ] || {
  echo "tools/slurm/stop.sh: give one argument, the folder that start.sh was given" >&2
  exit 1
}
folder=$(realpath "$1")
export SLURM_CONF=$folder/slurm.conf

pid_of() { # of a program that start.sh began here and that still runs; the number in its file may be another process' by now
  local pid
  pid=$(cat "$folder/$1.pid" 2>/dev/null) || return 1
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "$folder" && echo "$pid"
}

# Jobs first: their processes would outlive slurmd.
for _ in $(seq 50); do
  pid_of slurmctld >/dev/null || break
  running=$(timeout 10 squeue --noheader --format=%A 2>/dev/null) || break
  [ -n "$running" ] || break
  # shellcheck disable=SC2086 # one word for each job
  timeout 10 scancel --signal=KILL --full $running 2>/dev/null || true
  # shellcheck disable=SC2086
  timeout 10 scancel $running 2>/dev/null || true
  sleep 0.2
done

for program in slurmd slurmctld munged; do
  pid=$(pid_of "$program") || continue
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 50); do
    pid_of "$program" >/dev/null || continue 2
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
done
