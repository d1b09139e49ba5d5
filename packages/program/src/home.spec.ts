import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fromSources } from '@tass/testing';
import { expandHome, homeFolder, pathFrom } from './home';

it.each([
  ['~', homedir()],
  ['~/', homedir()],
  ['~/data/x', join(homedir(), 'data/x')],
  ['data', '/project/data'],
  ['./~', '/project/~'],
  ['a~', '/project/a~'],
  ['../x', '/x'],
  ['/data/~', '/data/~'],
])('reads %s in the folder /project', (path, expected) => {
  expect(pathFrom('/project', path, 'data')).toBe(expected);
});

it('refuses the home of another user by name', () => {
  expect(() => expandHome('~ada/x', 'dataset.root')).toThrow(
    'dataset.root is ~ada/x: only your own home folder can be written as ~. Write the whole path, or ./~ada/x for a folder of that name',
  );
});

const isRoot = process.getuid?.() === 0;
(isRoot ? it : it.skip)('has no home for a user without a name and without HOME (needs root)', () => {
  const program = `const { expandHome, homeFolder } = require(${JSON.stringify(join(__dirname, 'home.ts'))});
    console.log(homeFolder());
    try { expandHome('~/x', 'runs'); } catch ({ message }) { console.log(message); }`;
  const { stdout } = spawnSync(process.execPath, [...fromSources, '--eval', program], {
    uid: 54321,
    gid: 54321,
    env: {},
    encoding: 'utf8',
  });
  expect(stdout).toBe(
    'undefined\nruns is ~/x, but there is no home folder, as HOME is not set and the user has no name here. Write the whole path\n',
  );
  expect(homeFolder()).toBe(homedir());
});
