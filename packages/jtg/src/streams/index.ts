import { dual, type DualStreamParameters } from './dual';
import { paired, type PairedStreamParameters } from './paired';
import { single, type SingleStreamParameters } from './single';
import type { Stream } from './stream';

/** Every form of grounding in time, by the name that `model.jtg.stream` gives it. To add one, write a file next to these and its name here. */
const streams = { single, dual, paired };

export type StreamName = keyof typeof streams;
export const streamNames = Object.keys(streams) as StreamName[];
export type StreamParameters = Partial<SingleStreamParameters & DualStreamParameters & PairedStreamParameters>;

export const streamOf = (name: StreamName): Stream<object> => streams[name] as Stream<object>;
