import type { Question } from './question';
import { type RandomSource, shuffled } from './random';

/** Questions of some videos: axes `videos` x `questions`. */
export interface Batch {
  readonly videoIds: readonly string[]; // [videos], all different
  readonly questionsPerVideo: number; // this batch's second axis
  readonly questionIndex: Int32Array; // [videos * questions], position in the list of questions; MASKED where a video has fewer
}

export interface BatchPlan {
  readonly batches: readonly Batch[];
  readonly fill: number; // share of the slots that hold a question
}

export interface PlanBatchesOptions {
  readonly questionsPerBatch: number; // about this many, never more; the fewer a video has, the more videos
  readonly questionsPerVideo: number; // at most; 1 makes batches of single questions
  readonly videosPerBatch?: number; // at most, where memory bounds them
  /** Shuffles videos, their questions and the batches (training). Left out: a fixed order (evaluation). */
  readonly random?: RandomSource;
}

/** The value in `questionIndex` of a slot without a question. */
export const MASKED = -1;

/** Some questions of one video that go into one batch together. */
interface Group {
  readonly videoId: string;
  readonly questions: readonly number[];
}

/** Video id -> positions of its questions, both in the order given. */
export function groupByVideo(questions: readonly Question[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  questions.forEach(({ videoId }, index) => {
    const group = groups.get(videoId);
    if (group === undefined) groups.set(videoId, [index]);
    else group.push(index);
  });
  return groups;
}

/**
 * Batches that contain every question exactly once. A video with more than `questionsPerVideo` questions is in several batches, in
 * parts of nearly equal size; all videos of a batch differ, so that each can be a negative for the others. Groups are sorted by
 * their number of questions, most first, before they are cut into batches, so little is masked. The last batch may be smaller, but has at least two videos
 * if the one before it can spare one.
 * Throws RangeError for sizes that are no positive integers, and for more questions of a video than of a batch.
 */
export function planBatches(questions: readonly Question[], options: PlanBatchesOptions): BatchPlan {
  const { questionsPerBatch, questionsPerVideo, videosPerBatch = questionsPerBatch, random } = options;
  for (const [name, size] of Object.entries({ questionsPerBatch, questionsPerVideo, videosPerBatch })) {
    if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`planBatches: ${name} is ${size}, expected a positive integer`);
  }
  if (questionsPerVideo > questionsPerBatch)
    throw new RangeError(
      `planBatches: questionsPerVideo is ${questionsPerVideo}, expected at most questionsPerBatch, ${questionsPerBatch}`,
    );
  const inOrder = <Item>(items: readonly Item[]): readonly Item[] => (random === undefined ? items : shuffled(items, random));
  const groups = [...groupByVideo(questions)].flatMap(([videoId, all]) =>
    inEqualParts(inOrder(all), questionsPerVideo).map((part): Group => ({ videoId, questions: part })),
  );
  const bySize = [...inOrder(groups)].sort((a, b) => b.questions.length - a.questions.length);
  const videosFor = (most: number): number => Math.min(videosPerBatch, Math.floor(questionsPerBatch / most));
  const batches = inOrder(cut(bySize, videosFor).map(toBatch));
  const slots = batches.reduce((sum, { questionIndex }) => sum + questionIndex.length, 0);
  return { batches, fill: slots === 0 ? 1 : questions.length / slots };
}

function inEqualParts(indices: readonly number[], atMost: number): number[][] {
  const parts = Math.ceil(indices.length / atMost);
  const start = (part: number): number => Math.floor((part * indices.length) / parts);
  return Array.from({ length: parts }, (_, part) => indices.slice(start(part), start(part + 1)));
}

/**
 * Runs of groups of different videos, as many as `videosFor` allows for the largest of them; a group whose video is already in the run waits
 * for the next one.
 */
function cut(groups: readonly Group[], videosFor: (most: number) => number): Group[][] {
  const runs: Group[][] = [];
  let waiting: Group[] = [];
  let next = 0;
  while (waiting.length > 0 || next < groups.length) {
    const run = new Map<string, Group>();
    const size = videosFor((waiting[0] ?? groups[next]).questions.length);
    const stillWaiting: Group[] = [];
    const place = (group: Group): void => {
      if (run.size < size && !run.has(group.videoId)) run.set(group.videoId, group);
      else stillWaiting.push(group);
    };
    waiting.forEach(place);
    while (run.size < size && next < groups.length) place(groups[next++]);
    waiting = stillWaiting;
    runs.push([...run.values()]);
  }
  return withoutLonelyVideo(runs);
}

/** Gives a last run of one group a companion from the previous run, if that has more than two and the video differs. */
function withoutLonelyVideo(runs: Group[][]): Group[][] {
  const last = runs.at(-1);
  const before = runs.at(-2);
  if (last?.length !== 1 || before === undefined || before.length < 3) return runs;
  const companion = before.findLastIndex(({ videoId }) => videoId !== last[0].videoId);
  last.unshift(...before.splice(companion, 1));
  return runs;
}

function toBatch(groups: readonly Group[]): Batch {
  const questionsPerVideo = Math.max(...groups.map(({ questions }) => questions.length));
  const questionIndex = new Int32Array(groups.length * questionsPerVideo).fill(MASKED);
  groups.forEach(({ questions }, video) => questionIndex.set(questions, video * questionsPerVideo));
  return { videoIds: groups.map(({ videoId }) => videoId), questionsPerVideo, questionIndex };
}
