"""QAST-EHR as it is reported, as packages/baselines/src/networks/qast.ts says it."""
import torch
from torch import nn
from torch.nn import functional as F

from layers import attention, largest, looked_at, mlp, taken
from qast_events import Memory, Patches, Positions, Router, change

RISING_EPOCHS = 3


class Qast(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        if model['semantic'] != 'mean':
            raise ValueError(f"bench: qast has model.semantic={model['semantic']}, expected mean")
        dim, heads, joint = model['dim'], model['heads'], sizes['joint']
        self.frames, self.regions, self.sentence, self.prompt = (nn.Linear(joint, dim) for _ in range(4))
        self.audio, self.router, self.patches = nn.Linear(sizes['audioDim'], dim), Router(dim), Patches(dim, model['patches'])
        self.memory, self.positions = Memory(dim), Positions(dim)
        self.context, self.context_norm = attention(dim, heads), nn.LayerNorm(dim)
        self.queries, self.asked = nn.Parameter(torch.zeros(model['readers'], dim)), nn.Sequential(nn.LayerNorm(2 * dim), *mlp(2 * dim, dim, dim, activation=nn.GELU))
        self.reader, self.read_norm, self.read_map = attention(dim, heads), nn.LayerNorm(dim), mlp(dim, 2 * dim, dim, activation=nn.GELU)
        self.weights = nn.Sequential(nn.LayerNorm(2 * dim), *mlp(2 * dim, dim, 4, activation=nn.GELU))
        self.norm, self.fuse = nn.LayerNorm(dim), mlp(dim, 2 * dim, dim, activation=nn.GELU)
        self.fuse_norm, self.answer = nn.LayerNorm(dim), nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        sound, picture, patches = self.audio(batch['audio']), self.frames(batch['frames']), self.regions(batch['regions'])
        asked, prompt = self.sentence(batch['sentence']), self.prompt(batch['prompt'])
        events = self.router(picture, sound, asked)
        events, seen = self.patches(events, patches, sound, asked)
        events, memory = self.memory(events, asked)
        events, strength = self.positions(events, picture, sound, asked)
        question = self.context_norm(asked + looked_at(self.context, asked, torch.cat([sound, picture, events], 1)))
        read, importance = self.read(events, question, prompt)
        pooled = [(importance[:, None] @ x)[:, 0] for x in (sound, picture, seen)]
        logits = self.answers(question, torch.cat([question[:, None], prompt[:, None], memory, read], 1).mean(1), *pooled)
        rest = taken(events, largest(-importance, max(1, events.shape[1] // 4))).mean(1)
        losses = self.losses(question, pooled, events, memory, strength, logits - self.answers(question, rest, *pooled), batch)
        return logits, None, None, losses

    def read(self, events, question, prompt):
        """What the readers read [batch, readers, dim], and the importance of each second [batch, time]."""
        queries = self.queries + self.asked(torch.cat([question, prompt], -1))[:, None]
        output, weights = self.reader(queries, events, events)
        read = self.read_norm(output)
        return self.read_norm(read + self.read_map(read)), weights.mean(1)

    def answers(self, question, meant, sound, picture, patches):
        shares = self.weights(torch.cat([question, meant], -1)).softmax(-1)
        mixed = (shares[:, None] @ torch.stack([sound, picture, meant, patches], 1))[:, 0]
        return self.answer(self.fuse_norm(self.fuse(self.norm(mixed + question))))

    def losses(self, question, pooled, events, memory, strength, surplus, batch):
        """Those of the first epoch, by their names. `surplus` [batch, answers]: of the scores over those by the seconds of least importance."""
        sound, picture, patches = pooled
        rise = 1 / RISING_EPOCHS
        surplus = surplus.gather(1, batch['answers'][:, None])
        return {
            'audioVisual': rise * F.mse_loss(F.normalize(sound, dim=-1), F.normalize(picture, dim=-1)),
            'questionPatches': rise * (1 - F.cosine_similarity(question, patches, dim=-1)).mean(),
            'events': change(events).square().mean() + likeness(memory).mean(),
            'counterfactual': F.relu(0.2 - surplus).mean(),
            'diversity': likeness(self.queries),
            'strength': (F.relu(0.06 - strength) + F.relu(strength - 0.08)).mean(),
        }

    def load(self, given):
        for name in ('audio', 'frames', 'regions', 'sentence', 'prompt'):
            given.linear(getattr(self, name), name)
        for name in ('router', 'patches', 'memory', 'positions'):
            getattr(self, name).load(given, name)
        given.attention(self.context, 'context.attention')
        given.norm(self.context_norm, 'context.norm')
        self.queries.copy_(given['readers.queries'])
        given.norm(self.asked[0], 'readers.norm')
        given.linears(self.asked, 'readers.asked.hidden', 'readers.asked.output')
        given.attention(self.reader, 'readers.attention')
        given.norm(self.read_norm, 'readers.readNorm')
        given.linears(self.read_map, 'readers.feedForward.hidden', 'readers.feedForward.output')
        given.norm(self.weights[0], 'head.weightsNorm')
        given.linears(self.weights, 'head.weights.hidden', 'head.weights.output')
        given.norm(self.norm, 'head.norm')
        given.linears(self.fuse, 'head.fuse.hidden', 'head.fuse.output')
        given.norm(self.fuse_norm, 'head.fuseNorm')
        given.linear(self.answer, 'head.answer')


def likeness(vectors):
    """The mean of cosine^2 over pairs of different vectors: [..., vectors, dim] -> [...]."""
    unit, count = F.normalize(vectors, dim=-1), vectors.shape[-2]
    squares = (unit @ unit.transpose(-1, -2)).square() * (1 - torch.eye(count))
    return squares.sum((-2, -1)) / (count * (count - 1))
