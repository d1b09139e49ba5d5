// node ours.cjs ENGINE [override ...], in a project folder that has the features of --exp=tass-paper-small: everything that the trainer does up to its first step
const { projectSettings } = require('@tass/config');
const {
  BatchReader,
  buildNetwork,
  createTrainingStep,
  loadExperiment,
  openEngine,
  prepareData,
  trainingPlan,
} = require('@tass/experiment');
const { createAdam } = require('@tass/optimizers');
const { Random, namedParameters } = require('@tass/tensor');

const [engine, ...overrides] = process.argv.slice(2);

(async () => {
  const settings = projectSettings(process.cwd(), process.env);
  const experiment = loadExperiment(settings, 'tass-paper-small', ['engine.threads=2', `engine.backend=${engine}`, ...overrides]);
  await openEngine(experiment);
  const data = await prepareData(experiment, settings);
  const network = buildNetwork(experiment, data.sizes);
  const optimizer = createAdam(namedParameters(network.parameters), experiment.optimizer);
  const step = createTrainingStep(experiment, network, optimizer);
  const batch = new BatchReader(trainingPlan(data, experiment, Random.fromSeed(1)).batches, data.train, data).take();
  const { total } = await step.run(batch, { step: 1, learningRate: 1e-3, epoch: 0, dropoutSeed: 1 });
  console.log(JSON.stringify({ total }));
})();
