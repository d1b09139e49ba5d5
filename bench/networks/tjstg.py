"""TJSTG without the faults of its public code, as packages/baselines/src/networks/tjstg.ts says it."""
import torch
from torch import nn

from grounded import Grounding, Question, Stream, cosines

LEAST_OF_BOTH = 0.01 * 196  # of a region's two shares together, in units of 1 / regions


class Tjstg(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, heads = sizes['dim'], model['heads']
        self.question, self.grounding = Question(sizes['vocabulary'], dim), Grounding(dim, sizes)
        self.target_attention = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.target = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))
        self.visual_context, self.audio_context = (nn.LSTM(dim, dim // 2, batch_first=True, bidirectional=True) for _ in range(2))
        self.stream, self.merge, self.answer = Stream(dim, heads), nn.Linear(2 * dim, dim), nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        question, states, cell = self.question(batch['wordIds'])
        _, weights = self.target_attention(cell[:, None], states, states)
        target = self.target((weights @ states)[:, 0])
        sound = self.grounding.audio(batch['audio'])
        by_both = lambda regions: self.grounding(regions, lambda unit: shares(cosines(unit, target[:, None]), cosines(unit, sound)))
        visual, mismatched = by_both(batch['regions']), by_both(batch['mismatched'])
        seen, heard = self.visual_context(visual)[0], self.audio_context(sound)[0]
        fused, weights = self.stream(question, torch.stack([seen, heard], 2).flatten(1, 2))
        halves = [half / half.sum(-1, keepdim=True) for half in (weights[:, 0::2], weights[:, 1::2])]
        merged = self.merge(torch.tanh(torch.cat([sound.mean(1), visual.mean(1)], -1))) + fused
        return self.answer(torch.tanh(merged * question)), halves, self.grounding.pairs(sound, visual, mismatched)

    def load(self, given):
        self.question.load(given)
        self.grounding.load(given)
        given.attention_weights(self.target_attention, 'target.attention')
        given.linears(self.target, 'target.map.hidden', 'target.map.output')
        given.lstm(self.visual_context, 'visualContext')
        given.lstm(self.audio_context, 'audioContext')
        self.stream.load(given, 'stream')
        given.linear(self.merge, 'merge')
        given.linear(self.answer, 'answer')


def shares(of_target, of_sound):
    """One softmax of the sum of both cosines, over the regions whose two shares reach the threshold together."""
    both = of_target.softmax(-1) + of_sound.softmax(-1)
    return (of_target + of_sound).masked_fill(both <= LEAST_OF_BOTH / both.shape[-1], -torch.inf).softmax(-1)
