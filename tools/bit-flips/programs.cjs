// The programs of this project in this process: a flip takes a second, not the start of three programs. From the build, or with the condition
// @tass/source, as specs set it, from the sources.
const path = require('node:path');

const root = path.resolve(__dirname, '../..');
const isFromSources = (process.env.NODE_OPTIONS ?? '').includes('@tass/source');
const part = (folder, name) => require(path.join(root, folder, isFromSources ? `src/${name}.ts` : `dist/${name}.js`));

const { loadExperiment, prepareData, runFiles } = require('@tass/experiment');
const { projectSettings } = require('@tass/config');
const { findSweep, defineCell, refuseChangedCells } = require('@tass/sweep');
const { findRun, readFinalMetrics, readRun } = require('@tass/tracking');
const { readCheckpoint } = require('@tass/checkpoints');
const { makeWorld } = require('@tass/mini-avqa');
const { startTraining } = part('apps/trainer', 'start-training');
const { beginRun, openTraining, prepareTraining, trainAndReport } = part('apps/trainer', 'training-run');
const { cellCommand } = part('apps/trainer', 'cell-command');
const { cellDefinition } = part('apps/trainer', 'cell');
const { planSweep } = part('apps/trainer', 'sweep-plan');
const { SharedData } = part('apps/trainer', 'shared-data');
const { requestOf } = part('apps/trainer', 'sweep-resume');
const { parseSweep } = part('apps/trainer', 'command-line');
const { sweepCommand } = part('apps/trainer', 'sweep-command');
const { leaderboardOf } = part('apps/evaluator', 'leaderboard-command');
const { parseLeaderboard } = part('apps/evaluator', 'command-line');
const { describeRun } = part('packages/tracking', 'mlflow/describe-run');
const { runState } = part('packages/tracking', 'mlflow/run-state');
const { artifactsOf } = part('packages/tracking', 'mlflow/artifacts');
const { readFinalJournal } = part('packages/tracking', 'final-metrics');

module.exports = {
  root,
  ...{
    loadExperiment,
    prepareData,
    runFiles,
    projectSettings,
    findSweep,
    defineCell,
    refuseChangedCells,
    findRun,
    readFinalMetrics,
    readRun,
  },
  ...{ readCheckpoint, makeWorld, startTraining, beginRun, openTraining, prepareTraining, trainAndReport, cellCommand, cellDefinition },
  ...{ planSweep, SharedData, requestOf, parseSweep, sweepCommand, leaderboardOf, parseLeaderboard, describeRun, runState, artifactsOf },
  readFinalJournal,
};
