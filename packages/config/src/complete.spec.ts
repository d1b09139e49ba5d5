import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeWords, type CompletedCommand } from './complete';

const root = mkdtempSync(join(tmpdir(), 'tass-complete-'));
cpSync(join(__dirname, '../fixtures/experiments'), root, { recursive: true });
writeFileSync(join(root, 'grid.yaml'), 'sweep: { experiments: [ablations/no-text-query, quickstart], seeds: [1, 2] }');
mkdirSync(join(root, 'launcher'));
writeFileSync(join(root, 'launcher/slurm.yaml'), 'time: 04:00:00');
afterAll(() => rmSync(root, { recursive: true }));

const commands: Record<string, CompletedCommand> = {
  train: { options: ['--exp=', '--resume', '--resume=', '--cfg'], settings: 'experiment' },
  sweep: { options: ['--exp=', '--retry='], settings: 'grid' },
  rank: { options: ['--exp='] },
  score: { options: ['--predictions=', '--split=val', '--split=test'] },
  toString: { options: [] },
};
/** Completions of the line; a word that ends with a blank is finished. */
const complete = (line: string): string[] => completeWords(line.split(' '), root, commands);

it.each<[string, string[]]>([
  ['', ['train', 'sweep', 'rank', 'score', 'toString']],
  ['s', ['sweep', 'score']],
  ['train', ['train']], // so that the shell ends the word
  ['nothing ', []],
  ['constructor --', []],
  ['x', []],
])('of commands: "%s"', (line, expected) => expect(complete(line)).toEqual(expected));

it.each<[string, string[]]>([
  ['train --re', ['--resume', '--resume=']],
  ['train --exp=quickstart --resume', ['--resume', '--resume=']],
  ['train -', ['--exp=', '--resume', '--resume=', '--cfg']],
  ['score ', ['--predictions=', '--split=val', '--split=test']],
  ['score --split=', ['--split=val', '--split=test']],
  ['score model', []],
  ['score --exp=', []],
])('of options: "%s"', (line, expected) => expect(complete(line)).toEqual(expected));

it.each<[string, string[]]>([
  ['train --exp=', ['--exp=ablations/no-text-query', '--exp=quickstart', '--exp=grid']],
  ['train --experiment=q', ['--experiment=quickstart']],
  ['sweep --exp=', ['--exp=grid', '--exp=ablations/no-text-query', '--exp=quickstart']],
  ['train --exp=quickstart,a', []],
  ['rank --exp=quickstart,a', ['--exp=quickstart,ablations/no-text-query']],
  ['train --exp=abl', ['--exp=ablations/no-text-query']],
])('of experiments, grids first where they are run: "%s"', (line, expected) => expect(complete(line)).toEqual(expected));

it.each<[string, string[]]>([
  ['train mod', ['model=', 'model/jtg=']],
  ['train ab', []], // holds experiments
  ['train +o', ['+optimizer=']],
  ['train ~o', ['~optimizer']],
  ['train model=', ['model=small', 'model=tass']],
  ['train ++model=s', ['++model=small']],
  ['train model/jtg=', ['model/jtg=single-stream']],
  ['train model=small,', []],
  ['train -m model=small,', ['model=small,tass']],
  ['sweep model=small,t', ['model=small,tass']],
  ['train none=', []],
  ['train ../model=', []],
  ['sweep --exp=quickstart optimizer=adam', ['optimizer=adam']],
])('of groups and their options: "%s"', (line, expected) => expect(complete(line)).toEqual(expected));

it.each<[string, string[]]>([
  ['train --exp=quickstart se', ['seed=']],
  ['train --exp=quickstart model', ['model=', 'model/jtg=', 'model.']],
  ['train --exp=quickstart model.', ['model.jtg.', 'model.dim=', 'model.tsgPlus.']],
  ['train --exp=quickstart model.tsgPlus.th', ['model.tsgPlus.threshold=']],
  ['train --exp=quickstart +model.tsgPlus.th', ['+model.tsgPlus.threshold=']],
  ['train --exp=quickstart ~model.', ['~model.jtg.', '~model.dim', '~model.tsgPlus.']],
  ['train --exp=quickstart seed.', []],
  ['train --exp=quickstart nothing.', []],
  ['train --exp=quickstart seed=', []],
  ['train see', []],
  ['train --exp=nothing see', []],
])('of keys, one level at a time: "%s"', (line, expected) => expect(complete(line)).toEqual(expected));

it.each<[string, string[]]>([
  ['train --exp=quickstart dataset.', ['dataset.kind=', 'dataset.videos=']],
  ['train --exp=quickstart dataset=music-avqa dataset.', ['dataset.kind=', 'dataset.root=']],
  ['train --exp=quickstart dataset=musik dataset=music-avqa oops seed=1,2 dataset.', ['dataset.kind=', 'dataset.root=']],
  ['train --exp=quickstart +extra.new=1 extra.', ['extra.new=']],
  ['sweep --exp=quickstart launcher=slurm launcher.', ['launcher.time=']], // which no file chooses
  ['train --exp=quickstart ~model.tsgPlus model.', ['model.jtg.', 'model.dim=']],
])('of keys as the words before have them: "%s"', (line, expected) => expect(complete(line)).toEqual(expected));

it('of keys of the first experiment of a grid', () => {
  expect(complete('sweep --exp=grid ep')).toEqual(['epochs=']);
});

it('offers all where nothing is typed yet', () => {
  expect(complete('train ')).toEqual([...commands.train.options, 'dataset=', 'launcher=', 'model=', 'model/jtg=', 'optimizer=']);
});

describe('where files are wrong', () => {
  const broken = mkdtempSync(join(tmpdir(), 'tass-complete-'));
  writeFileSync(join(broken, 'main.yaml'), 'a: [1');
  afterAll(() => rmSync(broken, { recursive: true }));

  it('has nothing to offer but what needs no files', () => {
    expect(completeWords(['train', '--exp=main', 'a'], broken, commands)).toEqual([]);
    expect(completeWords(['train', '--re'], broken, commands)).toEqual(['--resume', '--resume=']);
    for (const word of ['--exp=', 'mod', 'model=']) expect(completeWords(['train', word], join(broken, 'none'), commands)).toEqual([]);
  });

  it('still names the experiment', () => {
    expect(completeWords(['train', '--exp='], broken, commands)).toEqual(['--exp=main']);
  });
});
