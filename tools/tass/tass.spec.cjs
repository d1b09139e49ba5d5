const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const bin = path.join(__dirname, 'bin.cjs');
const repository = path.resolve(__dirname, '../..');
const tass = (...words) => spawnSync(process.execPath, [bin, ...words], { cwd: repository, encoding: 'utf8' });
const complete = (...words) =>
  tass('complete', ...words)
    .stdout.trimEnd()
    .split('\n');
const isBuilt = existsSync(path.join(repository, 'apps/trainer/dist/main.js'));
const ifBuilt = isBuilt ? it : it.skip;

it('lists the programs', () => {
  const { status, stdout } = tass('--help');
  expect(status).toBe(0);
  for (const name of ['train', 'sweep', 'evaluate', 'leaderboard', 'score', 'prepare', 'check', 'sync', 'serve'])
    expect(stdout).toContain(`tass ${name} `);
});

it('refuses what is no program', () => {
  const { status, stderr } = tass('trian');
  expect([status, stderr]).toEqual([2, expect.stringContaining('tass: trian is not a command, expected train, sweep, ')]);
});

ifBuilt('runs a program with its own exit code (needs npm run build)', () => {
  expect(tass('train', '--exp=tass', '--oops')).toMatchObject({ status: 2, stderr: expect.stringContaining('--oops is not an option') });
  expect(tass('train', '--exp=nothing').status).toBe(1);
  expect(tass('sweep', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--dry-run') });
});

describe('completion', () => {
  it('of commands', () => expect(complete('s')).toEqual(['sweep', 'score', 'sync', 'serve']));
  it('of options', () => expect(complete('sweep', '--re')).toEqual(['--resume', '--resume=', '--retry=']));
  ifBuilt('of experiments (needs npm run build)', () => {
    expect(complete('train', '--exp=q')).toEqual(['--exp=question-only', '--exp=quickstart']);
    expect(complete('train', '--exp=ablations/dual')).toEqual(['--exp=ablations/dual-stream', '--exp=ablations/dual-stream-without-cms']);
  });
  ifBuilt('of groups and their options (needs npm run build)', () => {
    expect(complete('train', 'opt')).toEqual(['optimizer=']);
    expect(complete('train', 'optimizer=')).toEqual(['optimizer=adam', 'optimizer=adam-one-cycle']);
    expect(complete('sweep', 'launcher=s')).toEqual(['launcher=slurm']);
  });
  ifBuilt('of keys, one level at a time (needs npm run build)', () => {
    expect(complete('train', '--exp=tass', 'model.tsg')).toEqual(['model.tsgPlus.']);
    expect(complete('train', '--exp=tass', '++model.tsgPlus.th')).toEqual(['++model.tsgPlus.threshold=']);
    expect(complete('train', '--exp=tass', 'see')).toEqual(['seed=']);
    expect(complete('train', '--exp=none-such', 'see')).toEqual(['']);
  });

  ifBuilt.each([
    ['tass sw', ['sweep']],
    ['tass train --exp=qui', ['quickstart']],
    ['tass train optimizer=', ['adam', 'adam-one-cycle']],
    ['tass train --exp=tass model.jtg.', ['model.jtg.context=', 'model.jtg.stream=']],
    ['tass train --exp=tass model.jtg.s', ['model.jtg.stream=']],
  ])('in a real bash: "%s" (needs npm run build)', (line, expected) => {
    const script = `source <(node ${JSON.stringify(bin)} completion bash); COMP_LINE=$1; COMP_POINT=\${#1}; _tass; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['-c', script, 'bash', line], { cwd: repository, encoding: 'utf8' });
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
  });

  it('of a shell that is not known', () =>
    expect(tass('completion', 'csh')).toMatchObject({ status: 2, stderr: expect.stringContaining('expected bash, zsh or fish') }));
});
