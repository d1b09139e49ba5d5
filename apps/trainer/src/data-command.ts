import { readConfig, type ProjectSettings } from '@tass/config';
import { checkExperiment, fetchModels, makeData, sayFeatures, untilStopped } from '@tass/experiment';
import { UsageError } from '@tass/program';

/** Makes the data of the resolved experiment in a file; a sweep starts it as a job before its first cell: `data FILE`. */
export async function dataCommand([file, ...rest]: readonly string[], settings: ProjectSettings): Promise<number> {
  if (file === undefined || rest.length > 0) throw new UsageError('data takes one word, the file of a resolved experiment');
  const experiment = checkExperiment(readConfig(file));
  return untilStopped(async (signal) => {
    await fetchModels(experiment, settings, signal);
    return sayFeatures(await makeData(experiment, settings, { signal }));
  });
}
