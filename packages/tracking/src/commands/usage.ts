export const syncUsage = `Sends runs to an MLflow server: figures, parameters, predictions, reports, models. What is there is not sent again.

  npx nx run tracking:sync                all runs, finished, live or dead; a dead one is shown as killed
  npx nx run tracking:sync RUN...         these: ids, their beginnings or ends, or folders

The server: environment variable MLFLOW_TRACKING_URI, else tracking: { uri: http://HOST:PORT } in .tassrc.yaml. Who signs in: environment
variables MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. Ends with 1 when something could not be sent.`;

export const serveUsage = `Runs an MLflow server for this machine until Ctrl-C.

  npx nx run tracking:serve [--port=5000] [--folder=FOLDER]

FOLDER holds its database and files; without it .mlflow in the folder of runs. The program is the one that the environment variable
TASS_MLFLOW names, else mlflow on PATH, else one that is installed into .cache/mlflow with Python's venv and pip (about 850 MB, once).`;
