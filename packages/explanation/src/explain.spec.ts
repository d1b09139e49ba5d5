import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectSettings, type ProjectSettings } from '@tass/config';
import { ANSWERS } from '@tass/dataset-music-avqa';
import { GroundingMeter, readTruth, type Looked } from '@tass/evaluation';
import { predict, runFiles } from '@tass/experiment';
import type { Explanation, Look } from '@tass/question-page';
import { MiniatureProject } from '@tass/testing';
import { explain } from './explain';
import { withRun, type OpenedRun } from './opened-run';

const project = new MiniatureProject();
let settings: ProjectSettings;
let run: string;
beforeAll(async () => {
  run = await project.trained(['--exp=miniature']);
  settings = projectSettings(project.folder, {});
});
afterAll(() => project.remove());

const opened = <Result>(work: (run: OpenedRun) => Promise<Result>, of = run): Promise<Result> =>
  withRun({ run: of, split: 'test', overrides: [] }, settings, work);

async function explained(main: OpenedRun, questions = main.data.test.slice(0, 1), ...others: OpenedRun[]): Promise<Explanation[]> {
  const explanations: Explanation[] = [];
  for await (const one of explain([main, ...others], questions, { split: 'test', settings })) explanations.push(one);
  return explanations;
}
const some = ({ data }: OpenedRun) => data.test.slice(0, 8);
const worldTruth = () => readTruth(join(project.world, 'json/grounding-test.json'), undefined);

/** As the network's outputs are judged. */
function lookedOf({ attention, maps, grid }: Look): Looked {
  const flat = (rows: readonly (readonly number[])[]): Float32Array => Float32Array.from(rows.flat());
  return {
    attention: Object.fromEntries(attention.map(({ modality, mean }) => [modality, Float32Array.from(mean)])),
    attentionByHead: Object.fromEntries(attention.map(({ modality, heads }) => [modality, flat(heads)])),
    maps: Object.fromEntries(maps.map(({ kind, shares }) => [kind, flat(shares)])),
    ...(grid && { grid: [maps[0].shares.length, grid.rows * grid.columns] as const }),
  };
}

