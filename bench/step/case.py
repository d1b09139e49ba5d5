"""A case of the bench as PyTorch reads it, its losses, and the clock. Made by `node ours.cjs make`, which also fixes the names."""
import json
import os
import sys
import time
from pathlib import Path

import numpy
import torch
from torch.nn import functional as F

THREADS = int(os.environ.get('BENCH_THREADS', 2))
DEVICE = os.environ.get('BENCH_DEVICE', 'cpu')
WARM_UP = 3
EPSILON = 1e-8


class Case:
    """`model`, `loss` and `optimizer` are the experiment's; `sizes` are the widths that the tensors have."""

    def __init__(self, folder):
        case = json.loads((folder / 'case.json').read_text())
        values = torch.from_numpy(numpy.fromfile(folder / 'tensors.f32', dtype=numpy.float32)).to(DEVICE)
        self.tensors = {e['name']: values[e['offset'] // 4 :][: int(numpy.prod(e['shape']))].reshape(e['shape']).clone() for e in case['index']}
        self.model, self.loss, self.optimizer = case['model'], case['loss'], case['optimizer']
        self.batch = self.of('inputs')
        self.answers = self.tensors['labels/answers'].long().flatten()
        self.sizes = {**case['sizes'], 'dim': self.model['dim'], 'joint': case['sizes']['regionDim']}

    def of(self, kind):
        return {name.split('/')[1]: tensor for name, tensor in self.tensors.items() if name.startswith(f'{kind}/')}


def loss_of(outputs, answers, weights):
    """outputs: scores of the answers, the attention on both streams, scores of the pairs, of which the first half belongs together; None: no such loss.
    Then, where a network has some, losses of its own by their names."""
    logits, attention, pairs, *own = outputs
    loss = weights['answer'] * F.cross_entropy(logits, answers)
    if attention is not None:
        loss = loss + weights['synchrony'] * divergence(*attention)
    for losses in own:
        loss = loss + sum(weights[name] * value for name, value in losses.items())
    return loss if pairs is None else loss + weights['match'] * match(pairs)


def divergence(visual, audio):
    middle = (visual + audio) / 2
    from_middle = lambda p: (p * ((p + EPSILON).log() - (middle + EPSILON).log())).sum(-1)
    return ((from_middle(visual) + from_middle(audio)) / 2).mean()


def match(pairs):
    labels = torch.cat([torch.ones(pairs.shape[0] // 2, pairs.shape[1]), torch.zeros(pairs.shape[0] // 2, pairs.shape[1])]).long()
    return F.cross_entropy(pairs.flatten(0, 1), labels.flatten())


def train(optimizer, loss, steps, clip_norm=None):
    """The losses of the first steps and how long each of the others took, in milliseconds. `loss` runs the network forward."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group['params']]
    losses, milliseconds = [], []
    for step in range(WARM_UP + steps):
        start = time.perf_counter()
        optimizer.zero_grad()
        total = loss()
        total.backward()
        if clip_norm:
            torch.nn.utils.clip_grad_norm_(parameters, clip_norm)
        optimizer.step()
        value = total.item()
        took = 1000 * (time.perf_counter() - start)
        (losses if step < WARM_UP else milliseconds).append(value if step < WARM_UP else took)
    return {'losses': losses, 'milliseconds': milliseconds}


def run(build, **adam):
    """The command line of a side: <folder of the case> <steps>. `build` makes the network of a case."""
    torch.set_num_threads(THREADS)
    if DEVICE != 'cpu':
        torch.set_default_device(DEVICE)
    case = Case(Path(sys.argv[1]))
    network = build(case)
    optimizer = torch.optim.Adam(network.parameters(), lr=case.optimizer['learningRate'], **adam)
    loss = lambda: loss_of(network(case.batch), case.answers, case.loss)
    print(json.dumps(train(optimizer, loss, int(sys.argv[2]), case.optimizer['clipNorm'])))
