from __future__ import annotations

import numpy as np
import pytest

from course import forensics


def lamp(picture, levels):
    return np.stack([picture + np.uint8(level) for level in levels])


def test_flicker_of_a_still_picture_by_hand(picture):
    result = forensics.flicker(lamp(picture, [0, 6, 6, 10, 0]))
    assert result.curve == pytest.approx([6, 0, 4, 10], abs=0.05)
    assert result.value == pytest.approx(5, abs=0.05)
    assert result.unit == "grey levels"


def test_flicker_is_measured_on_a_quarter_of_the_reduced_picture(picture):
    big = lamp(picture, [0, 3, 9]).repeat(4, axis=1).repeat(4, axis=2)
    result = forensics.flicker(big)
    assert result.still.shape == (2, 160, 320)
    assert result.still.dtype == bool
    assert forensics.flicker(forensics.shake(big)).still.mean() == pytest.approx(0.25, abs=0.01)


def test_flicker_does_not_mind_size_mirrors_or_brightness(picture):
    clip = lamp(picture, [0, 6, 2, 9])
    curve = forensics.flicker(clip).curve
    assert forensics.flicker(clip.repeat(2, axis=1).repeat(2, axis=2)).curve == pytest.approx(curve, abs=0.1)
    assert forensics.flicker(np.ascontiguousarray(clip[:, :, ::-1])).curve == pytest.approx(curve, abs=0.1)
    assert forensics.flicker(clip + np.uint8(15)).curve == pytest.approx(curve, abs=0.1)


def test_grain_is_not_flicker(picture):
    rng = np.random.default_rng(0)
    grainy = np.stack([(picture + rng.normal(0, 5, picture.shape)).clip(0, 255).astype(np.uint8) for _ in range(5)])
    # Two frames with grain of 5 levels in each channel differ by 3.8 on average, and much less once smoothed.
    assert np.abs(np.diff(grainy.astype(int), axis=0)).mean() > 5
    assert forensics.flicker(grainy).value < 1


