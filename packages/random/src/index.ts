export { fnv1a, sfc32, shuffle } from './sfc32';
