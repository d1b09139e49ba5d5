import { bringLibrary } from '../backends/tensorflow/bring-library';
import { installTensorFlow } from '../backends/tensorflow/install';
import { cacheFolder, findLibrary } from '../backends/tensorflow/library';
import { cpuWheel, downloadWheel } from '../backends/tensorflow/wheel';
import { greatestTraceDifference, trainTwoSteps } from '../backends/parity';
import { availableParallelism } from 'node:os';
import * as tf from '../tf';

const command = 'engine:tensorflow';
const neededBytes = 1.2e9; // wheel 274 MB, libraries 853 MB
const tolerance = 1e-5; // of losses about 2.5 and parameters below 1, after two steps; 2e-7 is usual

/** Brings TensorFlow's C library into the cache, where the tensorflow engine looks for it. Run again, it checks what is there. */
async function main(words: readonly string[]): Promise<void> {
  if (words.length > 0) throw new Error(`unknown argument ${words[0]}. The command takes none`);
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      `the libraries are for Linux on x64, this is ${process.platform} on ${process.arch}. The wasm engine runs here without them`,
    );
  }
  // The variable names a library of the user's own; this command is about the cache.
  const environment = { ...process.env, TASS_TENSORFLOW_LIB: undefined };
  const found = findLibrary(environment);
  if ('folder' in found) {
    report(`TensorFlow is in ${found.folder}`);
    await checkParity(found.folder);
  } else {
    await bringLibrary({
      folder: cacheFolder(environment),
      wheel: cpuWheel,
      neededBytes,
      download: downloadWheel,
      check: checkParity,
      report,
    });
    report(`TensorFlow is in ${cacheFolder(environment)}`);
  }
}

/** Two steps of training on cpu and on TensorFlow must give the same losses and parameters. */
async function checkParity(folder: string): Promise<void> {
  await tf.setBackend('cpu');
  const expected = trainTwoSteps();
  const version = await installTensorFlow(folder, availableParallelism());
  const found = trainTwoSteps();
  const difference = greatestTraceDifference(expected, found);
  const losses = (trace: typeof found): string => trace.losses.map((loss) => loss.toFixed(6)).join(', ');
  report(`TensorFlow ${version}: losses ${losses(found)} (cpu ${losses(expected)}), greatest difference ${difference.toExponential(1)}`);
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
