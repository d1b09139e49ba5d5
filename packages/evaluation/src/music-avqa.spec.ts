import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Question, readSplit } from '@tass/dataset-music-avqa';
import {
  type PriorRule,
  compareMethods,
  fitPrior,
  formatTable,
  markCorrect,
  percent,
  scoreByType,
  scoreColumns,
  scoreTemplates,
} from './index';
import type { FitPriorOptions } from './prior';

const root = process.env.TASS_DATA ?? '';
const isThere = ['val', 'test'].every((split) => existsSync(join(root, 'music-avqa', `avqa-${split}.json.gz`)));
const whenThere = isThere ? describe : describe.skip;

whenThere(`priors on the real questions of MUSIC-AVQA (skipped unless TASS_DATA holds them)`, () => {
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
    const columns = scoreColumns(test, { train: val });
    const ofRule = (rule: PriorRule) => ({
      id: rule,
      runs: [{ seed: null, right: Uint8Array.from(markCorrect(fitPrior(val, rule).predictAll(test), test)) }],
    });
    const [, { figures, against }] = compareMethods([ofRule('type'), ofRule('template')], 'type', test, columns, {
      seed: 1,
      resamples: 200,
    });
    const all = against?.All;
    expect(all?.difference).toBeCloseTo((100 * (4660 - 3265)) / 9129, 12);
    expect(all?.mcnemar[0]).toBeLessThan(1e-100);
    expect(all?.low).toBeGreaterThan(13);
    expect(figures['AV-Avg'].mean.toFixed(2)).toBe('52.10');
  });

  it('has the videos of test that are not in val, and answers that are frequent in val', () => {
    const { columns } = scoreColumns(test, { train: val });
    const total = (id: string) => columns.find((column) => column.id === id)?.total;
    expect([total('disjoint'), total('head'), total('tail')]).toEqual([6160, 4568, 4561]); // counted in Python too
  });
});
