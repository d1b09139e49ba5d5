"""PSTP-Net, as packages/baselines/src/networks/pstp-public.ts and pstp-intended.ts say it."""
import torch
from torch import nn

from grounded import Stream
from layers import Fusion, attention, largest, shares, taken


class Answer(nn.Module):
    """One layer over all tokens; their mean, times the question."""

    def __init__(self, dim, answers):
        super().__init__()
        self.layer, self.answer = Fusion(dim, 1, 'self'), nn.Linear(dim, answers)

    def forward(self, tokens, words, word_mask, question):
        present = torch.cat([torch.ones(tokens.shape[:2]), word_mask], 1)
        x = torch.cat([tokens, words], 1)
        x = self.layer(x, {'self': x}, {'self': present == 0})
        mean = (x * present[..., None]).sum(1) / present.sum(1, keepdim=True)
        return self.answer(torch.tanh(mean * question))

    def load(self, given):
        self.layer.load(given, 'layer')
        given.linear(self.answer, 'answer')


class PstpPublic(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, joint = model['dim'], sizes['joint']
        self.frames, self.words, self.sentence, self.audio = *(nn.Linear(joint, dim) for _ in range(3)), nn.Linear(sizes['audioDim'], dim)
        self.head = Answer(dim, sizes['answers'])

    def forward(self, batch):
        tokens = torch.cat([self.audio(batch['audio']), self.frames(batch['frames'])], 1)
        return self.head(tokens, self.words(batch['words']), batch['wordMask'], self.sentence(batch['sentence'])), None, None

    def load(self, given):
        for name in ('audio', 'frames', 'words', 'sentence'):
            given.linear(getattr(self, name), name)
        self.head.load(given)


class PstpIntended(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, heads, joint = model['dim'], model['heads'], sizes['joint']
        self.segments, self.chosen, self.kept = model['segments'], model['chosen'], model['patches']
        self.frames, self.regions, self.words, self.sentence = (nn.Linear(joint, dim) for _ in range(4))
        self.audio, self.segment = nn.Linear(sizes['audioDim'], dim), nn.Linear(2 * dim, dim)
        self.segment_choice, self.patch_choice, self.guided = attention(dim, heads), attention(dim, heads), Stream(dim, heads)
        self.context, self.head = Fusion(dim, 1, 'other', 'self'), Answer(dim, sizes['answers'])

    def forward(self, batch):
        sound, picture, question = self.audio(batch['audio']), self.frames(batch['frames']), self.sentence(batch['sentence'])
        rows, time, dim = sound.shape
        length = time // self.segments
        means = [stream.view(rows, self.segments, length, dim).mean(2) for stream in (sound, picture)]
        best = largest(shares(self.segment_choice, question, self.segment(torch.tanh(torch.cat(means, -1)))), self.chosen)
        seconds = (best[:, :, None] * length + torch.arange(length)).flatten(1)  # [batch, selected]
        heard, seen = taken(sound, seconds), taken(picture, seconds)

        patches = self.regions(taken(batch['regions'], seconds)).flatten(0, 1)  # of each second [regions, dim]
        asked = question.repeat_interleave(seconds.shape[1], 0)
        kept = taken(patches, largest(shares(self.patch_choice, asked, patches), self.kept))
        guided = self.guided(heard.flatten(0, 1), kept)[0].view(rows, -1, dim)
        whole_sound = self.context(sound, {'other': picture, 'self': sound})
        whole_picture = self.context(picture, {'other': whole_sound, 'self': picture})
        tokens = torch.cat([heard, whole_sound, sound, seen, kept.view(rows, -1, dim), guided, whole_picture, picture], 1)
        return self.head(tokens, self.words(batch['words']), batch['wordMask'], question), None, None

    def load(self, given):
        for name in ('audio', 'frames', 'regions', 'words', 'sentence', 'segment'):
            given.linear(getattr(self, name), name)
        given.attention_weights(self.segment_choice, 'segmentChoice')
        given.attention_weights(self.patch_choice, 'patchChoice')
        self.guided.load(given, 'guided')
        self.context.load(given, 'global')
        self.head.load(given)
