import { createHash } from 'node:crypto';
import { defaultBalance, drawSplit, type QuestionsPerType } from './balance';
import type { Candidate } from './questions';
import { sceneSeed } from './scene';
import { templates } from './templates';
import { truthOf, truthText, type Truth } from './truth';
import { generatorVersion } from './version';

/** The three splits; a video belongs to one of them. */
export const splits = ['train', 'val', 'test'] as const;
export type Split = (typeof splits)[number];

/** Splits that are scored, for which the truth is written. */
export const scoredSplits = ['val', 'test'] as const;
export type ScoredSplit = (typeof scoredSplits)[number];

/** Everything that determines a world, besides the generator's version. */
export interface WorldConfig {
  readonly seed: number; // 0 to 2^24 - 1
  readonly videos: Readonly<Record<Split, number>>;
  readonly questionsPerType?: QuestionsPerType; // at most, for each video; default: 2 audio, 2 visual, 3 audio-visual
  readonly scenesPerVideo?: number; // drawn, of which one is kept; default 10
}

/** A world's settings with all defaults filled in. */
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

/** A video to draw. */
export interface PlannedVideo {
  readonly id: string; // eight digits
  readonly seed: number; // of its scene
}

/** Of the video with this index among those of all splits. */
export const videoId = (index: number): string => String(index + 1).padStart(8, '0');

/** A world before its frames and sounds are drawn. */
export interface PlannedWorld {
  readonly settings: WorldSettings;
  readonly videos: readonly PlannedVideo[]; // of all splits
  readonly annotations: Readonly<Record<Split, string>>; // the text of each annotation file
  readonly truth: Readonly<Record<ScoredSplit, string>>; // the text of each file of truth
  readonly questions: Readonly<Record<Split, number>>;
  readonly digest: string; // see digestOf
}

/**
 * Fills in the defaults of a config.
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
  const planned: Partial<Record<Split, PlannedSplit>> = {};
  let questions = 0;
  for (const split of splits) {
    const part = yield* planSplit(settings, split, { videos: videos.length, questions });
    videos.push(...part.videos);
    questions += part.rows.length;
    planned[split] = part;
  }
  const { train, val, test } = planned as Record<Split, PlannedSplit>;
  const annotations = { train: annotationText(train), val: annotationText(val), test: annotationText(test) };
  return {
    ...{ settings, videos, annotations, digest: digestOf(settings, annotations) },
    truth: { val: truthText(annotations.val, val.truths), test: truthText(annotations.test, test.truths) },
    questions: { train: train.rows.length, val: val.rows.length, test: test.rows.length },
  };
}

/** The text of a split's file of truth, without drawing the other splits. `questions`: how many each of them has. */
export function planTruth(config: WorldConfig, split: ScoredSplit, questions: Readonly<Record<Split, number>>): string {
  const settings = settingsOf(config);
  const earlier = splits.slice(0, splits.indexOf(split));
  const before = (counts: Readonly<Record<Split, number>>): number => earlier.reduce((sum, each) => sum + counts[each], 0);
  const plan = planSplit(settings, split, { videos: before(settings.videos), questions: before(questions) });
  for (;;) {
    const { done, value } = plan.next();
    if (done) return truthText(annotationText(value), value.truths);
  }
}

interface PlannedSplit {
  readonly videos: readonly PlannedVideo[];
  readonly rows: readonly AnnotationRow[];
  readonly truths: ReadonlyMap<number, Truth>; // by question id
}

const annotationText = ({ rows }: PlannedSplit): string => JSON.stringify(rows, null, 2);

/** `before`: how many videos and questions the splits before it have. */
function* planSplit(
  settings: WorldSettings,
  split: Split,
  before: { readonly videos: number; readonly questions: number },
): Generator<PlannedVideo, PlannedSplit> {
  const videos: PlannedVideo[] = [];
  const rows: AnnotationRow[] = [];
  const truths = new Map<number, Truth>();
  for (const { scene, questions } of drawSplit({ ...settings, stream: split, videos: settings.videos[split] })) {
    const video = { id: videoId(before.videos + videos.length), seed: scene.seed };
    videos.push(video);
    for (const candidate of questions) {
      const id = before.questions + rows.length + 1;
      rows.push(annotationRow(video.id, id, candidate));
      const truth = truthOf(scene, candidate);
      if (truth) truths.set(id, truth);
    }
    yield video;
  }
  return { videos, rows, truths };
}

/** As `planVideos`, all at once. */
export function planWorld(config: WorldConfig): PlannedWorld {
  const plan = planVideos(config);
  for (;;) {
    const { done, value } = plan.next();
    if (done) return value;
  }
}

/** The identity of a world: a sha256 over the settings and the three annotation files. */
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
