"""What PSTP, TSPM, QA-TIGER, QAST and CueSpace have in common: layers in which tokens look at streams, and readings of patches and streams."""
import torch
from torch import nn


def mlp(*widths, activation=nn.ReLU):
    """Linear layers between the widths, with an activation between two of them."""
    layers = [layer for width in zip(widths, widths[1:]) for layer in (nn.Linear(*width), activation())]
    return nn.Sequential(*layers[:-1])


def attention(dim, heads):
    return nn.MultiheadAttention(dim, heads, batch_first=True)


def look(layer, query, stream, absent=None):
    """query [batch, queries, dim], stream [batch, positions, dim], absent [batch, positions], true at padding -> [batch, queries, dim]."""
    return layer(query, stream, stream, key_padding_mask=absent, need_weights=False)[0]


def looked_at(layer, query, stream):
    """As `look`, for one query of each row: query [batch, dim] -> [batch, dim]."""
    return look(layer, query[:, None], stream)[:, 0]


def shares(layer, query, stream):
    """How much one query of each row looks at each position, the mean over heads: query [batch, dim] -> [batch, positions]."""
    return layer(query[:, None], stream, stream)[1][:, 0]


def largest(scores, count):
    """Where the `count` largest of each row are, in the order of their places."""
    return scores.topk(count, -1).indices.sort(-1).values


def taken(x, places):
    """x [batch, positions, ...] at places [batch, count]."""
    return x[torch.arange(len(x))[:, None], places]


class Fusion(nn.Module):
    """x looks at streams, each by an attention of its own, then a feed-forward; a norm after both."""

    def __init__(self, dim, heads, *streams):
        super().__init__()
        self.looks = nn.ModuleDict({name: attention(dim, heads) for name in streams})
        self.norm, self.feed_forward, self.feed_forward_norm = nn.LayerNorm(dim), mlp(dim, dim, dim), nn.LayerNorm(dim)

    def forward(self, x, streams, absent=None):
        """By the names of the streams; `absent`: of those that have padding."""
        absent = absent or {}
        looks = sum(look(self.looks[name], x, stream, absent.get(name)) for name, stream in streams.items())
        x = self.norm(x + looks)
        return self.feed_forward_norm(x + self.feed_forward(x))

    def load(self, given, name):
        for stream, layer in self.looks.items():
            given.attention(layer, f'{name}.attention.{stream}')
        given.norm(self.norm, f'{name}.norm')
        given.linears(self.feed_forward, f'{name}.feedForward.hidden', f'{name}.feedForward.output')
        given.norm(self.feed_forward_norm, f'{name}.feedForwardNorm')


class FramePatches(nn.Module):
    """The patches of a second look at each other; then what happens in it looks at them."""

    def __init__(self, dim, heads):
        super().__init__()
        self.mix, self.look, self.map = attention(dim, heads), attention(dim, heads), mlp(dim, dim // 2, dim)

    def forward(self, patches, *streams):
        """patches [batch, time, patches, dim], streams [batch, time, dim] -> of each of the streams [batch, time, dim]."""
        batch, time = patches.shape[:2]
        patches = patches.flatten(0, 1)
        patches = patches + look(self.mix, patches, patches)
        queries = torch.stack(streams, 2).flatten(0, 1)
        return self.map(look(self.look, queries, patches)).view(batch, time, len(streams), -1).unbind(2)

    def load(self, given, name):
        given.attention(self.mix, f'{name}.self')
        given.attention(self.look, f'{name}.attention')
        given.linears(self.map, f'{name}.map.hidden', f'{name}.map.output')
