"""The training step of a network other than TASS in PyTorch as it is usually written: its own modules, every product as the formulas say it.

python peer.py <folder of the case> <steps>    prints the losses of the first steps and how long each step took, in milliseconds

A batch holds questions, each with the whole of its video, as a loader of question files gives it; where a video has several questions, it is there
several times. The pictures that stand for other videos are ready before the step, too.
"""
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent / 'step'))
from case import run  # noqa: E402
from given import Given  # noqa: E402
from cue_space import CueSpace  # noqa: E402
from mean_pooling import MeanPooling  # noqa: E402
from pstp import PstpIntended, PstpPublic  # noqa: E402
from qa_tiger import QaTiger  # noqa: E402
from qast import Qast  # noqa: E402
from st_avqa import StAvqa  # noqa: E402
from tjstg import Tjstg  # noqa: E402
from transformer import Transformer  # noqa: E402
from tspm import Tspm  # noqa: E402

NETWORKS = {
    **{'mean-pooling': MeanPooling, 'transformer': Transformer, 'st-avqa': StAvqa, 'tjstg': Tjstg, 'pstp-public': PstpPublic},
    **{'pstp-intended': PstpIntended, 'qa-tiger': QaTiger, 'tspm': Tspm, 'qast': Qast, 'cue-space': CueSpace},
}


def build(case):
    case.batch = by_question(case)
    network = NETWORKS[case.model['network']](case.sizes, case.model)
    with torch.no_grad():
        network.load(Given(case.of('parameters')))
    return network


def by_question(case):
    """Inputs whose first axis is that of the questions; `mismatched`, where there is a match head: for each segment the regions of its negative."""
    given = {**case.batch, 'wordIds': case.batch['wordIds'].long()}
    for rows in case.of('negatives').values():
        given['mismatched'] = given['regions'].flatten(0, 1)[rows.long()].view_as(given['regions'])
    questions = given['wordMask'].shape[1]
    of_videos = ('regions', 'mismatched', 'frames', 'audio')
    batch = {name: x.repeat_interleave(questions, 0) if name in of_videos else x.flatten(0, 1) for name, x in given.items()}
    return {**batch, 'answers': case.answers}


if __name__ == '__main__':
    run(build)
