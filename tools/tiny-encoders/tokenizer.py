"""A word-level tokenizer over the corpus's captions and questions, in the form that AutoTokenizer reads."""
from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from corpus import Corpus

PAD, UNKNOWN, BEGIN, END = "<pad>", "<unk>", "<bos>", "<eos>"
MAX_TOKENS = 48


def make_tokenizer(corpus: Corpus) -> Tokenizer:
    """Lower case, split at blanks and around punctuation, one token a word.

    The end token has the highest id, so that both of CLIP's ways to find it (arg-max of the ids, first end token) agree.
    """
    normalizer = normalizers.Lowercase()
    splitter = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex("[,.:;!?]"), "isolated")])
    texts = [*corpus.questions, *(caption for label in corpus.frame_labels for caption in label.captions)]
    words = {word for text in set(texts) for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))}
    tokens = [PAD, UNKNOWN, BEGIN, *sorted(words), END]
    tokenizer = Tokenizer(models.WordLevel({token: id for id, token in enumerate(tokens)}, unk_token=UNKNOWN))
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = splitter
    special = [(token, tokenizer.token_to_id(token)) for token in (BEGIN, END)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{BEGIN} $A {END}", special_tokens=special)
    tokenizer.add_special_tokens([PAD, UNKNOWN, BEGIN, END])
    return tokenizer


def read_tokenizer(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))


def encode(tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """Token ids [texts, tokens], padded to the longest."""
    return pad_ids([each.ids for each in tokenizer.encode_batch(texts)])


def pad_ids(rows: list[list[int]]) -> torch.Tensor:
    """Rows of token ids as one tensor [rows, tokens], filled up with the padding token's id, 0."""
    ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
    for row, tokens in zip(ids, rows):
        row[: len(tokens)] = torch.tensor(tokens)
    return ids


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json as the model hub has them."""
    special = {"bos_token": BEGIN, "eos_token": END, "pad_token": PAD, "unk_token": UNKNOWN}
    config = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": MAX_TOKENS, **special}
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
