import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPython, inClosedTerminal, intoFullDisk, intoHead, runProgram, type ProgramOptions } from '@tass/testing';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tass-readers-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function written(options: Partial<ProgramOptions>) {
  const file = join(folder, 'written');
  const { code } = await runProgram(join(__dirname, 'fixtures/writer.ts'), ['write', file], { folder, ...options });
  return [code, existsSync(file) ? readFileSync(file, 'utf8') : ''];
}

it('a pipe whose reader has ended: the work continues, and the exit code is its own', async () => {
  expect(await written({ around: intoHead(1) })).toEqual([3, 'whole\n']);
});

(existsSync('/dev/full') ? it : it.skip)('a full disk under both outputs (needs /dev/full)', async () => {
  expect(await written({ around: intoFullDisk })).toEqual([3, 'whole\n']);
});

(hasPython() ? it : it.skip)('a terminal that is closed asks the program to end, and takes its words (needs python3)', async () => {
  expect(await written({ around: inClosedTerminal('line 3') })).toEqual([3, 'SIGHUP\nwhole\n']);
});

it('SIGHUP asks nothing where no output is a terminal', async () => {
  let isSent = false;
  const onOutput: ProgramOptions['onOutput'] = (_, program) => (isSent ||= program.kill('SIGHUP'));
  expect(await written({ onOutput })).toEqual([3, 'whole\n']);
  expect(isSent).toBe(true);
});
