"""ST-AVQA, as packages/baselines/src/networks/st-avqa.ts says it."""
import torch
from torch import nn

from grounded import Grounding, Question, Stream, cosines


class StAvqa(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, heads = sizes['dim'], model['heads']
        self.question, self.grounding = Question(sizes['vocabulary'], dim), Grounding(dim, sizes)
        self.visual_stream, self.audio_stream = Stream(dim, heads), Stream(dim, heads)
        self.merge, self.answer = nn.Linear(2 * dim, dim), nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        question, _, _ = self.question(batch['wordIds'])
        sound = self.grounding.audio(batch['audio'])
        by_sound = lambda regions: self.grounding(regions, lambda unit: cosines(unit, sound).softmax(-1))
        visual, mismatched = by_sound(batch['regions']), by_sound(batch['mismatched'])
        seen, heard = self.visual_stream(question, visual)[0], self.audio_stream(question, sound)[0]
        merged = self.merge(torch.tanh(torch.cat([heard + sound.mean(1), seen + visual.mean(1)], -1)))
        return self.answer(torch.tanh(merged * question)), None, self.grounding.pairs(sound, visual, mismatched)

    def load(self, given):
        self.question.load(given)
        self.grounding.load(given)
        self.visual_stream.load(given, 'visualStream')
        self.audio_stream.load(given, 'audioStream')
        given.linear(self.merge, 'merge')
        given.linear(self.answer, 'answer')
