import { projectSettings } from '@tass/config';
import { onStopSignal, runProgram } from '@tass/program';
import { serveCommand } from './commands/serve-command';
import { syncCommand } from './commands/sync-command';
import { serveUsage, syncUsage } from './commands/usage';

void runProgram('tracking', {
  sync: { usage: () => syncUsage, run: (words) => syncCommand(words, projectSettings(), console.log) },
  serve: {
    usage: () => serveUsage,
    run(words) {
      const stop = new AbortController();
      onStopSignal({ ask: () => stop.abort() });
      return serveCommand(words, projectSettings(), console.log, stop.signal);
    },
  },
});
