// What --device=webgpu and --device=cuda mean: how a training step gets there, what PyTorch has, and how much of the GPU's memory a program takes.
const { spawn, spawnSync } = require('node:child_process');
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { createInterface } = require('node:readline');

/** By --device: the engine that trains there, and its variable. The encoders take the device by its own name. */
const training = {
  cpu: { engine: 'onnxruntime', env: { TASS_DEVICE: 'cpu' } },
  webgpu: { engine: 'onnxruntime', env: { TASS_DEVICE: 'webgpu' } },
  cuda: { engine: 'tensorflow', env: { TASS_DEVICE: 'gpu' } },
};
exports.training = training;

/** TASS_DEVICE would move the sides that are to compute on the CPU. */
exports.expectDevice = (device) => {
  if (!(device in training)) throw new Error(`bench: --device=${device}, expected ${Object.keys(training).join(', ')}`);
  const { TASS_DEVICE } = process.env;
  if (TASS_DEVICE)
    throw new Error(`bench: TASS_DEVICE is ${TASS_DEVICE}, expected none. Name the device by --device=webgpu or --device=cuda`);
};

/** Whether `python` has a PyTorch that computes on an NVIDIA GPU. */
exports.torchHasCuda = (python) =>
  Boolean(python) && spawnSync(python, ['-c', 'import sys, torch; sys.exit(not torch.cuda.is_available())']).status === 0;

/**
 * Watches the used memory of all GPUs, in MB. Returns the function that ends it and gives the increase at its peak; undefined where neither
 * NVIDIA's nor AMD's driver tells. Other programs on the GPU count too.
 */
exports.watchGpuMemory = () => {
  const query = ['--query-gpu=memory.used', '--format=csv,noheader,nounits'];
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8' });
  if (status === 0 && Number.isFinite(sumOf(stdout))) return watchNvidia(query, stdout); // some drivers answer [N/A]
  const files = amdFiles();
  return files.length > 0 ? watchAmd(files) : () => undefined;
};

const sumOf = (lines) => lines.trim().split('\n').reduce((sum, line) => sum + Number(line), 0); // prettier-ignore

/** One line a GPU, again and again. */
function watchNvidia(query, first) {
  const [gpus, before] = [first.trim().split('\n').length, sumOf(first)];
  const child = spawn('nvidia-smi', [...query, '--loop-ms=200'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let [lines, peak] = [[], before];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    if (lines.length < gpus) return;
    peak = Math.max(peak, sumOf(lines.join('\n')));
    lines = [];
  });
  return () => {
    child.kill();
    return peak - before;
  };
}

function watchAmd(files) {
  const used = () => sumOf(files.map((file) => readFileSync(file, 'utf8').trim()).join('\n')) / 1e6;
  const before = used();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, used())), 200);
  return () => {
    clearInterval(watch);
    return peak - before;
  };
}

/** Source: the kernel's documentation of amdgpu, mem_info_vram_used. */
function amdFiles() {
  const folder = '/sys/class/drm';
  const cards = existsSync(folder) ? readdirSync(folder).filter((name) => /^card\d+$/.test(name)) : [];
  return cards.map((card) => join(folder, card, 'device/mem_info_vram_used')).filter((file) => existsSync(file));
}
