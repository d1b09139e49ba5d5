import { execFileSync } from 'node:child_process';
import { projectSettings } from '@tass/config';
import { exportLines, jobEnvironment } from './job-environment';

const parent = {
  ...{
    TASS_DATA: '/data',
    MLFLOW_TRACKING_URI: 'http://node1:5000',
    MLFLOW_TRACKING_PASSWORD: "it's\nsecret",
    NODE_EXTRA_CA_CERTS: '/ca.pem',
  },
  ...{ https_proxy: 'http://proxy:3128', HTTP_PROXY: 'http://proxy:3128', NO_PROXY: 'node1', HF_TOKEN: 'hf', XDG_CACHE_HOME: '/cache' },
};
const others = {
  PATH: '/bin',
  HOME: '/root',
  TASS_SWEEP_JOB: 'of another sweep',
  CUDA_VISIBLE_DEVICES: '3',
  SLURM_JOB_ID: '7',
  'NODE_A B': 'x',
};

it('is what our programs read of the parent, with its settings as they were resolved', () => {
  const settings = projectSettings('/', parent);
  const environment = jobEnvironment(settings, { ...parent, ...others });
  expect(environment).toEqual({ ...parent, TASS_SETTINGS: JSON.stringify(settings) });
  expect(projectSettings('/nowhere', environment)).toEqual(settings);
});

it('reaches a job as it is', () => {
  const script = `${exportLines(parent)}printf '%s|' "$MLFLOW_TRACKING_PASSWORD" "$https_proxy"`;
  expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe("it's\nsecret|http://proxy:3128|");
});
