// Training steps here and in PyTorch, taking turns; see README.md.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs');
const { cpus, loadavg, tmpdir, totalmem } = require('node:os');
const { join } = require('node:path');

const given = Object.fromEntries(process.argv.slice(2).map((word) => word.replace(/^--/, '').split('=')));
const {
  rounds = '5',
  steps = '10',
  cases = 'none-32x49,attention-32x49,bilstm-32x49,none-64x49,bilstm-64x49,none-32x196',
  out,
  page,
} = given;
const unknown = Object.keys(given).filter((name) => !['rounds', 'steps', 'cases', 'out', 'page'].includes(name));
if (unknown.length > 0) throw new Error(`bench: unknown option --${unknown[0]}, expected --rounds, --steps, --cases, --out or --page`);

const sides = {
  ours: [process.execPath, join(__dirname, 'step/ours.cjs'), 'run'],
  pytorch: [process.env.TASS_PYTHON ?? 'python3', join(__dirname, 'step/peer.py')],
};
const tolerance = 1e-3;

const results = cases.split(',').map(measure);
if (out) writeFileSync(out, `${JSON.stringify({ machine: machine(), rounds, steps, results }, null, 1)}\n`);

if (page) writeFileSync(page, pageOf(results));

function measure(name) {
  const folder = mkdtempSync(join(tmpdir(), 'tass-bench-'));
  try {
    run([process.execPath, join(__dirname, 'step/ours.cjs'), 'make', folder, name]);
    const times = { ours: [], pytorch: [] };
    let losses = {};
    for (let round = 0; round < Number(rounds); round++) {
      for (const side of round % 2 === 0 ? ['ours', 'pytorch'] : ['pytorch', 'ours']) {
        const made = JSON.parse(run([...sides[side], folder, steps]));
        times[side].push(...made.milliseconds);
        losses = { ...losses, [side]: made.losses };
      }
    }
    expectSameLosses(name, losses);
    const result = { name, losses, load: loadavg()[0], ...summary(times), times };
    console.log(lineOf(result));
    return result;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run([program, ...words]) {
  const { status, stdout, error } = spawnSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1e8 });
  if (status === 0) return stdout;
  throw error ?? new Error(`bench: ${program} ${words.join(' ')} ended with ${status}`);
}

function expectSameLosses(name, { ours, pytorch }) {
  const differs = ours.findIndex((loss, step) => !(Math.abs(loss - pytorch[step]) <= tolerance * Math.abs(pytorch[step])));
  if (differs < 0) return;
  throw new Error(`bench: ${name}: the loss of step ${differs + 1} is ${ours[differs]} here and ${pytorch[differs]} in PyTorch. The two do not compute the same`); // prettier-ignore
}

function summary(times) {
  const sorted = Object.fromEntries(Object.entries(times).map(([side, all]) => [side, [...all].sort((a, b) => a - b)]));
  const of = (pick) => ({ ours: pick(sorted.ours), pytorch: pick(sorted.pytorch), ratio: pick(sorted.pytorch) / pick(sorted.ours) });
  return { least: of((all) => all[0]), median: of((all) => all[all.length >> 1]) };
}

function lineOf({ name, least, median, load }) {
  const part = ({ ours, pytorch, ratio }) => `${ours.toFixed(1)} ms here, ${pytorch.toFixed(1)} ms in PyTorch: ${ratio.toFixed(2)}x`;
  return `${name.padEnd(16)} least ${part(least)}; median ${part(median)} (load ${load.toFixed(1)})`;
}

function pageOf(measured) {
  const { processor, cores, memory } = machine();
  const row = ({ name, least, median }) => {
    const [context, questions, regions] = name.split(/[-x]/);
    const times = [least, median].flatMap(({ ours, pytorch, ratio }) => [ours.toFixed(0), pytorch.toFixed(0), `**${ratio.toFixed(2)}**`]);
    return `| ${[context, questions, regions, ...times].join(' | ')} |`;
  };
  return `# Performance

Written by \`npx nx run bench:run --rounds=${rounds} --steps=${steps} --page=${page}\`. ${processor}, ${cores} cores, ${memory} GB, Node ${process.version}; engine tensorflow,
two threads on each side, which take turns. PyTorch is written as it usually is (\`bench/step/peer.py\`); both sides compute the same losses from the same parameters.

A whole training step of TASS (forward, all losses, backward, Adam), width 512, 10 segments, a video for each question, in milliseconds:

| temporal context | questions | regions | here, least | PyTorch, least | ratio | here, median | PyTorch, median | ratio |
|---|---|---|---|---|---|---|---|---|
${measured.map(row).join('\n')}
`;
}

function machine() {
  return { processor: cpus()[0].model, cores: cpus().length, memory: Math.round(totalmem() / 1e9), node: process.version };
}
