import { execFileSync } from 'node:child_process';
import { fromSources } from './run-program';

/** The refusal of a piece of work. */
export interface Refusal {
  readonly message: string; // `nothing is refused` if it was not
  readonly seconds: number; // processor time, so that other programs on the machine do not count
  readonly megabytes: number; // the most that the process had so far
}

/**
 * Runs pieces of work one after the other in a separate process. Each is the body of an async function that receives the exports of the
 * file `module`.
 */
export function refusals<Name extends string>(module: string, work: Readonly<Record<Name, string>>): Record<Name, Refusal> {
  const program = `
    const [module] = process.argv.slice(1);
    const { existsSync, readFileSync } = require('node:fs');
    const AsyncFunction = (async () => undefined).constructor;
    const status = '/proc/self/status'; // of Linux; resourceUsage begins with the peak of the process that started this one
    const peak = () => existsSync(status) ? /VmHWM:\\s*(\\d+)/.exec(readFileSync(status, 'utf8'))[1] : process.resourceUsage().maxRSS;
    (async () => {
      const refusals = {};
      const exported = require(module);
      for (const [name, body] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
        const before = process.cpuUsage();
        let message = 'nothing is refused';
        await new AsyncFunction('it', 'require', body)(exported, require).catch((error) => (message = error.message));
        const { user, system } = process.cpuUsage(before);
        refusals[name] = { message, seconds: (user + system) / 1e6, megabytes: Number(peak()) / 1024 };
      }
      console.log(JSON.stringify(refusals));
    })();`;
  const output = execFileSync(process.execPath, [...fromSources, '--eval', program, module], {
    input: JSON.stringify(work),
    encoding: 'utf8',
    timeout: 900_000, // only against hanging; jest cannot end it, as this call blocks
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  return JSON.parse(output) as Record<Name, Refusal>;
}

/** Of an error on input that is too much: processor seconds and megabytes that are allowed, those of node and the compiler included. */
export const allowed = { seconds: 5, megabytes: 500 } as const;
