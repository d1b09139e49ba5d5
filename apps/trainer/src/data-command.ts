import { readConfig, type ProjectSettings } from '@tass/config';
import { checkExperiment, fetchModels, makeData, sayFeatures } from '@tass/experiment';
import { UsageError, untilStopped } from '@tass/program';

/** Makes the data of a resolved experiment: `data FILE`. A sweep starts it as a job before its first cell. */
export async function dataCommand([file, ...rest]: readonly string[], settings: ProjectSettings): Promise<number> {
  if (file === undefined || rest.length > 0) throw new UsageError('data takes one word, the file of a resolved experiment');
  const experiment = checkExperiment(readConfig(file));
  const work = async (signal: AbortSignal): Promise<number> => {
    await fetchModels(experiment, settings, signal);
    return sayFeatures(await makeData(experiment, settings, { signal }));
  };
  return untilStopped(work, { isJob: true });
}
