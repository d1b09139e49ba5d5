// The same work here and in PyTorch, taking turns, and how it grows; see README.md.
const { existsSync, readFileSync } = require('node:fs');
const { loadavg } = require('node:os');
const { writeFileAtomically } = require('@tass/files');
const { machine } = require('./sides.cjs');

const parts = {
  step: require('./step/step.cjs'),
  evaluation: require('./evaluation/evaluation.cjs'),
  start: require('./start/start.cjs'),
  world: require('./world/world.cjs'),
  encoding: require('./encoding/encoding.cjs'),
  sweep: require('./sweep/sweep.cjs'),
  growth: require('./growth/growth.cjs'),
};
const defaults = {
  ...{ parts: Object.keys(parts).join(), rounds: '5', steps: '10', out: '', page: '' },
  ...Object.assign({}, ...Object.values(parts).map(({ options }) => options)),
};
const given = Object.fromEntries(process.argv.slice(2).map((word) => word.replace(/^--/, '').split('=')));
const expected = Object.keys(defaults).map((name) => `--${name}`);
for (const name of Object.keys(given))
  if (!(name in defaults)) throw new Error(`bench: unknown option --${name}, expected one of ${expected.join(', ')}`);
const options = { ...defaults, ...given, rounds: Number(given.rounds ?? defaults.rounds), steps: Number(given.steps ?? defaults.steps) };
const chosen = options.parts.split(',');
for (const name of chosen)
  if (!(name in parts)) throw new Error(`bench: unknown part ${name}, expected among ${Object.keys(parts).join(', ')}`);

(async () => {
  const results = {};
  for (const name of chosen) {
    results[name] = await parts[name].measure(options);
    write(results); // after each part, so that a failure loses no other
  }
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

function write(results) {
  const measured = Object.entries(results).filter(([, result]) => result !== undefined);
  if (options.out)
    writeFileAtomically(options.out, `${JSON.stringify({ machine: machine(), load: loadavg()[0], options, results }, null, 1)}\n`);
  if (options.page) writeFileAtomically(options.page, pageOf(measured) + byHand(options.page));
}

function pageOf(measured) {
  const { processor, cores, gigabytes, node } = machine();
  const words = process.argv.slice(2).map((word) => word.replace(/^(--(?:store|project|frames|out))=.*/, '$1=PATH'));
  const sections = measured.map(([name, result]) => `## ${parts[name].title}\n\n${parts[name].page(result)}`);
  return `# Performance

Written by \`npx nx run bench:run ${words.join(' ')}\`. ${processor}, ${cores} cores, ${gigabytes} GB, Node ${node}; engine ${options.engine};
two threads on each side. What is compared takes turns; the load of the machine at the end was ${loadavg()[0].toFixed(1)}. Peers: \`bench/step/*.py\`.

${sections.join('\n')}`;
}

/** What people wrote below the bench's own part of a page stays, with the line that begins it. */
function byHand(page) {
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '';
  const start = text.indexOf('\n<!-- by hand');
  return start < 0 ? '' : text.slice(start);
}
