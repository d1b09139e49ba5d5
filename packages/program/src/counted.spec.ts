import { counted } from './counted';

it.each([
  [0, 'video', '0 videos'],
  [1, 'video', '1 video'],
  [2, 'more fault', '2 more faults'],
  [1, 'batch', '1 batch'],
  [3, 'batch', '3 batches'],
])('%d %s: %s', (count, thing, words) => expect(counted(count, thing)).toBe(words));
