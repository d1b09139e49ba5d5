// A project folder for the trainer: this repository's experiments and encoders, and a cache and runs of its own.
const { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { watch } = require('./sides.cjs');

const root = resolve(__dirname, '..');
exports.trainer = join(root, 'apps/trainer/dist/main.js');

exports.makeProject = (folder) => {
  mkdirSync(folder, { recursive: true });
  cpSync(join(root, 'experiments'), join(folder, 'experiments'), { recursive: true });
  if (!existsSync(join(folder, 'packages'))) symlinkSync(join(root, 'packages'), join(folder, 'packages')); // of the encoders
  writeFileSync(join(folder, '.tassrc.yaml'), 'experiments: experiments\nruns: runs\n');
};

/** The same with the world and features of --exp=tass-small, which are kept. */
exports.makeProjectWithData = async (folder, videos) => {
  exports.makeProject(folder);
  await watch([process.execPath, join(__dirname, 'make-data.cjs'), ...exports.sizesOf(videos)], { cwd: folder });
};

/** `--videos=64,6,6` as overrides of an experiment. */
exports.sizesOf = (videos) => {
  const counts = videos.split(',').filter((count) => count !== '');
  return counts.map((count, at) => `dataset.videos.${['train', 'val', 'test'][at]}=${count}`);
};
