export type { TassSettings } from './config';
export { tass } from './network';