def test_a_plain_thing_that_moves_is_not_flicker(picture):
    quiet = np.stack([picture // 8 + 120] * 8).astype(np.uint8)
    for t, frame in enumerate(quiet):
        frame[40:110, 20 + 6 * t : 90 + 6 * t] = 20
    assert np.abs(np.diff(quiet.astype(int), axis=0)).mean() > 1.5
    assert forensics.flicker(quiet).value < 0.5


def test_a_flicker_in_one_corner_counts_by_its_share(picture):
    clip = np.stack([picture] * 6)
    clip[1::2, :, :160] += 8
    everywhere = lamp(picture, [0, 8] * 3)
    part, whole = forensics.flicker(clip).value, forensics.flicker(everywhere).value
    assert 0.2 * whole < part < 0.8 * whole


def test_flicker_takes_a_neon_sign_for_a_fault_and_a_cut_for_a_jump(picture):
    # On purpose: the light of the scene, or a cut, moves the curve as much as any generator could.
    neon = forensics.flicker(lamp(picture, [0, 12] * 4))
    assert neon.value == pytest.approx(12, abs=0.1)
    cut = forensics.flicker(np.stack([picture] * 3 + [255 - picture] * 3))
    assert cut.curve.argmax() == 2
    assert cut.curve[2] > 20
    assert np.delete(cut.curve, 2).max() < 0.1


def test_flicker_follows_a_camera_that_travels(picture):
    # On purpose: in a fast pan nothing is still, and the number is about the motion.
    assert forensics.flicker(forensics.pan(picture, frames=8, step=12)).value > 3


def test_a_flow_that_is_known_gives_the_same_answer_and_a_wrong_one_is_refused():
    picture = np.random.default_rng(2).integers(40, 200, (16, 20, 3), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
    frames = np.stack([np.roll(picture, t, axis=1) + np.uint8(3 * (t % 2)) for t in range(4)])
    flow = forensics.optical_flow(frames).flow
    assert forensics.flicker(frames, flow).curve.tolist() == forensics.flicker(frames).curve.tolist()
    with pytest.raises(ValueError, match="flow must be of shape"):
        forensics.flicker(frames, flow[1:])


def swinging(picture, hertz, fps, count, height=10.0):
    return lamp(picture, 20 + np.round(height * np.sin(2 * np.pi * hertz * np.arange(count) / fps)))


def test_a_lamp_of_four_hertz_shows_as_a_peak_by_hand(picture):
    # At 16 frames a second the level goes 20, 30, 20, 10: 10 up and down, and each change is 10 too.
    result = forensics.flicker(swinging(picture, 4, 16, count=33), fps=16)
    assert result.change[:4] == pytest.approx([10, -10, -10, 10], abs=0.05)
    assert result.frequencies == pytest.approx(np.arange(1, 17) / 2)
    assert result.frequency_unit == "Hz"
    peak = result.spectrum.argmax()
    assert result.frequencies[peak] == 4
    assert result.spectrum[peak] == pytest.approx(10, abs=0.1)
    # The Hann window gives half to each neighbour, and next to nothing to the others.
    assert np.delete(result.spectrum, [peak - 1, peak, peak + 1]).max() < 0.1


@pytest.mark.parametrize("fps", [24, 25, 30])
def test_a_lamp_of_four_hertz_shows_at_four_hertz_at_any_rate(picture, fps):
    result = forensics.flicker(swinging(picture, 4, fps, count=48), fps=fps)
    # Points lie fps / 47 apart; between two of them a peak loses up to 15 in a hundred.
    assert result.frequencies[result.spectrum.argmax()] == pytest.approx(4, abs=fps / 47)
    assert 8 < result.spectrum.max() < 11


def test_the_quickest_swing_is_from_frame_to_frame(picture):
    result = forensics.flicker(lamp(picture, [0, 12] * 4 + [0]))
    assert result.frequency_unit == "swings a frame"
    assert result.frequencies == pytest.approx([0.125, 0.25, 0.375, 0.5])
    assert result.spectrum[-1] == pytest.approx(6, abs=0.05)


def test_change_has_the_sign_that_the_curve_has_not(picture):
    result = forensics.flicker(lamp(picture, [0, 6, 6, 10, 0]))
    assert result.change == pytest.approx([6, 0, 4, -10], abs=0.05)


def test_the_spectrum_does_not_mind_an_even_brightening_or_a_brighter_picture(picture):
    assert forensics.flicker(lamp(picture, range(0, 24, 3))).spectrum == pytest.approx(np.zeros(3), abs=0.02)
    assert forensics.flicker(lamp(picture, [7] * 8)).spectrum == pytest.approx(np.zeros(3), abs=1e-6)
    clip = swinging(picture, 4, 16, count=17)
    brighter = forensics.flicker(clip + np.uint8(10)).spectrum
    assert brighter == pytest.approx(forensics.flicker(clip).spectrum, abs=0.05)


def test_the_spectrum_agrees_with_another_program(picture):
    from matplotlib.mlab import magnitude_spectrum

    result = forensics.flicker(lamp(picture, np.random.default_rng(0).integers(0, 20, 24)), fps=12)
    count = len(result.change)
    window = np.sin(np.pi * (np.arange(count) + 0.5) / count) ** 2
    half, where = magnitude_spectrum(result.change - result.change.mean(), Fs=12, window=window)
    assert result.frequencies == pytest.approx(where[1:])
    # The other half lies at negative frequencies; from change to brightness as the docstring says.
    assert result.spectrum == pytest.approx(2 * half[1:] / (2 * np.sin(np.pi * where[1:] / 12)), rel=1e-6)


def test_two_lamps_show_as_two_peaks(picture):
    t = np.arange(49) / 24
    level = 40 + 15 * np.sin(2 * np.pi * 3 * t) + 6 * np.cos(2 * np.pi * 8 * t)
    result = forensics.flicker(lamp(picture // 2, np.round(level)), fps=24)
    # Points lie half a hertz apart; levels are rounded to whole numbers.
    assert result.spectrum[[5, 15]] == pytest.approx([15, 6], abs=0.3)


@pytest.mark.parametrize(("count", "points"), [(2, 0), (3, 1), (4, 1), (5, 2)])
def test_a_short_clip_has_a_short_spectrum(picture, count, points):
    result = forensics.flicker(lamp(picture, [0, 5, 1, 8, 2][:count]), fps=24)
    assert result.spectrum.shape == result.frequencies.shape == (points,)
    assert np.isfinite(result.spectrum).all()


def test_a_lamp_that_swings_faster_than_the_camera_looks_shows_at_a_false_place(picture):
    # On purpose: a lamp on mains current of 50 Hz swings 100 times a second. At 24 frames a second it looks like 4 Hz.
    mains = forensics.flicker(swinging(picture, 100, 24, count=49), fps=24)
    assert mains.frequencies[mains.spectrum.argmax()] == pytest.approx(4)


def test_brighter_here_and_darker_there_cancel_in_the_spectrum(picture):
    # On purpose: the spectrum is about the light of the whole, and the curve is not.
    clip = lamp(picture, [0] * 9)
    clip[1::2, :, :160] += 8
    clip[::2, :, 160:] += 8
    together = lamp(picture, [0, 8] * 4 + [0])
    opposed, agreed = forensics.flicker(clip), forensics.flicker(together)
    assert opposed.value > 0.5 * agreed.value
    assert opposed.spectrum.max() < 0.3 * agreed.spectrum.max()


@pytest.mark.parametrize("fps", [0, -24, np.nan, np.inf, "fast"])
def test_a_frame_rate_that_is_none_is_refused(picture, fps):
    with pytest.raises(ValueError, match="fps must be a number above 0"):
        forensics.flicker(lamp(picture, [0, 5]), fps=fps)


def test_a_long_strip_is_measured_too(picture):
    strip = np.tile(picture[:34], (1, 4, 1))
    result = forensics.flicker(lamp(strip, [0, 6, 2]))
    assert result.still.shape == (2, 32, 320)
    assert result.curve == pytest.approx([6, 4], abs=0.1)
