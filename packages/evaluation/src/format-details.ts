import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import { type GridColumn, type TableFormat, cellText, renderGrid } from './grid';
import type { TemplateScore } from './score-templates';
import { percent } from './score';

const left = (header: string): GridColumn => ({ header, align: 'left' });
const right = (header: string): GridColumn => ({ header });

/** One line a template: type, n, accuracy of the model and of the prior in percent, their difference in points, McNemar's p. */
export function formatTemplates(scores: readonly TemplateScore[], format: TableFormat = 'text'): string {
  const columns = [left('type'), left('template'), ...['n', 'model', 'prior', 'gain', 'p'].map(right)];
  const rows = scores.map(({ type, template, model, prior, p }) => [
    QUESTION_TYPES[type].short,
    cellText(template, format),
    String(model.total),
    percent(model).toFixed(2),
    percent(prior).toFixed(2),
    signed(percent(model) - percent(prior)),
    probability(p),
  ]);
  return renderGrid(columns, rows, format);
}

/** No sign before what is shown as zero. */
export const signed = (points: number, digits = 2): string => {
  const text = points.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : `${points < 0 ? '' : '+'}${text}`;
};
export const probability = (p: number): string => (p < 0.0001 ? '<0.0001' : p.toFixed(4));
