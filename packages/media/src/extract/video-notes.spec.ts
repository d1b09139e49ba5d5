import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources, hasNamespaces, inNamespace } from '@tass/testing';
import { readMediaDoubts } from './doubts-folder';
import { readMediaFaults } from './faults-folder';
import { VideoNotes } from './video-notes';

const folder = mkdtempSync(join(tmpdir(), 'notes-'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(['null', '7', '"x"', '{"frames":3,"reasons":3}', '{"frames":[null],"reasons":[null]}', '{'])(
  'refuses a file that holds no note, by its path: %s',
  (text) => {
    const root = mkdtempSync(join(tmpdir(), 'notes-'));
    for (const name of ['media-doubts', 'media-faults']) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'v.json'), text);
    }
    expect(() => readMediaDoubts(root, 'v')).toThrow(
      new RegExp(`^${root}/media-doubts/v\\.json: (lists no doubts of a video|is no JSON .*)\\. Delete it, and frames and sound`),
    );
    expect(() => readMediaFaults(root)).toThrow(`${root}/media-faults/v.json: lists no faults of a video`);
    rmSync(root, { recursive: true });
  },
);

const ifNamespaces = hasNamespaces() ? it : it.skip;
ifNamespaces('is written by two containers at once, whose processes have the same number (needs unshare and root)', async () => {
  const ended = (letter: string) => {
    const body = `const notes = new (require(${JSON.stringify(join(__dirname, 'video-notes.ts'))}).VideoNotes)(${JSON.stringify(folder)});
      for (let count = 0; count < 500; count++) notes.write('v', { pid: process.pid, text: '${letter}'.repeat(count * 20) });`;
    const [program, ...words] = [...inNamespace, process.execPath, ...fromSources, '--eval', body];
    const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (data) => (errors += data));
    return new Promise((resolve) => child.once('close', (code) => resolve([code, errors])));
  };
  expect(await Promise.all([ended('a'), ended('b')])).toEqual(Array(2).fill([0, '']));
  expect(new VideoNotes(folder).read('v')).toMatchObject({ pid: 1, text: expect.stringMatching(/^(a{9980}|b{9980})$/) });
  expect(readdirSync(folder)).toEqual(['v.json']);
});
