import numpy as np
import pytest

from course.forensics import badges


@pytest.fixture
def clip():
    return np.random.default_rng(2).integers(40, 200, (3, 200, 300, 3), dtype=np.uint8)


def test_a_badge_covers_its_corner_alone_and_the_same_in_every_frame(clip):
    before = clip.copy()
    badged = badges.put_badge(clip, "Made by Toy")
    assert (clip == before).all() and badged.shape == clip.shape and badged.dtype == np.uint8
    changed = (badged != clip).any(axis=(0, 3))
    rows, columns = np.nonzero(changed)
    assert rows.min() >= 8 and rows.max() < 50 and columns.min() >= 8 and columns.max() < 200
    still = np.full((4, 200, 300, 3), 90, np.uint8)
    four = badges.put_badge(still, "Made by Toy")
    assert (four == four[0]).all()
    # Letters are white on a dark ground.
    label = four[0, rows.min() : rows.max(), columns.min() : columns.max()]
    assert label.max() > 240 and label.min() < 60


def test_a_longer_text_makes_a_wider_badge_and_fits_into_a_narrow_frame(clip):
    width = {}
    for words in ("Toy", "Made by Toy Generator"):
        changed = (badges.put_badge(clip, words) != clip).any(axis=(0, 1, 3))
        width[words] = np.ptp(np.nonzero(changed)[0])
    assert width["Toy"] < width["Made by Toy Generator"]
    narrow = np.full((1, 300, 64, 3), 90, np.uint8)
    columns = np.nonzero((badges.put_badge(narrow, "M" * 30) != narrow).any(axis=(0, 1, 3)))[0]
    assert columns.max() <= 63


@pytest.mark.parametrize("words", ["Zoë", "Ünal & Søn", "лиса", "Αλεπού", "© 2026!"])
def test_names_in_other_letters_are_drawn_and_not_boxed(clip, words):
    boxes = badges.put_badge(clip, "\ufffd" * len(words))
    assert (badges.put_badge(clip, words) != boxes).any()
    font = badges._font_for(words)(24)
    shapes = {one: bytes(font.getmask(one)) for one in set(words) if not one.isspace()}
    assert len(set(shapes.values())) == len(shapes)


@pytest.mark.parametrize("odd", ["\N{FOX FACE}", "\N{CJK UNIFIED IDEOGRAPH-96E8}", "\N{SLICE OF PIZZA}"])
def test_what_cannot_be_drawn_is_named(clip, odd):
    with pytest.raises(ValueError, match=f"A badge takes letters, digits and plain signs; “{odd}” is none"):
        badges.put_badge(clip, f"by {odd}!")


@pytest.mark.parametrize("words", ["", "   ", "x" * 31, "a\nb", None, 7])
def test_words_that_do_not_fit_are_named(clip, words):
    with pytest.raises(ValueError, match="A badge says something in 1 to 30 characters on one line"):
        badges.put_badge(clip, words)


@pytest.mark.parametrize("frames", [np.zeros((2, 40, 300, 3), np.uint8), np.zeros((200, 300, 3), np.uint8), "clip"])
def test_no_clip_is_named(frames):
    with pytest.raises(ValueError, match="frames must be uint8 RGB"):
        badges.put_badge(frames, "Toy")
