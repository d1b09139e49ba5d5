import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Question, readSplit } from '@tass/dataset-music-avqa';
import { type FitPriorOptions, type PriorRule, compare, fitPrior, formatTable, percent, scoreByType, scoreTemplates } from './index';

const root = process.env.TASS_DATA ?? resolve(__dirname, '../../../../shared/data');
const isThere = ['val', 'test'].every((split) => existsSync(join(root, 'music-avqa', `avqa-${split}.json.gz`)));
const whenThere = isThere ? describe : describe.skip;

whenThere(`priors on the real questions of MUSIC-AVQA (skipped unless ${root}/music-avqa or TASS_DATA holds them)`, () => {
  let val: readonly Question[];
  let test: readonly Question[];
  beforeAll(() => ([val, test] = [readSplit(root, 'val').questions, readSplit(root, 'test').questions]));
  const scored = (rule: PriorRule, options?: FitPriorOptions) => scoreByType(fitPrior(val, rule, options).predictAll(test), test);

  it.each<[PriorRule, FitPriorOptions['fallback'], string]>([
    ['type', 'global', '50.90 25.89 35.68 35.77'],
    ['template', 'global', '61.51 41.87 52.10 51.05'],
    ['question', 'global', '59.34 42.73 52.45 51.09'],
    ['type', 'coarser', '50.90 25.89 35.68 35.77'],
    ['template', 'coarser', '61.51 41.87 52.10 51.05'],
    ['question', 'coarser', '62.14 42.73 52.86 51.81'],
  ])('majority per %s, fallback %s, fitted on val: A V AV All of test are %s', (rule, fallback, expected) => {
    const { groups, all } = scored(rule, { fallback });
    expect([groups.Audio, groups.Visual, groups['Audio-Visual'], all].map((count) => percent(count).toFixed(2)).join(' ')).toBe(expected);
  });

  it('has the counts of the official test under the headings', () => {
    const [header, counts, row] = formatTable([{ name: 'majority per template', scores: [scored('template')] }]).split('\n');
    const cells = (line: string) => line.replaceAll('|', ' ').trim().split(/\s+/).join(' ');
    expect(cells(header)).toBe('A-Count A-Comp A-Avg V-Count V-Loc V-Avg Exist Count Loc Comp Temp AV-Avg All');
    expect(cells(counts)).toBe('n 1017 594 1611 1197 1225 2422 988 1265 920 1101 822 5096 9129');
    expect(cells(row)).toMatch(/ 61\.51 .* 41\.87 .* 52\.10 51\.05$/);
  });

  it('has 33 templates, none of which the template prior beats itself in', () => {
    const prior = fitPrior(val, 'template');
    const templates = scoreTemplates(prior.predictAll(test), test, prior);
    expect(templates).toHaveLength(33);
    expect(templates.every(({ model, prior: same, p }) => model.correct === same.correct && p === 1)).toBe(true);
    expect(templates.reduce((sum, { model }) => sum + model.total, 0)).toBe(9129);
  });

  it('tells priors apart over all, paired', () => {
    const comparisons = compare(fitPrior(val, 'type').predictAll(test), fitPrior(val, 'template').predictAll(test), test, {
      seed: 1,
      resamples: 200,
    });
    const all = comparisons.at(-1);
    expect(all).toMatchObject({ name: 'All', first: { correct: 3265, total: 9129 }, second: { correct: 4660, total: 9129 } });
    expect(all && all.onlySecond - all.onlyFirst).toBe(4660 - 3265);
    expect(all?.mcnemar).toBeLessThan(1e-100);
    expect(all?.bootstrap.low).toBeGreaterThan(13);
  });
});
