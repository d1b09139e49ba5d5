import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, readOwnBytes } from '@tass/files';
import { refuseOtherBytes } from '../report-file';
import type { MlflowClient } from './client';
import { MlflowError } from './mlflow-error';

/** A file to send. */
export interface Artifact {
  readonly path: string; // below the run's artifacts
  readonly digest: string; // changes with the file
  read(): Uint8Array<ArrayBuffer>;
}

/**
 * The files of a run's folder for the server: at the start, its configuration; at its end, the final part of its journal, its predictions,
 * its grounding and use measures, and its report. report.json comes last, so that a reader who finds it finds everything.
 */
export function artifactsOf(folder: string, finalLines: string, hasEnded: boolean): Artifact[] {
  const beginning = ['config.yaml', 'manifest.json'].map((name) => fileArtifact(folder, name));
  if (!hasEnded) return beginning;
  const made = readdirSync(folder).filter((name) => /^(predictions-.*\.jsonl|(grounding|use)-.*\.json)$/.test(name));
  const results = ['present-videos.txt', ...made, 'report.md', 'report.json'].filter((name) => existsSync(join(folder, name)));
  return [...beginning, textArtifact('metrics.jsonl', finalLines), ...results.map((name) => fileArtifact(folder, name))];
}

/**
 * Size and time show whether a file has changed, because reading all checkpoints of a thousand runs would take long. Reading a file that
 * belongs to the run's report throws RunError if it has changed since the report.
 */
export function fileArtifact(folder: string, path: string): Artifact {
  const file = join(folder, path);
  const { size, mtimeMs } = statSync(file);
  return { path, digest: `${size} bytes of ${new Date(mtimeMs).toISOString()}`, read: () => bytesOf(folder, path) };
}

function bytesOf(folder: string, path: string): Uint8Array<ArrayBuffer> {
  const bytes = readOwnBytes(join(folder, path), mostBytes.checkpoint);
  refuseOtherBytes(folder, path, bytes);
  return Uint8Array.from(bytes);
}

function textArtifact(path: string, content: string): Artifact {
  return { path, digest: createHash('sha256').update(content).digest('hex'), read: () => new TextEncoder().encode(content) };
}

/** The path below the server's artifacts for an MLflow artifact URI. Throws MlflowError if the server does not accept files. */
export function placeOf(artifactUri: string, client: MlflowClient): string {
  const match = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(artifactUri);
  if (match) return match[1];
  throw new MlflowError(
    `${client.server.uri} keeps files at ${artifactUri.replace(/[^/]*@/, '')} and accepts no uploads. ` +
      'Start the server with --serve-artifacts and --artifacts-destination',
  );
}
