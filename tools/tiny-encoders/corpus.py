"""The training corpus that packages/mini-avqa writes: frames with captions, sounds with tags, question texts."""
from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

HELD_OUT_FRAMES = 1000
HELD_OUT_SOUNDS = 200


@dataclass(frozen=True)
class Instrument:
    """One instrument in a frame; centre and half size in pixels. Used for measuring only, never for training."""

    kind: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class FrameLabel:
    """What a frame shows and how it is described."""

    instruments: tuple[Instrument, ...]
    captions: tuple[str, ...]


@dataclass(frozen=True)
class SoundLabel:
    """What is heard in each second of a sound; the three lists stand beside each other."""

    kinds: tuple[tuple[str, ...], ...]
    levels: tuple[tuple[float, ...], ...]
    rates: tuple[tuple[int, ...], ...]


class Corpus:
    """A corpus folder. The last frames and sounds are held out: both frames of a scene lie on the same side."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        description = folder / "corpus.json"
        if not description.is_file():
            raise SystemExit(f"{description} is missing. Write the corpus first: node packages/mini-avqa/dist/corpus-main.js --out {folder}")
        self.description: dict[str, Any] = json.loads(description.read_text())
        self.kinds: list[str] = self.description["kinds"]
        self._expect_more("frames", HELD_OUT_FRAMES)
        self._expect_more("sounds", HELD_OUT_SOUNDS)

    def _expect_more(self, what: str, held_out: int) -> None:
        count = self.description[what]["count"]
        if count <= held_out:
            raise SystemExit(f"{self.folder}/corpus.json: {what}.count is {count}, expected more than the {held_out} that are held out")

    @cached_property
    def frames(self) -> np.ndarray:
        """RGB bytes [frames, height, width, 3], read from the disk as they are used."""
        return self._array("frames.u8", "u1", self.description["frames"]["shape"])

    @cached_property
    def sounds(self) -> np.ndarray:
        """16-bit samples [sounds, samples], read from the disk as they are used."""
        return self._array("sounds.i16", "<i2", self.description["sounds"]["shape"])

    @cached_property
    def frame_labels(self) -> list[FrameLabel]:
        return [
            FrameLabel(
                tuple(Instrument(each["kind"], each["x"], each["y"], each["size"]) for each in row["instruments"]),
                tuple(row["captions"]),
            )
            for row in self._rows("frames.jsonl")
        ]

    @cached_property
    def sound_labels(self) -> list[SoundLabel]:
        seconds = lambda rows: tuple(tuple(row) for row in rows)
        return [SoundLabel(seconds(row["kinds"]), seconds(row["levels"]), seconds(row["rates"])) for row in self._rows("sounds.jsonl")]

    @cached_property
    def questions(self) -> list[str]:
        return (self.folder / "questions.txt").read_text().splitlines()

    @property
    def training_frames(self) -> int:
        return len(self.frames) - HELD_OUT_FRAMES

    @property
    def training_sounds(self) -> int:
        return len(self.sounds) - HELD_OUT_SOUNDS

    @property
    def sample_rate(self) -> int:
        return self.description["sounds"]["sampleRate"]

    def _array(self, name: str, dtype: str, shape: list[int]) -> np.ndarray:
        file = self.folder / name
        expected = int(np.prod(shape)) * np.dtype(dtype).itemsize
        if file.stat().st_size != expected:
            raise SystemExit(f"{file}: has {file.stat().st_size} bytes, expected {expected} for {shape}. Write the corpus again")
        return np.memmap(file, dtype, "r", shape=tuple(shape))

    def _rows(self, name: str) -> list[dict[str, Any]]:
        with open(self.folder / name) as lines:
            return [json.loads(line) for line in lines]
