import { projectSettings } from '@tass/config';
import { onStopSignal, runProgram, untilStopped } from '@tass/program';
import { serveCommand } from './commands/serve-command';
import { syncCommand } from './commands/sync-command';
import { serveUsage, syncUsage } from './commands/usage';

void runProgram('tracking', {
  sync: {
    usage: () => syncUsage,
    run: (words) => untilStopped((signal) => syncCommand(words, projectSettings(), console.log, signal)),
  },
  serve: {
    usage: () => serveUsage,
    run(words) {
      const stop = new AbortController();
      onStopSignal({ ask: () => stop.abort() });
      return serveCommand(words, projectSettings(), console.log, stop.signal);
    },
  },
});
