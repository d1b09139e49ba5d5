const { readFileSync } = require('node:fs');
const path = require('node:path');

const repository = path.resolve(__dirname, '../..');

/** What is run, from the Nx targets of the projects: name -> { main, words, description, options, settings }. */
function commands() {
  const found = {};
  for (const [folder, programs] of Object.entries(projects)) {
    const { nx } = JSON.parse(readFileSync(path.join(repository, folder, 'package.json'), 'utf8'));
    for (const [name, program] of Object.entries(programs)) {
      const { main, words = [] } = nx.targets[name].options;
      found[name] = { main: path.join(repository, main), words, ...program };
    }
  }
  return found;
}

const split = ['--split=val', '--split=test'];
const reading = ['--prediction-key=', '--id-key=', '--digits=counts', '--digits=indices', '--digits=indices-from-1', '--answers='];
const benchmarks = [
  'dataset=music-avqa',
  'dataset=music-avqa-v2',
  'dataset=music-avqa-r',
  'dataset=fortis-avqa',
  'dataset.version=balance',
  'dataset.version=bias',
  'dataset.root=',
];
const tests = ['music-avqa', 'music-avqa-r', 'fortis-avqa', 'music-avqa-v2-balance', 'music-avqa-v2-bias'];
/** By target: one line for people, and for the Tab key the options and whether settings follow. */
const projects = {
  'apps/trainer': {
    train: {
      description: 'train an experiment',
      options: ['--exp=', '--resume', '--resume=', '--cfg', '--resolve', '--info=defaults', '-m', '--help'],
      settings: 'experiment',
    },
    sweep: {
      description: 'run a grid of experiments, or resume one',
      options: [
        ...['--exp=', '--dry-run', '--status', '--status=', '--resume', '--resume='],
        ...['--retry=', '--fail-fast', '--only=', '--jobs=', '--help'],
      ],
      settings: 'grid',
    },
    new: { description: 'make a network of your own', options: ['network', '--help'] },
  },
  'apps/evaluator': {
    ask: {
      description: 'ask a run about a video of your own',
      options: ['--run=', '--video=', '--json', '--no-pages', '--out=', '--help'],
    },
    demo: { description: 'ask a run about videos in the browser', options: ['--run=', '--port=', '--help'] },
    evaluate: { description: 'score a run by question type', options: ['--run=', ...split, '--use', '--help', ...benchmarks] },
    explain: {
      description: 'make pages that show why a run answered as it did',
      options: ['--run=', '--with=', '--question=', '--sample=', '--wrong', '--type=', ...split, '--out=', '--help'],
    },
    leaderboard: {
      description: 'compare methods over seeds in a table and a page',
      options: [
        ...['--exp=', '--sweep=', '--runs=', '--from=mlflow', '--predictions=', ...reading, ...split, '--questions='],
        ...['--reference=', '--resamples=', '--tests=all', ...tests.map((name) => `--tests=${name}`), '--published'],
        ...['--out=', '--title=', '--help', 'dataset.root='],
      ],
    },
    score: {
      description: 'score predictions from any program',
      options: ['--predictions=', '--name=', ...reading, '--trained-on=', ...split, '--help', ...benchmarks],
    },
  },
  'apps/features': {
    prepare: {
      description: 'turn videos into frames, sound and features',
      options: ['--exp=', '--file=', '--list=', '--refresh', '--help'],
      settings: 'experiment',
    },
    check: { description: 'list what is wrong with features', options: ['--exp=', '--skip-media', '--help'], settings: 'experiment' },
    import: {
      description: 'import .npy features into a store',
      options: [...['from', 'as', 'name', 'layout', 'frames', 'patches', 'space', 'lengths', 'constant', 'exp'].map((name) => `--${name}=`), '--help'],
      settings: 'experiment',
    },
    export: {
      description: 'export features as .npy files',
      options: ['--field=', '--to=', '--type=', '--exp=', '--help'],
      settings: 'experiment',
    },
  },
  'packages/tracking': {
    sync: { description: 'send runs to an MLflow server', options: ['--help'] },
    serve: { description: 'start an MLflow server of your own', options: ['--port=', '--folder=', '--help'] },
  },
};

module.exports = { commands, repository };
