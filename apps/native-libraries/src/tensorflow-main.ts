import { expectCudaLibrariesLoad } from '@tass/onnx';
import { readOptions, runProgram, untilStopped, UsageError } from '@tass/program';
import { type EngineDescription, tensorFlowLibrary, useEngine } from '@tass/tensor';
import { bringLibrary } from './bring-library';
import { expectLinux } from './expect-linux';
import { greatestTraceDifference, trainTwoSteps } from './two-steps';
import { distributions, downloadWheel } from './wheel';

const { cacheFolder, findBroughtLibrary, libraryFolder } = tensorFlowLibrary;
const tolerance = 1e-5; // of losses about 2.5 and parameters below 1, after two steps; 2e-7 is usual
const report = console.log;

const usage = `npm run engine:tensorflow [-- --cuda]

Installs TensorFlow's C library with pip into the cache, where the engine tensorflow finds it, and compares two training steps with cpu. If you run
it again, it checks the installed library. --cuda installs the library for GPUs, next to the other one.`;

function bring(words: readonly string[]): Promise<number> {
  const { options, rest } = readOptions(words, { cuda: 'flag' });
  if (rest.length > 0) throw new UsageError(`${rest[0]} is not expected. The command takes --cuda, or nothing`);
  expectLinux();
  return untilStopped((signal) => bringOrCheck(options.cuda ? 'cuda' : 'cpu', signal));
}

async function bringOrCheck(build: tensorFlowLibrary.Build, signal: AbortSignal): Promise<number> {
  const folder = cacheFolder(build);
  const isThere = 'folder' in findBroughtLibrary(build);
  if (isThere) await check(build, folder);
  else
    await bringLibrary({
      folder,
      distribution: distributions[build],
      download: (wheel, into) => downloadWheel(wheel, into, process.env, signal),
      check: (unfinished) => check(build, unfinished),
      report,
      signal,
    });
  report(`TensorFlow is in ${folder}`);
  return 0;
}

/** Two steps of training on cpu and on TensorFlow must give the same losses and parameters. */
async function check(build: tensorFlowLibrary.Build, folder: string): Promise<void> {
  if (build === 'cuda') expectCudaLibrariesLoad(folder);
  await useEngine({ backend: 'cpu' });
  const expected = trainTwoSteps();
  process.env.TASS_TENSORFLOW_LIB = libraryFolder(build, folder);
  const { library, device } = build === 'cuda' ? await useGpuIfThere() : await useCpu();
  const found = trainTwoSteps();
  const difference = greatestTraceDifference(expected, found);
  const losses = (trace: typeof found): string => trace.losses.map((loss) => loss.toFixed(6)).join(', ');
  report(`${library} on ${device}: losses ${losses(found)} (plain JavaScript ${losses(expected)}), greatest difference ${difference.toExponential(1)}`); // prettier-ignore
  report(`A step takes ${found.milliseconds.toFixed(1)} ms (plain JavaScript ${expected.milliseconds.toFixed(1)} ms)`);
  if (!(difference <= tolerance))
    throw new Error(`TensorFlow in ${folder} differs from plain JavaScript by ${difference}, more than ${tolerance}`);
}

const useCpu = (): Promise<EngineDescription> => useEngine({ backend: 'tensorflow', device: 'cpu' });

async function useGpuIfThere(): Promise<EngineDescription> {
  try {
    return await useEngine({ backend: 'tensorflow', device: 'gpu' });
  } catch (error) {
    report(`${(error as Error).message}. Checked on the CPU instead`);
    return useCpu();
  }
}

void runProgram('engine:tensorflow', { bring: { usage: () => usage, run: bring } }, ['bring', ...process.argv.slice(2)]);
