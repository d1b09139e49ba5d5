import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectSettings } from './project-settings';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'tass-settings-')));
  mkdirSync(join(root, 'packages/deep'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

it('has defaults beside the folder it begins in', () => {
  expect(projectSettings(root, {})).toEqual({
    root,
    file: undefined,
    experiments: join(root, 'experiments'),
    runs: join(root, 'runs'),
    data: join(root, 'data'),
    launcher: 'local',
    tracking: { uri: null },
  });
});

it('names the launcher of sweeps and the server of runs', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'launcher: slurm\ntracking: { uri: "http://127.0.0.1:5000" }');
  expect(projectSettings(root, {})).toMatchObject({ launcher: 'slurm', tracking: { uri: 'http://127.0.0.1:5000' } });
});

it.each([
  ['.tassrc.yaml', 'runs: /elsewhere # off this disk\nexperiments: conf\n'],
  ['package.json', '{ "name": "x", "tass": { "runs": "/elsewhere", "experiments": "conf" } }'],
  ['tass.config.cjs', 'module.exports = { runs: "/elsewhere", experiments: "conf" };'],
  ['.tassrc.js', 'module.exports = { runs: "/elsewhere", experiments: "conf" };'],
])('finds %s in a folder above, paths relative to it', (name, text) => {
  writeFileSync(join(root, 'packages/deep/package.json'), '{ "name": "deep" }');
  writeFileSync(join(root, name), text);
  const settings = projectSettings(join(root, 'packages/deep'), {});
  expect(settings).toMatchObject({
    root,
    file: join(root, name),
    runs: '/elsewhere',
    experiments: join(root, 'conf'),
    data: join(root, 'data'),
  });
});

it('takes ~ for the home folder, and refuses that of others', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: ~/runs\nexperiments: ./~\n');
  expect(projectSettings(root, { TASS_DATA: '~/data' })).toMatchObject({
    ...{ runs: join(homedir(), 'runs'), experiments: join(root, '~'), data: join(homedir(), 'data') },
  });
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: ~ada/runs\n');
  expect(() => projectSettings(root, {})).toThrow(
    `${join(root, '.tassrc.yaml')}:1:1: runs is ~ada/runs: only your own home folder can be written as ~. Write the whole path`,
  );
});

it('passes over files that are empty or say nothing of this project', () => {
  writeFileSync(join(root, '.tassrc'), 'runs: here');
  writeFileSync(join(root, 'packages/deep/.tassrc.yaml'), ' \n');
  writeFileSync(join(root, 'packages/deep/package.json'), '{ "tass": null }');
  mkdirSync(join(root, 'packages/.tassrc'));
  expect(projectSettings(join(root, 'packages/deep'), {})).toMatchObject({ file: join(root, '.tassrc'), runs: join(root, 'here') });
});

it.each([
  ['.tassrc.yaml', '.tassrc.json', '{ "runs": "b" }'],
  ['.tassrc.yaml', 'tass.config.cjs', 'module.exports = { runs: "b" };'],
  ['.tassrc.yaml', 'package.json', '{ "tass": { "runs": "b" } }'],
  ['.tassrc.yml', '.tassrc.js', 'module.exports = { runs: "b" };'],
])('refuses %s and %s in one folder', (one, other, text) => {
  writeFileSync(join(root, one), 'runs: a');
  writeFileSync(join(root, other), text);
  expect(() => projectSettings(join(root, 'packages/deep'), {})).toThrow(`${root}: there are settings in ${one} and ${other}. Keep one`);
  writeFileSync(join(root, one), '');
  expect(projectSettings(root, {}).file).toBe(join(root, other));
});

it.each(['tass.config.mjs', 'tass.config.ts', 'tass.config.yaml', '.tassrc.toml', '.tassrc.mjs', '.tassrc.YAML', 'tassrc.yaml'])(
  'names %s, which it does not read',
  (name) => {
    writeFileSync(join(root, name), 'runs: a');
    const message = `${join(root, name)}: no settings are read from a file of this name. Known: .tassrc, .tassrc.yaml, `;
    expect(() => projectSettings(join(root, 'packages/deep'), {})).toThrow(message);
    writeFileSync(join(root, 'packages/.tassrc.yaml'), 'runs: here'); // nearer: nothing above it is looked at
    expect(projectSettings(join(root, 'packages/deep'), {}).file).toBe(join(root, 'packages/.tassrc.yaml'));
  },
);

it('names one that is closed, or a link that leads nowhere', () => {
  const file = join(root, '.tassrc.yaml');
  symlinkSync('not-mounted', file);
  expect(() => projectSettings(root, {})).toThrow(`${file}: is a link to not-mounted, which is not there`);
  rmSync(file);
  writeFileSync(file, 'runs: a', { mode: 0o000 });
  asNobody(() => expect(() => projectSettings(root, {})).toThrow(`${file}: cannot be read (EACCES): no permission for this file`));
});

