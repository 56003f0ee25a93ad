from __future__ import annotations

import cv2
import numpy as np
import pytest

from course import forensics

RNG = np.random.default_rng(15)


def grey(levels):
    return np.asarray(levels).round().clip(0, 255).astype(np.uint8)[..., None].repeat(3, axis=2)


def fractal(exponent, side=256):
    """Noise whose power falls as 1 / f ** exponent."""
    down, right = np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)
    size = np.hypot(down, right)
    size[0, 0] = np.inf
    levels = np.fft.irfft2(np.fft.rfft2(RNG.normal(size=(side, side))) * size ** (-exponent / 2))
    # Colour carries fractions of a grey level, so that rounding does not lift the finest waves.
    levels = 128 + 40 * levels / levels.std() / 1.5
    return (levels[..., None] + RNG.uniform(-0.5, 0.5, (side, side, 3)) * 0.1).round().clip(0, 255).astype(np.uint8)


def through_jpeg(pixels, quality):
    coded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


def area(values, null):
    """How often one value lies above one of the null: 1 always, 0.5 as by chance."""
    values, null = np.asarray(values), np.asarray(null)
    return np.mean((values[:, None] > null) + (values[:, None] == null) / 2)


# by radius


def test_white_noise_is_level():
    found = forensics.radial_power_spectrum(grey(RNG.normal(128, 6, (256, 256))))
    # A variance of 36 and of 1/12 for rounding, at all frequencies.
    assert np.median(found.curve) == pytest.approx(10 * np.log10(36 + 1 / 12), abs=0.3)
    assert found.curve[20:] == pytest.approx(np.median(found.curve), abs=2.5)
    assert found.exponent == pytest.approx(0, abs=0.3)
    assert found.value == pytest.approx(0, abs=1)


@pytest.mark.parametrize("exponent", [1, 2])
def test_the_line_finds_the_fall(exponent):
    found = forensics.radial_power_spectrum(fractal(exponent))
    assert found.exponent == pytest.approx(exponent, abs=0.3)
    assert found.value == pytest.approx(0, abs=1)


