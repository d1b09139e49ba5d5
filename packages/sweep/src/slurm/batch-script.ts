import { shellWord } from '@tass/program';
import { SlurmError } from './slurm-error';

/** One task of an array. */
export interface Task {
  readonly main: string; // a JavaScript file
  readonly words: readonly string[]; // its arguments
  readonly log: string; // output is appended to this file
  readonly environment?: Readonly<Record<string, string>>;
}

/** Settings shared by all tasks of a submission. */
export interface TaskSetting {
  readonly records: string; // folder in which each task makes its own, see task-record.ts
  readonly node: string;
  readonly setup: readonly string[]; // lines of bash
  readonly environment: string; // a file of bash, read first; it may hold secrets, which Slurm's copy of the script must not
}

/**
 * The script of an array of `tasks`: number n runs tasks[n]. Every word of a task reaches it unchanged; bash interprets only `setup`. A
 * task runs once, whatever Slurm or an administrator does, because it starts by making its record's folder.
 *
 * On USR1 (the time limit is near, or the launcher sent it) or TERM, the script sends TERM to the worker once (a second one would mean "end
 * at once without saving") and waits for it. Slurm sends TERM either to the script alone or to all processes of a task (scancel, time
 * limit, preemption); a sleeping witness process shows which. Throws UsageError if a word holds a NUL, SlurmError for the name of an
 * environment variable that bash does not take.
 */
export function batchScript(tasks: readonly Task[], { records, node, setup, environment }: TaskSetting): string {
  return `#!/usr/bin/env bash
# Runs one job of a sweep for each task of a Slurm array. Written by the sweep's launcher; Slurm has a copy of its own.
witness= worker= asked=
tell() { [ -z "$worker" ] || kill -TERM "$worker" 2>/dev/null; }
on_usr1() {
  [ -z "$asked" ] || return
  asked=yes
  tell
}
on_term() {
  [ -z "$asked" ] || return
  asked=yes
  sleep 1 # in which the witness would get the signal too
  ! kill -0 "$witness" 2>/dev/null || tell
}
trap on_usr1 USR1
trap on_term TERM

record=${shellWord(records)}/$SLURM_ARRAY_TASK_ID
if ! mkdir "$record"; then
  [ -d "$record" ] && exit 0 # the launcher gave this task up, or it has run before
  exit 74
fi
write_record() { printf '%s\\n' "$2" >"$record/$1.tmp" && mv "$record/$1.tmp" "$record/$1"; }
finish() {
  write_record exit.json "{\\"code\\":$1}"
  [ -z "$witness" ] || kill "$witness" 2>/dev/null
}
trap 'finish $?' EXIT
write_record start.json "{\\"task\\":\\"\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID\\",\\"host\\":\\"$(uname -n)\\"}"
sleep infinity &
witness=$!
disown

environment=${shellWord(environment)}
. "$environment" 2>/dev/null || environment=
case $SLURM_ARRAY_TASK_ID in
${tasks.map(branch).join('\n')}
  *) exit 64 ;;
esac
exec >>"$log" 2>&1 || exit 73
[ -n "$environment" ] || {
  echo 'launcher slurm: the file with the variables of this job cannot be read:' ${shellWord(environment)}
  exit 78
}
${setup.join('\n')}
set +eu # which a line above may have set
[ -z "$asked" ] || exit 143
${shellWord(node)} "\${words[@]}" &
worker=$!
[ -z "$asked" ] || tell # asked while it began

wait "$worker"
code=$?
while kill -0 "$worker" 2>/dev/null; do # a signal ended the wait, not the worker
  wait "$worker"
  code=$?
done
wait "$worker" 2>/dev/null # where the worker ended just behind such a signal; 127: its code was known already
again=$?
[ $again -eq 127 ] || code=$again
exit $code
`;
}

function branch({ main, words, log, environment = {} }: Task, number: number): string {
  const variables = Object.entries(environment).map(([name, value]) => `    export ${variableName(name)}=${shellWord(value)}`);
  const lines = [`    log=${shellWord(log)}`, ...variables, `    words=(${[main, ...words].map(shellWord).join(' ')})`];
  return `  ${number})\n${lines.join('\n')}\n    ;;`;
}

function variableName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name;
  throw new SlurmError(`launcher slurm: ${JSON.stringify(name)} cannot be the name of an environment variable`);
}
