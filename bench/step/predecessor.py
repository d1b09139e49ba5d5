"""TASS's predecessor as a yardstick: the network of TJSTG (arXiv 2305.12397) in PyTorch, written afresh after the paper and its public code.

python predecessor.py step <folder of the case> <steps>                       how long each training step took, in milliseconds
python predecessor.py evaluate <folder of the case> <questions> <batch>       seconds of a run over questions, and its memory at most

As the public code has it: the order and widths of all layers; regions come as maps [time, 512, height, width], are transposed and normalised to unit
length, and meet the target word and the sound one after the other; the sum of both softmax maps is cut at 0.01 for 14x14 regions and passes a second
softmax; frames are the mean of their regions; matched and mismatched frames are grounded in training and in the test; a feature of the 10 mismatched
frames is read from 10 whole files of random videos, for each question; dropout; Adam at its defaults, losses weighted 1, 0.5, 1; test with batch 1.
Regions are not projected: only their pooled sum is.

Assumed, or kinder than the public code: the cut scales with 1 / regions; each frame gets its own question's target, and the divergence is that of
distributions (faults there, of the same cost); pairs are laid out by one `cat` and not row by row in Python; one process reads files, which this
machine has just written and so holds in memory. Values and mismatched frames are random: what is measured is time, and nothing is learnt.
"""
import json
import math
import sys
import threading
import time
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from case import EPSILON, THREADS, Case, loss_of, train

DIM, HEADS, AUDIO, VOCABULARY, WORDS, ANSWERS = 512, 4, 128, 93, 14, 42
CUT = 0.01 * 14 * 14  # of the sum of two maps, in units of 1 / regions
SECONDS, SECONDS_OF_SEGMENT = 60, 6
VIDEOS, WARM_UP_BATCHES = 64, 3


class QuestionEncoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding, self.lstm = nn.Embedding(VOCABULARY, DIM), nn.LSTM(DIM, DIM, batch_first=True)
        self.attention = nn.MultiheadAttention(DIM, HEADS, dropout=0.2, batch_first=True)
        self.question = nn.Linear(2 * DIM, DIM)
        self.target = nn.Sequential(nn.Linear(DIM, DIM), nn.ReLU(), nn.Linear(DIM, DIM))

    def forward(self, words):
        """words [batch, 14] -> the question, and the state at the word that it looks at most: [batch, dim] each."""
        states, (hidden, cell) = self.lstm(torch.tanh(self.embedding(words)))
        _, weights = self.attention(cell[0][:, None], states, states)
        chosen = states[torch.arange(len(words)), weights[:, 0].argmax(-1)]
        return self.question(torch.tanh(torch.cat([hidden[0], cell[0]], -1))), self.target(chosen)


