import { spawnSync } from 'node:child_process';

/** Runs a command in a process namespace of its own, as a container does; its first process is killed with the one that is started. */
export const inNamespace = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Needs root, and a machine that allows it. */
export const hasNamespaces = (): boolean =>
  process.platform === 'linux' && spawnSync(inNamespace[0], [...inNamespace.slice(1), 'true']).status === 0;
