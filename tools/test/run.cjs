// Runs the specs and ends with one plain line, `N passed, N failed`.
//   node tools/test/run.cjs [engine ...]     engines: cpu (all specs); wasm and tensorflow (the specs of packages that compute with tensors); onnxruntime (those that compile steps)
//   TASS_DEVICE=webgpu node tools/test/run.cjs onnxruntime     the same on this machine's GPU, with the specs of WebGPU and of encoders on a device
// What is skipped is named, with the reason that its spec gives. The exit code is 1 when a spec failed or none ran.
const { spawnSync } = require('node:child_process');
const { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

/** Specs whose engine is that of TASS_ENGINE; of onnxruntime those that compile: what runs outside of compiled steps is wasm. */
function specsByEngine(engine) {
  const onDevice = onGpu && engine === 'onnxruntime';
  const files = [...tensorPackages, ...(onDevice ? ['encoders'] : [])].flatMap((name) =>
    readdirSync(path.join(root, 'packages', name, 'src'), { recursive: true }).map((file) => path.join('packages', name, 'src', file)),
  );
  const mention = (file, word) => readFileSync(path.join(root, file), 'utf8').includes(word);
  const words = engine === 'onnxruntime' ? ['compiledGradients', ...(onDevice ? ['withWebgpu'] : [])] : ['engineFromEnvironment'];
  const ofTrainer = onDevice ? ['apps/trainer/src/webgpu.spec.ts'] : [];
  return [...files.filter((file) => file.endsWith('.spec.ts') && words.some((word) => mention(file, word))), ...ofTrainer];
}

const onGpu = process.env.TASS_DEVICE === 'webgpu';
const root = path.resolve(__dirname, '../..');
const tensorPackages = ['tensor', 'optimizers', 'tsg-plus', 'jtg', 'losses', 'network', 'tass', 'baselines'];
const engines = process.argv.length > 2 ? process.argv.slice(2) : ['cpu', 'wasm', 'onnxruntime'];
const gpuHere = () => {
  const program = "const { device, missing } = require('@tass/onnx').findProvider('webgpu'); console.log(device ?? missing)";
  const fromSources = ['--conditions=@tass/source', '--require', path.join(root, 'packages/testing/src/typescript.cjs')];
  return `webgpu: ${spawnSync(process.execPath, [...fromSources, '-e', program], { cwd: root, encoding: 'utf8' }).stdout.trim()}`;
};
const folder = mkdtempSync(path.join(tmpdir(), 'tass-test-'));
const minutes = { cpu: 12, wasm: 1, tensorflow: 1, onnxruntime: 1 }; // on two cores
const totals = { passed: 0, failed: 0, skipped: [] };

console.log(`About ${engines.reduce((sum, engine) => sum + (minutes[engine] ?? 2), 0)} minutes on two cores`);
for (const engine of engines) {
  const output = path.join(folder, `${engine}.json`);
  const chosen = engine === 'cpu' ? [] : ['--runTestsByPath', ...specsByEngine(engine)];
  console.log(`\nSpecs on engine ${engine}${onGpu && engine === 'onnxruntime' ? `, ${gpuHere()}` : ''}`);
  const reporters = ['default', path.join(__dirname, 'progress-reporter.cjs')].map((name) => `--reporters=${name}`);
  const words = ['--maxWorkers=2', '--json', `--outputFile=${output}`, ...reporters, ...chosen];
  spawnSync(process.execPath, [require.resolve('jest/bin/jest'), ...words], {
    cwd: root,
    env: { ...process.env, TASS_ENGINE: engine },
    stdio: ['ignore', 'ignore', 'inherit'], // jest's own report goes to stderr; stdout holds only the JSON
  });
  if (!existsSync(output)) {
    totals.failed += 1;
    continue;
  }
  const result = JSON.parse(readFileSync(output, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  for (const file of result.testResults) {
    for (const spec of file.assertionResults) {
      if (spec.status === 'pending') totals.skipped.push(`${engine}: ${path.relative(root, file.name)}: ${spec.fullName}`);
    }
  }
}
rmSync(folder, { recursive: true, force: true });
for (const line of totals.skipped) console.log(`skipped  ${line}`);
console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped.length > 0 ? `, ${totals.skipped.length} skipped` : ''}`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
