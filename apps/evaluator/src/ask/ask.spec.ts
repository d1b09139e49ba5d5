/** @jest-environment ../../packages/encoders/jest.environment.cjs */ // onnxruntime runs in the process of the spec
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectSettings } from '@tass/config';
import { ANSWERS, readSplit } from '@tass/dataset-music-avqa';
import { runFiles } from '@tass/experiment';
import { hasFfmpeg, MiniatureProject, runProgram, until } from '@tass/testing';
import { askCommand } from './ask-command';

const project = new MiniatureProject();
const temporary = join(project.folder, 'temporary');
const clips = join(project.folder, 'clips');
const isWithFfmpeg = hasFfmpeg();
let run: string;
beforeAll(async () => {
  run = await project.trained(['--exp=miniature', 'epochs=1', 'features.sampling=content']);
  for (const folder of [temporary, clips]) mkdirSync(folder);
  process.env.TMPDIR = temporary;
});
afterEach(() => expect(readdirSync(temporary).filter((name) => name.startsWith('tass-'))).toEqual([]));
afterAll(() => project.remove());

interface Line {
  readonly video: string;
  readonly question: string;
  readonly type: string | null;
  readonly answer: string;
  readonly probability: number;
  readonly answers: readonly { readonly answer: string; readonly probability: number }[];
  readonly unseen: readonly string[];
  readonly notices: readonly string[];
  readonly seconds: number;
  readonly error?: string;
  readonly page: string | null;
}

/** What a command printed, and how it failed. */
async function asking(words: readonly string[]): Promise<{ readonly output: string; readonly error: string }> {
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  const error = await askCommand([`--run=${run}`, ...words], { settings: projectSettings(project.folder, {}), print }).then(() => '', ({ message }) => message); // prettier-ignore
  return { output: printed.join('\n'), error };
}

async function asked(video: string, questions: readonly string[], ...words: string[]): Promise<{ lines: Line[]; error: string }> {
  const { output, error } = await asking([`--video=${video}`, '--json', ...words, ...questions]);
  return { error, lines: output.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line)) }; // prettier-ignore
}

