import type { ProjectSettings } from '@tass/config';
import { audioFiles, clipFiles, fetchModel } from '@tass/encoders';
import { waitForMaker } from '@tass/files';
import { expandHome } from '@tass/program';
import { say, showStages } from '@tass/progress';
import { neededFeatures } from '../networks';
import type { Experiment } from '../schema';
import { featurePlan } from './wanted-features';

const megabyte = 1e6;

/**
 * Downloads missing files of the encoders that an experiment names as on the hub, into the project's models/. Sends no request if all
 * exist. Throws as `fetchModel`.
 */
export async function fetchModels(experiment: Experiment, settings: ProjectSettings, signal?: AbortSignal): Promise<void> {
  const { features } = experiment;
  if (features === null) return;
  const plan = featurePlan(features, settings, '', neededFeatures(experiment));
  const fetch = (nameOrFolder: string, files: readonly string[]) =>
    waitForMaker(() => fetchModel({ nameOrFolder, root: settings.root, files, onProgress: showMegabytes(nameOrFolder), signal }), {
      say,
      signal,
    });
  const [audio, clip] = [expandHome(features.audio, 'features.audio'), expandHome(features.clip, 'features.clip')];
  if (plan.audio) await fetch(audio, audioFiles(await fetch(audio, ['config.json']))); // this file lists the others
  if (plan.clip) await fetch(clip, clipFiles(features.dtype, plan.clip.frames ? 'both' : 'texts'));
}

/** Progress of each large file of a model. */
function showMegabytes(model: string) {
  const show = showStages((file) => ({ label: `models: ${model}/${file}`, unit: 'MB' }));
  return (file: string, bytes: number, total = bytes): void => {
    if (total >= megabyte) show(file, Math.ceil(bytes / megabyte), Math.ceil(total / megabyte));
  };
}
