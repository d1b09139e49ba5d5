import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAttempts } from './attempt-files';
import { defineCell, type Cell } from './cell';
import { LocalLauncher } from './local-launcher';
import { runSweep, type SweepEvent, type SweepWork } from './run-sweep';

const worker = join(__dirname, '../fixtures/worker.cjs');
const hook = join(__dirname, '../../testing/src/typescript.cjs');
process.env.NODE_OPTIONS = `--conditions=@tass/source --require ${hook}`; // workers run from the sources

let runs: string;
beforeEach(() => (runs = mkdtempSync(join(tmpdir(), 'tass-sweep-'))));
afterEach(() => rmSync(runs, { recursive: true }));

const cellThat = (name: string, ...attempts: (string | number)[]): Cell =>
  defineCell(runs, { name, experiment: 'spec', overrides: [], seed: 1, identity: { name }, config: { attempts } });
const computed = (cell: Cell): number => readFileSync(join(cell.folder, 'computed.txt'), 'utf8').split('\n').length - 1;
const ends = (cell: Cell) => readAttempts(cell.folder).map(({ end }) => end?.state);

function sweep(cells: Cell[], options: Partial<SweepWork> = {}) {
  const events: SweepEvent[] = [];
  const folder = join(runs, '.sweeps/spec/1');
  mkdirSync(folder, { recursive: true });
  const result = runSweep({
    id: '20250101-000000-abcdef',
    folder,
    cells,
    launcher: new LocalLauncher({ jobs: 2, gpus: [] }),
    program: ({ folder }) => ({ main: worker, words: [folder] }),
    retry: 0,
    failFast: false,
    pollSeconds: 0.1,
    onEvent: (event) => events.push(event),
    ...options,
  });
  return { events, result };
}
const kinds = (events: readonly SweepEvent[], cell: Cell) =>
  events.filter((event) => event.kind !== 'stopping' && event.cell.name === cell.name).map(({ kind }) => kind);

it('runs each cell once, equal ones together, and nothing again', async () => {
  const cells = [cellThat('a', 0), cellThat('b', 0), cellThat('a', 0)];
  const first = sweep(cells);
  expect(await first.result).toEqual({
    counts: { pending: 0, running: 0, stale: 0, succeeded: 3, failed: 0, preempted: 0 },
    stopped: undefined,
  });
  expect(cells.map(computed)).toEqual([1, 1, 1]);
  const second = sweep(cells);
  await second.result;
  expect(second.events.map(({ kind }) => kind)).toEqual(['equal', 'done', 'done']);
});

it('tells a failure at once, with the end of its log, and tries again as often as it was told to', async () => {
  const cell = cellThat('a', 'fail', 'kill', 'crash', 0);
  const { events, result } = sweep([cell], { retry: 3 });
  expect((await result).counts.succeeded).toBe(1);
  expect(kinds(events, cell).join(' ')).toBe(
    'launched started failed launched started failed launched started failed launched started done',
  );
  expect(ends(cell)).toEqual(['failed', 'failed', 'failed', 'succeeded']);
});
