"""Cells that do nothing, by Hydra's multirun and its own launcher, one after the other in this process.

python hydra_cells.py --multirun +seed=1,2,3
"""
import tempfile

import hydra
from omegaconf import OmegaConf


@hydra.main(config_path=None, version_base=None)
def cell(config):
    OmegaConf.to_container(config)


if __name__ == '__main__':
    import sys

    sys.argv.append(f'hydra.sweep.dir={tempfile.mkdtemp()}')
    cell()
