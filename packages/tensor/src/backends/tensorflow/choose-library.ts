import { findBroughtLibrary, findOwnLibrary } from './library';
import { nvidiaGpus } from './nvidia-driver';

/** Where tensors are computed: `auto` is a GPU where its library is there and one answers, else the CPU. */
export const deviceChoices = ['auto', 'cpu', 'gpu'] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

export interface ChosenLibrary {
  readonly folder: string;
  readonly gpu?: string; // the name of the GPU that is to be used; what TensorFlow finds there decides
  readonly advice?: string; // one line, where a GPU or its library is not used
}

export const setUpCommand = 'npm run engine:tensorflow';
const setUpCudaCommand = `${setUpCommand} -- --cuda`;

/** The library for `device`; or one line that says what is missing and how it is brought. */
export function chooseLibrary(
  device: DeviceChoice,
  environment: NodeJS.ProcessEnv = process.env,
  askDriver = nvidiaGpus,
): ChosenLibrary | { readonly missing: string } {
  const own = findOwnLibrary(environment);
  if (own !== undefined && 'missing' in own) return { missing: `${own.missing}. Run: ${setUpCommand}` };
  const plain = own ?? findBroughtLibrary('cpu', environment);
  const cuda = own ?? findBroughtLibrary('cuda', environment);
  const onCpu = 'folder' in plain ? plain : cuda;
  if (device === 'cpu') return 'folder' in onCpu ? onCpu : { missing: `${missingIn(plain)}. Run: ${setUpCommand}` };

  const gpus = askDriver();
  const gpu = 'names' in gpus ? gpus.names[0] : undefined;
  if ('folder' in cuda && gpu !== undefined) return { ...cuda, gpu };
  if (device === 'gpu')
    return { missing: 'missing' in gpus ? `no GPU answers: ${gpus.missing}` : `${missingIn(cuda)}. Run: ${setUpCudaCommand}` };
  if ('missing' in onCpu) return { missing: `${missingIn(plain)}. Run: ${setUpCommand}` };
  if (gpu !== undefined) return { ...onCpu, advice: `${setUpCudaCommand} brings what ${gpu} needs` };
  return 'folder' in cuda && own === undefined ? { ...onCpu, advice: `on the CPU, as no GPU answers: ${missingIn(gpus)}` } : onCpu;
}

function missingIn(found: object): string {
  return (found as { missing: string }).missing;
}
