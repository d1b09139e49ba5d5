import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { QUESTION_TYPES, readSplit, type Question } from '@tass/dataset-music-avqa';
import { readAnswers } from '@tass/evaluation';
import { runFiles } from '@tass/experiment';
import { readSealed, sealedJson } from '@tass/files';
import { hasFfmpeg, MiniatureProject } from '@tass/testing';

const project = new MiniatureProject();
let run: string;
let questions: readonly Question[];
beforeAll(async () => {
  run = await project.trained(['--exp=miniature']);
  questions = readSplit(project.world, 'test').questions;
});
afterAll(() => project.remove());

const folder = (): string => join(project.folder, 'explanations', basename(run));
const pagesIn = (place: string): string[] => readdirSync(place).sort();
const idsIn = (place: string): number[] => pagesIn(place).flatMap((name) => /^question-(\d+)\.html$/.exec(name)?.slice(1).map(Number) ?? []); // prettier-ignore

it('writes a page for one question and prints its path', async () => {
  const { id, text } = questions[3];
  const { code, output } = await project.explain([`--run=${basename(run)}`, `--question=${id}`]);
  expect([code, output]).toEqual([0, `explanations/${basename(run)}/question-${id}.html\n`]);
  expect(pagesIn(folder())).toEqual([`question-${id}.html`]);
  const [twice, other] = [`--question=${id},${id}`, `--question=${id},${questions[4].id}`];
  expect((await project.explain([`--run=${run}`, twice])).output).toBe(output);
  expect((await project.explain([`--run=${run}`, other])).output).toContain(`explanations/${basename(run)}-chosen/index.html`);
  const page = readFileSync(join(folder(), `question-${id}.html`), 'utf8');
  for (const part of [text, 'Sound muted', 'data:image/jpeg;base64,', 'data:audio/wav;base64,']) expect(page).toContain(part);
});

it('writes pages of one question a type, and an index of them; the same again', async () => {
  const out = join(project.folder, 'nine');
  const first = await project.explain([`--run=${run}`, '--sample=9', `--out=${out}`]);
  const types = new Set(questions.map(({ type }) => type));
  const count = Math.min(9, questions.length);
  expect([first.code, first.output]).toEqual([0, expect.stringMatching(new RegExp(`^${count} questions, \\d of them answered right\nnine/index\\.html\n$`))]); // prettier-ignore
  const ids = idsIn(out);
  expect(ids).toHaveLength(count);
  expect(new Set(ids.map((id) => questions.find((question) => question.id === id)!.type)).size).toBe(types.size);
  for (const id of ids) expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain(`question-${id}.html`);
  rmSync(out, { recursive: true });
  await project.explain([`--run=${run}`, '--sample=9', `--out=${out}`]);
  expect(idsIn(out)).toEqual(ids);
});

it('chooses those that the run answers wrongly, by type', async () => {
  const out = join(project.folder, 'wrong');
  const answers = readAnswers(runFiles.predictions(run, 'test'), questions);
  const wrong = questions.filter(({ type, answer }, at) => QUESTION_TYPES[type].modality === 'Visual' && answers[at] !== answer);
  const { code } = await project.explain([`--run=${run}`, '--wrong', '--type=v-loc,Visual Counting', '--sample=3', `--out=${out}`]);
  expect(code).toBe(0);
  expect(idsIn(out)).toHaveLength(Math.min(3, wrong.length));
  for (const id of idsIn(out)) expect(wrong.map((question) => question.id)).toContain(id);
});

it('stopped, keeps its pages and their index, and names the command that writes all', async () => {
  const out = join(project.folder, 'stopped');
  const preload = join(project.folder, 'stop-at-second-page.cjs');
  writeFileSync(preload, `
    const fs = require('node:fs');
    const { renameSync } = fs;
    let pages = 0;
    fs.renameSync = (from, to) => {
      renameSync(from, to);
      if (/question-\\d+\\.html$/.test(to) && ++pages === 2) process.kill(process.pid, 'SIGINT');
    };`); // prettier-ignore
  const { code, errors } = await project.explain([`--run=${run}`, `--out=${out}`], { preload: [preload] });
  expect([code, errors]).toEqual([130, expect.stringContaining(`stopped; finished pages and their index are kept. To write all: npx nx run evaluator:explain --run=${run} --out=${out}\n`)]); // prettier-ignore
  const ids = idsIn(out);
  expect([ids.length >= 2, ids.length < Math.min(20, questions.length)]).toEqual([true, true]);
  for (const id of ids) expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain(`question-${id}.html`);
});

