from collections import Counter
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.diffusion import LABELS, held_back, sample, sixteen
from course.diffusion.sixteen import ANSWER, EACH, Outcome, Sixteen, Square, key, labels_of, rounds

EVERY = range(1, rounds() + 1)
FIRST_CAMERA = [2, 5, 6, 7, 9, 10, 11, 14]  # places from 1, as a page counts them
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 99), st.floats(), st.text(max_size=3), st.binary(max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)  # fmt: skip
PICKS = st.one_of(
    st.lists(st.integers(0, 15), unique=True, max_size=16),
    st.lists(st.one_of(JUNK, st.integers(0, 15)), max_size=18),
    JUNK,
)


def _camera(round=1):
    return [place for place, square in enumerate(key(round)) if square.origin == "camera"]


def test_each_round_is_fair():
    for round in EVERY:
        squares = key(round)
        sides = {
            origin: Counter(square.label for square in squares if square.origin == origin)
            for origin in ("camera", "generated")
        }
        assert sides["camera"] == sides["generated"] == Counter(labels_of(round))
        assert sum(sides["camera"].values()) == EACH and set(sides["camera"]) == set(LABELS)


def test_over_all_rounds_no_label_is_favoured_and_no_square_comes_twice():
    squares = [square for round in EVERY for square in key(round)]
    assert len(set(squares)) == len(squares)
    assert rounds() >= 12
    counts = Counter(square.label for square in squares)
    assert max(counts.values()) - min(counts.values()) <= 4
    held = held_back()
    for square in squares:
        if square.origin == "camera":
            assert held.labels[square.number] == square.label


def test_the_generated_ones_are_numbers_in_order_and_nobody_picked_them():
    numbers = [square.number for round in EVERY for square in sorted(key(round), key=lambda one: one.number)]
    generated = [one for one in numbers if one >= sixteen.FIRST_NUMBER]
    assert generated == list(range(1001, 1001 + EACH * rounds()))
    assert max(one for one in numbers if one < sixteen.FIRST_NUMBER) < len(held_back().labels) < sixteen.FIRST_NUMBER


def test_the_order_tells_nothing():
    """Over all rounds a place holds a camera square about as often as not, and rounds do not follow each other."""
    table = np.array([[square.origin == "camera" for square in key(round)] for round in EVERY])
    assert (table.sum(axis=1) == EACH).all()
    assert np.abs(table.mean(axis=0) - 0.5).max() < 0.4
    assert len({tuple(row) for row in table}) == rounds()


def test_the_same_round_is_the_same_for_everybody():
    assert key(3) == key(3) != key(4)
    # This is the key that the page for teachers prints: another one would make the page wrong.
    assert [place + 1 for place in _camera(1)] == FIRST_CAMERA


@pytest.mark.parametrize("round", [0, -1, 10_000, 1.0, True, "1", None])
def test_there_is_no_such_round(round):
    with pytest.raises(ValueError, match=r"^The rounds are numbered from 1 to \d+; there is no round"):
        key(round)


def test_a_square_is_what_its_key_says():
    for square in key(1)[:4]:
        picture = square.picture()
        assert picture.shape == (32, 32, 3) and picture.dtype == np.uint8
    generated = next(square for square in key(1) if square.origin == "generated")
    assert (generated.picture() == sample(generated.number, generated.label).picture).all()
    camera = next(square for square in key(1) if square.origin == "camera")
    assert (camera.picture() == held_back().pictures[camera.number]).all()


@pytest.mark.parametrize("right", range(17))
def test_what_a_coin_does(right):
    outcome = Outcome(min(right, 8), 8 - min(right, 8), max(0, right - 8), 8 - max(0, right - 8))
    assert outcome.right == right
    assert outcome.by_coin == pytest.approx(1 - sum(comb(16, one) for one in range(right)) / 2**16)


@pytest.mark.parametrize(
    ("picks", "outcome"),
    [
        (_camera(), Outcome(8, 0, 8, 0)),
        ([], Outcome(0, 8, 8, 0)),
        (list(range(16)), Outcome(8, 0, 0, 8)),
        ([place for place in range(16) if place not in _camera()], Outcome(0, 8, 0, 8)),
        ([*_camera()[:3], 0], Outcome(3, 5, 7, 1)),
    ],
)
def test_the_four_things_that_can_happen(picks, outcome):
    assert key(1)[0].origin == "generated"
    assert Sixteen([].append).check(picks) == outcome


