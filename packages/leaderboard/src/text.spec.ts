import { hostileLeaderboard, smallLeaderboard } from './fixtures/small-leaderboard';
import { renderMarkdown, renderText } from './index';

it('prints the table, the differences of the one other method by column, where published rows were read and what was left out', () => {
  expect(renderText(smallLeaderboard)).toBe(`Small
world, test: 300 questions on 40 videos; sha256 ${'d1'.repeat(32)}; 2026-03-14T09:26:53.589Z

                          |        A-Avg |            All
n                         |          200 |          300
TASS (2 seeds, reference) | 61.00 ± 1.41 | 52.00 ± 2.83
theirs                    |        61.50 |        33.33 ▼

Baselines that use answer frequencies only
majority                  |        40.00 |        30.13

Published on these questions, not measured here
paper                     |            - |        70.50

Accuracies are in percent. A figure over several seeds is the mean ± standard deviation (of a sample, n - 1).
▲ and ▼ mark methods that are significantly better and worse than TASS: p is below 0.05 after Holm's correction, and every pair of seeds has the same direction.

Against TASS, in points
         n | theirs              95 %        p |     by seed
A-Avg  200 |  +0.50    [−2.00, +3.00]    0.400 |    +1.0 0.0
All    300 | −18.67  [−21.00, −15.00]  < 0.001 | −18.0 −16.7
Intervals and p come from a paired bootstrap over videos (1000 resamples, seed 7); p is after Holm's correction.
The intervals estimate how these networks would do on other test videos; the differences by seed show the effect of retraining.

Cost of each method
     | parameters | training time | peak memory
TASS |      1,234 | 70.0 ± 14.1 s |     500 MiB
The table counts trained parameters only. Training time covers the training steps, without scoring and without the pauses of a resumed run.
Peak memory is the resident memory of the training process, without GPU memory. Time and memory depend on the machine and its other load.

Where and when it looks
        | visual: hit
uniform |        36.0
TASS    |  52.0 ± 2.8
truth   |       100.0
Values are in percent, over the questions with a known ground truth (docs/grounding.md).
A hit means that the answer needs the second with the most attention. The column "over others" subtracts the hits of the same attention on other videos.
Pointing means that the region with the largest share is in a box. Mass is the share of the map inside boxes.
▲ and ▼ mark methods that are significantly better and worse than the reference.

Attention in time
     |      visual |       audio
TASS | 1.10 ± 0.14 | 2.25 ± 0.00
The table shows the entropy, in nats, of the question's attention over the segments of each modality.
The entropy is 0 if one segment has all the attention, and log n if n segments share the attention equally (2.30 for ten segments).
All values are means over the training questions of the scored epoch.

Use of the grounding
                   |        attention made uniform |              map made uniform
TASS (1 of 2 runs) | −1.50 [−2.25, −0.75], p 0.001 | +0.25 [−0.50, +1.00], p 0.600
The table shows the change in accuracy over all questions, in points, when the attention or the map is altered at test time.
Brackets give the 95 % interval over videos; p comes from the same resamples, after Holm's correction over the table.
If the accuracy does not fall, the answers do not need the attention or the map.

Where the published rows were read
- paper: A paper, table 1; one run

Published on world, old test
      |   All
other | 80.50

These figures come from papers and are on other questions, so they cannot be ranked with the figures of this page.
- other: Another; odd

Left out
- runs/x: not finished
`);
});

it('prints the differences of several methods by their averages', () => {
  const theirs = smallLeaderboard.methods[1];
  const methods = [...smallLeaderboard.methods, { ...theirs, id: 'cc', name: 'ours' }];
  expect(renderText({ ...smallLeaderboard, methods })).toContain(`Against TASS, in points
       |    All              95 %        p | A-Avg            95 %      p | All, by seed
theirs | −18.67  [−21.00, −15.00]  < 0.001 | +0.50  [−2.00, +3.00]  0.400 |  −18.0 −16.7
ours   | −18.67  [−21.00, −15.00]  < 0.001 | +0.50  [−2.00, +3.00]  0.400 |  −18.0 −16.7
`);
});

it('prints one method without a reference, priors and published rows', () => {
  const alone = {
    ...smallLeaderboard,
    methods: smallLeaderboard.methods.slice(0, 1).map((method) => ({
      ...method,
      grounding: {},
      use: undefined,
      runs: method.runs.map((run) => ({
        ...run,
        attention: null,
        cost: { parameters: null, trainingSeconds: null, peakMegabytes: null },
      })),
    })),
    reference: null,
    priors: [],
    published: [],
    publishedRemark: 'None is on these questions.',
    leftOut: [],
  };
  expect(renderText(alone).split('\n').slice(3)).toEqual([
    '               |        A-Avg |          All',
    'n              |          200 |          300',
    'TASS (2 seeds) | 61.00 ± 1.41 | 52.00 ± 2.83',
    '',
    'Accuracies are in percent. A figure over several seeds is the mean ± standard deviation (of a sample, n - 1).',
    '',
    'None is on these questions.',
    '',
  ]);
});

it('prints Markdown whose rows are as wide as its header', () => {
  const markdown = renderMarkdown(smallLeaderboard);
  const table = markdown.split('\n\n')[2].split('\n');
  expect(table[1]).toMatch(/^\| -+ \| -+: \| -+: \|$/);
  expect(table[4]).toMatch(/^\| theirs +\| +61\.50 \| +33\.33 ▼ \|$/);
  expect(table[5]).toMatch(/^\| \*\*Baselines that use answer frequencies only\*\* \| +\| +\|$/);
  expect(new Set(table.filter((line) => !line.includes('**')).map(({ length }) => length)).size).toBe(1);
  expect(markdown).toMatch(/^# Small\n\n/);
  expect(markdown).toContain('\n## Against TASS, in points\n\n|');
});

it('passes no command of a name on: neither to a terminal nor to Markdown', () => {
  const text = renderText(hostileLeaderboard('\u001b[2J\u202eevil\nname\u0007'));
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
  const markdown = renderMarkdown(hostileLeaderboard('<b>|[x](y)`*_\n# y & z'));
  expect(markdown).not.toMatch(/<b>|[^\\]\[x|[^\\]`|^# y/m);
  expect(markdown).toContain('&lt;b&gt;\\|\\[x\\](y)\\`\\*\\_ \\# y &amp; z');
});

it('refuses a reference that is no method', () => {
  expect(() => renderText({ ...smallLeaderboard, reference: 'cc' })).toThrow(
    'the reference cc is not among the methods, expected one of: aa (TASS), bb (theirs)',
  );
});