describe('refuses, and writes nothing', () => {
  it.each<[string, () => string[], string | RegExp, number]>([
    ['no run', () => [], /^evaluator: no run is named\. Write --run=RUN/, 2],
    ['ids and a choice', () => ['--run=x', '--question=1', '--wrong'], /^evaluator: --question names the questions, so --wrong cannot choose them as well\n$/, 2],
    ['no id', () => ['--run=x', '--question=,'], /^evaluator: --question names 0 questions, expected 1 to 500\n$/, 2],
    ['a sample of none', () => ['--run=x', '--sample=0'], /^evaluator: --sample is 0, expected a whole number from 1 to 500\n$/, 2],
    ['another setting than the engine', () => ['--run=x', 'model.dim=3'], /^evaluator: model\.dim=3 cannot be changed, a run is explained as it was trained/, 2],
    ['a question that is not there', () => [`--run=${run}`, '--question=99999'], /^evaluator: there is no question 99999 in the test questions of .*, which has \d+\.\n$/, 1],
    ['a type that is not there', () => [`--run=${run}`, '--type=Count'], /^evaluator: there is no question type Count, expected one of A-Count, .*AV-Temp\./, 1],
    ['wrong answers without predictions', () => [`--run=${run}`, '--wrong', '--split=val'], /^evaluator: --wrong needs the run's predictions \(.*Make them: npx nx run evaluator:evaluate --run=\S+ --split=val\n$/, 1],
  ])('%s', async (_, words, message, code) => {
    const { errors, ...rest } = await project.refusal('explain', words());
    expect(errors).toMatch(message);
    expect(rest).toEqual({ code, output: '', showsStack: false, changed: [] });
  }); // prettier-ignore

  it('a run whose features are others now', async () => {
    const manifest = join(project.world, 'features/tiny-audio-every-10x1/manifest.json');
    const text = readFileSync(manifest, 'utf8');
    const { encoder, ...others } = readSealed(text).content as { readonly encoder: object };
    writeFileSync(manifest, sealedJson({ ...others, encoder: { ...encoder, preprocessing: { other: 1 } } }, 1));
    try {
      const { code, errors } = await project.refusal('explain', [`--run=${run}`]);
      expect([code, errors]).toEqual([1, expect.stringMatching(/holds features of tiny-audio with preprocessing .*, asked for is \{\}/)]);
    } finally {
      writeFileSync(manifest, text);
    }
  });
});

const isWithFfmpeg = hasFfmpeg();

(isWithFfmpeg ? describe : describe.skip)(`MUSIC-AVQA's form, with video files${isWithFfmpeg ? '' : ' (skipped: no ffmpeg here)'}`, () => {
  const root = join(project.folder, 'real');
  let real: string;
  beforeAll(async () => {
    mkdirSync(join(root, 'videos'), { recursive: true });
    for (const name of ['json', 'world.json']) cpSync(join(project.world, name), join(root, name), { recursive: true });
    for (const video of readdirSync(join(project.world, 'frames')))
      execFileSync('ffmpeg', [
        ...['-nostdin', '-loglevel', 'error', '-framerate', '1', '-i', join(project.world, 'frames', video, '%06d.jpg')],
        ...['-i', join(project.world, 'audio', `${video}.wav`), '-r', '5', '-pix_fmt', 'yuv420p', join(root, 'videos', `${video}.mp4`)],
      ]);
    const own = readFileSync(join(project.experiments, 'miniature.yaml'), 'utf8')
      .replace('[/quickstart,', '[/quickstart, { override /dataset: music-avqa },')
      .replace(/^dataset:.*$/m, `dataset: { root: ${root} }`)
      .replace('epochs: 2', 'epochs: 1');
    writeFileSync(join(project.experiments, 'real.yaml'), own);
    expect((await project.features('prepare', ['--exp=real'])).code).toBe(0);
    real = await project.trained(['--exp=real']);
  });

  it('shows frames and sound that were extracted, else those of the video, else says what is missing', async () => {
    const out = join(project.folder, 'shown');
    const page = async (): Promise<string> => {
      const { code, errors } = await project.explain([`--run=${real}`, `--question=${questions[0].id}`, `--out=${out}`]);
      expect([code, errors]).toEqual([0, expect.not.stringContaining('rror')]);
      return readFileSync(join(out, `question-${questions[0].id}.html`), 'utf8');
    };
    const hasBoth = (html: string): boolean[] => ['data:image/jpeg;base64,', 'data:audio/wav;base64,'].map((part) => html.includes(part));
    expect(hasBoth(await page())).toEqual([true, true]);
    for (const name of ['frames', 'audio']) renameSync(join(root, name), join(root, `${name}-away`));
    expect(hasBoth(await page())).toEqual([true, true]);
    expect(readdirSync(root)).not.toContain('frames'); // what ffmpeg made is not kept
    renameSync(join(root, 'videos'), join(root, 'videos-away'));
    const bare = await page();
    expect(hasBoth(bare)).toEqual([false, false]);
    for (const part of ['frames', 'sound']) expect(bare).toMatch(new RegExp(`The ${part} of this video (are|is) not here\\.`));
    expect(bare).toContain('Picture blanked'); // of the features
  });
});
