import type { ProjectSettings } from '@tass/config';
import { ANSWERS, QUESTION_TYPES, type Question } from '@tass/dataset-music-avqa';
import { soundRate } from '@tass/encoders';
import { datasetRoot, videosFolderOf, wantedFeatures } from '@tass/experiment';
import { MediaError } from '@tass/media';
import type { Explanation, Look } from '@tass/question-page';
import { RunError } from '@tass/tracking';
import { inputNotices } from './input-notices';
import { lookAt, nothingToShow } from './look';
import type { OpenedRun } from './opened-run';
import { priorOf } from './prior';
import { openTruth, truthOf } from './truth';
import { explainVideo, type MediaPlaces } from './video/explain-video';
import { segmentTimes, timesAt, type SegmentTimes } from './video/segment-times';

export interface ExplainOptions {
  readonly split: 'val' | 'test';
  readonly settings: ProjectSettings;
  readonly signal?: AbortSignal;
}

const AT_ONCE = 4; // questions whose features are in memory

/**
 * Explanations of a split's questions for one run, or for several next to each other (the first is the main one), in the order of
 * `questions`. Throws RunError if the runs do not have the same questions in the same segments, and for a network without attention and
 * maps; the signal's reason.
 */
export async function* explain(
  runs: readonly [OpenedRun, ...OpenedRun[]],
  questions: readonly Question[],
  { split, settings, signal }: ExplainOptions,
): AsyncGenerator<Explanation> {
  const [main] = runs;
  if (!main.data.needed.video && !main.data.needed.audio) throw nothingToShow(main);
  const ofRuns = runs.map((run) => sameQuestions(run, main, questions, split));
  const [opened, prior, places] = [openTruth(main.data, split), priorOf(main.data.train), placesOf(main, settings)];
  const names = namesOf(runs);
  const timesOfVideo = timesOf(main, settings);
  for (let from = 0; from < questions.length; from += AT_ONCE) {
    const byRun: Look[][] = [];
    for (const [at, run] of runs.entries()) byRun.push(await lookAt(run, ofRuns[at].slice(from, from + AT_ONCE), { name: names[at] }));
    for (const [at, question] of questions.slice(from, from + AT_ONCE).entries()) {
      signal?.throwIfAborted();
      const { times, notice } = await timesOfVideo(question.videoId);
      yield {
        created: new Date().toISOString(),
        question: {
          ...{ id: String(question.id), text: question.text, template: question.template, split },
          ...{ type: QUESTION_TYPES[question.type].name, right: ANSWERS[question.answer] },
        },
        video: await explainVideo(question.videoId, times, places, signal),
        truth: truthOf(question, opened.truth, times.length),
        prior: prior(question),
        looks: byRun.map((looks) => looks[at]) as [Look, ...Look[]],
        notices: [
          ...(opened.notice ? [opened.notice] : []),
          ...(notice ? [notice] : []),
          ...runs.flatMap((run, at) => inputNotices(run, question).map((text) => (runs.length > 1 ? `${names[at]}: ${text}` : text))),
        ],
      };
    }
  }
}

/** The run's own form of another run's questions. Throws RunError if it lacks them or has other segments. */
function sameQuestions(run: OpenedRun, main: OpenedRun, questions: readonly Question[], split: 'val' | 'test'): readonly Question[] {
  if (run === main) return questions;
  const own = new Map(run.data[split].map((question) => [question.id, question]));
  const [segments, expected] = [run, main].map(({ data }) => data.sizes.time);
  if (segments !== expected)
    throw new RunError(`${run.record.folder} sees ${segments} segments of a video, ${main.record.folder} ${expected}: a page shows runs on the same segments`); // prettier-ignore
  return questions.map((question) => {
    const found = own.get(question.id);
    if (found?.text === question.text && found.videoId === question.videoId) return found;
    throw new RunError(`${run.record.folder} has no question ${question.id} (${question.text}, video ${question.videoId}) in its ${split}: give a run on the same questions`); // prettier-ignore
  });
}

/** The names of runs on a page: their titles and seeds if these differ, else their ids. Throws RunError for the same run twice. */
function namesOf(runs: readonly OpenedRun[]): string[] {
  const ids = runs.map(({ record }) => record.manifest.id);
  if (new Set(ids).size < ids.length) throw new RunError(`${ids[0]} is to be shown next to itself, expected two runs`);
  const names = runs.map(({ experiment, record }) => `${experiment.title}, seed ${record.manifest.seed}`);
  return new Set(names).size === names.length ? names : ids;
}

function placesOf({ experiment }: OpenedRun, settings: ProjectSettings): MediaPlaces {
  const { dataset } = experiment;
  const root = datasetRoot(dataset, settings);
  const wanted = wantedFeatures(experiment, settings, root, []);
  return {
    datasetRoot: root,
    ...(dataset.kind !== 'mini-avqa' && { videosFolder: videosFolderOf(dataset, settings, root) }),
    ...(wanted && { sampleRate: soundRate(wanted.plan) }),
  };
}

type TimesOf = (videoId: string) => Promise<{ readonly times: readonly SegmentTimes[]; readonly notice?: string }>;

/** If the seconds chosen by content are not stored, and there are no frames to choose them again, segments begin at equal distances. */
function timesOf({ experiment, data }: OpenedRun, settings: ProjectSettings): TimesOf {
  const known = segmentTimes(experiment, settings, data.features!);
  return async (videoId) => {
    try {
      return { times: await known(videoId) };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      const { segmentSeconds } = experiment.features!;
      const times = timesAt(Array.from({ length: data.sizes.time }, (_, segment) => segment * segmentSeconds), data.features!); // prettier-ignore
      return { times, notice: 'The seconds that the network saw were chosen by content and are not kept: the page shows where their stretches begin.' }; // prettier-ignore
    }
  };
}
