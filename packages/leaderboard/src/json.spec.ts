import { smallLeaderboard } from './fixtures/small-leaderboard';
import { renderJson } from './index';

it('is the leaderboard as it is, with the version of its form', () => {
  const text = renderJson(smallLeaderboard);
  expect(JSON.parse(text)).toEqual({ schemaVersion: 1, ...smallLeaderboard });
  expect(text.endsWith('}\n')).toBe(true);
});
