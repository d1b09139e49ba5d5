import { describeGroups } from '@tass/config';

export const trainUsage = (experiments: string): string => `Trains an experiment and scores it by question type.

  npx nx run trainer:train --exp=NAME [key=value ...]     for example  --exp=quickstart optimizer.learningRate=1e-3 seed=2
  npx nx run trainer:train --exp=NAME --resume            resumes its newest unfinished run; of several it says which
  npx nx run trainer:train --resume=RUN                   resumes the run of that id or folder
  npx nx run trainer:train --exp=NAME --cfg               prints its configuration as files and settings have it, and stops
  npx nx run trainer:train --exp=NAME --cfg --resolve     prints what would be run: checked, references replaced, all defaults filled in
  npx nx run trainer:train --exp=NAME --info=defaults     prints which files it is made of, and where each value came from
  npx nx run trainer:train --exp=NAME -m seed=1,2,3 model.jtg.stream=single,dual      all of them: see trainer:sweep help

${settingsUsage(experiments)}`;

export const sweepUsage = (experiments: string): string => `Runs a grid of experiments, and resumes one that was stopped or killed.

  npx nx run trainer:sweep --exp=GRID                     a file with a key sweep, such as --exp=ablations
  npx nx run trainer:sweep --exp=NAME seed=1,2,3 'model.jtg.stream=choice(single,dual)'       a grid on the command line
      --dry-run            a table of its cells and their states; runs nothing
      --status[=SWEEP]     the same of a sweep that runs elsewhere, drawn anew until it ends
      --resume[=SWEEP]     resumes the newest unfinished sweep (of several it says which), or the one named
      --retry=N            runs a failed cell again, N times at most
      --fail-fast          stops all at the first failure
      --only=KEY=VALUE     only cells with this value, such as --only=seed=1 or --only=experiment=ablations/single-stream
      --jobs=N             so many at once on this machine (launcher.jobs)
      launcher=slurm launcher.time=02:00:00               on a cluster; the options are in experiments/launcher

A cell that is done, in this sweep or another, is not run again.
${settingsUsage(experiments)}`;

export const newUsage = `Makes a network of one's own from the smallest one there is: a file of TypeScript and an experiment of it.

  npx nx run trainer:new network NAME          the same as  npx tass new network NAME

Next: docs/your-own-network.md`;

const settingsUsage = (
  experiments: string,
): string => `Settings: key=value, +key=value (new), ++key=value, ~key (deleted), group=option; values as text, 1e-3, true, null, [a,b], {a:1}, 'a, b', \${seed}.
Several values: seed=1,2,3 seed=range(1,4) optimizer=glob(adam*) epochs=choice(4,8), each word in quotes where the shell would take its brackets.
Nx keeps --help for itself; this text is also shown for the word help, and by npx tass train --help.
${describeGroups(experiments)}`;
