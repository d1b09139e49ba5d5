import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { claimAttempt, defineCell } from '@tass/sweep';
import { createRun } from '@tass/tracking';
import { otherCode, type TrainedCell } from './other-code';
import { trainingCode } from './training-code';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'tass-other-code-'));
});
afterEach(() => rmSync(runs, { recursive: true }));

/** A cell that a run with this digest of the code has finished; without `code`, a run from before digests. */
function finished(name: string, network: string, code?: string): TrainedCell {
  const cell = pending(name, network);
  const attempt = claimAttempt(cell.folder);
  const run = createRun({
    ...{ runsRoot: runs, experiment: 'e', config: {}, seed: 1, overrides: [], project: runs, trainingCode: code, cell: cell.address },
    ...{ engine: { backend: 'cpu', threads: 1 }, features: {}, datasets: {} },
  });
  attempt.setRun(relative(runs, run.folder));
  run.writeReport({ json: {}, markdown: '' });
  run.close();
  attempt.end({ state: 'succeeded', code: 0, step: 1, message: null });
  return cell;
}

function pending(name: string, network: string): TrainedCell {
  return { ...defineCell(runs, { name, experiment: 'e', overrides: [], seed: 1, identity: { name }, config: {} }), network };
}

const beginning = ({ address }: TrainedCell): string => address.slice(0, 12);
const said = (...cells: TrainedCell[]) => otherCode(cells, runs)?.replace(relative('', runs), 'RUNS');

it('names the finished cells of a network whose code has changed, and the command that deletes them', () => {
  const same = finished('a', 'mean-pooling', trainingCode('mean-pooling'));
  const [b, c, d] = ['b', 'c', 'd'].map((name) => finished(name, 'tass', '0'.repeat(64)));
  expect(said(same, pending('e', 'tass'))).toBeUndefined();
  expect(said(same, b)).toBe(
    `1 of 2 finished cells ran with other code (b). To run them again, delete their folders (rm -r RUNS/.cells/${beginning(b)}*) or give the network a new name`,
  );
  expect(said(b, c, d, pending('e', 'tass'), same, b)).toBe(
    `3 of 4 finished cells ran with other code (b, c and 1 more). To run them again, delete their folders (rm -r RUNS/.cells/{${[b, c, d].map(beginning).join()}}*) or give the network a new name`,
  );
});

it('says of a run without a digest and from another commit only that its code may be another', () => {
  const [a, b] = [finished('a', 'tass'), finished('b', 'tass', '0'.repeat(64))];
  expect(said(a)).toMatch(
    /^1 of 1 finished cells may have run with other code, as their commit is unknown or another, or sources have changed \(a\)\. /,
  );
  expect(said(a, b)).toMatch(
    /^1 of 2 finished cells ran with other code \(b\); 1 of 2 finished cells may have, as their commit is unknown or another, or sources have changed \(a\)\. /,
  );
});

it('one network has other code than another', () => {
  const digests = ['tass', 'mean-pooling', 'qast'].map(trainingCode);
  expect(new Set(digests).size).toBe(3);
  expect(['tass', 'mean-pooling', 'qast'].map(trainingCode)).toEqual(digests);
});
