"""The denoiser itself, and the walk from noise to a picture that it takes one step at a time.

The network was trained for this course; its card is ``data/models/denoiser/README.md``. OpenCV runs it, so nothing
but OpenCV and numpy is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from course.diffusion.schedule import amounts, time_features
from course.errors import InputError

#: Width and height of the pictures the model makes, in pixels.
SIDE = 32
#: What the model can be asked for.
LABELS = ("sky", "water", "leaf", "petal", "stone")
#: Steps from noise to picture when nobody asks for another number.
STEPS = 25

Network = Callable[[np.ndarray, float, "str | None"], np.ndarray]
"""Noisy picture (SIDE, SIDE, 3) float32, time and label in; `v` of the same shape out."""

MODEL = Path(__file__).resolve().parents[2] / "data" / "models" / "denoiser" / "denoiser.onnx"


@dataclass(frozen=True)
class Sample:
    """A picture that came out of noise, and all that was on the way.

    Attributes
    ----------
    seed : int
        What the noise was drawn from.
    label : str or None
        What was asked for, None for nothing.
    times : tuple of float
        The time of each frame, from 1 down to 0.
    frames : (len(times), SIDE, SIDE, 3) uint8
        RGB. The first is noise alone, the last is the picture.
    guesses : (len(times) - 1, SIDE, SIDE, 3) uint8
        RGB. What the network held the finished picture to be, seeing only the frame of the same place.
    """

    seed: int
    label: str | None
    times: tuple[float, ...]
    frames: np.ndarray
    guesses: np.ndarray

    @property
    def picture(self) -> np.ndarray:
        """The last frame: (SIDE, SIDE, 3) uint8 RGB."""
        return self.frames[-1]


def to_values(picture: np.ndarray) -> np.ndarray:
    """Return a picture as the network sees it: float32, -1 (black) to 1 (white).

    Parameters
    ----------
    picture : (..., 3) uint8
        RGB.

    Raises
    ------
    ValueError
        It is not uint8 RGB.

    Examples
    --------
    >>> to_values(np.array([[[0, 255, 255]]], dtype=np.uint8)).tolist()
    [[[-1.0, 1.0, 1.0]]]
    """
    picture = np.asarray(picture)
    if picture.dtype != np.uint8 or picture.ndim < 3 or picture.shape[-1] != 3:
        raise InputError(f"a picture is uint8 with three colours last, not {picture.dtype} of shape {picture.shape}")
    return picture.astype(np.float32) / np.float32(127.5) - 1


def to_picture(values: np.ndarray) -> np.ndarray:
    """Return values as a picture that can be shown: uint8, what lies beyond black and white cut off.

    Examples
    --------
    >>> to_picture(np.array([[[-3.0, 0.0, 1.0]]])).tolist()
    [[[0, 128, 255]]]
    """
    return np.clip(np.rint((np.asarray(values) + 1) * 127.5), 0, 255).astype(np.uint8)


def pure_noise(seed: int, shape: tuple[int, ...] = (SIDE, SIDE, 3)) -> np.ndarray:
    """Return noise: numbers from a normal distribution of mean 0 and deviation 1, float32.

    Parameters
    ----------
    seed
        The same seed gives the same noise. 0 or more.
    shape
        Of the answer.

    Raises
    ------
    ValueError
        The seed is negative or no whole number.

    Examples
    --------
    >>> bool((pure_noise(7) == pure_noise(7)).all()), bool((pure_noise(7) == pure_noise(8)).all())
    (True, False)
    """
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise InputError(f"a seed is a whole number from 0 on, not {seed!r}")
    return np.random.default_rng(int(seed)).standard_normal(shape, dtype=np.float32)


def noise(picture: np.ndarray, time: float, seed: int = 0) -> np.ndarray:
    """Return a picture with noise in it: the forward process, which takes no network (Ho et al., 2020).

    Parameters
    ----------
    picture : (H, W, 3) uint8
        RGB, of any size.
    time
        0 (nothing happens) to 1 (nothing is left).
    seed
        Which noise.

    Returns
    -------
    values : (H, W, 3) float32
        `to_picture` makes them visible.

    Raises
    ------
    ValueError
        The picture is not uint8 RGB, or the time not from 0 to 1.

    Examples
    --------
    >>> grey = np.full((64, 64, 3), 200, dtype=np.uint8)
    >>> bool((to_picture(noise(grey, 0.0)) == grey).all())
    True
    >>> round(float(noise(grey, 1.0).std()), 1)
    1.0
    """
    signal, amount = amounts(time)
    values = to_values(picture)
    return np.float32(signal) * values + np.float32(amount) * pure_noise(seed, values.shape)


def denoise_step(
    noisy: np.ndarray, time: float, after: float, label: str | None = None, network: Network | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Take a little noise away: one step of the backward process.

    The network predicts `v` (Salimans and Ho, 2022). From it follow a guess of the finished picture and one of the
    noise; the two are mixed again with less noise. No new noise is drawn (DDIM: Song et al., 2021), so the same
    beginning always leads to the same end.

    Parameters
    ----------
    noisy : (SIDE, SIDE, 3) float32
        A picture with noise in it.
    time
        How noisy it is, above 0, at most 1.
    after
        How noisy it shall be, less than `time`.
    label
        What it shall become, one of `LABELS`; None leaves that to the network.
    network
        What predicts `v`; the course's own model unless another is given.

    Returns
    -------
    cleaner : (SIDE, SIDE, 3) float32
        The picture with less noise in it.
    guess : (SIDE, SIDE, 3) float32
        What the network holds the finished picture to be, -1 to 1.

    Raises
    ------
    ValueError
        The label is not known, the size is another one, or the times do not go down.

    Examples
    --------
    >>> cleaner, guess = denoise_step(pure_noise(1), 1.0, 0.9, "leaf")
    >>> cleaner.shape, bool(guess.std() < 1)
    ((32, 32, 3), True)
    """
    if label is not None and label not in LABELS:
        raise InputError(f"the model knows {', '.join(LABELS)}; it does not know {label!r}")
    if np.shape(noisy) != (SIDE, SIDE, 3):
        raise InputError(f"the model works on {SIDE} x {SIDE} pixels with three colours, not on {np.shape(noisy)}")
    if not 0 <= after < time <= 1:
        raise InputError(f"a step goes from a time of at most 1 down to one of 0 or more, not from {time} to {after}")
    signal, amount = amounts(time)
    v = (network or _predict)(np.asarray(noisy, dtype=np.float32), time, label)
    guess = np.clip(signal * noisy - amount * v, -1, 1).astype(np.float32)
    left = (noisy - signal * guess) / amount
    signal, amount = amounts(after)
    return (signal * guess + amount * left).astype(np.float32), guess


