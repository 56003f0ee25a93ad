"""High dynamic range and wide colours, as sRGB."""

import numpy as np
import pytest

from course.media import tones


def grey(level, transfer, primaries=9):
    pixels = np.full((1, 1, 3), round(level * 65_535), np.uint16)
    return tones.to_srgb(pixels, transfer, primaries)[0, 0].astype(int)


@pytest.mark.parametrize(("transfer", "white"), [(tones.PQ, 0.5807), (tones.HLG, 0.75)])
def test_white_paper_is_light_and_a_lamp_is_lighter(transfer, white):
    # BT.2408: white paper lies at 58 % of the signal in PQ, at 75 % in HLG
    paper, lamp, black = grey(white, transfer), grey(1, transfer), grey(0, transfer)
    assert np.ptp(paper) <= 1 and 225 <= paper[0] <= 245
    assert lamp[0] > paper[0] and lamp[0] >= 250 and black.max() == 0


@pytest.mark.parametrize("transfer", [tones.PQ, tones.HLG])
def test_more_light_is_never_darker(transfer):
    ramp = np.repeat(np.linspace(0, 65_535, 500).astype(np.uint16)[None, :, None], 3, axis=2)
    shown = tones.to_srgb(ramp, transfer, 9)[0].astype(int)
    assert (np.diff(shown, axis=0) >= 0).all()


def test_display_p3_is_only_a_change_of_colours():
    ramp = np.repeat((np.arange(256) * 257).astype(np.uint16)[None, :, None], 3, axis=2)
    assert np.abs(tones.to_srgb(ramp, 13, 12)[0, :, 0].astype(int) - np.arange(256)).max() <= 1
    # Known: the sRGB red (255, 0, 0) is about (234, 51, 35) in Display P3.
    red = np.array([[[234, 51, 35]]], np.uint16) * 257
    assert np.abs(tones.to_srgb(red, 13, 12)[0, 0].astype(int) - (255, 0, 0)).max() <= 8


def test_only_what_needs_it_is_converted():
    assert not tones.needs_conversion(1, 1) and not tones.needs_conversion(2, 2)
    assert tones.needs_conversion(tones.PQ, 9) and tones.needs_conversion(13, 12)
