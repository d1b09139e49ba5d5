import { NonFiniteLossError, refuseNonFinite } from './non-finite';

it('lets finite losses pass', () => refuseNonFinite({ total: 3, match: 0 }, 0, 0));

it.each([NaN, Infinity, -Infinity])('names every term when one is %s, counting from 1', (bad) => {
  const refuse = () => refuseNonFinite({ total: bad, answer: 2.5 }, 2, 40);
  expect(refuse).toThrow(`the loss is not finite at epoch 3, step 41: total ${bad}, answer 2.5; expected finite numbers`);
  expect(refuse).toThrow('The checkpoint of epoch 2 is kept. Start a new run with a lower optimizer.learningRate');
  expect(refuse).toThrow(NonFiniteLossError);
});

it('says so when no epoch was finished', () => expect(() => refuseNonFinite({ total: NaN }, 0, 1)).toThrow('No epoch was finished'));
