import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ANSWERS, readSplit } from '@tass/dataset-music-avqa';
import { runFiles } from '@tass/experiment';
import { hasFfmpeg, MiniatureProject, runProgram, until } from '@tass/testing';

const project = new MiniatureProject();
const temporary = join(project.folder, 'temporary');
const clips = join(project.folder, 'clips');
const isWithFfmpeg = hasFfmpeg();
let run: string;
beforeAll(async () => {
  run = await project.trained(['--exp=miniature']);
  for (const folder of [temporary, clips]) mkdirSync(folder);
});
afterEach(() => expect(readdirSync(temporary).filter((name) => name.startsWith('tass-ask-'))).toEqual([]));
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

const evaluator = (...words: readonly string[]) =>
  runProgram(join(__dirname, '../main.ts'), words, { folder: project.folder, environment: { TMPDIR: temporary } });

async function asked(
  video: string,
  questions: readonly string[],
  ofRun = run,
): Promise<{ lines: Line[]; code: number | null; errors: string }> {
  const { code, output, errors } = await evaluator('ask', `--run=${ofRun}`, `--video=${video}`, '--json', ...questions);
  return { code, errors, lines: output.trimEnd().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line)) }; // prettier-ignore
}

it('answers a question on a video of the dataset as the test did', async () => {
  const predictions = readFileSync(runFiles.predictions(run, 'test'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  const question = readSplit(project.world, 'test').questions[3];
  const { probabilities, predicted } = predictions.find(({ questionId }) => questionId === question.id);
  const { lines, code, errors } = await asked(question.videoId, [`${question.text}?`]);
  expect([code, errors, lines.length]).toEqual([0, '', 1]);
  const [{ answer, probability, answers, notices, seconds, ...line }] = lines;
  expect(line).toMatchObject({ video: question.videoId, question: question.text });
  expect([answer, notices, seconds]).toEqual([ANSWERS[predicted], [], 10]);
  expect(probability).toBeCloseTo(probabilities[predicted], 5);
  for (const other of answers) expect(other.probability).toBeCloseTo(probabilities[ANSWERS.indexOf(other.answer)], 5);
});

it('answers where no page can be written, and gives the reason', async () => {
  const { videoId } = readSplit(project.world, 'test').questions[0];
  const { output, code, errors } = await evaluator('ask', `--run=${run}`, `--video=${videoId}`, '--json', '--out=.tassrc.yaml/pages', 'Is it loud?');
  expect(JSON.parse(output)).toMatchObject({ video: videoId, page: null });
  expect([code, errors]).toEqual([1, expect.stringMatching(/^evaluator: cannot write pages in \S+: a part of \S+ is a file/)]);
}); // prettier-ignore

(isWithFfmpeg ? describe : describe.skip)(`own videos${isWithFfmpeg ? '' : ' (skipped: no ffmpeg here, apt-get install ffmpeg)'}`, () => {
  const picture = (seconds: number): string[] => ['-f', 'lavfi', '-i', `testsrc2=s=64x48:r=5:d=${seconds}`];
  const tone = (seconds: number): string[] => ['-f', 'lavfi', '-i', `sine=440:d=${seconds}`];
  const clip = (name: string, ...inputs: readonly string[]): void => {
    execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...inputs, '-c:v', 'mpeg4', '-c:a', 'aac', join(clips, name)]);
  };

  it('answers about clips of any length, without sound and without a picture, and names the one that is no video', async () => {
    clip('minute.mp4', ...picture(60), ...tone(60));
    clip('silent.mkv', ...picture(8));
    clip('sound only.mp4', ...tone(12));
    clip('second.mp4', ...picture(1), ...tone(1));
    writeFileSync(join(clips, 'none.mp4'), 'no video');
    const { lines, code, errors } = await asked(clips, ['Is a cello visible?', 'Who sings?']);
    const of = (name: string): Line[] => lines.filter(({ video }) => video === join(clips, name));
    expect(of('none.mp4')).toEqual([
      expect.objectContaining({ error: expect.stringContaining('none.mp4 is no video that ffmpeg can read') }),
    ]);
    expect([code, errors]).toEqual([1, expect.stringMatching(/^evaluator: 1 of 5 videos cannot be used:\n.*none\.mp4 is no video/)]);
    for (const name of ['minute.mp4', 'silent.mkv', 'sound only.mp4', 'second.mp4']) {
      const [first, second] = of(name);
      expect(first.notices[0]).toMatch(/^The run was trained on the embedded world/);
      expect(first.answers.every(({ probability }) => probability > 0 && probability < 1)).toBe(true);
      expect(second).toMatchObject({ type: null, unseen: ['Who', 'sings'] });
    }
    const page = readFileSync(join(project.folder, of('second.mp4')[1].page!), 'utf8');
    expect(page).toContain('Who sings?');
    expect(page).toContain('The run was trained on the embedded world');
    expect(cardsOf(join(project.folder, 'explanations', basename(run), 'asked'))).toHaveLength(8);
    const about = (name: string): unknown => of(name)[0].notices.slice(1);
    expect(of('minute.mp4')[0].seconds).toBe(60);
    expect(about('minute.mp4')).toEqual(['Its 10 segments begin every 6 s, those that the run was trained on every 1 s.']);
    expect(about('silent.mkv')).toEqual(['It has no sound: the network hears silence.', 'It lasts 8 s: 10 segments share its seconds.']);
    expect(about('sound only.mp4')).toEqual(['It has no picture: the network sees black.', expect.stringContaining('begin every 1.2 s')]);
    expect(about('second.mp4')).toEqual(['It lasts 1 s: 10 segments share its seconds.']);
  });

  it('prints for people', async () => {
    clip('short.mp4', ...picture(2), ...tone(2));
    const { code, output, errors } = await evaluator(
      'ask',
      `--run=${run}`,
      `--video=${join(clips, 'short.mp4')}`,
      'Is',
      'a',
      'zither',
      'visible?',
    );
    expect([code, errors]).toEqual([0, '']);
    expect(output).toMatch(
      /short\.mp4 \(2 s\)\n {2}The run was trained on the embedded world.*\n(.*\n)*\n {2}Is a zither visible\?\n {2}\S+ {2}\d+\.\d %/,
    );
    expect(output).toMatch(
      /was not trained on such a question\. It never saw: zither\. The most similar one that it was: Is a \S+ visible\?/,
    );
  });

  it('chooses segments by content in videos of any length', async () => {
    const lengths = join(project.folder, 'lengths');
    mkdirSync(lengths);
    clip('../lengths/2.mp4', ...picture(2), ...tone(2));
    clip('../lengths/11.mp4', ...picture(11), ...tone(11));
    clip('../lengths/19.mp4', ...picture(19), ...tone(19));
    const byContent = await project.trained(['--exp=miniature', 'features.sampling=content']);
    const { lines, code, errors } = await asked(lengths, ['Is a cello visible?'], byContent);
    const notices = lines.map(({ notices, seconds }) => [seconds, notices.at(-1)]);
    expect([code, errors, Object.fromEntries(notices)]).toEqual([0, '', {
      2: 'It lasts 2 s: 10 segments share its seconds.',
      11: 'Its 10 segments are chosen from 11 s, those that the run was trained on from 10 s.',
      19: 'Its 10 segments are chosen from 19 s, those that the run was trained on from 10 s.',
    }]); // prettier-ignore
  });

  it('leaves no folder when it is stopped, and an index of the pages that are there', async () => {
    const some = join(project.folder, 'some');
    mkdirSync(some);
    clip('../some/1.mp4', ...picture(2), ...tone(2));
    clip('../some/2.mp4', ...picture(60), ...tone(60));
    const isAtWork = (): boolean => readdirSync(temporary).some((name) => name.startsWith('tass-ask-'));
    let isAsked = false;
    const words = ['ask', `--run=${run}`, `--video=${some}`, `--out=${join(some, 'pages')}`, '--json', 'Is a cello visible?', 'Who sings?'];
    const { code, output, errors } = await runProgram(join(__dirname, '../main.ts'), words, {
      folder: project.folder,
      environment: { TMPDIR: temporary },
      onOutput: (text, program) => {
        if (isAsked) return;
        isAsked = true; // about the first video; the second is in work
        expect(text).toContain('1.mp4');
        void until(isAtWork).then(() => program.kill('SIGINT'));
      },
    });
    expect([code, errors, output]).toEqual([130, expect.stringContaining('stopped'), expect.not.stringContaining('2.mp4')]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('tass-'))).toEqual([]);
    expect(cardsOf(join(some, 'pages'))).toHaveLength(2);
  });

  const real = process.env.TASS_VIDEO;
  (real ? it : it.skip)(`answers about a real video${real ? '' : ' (skipped: TASS_VIDEO names none)'}`, async () => {
    const { lines, code, errors } = await asked(real!, ['How many instruments are visible?']);
    expect([code, errors]).toEqual([0, '']);
    expect(lines[0].seconds).toBeGreaterThan(3);
    expect(lines[0].answers).toHaveLength(5);
  });
});

it.each([
  ['a video that is not there', () => asked('none.mp4', ['Is it loud?']), /--video=none\.mp4: there is no such file or folder/],
  ['a folder without videos', () => asked(temporary, ['Is it loud?']), /holds no video file/],
  ['a question that is too long', () => asked(readSplit(project.world, 'test').questions[0].videoId, ['a '.repeat(40)]), /has 40 words, the run reads at most 16/],
])('refuses %s', async (_, work, message) => {
  const { code, lines, errors } = await work();
  expect([code, lines, errors]).toEqual([1, [], expect.stringMatching(message)]);
}); // prettier-ignore

/** The pages that an index leads to, each there. */
function cardsOf(folder: string): string[] {
  const index = readFileSync(join(folder, 'index.html'), 'utf8');
  const pages = [...index.matchAll(/class="card"[^]*?href="([^"]+)"/g)].map(([, file]) => decodeURIComponent(file));
  for (const page of pages) expect(existsSync(join(folder, page))).toBe(true);
  return [...new Set(pages)];
}
