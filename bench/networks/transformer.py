"""The control over all tokens, as packages/baselines/src/networks/transformer.ts says it, by PyTorch's own encoder under two masks."""
import torch
from torch import nn


class Transformer(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, joint = sizes['dim'], sizes['joint']
        self.sentence, self.words, self.regions, self.frames = (nn.Linear(joint, dim) for _ in range(4))
        self.audio = nn.Linear(sizes['audioDim'], dim)
        self.word_places, self.region_places = nn.Parameter(torch.zeros(sizes['words'], dim)), nn.Parameter(torch.zeros(sizes['regions'], dim))
        self.times = nn.Parameter(torch.zeros(sizes['time'], dim))
        layer = nn.TransformerEncoderLayer(dim, model['heads'], 4 * dim, dropout=0, batch_first=True, norm_first=True)
        self.layers = nn.TransformerEncoder(layer, model['layers'], enable_nested_tensor=False)
        self.norm, self.answer = nn.LayerNorm(dim), nn.Linear(dim, sizes['answers'])
        of_video, of_question = sizes['time'] * (sizes['regions'] + 2), 1 + sizes['words']
        unseen = torch.zeros(of_video + of_question, of_video + of_question, dtype=torch.bool)
        unseen[:of_video, of_video:] = True  # the video does not look at the question
        self.register_buffer('unseen', unseen)

    def forward(self, batch):
        regions = (self.regions(batch['regions']) + self.times[:, None] + self.region_places).flatten(1, 2)
        frames, audio = self.frames(batch['frames']) + self.times, self.audio(batch['audio']) + self.times
        sentence, words = self.sentence(batch['sentence'])[:, None], self.words(batch['words']) + self.word_places
        tokens = torch.cat([regions, frames, audio, sentence, words], 1)
        before = tokens.shape[1] - words.shape[1]  # of the words
        padding = torch.cat([torch.zeros(len(tokens), before, dtype=torch.bool), batch['wordMask'] == 0], 1)
        state = self.layers(tokens, mask=self.unseen, src_key_padding_mask=padding)[:, before - 1]
        return self.answer(self.norm(state)), None, None

    def load(self, given):
        for name in ('sentence', 'words', 'regions', 'frames', 'audio', 'answer'):
            given.linear(getattr(self, name), name)
        for parameter, name in ((self.word_places, 'wordPlaces'), (self.region_places, 'regionPlaces'), (self.times, 'times')):
            parameter.copy_(given[name])
        for i, layer in enumerate(self.layers.layers):
            given.attention(layer.self_attn, f'layers.{i}.attention')
            given.norm(layer.norm1, f'layers.{i}.attentionNorm')
            given.norm(layer.norm2, f'layers.{i}.feedForwardNorm')
            given.linear(layer.linear1, f'layers.{i}.hidden')
            given.linear(layer.linear2, f'layers.{i}.output')
        given.norm(self.norm, 'norm')
