import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { AskedVideo } from '@tass/experiment';
import { nameOf } from './asked-videos';

/**
 * The file of the page of a question about a video: the same for the same question about the same file, another one for any other. File systems take names of
 * at most 255 bytes, of which a writer needs some.
 */
export function pageName(video: AskedVideo, question: string): string {
  const path = 'file' in video ? resolve(video.file) : video.id;
  const digest = createHash('sha256')
    .update(JSON.stringify([path, question]))
    .digest('hex')
    .slice(0, 8); // what `plain` leaves out differs too
  return `${plain(basename(nameOf(video)))}-${plain(question)}-${digest}.html`;
}

const MOST_BYTES = 80;

const plain = (text: string): string =>
  cut(text.toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '')) || 'x'; // prettier-ignore

/** Never within a character: a stream leaves out what is incomplete at its end. */
const cut = (text: string): string => new TextDecoder().decode(Buffer.from(text).subarray(0, MOST_BYTES), { stream: true });