it('has the figures of evaluator:evaluate: probabilities, attention, maps and deletion', async () => {
  expect((await project.evaluate([`--run=${run}`, '--use'])).code).toBe(0);
  const predictions = readFileSync(runFiles.predictions(run, 'test'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
  const { questions, mapThreshold } = JSON.parse(readFileSync(runFiles.grounding(run, 'test'), 'utf8'));
  const { areas } = JSON.parse(readFileSync(runFiles.use(run, 'test'), 'utf8'));
  await opened(async (main) => {
    const explanations = await explained(main, some(main));
    const truth = worldTruth();
    const meter = new GroundingMeter(main.data.test, truth, mapThreshold);
    for (const [at, { question, looks, truth: shown }] of explanations.entries()) {
      const { questionId, probabilities } = predictions[at];
      expect(question).toMatchObject({ id: String(questionId), right: ANSWERS[main.data.test[at].answer], split: 'test' });
      for (const { answer, probability } of looks[0].answers)
        expect(Math.abs(probability - probabilities[ANSWERS.indexOf(answer)])).toBeLessThan(3e-6); // other batches; measured 1e-6
      meter.add(at, lookedOf(looks[0]));
      expect(shown?.needed).toEqual(truth.truths.has(questionId) ? (truth.truths.get(questionId)!.needed ?? null) : undefined);
      const place = areas.questions.indexOf(questionId);
      for (const { part, deletion } of looks[0].curves) {
        const area = deletion.reduce((sum, value) => sum + value, 0) - (deletion[0] + deletion.at(-1)!) / 2;
        if (place >= 0) expect(area / (deletion.length - 1)).toBeCloseTo(areas[`${part}/deletion`][place], 4);
      }
    }
    const series = new Map(meter.finish().map(({ id, values }) => [id, values]));
    const { ids, ...kept } = questions as { ids: number[] } & Record<string, { values: (number | null)[] }>;
    expect(ids).toEqual(predictions.map(({ questionId }) => questionId));
    expect(Object.keys(kept)).toEqual(expect.arrayContaining(['attention/visual/entropy', 'time/audio/hit', 'space/text/mass', 'space/pooled/overlap'])); // prettier-ignore
    for (const [id, { values }] of Object.entries(kept))
      values.slice(0, 8).forEach((value, at) => value !== null && expect(series.get(id)![at]).toBeCloseTo(value, 3)); // kept with four digits
  });
});

it('answers altered input as a run on altered features does', () =>
  opened(async (main) => {
    const [questions, { features }] = [some(main), main.data];
    const explanations = await explained(main, some(main));
    const blank = (field: string, values: Float32Array) => ({
      ...main.data,
      features: {
        ...features!,
        read: (asked: string, keys: readonly string[], into?: Float32Array) => {
          const read = features!.read(asked, keys, into);
          return asked === field ? read.map((_, at) => values[at % values.length]) : read;
        },
      },
    });
    const [changed, replaced] = [explanations.map(({ looks }) => looks[0].counterfactuals), /becomes: (.*)\?$/];
    const muted = await predict(main.answering, main.parameters, questions, blank('audio', main.blanks.audio!));
    const renamed = questions.map((question, at) => {
      const other = changed[at].find(({ kind }) => kind === 'other-target');
      const text = other ? replaced.exec(other.method!)![1] : question.text;
      return { ...question, text, words: text.split(' ') };
    });
    const asked = await predict(main.answering, main.parameters, renamed, main.data);
    let [moved, others] = [0, 0];
    for (const [at, { looks }] of explanations.entries()) {
      const expectAs = (kind: string, probabilities: Float32Array): void => {
        const own = changed[at].find((one) => one.kind === kind);
        for (const { answer, probability } of own?.answers ?? [])
          expect(probability).toBeCloseTo(probabilities[at * ANSWERS.length + ANSWERS.indexOf(answer)], 5);
      };
      expectAs('no-sound', muted);
      expectAs('other-target', asked);
      const { answer, probability } = looks[0].answers[0];
      moved = Math.max(moved, Math.abs(probability - muted[at * ANSWERS.length + ANSWERS.indexOf(answer)]));
      others += Number(changed[at].some(({ kind }) => kind === 'other-target'));
    }
    expect(moved).toBeGreaterThan(2e-4); // far above the tolerance; after two epochs
    expect(others).toBeGreaterThan(1);
  }));

it('shows frames, sound and truth of the world, and says which of them are gone', () =>
  opened(async (main) => {
    const { truths } = worldTruth();
    const chosen = main.data.test.filter(({ id }) => truths.get(id)?.boxes && truths.get(id)?.needed).slice(0, 1);
    const [{ video, truth, prior, notices }] = await explained(main, chosen);
    expect(video.absent).toEqual({});
    expect(video.segments).toHaveLength(10);
    expect(video.segments[3]).toMatchObject({ atSeconds: 3, startSeconds: 3, endSeconds: 4 });
    expect(Buffer.from(video.segments[3].frame!.jpeg, 'base64').subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    expect(Buffer.from(video.sound!.bytes, 'base64').toString('latin1', 8, 12)).toBe('WAVE');
    expect(video.sound!.peaks).toHaveLength(600);
    const { mel } = video.sound!;
    expect(Buffer.from(mel!.values, 'base64')).toHaveLength(mel!.bands * mel!.columns);
    expect([truth!.boxes!.length, truth!.needed!.length]).toEqual([10, 10]);
    expect(prior!.rule).toMatch(/^the most frequent answer to \d+ training questions of this template$/);
    expect(notices).toEqual([]);

    const [frames, sound] = [join(project.world, 'frames', video.id), join(project.world, 'audio', `${video.id}.wav`)];
    for (const place of [frames, sound]) renameSync(place, `${place}-away`);
    try {
      const [{ video: bare }] = await explained(main, chosen);
      expect(bare.segments.map(({ frame }) => frame)).toEqual(Array(10).fill(null));
      expect([bare.sound, bare.seconds]).toEqual([null, 10]);
      expect(bare.absent).toEqual({ frames: 'The frames of this video are not here.', sound: 'The sound of this video is not here.' });
    } finally {
      for (const place of [frames, sound]) renameSync(`${place}-away`, place);
    }
  }));

it('shows a truth that names no annotations with a notice, and not one that is damaged', () =>
  opened(async (main) => {
    const file = join(project.world, 'json/grounding-test.json');
    const text = readFileSync(file, 'utf8');
    const { questions } = JSON.parse(text);
    const shown = async (content: string) => {
      writeFileSync(file, content);
      return (await explained(main))[0];
    };
    try {
      const unchecked = await shown(JSON.stringify({ questions }));
      expect(unchecked.truth).not.toBeNull();
      expect(unchecked.notices).toEqual(['Not checked: whether the truth belongs to these annotations. Its questions are matched by id.']);
      const damaged = await shown(text.slice(0, -5));
      expect([damaged.truth, damaged.notices.length]).toEqual([null, 1]);
      expect(damaged.notices[0]).toMatch(/^The truth next to the annotations cannot be used: /);
    } finally {
      writeFileSync(file, text);
    }
  }));

it('shows two runs next to each other, and what one of them does not read', async () => {
  const deaf = await project.trained(['--exp=miniature', 'epochs=1', 'model.inputs.audio=false', 'loss.synchrony=0']);
  await opened((main) =>
    opened(async (next) => {
      const [{ looks, notices }] = await explained(main, undefined, next);
      expect(looks.map(({ run }) => run.name)).toEqual([main, next].map(({ record }) => record.manifest.id)); // titles and seeds are the same
      expect(looks[1].counterfactuals.map(({ kind }) => kind)).not.toContain('no-sound');
      expect(looks[0].counterfactuals.map(({ kind }) => kind)).toContain('no-sound');
      expect(notices).toEqual([expect.stringMatching(new RegExp(`^${looks[1].run.name}: The run was trained without sound: `))]);
    }, deaf),
  );
});

it('refuses a run next to itself, one of other questions, and one that looks at nothing', async () => {
  const blind = await project.trained(['--exp=miniature', 'epochs=1', 'model.inputs={audio: false, video: false}', 'loss.synchrony=0']);
  await expect(opened((main) => explained(main), blind)).rejects.toThrow('was trained on questions alone');
  await opened(async (main) => {
    await expect(explained(main, undefined, main)).rejects.toThrow('is to be shown next to itself, expected two runs');
    const elsewhere = { ...main, record: { ...main.record, manifest: { ...main.record.manifest, id: 'other' } } };
    const strange = {
      ...elsewhere,
      data: { ...main.data, test: main.data.test.map((question) => ({ ...question, text: 'who is there' })) },
    };
    await expect(explained(main, undefined, strange)).rejects.toThrow(
      / has no question \d+ \(.*\) in its test: give a run on the same questions/,
    );
    const longer = { ...elsewhere, data: { ...main.data, sizes: { ...main.data.sizes, time: 7 } } };
    await expect(explained(main, undefined, longer)).rejects.toThrow(
      / sees 7 segments of a video, .* 10: a page shows runs on the same segments/,
    );
  });
});
