import { join } from 'node:path';
import { sealedJson, trySealedFile, writeFileAtomically } from '@tass/files';
import { POINTS_VERSION } from './limits';

/** What a server has acknowledged of a run: `mlflow.json` in the run's folder, written after each piece. */
export interface Position {
  readonly server: string; // address; holds no credentials
  readonly experimentId?: string;
  readonly runId?: string;
  readonly replaces?: string; // an MLflow run to be deleted first: it holds lines that the journal has lost
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

/** Where a server stands with a run; at the beginning for another server, and where the file is damaged: sending again does no harm. */
export function readPosition(folder: string, server: string): Position {
  const position = trySealedFile(fileOf(folder))?.content as Position | null | undefined;
  const isSound = Number.isInteger(position?.lines) && Number.isInteger(position?.systemLines) && position?.artifacts instanceof Object;
  return isSound && position?.server === server ? position : fresh(server);
}

/** The position of one run while it is being sent. */
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

  /** For a run that has to be sent anew. */
  restart(replaces?: string): void {
    this.position = fresh(this.position.server);
    this.set({ replaces });
  }
}
