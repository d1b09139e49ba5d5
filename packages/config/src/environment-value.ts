import { ValueMistake } from './value-text';

/** Words in the name of a variable whose value nobody should find in a run's folder. */
const secret = /(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRETS?|TOKENS?|KEYS?|CREDENTIALS?)(_|$)/i;

/** The value of an environment variable, else the default. Throws ValueMistake without either, and for names of secrets. */
export function environmentValue(name: string, fallback: string | null | undefined, environment: NodeJS.ProcessEnv): string | null {
  if (!/^\w+$/.test(name)) throw new ValueMistake(`${name || 'nothing'} is not the name of an environment variable`);
  if (secret.test(name)) {
    throw new ValueMistake(
      `${name} looks like a secret, which a run would write to its folder and to MLflow. Pass it outside the configuration`,
    );
  }
  const value = environment[name] ?? fallback;
  if (value !== undefined) return value;
  throw new ValueMistake(`the environment variable ${name} is not set. Set it, or give a default: \${oc.env:${name},default}`);
}
