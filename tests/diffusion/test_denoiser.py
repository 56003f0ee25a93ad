"""The denoiser: it gives what PyTorch gave, takes noise away, and follows the word it is given."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from course import diffusion
from course.diffusion import denoiser

AGREEMENT = np.load(diffusion.MODEL.with_name("agreement.npz"))


@pytest.mark.parametrize("number", range(len(AGREEMENT["time"])))
def test_it_agrees_with_pytorch(number):
    label = int(AGREEMENT["label"][number])
    word = None if label == len(diffusion.LABELS) else diffusion.LABELS[label]
    picture = AGREEMENT["picture"][number].transpose(1, 2, 0)
    found = denoiser._predict(picture, float(AGREEMENT["time"][number]), word)
    assert np.abs(found - AGREEMENT["v"][number].transpose(1, 2, 0)).max() < 1e-3


def test_the_file_is_small():
    assert diffusion.MODEL.stat().st_size < 10_000_000


def test_values_and_pictures_are_there_and_back_again():
    every = np.arange(256, dtype=np.uint8).repeat(3).reshape(16, 16, 3)
    assert (diffusion.to_picture(diffusion.to_values(every)) == every).all()
    assert diffusion.to_picture(np.array([-9.0, 9.0])).tolist() == [0, 255]


@pytest.mark.parametrize(
    "junk", [np.zeros((4, 4, 3)), np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), 3, "a"]
)
def test_what_is_no_picture_is_refused_in_a_sentence(junk):
    with pytest.raises(ValueError, match="three colours"):
        diffusion.noise(junk, 0.5)


def test_noise_drowns_a_picture_by_and_by():
    picture = diffusion.held_back().pictures[0]
    alike = []
    for step in range(11):
        values = diffusion.noise(picture, step / 10, seed=5)
        alike.append(np.corrcoef(values.ravel(), diffusion.to_values(picture).ravel())[0, 1])
    assert alike[0] == pytest.approx(1) and abs(alike[-1]) < 0.1
    assert all(before > after for before, after in pairwise(alike))


def test_the_same_seed_is_the_same_noise_whatever_else_was_drawn():
    first = diffusion.pure_noise(3)
    np.random.default_rng().normal()
    diffusion.pure_noise(4)
    assert (diffusion.pure_noise(3) == first).all()
    assert abs(first.mean()) < 0.06 and first.std() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("seed", [-1, 1.5, "one", None])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match="seed"):
        diffusion.pure_noise(seed)


@pytest.mark.parametrize("label", diffusion.LABELS)
def test_a_little_noise_is_taken_away_from_a_photograph(label):
    squares = diffusion.held_back().of(label)[:6]
    for number, square in enumerate(squares):
        noisy = diffusion.noise(square, 0.3, seed=number)
        _, guess = diffusion.denoise_step(noisy, 0.3, 0.0, label)
        values = diffusion.to_values(square)
        before = np.sqrt(np.mean((noisy / diffusion.amounts(0.3)[0] - values) ** 2))
        after = np.sqrt(np.mean((guess - values) ** 2))
        # at this time noise is half as strong as black is from grey; a blur would not bring it down so far
        assert after < before / 2.5


@pytest.mark.parametrize(
    ("time", "after", "label", "says"),
    [
        (0.5, 0.6, "sky", "goes from"),
        (0.5, 0.5, "sky", "goes from"),
        (0.0, 0.0, None, "goes from"),
        (1.2, 0.1, None, "goes from"),
        (0.5, 0.4, "face", "does not know 'face'"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(time, after, label, says):
    with pytest.raises(ValueError, match=says):
        diffusion.denoise_step(diffusion.pure_noise(0), time, after, label)


def test_another_size_is_refused():
    with pytest.raises(ValueError, match="32 x 32"):
        diffusion.denoise_step(np.zeros((64, 64, 3), np.float32), 0.5, 0.4)


@pytest.mark.parametrize("steps", [0, 1001, -3])
def test_a_walk_has_a_number_of_steps(steps):
    with pytest.raises(ValueError, match="1,000 steps"):
        diffusion.sample(1, "sky", steps)


def test_the_same_seed_gives_the_same_picture():
    assert (diffusion.sample(5, "leaf", 6).frames == diffusion.sample(5, "leaf", 6).frames).all()


def test_a_sample_keeps_the_whole_walk():
    made = diffusion.sample(2, "stone", 8)
    assert made.frames.shape == (9, 32, 32, 3) and made.guesses.shape == (8, 32, 32, 3)
    assert (made.frames[0] == diffusion.to_picture(diffusion.pure_noise(2))).all()
    assert (made.picture == made.guesses[-1]).all()  # at time 0 nothing but the last guess is left
    assert made.times[0] == 1 and made.times[-1] == 0


def test_what_the_picture_will_be_is_settled_early():
    guesses = diffusion.sample(9, "water").guesses.astype(float)
    change = np.abs(np.diff(guesses, axis=0)).mean(axis=(1, 2, 3))
    assert change[-5:].mean() < change[:5].mean()


def test_another_word_makes_another_picture_of_the_same_noise():
    pictures = [diffusion.sample(3, label, 12).picture.astype(float) for label in diffusion.LABELS]
    for number, one in enumerate(pictures):
        for other in pictures[number + 1 :]:
            assert np.sqrt(np.mean((one - other) ** 2)) > 10


def test_leaves_are_greener_than_the_sky():
    def green(label):
        made = np.stack([diffusion.sample(seed, label, 12).picture for seed in range(6)]).astype(float)
        return (made[..., 1] - made[..., 2]).mean()

    assert green("leaf") > green("sky") + 10


@pytest.mark.parametrize("seed", range(len(diffusion.LABELS)))
def test_a_whole_walk_ends_where_pytorch_ends_with_any_opencv(seed):
    # OpenCV 4 and 5 each lie within one grey level of PyTorch, so within two of each other
    made = diffusion.sample(seed, diffusion.LABELS[seed]).picture.astype(int)
    assert np.abs(made - AGREEMENT["samples"][seed]).max() <= 1


def test_another_network_can_take_the_walk():
    asked = []

    def straight_to_grey(noisy, time, label):
        asked.append((round(time, 2), label))
        signal, amount = diffusion.amounts(time)
        return (signal * noisy - 0) / amount if amount else noisy

    made = diffusion.sample(0, "sky", 2, network=straight_to_grey)
    assert asked == [(1.0, "sky"), (0.5, "sky")]
    assert (made.picture == 128).all()