@pytest.mark.parametrize("shape", [(64, 64), (66, 91), (91, 66)])
def test_the_curve_is_the_formula(shape):
    pixels = RNG.integers(0, 256, (*shape, 3), dtype=np.uint8)
    luma = pixels @ np.array([0.299, 0.587, 0.114])
    window = np.outer(*map(np.hanning, shape))
    power = np.abs(np.fft.fft2(window * (luma - (window * luma).sum() / window.sum()))) ** 2 / (window**2).sum()
    side = min(shape)
    ring = np.round(np.hypot(*np.meshgrid(*map(np.fft.fftfreq, shape), indexing="ij")) * side)
    expected = [10 * np.log10(power[ring == r].mean() + 1e-3) for r in range(side // 2 + 1)]
    found = forensics.radial_power_spectrum(pixels)
    # The mean is taken away, so that of the first ring only rounding is left where it holds frequency zero alone.
    assert found.curve[1:] == pytest.approx(expected[1:], abs=0.02)
    assert found.frequency == pytest.approx(np.arange(side // 2 + 1) / side)
    assert found.map.shape == shape
    assert found.map[1:, 1:] == pytest.approx(np.fft.fftshift(10 * np.log10(power + 1e-3))[1:, 1:], abs=0.1)


def test_radial_does_not_mind_brightness_turning_or_contrast(picture):
    even = picture[:, :160] // 4 * 2
    found = forensics.radial_power_spectrum(even)
    assert forensics.radial_power_spectrum(even + np.uint8(60)).curve[1:] == pytest.approx(found.curve[1:], abs=0.05)
    turned = forensics.radial_power_spectrum(np.rot90(even).copy())
    assert turned.curve[1:] == pytest.approx(found.curve[1:], abs=0.05)
    double = forensics.radial_power_spectrum(even * np.uint8(2))
    assert double.curve[1:] - found.curve[1:] == pytest.approx(20 * np.log10(2), abs=0.1)
    assert double.value == pytest.approx(found.value, abs=0.05)


def test_the_tail_is_where_the_finest_waves_are():
    scene = fractal(2)
    noise = RNG.normal(0, 16, scene.shape[:2])
    lifted = grey(scene[..., 1] + noise - cv2.GaussianBlur(noise, (0, 0), 0.7))
    soft = cv2.GaussianBlur(scene, (0, 0), 0.8)
    base = forensics.radial_power_spectrum(scene).value
    assert forensics.radial_power_spectrum(lifted).value > base + 2
    assert forensics.radial_power_spectrum(soft).value < base - 2


def test_sharpening_moves_the_tail_of_any_photograph(halved):
    # On purpose: a slider in any photo app does what a generator's last layer may do.
    for pixels in halved[:6]:
        sharper = cv2.addWeighted(pixels, 2.5, cv2.GaussianBlur(pixels, (0, 0), 0.7), -1.5, 0)
        soft = cv2.GaussianBlur(pixels, (0, 0), 0.7)
        values = [forensics.radial_power_spectrum(p).value for p in (soft, pixels, sharper)]
        assert values == sorted(values)
        assert values[2] - values[0] > 3


# peaks


def small(pixels):
    height, width = (n // 4 * 4 for n in pixels.shape[:2])
    return cv2.resize(pixels[:height, :width], (width // 4, height // 4), interpolation=cv2.INTER_AREA)


def nearest(pixels):
    return small(pixels).repeat(4, axis=0).repeat(4, axis=1)


def transposed(pixels):
    """Two transposed convolutions of 4 x 4 with a stride of 2, whose weights are not quite even."""
    weights = np.random.default_rng(0)
    levels = small(pixels).astype(np.float32)
    for _ in range(2):
        sparse = np.zeros((2 * levels.shape[0], 2 * levels.shape[1], 3), dtype=np.float32)
        sparse[::2, ::2] = levels
        kernel = np.outer([1, 3, 3, 1], [1, 3, 3, 1]) / 16 * (1 + weights.normal(0, 0.1, (4, 4)))
        levels = cv2.filter2D(sparse, -1, kernel * 4 / kernel.sum())
    return levels.round().clip(0, 255).astype(np.uint8)


def resized_and_saved(pixels):
    height, width = (round(n * 0.85) for n in pixels.shape[:2])
    return through_jpeg(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), 75)


def heights(pictures):
    return [forensics.spectrum_peaks(p).value for p in pictures]


def test_the_nine_waves_by_hand():
    # Every fourth column is rough: what repeats every 4 pixels to the right has frequencies 1/4 and 1/2.
    x = np.indices((128, 128))[1]
    found = forensics.spectrum_peaks(grey(120 + RNG.normal(0, 1, x.shape) * (1 + 3 * (x % 4 == 0))))
    assert len(found.quarters) == len({(p.right, p.down) for p in found.quarters}) == 9
    assert {(p.right, p.down) for p in found.quarters[:2]} == {(0.25, 0.0), (0.5, 0.0)}
    assert found.value == found.quarters[0].height > 20 > found.quarters[2].height
    assert found.grid < 15 and found.elsewhere.height < 16


def test_peaks_do_not_mind_brightness_and_turn_with_the_picture(halved):
    made = nearest(halved[0] // 2)
    found = forensics.spectrum_peaks(made)
    assert forensics.spectrum_peaks(made + np.uint8(99)).value == pytest.approx(found.value, abs=0.05)
    turned = forensics.spectrum_peaks(np.ascontiguousarray(made.swapaxes(0, 1)))
    here = {(p.down % 1, p.right % 1): p.height for p in found.quarters}
    there = {(p.right % 1, p.down % 1): p.height for p in turned.quarters}
    for place in [(0, 0.25), (0, 0.5), (0.5, 0), (0.25, 0), (0.5, 0.5)]:
        assert there[place] == pytest.approx(here[place], abs=0.05)


def test_peaks_do_not_mind_where_the_picture_was_cropped(halved):
    made = nearest(halved[0])
    for top, left in [(0, 0), (1, 3), (2, 2)]:
        assert forensics.spectrum_peaks(made[top:, left:].copy()).value > 12


@pytest.mark.parametrize("upsampler", [nearest, transposed])
def test_an_upsampler_leaves_peaks_until_the_picture_is_resized_and_saved(upsampler, halved):
    made = [upsampler(p) for p in halved]
    assert area(heights(made), heights(halved)) > 0.97
    # On purpose: the peaks have moved, and the codec has covered them.
    gone = area(heights(map(resized_and_saved, made)), heights(map(resized_and_saved, halved)))
    assert 0.2 < gone < 0.75


def test_they_outlast_saving_alone(halved):
    made = heights(through_jpeg(transposed(p), 75) for p in halved)
    assert area(made, heights(through_jpeg(p, 75) for p in halved)) > 0.85


def test_the_grid_of_a_codec_has_peaks_at_quarters_too_and_the_grid_says_so(halved):
    # On purpose: nothing was enlarged here.
    coarse = [forensics.spectrum_peaks(through_jpeg(p, 30)) for p in halved]
    assert np.median([found.value for found in coarse]) > 2 + np.median(heights(halved))
    assert np.median([found.grid for found in coarse]) > 12


def test_a_peak_elsewhere_is_told_with_its_place():
    y, x = np.indices((128, 160))
    rough = 3 + 2 * np.cos(2 * np.pi * (x * 50 / 160 + y * 26 / 128))
    found = forensics.spectrum_peaks(grey(120 + RNG.normal(0, 1, x.shape) * rough))
    assert found.elsewhere[:2] == pytest.approx((50 / 160, 26 / 128), abs=0.01)
    assert found.elsewhere.height > 18 > found.value


def test_peaks_map_is_cut_to_whole_grids():
    assert forensics.spectrum_peaks(RNG.integers(0, 256, (71, 98, 3), dtype=np.uint8)).map.shape == (64, 96)


# both


@pytest.mark.parametrize("measure", [forensics.radial_power_spectrum, forensics.spectrum_peaks])
def test_bad_input_is_named_and_a_flat_picture_has_no_waves(measure):
    with pytest.raises(ValueError, match="uint8 RGB of shape"):
        measure(np.zeros((64, 64, 3)))
    with pytest.raises(ValueError, match="H, W >= 64"):
        measure(np.zeros((8, 8, 3), dtype=np.uint8))
    found = measure(np.full((64, 72, 3), (200, 120, 37), dtype=np.uint8))
    assert found.value == pytest.approx(0, abs=1e-3)
    assert found.unit == "dB"
    assert np.isfinite(found.map).all()
