import { MlflowError } from './mlflow-error';

/** A server to mirror runs to. */
export interface MlflowServer {
  readonly uri: string; // http or https, without a slash at its end and without credentials
  readonly authorization: string | undefined; // the header; never shown, never written
  readonly secrets: readonly string[]; // removed from every message
}

const example = 'http://127.0.0.1:5000';

/**
 * The server that MLFLOW_TRACKING_URI names, else `setting` (tracking.uri of the project's settings), else none.
 * Credentials come from MLFLOW_TRACKING_TOKEN, else from MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.
 * Throws MlflowError for an address that is not one of a server, naming where it comes from.
 */
export function mlflowServer(setting: string | null | undefined, environment: NodeJS.ProcessEnv = process.env): MlflowServer | undefined {
  const fromEnvironment = environment.MLFLOW_TRACKING_URI;
  const given = fromEnvironment || setting;
  if (!given) return undefined;
  const uri = checkedAddress(given.trim(), fromEnvironment ? 'MLFLOW_TRACKING_URI' : 'tracking.uri of the settings');
  return { uri, ...credentials(environment) };
}

function checkedAddress(given: string, source: string): string {
  const scheme = /^([a-z][a-z+.-]*):/i.exec(given)?.[1].toLowerCase();
  const refuse = (why: string) => new MlflowError(`${source}: ${why}`);
  if (given === 'databricks' || scheme?.startsWith('databricks'))
    throw refuse(`a Databricks workspace is not supported. Give the address of an MLflow server, as ${example}`);
  if (scheme !== 'http' && scheme !== 'https')
    throw refuse(
      `${withoutCredentials(given)} is not the address of a server, expected one as ${example}. ` +
        'For a server of your own that keeps its data in a folder: npx nx run tracking:serve --folder=FOLDER',
    );
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url?.hostname || !/^https?:\/\/[^/]/i.test(given))
    throw refuse(`${withoutCredentials(given)} has no host or an invalid port, expected an address such as ${example}`);
  if (url.username || url.password)
    throw refuse(
      `the address of ${url.host} contains a user name or a password. ` +
        'Remove them and set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD',
    );
  if (url.search || url.hash) throw refuse(`the address ${url.origin}${url.pathname} is followed by ? or #. Leave that out`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

const withoutCredentials = (address: string): string => address.replace(/\/\/[^/]*@/, '//');

function credentials(environment: NodeJS.ProcessEnv): Pick<MlflowServer, 'authorization' | 'secrets'> {
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password } = environment;
  if (token) return { authorization: `Bearer ${token}`, secrets: [token] };
  if (!user && !password) return { authorization: undefined, secrets: [] };
  if (!user || !password)
    throw new MlflowError(
      `MLFLOW_TRACKING_${user ? 'USERNAME' : 'PASSWORD'} is set and MLFLOW_TRACKING_${user ? 'PASSWORD' : 'USERNAME'} is not. Set both or none`,
    );
  const encoded = Buffer.from(`${user}:${password}`).toString('base64');
  return { authorization: `Basic ${encoded}`, secrets: [encoded, password] };
}
