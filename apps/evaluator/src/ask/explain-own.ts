import { basename } from 'node:path';
import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import type { AskedVideo, OpenVideo, OwnQuestion } from '@tass/experiment';
import { explainVideo, lookAt, priorOf, timesAt, type OpenedRun, type SegmentTimes } from '@tass/explanation';
import type { Explanation } from '@tass/question-page';
import { nameOf } from './asked-videos';

/** The data of pages about the user's own video, without right answers. Throws RunError for a network without attention and maps. */
export async function explainOwn(
  run: OpenedRun,
  video: AskedVideo,
  open: OpenVideo,
  asked: readonly OwnQuestion[],
  notices: readonly string[],
  signal?: AbortSignal,
): Promise<Explanation[]> {
  const { record, experiment, data } = run;
  const { source, media, sampleRate } = open;
  const name = `${experiment.title}, seed ${record.manifest.seed}`;
  const looks = await lookAt(run, asked.map(({ question }) => question), { source, name }); // prettier-ignore
  const places = { datasetRoot: media!.root, sampleRate };
  const shown = { ...(await explainVideo(media!.videoId, shownTimes(open), places, signal)), id: basename(nameOf(video)) };
  const prior = priorOf(data.train);
  return asked.map(({ question, known }, at) => ({
    created: new Date().toISOString(),
    question: {
      ...{ id: String(at + 1), text: question.text, split: null, right: null },
      ...{ type: known && QUESTION_TYPES[known.type].name, template: known && known.template },
    },
    ...{ video: shown, truth: null, prior: known && prior(question) },
    ...{ looks: [looks[at]], notices },
  }));
}

/** On the page, segments that share a second divide it between them. */
function shownTimes({ source, sampling, seconds }: OpenVideo): SegmentTimes[] {
  const times = timesAt(seconds, source.features!);
  if (new Set(seconds).size === seconds.length) return times;
  return times.map((time, segment) => ({ ...time, atSeconds: segment * sampling!.segmentSeconds }));
}
