"""QA-TIGER without the fault of its public code, as packages/baselines/src/networks/qa-tiger.ts says it."""
import torch
from torch import nn
from torch.nn import functional as F

from layers import FramePatches, Fusion, attention, looked_at, mlp

NARROWEST, WIDEST = 0.09, 1 / 9


class Experts(nn.Module):
    def __init__(self, dim, heads, experts, kept):
        super().__init__()
        self.kept, self.attention = kept, attention(dim, heads)
        self.router, self.gaussians = nn.Linear(dim, experts), nn.Linear(dim, 2 * experts)
        self.experts = nn.ModuleList(mlp(dim, dim // 2, dim) for _ in range(experts))

    def forward(self, question, stream, *values):
        """question [batch, dim], stream and values [batch, time, dim] -> of each of the values [batch, dim]."""
        z = looked_at(self.attention, question, stream)
        shares = self.router(z).softmax(-1)
        top = shares.topk(self.kept, -1)
        shares = torch.zeros_like(shares).scatter(-1, top.indices, top.values / top.values.sum(-1, keepdim=True))
        weights = shares[:, None] * self.curves(z, stream.shape[1])  # [batch, time, experts]
        mixed = lambda x: (weights[..., None] * torch.stack([expert(x) for expert in self.experts], 2)).sum((1, 2))
        return [mixed(x) for x in values]

    def curves(self, z, time):
        """The Gaussians of the experts, 1 at their highest second: [batch, time, experts]."""
        experts = len(self.experts)
        shift, width = self.gaussians(z).view(len(z), experts, 2).unbind(-1)
        margin = 1 / (2 * experts)
        centre = torch.linspace(margin, 1 - margin, experts) + margin * shift.tanh()
        deviation = width.sigmoid().clamp(min=NARROWEST) * WIDEST
        curve = torch.exp(-((torch.linspace(0, 1, time)[:, None] - centre[:, None]) ** 2) / (2 * deviation[:, None] ** 2))
        return curve / curve.amax(1, keepdim=True)

    def load(self, given, name):
        given.attention(self.attention, f'{name}.attention')
        given.linear(self.router, f'{name}.router')
        given.linear(self.gaussians, f'{name}.gaussians')
        given.experts(self.experts, name)


class QaTiger(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        dim, heads, joint = model['dim'], model['heads'], sizes['joint']
        self.frames, self.regions, self.words, self.sentence = (nn.Linear(joint, dim) for _ in range(4))
        self.audio, self.cross, self.patches = nn.Linear(sizes['audioDim'], dim), Fusion(dim, heads, 'self', 'other', 'words'), FramePatches(dim, heads)
        self.audio_experts, self.visual_experts = (Experts(dim, heads, model['experts'], model['kept']) for _ in range(2))
        names = ('patches.audioNorm', 'patches.framesNorm', 'audioNorm', 'patchesOfAudioNorm', 'patchesOfFramesNorm', 'grounding.norm')
        self.norms = nn.ModuleDict({name.replace('.', '/'): nn.LayerNorm(dim) for name in names})
        self.grounding, self.grounding_map = attention(dim, heads), mlp(dim, dim // 2, dim)
        self.answer = nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        sound, picture, question = self.audio(batch['audio']), self.frames(batch['frames']), self.sentence(batch['sentence'])
        words, absent = self.words(batch['words']), {'words': batch['wordMask'] == 0}
        heard = self.cross(sound, {'self': sound, 'other': picture, 'words': words}, absent)
        seen = self.cross(picture, {'self': picture, 'other': sound, 'words': words}, absent)
        by_sound, by_frames = self.patches(self.regions(batch['regions']), heard, seen)
        by_sound, by_frames = self.norms['patches/audioNorm'](by_sound), self.norms['patches/framesNorm'](by_frames)
        (sounds,) = self.audio_experts(question, heard, heard)
        of_sound, of_frames = self.visual_experts(question, seen, seen + by_sound, seen + by_frames)
        fused = self.ground(question, self.norms['patchesOfAudioNorm'](of_sound), self.norms['patchesOfFramesNorm'](of_frames))
        fused = self.ground(question, fused, self.norms['audioNorm'](sounds))
        return self.answer(F.relu(fused)), None, None

    def ground(self, question, *tokens):
        tokens = torch.stack(tokens, 1)
        return self.norms['grounding/norm'](tokens.mean(1) + self.grounding_map(looked_at(self.grounding, question, tokens)))

    def load(self, given):
        for name in ('audio', 'frames', 'regions', 'words', 'sentence', 'answer'):
            given.linear(getattr(self, name), name)
        self.cross.load(given, 'cross')
        self.patches.load(given, 'patches')
        self.audio_experts.load(given, 'audioExperts')
        self.visual_experts.load(given, 'visualExperts')
        for name, norm in self.norms.items():
            given.norm(norm, name.replace('/', '.'))
        given.attention(self.grounding, 'grounding.attention')
        given.linears(self.grounding_map, 'grounding.map.hidden', 'grounding.map.output')
