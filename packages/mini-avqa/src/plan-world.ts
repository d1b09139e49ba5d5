import { createHash } from 'node:crypto';
import { defaultBalance, drawSplit, type QuestionsPerType } from './balance';
import type { Candidate } from './questions';
import { sceneSeed } from './scene';
import { templates } from './templates';
import { generatorVersion } from './version';

/** The three splits; a video belongs to one of them. */
export const splits = ['train', 'val', 'test'] as const;
export type Split = (typeof splits)[number];

/** Everything that a world follows from, beside the generator's version. */
export interface WorldConfig {
  readonly seed: number; // 0 to 2^24 - 1
  readonly videos: Readonly<Record<Split, number>>;
  readonly questionsPerType?: QuestionsPerType; // at most, for each video; default: 2 audio, 2 visual, 3 audio-visual
  readonly scenesPerVideo?: number; // drawn, of which one is kept; default 10
}

/** A world's settings with nothing left open. */
export type WorldSettings = Required<WorldConfig> & { readonly generatorVersion: number };

/** A row of an annotation file of MUSIC-AVQA. */
export interface AnnotationRow {
  readonly video_id: string;
  readonly question_id: number;
  readonly type: string; // JSON
  readonly question_content: string;
  readonly templ_values: string; // JSON
  readonly question_deleted: 0;
  readonly anser: string;
}

/** A video that is to be drawn. */
export interface PlannedVideo {
  readonly id: string; // eight digits
  readonly seed: number; // of its scene
}

/** Of the video at a place among those of all splits. */
export const videoId = (index: number): string => String(index + 1).padStart(8, '0');

/** A world before its frames and sounds are drawn. */
export interface PlannedWorld {
  readonly settings: WorldSettings;
  readonly videos: readonly PlannedVideo[]; // of all splits
  readonly annotations: Readonly<Record<Split, string>>; // the text of each annotation file
  readonly questions: Readonly<Record<Split, number>>;
  readonly digest: string; // see digestOf
}

/**
 * Fills in what a config leaves open.
 * Throws RangeError when a number is not a whole number of at least 1, and for a seed that no scene can have.
 */
export function settingsOf({ seed, videos, questionsPerType, scenesPerVideo }: WorldConfig): WorldSettings {
  const settings = {
    generatorVersion,
    seed,
    videos: { train: videos.train, val: videos.val, test: videos.test },
    questionsPerType: { ...defaultBalance.questionsPerType, ...questionsPerType },
    scenesPerVideo: scenesPerVideo ?? defaultBalance.scenesPerVideo,
  };
  const counts = [
    ...Object.entries(settings.videos).map(([split, count]) => [`videos.${split}`, count] as const),
    ...Object.entries(settings.questionsPerType).map(([modality, count]) => [`questionsPerType.${modality}`, count] as const),
    ['scenesPerVideo', settings.scenesPerVideo] as const,
  ];
  for (const [name, count] of counts) {
    if (!Number.isInteger(count) || count < 1) throw new RangeError(`${name} is ${count}, expected a whole number of at least 1`);
  }
  sceneSeed(splits[0], seed, 0);
  return settings;
}

/**
 * Draws the scenes and questions of a world, and yields each video as soon as it is chosen. Video ids and question ids count on from train to
 * val to test.
 * Throws RangeError for a seed or a count out of range.
 */
export function* planVideos(config: WorldConfig): Generator<PlannedVideo, PlannedWorld> {
  const settings = settingsOf(config);
  const videos: PlannedVideo[] = [];
  const questions: Record<Split, number> = { train: 0, val: 0, test: 0 };
  const annotations: Record<Split, string> = { train: '', val: '', test: '' };
  let questionId = 0;
  for (const split of splits) {
    const rows: AnnotationRow[] = [];
    for (const { scene, questions: candidates } of drawSplit({ ...settings, stream: split, videos: settings.videos[split] })) {
      const video = { id: videoId(videos.length), seed: scene.seed };
      videos.push(video);
      rows.push(...candidates.map((candidate) => annotationRow(video.id, ++questionId, candidate)));
      yield video;
    }
    questions[split] = rows.length;
    annotations[split] = JSON.stringify(rows, null, 2);
  }
  return { settings, videos, annotations, questions, digest: digestOf(settings, annotations) };
}

/** As `planVideos`, all at once. */
export function planWorld(config: WorldConfig): PlannedWorld {
  const plan = planVideos(config);
  for (;;) {
    const { done, value } = plan.next();
    if (done) return value;
  }
}

/** What tells one world from another: a sha256 over the settings and the three annotation files. */
export function digestOf(settings: WorldSettings, annotations: Readonly<Record<Split, string>>): string {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const split of splits) hash.update(`\n${split}\n`).update(annotations[split]);
  return hash.digest('hex');
}

/** The digest that a world of this config has, without drawing a frame of it. */
export const worldDigest = (config: WorldConfig): string => planWorld(config).digest;

function annotationRow(videoId: string, questionId: number, { template, values, answer }: Candidate): AnnotationRow {
  const { type, content } = templates[template];
  return {
    ...{ video_id: videoId, question_id: questionId, type: jsonList(type), question_content: `${content}?` },
    ...{ templ_values: jsonList(values), question_deleted: 0, anser: answer },
  };
}

/** A list as Python's json.dumps writes it, with a blank after the comma. */
const jsonList = (words: readonly string[]) => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
