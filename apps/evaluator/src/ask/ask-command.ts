import { join, relative } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import { Encoders } from '@tass/encoders';
import { withRun, type OpenedRun } from '@tass/explanation';
import { MediaError } from '@tass/media';
import { counted, printable } from '@tass/program';
import { aboutQuestion } from './about-question';
import { ask, type Answered, type AskedAbout } from './ask';
import { AskError } from './ask-error';
import { AskedPages } from './asked-pages';
import { askedVideos, nameOf } from './asked-videos';
import { parseAsk, type AskCommand } from './command-line';

export interface AskCommandOptions {
  readonly settings: ProjectSettings;
  readonly print: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Answers questions about videos, one video after the other, and passes the output for each to `print`. A video that cannot be used is
 * reported, and the others are still answered; if a page cannot be written, its answer is still printed. The index of the pages is written
 * even if a later step fails. Throws AskError at the end if any video failed; UsageError, RunError, RangeError, the signal's reason.
 */
export function askCommand(words: readonly string[], options: AskCommandOptions): Promise<void> {
  const command = parseAsk(words);
  const { run, overrides } = command;
  return withRun({ run, split: 'val', overrides }, options.settings, (opened) => askAll(opened, command, options)); // no test question is read
}

async function askAll(run: OpenedRun, command: AskCommand, { settings, print, signal }: AskCommandOptions): Promise<void> {
  const { record, experiment, network, data } = run;
  const videos = askedVideos(command.video, data);
  if (!command.json) print(`${record.folder}\n${network.name}, seed ${experiment.seed}`);
  const pages = new AskedPages(command.out ?? join(settings.root, 'explanations', record.manifest.id, 'asked'));
  const encoders = new Encoders();
  const failed: string[] = [];
  try {
    for (const video of videos) {
      signal?.throwIfAborted();
      try {
        const about = await ask(run, video, command.questions, { settings, encoders, explains: command.pages, signal });
        const files = about.answered.map(({ explanation }) => explanation && pages.write(video, explanation));
        print((command.json ? asJson : asText)(about, files.map((file) => file && relative('', file)), run)); // prettier-ignore
      } catch (error) {
        signal?.throwIfAborted(); // a step that the signal ended looks like a fault of the video
        if (videos.length === 1 || !(error instanceof MediaError)) throw error;
        failed.push(error.message);
        if (command.json) print(JSON.stringify({ run: record.manifest.id, video: nameOf(video), error: error.message }));
      }
    }
  } finally {
    const index = pages.writeIndex(`${experiment.title}: own questions`);
    if (index !== undefined && !command.json) print(`\n${counted(pages.count, 'page')}: ${relative('', index)}`);
  }
  const unusable = failed.length === 0 ? [] : [`${failed.length} of ${videos.length} videos cannot be used:`, ...failed];
  const faults = [...unusable, ...(pages.fault === undefined ? [] : [pages.fault])];
  if (faults.length > 0) throw new AskError(faults.join('\n'));
}

/** The file of each answer's page, if it has one. */
type PageFiles = readonly (string | undefined)[];

const TOP = 5;

/** A line for each question. */
const asJson = ({ video, seconds, notices, answered }: AskedAbout, pages: PageFiles, { record, network }: OpenedRun): string =>
  answered
    .map(({ asked: { question, known, nearest, unseen }, answers }, at) =>
      JSON.stringify({
        ...{ run: record.manifest.id, network: network.name, video: nameOf(video), seconds, question: question.text },
        type: known && QUESTION_TYPES[known.type].short,
        ...answers[0],
        ...{ answers: answers.slice(0, TOP), unseen, nearest, notices, page: pages[at] ?? null },
      }),
    )
    .join('\n');

function asText({ video, seconds, notices, answered }: AskedAbout, pages: PageFiles): string {
  const head = `\n${printable(nameOf(video))}${seconds === null ? '' : ` (${seconds} s)`}`;
  return [head, ...notices.map((notice) => `  ${notice}`), ...answered.map((one, at) => lineOf(one, pages[at]))].join('\n');
}

function lineOf({ asked, answers }: Answered, page: string | undefined): string {
  const [{ answer, probability }, ...others] = answers;
  const then = others.slice(0, TOP - 1).map((other) => `${other.answer} ${percent(other.probability)}`);
  const lines = [`${asked.question.text}?`, `${answer}  ${percent(probability)} %    then ${then.join(', ')}`, aboutQuestion(asked)];
  return `\n${[...lines, ...(page === undefined ? [] : [page])].map((line) => `  ${line}`).join('\n')}`;
}

const percent = (probability: number): string => (100 * probability).toFixed(1);
