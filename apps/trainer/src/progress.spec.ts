import { hasTerminals, MiniatureProject, screenAfter } from '@tass/testing';

const project = new MiniatureProject();
afterAll(() => project.remove());

const terminal = { TERM: 'xterm', CI: '' };
const lastLine =
  'epoch 2/2: \\d+ batches in \\d+\\.\\d s, \\d+\\.\\d batches/(s|min), loss \\d\\.\\d{3}, val \\d+\\.\\d{2} % \\(best \\d+\\.\\d{2} %\\)';

describe('in a pipe', () => {
  it('training says on standard error how fast each epoch was; standard output holds the report alone', async () => {
    const { code, output, errors } = await project.train(['--exp=miniature']);
    expect([code, errors]).toEqual([0, expect.stringMatching(new RegExp(`^${lastLine}$`, 'm'))]);
    expect(errors).toMatch(/^world: 8 videos in .*, 8 drawn, 0 kept$/m);
    expect(errors).toMatch(/^features: frames: 80 images in .* images\/s$/m);
    expect(errors).toMatch(/^epoch 1\/2: .*, (--|\d+):\S+ of training left$/m);
    expect(errors).toMatch(/^scoring test: \d+ questions in /m);
    expect(errors).not.toMatch(/[\r\x1b█]/);
    expect(output).toMatch(/^\n\d+ test questions, parameters of epoch/);
  });
});

(hasTerminals() ? describe : describe.skip)('in a terminal (needs script of util-linux)', () => {
  const barOf = (work: string): RegExp => new RegExp(`[█░]{10} ${work}: \\d+/\\d+ `);

  it('training draws bars, and leaves a line of each', async () => {
    const { code, output } = await project.train(['--exp=miniature', 'seed=2'], { columns: 100, environment: terminal });
    expect([code, output]).toEqual([0, expect.stringMatching(barOf('epoch 1/2'))]);
    const shown = screenAfter(output);
    expect(shown.join('\n')).toMatch(new RegExp(`^${lastLine}$`, 'm'));
    expect(shown.join('\n')).not.toMatch(/[█░]/);
  });

  it('no bar is wider than 40 columns', async () => {
    const { output } = await project.train(['--exp=miniature', 'seed=2'], { columns: 40, environment: terminal });
    const bars = output.split('\x1b[1G').filter((text) => text.includes('epoch 1/2: ') && text.includes('\x1b[0K'));
    expect(bars.length).toBeGreaterThan(0);
    for (const bar of bars) expect(bar.split('\x1b')[0].length).toBeLessThan(40);
  });

  it.each([{ TERM: 'dumb' }, { CI: 'true' }])('with %j lines are written', async (environment) => {
    const { output } = await project.train(['--exp=miniature', 'seed=2'], { columns: 100, environment: { ...terminal, ...environment } });
    expect(output.replaceAll('\r\n', '\n')).toMatch(new RegExp(`^${lastLine}$`, 'm'));
    expect(output).not.toMatch(/[\x1b█]/);
  });

  it('an error amid an epoch is said below what was drawn, and ends the program', async () => {
    const words = ['--exp=miniature', 'optimizer.learningRate=1e38'];
    const { code, output } = await project.train(words, { columns: 300, environment: terminal });
    expect(code).toBe(1);
    expect(screenAfter(output).slice(-2)).toEqual([expect.stringMatching(/^trainer: the loss is not finite/), '']);
  });

  it('a sweep draws each running cell with its epoch, loss and best accuracy, and says how it ended', async () => {
    const words = ['--exp=miniature-grid', '--jobs=2'];
    const { code, output } = await project.sweep(words, { columns: 120, environment: terminal });
    expect([code, output]).toEqual([0, expect.stringMatching(barOf('sweep'))]);
    expect(screenAfter(output)).toEqual(expect.arrayContaining([expect.stringMatching(/^4 of 4 succeeded$/)]));
  });
});
