import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readSplit, type Split } from '@tass/dataset-music-avqa';
import { MiniatureProject, runProgram } from '@tass/testing';

const project = new MiniatureProject();
const root = join(project.folder, 'part');
const videosOf = (split: Split): string[] => [...new Set(readSplit(project.world, split).questions.map(({ videoId }) => videoId))];
const present = 'dataset.questions=present';
let [train, val, test]: string[][] = [];

const bring = (video: string): void => {
  cpSync(join(project.world, 'frames', video), join(root, 'frames', video), { recursive: true });
  cpSync(join(project.world, 'audio', `${video}.wav`), join(root, 'audio', `${video}.wav`));
};

/** A user's copy of a dataset with all annotations and two thirds of the videos. */
beforeAll(async () => {
  await project.trained(['--exp=miniature', 'epochs=1']); // makes the world
  [train, val, test] = (['train', 'val', 'test'] as const).map(videosOf);
  mkdirSync(join(root, 'audio'), { recursive: true });
  cpSync(join(project.world, 'json'), join(root, 'json'), { recursive: true });
  cpSync(join(project.world, 'world.json'), join(root, 'world.json'));
  for (const video of [...train.slice(0, 3), val[0], test[0]]) bring(video);
  rmSync(join(root, 'frames', train[0], '000010.jpg'));
  const own = readFileSync(join(project.experiments, 'miniature.yaml'), 'utf8')
    .replace('[/quickstart,', '[/quickstart, { override /dataset: music-avqa },')
    .replace(/^dataset:.*$/m, `dataset: { root: ${root} }`);
  writeFileSync(join(project.experiments, 'part.yaml'), own);
});
afterAll(() => project.remove());

const questionsOn = (split: Split, videos: readonly string[]): number =>
  readSplit(project.world, split).questions.filter(({ videoId }) => videos.includes(videoId)).length;

it('makes what is here, and without the setting lists what is not', async () => {
  const whole = await project.features('prepare', ['--exp=part']);
  expect([whole.code, whole.output]).toEqual([1, expect.stringContaining('6 faults. ')]); // frames and sound of three videos
  const part = await project.features('prepare', ['--exp=part', present]);
  expect([part.code, part.output]).toEqual([0, expect.stringMatching(/^1 of 5 videos ends before .*: 9 of 10 s\. .*\n\S+\n\S+\n$/)]);
  const check = await project.features('check', ['--exp=part', present]);
  const texts = expect.stringMatching(/^1 of 5 videos ends .*\nthe features of 5 videos and \d+ texts are complete, whole and finite\n$/);
  expect([check.code, check.output]).toEqual([0, texts]);
  const refused = await project.features('check', ['--exp=part', present, 'features.shortVideos=refuse']);
  const reason = 'it lasts 9 of 10 s, and its last second is repeated';
  expect([refused.code, refused.output]).toEqual([
    1,
    expect.stringContaining(`frame, patch of ${train[0]} are doubtful: ${reason}\n1 problem in`),
  ]);
  const { errors } = await project.refusal('train', ['--exp=part', present, 'features.shortVideos=refuse']);
  expect(errors).toMatch(/\(it lasts 9 of 10 s.* as they are; features\.shortVideos=repeat takes videos that are a little too short\n$/);
});

describe('a run on the questions whose videos are here', () => {
  let run: string;
  let table: string;
  beforeAll(async () => {
    const { code, output, errors } = await project.train(['--exp=part', present]);
    expect(code).toBe(0);
    [run] = project.runsOf('part');
    table = output.trim();
    const all = readSplit(project.world, 'train').questions.length;
    expect(errors).toContain(
      `, only those whose videos are here: 3 of ${train.length} videos, ${questionsOn('train', train.slice(0, 3))} of ${all} questions\n`,
    );
    expect(errors).toContain('1 of 5 videos ends before its last segment begins; its last second is repeated');
  });

  const counts = (): { videos: number; ofVideos: number; ofQuestions: number } => ({
    ...{ videos: 1, ofVideos: test.length, ofQuestions: readSplit(project.world, 'test').questions.length },
  });

  it('is marked in its report', () => {
    const { videos, ofVideos, ofQuestions } = counts();
    const asked = questionsOn('test', test.slice(0, 1));
    expect(table).toContain(
      `${asked} test questions, only those whose videos are here: ${videos} of ${ofVideos} videos, ${asked} of ${ofQuestions} questions, parameters of`,
    );
    expect(JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')).present).toEqual(counts());
  });

  const leaderboard = (...words: string[]) =>
    runProgram(join(__dirname, '../../evaluator/src/main.ts'), ['leaderboard', ...words, `dataset.root=${root}`], {
      folder: project.folder,
    });

  it('keeps its questions when more videos have come', async () => {
    bring(test[1]);
    await project.features('prepare', ['--exp=part', present]);
    const { code, output } = await leaderboard(`--runs=${run}`);
    expect([code, output]).toEqual([0, expect.stringMatching(/only those whose videos are here: 1 of 2 videos/)]);
    const { errors } = await project.evaluate([`--run=${run}`]); // on its questions, but the store has grown
    expect(errors).toMatch(/ was trained with other data: features \(/);
  });

  it('shares no leaderboard with runs on all questions', async () => {
    for (const video of [...train, ...val]) bring(video);
    rmSync(join(root, 'features'), { recursive: true });
    await project.features('prepare', ['--exp=part']);
    const whole = await project.trained(['--exp=part']);
    const { code, output } = await leaderboard('--exp=part');
    expect(code).toBe(0);
    expect(output).toContain(basename(whole));
    expect(output).toMatch(
      new RegExp(`${basename(run)}.* is on other questions than ${basename(whole)}: train \\(.*\\), val \\(.*\\), test`),
    );
  });
});

it('says what is missing where no video is here at all', async () => {
  const empty = join(project.folder, 'empty');
  cpSync(join(project.world, 'json'), join(empty, 'json'), { recursive: true });
  const { code, errors } = await project.train(['--exp=part', present, `dataset.root=${empty}`]);
  expect([code, errors]).toEqual([1, expect.stringContaining(`dataset.questions is present, but no video is here: ${empty}/videos, ${empty}/frames and ${empty}/audio hold none`)]); // prettier-ignore
});
