// node make-data.cjs [override ...], in a project folder: makes what --exp=tass-small trains on, unless it is there
const { projectSettings } = require('@tass/config');
const { loadExperiment, makeData } = require('@tass/experiment');

const settings = projectSettings(process.cwd(), process.env);
makeData(loadExperiment(settings, 'tass-small', process.argv.slice(2)), settings).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
