// What the parts of the bench share: programs that are run and watched, the machine, figures of many times.
const { spawn } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const { cpus, totalmem } = require('node:os');
const { createInterface } = require('node:readline');
const { watchGpuMemory } = require('./device.cjs');

exports.python = process.env.TASS_PYTHON;

/** Sides in Python, which are left out where none is named. */
exports.inPython = (sides) => (exports.python ? sides : {});

/** glibc gives blocks of more than 32 MB back at once and takes them again at every step; with these it keeps them. */
exports.keepingAllocator = { MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '8000000000', MALLOC_TOP_PAD_: '268435456' };

/** Runs a program; gives what it printed, the lines that it said on stderr with their seconds, how long it took to its first line and to its end, its processor time, and the most memory it held, mapped files left out; with `gpu` also of the GPU's. */
exports.watch = ([program, ...words], { env = {}, cwd, gpu = false } = {}) =>
  new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const passed = () => Number(process.hrtime.bigint() - start) / 1e6;
    let firstLineMilliseconds;
    const endOfGpuMemory = gpu ? watchGpuMemory() : () => undefined;
    const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    let [printed, peakMegabytes, processorSeconds] = ['', 0, 0];
    const watch = setInterval(() => {
      peakMegabytes = Math.max(peakMegabytes, megabytesOf(child.pid));
      processorSeconds = Math.max(processorSeconds, processorSecondsOf(child.pid));
    }, 10);
    child.stdout.setEncoding('utf8').on('data', (text) => {
      firstLineMilliseconds ??= passed();
      printed += text;
    });
    createInterface({ input: child.stderr }).on('line', (line) => said.push({ seconds: passed() / 1000, line }));
    const endOfWatch = () => {
      clearInterval(watch);
      return endOfGpuMemory();
    };
    child.on('error', (error) => {
      endOfWatch();
      reject(error);
    });
    child.on('close', (code) => {
      const gpuMegabytes = endOfWatch();
      const figures = { firstLineMilliseconds, wholeMilliseconds: passed(), processorSeconds, peakMegabytes, gpuMegabytes };
      if (code === 0) resolve({ printed, said, ...figures });
      else reject(new Error(`bench: ${[program, ...words].join(' ')} ended with ${code}\n${said.map(({ line }) => line).join('\n')}`));
    });
  });

/** The same for a program whose last line is one of JSON. */
exports.run = async (words, options) => {
  const { printed, said: _, ...watched } = await exports.watch(words, options);
  return { ...JSON.parse(printed.trim().split('\n').at(-1)), ...watched };
};

exports.machine = () => ({
  processor: [cpus()[0].model, vectors()].filter(Boolean).join(' with '),
  cores: cpus().length,
  gigabytes: Math.round(totalmem() / 1e9),
  node: process.version,
});

exports.least = (values) => Math.min(...values);

exports.median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** In Markdown. */
exports.tableOf = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** `rounds` times each side once, in an order that turns around; gives what each side gave, round by round. */
exports.takeTurns = async (sides, rounds) => {
  const made = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const names = Object.keys(sides);
    for (const name of round % 2 === 0 ? names : names.reverse()) made[name].push(await sides[name]());
  }
  return made;
};

/** The widest vectors of the processor, which decide how fast a library of kernels can be; empty if /proc does not tell. */
function vectors() {
  const flags = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  return [['avx512f', 'AVX-512'], ['avx2', 'AVX2']].find(([flag]) => flags.includes(flag))?.[1] ?? ''; // prettier-ignore
}

/** Of all its threads, in user and system mode; other work on the machine changes it little. Linux counts in hundredths. */
function processorSecondsOf(pid) {
  try {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).map(Number);
    return (user + system) / 100;
  } catch {
    return 0; // it has ended
  }
}

function megabytesOf(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
    return (kilobytes('RssAnon') + kilobytes('RssShmem')) / 1024;
  } catch {
    return 0; // it has ended
  }
}
