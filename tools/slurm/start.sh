#!/usr/bin/env bash
# Starts a real Slurm of one node, this machine, for specs and for trying: tools/slurm/start.sh FOLDER
# Prints `export SLURM_CONF=...`, so: eval "$(tools/slurm/start.sh /tmp/slurm)"; sbatch ...; tools/slurm/stop.sh /tmp/slurm
# Everything lies in FOLDER (new or empty): configuration, state, logs, and an own munge with an own key; ports are free ones. Nothing of the
# system is touched, so several can run side by side. Needs root, slurm-wlm, munge and node; no systemd, no cgroups, no accounting.
set -euo pipefail
fail() {
  echo "tools/slurm/start.sh: $*" >&2
  exit 1
}
PATH=$PATH:/usr/sbin:/sbin
[ $# -eq 1 ] || fail 'give one argument, the folder to work in'
[ "$(id -u)" -eq 0 ] || fail 'only root can start slurmd'
for program in slurmctld slurmd munged sinfo node; do
  command -v "$program" >/dev/null || fail "$program is missing. Debian, Ubuntu: apt-get install slurm-wlm munge"
done

mkdir -p "$1"
folder=$(realpath "$1")
case $folder in *[!A-Za-z0-9/._-]*) fail "$folder: slurm.conf takes no such name, choose one of letters, digits, '.', '_' and '-'" ;; esac
[ -z "$(ls -A "$folder")" ] || fail "$folder is not empty. Stop what runs there with stop.sh and choose another folder"
[ ${#folder} -le 80 ] || fail "$folder: too long for a socket's name, choose a path of at most 80 characters"
mkdir "$folder"/{state,spool,log}

free_ports() { # as many as asked for, held together so that they differ
  node -e '
    const servers = Array.from({ length: Number(process.argv[1]) }, () => require("node:net").createServer().listen(0, "127.0.0.1"));
    const ports = () => console.log(servers.map((server) => server.address().port).join(" "));
    Promise.all(servers.map((server) => new Promise((done) => server.on("listening", done)))).then(ports).then(() => process.exit());
  ' "$1"
}
read -r controller_port node_port <<<"$(free_ports 2)"
# as slurmd itself counts them, or it would drain the node: "NodeName=x CPUs=2 ... RealMemory=24105"
hardware=$(slurmd -C | sed -n 's/^NodeName=[^ ]* //p')
memory=$(sed -n 's/.*RealMemory=\([0-9]*\).*/\1/p' <<<"$hardware")
cpus=$(sed -n 's/.*CPUs=\([0-9]*\).*/\1/p' <<<"$hardware")
host=$(hostname -s)

cat >"$folder/slurm.conf" <<CONF
ClusterName=tass
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$controller_port
SlurmdPort=$node_port
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$folder/log/finished-jobs.txt
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
DefMemPerCPU=$((memory / cpus / 2))
ReturnToService=2
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
MinJobAge=300
MaxArraySize=1001
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
NodeName=$host NodeAddr=127.0.0.1 $hardware State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:8
CONF
export SLURM_CONF=$folder/slurm.conf

(umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
# --force: the folder may be one that others cannot enter, which munge warns of. Quiet here; its log keeps the warning.
munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
  --seed-file="$folder/munged.seed" --log-file="$folder/log/munged.log" >"$folder/log/munged.out" 2>&1 ||
  fail "munged does not start, see $folder/log"
slurmctld -f "$SLURM_CONF" >"$folder/log/slurmctld.out" 2>&1 || fail "slurmctld does not start, see $folder/log"
slurmd -f "$SLURM_CONF" >"$folder/log/slurmd.out" 2>&1 || fail "slurmd does not start, see $folder/log"

for _ in $(seq 150); do
  if [ "$(timeout 5 sinfo --noheader --format=%T 2>/dev/null)" = idle ]; then
    echo "export SLURM_CONF=$SLURM_CONF"
    exit
  fi
  sleep 0.2
done
"$(dirname "$0")/stop.sh" "$folder" || true
fail "the node did not become idle within 30 s, see $folder/log"
