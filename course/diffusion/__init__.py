"""How a picture comes out of noise: a small diffusion model that runs on the learner's own machine.

>>> from course import diffusion
>>> made = diffusion.sample(seed=1, label="water", steps=5)
>>> made.picture.shape
(32, 32, 3)
"""

from course.diffusion.crops import HeldBack, held_back
from course.diffusion.denoiser import (
    LABELS,
    MODEL,
    SIDE,
    STEPS,
    Sample,
    denoise_step,
    noise,
    pure_noise,
    sample,
    to_picture,
    to_values,
)
from course.diffusion.schedule import TIME_FEATURES, amounts, time_features

__all__ = [
    "LABELS",
    "MODEL",
    "SIDE",
    "STEPS",
    "TIME_FEATURES",
    "HeldBack",
    "Sample",
    "amounts",
    "denoise_step",
    "held_back",
    "noise",
    "pure_noise",
    "sample",
    "time_features",
    "to_picture",
    "to_values",
]
