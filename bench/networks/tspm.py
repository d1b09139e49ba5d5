"""TSPM, as packages/baselines/src/networks/tspm.ts says it, with the seconds that its prompt chooses."""
import torch
from torch import nn

from grounded import Stream
from layers import Fusion, attention, largest, shares, taken


class Tspm(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, heads, joint = model['dim'], model['heads'], sizes['joint']
        self.chosen = model['chosen']
        self.frames, self.regions, self.sentence, self.prompt = (nn.Linear(joint, dim) for _ in range(4))
        self.audio, self.choice = nn.Linear(sizes['audioDim'], dim), attention(dim, heads)
        self.context, self.patches = Fusion(dim, 1, 'other', 'self'), Fusion(dim, 1, 'self')
        self.heard, self.stream = Stream(dim, heads), Stream(dim, heads)
        self.merge, self.answer = nn.Linear(6 * dim, dim), nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        sound, picture, question = self.audio(batch['audio']), self.frames(batch['frames']), self.sentence(batch['sentence'])
        rows, _, dim = sound.shape
        whole_sound = self.context(sound, {'other': picture, 'self': sound}).mean(1)
        whole_picture = self.context(picture, {'other': sound, 'self': picture}).mean(1)
        seconds = largest(shares(self.choice, self.prompt(batch['prompt']), picture), self.chosen)
        heard = taken(sound, seconds)
        patches = self.regions(taken(batch['regions'], seconds)).flatten(0, 1)  # of each second [regions, dim]
        patches = self.patches(patches, {'self': patches})
        seen = self.heard(heard.flatten(0, 1), patches)[0].view(rows, -1, dim)
        by_question = [self.stream(question, stream)[0] for stream in (heard, seen)]
        parts = [by_question[0], whole_sound, heard.mean(1), by_question[1], whole_picture, seen.mean(1)]
        return self.answer(torch.tanh(self.merge(torch.tanh(torch.cat(parts, -1))) * question)), None, None

    def load(self, given):
        for name in ('audio', 'frames', 'regions', 'sentence', 'merge', 'answer'):
            given.linear(getattr(self, name), name)
        given.linear(self.prompt, 'choice.prompt')
        given.attention_weights(self.choice, 'choice.attention')
        self.context.load(given, 'global')
        self.patches.load(given, 'patches')
        self.heard.load(given, 'heard')
        self.stream.load(given, 'stream')
