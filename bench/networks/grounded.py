"""What ST-AVQA and TJSTG have in common: a question of learned words, segments grounded in space, the match head, a stream that a question looks at."""
import torch
from torch import nn
from torch.nn import functional as F


class Question(nn.Module):
    def __init__(self, vocabulary, dim):
        super().__init__()
        self.embedding, self.lstm, self.sentence = nn.Embedding(vocabulary, dim), nn.LSTM(dim, dim, batch_first=True), nn.Linear(2 * dim, dim)

    def forward(self, words):
        """words [batch, words] -> question [batch, dim], states of all words [batch, words, dim], the cell after the last one [batch, dim]."""
        states, (hidden, cell) = self.lstm(torch.tanh(self.embedding(words)))
        return self.sentence(torch.tanh(torch.cat([hidden[0], cell[0]], -1))), states, cell[0]

    def load(self, given):
        self.embedding.weight.copy_(given['question.embedding.weight'])
        given.lstm(self.lstm, 'question.lstm')
        given.linear(self.sentence, 'question.sentence')


class Grounding(nn.Module):
    def __init__(self, dim, sizes):
        super().__init__()
        joint, audio_dim = sizes['joint'], sizes['audioDim']
        self.regions = None if joint == dim else nn.Linear(joint, dim)
        self.audio = nn.Sequential(nn.Linear(audio_dim, dim), nn.ReLU(), nn.Linear(dim, dim))
        self.segment = nn.Linear(2 * dim, dim)
        widths = [(2 * dim, 512), (512, 256), (256, 128)]
        self.match = nn.Sequential(*(layer for width in widths for layer in (nn.Linear(*width), nn.ReLU())), nn.Linear(128, 2))

    def forward(self, regions, map_of):
        """regions [batch, time, regions, joint] -> segments [batch, time, dim]; map_of(unit regions) gives their shares."""
        regions = self.regions(regions) if self.regions else regions
        unit = F.normalize(regions, dim=-1)
        grounded = (map_of(unit)[:, :, None] @ unit)[:, :, 0]
        return self.segment(torch.tanh(torch.cat([regions.mean(2), grounded], -1)))

    def pairs(self, sound, matched, mismatched):
        return self.match(torch.cat([torch.cat([sound, visual], -1) for visual in (matched, mismatched)]))

    def load(self, given):
        if self.regions:
            given.linear(self.regions, 'regions')
        given.linears(self.audio, 'audio.hidden', 'audio.output')
        given.linear(self.segment, 'segment.first', 'segment.second')
        given.linears(self.match, ('matchHead.audio', 'matchHead.visual'), 'matchHead.second', 'matchHead.third', 'matchHead.output')


def cosines(unit_regions, query):
    """unit_regions [batch, time, regions, dim], query [batch, time or 1, dim] -> [batch, time, regions]."""
    return (unit_regions @ F.normalize(query, dim=-1)[..., None])[..., 0]


class Stream(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.attention = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.feed_forward = nn.Sequential(nn.Linear(dim, dim), nn.ReLU(), nn.Linear(dim, dim))
        self.norm = nn.LayerNorm(dim)

    def forward(self, question, stream):
        """question [batch, dim], stream [batch, positions, dim] -> [batch, dim], weights [batch, positions]."""
        attended, weights = self.attention(question[:, None], stream, stream)
        return self.norm(attended + self.feed_forward(attended))[:, 0], weights[:, 0]

    def load(self, given, name):
        given.attention(self.attention, f'{name}.attention')
        given.linears(self.feed_forward, f'{name}.feedForward.hidden', f'{name}.feedForward.output')
        given.norm(self.norm, f'{name}.norm')
