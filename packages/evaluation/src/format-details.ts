import { QUESTION_TYPES } from '@tass/dataset-music-avqa';
import type { Figure, MethodStatistics } from './compare-methods';
import { type GridColumn, type TableFormat, cellText, renderGrid } from './grid';
import type { ScoreColumn } from './score-columns';
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

/**
 * One line a column: n, the mean accuracy of both in percent with its deviation over seeds, what the method gains on the reference with its
 * 95 % interval over videos, the p values (over videos, the same after Holm's correction, McNemar's of each pair of runs), and the gain of
 * each pair. Throws RangeError when the method was not compared with a reference.
 */
export function formatComparison(columns: readonly ScoreColumn[], reference: NamedStatistics, method: NamedStatistics): string {
  const { against, figures } = method.statistics;
  if (against === null) throw new RangeError(`formatComparison: "${method.name}" was not compared with a reference`);
  const headers = ['n', reference.name, method.name, 'gain', '95 % over videos', 'p over videos', 'p Holm', 'p McNemar', 'gain by seed'];
  const rows = columns
    .filter(({ total }) => total > 0)
    .map(({ id, total }) => {
      const { difference, low, high, p, adjusted, mcnemar, pairs } = against[id];
      return [
        id,
        String(total),
        meanAndDeviation(reference.statistics.figures[id]),
        meanAndDeviation(figures[id]),
        signed(difference),
        `${signed(low)} .. ${signed(high)}`,
        probability(p),
        probability(adjusted),
        mcnemar.map(probability).join(' '),
        pairs.map(signed).join(' '),
      ];
    });
  return renderGrid([left(''), ...headers.map(right)], rows, 'text');
}

export interface NamedStatistics {
  readonly name: string;
  readonly statistics: MethodStatistics;
}

const meanAndDeviation = ({ mean, deviation }: Figure): string =>
  mean.toFixed(2) + (deviation === null ? '' : ` ± ${deviation.toFixed(2)}`);
/** No sign before what is shown as zero. */
const signed = (points: number): string => {
  const text = points.toFixed(2);
  return Number(text) === 0 ? '0.00' : `${points < 0 ? '' : '+'}${text}`;
};
const probability = (p: number): string => (p < 0.0001 ? '<0.0001' : p.toFixed(4));
