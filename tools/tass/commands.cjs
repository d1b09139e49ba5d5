const { readFileSync } = require('node:fs');
const path = require('node:path');

const repository = path.resolve(__dirname, '../..');

/** What is run, from the Nx targets of the projects, so that there is one list of them: name -> { project, main, words, description }. */
function commands() {
  const found = {};
  for (const [folder, names] of Object.entries(programs)) {
    const { nx } = JSON.parse(readFileSync(path.join(repository, folder, 'package.json'), 'utf8'));
    for (const [name, description] of Object.entries(names)) {
      const { main, words = [] } = nx.targets[name].options;
      found[name] = { project: nx.name, main: path.join(repository, main), words, description };
    }
  }
  return found;
}

const programs = {
  'apps/trainer': { train: 'train an experiment', sweep: 'run a grid of experiments, or go on with one' },
  'apps/evaluator': {
    evaluate: 'score a run by question type',
    compare: 'two methods in detail',
    leaderboard: 'methods over seeds, as a table and a page',
    score: 'score predictions of any program',
  },
  'packages/encoders': { prepare: 'features from frames and sound', check: 'what is wrong with features' },
  'packages/tracking': { sync: 'send runs to an MLflow server', serve: 'start an MLflow server of your own' },
};

module.exports = { commands };
