import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, readJournal, type Metrics } from './journal';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-journal-'));
  file = join(folder, 'metrics.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (step: number): Metrics => ({ step, epoch: 1, values: { 'train/loss': 1 / step } });
let clock = 1000;
const open = () => new Journal(file, () => clock++);

it('writes one JSON object a line, and reads it back', () => {
  clock = 1000;
  const journal = open();
  journal.append(at(1), at(2));
  journal.append({ step: 2, epoch: 1, values: { 'val/accuracy/Audio Counting': NaN, up: Infinity, down: -Infinity } });
  expect(readFileSync(file, 'utf8').split('\n')).toEqual([
    expect.stringMatching(/^{"step":1,"epoch":1,"time":1000,"values":{"train\/loss":1},"check":"[0-9a-f]{16}"}$/),
    expect.stringMatching(/^{"step":2,"epoch":1,"time":1001,"values":{"train\/loss":0.5},"check":"[0-9a-f]{16}"}$/),
    expect.stringMatching(/"values":{"val\/accuracy\/Audio Counting":"NaN","up":"Infinity","down":"-Infinity"},"check":"[0-9a-f]{16}"}$/),
    '',
  ]);
  const [first, , last] = readJournal(file).records;
  expect(first).toEqual({ ...at(1), time: 1000 });
  expect(last.values).toEqual({ 'val/accuracy/Audio Counting': NaN, up: Infinity, down: -Infinity });
  expect(journal.length).toBe(3);
});

it('goes on like an uninterrupted run after being cut to a checkpoint', () => {
  const uninterrupted = open();
  for (let step = 1; step <= 5; step++) uninterrupted.append(at(step));
  const expected = readJournal(file).records.map(({ time: _, ...rest }) => rest);
  rmSync(file);

  const killed = open();
  killed.append(at(1), at(2));
  const { length } = killed; // a checkpoint is made here
  killed.append(at(3));
  appendFileSync(file, '{"step":4,"epo');

  const resumed = open();
  resumed.cutTo(length);
  resumed.append(at(3), at(4), at(5));
  expect(readJournal(file).records.map(({ time: _, ...rest }) => rest)).toEqual(expected);
});

it('drops a half last line, of which readers see nothing', () => {
  open().append(at(1));
  appendFileSync(file, '{"step":2,"epo');
  expect(readJournal(file).records).toHaveLength(1);
  const journal = open();
  expect(journal.length).toBe(1);
  journal.append(at(2));
  expect(readJournal(file).records.map(({ step }) => step)).toEqual([1, 2]);
});

it('can be cut to nothing, and refuses to be cut to more than it has', () => {
  const journal = open();
  journal.append(at(1), at(2));
  expect(() => journal.cutTo(3)).toThrow(`${file} has 2 lines, the checkpoint was made after 3`);
  journal.cutTo(0);
  expect(readFileSync(file, 'utf8')).toBe('');
});

it('names file and line of damage', () => {
  writeFileSync(file, '{"step":1,"epoch":1,"time":1,"values":{}}\n{"step":\n');
  expect(() => readJournal(file).records).toThrow(`${file}:2: not a metrics record`);
  writeFileSync(file, '{"values":{}}\n');
  expect(() => readJournal(file).records).toThrow(`${file}:1: not a metrics record`);
});

const ifDevFull = existsSync('/dev/full') ? it : it.skip;
ifDevFull('names the folder of a full disk, and counts no line (needs /dev/full)', () => {
  const journal = open();
  rmSync(file);
  symlinkSync('/dev/full', file);
  expect(() => journal.append(at(1))).toThrow(
    `cannot write ${file}: no space is left on the disk of ${folder}. Free some or choose another folder (ENOSPC)`,
  );
  expect(journal.length).toBe(0);
});

const mount = (size: string, at: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const probe = mkdtempSync(join(tmpdir(), 'tass-mount-'));
const mayMount = mount('4k', probe);
if (mayMount) execFileSync('umount', [probe]);
rmSync(probe, { recursive: true });
const ifMayMount = mayMount ? it : it.skip;

ifMayMount('writes all records of an append or none when the disk fills up (needs permission to mount a tmpfs)', () => {
  mount('8k', folder);
  try {
    const journal = open();
    const batch = Array.from({ length: 40 }, (_, index) => at(index + 1)); // about 2.5 kB
    const fill = () => {
      for (;;) journal.append(...batch);
    };
    expect(fill).toThrow('no space is left');
    expect(journal.length % 40).toBe(0);
    expect(journal.length).toBeGreaterThan(0);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(journal.length + 1); // no half line either
    expect(open().length).toBe(journal.length);
  } finally {
    execFileSync('umount', [folder]);
  }
});

it('names the line that a flipped bit changes, wherever it lies', () => {
  open().append(at(1), at(2), at(3));
  const whole = readFileSync(file);
  const { records } = readJournal(file);
  const silent: number[] = [];
  for (let bit = 0; bit < 8 * whole.length; bit += 7) {
    const flipped = Buffer.from(whole);
    flipped[bit >> 3] ^= 1 << (bit & 7);
    writeFileSync(file, flipped);
    try {
      if (JSON.stringify(readJournal(file).records) !== JSON.stringify(records)) silent.push(bit);
    } catch {
      continue;
    }
  }
  const lastLineEnd = 8 * (whole.length - 1); // without it the last line is a half one; what counts lines misses it
  expect(silent.filter((bit) => bit < lastLineEnd)).toEqual([]);
});

it('names a line that is gone, and reads lines from before there were check values', () => {
  open().append(at(1), at(2), at(3));
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, [lines[0], lines[2], ''].join('\n'));
  expect(() => readJournal(file)).toThrow(`${file}:2: does not match its check value, or lines before it are lost`);

  writeFileSync(file, '{"step":1,"epoch":1,"time":1,"values":{}}\n');
  open().append(at(2));
  expect(readJournal(file)).toMatchObject({ records: [{ step: 1 }, { step: 2 }], isChecked: false });
});
