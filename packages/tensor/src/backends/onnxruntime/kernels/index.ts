import { arrangement } from './arrangement';
import { arithmetic } from './arithmetic';
import { functions } from './functions';
import { indices } from './indices';
import type { Kernels } from './kernel';
import { products } from './products';
import { reductions } from './reductions';

export type { Kernel } from './kernel';

/** Every kernel of TensorFlow.js that a step under recording can use. */
export const kernels: Kernels = { ...arithmetic, ...functions, ...reductions, ...products, ...arrangement, ...indices };
