"""From nothing to a first training step with the tools that researchers use: Hydra composes a configuration, MLflow begins a run, PyTorch trains.

python peer.py      prints the loss; sizes are those of --exp=tass-small: 12 videos of 8 questions as 96 rows, 16 regions, width 128
"""
import json
import sys
import tempfile
from pathlib import Path

import hydra
import mlflow
import torch

sys.path.insert(0, str(Path(__file__).parent.parent / 'step'))
from case import loss_of  # noqa: E402
from peer import Tass  # noqa: E402

ROWS, TIME, REGIONS, WORDS = 96, 10, 16, 14
SIZES = {'dim': 128, 'joint': 64, 'time': TIME, 'audioDim': 64, 'answers': 42}
CONFIG = """
model: {heads: 4, tsgPlus: {threshold: 0.5}, jtg: {context: bilstm}}
loss: {answer: 1, match: 0.5, synchrony: 1}
optimizer: {learningRate: 0.001}
"""


def main(folder):
    (folder / 'config.yaml').write_text(CONFIG)
    with hydra.initialize_config_dir(str(folder), version_base=None):
        config = hydra.compose('config', ['optimizer.learningRate=0.002'])
    mlflow.set_tracking_uri(f'sqlite:///{folder}/mlflow.db')
    mlflow.set_experiment('bench')
    with mlflow.start_run():
        mlflow.log_params({'learningRate': config.optimizer.learningRate})
        torch.manual_seed(1)
        network = Tass(SIZES, config.model)
        optimizer = torch.optim.Adam(network.parameters(), lr=config.optimizer.learningRate)
        joint, audio = SIZES['joint'], SIZES['audioDim']
        batch = {
            'regions': torch.randn(ROWS, TIME, REGIONS, joint),
            'frames': torch.randn(ROWS, TIME, joint),
            'audio': torch.randn(ROWS, TIME, audio),
            'sentence': torch.randn(ROWS, 1, joint),
            'words': torch.randn(ROWS, 1, WORDS, joint),
            'wordMask': torch.ones(ROWS, 1, WORDS),
        }
        loss = loss_of(network(batch), torch.randint(42, (ROWS,)), config.loss)
        loss.backward()
        optimizer.step()
        mlflow.log_metric('loss', loss.item())
    print(json.dumps({'total': loss.item()}), flush=True)


if __name__ == '__main__':
    torch.set_num_threads(2)
    with tempfile.TemporaryDirectory() as made:
        main(Path(made))
