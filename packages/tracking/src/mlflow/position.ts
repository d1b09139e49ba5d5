import { join } from 'node:path';
import { sealedJson, trySealedFile, writeFileAtomically } from '@tass/files';
import { POINTS_VERSION } from './limits';

/** The parts of a run that a server has confirmed: `mlflow.json` in the run's folder, written after each part. */
export interface Position {
  readonly server: string; // address; holds no credentials
  readonly experimentId?: string;
  readonly runId?: string;
  readonly replaces?: string; // an MLflow run to delete first, because it has lines that the journal has lost
  readonly described?: string; // digest of params, tags and inputs
  readonly lines: number; // of the journal
  readonly points?: number; // the version of their points; absent: 1
  readonly linesDigest?: string; // of these lines
  readonly systemLines: number; // of system.jsonl
  readonly artifacts: Readonly<Record<string, string>>; // digest by path
  readonly model?: { readonly id: string; readonly digest: string };
}

const fileOf = (folder: string): string => join(folder, 'mlflow.json');

const fresh = (server: string): Position => ({ server, lines: 0, points: POINTS_VERSION, systemLines: 0, artifacts: {} });

/** The position of a run on a server. It is the beginning for another server, or if the file is damaged; sending again does no harm. */
export function readPosition(folder: string, server: string): Position {
  const position = trySealedFile(fileOf(folder))?.content as Position | null | undefined;
  const isSound = Number.isInteger(position?.lines) && Number.isInteger(position?.systemLines) && position?.artifacts instanceof Object;
  return isSound && position?.server === server ? position : fresh(server);
}

/** The position of a run while it is being sent. */
export class PositionKeeper {
  constructor(
    private readonly folder: string,
    private position: Position,
  ) {}

  get now(): Position {
    return this.position;
  }

  /** Throws DiskError. */
  set(change: Partial<Position>): void {
    this.position = { ...this.position, ...change };
    writeFileAtomically(fileOf(this.folder), sealedJson(this.position));
  }

  /** For a run that must be sent again. */
  restart(replaces?: string): void {
    this.position = fresh(this.position.server);
    this.set({ replaces });
  }
}
