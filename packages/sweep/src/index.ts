export type { Job, JobOutcome, Launcher, LaunchEvents } from './launcher';
