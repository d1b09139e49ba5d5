import { describeGroups } from '@tass/config';

export const prepareUsage = (
  experiments: string,
): string => `Makes everything that an experiment reads: frames and sound from the videos, then features of frames, sound and questions. Encoders with
a name of the model hub (org/name) are downloaded into models/. HF_ENDPOINT, HF_TOKEN and https_proxy are used if they are set.

  npx nx run features:prepare dataset.root=FOLDER                      for --exp=tass; FOLDER contains the annotations, and videos/ or frames/ and audio/
  npx nx run features:prepare --exp=NAME [key=value ...]               for another experiment, with any of its settings, such as features.patches=final
  npx nx run features:prepare --file=RUN/config.yaml                   for a run, or any configuration with all references resolved
      --refresh                                                        if a video, its frames or its sound changed, makes again what came from them
      launcher=slurm launcher.time=02:00:00                            runs as jobs on a cluster
      --list=FOLDER                                                    writes these jobs as lists, one command per line, and runs none
      dataset.questions=present                                        uses only the videos that are present; train with the same setting

After a stop or a kill, the same command resumes; finished parts are kept. Videos that cannot be used are listed with a reason; the others are prepared.
${describeGroups(experiments)}`;

export const checkUsage = (experiments: string): string => `Reads all features that an experiment needs and lists what is wrong with them.

  npx nx run features:check dataset.root=FOLDER
  npx nx run features:check --exp=NAME [key=value ...]
      --skip-media                             does not read frames and sound again; features of other frames or sound are then not noticed
${describeGroups(experiments)}`;

export const importUsage = `Imports existing features into a feature store, from one .npy file for each video (<video id>.npy).

  npx nx run features:import --from=FOLDER --as=audio --name=vggish dataset.root=FOLDER                       [60, 128]
  npx nx run features:import --from=FOLDER --as=visual --name=clip-npy --space=clip:clip-vit-base-patch32       [60, 50, 512]; row 0 is the class token
  npx nx run features:import --from=FOLDER --as=visual --name=resnet                                          [60, 512, 14, 14]
  npx nx run features:import --from=FOLDER --as=visual --name=tome --frames=FOLDER                            [60, 14, 1024] with frames [60, 768]
  npx nx run features:import --from=FOLDER --as=audio --name=ast --patches=FOLDER                             [60, 768] with patches [60, 12, 768]
      --layout=auto          or vectors, class-and-patches, patches, merged-tokens, channels-first, channels-last, if the shape is ambiguous ([60, 10, 512])
      --frames=FOLDER        a second folder, with the frame features [60, width] that belong to files of patches or merged tokens
      --patches=FOLDER       a second folder, with the patches [60, patches, width] that belong to files of sound
      --space=clip:MODEL     the features are in the joint space of this CLIP, named as in features.clip; by default own, which needs learned maps
      --lengths=any          accepts files with different numbers of seconds
      --constant=keep        accepts files whose patches are all equal (repeated pooled vectors)
      --exp=tass             the experiment that defines videos and segments
      dataset.questions=present   imports only the videos that have a file; the others are counted, but are no faults

At its end, it prints the next two commands: features:prepare, which encodes the texts, and trainer:train.`;

export const exportUsage = `Writes features as .npy files for Python: one file for each video, one row for each segment.

  npx nx run features:export --field=class-and-patches --to=FOLDER dataset.root=FOLDER        [10, 50, 512]
      --field=               frame, patch, audio, or class-and-patches, which joins the first two
      --type=float16         as in the store; by default float32
      --exp=tass             the experiment whose features are exported`;
