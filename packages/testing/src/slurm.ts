import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const tools = join(__dirname, '../../../tools/slurm');
const searched = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
const missing = ['slurmctld', 'slurmd', 'munged'].filter((program) => !searched.some((folder) => existsSync(join(folder, program))));
if (process.geteuid?.() !== 0) missing.push('root');

export const withSlurm = missing.length === 0 ? describe : describe.skip;
export const needsSlurm = `(missing: ${missing.join(', ') || 'nothing'}; needs root and Debian's slurm-wlm and munge)`;

/** A real Slurm of one node, this machine, of a spec's own. */
export class SpecSlurm {
  private readonly folder = mkdtempSync(join(tmpdir(), 'tass-slurm-'));
  readonly environment: { readonly SLURM_CONF: string };

  constructor() {
    const answer = execFileSync(join(tools, 'start.sh'), [join(this.folder, 'cluster')], { encoding: 'utf8' });
    this.environment = { SLURM_CONF: /SLURM_CONF=(.*)/.exec(answer)![1] };
  }

  /** Runs one of Slurm's programs and gives its output. */
  ask(program: string, ...words: string[]): string {
    return execFileSync(program, words, { encoding: 'utf8', env: { ...process.env, ...this.environment } }).trim();
  }

  stop(): void {
    execFileSync(join(tools, 'stop.sh'), [join(this.folder, 'cluster')]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
