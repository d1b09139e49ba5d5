import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { MiniatureProject } from '@tass/testing';

const realData = resolve(process.env.TASS_DATA ?? '');
const realFile = [realData, join(realData, 'music-avqa')]
  .map((folder) => join(folder, 'avqa-train_fake.json.gz'))
  .find((file) => existsSync(file));

const project = new MiniatureProject();
beforeAll(() => project.trained(['--exp=miniature', 'epochs=1'])); // for the world's annotations
afterAll(() => project.remove());

type Row = Record<string, unknown>;

/** The embedded world's questions in a folder of their own, as files of an unknown release. */
function annotations(change: (rows: Row[]) => void = () => {}): { root: string; val: string; test: string } {
  const root = mkdtempSync(join(project.folder, 'annotations-'));
  const file = (split: string): string => join(root, `avqa-${split}.json`);
  const rows = JSON.parse(readFileSync(join(project.world, 'json/avqa-val.json'), 'utf8')) as Row[];
  change(rows);
  writeFileSync(file('val'), JSON.stringify(rows));
  copyFileSync(join(project.world, 'json/avqa-test.json'), file('test'));
  return { root, val: file('val'), test: file('test') };
}

const words = (root: string): string[] => [
  '--exp=question-only',
  `dataset.root=${root}`,
  'dataset.holdOut=0.5',
  'engine.backend=wasm',
  'epochs=1',
];

async function refusal(root: string): Promise<string> {
  const { errors, ...rest } = await project.refusal('train', words(root));
  expect(rest).toEqual({ code: 1, output: '', showsStack: false, changed: [] });
  return errors.slice(errors.indexOf('trainer: ')); // after the line on the engine
}

it('whole annotations are trained on and scored (or the refusals below would mean nothing)', async () => {
  const run = await project.trained([...words(annotations().root), 'model.dim=8', 'model.heads=1']);
  expect(readdirSync(run)).toContain('report.json');
});

it('a missing file is named with the places it was looked for in', async () => {
  const { root, test } = annotations();
  rmSync(test);
  expect(await refusal(root)).toMatch(
    new RegExp(`^trainer: avqa-test.json or avqa-test.json.gz is in none of ${root}, .* TASS_DATA\\.\\n$`),
  );
});

it('a cut file is named, gzipped or plain', async () => {
  const { root, val } = annotations();
  const whole = readFileSync(val);
  writeFileSync(val, whole.subarray(0, whole.length / 2));
  expect(await refusal(root)).toMatch(new RegExp(`^trainer: ${val}: is not JSON .* it may be cut off: copy or download it again\\n$`));
  rmSync(val);
  const zipped = gzipSync(whole);
  writeFileSync(`${val}.gz`, zipped.subarray(0, zipped.length / 2));
  expect(await refusal(root)).toMatch(
    new RegExp(`^trainer: ${val}.gz: is no complete gzip file \\(unexpected end of file, \\d+ bytes\\). Copy or download it again\\n$`),
  );
});

describe('a row is named by file, place, question id and key', () => {
  it.each<[string, (rows: Row[]) => void, string]>([
    ['an unknown answer', (rows) => (rows[3].anser = 'celo'), 'anser is "celo", not one of the 42 answers. Did you mean "cello"?'],
    ['more values than slots', (rows) => (rows[3].templ_values = '["a", "b", "c", "d"]'), 'question_content and templ_values do not fit: '],
    [
      'a question id that was there',
      (rows) => (rows[3].question_id = rows[1].question_id),
      'the id was used by row 1 already; ids must be unique, as predictions are matched by them',
    ],
    [
      'a type that is none of the nine',
      (rows) => (rows[3].type = '["Audio", "Smell"]'),
      'type is "[\\"Audio\\", \\"Smell\\"]", not one of the nine: ',
    ],
    ['a key that is missing', (rows) => delete rows[3].anser, 'key anser is missing (MUSIC-AVQA spells it so). Its keys: '],
  ])('%s', async (_, change, message) => {
    let id: unknown;
    const { root, val } = annotations((rows) => {
      change(rows);
      id = rows[3].question_id;
    });
    expect(await refusal(root)).toContain(`trainer: ${val}: row 3, question_id ${id}: ${message}`);
  });
});

it('too few videos to hold some out', async () => {
  const { root } = annotations((rows) => rows.forEach((row) => (row.video_id = '00000001')));
  const { errors, ...rest } = await project.refusal('train', words(root));
  expect(rest).toEqual({ code: 1, output: '', showsStack: false, changed: [] });
  expect(errors).toContain('holdOut: a share of 0.5 of 1 videos is 1 videos, expected at least 1 on either side');
});

describe('files of the older release', () => {
  const ifThere = realFile === undefined ? it.skip : it;

  ifThere('the synthetic questions are not taken for the train file (needs the real avqa-train_fake.json.gz in TASS_DATA)', async () => {
    const { root } = annotations();
    copyFileSync(realFile!, join(root, 'avqa-train.json.gz'));
    expect(await refusal(root)).toContain(
      'avqa-train.json.gz: is json/avqa-train_fake.json, an older list of questions on synthetic videos only',
    );
  });

  ifThere('nor read where it lies under its own name (needs the real avqa-train_fake.json.gz in TASS_DATA)', async () => {
    const { root } = annotations();
    mkdirSync(join(root, 'json'));
    writeFileSync(join(root, 'json/avqa-train_fake.json'), gunzipSync(readFileSync(realFile!)));
    const { code, errors } = await project.train([...words(root), 'model.dim=8', 'model.heads=1']);
    expect([code, errors]).toEqual([0, expect.not.stringContaining('train_fake')]);
  });
});
