import { smallLeaderboard } from './fixtures/small-leaderboard';
import { renderJson } from './index';

it('is the leaderboard as it is, with the version of its form', () => {
  const text = renderJson(smallLeaderboard);
  expect(JSON.parse(text)).toEqual({ schemaVersion: 1, ...smallLeaderboard });
  expect(text.endsWith('}\n')).toBe(true);
});

it('writes a list of numbers on one line', () => {
  const text = renderJson({ ...smallLeaderboard, title: '[1,  2]', answers: ['one', 'two'] });
  expect(text).toMatch(/"confusion": \[\n( +\[ \d+, \d+, \d+ \],?\n)+/);
  expect(text).toContain('"title": "[1,  2]"');
  expect(text).toContain('"answers": [\n    "one",');
});
