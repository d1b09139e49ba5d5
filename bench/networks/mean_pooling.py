"""The control that grounds nothing, as packages/baselines/src/networks/mean-pooling.ts says it."""
import torch
from torch import nn
from torch.nn import functional as F


class MeanPooling(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, joint = sizes['dim'], sizes['joint']
        self.video, self.audio, self.question = nn.Linear(joint, dim), nn.Linear(sizes['audioDim'], dim), nn.Linear(joint, dim)
        self.hidden, self.second, self.answer = nn.Linear(3 * dim, dim), nn.Linear(dim, dim), nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        seen, heard = self.video(batch['regions'].mean((1, 2))), self.audio(batch['audio'].mean(1))
        hidden = F.relu(self.hidden(torch.cat([seen, heard, self.question(batch['sentence'])], -1)))
        return self.answer(F.relu(self.second(hidden))), None, None

    def load(self, given):
        for name in ('video', 'audio', 'question', 'hidden', 'second', 'answer'):
            given.linear(getattr(self, name), name)
