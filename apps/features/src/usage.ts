import { describeGroups } from '@tass/config';

export const prepareUsage = (
  experiments: string,
): string => `Makes all that an experiment reads: of videos frames and sound, of these and of the questions features. Encoders that are named as on
the model hub (org/name) are fetched into models/, from HF_ENDPOINT, with HF_TOKEN and through https_proxy, where these are set.

  npx nx run features:prepare dataset.root=FOLDER                      for --exp=tass; FOLDER holds the annotations, and videos/ or frames/ and audio/
  npx nx run features:prepare --exp=NAME [key=value ...]               for another experiment; any setting of it, such as features.patches=final
  npx nx run features:prepare --file=RUN/config.yaml                   for a run, or any experiment with all references resolved
      --refresh                                                        extracts again where a video has changed since its frames were
      launcher=slurm launcher.time=02:00:00                            as jobs on a cluster
      --list=FOLDER                                                    writes these jobs as lists, a command a line, and runs none
      dataset.questions=present                                        only videos that are here; train with the same setting

Stopped or killed, the same command resumes; finished parts are kept. Videos that cannot be used are listed with their reason and do not stop the rest.
${describeGroups(experiments)}`;

export const checkUsage = (experiments: string): string => `Reads all features that an experiment needs and lists what is wrong with them.

  npx nx run features:check dataset.root=FOLDER
  npx nx run features:check --exp=NAME [key=value ...]
      --skip-media                             does not read frames and sound again, so that features of others than these are not found
${describeGroups(experiments)}`;

export const importUsage = `Takes ready features, one .npy file a video (<video id>.npy), into a feature store.

  npx nx run features:import --from=FOLDER --as=audio --name=vggish dataset.root=FOLDER                       [60, 128]
  npx nx run features:import --from=FOLDER --as=visual --name=clip-npy --space=clip:clip-vit-base-patch32       [60, 50, 512], row 0 the class token
  npx nx run features:import --from=FOLDER --as=visual --name=resnet                                          [60, 512, 14, 14]
      --layout=auto          or vectors, class-and-patches, patches, channels-first, channels-last, where the shape leaves it open ([60, 10, 512])
      --frames=FOLDER        a second folder that holds the frames of patch files, [60, width]
      --space=clip:MODEL     the features are in the joint space of that CLIP, as named in features.clip; default own: learned maps are needed
      --lengths=any          files may differ in their number of seconds
      --constant=keep        takes files whose patches are all equal, which are pooled vectors repeated
      --exp=tass           the experiment whose videos and segments are meant
      dataset.questions=present   only the videos that have a file; the others are counted, and no fault

It ends with the two commands that come next: features:prepare, which encodes the texts, and trainer:train.`;

export const exportUsage = `Writes features as .npy files, one a video, for programs in Python: one row a segment.

  npx nx run features:export --field=class-and-patches --to=FOLDER dataset.root=FOLDER        [10, 50, 512]
      field=               frame, patch, audio, or class-and-patches, which joins the first two
      --type=float16         as the store holds them; default float32
      --exp=tass           the experiment whose features are meant`;
