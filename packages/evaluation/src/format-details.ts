import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import type { Comparison } from './compare';
import { type Column, type TableFormat, renderGrid } from './grid';
import type { TemplateScore } from './score-templates';
import { percent } from './score';

const left = (header: string): Column => ({ header, align: 'left' });
const right = (header: string): Column => ({ header, align: 'right' });

/** One line a template: type, n, accuracy of the model and of the prior in percent, their difference in points, McNemar's p. */
export function formatTemplates(scores: readonly TemplateScore[], format: TableFormat = 'text'): string {
  const columns = [left('type'), left('template'), ...['n', 'model', 'prior', 'gain', 'p'].map(right)];
  const rows = scores.map(({ type, template, model, prior, p }) => [
    QUESTION_TYPES[type].short,
    template,
    String(model.total),
    percent(model).toFixed(2),
    percent(prior).toFixed(2),
    signed(percent(model) - percent(prior)),
    probability(p),
  ]);
  return renderGrid(columns, rows, format);
}

/** One line a part: n, both accuracies in percent, their difference with its 95 % interval over videos, and the p values. */
export function formatComparison(
  comparisons: readonly Comparison[],
  names: { readonly first: string; readonly second: string },
  format: TableFormat = 'text',
): string {
  const headers = [
    'n',
    names.first,
    names.second,
    'gain',
    '95 % over videos',
    'p over videos',
    `only ${names.first}`,
    `only ${names.second}`,
  ];
  const columns = [left(''), ...[...headers, 'p McNemar', 'p Holm'].map(right)];
  const rows = comparisons.map(({ name, first, second, bootstrap, onlyFirst, onlySecond, mcnemar, adjusted }) => [
    name,
    String(first.total),
    percent(first).toFixed(2),
    percent(second).toFixed(2),
    signed(bootstrap.difference),
    `${signed(bootstrap.low)} .. ${signed(bootstrap.high)}`,
    probability(bootstrap.p),
    String(onlyFirst),
    String(onlySecond),
    probability(mcnemar),
    adjusted === undefined ? '' : probability(adjusted),
  ]);
  return renderGrid(columns, rows, format);
}

const signed = (points: number): string => `${points < 0 ? '' : '+'}${points.toFixed(2)}`;
const probability = (p: number): string => (p < 0.0001 ? '<0.0001' : p.toFixed(4));
