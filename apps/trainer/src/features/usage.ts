import { describeGroups } from '@tass/config';

export const prepareUsage = (
  experiments: string,
): string => `Makes all that an experiment reads: of videos frames and sound, of these and of the questions features.

  npx nx run encoders:prepare dataset.root=FOLDER                      for --exp=tass; FOLDER holds the annotations, and videos/ or frames/ and audio/
  npx nx run encoders:prepare --exp=NAME [key=value ...]               for another experiment; any setting of it, such as features.patches=final
  npx nx run encoders:prepare --file=RUN/config.yaml                   for a run, or any experiment with all references resolved
      launcher=slurm launcher.time=02:00:00                            as jobs on a cluster
      --list=FOLDER                                                    writes these jobs as lists, a command a line, and runs none

Stopped or killed, the same command goes on; what is there is kept. Videos that cannot be used are listed with their reason and do not stop the rest.
${describeGroups(experiments)}`;

export const checkUsage = (experiments: string): string => `Reads all features that an experiment needs and lists what is wrong with them.

  npx nx run encoders:check dataset.root=FOLDER
  npx nx run encoders:check --exp=NAME [key=value ...]
      --skip-media                             does not read frames and sound again, so that features of others than these are not found
${describeGroups(experiments)}`;
