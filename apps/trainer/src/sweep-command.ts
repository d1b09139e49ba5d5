import { extname, join, relative } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { notChecked } from '@tass/files';
import { counted, shellWord, StopSignals } from '@tass/program';
import { say } from '@tass/progress';
import {
  createLauncher,
  createSweep,
  defineCell,
  differentCells,
  dryRunTable,
  lockSweep,
  refuseChangedCells,
  runSweep,
  selectCells,
  showSweep,
  threadsPerJob,
  type Cell,
  type Launcher,
  type Sweep,
  type SweepResult,
} from '@tass/sweep';
import { mlflowServer } from '@tass/tracking';
import { cellDefinition } from './cell';
import { reachedBy } from './cell-reached';
import { parseSweep, type SweepCommand } from './command-line';
import { mirrorSweepEnd } from './mirrored-sweep';
import { makeSharedData } from './make-shared-data';
import { otherCode, type TrainedCell } from './other-code';
import { SharedData } from './shared-data';
import { sharedGpu } from './shared-gpu';
import { planSweep, type PlannedCell, type SweepPlan, type SweepRequest } from './sweep-plan';
import { dryRunRows } from './sweep-rows';
import { requestOf, sweepToResume } from './sweep-resume';
import { showStatus } from './sweep-status';

const STOPPED = 130;

/** The program that launchers start: this one. */
const program = join(__dirname, `main${extname(__filename)}`);

/** Runs the unfinished cells of a grid. Exit code: 0 if all chosen cells have succeeded, 1 if one has not, 130 if it was stopped. */
export async function sweepCommand(words: readonly string[], settings: ProjectSettings): Promise<number> {
  const command = parseSweep(words);
  if (command.status !== undefined) return showStatus(command, settings);
  const server = mlflowServer(settings.tracking.uri);
  const begun = command.resume === undefined ? undefined : sweepToResume(command, settings);
  if (begun?.isChecked === false) say(`${begun.folder}: ${notChecked}`);
  const request = begun ? requestOf(begun, command, settings) : { experiment: command.experiment!, overrides: command.overrides };
  const plan = planSweep(request, settings);
  const experiments = plan.cells.map(({ experiment }) => experiment);
  for (const note of [...plan.notes, ...sharedGpu(experiments, plan.launcher)]) say(note);
  const data = new SharedData(experiments, settings);
  if (command.dryRun) {
    console.log(dryRunTable(dryRunRows(plan, data, settings, command.only)));
    return 0;
  }
  if (!(await makeSharedData(data, { experiment: request.experiment, launcher: plan.launcher }, program, settings))) return STOPPED;
  const cells = plan.cells.map((planned) => cellOf(planned, data, settings));
  if (begun) refuseChangedCells(settings.runs, begun, cells);
  const sweep = begun ?? begin(request, plan, cells, settings);
  const signals = new StopSignals(); // before the lock: after it, a signal must save
  try {
    const unlock = lockSweep(sweep);
    try {
      const toRun = chosen(plan, cells, command.only);
      const note = otherCode(toRun, settings.runs);
      if (note) say(note);
      const result = await run(sweep, toRun, { plan, command, settings, signals });
      await mirrorSweepEnd(sweep, server, settings, signals);
      return exitCode(result, sweep);
    } finally {
      unlock();
    }
  } finally {
    signals.release();
  }
}

function cellOf({ request, name, overrides, experiment }: PlannedCell, data: SharedData, { runs }: ProjectSettings): TrainedCell {
  const named = { name: request.name, experiment: name, overrides };
  const cell = defineCell(runs, cellDefinition(named, experiment, data.digestsOf(experiment)!));
  return { ...cell, network: experiment.model.network };
}

function begin(request: SweepRequest, plan: SweepPlan, cells: readonly Cell[], settings: ProjectSettings): Sweep {
  const titles = plan.cells.map(({ experiment }) => experiment.title);
  const recorded = cells.map(({ address, name, overrides, seed }, index) => ({ address, name, title: titles[index], overrides, seed }));
  const { title, launcher } = plan;
  return createSweep(settings.runs, { experiment: request.experiment, title, grid: request, cells: recorded, launcher: launcher.kind });
}

/** The cells that `--only` selects. */
function chosen(plan: SweepPlan, cells: readonly TrainedCell[], only: readonly string[]): TrainedCell[] {
  const withCoordinates = cells.map((cell, index) => ({ cell, coordinates: plan.cells[index].request.coordinates }));
  return selectCells(withCoordinates, only).map(({ cell }) => cell);
}

interface Surroundings {
  readonly plan: SweepPlan;
  readonly command: SweepCommand;
  readonly settings: ProjectSettings;
  readonly signals: StopSignals;
}

async function run(sweep: Sweep, cells: readonly Cell[], { plan, command, settings, signals }: Surroundings): Promise<SweepResult> {
  const { launcher: config } = plan;
  const { retry, failFast } = command;
  const display = showSweep(cells, { reachedBy: (folder) => reachedBy(folder, settings.runs) });
  const launcher: Launcher = createLauncher(config, { folder: join(sweep.folder, 'launcher'), label: sweep.id, say, settings });
  say(`sweep ${sweep.id}: ${counted(differentCells(cells).length, 'cell')} of ${sweep.experiment} on ${launcher.description}`);
  const threads = threadsPerJob(config);
  const options = [`--sweep=${relative(settings.runs, sweep.folder)}`, ...(threads === undefined ? [] : [`--threads=${threads}`])];
  try {
    const jobOf = ({ folder }: { readonly folder: string }) => ({ main: program, words: ['cell', folder, ...options] });
    return await runSweep({
      id: sweep.id,
      folder: sweep.folder,
      cells,
      launcher,
      program: jobOf,
      retry,
      failFast,
      onEvent: display.onEvent,
      signals,
    });
  } finally {
    console.log(display.end());
  }
}

function exitCode({ counts, stopped }: SweepResult, { id }: Sweep): number {
  const isDone = Object.entries(counts).every(([state, count]) => state === 'succeeded' || count === 0);
  if (isDone) {
    say(`all done. To compare: npx nx run evaluator:leaderboard ${shellWord(`--sweep=${id}`)}`);
    return 0;
  }
  say(`to resume: npx nx run trainer:sweep ${shellWord(`--resume=${id}`)}`);
  return stopped === undefined || stopped === 'failure' ? 1 : STOPPED;
}
