import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlurmError } from './slurm-error';
import {
  giveUp,
  readRecord,
  readSubmissions,
  recordSlurmId,
  removeEnvironment,
  removeSubmission,
  slurmWords,
  writeSubmission,
} from './submission';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tass-submissions-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const jobs = (...ids: string[]) => ids.map((id) => ({ id, name: `cell ${id}` }));
const write = (...ids: string[]) =>
  writeSubmission(join(folder, 'slurm'), 'grid', jobs(...ids), 'export A=b\n', ({ records }) => `# ${records}`);

it('reads back what was written, oldest first, by number and not by name', () => {
  expect(readSubmissions(join(folder, 'slurm'))).toEqual([]);
  const first = write('a', 'b');
  recordSlurmId(first, '17');
  const second = write('a');
  expect(readFileSync(join(first.folder, 'jobs.jsonl'), 'utf8')).toBe(
    '{"task":0,"id":"a","name":"cell a"}\n{"task":1,"id":"b","name":"cell b"}\n',
  );
  expect(readFileSync(join(first.folder, 'script.sh'), 'utf8')).toBe(`# ${first.folder}/tasks`);
  expect(statSync(first.folder).mode & 0o777).toBe(0o700);
  const environment = join(first.folder, 'environment.sh');
  expect([readFileSync(environment, 'utf8'), statSync(environment).mode & 0o777]).toEqual(['export A=b\n', 0o600]);
  removeEnvironment(first);
  expect(existsSync(environment)).toBe(false);
  expect([first.name, second.name]).toEqual([
    expect.stringMatching(/^grid-0001-[0-9a-f]{8}$/),
    expect.stringMatching(/^grid-0002-[0-9a-f]{8}$/),
  ]);
  expect(readSubmissions(join(folder, 'slurm'))).toEqual([first, second]);
  expect([first.slurmId, second.slurmId]).toEqual(['17', undefined]);

  mkdirSync(join(folder, 'slurm/grid-10000-00000000'));
  writeFileSync(join(folder, 'slurm/grid-10000-00000000/jobs.jsonl'), '{"id":"z"}\n');
  expect(readSubmissions(join(folder, 'slurm')).map((submission) => submission.jobs)).toEqual([['a', 'b'], ['a'], ['z']]);
  expect(write('c').name).toMatch(/^grid-10001-/);
});

it('leaves out folders that are none, and those which a killed parent had only begun', () => {
  mkdirSync(join(folder, 'slurm/notes'), { recursive: true });
  mkdirSync(join(folder, 'slurm/grid-0007-0123abcd'));
  expect(readSubmissions(join(folder, 'slurm'))).toEqual([]);
  removeSubmission(write('a'));
  expect(readSubmissions(join(folder, 'slurm'))).toEqual([]);
});

it('reads what a task has recorded, and keeps one that has not begun from running', () => {
  const submission = write('a', 'b');
  const [begun, waiting] = [0, 1].map((number) => ({ submission, number }));
  expect(readRecord(begun)).toEqual({ begun: false, host: undefined, code: undefined });
  mkdirSync(join(submission.folder, 'tasks/0')); // as the script does
  expect(readRecord(begun)).toEqual({ begun: true, host: undefined, code: undefined });
  writeFileSync(join(submission.folder, 'tasks/0/start.json'), '{"task":"17_0","host":"node5"}\n');
  writeFileSync(join(submission.folder, 'tasks/0/exit.json'), '{"code":7}\n');
  expect(readRecord(begun)).toEqual({ begun: true, host: 'node5', code: 7 });

  expect([giveUp(begun), giveUp(waiting), giveUp(waiting)]).toEqual([false, true, false]);
  expect(existsSync(join(submission.folder, 'tasks/1'))).toBe(true);
});

it.each(['null', '7', '{}', '{"id":', ''])('names a file of its own that holds %j', (text) => {
  const submission = write('a', 'b');
  const place = { submission, number: 0 };
  const refused = (name: string, key: string, read: () => unknown) => {
    const file = join(submission.folder, name);
    const before = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
    writeFileSync(file, `${text}\n`);
    const where = `${file}${name === 'jobs.jsonl' ? ':1' : ''}`;
    const message = `${where} is damaged: it has no ${key}. Delete ${submission.folder} when squeue lists none of its jobs`;
    if (name !== 'jobs.jsonl' || text !== '') expect(read).toThrow(new SlurmError(message));
    if (before === undefined) rmSync(file);
    else writeFileSync(file, before);
  };
  refused('jobs.jsonl', 'id', () => readSubmissions(join(folder, 'slurm')));
  refused('slurm.json', 'id', () => readSubmissions(join(folder, 'slurm')));
  mkdirSync(join(submission.folder, 'tasks/0'));
  refused('tasks/0/start.json', 'host', () => readRecord(place));
  refused('tasks/0/exit.json', 'code', () => readRecord(place));
  expect([readSubmissions(join(folder, 'slurm')), readRecord(place).begun]).toEqual([[submission], true]);
});

it("keeps the end of Slurm's own words in one line", () => {
  const submission = write('a');
  const place = { submission, number: 0 };
  expect(slurmWords(place)).toBe('');
  writeFileSync(join(submission.folder, 'output/0.txt'), 'one\ntwo\nthree\nslurmstepd: error: four\n');
  expect(slurmWords(place)).toBe('two / three / slurmstepd: error: four');
});

it('names the folder that it cannot write in', () => {
  writeFileSync(join(folder, 'slurm'), '');
  expect(() => write('a')).toThrow(`${folder}/slurm`);
});
