import { toYaml, type ProjectSettings } from '@tass/config';
import { loadExperiment, refuseOtherData } from '@tass/experiment';
import { say } from '@tass/progress';
import { shellWord, UsageError } from '@tass/program';
import { openRun, type Run, type RunRecord } from '@tass/tracking';
import type { TrainCommand } from './command-line';
import { mirrored } from './mirrored';
import { listenForStop } from './stop-signal';
import { experimentOf, noteUnknown } from './begun-run';
import { explainRun } from './explain-run';
import { runToResume } from './run-to-resume';
import { beginRun, openTraining, prepareTraining, trainAndReport, type TrainingEnd } from './training-run';

const STOPPED = 130;

/** Trains one experiment, anew or from where a run of it was stopped; or prints what would be run. */
export async function startTraining(command: TrainCommand, settings: ProjectSettings): Promise<number> {
  const begun = command.resume === undefined ? undefined : runToResume(command, settings);
  if (command.show) {
    console.log(shown(command, begun, settings).trimEnd());
    return 0;
  }
  const experiment = begun ? experimentOf(begun) : loadExperiment(settings, command.experiment!, command.overrides);
  const prepared = await prepareTraining(experiment, settings, begun);
  if (begun) {
    refuseOtherData(begun, prepared.data);
    noteUnknown(begun);
  }
  const origin = { experiment: command.experiment!, overrides: command.overrides };
  const stop = listenForStop(say); // before the run is locked: from then on a signal has to end as saved
  let code: number;
  let folder: string;
  try {
    const run = begun ? openRun(begun.folder) : beginRun(prepared, origin, settings);
    try {
      const training = openTraining(prepared, run);
      const { requested: stopRequested } = stop;
      code = sayEnd(await mirrored(run, prepared.server, (committed) => trainAndReport(training, { stopRequested, committed })), run);
      folder = run.folder;
    } finally {
      run.close();
    }
  } finally {
    stop.release();
  }
  return code === 0 ? explainRun(folder, experiment, settings) : code;
}

/** A run keeps its whole configuration, and no longer what it was made of. */
function shown({ show, experiment: name, overrides }: TrainCommand, begun: RunRecord | undefined, settings: ProjectSettings): string {
  if (begun && show === 'defaults') {
    throw new UsageError('--info=defaults tells of the files of an experiment, expected --exp=NAME without --resume');
  }
  return toYaml(begun ? experimentOf(begun) : loadExperiment(settings, name!, overrides));
}

function sayEnd({ finished }: TrainingEnd, run: Run): number {
  if (finished) say(`run folder: ${run.folder}`);
  else say(`stopped and saved. To resume: npx nx run trainer:train ${shellWord(`--resume=${run.manifest.id}`)}`);
  return finished ? 0 : STOPPED;
}
