import type { ProjectSettings } from '@tass/config';
import type { Question } from '@tass/dataset-music-avqa';
import { datasetRoot } from '@tass/experiment';
import type { OpenedRun } from '@tass/explanation';
import { framesOf, MediaError, squareJpeg } from '@tass/media';

/** A video of the run's dataset that the page offers. */
export interface OfferedVideo {
  readonly id: string;
  readonly picture: string; // base64 of a JPEG
  readonly questions: readonly string[]; // of the dataset
}

const [MOST_VIDEOS, MOST_QUESTIONS] = [12, 6];
const EDGE = 160; // pixels

/** Videos of val whose frames are available. The test split stays unread. */
export async function offeredVideos({ experiment, data: { val } }: OpenedRun, settings: ProjectSettings): Promise<OfferedVideo[]> {
  const root = datasetRoot(experiment.dataset, settings);
  const offered: OfferedVideo[] = [];
  for (const [id, questions] of byVideo(val)) {
    if (offered.length === MOST_VIDEOS) break;
    const picture = await pictureOf(root, id);
    if (picture !== undefined) offered.push({ id, picture, questions: questions.slice(0, MOST_QUESTIONS) });
  }
  return offered;
}

function byVideo(questions: readonly Question[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { videoId, text } of questions) found.set(videoId, [...(found.get(videoId) ?? []), text]);
  return found;
}

/** From its middle. */
async function pictureOf(root: string, videoId: string): Promise<string | undefined> {
  try {
    const files = [...(await framesOf(root, videoId)).values()];
    if (files.length === 0) return undefined;
    return (await squareJpeg(files[Math.floor(files.length / 2)], EDGE)).toString('base64');
  } catch (error) {
    if (error instanceof MediaError) return undefined;
    throw error;
  }
}
