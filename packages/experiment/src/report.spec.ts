import type { Score } from '@tass/evaluation';
import { scoreMetrics } from './score';
import { reportJson, type Report } from './report';

const count = (correct: number, total: number) => ({ correct, total });
const types = [count(1, 4), count(0, 0), count(2, 2), ...Array.from({ length: 6 }, () => count(1, 3))];
const score: Score = {
  types,
  groups: { Audio: count(1, 4), Visual: count(3, 5), 'Audio-Visual': count(5, 15) },
  all: count(9, 24),
};
const empty: Score = {
  types: types.map(() => count(0, 0)),
  groups: { Audio: count(0, 0), Visual: count(0, 0), 'Audio-Visual': count(0, 0) },
  all: count(0, 0),
};

it('keeps counts and percent by type; null where there was no question, as JSON has no NaN', () => {
  const report: Report = { split: 'test', score, prior: empty, epoch: 3, text: '', markdown: '' };
  const json = JSON.parse(JSON.stringify(reportJson(report)));
  expect(json).toMatchObject({ split: 'test', epoch: 3 });
  expect(Object.keys(json.score.types)).toEqual([
    ...['A-Count', 'A-Comp', 'V-Count', 'V-Loc', 'AV-Exist', 'AV-Count', 'AV-Loc', 'AV-Comp', 'AV-Temp'],
  ]);
  expect(json.score.types['A-Count']).toEqual({ correct: 1, total: 4, percent: 25 });
  expect(json.score.types['A-Comp']).toEqual({ correct: 0, total: 0, percent: null });
  expect(json.score.groups.Visual).toEqual({ correct: 3, total: 5, percent: 60 });
  expect(json.score.all).toEqual({ correct: 9, total: 24, percent: 37.5 });
  expect(json.prior.all.percent).toBeNull();
});

it('names figures as MLflow allows, and leaves out types without a question', () => {
  const metrics = scoreMetrics('val', score);
  expect(metrics).toMatchObject({ 'val/accuracy/A-Count': 25, 'val/accuracy/Visual Avg': 60, 'val/accuracy/All': 37.5 });
  expect(Object.keys(metrics)).toHaveLength(8 + 3 + 1);
  expect(Object.keys(metrics)).not.toContain('val/accuracy/A-Comp');
  for (const name of Object.keys(metrics)) expect(name).toMatch(/^[\w\-. :/]+$/);
  expect(scoreMetrics('val', empty)).toEqual({});
});
