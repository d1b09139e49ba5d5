import { runCommand } from './command';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort(new Error('encoders: stopped. Finished shards are kept; run the same command again to go on')));

runCommand(process.argv.slice(2), console.log, stop.signal).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
