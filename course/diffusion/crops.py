"""Squares cut from photographs, none of which the model has learned from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from course.diffusion.denoiser import LABELS, MODEL, SIDE


@dataclass(frozen=True)
class HeldBack:
    """Squares that a camera took and that were held back from training.

    Attributes
    ----------
    pictures : (n, SIDE, SIDE, 3) uint8
        RGB. Not writable.
    labels : tuple of str
        What each shows, one of `LABELS`.
    photographs : tuple of str
        Which photograph each was cut from: package and file.
    """

    pictures: np.ndarray
    labels: tuple[str, ...]
    photographs: tuple[str, ...]

    def of(self, label: str) -> np.ndarray:
        """Return the squares of a label, (m, SIDE, SIDE, 3) uint8."""
        return self.pictures[[one == label for one in self.labels]]


@cache
def held_back() -> HeldBack:
    """Return the squares that were held back; ``data/models/denoiser/held_back.py`` chose them.

    Examples
    --------
    >>> squares = held_back()
    >>> squares.pictures.shape[1:], squares.of("leaf").shape[0] * len(LABELS) == len(squares.labels)
    ((32, 32, 3), True)
    """
    raw = np.frombuffer(MODEL.with_name("held-back.png").read_bytes(), dtype=np.uint8)
    sheet = cv2.cvtColor(cv2.imdecode(raw, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    named = tomllib.loads(MODEL.with_name("held-back.toml").read_text(encoding="utf-8"))
    pictures = [
        sheet[row * SIDE : (row + 1) * SIDE, column * SIDE : (column + 1) * SIDE]
        for row, label in enumerate(LABELS)
        for column in range(len(named[label]))
    ]
    together = np.stack(pictures)
    together.setflags(write=False)
    return HeldBack(
        together,
        tuple(label for label in LABELS for _ in named[label]),
        tuple(photograph for label in LABELS for photograph in named[label]),
    )
