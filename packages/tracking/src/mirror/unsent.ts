import { basename } from 'node:path';
import { shellWord } from '@tass/program';
import { readFinalMetrics } from '../final-metrics';
import { readPosition } from '../mlflow/position';
import type { MlflowServer } from '../mlflow/server';

/** The message if a server lacks parts of a run, and what to do. */
export function unsent(folder: string, server: MlflowServer, reason: string | undefined): string {
  const why = reason ?? 'the time ran out';
  return (
    `${server.uri} does not have all of this run (${linesThere(folder, server)}): ${why}. ` +
    `Nothing is lost: all is in ${folder}. To send it: npx nx run tracking:sync ${shellWord(basename(folder))}`
  );
}

function linesThere(folder: string, { uri }: MlflowServer): string {
  try {
    return `${readPosition(folder, uri).lines} of ${readFinalMetrics(folder).length} lines of metrics are there`;
  } catch {
    return 'its journal cannot be read';
  }
}
