import { basename } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { datasetIdentity } from '@tass/encoders';
import { comparesInJointSpace, couldAskPresent, loadExperiment, readWanted, type Experiment, type WantedFeatures } from '@tass/experiment';
import { showStages } from '@tass/progress';
import { importFeatures, layouts, type ImportOptions } from '@tass/feature-store';
import { counted, shellWord, untilStopped, UsageError } from '@tass/program';
import { parseFeatures } from './command-line';

const known = { from: 'path', as: 'value', name: 'value', layout: 'value', frames: 'path', patches: 'path', space: 'value', lengths: 'value', constant: 'value' } as const; // prettier-ignore

const mostLines = 20; // what is wrong with one video is often wrong with all

const parseImport = (words: readonly string[]) => parseFeatures(words, known);

/**
 * Takes a folder of .npy files, one a video, into a store that an experiment reads as features.importedVisual or features.importedAudio.
 * Ends with 1 where some files could not be used, 130 where it was stopped; the same command resumes it.
 */
export async function importCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseImport(words);
  const options = importOptions(command.options);
  return untilStopped((signal) => importAndTell(command, options, settings, signal));
}

async function importAndTell(
  command: ReturnType<typeof parseImport>,
  options: ReturnType<typeof importOptions>,
  settings: ProjectSettings,
  signal: AbortSignal,
): Promise<number> {
  const experiment = loadExperiment(settings, command.experiment, command.overrides);
  const wanted = readWanted(askingAll(experiment), settings);
  if (!wanted) throw new UsageError(`${command.experiment} reads no features. Name an experiment that does: --exp=NAME`);
  const show = showStages((stage) => ({ label: `import: ${stage}`, unit: 'files' }));
  const { folder, layout, rows, imported, kept, faults, doubts, zeroed, short, absent } = await importFeatures({
    ...options,
    ...storeOptions(wanted),
    absent: isPartial(experiment) ? 'leave out' : 'fault',
    onProgress: ({ stage, done, total }) => show(stage, done, total),
    signal,
  });
  sayFirst(faults.map(({ key, reason }) => `${key}: ${reason}`), 'faults'); // prettier-ignore
  sayFirst(doubts.map(({ key, field, reason }) => `${key}: ${field} is doubtful: ${reason}`), 'doubts'); // prettier-ignore
  for (const line of describeRows(rows, wanted)) console.log(line);
  if (zeroed > 0) console.log(`${zeroed} values below 3e-8, small among the others of their videos, became 0 as float16`);
  if (short > 0) console.log(`${counted(short, 'video')} ${short === 1 ? 'is' : 'are'} too short; the last second of each is repeated`);
  const counts = `${counted(imported, 'video')} imported, ${kept} kept, ${counted(faults.length, 'fault')}, ${counted(doubts.length, 'doubt')}`;
  console.log(`${folder}: layout ${layout} ${layouts[layout]}; ${counts}`);
  if (absent > 0 && couldAskPresent(experiment)) console.log(`To leave out videos without a file (${absent}): dataset.questions=present`);
  if (doubts.length > 0) console.log('Training refuses doubtful features unless features.faults=accept');
  if (absent > 0 && isPartial(experiment)) console.log(`${counted(absent, 'video')} without a file left out (dataset.questions=present)`);
  for (const line of nextCommands(command, experiment)) console.log(line);
  return faults.length === 0 ? 0 : 1;
}

function sayFirst(lines: readonly string[], what: 'faults' | 'doubts'): void {
  for (const line of lines.slice(0, mostLines)) console.log(line);
  if (lines.length > mostLines) console.log(`... and ${lines.length - mostLines} ${what} more, which features:check lists`);
}

const isPartial = ({ dataset }: Experiment): boolean => dataset.kind !== 'mini-avqa' && dataset.questions === 'present';

/** Which videos are here, the files say, not what was extracted or made before. */
function askingAll(experiment: Experiment): Experiment {
  const { dataset } = experiment;
  return dataset.kind === 'mini-avqa' ? experiment : { ...experiment, dataset: { ...dataset, questions: 'all' } };
}

/** Rows that are not exactly as many as expected are taken as seconds, which may be wrong: VGGish gives 62 a minute, of 0.96 s each. */
function describeRows(rows: number, { config: { segments, segmentSeconds } }: WantedFeatures): string[] {
  if (rows === segments || rows === segments * segmentSeconds) return [];
  return [
    `most files have ${rows} rows, not ${segments * segmentSeconds}; they are taken as one a second: row ${segmentSeconds} as second ${segmentSeconds}`,
  ];
}

/** What to type next: what else the experiment reads, such as texts, is made before it is trained. */
function nextCommands({ overrides, ...command }: ReturnType<typeof parseImport>, { features, model, loss }: Experiment): string[] {
  const { as, name, space } = command.options;
  const isOwn = as === 'visual' && (features === null || space !== `clip:${basename(features.clip)}`);
  const teaches = loss.textTeacher > 0 ? ['loss.textTeacher=0'] : []; // it compares frames with texts, which have one space no longer
  const own = isOwn && comparesInJointSpace(model) ? ['model.visualProjection=learned', ...teaches] : [];
  const key = `features.imported${as === 'audio' ? 'Audio' : 'Visual'}`;
  const kept = overrides.filter((word) => !word.startsWith(`${key}=`));
  const words = [`--exp=${command.experiment}`, ...kept, `${key}=${name}`, ...own].map(shellWord).join(' ');
  return [`To train on them: npx nx run features:prepare ${words}`, `            then: npx nx run trainer:train ${words}`];
}

type Given = { readonly [Name in keyof typeof known]: string | undefined };

/** What the words say, before anything is read. Throws UsageError. */
function importOptions(given: Given): Omit<ImportOptions, keyof ReturnType<typeof storeOptions>> {
  const { from, name, frames, patches } = given;
  if (from === undefined || name === undefined || given.as === undefined) {
    throw new UsageError('import needs --from=FOLDER --as=visual or --as=audio --name=NAME. npx tass import --help says more');
  }
  return {
    ...{ from, name, frames, patches },
    as: oneOf('as', given.as, ['visual', 'audio'] as const),
    layout: oneOf('layout', given.layout ?? 'auto', ['auto', ...(Object.keys(layouts) as (keyof typeof layouts)[])]),
    space: given.space,
    lengths: oneOf('lengths', given.lengths ?? 'equal', ['equal', 'any'] as const),
    constant: oneOf('constant', given.constant ?? 'refuse', ['refuse', 'keep'] as const),
  };
}

const storeOptions = ({ plan, videos, config: { segments, segmentSeconds } }: WantedFeatures) => ({
  ...{ videos, segments, segmentSeconds },
  ...{ storeRoot: plan.storeRoot, dataset: datasetIdentity(plan.datasetRoot) },
});

function oneOf<Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} is ${value}, expected ${choices.join(', ')}`);
}
