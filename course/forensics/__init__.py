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

from course.forensics import attacks
from course.forensics._periodogram import Peak
from course.forensics.approach import ApproachResult, fit_approach, widths_along
from course.forensics.colour import (
    ChromaticAberration,
    Expansion,
    FilterArrayResult,
    chromatic_aberration,
    colour_filter_array,
)
from course.forensics.compression import ErrorLevelResult, GhostResult, error_level_analysis, jpeg_ghosts
from course.forensics.copies import CopiesResult, find_copies
from course.forensics.flicker import FlickerResult, flicker
from course.forensics.grid import BlockingGridResult, blocking_grid
from course.forensics.hashes import HashResult, hash_distance, perceptual_hash
from course.forensics.jpeg import save_as_jpeg
from course.forensics.light import LightResult, light_from_shadows
from course.forensics.lines import VanishingPointResult, vanishing_point
from course.forensics.marks import MarkResult, embed_mark, read_mark
from course.forensics.measurement import Estimate, MapMeasurement, Measurement, Placed, place
from course.forensics.meeting import Meeting
from course.forensics.motion import FlowResult, SecondOrderResult, optical_flow, second_order_motion
from course.forensics.noise import (
    NoiseMap,
    PeakToCorrelation,
    SensorPattern,
    noise_map,
    noise_residual,
    peak_to_correlation_energy,
    sensor_pattern,
)
from course.forensics.quantisation import DoubleQuantisationResult, Steps, double_quantisation
from course.forensics.resampling import ResamplingResult, resampling_map
from course.forensics.similarity import structural_similarity
from course.forensics.simulate import pan, shake
from course.forensics.spectrum import RadialSpectrum, SpectrumPeaks, radial_power_spectrum, spectrum_peaks
from course.forensics.steadiness import SteadinessResult, drift, sharpness_over_time
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
from course.forensics.zero import ForeignRegion, ZeroGridResult, zero_grid

__all__ = [
    "ApproachResult",
    "BlockingGridResult",
    "ChromaticAberration",
    "CopiesResult",
    "DoubleQuantisationResult",
    "ErrorLevelResult",
    "Estimate",
    "Expansion",
    "FilterArrayResult",
    "FlickerResult",
    "FlowResult",
    "ForeignRegion",
    "GhostResult",
    "HashResult",
    "LightResult",
    "MapMeasurement",
    "MarkResult",
    "Measurement",
    "Meeting",
    "NoiseMap",
    "Peak",
    "PeakToCorrelation",
    "Placed",
    "RadialSpectrum",
    "ResamplingResult",
    "SecondOrderResult",
    "SensorPattern",
    "SpectrumPeaks",
    "SteadinessResult",
    "Steps",
    "TrajectoryResult",
    "VanishingPointResult",
    "ZeroGridResult",
    "attacks",
    "blockiness",
    "blocking_grid",
    "chromatic_aberration",
    "colour_at",
    "colour_filter_array",
    "corner_text",
    "double_quantisation",
    "drift",
    "embed_mark",
    "error_level_analysis",
    "find_copies",
    "fit_approach",
    "fit_trajectory",
    "flicker",
    "hash_distance",
    "high_frequency_share",
    "jpeg_ghosts",
    "light_from_shadows",
    "mean_luma",
    "noise_level",
    "noise_map",
    "noise_residual",
    "optical_flow",
    "pan",
    "peak_to_correlation_energy",
    "perceptual_hash",
    "place",
    "radial_power_spectrum",
    "read_mark",
    "resampling_map",
    "saturation",
    "save_as_jpeg",
    "second_order_motion",
    "sensor_pattern",
    "shake",
    "sharpness",
    "sharpness_over_time",
    "spectrum_peaks",
    "structural_similarity",
    "track_colour",
    "vanishing_point",
    "widths_along",
    "zero_grid",
]
