export { kinds } from './kinds';
export { hasAnnotations, makeWorld, mendTruth } from './make-world';
export { planWorld } from './plan-world';
export { renderFrame } from './render';
export { drawScene, frameSize, sceneSeed, type Scene } from './scene';
export { generatorVersion } from './version';