def test_a_round_is_judged_once_and_saved_before_it_is_told():
    saved = []
    game = Sixteen(saved.append)
    assert game.outcome is None and game.picks == () and not game.judged
    with pytest.raises(ValueError, match="Check these sixteen first"):
        game.again()
    game.check([4, 1])
    assert saved == [{"kind": ANSWER, "round": 1, "picks": [1, 4], "camera": _camera()}]
    with pytest.raises(ValueError, match="have been judged"):
        game.check([2])
    assert len(saved) == 1 and game.picks == (1, 4)
    game.again()
    assert (game.round, game.judged, game.outcome) == (2, False, None)


def test_what_cannot_be_saved_is_not_told():
    def full(event):
        raise OSError("The disk is full.")

    game = Sixteen(full)
    with pytest.raises(OSError, match="full"):
        game.check([1])
    assert not game.judged and game.outcome is None


@pytest.mark.parametrize("picks", [None, "12", b"12", 3, {1, 2}, [1, 1], [16], [-1], [1.0], [True], ["1"], [None]])
def test_junk_is_refused_and_nothing_saved(picks):
    saved = []
    with pytest.raises(ValueError, match="Choose among the sixteen squares"):
        Sixteen(saved.append).check(picks)
    assert not saved


def test_what_was_judged_is_taken_up_again():
    saved = []
    game = Sixteen(saved.append)
    for _ in range(3):
        game.check(_camera(game.round)[:5])
        game.again()
    after = Sixteen(saved.append, past=saved)
    assert (after.round, after.judged, after.outcome.believed) == (3, True, 5)
    after.again()
    assert after.round == 4


def test_the_last_round_is_the_last():
    saved = [{"kind": ANSWER, "round": rounds(), "picks": [], "camera": _camera(rounds())}]
    game = Sixteen([].append, past=saved)
    assert game.last and game.judged
    with pytest.raises(ValueError, match="There are no others"):
        game.again()


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "trial.answer", "round": 1, "picks": [1], "camera": _camera()},
        {"kind": ANSWER},
        {"kind": ANSWER, "round": 1, "picks": [99], "camera": _camera()},
        {"kind": ANSWER, "round": 0, "picks": [1], "camera": _camera()},
        {"kind": ANSWER, "round": 1, "picks": [1], "camera": [0, 1, 2]},  # of an edition with other squares
        {"kind": ANSWER, "round": "1", "picks": None, "camera": None},
    ],
)
def test_what_makes_no_sense_is_passed_over(event):
    assert not Sixteen([].append, past=[event]).judged


def test_the_first_judgement_stands():
    past = [{"kind": ANSWER, "round": 1, "picks": picks, "camera": _camera()} for picks in ([1], [2, 3])]
    assert Sixteen([].append, past=past).picks == (1,)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["check", "again", "restart"]), PICKS), min_size=200, max_size=200))
def test_whatever_is_done_in_whatever_order_nothing_is_lost(acts):
    saved = []
    game = Sixteen(saved.append)
    judged = {}
    for act, picks in acts:
        if act == "restart":
            game = Sixteen(saved.append, past=saved)
            assert game.round == max(judged, default=1)
            continue
        try:
            if act == "check":
                outcome = game.check(picks)
                assert game.round not in judged
                judged[game.round] = tuple(sorted(picks))
                assert outcome == game.outcome
                assert outcome.believed + outcome.missed == len(picks)
                assert outcome.believed + outcome.wrongly_accused == outcome.caught + outcome.missed == EACH
            else:
                game.again()
        except ValueError as problem:
            assert str(problem).endswith(".")
    assert {event["round"]: tuple(event["picks"]) for event in saved} == judged
    assert len(saved) == len(judged)


def test_a_square_can_be_compared():
    assert Square("camera", "sky", 1) == Square("camera", "sky", 1) != Square("generated", "sky", 1)