class Predecessor(nn.Module):
    def __init__(self):
        super().__init__()
        self.question = QuestionEncoder()
        self.sound = nn.Sequential(nn.Linear(AUDIO, DIM), nn.ReLU(), nn.Linear(DIM, DIM))
        self.visual = nn.Linear(2 * DIM, DIM)
        self.visual_context, self.audio_context = (nn.LSTM(DIM, DIM // 2, batch_first=True, bidirectional=True) for _ in range(2))
        self.attention = nn.MultiheadAttention(DIM, HEADS, dropout=0.1, batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(DIM, DIM), nn.ReLU(), nn.Dropout(0.2), nn.Linear(DIM, DIM), nn.Dropout(0.2))
        self.norm, self.merge, self.answer = nn.LayerNorm(DIM), nn.Linear(2 * DIM, DIM), nn.Linear(DIM, ANSWERS)
        self.match = nn.Sequential(
            nn.Linear(2 * DIM, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 2)
        )

    def forward(self, audio, matched, mismatched, words):
        """audio [batch, time, 128]; matched, mismatched [batch, time, dim, height, width]; words [batch, 14]. Gives what `loss_of` takes."""
        question, target = self.question(words)
        sound = self.sound(audio)
        visual, other = self.ground(matched, target, sound), self.ground(mismatched, target, sound)
        pairs = torch.cat([self.match(torch.cat([sound, visual], -1)), self.match(torch.cat([sound, other], -1))])
        seen, heard = self.visual_context(visual)[0], self.audio_context(sound)[0]
        stream = torch.stack([seen, heard], 2).flatten(1, 2)
        attended, weights = self.attention(question[:, None], stream, stream)
        fused = self.norm(attended + self.feed_forward(attended))[:, 0]
        halves = [half / (half.sum(-1, keepdim=True) + EPSILON) for half in (weights[:, 0, 0::2], weights[:, 0, 1::2])]
        summary = self.merge(torch.tanh(torch.cat([sound.mean(1), visual.mean(1)], -1)))
        return self.answer(torch.tanh((summary + fused) * question)), halves, pairs

    def ground(self, maps, target, sound):
        batch, length = maps.shape[:2]
        maps = maps.flatten(0, 1)
        frames = F.adaptive_avg_pool2d(maps, 1).flatten(1)
        regions = F.normalize(maps.flatten(2).transpose(1, 2), dim=2)  # [batch * time, regions, dim]
        by_target = self.shares(regions, target.repeat_interleave(length, 0))
        by_sound = self.shares(regions, sound.flatten(0, 1))
        both = by_target + by_sound
        weights = (both * (both > CUT / regions.shape[1])).softmax(-1)
        pooled = (weights[:, None] @ regions)[:, 0]
        return self.visual(torch.tanh(torch.cat([frames, pooled], -1))).unflatten(0, (batch, length))

    def shares(self, regions, query):
        return (regions @ F.normalize(query, dim=1)[:, :, None])[:, :, 0].softmax(-1)


def step(folder, steps):
    case = Case(folder)
    batch, length, regions, _ = case.batch['regions'].shape
    matched = case.batch['regions'].transpose(2, 3).contiguous().unflatten(3, sides(regions))
    inputs = (case.batch['audio'], matched, torch.randn_like(matched), torch.randint(VOCABULARY, (batch, WORDS)))
    network = Predecessor()
    optimizer = torch.optim.Adam(network.parameters(), lr=case.optimizer['learningRate'])
    return {'milliseconds': train(optimizer, lambda: loss_of(network(*inputs), case.answers, case.loss), steps)['milliseconds']}


class Questions(Dataset):
    """One question after the other, each about the next of VIDEOS videos; what it needs is read from files of whole videos when it is asked for."""

    def __init__(self, folder, count):
        self.folder, self.count = folder, count
        self.random = numpy.random.default_rng(1)
        self.words = torch.randint(VOCABULARY, (count, WORDS))
        self.answers = torch.randint(ANSWERS, (count,))

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        video = index % VIDEOS
        audio = numpy.load(self.folder / f'{video}-audio.npy')[::SECONDS_OF_SEGMENT]
        matched = numpy.load(self.folder / f'{video}-maps.npy')
        others = (video + self.random.integers(1, VIDEOS, len(matched))) % VIDEOS
        frames = [numpy.load(self.folder / f'{other}-maps.npy')[self.random.integers(len(matched))] for other in others]
        return audio, matched, numpy.stack(frames), self.words[index], self.answers[index]


def make_videos(folder, length, regions):
    folder.mkdir(exist_ok=True)
    random = numpy.random.default_rng(1)
    for video in range(VIDEOS):
        numpy.save(folder / f'{video}-audio.npy', random.standard_normal((SECONDS, AUDIO), numpy.float32))
        numpy.save(folder / f'{video}-maps.npy', random.standard_normal((length, DIM, *sides(regions)), numpy.float32))


def evaluate(folder, count, batch):
    shapes = {entry['name']: entry['shape'] for entry in json.loads((folder / 'case.json').read_text())['index']}
    _, length, regions, _ = shapes['inputs/regions']
    make_videos(folder / 'predecessor', length, regions)
    network = Predecessor().eval()

    def answer(questions):
        right = 0
        for audio, matched, mismatched, words, answers in DataLoader(questions, batch_size=batch):
            logits, _, _ = network(audio, matched, mismatched, words)
            right += (logits.argmax(-1) == answers).sum().item()

    with torch.no_grad():
        answer(Questions(folder / 'predecessor', WARM_UP_BATCHES * batch))
        questions = Questions(folder / 'predecessor', count)
        with PeakMemory() as memory:
            start = time.perf_counter()
            answer(questions)
            seconds = time.perf_counter() - start
    return {'questions': count, 'seconds': seconds, 'peakMegabytes': memory.peak}


class PeakMemory:
    """The most that this process held while inside, files that are mapped not counted; looked at every 5 ms."""

    def __enter__(self):
        self.peak, self.done = 0, threading.Event()
        self.watcher = threading.Thread(target=self.watch)
        self.watcher.start()
        return self

    def watch(self):
        while not self.done.wait(0.005):
            lines = dict(line.split(':', 1) for line in Path('/proc/self/status').read_text().splitlines())
            self.peak = max(self.peak, sum(int(lines[name].split()[0]) for name in ('RssAnon', 'RssShmem')) / 1024)

    def __exit__(self, *_):
        self.done.set()
        self.watcher.join()


def sides(regions):
    side = math.isqrt(regions)
    if side * side != regions:
        raise ValueError(f'predecessor.py: {regions} regions, expected a square as 49 or 196')
    return side, side


if __name__ == '__main__':
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    command, folder, *numbers = sys.argv[1:]
    print(json.dumps({'step': step, 'evaluate': evaluate}[command](Path(folder), *map(int, numbers))))
