import { toYaml, type ProjectSettings } from '@tass/config';
import { type Experiment, loadExperiment, refuseOtherData } from '@tass/experiment';
import { say } from '@tass/progress';
import { StopSignals, untilStopped, UsageError } from '@tass/program';
import { openRun, resumeCommand, type Run, type RunRecord } from '@tass/tracking';
import type { TrainCommand } from './command-line';
import { mirrored } from './mirrored';
import { listenForStop } from './stop-signal';
import { experimentOf, noteUnknown } from './begun-run';
import { explainRun } from './explain-run';
import { runToResume } from './run-to-resume';
import { beginRun, openTraining, type Prepared, prepareTraining, trainAndReport, type TrainingEnd } from './training-run';

const STOPPED = 130;

/** Trains one experiment, from the start or from where a run was stopped, or prints what it would run. */
export async function startTraining(command: TrainCommand, settings: ProjectSettings): Promise<number> {
  const begun = command.resume === undefined ? undefined : runToResume(command, settings);
  if (command.show) {
    console.log(shown(command, begun, settings).trimEnd());
    return 0;
  }
  const experiment = begun ? experimentOf(begun) : loadExperiment(settings, command.experiment!, command.overrides);
  const { code, folder } = await stoppable(command, experiment, settings, begun);
  return code === 0 && folder !== undefined ? explainRun(folder, experiment, settings) : code;
}

/** A signal ends it cleanly and leaves no lock. There is no folder if the signal came before the run was made. */
async function stoppable(
  { experiment: name, overrides }: TrainCommand,
  experiment: Experiment,
  settings: ProjectSettings,
  begun: RunRecord | undefined,
): Promise<{ code: number; folder?: string }> {
  const signals = new StopSignals(); // before making data, which locks it
  try {
    let prepared: Prepared | undefined;
    const prepare = async (signal: AbortSignal): Promise<number> => {
      const made = await prepareTraining(experiment, settings, begun, signal);
      signal.throwIfAborted();
      prepared = made;
      return 0;
    };
    const code = await untilStopped(prepare, { signals });
    if (prepared === undefined) return { code };
    if (begun) {
      refuseOtherData(begun, prepared.data);
      noteUnknown(begun, prepared);
    }
    const { requested: stopRequested } = listenForStop(say, { signals });
    const run = begun ? openRun(begun.folder) : beginRun(prepared, { experiment: name!, overrides }, settings);
    try {
      const training = openTraining(prepared, run);
      const end = await mirrored(run, prepared.server, (committed) => trainAndReport(training, { stopRequested, committed }));
      return { code: sayEnd(end, run), folder: run.folder };
    } finally {
      run.close();
    }
  } finally {
    signals.release();
  }
}

/** A run stores its whole configuration, but not the files it was composed of. */
function shown({ show, experiment: name, overrides }: TrainCommand, begun: RunRecord | undefined, settings: ProjectSettings): string {
  if (begun && show === 'defaults') {
    throw new UsageError('--info=defaults prints the files of an experiment, expected --exp=NAME without --resume');
  }
  return toYaml(begun ? experimentOf(begun) : loadExperiment(settings, name!, overrides));
}

function sayEnd({ finished }: TrainingEnd, run: Run): number {
  if (finished) say(`run folder: ${run.folder}`);
  else say(`stopped and saved. To resume: ${resumeCommand(run.manifest)}`);
  return finished ? 0 : STOPPED;
}
