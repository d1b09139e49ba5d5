const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { bringUpToDate } = require('../tools/nx-command/build.cjs');

const root = resolve(__dirname, '..');
const python = process.env.TASS_PYTHON;
const swiftShader = process.env.TASS_SWIFTSHADER || '/usr/lib/chromium/vk_swiftshader_icd.json';
let folder;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-bench-spec-'));
  expect(bringUpToDate(root, 'apps/trainer/dist/main.js', () => undefined)).toBe(true);
});
afterAll(() => rmSync(folder, { recursive: true }));

const bench = (words, TASS_PYTHON = '', environment = {}) =>
  spawnSync(process.execPath, [join(__dirname, 'run.cjs'), ...words], {
    encoding: 'utf8',
    env: { ...process.env, TASS_DEVICE: '', TASS_PYTHON, ...environment },
  });

it('measures every part that needs no Python and keeps what was written by hand', () => {
  const [page, out] = [join(folder, 'page.md'), join(folder, 'out.json')];
  writeFileSync(page, 'of last time\n\n<!-- by hand from here on -->\n\nkept\n');
  const { status, stderr } = bench([
    ...['--short', '--parts=step,networks,start,quickstart,world', '--networks=mean-pooling-2x9x3x2'],
    ...[`--page=${page}`, `--out=${out}`],
  ]);
  expect(status === 0 || stderr).toBe(true);

  const text = readFileSync(page, 'utf8');
  expect(text.match(/^## .*/gm)).toEqual([
    ...['## Aims', '## Training step', '## Training step of the other networks', '## Start', '## Quickstart', '## Embedded world'],
  ]);
  expect(text).toMatch(/\| mean-pooling \| 2 x 2 \| 9 \| \d+ \/ \d+ \| \d+ \|\n/);
  expect(text).toContain('*Ours* uses the engine onnxruntime');
  expect(text).toMatch(/\| start to the end of the first step, seconds \| at most 1\.5 \| \d+\.\d\d \| (yes|\*\*no\*\*) \|/);
  expect(text).toMatch(/\n<!-- by hand from here on -->\n\nkept\n$/);
  expect(text).not.toContain('NaN');
  expect(text).not.toContain('of last time');

  const { step, quickstart } = JSON.parse(readFileSync(out, 'utf8')).measured;
  expect(Object.keys(step.result[0].sides)).toEqual(['ours', 'wasm']);
  const { world, features, training, test, whole } = quickstart.result.whole;
  const sum = world + features + training + test;
  expect(sum).toBeLessThan(whole);
  expect(sum).toBeGreaterThan(whole / 2);
});

(python ? it : it.skip)('trains the same network in PyTorch (needs TASS_PYTHON)', () => {
  const out = join(folder, 'peers.json');
  const { status, stderr } = bench(['--short', '--parts=step', '--besides=', `--out=${out}`], python);
  expect(status === 0 || stderr).toBe(true);
  const [{ sides }] = JSON.parse(readFileSync(out, 'utf8')).measured.step.result;
  expect(Object.keys(sides)).toEqual(['ours', 'plain', 'keeping', 'rewritten', 'predecessor']);
});

(python ? it : it.skip).each([
  [['mean-pooling-2x9x3x2', 'transformer-2x9x3x2', 'st-avqa-2x9x3x2']],
  [['tjstg-small-2x9x10x2', 'pstp-public-small-2x9x10x2', 'pstp-intended-small-2x9x10x2', 'tspm-small-2x9x10x2']],
  [['qa-tiger-small-2x9x10x2', 'qast-small-2x9x10x2', 'cue-space-small-2x9x10x2']],
])('trains other networks in PyTorch with the same losses: %j (needs TASS_PYTHON)', (names) => {
  const out = join(folder, 'networks.json');
  const { status, stderr } = bench(['--short', '--parts=networks', `--networks=${names}`, `--out=${out}`], python);
  expect(status === 0 || stderr).toBe(true);
  const { result } = JSON.parse(readFileSync(out, 'utf8')).measured.networks;
  expect(result.map(({ name, sides }) => [name, Object.keys(sides)])).toEqual(names.map((name) => [name, ['ours', 'plain', 'keeping']]));
});

it('names the options that there are', () => {
  const { status, stderr } = bench(['--round=1']);
  expect(status).toBe(1);
  expect(stderr).toContain('bench: unknown option --round, expected one of --short, --parts, --rounds');
});

(existsSync(swiftShader) ? it : it.skip)("prints the table of a GPU (needs SwiftShader, from Debian's chromium and libvulkan1)", () => {
  const out = join(folder, 'gpu.json');
  const words = ['--device=webgpu', '--short', `--out=${out}`];
  const { status, stdout, stderr } = bench(words, '', { VK_DRIVER_FILES: swiftShader, VK_ICD_FILENAMES: swiftShader });
  expect(status === 0 || stderr).toBe(true);
  expect(stdout.match(/^## .*/gm)).toEqual(['## Training step on the GPU', '## Encoding on the GPU']);
  expect(stdout).toMatch(/\| mean-pooling-2x9x3x2 \| [\d.e-]+ \| [\d.]+ \/ [\d.]+ \| [\d.]+ \/ [\d.]+ \| \d+ \+ (unknown|\d+) \|\n/);
  expect(stdout).toMatch(/\| ours, on the GPU \| [\d.]+ \/ [\d.]+ \| [\d.]+ \| \d+ \+ (unknown|\d+) \|\n\| ours, on the CPU \| /);
  const { step, encoding } = JSON.parse(readFileSync(out, 'utf8')).measured;
  expect(step.result[0].sides.ours.device).toMatch(/^webgpu: SwiftShader/);
  expect(step.result[0].difference).toBeLessThan(1e-5);
  expect(encoding.result.computedBy).toMatchObject({ provider: 'webgpu', device: expect.stringMatching(/^SwiftShader/) });
  expect(encoding.result.difference.absolute / encoding.result.difference.greatest).toBeLessThan(1e-3);
});

it('refuses a device that it does not know or that TASS_DEVICE names, and parts that a GPU has none of', () => {
  expect(bench(['--device=tpu']).stderr).toContain('bench: --device=tpu, expected cpu, webgpu, cuda');
  expect(bench([], '', { TASS_DEVICE: 'webgpu' }).stderr).toContain('bench: TASS_DEVICE is webgpu, expected none. Name the device by');
  expect(bench(['--device=cuda', '--parts=world']).stderr).toContain('bench: unknown part world, expected among step, encoding');
});
