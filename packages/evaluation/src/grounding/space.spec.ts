import { keptRegions, overlapOf, regionsIn, spaceMeasures } from './space';

const box = { left: 0, top: 0, right: 0.5, bottom: 0.5 }; // centres of a grid of 3: 1/6, 1/2, 5/6
const corner = [true, true, false, true, true, false, false, false, false];

it('takes the regions whose centre lies in a box, its edges included, row by row', () => {
  expect(regionsIn([box], 9)).toEqual(corner);
  expect(regionsIn([{ ...box, right: 0.49 }], 9)).toEqual([true, false, false, true, false, false, false, false, false]);
  expect(regionsIn([{ left: 0.6, top: 0.6, right: 0.7, bottom: 0.7 }], 9)).toEqual(new Array(9).fill(false)); // between two centres
  expect(() => regionsIn([box], 8)).toThrow('regionsIn: 8 regions, expected a square grid such as 7 x 7');
});

it('keeps what a threshold keeps, and always the largest', () => {
  expect(keptRegions([0.1, 0.2, 0.3, 0.4], 1)).toEqual([false, false, true, true]);
  expect(keptRegions([0.25, 0.25, 0.25, 0.25], 1)).toEqual([true, true, true, true]);
  expect(keptRegions([0.1, 0.2, 0.3, 0.4], 3)).toEqual([false, false, false, true]);
});

it('has intersection over union', () => expect(overlapOf([true, true, false, true], [true, false, false, false])).toBeCloseTo(1 / 3, 12));

describe('a map over two segments, a box in the first', () => {
  const boxes = [[box], []];
  const measured = (first: number[], threshold = 1) =>
    spaceMeasures(Float64Array.from([...first, ...new Array(9).fill(1 / 9)]), boxes, threshold);

  it('is judged where there is a box', () => {
    const map = [0.3, 0, 0, 0.2, 0, 0, 0, 0.4, 0.1];
    expect(measured(map)).toEqual({ pointing: 0, mass: 0.5, overlap: 2 / 5, chance: 4 / 9 }); // kept: 0, 3 and 7
    expect(measured(map, 0.5)).toMatchObject({ overlap: 2 / 6 }); // and 8
  });

  it('that is the truth scores 1, a uniform one chance', () => {
    expect(measured(corner.map((inside) => (inside ? 0.25 : 0)))).toEqual({ pointing: 1, mass: 1, overlap: 1, chance: 4 / 9 });
    const { pointing, mass, overlap } = measured(new Array(9).fill(1 / 9))!;
    for (const value of [pointing, mass, overlap]) expect(value).toBeCloseTo(4 / 9, 12);
  });

  it('is not judged where no region lies in a box', () => expect(spaceMeasures(new Float64Array(18), [[], []], 1)).toBeUndefined());
});
