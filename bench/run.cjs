// The same work here and in PyTorch, taking turns, and how it grows; see README.md.
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { loadavg, tmpdir } = require('node:os');
const { join } = require('node:path');
const { writeFileAtomically } = require('@tass/files');
const { expectDevice } = require('./device.cjs');
const { machine } = require('./sides.cjs');

const partsOnDevice = { step: require('./step/on-device.cjs'), encoding: require('./encoding/on-device.cjs') };
const partsOnCpu = {
  step: require('./step/step.cjs'),
  networks: require('./networks/networks.cjs'),
  evaluation: require('./evaluation/evaluation.cjs'),
  start: require('./start/start.cjs'),
  quickstart: require('./quickstart/quickstart.cjs'),
  world: require('./world/world.cjs'),
  encoding: require('./encoding/encoding.cjs'),
  sweep: require('./sweep/sweep.cjs'),
  growth: require('./growth/growth.cjs'),
};
const words = process.argv.slice(2);
const given = Object.fromEntries(words.filter((word) => word !== '--short').map((word) => word.replace(/^--/, '').split('=')));
const { device = 'cpu' } = given;
expectDevice(device);
const parts = device === 'cpu' ? partsOnCpu : partsOnDevice;
const defaults = {
  ...{ parts: Object.keys(parts).join(), rounds: '2', device, out: '', page: '' },
  ...(device === 'cpu'
    ? {
        ...{ steps: '6', engine: 'onnxruntime', besides: 'tensorflow,wasm' }, // engines
        ...{ trainings: '', videos: '' }, // the folder in which start and sweep train (not named project, an option of Nx's own); of the worlds that are trained on, by default those of the experiments
      }
    : { steps: '17' }), // with those that warm up, the losses of 20 steps
  ...Object.assign({}, ...Object.values(parts).map(({ options }) => options)),
};
const tinyNetworks = [
  ...['mean-pooling', 'transformer', 'st-avqa'].map((name) => `${name}-2x9x3x2`),
  ...['tjstg', 'pstp-public', 'pstp-intended', 'tspm', 'qa-tiger', 'qast', 'cue-space'].map((name) => `${name}-small-2x9x10x2`),
];
/** All the code at sizes that measure nothing. */
const short =
  device === 'cpu'
    ? {
        ...{ parts: 'step,networks,start,quickstart,world,sweep', rounds: '1', steps: '2', cases: 'none-4x9', besides: 'wasm' },
        ...{ networks: tinyNetworks.join(), threads: '1' },
        ...{ videos: '24,2,2', epochs: '2', drawn: '10', cells: '2' },
      }
    : {
        ...{ rounds: '1', steps: '1', cases: 'mean-pooling-2x9x3x2', images: '10', size: '64x48' },
        clip: join(__dirname, '../packages/encoders/models/tiny-clip'),
      };
const expected = Object.keys(defaults).map((name) => `--${name}`);
for (const name of Object.keys(given))
  if (!(name in defaults)) throw new Error(`bench: unknown option --${name}, expected one of --short, ${expected.join(', ')}`);
const options = { ...defaults, ...(words.includes('--short') ? short : {}), ...given };
const counts = Object.fromEntries(['rounds', 'steps', 'epochs', 'drawn', 'cells'].map((name) => [name, Number(options[name])]));
const chosen = options.parts.split(',');
for (const name of chosen)
  if (!(name in parts)) throw new Error(`bench: unknown part ${name}, expected among ${Object.keys(parts).join(', ')}`);

(async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    const measured = {};
    for (const name of chosen) {
      const start = process.hrtime.bigint();
      const result = await parts[name].measure({ ...options, ...counts, project: options.trainings || scratch });
      if (result !== undefined) measured[name] = { result, minutes: Number(process.hrtime.bigint() - start) / 6e10 };
      write(measured); // after each part, so that a failure loses no other
    }
    if (device !== 'cpu' && !options.page) console.log(`\n${textOf(Object.entries(measured))}`);
  } finally {
    rmSync(scratch, { recursive: true });
  }
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

function write(measured) {
  if (options.out)
    writeFileAtomically(options.out, `${JSON.stringify({ machine: machine(), load: loadavg()[0], options, measured }, null, 1)}\n`);
  if (options.page) writeFileAtomically(options.page, `# Performance\n\n${textOf(Object.entries(measured))}${byHand(options.page)}`);
}

const sectionsOf = (measured) => measured.map(([name, { result }]) => `## ${parts[name].title}\n\n${parts[name].page(result)}`).join('\n');

function introductionOf(measured) {
  const { processor, cores, gigabytes, node } = machine();
  const shown = words.map((word) => word.replace(/^(--(?:store|trainings|frames|clip|out))=.*/, '$1=PATH'));
  const minutes = measured.map(([name, each]) => `${name} ${each.minutes.toFixed(1)}`);
  const all = measured.reduce((sum, [, each]) => sum + each.minutes, 0);
  const sides =
    device === 'cpu'
      ? `*Ours* uses the engine ${options.engine} unless another engine is named. Our runs alternate with runs of the compared programs (\`bench/{step,networks}/*.py\`); each program uses two threads. `
      : '';
  return `\`\`\`sh
npx nx run bench:run ${shown.join(' ')}
\`\`\`

This command wrote the page on ${new Date().toISOString().slice(0, 10)}. The machine has ${processor}, ${cores} cores and
${gigabytes} GB, and runs Node ${node}. ${sides}At the end, the load of the
machine was ${loadavg()[0].toFixed(1)}. The parts took ${all.toFixed(1)} minutes: ${minutes.join(', ')}.`;
}

const textOf = (measured) => [`${introductionOf(measured)}\n`, aimsOf(measured), sectionsOf(measured)].filter(Boolean).join('\n');

function aimsOf(measured) {
  const aims = measured.flatMap(([name, { result }]) => parts[name].aims?.(result) ?? []);
  const row = ({ what, least, most, value }) =>
    `| ${what} | ${least === undefined ? `at most ${most}` : `at least ${least}`} | ${value.toFixed(2)} | ${value >= (least ?? -Infinity) && value <= (most ?? Infinity) ? 'yes' : '**no**'} |`;
  if (aims.length === 0) return '';
  return `## Aims

A ratio is the other program's time divided by ours; both times are the minimum over all rounds.

| figure | aim | measured | reached |
|---|---|---|---|
${aims.map(row).join('\n')}
`;
}

/** What people wrote below the bench's own part of a page stays, with the line that begins it. */
function byHand(page) {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const start = text.indexOf('\n<!-- by hand');
  return start < 0 ? '' : text.slice(start);
}
