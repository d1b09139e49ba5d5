// node ours.cjs FOLDER VIDEOS WORKERS      makes an embedded world of that many videos in the folder; prints its questions
const { makeWorld } = require('@tass/mini-avqa');

const [root, count, workers] = process.argv.slice(2);
const videos = { train: 0.6 * count, val: 0.1 * count, test: 0.3 * count };
makeWorld({ root, seed: 1, videos, workers: Number(workers) })
  .then(({ manifest: { questions } }) => console.log(JSON.stringify({ questions })))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
