export { readFixture } from './fixture';
export type { Fixture, FixtureArray, NamedArrays } from './fixture';
export { filesIn } from './files-in';
export { greatestDifference, numericGradient } from './gradient';
export { beyondParity, parityError } from './parity';
export { MiniatureProject, resultsOf, type Refusal } from './miniature-project';
export { needsSlurm, SpecSlurm, withSlurm } from './slurm';
export { runProgram, type EndedProgram, type ProgramOptions } from './run-program';
export { wavBytes } from './wav-bytes';
