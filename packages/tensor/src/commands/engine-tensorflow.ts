import { greatestTraceDifference, trainTwoSteps } from '../backends/parity';
import { bringLibrary } from '../backends/tensorflow/bring-library';
import { expectLibrariesLoad } from '../backends/tensorflow/cuda-libraries';
import { installTensorFlow } from '../backends/tensorflow/install';
import { type Build, cacheFolder, findBroughtLibrary, libraryFolder, tensorFlowVersion } from '../backends/tensorflow/library';
import { nvidiaGpus } from '../backends/tensorflow/nvidia-driver';
import { cpuDistribution, cudaDistribution, downloadWheel } from '../backends/tensorflow/wheel';
import { availableParallelism } from 'node:os';
import * as tf from '../tf';

const command = 'engine:tensorflow';
const tolerance = 1e-5; // of losses about 2.5 and parameters below 1, after two steps; 2e-7 is usual

/**
 * Brings TensorFlow's C library into the cache, where the tensorflow engine looks for it; with --cuda the one for GPUs, beside the other.
 * Run again, it checks what is there.
 */
async function main(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => word !== '--cuda');
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}. The command takes --cuda, or none`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the libraries are for Linux on x64, this is ${process.platform} on ${process.arch}. The wasm engine runs here without them`,
    );
  }
  const build: Build = words.length > 0 ? 'cuda' : 'cpu';
  const folder = cacheFolder(build);
  if ('folder' in findBroughtLibrary(build)) {
    report(`TensorFlow is in ${folder}`);
    await check(build, folder);
  } else {
    await bringLibrary({
      folder,
      version: tensorFlowVersion,
      distribution: build === 'cuda' ? cudaDistribution : cpuDistribution,
      download: downloadWheel,
      check: (unfinished) => check(build, unfinished),
      report,
    });
    report(`TensorFlow is in ${folder}`);
  }
}

async function check(build: Build, folder: string): Promise<void> {
  const gpus = nvidiaGpus();
  if (build === 'cuda') expectLibrariesLoad(folder);
  await checkParity(libraryFolder(build, folder), build === 'cuda' && 'names' in gpus ? gpus.names[0] : undefined);
  if (build === 'cuda' && 'missing' in gpus) report(`No GPU answers: ${gpus.missing}. Until one does, the CPU computes`);
}

/** Two steps of training on cpu and on TensorFlow must give the same losses and parameters. */
async function checkParity(folder: string, gpuName: string | undefined): Promise<void> {
  await tf.setBackend('cpu');
  const expected = trainTwoSteps();
  const { version, gpu } = await installTensorFlow(folder, { threads: availableParallelism(), gpu: gpuName !== undefined });
  if (gpuName !== undefined && !gpu) report(`TensorFlow finds no GPU, though the driver has ${gpuName}; TF_CPP_MIN_LOG_LEVEL=0 shows why`);
  const found = trainTwoSteps();
  const difference = greatestTraceDifference(expected, found);
  const losses = (trace: typeof found): string => trace.losses.map((loss) => loss.toFixed(6)).join(', ');
  report(`TensorFlow ${version} on ${gpu ? gpuName : 'the CPU'}: losses ${losses(found)} (cpu ${losses(expected)}), greatest difference ${difference.toExponential(1)}`); // prettier-ignore
  report(`A step takes ${found.milliseconds.toFixed(1)} ms (cpu ${expected.milliseconds.toFixed(1)} ms)`);
  if (!(difference <= tolerance)) throw new Error(`TensorFlow in ${folder} differs from cpu by ${difference}, more than ${tolerance}`);
}

function report(line: string): void {
  console.log(line);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`${command}: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
