import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
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
    'TASS_SETTINGS holds no settings. Only sweeps set it, for their jobs: unset it',
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
