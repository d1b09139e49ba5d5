import { ValueMistake } from './value-text';

/** Words in the name of a variable whose value nobody should find in a run's folder. `PWD` alone is the working directory. */
const secretName = /(PASSWORD|PASSWD|PASSPHRASE|SECRETS?|TOKENS?|CREDENTIALS?|APIKEY)(_|$)|(^|_)(KEYS?|PASS|PAT|AUTH)(_|$)|_PWD(_|$)/i;

/** An address with a password, as many programs take it: `postgres://me:password@host`. */
const secretAddress = /:\/\/[^/?#\s]*:[^/?#\s]*@/;

/** The value of an environment variable, else the default. Throws ValueMistake if there is neither, and for what looks like a secret. */
export function environmentValue(name: string, fallback: string | null | undefined, environment: NodeJS.ProcessEnv): string | null {
  if (!/^\w+$/.test(name)) throw new ValueMistake(`${name || 'nothing'} is not the name of an environment variable`);
  const value = environment[name] ?? fallback;
  const found = secretName.test(name) ? 'looks like' : secretAddress.test(value ?? '') ? 'holds an address with' : undefined;
  if (found !== undefined) {
    throw new ValueMistake(
      `${name} ${found} a secret, which a run would write to its folder and to MLflow. Pass it outside the configuration`,
    );
  }
  if (value !== undefined) return value;
  throw new ValueMistake(`the environment variable ${name} is not set. Set it, or give a default: \${oc.env:${name},default}`);
}

/** A text as messages show it: without user name and password in an address. */
export const withoutPassword = (text: string): string => text.replace(/:\/\/[^/?#\s"]*@/g, '://');
