import { describeGroups } from '@tass/config';

export const trainUsage = (experiments: string): string => `Trains an experiment and scores it by question type.

  npx nx run trainer:train --exp=NAME [key=value ...]     for example  --exp=quickstart optimizer.learningRate=1e-3 seed=2
  npx nx run trainer:train --exp=NAME --resume            resumes its newest unfinished run; if there are several, prints which
  npx nx run trainer:train --resume=RUN                   resumes the run with this id or folder
  npx nx run trainer:train --exp=NAME --cfg               prints its configuration as written in files and settings, and stops
  npx nx run trainer:train --exp=NAME --cfg --resolve     prints what would be run: checked, with references resolved and defaults filled in
  npx nx run trainer:train --exp=NAME --info=defaults     prints which files it is composed of, and where each value comes from
  npx nx run trainer:train --exp=NAME -m seed=1,2,3 model.jtg.stream=single,dual      runs all combinations: see trainer:sweep help

${settingsUsage(experiments)}`;

export const sweepUsage = (experiments: string): string => `Runs a grid of experiments, and resumes one that was stopped or killed.

  npx nx run trainer:sweep --exp=GRID                     GRID: a file with a key sweep, such as ablations
  npx nx run trainer:sweep --exp=NAME seed=1,2,3 'model.jtg.stream=choice(single,dual)'       a grid on the command line
      --dry-run            prints a table of its cells and their states; runs nothing
      --status[=SWEEP]     prints the same table for a sweep that runs elsewhere, and updates it until the sweep ends
      --resume[=SWEEP]     resumes the newest unfinished sweep (if there are several, prints which), or the sweep named
      --retry=N            runs a failed cell again, at most N times
      --fail-fast          stops everything at the first failure
      --only=KEY=VALUE     runs only cells with this value, such as --only=seed=1 or --only=experiment=ablations/single-stream
      --jobs=N             runs N cells at once on this machine (launcher.jobs)
      launcher=slurm launcher.time=02:00:00               runs on a cluster; the options are in experiments/launcher

A cell that has finished, in this sweep or another, is not run again.
${settingsUsage(experiments)}`;

export const newUsage = `Makes a network of your own from the smallest one: a TypeScript file, and an experiment that uses it.

  npx nx run trainer:new network NAME          the same as  npx tass new network NAME

Next: docs/your-own-network.md`;

const settingsUsage = (
  experiments: string,
): string => `Settings: key=value, +key=value (new), ++key=value, ~key (deleted), group=option; values as text, 1e-3, true, null, [a,b], {a:1}, 'a, b', \${seed}.
Several values: seed=1,2,3 seed=range(1,4) optimizer=glob(adam*) epochs=choice(4,8). Quote a word if the shell would interpret its brackets.
Nx intercepts --help. To print this text, write help, or npx tass train --help.
${describeGroups(experiments)}`;
