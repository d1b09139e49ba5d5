import { join, relative } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import type { Experiment } from '@tass/experiment';
import { chooseQuestions, withRun, writePages, type OpenedRun } from '@tass/explanation';
import { say } from '@tass/progress';
import { counted, shellWord, untilStopped } from '@tass/program';
import { phase } from './phase';

const STOPPED = 130;

/**
 * Writes the pages of test questions that the experiment of a finished run requests, and prints their path and the next commands. A failure
 * is only printed, because the run is complete. Returns the exit code.
 */
export async function explainRun(folder: string, { pages = 0 }: Experiment, settings: ProjectSettings): Promise<number> {
  if (pages === 0) return 0;
  return untilStopped(async (signal) => {
    say(`writing pages of ${counted(pages, 'test question')}; the run is finished`);
    try {
      const work = () =>
        withRun({ run: folder, split: 'test', overrides: [] }, settings, (run) => writeTestPages(run, pages, settings, signal));
      say(await phase('pages', work));
      return 0;
    } catch (error) {
      say(signal.aborted ? 'stopped: not all pages of questions are written' : `no pages of questions are written: ${(error as Error).message}`); // prettier-ignore
      return signal.aborted ? STOPPED : 0;
    }
  });
}

async function writeTestPages(run: OpenedRun, most: number, settings: ProjectSettings, signal: AbortSignal): Promise<string> {
  const { record, experiment, data } = run;
  const { id } = record.manifest;
  const questions = chooseQuestions(data.test, { most }, () => true, `the test questions of ${record.folder}`);
  const { index, pages, right } = await writePages([run], questions, {
    ...{ split: 'test', settings, signal, folder: join(settings.root, 'explanations', id), title: `${experiment.title}: test questions` },
  });
  const file = relative('', index ?? pages[0]);
  const asked = shellWord(`--run=${id}`);
  return [
    `pages of ${counted(pages.length, 'test question')}, ${right} of them answered right: ${file}`,
    `next: npx nx run evaluator:explain ${asked} --wrong`,
    `      npx nx run evaluator:ask ${asked} --video=FILE "How many instruments are visible?"`,
    `      npx nx run evaluator:leaderboard ${shellWord(`--exp=${record.manifest.experiment}`)}`,
  ].join('\n');
}
