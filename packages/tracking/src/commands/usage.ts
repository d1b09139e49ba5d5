export const syncUsage = `Sends runs to an MLflow server: figures, parameters, predictions, reports, models. What the server already has is not sent again.

  npx nx run tracking:sync                all runs: finished, running, or dead (shown as killed)
  npx nx run tracking:sync RUN...         only these: ids, their beginnings or ends, or folders

The server is set by the environment variable MLFLOW_TRACKING_URI, or by tracking: { uri: http://HOST:PORT } in .tassrc.yaml. The environment
variables MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, sign in. The exit code is 1 if something could not be sent.`;

export const serveUsage = `Runs an MLflow server for this machine until Ctrl-C.

  npx nx run tracking:serve [--port=5000] [--folder=FOLDER]

FOLDER holds the server's database and files; by default, it is .mlflow in the folder of runs. The program is named by the environment variable
TASS_MLFLOW. Without it, mlflow on the PATH is used, or it is installed once into .cache/mlflow with Python's venv and pip (about 850 MB).`;
