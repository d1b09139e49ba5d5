export { createAdam } from './adam';
export type { AdamConfig } from './adam';
export { clipByGlobalNorm } from './clip-by-global-norm';
export type { Optimizer, UpdateNumbers } from './optimizer';
export { constant, cosine, oneCycle, stepDecay } from './schedules';
export type { Schedule } from './schedules';