def sample(seed: int, label: str | None = None, steps: int = STEPS, network: Network | None = None) -> Sample:
    """Make a picture out of noise.

    Parameters
    ----------
    seed
        Which noise to begin with, 0 or more.
    label
        What to ask for, one of `LABELS`; None asks for nothing.
    steps
        How many, 1 to 1,000.
    network
        What predicts `v`; the course's own model unless another is given.

    Returns
    -------
    sample : Sample
        The picture and every frame on the way.

    Raises
    ------
    ValueError
        Label, seed or number of steps are not among these.

    Examples
    --------
    >>> made = sample(seed=3, label="sky", steps=4)
    >>> made.frames.shape, made.times
    ((5, 32, 32, 3), (1.0, 0.75, 0.5, 0.25, 0.0))
    """
    if not 1 <= steps <= 1000:
        raise InputError(f"a walk has 1 to 1,000 steps, not {steps}")
    times = tuple(step / steps for step in range(steps, -1, -1))
    now = pure_noise(seed)
    frames, guesses = [to_picture(now)], []
    for time, after in pairwise(times):
        now, guess = denoise_step(now, time, after, label, network)
        guesses.append(to_picture(guess))
        frames.append(to_picture(now))
    return Sample(seed, label, times, np.stack(frames), np.stack(guesses))


def _predict(noisy: np.ndarray, time: float, label: str | None) -> np.ndarray:
    """Return the network's answer for one picture: (SIDE, SIDE, 3) float32."""
    network = _network()
    wanted = np.zeros((1, len(LABELS) + 1), dtype=np.float32)
    wanted[0, len(LABELS) if label is None else LABELS.index(label)] = 1
    network.setInput(np.ascontiguousarray(noisy.transpose(2, 0, 1)[None]), "picture")
    network.setInput(time_features(time)[None], "time")
    network.setInput(wanted, "label")
    return network.forward()[0].transpose(1, 2, 0)


@cache
def _network() -> cv2.dnn.Net:
    # From memory: OpenCV on Windows cannot open a path that holds letters beyond its own alphabet.
    return cv2.dnn.readNetFromONNX(np.frombuffer(MODEL.read_bytes(), dtype=np.uint8))
