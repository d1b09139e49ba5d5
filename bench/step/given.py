"""Parameters of a case, put into PyTorch's own layers. Names are those of packages/; matrices there are [from, to]."""
import torch
from torch import nn


class Given:
    def __init__(self, tensors):
        self.tensors = tensors

    def __getitem__(self, name):
        return self.tensors[name]

    def linear(self, layer, *names):
        """Several names: parts of one matrix, by what comes in."""
        layer.weight.copy_(torch.cat([self[f'{name}.weight'] for name in names]).T)
        if layer.bias is not None:
            layer.bias.copy_(self[f'{names[0]}.bias'])

    def linears(self, sequence, *names):
        """The linear layers of nn.Sequential in their order; a name may be several parts."""
        for layer, name in zip([layer for layer in sequence if isinstance(layer, nn.Linear)], names, strict=True):
            self.linear(layer, *([name] if isinstance(name, str) else name))

    def norm(self, layer, name):
        layer.weight.copy_(self[f'{name}.gain'])
        layer.bias.copy_(self[f'{name}.bias'])

    def attention(self, layer, name):
        """Keys have no bias there: one would change no weight."""
        self.attention_weights(layer, name)
        width = layer.embed_dim
        layer.in_proj_weight[2 * width :] = self[f'{name}.value.weight'].T
        layer.in_proj_bias[2 * width :] = self[f'{name}.value.bias']
        self.linear(layer.out_proj, f'{name}.output')

    def attention_weights(self, layer, name):
        """Of an attention whose weights alone are read: queries and keys."""
        width = layer.embed_dim
        layer.in_proj_weight[: 2 * width] = torch.cat([self[f'{name}.{part}.weight'].T for part in ('query', 'key')])
        layer.in_proj_bias.zero_()
        layer.in_proj_bias[:width] = self[f'{name}.query.bias']

    def experts(self, experts, name):
        """Pairs of layers, whose matrices are held in one, expert by expert."""
        inside = experts[0][0].out_features
        for e, (hidden, _, output) in enumerate(experts):
            rows = slice(e * inside, (e + 1) * inside)
            hidden.weight.copy_(self[f'{name}.hidden.weight'][:, rows].T)
            hidden.bias.copy_(self[f'{name}.hidden.bias'][rows])
            output.weight.copy_(self[f'{name}.output.weight'][rows].T)
            output.bias.copy_(self[f'{name}.outputBias'][e])

    def lstm(self, layer, name):
        """PyTorch's second bias stays 0: two that learn are one that learns twice as fast."""
        directions = {f'{name}.forward': '', f'{name}.backward': '_reverse'} if layer.bidirectional else {name: ''}
        for ours, theirs in directions.items():
            for part, source in (('weight_ih', 'input'), ('weight_hh', 'recurrent')):
                getattr(layer, f'{part}_l0{theirs}').copy_(self[f'{ours}.{source}'].T)
            getattr(layer, f'bias_ih_l0{theirs}').copy_(self[f'{ours}.bias'])
            getattr(layer, f'bias_hh_l0{theirs}').zero_().requires_grad_(False)
