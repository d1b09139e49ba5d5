import { mkdirSync } from 'node:fs';
import { listExperiments, projectSettings, type ProjectSettings } from '@tass/config';
import type { TassSettings } from '@tass/tass';
import { buildNetwork, createAnsweringStep, loadExperiment, openEngine, prepareData, runFiles } from '@tass/experiment';
import { namedParameters, tf } from '@tass/tensor';
import { MiniatureProject } from '@tass/testing';
import { createRun } from '@tass/tracking';
import { loadPosition } from './position';
import { train, trainingSchedule } from './train';

const project = new MiniatureProject();
const names = listExperiments(project.experiments).filter((name) => name.startsWith('ablations/'));
let settings: ProjectSettings;
let small: string[];
beforeAll(async () => {
  settings = projectSettings(project.folder, {});
  const { dataset, features } = loadExperiment(settings, 'miniature');
  small = [
    `dataset={root: ${dataset.root}, videos: {train: 4, val: 2, test: 2}}`,
    `features={clip: ${features!.clip}, audio: ${features!.audio}}`,
    ...['model={dim: 16, heads: 2}', 'batch={questions: 18, perVideo: 9}', 'engine.backend=wasm', 'optimizer.schedule={warmUp: 0.3}'],
  ];
  // Makes the features, with frames by each read-out and of texts alone; here they are only read.
  for (const readOut of ['patches=value', 'patches=final', 'words=token'])
    await project.trained(['--exp=miniature', 'epochs=1', `features.${readOut}`]);
  await project.trained(['--exp=ablations/audio-question', ...small, 'epochs=1']);
});
beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true)); // progress
afterEach(() => jest.restoreAllMocks());
afterAll(() => project.remove());

/** Trains for a few steps; gives the mean of each loss and which parameters moved. */
async function firstSteps(name: string, steps: number) {
  const experiment = loadExperiment(settings, name, small);
  await openEngine(experiment);
  const data = await prepareData(experiment, settings);
  const network = buildNetwork(experiment, data.sizes);
  const schedule = trainingSchedule(experiment, data);
  const manifest = { project: project.folder, seed: 1, overrides: [], engine: { backend: 'cpu' }, features: {}, datasets: {} };
  const run = createRun({ runsRoot: settings.runs, experiment: name, config: experiment, ...manifest });
  const answering = createAnsweringStep(experiment, network);
  try {
    mkdirSync(runFiles.checkpoints(run.folder));
    const { optimizer, position } = loadPosition(run, network, experiment.optimizer);
    const initial = new Map([...namedParameters(network.parameters)].map(([path, tensor]) => [path, tensor.dataSync().slice()]));
    const tensors: number[] = [];
    const stopRequested = () => tensors.push(tf.memory().numTensors) > steps;
    const reached = await train(
      { experiment, data, network, answering, schedule, optimizer, run, stopRequested, committed: () => undefined },
      position,
    );
    const moved = [...optimizer.parameters()].filter(([path, tensor]) =>
      tensor.dataSync().some((value, i) => value !== initial.get(path)![i]),
    );
    return { experiment, reached, tensors, parameters: [...initial.keys()], moved: moved.map(([path]) => path) };
  } finally {
    answering.dispose();
    run.close();
  }
}

it('there is a file for each switch', () => expect(names.length).toBeGreaterThanOrEqual(19));

it.each(names)('%s trains', async (name) => {
  const { experiment, reached, parameters, moved } = await firstSteps(name, 1);
  expect(reached).toMatchObject({ epoch: 0, batch: 1, step: 1 });
  const { sums } = reached.sums;
  const { total, answer, match, synchrony } = sums;
  const { loss } = experiment;
  const model = experiment.model as unknown as TassSettings;
  expect(answer).toBeGreaterThan(1); // ln 42 = 3.7 at the start
  const both = model.inputs.audio && model.inputs.video;
  expect(match > 0).toBe(both && model.match !== 'none');
  expect(synchrony > 0).toBe(both && model.jtg.stream !== 'paired'); // whose halves are one
  const weighted = Object.entries(loss).map(([part, weight]) => weight * sums[part]);
  expect(total).toBeCloseTo(
    weighted.reduce((sum, part) => sum + part),
    4,
  );
  const withoutGradient = model.question.target === 'hard' ? /^question\.target\./ : /^$/;
  expect(parameters.filter((path) => !moved.includes(path) && !withoutGradient.test(path))).toEqual([]);
});

it('keeps as many tensors after three steps as after two', async () => {
  const { tensors } = await firstSteps('ablations/match-contrastive', 3);
  expect(tensors).toHaveLength(4);
  expect(tensors[3]).toBe(tensors[2]);
});
