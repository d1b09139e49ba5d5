import type { DatasetIdentity, EncoderIdentity, FieldDescription, Sampling, StoreDescription } from './manifest';

/** A reader's expectations of a store; omitted ones are not checked. */
export interface Expected {
  readonly encoder?: Partial<EncoderIdentity>;
  readonly dataset?: Partial<DatasetIdentity>;
  readonly sampling?: Partial<Sampling>;
  readonly fields?: Readonly<Record<string, Partial<FieldDescription>>>;
}

/** The first difference between a store and the expectation, as the end of a sentence about the store; '' if none. */
export function describeDifference(held: StoreDescription, wanted: Expected): string {
  const { encoder = {}, dataset = {}, fields = {} } = wanted;
  const differs = (what: string, has: unknown, asked: unknown) =>
    asked !== undefined && same(has) !== same(asked) ? `${what} ${same(has)}, asked for is ${same(asked)}` : '';
  return (
    differs('holds features of encoder', held.encoder.name, encoder.name) ||
    differs(`holds features of ${held.encoder.name} with read-outs`, held.encoder.readOuts, encoder.readOuts) ||
    differs(`holds features of ${held.encoder.name} with model digest`, held.encoder.digest, encoder.digest) ||
    differs(`holds features of ${held.encoder.name} with preprocessing`, held.encoder.preprocessing, encoder.preprocessing) ||
    differs(`holds features of ${held.encoder.name} in the space`, held.encoder.space, encoder.space) ||
    differs('was made from dataset', held.dataset.name, dataset.name) ||
    differs(`was made from ${held.dataset.name} with seed`, held.dataset.seed, dataset.seed) ||
    differs(`was made from ${held.dataset.name} with digest`, held.dataset.digest, dataset.digest) ||
    differs('holds segments sampled by', held.sampling, wanted.sampling) ||
    Object.entries(fields)
      .map(([name, field]) => {
        if (!held.fields[name]) return `has no field ${name}; its fields are ${Object.keys(held.fields).join(', ')}`;
        return differs(`has field ${name} of shape`, held.fields[name].shape, field.shape);
      })
      .find((difference) => difference !== '') ||
    ''
  );
}

/** A text that is equal for equal values, whatever the order of their keys. */
function same(value: unknown): string {
  return (
    JSON.stringify(value, (_, each) =>
      each && typeof each === 'object' && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? 'none'
  );
}
