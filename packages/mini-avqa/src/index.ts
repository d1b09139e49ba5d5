export { drawCaption } from './caption';
export { kindName, kinds } from './kinds';
export { renderFrame } from './render';
export { drawScene, frameSize, sceneSeed, seconds } from './scene';
export { renderSound, sampleRate } from './sound';
export { generatorVersion } from './version';
