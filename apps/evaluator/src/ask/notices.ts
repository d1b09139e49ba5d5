import type { AskedVideo, OpenVideo } from '@tass/experiment';
import { runNotices, type OpenedRun } from '@tass/explanation';

/** Sentences that a reader of answers about a video must know. */
export function noticesOf(video: AskedVideo, { media, sampling, source }: OpenVideo, run: OpenedRun): string[] {
  const { dataset, features } = run.experiment;
  if (!media || !sampling) return ['The run reads the question only: its answer has nothing to do with the video.'];
  const notices = [...media.notices, ...runNotices(run)];
  if ('file' in video && dataset.kind === 'mini-avqa')
    notices.unshift(
      'The run was trained on the embedded world: drawn instruments and computed sound. For other videos, its answers and probabilities mean little. ' +
        'Use a run on MUSIC-AVQA for such videos.',
    );
  const { choice, segments, segmentSeconds } = sampling;
  const of = (each: number): string => `${Number((segments * each).toFixed(2))} s`;
  if (segmentSeconds < 1) notices.push(`It lasts ${Number(media.lasts.toFixed(2))} s: ${segments} segments share its seconds.`);
  else if (segmentSeconds !== features!.segmentSeconds)
    notices.push(
      choice === 'content'
        ? `Its ${segments} segments are chosen from ${of(segmentSeconds)}; in training they were chosen from ${of(features!.segmentSeconds)}.`
        : `Its ${segments} segments begin every ${Number(segmentSeconds.toFixed(2))} s; in training they began every ${features!.segmentSeconds} s.`,
    );
  const ends = endOf(source, media.videoId);
  if (ends !== undefined)
    notices.push(
      `It ends after ${Number(ends.toFixed(2))} of ${of(segmentSeconds)}: its last second is repeated for segments that begin later.`,
    );
  return notices;
}

/** The length in seconds of a picture or sound that ends before the last segment. */
function endOf({ features, needed }: OpenVideo['source'], videoId: string): number | undefined {
  const fields = [...(needed.video ? ['frame'] : []), ...(needed.audio ? ['audio'] : [])];
  const ends = fields.flatMap((field) => features!.shortVideos(field, [videoId]).map(({ seconds }) => seconds));
  return ends.length === 0 ? undefined : Math.min(...ends);
}
