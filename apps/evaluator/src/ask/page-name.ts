import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { AskedVideo } from '@tass/experiment';
import { nameOf } from './asked-videos';

/**
 * The file name of a question's page: the same for the same question about the same file, and different for any other. File systems allow
 * 255 bytes, and the writer needs some of them.
 */
export function pageName(video: AskedVideo, question: string): string {
  const path = 'file' in video ? resolve(video.file) : video.id;
  const digest = createHash('sha256')
    .update(JSON.stringify([path, question]))
    .digest('hex')
    .slice(0, 8); // names that differ only in characters that `plain` drops stay different
  return `${plain(basename(nameOf(video)))}-${plain(question)}-${digest}.html`;
}

const MOST_BYTES = 80;

const plain = (text: string): string =>
  cut(text.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '')) || 'x'; // prettier-ignore

/** Never cuts a character: a stream decoder drops an incomplete one at the end. */
const cut = (text: string): string => new TextDecoder().decode(Buffer.from(text).subarray(0, MOST_BYTES), { stream: true });
