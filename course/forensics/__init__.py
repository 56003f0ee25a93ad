"""Measurements on pictures and clips: arrays in, numbers and curves out, and no verdicts.

Each answer holds its value, its unit, its course over time and what else moves it; `place` tells where a value lies
among those of clips whose origin is known.

>>> import numpy as np
>>> from course import forensics
>>> photograph = np.random.default_rng(0).integers(0, 256, (24, 40, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
>>> clip = forensics.pan(photograph, frames=8, step=2)
>>> steady = forensics.second_order_motion(clip)
>>> shaken = forensics.second_order_motion(forensics.shake(clip))
>>> steady.value < shaken.value
True
>>> forensics.place(steady.value, [shaken.value]).percentile
0.0
"""

from course.forensics.flicker import FlickerResult, flicker
from course.forensics.measurement import Estimate, MapMeasurement, Measurement, Placed, place
from course.forensics.motion import FlowResult, SecondOrderResult, optical_flow, second_order_motion
from course.forensics.simulate import pan, shake
from course.forensics.texture import (
    blockiness,
    corner_text,
    high_frequency_share,
    mean_luma,
    noise_level,
    saturation,
    sharpness,
)
from course.forensics.trajectory import TrajectoryResult, colour_at, fit_trajectory, track_colour

__all__ = [
    "Estimate",
    "FlickerResult",
    "FlowResult",
    "MapMeasurement",
    "Measurement",
    "Placed",
    "SecondOrderResult",
    "TrajectoryResult",
    "blockiness",
    "colour_at",
    "corner_text",
    "fit_trajectory",
    "flicker",
    "high_frequency_share",
    "mean_luma",
    "noise_level",
    "optical_flow",
    "pan",
    "place",
    "saturation",
    "second_order_motion",
    "shake",
    "sharpness",
    "track_colour",
]
