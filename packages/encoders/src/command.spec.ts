import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command';
import { writeVideos } from './prepare/fixtures/dataset';

const clip = join(__dirname, 'clip', 'fixtures', 'opset-14');
const audio = join(__dirname, 'audio', 'fixtures', 'audio');

jest.setTimeout(60_000);

let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'command-'));
  await writeVideos(root, ['00000001', '00000002'], { seconds: 10 });
  mkdirSync(join(root, 'json'));
  const rows = ['00000001', '00000002'].map((video, index) => ({
    ...{ video_id: video, question_id: index + 1, type: '["Visual", "Location"]', question_content: 'Where is the <Object>?' },
    ...{ templ_values: '["violin"]', question_deleted: 0, anser: 'left' },
  }));
  for (const split of ['train', 'test']) writeFileSync(join(root, 'json', `avqa-${split}.json`), JSON.stringify(rows));
});
afterEach(() => rmSync(root, { recursive: true }));

const run = async (...words: string[]): Promise<string[]> => {
  const lines: string[] = [];
  await runCommand([...words, `--dataset=${root}`, `--clip=${clip}`, `--audio=${audio}`, '--workers=0'], (line) => lines.push(line));
  return lines;
};

it('prepares and checks the features of every split that is there', async () => {
  const lines = await run('prepare');
  expect(lines.slice(0, 3)).toEqual(['texts: 1 of 1', 'frames: 2 of 2', 'sound: 2 of 2']);
  expect(lines[3]).toMatch(/^5 records encoded, 0 kept, in \d+\.\d s$/);
  expect(lines[4]).toBe(join(root, 'features', 'opset-14-patches-value-words-prompt-every-10x1'));
  expect(await run('check')).toEqual(['the features of 2 videos and 1 texts are complete, whole and finite']);
});

it('lists what is wrong and fails', async () => {
  await run('prepare');
  const file = join(root, 'features', 'audio-every-10x1', 'audio-00000.bin');
  truncateSync(file, 7);
  const lines: string[] = [];
  const words = ['check', `--dataset=${root}`, `--clip=${clip}`, `--audio=${audio}`];
  await expect(runCommand(words, (line) => lines.push(line))).rejects.toThrow(
    'encoders: 1 problems in the features of 2 videos and 1 texts',
  );
  expect(lines).toEqual([`${file} has 7 bytes, expected 200 (2 records)`]);
});

it.each([
  [['pack'], 'the command is pack, expected prepare or check'],
  [['prepare', '--segment-seconds=0'], '--segment-seconds=0 is not a whole number of at least 1'],
  [['prepare', '--patches=last'], '--patches=last is not one of value, final'],
  [['prepare', '--speed=9'], "Unknown option '--speed'"],
])('refuses %j', async (words, message) => {
  await expect(run(...words)).rejects.toThrow(message);
});

it('names a dataset folder that is not there', async () => {
  await expect(runCommand(['check', '--dataset=/nowhere'], () => undefined)).rejects.toThrow(
    'encoders: there is no dataset folder /nowhere',
  );
});
