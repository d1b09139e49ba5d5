"""The network of peer.py with the rewrites of packages/tass given to PyTorch: the same parameters and losses from fewer products.

python peer_rewritten.py <folder of the case> <steps>    prints the losses of the first steps and how long each step took, in milliseconds

- Regions meet all their queries (text and sound, matched and mismatched) in one product, and both pooled regions come from another.
  A region's length divides its relevance, so regions are read as they are, and lengths are taken once.
- Attention of one query: the key weights are folded into the query, and the value weights are applied to the weighted sum: no keys, no values.
- The visual projection and the first layer of the match head are split in two, so that frames and sounds are multiplied once.
- The two streams stand end to end instead of interleaved: attention does not see the order of positions.
- Adam is PyTorch's fused one. Self-attention and LSTM of the temporal context stay PyTorch's own.
"""
import torch
from torch.nn import functional as F

from case import EPSILON, run
from peer import GREATEST_TEXT_SCALE, Tass, build


class Rewritten(Tass):
    def forward(self, batch):
        sentence, words, mask = batch['sentence'][:, 0], batch['words'][:, 0], batch['wordMask'][:, 0]
        q = self.sentence(sentence)
        audio = self.audio_output(F.relu(self.audio_hidden(batch['audio'])))
        visual, mismatched = self.ground_both(batch['regions'], batch['frames'], self.find_target(sentence, words, mask), self.audio_in_joint(audio))
        seen, heard = self.in_context('visual', visual), self.in_context('audio', audio)
        places = self.modality_embedding[:, None] + self.time_embedding
        stream = torch.cat([seen + places[0], heard + places[1]], 1)
        attended, weights = self.attend(q, stream)
        fused = self.norm(attended + self.output(F.relu(self.hidden(attended))))
        summary = torch.tanh(torch.cat([heard.mean(1), seen.mean(1)], -1))
        logits = self.answer(torch.tanh((self.merge(summary) + fused) * q))
        halves = [half / (half.sum(-1, keepdim=True) + EPSILON) for half in weights.chunk(2, -1)]
        return logits, halves, self.match_both(audio, visual, mismatched)

    def find_target(self, sentence, words, mask):
        scores = folded(self.target_query(sentence), self.target_key.weight, self.heads) @ words.transpose(1, 2)
        weights = scores.masked_fill((mask == 0)[:, None], -1e9).softmax(-1).mean(1)
        return (weights[:, None] @ words)[:, 0]

    def ground_both(self, regions, frames, target, sound):
        """regions [videos, time, regions, joint]; target [videos, joint]; sound [videos, time, joint] -> matched and mismatched segments."""
        by_text = F.normalize(target, dim=-1) * self.text_scale.clamp(max=GREATEST_TEXT_SCALE).exp()
        by_sound = F.normalize(sound, dim=-1) * self.audio_scale.exp()
        queries = torch.stack([by_text[:, None].expand_as(by_sound), by_sound], 2)
        queries = torch.cat([queries, queries.roll(1, 0)], 2)  # [videos, time, 4, joint]
        scores = queries @ regions.transpose(2, 3) / torch.linalg.vector_norm(regions, dim=-1)[:, :, None]
        shares = scores.softmax(-1).unflatten(2, (2, 2)).mean(3)  # [videos, time, 2, regions]
        kept = (shares >= self.threshold / shares.shape[-1]) | (shares == shares.amax(-1, keepdim=True))
        left = torch.where(kept, shares, 0)
        pooled = (left / left.sum(-1, keepdim=True)) @ regions  # [videos, time, 2, joint]
        of_frame, of_grounded = self.visual.weight.split(frames.shape[-1], 1)
        from_frame = F.linear(torch.tanh(frames), of_frame, self.visual.bias)
        return (from_frame[:, :, None] + F.linear(torch.tanh(pooled), of_grounded)).unbind(2)

    def attend(self, query, stream):
        of_query, of_key, of_value = self.attention.in_proj_weight.chunk(3)
        query_bias, _, value_bias = self.attention.in_proj_bias.chunk(3)  # a bias of keys adds the same to all scores
        weights = (folded(F.linear(query, of_query, query_bias), of_key, self.heads) @ stream.transpose(1, 2)).softmax(-1)
        sums = (weights @ stream).transpose(0, 1)  # [heads, rows, dim]
        values = (sums @ of_value.unflatten(0, (self.heads, -1)).transpose(1, 2)).transpose(0, 1).flatten(1)
        return self.attention.out_proj(values + value_bias), weights.mean(1)

    def match_both(self, audio, visual, mismatched):
        first, *rest = self.match
        of_audio, of_visual = first.weight.split(audio.shape[-1], 1)
        heard = F.linear(audio, of_audio, first.bias)
        pairs = F.linear(torch.cat([visual, mismatched]), of_visual) + torch.cat([heard, heard.roll(1, 0)])
        for layer in rest:
            pairs = layer(pairs)
        return pairs


def folded(query, of_key, heads):
    """query [rows, dim], of_key [dim, from] -> the query by head in the space of what it meets, scaled: [rows, heads, from]."""
    by_head = query.unflatten(1, (heads, -1)).transpose(0, 1)
    return (by_head @ of_key.unflatten(0, (heads, -1))).transpose(0, 1) * (query.shape[1] / heads) ** -0.5


if __name__ == '__main__':
    run(lambda case: build(case, Rewritten), fused=True)
