import re
from collections import Counter
from datetime import date
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.errors import InputError
from course.judgement.form import Form, balanced_order, load_form


def pack(**counts):
    """Items named and numbered by their origin and kind: ``camera_clip=6`` and so on."""
    named = {f"{group}_{n}": group.split("_") for group, count in counts.items() for n in range(count)}
    truth = {item: origin for item, (origin, _) in named.items()}
    kinds = {item: kind for item, (_, kind) in named.items()}
    return list(named), truth, kinds


def longest_run(values):
    return max(len(list(run)) for _, run in groupby(values))


FORM_A = pack(camera_clip=6, camera_still=6, generated_clip=6, generated_still=6)
PRACTICE = pack(camera_clip=9, camera_still=9, generated_clip=3, generated_still=3)


def test_no_run_is_longer_than_three_for_a_thousand_learners():
    items, truth, kinds = FORM_A
    orders = [balanced_order(items, truth, kinds, seed) for seed in range(1000)]
    for order in orders:
        assert sorted(order) == sorted(items)
        assert longest_run(truth[item] for item in order) <= 3
        assert longest_run(kinds[item] for item in order) <= 3
    assert len(set(orders)) == 1000
    # Each origin is as likely as the other at each position (24 positions, chance 0.5, 1,000 orders).
    for position in range(24):
        camera = sum(truth[order[position]] == "camera" for order in orders)
        assert 420 <= camera <= 580
    # Each item is as likely as another to come first: 1,000 / 24 is 42.
    first = Counter(order[0] for order in orders)
    assert len(first) == 24 and max(first.values()) < 80


def test_three_quarters_camera_keep_to_the_rule_too():
    items, truth, kinds = PRACTICE
    for seed in range(100):
        order = balanced_order(items, truth, kinds, seed)
        assert longest_run(truth[item] for item in order) <= 3
        assert longest_run(kinds[item] for item in order) <= 3


def test_the_order_is_the_same_everywhere():
    """Written down once: a change here would reshuffle trials that learners have begun."""
    items, truth, kinds = pack(camera_clip=2, camera_still=2, generated_clip=2, generated_still=2)
    expected = (
        "camera_clip_0",
        "generated_still_1",
        "generated_clip_1",
        "camera_clip_1",
        "generated_clip_0",
        "camera_still_1",
        "generated_still_0",
        "camera_still_0",
    )
    assert balanced_order(items, truth, kinds, 2026) == expected
    assert balanced_order(items[::-1], truth, kinds, 2026) == expected


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_any_mix_gets_an_order_with_runs_as_short_as_can_be(a, b, c, d, seed):
    items, truth, kinds = pack(camera_clip=a, camera_still=b, generated_clip=c, generated_still=d)
    order = balanced_order(items, truth, kinds, seed)
    assert sorted(order) == sorted(items)
    if items:
        common = max(a + b, c + d)
        needed = -(-common // (len(items) - common + 1))
        assert longest_run(truth[item] for item in order) <= max(3, needed)


def test_an_item_without_an_origin_is_an_error():
    with pytest.raises(KeyError):
        balanced_order(["one"], {}, {"one": "clip"}, seed=1)


def test_a_form_names_each_item_once():
    with pytest.raises(ValueError, match="'one' twice"):
        Form("a", ("one", "two", "one"), "Form A")
    with pytest.raises(ValueError, match="no items"):
        Form("a", (), "Form A")


def write(tmp_path, text):
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def test_a_form_is_read_from_its_file(tmp_path):
    path = write(tmp_path, 'name = "a"\ntitle = "Fünf Bilder"\nitems = ["one", "two"]\n')
    assert load_form(path) == load_form(str(path)) == Form("a", ("one", "two"), "Fünf Bilder")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name = a",
        'name = "a"\ntitle = "A"',
        'name = "a"\ntitle = "A"\nitems = ["one"]\ntruth = ["camera"]',
        'name = ""\ntitle = "A"\nitems = ["one"]',
        'name = "a"\ntitle = 3\nitems = ["one"]',
        'name = "a"\ntitle = "A"\nitems = "one"',
        'name = "a"\ntitle = "A"\nitems = [1, 2]',
        'name = "a"\ntitle = "A"\nitems = []',
        'name = "a"\ntitle = "A"\nitems = ["one", "one"]',
    ],
)
def test_a_malformed_form_names_its_file(tmp_path, text):
    with pytest.raises(ValueError, match=r"a\.toml"):
        load_form(write(tmp_path, text))


def test_a_form_in_another_encoding_names_its_file(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes('name = "ä"'.encode("latin-1"))
    with pytest.raises(ValueError, match=r"a\.toml"):
        load_form(path)


MORE = """name = "c2"
title = "Later"
made = 2026-12-01
generators = ["2025", "2026-10"]
items = ["one", "two"]
held_back = ["two"]
"""


def test_a_form_says_when_it_was_made_and_what_it_holds_back(tmp_path):
    form = load_form(write(tmp_path, MORE))
    assert (form.made, form.generators, form.held_back) == (date(2026, 12, 1), ("2025", "2026-10"), ("two",))
    assert load_form(write(tmp_path, 'name = "a"\ntitle = "A"\nitems = ["one"]')).made is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["two"]', '["three"]', "holds 'three' back, which is none of its items"),
        ('["two"]', '"two"', "held_back must be a list"),
        ("2026-12-01", '"2026-12-01"', "made must be a date"),
        ("2026-12-01", "2026-12-01T10:00:00", "made must be a date"),
        ('["2025", "2026-10"]', '["2025"]', "two months"),
        ('["2025", "2026-10"]', '["2025", "2026-13"]', "two months"),
        ('["2025", "2026-10"]', '["2025", 2026]', "two months"),
        ("made", "mode", "must hold name, title and items, perhaps generators, held_back, made, and nothing else"),
    ],
)
def test_each_of_these_can_be_wrong_in_a_sentence(tmp_path, old, new, words):
    with pytest.raises(InputError, match=re.escape(words)):
        load_form(write(tmp_path, MORE.replace(old, new)))
