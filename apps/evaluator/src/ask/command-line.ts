import { readOptions, UsageError } from '@tass/program';
import { namedRun, refuseSettings } from '../named-run';

/** A request to `evaluator:ask`. */
export interface AskCommand {
  readonly run: string; // id, beginning or end of an id, or folder
  readonly video: string; // file, folder, or the id of a video of the run's dataset
  readonly questions: readonly string[]; // at least one
  readonly overrides: readonly string[]; // of the engine only
  readonly json: boolean;
  readonly pages: boolean; // write a page for each answer
  readonly out: string | undefined; // folder of the pages; undefined: one of the project's
}

/** Reads the words after `ask`. Words without blanks form one question, in case the quotation marks were left out. Throws UsageError. */
export function parseAsk(words: readonly string[]): AskCommand {
  const { options, rest } = readOptions(words, { run: 'value', video: 'path', json: 'flag', 'no-pages': 'flag', out: 'path' });
  const { video, json, out } = options;
  const run = namedRun(options.run);
  if (video === undefined)
    throw new UsageError('no video is named. Write --video=FILE, --video=FOLDER, or the id of a video of its dataset');
  const overrides = rest.filter((word) => /^engine\.\w+=/.test(word));
  const asked = rest.filter((word) => !overrides.includes(word)).map((word) => word.trim());
  refuseSettings(
    asked.filter((word) => /^\+*[\w.]+=/.test(word)),
    'answers',
  );
  const questions = asked.some((word) => /\s/.test(word)) || asked.length === 0 ? asked : [asked.join(' ')];
  if (questions.every((question) => question === ''))
    throw new UsageError('no question is asked. Write it in quotation marks: "How many instruments are sounding?"');
  return { run, video, questions: questions.filter((question) => question !== ''), overrides, json, pages: !options['no-pages'], out };
}
