import { basename, join, relative } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { readAnswers } from '@tass/evaluation';
import { runFiles } from '@tass/experiment';
import { chooseQuestions, withRun, writePages, type OpenedRun } from '@tass/explanation';
import { counted, shellWord } from '@tass/program';
import { showProgress } from '@tass/progress';
import { RunError } from '@tass/tracking';
import type { ExplainCommand } from './explain-words';

/**
 * Writes a page for each requested question, and an index if there are several. Returns the output. Throws RunError, ChoiceError,
 * CheckpointError, PredictionError, the encoders' errors, DiskError.
 */
export async function explainQuestions(command: ExplainCommand, settings: ProjectSettings, signal?: AbortSignal): Promise<string> {
  const { run, other, split, overrides } = command;
  return withRun({ run, split, overrides }, settings, (opened) =>
    other === undefined
      ? explainAll([opened], command, settings, signal)
      : withRun({ run: other, split, overrides: engineOf(opened) }, settings, (next) =>
          explainAll([opened, next], command, settings, signal),
        ),
  );
}

/** A folder name for the selection, so that the index of one does not replace that of another. */
const choiceInWords = (split: 'val' | 'test', { ids = [], types = [], wrong }: ExplainCommand['choice']): string[] => [
  ...(split === 'val' ? ['val'] : []),
  ...(wrong ? ['wrong'] : []),
  ...types.map((type) => type.replace(/[^\w-]+/g, '-')),
  ...(ids.length > 1 ? ['chosen'] : []),
];

/** Both runs use the engine of the first. */
const engineOf = ({ experiment: { engine } }: OpenedRun): string[] =>
  Object.entries(engine).flatMap(([key, value]) => (value === undefined ? [] : [`engine.${key}=${value}`]));

async function explainAll(
  runs: readonly [OpenedRun, ...OpenedRun[]],
  { split, choice, out }: ExplainCommand,
  settings: ProjectSettings,
  signal: AbortSignal | undefined,
): Promise<string> {
  const [main] = runs;
  const questions = main.data[split];
  const answers = choice.wrong ? answersOf(main, split) : undefined;
  const chosen = chooseQuestions(
    questions,
    choice,
    (at) => answers![at] !== questions[at].answer,
    `the ${split} questions of ${main.record.folder}`,
  );
  const ids = runs.map(({ record }) => basename(record.folder)).join('+');
  const folder = out ?? join(settings.root, 'explanations', [ids, ...choiceInWords(split, choice)].join('-'));
  const progress = showProgress({ label: 'explain', unit: 'questions', total: chosen.length });
  const title = `${main.experiment.title}: ${split} questions`;
  const { pages, index, right } = await writePages(runs, chosen, {
    split,
    settings,
    signal,
    folder,
    title,
    onProgress: (written) => progress.update(written),
  });
  progress.finish();
  if (index === undefined) return relative('', pages[0]);
  return `${counted(pages.length, 'question')}, ${right} of them answered right\n${relative('', index)}`;
}

/** From the run's predictions. Throws RunError if it has none for the split; PredictionError. */
function answersOf({ record, data }: OpenedRun, split: 'val' | 'test'): Uint8Array {
  const file = runFiles.predictions(record.folder, split);
  try {
    return readAnswers(file, data[split]);
  } catch (error) {
    const command = `npx nx run evaluator:evaluate ${shellWord(`--run=${record.manifest.id}`)}${split === 'val' ? ' --split=val' : ''}`;
    throw new RunError(`--wrong needs the run's predictions (${(error as Error).message}). Make them: ${command}`, { cause: error });
  }
}
