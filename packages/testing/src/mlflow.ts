import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const onPath = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'mlflow'));

/** The `mlflow` program of this machine: TASS_MLFLOW, else from PATH; undefined if neither exists. */
export const mlflowProgram = (process.env.TASS_MLFLOW ? [process.env.TASS_MLFLOW] : onPath).find((file) => existsSync(file));

export const withMlflow = mlflowProgram ? describe : describe.skip;
export const needsMlflow = '(needs MLflow: TASS_MLFLOW or mlflow on PATH)';
