"""The network that learns to take noise out of small pictures: a U-Net (Ronneberger et al., 2015) as DDPM uses it.

It needs PyTorch, and only `train.py` and `export.py` import it. The course runs the exported file without PyTorch.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from course.diffusion import LABELS, TIME_FEATURES, time_features


class Block(nn.Module):
    """Two convolutions round which the input is carried past; the condition shifts and scales in between.

    Shapes: ``(n, before, h, w)`` and a condition ``(n, condition)`` give ``(n, after, h, w)``.
    """

    def __init__(self, before: int, after: int, condition: int) -> None:
        super().__init__()
        self.first = nn.Sequential(nn.GroupNorm(8, before), nn.SiLU(), nn.Conv2d(before, after, 3, padding=1))
        self.shift = nn.Linear(condition, 2 * after)
        self.norm = nn.GroupNorm(8, after)
        self.second = nn.Sequential(nn.SiLU(), nn.Conv2d(after, after, 3, padding=1))
        self.past = nn.Conv2d(before, after, 1) if before != after else nn.Identity()
        # A block that changes nothing at first: training a deep net starts steadier so (Ho et al., 2020).
        nn.init.zeros_(self.second[1].weight)
        nn.init.zeros_(self.second[1].bias)

    def forward(self, picture: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.shift(condition)[:, :, None, None].chunk(2, dim=1)
        return self.past(picture) + self.second(self.norm(self.first(picture)) * (1 + scale) + shift)


class Denoiser(nn.Module):
    """Predict `v` (Salimans and Ho, 2022) from a noisy picture, the amount of noise and a label.

    Parameters
    ----------
    labels
        How many labels there are; one more stands for "no label".
    widths
        Channels at 16 x 16, 8 x 8 ... places; multiples of 8.

    Notes
    -----
    Input: ``(n, 3, 32, 32)`` pictures with values of about -1 to 1 and noise of deviation 1 mixed in, ``(n,
    TIME_FEATURES)`` and ``(n, labels + 1)`` with a single 1 in each row, all float32. Output: like the pictures.

    Each square of 2 x 2 pixels enters as one place with 12 numbers: quicker than working at 32 x 32, which on a
    processor without a graphics card decides how much can be learned in an evening.
    """

    def __init__(self, labels: int, widths: tuple[int, ...] = (64, 128)) -> None:
        super().__init__()
        condition = 4 * widths[0]
        self.time = nn.Sequential(nn.Linear(TIME_FEATURES, condition), nn.SiLU(), nn.Linear(condition, condition))
        self.label = nn.Linear(labels + 1, condition, bias=False)
        self.enter = nn.Sequential(nn.PixelUnshuffle(2), nn.Conv2d(12, widths[0], 3, padding=1))
        self.down, self.shrink = nn.ModuleList(), nn.ModuleList()
        self.grow, self.up = nn.ModuleList(), nn.ModuleList()
        for level, width in enumerate(widths):
            before = widths[max(level - 1, 0)]
            self.shrink.append(nn.Conv2d(before, before, 3, stride=2, padding=1) if level else nn.Identity())
            self.down.append(nn.ModuleList([Block(before, width, condition), Block(width, width, condition)]))
        self.middle = nn.ModuleList([Block(widths[-1], widths[-1], condition) for _ in range(2)])
        for level, width in reversed(list(enumerate(widths))):
            after = widths[max(level - 1, 0)]
            self.up.append(nn.ModuleList([Block(2 * width, width, condition), Block(2 * width, width, condition)]))
            self.grow.append(
                nn.Sequential(nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv2d(width, after, 3, padding=1))
                if level
                else nn.Identity()
            )
        last = nn.Conv2d(widths[0], 12, 3, padding=1)
        self.leave = nn.Sequential(nn.GroupNorm(8, widths[0]), nn.SiLU(), last, nn.PixelShuffle(2))

    def forward(self, picture: Tensor, time: Tensor, label: Tensor) -> Tensor:
        condition = nn.functional.silu(self.time(time) + self.label(label))
        now, kept = self.enter(picture), []
        for shrink, blocks in zip(self.shrink, self.down, strict=True):
            now = shrink(now)
            for block in blocks:
                now = block(now, condition)
                kept.append(now)
        for block in self.middle:
            now = block(now, condition)
        for grow, blocks in zip(self.grow, self.up, strict=True):
            for block in blocks:
                now = block(torch.cat([now, kept.pop()], dim=1), condition)
            now = grow(now)
        return self.leave(now)

    @torch.no_grad()
    def predict(self, noisy: np.ndarray, time: float, label: str | None) -> np.ndarray:
        """Answer for one picture, arrays in and out, as `course.diffusion.sample` asks for it."""
        wanted = one_hot(torch.tensor([len(LABELS) if label is None else LABELS.index(label)]))
        picture = torch.from_numpy(np.ascontiguousarray(noisy.transpose(2, 0, 1)))[None]
        return self(picture, torch.from_numpy(time_features(time))[None], wanted)[0].numpy().transpose(1, 2, 0)


def one_hot(labels: Tensor) -> Tensor:
    """Return labels, (n,) integers, as rows with a single 1; the number after the last one is "no label"."""
    return torch.nn.functional.one_hot(labels, len(LABELS) + 1).float()
