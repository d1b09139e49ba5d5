export { tass, type TassSettings } from './network';
