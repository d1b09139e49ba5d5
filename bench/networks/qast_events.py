"""The parts by which QAST follows what happens in a video, as packages/baselines/src/qast says them. Events: [batch, time, dim]."""
import math

import torch
from torch import nn
from torch.nn import functional as F

from layers import largest, mlp

KERNELS = (3, 7, 15)


def normed(width, to):
    return nn.Sequential(nn.LayerNorm(width), nn.Linear(width, to))


def load_normed(given, layer, name):
    given.norm(layer[0], f'{name}.norm')
    given.linear(layer[1], f'{name}.map')


def change(x):
    """From the second before, 0 in the first one; x [batch, time, ...]."""
    return torch.cat([torch.zeros_like(x[:, :1]), x[:, 1:] - x[:, :-1]], 1)


def standardised(x):
    return (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, unbiased=False) + 1e-5).sqrt()


class Router(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.candidates = nn.ModuleDict({name: normed(dim, dim) for name in ('frames', 'motion', 'sound', 'onset')})
        self.weights = nn.Sequential(nn.LayerNorm(dim), *mlp(dim, dim, 4, activation=nn.GELU))
        self.further = nn.Sequential(nn.LayerNorm(dim), *mlp(dim, 2 * dim, dim, activation=nn.GELU))

    def forward(self, picture, sound, question):
        agreement = F.cosine_similarity(sound, picture, dim=-1).sigmoid()[..., None]
        given = {'frames': picture, 'motion': change(picture), 'sound': sound, 'onset': change(sound) * agreement}
        shares = self.weights(question).softmax(-1)[:, :, None, None]
        events = (shares * torch.stack([self.candidates[name](x) for name, x in given.items()], 1)).sum(1)
        return events + self.further(events)

    def load(self, given, name):
        for candidate, layer in self.candidates.items():
            load_normed(given, layer, f'{name}.{candidate}')
        given.norm(self.weights[0], f'{name}.norm')
        given.linears(self.weights, f'{name}.weights.hidden', f'{name}.weights.output')
        given.norm(self.further[0], f'{name}.furtherNorm')
        given.linears(self.further, f'{name}.further.hidden', f'{name}.further.output')


class Patches(nn.Module):
    def __init__(self, dim, kept):
        super().__init__()
        self.kept, self.key = kept, nn.Linear(dim, dim, bias=False)
        self.sound, self.question, self.value, self.mix = *(nn.Linear(dim, dim) for _ in range(3)), normed(dim, 3)
        self.further, self.norm = normed(dim, dim), nn.LayerNorm(dim)

    def forward(self, events, patches, sound, question):
        """patches [batch, time, patches, dim] -> events, and what is seen of the kept patches [batch, time, dim]."""
        keys, root = self.key(patches), math.sqrt(patches.shape[-1])
        by_sound = (keys @ self.sound(sound)[..., None])[..., 0] / root
        by_question = (keys @ self.question(question)[:, None, :, None])[..., 0] / root
        mix = self.mix(question).softmax(-1)[:, None, None]
        scores = (change(patches).norm(dim=-1), by_sound, by_question)
        soft = sum(mix[..., i] * standardised(score) for i, score in enumerate(scores)).softmax(-1)
        hard = torch.zeros_like(soft).scatter(-1, largest(soft, self.kept), 1.0)
        shares = (hard + soft - soft.detach()) * soft
        seen = ((shares / shares.sum(-1, keepdim=True))[:, :, None] @ self.value(patches))[:, :, 0]
        seen = seen + self.further(seen)
        return self.norm(events + seen), seen

    def load(self, given, name):
        for part in ('key', 'sound', 'question', 'value'):
            given.linear(getattr(self, part), f'{name}.{part}')
        load_normed(given, self.mix, f'{name}.mix')
        load_normed(given, self.further, f'{name}.further')
        given.norm(self.norm, f'{name}.norm')


class Memory(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.convolutions = nn.ModuleList(nn.Conv1d(dim, dim, kernel, padding=kernel // 2, groups=dim) for kernel in KERNELS)
        self.maps, self.queries = (nn.ModuleList(nn.Linear(dim, dim) for _ in KERNELS) for _ in range(2))
        self.mix, self.norm = normed(dim, 3), nn.LayerNorm(dim)

    def forward(self, events, question):
        """Events, and a token for each length of context [batch, contexts, dim]."""
        wide = [F.gelu(convolution(events.transpose(1, 2))).transpose(1, 2) for convolution in self.convolutions]
        branches = torch.stack([layer(x) for layer, x in zip(self.maps, wide)], 1)  # [batch, contexts, time, dim]
        queries = torch.stack([query(question) for query in self.queries], 1)
        looks = (branches @ queries[..., None])[..., 0] / math.sqrt(events.shape[-1])
        tokens = (looks.softmax(-1)[:, :, None] @ branches)[:, :, 0]
        mixed = (self.mix(question).softmax(-1)[:, :, None, None] * branches).sum(1)
        return self.norm(events + mixed), tokens

    def load(self, given, name):
        for kernel, convolution, layer, query in zip(KERNELS, self.convolutions, self.maps, self.queries):
            own = f'{name}.branches.{kernel}'
            convolution.weight.copy_(given[f'{own}.convolution.kernel'].T[:, None])
            convolution.bias.copy_(given[f'{own}.convolution.bias'])
            given.linear(layer, f'{own}.map')
            given.linear(query, f'{own}.query')
        load_normed(given, self.mix, f'{name}.mix')
        given.norm(self.norm, f'{name}.norm')


class Positions(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.loudness, self.motion, self.curves, self.question = nn.Linear(1, dim), nn.Linear(1, dim), nn.Linear(9, dim), nn.Linear(dim, dim)
        self.map, self.norm = mlp(4 * dim, 2 * dim, dim, activation=nn.GELU), nn.LayerNorm(dim)
        self.gate, self.strength = nn.Linear(dim, 1), normed(dim, 1)

    def forward(self, events, picture, sound, question):
        """Events, and how strong their positions are [batch]."""
        loud, moving = standardised(sound.norm(dim=-1)), standardised(change(picture).norm(dim=-1))
        parts = [self.loudness(loud[..., None]), self.motion(moving[..., None]), self.curves(self.given(loud, moving))]
        parts.append(self.question(question)[:, None].expand_as(events))
        position = self.norm(self.map(torch.cat(parts, -1)))
        position = position / (position.square().mean(-1, keepdim=True) + 1e-6).sqrt()
        position = position * (0.25 + 0.75 * self.gate(position).sigmoid())
        strength = 0.05 + 0.05 * self.strength(question)[:, 0].sigmoid()
        size = strength * events.norm(dim=-1).mean(-1) / (position.norm(dim=-1).mean(-1) + 1e-6)
        return events + position * size[:, None, None], strength

    def given(self, loud, moving):
        """Nine curves in time: [batch, time, 9]."""
        time = loud.shape[1]
        t, counts = torch.linspace(0, 1, time).expand_as(loud), torch.arange(1, time + 1)
        both = loud.sigmoid() * moving.sigmoid()
        running = [x.cumsum(1) / counts for x in (loud.sigmoid(), moving.sigmoid(), 1 - both)]
        rising = [F.relu(change(x)) for x in (loud, moving)]
        return torch.stack([t, (math.pi * t).sin(), (math.pi * t).cos(), *rising, *running[:2], both, running[2]], -1)

    def load(self, given, name):
        for part in ('loudness', 'motion', 'curves', 'question', 'gate'):
            given.linear(getattr(self, part), f'{name}.{part}')
        given.linears(self.map, f'{name}.map.hidden', f'{name}.map.output')
        given.norm(self.norm, f'{name}.norm')
        load_normed(given, self.strength, f'{name}.strength')
