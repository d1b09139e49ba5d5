import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fromSources, MiniatureProject } from '@tass/testing';

const repository = resolve(__dirname, '../../..');
const project = new MiniatureProject();
afterAll(() => project.remove());
const nobody = 54321; // a number that no user has

const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;
describeAsRoot('a user without a name and without HOME, as in containers (needs root)', () => {
  const programs: readonly (readonly [main: string, ...words: string[]])[] = [
    ...['train', 'sweep'].map((word) => ['apps/trainer/src/main.ts', word] as const),
    ...['evaluate', 'leaderboard', 'score'].map((word) => ['apps/evaluator/src/main.ts', word] as const),
    ...['prepare', 'check', 'import', 'export'].map((word) => ['apps/features/src/main.ts', word] as const),
    ...['sync', 'serve'].map((word) => ['packages/tracking/src/main.ts', word] as const),
    ['packages/mini-avqa/src/main.ts', 'make'],
    ['apps/native-libraries/src/tensorflow-main.ts'],
    ['apps/native-libraries/src/onnxruntime-main.ts'],
    ['tools/tass/bin.cjs'],
  ];
  it.each(programs.map(([main, ...words]) => [[main, ...words].join(' '), main, words] as const))('%s --help', (_, main, words) => {
    const command = [...fromSources, join(repository, main), ...words, '--help'];
    const { PATH } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: project.folder, env: { PATH }, uid: nobody, gid: nobody, encoding: 'utf8' }); // prettier-ignore
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  });

  it('trains', async () => {
    chmodSync(project.folder, 0o777);
    const { code, errors } = await project.train(['--exp=miniature', 'engine.backend=auto'], {
      userId: nobody,
      environment: { HOME: undefined, XDG_CACHE_HOME: undefined },
    });
    expect([code, errors]).toEqual([0, expect.stringContaining('run folder: ')]);
  });
});
