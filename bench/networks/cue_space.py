"""CueSpace without patches of sound, as packages/baselines/src/networks/cue-space.ts says it."""
import torch
from torch import nn
from torch.nn import functional as F

from layers import FramePatches, Fusion, attention, look, looked_at, mlp

GROUPS = {'soundAndShared': ('sound', 'shared'), 'sharedAndPicture': ('shared', 'picture'), 'all': ('sound', 'picture', 'shared')}


class Experts(nn.Module):
    def __init__(self, dim, heads, experts, asked):
        super().__init__()
        self.attention = attention(dim, heads) if asked else None
        self.router, self.experts = nn.Linear(dim, experts), nn.ModuleList(mlp(dim, dim // 2, dim) for _ in range(experts))
        self.norms = nn.ModuleDict({name: nn.LayerNorm(dim) for name in ('first', 'second')})

    def forward(self, question, stream, values):
        """question [batch, dim], stream and values [batch, time, dim] -> [batch, time, dim]."""
        z = looked_at(self.attention, question, stream) if self.attention else stream.mean(1)
        shares = self.router(z).softmax(-1)
        mixed = (shares[:, None, :, None] * torch.stack([expert(values) for expert in self.experts], 2)).sum(2)
        return stream + (self.norms['first'](mixed) + self.norms['second'](mixed)) / 2

    def load(self, given, name):
        if self.attention:
            given.attention(self.attention, f'{name}.attention')
        given.linear(self.router, f'{name}.router')
        given.experts(self.experts, name)
        for norm, layer in self.norms.items():
            given.norm(layer, f'{name}.norms.{norm}')


class CueSpace(nn.Module):
    def __init__(self, sizes, model):
        super().__init__()
        if model['audioPatches']:
            raise ValueError('bench: cue-space has patches of sound, which the batch of the bench lacks. Expected model.audioPatches=false')
        dim, heads, joint = model['dim'], model['heads'], sizes['joint']
        self.frames, self.regions, self.words, self.sentence = (nn.Linear(joint, dim) for _ in range(4))
        self.audio, self.sentence_norm = nn.Linear(sizes['audioDim'], dim), nn.LayerNorm(dim)
        self.audio_layer, self.frames_layer = (Fusion(dim, heads, 'self', 'words') for _ in range(2))
        self.reader, self.reader_norm = FramePatches(dim, heads), nn.LayerNorm(dim)
        self.audio_experts, self.frames_experts = (Experts(dim, heads, model['experts'], asked=True) for _ in range(2))
        self.shared_experts, self.shared = Experts(dim, heads, model['experts'], asked=False), mlp(2 * dim, 4 * dim, dim)
        names = [f'{group}/{branch}' for group, branches in GROUPS.items() for branch in branches]
        self.slots = nn.ModuleDict({name: attention(dim, heads) for name in names})
        self.slot_norms = nn.ModuleDict({name: nn.LayerNorm(dim) for name in names})
        self.last, self.last_map, self.last_norm = attention(dim, heads), mlp(dim, dim // 2, dim), nn.LayerNorm(dim)
        self.answer = nn.Linear(dim, sizes['answers'])

    def forward(self, batch):
        sound, picture, words = self.audio(batch['audio']), self.frames(batch['frames']), self.words(batch['words'])
        question, absent = self.sentence_norm(self.sentence(batch['sentence'])), batch['wordMask'] == 0
        heard = self.audio_layer(sound, {'self': sound, 'words': words}, {'words': absent})
        seen = self.frames_layer(picture, {'self': picture, 'words': words}, {'words': absent})
        of_picture = self.reader_norm(self.reader(self.regions(batch['regions']), seen)[0])
        both = [self.shared_experts(question, sound, sound + of_picture), self.shared_experts(question, picture, picture)]
        branches = {
            'sound': self.audio_experts(question, heard, heard),
            'picture': self.frames_experts(question, seen, seen + of_picture),
            'shared': self.shared(torch.cat(both, -1)),
        }
        slots = torch.cat([self.filled(group, words, branches) for group in GROUPS], 1)
        read = look(self.last, question[:, None], slots, absent.repeat(1, len(GROUPS)))[:, 0]
        return self.answer(F.relu(self.last_norm(question + self.last_map(read)))), None, None

    def filled(self, group, slots, branches):
        for branch in GROUPS[group]:
            name = f'{group}/{branch}'
            slots = self.slot_norms[name](slots + look(self.slots[name], slots, branches[branch]))
        return slots

    def load(self, given):
        for name in ('audio', 'frames', 'regions', 'words', 'answer'):
            given.linear(getattr(self, name), name)
        given.linear(self.sentence, 'sentence.map')
        given.norm(self.sentence_norm, 'sentence.norm')
        self.audio_layer.load(given, 'audioLayer')
        self.frames_layer.load(given, 'framesLayer')
        self.reader.load(given, 'regionReader')
        given.norm(self.reader_norm, 'regionReader.norm')
        for layer, name in ((self.audio_experts, 'audioExperts'), (self.frames_experts, 'framesExperts'), (self.shared_experts, 'sharedExperts')):
            layer.load(given, name)
        given.linears(self.shared, 'shared.hidden', 'shared.output')
        for name in self.slots:
            given.attention(self.slots[name], f"slots.{name.replace('/', '.')}.attention")
            given.norm(self.slot_norms[name], f"slots.{name.replace('/', '.')}.norm")
        given.attention(self.last, 'reader.attention')
        given.linears(self.last_map, 'reader.map.hidden', 'reader.map.output')
        given.norm(self.last_norm, 'reader.norm')
