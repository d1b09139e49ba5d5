import { runFolders } from '../find-run';
import { readFinalMetrics } from '../final-metrics';
import type { RunManifest } from '../manifest';
import { readRun } from '../run';
import { runState, type RunEnd } from './run-state';

/** A run that computes a cell of a sweep; it may have been made for another sweep. */
export interface RunOfCell extends RunEnd {
  readonly folder: string;
  readonly id: string;
  readonly seed: number;
}

/** Finds the runs of cells. `endedRun`: the id of a run that has ended although this process still holds its lock. */
export class CellRuns {
  private readonly manifests = new Map<string, RunManifest | undefined>(); // by the run's folder; they never change

  constructor(
    private readonly addresses: readonly string[],
    private readonly runsRoot: string,
    private readonly endedRun: string | undefined,
  ) {}

  /** The runs of each cell, by address, newest first. Damaged runs are left out; sending them reports the damage. */
  read(): Map<string, RunOfCell[]> {
    const found = new Map(this.addresses.map((address): [string, RunOfCell[]] => [address, []]));
    for (const folder of runFolders(this.runsRoot)) {
      const { cell, id, seed } = this.manifest(folder) ?? {};
      const isOver = id === this.endedRun;
      if (cell !== undefined) found.get(cell)?.push({ folder, id: id!, seed: seed!, ...runState(folder, { isOver }) });
    }
    return found;
  }

  private manifest(folder: string): RunManifest | undefined {
    if (!this.manifests.has(folder)) this.manifests.set(folder, manifestOf(folder));
    return this.manifests.get(folder);
  }
}

export function manifestOf(folder: string): RunManifest | undefined {
  try {
    return readRun(folder).manifest;
  } catch {
    return undefined;
  }
}

/** Accuracies over all questions in percent. */
export interface Figures {
  readonly val: number | undefined; // of the chosen epoch
  readonly test: number | undefined;
}

/** Of a finished run. */
export function figuresOf({ folder }: RunOfCell): Figures {
  const values = (name: string): number[] => records.map((record) => record.values[name]).filter(Number.isFinite);
  const records = readable(folder);
  const ofVal = values('val/accuracy/All');
  return { val: ofVal.length > 0 ? Math.max(...ofVal) : undefined, test: values('test/accuracy/All').at(-1) };
}

function readable(folder: string) {
  try {
    return readFinalMetrics(folder);
  } catch {
    return []; // a damaged journal, which sending the run reports
  }
}
