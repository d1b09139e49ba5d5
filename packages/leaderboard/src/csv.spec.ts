import { hostileLeaderboard, smallLeaderboard } from './fixtures/small-leaderboard';
import { sampleLeaderboard } from './fixtures/sample-leaderboard';
import { publishedRows, renderCsv } from './index';

/** Reads RFC 4180. */
function parse(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n)/g)) {
    (rows.at(-1) as string[]).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

function records(csv: string): Record<string, string>[] {
  const [header, ...rows] = parse(csv);
  return rows.map((row) => Object.fromEntries(row.map((value, at) => [header[at], value])));
}

it('has a row for each method, each of its runs, each prior and each published row, with unrounded numbers', () => {
  const rows = records(renderCsv(smallLeaderboard));
  expect(rows.map(({ level, name, run, seed, All }) => [level, name, run, seed, All])).toEqual([
    ['questions', '', '', '', '300'],
    ['method', 'TASS', '', '', '52'],
    ['run', 'TASS', 'run-1', '1', '50'],
    ['run', 'TASS', 'run-2', '2', '54'],
    ['method', 'theirs', '', '', '33.333333333333336'],
    ['run', 'theirs', 'theirs.json', '', '33.333333333333336'],
    ['prior', 'majority', '', '', '30.125'],
    ['published', 'paper', '', '', '70.5'],
    ['published', 'other', '', '', '80.5'],
  ]);
  expect(rows[1]).toMatchObject({ seeds: '2', 'All deviation': '2.8284271247461903', 'All low': '49', 'All difference': '' });
  expect(rows[2]).toMatchObject({ parameters: '1234', 'training seconds': '60', 'peak megabytes': '500' });
  expect(rows[4]).toMatchObject({ 'All difference': '-18.666666666666664', 'All adjusted p': '0.0004', 'disjoint low': '' });
  expect(rows[7]).toMatchObject({
    dataset: 'world',
    questions: 'test',
    source: 'A paper, table 1',
    protocol: 'one run',
    note: '',
    'A-Avg': '',
  });
});

it('has as many fields in every row, whatever stands in them', () => {
  const nasty = 'a,"b"\r\n\'c';
  const rows = parse(renderCsv(hostileLeaderboard(nasty)));
  expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  expect(rows[2].slice(2, 4)).toEqual([nasty, nasty]);
  expect(parse(renderCsv(sampleLeaderboard({ methods: 5, seeds: 2 })))).toHaveLength(1 + 1 + 5 * 3 + 1 + publishedRows.length);
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1'])('takes from %j what a spreadsheet would run', (text) => {
  const [, method] = records(renderCsv(hostileLeaderboard(text)));
  expect(method.name).toBe(`'${text}`);
});
