import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

/** What a file loads: a file next to it, or a package of this project. Words that name nothing are ignored. */
const loaded = /['"](\.\.?\/[^'"\s]+|@tass\/[a-z-]+)['"]/g;

/** Packages of networks. The common code loads all of them, so that an experiment can name any. */
const networkPackages: readonly string[] = ['@tass/baselines', '@tass/tass'];

/**
 * A SHA-256 of the files of this project that training a network loads: those of the training loop, those of the network, and all that they
 * load in turn. Other networks are left out, so that a change of one says nothing about the runs of another. It reads what is run, so it
 * has other values for sources than for a build.
 */
export function trainingCode(network: string): string {
  const files = new Set<string>();
  addLoaded(join(__dirname, `training-run${extname(__filename)}`), files, networkPackages);
  addLoaded(fileOf(network), files);
  const digests = [...files]
    .sort()
    .map(contentOf)
    .map(({ digest }) => digest);
  return createHash('sha256').update(digests.join()).digest('hex');
}

function fileOf(network: string): string {
  const { resolve } = createRequire(__filename);
  if (network === 'tass') return resolve('@tass/tass');
  const index = resolve('@tass/baselines');
  return join(dirname(index), 'networks', `${network}${extname(index)}`);
}

/** Adds a file and what it loads, except `left`. */
function addLoaded(file: string, files: Set<string>, left: readonly string[] = []): void {
  if (files.has(file)) return;
  files.add(file);
  for (const { word, file: next } of contentOf(file).loads) if (!left.includes(word)) addLoaded(next, files, left);
}

interface Content {
  readonly digest: string;
  readonly loads: readonly { readonly word: string; readonly file: string }[];
}

/** By file, read once in a process: the networks of a sweep load most files together. */
const contents = new Map<string, Content>();

function contentOf(file: string): Content {
  const before = contents.get(file);
  if (before) return before;
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.of();
  const { resolve } = createRequire(file);
  const loads = [...bytes.toString('utf8').matchAll(loaded)].flatMap(([, word]) => {
    try {
      return [{ word, file: resolve(word) }];
    } catch {
      return [];
    }
  });
  const content = { digest: createHash('sha256').update(bytes).digest('hex'), loads };
  contents.set(file, content);
  return content;
}
