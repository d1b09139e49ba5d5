import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mostBytes, readOwnText } from '@tass/files';

/**
 * `world.making.videos` of a world that is being made: a line `<id> <digest>` for each video that was drawn. What a power loss destroys of it, or of
 * the videos, is drawn again.
 */
const drawnFile = (root: string): string => join(root, 'world.making.videos');

/** The digests of the videos that were drawn before the work was stopped. */
export function readDigests(root: string): [string, string][] {
  const text = existsSync(drawnFile(root)) ? readOwnText(drawnFile(root), mostBytes.record) : '';
  return [...text.matchAll(/^(\d+) ([0-9a-f]{64})$/gm)].map(([, id, digest]) => [id, digest]);
}

export const appendDigest = (root: string, id: string, digest: string): void => appendFileSync(drawnFile(root), `${id} ${digest}\n`);

export const dropDigests = (root: string): void => rmSync(drawnFile(root), { force: true });
