/** What `evaluator:evaluate` was asked to do. */
export interface EvaluateCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly split: 'val' | 'test';
  readonly overrides: readonly string[]; // of the engine only, such as engine.backend=cpu
}

/** A command line that cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `evaluator:compare` was asked to do: two models, each by its runs of several seeds, paired in the order given. */
export interface CompareCommand {
  readonly runs: readonly string[];
  readonly with: readonly string[]; // as many
}

export const usage = `Scores the best checkpoint of a run by question type, in the field's column order, and writes a prediction for each question.

  npx nx run evaluator:evaluate --run=RUN                  RUN: an id, the beginning or end of one, or a folder
  npx nx run evaluator:evaluate --run=RUN --split=val      instead of the test questions
  npx nx run evaluator:evaluate --run=RUN engine.backend=cpu

Compares two models on the same test questions, run by run: mean and deviation over seeds, then paired tests by question type.

  npx nx run evaluator:compare --runs=A1,A2,A3 --with=B1,B2,B3`;

/** Reads the words after `compare`. Throws UsageError. */
export function parseCompare(words: readonly string[]): CompareCommand | 'help' {
  if (words.includes('--help') || words.includes('help')) return 'help';
  const unknown = words.filter((word) => !/^--(runs|with)=.+$/.test(word));
  if (unknown.length > 0)
    throw new UsageError(`evaluator: ${unknown.join(' ')} is not an option, expected --runs=A1,A2,... and --with=B1,B2,...`);
  const listOf = (name: string): string[] => {
    const word = words.find((option) => option.startsWith(`${name}=`));
    if (word === undefined)
      throw new UsageError(`evaluator: ${name} is missing, expected the runs of a model, such as ${name}=4f2a9c,b81e07`);
    return word.slice(name.length + 1).split(',');
  };
  const command = { runs: listOf('--runs'), with: listOf('--with') };
  if (command.runs.length !== command.with.length)
    throw new UsageError(
      `evaluator: ${command.runs.length} runs are to be compared with ${command.with.length}, expected as many: they are paired in the order given`,
    );
  return command;
}

/** Reads the words after `evaluate`. Throws UsageError. */
export function parseEvaluate(words: readonly string[]): EvaluateCommand | 'help' {
  const options = words.filter((word) => word.startsWith('-'));
  const overrides = words.filter((word) => !word.startsWith('-'));
  if (options.includes('--help') || overrides.includes('help')) return 'help';
  const valueOf = (name: string): string | undefined => options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1);
  const unknown = options.filter((option) => !/^--(run|split)=.+$/.test(option));
  if (unknown.length > 0)
    throw new UsageError(`evaluator: ${unknown.join(' ')} is not an option, expected --run=RUN and --split=val or --split=test`);
  const run = valueOf('--run');
  if (run === undefined)
    throw new UsageError('evaluator: no run is named. Write --run=RUN; the trainer prints its run folder, the folder runs/ holds them all');
  const split = valueOf('--split') ?? 'test';
  if (split !== 'val' && split !== 'test') throw new UsageError(`evaluator: --split is ${split}, expected val or test`);
  const foreign = overrides.filter((override) => !override.startsWith('engine.'));
  if (foreign.length > 0)
    throw new UsageError(
      `evaluator: ${foreign.join(' ')} cannot be changed, a run is scored as it was trained; only engine.backend and engine.threads can`,
    );
  return { run, split, overrides };
}
