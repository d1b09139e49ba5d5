import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProjectSettings } from '@tass/config';
import { nothingToShow, withRun } from '@tass/explanation';
import { parseDemo } from './command-line';
import { Demo } from './demo';
import { serveLocally } from './serve-locally';

/**
 * Serves a page for asking a run about videos until `signal` aborts, and passes its address to `print`. Removes videos and files made from
 * them before it returns. Throws UsageError, RunError, Error where the port is taken.
 */
export function demoCommand(
  words: readonly string[],
  { settings, print, signal }: { readonly settings: ProjectSettings; readonly print: (text: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const { run, port, overrides } = parseDemo(words);
  return withRun({ run, split: 'val', overrides }, settings, async (opened) => {
    const { needed } = opened.data;
    if (!needed.video && !needed.audio) throw nothingToShow(opened);
    const folder = mkdtempSync(join(tmpdir(), 'tass-demo-'));
    const asked = new Set<Promise<unknown>>();
    try {
      const demo = await Demo.of(opened, folder, settings);
      const server = await serveLocally((request, path, query, gone) => {
        const reply = demo.reply(request, path, query, AbortSignal.any([gone, signal]));
        asked.add(reply);
        return reply.finally(() => asked.delete(reply));
      }, port);
      print(`${opened.record.folder}\n${opened.network.name}, seed ${opened.experiment.seed}`);
      print(`${server.address}    open it in a browser of this machine; Ctrl-C ends it`);
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      server.close();
      await Promise.allSettled(asked);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
