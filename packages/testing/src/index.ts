export { readFixture } from './fixture';
export type { Fixture, FixtureArray, NamedArrays } from './fixture';
export { greatestDifference, numericGradient } from './gradient';
export { beyondParity, parityError } from './parity';