it('answers a question on a video of the dataset as the test did', async () => {
  const predictions = readFileSync(runFiles.predictions(run, 'test'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  const question = readSplit(project.world, 'test').questions[3];
  const { probabilities, predicted } = predictions.find(({ questionId }) => questionId === question.id);
  const { lines, error } = await asked(question.videoId, [`${question.text}?`]);
  expect([error, lines.length]).toEqual(['', 1]);
  const [{ answer, probability, answers, notices, seconds, ...line }] = lines;
  expect(line).toMatchObject({ video: question.videoId, question: question.text });
  expect([answer, notices, seconds]).toEqual([ANSWERS[predicted], [], 10]);
  expect(probability).toBeCloseTo(probabilities[predicted], 5);
  for (const other of answers) expect(other.probability).toBeCloseTo(probabilities[ANSWERS.indexOf(other.answer)], 5);
});

it('answers where no page can be written, and gives the reason', async () => {
  const { videoId } = readSplit(project.world, 'test').questions[0];
  const { lines, error } = await asked(videoId, ['Is it loud?'], `--out=${join(project.folder, '.tassrc.yaml/pages')}`);
  expect(lines).toEqual([expect.objectContaining({ video: videoId, page: null })]);
  expect(error).toMatch(/^cannot write pages in \S+: a part of \S+ is a file/);
});

(isWithFfmpeg ? describe : describe.skip)(`own videos${isWithFfmpeg ? '' : ' (skipped: no ffmpeg here, apt-get install ffmpeg)'}`, () => {
  const picture = (seconds: number): string[] => ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=5:d=${seconds}`];
  const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=440:d=${seconds}`];
  const clip = (name: string, ...inputs: readonly string[]): void => {
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...inputs, '-c:v', 'mpeg4', '-c:a', 'aac', join(clips, name)]);
  };

  beforeAll(() => {
    clip('minute.mp4', ...picture(60), ...tone(60));
    clip('silent.mkv', ...picture(8));
    clip('sound only.mp4', ...tone(12));
    clip('second.mp4', ...picture(1), ...tone(1));
    clip('11.mp4', ...picture(10.6), ...tone(10.6));
    clip('19.mp4', ...picture(19), ...tone(19));
    writeFileSync(join(clips, 'none.mp4'), 'no video');
  });

  it('answers about clips of any length, without sound and without a picture, and names the one that is no video', async () => {
    const { lines, error } = await asked(clips, ['Is a cello visible?', 'Who sings?']);
    const of = (name: string): Line[] => lines.filter(({ video }) => video === join(clips, name));
    expect(of('none.mp4')).toEqual([
      expect.objectContaining({ error: expect.stringContaining('none.mp4 is not a video that ffmpeg can read') }),
    ]);
    expect(error).toMatch(/^1 of 7 videos cannot be used:\n.*none\.mp4 is not a video/);
    for (const name of ['minute.mp4', 'silent.mkv', 'sound only.mp4', 'second.mp4', '11.mp4', '19.mp4']) {
      const [first, second] = of(name);
      expect(first.notices[0]).toMatch(/^The run was trained on the embedded world/);
      expect(first.answers.every(({ probability }) => probability > 0 && probability < 1)).toBe(true);
      expect(second).toMatchObject({ type: null, unseen: ['Who', 'sings'] });
    }
    const page = readFileSync(of('second.mp4')[1].page!, 'utf8');
    expect(page).toContain('Who sings?');
    expect(page).toContain('The run was trained on the embedded world');
    expect(cardsOf(join(project.folder, 'explanations', basename(run), 'asked'))).toHaveLength(12);
    const about = (name: string): unknown => of(name)[0].notices.slice(1);
    expect([of('minute.mp4')[0].seconds, of('11.mp4')[0].seconds]).toEqual([60, 10.6]);
    const chosenFrom = (seconds: number): string => `Its 10 segments are chosen from ${seconds} s; in training they were chosen from 10 s.`;
    for (const [name, seconds] of [['minute.mp4', 60], ['11.mp4', 11], ['19.mp4', 19]] as const) expect(about(name)).toEqual([chosenFrom(seconds)]); // prettier-ignore
    expect(about('silent.mkv')).toEqual(['It has no sound: the network hears silence.', 'It lasts 8 s: 10 segments share its seconds.']);
    expect(about('sound only.mp4')).toEqual(['It has no picture: the network sees black.', chosenFrom(12)]);
    expect(about('second.mp4')).toEqual(['It lasts 1 s: 10 segments share its seconds.']);
  });

  it('prints for people', async () => {
    const { output, error } = await asking([`--video=${join(clips, 'second.mp4')}`, 'Is', 'a', 'zither', 'visible?']);
    expect(error).toBe('');
    expect(output).toMatch(
      /second\.mp4 \(1 s\)\n {2}The run was trained on the embedded world.*\n(.*\n)*\n {2}Is a zither visible\?\n {2}\S+ {2}\d+\.\d %/,
    );
    expect(output).toMatch(
      /was not trained on such a question\. Words that did not occur in training: zither\. The most similar training question: Is a \S+ visible\?/,
    );
  });

  it('leaves no folder when it is stopped, and an index of the pages that are there', async () => {
    const some = join(project.folder, 'some');
    mkdirSync(some);
    symlinkSync(join(clips, 'second.mp4'), join(some, '1.mp4'));
    symlinkSync(join(clips, 'minute.mp4'), join(some, '2.mp4'));
    const isAtWork = (): boolean => readdirSync(temporary).some((name) => name.startsWith('tass-ask-'));
    let isAsked = false;
    const words = ['ask', `--run=${run}`, `--video=${some}`, `--out=${join(some, 'pages')}`, '--json', 'Is a cello visible?', 'Who sings?'];
    const { code, output, errors } = await runProgram(join(__dirname, '../main.ts'), words, {
      folder: project.folder,
      environment: { TMPDIR: temporary, CI: undefined }, // with CI onnxruntime writes nothing there by itself
      onOutput: (text, program) => {
        if (isAsked) return;
        isAsked = true; // about the first video; the second is in work
        expect(text).toContain('1.mp4');
        void until(isAtWork).then(() => program.kill('SIGINT'));
      },
    });
    expect([code, errors, output]).toEqual([130, expect.stringContaining('stopped'), expect.not.stringContaining('2.mp4')]);
    expect(readdirSync(temporary)).toEqual([]);
    expect(cardsOf(join(some, 'pages'))).toHaveLength(2);
  });

  const real = process.env.TASS_VIDEO;
  (real ? it : it.skip)(`answers about a real video${real ? '' : ' (skipped: TASS_VIDEO is not set)'}`, async () => {
    const { lines, error } = await asked(real!, ['How many instruments are visible?']);
    expect(error).toBe('');
    expect(lines[0].seconds).toBe(5.28);
    expect(lines[0].answers).toHaveLength(5);
  });
});

it.each([
  ['a video that is not there', () => asked('none.mp4', ['Is it loud?']), /--video=none\.mp4: there is no such file or folder/],
  ['a folder without videos', () => asked(temporary, ['Is it loud?']), /contains no video file/],
  ['a question that is too long', () => asked(readSplit(project.world, 'test').questions[0].videoId, ['a '.repeat(40)]), /has 40 words, the run reads at most 16/],
])('refuses %s', async (_, work, message) => {
  const { lines, error } = await work();
  expect([lines, error]).toEqual([[], expect.stringMatching(message)]);
}); // prettier-ignore

/** The pages that an index leads to, each there. */
function cardsOf(folder: string): string[] {
  const index = readFileSync(join(folder, 'index.html'), 'utf8');
  const pages = [...index.matchAll(/class="card"[^]*?href="([^"]+)"/g)].map(([, file]) => decodeURIComponent(file));
  for (const page of pages) expect(existsSync(join(folder, page))).toBe(true);
  return [...new Set(pages)];
}