it('passes over a package.json that is closed, or a link that leads nowhere', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: a');
  const file = join(root, 'packages/package.json');
  symlinkSync('not-mounted', file);
  expect(projectSettings(join(root, 'packages/deep'), {}).file).toBe(join(root, '.tassrc.yaml'));
  rmSync(file);
  writeFileSync(file, '{ "name": "x" }', { mode: 0o000 });
  asNobody(() => expect(projectSettings(join(root, 'packages/deep'), {}).file).toBe(join(root, '.tassrc.yaml')));
});

it('passes over a folder that is closed', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: a');
  chmodSync(join(root, 'packages'), 0o000);
  asNobody(() => expect(projectSettings(join(root, 'packages/deep'), {}).file).toBe(join(root, '.tassrc.yaml')));
  chmodSync(join(root, 'packages'), 0o755);
});

/** Root may read anything. */
function asNobody(work: () => void): void {
  const asRoot = process.geteuid?.() === 0;
  try {
    chmodSync(root, 0o755);
    if (asRoot) process.seteuid?.(65534);
    work();
  } finally {
    if (asRoot) process.seteuid?.(0);
  }
}

it('leaves files of other names alone', () => {
  mkdirSync(join(root, 'tassrc'));
  for (const name of ['tass.yaml', '.tassrc.yaml~', '.tassrc.yaml.bak', 'tassel.config.js']) writeFileSync(join(root, name), '{');
  expect(projectSettings(root, {}).file).toBeUndefined();
});

it('puts TASS_DATA above the file', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'data: here');
  expect(projectSettings(root, {}).data).toBe(join(root, 'here'));
  expect(projectSettings(root, { TASS_DATA: '/big/disk' }).data).toBe('/big/disk');
});

it('is that of the sweep in its jobs, whose environment and folder may be others', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: ${oc.env:SCRATCH}/runs\ndata: here');
  const settings = projectSettings(root, { SCRATCH: '/fast' });
  const TASS_SETTINGS = JSON.stringify(settings);
  expect(projectSettings('/', { TASS_SETTINGS })).toEqual(settings);
  expect(projectSettings('/', { TASS_SETTINGS, TASS_DATA: '/of/the/node' }).data).toBe('/of/the/node'); // set before each job
  expect(() => projectSettings(root, { TASS_SETTINGS: '{}' })).toThrow(
    'TASS_SETTINGS has no settings. Only sweeps set it, for their jobs: unset it',
  );
});

it('reads the environment where a path refers to it', () => {
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: ${oc.env:SCRATCH,/tmp}/runs\ndata: ${.runs}');
  expect(projectSettings(root, { SCRATCH: '/fast' })).toMatchObject({ runs: '/fast/runs', data: '/fast/runs' });
  expect(projectSettings(root, {}).runs).toBe('/tmp/runs');
  writeFileSync(join(root, '.tassrc.yaml'), 'runs: ${oc.env:SCRATCH}');
  expect(() => projectSettings(root, {})).toThrow(
    '.tassrc.yaml:1:1: runs is ${oc.env:SCRATCH}: the environment variable SCRATCH is not set',
  );
});

it.each([
  [
    '.tassrc.yaml',
    'data: d\nrun: x',
    ':2:1: run is not a known key. Known: experiments, runs, data, launcher, tracking. Did you mean runs?',
  ],
  ['.tassrc.yaml', 'runs: 3', ':1:1: runs is 3, expected text'],
  ['.tassrc.yml', 'runs: 3', ':1:1: runs is 3, expected text'],
  ['.tassrc.yaml', '[a]', ':1:1: the settings must be a map of keys'],
  ['.tassrc.yaml', 'a: 1\na: 2', ':2:1: Map keys must be unique'],
  ['.tassrc.json', '{\n  "tracking": { "url": "http://h" }\n}', ':2:17: tracking.url is not a known key. Known: uri. Did you mean uri?'],
  ['package.json', '{ "name": "x",\n  "tass": { "runs": 3 } }', ':2:13: runs is 3, expected text'],
  ['package.json', '{ "name": "x",\n  "tass": "conf" }', ':2:3: the settings must be a map of keys'],
  ['tass.config.cjs', 'module.exports = { runs: 3 };', ': runs is 3, expected text'],
  ['tass.config.cjs', 'module.exports = ["a"];', ': the settings must be a map of keys'],
  ['package.json', '{ "tass": ', ':1:11: Flow map must end with a }'],
  ['.tassrc.yaml', 'tracking: "http://me:hunter2@host"', ':1:1: tracking is "http://host", expected a map of keys'],
])('refuses in %s: %s', (name, text, message) => {
  writeFileSync(join(root, name), text);
  expect(() => projectSettings(root, {})).toThrow(`${join(root, name)}${message}`);
});
