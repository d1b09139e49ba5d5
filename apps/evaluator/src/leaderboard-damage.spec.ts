import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Leaderboard } from '@tass/leaderboard';
import { asBeforeDigests } from '@tass/testing';
import { parseLeaderboard } from './command-line';
import { BoardProject } from './fixtures/board-project';
import { leaderboardOf } from './leaderboard-command';

let project: BoardProject;
let said: string[];
beforeEach(() => ([project, said] = [new BoardProject(), []]));
afterEach(() => project.remove());

const board = (): Leaderboard =>
  leaderboardOf(project.settings.runs, parseLeaderboard(['--resamples=200']), project.settings, (line) => said.push(line)).leaderboard;
/** Right on the first `count` of 36 test questions. */
const first = (count: number) => (_: unknown, index: number): boolean => index < count; // prettier-ignore

/** Why a run has no place. */
function reasonFor(run: string): string {
  const { leftOut, methods } = board();
  expect(methods.flatMap(({ runs }) => runs.map(({ id }) => id))).not.toContain(basename(run));
  expect(leftOut.map((one) => one.run)).toEqual([basename(run)]);
  return leftOut[0].reason;
}

describe('leaves out a run', () => {
  let run: string;
  beforeEach(() => {
    project.run({ right: first(10) });
    run = project.run({ seed: 2, right: first(1) });
  });

  it.each(['manifest.json', 'report.json', 'metrics.jsonl', 'config.yaml', 'predictions-test.jsonl'])(
    'one of whose %s one bit is another',
    (file) => {
      const bytes = readFileSync(join(run, file));
      bytes[bytes.lastIndexOf('1')] ^= 2;
      writeFileSync(join(run, file), bytes);
      expect(reasonFor(run)).toContain(file);
    },
  );

  it('whose journal has lost a line', () => {
    const file = join(run, 'metrics.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8').split('\n')[0]}\n`);
    expect(reasonFor(run)).toMatch(/metrics\.jsonl has 1 whole line, expected 2\./);
  });

  it('with the predictions of another run', () => {
    const other = mkdtempSync(join(project.folder, 'other-'));
    cpSync(join(project.run({ seed: 3, right: first(30) }), 'predictions-test.jsonl'), join(other, 'predictions'));
    rmSync(join(run, 'predictions-test.answers'));
    cpSync(join(other, 'predictions'), join(run, 'predictions-test.jsonl'));
    expect(reasonFor(run)).toContain("has changed since the run's report was written");
  });
});

it('shows runs from before digests, and says that they are not checked', () => {
  for (const seed of [1, 2]) asBeforeDigests(project.run({ seed, right: first(10) }));
  project.run({ seed: 3, right: first(10) });
  expect(board().methods[0].runs).toHaveLength(3);
  expect(said).toEqual(['2 runs: not checked: written before digests']);
});
