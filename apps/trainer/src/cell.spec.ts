import { loadExperiment } from '@tass/experiment';
import { projectSettings } from '@tass/config';
import { cellAddress, SweepError, type Cell } from '@tass/sweep';
import { join } from 'node:path';
import { cellDefinition, experimentOfCell } from './cell';

const settings = projectSettings(join(__dirname, '../../..'));
const experiment = loadExperiment(settings, 'quickstart', ['seed=3']);
const definition = cellDefinition({ name: 'a', experiment: 'quickstart', overrides: [] }, experiment, { train: 'ff' });
const address = cellAddress(definition.identity);
const cell = (config: unknown): Cell => ({ ...definition, address, folder: `/runs/.cells/${address}`, config });
const asWritten = (config: unknown): unknown => JSON.parse(JSON.stringify(config));

it('gives the experiment that the address of a cell stands for, on so many threads', () => {
  expect(experimentOfCell(cell(asWritten(definition.config)), null)).toEqual(experiment);
  expect(experimentOfCell(cell(asWritten(definition.config)), 7).engine).toEqual({ ...experiment.engine, threads: 7 });
});

it.each([
  ['another seed', { experiment: { ...experiment, seed: 4 }, digests: { train: 'ff' } }],
  ['other data', { experiment, digests: { train: 'fe' } }],
  ['no data', { experiment }],
])('refuses %s', (_, config) => {
  expect(() => experimentOfCell(cell(asWritten(config)), null)).toThrow(SweepError);
  expect(() => experimentOfCell(cell(asWritten(config)), null)).toThrow(`${address}/cell.json does not match its address`);
});

it.each([null, 3, {}, { experiment: null }, { experiment: { seed: 1 } }])('says what is wrong with a configuration of %j', (config) => {
  const read = () => experimentOfCell(cell(config), null);
  expect(read).toThrow(/cell\.json/);
  expect(read).not.toThrow(TypeError);
});
