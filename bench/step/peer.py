"""TASS's training step in PyTorch as it is usually written: its own modules, every product as the formulas say it.

python peer.py <folder of the case> <steps>    prints the losses of the first steps and how long each step took, in milliseconds
"""
import math

import torch
from torch import nn
from torch.nn import functional as F

from case import EPSILON, run
from given import Given

GREATEST_TEXT_SCALE = math.log(100)


def linear(width_in, width_out, bias=True):
    return nn.Linear(width_in, width_out, bias=bias)


class Tass(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, joint, audio_dim, length = sizes['dim'], sizes['joint'], sizes['audioDim'], sizes['time']
        self.heads, self.threshold, self.context = model['heads'], model['tsgPlus']['threshold'], model['jtg']['context']
        self.sentence = linear(joint, dim)
        self.target_query, self.target_key = linear(joint, joint), linear(joint, joint, bias=False)
        self.audio_hidden, self.audio_output, self.audio_in_joint = linear(audio_dim, dim), linear(dim, dim), linear(dim, joint)
        self.visual = linear(2 * joint, dim)
        self.text_scale, self.audio_scale = nn.Parameter(torch.zeros(())), nn.Parameter(torch.zeros(()))
        if self.context == 'bilstm':
            self.visual_context, self.audio_context = (nn.LSTM(dim, dim // 2, batch_first=True, bidirectional=True) for _ in range(2))
        if self.context == 'attention':
            self.visual_context, self.audio_context = (SelfAttention(dim, self.heads) for _ in range(2))
        self.time_embedding, self.modality_embedding = nn.Parameter(torch.zeros(length, dim)), nn.Parameter(torch.zeros(2, dim))
        self.attention = nn.MultiheadAttention(dim, self.heads, batch_first=True)
        self.hidden, self.output, self.norm = linear(dim, dim), linear(dim, dim), nn.LayerNorm(dim)
        self.merge, self.answer = linear(2 * dim, dim), linear(dim, sizes['answers'])
        self.match = nn.Sequential(linear(2 * dim, 512), nn.ReLU(), linear(512, 256), nn.ReLU(), linear(256, 128), nn.ReLU(), linear(128, 2))

    def forward(self, batch):
        sentence, words, mask = batch['sentence'][:, 0], batch['words'][:, 0], batch['wordMask'][:, 0]
        q = self.sentence(sentence)
        target = self.find_target(sentence, words, mask)
        audio = self.audio_output(F.relu(self.audio_hidden(batch['audio'])))
        sound = self.audio_in_joint(audio)
        visual = self.ground(batch['regions'], batch['frames'], target, sound)
        mismatched = self.ground(batch['regions'], batch['frames'], target.roll(1, 0), sound.roll(1, 0))
        seen, heard = self.in_context('visual', visual), self.in_context('audio', audio)
        stream = torch.stack([seen + self.time_embedding + self.modality_embedding[0], heard + self.time_embedding + self.modality_embedding[1]], 2)
        attended, weights = self.attention(q[:, None], stream.flatten(1, 2), stream.flatten(1, 2))
        fused = self.norm(attended + self.output(F.relu(self.hidden(attended))))[:, 0]
        summary = torch.tanh(torch.cat([heard.mean(1), seen.mean(1)], -1))
        logits = self.answer(torch.tanh((self.merge(summary) + fused) * q))
        halves = [half / (half.sum(-1, keepdim=True) + EPSILON) for half in (weights[:, 0, 0::2], weights[:, 0, 1::2])]
        pairs = torch.cat([torch.cat([audio, visual], -1), torch.cat([audio.roll(1, 0), mismatched], -1)])
        return logits, halves, self.match(pairs)

    def find_target(self, sentence, words, mask):
        rows, count, width = words.shape
        head = width // self.heads
        queries = self.target_query(sentence).reshape(rows, self.heads, 1, head)
        keys = self.target_key(words).reshape(rows, count, self.heads, head).transpose(1, 2)
        scores = (queries @ keys.transpose(2, 3))[:, :, 0] / head**0.5
        weights = scores.masked_fill((mask == 0)[:, None], -1e9).softmax(-1).mean(1)
        return (weights[:, None] @ words)[:, 0]

    def ground(self, regions, frames, target, sound):
        by_text = F.cosine_similarity(regions, target[:, None, None], dim=-1) * self.text_scale.clamp(max=GREATEST_TEXT_SCALE).exp()
        by_sound = F.cosine_similarity(regions, sound[:, :, None], dim=-1) * self.audio_scale.exp()
        shares = (by_text.softmax(-1) + by_sound.softmax(-1)) / 2
        kept = (shares >= self.threshold / shares.shape[-1]) | (shares == shares.amax(-1, keepdim=True))
        left = torch.where(kept, shares, 0)
        pooled = ((left / left.sum(-1, keepdim=True))[:, :, None] @ regions)[:, :, 0]
        return self.visual(torch.tanh(torch.cat([frames, pooled], -1)))

    def in_context(self, name, x):
        if self.context == 'none':
            return x
        context = getattr(self, f'{name}_context')
        return x + context(x)[0] if self.context == 'bilstm' else context(x)


class SelfAttention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.attention_norm, self.feed_forward_norm = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.attention = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.hidden, self.output = linear(dim, dim), linear(dim, dim)

    def forward(self, x):
        normed = self.attention_norm(x)
        x = x + self.attention(normed, normed, normed, need_weights=False)[0]
        return x + self.output(F.relu(self.hidden(self.feed_forward_norm(x))))


def load(network, given):
    given.linear(network.sentence, 'question.sentence')
    given.linear(network.target_query, 'question.target.query')
    given.linear(network.target_key, 'question.target.key')
    given.linear(network.audio_hidden, 'audio.hidden')
    given.linear(network.audio_output, 'audio.output')
    given.linear(network.audio_in_joint, 'audioInJointSpace')
    given.linear(network.visual, 'tsgPlus.frame', 'tsgPlus.grounded')
    network.text_scale.copy_(given['tsgPlus.logTextScale'])
    network.audio_scale.copy_(given['tsgPlus.logAudioScale'])
    if network.context != 'none':
        load_context(network.visual_context, given, 'jtg.visualContext')
        load_context(network.audio_context, given, 'jtg.audioContext')
    network.time_embedding.copy_(given['jtg.timeEmbedding'])
    network.modality_embedding.copy_(given['jtg.modalityEmbedding'])
    given.attention(network.attention, 'jtg.stream.attention')
    given.linear(network.hidden, 'jtg.stream.feedForward.hidden')
    given.linear(network.output, 'jtg.stream.feedForward.output')
    given.norm(network.norm, 'jtg.stream.norm')
    given.linear(network.merge, 'merge')
    given.linear(network.answer, 'answer')
    given.linears(network.match, ('matchHead.audio', 'matchHead.visual'), 'matchHead.second', 'matchHead.third', 'matchHead.output')


def load_context(layer, given, name):
    if isinstance(layer, nn.LSTM):
        given.lstm(layer, f'{name}.lstm')
        return
    given.norm(layer.attention_norm, f'{name}.attentionNorm')
    given.norm(layer.feed_forward_norm, f'{name}.feedForwardNorm')
    given.attention(layer.attention, f'{name}.attention')
    given.linear(layer.hidden, f'{name}.feedForward.hidden')
    given.linear(layer.output, f'{name}.feedForward.output')


def build(case, kind=Tass):
    network = kind(case.sizes, case.model)
    with torch.no_grad():
        load(network, Given(case.of('parameters')))
    return network


if __name__ == '__main__':
    run(build)
