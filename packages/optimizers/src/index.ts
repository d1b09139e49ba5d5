export { createAdam } from './adam';
export type { AdamConfig } from './adam';
export { clipByGlobalNorm } from './clip-by-global-norm';
export type { NamedArrays, Optimizer, UpdateNumbers } from './optimizer';
export { constant, oneCycle, stepDecay } from './schedules';
export type { OneCycleConfig, Progress, Schedule } from './schedules';
