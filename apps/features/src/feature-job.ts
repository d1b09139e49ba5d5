import { makeJob, stageUnits, type JobList } from '@tass/encoders';
import { mostBytes, readJson } from '@tass/files';
import { extractMedia, type ExtractMediaOptions } from '@tass/media';
import { counted, outliveReaders, untilStopped } from '@tass/program';
import { showStages } from '@tass/progress';

/**
 * A program of its own, so that it starts quickly: one job of a list that features:prepare made. `media FILE` extracts frames and sound of some
 * videos, `shard FILE INDEX` makes one shard. Videos that fail do not fail the job; they are listed where all are. A signal ends it with 130, its lock given back.
 */
async function main([kind, file, index]: readonly string[], signal: AbortSignal): Promise<string> {
  const content: unknown = readJson(file, mostBytes.record);
  if (kind === 'media') {
    const { extracted, kept, faults } = await extractMedia({ ...(content as ExtractMediaOptions), onRemark: console.log, signal });
    for (const { reason } of faults) console.log(reason);
    return `${counted(extracted.length, 'video')} extracted, ${kept.length} kept, ${counted(faults.length, 'fault')}`;
  }
  const show = showStages((stage) => ({ label: stage, unit: stageUnits[stage] }));
  const { keys, faults } = await makeJob(content as JobList, Number(index), {
    say: console.log,
    onProgress: ({ stage, done, total }) => show(stage, done, total),
    signal,
  });
  return `${counted(keys.length, 'record')} encoded, ${counted(faults.length, 'fault')}`;
}

outliveReaders();
const work = async (signal: AbortSignal): Promise<number> => {
  console.log(await main(process.argv.slice(2), signal));
  return 0;
};
untilStopped(work, { isJob: true }).then(
  (code) => (process.exitCode = code),
  (error: Error) => {
    console.error(process.env.TASS_STACK ? error.stack : error.message);
    process.exitCode = 1;
  },
);
