const { spawnSync } = require('node:child_process');
const path = require('node:path');

const hook = path.resolve(__dirname, '../../packages/testing/src/typescript.cjs');
const fromSources = { ...process.env, NODE_OPTIONS: `--conditions=@tass/source --require ${hook}` };
const run = (...words) => spawnSync(process.execPath, [__dirname, ...words], { encoding: 'utf8', env: fromSources });

it('finds that no flipped bit of any kind of file is silent', () => {
  const { status, stdout, stderr } = run('--flips=1', '--seed=2');
  expect({ stderr, status }).toMatchObject({ status: 0 });
  const lines = stdout.split('\n').filter((line) => /^\S.* +1 +\d+ +\d+ +\d+ +0$/.test(line));
  expect(lines).toHaveLength(14);
  expect(stdout).toMatch(/^no flip was silent$/m);
});

it('says what it takes', () => {
  expect(run('--kind=x')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^expected --flips above 0 and --kind among shard values; /),
  });
});
