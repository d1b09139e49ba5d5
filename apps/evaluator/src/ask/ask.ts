import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { ANSWERS } from '@tass/dataset-music-avqa';
import type { Encoders } from '@tass/encoders';
import { openVideo, ownQuestions, predict, type AskedVideo, type OpenVideo, type OwnQuestion } from '@tass/experiment';
import { otherTargets, type OpenedRun } from '@tass/explanation';
import type { Explanation } from '@tass/question-page';
import { RunError } from '@tass/tracking';
import { explainOwn } from './explain-own';
import { noticesOf } from './notices';

/** One question about one video, answered. */
export interface Answered {
  readonly asked: OwnQuestion;
  readonly answers: readonly { readonly answer: string; readonly probability: number }[]; // of the network, the most probable first
  readonly explanation?: Explanation; // if requested, and if the network has attention or maps
}

/** A video with its answers, in the order of the questions. */
export interface AskedAbout {
  readonly video: AskedVideo;
  readonly seconds: number | null; // null: the network reads no part of a video
  readonly notices: readonly string[]; // sentences that a reader must know
  readonly answered: readonly Answered[];
}

export interface AskOptions {
  readonly settings: ProjectSettings;
  readonly encoders?: Encoders; // kept between videos
  readonly explains: boolean; // each answer comes with the data for a page
  readonly signal?: AbortSignal;
}

/**
 * Asks a run about one video. Frames, sound and features go to a folder that is removed afterwards. Throws RangeError for a question that
 * the run cannot read; the errors of `openVideo`.
 */
export async function ask(run: OpenedRun, video: AskedVideo, texts: readonly string[], options: AskOptions): Promise<AskedAbout> {
  const { experiment, data } = run;
  const { settings, encoders, signal } = options;
  const folder = mkdtempSync(join(tmpdir(), 'tass-ask-'));
  try {
    const asked = ownQuestions(texts, 'video', data).map(({ question }) => question);
    const compared = options.explains ? asked.flatMap((question) => otherTargets(question, data.vocabulary)[0]?.question ?? []) : [];
    const wanted = new Set([...asked, ...compared].map(({ text }) => text));
    const open = await openVideo(video, [...wanted], { experiment, settings, data, folder, encoders, signal });
    try {
      return await askOpen(run, video, open, texts, options);
    } finally {
      open.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function askOpen(
  run: OpenedRun,
  video: AskedVideo,
  open: OpenVideo,
  texts: readonly string[],
  { explains, signal }: AskOptions,
): Promise<AskedAbout> {
  const { media, source } = open;
  const asked = ownQuestions(texts, media?.videoId ?? 'video', run.data);
  const questions = asked.map(({ question }) => question);
  const probabilities = await predict(run.answering, run.parameters, questions, source);
  const answersOf = (at: number): Answered['answers'] => ranked(probabilities.subarray(at * ANSWERS.length, (at + 1) * ANSWERS.length));
  const notices = noticesOf(video, open, run);
  const { explanations, why } = explains ? await explained(run, video, open, asked, notices, signal) : {};
  return {
    ...{ video, seconds: media ? Number(media.lasts.toFixed(2)) : null, notices: [...notices, ...(why === undefined ? [] : [why])] },
    answered: asked.map((one, at) => ({ asked: one, answers: answersOf(at), ...(explanations && { explanation: explanations[at] }) })),
  };
}

/** A network without attention and maps answers without a page. */
async function explained(
  run: OpenedRun,
  video: AskedVideo,
  open: OpenVideo,
  asked: readonly OwnQuestion[],
  notices: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ readonly explanations?: readonly Explanation[]; readonly why?: string }> {
  if (!open.media) return {};
  try {
    return { explanations: await explainOwn(run, video, open, asked, notices, signal) };
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return { why: `There is no page: ${run.network.name} has neither attention in time nor maps.` };
  }
}

const ranked = (probabilities: Float32Array): Answered['answers'] =>
  ANSWERS.map((text, index) => ({ answer: text, probability: probabilities[index] })).sort((a, b) => b.probability - a.probability);
